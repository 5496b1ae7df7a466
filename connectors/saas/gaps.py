"""What of a product area was not seen, gathered while it is asked, and told as one coverage."""

from __future__ import annotations

import threading
from collections import Counter
from typing import TYPE_CHECKING, Final

from connectors.model import Coverage, Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connectors.api.errors import ApiError

_MAX_REASONS: Final = 6


class Gaps:
    """What was not seen, and how much was asked; safe in many threads."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._reasons: Counter[tuple[Outcome, str]] = Counter()
        self._lock = threading.Lock()
        self._answered = 0
        self._absent = 0

    def answered(self, pages: int) -> None:
        """A list was answered, on so many pages."""
        with self._lock:
            self._answered += 1
            self.counts["requests"] += pages

    def count(self, name: str, number: int) -> None:
        """Adds to a number that a reader may want."""
        with self._lock:
            self.counts[name] += number

    def take(self, other: Gaps) -> None:
        """Adds what another list of the area did not see, and how much was asked for it."""
        with self._lock:
            self.counts.update(other.counts)
            self._reasons.update(other._reasons)
            self._answered += other._answered
            self._absent += other._absent

    def cut(self, what: str, why: str) -> None:
        """A list was not read whole."""
        self._note(Outcome.PARTIAL, what, why)

    def skipped(self, what: str, why: str) -> None:
        """A list was not asked for."""
        self._note(Outcome.SKIPPED, what, why)

    def unasked(self, what: str, expired: ApiError) -> None:
        """A list was not asked for, for the credentials had run out."""
        self._note(Outcome.FAILED, what, expired.reason)

    def refused(self, what: str, error: ApiError, needs: tuple[str, ...], *, missing_is_denied: bool = False) -> None:
        """A list was not answered.

        Args:
            what: What was asked for.
            error: How it failed.
            needs: Permissions that asking needs.
            missing_is_denied: Whether the vendor hides with `404` what the credentials may not see.
        """
        self.count("requests", 1)
        absent = error.outcome is Outcome.NOT_APPLICABLE
        if absent and not missing_is_denied:
            with self._lock:
                self._absent += 1
            return
        denied = (absent or error.outcome is Outcome.DENIED) and not error.expired
        outcome = Outcome.DENIED if denied else Outcome.FAILED if error.expired else error.outcome
        mend = f"; grant {' or '.join(needs)}" if denied and needs else ""
        self._note(outcome, what, f"{error.reason}{mend}")

    def coverage(self, source: str, scope: str) -> Coverage:
        """All of it in one: denied, failed or skipped where nothing was answered, partial where something was."""
        numbers: Mapping[str, int] = dict(sorted((self.counts + Counter()).items()))
        if not self._reasons:
            lacking = self._absent and not self._answered
            outcome = Outcome.NOT_APPLICABLE if lacking else Outcome.COMPLETE
            return Coverage(source, scope, outcome, "this tenant lacks it" if lacking else "", numbers)
        outcomes = {outcome for outcome, _ in self._reasons}
        whole = outcomes.pop() if len(outcomes) == 1 and not self._answered else Outcome.PARTIAL
        return Coverage(source, scope, whole, _told(self._reasons), numbers)

    def _note(self, outcome: Outcome, what: str, why: str) -> None:
        with self._lock:
            self._reasons[outcome, f"{what}: {why}"] += 1


def _told(reasons: Mapping[tuple[Outcome, str], int]) -> str:
    told = [reason if times == 1 else f"{reason} ({times} times)" for (_, reason), times in sorted(reasons.items())]
    more = len(told) - _MAX_REASONS
    return ". ".join(told[:_MAX_REASONS]) + (f". And {more} more" if more > 0 else "")
