"""When a review is due: how long a decision holds without a look, and which changes ask for one at once."""

from __future__ import annotations

import re
from collections.abc import Mapping  # noqa: TC003 - pydantic reads it
from datetime import timedelta
from typing import Annotated, Final

from pydantic import AfterValidator, BeforeValidator, Field

from classifiers.model import SystemKind
from inventory.facts import FACTS, FactDefinition, Trigger, definition
from inventory.validation import Strict, Texts, closest, listed, show_input

REVIEW_EVERY: Final = timedelta(days=365)
"""By practice, the longest that a decision holds without a look."""

ALWAYS: Final = ("new_system", "gone", "exclusion_contradicted", "evidence")
"""Triggers that nobody can switch off: the verdicts on them are what the scope document is held to."""

OWNER: Final = "owner_resolves"
"""The trigger on an owner who no longer resolves."""

_SPAN: Final = re.compile(r"(?P<number>[1-9]\d{0,3}) (?P<unit>day|week|month|year)s?")
_DAYS: Final = {"day": 1.0, "week": 7.0, "month": 365 / 12, "year": 365.0}


def _span(value: object) -> object:
    """Reads `6 months` as days."""
    if isinstance(value, timedelta):
        return value
    match = _SPAN.fullmatch(" ".join(str(value).split()).lower()) if isinstance(value, str) else None
    if match is None:
        raise ValueError(f"{show_input(value)} is no span of time. Write it as `6 months`, `90 days` or `1 year`")
    span = timedelta(days=int(int(match["number"]) * _DAYS[match["unit"]]))
    if span > REVIEW_EVERY:
        raise ValueError(f"{show_input(value)} is longer than a year. Write a year at most")
    return span


def _switch(value: object) -> object:
    """Takes what people write for on and off; YAML 1.2 reads both words as texts."""
    known = {"on": True, "off": False}
    return known.get(value.strip().lower(), value) if isinstance(value, str) else value


def _known_triggers(triggers: Mapping[str, bool]) -> Mapping[str, bool]:
    """Only what can be switched."""
    names = [row.name for row in FACTS if row.material] + [OWNER]
    for name in triggers:
        if name in ALWAYS:
            raise ValueError(f"`{name}` cannot be switched. Remove it; it always asks for a review")
        if name not in names:
            meant = closest(name, names)
            mend = f"Write `{meant}`" if meant else f"Use one of {', '.join(names)}"
            raise ValueError(f"{show_input(name)} is no trigger. {mend}")
    return triggers


Switch = Annotated[bool, BeforeValidator(_switch, json_schema_input_type=bool | str)]


class Review(Strict):
    """When a review is due.

    Attributes:
        every: How long a decision, and the document, hold without a look: `6 months`; a year at most, and where none is named.
        triggers: Changes that ask for a review at once, each `on` or `off`: a material fact, or `owner_resolves`. What is
            not named is as the registry of facts has it. A new system, one that is gone, a contradicted exclusion and new
            evidence for what was dismissed always ask.
        significant: Kinds of systems whose appearance counts while nobody has decided about them. The others are shown.
        owners: All who can be owners: names, teams, addresses, `*` for any run of characters. An owner who is none of
            them no longer resolves; without the list nothing is said.
    """

    every: Annotated[timedelta, BeforeValidator(_span, json_schema_input_type=str)] = REVIEW_EVERY
    triggers: Annotated[dict[str, Switch], AfterValidator(_known_triggers)] = Field(default_factory=dict)
    significant: Annotated[
        tuple[SystemKind, ...],
        BeforeValidator(listed, json_schema_input_type=SystemKind | list[SystemKind]),
        Field(min_length=1),
    ] = tuple(kind for kind in SystemKind if kind.holds_ai)
    owners: Texts = ()

    def asks(self, fact: str, *, by_hand: bool = False) -> bool:
        """Whether a change of a fact asks for a review.

        Args:
            fact: Name of the fact.
            by_hand: Whether somebody wrote the value to compare with into the scope document, and so means it.
        """
        row = definition(fact)
        return self.triggers.get(fact, by_hand or (row is not None and row.material and row.significant))

    @property
    def watched(self) -> tuple[FactDefinition, ...]:
        """The facts whose change asks for a review."""
        return tuple(row for row in FACTS if row.material and self.asks(row.name))

    @property
    def watches_owners(self) -> bool:
        """Whether an owner who no longer resolves asks for a review."""
        return self.triggers.get(OWNER, True)


USUAL: Final = Review()
"""What holds where the scope document says nothing, or where there is none."""

CHANGE: Final[dict[Trigger, str]] = {
    Trigger.ANY: "another value",
    Trigger.MORE: "a value more",
    Trigger.FROM_NONE: "some from none",
}
"""Which change of a fact asks, in words."""
