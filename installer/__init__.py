"""What the site and the client agree on: formats, and programs that carry a payload."""

VERSION = "0.1.0"
