"""What the scope rests on, as people write it: issues, interested parties, and what lies beside the scope.

ISO/IEC 42001 asks for issues (4.1), interested parties and their requirements (4.2) and the interfaces of what is in scope
(4.3); its own text was not read for this, so the fields follow practice.
"""

from __future__ import annotations

from enum import StrEnum

from inventory.validation import Strict, Text, Texts


class Context(Strict):
    """Issues inside and outside the organisation that bear on its AI management system.

    Attributes:
        text: The context in words.
        internal: Internal issues, one each: strategy, people, systems that it depends on, its own policies.
        external: External issues, one each: law, market, society, technology.
    """

    text: Text | None = None
    internal: Texts = ()
    external: Texts = ()


class InterestedParty(Strict):
    """Somebody whom the organisation's AI systems concern.

    Attributes:
        party: Who.
        requirements: What they require or expect.
        addressed: Which of that the management system addresses, and how.
    """

    party: Text
    requirements: Texts = ()
    addressed: Text | None = None


class InterfaceKind(StrEnum):
    """How something outside the scope bears on what is inside."""

    INTERFACE = "interface"
    DEPENDENCY = "dependency"


class Interface(Strict):
    """An interface with something outside the scope, or a dependency on it.

    Attributes:
        outside: What lies outside: an organisation, a unit, a system, a process.
        kind: `interface` where something passes between the two, `dependency` where the scope relies on it.
        what: What passes, or what is relied on.
        entries: Ids of the entries that it concerns.
        reference: Where it is agreed: a contract, an interface description.
    """

    outside: Text
    kind: InterfaceKind | None = None
    what: Text | None = None
    entries: Texts = ()
    reference: Text | None = None
