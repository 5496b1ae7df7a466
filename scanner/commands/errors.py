"""Errors that a user can mend, as sentences with exit code 2."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Final, ParamSpec, TypeVar

import click

from scanner.reports.plain import plain

if TYPE_CHECKING:
    from collections.abc import Callable

_MAX_LINE: Final = 1000
Arguments = ParamSpec("Arguments")
Returned = TypeVar("Returned")


def mended(function: Callable[Arguments, Returned]) -> Callable[Arguments, Returned]:
    """Turns the errors of the inventory and the knowledge base into usage errors."""

    @wraps(function)
    def run(*arguments: Arguments.args, **options: Arguments.kwargs) -> Returned:
        try:
            return function(*arguments, **options)
        except Exception as error:
            if type(error).__module__.partition(".")[0] in {"classifiers", "connectors", "inventory", "scanner"}:
                raise click.ClickException(
                    "\n".join(plain(line, _MAX_LINE) for line in str(error).splitlines())
                ) from error
            raise

    return run
