"""From cloud resources to systems: an endpoint, its configuration, its model and its deployments are one, not four.

Resources are nodes; `parent` and `refs` are what their provider says of them. Systems that are parts of one another,
that one stack made, or that carry the organisation's own system tag are one. Components belong to whatever refers to
them, evidence to what it is about. What nothing refers to stays visible: components as candidates, use without a
resource as a system of its account.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from classifiers.model import Finding, Part, Strength, SystemKind
from connectors.model import Observation, ObservationKind
from inventory.estate import first_tag, tags_of
from inventory.model import Join

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from inventory.estate import TagKeys

_KIND_ORDER: Final = (SystemKind.AI_SYSTEM, SystemKind.EMBEDDED_AI, SystemKind.AI_PLATFORM, SystemKind.DEV_ASSISTANT)


LISTED: Final = frozenset({
    ObservationKind.ASSET, ObservationKind.USAGE, ObservationKind.GRANT, ObservationKind.CONTROL,
})  # fmt: skip
"""Kinds of observation that come from an API rather than from code."""


@dataclass(slots=True)
class Group:
    """Resources that make one system.

    Attributes:
        source: The account, or the tenant in which it shows first.
        title: A name for people.
        kind: What it is.
        anchors: Native ids of what stands by itself, the oldest first.
        findings: All its findings.
        joins: Why each part belongs to it.
    """

    source: str
    title: str
    kind: SystemKind
    anchors: list[str]
    findings: list[Finding] = field(default_factory=list)
    joins: list[Join] = field(default_factory=list)


@dataclass(slots=True)
class _Node:
    """One resource, with all that was found of it."""

    native_id: str
    source: str
    part: Part
    observation: Observation
    findings: list[Finding]

    @property
    def product(self) -> str:
        """The product that it is an app, a feature, a licence or use of."""
        return next((finding.product for finding in self.findings if finding.product), "")

    @property
    def age(self) -> tuple[str, str]:
        """Sorts the oldest first, so that a later resource never changes what a system is anchored to."""
        return (str(self.observation.attributes.get("created") or "~"), self.native_id)

    @property
    def title(self) -> str:
        return str(self.observation.attributes.get("title") or self.native_id)

    def text(self, name: str) -> str:
        value = self.observation.attributes.get(name)
        return value if isinstance(value, str) else ""

    def members(self, name: str) -> tuple[str, ...]:
        value = self.observation.attributes.get(name)
        return value if isinstance(value, tuple) else ()


def group_assets(findings: Iterable[Finding], keys: TagKeys) -> list[Group]:
    """The systems that resources make, each with its findings; a component that several refer to is evidence in each.

    Args:
        findings: Findings whose observations are assets, use, grants or controls.
        keys: What the organisation's tags mean.
    """
    nodes = _nodes(findings)
    union = _Union(nodes)
    seeds = [node for node in nodes.values() if node.part is Part.SYSTEM or node.product]
    _join_systems(union, nodes, seeds, keys)
    groups = {root: _seed_group(members, union) for root, members in union.groups(seeds).items()}
    belongs = _spread(nodes, groups)
    for native_id, owners in belongs.items():
        for root, because in owners.items():
            groups[root].findings += nodes[native_id].findings
            groups[root].joins.append(Join(native_id, because))
    placed = {*belongs, *(seed.native_id for seed in seeds)}
    rest = [node for node in nodes.values() if node.native_id not in placed]
    return [*groups.values(), *_unreferenced(rest), *_use(rest)]


def _nodes(findings: Iterable[Finding]) -> dict[str, _Node]:
    nodes: dict[str, _Node] = {}
    for finding in sorted(findings, key=lambda finding: finding.id):
        observation = finding.observation
        node = nodes.get(observation.name)
        if node is None:
            nodes[observation.name] = _Node(
                observation.name, observation.location.source, finding.part, observation, [finding]
            )
        else:
            node.findings.append(finding)
            if observation.kind is ObservationKind.ASSET and node.observation.kind is not ObservationKind.ASSET:
                node.observation, node.part = observation, finding.part
    return dict(sorted(nodes.items()))


class _Union:
    """Which systems are one, and why."""

    def __init__(self, nodes: Iterable[str]) -> None:
        self._above = {node: node for node in nodes}
        self.reasons: defaultdict[str, list[Join]] = defaultdict(list)

    def root(self, node: str) -> str:
        while self._above[node] != node:
            self._above[node] = self._above[self._above[node]]
            node = self._above[node]
        return node

    def join(self, one: str, other: str, because: str) -> None:
        first, second = sorted((self.root(one), self.root(other)))
        if first != second:
            self._above[second] = first
            self.reasons[other].append(Join(other, because))

    def groups(self, nodes: Iterable[_Node]) -> dict[str, list[_Node]]:
        found: defaultdict[str, list[_Node]] = defaultdict(list)
        for node in nodes:
            found[self.root(node.native_id)].append(node)
        return dict(found)


def _join_systems(union: _Union, nodes: Mapping[str, _Node], seeds: Sequence[_Node], keys: TagKeys) -> None:
    named: dict[tuple[str, str, str], str] = {}
    for seed in seeds:
        parent = nodes.get(seed.text("parent"))
        if parent is not None and parent.part is Part.SYSTEM:
            union.join(parent.native_id, seed.native_id, f"is a part of {parent.title}")
        key, value = first_tag(tags_of(seed.observation), keys.system)
        marks = [("tag", value, f"carries the tag {key}={value}")] if value else []
        if stack := seed.text("stack"):
            marks.append(("stack", stack, f"the stack {stack} made it"))
        for sort, mark, because in marks:
            first = named.setdefault((seed.source, sort, mark), seed.native_id)
            union.join(first, seed.native_id, because)
        if seed.product:  # the organisation has a product once, in however many places it shows
            first = named.setdefault(("", "product", seed.product), seed.native_id)
            union.join(first, seed.native_id, f"an identifier in it is the product's ({seed.product})")


def _seed_group(members: Sequence[_Node], union: _Union) -> Group:
    ordered = sorted(members, key=lambda node: node.age)
    findings = [finding for node in ordered for finding in node.findings]
    listed = "an import tells of it" if ordered[0].source.startswith("import:") else "an API of its account listed it"
    joins = [Join(ordered[0].native_id, listed)]
    joins += [join for node in ordered for join in union.reasons[node.native_id]]
    kinds = {finding.system_kind for finding in findings if finding.strength is not Strength.HINT}
    kind = next((kind for kind in _KIND_ORDER if kind in kinds), SystemKind.CANDIDATE)
    product = next((node.product for node in ordered if node.product), "")
    anchors = [*([f"product:{product}"] if product else []), *(node.native_id for node in ordered)]
    return Group(ordered[0].source, product or ordered[0].title, kind, anchors, findings, joins)


def _spread(nodes: Mapping[str, _Node], groups: Mapping[str, Group]) -> dict[str, dict[str, str]]:
    """To which systems everything else belongs: what they refer to, what is a part of them, what is about them."""
    children: defaultdict[str, list[str]] = defaultdict(list)
    about: defaultdict[str, list[str]] = defaultdict(list)
    for node in nodes.values():
        if parent := node.text("parent"):
            children[parent].append(node.native_id)
        if node.part in {Part.EVIDENCE, Part.CONTROL}:
            for target in node.members("refs"):
                about[target].append(node.native_id)
    belongs: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for root, group in groups.items():
        pending = [nodes[anchor] for anchor in group.anchors if anchor in nodes]
        while pending:
            node = pending.pop()
            for other, because in _neighbours(node, children, about):
                found = nodes.get(other)
                apart = found is None or found.part is Part.SYSTEM or found.product
                if found is not None and not apart and root not in belongs[other]:
                    belongs[other][root] = because
                    if found.part is Part.COMPONENT:
                        pending.append(found)
    return {native_id: owners for native_id, owners in belongs.items() if owners}


def _neighbours(
    node: _Node, children: Mapping[str, list[str]], about: Mapping[str, list[str]]
) -> Iterator[tuple[str, str]]:
    for other in node.members("refs"):
        yield other, f"{node.title} refers to it"
    for other in children.get(node.native_id, ()):
        yield other, f"is a part of {node.title}"
    for other in about.get(node.native_id, ()):
        yield other, f"is about {node.title}"


def _unreferenced(rest: Sequence[_Node]) -> Iterator[Group]:
    """Components that no system refers to, those that belong together as one candidate."""
    components = [node for node in rest if node.part is Part.COMPONENT]
    union = _Union(node.native_id for node in components)
    loose = {node.native_id for node in components}
    for node in components:
        for other in (*node.members("refs"), node.text("parent")):
            if other in loose:
                union.join(node.native_id, other, f"{node.title} refers to it")
    for members in union.groups(components).values():
        ordered = sorted(members, key=lambda node: node.age)
        joins = [Join(node.native_id, "nothing that runs refers to it") for node in ordered]
        findings = [finding for node in ordered for finding in node.findings]
        anchors = [node.native_id for node in ordered]
        yield Group(ordered[0].source, ordered[0].title, SystemKind.CANDIDATE, anchors, findings, joins)


def _use(rest: Sequence[_Node]) -> Iterator[Group]:
    """Use, jobs and grants that no resource stands for: the service in that account is the system."""
    by_service: defaultdict[tuple[str, str], list[_Node]] = defaultdict(list)
    for node in rest:
        if node.part is Part.EVIDENCE:
            named = (finding.provider for finding in node.findings if finding.provider)
            provider = next(named, node.findings[0].rule.split("/")[1])
            by_service[node.source, provider].append(node)
    for (source, provider), members in sorted(by_service.items()):
        findings = [finding for node in members for finding in node.findings]
        proven = any(finding.strength.rank <= Strength.ENABLED.rank for finding in findings)
        kind = SystemKind.AI_SYSTEM if proven else SystemKind.CANDIDATE
        joins = [Join(f"{source}/{provider}", "it is used in the account, and no resource of it stands for the use")]
        yield Group(source, provider, kind, [f"{source}/{provider}"], findings, joins)
