"""`aimscope import` of attestations: adds them to the file that the settings name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from scanner import clock
from scanner.commands.tables import show_table
from scanner.exit_codes import ExitCode
from scanner.reports.plain import plain
from scanner.reports.wording import count
from scanner.session import SessionError, open_session
from scanner.workspace import from_settings

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from connectors.imports.rows import AttestedRow
    from inventory.attestation import Attestation
    from inventory.attestation_import import Incoming
    from scanner.workspace import Workspace

_NAME: Final = "attestations"
_YAML: Final = b"attestations:"
_TOP: Final = 4096


def holds_attestations(file: Path, reads: str) -> bool:
    """Whether a file is one of attestations, YAML or a table, by what stands in it or by what the user says.

    Raises:
        connectors.imports.problem.ImportProblem: It cannot be read.
    """
    from connectors.imports.declared import declares
    from connectors.imports.opening import head

    if reads:
        return reads == _NAME
    start = head(file)
    return _is_yaml(start) or (_may_be(start) and declares(file, _table()))


def take_in(file: Path, sheet: str, settings: Path | None, *, dry_run: bool) -> int:
    """Shows or adds the attestations of a file.

    Raises:
        SessionError: The settings name no file of attestations, or the one that is taken in.
        Exception: One of the errors of `inventory` and `connectors` that name what to mend.
    """
    from connectors.api.redact import redactor
    from connectors.imports.opening import head
    from inventory.attestation_import import add, hold_against, read_incoming
    from inventory.attestations import parse_attestations

    workspace = from_settings(settings)
    into = _into(workspace, file)
    table = None if _is_yaml(head(file)) else _table()
    rows = read_incoming(file, table, clock.now().date(), sheet)
    redact = redactor("")

    def make(present: Sequence[Attestation]) -> Sequence[Incoming]:
        return hold_against(rows, present, redact)

    if dry_run:
        incoming = make(parse_attestations(into.read_bytes() if into.exists() else b"", into))
    else:
        incoming = add(into, make)
    new = [one for one in incoming if not one.known]
    _show(incoming)
    for line in _unknown(workspace, [one.attestation for one in new]):
        click.echo(line)
    done = "would be added" if dry_run else "added"
    click.echo(f"{into}: {count(len(new), 'attestation')} {done}, {len(incoming) - len(new)} there already.")
    return ExitCode.GOOD


def _into(workspace: Workspace, file: Path) -> Path:
    """The file that is added to: the first that the settings name."""
    if not workspace.attestations:
        raise SessionError(
            "the settings name no file of attestations to add to. Write `attestations: aims-attestations.yaml` in aimscope.yaml."
        )
    if any(file.resolve() == one.resolve() for one in workspace.attestations):
        raise SessionError(
            f"{file}: is a file of attestations that the settings name, and every scan reads it already."
        )
    return workspace.attestations[0]


def _show(incoming: Sequence[Incoming]) -> None:
    rows = [
        (
            plain(one.attestation.place),
            plain(one.attestation.system),
            plain(one.attestation.claim),
            plain(f"{one.attestation.by} ({one.attestation.role})"),
            str(one.attestation.expires),
            f"there already: {plain(one.known)}" if one.known else "new",
        )
        for one in incoming
    ]
    show_table(("in the file", "about", "attested", "by", "until", "is"), rows)


def _unknown(workspace: Workspace, attestations: Sequence[Attestation]) -> list[str]:
    """What no system of the last scan is, with what is similar, and features that the catalog does not know."""
    from inventory.reconcile.attested import nearest

    lines = [
        f"{one.place}: the catalog knows no feature `{one.feature}` of `{one.product}`, but {', '.join(sorted(one.others))}."
        for one in attestations
        if one.feature and one.others and one.feature not in one.others
    ]
    try:
        systems = open_session(workspace).scanned.systems
    except SessionError:
        return list(map(plain, lines))
    known = {name for system in systems for name in (system.id, *system.aliases, *system.anchors)}
    ordered = sorted(known)
    lines += [
        f"{one.place}: no system of the last scan has the identifier `{one.system}`.{nearest(one.system, ordered)}"
        for one in attestations
        if not one.product and one.system not in known
    ]
    return list(map(plain, lines))


def _table() -> AttestedRow:
    """How a table of attestations is read."""
    from classifiers.services import load_services
    from connectors.imports.rows import Rows

    return Rows(load_services("imports")).attested


def _is_yaml(start: bytes) -> bool:
    return any(line.startswith(_YAML) for line in start.splitlines())


def _may_be(start: bytes) -> bool:
    """Whether a file may be a table of attestations, so that a log of gigabytes is not read as one."""
    from connectors.imports.spreadsheets import is_spreadsheet

    return is_spreadsheet(start) or b"role" in start[:_TOP].lower()
