"""Disk and tracker errors of the engine in plain words. Detecting them is left to the engine."""

import errno
import sys
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from client.words import gettext as _


class Kind(Enum):
    """What a person, or a window, can do about it differs by kind."""

    DISK_FULL = "disk full"
    NOT_WRITABLE = "not writable"
    FOLDER_GONE = "folder gone"
    UNFIT = "unfit"
    DISK = "disk"
    TORRENT = "torrent"


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that stops a transfer until a person does something about it."""

    kind: Kind
    sentence: str


def helps_elsewhere(kind: Kind | None) -> bool:
    """Whether another folder is a way out of it."""
    return kind is not None and kind is not Kind.TORRENT


# libtorrent hands on the numbers of the system: winerror.h on Windows, errno elsewhere.
if sys.platform == "win32":
    _DISK_FULL, _NOT_WRITABLE, _GONE, _TOO_LARGE = {112, 39}, {5, 19}, {2, 3, 15, 21}, {223}
else:
    _DISK_FULL = {errno.ENOSPC, errno.EDQUOT}
    _NOT_WRITABLE = {errno.EACCES, errno.EPERM, errno.EROFS}
    _GONE = {errno.ENOENT, errno.ENODEV, errno.ENXIO}
    _TOO_LARGE = {errno.EFBIG}


def disk_trouble(number: int, message: str, folder: str, *, is_own: bool = False) -> Trouble:
    """Say what a disk error means for the person whose disk it is, or whose files they are."""
    if number in _DISK_FULL:
        return Trouble(
            Kind.DISK_FULL,
            _(
                "The disk of {folder} is full. Make room there or choose another folder, and it "
                "can go on."
            ).format(folder=folder),
        )
    if number in _GONE:
        return folder_gone(folder, is_own=is_own)
    if number in _NOT_WRITABLE and is_own:
        text = _(
            "You are not allowed to read what you share from {folder}. Change that in the "
            "properties of the files and of their folder; then continue."
        )
        return Trouble(Kind.NOT_WRITABLE, text.format(folder=folder))
    if number in _NOT_WRITABLE:
        return Trouble(
            Kind.NOT_WRITABLE,
            _("You are not allowed to save in {folder}. Choose another folder.").format(
                folder=folder
            ),
        )
    if number in _TOO_LARGE:
        return Trouble(
            Kind.DISK,
            _(
                "A file is too large for the file system of {folder}. Choose a folder on another "
                "disk."
            ).format(folder=folder),
        )
    return Trouble(
        Kind.DISK,
        _("The disk of {folder} does not work as it should: {message}.").format(
            folder=folder, message=message
        ),
    )


def folder_gone(folder: str, *, is_own: bool = False) -> Trouble:
    """Say that what was saved, or is the person's own, is not there any more, or not all of it."""
    if is_own:
        text = _("What you share from {folder} is gone, or a part of it. Put it back: it goes on.")
    else:
        text = _(
            "What was saved in {folder} is gone, or a part of it. Plug the drive in again or put "
            "it back, and it goes on. To get anew what is missing, click Continue."
        )
    return Trouble(Kind.FOLDER_GONE, text.format(folder=folder))


def folder_hollow(folder: str) -> Trouble:
    """Say that what was saved is gone, or a part of it, though something stands in its place."""
    text = _(
        "What was saved in {folder} was moved away or deleted, or a part of it. Put it back, or "
        "leave it so to get anew what is missing; then click Continue."
    )
    return Trouble(Kind.UNFIT, text.format(folder=folder))


def tracker_notice(reason: str, number: int, category: str) -> str:
    """Say why the tracker gave no peers; the engine keeps trying by itself."""
    if reason:
        return _("The site says: {reason}").format(reason=reason)
    if category == "asio.ssl":
        time = datetime.now().astimezone().strftime("%Y-%m-%d %H:%M")
        return _(
            "There is no safe connection to the site: its certificate is not valid, or "
            "the clock of this computer is wrong ({time})."
        ).format(time=time)
    # The name leads nowhere; winerror.h has a number of its own for that.
    if category == "asio.netdb" or number == 11001:
        return _("The site is not found. Is the internet connection working?")
    return _("The site does not answer at the moment; I keep trying.")
