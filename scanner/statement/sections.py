"""The order of the scope statement: a `Statement` as a document of numbered sections."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scanner.statement import dependencies, exclusions, opening, organisation, systems, upkeep
from scanner.statement.blocks import Document, Section
from scanner.statement.outline import outline

if TYPE_CHECKING:
    from collections.abc import Callable

    from scanner.statement.blocks import Content
    from scanner.statement.model import Statement
    from scanner.statement.outline import OutlineRow

TITLE: Final = "Scope of the AI management system"


def document(statement: Statement) -> Document:
    """The statement as a document, in the order that an auditor expects."""
    control, basis = statement.control, statement.basis
    version = f"Version {control.version}" if control.version else "No version is named"
    numbered = [_section(number, row, _CONTENTS[row.id](statement, row)) for number, row in enumerate(outline(), 1)]
    return Document(
        title=TITLE,
        organisation=control.organisation,
        subtitle=f"{version}, as it stands on {basis.day}",
        footer=f"{version} · {basis.day} · scope {basis.scope[:12]} · {basis.scan}",
        created=basis.scanned,
        sections=(opening.basis(statement), *numbered, opening.about()),
    )


def _section(number: int, row: OutlineRow, content: Content) -> Section:
    parts = (Section(f"{number}.{part}", title, blocks) for part, (title, blocks) in enumerate(content.parts, 1))
    return Section(str(number), row.title, content.blocks, tuple(parts), row.clause)


_CONTENTS: Final[dict[str, Callable[[Statement, OutlineRow], Content]]] = {
    "control": opening.control,
    "context": organisation.context,
    "statement": organisation.in_words,
    "boundaries": organisation.boundaries,
    "systems": systems.systems,
    "activities": systems.activities,
    "data": systems.data,
    "interfaces": dependencies.interfaces,
    "exclusions": exclusions.exclusions,
    "review": upkeep.review,
    "revisions": upkeep.revisions,
}
"""By the ids of `sections.yaml`."""
