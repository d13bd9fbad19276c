"""A site with a certificate that this computer does not take, and what it may be due to."""

import ssl
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from client.errors import SiteError
from client.site.fetching import fetch

NAME = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
YEAR = timedelta(days=365)


def make_certificate(folder: Path, begins: datetime) -> Path:
    """A certificate and its key in one file; it is its own authority, and good for a year."""
    key = ec.generate_private_key(ec.SECP256R1())
    made = (
        x509.CertificateBuilder(NAME, NAME, key.public_key(), x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + YEAR)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, SHA256())
    )
    path = folder / "site.pem"
    path.write_bytes(
        made.public_bytes(Encoding.PEM)
        + key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    return path


@pytest.fixture
def serve() -> Iterator[Callable[[Path], str]]:
    """Serve nothing, over HTTPS with this certificate."""
    servers: list[HTTPServer] = []
    threads: list[threading.Thread] = []

    def begin(certificate: Path) -> str:
        server = HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        servers.append(server)
        threads.append(threading.Thread(target=server.serve_forever, args=(0.05,)))
        threads[-1].start()
        return f"https://localhost:{server.server_port}/"

    yield begin
    for server, thread in zip(servers, threads, strict=True):
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize(
    ("years", "sentence"),
    [(2, "is not valid yet. Set the clock"), (-2, "has expired. If the clock is right")],
)
def test_a_wrong_clock_is_what_a_person_is_told_to_look_at(
    years: int,
    sentence: str,
    serve: Callable[[Path], str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    certificate = make_certificate(tmp_path, datetime.now(UTC) + years * YEAR)
    monkeypatch.setattr("requests.adapters.DEFAULT_CA_BUNDLE_PATH", str(certificate))
    with pytest.raises(SiteError, match=sentence) as refusal:
        fetch(serve(certificate), 1000)
    assert datetime.now().astimezone().strftime("%Y-%m-%d") in str(refusal.value)


def test_a_stranger_s_certificate_is_no_matter_of_the_clock(
    serve: Callable[[Path], str], tmp_path: Path
) -> None:
    certificate = make_certificate(tmp_path, datetime.now(UTC))
    with pytest.raises(SiteError, match="is not valid, so nothing was sent"):
        fetch(serve(certificate), 1000)
