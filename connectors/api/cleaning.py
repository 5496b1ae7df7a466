"""What a connector hands on of files that people wrote, without what must not be written."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from connectors.api.asset import TAG
from connectors.model import ObservationKind, Result

if TYPE_CHECKING:
    from connectors.api.redact import Redactor
    from connectors.model import Coverage, Observation


def cleaned(result: Result, redact: Redactor) -> Result:
    """The same without secrets, prompts and addresses of people in any text; who owns something is named."""
    return Result(
        [_observation(one, redact) for one in result.observations],
        [_coverage(one, redact) for one in result.coverage],
        result.counts,
    )


def _observation(seen: Observation, redact: Redactor) -> Observation:
    named = "owner" if seen.kind is ObservationKind.OWNER else ""
    return replace(
        seen,
        name=redact.text(seen.name, named),
        location=replace(seen.location, path=redact.text(seen.location.path)),
        attributes={
            redact.text(name): _value(value, name.removeprefix(TAG).lower(), redact)
            for name, value in seen.attributes.items()
        },
        snippet=redact.text(seen.snippet, named),
    )


def _coverage(part: Coverage, redact: Redactor) -> Coverage:
    return replace(part, scope=redact.text(part.scope), reason=redact.text(part.reason))


def _value(value: Any, key: str, redact: Redactor) -> Any:
    if isinstance(value, tuple):
        return tuple(redact.text(member, key) for member in value)
    return redact.text(value, key) if isinstance(value, str) else value
