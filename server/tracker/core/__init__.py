"""Values and decisions of the tracker: no I/O, no Django; clock, chance and store are passed in."""
