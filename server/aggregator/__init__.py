"""The Top 40 of many sites: takes their pings, reads their feeds, counts for itself, ranks."""
