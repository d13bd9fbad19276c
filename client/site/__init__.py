"""Talking to a site over HTTP: fetching a torrent or a ticket, and publishing with a ticket."""
