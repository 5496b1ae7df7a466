from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from scanner.statement import html
from scanner.statement.model import Statement
from scanner.statement.sections import document

CHROMIUM = Path("/usr/bin/chromium")


class Page(HTMLParser):
    """The elements of a page, their attributes, and its text."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.text = ""
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.ids += [value or "" for name, value in attrs if name == "id"]
        self.links += [value or "" for name, value in attrs if name in {"href", "src"}]

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_example_organisation(told: Statement, golden: Callable[[str, str], None]) -> None:
    golden("acme.html", html.render(told).decode())


def test_nothing_from_others_becomes_markup(told: Statement, hostile: Statement) -> None:
    ours, theirs = Page(html.render(told)), Page(html.render(hostile))
    assert theirs.tags <= ours.tags
    assert theirs.attributes <= ours.attributes
    assert all(link.startswith("#") for link in theirs.links)
    assert "<script>document.title='owned'</script>" in theirs.text
    assert theirs.text.replace("\n", "").isprintable()


def test_the_contents_lead_to_every_section(told: Statement) -> None:
    page = Page(html.render(told))
    assert page.links == [f"#{section.name}" for section in document(told).contents]
    assert len(set(page.ids)) == len(page.ids)
    assert {link.removeprefix("#") for link in page.links} <= set(page.ids)


def test_the_page_may_load_and_run_nothing(told: Statement) -> None:
    page = html.render(told).decode()
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]+)"', page)
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "<script" not in page


@pytest.mark.skipif(not CHROMIUM.exists(), reason=f"{CHROMIUM} is missing: apt-get install chromium")
def test_in_a_browser_it_is_styled_and_fits_a_phone(hostile: Statement, tmp_path: Path) -> None:
    file = tmp_path / "scope.html"
    file.write_bytes(html.render(hostile))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 390, "height": 800})
        alarms: list[str] = []
        page.on("console", lambda message: alarms.append(message.text))
        page.goto(file.as_uri())
        title = page.title()
        width = page.evaluate("document.documentElement.scrollWidth")
        head = page.evaluate("getComputedStyle(document.querySelector('thead')).backgroundColor")
        collapsed = page.evaluate("getComputedStyle(document.querySelector('table')).borderCollapse")
        browser.close()
    assert alarms == []
    assert title.startswith("Scope of the AI management system")
    assert width <= 390
    assert collapsed == "collapse", head
