"""Permissions to use AI: who may invoke models, and who did last."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from connectors.api.asset import asset
from connectors.api.errors import ApiError
from connectors.aws.ask import Question
from connectors.aws.policies import Policies, Statement, statements_of
from connectors.aws.rows import read
from connectors.aws.things import Thing, native_id
from connectors.aws.usage_gaps import covered
from connectors.model import Outcome, Result

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from connectors.aws.ask import Asker
    from connectors.aws.last_used import LastUsed
    from connectors.aws.place import Place
    from connectors.aws.policies import Allowed
    from connectors.aws.rows import Row, Service
    from connectors.model import Observation

_PAGE: Final = 1000
_OF_AWS: Final = "/aws-service-role/"
"""Path of the roles that AWS makes for its services; they are not the customer's."""

_MODEL: Final = re.compile(r"arn:[a-z*-]+:bedrock:[^:]*::foundation-model/(?P<model>[^*?]+)")
_RESOURCE: Final = re.compile(r"arn:[a-z-]+:[a-z0-9-]+:[a-z0-9-]+:\d{12}:[^*?]+")
_LISTS: Final = ("UserDetailList", "RoleDetailList")


@dataclass(frozen=True, slots=True)
class Principal:
    """Who is allowed something.

    Attributes:
        arn: Its ARN.
        created: When it was made.
        used: When a role was last used for anything.
        allowed: What it is allowed, by id of the row.
    """

    arn: str
    created: str
    used: str
    allowed: Mapping[str, Allowed]


def wanted_actions(row: Row) -> tuple[str, ...]:
    """The actions that a row is about."""
    return tuple(str(read(row.facts["actions"], {})).split())


def reduced_details(body: Any, service: Service) -> dict[str, Any]:
    """Of users, roles, groups and policies what says who may do what the rows are about."""
    actions = [action for row in service.rows for action in wanted_actions(row)]
    return {
        "principals": [_principal(one, actions) for name in _LISTS for one in body.get(name) or ()],
        "groups": [_principal(one, actions) for one in body.get("GroupDetailList") or ()],
        "policies": [
            {"arn": one.get("Arn"), "statements": _plain(version.get("Document"), actions)}
            for one in body.get("Policies") or ()
            for version in one.get("PolicyVersionList") or ()
            if version.get("IsDefaultVersion")
        ],
    }


def _principal(one: Any, actions: Sequence[str]) -> dict[str, Any]:
    inline = next((one[name] for name in ("UserPolicyList", "RolePolicyList", "GroupPolicyList") if one.get(name)), ())
    return {
        "arn": one.get("Arn") or "",
        "name": one.get("GroupName") or "",
        "created": one.get("CreateDate") or "",
        "used": (one.get("RoleLastUsed") or {}).get("LastUsedDate") or "",
        "inline": [_plain(policy.get("PolicyDocument"), actions) for policy in inline],
        "attached": [policy.get("PolicyArn") for policy in one.get("AttachedManagedPolicies") or ()],
        "boundary": (one.get("PermissionsBoundary") or {}).get("PermissionsBoundaryArn") or "",
        "groups": one.get("GroupList") or [],
    }


def _plain(document: Any, actions: Sequence[str]) -> list[Any] | None:
    """The statements that matter as plain data; None where the policy cannot be read."""
    try:
        return [one.plain for one in statements_of(document, actions)]
    except ValueError:
        return None


class Permissions:
    """Asks IAM who may use AI.

    Args:
        ask: Asks; answers have gone through `reduced_details`.
        last_used: Asks who did last.
        max_pages: The most pages of one list.
    """

    def __init__(self, ask: Asker, last_used: LastUsed, max_pages: int) -> None:
        self._ask = ask
        self._last_used = last_used
        self._max_pages = max_pages

    def run(self, service: Service, rows: Sequence[Row], place: Place, used: Service | None) -> Result:
        """Who may use AI in an account, and who did where that is asked for.

        Args:
            service: The service.
            rows: Its rows.
            place: The account.
            used: The service whose rows say who used a permission; None where that is not asked for.
        """
        counts: Counter[str] = Counter()
        gaps: list[ApiError] = []
        found = self._details(rows[0], place, counts, gaps)
        principals = list(found.principals(rows, counts))
        if counts["unreadable"]:
            gaps.append(ApiError(Outcome.PARTIAL, f"{rows[0].action}: {counts['unreadable']} policies cannot be read"))
        observations = [
            _observed(service, row, place, principal)
            for principal in principals
            for row in rows
            if row.id in principal.allowed
        ]
        counts["assets"] = len(observations)
        result = Result(observations, [covered(place, service, gaps, counts, counts["requests"])], counts)
        if used is not None and principals:
            more = self._last_used.run(used, place, {one.arn: _actions(rows, one) for one in principals})
            result.observations += more.observations
            result.coverage += more.coverage
            result.counts += more.counts
        result.observations.sort(key=lambda one: (one.matchers, one.name))
        return result

    def _details(self, row: Row, place: Place, counts: Counter[str], gaps: list[ApiError]) -> _Details:
        details = _Details()
        more = False
        question = Question(row.client or "iam", row.operation, row.action, {**row.params, "MaxItems": _PAGE}, {})
        try:
            for body, more in self._ask.pages(place, question, limit=self._max_pages):  # noqa: B007 - of the last page
                counts["requests"] += 1
                details.add(body)
        except ApiError as error:
            gaps.append(error)
            more = False
        if more:
            reason = f"{row.action}: only the first {self._max_pages} pages were read; raise `max_pages`"
            gaps.append(ApiError(Outcome.PARTIAL, reason))
        return details


@dataclass(slots=True)
class _Details:
    """Principals and policies of an account, of all pages."""

    given: list[Any] = field(default_factory=list)
    groups: dict[str, Any] = field(default_factory=dict)
    managed: dict[str, list[Any] | None] = field(default_factory=dict)

    def add(self, body: Any) -> None:
        """Takes in a page."""
        self.given += body["principals"]
        self.groups |= {group["name"]: group for group in body["groups"]}
        self.managed |= {policy["arn"]: policy["statements"] for policy in body["policies"]}

    def principals(self, rows: Sequence[Row], counts: Counter[str]) -> Iterator[Principal]:
        """Who is allowed something that rows are about by name; who may do everything is counted."""
        for one in sorted(self.given, key=lambda one: str(one["arn"])):
            if _OF_AWS in one["arn"]:
                counts["dropped"] += 1
                continue
            policies = self._policies(one, counts)
            allowed = {row.id: policies.allowed(wanted_actions(row)) for row in rows}
            counts["administrators"] += any(part.everything for part in allowed.values())
            named = {row: part for row, part in allowed.items() if part.actions}
            if named:
                yield Principal(one["arn"], one["created"], one["used"], named)

    def _policies(self, one: Any, counts: Counter[str]) -> Policies:
        policies = Policies()
        for holder in (one, *(self.groups[name] for name in one["groups"] if name in self.groups)):
            for plain in (*holder["inline"], *(self.managed.get(arn, []) for arn in holder["attached"])):
                counts["unreadable"] += plain is None
                policies.statements += map(Statement.of, plain or ())
        boundary = self.managed.get(one["boundary"])
        if boundary is not None:
            policies.boundary = [Statement.of(plain) for plain in boundary]
        return policies


def _actions(rows: Iterable[Row], principal: Principal) -> dict[str, tuple[str, ...]]:
    return {row.id: principal.allowed[row.id].actions for row in rows if row.id in principal.allowed}


def _observed(service: Service, row: Row, place: Place, principal: Principal) -> Observation:
    allowed = principal.allowed[row.id]
    models = (found["model"] for text in allowed.resources if (found := _MODEL.fullmatch(text)))
    thing = Thing.of({"Arn": principal.arn}, {}, None)
    return asset(
        row.kind,
        service.row_id(row),
        native_id(row, thing, place),
        source=place.source,
        scope=f"{place.scope}/{service.name}",
        title=re.split(r"[/:]", principal.arn)[-1],
        refs=(text for text in allowed.resources if _RESOURCE.fullmatch(text)),
        models=models,
        identities=(principal.arn,),
        snippet=", ".join(allowed.actions),
        region=place.scope,
        created=principal.created,
        used=principal.used,
        actions=allowed.actions,
    )
