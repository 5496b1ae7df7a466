"""Holds what was found against what was declared and decided.

A pure function: the same input, in any order, gives the same verdicts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from inventory.facts import known_value, show
from inventory.reconcile.attested import contradicted_attestations, ended_attestations, unmatched_attestations
from inventory.reconcile.change import changed_facts, new_evidence
from inventory.reconcile.contradictions import broken_conditions, still_running
from inventory.reconcile.entries import document_upkeep, unseen, upkeep
from inventory.reconcile.owners import lost_owner, unlisted_owners
from inventory.reconcile.policy import broken_policy
from inventory.reconcile.standing import ambiguity, standing
from inventory.reconcile.suggest import questions, suggestion
from inventory.reconcile.world import World
from inventory.similar import SimilarNames
from inventory.verdict import SubjectKind, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from connectors.model import Coverage
    from inventory.attestation import Attestation
    from inventory.decision_state import DecisionState
    from inventory.model import AISystem
    from inventory.reconcile.world import SystemView
    from inventory.scope.document import Entry, ScopeDocument
    from inventory.verdict import Reason

DOCUMENT = "document"
"""The subject of a verdict on the scope document itself."""


def reconcile(
    systems: Iterable[AISystem],
    scope: ScopeDocument | None,
    decisions: DecisionState,
    coverage: Iterable[Coverage],
    attestations: Iterable[Attestation],
    *,
    today: date,
    catalog_hash: str,
) -> tuple[Verdict, ...]:
    """The verdicts on systems, on entries that need one of their own, on the document, and on attested names of nothing.

    An entry that binds one system shares its verdict: what the entry asks for is among the system's reasons. An entry
    that binds none, or that binds several and asks for something itself, has its own. Without a scope document a system
    has a verdict only where the ledger or an attestation says something about it.

    Args:
        systems: What was found, each system once.
        scope: What is declared, or none.
        decisions: What the ledger amounts to.
        coverage: What was asked of the sources.
        attestations: What people attest.
        today: The day for which reviews, deferrals and attestations are judged.
        catalog_hash: Hash of the catalog that the systems were found with.

    Returns:
        The verdicts, most urgent first and then by subject.
    """
    world = World(scope, decisions, coverage, attestations, today=today, catalog_hash=catalog_hash)
    return _Run(world, systems).verdicts()


class _Run:
    """One run. It first binds all systems, and then views them one at a time: views of an estate are large."""

    def __init__(self, world: World, systems: Iterable[AISystem]) -> None:
        self._world = world
        self._systems = [(system, world.entries_of(system)) for system in systems]
        self._entries = world.scope.entries if world.scope else ()
        self._rules = world.scope.rules if world.scope else ()
        self._policy = world.scope.policy if world.scope else ()
        self._bound: dict[str, list[AISystem]] = {entry.id: [] for entry in self._entries}
        for system, entries in self._systems:
            for entry in entries:
                self._bound[entry.id].append(system)
        self._names = SimilarNames([entry for entry in self._entries if not self._bound[entry.id]])

    def verdicts(self) -> tuple[Verdict, ...]:
        found = [*self._on_systems(), *self._on_entries(), *self._on_document(), *self._on_attestations()]
        return tuple(sorted(found, key=lambda verdict: (verdict.status.rank, verdict.subject_kind, verdict.subject)))

    def _on_systems(self) -> Iterator[Verdict]:
        for system, entries in self._systems:
            view = self._world.view(system, entries)
            reasons = _ranked(self._system_reasons(view))
            if reasons:
                yield self._system_verdict(view, reasons)

    def _system_reasons(self, view: SystemView) -> Iterator[Reason]:
        yield from broken_conditions(view)
        yield from broken_policy(view, self._policy)
        yield from contradicted_attestations(view)
        yield from still_running(view)
        yield from ambiguity(view)
        yield from changed_facts(view, self._world.catalog_hash, self._world.review)
        yield from lost_owner(view, self._world.review)
        yield from unlisted_owners(view, self._world.review)
        yield from new_evidence(view)
        yield from ended_attestations(view)
        yield from standing(view, self._world)
        for entry in view.entries:
            if len(self._bound[entry.id]) == 1:
                yield from upkeep(entry, [view.system], self._world)

    def _system_verdict(self, view: SystemView, reasons: tuple[Reason, ...]) -> Verdict:
        status = reasons[0].status
        entry = view.entries[0] if len(view.entries) == 1 else None
        owner = known_value(view.known.of("owner"))
        return Verdict(
            subject=view.system.id,
            subject_kind=SubjectKind.SYSTEM,
            name=view.system.name,
            status=status,
            reasons=reasons,
            # What somebody has declared is more than a suspicion, and counts.
            counted=view.system.kind in self._world.review.significant or bool(view.entries),
            entry=entry.id if entry else "",
            suggestion=suggestion(reasons, view, self._rules),
            owner=(entry and entry.owner) or (show(owner) if owner is not None else ""),
            questions=questions(status, view, self._names),
        )

    def _on_entries(self) -> Iterator[Verdict]:
        for entry in self._entries:
            bound = self._bound[entry.id]
            if len(bound) == 1:
                continue
            reasons = list(upkeep(entry, bound, self._world))
            if not bound:
                reasons += unseen(entry, self._world)
            if reasons:
                yield self._entry_verdict(entry, _ranked(reasons))

    def _entry_verdict(self, entry: Entry, reasons: tuple[Reason, ...]) -> Verdict:
        return Verdict(
            subject=entry.id,
            subject_kind=SubjectKind.ENTRY,
            name=entry.title,
            status=reasons[0].status,
            reasons=reasons,
            entry=entry.id,
            suggestion=suggestion(reasons, None, ()),
            owner=entry.owner or "",
        )

    def _on_document(self) -> Iterator[Verdict]:
        scope = self._world.scope
        reasons = _ranked(document_upkeep(scope, self._world)) if scope else ()
        if scope and reasons:
            head = scope.document
            yield Verdict(
                subject=DOCUMENT,
                subject_kind=SubjectKind.DOCUMENT,
                name=f"Scope of {head.organisation}" if head.organisation else "The scope document",
                status=reasons[0].status,
                reasons=reasons,
                suggestion=suggestion(reasons, None, ()),
                owner=head.owner or "",
            )

    def _on_attestations(self) -> Iterator[Verdict]:
        for missing, reasons in unmatched_attestations((system for system, _ in self._systems), self._world):
            yield Verdict(
                subject=missing,
                subject_kind=SubjectKind.ATTESTATION,
                name=f"Attested: {missing}",
                status=reasons[0].status,
                reasons=_ranked(reasons),
                suggestion=suggestion(reasons, None, ()),
            )


def _ranked(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    return tuple(sorted(set(reasons), key=lambda one: (one.status.rank, one.rule, one.text, one.findings)))
