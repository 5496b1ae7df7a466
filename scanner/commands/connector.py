"""`aimscope connector test`."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scanner.commands.errors import mended
from scanner.exit_codes import ExitCode
from scanner.reports.plain import plain

if TYPE_CHECKING:
    from connectors.model import Coverage, Observation
    from connectors.saas import Target


@click.group(name="connector")
def command() -> None:
    """Write rows for a vendor."""


@command.command(name="test")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--tenant", required=True, help="What the vendor calls your organisation.")
@click.option(
    "--set",
    "settings",
    metavar="KEY=VALUE",
    multiple=True,
    help="Another setting of a SaaS source, as token_env=OKTA_TOKEN.",
)
@mended
def test(file: Path, tenant: str, settings: tuple[str, ...]) -> int:
    """Try the rows of a vendor's YAML file with your credentials, and show what they find.

    The file is checked first. It asks the vendor, changes nothing, and keeps nothing. It ends with 1 where a part was
    not answered.
    """
    from connectors.api.policy import DEFAULT_POLICY
    from connectors.api.redact import redactor
    from connectors.model import Observation
    from connectors.saas.trial import read_file, try_row

    target = _target(read_file(file).id, tenant, settings)
    good = True
    for one in try_row(file, target, DEFAULT_POLICY, redactor("")):
        if isinstance(one, Observation):
            click.echo(_seen(one))
        else:
            good = good and not one.outcome.incomplete
            click.echo(_ended(one))
    return ExitCode.GOOD if good else ExitCode.DECISIONS


def _target(vendor: str, tenant: str, settings: tuple[str, ...]) -> Target:
    from connectors.saas import Target

    known = {field.name: field for field in fields(Target)}
    named: dict[str, Any] = {}
    for setting in settings:
        name, sign, value = setting.partition("=")
        if not sign or name not in known:
            raise click.UsageError(f"--set {setting}: write KEY=VALUE with one of {', '.join(known)}")
        listed = isinstance(known[name].default, tuple)
        named[name] = tuple(value.split(",")) if listed else value
    try:
        return Target(vendor=vendor, tenant=tenant, **named)
    except (TypeError, ValueError) as error:
        raise click.UsageError(str(error)) from error


def _seen(one: Observation) -> str:
    told = ((key, ", ".join(held) if isinstance(held, tuple) else held) for key, held in sorted(one.attributes.items()))
    return plain(f"{one.kind.value}  {one.name}  " + "; ".join(f"{key}: {held}" for key, held in told))


def _ended(part: Coverage) -> str:
    counts = ", ".join(f"{name} {number}" for name, number in part.counts.items())
    return plain(f"-- {part.scope}: {part.outcome.value}; {counts}" + (f"; {part.reason}" if part.reason else ""))
