"""What the person gave the client, as a checked value."""
