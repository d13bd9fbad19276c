"""The little of XML-RPC that pings need: calls with texts, and answers with `flerror`.

Read by defusedxml, which refuses the declarations that make XML dangerous.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError
from xmlrpc.client import dumps

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from installer.errors import PassalongError

MOST_PARAMETERS = 10


class XmlRpcError(PassalongError):
    """This is no call, or no answer, that we understand."""


@dataclass(frozen=True, slots=True)
class Call:
    """A method and its texts."""

    method: str
    texts: tuple[str, ...]


def write_call(method: str, texts: Sequence[str]) -> bytes:
    """A call as XML."""
    return dumps(tuple(texts), method, encoding="utf-8").encode()


def write_answer(message: str, *, is_error: bool) -> bytes:
    """The answer to a ping as XML."""
    answer = {"flerror": is_error, "message": message}
    return dumps((answer,), methodresponse=True, encoding="utf-8").encode()


def read_call(content: bytes) -> Call:
    """A call from outside; what is not a text counts as an empty one."""
    root = _root(content, "methodCall")
    values = root.findall("params/param/value")
    if len(values) > MOST_PARAMETERS:
        raise XmlRpcError("These are more parameters than a ping has.")
    texts = tuple((value.findtext("string") or value.text or "").strip() for value in values)
    return Call((root.findtext("methodName") or "").strip(), texts)


def is_success(content: bytes) -> bool:
    """Whether an answer from outside says that the ping was taken."""
    root = _root(content, "methodResponse")
    for member in root.iter("member"):
        if member.findtext("name") == "flerror":
            value = member.find("value")
            return value is not None and "".join(value.itertext()).strip() in ("0", "false")
    return False


def _root(content: bytes, name: str) -> Element:
    try:
        root = fromstring(content, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise XmlRpcError("This is not XML-RPC.") from error
    if not isinstance(root, Element) or root.tag != name:
        raise XmlRpcError("This is not XML-RPC.")
    return root
