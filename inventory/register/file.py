"""Reading and writing the register. What is written replaces rows or adds them; the rest stays byte for byte.

It is written through the transaction that also keeps the scope document whole: a lock keeps two writers apart, a kill
leaves the old file or the new one, and what somebody else changed meanwhile is never overwritten.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from inventory.register.document import Register, RegisterDocument
from inventory.scope_text import ScopeTextError, set_entries
from inventory.transaction import Files, commit, recover, writing
from inventory.validation import show_path, validate
from inventory.yaml_file import InputError, Problem, parse_yaml

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from inventory.register.document import NonConformity, Risk
    from inventory.yaml_file import YamlFile

FILE_NAME: Final = "aims-register.yaml"

_NEW: Final = """\
# The AI risk register and the non-conformities of the AI management system.
#
# People write this file: by hand, by pull request, or with `aimscope evidence --from SHEET`. `aimscope evidence --record`
# adds what scans show. Keep it in version control, and delete nothing from it: a non-conformity is closed, not removed.

risks: []

nonconformities: []
"""
_MEND: Final = "Write `risks` and `nonconformities` as one row a dash and one field a line."


class RegisterError(InputError):
    """The register cannot be used; `problems` says where and why, and the mend."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows to write: each with its id and the fields to set."""

    risks: Sequence[Mapping[str, Any]] = ()
    nonconformities: Sequence[Mapping[str, Any]] = ()


def load(path: Path) -> Register:
    """Reads the register; a write that was cut off is finished first. Where there is no file, nothing is written yet.

    Raises:
        RegisterError: It cannot be read, or is no register.
        inventory.transaction.TransactionError: A cut-off write cannot be finished.
    """
    recover(_files(path))
    try:
        return parse(path.read_bytes(), str(path))
    except FileNotFoundError:
        return Register()
    except OSError as error:
        mend = "Name a file that you may read."
        raise RegisterError([Problem(str(path), 0, f"cannot be read: {error.strerror}", mend)]) from error


def parse(content: bytes, name: str) -> Register:
    """Reads the content of a register that messages call `name`.

    Raises:
        RegisterError: It is no register.
    """
    try:
        file = parse_yaml(content, name)
        if file.value is None:
            return Register()
        document = validate(RegisterDocument, file)
        problems = [
            *_repeated(file, "risks", document.risks),
            *_repeated(file, "nonconformities", document.nonconformities),
        ]
    except InputError as error:
        raise RegisterError(error.problems) from error
    if problems:
        raise RegisterError(problems)
    return Register({row.id: row for row in document.risks}, {row.id: row for row in document.nonconformities})


def change(path: Path, make: Callable[[Register], Rows]) -> Register:
    """Writes what `make` makes of the register as it stands under the lock; gives the register as it is then.

    Raises:
        RegisterError: The register cannot be read or edited; nothing was written.
        inventory.transaction.TransactionError: Somebody else is writing, or the file cannot be written.
    """
    with writing(_files(path)) as snapshot:
        before = snapshot.scope
        rows = make(parse(before, str(path)) if before is not None else Register())
        if not (rows.risks or rows.nonconformities):
            return parse(before, str(path)) if before is not None else Register()
        edited = _edited((before or _NEW.encode()).decode("utf-8-sig"), rows, str(path)).encode()
        after = parse(edited, str(path))
        commit(snapshot, scope=edited)
        return after


def _files(path: Path) -> Files:
    """The register in the place of the scope document. It has no ledger; the name beside it is never written."""
    return Files(path, path.with_suffix(".none"))


def _edited(text: str, rows: Rows, name: str) -> str:
    try:
        return _set(_set(text, "risks", rows.risks), "nonconformities", rows.nonconformities)
    except ScopeTextError as error:
        line = re.match(r"line (\d+)", str(error))
        what = "cannot be edited without touching what somebody wrote"
        raise RegisterError([Problem(name, int(line[1]) if line else 0, what, _MEND)]) from error


def _set(text: str, section: str, rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows of a section. What edits the text knows one section, `entries`: while it works, ours bears that name."""
    if not rows:
        return text
    edited = set_entries(re.sub(rf"^{section}(?=\s*:)", "entries", text, count=1, flags=re.MULTILINE), rows)
    return re.sub(r"^entries(?=\s*:)", section, edited, count=1, flags=re.MULTILINE)


def _repeated(file: YamlFile, section: str, rows: Sequence[Risk | NonConformity]) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for index, row in enumerate(rows):
        if row.id in first:
            path = (section, index, "id")
            what = f"{show_path(path)} `{row.id}` stands already in line {file.line((section, first[row.id], 'id'))}"
            yield file.problem(path, what, "Make them one row.")
        first.setdefault(row.id, index)
