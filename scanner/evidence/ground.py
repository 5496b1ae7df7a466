"""What the sections of the pack stand on: the session, the ledger and the register, and the systems in scope."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from inventory.decision import Answer
from inventory.denominator import covered_parts
from inventory.facts import KnownFacts
from inventory.scope.document import EntryStatus, ScopeDocument
from scanner.evidence.seen import Seen

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from classifiers.model import Finding
    from inventory.decision import Event
    from inventory.ledger import History
    from inventory.model import AISystem
    from inventory.register.document import Register, Risk
    from inventory.scope.document import Entry
    from inventory.verdict import Verdict
    from scanner.result import ScanResult
    from scanner.session import Session


@dataclass(frozen=True, slots=True)
class InScope:
    """A system in scope: observed, or only declared.

    Attributes:
        id: Id of the system; of the entry where no system shows it.
        name: What people call it.
        entry: The entry that declares it in scope, or none where only the ledger does.
        system: The system, or none where nothing shows it.
        known: What is known about it.
        decisions: The decisions in force on it, by time.
        former: Further ids that its rows in the register may stand under.
    """

    id: str
    name: str
    entry: Entry | None
    system: AISystem | None
    known: KnownFacts
    decisions: tuple[Event, ...]
    former: tuple[str, ...] = ()

    @property
    def owner(self) -> str:
        """Who answers for it, as declared; else as observed."""
        declared = self.entry.owner if self.entry else None
        return declared or (self.system.owner if self.system else "")


@dataclass(frozen=True)
class Ground:
    """What the sections are made from.

    Attributes:
        session: The stored scan, held against what is declared and decided today.
        ledger: The events of the ledger.
        register: The risk register and the non-conformities.
    """

    session: Session
    ledger: History
    register: Register

    @cached_property
    def scope(self) -> ScopeDocument:
        """What is declared; nothing where there is no scope document."""
        return self.session.declared.scope.document if self.session.declared.scope else ScopeDocument()

    @cached_property
    def in_scope(self) -> tuple[InScope, ...]:
        """The systems in scope, each once, by name and id."""
        found: dict[str, InScope] = {}
        for one in (*self._declared(), *self._decided()):
            found.setdefault(one.id, one)
        return tuple(sorted(found.values(), key=lambda one: (one.name.casefold(), one.id)))

    @cached_property
    def verdicts(self) -> dict[str, Verdict]:
        """The verdicts by system or entry."""
        return {verdict.subject: verdict for verdict in self.session.verdicts}

    @cached_property
    def as_of_today(self) -> ScanResult:
        """The stored scan, held against what is declared and decided today."""
        scanned = self.session.scanned
        declared = self.session.declared.scope is not None
        parts = covered_parts(self.scope, scanned.coverage) if declared else scanned.denominator
        return replace(scanned, systems=self.session.systems, verdicts=self.session.verdicts, denominator=parts)

    @cached_property
    def seen(self) -> Seen:
        """What the stored scan saw."""
        return Seen(self.session.scanned.coverage)

    def system(self, subject: str) -> AISystem | None:
        """The system that has this id, or had it."""
        return self._systems.get(subject)

    def entry(self, entry_id: str) -> Entry | None:
        """The entry with this id, or none."""
        return self._entries.get(entry_id)

    def findings(self, ids: Iterable[str]) -> Iterator[Finding]:
        """The findings with these ids, as far as the stored scan has them."""
        return (self._findings[one] for one in ids if one in self._findings)

    @cached_property
    def _systems(self) -> dict[str, AISystem]:
        former = {alias: system for system in self.session.systems for alias in system.aliases}
        return former | {system.id: system for system in self.session.systems}

    @cached_property
    def _entries(self) -> dict[str, Entry]:
        return {entry.id: entry for entry in self.session.entries}

    @cached_property
    def _findings(self) -> dict[str, Finding]:
        return {finding.id: finding for finding in self.session.scanned.findings}

    def risk(self, one: InScope, category: str) -> Risk | None:
        """What people wrote about a risk of a system, under whichever of its ids."""
        rows = (self.register.risk(subject, category) for subject in (one.id, *one.former))
        return next((row for row in rows if row), None)

    def _declared(self) -> Iterator[InScope]:
        for entry in self.session.entries:
            if entry.status is not EntryStatus.IN_SCOPE:
                continue
            bound = self.session.bound(entry.id)
            for system in bound:
                # What was written about an entry before anything showed it is about the one system that it binds.
                yield self._observed(system, entry, (entry.id,) if len(bound) == 1 else ())
            if not bound:
                decisions = self.session.decisions.on_entry(entry.id)
                yield InScope(entry.id, entry.title, entry, None, KnownFacts({}, covered=False), decisions)

    def _decided(self) -> Iterator[InScope]:
        """What the ledger takes into scope and no entry binds."""
        for system in self.session.systems:
            view = self.session.view(system.id)
            if not view.entries and view.decisions and view.decisions[-1].answer is Answer.IN:
                yield self._observed(system, None, ())

    def _observed(self, system: AISystem, entry: Entry | None, former: tuple[str, ...]) -> InScope:
        view = self.session.view(system.id)
        name = entry.name if entry and entry.name and former else system.name
        return InScope(
            system.id, name or system.name, entry, system, view.known, view.decisions, (*system.aliases, *former)
        )
