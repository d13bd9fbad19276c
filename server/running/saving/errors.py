"""Why a backup could not be made or put back."""


class BackupError(Exception):
    """It cannot be done; the text says why and what to do."""
