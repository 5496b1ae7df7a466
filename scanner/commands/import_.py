"""`aimscope import`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from scanner.commands.errors import mended
from scanner.exit_codes import ExitCode, of_scan
from scanner.workspace import LEDGER_FILE, Workspace

if TYPE_CHECKING:
    from connectors.imports import Target
    from connectors.imports.preview import Preview
    from connectors.model import Coverage

_PATH: Final = click.Path(path_type=Path)
_PRINTED: Final = ("terminal", "json", "markdown", "html", "sarif", "csv", "none")


@click.command(name="import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--name", default="", help="Name of the source, import:NAME; else the file's name.")
@click.option("--as", "reads", default="", help="Read it as this (`apps/app`, `squid` …) instead of recognising it.")
@click.option("--sheet", default="", help="Sheet of a spreadsheet; else the one that is understood best.")
@click.option("--dry-run", is_flag=True, help="Show what would be taken, and keep nothing.")
@click.option("--settings", type=_PATH, help="Settings that name the file which attestations are added to.")
@click.option("--scope", type=_PATH, help="Scope document to hold the findings against.")
@click.option("--database", type=_PATH, help="Inventory database to keep this scan in.")
@click.option("--workers", type=click.IntRange(0, 1024), default=0, help="Processes; 0 for one a processor.")
@click.option("--format", "printed", type=click.Choice(_PRINTED), default="terminal", show_default=True,
              help="What is printed.")  # fmt: skip
@click.option("-o", "--output", type=_PATH, multiple=True,
              help="Also write a report; the ending says the format: .html .json .md .sarif .csv .xlsx.")  # fmt: skip
@mended
def command(file: Path, name: str, reads: str, **options: Any) -> int:
    """Read an export, a log, a list of expenses or an SBOM as a source, or take in attestations.

    The file is recognised by its columns or lines; --dry-run shows how. To read it in every scan, name it under
    `sources` in aimscope.yaml. Attestations are added to the file that the settings name.
    """
    from connectors.imports import Target
    from scanner.commands.import_attestations import holds_attestations, take_in

    if holds_attestations(file, reads):
        return take_in(file, options["sheet"], options["settings"], dry_run=options["dry_run"])
    target = Target(str(file), name, reads, options["sheet"], options["workers"])
    return _preview(target) if options["dry_run"] else _scan(target, options)


def _preview(target: Target) -> int:
    from classifiers.catalog import load
    from classifiers.services import load_services
    from connectors import imports
    from connectors.api.redact import redactor
    from connectors.api.signals import Signals
    from connectors.imports.problem import ImportProblem
    from scanner.product_suggestions import ProductSuggestions
    from scanner.run import firm

    catalog = load()
    reader = imports.reader(
        target, load_services("imports"), redactor(""), Signals.of(firm(catalog)),
        packages=catalog.matchers.package_keys, products=ProductSuggestions(),
    )  # fmt: skip
    try:
        preview = reader.preview()
    except ImportProblem as problem:
        raise click.ClickException(f"{target.file}: {problem}") from problem
    _show(target, preview)
    return ExitCode.GOOD


def _show(target: Target, preview: Preview) -> None:
    from scanner.commands.tables import show_table

    click.echo(f"{target.source}: {preview.what} ({preview.reads})")
    for note in preview.notes:
        click.echo(note)
    if preview.columns:
        show_table(("in the file", "understood as"), preview.columns)
    if preview.ignored:
        click.echo("not read: " + ", ".join(preview.ignored[:_FEW]) + (" …" if len(preview.ignored) > _FEW else ""))
    rows = [
        (str(one.attributes.get("title", one.name)), next(iter(one.matchers), one.kind.value).rpartition("/")[2], _told(one.attributes))
        for one in preview.first
    ]  # fmt: skip
    show_table(("would be taken", "as", "with"), rows)
    if preview.suggested:
        show_table(
            ("name", "may be", "score"), [(name, product, f"{score:.0f}") for name, product, score in preview.suggested]
        )
    for part in preview.coverage:
        click.echo(_counts(part, whole=preview.whole))


def _told(attributes: Any) -> str:
    told = ((key, ", ".join(held) if isinstance(held, tuple) else held) for key, held in sorted(attributes.items()))
    return "; ".join(f"{key}: {held}" for key, held in told if key != "title")


def _counts(part: Coverage, *, whole: bool) -> str:
    counts = ", ".join(f"{name} {number}" for name, number in part.counts.items())
    read = "the whole file" if whole else "its beginning"
    return f"{read}: {part.outcome.value}; {counts}" + (f"; {part.reason}" if part.reason else "")


def _scan(target: Target, options: dict[str, Any]) -> int:
    from scanner.connect import CloudSpec
    from scanner.reports import terminal
    from scanner.reports.formats import of_file, render
    from scanner.run import run, write_reports

    for file in options["output"]:
        of_file(file)
    workspace = Workspace(
        estates=(CloudSpec("imports", target),), outputs=options["output"], database=options["database"]
    )
    if options["scope"]:
        workspace = replace(workspace, scope=options["scope"], ledger=options["scope"].parent / LEDGER_FILE)
    result = run(workspace)
    write_reports(result, workspace.outputs)
    if options["printed"] == "terminal":
        terminal.show(result)
    elif options["printed"] != "none":
        click.echo(render(result, options["printed"], result.before), nl=False)
    asking = any(verdict.asks and verdict.counted for verdict in result.verdicts)
    return of_scan(decisions=asking, incomplete=result.incomplete)


_FEW: Final = 30
