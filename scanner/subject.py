"""Which system or entry a person means: by id, the beginning of one, anchor or entry id, and never by a name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from scanner.reports.plain import plain
from scanner.session import SessionError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from inventory.model import AISystem
    from inventory.scope.document import Entry
    from scanner.session import Session

SHORTEST: Final = 6
"""So many characters of an id are more than a slip of the finger."""

_NAMED: Final = 5


@dataclass(frozen=True, slots=True)
class Subject:
    """What a person named.

    Attributes:
        systems: The system, or those that the entry binds.
        entry: The entry, where one was named.
    """

    systems: tuple[AISystem, ...]
    entry: Entry | None = None

    @property
    def system(self) -> AISystem | None:
        """The one system that it is about; none where there are several or none."""
        return self.systems[0] if len(self.systems) == 1 else None


def find(text: str, session: Session) -> Subject:
    """What a person means.

    Raises:
        SessionError: Nothing has this id or anchor, several begin like it, or it is a name.
    """
    exact = [system for system in session.systems if text in {system.id, *system.aliases, *system.anchors}]
    entries = [entry for entry in session.entries if entry.id == text]
    if len(exact) == 1 and not entries:
        return Subject((exact[0],))
    if entries and not exact:
        return Subject(session.bound(text), entries[0])
    if exact:
        raise _several(text, "means several", exact)
    beginning = [system for system in session.systems if len(text) >= SHORTEST and system.id.startswith(text)]
    if len(beginning) == 1:
        return Subject((beginning[0],))
    if beginning:
        raise _several(text, "begins several ids", beginning)
    raise _not_found(text, session)


def _not_found(text: str, session: Session) -> SessionError:
    named = [system for system in session.systems if system.name.casefold() == text.casefold()]
    called = [entry.id for entry in session.entries if entry.title.casefold() == text.casefold()]
    if named or called:
        ids = ", ".join([*map(_shown, named[:_NAMED]), *(f"entry {plain(entry)}" for entry in called[:_NAMED])])
        return SessionError(f"`{plain(text)}` is a name, and a name decides nothing. Use the id: {ids}.")
    return SessionError(
        f"`{plain(text)}`: no system of the last scan and no entry of the scope document has this id or anchor. "
        "`aimscope review --all` lists them."
    )


def _several(text: str, why: str, systems: Sequence[AISystem]) -> SessionError:
    ids = ", ".join(map(_shown, systems[:_NAMED]))
    return SessionError(f"`{plain(text)}` {why}: {ids}. Use one of these ids.")


def _shown(system: AISystem) -> str:
    return f"{plain(system.id)} ({plain(system.anchors[0] if system.anchors else system.name)})"
