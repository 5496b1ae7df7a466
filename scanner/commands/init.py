"""`aimscope init`."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from scanner.commands.errors import mended
from scanner.exit_codes import ExitCode
from scanner.session import SessionError
from scanner.workspace import LEDGER_FILE, SETTINGS_FILE

_SCOPE_FILE: Final = "aims-scope.yaml"
_STARTERS: Final = Path(__file__).parent.parent / "starters"
_LINES: Final = {
    # Two branches that both decided merge as a set; the hash of a line is over its bytes.
    ".gitattributes": (f"{LEDGER_FILE} text eol=lf merge=union",),
    ".gitignore": (
        ".aims-decisions.lock",
        ".aims-decisions.journal",
        ".aims-register.lock",
        ".aims-register.journal",
        ".*.new",
        "aimscope.db*",
    ),
}
_NEXT: Final = f"""
Next:
  1. Name what to scan under `sources` in {SETTINGS_FILE}; it scans this folder as it stands.
  2. aimscope scan      finds the AI systems, and keeps the result in the inventory database
  3. aimscope review    lists what has to be decided
  4. aimscope decide    records a decision in {_SCOPE_FILE} and {LEDGER_FILE}; commit both"""


@click.command(name="init")
@click.option("--force", is_flag=True, help="Overwrite the settings and the scope document that are there.")
@mended
def command(*, force: bool) -> int:
    """Write settings and a scope document to start from, and the lines that git needs to keep the ledger whole.

    What is there stays as it is, unless --force says otherwise; lines that .gitattributes and .gitignore lack are added.
    """
    for name in (SETTINGS_FILE, _SCOPE_FILE):
        content = (_STARTERS / name).read_text(encoding="utf-8")
        click.echo(f"{name}: {_write(Path(name), content, force=force)}")
    for name, lines in _LINES.items():
        click.echo(f"{name}: {_add_lines(Path(name), lines)}")
    click.echo(_NEXT)
    return ExitCode.GOOD


def _write(path: Path, content: str, *, force: bool) -> str:
    there = path.exists()
    if there and not force:
        return "left as it is (--force overwrites it)"
    try:
        path.write_text(content, encoding="utf-8")
    except OSError as error:
        raise _unwritable(path, error) from error
    return "overwritten" if there else "written"


def _add_lines(path: Path, lines: tuple[str, ...]) -> str:
    """Adds the lines that a file lacks, whatever encoding and line ends it has."""
    try:
        content = path.read_bytes() if path.exists() else b""
        there = {line.strip() for line in content.splitlines()}
        missing = [line for line in lines if line.encode() not in there]
        if missing:
            gap = b"\n" if content and not content.endswith(b"\n") else b""
            path.write_bytes(content + gap + "".join(f"{line}\n" for line in missing).encode())
    except OSError as error:
        raise _unwritable(path, error) from error
    return f"added {', '.join(missing)}" if missing else "has all lines already"


def _unwritable(path: Path, error: OSError) -> SessionError:
    return SessionError(f"{path}: cannot be written: {error.strerror}. Run this in a folder that you may write to.")
