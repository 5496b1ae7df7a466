"""Reasons that come from owners who no longer resolve: nothing names them any more, or the list of owners does not."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from inventory.facts import show, value_set
from inventory.reconcile.change import ASSESSED, by, latest
from inventory.reconcile.contradictions import ENDED
from inventory.scope.conditions import among
from inventory.verdict import Reason, Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from inventory.reconcile.world import SystemView
    from inventory.scope.document import Entry, Head
    from inventory.scope.review import Review


def lost_owner(view: SystemView, review: Review) -> Iterator[Reason]:
    """An owner whom CODEOWNERS or a tag named when it was decided, where nothing names one now and all was seen."""
    if not review.watches_owners or view.known.of("owner") or not view.known.covered:
        return
    if any(one.fact == "owner" for one in view.expired):
        return  # the question says that the attestation has run out
    for event in latest(view, ASSESSED):
        if owner := event.facts.get("owner"):
            text = (
                f"owner was {show(owner)} in the decision {by(event)}, and now neither CODEOWNERS nor a catalog file nor a "
                "tag names one."
            )
            yield Reason(Status.CHANGED, text, "review.triggers.owner_resolves")


def unlisted_owners(view: SystemView, review: Review) -> Iterator[Reason]:
    """Owners of a system, declared or known, whom the list of owners does not name. Without a list nothing is said."""
    if any(entry.status.answer in ENDED for entry in view.entries) or view.dismissed:
        return
    if not view.entries and not latest(view, ASSESSED):
        return  # what nobody has decided about asks for more than an owner
    for fact in view.known.of("owner"):
        yield from _unlisted(map(str, value_set(fact.value)), f"the owner that is {fact.origin}", review)


def unlisted_owner_of(entry: Entry, review: Review) -> Iterator[Reason]:
    """The owner that an entry declares, where the list of owners does not name them."""
    if entry.owner and entry.status.answer in ASSESSED:
        yield from _unlisted([entry.owner], f"the owner of entry `{entry.id}`", review)


def unlisted_owners_of(head: Head, review: Review) -> Iterator[Reason]:
    """Who keeps the scope document and who answers for it, where the list of owners does not name them."""
    for role, name in (("owner", head.owner), ("sponsor", head.sponsor)):
        if name:
            yield from _unlisted([name], f"the {role} of the scope document", review)


def _unlisted(names: Iterable[str], whose: str, review: Review) -> Iterator[Reason]:
    if not review.owners or not review.watches_owners:
        return
    for name in names:
        if not _listed(name, review.owners):
            text = f"`{name}`, {whose}, no longer resolves: the list in `review.owners` does not name it."
            yield Reason(Status.CHANGED, text, "review.owners")


@lru_cache(maxsize=16384)
def _listed(name: str, owners: tuple[str, ...]) -> bool:
    """Whether a list names an owner; an estate has few owners and many systems."""
    return among(name, owners)
