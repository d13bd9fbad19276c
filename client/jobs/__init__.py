"""What the client does for a person: download, publish, share, make. Each yields `Progress`."""
