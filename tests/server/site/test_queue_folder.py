"""The folder that is Celery's broker: what lies in it is whole, and what is not ends no worker."""

from pathlib import Path
from queue import Empty

import pytest
from kombu import Connection
from kombu.exceptions import ChannelError

from server.site.queue_folder import Channel


@pytest.fixture
def channel(tmp_path: Path) -> Channel:
    where = {"data_folder_in": str(tmp_path), "data_folder_out": str(tmp_path)}
    transport = "server.site.queue_folder:Transport"
    connection = Connection("filesystem://", transport=transport, transport_options=where)
    channel = connection.default_channel
    assert isinstance(channel, Channel)
    return channel


def test_a_task_gets_its_name_when_it_is_whole(
    channel: Channel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename, seen = Path.rename, list[bytes]()

    def look(draft: Path, target: Path) -> Path:
        with pytest.raises(Empty):
            channel._get("films")
        seen.append(draft.read_bytes())
        return rename(draft, target)

    monkeypatch.setattr(Path, "rename", look)
    channel._put("films", {"body": "A"})
    assert seen == [b'{"body": "A"}']
    assert channel._get("films") == {"body": "A"}
    assert list(tmp_path.iterdir()) == []


def test_what_a_power_cut_left_of_a_task_is_dropped(channel: Channel, tmp_path: Path) -> None:
    (tmp_path / "1_a.films.msg").write_bytes(b"")
    channel._put("films", {"body": "B"})
    with pytest.raises(Empty):
        channel._get("films")
    assert channel._get("films") == {"body": "B"}


def test_nothing_stays_of_a_task_for_which_there_is_no_room(
    channel: Channel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(draft: Path, text: str, encoding: str) -> int:
        draft.touch()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(ChannelError, match=r"takes no task: .*No space left"):
        channel._put("films", {"body": "C"})
    assert list(tmp_path.iterdir()) == []
