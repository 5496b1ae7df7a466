"""What of a service was not seen, gathered while it is asked, and told as one coverage."""

from __future__ import annotations

import threading
from collections import Counter
from typing import TYPE_CHECKING, Final

from connectors.model import Coverage, Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connectors.api.errors import ApiError

_MAX_REASONS: Final = 6
_ABSENT_CODES: Final = frozenset({
    "NoRegisteredProviderFound", "InvalidResourceType", "MissingSubscriptionRegistration", "SubscriptionNotRegistered",
    "InvalidApiVersionParameter", "DisallowedProvider",
})  # fmt: skip
"""Error codes of Resource Manager for a service, type or version of it that a cloud or subscription does not have."""


class Gaps:
    """What was not seen, and how much was asked; safe in many threads."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._reasons: Counter[tuple[Outcome, str]] = Counter()
        self._lock = threading.Lock()
        self._answered = 0
        self._absent = 0
        self._blind = False

    def answered(self, *, requests: int = 1) -> None:
        """A question was answered."""
        with self._lock:
            self._answered += 1
            self.counts["requests"] += requests

    def count(self, name: str, number: int) -> None:
        """Adds to a number that a reader may want."""
        with self._lock:
            self.counts[name] += number

    def cut(self, what: str, why: str) -> None:
        """A list was not read whole."""
        with self._lock:
            self._reasons[Outcome.PARTIAL, f"{what}: {why}"] += 1

    def hidden(self, what: str, why: str, *, all_of_it: bool) -> None:
        """What was asked for answers without what the credentials may not see, wholly or in part."""
        with self._lock:
            self._blind |= all_of_it
            self._reasons[Outcome.DENIED if all_of_it else Outcome.PARTIAL, f"{what}: {why}"] += 1

    def refused(self, what: str, error: ApiError, actions: tuple[str, ...]) -> None:
        """A question was not answered.

        Args:
            what: The type that was asked for.
            error: How it failed.
            actions: Permissions that asking needs.
        """
        with self._lock:
            self.counts["requests"] += 1
            if error.outcome is Outcome.NOT_APPLICABLE or is_absent(error):
                self._absent += 1
                return
            mend = ""
            if error.outcome is Outcome.DENIED and not error.expired:
                mend = f"; grant {' and '.join(actions)}"
            outcome = Outcome.FAILED if error.expired else error.outcome
            self._reasons[outcome, f"{what}: {error.reason}{mend}"] += 1

    def coverage(self, source: str, scope: str) -> Coverage:
        """All of it in one: denied or failed where nothing was answered, partial where something was."""
        if not self._reasons:
            unknown = self._absent and not self._answered
            outcome = Outcome.NOT_APPLICABLE if unknown else Outcome.COMPLETE
            return Coverage(source, scope, outcome, "this place lacks the service" if unknown else "", self._numbers())
        outcomes = {outcome for outcome, _ in self._reasons}
        seen = self.counts["assets"] or (self._answered and not self._blind)
        whole = Outcome.PARTIAL if seen or len(outcomes) > 1 else outcomes.pop()
        return Coverage(source, scope, whole, _told(self._reasons), self._numbers())

    def _numbers(self) -> Mapping[str, int]:
        return dict(sorted((self.counts + Counter()).items()))


def is_absent(error: ApiError) -> bool:
    """Whether a place lacks the service or the version of it that was asked for."""
    return error.code in _ABSENT_CODES


def _told(reasons: Mapping[tuple[Outcome, str], int]) -> str:
    told = [reason if times == 1 else f"{reason} ({times} times)" for (_, reason), times in sorted(reasons.items())]
    more = len(told) - _MAX_REASONS
    return ". ".join(told[:_MAX_REASONS]) + (f". And {more} more" if more > 0 else "")
