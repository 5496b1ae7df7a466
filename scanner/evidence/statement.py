"""The seam to the rendered scope statement: whatever formats of it this installation can write."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scanner.evidence.ground import Ground

_WANTED: Final = ("html", "docx", "pdf")


def statement_files(ground: Ground) -> Mapping[str, bytes]:
    """The scope statement in each format that can be written here, by the name of the file."""
    if ground.session.declared.scope is None:
        return {}
    try:
        formats, view = import_module("scanner.statement.formats"), import_module("scanner.statement.view")
    except ModuleNotFoundError:
        return {}
    told = view.statement(ground.session, ground.ledger)
    files: dict[str, bytes] = {}
    for name in _WANTED:
        form = formats.FORMATS[name]
        try:
            files[f"scope-statement{form.endings[0]}"] = formats.render(told, form)
        except formats.StatementError:  # a format whose extra is not installed; HTML needs none
            continue
    return files
