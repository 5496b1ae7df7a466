"""`aimscope permissions`."""

from __future__ import annotations

from pathlib import Path

import click

from scanner.commands.errors import mended
from scanner.connect import NETWORK, permissions
from scanner.exit_codes import ExitCode
from scanner.workspace import from_settings


@click.command(name="permissions")
@click.argument("connector", type=click.Choice(NETWORK))
@click.option(
    "--settings", type=click.Path(path_type=Path), help="Settings file; else aimscope.yaml where it is there."
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, file_okay=False), help="Folder to write the documents into."
)
@mended
def command(connector: str, settings: Path | None, output: Path | None) -> int:
    """Print the least that a connector needs to be allowed: a policy, a role or a ClusterRole.

    It covers the rows that the settings enable; without settings, those that are enabled by default. Where one document
    would be larger than the cloud takes, there are several.
    """
    targets = [spec.target for spec in from_settings(settings).estates if spec.connector == connector]
    documents = permissions(connector, targets[0] if targets else None)
    if output is None:
        for name, text in documents:
            click.echo(f"{name}:", err=True)
            click.echo(text.rstrip("\n"))
        return ExitCode.GOOD
    output.mkdir(parents=True, exist_ok=True)
    for name, text in documents:
        (output / name).write_text(text, encoding="utf-8")
        click.echo(f"{output / name}")
    return ExitCode.GOOD
