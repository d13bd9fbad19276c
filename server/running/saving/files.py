"""Files of a backup on their way to their places."""

import shutil
from pathlib import Path

PRIVATE_FILE = 0o600


def put_in_place(path: Path, target: Path) -> None:
    """Move a file to where the site reads it, which may be another disk; never there in part."""
    draft = target.with_name(f"{target.name}.part")
    shutil.move(path, draft)
    draft.chmod(PRIVATE_FILE)
    draft.replace(target)
