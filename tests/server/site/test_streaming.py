"""A bounded number of streams: the place of each comes back, however it ends."""

from collections.abc import Callable, Iterator

import pytest

from server.site.streaming import AllTaken, Stream, Streams


def begin(streams: Streams) -> Stream:
    return streams.begin(iter([b"a", b"b"]))


def to_the_end(streams: Streams) -> None:
    assert b"".join(begin(streams)) == b"ab"


def closed_before_its_first_byte(streams: Streams) -> None:
    begin(streams).close()


def closed_in_the_middle_and_again(streams: Streams) -> None:
    stream = begin(streams)
    next(stream)
    stream.close()
    stream.close()
    assert list(stream) == []


def forgotten(streams: Streams) -> None:
    begin(streams)


def failing(streams: Streams) -> None:
    def chunks() -> Iterator[bytes]:
        yield b"a"
        raise OSError

    stream = streams.begin(chunks())
    with pytest.raises(OSError):  # noqa: PT011 - raised above
        list(stream)


def test_refuses_one_too_many() -> None:
    streams = Streams(2)
    held = [begin(streams), begin(streams)]
    with pytest.raises(AllTaken):
        begin(streams)
    assert [b"".join(stream) for stream in held] == [b"ab", b"ab"]


@pytest.mark.parametrize(
    "end",
    [to_the_end, closed_before_its_first_byte, closed_in_the_middle_and_again, forgotten, failing],
)
def test_a_stream_gives_its_place_back_once(end: Callable[[Streams], None]) -> None:
    streams = Streams(1)
    end(streams)
    held = begin(streams)
    with pytest.raises(AllTaken):
        begin(streams)
    held.close()


def test_closing_lets_go_of_the_file() -> None:
    was_closed = []

    def chunks() -> Iterator[bytes]:
        try:
            yield b"a"
        finally:
            was_closed.append(True)

    stream = Streams(1).begin(chunks())
    next(stream)
    stream.close()
    assert was_closed
