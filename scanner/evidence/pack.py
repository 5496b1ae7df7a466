"""The files of the pack: an index for people and one for programs, a table a file, and a manifest of hashes over all."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from inventory.cells import inert
from scanner.evidence import html, management_review
from scanner.evidence.model import Point
from scanner.evidence.secrets import without_secrets

if TYPE_CHECKING:
    from scanner.evidence.model import Cell, Evidence, Section, Table

MANIFEST: Final = "manifest.sha256"
SCHEMA_VERSION: Final = "1.0"


def files(evidence: Evidence) -> dict[str, bytes]:
    """The files by path, sorted; the same evidence gives the same bytes.

    The manifest is in the format of `sha256sum`, so that `sha256sum --check` tests it. It names every file but itself.
    """
    evidence = replace(evidence, sections=tuple(map(_without_secrets, evidence.sections)))
    found = {path: content for section in evidence.sections for path, content in _section_files(section).items()}
    found |= {
        "index.html": html.render(evidence, sorted(found)),
        "index.json": _json(_index(evidence)),
        "management-review.md": management_review.markdown(evidence).encode(),
        "management-review.html": management_review.page(evidence),
    }
    found = {path: without_secrets(content)[0] for path, content in sorted(found.items())}
    lines = (f"{hashlib.sha256(content).hexdigest()}  {path}\n" for path, content in found.items())
    return {**found, MANIFEST: "".join(lines).encode()}


def _without_secrets(section: Section) -> Section:
    """The section with a word on each file that had a secret in it: what was taken out shows in its hash."""
    cleaned = {name: without_secrets(content) for name, content in section.files.items()}
    found = [
        Point(
            f"{name}: what looks like a secret stands in line {', '.join(map(str, lines))}. It is left out here, so that this "
            "copy differs from the original. Make it worthless where it is valid.",
            open=True,
        )
        for name, (_, lines) in cleaned.items()
        if lines
    ]
    contents = {name: content for name, (content, _) in cleaned.items()}
    return replace(section, points=(*section.points, *found), files=contents)


def _section_files(section: Section) -> dict[str, bytes]:
    tables = {_path(section, f"{table.key}.csv"): _csv(table) for table in section.tables}
    return {**tables, **{_path(section, name): content for name, content in section.files.items()}}


def _path(section: Section, name: str) -> str:
    return f"{section.component.folder}/{name}"


def _csv(table: Table) -> bytes:
    """The table as CSV (RFC 4180), in which no spreadsheet finds a formula."""
    import pandas as pd

    rows = [[_csv_cell(cell) for cell in row] for row in table.rows]
    frame = pd.DataFrame(rows, columns=[column.key for column in table.columns], dtype=object)
    return frame.to_csv(index=False, lineterminator="\r\n").encode()


def _csv_cell(cell: Cell) -> str | int | float:
    if isinstance(cell, tuple):
        return inert("\n".join(cell))
    return inert(cell) if isinstance(cell, str) else cell


def _index(evidence: Evidence) -> dict[str, Any]:
    basis = evidence.basis
    return {
        "schema_version": SCHEMA_VERSION,
        "organisation": basis.organisation or None,
        "day": basis.day.isoformat(),
        "scan": {"id": basis.scan, "finished": basis.scanned, "version": basis.version, "catalog": basis.catalog},
        "scope": basis.scope or None,
        "ledger_heads": list(basis.heads),
        "coverage": {"complete": basis.complete, "covered": basis.covered, "gaps": list(basis.gaps)},
        "open": evidence.open,
        "components": [_component(section) for section in evidence.sections],
    }


def _component(section: Section) -> dict[str, Any]:
    component = section.component
    return {
        "id": component.id,
        "number": component.number,
        "title": component.title,
        "clauses": list(component.clauses),
        "clauses_read": component.read,
        "source": component.source,
        "checked": component.checked.isoformat(),
        "open": section.open,
        "points": [{"text": point.text, "open": point.open} for point in section.points],
        "files": sorted(
            [
                *(_path(section, f"{table.key}.csv") for table in section.tables),
                *(_path(section, name) for name in section.files),
            ]
        ),
        "tables": [_table(table) for table in section.tables],
    }


def _table(table: Table) -> dict[str, Any]:
    keys = [column.key for column in table.columns]
    return {"key": table.key, "title": table.title, "rows": [dict(zip(keys, row, strict=True)) for row in table.rows]}


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "backslashreplace")
