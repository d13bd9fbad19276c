"""Shares of the info-hashes: every info-hash belongs to exactly one process."""

from hypothesis import given
from hypothesis import strategies as st

from server.tracker.core.shares import Share

COUNTS = st.integers(1, 32)


@given(count=COUNTS, info_hash=st.binary(min_size=20, max_size=20))
def test_an_info_hash_is_in_the_range_of_its_owner_alone(count: int, info_hash: bytes) -> None:
    shares = [Share(index, count) for index in range(count)]
    inside = [share.index for share in shares if share.first <= info_hash < share.end]
    assert inside == [shares[0].owner(info_hash)]


@given(count=COUNTS)
def test_shares_are_equally_large(count: int) -> None:
    firsts = [int.from_bytes(Share(index, count).first) for index in range(count)]
    sizes = [after - first for first, after in zip(firsts, [*firsts[1:], 1 << 16], strict=True)]
    assert sum(sizes) == 1 << 16
    assert max(sizes) - min(sizes) <= 1
