"""Making the Windows client on Linux: a Windows Python put together here, run by Wine."""
