"""The pages of the pack: HTML that loads nothing, for a screen and for print.

Everything from a source is text: the templates escape it, and the content-security policy of a page allows its one style.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from scanner.evidence import chart
from scanner.reports.wording import count

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scanner.evidence.model import Evidence

_TEMPLATES: Final = Path(__file__).parent / "templates"

SHOWN: Final = 200
"""So many rows of a table stand on the page; the file that it names has them all."""


def render(evidence: Evidence, paths: Sequence[str]) -> bytes:
    """The index of the pack.

    Args:
        evidence: What is told.
        paths: The files of the pack, for the list at its end.
    """
    return page("index.html.j2", evidence=evidence, paths=paths, shown=SHOWN)


def page(template: str, **given: object) -> bytes:
    """A page from one of our templates."""
    style = (_TEMPLATES / "evidence.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = Markup(f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'")  # noqa: S704 - our own
    text = _environment().get_template(template).render(**given, style=Markup(style), policy=policy)  # noqa: S704 - our own file
    return text.encode("utf-8", "backslashreplace")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"coded": _coded, "count": count, "lines": chart.lines}
    environment.globals |= {"chart_width": chart.WIDTH, "chart_height": chart.HEIGHT}
    return environment


def _coded(text: object) -> Markup:
    """Text with what stands between backticks as code. It is escaped first, whatever it is."""
    parts = str(text).split("`")
    if len(parts) % 2 == 0:
        return escape(text)
    code = Markup("<code>{}</code>")
    return Markup("").join(code.format(part) if odd % 2 else escape(part) for odd, part in enumerate(parts))
