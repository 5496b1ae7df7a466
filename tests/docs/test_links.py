"""Every relative link of the documentation leads to something that is there, headings included."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.markdown import Link, anchors, broken, links

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_resolves(page: Path) -> None:
    assert broken(page, ROOT) == []


def test_every_page_can_be_reached_from_the_readme() -> None:
    reached, open_pages = set(), [ROOT / "README.md"]
    while open_pages:
        page = open_pages.pop()
        if page in reached:
            continue
        reached.add(page)
        for link in links(page.read_text("utf-8")):
            target = (page.parent / link.target.partition("#")[0]).resolve()
            open_pages += sorted(target.glob("*.md")) if target.is_dir() else [target] if target.suffix == ".md" else []
    assert [str(page.relative_to(ROOT)) for page in PAGES if page.resolve() not in reached] == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[a](gone.md)", "page.md:1: gone.md: is not there"),
        ("![a](gone.png)", "page.md:1: gone.png: is not there"),
        ("x\n[a](other.md#nowhere)", "page.md:2: other.md#nowhere: has no such heading"),
        ("[a](#nowhere)", "page.md:1: #nowhere: has no such heading"),
        ("[a](../../etc/hosts)", "page.md:1: ../../etc/hosts: leads out of the repository"),
        ("[a]: gone.md", "page.md:1: gone.md: is not there"),
        ("[`a`](gone.md) and `b`", "page.md:1: gone.md: is not there"),
    ],
)
def test_a_link_that_leads_nowhere_is_found(text: str, says: str, tmp_path: Path) -> None:
    (tmp_path / "other.md").write_text("# Somewhere\n")
    page = tmp_path / "page.md"
    page.write_text(text)
    assert broken(page, tmp_path) == [says]


@pytest.mark.parametrize(
    "text",
    [
        "[a](other.md#some-where), [b](other.md), [c](folder/), [d](#here)\n\n## Here",
        "[a](https://example.org/gone), <mailto:a@example.org>",
        "`[a](gone.md)` and ``b ` [a](gone.md)``",
        "```\n[a](gone.md)\n```",
        "~~~~ text\n```\n[a](gone.md)\n~~~~",
    ],
)
def test_what_resolves_is_no_link_or_stands_in_code_is_in_order(text: str, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "other.md").write_text("# Some, *where*?\n")
    page = tmp_path / "page.md"
    page.write_text(text)
    assert broken(page, tmp_path) == []


def test_headings_are_named_as_the_code_hosts_name_them() -> None:
    page = (
        '# `rules`, `policy`, `records`\n## Twice\n## Twice\n### [A link](x.md)\n<a id="old"></a>\n```\n# code\n```\n'
    )
    assert anchors(page) == {"rules-policy-records", "twice", "twice-1", "a-link", "old"}


def test_links_know_their_lines() -> None:
    assert links("[a](b.md)\n\n[c](d.md#e) [f](g.md)") == [Link(1, "b.md"), Link(3, "d.md#e"), Link(3, "g.md")]
