"""`aimscope doctor`."""

from __future__ import annotations

from pathlib import Path

import click

from scanner.commands.errors import mended
from scanner.connect import checks
from scanner.exit_codes import ExitCode
from scanner.workspace import from_settings

_SIGNS = {True: "ok", False: "denied", None: "not known"}


@click.command(name="doctor")
@click.option("--settings", type=click.Path(path_type=Path), help="Settings file; else aimscope.yaml.")
@mended
def command(settings: Path | None) -> int:
    """Say which calls the present credentials can make, and the mend for those that they cannot.

    It asks what costs nothing and changes nothing, for every estate that the settings name.
    """
    workspace = from_settings(settings)
    if not workspace.estates:
        raise click.UsageError(
            "no estate is named: add `aws`, `azure`, `gcp` or `kubernetes` to `sources` in aimscope.yaml"
        )
    good = True
    for spec in workspace.estates:
        click.echo(spec.connector)
        for what, allowed, mend in checks(spec, workspace.policy):
            good = good and allowed is not False
            click.echo(f"  {_SIGNS[allowed]:<9} {what}" + (f": {mend}" if mend and allowed is not True else ""))
    return ExitCode.GOOD if good else ExitCode.DECISIONS
