"""The formats of the statement: their names, the endings of their files, and what renders them, imported when asked for."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

    from scanner.statement.model import Statement


class StatementError(Exception):
    """A statement cannot be written; the message says which, why, and what to do."""


@dataclass(frozen=True, slots=True)
class Format:
    """A format.

    Attributes:
        name: As the command calls it.
        endings: Of its files.
        module: What renders it, as `render`.
        templates: What a template for it is, in words; empty where it takes none.
        printed: Whether it is text, which a terminal shows.
    """

    name: str
    endings: tuple[str, ...]
    module: str
    templates: str
    printed: bool


FORMATS: Final = {
    one.name: one
    for one in (
        Format("markdown", (".md", ".markdown"), "scanner.statement.markdown", "a Jinja template", printed=True),
        Format("html", (".html", ".htm"), "scanner.statement.html", "a Jinja template", printed=True),
        Format("docx", (".docx",), "scanner.statement.docx", "a DOCX document with the styles", printed=False),
        Format("pdf", (".pdf",), "scanner.statement.pdf", "", printed=False),
    )
}

EXTRA: Final = "documents"
"""The extra that brings what DOCX and PDF need."""


def of_file(file: Path) -> Format:
    """The format that the ending of a file names.

    Raises:
        StatementError: It names none.
    """
    for one in FORMATS.values():
        if file.name.lower().endswith(one.endings):
            return one
    endings = ", ".join(ending for one in FORMATS.values() for ending in one.endings)
    raise StatementError(f"{file}: its ending names no format of the statement. Use one of: {endings}.")


def render(statement: Statement, form: Format, template: Path | None = None) -> bytes:
    """The statement in a format, with our template or another; the same input gives the same bytes.

    Raises:
        StatementError: The format takes no template, or what it needs is not installed.
        TemplateFaultError: The template cannot be used.
    """
    if template is not None and not form.templates:
        raise StatementError(f"{form.name} takes no template. Write the statement as DOCX with a template of yours.")
    try:
        renderer = import_module(form.module).render
    except ModuleNotFoundError as error:
        mend = f"Install it with `pip install 'aimscope[{EXTRA}]'`"
        raise StatementError(f"{form.name} needs {error.name}, which is not installed. {mend}.") from error
    rendered: bytes = renderer(statement, template) if form.templates else renderer(statement)
    return rendered
