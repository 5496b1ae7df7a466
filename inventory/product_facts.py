"""What a tenant shows of a product beyond that it is there: what is on, bought, granted, and what its vendor says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from classifiers.model import Role, Strength
from connectors.model import ObservationKind
from inventory.model import Fact, Origin

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from classifiers.model import Finding
    from inventory.model import FactValue

_SWITCHED: Final = ("on", "preview", "off")
"""States of a switch."""

_IN_USE: Final = "in_use"
_STATES: Final = ("on", "preview", _IN_USE, "off", "licensed")
"""States of a product's AI, the one that counts first."""

_DAYS_OF_USE: Final = ("last_used", "last_seen")
_DAY: Final = len("2027-01-31")

_LICENCES: Final = ("bought", "assigned", "users")
"""Attributes that count licences, the best first; who holds one is counted where nothing else is told."""

_USERS: Final = ("users", "user_count")
_PERMISSIONS: Final = ("scopes", "permissions", "roles")
_STANDING: Final = frozenset({ObservationKind.GRANT, ObservationKind.ASSET})
"""Kinds of observation that say what is granted now: a log of use tells of scopes that may have been taken away."""


def product_facts(
    findings: Sequence[Finding], data_use: Mapping[str, Mapping[str, str]]
) -> dict[str, tuple[Fact, ...]]:
    """Facts of the products among the findings of one system, by name.

    Args:
        findings: Findings of one system.
        data_use: Product id to what its vendor states of the use of data, each with the page that says so and the day it was
            read.
    """
    of_products = [finding for finding in findings if finding.product]
    stated = (
        _feature_state(of_products),
        _last_used(of_products),
        _features(of_products),
        _licence_count(of_products),
        _users(of_products),
        _permissions(findings),
        _data_use(of_products, data_use),
    )
    return {fact.name: (fact,) for fact in stated if fact is not None}


def _feature_state(findings: Sequence[Finding]) -> Fact | None:
    """Whether a product's AI is on: by the switches that its vendor shows, by its use, else by a licence; none where nothing tells.

    Use goes before a switch that is off: one of several may be, or the switch was thrown after.
    """
    of_state = {
        state: [one for one in findings if one.observation.attributes.get("state") == state] for state in _SWITCHED
    }
    of_state[_IN_USE] = list(_uses(findings))
    of_state["licensed"] = [finding for finding in findings if finding.role is Role.LICENCE]
    return next((_observed("feature_state", state, told) for state in _STATES if (told := of_state[state])), None)


def _uses(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Use of the AI itself: what a vendor's report counts, or any use of a product that is a provider of AI itself."""
    for finding in findings:
        proven = finding.strength is Strength.USE and finding.observation.kind is not ObservationKind.CONTROL
        if proven and (finding.role is Role.SAAS_FEATURE or finding.provider):
            yield finding


def _last_used(findings: Sequence[Finding]) -> Fact | None:
    """The last day on which use of the AI is seen."""
    days = [
        (str(day)[:_DAY], finding)
        for finding in _uses(findings)
        for name in _DAYS_OF_USE
        if (day := finding.observation.attributes.get(name))
    ]
    last = max((day for day, _ in days), default="")
    return _observed("last_used", last, (finding for day, finding in days if day == last)) if last else None


def _features(findings: Iterable[Finding]) -> Fact | None:
    on = {
        str(finding.observation.attributes.get("title", finding.name)): finding
        for finding in findings
        if finding.role is Role.SAAS_FEATURE and finding.observation.attributes.get("state") in _SWITCHED[:2]
    }
    return _observed("features", tuple(sorted(on)), on.values()) if on else None


def _licence_count(findings: Iterable[Finding]) -> Fact | None:
    """How many licences there are. Those of several contracts and plans add up."""
    counted = [(finding, count) for finding in findings if (count := _licences_of(finding)) is not None]
    return (
        _observed("licence_count", sum(count for _, count in counted), (one for one, _ in counted)) if counted else None
    )


def _licences_of(finding: Finding) -> int | None:
    names = _LICENCES if finding.role is Role.LICENCE else _LICENCES[:2]
    return next(_numbers(finding, names), None)


def _users(findings: Iterable[Finding]) -> Fact | None:
    """How many people use it: at least as many as the longest list names, for lists may name the same."""
    counted = [(count, finding) for finding in findings for count in _numbers(finding, _USERS)]
    most = max((count for count, _ in counted), default=None)
    return None if most is None else _observed("users", most, (one for count, one in counted if count == most))


def _permissions(findings: Iterable[Finding]) -> Fact | None:
    granted: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.observation.kind in _STANDING:
            for name in _PERMISSIONS:
                members = finding.observation.attributes.get(name, ())
                for member in members if isinstance(members, tuple) else ():
                    granted.setdefault(member, []).append(finding)
    shown = [finding for found in granted.values() for finding in found]
    return _observed("permissions", tuple(sorted(granted)), shown) if granted else None


def _data_use(findings: Iterable[Finding], data_use: Mapping[str, Mapping[str, str]]) -> Fact | None:
    """What vendors state. It is their declaration, and the catalog's page and day are its place."""
    stated: dict[str, list[str]] = {}
    for product in sorted({finding.product for finding in findings}):
        for value, place in data_use.get(product, {}).items():
            stated.setdefault(value, []).append(f"the vendor of {product}: {place}")
    places = tuple(place for value in sorted(stated) for place in stated[value])
    return Fact("data_use", tuple(sorted(stated)), Origin.DECLARED, places) if stated else None


def _numbers(finding: Finding, names: Iterable[str]) -> Iterator[int]:
    for name in names:
        value = finding.observation.attributes.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool):
            yield int(value)


def _observed(name: str, value: FactValue, findings: Iterable[Finding]) -> Fact:
    return Fact(name, value, Origin.OBSERVED, tuple(sorted({finding.id for finding in findings})))
