"""What a person should know about what was read, or must answer; the same thing in many rows is said once, with a count."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from inventory.intake.blocks import Place

_SHOWN: Final = 60


@dataclass(slots=True)
class Remark:
    """One thing to know.

    Attributes:
        text: It.
        asks: Whether a person has to answer.
        place: Where it was met first.
        times: How often.
    """

    text: str
    asks: bool
    place: Place
    times: int = 1


@dataclass(slots=True)
class Remarks:
    """Everything to know, in the order in which it was met."""

    _by_text: dict[str, Remark] = field(default_factory=dict)

    def note(self, text: str, place: Place) -> None:
        """Something was read as it is said here."""
        self._add(text, place, asks=False)

    def ask(self, text: str, place: Place) -> None:
        """Something that only a person can answer."""
        self._add(text, place, asks=True)

    def all(self) -> list[Remark]:
        """All of them."""
        return list(self._by_text.values())

    def _add(self, text: str, place: Place, *, asks: bool) -> None:
        if text in self._by_text:
            self._by_text[text].times += 1
        else:
            self._by_text[text] = Remark(text, asks, place)


def short(text: str) -> str:
    """A cell in a message."""
    line = " ".join(text.split())
    return f"`{line if len(line) <= _SHOWN else line[:_SHOWN] + '…'}`"
