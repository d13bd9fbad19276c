"""The query of an HTTP announce or scrape.

Decoded here and not by `urllib`, since an info-hash is raw bytes in no character set, and since
this is most of the work that an announce costs.
"""

from binascii import a2b_qp
from functools import lru_cache

from ..core.errors import RequestError

HEX = b"0123456789abcdefABCDEF"
BYTES = {bytes((high, low)): bytes.fromhex(chr(high) + chr(low)) for high in HEX for low in HEX}
INFO_HASH_SIZE = 20


class Query:
    """The parameters of one request; the info-hashes are decoded, the others as they came."""

    __slots__ = ("info_hashes", "values")

    def __init__(self, text: bytes, most_info_hashes: int) -> None:
        """Read a query; of more info-hashes than allowed the first ones are taken."""
        values: dict[bytes, bytes] = {}
        parameters = text.split(b"&")
        try:  # the usual query: every parameter once and with a value
            for parameter in parameters:
                name, value = parameter.split(b"=")
                values[name] = value
            if len(values) == len(parameters):
                self.info_hashes = [info_hash(values[b"info_hash"])]
                self.values = values
                return
        except (KeyError, ValueError):
            pass
        values = {}
        info_hashes: list[bytes] = []
        for parameter in parameters:
            name, _, value = parameter.partition(b"=")
            if name != b"info_hash":
                values[name] = value
            elif len(info_hashes) < most_info_hashes:
                info_hashes.append(info_hash(value))
        self.values = values
        self.info_hashes = info_hashes

    def number(self, name: bytes, default: int) -> int:
        """A whole number, however large; `default` where it is missing or empty."""
        text = self.values.get(name)
        if not text:
            return default
        if len(text) < 20 and text.isdigit():
            return int(text)
        digits = text[1:] if text.startswith(b"-") else text
        if not digits.isdigit() or len(digits) > 40:
            raise RequestError(f"{name.decode()} must be a whole number.")
        return int(text)


def decoded(text: bytes) -> bytes:
    """Percent-decoded bytes; a plus sign stays one."""
    if b"%" not in text:
        return text
    if b"=" not in text and b"\n" not in text and b"\r" not in text:
        # Nearly the encoding of some e-mails, which Python decodes in one go. It leaves a wrong
        # escape as it is, and so the result would be too long.
        value = a2b_qp(text.replace(b"%", b"="))
        if len(value) == len(text) - 2 * text.count(b"%"):
            return value
    start, *parts = text.split(b"%")
    try:
        return start + b"".join([BYTES[part[:2]] + part[2:] for part in parts])
    except KeyError:
        raise RequestError("A percent sign must be followed by two hexadecimal digits.") from None


@lru_cache(maxsize=8192)
def info_hash(text: bytes) -> bytes:
    """A decoded info-hash. The popular ones are remembered: decoding is slow."""
    value = decoded(text)
    if len(value) != INFO_HASH_SIZE:
        raise RequestError(f"info_hash must be {INFO_HASH_SIZE} bytes, not {len(value)}.")
    return value
