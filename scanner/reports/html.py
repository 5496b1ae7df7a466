"""The HTML report: one file that needs nothing else, for whoever decides.

Everything from a source is text: the templates escape it, and the content-security policy of the page names the one
style and the one script that it may use by their hashes, and forbids whatever would leave the file.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from scanner.reports.model import USUAL
from scanner.reports.view import view
from scanner.reports.wording import count

if TYPE_CHECKING:
    from jinja2 import Template

    from scanner.result import ScanResult

LARGEST: Final = 9_500_000
"""A browser opens so many bytes without complaint; a report that would be larger tells less."""

_TEMPLATES: Final = Path(__file__).parent / "templates"


def render(result: ScanResult) -> str:
    """The report as one HTML page; the same result gives the same bytes."""
    bounds = USUAL
    while True:
        page = _template().render(report=view(result, bounds), **_assets())
        if len(page.encode()) <= LARGEST or bounds.rows <= 1:
            return page
        bounds = replace(bounds, rows=bounds.rows // 2, evidence=max(2, bounds.evidence - 1))


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"coded": _coded, "count": count, "moment": _moment, "wrapped": _wrapped}
    return environment.get_template("report.html.j2")


@cache
def _assets() -> dict[str, str]:
    """The style and the script, and how the policy of the page names them."""
    style = (_TEMPLATES / "report.css").read_text(encoding="utf-8")
    script = (_TEMPLATES / "report.js").read_text(encoding="utf-8")
    return {
        "style": Markup(style),  # noqa: S704 - our own file
        "script": Markup(script),  # noqa: S704 - our own file
        "policy": f"default-src 'none'; style-src {_source(style)}; script-src {_source(script)}; "
        "base-uri 'none'; form-action 'none'",
    }


def _source(content: str) -> str:
    digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
    return f"'sha256-{digest}'"


def _coded(text: str) -> Markup:
    """Text with what stands between backticks as code. It is escaped first, whatever it is."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return escape(text)
    code = Markup("<code>{}</code>")
    return Markup("").join(code.format(part) if odd % 2 else escape(part) for odd, part in enumerate(parts))


def _wrapped(text: str) -> Markup:
    """A path or a name that may break after its slashes."""
    return Markup("/<wbr>").join(escape(part) for part in text.split("/"))


def _moment(iso: str) -> str:
    """A time as people read it, in UTC and to the minute."""
    return f"{iso[:10]}, {iso[11:16]} UTC" if len(iso) > len("2025-01-01T00:00") else iso
