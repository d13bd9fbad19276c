"""The tracker as a running program: sockets, time limits, and its errands to the database."""
