"""The entries of the scope document as the statement shows them: declared, observed, tested, decided."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from inventory.decision import Answer, EventKind
from inventory.facts import known_value, show, value_set
from inventory.reconcile.contradictions import ENDED
from inventory.reconcile.standing import decided_by
from inventory.reconcile.world import entry_due
from inventory.scope.conditions import describe, evaluate
from inventory.scope.document import EntryStatus
from inventory.verdict import SubjectKind
from scanner.reports.coverage_view import short
from scanner.reports.plain import plain
from scanner.reports.wording import KIND, STATUS, Tone
from scanner.statement.model import EntryView, Known, Observed, Stand, Tested

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from inventory.facts import KnownFacts
    from inventory.ledger import History
    from inventory.model import AISystem, Fact
    from inventory.scope.document import Entry
    from inventory.verdict import Verdict
    from scanner.session import Session

LONGEST: Final = 4000
"""Characters of one text. A statement is read to its end, so that names, purposes and reasons are given in full."""

SHOWN: Final = (
    "stage", "deployed", "environment", "regions", "uses", "autonomy", "exposure", "data_categories", "personal_data",
    "techniques", "features", "users",
)  # fmt: skip
"""The facts that the statement gives of a system in scope, beside providers and models."""


ANSWERED: Final = {
    Answer.IN: "in scope",
    Answer.OUT: "excluded",
    Answer.NOT_AI: "no AI",
    Answer.DEFER: "deferred",
    Answer.DECOMMISSIONED: "decommissioned",
    Answer.REJECTED: "rejected",
}
"""What a decision says, in words."""

DECLARED: Final = {status: ANSWERED[status.answer] for status in EntryStatus}
"""What an entry declares, in words."""


def text(value: str | None) -> str:
    """A text of any source, whole and on one line; the empty string where there is none."""
    return plain(value or "", LONGEST)


class Entries:
    """Looks up what concerns an entry or a system; every verdict is read once."""

    def __init__(self, session: Session, ledger: History) -> None:
        self._session = session
        self._ledger = ledger
        self._names = session.scanned.names
        self._verdicts = {(one.subject_kind, one.subject): one for one in session.verdicts}

    def view(self, entry: Entry) -> EntryView:
        """An entry and all that is known about it."""
        systems = self._session.bound(entry.id)
        views = [self._session.view(system.id) for system in systems]
        review_due = entry_due(entry, self._session.decisions, self._session.review)
        return EntryView(
            id=text(entry.id),
            name=text(entry.title),
            status=DECLARED[entry.status],
            owner=text(entry.owner),
            purpose=text(entry.purpose),
            role=entry.role.value if entry.role else "",
            justification=text(entry.justification),
            binds=tuple(map(text, entry.bind)),
            observed=tuple(map(self.observed, systems)),
            facts={name: _known(name, [view.known for view in views]) for name in SHOWN},
            boundaries=tuple(sorted({text(boundary.id) for view in views for boundary in view.boundaries})),
            conditions=tuple(self._tested(entry, systems)),
            decided=tuple(self._decided(entry)),
            review_due=review_due,
            overdue=bool(review_due and review_due < self._session.today),
            stands=self._stands(entry, systems),
        )

    def observed(self, system: AISystem) -> Observed:
        """A system that the scan shows."""
        verdict = self.verdict(system)
        return Observed(
            id=text(system.id),
            name=text(system.name),
            kind=KIND[system.kind],
            where=short(system.anchors[0]) if system.anchors else "",
            providers=tuple(sorted((text(self._names.get(one, one)) for one in system.providers), key=str.casefold)),
            models=tuple(map(text, system.models)),
            stands=_stand([verdict]) if verdict else None,
        )

    def verdict(self, system: AISystem) -> Verdict | None:
        """The verdict on a system, or none."""
        return self._verdicts.get((SubjectKind.SYSTEM, system.id))

    def _stands(self, entry: Entry, systems: Sequence[AISystem]) -> Stand:
        found = [self.verdict(system) for system in systems]
        found.append(self._verdicts.get((SubjectKind.ENTRY, entry.id)))
        return _stand([verdict for verdict in found if verdict]) or Stand("Nothing shows it", Tone.SETTLED, ())

    def _tested(self, entry: Entry, systems: Sequence[AISystem]) -> Iterator[Tested]:
        ended = entry.status.answer in ENDED
        nothing = "the entry declares that it has ended" if ended else "no system shows the entry"
        for condition in entry.conditions:
            words = text(describe(condition))
            if ended or not systems:
                yield Tested(words, "", None, nothing)
                continue
            for system in systems:
                judgement = evaluate(condition, self._session.view(system.id).known)
                yield Tested(words, text(system.name), judgement.truth, text(judgement.text))

    def _decided(self, entry: Entry) -> Iterator[str]:
        for event in self._session.decisions.on_entry(entry.id):
            proposal = self._ledger.get(event.refers) if event.kind is EventKind.APPROVED and event.refers else None
            proposed = f"proposed by {decided_by(proposal)}, approved by " if proposal else ""
            until = f", until {event.until}" if event.until else ""
            yield text(f"{ANSWERED[event.answer]}: {proposed}{decided_by(event)}{until}")


def _stand(verdicts: Sequence[Verdict]) -> Stand | None:
    """How the most urgent of some verdicts says that a subject stands."""
    if not verdicts:
        return None
    worst = min(verdicts, key=lambda verdict: verdict.status.rank)
    words = STATUS[worst.status]
    reasons = (text(reason.text) for reason in worst.reasons if reason.status is worst.status)
    return Stand(words.title, words.tone, tuple(dict.fromkeys(reasons)))


def _known(name: str, known: Sequence[KnownFacts]) -> Known:
    """What several systems say of one fact: all values, all origins, and of how many nothing is known."""
    stated = [facts for one in known if (facts := one.of(name))]
    return Known(
        values=tuple(sorted({word for facts in stated for word in _words(facts)}, key=str.casefold)),
        origins=tuple(dict.fromkeys(min(fact.origin for fact in facts).value for facts in stated)),
        unknown=len(known) - len(stated) if stated else 0,
    )


def _words(facts: Sequence[Fact]) -> Iterator[str]:
    value = known_value(facts)
    if value is not None:
        yield from (text(_yes_or_no(member)) for member in value_set(value))


def _yes_or_no(member: str | int | bool) -> str:
    return {True: "yes", False: "no"}[member] if isinstance(member, bool) else show(member)


def of_fact(entries: Iterable[EntryView], name: str) -> Mapping[str, tuple[str, ...]]:
    """Value of a fact to the names of the entries that have it; `not known` last."""
    by_value: dict[str, list[str]] = {}
    for entry in entries:
        for value in entry.facts[name].values or ("not known",):
            by_value.setdefault(value, []).append(entry.name)
    ranked = sorted(by_value, key=lambda value: (value == "not known", value.casefold()))
    return {value: tuple(by_value[value]) for value in ranked}
