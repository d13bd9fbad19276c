"""A real browser for the tests: Debian's chromium, which reaches this computer and nothing else."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from server.site.models import Site
from tests.browser.looking import Visitor
from tests.browser.sample import Sample, make_sample
from tests.programs import needs
from tests.server import factories

# Playwright keeps an event loop in the tests' own thread, where Django would refuse to query.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SECONDS_TO_ANSWER = 20

Arrive = Callable[..., Visitor]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The browser; while it is there, its event loop keeps other tests from running theirs."""
    program = needs("chromium", apt="chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def site(live_server: LiveServer) -> Site:
    """A site that is set up and answers at the live server's address."""
    return factories.site(address=live_server.url)


@pytest.fixture
def sample(site: Site, settings: Settings, tmp_path: Path) -> Sample:
    """A site with something on every page."""
    settings.TEMPLATES_DIR = tmp_path / "programs"
    return make_sample(settings.TEMPLATES_DIR)


@pytest.fixture
def arrive(chromium: Browser, live_server: LiveServer) -> Iterator[Arrive]:
    """Opens windows of visitors who share nothing: `arrive(width=360, scripts=False)`."""
    contexts: list[BrowserContext] = []

    def open_window(
        *,
        width: int = 1280,
        agent: str | None = None,
        scripts: bool = True,
        scheme: str = "light",
        language: str = "en",
    ) -> Visitor:
        context = chromium.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": 800},
            user_agent=agent,
            java_script_enabled=scripts,
            color_scheme="dark" if scheme == "dark" else "light",
            locale=language,
            accept_downloads=True,
        )
        context.set_default_timeout(SECONDS_TO_ANSWER * 1000)
        contexts.append(context)
        return Visitor(context, live_server.url)

    yield open_window
    for context in contexts:
        context.close()


@pytest.fixture
def visitor(arrive: Arrive) -> Visitor:
    """Somebody with a computer and nothing special."""
    return arrive()


@pytest.fixture
def page(visitor: Visitor) -> Page:
    """That visitor's window."""
    return visitor.page
