"""The recipe that makes the client one program file, the template of all bundles."""
