"""Places on this computer: where files are saved, and where the client keeps its own state."""
