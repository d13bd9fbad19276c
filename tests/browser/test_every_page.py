"""Laws for every page: readable by all, narrow enough, valid, and sufficient to itself."""

from pathlib import Path

from tests.browser.conftest import Arrive
from tests.browser.looking import is_too_wide, mistakes_in_html, violations
from tests.browser.sample import Sample

# What Django's admin does wrong itself, where neither a template nor a style sheet can mend it.
OF_DJANGO = [
    # Its script puts a label onto a span, beside the two lists of a group's permissions.
    ("admin-group", "aria-prohibited-attr", "search-label-icon"),
    # Its help text about switched-off passwords is a list, which it puts into a paragraph.
    ("admin-user-password", "close-order", "</p>"),
]


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
        found += [f"{name}: {each}" for each in violations(visitor.page)]
        if is_too_wide(visitor.page):
            found.append(f"{name} is too wide")
        (tmp_path / f"{name}.html").write_bytes(answer.body())
    for visitor in windows.values():
        found += visitor.complaints
    found += mistakes_in_html(tmp_path)
    found = [
        each for each in found if not any(all(p in each for p in parts) for parts in OF_DJANGO)
    ]
    assert not found, "\n".join(found)


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
