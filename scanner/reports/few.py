"""The first of many, and how many more there are: no report is endless, and none leaves anything out silently."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Item_co = TypeVar("Item_co", covariant=True)
Source = TypeVar("Source")


@dataclass(frozen=True, slots=True)
class Few(Generic[Item_co]):
    """Items that are shown.

    Attributes:
        shown: The first ones.
        more: How many there are beside them.
    """

    shown: tuple[Item_co, ...] = ()
    more: int = 0

    @property
    def total(self) -> int:
        """How many there are in all."""
        return len(self.shown) + self.more


def few(items: Sequence[Source], most: int, shape: Callable[[Source], Item_co]) -> Few[Item_co]:
    """So many items at most, each in the shape that is shown."""
    shown = tuple(map(shape, islice(items, most)))
    return Few(shown, len(items) - len(shown))
