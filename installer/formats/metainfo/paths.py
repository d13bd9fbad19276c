"""Which paths a torrent may give its files, beyond what is asked of each name in them."""

from collections.abc import Iterable

from installer.errors import MetainfoError, Text
from installer.formats import names
from installer.formats.metainfo.values import File, Limits


def check_all(files: Iterable[File], limits: Limits) -> None:
    """Refuse the same for those who read a torrent and those who make one."""
    paths = [file.path for file in files]
    for path in paths:
        check(path, limits)
    names.check_paths(paths)


def check(path: tuple[str, ...], limits: Limits) -> None:
    if sum(len(element.encode()) + 1 for element in path) > limits.path_bytes:
        raise _refused(path, Text("is too long"))
    if len(path) > limits.path_depth:
        raise _refused(
            path, Text("leads through more than {limit} folders", limit=limits.path_depth - 1)
        )
    if path[0].casefold() == ".pad":
        raise _refused(path, Text("stands in the folder “.pad”, which is kept for padding"))


def _refused(path: tuple[str, ...], reason: Text) -> MetainfoError:
    text = names.shown("/".join(path))
    return MetainfoError(Text("The path “{path}” {reason}.", path=text, reason=reason), field=text)
