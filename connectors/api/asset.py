"""The one shape in which every network connector hands on what an API listed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from connectors.model import Location, Observation, ObservationKind, Scalar

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

TAG: Final = "tag:"
"""What stands before the key of a tag or label in the attributes."""

_MAX_TEXT: Final = 1024
_MAX_MEMBERS: Final = 200
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")


def asset(
    kind: ObservationKind,
    row: str,
    native_id: str,
    *,
    source: str,
    scope: str,
    title: str = "",
    tags: Mapping[str, str] | None = None,
    parent: str = "",
    refs: Iterable[str] = (),
    models: Iterable[str] = (),
    hosts: Iterable[str] = (),
    identities: Iterable[str] = (),
    snippet: str = "",
    **facts: Scalar | tuple[str, ...],
) -> Observation:
    """An observation of a resource, of use, of a grant, of a control or of an account.

    Args:
        kind: `ASSET`, `USAGE`, `GRANT`, `CONTROL` or `ACCOUNT`.
        row: Id of the row that asked, as `aws/bedrock/agent`.
        native_id: The provider's own whole identifier: an ARN, an ARM id, a full resource name.
        source: Identity of the source, as `account:aws:111122223333`.
        scope: The part of the source that was asked, as `eu-west-1/bedrock`; the same as in its coverage.
        title: What people call it.
        tags: Tags or labels.
        parent: Native id of what it is a part of.
        refs: Native ids, ARNs or full names of other resources that it uses.
        models: Models that it uses, as the provider writes them.
        hosts: Host names under which it answers.
        identities: Native ids of the roles, service accounts or managed identities that it runs as or is granted to.
        snippet: Redacted evidence in a line: the operation, and the fields that tell.
        facts: Further scalars, or texts: `region`, `status`, `created`, `updated`, `stack`, `group`, `sku`, `amount` …
    """
    attributes: dict[str, Scalar | tuple[str, ...]] = {
        name: _members(value) if isinstance(value, tuple) else _clean(value)
        for name, value in facts.items()
        if value not in (None, "", ())
    }
    attributes |= {"title": _clean(title or native_id)}
    lists = {"refs": refs, "models": models, "hosts": hosts, "identities": identities}
    attributes |= {name: members for name, given in lists.items() if (members := _members(given))}
    if parent:
        attributes["parent"] = _clean(parent)
    attributes |= {TAG + _clean(key): _clean(value) for key, value in sorted((tags or {}).items())[:_MAX_MEMBERS]}
    return Observation(kind, _clean(native_id), Location(source, scope), (row,), attributes, _clean(snippet)[:200])


def _members(given: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({_clean(member) for member in given if member}))[:_MAX_MEMBERS]


def _clean(value: Any) -> Any:
    return _CONTROL.sub(" ", value)[:_MAX_TEXT] if isinstance(value, str) else value
