"""Counts: what was recognised, what was matched wrongly, what was missed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from benchmarks.eval_saas.labels import Mention
    from classifiers.product_names import ProductNames

Faults = list[tuple["Mention", str]]


@dataclass(slots=True)
class Score:
    """What a matcher made of the mentions; counts are (distinct, times).

    Attributes:
        real: Mentions that name a product, whether or not the catalog has it.
        recognised: Of these, identified as a product that is right, and as none that is not.
        wrong: Mentions identified as a product that they do not name.
        suggested: Real mentions that were not identified and whose first suggestion is right.
        missed: Real mentions that were not identified, with their suggestions.
        mistaken: The wrong ones, with what they were taken for.
    """

    real: list[int] = field(default_factory=lambda: [0, 0])
    recognised: list[int] = field(default_factory=lambda: [0, 0])
    wrong: list[int] = field(default_factory=lambda: [0, 0])
    suggested: list[int] = field(default_factory=lambda: [0, 0])
    missed: Faults = field(default_factory=list)
    mistaken: Faults = field(default_factory=list)


def score(mentions: Sequence[Mention], names: ProductNames) -> Score:
    """Asks the matcher for every mention."""
    result = Score()
    for mention in mentions:
        found = {match.product.id for match in names.identify(mention.text)}
        if mention.real:
            _count(result.real, mention)
        if found - mention.products:
            _count(result.wrong, mention)
            result.mistaken.append((mention, ", ".join(sorted(found - mention.products))))
        elif found:
            _count(result.recognised, mention)
        elif mention.real:
            suggestions = names.suggest(mention.text)
            if suggestions and suggestions[0].product.id in mention.products:
                _count(result.suggested, mention)
            result.missed.append((mention, ", ".join(f"{s.name} {s.score:.0f}" for s in suggestions)))
    return result


def known(mentions: Sequence[Mention], knows: Callable[[str], bool]) -> tuple[list[int], list[int]]:
    """How many real mentions a name list knows, and how many that name no product; each as (distinct, times)."""
    right, wrong = [0, 0], [0, 0]
    for mention in mentions:
        if knows(mention.text):
            _count(right if mention.real else wrong, mention)
    return right, wrong


def _count(counts: list[int], mention: Mention) -> None:
    counts[0] += 1
    counts[1] += mention.times
