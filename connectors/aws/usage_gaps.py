"""How a question about use ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors.model import Coverage, Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from connectors.api.errors import ApiError
    from connectors.aws.place import Place
    from connectors.aws.rows import Service


def vain(gaps: Sequence[ApiError]) -> bool:
    """Whether further questions that need the same permission are in vain."""
    return any(gap.outcome is Outcome.DENIED or gap.expired for gap in gaps)


def covered(
    place: Place, service: Service, gaps: Sequence[ApiError], counts: Mapping[str, int], answered: int
) -> Coverage:
    """Coverage of a service about use in a place.

    Args:
        place: The place.
        service: The service.
        gaps: What was not answered.
        counts: Numbers for the reader.
        answered: How many requests were.
    """
    scope = f"{place.scope}/{service.name}"
    told = {name: counts[name] for name in sorted(counts) if counts[name]}
    real = [gap for gap in gaps if gap.outcome is not Outcome.NOT_APPLICABLE]
    if not gaps or (answered and not real):
        return Coverage(place.source, scope, Outcome.COMPLETE, "", told)
    reasons = "; ".join(dict.fromkeys(gap.reason for gap in real or gaps))
    outcomes = {gap.outcome for gap in real or gaps}
    outcome = outcomes.pop() if len(outcomes) == 1 and not answered else Outcome.PARTIAL
    return Coverage(place.source, scope, outcome, reasons, told)
