"""Interfaces and dependencies: which providers, models and shared platforms the systems in scope rest on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from classifiers.model import SystemKind
from scanner.reports.wording import KIND, listing
from scanner.statement.blocks import Content, Paragraph
from scanner.statement.cells import cell, lines, note, records_table, said, table

if TYPE_CHECKING:
    from collections.abc import Callable

    from scanner.statement.blocks import Block, Table
    from scanner.statement.model import EntryView, InterfaceView, Observed, Statement
    from scanner.statement.outline import OutlineRow

_SHARED = frozenset({KIND[SystemKind.AI_PLATFORM], KIND[SystemKind.DEV_ASSISTANT], KIND[SystemKind.EMBEDDED_AI]})
"""Kinds of systems that others use or that come from a vendor."""


def interfaces(statement: Statement, row: OutlineRow) -> Content:
    """What the systems in scope depend on, as observed, and what is recorded of it elsewhere."""
    kept = [record for record in statement.records if record.kind.replace(" ", "_") in row.records]
    entries = statement.in_scope
    blocks: list[Block] = [
        Paragraph(
            "Interfaces with what lies outside the scope and dependencies on it, as the scope document names them, and what "
            "the systems in scope were observed to depend on. One may stand under several."
        )
    ]
    if statement.interfaces:
        blocks.append(_named(statement.interfaces))
    elif kept:
        blocks.append(Paragraph("The scope document names none itself; the records below may."))
    else:
        kinds = listing([f"`{kind}`" for kind in row.records])
        blocks.append(
            note(
                "The scope document names no interface with what lies outside the scope, and no dependency on it. Name them "
                f"under `document.interfaces`, or a record of them under `records`, with one of the kinds {kinds}."
            )
        )
    parts: list[tuple[str, tuple[Block, ...]]] = []
    for title, head, of in (
        ("Providers", "Provider", lambda one: one.providers),
        ("Models", "Model", lambda one: one.models),
    ):
        users = _users(entries, of)
        parts.append((title, (_used(head, users) if users else Paragraph(f"No {head.lower()} was observed."),)))
    shared = [(entry, one) for entry in entries for one in entry.observed if one.kind in _SHARED]
    if shared:
        rows = [(cell(one.name), cell(one.kind), cell(one.where), cell(entry.name)) for entry, one in shared]
        heads = ("Observed", "Kind", "Where", "Entry")
        parts.append(("Shared platforms and assistants", (table(heads, (26, 20, 32, 22), rows),)))
    if kept:
        parts.append(("Recorded elsewhere", (records_table(kept),)))
    return Content(tuple(blocks), tuple(parts))


def _named(interfaces: tuple[InterfaceView, ...]) -> Table:
    rows = [
        (
            cell(one.outside),
            said(one.kind),
            said(one.what),
            lines(*one.entries) if one.entries else said(""),
            said(one.reference),
        )
        for one in interfaces
    ]
    heads = ("Outside the scope", "Sort", "What passes, or is relied on", "Systems", "Agreed in")
    return table(heads, (20, 13, 29, 18, 20), rows)


def _users(entries: tuple[EntryView, ...], of: Callable[[Observed], tuple[str, ...]]) -> dict[str, list[str]]:
    """What is depended on, to the names of the entries that do."""
    users: dict[str, dict[str, None]] = {}
    for entry in entries:
        for one in entry.observed:
            for name in of(one):
                users.setdefault(name, {})[entry.name] = None
    return {name: list(users[name]) for name in sorted(users, key=str.casefold)}


def _used(head: str, users: dict[str, list[str]]) -> Table:
    rows = [(cell(name), lines(", ".join(names))) for name, names in users.items()]
    return table((head, "Systems in scope that use it"), (34, 66), rows)
