"""`aimscope catalog`: list, show and check the knowledge base."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from scanner.commands.errors import mended
from scanner.exit_codes import ExitCode

if TYPE_CHECKING:
    from collections.abc import Iterable

    from classifiers.rows import Row

_FILES: Final = click.option(
    "--catalog", "own", type=click.Path(path_type=Path), multiple=True, help="The organisation's own rows."
)


@click.group(name="catalog")
def command() -> None:
    """The knowledge base: what aimscope looks for and what it means."""


@command.command(name="list")
@_FILES
@click.option("--role", help="Only rows of this role.")
@click.option("--provider", help="Only rows of this provider.")
@click.option("--counts", is_flag=True, help="Only how much there is of everything.")
@mended
def list_rows(own: tuple[Path, ...], role: str | None, provider: str | None, *, counts: bool) -> int:
    """List the rows: id, role, provider and name, tab-separated."""
    rows = [row for row in _rows(own) if role in {None, row.role.value} and provider in {None, row.provider}]
    if counts:
        for what, number in count(rows).items():
            click.echo(f"{number:>7,}  {what}")
        return ExitCode.GOOD
    for row in sorted(rows, key=lambda row: row.id):
        click.echo(f"{row.id}\t{row.role.value}\t{row.provider or '-'}\t{row.name}")
    return ExitCode.GOOD


@command.command()
@click.argument("row_id", metavar="ID")
@_FILES
@mended
def show(row_id: str, own: tuple[Path, ...]) -> int:
    """Show one row as JSON, with its source and the date it was checked."""
    for row in _rows(own):
        if row.id == row_id:
            click.echo(json.dumps(row.model_dump(mode="json", exclude_defaults=True), indent=2, ensure_ascii=False))
            return ExitCode.GOOD
    from difflib import get_close_matches

    near = get_close_matches(row_id, [row.id for row in _rows(own)], n=3)
    hint = f"; did you mean {' or '.join(near)}?" if near else "; see `aimscope catalog list`"
    raise click.UsageError(f"no row {row_id}{hint}")


@command.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@mended
def check(files: tuple[Path, ...]) -> int:
    """Check rows: shape, references, conflicts and every example. With FILES, those beside the bundled ones.

    Services that connectors ask and the catalog of products are checked with them.
    """
    from classifiers.catalog import bundled_files
    from classifiers.check import check as find_problems
    from classifiers.check import check_named
    from classifiers.products import load_products
    from classifiers.services import load_services
    from scanner.connect import ESTATES

    rows = _rows(files)
    services = [service for connector in ESTATES for service in load_services(connector)]
    products = load_products()
    problems = find_problems([*bundled_files(), *files])
    problems += check_named(services, products, frozenset(row.id for row in rows))
    for problem in problems:
        click.echo(problem)
    if not problems:
        told = f"{len(rows):,} rows, {len(services):,} services and {len(products.by_id):,} products are in order"
        click.echo(told)
    return ExitCode.DECISIONS if problems else ExitCode.GOOD


def count(rows: Iterable[Row]) -> dict[str, int]:
    """How much the rows hold of everything."""
    found: Counter[str] = Counter()
    ecosystems: set[str] = set()
    for row in rows:
        ecosystems |= set(row.packages)
        found["rows"] += 1
        found["providers and platforms"] += row.provider == row.id or row.kind.value == "ai_platform"
        found["packages"] += sum(map(len, row.packages.values()))
        found["hosts"] += len(row.hosts)
        found["model families"] += bool(row.models)
        found["container images"] += len(row.images)
        found["infrastructure resource types"] += sum(map(len, row.iac.values()))
        found["file kinds"] += len(row.files) + len(row.content)
        found["environment variables"] += len(row.env)
        found["commands"] += len(row.cli)
        found["CI actions"] += len(row.actions)
        found["literal values"] += len(row.values)
    found["ecosystems"] = len(ecosystems)
    return dict(found)


def _rows(own: Iterable[Path]) -> list[Row]:
    from classifiers.catalog import bundled_files, read_rows

    return read_rows([*bundled_files(), *own])
