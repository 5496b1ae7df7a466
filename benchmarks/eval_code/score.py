"""Precision and recall of a scanner's answers against the labels."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from benchmarks.eval_code.labels import Labels, Package, matches, model_key, ref_key, sdk_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from benchmarks.eval_code.answer import Answer, Claim

CATEGORIES: Final = ("repositories", "sdks", "providers", "models")


@dataclass(frozen=True, slots=True)
class Fault:
    """One miss or false alarm.

    Attributes:
        kind: `miss` or `false alarm`.
        category: What is wrong.
        package: Where.
        name: What was missed or named.
        where: The place that the scanner gives, for a false alarm.
    """

    kind: str
    category: str
    package: str
    name: str
    where: str = ""


@dataclass(slots=True)
class Count:
    """Right answers and faults of one category, over all packages."""

    right: int = 0
    missed: int = 0
    false: int = 0

    @property
    def precision(self) -> float:
        """Share of what was named that is there; 1 where nothing was named."""
        named = self.right + self.false
        return self.right / named if named else 1.0

    @property
    def recall(self) -> float:
        """Share of what is there that was named; 1 where nothing is there."""
        there = self.right + self.missed
        return self.right / there if there else 1.0


@dataclass(slots=True)
class Score:
    """A scanner's counts, faults and time."""

    scanner: str
    counts: dict[str, Count] = field(default_factory=lambda: {category: Count() for category in CATEGORIES})
    faults: list[Fault] = field(default_factory=list)
    failures: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0

    def add(self, package: Package, answer: Answer, labels: Labels) -> None:
        """Counts one answer."""
        self.seconds += answer.seconds
        if answer.failure:
            self.failures[package.key] = answer.failure
        self._repository(package, answer)
        free = {ref_key(name) for name in (*package.optional_sdks, *labels.adjacent_sdks)} | {sdk_key(package.name)}
        self._names(package, "sdks", answer.sdks, map(ref_key, package.sdks), free, sdk_key)
        self._names(package, "providers", answer.providers, package.providers, package.optional_providers, str.lower)
        models, maybe = package.models, map(model_key, package.optional_models)
        self._names(package, "models", answer.models, map(model_key, models), maybe, model_key)

    def _repository(self, package: Package, answer: Answer) -> None:
        count = self.counts["repositories"]
        if answer.holds_ai and package.ai:
            count.right += 1
        elif answer.holds_ai:
            count.false += 1
            self.faults.append(Fault("false alarm", "repositories", package.key, "holds AI"))
        elif package.ai:
            count.missed += 1
            self.faults.append(Fault("miss", "repositories", package.key, "holds AI"))

    def _names(
        self,
        package: Package,
        category: str,
        claims: dict[Claim, str],
        required: Iterable[str],
        optional: Iterable[str],
        key: Callable[[str], str],
    ) -> None:
        """Counts names: required ones are to be found once each, optional ones count for nothing."""
        count, wanted, free = self.counts[category], set(required), list(optional)
        found: set[str] = set()
        alarms: dict[str, Fault] = {}
        for claim, where in claims.items():
            keys = [key(name) for name in claim]
            found.update(wanted.intersection(keys))
            if wanted.isdisjoint(keys) and not any(matches(each, free) for each in keys):
                alarms.setdefault(keys[0], Fault("false alarm", category, package.key, claim[0], where))
        count.right += len(found)
        count.missed += len(wanted - found)
        count.false += len(alarms)
        self.faults += [Fault("miss", category, package.key, name) for name in sorted(wanted - found)]
        self.faults += [alarms[name] for name in sorted(alarms)]
