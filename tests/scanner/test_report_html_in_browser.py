"""The HTML report in Chromium, as people open it: from disk, with a keyboard, on a phone, in print, without script."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from scanner.reports import html
from scanner.result import ScanResult
from tests.scanner.report_result import hostile_result, large_result, rich_result, undeclared_result

CHROMIUM = Path("/usr/bin/chromium")

pytestmark = pytest.mark.skipif(
    not CHROMIUM.exists() and not os.environ.get("CI"), reason=f"{CHROMIUM} is missing: apt-get install chromium"
)


@dataclass
class Opened:
    """A page, and what it did that nobody asked for."""

    page: Page
    address: str
    alarms: list[str] = field(default_factory=list)


Open = Callable[..., Opened]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    """Opens the report of a result from disk."""
    contexts = []

    def show(result: ScanResult, **options: object) -> Opened:
        file = tmp_path / "report.html"
        file.write_text(html.render(result), encoding="utf-8")
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        seen = Opened(page, file.as_uri())
        page.on("dialog", lambda dialog: (seen.alarms.append(f"dialog {dialog.message}"), dialog.dismiss()))
        page.on("pageerror", lambda error: seen.alarms.append(f"error {error}"))
        page.on("console", lambda message: seen.alarms.append(f"console {message.text}"))
        page.on("request", lambda request: request.url != seen.address and seen.alarms.append(f"request {request.url}"))
        page.goto(seen.address)
        return seen

    yield show
    for context in contexts:
        context.close()


@contextmanager
def quietly(seen: Opened) -> Iterator[Page]:
    """Nothing that nobody asked for happens meanwhile."""
    yield seen.page
    assert seen.alarms == []


def shown_systems(page: Page) -> list[str]:
    return page.eval_on_selector_all(
        "#systems-table tbody",
        "all => all.filter(one => !one.hidden).map(one => one.querySelector('.name').textContent)",
    )


def focused(page: Page) -> str:
    return str(
        page.evaluate("document.activeElement.id || document.activeElement.className || document.activeElement.tagName")
    )


def press_until(page: Page, key: str, selector: str, most: int = 200) -> None:
    for _ in range(most):
        page.keyboard.press(key)
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"{selector} cannot be reached with {key}")


def test_hostile_text_runs_nothing_and_asks_nobody(opened: Open) -> None:
    with quietly(opened(hostile_result())) as page:
        title = page.title()
        for summary in page.query_selector_all("summary"):
            summary.evaluate("one => one.click()")
        for button in page.query_selector_all("button"):
            button.evaluate("one => one.click()")
        page.mouse.wheel(0, 20_000)
        page.wait_for_timeout(200)
        assert page.title() == title
        assert title.startswith("AI systems")
        assert page.evaluate("document.querySelectorAll('script').length") == 1


def test_even_injected_script_would_be_stopped_by_the_policy(opened: Open) -> None:
    seen = opened(rich_result())
    ended: list[str | None] = []
    seen.page.on("requestfailed", lambda request: ended.append(request.failure))
    seen.page.on("response", lambda response: ended.append(f"answered {response.url}"))
    seen.page.evaluate(
        "() => { const one = document.createElement('script'); one.textContent = 'document.title = 1'; document.body.append(one);"
        " const two = document.createElement('img'); two.src = 'https://evil.example/x'; document.body.append(two); }"
    )
    seen.page.wait_for_timeout(200)
    assert seen.page.title() != "1"
    assert len([alarm for alarm in seen.alarms if "Content Security Policy" in alarm]) == 2
    assert ended == ["csp"]


def test_the_filter_works_by_keyboard(opened: Open) -> None:
    with quietly(opened(rich_result())) as page:
        press_until(page, "Tab", "input[type=search]")
        page.keyboard.type("GPT-4.1 acme/support")
        assert shown_systems(page) == ["support-bot"]
        assert page.inner_text(".filter output") == "1 of 13 shown"
        press_until(page, "Tab", "[data-filter=provider]")
        press_until(page, "Tab", "[data-reset]")
        page.keyboard.press("Enter")
        assert len(shown_systems(page)) == 13
        assert page.evaluate("document.activeElement.type") == "search"
        press_until(page, "Tab", "[data-filter=provider]")
        page.keyboard.type("Amazon")
        assert set(shown_systems(page)) == {"contract-summaries", "llm-gateway"}


def test_the_table_sorts_by_keyboard_and_says_so(opened: Open) -> None:
    with quietly(opened(rich_result())) as page:
        press_until(page, "Tab", "#systems-table thead button")
        page.keyboard.press("Enter")
        names = shown_systems(page)
        assert names == sorted(names)
        assert page.get_attribute("#systems-table thead th", "aria-sort") == "ascending"
        page.keyboard.press("Enter")
        assert shown_systems(page) == names[::-1]


def test_the_first_stop_of_the_keyboard_skips_to_the_report(opened: Open) -> None:
    with quietly(opened(rich_result())) as page:
        page.keyboard.press("Tab")
        assert focused(page) == "skip"
        page.keyboard.press("Enter")
        assert focused(page) == "main"


def test_evidence_opens_by_keyboard_and_all_at_once(opened: Open) -> None:
    with quietly(opened(rich_result())) as page:
        closed = "#decisions details:not([open])"
        before = page.locator(closed).count()
        press_until(page, "Tab", f"{closed} > summary")
        page.keyboard.press("Enter")
        assert page.locator(closed).count() == before - 1
        page.get_by_role("button", name="Open all evidence").click()
        assert page.locator(closed).count() == 0


def test_a_command_is_copied_whole(opened: Open) -> None:
    seen = opened(rich_result(), permissions=["clipboard-read", "clipboard-write"])
    with quietly(seen) as page:
        page.locator("#decision-1 .copy").click()
        page.locator("#decision-1 .copy", has_text="Copied").wait_for()
        assert page.evaluate("navigator.clipboard.readText()") == 'aimscope decide sys-5c0ffee001aa in --because "…"'


def test_a_status_in_the_table_leads_to_its_card(opened: Open) -> None:
    with quietly(opened(large_result())) as page:
        page.locator("#systems-table .to").last.click()
        page.wait_for_function("document.querySelector('.card:target') !== null")
        assert page.locator(".card:target h4").is_visible()


def test_it_reads_in_full_without_script(opened: Open) -> None:
    seen = opened(rich_result(), java_script_enabled=False)
    page = seen.page
    assert page.locator("#systems-table tbody").count() == 13
    assert page.locator("#decision-1 .command").is_visible()
    assert not page.locator(".filter").is_visible()
    assert not page.locator(".tools").is_visible()
    assert page.locator("button:visible").count() == 0


@pytest.mark.parametrize(
    "result", [rich_result(), hostile_result(), undeclared_result()], ids=["rich", "hostile", "undeclared"]
)
@pytest.mark.parametrize("width", [390, 768, 1280])
def test_nothing_runs_out_of_the_page(opened: Open, result: ScanResult, width: int) -> None:
    with quietly(opened(result, viewport={"width": width, "height": 844})) as page:
        page.eval_on_selector_all("details", "all => all.forEach(one => { one.open = true; })")
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_print_shows_what_is_folded_and_leaves_out_controls(opened: Open) -> None:
    with quietly(opened(rich_result())) as page:
        page.emulate_media(media="print")
        heights = page.eval_on_selector_all(".evidence li", "all => all.map(one => one.getBoundingClientRect().height)")
        assert min(heights) > 0
        assert page.locator(".filter:visible, .copy:visible, .contents:visible").count() == 0


@pytest.mark.parametrize(
    "result", [rich_result(), undeclared_result(), hostile_result()], ids=["rich", "undeclared", "hostile"]
)
def test_everything_has_a_name_and_a_place(opened: Open, result: ScanResult) -> None:
    with quietly(opened(result)) as page:
        assert page.get_attribute("html", "lang") == "en"
        assert page.title()
        levels = page.eval_on_selector_all("h1,h2,h3,h4,h5,h6", "all => all.map(one => Number(one.tagName[1]))")
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after <= before + 1 for before, after in pairwise(levels))
        assert page.locator("main, nav[aria-label], header.masthead").count() == 3
        unnamed = page.evaluate(
            """() => [...document.querySelectorAll('button, input, select, summary, a, [role=img], [role=search]')].filter(one => {
                const labelled = (one.getAttribute('aria-labelledby') || '').split(/\\s+/).filter(Boolean);
                const name = one.getAttribute('aria-label') || labelled.map(id => document.getElementById(id)?.textContent).join(' ')
                    || [...(one.labels || [])].map(label => label.textContent).join(' ') || one.textContent;
                return !name.trim();
            }).map(one => one.outerHTML.slice(0, 80))"""
        )
        assert unnamed == []
        ids = page.eval_on_selector_all("[id]", "all => all.map(one => one.id)")
        assert len(ids) == len(set(ids))
        referred = page.eval_on_selector_all(
            "[aria-labelledby], a[href^='#'], use",
            "all => all.flatMap(one => (one.getAttribute('aria-labelledby') || one.getAttribute('href').slice(1)).split(/\\s+/))",
        )
        assert set(referred) <= set(ids)


CONTRAST = """() => {
  const channels = text => text.match(/[\\d.]+/g).map(Number);
  const light = ([red, green, blue]) => [red, green, blue].map(one => one / 255)
    .map(one => one <= .03928 ? one / 12.92 : ((one + .055) / 1.055) ** 2.4)
    .reduce((sum, one, index) => sum + one * [.2126, .7152, .0722][index], 0);
  const behind = one => {
    for (let at = one; at; at = at.parentElement) {
      const colour = channels(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const faint = new Set();
  for (const one of document.querySelectorAll('body *')) {
    if (![...one.childNodes].some(node => node.nodeType === 3 && node.data.trim()) || one.closest('svg, script, style')) continue;
    const [dark, bright] = [light(channels(getComputedStyle(one).color)), light(behind(one))].sort((a, b) => a - b);
    if ((bright + .05) / (dark + .05) < 4.5) faint.add(`${one.tagName}.${one.className}`);
  }
  return [...faint];
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_what_is_behind_it(opened: Open, scheme: str) -> None:
    """WCAG 2.2, contrast (minimum), in both schemes."""
    with quietly(opened(rich_result(), color_scheme=scheme)) as page:
        assert page.evaluate(CONTRAST) == []


def test_dark_is_dark(opened: Open) -> None:
    backgrounds = [
        opened(rich_result(), color_scheme=scheme).page.evaluate("getComputedStyle(document.body).backgroundColor")
        for scheme in ("light", "dark")
    ]
    assert backgrounds == ["rgb(250, 249, 246)", "rgb(18, 21, 27)"]
