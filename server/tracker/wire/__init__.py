"""Bytes to messages and back. Decides nothing and opens no socket."""
