"""Opening libtorrent's session; what it works on is left to `libtorrent_engine`."""

import os
import sys
from typing import cast

import certifi
import libtorrent as lt

from client.engine.named_settings import checked
from client.engine.settings import Setting, settings_for
from client.engine.transfer import Wishes
from client.errors import EngineError
from client.words import gettext as _

_SET_ONCE = (
    "listen_interfaces",
    "max_retry_port_bind",
    "listen_system_port_fallback",
    "announce_ip",
    "alert_mask",
)


def session_settings(wishes: Wishes) -> dict[str, Setting]:
    """All that libtorrent is told at the start."""
    return settings_for(wishes) | {"alert_mask": _alert_mask()} | _named(wishes)


def change_session(session: lt.session, wishes: Wishes) -> None:
    """Follow other wishes from now on; ports and addresses stay as they are."""
    settings = settings_for(wishes) | _named(wishes)
    for name in _SET_ONCE:
        settings.pop(name, None)
    session.apply_settings(cast("lt.settings_pack", settings))


def open_session(settings: dict[str, Setting], wishes: Wishes) -> lt.session:
    """A session that listens."""
    if sys.platform == "linux":
        # The wheel's own OpenSSL looks for certificates in a folder that exists nowhere.
        os.environ.setdefault("SSL_CERT_FILE", certifi.where())
    # The names were checked against libtorrent's own, which its type cannot know.
    session: lt.session = lt.session(cast("lt.settings_pack", settings))
    if not session.listen_port():
        low, high = wishes.ports or (0, 0)
        raise EngineError(
            _("No port from {low} to {high} is free. Choose others with --port-range.").format(
                low=low, high=high
            )
        )
    return session


def _named(wishes: Wishes) -> dict[str, Setting]:
    return dict(checked(name, value) for name, value in wishes.settings)


def _alert_mask() -> int:
    kinds = lt.alert.category_t
    return (
        kinds.error_notification
        | kinds.status_notification
        | kinds.storage_notification
        | kinds.tracker_notification
        | kinds.port_mapping_notification
    )
