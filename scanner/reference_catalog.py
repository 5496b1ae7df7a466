"""The page about the knowledge base: its themes, and the providers and platforms that it knows."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING, Final

from classifiers.catalog import bundled_files
from classifiers.model import SystemKind
from classifiers.themes import read_theme
from scanner.commands.catalog import count
from scanner.reference_page import GENERATED, cell, table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from classifiers.rows import Row, Theme

_HEAD: Final = f"""{GENERATED}

# What the knowledge base holds

[The knowledge base](../knowledge-base.md) says how a row is written and how to add your own. `aimscope catalog list` prints
every row, `aimscope catalog list --provider ID` those of one provider, and `aimscope catalog show ID` one row in full, with
its source and the day it was checked.
"""

_ANSWERING: Final = """\
Providers answer calls; platforms are shared hosting that an organisation runs or rents. The numbers are those of all rows
that name the provider, its services and SDKs included. *Models* counts families.
"""

_COUNTED: Final = {
    "packages": "packages",
    "hosts": "hosts",
    "model families": "models",
    "container images": "images",
    "infrastructure resource types": "resource types",
}
"""What is counted of rows, as `scanner.commands.catalog.count` names it, and its heading."""


def catalog_reference() -> str:
    """The page about the bundled knowledge base."""
    themes = _themes()
    rows = [row for theme in themes.values() for row in theme.rows]
    headings = ("rows", *_COUNTED.values())
    return "\n".join(
        [
            _HEAD,
            table(("of everything", "number"), _totals(rows), numbers=1),
            "## Themes\n",
            "One file each in `classifiers/catalog`.\n",
            table(("theme", "file", *headings), map(_theme, themes, themes.values()), numbers=len(headings)),
            "## Providers and platforms\n",
            _ANSWERING,
            table(("id", "name and source", *headings), _answering(rows), numbers=len(headings)),
        ]
    )


@cache
def _themes() -> Mapping[str, Theme]:
    """The bundled themes by file name; read once, because reading them takes seconds."""
    return {file.name: read_theme(file) for file in bundled_files()}


def _totals(rows: Sequence[Row]) -> list[tuple[str, str]]:
    return [(what, f"{number:,}") for what, number in count(rows).items()]


def _theme(file: str, theme: Theme) -> tuple[str, ...]:
    return cell(theme.theme), f"`{file}`", *_numbers(theme.rows)


def _answering(rows: Sequence[Row]) -> list[tuple[str, ...]]:
    """A line for each provider and platform, with the numbers of the rows that name it."""
    naming: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.provider is not None and row.provider != row.id:
            naming[row.provider].append(row)
    return [
        (f"`{row.id}`", f"[{cell(row.name)}]({row.source})", *_numbers([row, *naming[row.id]]))
        for row in sorted(rows, key=lambda row: row.id)
        if row.provider == row.id or row.kind is SystemKind.AI_PLATFORM
    ]


def _numbers(rows: Sequence[Row]) -> tuple[str, ...]:
    """How many rows, and how much they hold; nothing where there is none, so that the eye finds what there is."""
    found = count(rows)
    return f"{len(rows):,}", *(f"{found[what]:,}" if found.get(what) else "" for what in _COUNTED)
