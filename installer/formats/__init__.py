"""The formats that leave one program and enter another; FORMAT.md says them byte by byte."""
