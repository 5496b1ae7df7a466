"""What asking for the kinds of one API group gave, and the one coverage record that tells of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from connectors.model import Coverage, Outcome, Result

if TYPE_CHECKING:
    from connectors.api.errors import ApiError
    from connectors.kubernetes.discovery import Kind
    from connectors.kubernetes.lists import Listing
    from connectors.model import Observation


@dataclass(slots=True)
class Asked:
    """Gathers what lists gave.

    Attributes:
        source: Identity of the source.
        scope: The part of it that is asked.
        expired: Whether the credentials ran out.
    """

    source: str
    scope: str
    expired: bool = False
    _observations: list[Observation] = field(default_factory=list)
    _counts: Counter[str] = field(default_factory=lambda: Counter(requests=0, assets=0, dropped=0))
    _refused: list[Outcome] = field(default_factory=list)
    _gaps: list[str] = field(default_factory=list)
    _seen: int = 0

    def listed(self, kind: Kind, listing: Listing, observations: list[Observation]) -> None:
        """Notes a list, whole or not."""
        self._seen += 1
        self._observations += observations
        self._counts.update(
            requests=listing.requests, assets=len(observations), dropped=len(listing.items) - len(observations)
        )
        self.expired = self.expired or listing.expired
        if listing.gap:
            self._gaps.append(f"{kind.resource}: {listing.gap}")

    def refused(self, kind: Kind, error: ApiError) -> None:
        """Notes a list that was not given at all; one that is gone since discovery hides nothing."""
        self._counts.update(requests=1)
        self.expired = self.expired or error.expired
        if error.outcome is Outcome.NOT_APPLICABLE:
            return
        self._refused.append(Outcome.FAILED if error.expired else error.outcome)
        denied = error.outcome is Outcome.DENIED and not error.expired
        mend = f"grant the verb `list` on {kind.resource}" if denied else error.reason
        self._gaps.append(f"{kind.resource}: {mend}")

    def result(self) -> Result:
        """The observations, sorted, and the coverage of the group."""
        observations = sorted(self._observations, key=lambda seen: (seen.name, seen.matchers))
        coverage = Coverage(self.source, self.scope, self._outcome(), self._reason(), dict(self._counts))
        return Result(observations, [coverage], self._counts)

    def _reason(self) -> str:
        return "; ".join(self._gaps) or ("" if self._seen else "was removed from this cluster during the scan")

    def _outcome(self) -> Outcome:
        if not self._gaps:
            return Outcome.COMPLETE if self._seen else Outcome.NOT_APPLICABLE
        if self._seen:
            return Outcome.PARTIAL
        return Outcome.FAILED if Outcome.FAILED in self._refused else Outcome.DENIED
