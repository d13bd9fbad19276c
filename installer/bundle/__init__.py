"""A bundle is the client program with a payload behind it: made on the site, read by the client."""
