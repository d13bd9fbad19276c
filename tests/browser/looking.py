"""Looking at pages as people, as screen readers and as guards do."""

import json
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

from django.test import Client
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request

from server.accounts.models import User
from tests.programs import ROOT, needs

NODE_MODULES = ROOT / "node_modules"


class Visitor:
    """One person's browser window, and what went wrong in it."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.context = context
        self.page: Page = context.new_page()
        self.complaints: list[str] = []
        self._address = address
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", self._note_foreign)

    def sign_in(self, user: User) -> None:
        """Be signed in, without the way there."""
        client = Client()
        client.force_login(user)
        value = client.cookies["sessionid"].value
        self.context.add_cookies([{"name": "sessionid", "value": value, "url": self._address}])

    def _note(self, message: ConsoleMessage) -> None:
        # A page that is an error page on purpose is no complaint; a policy that was broken is.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.complaints.append(f"{self.page.url}: {message.text}")

    def _note_foreign(self, request: Request) -> None:
        if not request.url.startswith((self._address, "data:", "blob:")):
            self.complaints.append(f"asked {request.url}")


def violations(page: Page) -> list[str]:
    """What axe-core finds wrong for people who see, hear or move differently."""
    page.evaluate(_axe())
    # Preloading would write style sheets into the page, which breaks its policy.
    found: dict[str, Any] = page.evaluate(
        "() => axe.run({preload: false, runOnly:"
        " ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice']})"
    )
    return [
        f"{each['id']}: {node['html'][:200]} {node['failureSummary']}"
        for each in found["violations"]
        for node in each["nodes"]
    ]


def is_too_wide(page: Page) -> bool:
    """Whether the page has to be pushed sideways to be read."""
    script = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"
    return bool(page.evaluate(script))


def mistakes_in_html(folder: Path) -> list[str]:
    """What html-validate says of the .html files in a folder."""
    program = _module("html-validate/bin/html-validate.mjs")
    rules = Path(__file__).with_name("html-validate.json")
    arguments = [needs("node", apt="nodejs"), program, "--config", rules, "--formatter", "json"]
    ended = subprocess.run(
        [*arguments, folder], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120
    )
    assert ended.stdout, ended.stderr
    return [
        f"{Path(file['filePath']).name}:{each['line']} {each['ruleId']}: {each['message']}"
        for file in json.loads(ended.stdout)
        for each in file["messages"]
    ]


@cache
def _axe() -> str:
    return _module("axe-core/axe.min.js").read_text()


def _module(path: str) -> Path:
    needs("node", apt="nodejs")
    found = NODE_MODULES / path
    assert found.exists(), f"{found} is missing. This makes it: npm ci --ignore-scripts"
    return found
