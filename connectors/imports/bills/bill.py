"""The one shape of a bill of materials: its parts, and which of them the product itself asks for."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_PARTS: Final = 500_000


class Kind(StrEnum):
    """What a part is, as far as it matters here."""

    PACKAGE = "package"
    MODEL = "model"
    DATASET = "dataset"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Part:
    """A part.

    Attributes:
        ref: What the bill calls it.
        kind: What it is.
        name: Its name, with its group before it.
        version: Its version.
        purl: Its package URL.
        publisher: Who made it; never a person.
        scope: `required`, `optional` or `excluded`, where the bill says it.
        task: For a model, what it is for.
        hosts: For a service, where it answers.
    """

    ref: str
    kind: Kind
    name: str
    version: str = ""
    purl: str = ""
    publisher: str = ""
    scope: str = ""
    task: str = ""
    hosts: tuple[str, ...] = ()


@dataclass(slots=True)
class Bill:
    """A bill of materials.

    Attributes:
        form: Name and version of its format.
        subject: Ref of what it is a bill of.
        parts: Its parts by ref.
        needs: Ref to the refs that it depends on.
        cut: Whether there were more parts than are read.
    """

    form: str
    subject: str = ""
    parts: dict[str, Part] = field(default_factory=dict)
    needs: dict[str, set[str]] = field(default_factory=dict)
    cut: bool = False

    def add(self, part: Part) -> None:
        """Adds a part; of two with one ref the first stands."""
        if len(self.parts) >= MAX_PARTS:
            self.cut = True
        elif part.name:
            self.parts.setdefault(part.ref or f"#{len(self.parts)}", part)

    def is_direct(self, ref: str) -> bool:
        """Whether the subject itself asks for a part; where the bill does not say what it asks for, for each of them."""
        asked = self.needs.get(self.subject)
        return ref in asked if asked else True


def text(held: Any) -> str:
    """A text of a bill, bounded; empty where there is none."""
    return " ".join(held[:1000].split())[:500] if isinstance(held, str) else ""


def mapping(held: Any) -> Mapping[str, Any]:
    """A mapping of a bill; an empty one where there is none."""
    return held if isinstance(held, dict) else {}


def listed(held: Any) -> list[Any]:
    """A list of a bill; a single thing is a list of it, and nothing an empty one."""
    if isinstance(held, list):
        return held
    return [] if held is None else [held]


def named(held: Any) -> str:
    """The name of an organisation that stands as a text or as an object with a name."""
    return text(held) or text(mapping(held).get("name"))
