"""Templates of the statement: ours, or the user's own in place of them, in a sandbox.

A template sees `statement` (the data) and `document` (the same as sections of blocks), may extend ours by name
(`statement.md.j2`, `statement.html.j2`), and reads no other file. What it prints is escaped for its format, whoever
wrote it.
"""

from __future__ import annotations

import traceback
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jinja2 import FileSystemLoader, StrictUndefined, TemplateNotFound, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from scanner.statement.sections import document

if TYPE_CHECKING:
    from collections.abc import Callable

    from jinja2 import Template

    from scanner.statement.model import Statement

TEMPLATES: Final = Path(__file__).parent / "templates"


class TemplateFaultError(Exception):
    """A template cannot be used; the message says which, where and why."""


def fill(
    ours: str, own: Path | None, statement: Statement, finalize: Callable[[object], object], **further: object
) -> str:
    """The statement in our template, or in the user's own.

    Args:
        ours: Name of our template.
        own: The user's own, or none.
        statement: What is told.
        finalize: Escapes for the format whatever a template prints.
        **further: What else the template is given.

    Raises:
        TemplateFaultError: The user's own cannot be read, or is wrong.
    """
    environment = _environment(finalize)
    given = {"statement": statement, "document": document(statement), **further}
    if own is None:
        return environment.get_template(ours).render(given)
    source = _read(own)
    try:
        return _compiled(environment, source, str(own)).render(given)
    except TemplateSyntaxError as error:
        raise TemplateFaultError(f"{own}:{error.lineno}: {error.message}. Mend the template.") from error
    except TemplateNotFound as error:
        what = f"`{error.name}` is no template of ours, and it may read no other file"
        raise TemplateFaultError(f"{own}:{_line(error, own)}: {what}. Mend the template.") from error
    except Exception as error:  # whatever goes wrong in a template of the user's, the template is to be mended
        raise TemplateFaultError(f"{own}:{_line(error, own)}: {error}. Mend the template.") from error


def _read(own: Path) -> str:
    try:
        return own.read_text(encoding="utf-8")
    except OSError as error:
        raise TemplateFaultError(f"{own}: cannot be read: {error.strerror}. Name a template that exists.") from error
    except UnicodeDecodeError as error:
        raise TemplateFaultError(f"{own}: is not UTF-8. Save the template as UTF-8.") from error


@lru_cache(maxsize=4)
def _environment(finalize: Callable[[object], object]) -> ImmutableSandboxedEnvironment:
    """Where templates run: they can call nothing that changes or reads anything beyond what they are given."""
    return ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(TEMPLATES),
        # So that what a macro gives counts as escaped; what escapes is `finalize`.
        autoescape=True,
        finalize=finalize,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _compiled(environment: ImmutableSandboxedEnvironment, source: str, name: str) -> Template:
    code = environment.compile(source, name=name, filename=name)
    return environment.template_class.from_code(environment, code, environment.make_globals(None))


def _line(error: Exception, own: Path) -> int:
    """The last line of the template that was at work."""
    frames = [frame.lineno or 1 for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(own)]
    return frames[-1] if frames else 1
