"""Reading requests and writing replies."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.tracker.wire.http import HttpError, read_request, write_error, write_reply

GET = b"GET /announce?port=1 HTTP/1.1\r\nHost: tracker\r\n"


def test_reads_path_and_query() -> None:
    request, size = read_request(GET + b"\r\nGET") or pytest.fail("not read")
    assert (request.path, request.query) == (b"/announce", b"port=1")
    assert not request.is_last
    assert size == len(GET) + 2


@pytest.mark.parametrize("size", range(0, len(GET) + 1, 7))
def test_waits_for_the_rest_of_a_request(size: int) -> None:
    assert read_request(GET[:size]) is None


@pytest.mark.parametrize(
    ("head", "is_last"),
    [
        (GET, False),
        (GET + b"Connection: close\r\n", True),
        (GET + b"CONNECTION:  Close, TE\r\n", True),
        (GET + b"Connection: keep-alive\r\n", False),
        (GET.replace(b"1.1", b"1.0"), True),
    ],
)
def test_knows_the_last_request_of_a_connection(head: bytes, is_last: bool) -> None:
    request, _ = read_request(head + b"\r\n") or pytest.fail("not read")
    assert request.is_last is is_last


def test_joins_the_lines_of_x_forwarded_for() -> None:
    head = GET + b"X-Forwarded-For: 192.0.2.1\r\nx-forwarded-for: 192.0.2.2, 192.0.2.3\r\n\r\n"
    request, _ = read_request(head) or pytest.fail("not read")
    assert request.forwarded_for == "192.0.2.1,192.0.2.2, 192.0.2.3"


@pytest.mark.parametrize(
    ("received", "status"),
    [
        (b"\r\n\r\n", 400),
        (b"GET\r\n\r\n", 400),
        (b"GET /announce HTTP/2.0\r\n\r\n", 400),
        (b"GET /announce\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\r\n\r\n", 400),
        (b"HEAD /announce HTTP/1.1\r\n\r\n", 405),
        (b"POST /announce HTTP/1.1\r\nContent-Length: 1\r\n\r\nx", 405),
        (GET + b"Content-Length: 10\r\n\r\n", 400),
        (GET + b"Content-Length: 0\r\nContent-Length: 5\r\n\r\n", 400),
        (GET + b"Transfer-Encoding: chunked\r\n\r\n", 400),
        (b"GET /announce?" + b"a" * 65536, 414),
        (b"GET /announce?" + b"a" * 9000 + b" HTTP/1.1\r\n\r\n", 414),
        (GET + b"A: b\r\n" * 4000, 431),
        (GET + b"A: b\r\n" * 4000 + b"\r\n", 431),
    ],
)
def test_refuses_what_no_client_sends(received: bytes, status: int) -> None:
    with pytest.raises(HttpError) as caught:
        read_request(received)
    assert caught.value.status == status
    assert write_error(caught.value).startswith(b"HTTP/1.1 %d " % status)


def test_a_reply_says_when_it_is_the_last() -> None:
    assert write_reply(b"de", is_last=True).endswith(
        b"Content-Length: 2\r\nConnection: close\r\n\r\nde"
    )
    assert write_reply(b"de", is_last=False).endswith(b"Content-Length: 2\r\n\r\nde")


@given(st.binary(max_size=200) | st.builds(lambda end: GET + end + b"\r\n\r\n", st.binary()))
def test_any_bytes_are_a_request_or_refused_or_too_few(received: bytes) -> None:
    try:
        found = read_request(received)
    except HttpError:
        return
    assert found is None or found[1] <= len(received)
