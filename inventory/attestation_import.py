"""Takes attestations from a file that somebody sends, YAML or a table, and adds them to the file that the settings name."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from io import StringIO
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError
from ruamel.yaml import YAML

from connectors.imports import cells
from connectors.imports.declared import declared
from inventory.attestations import AttestationError, AttestationRow, parse_attestations
from inventory.facts import FactType, definition
from inventory.transaction import Files, commit, writing
from inventory.validation import show_path
from inventory.yaml_file import Problem, read_yaml

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from connectors.imports.declared import Declared
    from connectors.imports.rows import AttestedRow
    from inventory.attestation import Attestation

_NEW: Final = "# What people in a role say that they have seen, until when; see docs/attest.md.\nattestations:\n"
_ITEM: Final = re.compile(r"^( *)- ", re.MULTILINE)
_DAYS: Final = ("since", "date", "expires")
_YES: Final = {"yes": True, "true": True, "no": False, "false": False}
_WIDTH: Final = 120


@dataclass(frozen=True, slots=True)
class Incoming:
    """One attestation of the file that is taken in.

    Attributes:
        row: As it will be written.
        attestation: What it says; its place is that in the file that is taken in.
        known: Where it stands already; empty where it is new.
    """

    row: AttestationRow
    attestation: Attestation
    known: str = ""


def read_incoming(
    path: Path, table: AttestedRow | None, today: date, sheet: str = ""
) -> tuple[tuple[str, AttestationRow], ...]:
    """The attestations of a file, each with its place: YAML as people write it, or a table.

    Args:
        path: The file.
        table: How tables are read; none for YAML.
        today: The day, for dates.
        sheet: Name of the sheet of a spreadsheet; empty for all that people see.

    Raises:
        AttestationError: One is wrong; every problem with its place and the mend.
        connectors.imports.problem.ImportProblem: The table cannot be read.
    """
    written = (
        list(_of_yaml(path))
        if table is None
        else [(one.place, _fields(one, today)) for one in declared(path, table, sheet)]
    )
    rows, problems = [], []
    for place, fields in written:
        try:
            rows.append((place, AttestationRow.model_validate(fields)))
        except ValidationError as error:
            problems += [Problem(place, 0, *_told(one)) for one in error.errors(include_url=False)]
    if problems:
        raise AttestationError(problems)
    return tuple(rows)


def hold_against(
    rows: Iterable[tuple[str, AttestationRow]], present: Iterable[Attestation], redact: Callable[[str], str]
) -> tuple[Incoming, ...]:
    """Which of them are new. Addresses of people in what was seen become keyed hashes; who attests stays named.

    Raises:
        AttestationError: Somebody attests two different things of the same on the same day.
    """
    known = {_key(one): replace(one, seen=redact(one.seen)) for one in present}
    incoming, problems = [], []
    for place, given in rows:
        row = given.model_copy(update={"seen": redact(given.seen)})
        one = row.attestation(place)
        before = known.setdefault(_key(one), one)
        if before is not one and _said(before) != _said(one):
            what = f"says otherwise than {before.place} of the same, by {one.by} on the same day ({one.claim}; {before.claim})"
            problems.append(Problem(place, 0, what, "Correct one of them, or attest it on a later day."))
        incoming.append(Incoming(row, one, before.place if before is not one else ""))
    if problems:
        raise AttestationError(problems)
    return tuple(incoming)


def add(path: Path, make: Callable[[Sequence[Attestation]], Sequence[Incoming]]) -> tuple[Incoming, ...]:
    """Adds attestations at the end of a file: all that are new, or none. What stands in it is not touched.

    Args:
        path: The file; a new one where there is none.
        make: Gives what comes in, of what the file holds under the lock.

    Returns:
        What came in, that which was known too.

    Raises:
        AttestationError: The file is wrong, or cannot be added to as it is written.
        inventory.transaction.TransactionError: Somebody else is writing, or the file cannot be written.
    """
    with writing(Files(path, path.with_suffix(".none"))) as snapshot:
        before = snapshot.scope or b""
        present = parse_attestations(before, path)
        incoming = tuple(make(present))
        if new := [one for one in incoming if not one.known]:
            edited = _with(before.decode("utf-8-sig") or _NEW, [one.row for one in new]).encode()
            _require_added(path, edited, present, [one.attestation for one in new])
            commit(snapshot, scope=edited)
        return incoming


def _of_yaml(path: Path) -> Iterator[tuple[str, Any]]:
    file = read_yaml(path)
    given = file.value.get("attestations") if isinstance(file.value, dict) else None
    if not isinstance(given, list):
        raise AttestationError(
            [file.problem(("attestations",), "holds no list of attestations", "See docs/attest.md.")]
        )
    for number, fields in enumerate(given):
        yield f"{path.name}:{file.line(('attestations', number))}", fields


def _fields(one: Declared, today: date) -> dict[str, Any]:
    """The cells of a row in the types that YAML has. What is no day or value stays text, and is refused where it is read."""
    fields: dict[str, Any] = dict(one.texts)
    for name in _DAYS:
        if name in fields:
            fields[name] = cells.day(fields[name], today) or fields[name]
    if "state" in fields:
        fields["state"] = fields["state"].casefold()
    row = definition(fields.get("fact", ""))
    if row is not None and "value" in fields:
        fields["value"] = _typed(row.type, fields["value"])
    return fields


def _typed(kind: FactType, text: str) -> Any:
    if kind is FactType.BOOLEAN:
        return _YES.get(text.casefold(), text)
    if kind is FactType.NUMBER:
        return int(text) if text.isdigit() else text
    return [part for part in map(str.strip, re.split(r"[;\n]", text)) if part] if kind is FactType.SET else text


def _key(one: Attestation) -> tuple[object, ...]:
    return one.system, one.tenant, one.fact, one.feature.casefold(), one.by.casefold(), one.date


def _said(one: Attestation) -> tuple[object, ...]:
    return one.value, one.since, one.role, one.seen, one.expires


def _with(text: str, rows: Sequence[AttestationRow]) -> str:
    """The text of a file with more items at the end of its list, as deep as those that are there."""
    indents = [len(found[1]) for found in _ITEM.finditer(text)]
    depth = min(indents, default=2)
    yaml = YAML()
    yaml.indent(mapping=2, sequence=depth + 2, offset=depth)
    yaml.width = _WIDTH
    stream = StringIO()
    yaml.dump({"attestations": [_written(row) for row in rows]}, stream)
    return text + ("" if text.endswith("\n") else "\n") + stream.getvalue().partition("\n")[2]


def _written(row: AttestationRow) -> Mapping[str, Any]:
    fields = row.model_dump(exclude_none=True)
    if row.state:
        fields["state"] = row.state.value
    return {name: list(value) if isinstance(value, tuple) else value for name, value in fields.items()}


def _require_added(path: Path, edited: bytes, present: Sequence[Attestation], new: Sequence[Attestation]) -> None:
    """Refuses an edit after which the file does not say what it said, and what was added, and nothing else."""
    try:
        after = parse_attestations(edited, path)
    except AttestationError:
        after = ()
    if [(_key(one), _said(one)) for one in after] != [(_key(one), _said(one)) for one in (*present, *new)]:
        mend = "Write its attestations as a list with a `-` before each, and nothing below it."
        raise AttestationError([Problem(str(path), 0, "cannot be added to as it is written", mend)])


def _told(error: Any) -> tuple[str, str]:
    """What is wrong and the mend, of an error of pydantic."""
    name = show_path(error["loc"])
    if error["type"] == "missing":
        return f"has no `{name}`", f"Fill in `{name}`."
    text = str(error.get("ctx", {}).get("error", error["msg"]))
    what, _, mend = text.partition(". ")
    return f"{name}: {what}" if name else what, f"{mend}." if mend else "Correct it."
