"""Facts of an account: its name, its tags, and the organisational units above it."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Final

from connectors.api.asset import asset
from connectors.api.errors import ApiError
from connectors.aws.ask import Question
from connectors.aws.place import Place
from connectors.model import Coverage, ObservationKind, Outcome, Result

if TYPE_CHECKING:
    from connectors.aws.ask import Asker

ROW: Final = "aws/account"
SCOPE: Final = "organizations"
_HOME: Final = {"aws-cn": "cn-northwest-1", "aws-us-gov": "us-gov-west-1"}
_DEEPEST: Final = 8


class Units:
    """The organisational units of an organisation, asked for with the caller's credentials, each once."""

    def __init__(self, ask: Asker) -> None:
        self._ask = ask
        self._lock = threading.Lock()
        self._above: dict[str, tuple[str, str]] = {}
        self._names: dict[str, str] = {}

    def facts(self, place: Place, caller: str) -> Result:
        """What the organisation says of an account. An account outside of any has its alias alone."""
        scope = f"{place.scope}/{SCOPE}"
        asked = _Asked(self._ask, Place(caller, _HOME.get(place.partition, "us-east-1"), place.partition, place.scope))
        title = ""
        tags: dict[str, str] = {}
        path: tuple[str, ...] = ()
        gap: ApiError | None = None
        try:
            title = asked.all("DescribeAccount", "Account.Name", AccountId=place.account) or ""
            tags = _tags(asked.all("ListTagsForResource", "Tags", ResourceId=place.account))
            path = self._path(asked, place.account)
        except ApiError as error:
            gap = error
        unit = "/".join(self._names[one] for one in reversed(path) if self._names.get(one))
        observation = asset(
            ObservationKind.ACCOUNT,
            ROW,
            place.source,
            source=place.source,
            scope=scope,
            title=title or place.account,
            tags=tags,
            refs=(*path, unit),
            unit=unit,
        )
        counts = {"requests": asked.requests}
        if gap is None:
            return Result([observation], [Coverage(place.source, scope, Outcome.COMPLETE, "", counts)])
        # Facts of an account hide no resource: what is not told of it makes nothing incomplete.
        outcome = Outcome.SKIPPED if gap.outcome is Outcome.DENIED else gap.outcome
        return Result([observation], [Coverage(place.source, scope, outcome, gap.reason, counts)])

    def _path(self, asked: _Asked, child: str) -> tuple[str, ...]:
        """Ids of the units above, nearest first."""
        path: list[str] = []
        while len(path) < _DEEPEST:
            with self._lock:
                if child not in self._above:
                    self._above[child] = self._parent(asked, child)
                parent, kind = self._above[child]
            if kind != "ORGANIZATIONAL_UNIT":
                break
            path.append(parent)
            child = parent
        return tuple(path)

    def _parent(self, asked: _Asked, child: str) -> tuple[str, str]:
        parents = asked.all("ListParents", "Parents", ChildId=child)
        parent, kind = (parents[0]["Id"], parents[0]["Type"]) if parents else ("", "")
        if kind == "ORGANIZATIONAL_UNIT" and parent not in self._names:
            unit = asked.all("DescribeOrganizationalUnit", "OrganizationalUnit.Name", OrganizationalUnitId=parent)
            self._names[parent] = unit or parent
        return parent, kind


class _Asked:
    """Questions to Organizations, counted."""

    def __init__(self, ask: Asker, place: Place) -> None:
        self._ask = ask
        self._place = place
        self.requests = 0

    def all(self, operation: str, path: str, **params: str) -> Any:
        self.requests += 1
        question = Question(SCOPE, operation, f"{SCOPE}:{operation}", params, {})
        found: Any = self._ask.once(self._place, question)
        for name in path.split("."):
            found = found.get(name) if isinstance(found, dict) else None
        return found


def _tags(found: Any) -> dict[str, str]:
    return {tag["Key"]: tag.get("Value", "") for tag in found or () if isinstance(tag, dict) and "Key" in tag}
