"""Whose address counts when proxies stand in between."""

from ipaddress import ip_network

import pytest

from server.site.proxies import client_address, is_loopback

PROXIES = (ip_network("10.0.0.0/8"),)


@pytest.mark.parametrize(
    ("remote", "forwarded_for", "expected"),
    [
        ("203.0.113.5", "", "203.0.113.5"),
        ("203.0.113.5", "198.51.100.7", "203.0.113.5"),
        ("127.0.0.1", "198.51.100.7", "198.51.100.7"),
        ("10.1.2.3", "6.6.6.6, 198.51.100.7", "198.51.100.7"),
        ("10.1.2.3", "198.51.100.7, 10.9.9.9", "198.51.100.7"),
        ("127.0.0.1", "nonsense", "127.0.0.1"),
        ("::ffff:203.0.113.5", "", "203.0.113.5"),
    ],
)
def test_believes_only_what_a_trusted_proxy_wrote(
    remote: str, forwarded_for: str, expected: str
) -> None:
    assert client_address(remote, forwarded_for, PROXIES) == expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("127.0.0.1", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("10.0.0.1", False),
        ("", False),
    ],
)
def test_knows_its_own_machine(address: str, expected: bool) -> None:
    assert is_loopback(address) is expected
