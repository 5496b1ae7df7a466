"""Conditions on facts, and their three answers: holds, broken, or not known.

A fact is held against a condition as the set of the values that anything states for it:

=============  ===========================================  =================================================
operation      holds when                                   fits
=============  ===========================================  =================================================
``equals``     it is this; a set: these and no others       every fact
``not_equals`` it is not this                               every fact
``only``       every value is one of these                  texts and sets
``any_of``     at least one value is one of these           texts and sets
``none_of``    no value is one of these                     texts and sets
``at_least``   it is this number or more                    numbers
``at_most``    it is this number or less                    numbers
``exists``     something states it                          texts, numbers and sets
``absent``     nothing states it                            texts, numbers and sets
=============  ===========================================  =================================================

One value that contradicts breaks a condition, whoever else says otherwise. What was not seen proves nothing, unless
every source that would show it was fully covered (a repository shows no Regions), or somebody stated the fact: only then
a set has no further members, and `none_of`, `not_equals`, `absent` and `equals: false` hold although nothing is there.
Absence never proves that something is: `equals`, `only` and the comparisons of a fact that nothing states are not known.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from inventory.facts import FactType, definition, show, value_set
from inventory.model import Origin
from inventory.patterns import Glob
from inventory.scope.op import Op

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from inventory.facts import KnownFacts
    from inventory.model import Fact, FactValue
    from inventory.scope.document import Condition

Member = str | int | bool


class Truth(StrEnum):
    """The answer of a condition."""

    HOLDS = "holds"
    BROKEN = "broken"
    NOT_KNOWN = "not_known"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What testing a condition gave.

    Attributes:
        truth: The answer.
        text: Why, in a sentence: the value seen, or what would have to be seen or attested.
        findings: Ids of the findings behind the facts that break it.
        values: The values that break it.
    """

    truth: Truth
    text: str
    findings: tuple[str, ...] = ()
    values: tuple[Member, ...] = ()


def evaluate(condition: Condition, known: KnownFacts) -> Judgement:
    """Tests a condition on what is known."""
    stated = known.of(condition.fact)
    row = definition(condition.fact)
    subject = _Subject(
        values=[(member, fact) for fact in stated for member in value_set(fact.value)],
        type=row.type if row else FactType.SET,
        closed=any(fact.origin is not Origin.OBSERVED for fact in stated)
        or (row is not None and row.told and bool(stated))
        or (known.covered and row is not None and row.observable(known.sources)),
    )
    truth, against = _TESTS[condition.op](subject, condition.value)
    if truth is Truth.BROKEN:
        values = tuple(dict.fromkeys(value for value, _ in against))
        return Judgement(truth, _broken_text(condition, against), evidence(fact for _, fact in against), values)
    if truth is Truth.NOT_KNOWN:
        return Judgement(truth, _not_known_text(condition, stated, known))
    return Judgement(truth, f"{describe(condition)}: {_seen(stated)}")


def describe(condition: Condition) -> str:
    """A condition in words."""
    words = f"{condition.fact} {condition.op.replace('_', ' ')}"
    return words if condition.value is None else f"{words} {show(condition.value)}"


def evidence(facts: Iterable[Fact]) -> tuple[str, ...]:
    """The findings behind observed facts, sorted."""
    return tuple(sorted({finding for fact in facts if fact.origin is Origin.OBSERVED for finding in fact.evidence}))


def same(expected: Member, value: Member) -> bool:
    """Whether a value is what is expected: texts without regard to case, `*` for any run of characters."""
    if isinstance(expected, str) and isinstance(value, str):
        return _glob(expected).matches(value.casefold())
    return expected == value and isinstance(expected, bool) == isinstance(value, bool)


def among(value: Member, expected: Iterable[Member]) -> bool:
    """Whether a value is one of those expected."""
    return any(same(one, value) for one in expected)


@lru_cache(maxsize=4096)
def _glob(pattern: str) -> Glob:
    return Glob.of(pattern.casefold())


Stated = list[tuple[Member, "Fact"]]
Answer = tuple[Truth, Stated]
_HOLDS: Answer = (Truth.HOLDS, [])
_NOT_KNOWN: Answer = (Truth.NOT_KNOWN, [])


@dataclass(frozen=True, slots=True)
class _Subject:
    """The values of a fact; `closed` when there can be no others."""

    values: Stated
    type: FactType
    closed: bool

    def split(self, expected: Iterable[Member]) -> tuple[Stated, Stated]:
        """The values among the expected ones, and the others."""
        wanted = tuple(expected)
        inside = [pair for pair in self.values if among(pair[0], wanted)]
        return inside, [pair for pair in self.values if not among(pair[0], wanted)]

    @property
    def complete(self) -> bool:
        """Whether the values are all there are: a scalar has one, a set may have more where it is not closed."""
        return bool(self.values) and (self.closed or self.type in {FactType.TEXT, FactType.NUMBER})


def _broken(against: Stated) -> Answer:
    return Truth.BROKEN, against


def _only(subject: _Subject, expected: FactValue | None) -> Answer:
    _, outside = subject.split(_members(expected))
    if outside:
        return _broken(outside)
    return _HOLDS if subject.complete else _NOT_KNOWN


def _none_of(subject: _Subject, expected: FactValue | None) -> Answer:
    inside, _ = subject.split(_members(expected))
    if inside:
        return _broken(inside)
    return _HOLDS if subject.closed or subject.complete else _NOT_KNOWN


def _any_of(subject: _Subject, expected: FactValue | None) -> Answer:
    inside, outside = subject.split(_members(expected))
    if inside:
        return _HOLDS
    return _broken(outside) if subject.complete else _NOT_KNOWN


def _equals(subject: _Subject, expected: FactValue | None) -> Answer:
    if isinstance(expected, bool):
        return _is_boolean(subject, expected)
    if not isinstance(expected, tuple):
        return _only(subject, expected)
    _, outside = subject.split(expected)
    if outside:
        return _broken(outside)
    if not subject.complete:
        return _NOT_KNOWN
    all_there = all(any(same(one, value) for value, _ in subject.values) for one in expected)
    return _HOLDS if all_there else _broken(subject.values)


def _not_equals(subject: _Subject, expected: FactValue | None) -> Answer:
    if isinstance(expected, bool):
        return _is_boolean(subject, not expected)
    if not isinstance(expected, tuple):
        return _none_of(subject, expected)
    truth, _ = _equals(subject, expected)
    if truth is Truth.HOLDS:
        return _broken(subject.values)
    return _HOLDS if truth is Truth.BROKEN else _NOT_KNOWN


def _is_boolean(subject: _Subject, expected: bool) -> Answer:
    """A scan that saw no such thing says false only where it saw everything."""
    opposite = [pair for pair in subject.values if pair[0] is not expected]
    believed = [pair for pair in opposite if pair[0] is True or subject.closed]
    if believed:
        return _broken(believed)
    if expected:
        return _HOLDS if subject.values and not opposite else _NOT_KNOWN
    return _HOLDS if subject.closed else _NOT_KNOWN


def _at_least(subject: _Subject, expected: FactValue | None) -> Answer:
    enough = any(_number(value) >= _number(expected) for value, _ in subject.values)
    if enough:
        return _HOLDS
    return _broken(subject.values) if subject.values and subject.closed else _NOT_KNOWN


def _at_most(subject: _Subject, expected: FactValue | None) -> Answer:
    over = [pair for pair in subject.values if _number(pair[0]) > _number(expected)]
    if over:
        return _broken(over)
    return _HOLDS if subject.values and subject.closed else _NOT_KNOWN


def _exists(subject: _Subject, _: FactValue | None) -> Answer:
    if subject.values:
        return _HOLDS
    return _broken([]) if subject.closed else _NOT_KNOWN


def _absent(subject: _Subject, _: FactValue | None) -> Answer:
    if subject.values:
        return _broken(subject.values)
    return _HOLDS if subject.closed else _NOT_KNOWN


_TESTS: dict[Op, Callable[[_Subject, FactValue | None], Answer]] = {
    Op.EQUALS: _equals,
    Op.NOT_EQUALS: _not_equals,
    Op.ONLY: _only,
    Op.ANY_OF: _any_of,
    Op.NONE_OF: _none_of,
    Op.AT_LEAST: _at_least,
    Op.AT_MOST: _at_most,
    Op.EXISTS: _exists,
    Op.ABSENT: _absent,
}


def _members(value: FactValue | None) -> tuple[Member, ...]:
    return () if value is None else value_set(value)


def _number(value: FactValue | None) -> int:
    return value if isinstance(value, int) else 0


def _broken_text(condition: Condition, against: Stated) -> str:
    values = ", ".join(sorted({f"{show(value)} ({fact.origin})" for value, fact in against}))
    return f"{condition.fact} is {values or 'not there'}; the condition is: {describe(condition)}"


def _not_known_text(condition: Condition, stated: Sequence[Fact], known: KnownFacts) -> str:
    row = definition(condition.fact)
    ways = []
    if row and row.observable(known.sources) and known.gaps:
        ways.append(f"cover what was not seen: {'; '.join(known.gaps[:3])}")
    if row is None or Origin.ATTESTED in row.origins:
        ways.append(f"attest `{condition.fact}`")
    return f"{describe(condition)} is not known ({_seen(stated)}). To know it: {', or '.join(ways) or 'tag the source'}"


def _seen(stated: Sequence[Fact]) -> str:
    return ", ".join(f"{show(fact.value)} is {fact.origin}" for fact in stated) or "nothing states it"
