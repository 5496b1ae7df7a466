"""What an import did, for people and for programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from inventory.intake.context_parts import part_id
from inventory.intake.plan import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from inventory.intake.importing import Imported
    from inventory.intake.plan import Step

_MOST: Final = 12
"""So many lines of one sort are printed; all stand in the trace, and in JSON."""

_LONGEST: Final = 160


def as_lines(found: Imported, *, written: bool) -> Iterator[str]:
    """The report for people."""
    taken = found.taken
    yield f"{found.file}: read {taken.mapping}"
    if taken.rows["read"]:
        yield f"rows: {_sum(found)}"
    parts = [
        f"{what.partition('.')[2] if what.startswith('document.') else what} ({how})"
        for what, how in found.parts
        if how != "unchanged"
    ]
    yield from _some("parts", parts)
    yield from _some(
        "held back", [f"{_name(step)}: {step.because}" for step in found.steps if step.outcome is Outcome.REFUSED]
    )
    yield from _some(
        "changed",
        [f"{step.entry_id}: {', '.join(step.changes)}" for step in found.steps if step.outcome is Outcome.CHANGED],
    )
    yield from _some("kept as a person wrote it", list(_conflicts(found)))
    yield from _some("no longer in the file, and left as they are", found.gone)
    remarks = taken.remarks.all()
    for title, asks in (("to answer", True), ("read as", False)):
        yield from _some(title, [f"{one.text} ({one.place}{_times(one.times)})" for one in remarks if one.asks is asks])
    yield from _some("not understood, and kept", [f"{left.place}: {left.text}: {left.why}" for left in taken.left])
    columns = sorted({column for _, draft in taken.entries for column in draft.left})
    yield from _some("columns that no field holds, kept in the trace", columns)
    what = "changed" if found.written else "not changed"
    yield f"{found.into}: {what if written else f'would be {what}'}"


def as_json(found: Imported, clean: Callable[[str], str]) -> str:
    """The report for programs, every field with where it comes from."""
    taken = found.taken
    report: dict[str, Any] = {
        "file": found.file,
        "into": found.into.name,
        "read": taken.mapping,
        "rows": {"read": taken.rows["read"], **{str(name): number for name, number in found.counts.items()}},
        "document": {
            name: {"value": said.value, "from": _from(str(said.place), said.column)}
            for name, said in taken.document.items()
        },
        "context": [
            {
                "part": part_id(part),
                "places": [str(place) for place in part.draft.places],
                "fields": {
                    name: {"value": value, "from": part.draft.said(name)} for name, value in part.draft.fields.items()
                },
            }
            for part in taken.context
        ],
        "parts": [{"part": what, "outcome": how} for what, how in found.parts],
        "entries": [_entry(step, clean) for step in found.steps],
        "gone": found.gone,
        "remarks": [
            {"text": clean(one.text), "asks": one.asks, "place": str(one.place), "times": one.times}
            for one in taken.remarks.all()
        ],
        "not_understood": [
            {"text": clean(left.text), "why": left.why, "place": str(left.place)} for left in taken.left
        ],
        "changed": found.written,
    }
    return json.dumps(report, ensure_ascii=False, indent=2) + "\n"


def _entry(step: Step, clean: Callable[[str], str]) -> dict[str, Any]:
    draft = step.draft
    return {
        "id": step.entry_id,
        "outcome": step.outcome.value,
        "because": step.because,
        "places": [str(place) for place in draft.places],
        "fields": {
            name: {"value": draft.fields.get(name), "from": draft.said(name)}
            for name in draft.origins
            if "." not in name
        },
        "facts": {
            name: {"value": value, "from": draft.said(f"baseline.{name}")}
            for name, value in draft.fields.get("baseline", {}).items()
        },
        "changed": sorted(step.changes),
        "conflicts": [{"field": one.field, "there": one.there, "imported": one.imported} for one in step.conflicts],
        "kept": {column: clean(text) for column, text in draft.left.items()},
    }


def _sum(found: Imported) -> str:
    counts = found.counts
    parts = [f"{counts[name]:,} {name}" for name in (*Outcome, "blank") if counts[name]]
    return f"{found.taken.rows['read']:,} read = {' + '.join(parts) or '0'}"


def _conflicts(found: Imported) -> Iterator[str]:
    for step in found.steps:
        for one in step.conflicts:
            yield f"{step.entry_id}: `{one.field}` is {_short(one.there)}, and the file says {_short(one.imported)}"
    for what, how in found.parts:
        if how == "conflict":
            yield f"{what}: the file says otherwise"


def _some(title: str, lines: list[str]) -> Iterator[str]:
    if lines:
        yield f"{title} ({len(lines):,}):"
        yield from (f"  {_cut(line)}" for line in lines[:_MOST])
        if len(lines) > _MOST:
            yield f"  and {len(lines) - _MOST:,} more"


def _name(step: Step) -> str:
    place = step.draft.places[0]
    return f"{step.draft.name or step.draft.own or step.draft.within or 'a row'} ({place.short})"


def _times(times: int) -> str:
    return f", and {times - 1:,} more" if times > 1 else ""


def _from(place: str, column: str) -> str:
    return f"{place}, {column}" if column else place


def _short(value: Any) -> str:
    return f"`{_cut(str(value), 60)}`"


def _cut(text: str, longest: int = _LONGEST) -> str:
    line = " ".join(text.split())
    return line if len(line) <= longest else f"{line[: longest - 1]}…"
