"""One line of the ledger: an event as canonical JSON that hashes its own content."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, cast

from inventory.decision import Answer, Event, EventKind, Identity, IdentityProof

if TYPE_CHECKING:
    from collections.abc import Mapping

    from inventory.model import FactValue

MAX_LINE_BYTES = 256 * 1024
"""A line may not be longer: a ledger is read line by line, and one line must never fill the memory."""

TIME_FORMAT = "%Y-%m-%dT%H:%M:%SZ"
_HASH = re.compile(r"[0-9a-f]{64}")


class DamagedEventError(ValueError):
    """A line is not an event as it was written; the message says in what."""


class EditedEventError(DamagedEventError):
    """A line reads as an event, but its id or its form says that it was written otherwise.

    Attributes:
        claimed: The event as it reads now, under the id that it claims.
    """

    def __init__(self, message: str, claimed: RecordedEvent) -> None:
        super().__init__(message)
        self.claimed = claimed


@dataclass(frozen=True, slots=True)
class RecordedEvent(Event):
    """An event as it stands in the ledger.

    Attributes:
        declares: The entry that the decision writes into the scope document, field by field; empty where it writes
            none. A proposal carries it until somebody approves, because the scope document says only what holds.
    """

    declares: Mapping[str, object] = field(default_factory=dict)


def canonical(value: object) -> str:
    """The one JSON text of a plain value: sorted keys, no spaces, no escapes that UTF-8 does not need."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def seal(event: RecordedEvent) -> RecordedEvent:
    """The event with the id that its content gives it."""
    return replace(event, id=_content_hash(asdict(event)))


def encode(event: RecordedEvent) -> bytes:
    """The line of a sealed event, newline included.

    Raises:
        DamagedEventError: The event cannot be written so that it reads back the same.
    """
    try:
        line = canonical(asdict(event)).encode() + b"\n"
    except UnicodeEncodeError as error:
        raise DamagedEventError("it holds characters that UTF-8 cannot write: type the text again") from error
    if len(line) > MAX_LINE_BYTES:
        raise DamagedEventError(f"it is longer than {MAX_LINE_BYTES} bytes: shorten the justification")
    decode(line)
    return line


def decode(line: bytes) -> RecordedEvent:
    """The event of one line, newline included.

    Raises:
        EditedEventError: The line reads as an event, but is not byte for byte what `encode` writes for it.
        DamagedEventError: The line does not read as an event at all.
    """
    fields = _json_object(line)
    event = _event(fields)
    if _content_hash(fields) != event.id:
        raise EditedEventError("its content does not give its id: the line was edited", event)
    if canonical(fields).encode("utf-8", "surrogatepass") + b"\n" != line:
        what = "it is not written in the canonical form: the line was edited, or its line end changed"
        raise EditedEventError(what, event)
    return event


def _content_hash(fields: Mapping[str, object]) -> str:
    content = {name: value for name, value in fields.items() if name != "id"}
    # Text that UTF-8 cannot write is refused by `encode`; here it must only not end in a traceback.
    return hashlib.sha256(canonical(content).encode("utf-8", "surrogatepass")).hexdigest()


def _json_object(line: bytes) -> dict[str, object]:
    try:
        fields = json.loads(line.decode(), parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise DamagedEventError("it is not JSON in UTF-8: the line was edited") from error
    if not isinstance(fields, dict):
        raise DamagedEventError("it is not a JSON object")
    return fields


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _event(fields: Mapping[str, object]) -> RecordedEvent:
    _require(set(fields) == set(RecordedEvent.__dataclass_fields__), "it has not the fields of an event")
    by = fields["by"]
    _require(isinstance(by, dict) and set(by) == {"name", "proof"}, "`by` is not an identity")
    declares = fields["declares"]
    _require(isinstance(declares, dict), "`declares` is not an object")
    try:
        kind, answer = EventKind(_text(fields, "kind")), Answer(_text(fields, "answer"))
        identity = Identity(_text(cast("Mapping[str, object]", by), "name"), IdentityProof(by["proof"]))  # type: ignore[index]  # a dict, as required above
    except ValueError as error:
        raise DamagedEventError(str(error)) from error
    return RecordedEvent(
        id=_hash(_text(fields, "id"), "id"),
        parents=tuple(_hash(parent, "parents") for parent in _texts(fields["parents"], "parents")),
        kind=kind,
        subject=_text(fields, "subject"),
        anchors=_texts(fields["anchors"], "anchors"),
        entry=_text(fields, "entry"),
        answer=answer,
        because=_text(fields, "because"),
        facts=_facts(fields["facts"]),
        catalog=_text(fields, "catalog"),
        evidence=_text(fields, "evidence"),
        by=identity,
        at=_time(_text(fields, "at")),
        until=_text(fields, "until"),
        refers=_text(fields, "refers"),
        declares=cast("Mapping[str, object]", declares),
    )


def _require(holds: bool, otherwise: str) -> None:
    if not holds:
        raise DamagedEventError(otherwise)


def _text(fields: Mapping[str, object], name: str) -> str:
    value = fields[name]
    if not isinstance(value, str):
        raise DamagedEventError(f"`{name}` is not a text")
    return value


def _texts(value: object, name: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise DamagedEventError(f"`{name}` is not a list of texts")
    return tuple(value)


def _hash(value: str, name: str) -> str:
    _require(_HASH.fullmatch(value) is not None, f"`{name}` is not a SHA-256 in hexadecimal")
    return value


def _time(value: str) -> str:
    try:
        written = datetime.strptime(value, TIME_FORMAT).strftime(TIME_FORMAT)
    except ValueError as error:
        raise DamagedEventError(f"`at` is not a time like 2026-01-31T12:00:00Z: {value}") from error
    _require(written == value, f"`at` is not a time like 2026-01-31T12:00:00Z: {value}")
    return value


def _facts(value: object) -> dict[str, FactValue]:
    if not isinstance(value, dict):
        raise DamagedEventError("`facts` is not an object")
    return {name: _fact(name, fact) for name, fact in value.items()}


def _fact(name: str, value: object) -> FactValue:
    if isinstance(value, list):
        return _texts(value, f"facts.{name}")
    if isinstance(value, str | bool | int):
        return value
    raise DamagedEventError(f"`facts.{name}` is not a text, a number, true, false or a list of texts")
