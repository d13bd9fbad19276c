"""What a hybrid torrent says a second time, in version 2 (BEP 52): it must be the same content."""

from collections.abc import Iterator
from dataclasses import dataclass

from installer.errors import MetainfoError, Text
from installer.formats.bencoding import Value
from installer.formats.fields import Fields
from installer.formats.merkle import HASH_LENGTH, layer_root
from installer.formats.metainfo.version1 import Content
from installer.formats.names import shown


@dataclass(frozen=True, slots=True)
class Leaf:
    path: tuple[bytes, ...]
    length: int
    root: bytes | None


def is_version2(info: Fields) -> bool:
    """Whether this torrent is a hybrid; one of version 2 alone is refused."""
    if not info.has("meta version"):
        if info.has("file tree"):
            raise info.refusal("meta version", Text("is missing, but there is a “file tree”"))
        return False
    if info.integer("meta version") != 2:
        raise info.refusal("meta version", Text("says that a newer program is needed"))
    if not info.has("pieces"):
        raise MetainfoError(
            Text(
                "This torrent is of version 2 only (BEP 52), which is not yet accepted here."
                " Please make it as version 1 or as hybrid."
            ),
            field="pieces",
        )
    return True


def read_leaves(info: Fields, content: Content, piece_length: int) -> list[Leaf]:
    """Check the second description against the first; return its files."""
    leaves = list(_leaves(info.dictionary("file tree"), ()))
    _check_same_files(leaves, content)
    _check_alignment(content, piece_length)
    return leaves


def read_layers(torrent: Fields, leaves: list[Leaf], piece_length: int) -> dict[bytes, bytes]:
    """Check the hashes of pieces against the roots; return them by root."""
    layers = torrent.dictionary("piece layers") if torrent.has("piece layers") else {}
    long = {leaf.root: leaf for leaf in leaves if leaf.root and leaf.length > piece_length}
    if layers.keys() - long.keys():
        raise torrent.refusal("piece layers", Text("has hashes of no file of this torrent"))
    return {
        root: _checked_layer(leaf, layers.get(root), piece_length) for root, leaf in long.items()
    }


def _leaves(folder: dict[bytes, Value], path: tuple[bytes, ...]) -> Iterator[Leaf]:
    """The files in the tree, which bencoding has kept in canonical order; its depth is small."""
    if not folder:
        raise _refused(path, Text("is an empty folder"))
    for name, below in folder.items():
        if not isinstance(below, dict):
            raise _refused((*path, name), Text("is neither a file nor a folder"))
        if name:
            yield from _leaves(below, (*path, name))
        elif len(folder) > 1 or not path:
            raise _refused(path, Text("is a file and also a folder"))
        else:
            yield _leaf(path, below)


def _leaf(path: tuple[bytes, ...], entry: dict[bytes, Value]) -> Leaf:
    fields = Fields(
        entry, MetainfoError, Text("Torrent, file tree, “{file}”", file=shown(b"/".join(path)))
    )
    length = fields.integer("length")
    if fields.has("attr") and set(fields.string("attr")) & set(b"lp"):
        raise fields.refusal("attr", Text("must not make it a symbolic link or padding"))
    if not length:
        return Leaf(path, length, None)
    return Leaf(path, length, fields.string("pieces root", size=HASH_LENGTH))


def _check_same_files(leaves: list[Leaf], content: Content) -> None:
    first = [(tuple(e.encode() for e in file.path), file.length) for file in content.files]
    second = [(leaf.path, leaf.length) for leaf in leaves]
    if first == second:
        return
    other = next((b for a, b in zip(first, second, strict=False) if a != b), (*first, *second)[-1])
    raise _refused(other[0], Text("is not the same in the two descriptions of this hybrid torrent"))


def _check_alignment(content: Content, piece_length: int) -> None:
    for file, offset in zip(content.files, content.offsets, strict=True):
        if file.length and offset % piece_length:
            path = tuple(element.encode() for element in file.path)
            raise _refused(path, Text("does not begin with a new piece, as a hybrid torrent needs"))


def _checked_layer(leaf: Leaf, layer: Value | None, piece_length: int) -> bytes:
    count = -(-leaf.length // piece_length)
    if not isinstance(layer, bytes) or len(layer) != HASH_LENGTH * count:
        raise _refused(leaf.path, Text("does not have one hash for each piece in “piece layers”"))
    pieces = [layer[at : at + HASH_LENGTH] for at in range(0, len(layer), HASH_LENGTH)]
    if layer_root(pieces, piece_length) != leaf.root:
        raise _refused(leaf.path, Text("has hashes in “piece layers” that do not lead to its root"))
    return layer


def _refused(path: tuple[bytes, ...], reason: Text) -> MetainfoError:
    text = shown(b"/".join(path))
    return MetainfoError(Text("The file “{file}” {reason}.", file=text, reason=reason), field=text)
