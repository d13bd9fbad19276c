"""Laws for every page: readable by all, narrow enough, valid, and sufficient to itself."""

from pathlib import Path

from tests.browser.conftest import Arrive
from tests.browser.looking import is_too_wide, mistakes_in_html, violations
from tests.browser.sample import Sample


def test_every_page_keeps_them(arrive: Arrive, sample: Sample, tmp_path: Path) -> None:
    found: list[str] = []
    windows = {
        person: arrive(width=360, agent=sample.agent, scheme=scheme)
        for person, scheme in ((None, "light"), (sample.publisher, "dark"), (sample.admin, "light"))
    }
    for person, visitor in windows.items():
        if person is not None:
            visitor.sign_in(person)
    for name, (person, path) in sample.pages().items():
        visitor = windows[person]
        answer = visitor.page.goto(path)
        assert answer is not None
        if name.startswith(sample.not_ours):
            continue  # Django's own pages, which have to get by with the policy only.
        found += [f"{name}: {each}" for each in violations(visitor.page)]
        if is_too_wide(visitor.page):
            found.append(f"{name} is too wide")
        (tmp_path / f"{name}.html").write_bytes(answer.body())
    for visitor in windows.values():
        found += visitor.complaints
    assert not found, "\n".join(found)
    assert not mistakes_in_html(tmp_path)


def test_the_policy_allows_nothing_inline_and_nothing_foreign(
    arrive: Arrive, sample: Sample
) -> None:
    visitor = arrive()
    answer = visitor.page.goto("/")
    assert answer is not None
    policy = answer.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    visitor.page.evaluate(
        "() => { const s = document.createElement('script');"
        " s.textContent = 'window.ran = true'; document.body.append(s); }"
    )
    assert visitor.page.evaluate("() => window.ran") is None
    assert "Content Security Policy" in visitor.complaints[0]
