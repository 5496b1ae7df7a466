"""How a fact can be held against a value."""

from __future__ import annotations

from enum import StrEnum

from inventory.facts import FactType


class Op(StrEnum):
    """How a fact is held against a value."""

    EQUALS = "equals"
    NOT_EQUALS = "not_equals"
    ONLY = "only"
    ANY_OF = "any_of"
    NONE_OF = "none_of"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    EXISTS = "exists"
    ABSENT = "absent"

    @property
    def types(self) -> frozenset[FactType]:
        """The types of facts that it fits."""
        return _FITS.get(self, _WORDS)

    @property
    def takes_value(self) -> bool:
        """Whether a value is written with it."""
        return self not in {Op.EXISTS, Op.ABSENT}

    @property
    def takes_list(self) -> bool:
        """Whether that value is a list, of a text as of a set."""
        return self in {Op.ONLY, Op.ANY_OF, Op.NONE_OF}


_WORDS = frozenset({FactType.TEXT, FactType.SET})
_FITS = {
    Op.EQUALS: frozenset(FactType),
    Op.NOT_EQUALS: frozenset(FactType),
    Op.AT_LEAST: frozenset({FactType.NUMBER}),
    Op.AT_MOST: frozenset({FactType.NUMBER}),
    Op.EXISTS: frozenset(FactType) - {FactType.BOOLEAN},
    Op.ABSENT: frozenset(FactType) - {FactType.BOOLEAN},
}
