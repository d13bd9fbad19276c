"""The fields of a bencoded dictionary, each taken out with its type and bounds checked."""

from collections.abc import Mapping

from installer.errors import FormatError, Text
from installer.formats.bencoding import Value

MAX_INTEGER = 2**63 - 1


class Fields:
    """Asks a dictionary for one field at a time; a wrong field is refused by its name."""

    def __init__(self, values: Mapping[bytes, Value], error: type[FormatError], what: Text) -> None:
        self._values = values
        self._error = error
        self._what = what

    def has(self, key: str) -> bool:
        return key.encode() in self._values

    def get(self, key: str) -> Value | None:
        """The field as it is, unchecked."""
        return self._values.get(key.encode())

    def only(self, *keys: str) -> None:
        """Refuse a field that this version of the format does not know."""
        for key in self._values:
            if key.decode(errors="replace") not in keys:
                name = key.decode(errors="backslashreplace")
                raise self.refusal(name, Text("is not known here; it may need a newer program"))

    def integer(self, key: str, *, low: int = 0, high: int = MAX_INTEGER) -> int:
        value = self._required(key)
        if not isinstance(value, int):
            raise self.refusal(key, Text("must be a number"))
        if not low <= value <= high:
            raise self.refusal(
                key,
                Text(
                    "must be between {low:,} and {high:,}, not {value:,}",
                    low=low,
                    high=high,
                    value=value,
                ),
            )
        return value

    def string(self, key: str, *, size: int | None = None) -> bytes:
        value = self._required(key)
        if not isinstance(value, bytes):
            raise self.refusal(key, Text("must be a string"))
        if size is not None and len(value) != size:
            raise self.refusal(
                key, Text("must be {size} bytes long, not {count:,}", size=size, count=len(value))
            )
        return value

    def text(self, key: str, *, longest: int) -> str:
        """Text for people: a line without control characters."""
        try:
            text = self.string(key).decode()
        except UnicodeDecodeError as error:
            raise self.refusal(key, Text("is not valid UTF-8")) from error
        if len(text) > longest or not text.isprintable():
            raise self.refusal(
                key, Text("must be one line of at most {longest} characters", longest=longest)
            )
        return text

    def sequence(self, key: str) -> list[Value]:
        value = self._required(key)
        if not isinstance(value, list):
            raise self.refusal(key, Text("must be a list"))
        return value

    def dictionary(self, key: str) -> dict[bytes, Value]:
        value = self._required(key)
        if not isinstance(value, dict):
            raise self.refusal(key, Text("must be a dictionary"))
        return value

    def refusal(self, key: str, reason: Text) -> FormatError:
        return self._error(
            Text("{what}: the field “{key}” {reason}.", what=self._what, key=key, reason=reason),
            field=key,
        )

    def _required(self, key: str) -> Value:
        value = self.get(key)
        if value is None:
            raise self.refusal(key, Text("is missing"))
        return value
