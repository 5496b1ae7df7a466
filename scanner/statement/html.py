"""The statement as one HTML page that loads nothing, for a screen and for print on A4."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from scanner.statement.blocks import runs
from scanner.statement.templating import TEMPLATES, fill

if TYPE_CHECKING:
    from pathlib import Path

    from scanner.statement.model import Statement


def render(statement: Statement, template: Path | None = None) -> bytes:
    """The statement as HTML, with our template or another.

    Raises:
        TemplateFaultError: The other template cannot be used.
    """
    style = _style()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = Markup(f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'")  # noqa: S704 - our own
    return fill("statement.html.j2", template, statement, _escaped, style=style, policy=policy).encode()


@cache
def _style() -> Markup:
    return Markup((TEMPLATES / "statement.css").read_text(encoding="utf-8"))  # noqa: S704 - our own file


def _escaped(value: object) -> Markup:
    """Whatever a template prints, escaped, and what stands between backticks as code."""
    if isinstance(value, Markup):
        return value
    shown = (Markup("<code>{}</code>").format(part) if code else escape(part) for part, code in runs(str(value)))
    return Markup("").join(shown)
