"""The folder that is Celery's broker where no other one is named.

kombu's own lets a worker read a message while it is still being written, which ends the worker;
here a message gets its name when it is whole.
"""

import logging
from pathlib import Path
from queue import Empty
from time import monotonic
from typing import Any
from uuid import uuid4

from kombu.exceptions import ChannelError
from kombu.transport import filesystem
from kombu.utils.json import dumps

log = logging.getLogger(__name__)


class Channel(filesystem.Channel):
    """A way into the folder and out of it."""

    # What kombu's two classes call the second one differs.
    def _put(  # type: ignore[override]
        self, queue: str, message: dict[str, Any], **kwargs: object
    ) -> None:
        text = dumps(message)  # type: ignore[no-untyped-call]
        name = f"{round(monotonic() * 1000)}_{uuid4()}"
        draft = Path(self.data_folder_out, f"{name}.draft")
        try:
            draft.write_text(text, encoding="utf-8")
            draft.rename(draft.with_name(f"{name}.{queue}.msg"))
        except OSError as error:
            draft.unlink(missing_ok=True)
            raise ChannelError(f"The folder {draft.parent} takes no task: {error}") from error

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        try:
            return super()._get(queue)  # type: ignore[no-untyped-call]
        except ValueError as error:
            # What a power cut can leave of a message. It has been taken out of the folder already.
            log.warning("A task that cannot be read was dropped: %s", error)
            raise Empty from error


class Transport(filesystem.Transport):
    """What Celery is told to use."""

    Channel = Channel
