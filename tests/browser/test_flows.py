"""What people do on the site, in a real browser: with scripts, and some of it without."""

import pytest
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.cache import cache
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from installer.formats import ticket as ticket_format
from server.accounts import setup_code
from server.accounts.models import User
from server.accounts.roles import make_roles
from server.catalog.models import Release, Report
from server.publishing.services import Words, publish
from server.site.models import Site
from tests.browser.conftest import Arrive
from tests.browser.sample import WINDOWS, Sample
from tests.server import factories

MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Safari/605.1.15"
LINUX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Mobile Safari/537.36"
PASSWORD = "open sesame 42"


@pytest.fixture(autouse=True)
def _forget_limits(transactional_db: None) -> None:
    cache.clear()


def sign_in(page: Page, name: str, password: str = PASSWORD) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(password)
    with page.expect_navigation():
        page.get_by_role("button", name="Sign in", exact=True).click()


def test_the_first_visit_makes_the_admin_and_leads_to_publishing(
    arrive: Arrive, live_server: LiveServer
) -> None:
    setup_code.ensure()
    page = arrive(width=360, scripts=False).page
    page.goto("/setup/")  # Where "/" leads, but the tests' server has seen other tests' sites.
    page.get_by_label("Name of the site").fill("Alice’s films")
    page.get_by_label("Your name").fill("alice")
    page.get_by_label("Password", exact=True).fill("a long way to Tipperary")
    page.get_by_label("Password, once more").fill("a long way to Tipperary")
    page.get_by_role("button", name="Make it mine").click()
    expect(page.get_by_text("Publish your first file.")).to_be_visible()
    assert Site.objects.current().address == live_server.url


def test_publishing_by_ticket_shows_the_release_when_it_arrives(arrive: Arrive, site: Site) -> None:
    make_roles()
    visitor = arrive(agent=LINUX)
    visitor.sign_in(factories.publisher())
    page = visitor.page
    page.goto("/upload/")
    with page.expect_download() as download:
        page.get_by_role("button", name="Upload ticket").click()
    expect(page.get_by_text("Waiting for your upload")).to_be_visible()
    ticket = ticket_format.read(download.value.path().read_bytes())
    from django.utils import timezone

    publish(ticket.token, factories.torrent(), Words(title="Just arrived"), timezone.now())
    page.wait_for_url("**/torrents/**")
    expect(page.get_by_role("heading", name="Just arrived")).to_be_visible()
    assert not visitor.complaints


@pytest.mark.parametrize(
    ("agent", "what", "file"),
    [
        (WINDOWS, "You get a small program", ".exe"),
        (MAC, "Get Transmission", ".torrent"),
        (LINUX, "Get Transmission", ".torrent"),
        (PHONE, "Take the link there", None),
    ],
)
def test_each_computer_gets_what_suits_it(
    arrive: Arrive, sample: Sample, agent: str, what: str, file: str | None
) -> None:
    page = arrive(agent=agent, scripts=False).page
    page.goto(sample.release.get_absolute_url())
    expect(page.get_by_text(what).first).to_be_visible()
    if file is None:
        expect(page.get_by_role("link", name="Mail me the link")).to_be_visible()
        return
    with page.expect_download() as download:
        page.get_by_role("link", name="Download (2.0").click()
    assert download.value.suggested_filename.endswith(file)


def test_a_phone_takes_a_file_of_the_sites_own_copy(arrive: Arrive, site: Site) -> None:
    release = factories.release(data=factories.torrent("Zoë #1 (50 %).html", b"<p>Hello"))
    factories.site_copy(release, b"<p>Hello")
    visitor = arrive(agent=PHONE, width=360, scripts=False)
    visitor.page.goto(release.get_absolute_url())
    with visitor.page.expect_download() as download:
        visitor.page.get_by_role("link", name="straight from this site", exact=True).click()
    assert download.value.suggested_filename == "Zoë #1 (50 %).html"
    assert download.value.path().read_bytes() == b"<p>Hello"
    assert not visitor.complaints


def test_who_has_the_client_gets_the_small_file(arrive: Arrive, sample: Sample) -> None:
    page = arrive(agent=WINDOWS).page
    page.goto("/welcome/")
    page.get_by_role("link", name="See what there is").click()
    page.get_by_role("link", name="The Night Train").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download (2.0").click()
    assert download.value.suggested_filename.endswith(".torrent")


def test_searching_and_reporting_without_scripts(arrive: Arrive, sample: Sample) -> None:
    page = arrive(scripts=False).page
    page.goto("/")
    page.get_by_role("searchbox").fill("farm docu")
    page.get_by_role("button", name="Search").click()
    expect(page.locator("article")).to_have_count(1)
    page.get_by_role("link", name="A Year on the Farm").click()
    page.get_by_role("link", name="Report this release").click()
    page.get_by_label("What is wrong").select_option("misleading")
    page.get_by_label("Tell us more").fill("There is no farm in it.")
    page.get_by_role("button", name="Send the report").click()
    expect(page.get_by_text("Thank you.")).to_be_visible()
    assert Report.objects.first().release.title.startswith("A Year on the Farm")


def test_signing_in_with_an_authenticator_app_that_was_added_here(
    arrive: Arrive, site: Site
) -> None:
    User.objects.create_superuser("anna", password=PASSWORD)
    visitor = arrive()
    page = visitor.page
    sign_in(page, "anna")
    page.goto("/accounts/2fa/")
    page.get_by_role("link", name="Activate").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button").last.click()
    secret = page.locator("#authenticator_secret").input_value()

    def code() -> str:
        counter = next(iter(yield_hotp_counters_from_time()))
        return str(format_hotp_value(hotp_value(secret, counter)))

    page.locator("input[name=code]").fill(code())
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_text("ecovery").first).to_be_visible()
    assert not visitor.complaints

    cache.clear()  # The same code again, which else is good only once.
    other = arrive().page
    sign_in(other, "anna")
    other.locator("input[name=code]").fill(code())
    with other.expect_navigation():
        other.get_by_role("button", name="Sign In").first.click()
    other.goto("/admin/")
    expect(other.get_by_text("Site administration")).to_be_visible()


def test_signing_in_with_a_passkey_that_was_added_here(arrive: Arrive, site: Site) -> None:
    User.objects.create_superuser("anna", password=PASSWORD)
    visitor = arrive()
    page = visitor.page
    keys = visitor.context.new_cdp_session(page)
    keys.send("WebAuthn.enable")
    abilities = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True}
    abilities |= {"hasUserVerification": True, "isUserVerified": True}
    keys.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {**abilities, "automaticPresenceSimulation": True}},
    )
    sign_in(page, "anna")
    page.goto("/accounts/2fa/webauthn/add/")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button").last.click()
    page.get_by_label("Passwordless").check()
    with page.expect_navigation():
        page.get_by_role("button", name="Add").click()

    page.goto("/accounts/logout/")
    page.get_by_role("button", name="Sign Out").last.click()
    page.goto("/accounts/login/")
    with page.expect_navigation():
        page.get_by_role("button", name="passkey").click()
    page.goto("/admin/")
    expect(page.get_by_text("Site administration")).to_be_visible()
    assert not visitor.complaints


def test_wrong_passwords_lock_the_name(page: Page, site: Site) -> None:
    factories.visitor("bob")
    for _ in range(5):
        sign_in(page, "bob", "wrong")
    sign_in(page, "bob")
    expect(page.get_by_text("Too many")).to_be_visible()


def test_an_admin_hides_from_the_list(arrive: Arrive, sample: Sample) -> None:
    visitor = arrive()
    visitor.sign_in(sample.admin)
    page = visitor.page
    page.goto("/admin/catalog/release/?q=night")
    page.locator("#action-toggle").check()
    page.get_by_label("Action:").select_option("hide")
    page.get_by_title("Run the selected action").click()
    page.wait_for_load_state()
    assert Release.objects.get(pk=sample.release.pk).is_hidden
    assert not visitor.complaints
