"""`aimscope evidence`."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scanner.commands.errors import mended
from scanner.commands.options import PATH, located
from scanner.exit_codes import ExitCode
from scanner.reports.wording import count

if TYPE_CHECKING:
    from scanner.evidence.ground import Ground
    from scanner.workspace import Workspace


@click.command(name="evidence")
@click.option("-o", "--output", type=PATH, help="Write the pack: a new folder, or one file that ends in .zip.")
@click.option("--register", type=PATH, help="Risk register; aims-register.yaml beside the ledger by default.")
@click.option("--record", is_flag=True, help="Add to the register what the scan shows of non-conformities.")
@click.option(
    "--xlsx", type=click.Path(path_type=Path, dir_okay=False), help="Write the register as a sheet to fill in."
)
@click.option("--from", "sheet", type=click.Path(path_type=Path, dir_okay=False, exists=True),
              help="Take a filled-in sheet back into the register: all of its rows, or none.")  # fmt: skip
@mended
@located("scope", "ledger", "database")
def command(
    workspace: Workspace,
    *,
    output: Path | None,
    register: Path | None,
    record: bool,
    xlsx: Path | None,
    sheet: Path | None,
) -> int:
    """Write the evidence that an auditor of the AI management system asks for.

    It holds the last stored scan against the scope document, the ledger and the register as they are today; it scans
    nothing. What several options ask for is done in this order: --from, --record, --xlsx, -o. Only --from and --record
    write into the register, and nothing writes into the scope document or the ledger.
    """
    if not (output or record or xlsx or sheet):
        raise click.UsageError("nothing to do: name a pack with -o, or one of --record, --xlsx and --from.")
    from scanner.evidence.gather import gather, ground_of, register_of  # what it stands on is slow to import

    file = register or register_of(workspace)
    ground = ground_of(workspace, file)
    if sheet:
        ground = _take_back(sheet, file, ground)
    if record:
        ground = _record(file, ground)
    if xlsx:
        _write_sheet(xlsx, ground)
    if output:
        from scanner.evidence.pack import MANIFEST, files
        from scanner.evidence.writing import write

        _require_outside(output, workspace)
        contents = files(gather(ground, workspace))
        write(output, contents)
        digest = hashlib.sha256(contents[MANIFEST]).hexdigest()
        click.echo(f"Evidence: {output}, {count(len(contents), 'file')}; SHA-256 of {MANIFEST}: {digest}", err=True)
    return ExitCode.GOOD


def _require_outside(output: Path, workspace: Workspace) -> None:
    """Refuses a folder that the next scan would take for evidence of AI."""
    target = output.resolve()
    for source in workspace.sources:
        scanned = Path(source.location).resolve()
        if target.suffix.lower() != ".zip" and scanned.is_dir() and target.is_relative_to(scanned):
            raise click.ClickException(
                f"{output}: lies in {source.location}, which aimscope scans, and the next scan would take the pack for "
                "evidence. Name a folder outside, or a file that ends in .zip."
            )


def _record(file: Path, ground: Ground) -> Ground:
    from inventory.register.file import change
    from scanner.evidence.improvement import record

    after = change(file, lambda register: record(ground, register))
    changed = sum(ground.register.nonconformities.get(row_id) != row for row_id, row in after.nonconformities.items())
    click.echo(
        f"Register: {file}, {count(changed, 'non-conformity', 'non-conformities')} added or followed up", err=True
    )
    return replace(ground, register=after)


def _write_sheet(file: Path, ground: Ground) -> None:
    from inventory.register.sheet import write_sheet
    from scanner.evidence.improvement import present
    from scanner.evidence.risk import rows

    risks = rows(ground)
    write_sheet(file, risks, [row for row in present(ground) if row.id in ground.register.nonconformities])
    click.echo(
        f"{file}: {count(len(risks), 'risk')} to fill in; take them back with `aimscope evidence --from {file}`.",
        err=True,
    )


def _take_back(sheet: Path, file: Path, ground: Ground) -> Ground:
    from inventory.register.file import change
    from inventory.register.sheet_reading import read_sheet
    from scanner.evidence.risk import rows

    after = change(
        file, lambda register: read_sheet(sheet, rows(replace(ground, register=register)), register.nonconformities)
    )
    taken = sum(ground.register.risks.get(row_id) != row for row_id, row in after.risks.items())
    taken += sum(ground.register.nonconformities.get(row_id) != row for row_id, row in after.nonconformities.items())
    click.echo(f"Register: {file}, {count(taken, 'row')} taken from {sheet}", err=True)
    return replace(ground, register=after)
