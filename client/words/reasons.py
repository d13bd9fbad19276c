"""Why the system refused something, in words of ours: its own are in whatever language it has."""

import errno

from client.words.language import gettext
from installer.errors import Text

_IN_USE = Text("another program uses it")
_REASONS = {
    errno.ENOSPC: Text("the disk is full"),
    errno.EDQUOT: Text("the disk is full"),
    errno.EACCES: Text("that is not allowed"),
    errno.EPERM: Text("that is not allowed"),
    errno.EROFS: Text("this disk can only be read"),
    errno.ENAMETOOLONG: Text("the name is too long"),
    errno.ENOENT: Text("it is not there"),
    errno.EEXIST: Text("something of that name is there already"),
    errno.ENOTDIR: Text("a file stands where a folder should be"),
    errno.EISDIR: Text("it is a folder"),
    errno.EIO: Text("the disk does not work as it should"),
    errno.EBUSY: _IN_USE,
    errno.ETXTBSY: _IN_USE,
}
# winerror.h: the numbers of "another program has it open", which errno calls a missing permission.
_SHARING_VIOLATIONS = {32, 33}


def reason_of(error: OSError) -> str:
    """The part of a sentence that says why."""
    if getattr(error, "winerror", None) in _SHARING_VIOLATIONS:
        return gettext(_IN_USE)
    if error.errno in _REASONS:
        return gettext(_REASONS[error.errno])
    return error.strerror or str(error)
