"""How what was asked of one scope ended, over all its questions."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from connectors.gcp.paging import MorePagesError
from connectors.model import Coverage, Outcome

if TYPE_CHECKING:
    from connectors.api.errors import ApiError

_ORDER: Final = (Outcome.DENIED, Outcome.FAILED, Outcome.PARTIAL, Outcome.NOT_APPLICABLE)


@dataclass(slots=True)
class Tally:
    """Counts and outcomes of the questions about one scope.

    Attributes:
        source: Identity of the source.
        scope: What was asked for.
        counts: `requests`, `assets`, `dropped`.
        expired: Whether the credentials ran out.
    """

    source: str
    scope: str
    counts: Counter[str] = field(default_factory=Counter)
    expired: bool = False
    _answered: int = 0
    _gaps: dict[str, Outcome] = field(default_factory=dict)

    def answered(self) -> None:
        """A question was answered whole."""
        self._answered += 1

    def missed(self, error: ApiError | MorePagesError, what: str, mend: str) -> None:
        """A question was not answered.

        Args:
            error: Why.
            what: What was asked for.
            mend: The permission that it takes, which is named where access was denied.
        """
        if isinstance(error, MorePagesError):
            self._gaps[f"{what}: more pages than `max_pages` allows; raise it"] = Outcome.PARTIAL
            return
        self.expired |= error.expired
        grant = f"; grant {mend}" if error.outcome is Outcome.DENIED and not error.expired else ""
        self._gaps[f"{what}: {error.reason}{grant}"] = Outcome.FAILED if error.expired else error.outcome

    def coverage(self) -> Coverage:
        """The whole: partial where some questions were answered and others not."""
        gaps = {reason: outcome for reason, outcome in self._gaps.items() if outcome is not Outcome.NOT_APPLICABLE}
        counts = {name: count for name, count in sorted(self.counts.items()) if count}
        if not gaps:
            absent = self._gaps and not self._answered
            outcome = Outcome.NOT_APPLICABLE if absent else Outcome.COMPLETE
            return Coverage(self.source, self.scope, outcome, "; ".join(sorted(self._gaps)) if absent else "", counts)
        outcome = next(outcome for outcome in _ORDER if outcome in gaps.values())
        if self._answered or self.counts["assets"]:
            outcome = Outcome.PARTIAL
        return Coverage(self.source, self.scope, outcome, "; ".join(sorted(gaps)), counts)
