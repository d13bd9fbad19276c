"""Installing for this person alone: a copy of the program, and making it known to the desktop."""
