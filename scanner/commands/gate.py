"""`aimscope gate`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

from scanner.commands.errors import mended
from scanner.commands.options import PATH
from scanner.exit_codes import ExitCode, of_scan

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from scanner.gating.result import GateResult

_PRINTED: Final = ("terminal", "json", "sarif", "markdown", "none")
_ENDINGS: Final = {
    ".json": "json",
    ".sarif": "sarif",
    ".sarif.json": "sarif",
    ".md": "markdown",
    ".markdown": "markdown",
}


@click.command(name="gate")
@click.argument("path", default=".", metavar="[PATH]")
@click.option("--base", "base_name", required=True, metavar="REV", help="Branch, tag or commit to compare with.")
@click.option("--direct", is_flag=True,
              help="REV itself is where the change began; else that is the last commit shared with it.")  # fmt: skip
@click.option("--settings", type=PATH, help="Settings file; else the base's aimscope.yaml.")
@click.option("--scope", type=PATH, help="Scope document; else the one that the settings name.")
@click.option("--ledger", type=PATH, help="Decision ledger; else beside the scope document.")
@click.option("--catalog", type=PATH, multiple=True, help="The organisation's own knowledge-base rows.")
@click.option("--repo-id", default="", help="Identity of the repository, as github.com/acme/shop.")
@click.option("--format", "printed", type=click.Choice(_PRINTED), default="terminal", show_default=True,
              help="What is printed.")  # fmt: skip
@click.option("-o", "--output", type=PATH, multiple=True,
              help="Also write a report; the ending says the format: .json .sarif .md.")  # fmt: skip
@click.option("--fail-on", type=click.Choice(["any", "contradictions", "none"]), default="any", show_default=True,
              help="Which verdicts make the exit code 1.")  # fmt: skip
@click.option(
    "--count-candidates",
    is_flag=True,
    help="Coding assistants count in the exit code too, and what the policy says of candidates.",
)
@mended
def command(path: str, base_name: str, output: tuple[Path, ...], **options: Any) -> int:
    """Tell what a change adds or alters of AI, and which decisions it asks for.

    The working tree of PATH (a checkout, or a folder in one) is compared with where the change left REV. What governs
    (settings, scope document, ledger, rows, attestations) is read from REV, unless an option names a file outside the
    checkout: a pull request must neither command the scanner nor exclude itself.
    """
    from connectors.code.base import open_base
    from scanner.gate import gate
    from scanner.gating.governance import Named, governance

    writers = [(file, _renderer(_format_of(file))) for file in output]
    base = open_base(path, base_name, direct=options["direct"])
    named = Named(options["settings"], options["scope"], options["ledger"], options["catalog"])
    with governance(base, named) as governs:
        result = gate(base, governs, options["repo_id"], output)
    for file, render in writers:
        _write(file, render(result))
    if options["printed"] != "none":
        click.echo(_renderer(options["printed"])(result), nl=False)
    return _exit_code(result, options["fail_on"], count_candidates=options["count_candidates"])


def _format_of(file: Path) -> str:
    name = file.name.lower()
    for ending, form in _ENDINGS.items():
        if name.endswith(ending) and not (ending == ".json" and name.endswith(".sarif.json")):
            return form
    raise click.UsageError(f"{file}: its ending names no format of report. Use one of: {', '.join(_ENDINGS)}.")


def _renderer(form: str) -> Callable[[GateResult], str]:
    if form == "json":
        from scanner.reports.gate_json import render
    elif form == "sarif":
        from scanner.reports.gate_sarif import render
    elif form == "markdown":
        from scanner.reports.gate_text import render_markdown as render
    else:
        from scanner.reports.gate_text import render_text as render
    return render


def _write(file: Path, report: str) -> None:
    from scanner.reports.formats import ReportError
    from scanner.whole_file import write_whole

    try:
        write_whole(file, report.encode("utf-8", "backslashreplace"))
    except OSError as error:
        mend = "Name a file in a folder that exists and that you may write to."
        raise ReportError(f"{file}: cannot be written: {error.strerror}. {mend}") from error


def _exit_code(result: GateResult, fail_on: str, *, count_candidates: bool) -> ExitCode:
    from scanner.reports.wording import STATUS, Tone

    asking = [one.verdict for one in result.verdicts if one.verdict.counted or count_candidates]
    if fail_on == "contradictions":
        asking = [verdict for verdict in asking if STATUS[verdict.status].tone is Tone.CONTRADICTED]
    return of_scan(decisions=bool(asking) and fail_on != "none", incomplete=result.incomplete)
