"""libtorrent's settings by their own names, as a person gives them. Ours are in `settings`."""

import difflib
import re

import libtorrent as lt

from client.engine.settings import Setting
from client.errors import UsageError
from client.words import gettext as _

# libtorrent keeps numbers in 32 bits.
_LEAST, _MOST = -(2**31), 2**31 - 1


def check_settings(settings: list[tuple[str, str]]) -> None:
    """Refuse settings that libtorrent does not know, before anything is started."""
    for name, value in settings:
        checked(name, value)


def checked(name: str, value: str) -> tuple[str, Setting]:
    default: object = dict(lt.default_settings()).get(name)
    match default:
        case bool():
            if value.lower() in {"true", "yes", "on", "1"}:
                return name, True
            if value.lower() in {"false", "no", "off", "0"}:
                return name, False
            raise UsageError(
                _("The setting {name} must be true or false, not {value!r}.").format(
                    name=name, value=value
                )
            )
        case int():
            if re.fullmatch(r"[+-]?[0-9]{1,10}", value) and _LEAST <= int(value) <= _MOST:
                return name, int(value)
            raise UsageError(
                _(
                    "The setting {name} must be a whole number from {LEAST} to {MOST}, "
                    "not {value!r}."
                ).format(name=name, LEAST=_LEAST, MOST=_MOST, value=value)
            )
        case str():
            return name, value
        case _:
            raise UsageError(_unknown(name))


def _unknown(name: str) -> str:
    near = difflib.get_close_matches(name, list(dict(lt.default_settings())), n=1)
    hint = _(" Is {name} meant?").format(name=near[0]) if near else ""
    return _("libtorrent has no setting called {name!r}.{hint}").format(name=name, hint=hint)
