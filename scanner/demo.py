"""`make demo`: the main job on the example organisation, in a copy that its reader may play with.

Reviews fall due and attestations expire with the days, so the demo has a day of its own and shows the same on every day.
"""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from scanner import clock
from scanner.workspace import SETTINGS_FILE, from_settings

if TYPE_CHECKING:
    from scanner.result import ScanResult

ROOT: Final = Path(__file__).resolve().parent.parent
ACME: Final = ROOT / "examples" / "acme"

CLOCK: Final = "1794798000"
"""2026-11-16T03:00:00Z, as `SOURCE_DATE_EPOCH`: a night after the last decision of the example organisation."""

_MADE: Final = ("aimscope.db*", "aimscope-report.*", ".aims-*")
"""What a scan of the example organisation itself may have left there."""


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=ROOT / "demo-output")
def main(folder: Path) -> None:
    """Scans the example organisation in FOLDER, reconciles and reports. It ends well although decisions are needed."""
    os.environ["SOURCE_DATE_EPOCH"] = CLOCK
    copy_acme(folder)
    result = scan(folder)
    _tell(result, folder)


def copy_acme(folder: Path) -> None:
    """Puts a fresh copy of the example organisation into a folder, in place of an earlier one.

    Raises:
        click.ClickException: The folder holds something else, or the example organisation is not there.
    """
    if not ACME.is_dir():
        raise click.ClickException(f"{ACME} is not there: the demo runs in a clone of the repository, not in a wheel.")
    if folder.exists() and any(folder.iterdir()):
        if not (folder / SETTINGS_FILE).is_file():
            raise click.ClickException(
                f"{folder} holds something else than an earlier demo: move it, or name a folder."
            )
        shutil.rmtree(folder)
    shutil.copytree(ACME, folder, ignore=shutil.ignore_patterns(*_MADE), dirs_exist_ok=True)


def scan(folder: Path) -> ScanResult:
    """What `aimscope scan` does in the folder."""
    from scanner.progress_bars import progress as bars
    from scanner.run import run, write_reports

    workspace = from_settings(folder / SETTINGS_FILE)
    with bars() as progress:
        result = run(workspace, progress=progress)
    write_reports(result, workspace.outputs)
    return result


def _tell(result: ScanResult, folder: Path) -> None:
    from scanner.reports import terminal

    terminal.show(result)
    first = next(verdict for verdict in result.verdicts if verdict.asks)
    command = os.path.relpath(Path(sys.executable).parent / "aimscope", folder)
    report = next(path for path in from_settings(folder / SETTINGS_FILE).outputs if path.suffix == ".html")
    click.echo(f"""
Report:  {_shown(report)}
Day:     {clock.now().date()}, on whatever day you run this (SOURCE_DATE_EPOCH={CLOCK})
Next:    cd {shlex.quote(_shown(folder))} && {shlex.quote(command)} explain {shlex.quote(first.entry or first.subject)}
         A copy of examples/acme: decide what you like, `make demo` starts afresh.""")


def _shown(path: Path) -> str:
    """A path as short as it can be typed from here."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


if __name__ == "__main__":
    main()
