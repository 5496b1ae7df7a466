"""Options that several commands share: where the settings, the scope document, the ledger and the database are."""

from __future__ import annotations

from dataclasses import replace
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from scanner.workspace import LEDGER_FILE, Workspace, from_settings

if TYPE_CHECKING:
    from collections.abc import Callable

PATH: Final = click.Path(path_type=Path)

_PLACES: Final = {
    "settings": "Settings file; aimscope.yaml in this folder by default.",
    "scope": "Scope document; else the one that the settings name.",
    "ledger": "Decision ledger; else beside the scope document.",
    "database": "Inventory database; else the one that the settings name.",
}
BY: Final = click.option("--by", default="", help="Who acts, as 'Ann Lee <ann@example.org>'; git's user by default.")


def located(*places: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Gives a command the options for these places, and hands it the workspace that they make."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def run(*arguments: Any, settings: Path | None, **options: Any) -> Any:
            named = {place: options.pop(place) for place in places}
            return function(*arguments, workspace=_workspace(settings, named), **options)

        for place in reversed(("settings", *places)):
            run = click.option(f"--{place}", type=PATH, help=_PLACES[place])(run)
        return run

    return decorate


def _workspace(settings: Path | None, places: dict[str, Path | None]) -> Workspace:
    named: dict[str, Any] = {place: path for place, path in places.items() if path is not None}
    if settings is None and "scope" in named:
        named.setdefault("ledger", named["scope"].parent / LEDGER_FILE)
    return replace(from_settings(settings), **named)
