"""The statement as Markdown, for a repository or a wiki."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from scanner.reports.markdown import prose
from scanner.statement.templating import fill

if TYPE_CHECKING:
    from pathlib import Path

    from scanner.statement.model import Statement


def render(statement: Statement, template: Path | None = None) -> bytes:
    """The statement as Markdown, with our template or another.

    Raises:
        TemplateFaultError: The other template cannot be used.
    """
    return fill("statement.md.j2", template, statement, finalize=_escaped).encode()


def _escaped(value: object) -> Markup:
    """Whatever a template prints, as Markdown that shows it as it is; what a macro gives has been through here."""
    return value if isinstance(value, Markup) else Markup(prose(str(value)))  # noqa: S704 - escaped for Markdown
