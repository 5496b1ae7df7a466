"""From what APIs listed to AI systems: identity, facts, owners."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from classifiers.model import Strength, SystemKind
from connectors.model import ObservationKind
from inventory.assets import Group, group_assets
from inventory.estate import Account, TagKeys, accounts_of, first_tag, tag_facts, tags_of
from inventory.evidence import (
    confidence,
    fingerprint,
    joined_fingerprint,
    models,
    observed_facts,
    providers,
    techniques,
)
from inventory.minting import mint
from inventory.model import AISystem, Fact, Join, Origin
from inventory.product_facts import product_facts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from classifiers.model import Finding
    from connectors.model import Observation


_NO_TERMS: Final[Mapping[str, Mapping[str, str]]] = {}


def assemble_assets(
    findings: Iterable[Finding],
    observations: Iterable[Observation],
    known: Mapping[str, str],
    names: Mapping[str, str],
    keys: TagKeys,
    data_use: Mapping[str, Mapping[str, str]] = _NO_TERMS,
) -> list[AISystem]:
    """AI systems, sorted by id.

    Args:
        findings: Findings of what APIs listed.
        observations: All observations; those of kind `account` are used.
        known: Anchor to id, from the ledger, the scope document and earlier scans.
        names: Catalog id to name, for use without a resource.
        keys: What the organisation's tags mean.
        data_use: What vendors state of the use of data, by product; see `inventory.product_facts`.
    """
    accounts = accounts_of(observations)
    groups = group_assets(findings, keys)
    systems = [_system(group, accounts.get(group.source, Account()), known, names, keys) for group in groups]
    terms = (product_facts(group.findings, data_use) for group in groups)
    told = [replace(system, facts={**system.facts, **facts}) for system, facts in zip(systems, terms, strict=True)]
    return sorted(told, key=lambda system: system.id)


def _system(
    group: Group, account: Account, known: Mapping[str, str], names: Mapping[str, str], keys: TagKeys
) -> AISystem:
    identity = next((known[anchor] for anchor in group.anchors if anchor in known), None) or mint(group.anchors[0])
    tags = _tags(group.findings, account)
    joins = [*group.joins]
    owner = ""
    for carried in (*(tags_of(finding.observation) for finding in group.findings), account.tags):
        key, owner = first_tag(carried, keys.owner)
        if owner:
            joins.append(Join(group.anchors[0], f"the tag {key} names {owner} as its owner"))
            break
    title = _named_by_tag(group.findings, keys) or names.get(group.title, group.title)
    if account.title and group.anchors[0].startswith(f"{group.source}/"):
        title = f"{title} in {account.title}"
    return AISystem(
        id=identity,
        anchors=tuple(dict.fromkeys(group.anchors)),
        name=title,
        kind=group.kind,
        sources=tuple(sorted({finding.location.source for finding in group.findings})),
        findings=tuple(sorted(finding.id for finding in group.findings)),
        facts={**_observed(group), **tag_facts(tags, keys)},
        techniques=techniques(group.findings),
        providers=providers(group.findings),
        models=models(group.findings),
        owner=owner,
        joins=tuple(dict.fromkeys(joins)),
        confidence=confidence(group.findings),
        evidence=fingerprint(group.findings),
    )


def _named_by_tag(findings: Sequence[Finding], keys: TagKeys) -> str:
    return next(
        (value for finding in findings if (value := first_tag(tags_of(finding.observation), keys.system)[1])), ""
    )


def _tags(findings: Sequence[Finding], account: Account) -> dict[str, list[str]]:
    """Tags of the resources; those of the account where they set none of that key."""
    tags: defaultdict[str, list[str]] = defaultdict(list)
    for finding in findings:
        for key, value in tags_of(finding.observation).items():
            tags[key].append(value)
    for key, value in account.tags.items():
        tags.setdefault(key, [value])
    return tags


def _observed(group: Group) -> dict[str, tuple[Fact, ...]]:
    running = [] if group.kind is SystemKind.CANDIDATE else [
        finding.id for finding in group.findings if finding.strength.rank <= Strength.ENABLED.rank
    ]  # fmt: skip
    facts = observed_facts(group.findings, deployed_by=running)
    placed = {finding.id: str(finding.observation.attributes.get("region") or "") for finding in group.findings}
    regions = tuple(sorted(set(placed.values()) - {"", "global"}))
    if regions:
        evidence = tuple(sorted(finding for finding, region in placed.items() if region in regions))
        facts["regions"] = (Fact("regions", regions, Origin.OBSERVED, evidence),)
    return facts


def join_code(
    code: Sequence[AISystem], listed: Sequence[AISystem], findings: Iterable[Finding], known: Mapping[str, str]
) -> list[AISystem]:
    """Joins systems of code to the resource whose endpoint or identifier stands in the code; sorted by id.

    A resource that one system of code alone calls is one system with it, and so is one that was before and that nobody
    calls by now. A resource that several call is a platform that they share: each keeps to itself, and says so.

    Args:
        code: Systems of code.
        listed: Systems of resources.
        findings: All findings.
        known: Anchor to id; a system that was decided keeps its id when it is joined.
    """
    by_id = {finding.id: finding for finding in findings}
    callers = _callers(code, listed, by_id)
    joined = list(code)
    apart = []
    for place, resource in enumerate(listed):
        calls = callers.get(place) or _before(code, resource)
        if len(calls) == 1:
            ((caller, because),) = calls.items()
            joined[caller] = _merge(joined[caller], resource, because, known)
            continue
        if calls:
            resource = replace(resource, kind=SystemKind.AI_PLATFORM)  # noqa: PLW2901 - the same resource, seen as what it is
            for caller, because in calls.items():
                shared = Join(resource.anchors[0], f"{because}; {len(calls)} systems share it")
                joined[caller] = replace(joined[caller], joins=(*joined[caller].joins, shared))
        apart.append(resource)
    taken = {system.id for system in joined}
    apart = [replace(one, id=mint(one.anchors[0])) if one.id in taken else one for one in apart]
    return sorted([*joined, *apart], key=lambda system: system.id)


def _before(code: Sequence[AISystem], resource: AISystem) -> dict[int, str]:
    """The system of code that a resource was one with when it was last seen."""
    return {place: "they were one system before" for place, system in enumerate(code) if system.id == resource.id}


def _callers(
    code: Sequence[AISystem], listed: Sequence[AISystem], findings: Mapping[str, Finding]
) -> dict[int, dict[int, str]]:
    """Place of a resource to the places of the systems of code that name it, each with what says so."""
    addresses: dict[str, int] = {}
    for place, resource in enumerate(listed):
        for finding in _of(resource, findings):
            hosts = finding.observation.attributes.get("hosts", ())
            if finding.observation.kind is ObservationKind.ASSET:
                for address in (finding.observation.name, *(hosts if isinstance(hosts, tuple) else ())):
                    addresses[address.lower()] = place
    callers: defaultdict[int, dict[int, str]] = defaultdict(dict)
    for place, system in enumerate(code if addresses else ()):
        for finding in _of(system, findings):
            for address in _addresses(finding):
                if address in addresses:
                    callers[addresses[address]].setdefault(place, f"{address} stands in the code")
    return callers


def _of(system: AISystem, findings: Mapping[str, Finding]) -> Iterator[Finding]:
    return (findings[one] for one in system.findings if one in findings)


def _addresses(finding: Finding) -> tuple[str, ...]:
    """What a finding of code may be found under: the whole literal, and the host of a URL."""
    written = finding.observation.name.lower()
    host = written.partition("://")[2].partition("/")[0] if "://" in written else written.partition("/")[0]
    return (written, host)


def _merge(code: AISystem, resource: AISystem, because: str, known: Mapping[str, str]) -> AISystem:
    """One system of both. The id that was decided stays, the code's where neither was; the other becomes an alias."""
    decided = next((known[a] for a in (*code.anchors, *resource.anchors) if a in known), code.id)
    keeper, other = (code, resource) if decided == code.id else (resource, code)
    ids = {other.id, mint(code.anchors[0]), mint(resource.anchors[0])}
    facts = dict(keeper.facts)
    for name, stated in other.facts.items():
        facts[name] = (*facts.get(name, ()), *stated)
    return replace(
        keeper,
        anchors=tuple(dict.fromkeys((*keeper.anchors, *other.anchors))),
        sources=tuple(sorted({*keeper.sources, *other.sources})),
        findings=tuple(sorted({*keeper.findings, *other.findings})),
        facts=facts,
        techniques=tuple(sorted({*keeper.techniques, *other.techniques})),
        providers=tuple(sorted({*keeper.providers, *other.providers})),
        models=tuple(sorted({*keeper.models, *other.models})),
        owner=keeper.owner or other.owner,
        aliases=tuple(sorted({*keeper.aliases, *other.aliases, *ids} - {keeper.id})),
        joins=(*keeper.joins, *other.joins, Join(resource.anchors[0], because)),
        confidence=round(1 - (1 - keeper.confidence) * (1 - other.confidence), 4),
        evidence=joined_fingerprint(keeper.evidence, other.evidence),
    )
