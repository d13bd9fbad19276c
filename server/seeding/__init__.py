"""The site's own copies of what it offers: fetched from the publishers, shared, and handed out."""
