"""Asking for the site's own copy."""

from collections.abc import Callable, Generator

import pytest

from client.errors import SiteError
from client.jobs.copying import is_here, tell_of_copy
from client.jobs.progress import Phase, Progress

DOWN = SiteError("It cannot be reached.")
BUSY = SiteError("It is too much.", status=503)
UNKNOWN = SiteError("There is nothing.", status=404)
NOT_SO = SiteError("Not in this way.", status=405)
HERE, NOT_YET = True, False


def site(*answers: bool | SiteError) -> tuple[Callable[[], bool], list[bool | SiteError]]:
    """One answer after the other, and those that nobody has asked for yet."""
    left = list(answers)

    def ask() -> bool:
        answer = left.pop(0)
        if isinstance(answer, SiteError):
            raise answer
        return answer

    return ask, left


def test_asks_until_the_copy_is_there() -> None:
    ask, left = site(DOWN, NOT_YET, BUSY, HERE, NOT_YET)
    assert is_here(ask, lambda: True)
    assert left == [NOT_YET]


@pytest.mark.parametrize("refusal", [UNKNOWN, NOT_SO])
def test_does_not_ask_again_where_nobody_will_tell(refusal: SiteError) -> None:
    ask, left = site(refusal, HERE)
    assert not is_here(ask, lambda: True)
    assert left == [HERE]


def test_asks_nothing_after_the_end() -> None:
    ask, left = site(NOT_YET, HERE)
    rests = iter([True, False])
    assert not is_here(ask, lambda: next(rests))
    assert left == [HERE]


def test_a_job_that_is_closed_closes_what_it_tells_of() -> None:
    ended = []

    def job() -> Generator[Progress]:
        try:
            yield Progress(Phase.SHARING)
        finally:
            ended.append(True)

    told = tell_of_copy(job(), lambda: False)
    assert not next(told).has_site_copy
    told.close()
    assert ended
