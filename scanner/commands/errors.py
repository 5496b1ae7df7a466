"""Errors that a user can mend, as sentences with exit code 2."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable

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
                raise click.ClickException(str(error)) from error
            raise

    return run
