from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from connectors.model import Coverage, Outcome
from scanner.reports import html
from scanner.reports.model import Bounds
from scanner.reports.view import view
from tests.scanner.report_result import (
    empty_result,
    hostile_result,
    large_result,
    rich_result,
    undeclared_result,
)


class Page(HTMLParser):
    """Collects elements and their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))


def test_every_status_is_told(golden: Callable[[str, str], None]) -> None:
    golden("report.html", html.render(rich_result()))


def test_the_report_opens_with_coverage_and_goes_on_to_decisions() -> None:
    titles = re.findall(r"<h2[^>]*>([^<]+)</h2>", html.render(rich_result()))
    assert titles == [
        "What was covered, and what was not",
        "At a glance",
        "What needs a decision first",
        "What changed since the last scan",
        "All AI systems",
        "Candidates",
        "Coding assistants",
        "Dismissed as no AI",
        "Declared entries, and how they stand",
        "Coverage gaps",
        "About this scan",
    ]


def test_without_a_scope_document_it_says_how_to_start() -> None:
    page = html.render(undeclared_result())
    assert "<code>aimscope init</code>" in page
    assert "decisions needed</a>" not in page


def test_no_ai_is_not_said_louder_than_was_seen() -> None:
    (source,) = empty_result().scan.sources
    blind = replace(empty_result(), coverage=(Coverage(source, "", Outcome.DENIED, "no access"),))
    assert "None was found." in html.render(empty_result())
    assert "None was found where the scan could look." in html.render(blind)


def test_the_policy_allows_our_style_and_our_script_and_nothing_else() -> None:
    page = html.render(hostile_result())
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', page)
    assert policy is not None

    def source(tag: str) -> str:
        (content,) = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        return f"&#39;sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}&#39;"

    assert policy[1] == (
        f"default-src &#39;none&#39;; style-src {source('style')}; script-src {source('script')}; "
        "base-uri &#39;none&#39;; form-action &#39;none&#39;"
    )


@pytest.mark.parametrize("result", [hostile_result(), rich_result()], ids=["hostile", "rich"])
def test_no_element_or_attribute_comes_from_a_source(result: object) -> None:
    elements = Page(html.render(result)).elements  # type: ignore[arg-type]
    tags = {tag for tag, _ in elements}
    assert not tags & {"img", "iframe", "object", "embed", "link", "form", "base", "audio", "video", "foreignobject"}
    assert sum(tag == "script" for tag, _ in elements) == sum(tag == "style" for tag, _ in elements) == 1
    attributes = {name for _, attributes in elements for name in attributes}
    assert not [name for name in attributes if name.startswith("on") or name in {"src", "style", "srcset", "action"}]
    assert all(str(attributes["href"]).startswith("#") for _, attributes in elements if "href" in attributes)


def test_hostile_control_characters_are_shown_and_do_nothing() -> None:
    page = html.render(hostile_result())
    assert not re.findall("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]", page)
    assert "\\u202e" in page
    page.encode()


def test_the_same_result_gives_the_same_bytes() -> None:
    assert html.render(rich_result()) == html.render(rich_result())


def test_a_large_estate_is_told_in_full_within_ten_megabytes() -> None:
    page = html.render(large_result())
    assert len(page.encode()) < 10_000_000
    assert page.count('<article class="card"') == view(large_result()).asks == 750
    assert page.count("data-kind=") == 1000


def test_a_report_that_would_be_too_large_tells_less_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    result = large_result(systems=60, findings=600)
    full = html.render(result)
    monkeypatch.setattr(html, "LARGEST", len(full) // 2)
    monkeypatch.setattr(html, "USUAL", Bounds(rows=64))
    less = html.render(result)
    assert len(less.encode()) <= len(full) // 2
    assert "more, all in the JSON report" in less
