"""`aimscope scan`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from scanner.commands.errors import mended
from scanner.exit_codes import ExitCode, of_scan
from scanner.workspace import LEDGER_FILE, SourceSpec, Workspace, from_settings

if TYPE_CHECKING:
    from scanner.result import ScanResult

_PATH: Final = click.Path(path_type=Path)
_PRINTED: Final = ("terminal", "json", "markdown", "html", "sarif", "csv", "none")
_LOUDEST: Final = frozenset({"exclusion_contradicted", "policy_broken", "attestation_contradicted", "still_running"})


@click.command(name="scan")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("--settings", type=_PATH, help="Settings file; without PATH, aimscope.yaml.")
@click.option("--scope", type=_PATH, help="Scope document to hold the findings against.")
@click.option("--ledger", type=_PATH, help="Decision ledger; else beside the scope document.")
@click.option("--database", type=_PATH, help="Inventory database to keep this scan in.")
@click.option("--repo-id", help="Identity of the one repository that is scanned, as github.com/acme/shop.")
@click.option("--catalog", type=_PATH, multiple=True, help="The organisation's own knowledge-base rows.")
@click.option("--format", "printed", type=click.Choice(_PRINTED), default="terminal", show_default=True,
              help="What is printed.")  # fmt: skip
@click.option("-o", "--output", type=_PATH, multiple=True,
              help="Also write a report; the ending says the format: .html .json .md .sarif .csv .xlsx.")  # fmt: skip
@click.option("--fail-on", type=click.Choice(["any", "contradictions", "none"]), default="any", show_default=True,
              help="Which verdicts make the exit code 1.")  # fmt: skip
@click.option("--count-candidates", is_flag=True, help="Candidates and coding assistants count in the exit code too.")
@click.option("--workers", type=click.IntRange(0, 1024), help="Processes; 0 for one a processor.")
@click.option(
    "--archive", type=_PATH, help="New folder for the raw, redacted answers of everything asked over the network."
)
@click.option(
    "--replay", type=_PATH, help="Take answers from such a folder instead of asking; nothing goes over the network."
)
@click.option("--resume", is_flag=True, help="Take up the last scan of these settings that was cut off.")
@click.pass_context
@mended
def command(context: click.Context, /, paths: tuple[str, ...], **options: Any) -> int:
    """Find AI systems and hold them against the declared scope.

    With PATHs (directories, git URLs, bare repositories, .zip or .tar files) it scans those, and needs no settings.
    Without, it scans the sources of aimscope.yaml and keeps the result in the inventory database.
    """
    from scanner.progress_bars import progress as bars
    from scanner.reports.formats import of_file
    from scanner.run import run, write_reports

    workspace = _workspace(paths, options)
    for file in workspace.outputs:
        of_file(file)
    quiet = bool(context.find_root().params.get("quiet"))
    with bars(quiet=quiet) as progress:
        result = run(workspace, resume=options["resume"], progress=progress)
    write_reports(result, workspace.outputs)
    _print(result, options["printed"], workspace.outputs)
    return _exit_code(result, options["fail_on"], count_candidates=options["count_candidates"])


def _print(result: ScanResult, printed: str, written: tuple[Path, ...]) -> None:
    from scanner.reports.formats import render

    if printed == "terminal":
        from scanner.reports import terminal

        terminal.show(result)
        for file in written:
            click.echo(f"Report: {file}")
    elif printed != "none":
        click.echo(render(result, printed, result.before), nl=False)


def _workspace(paths: tuple[str, ...], options: dict[str, Any]) -> Workspace:
    if options["repo_id"] and len(paths) != 1:
        raise click.UsageError("--repo-id names one repository; give exactly one PATH, or `id` in the settings")
    workspace = Workspace() if paths and not options["settings"] else from_settings(options["settings"])
    if options["scope"] and not options["ledger"]:
        options["ledger"] = options["scope"].parent / LEDGER_FILE
    named = {
        name: options[name]
        for name in ("scope", "ledger", "database", "workers", "archive", "replay")
        if options[name] is not None
    }
    if paths:
        named["sources"] = tuple(SourceSpec(path, options["repo_id"] or "") for path in paths)
    workspace = replace(
        workspace,
        catalog=(*workspace.catalog, *options["catalog"]),
        outputs=(*workspace.outputs, *options["output"]),
        **named,
    )
    if workspace.archive and workspace.replay:
        raise click.UsageError("--archive writes what a scan asks, and --replay asks nothing; give one of them")
    if not (workspace.sources or workspace.estates):
        raise click.UsageError("nothing to scan: give a PATH, or name `sources` in aimscope.yaml (`aimscope init`)")
    return workspace


def _exit_code(result: ScanResult, fail_on: str, *, count_candidates: bool) -> ExitCode:
    asking = [verdict for verdict in result.verdicts if verdict.asks and (verdict.counted or count_candidates)]
    if fail_on == "contradictions":
        asking = [verdict for verdict in asking if verdict.status.value in _LOUDEST]
    return of_scan(decisions=bool(asking) and fail_on != "none", incomplete=result.incomplete)
