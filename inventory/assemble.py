"""From findings to AI systems: what one owner can answer for, under an id that survives the next scan.

One system a deployable or sub-project, marked by a manifest or a deployment file; one a coding assistant for the whole
organisation; one candidate a repository for all that only hints. Every choice leaves a `Join` that says why.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from classifiers.context import of_folder
from classifiers.model import Finding, Strength, SystemKind
from connectors.model import Observation, ObservationKind
from inventory.estate import DEFAULT_KEYS
from inventory.evidence import LIVE, confidence, fingerprint, models, observed_facts, providers, techniques
from inventory.hosted import NOT_HOSTED, hosted
from inventory.minting import mint
from inventory.model import AISystem, Join

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from inventory.estate import TagKeys
    from inventory.hosted import Hosted

_DEPLOYMENT_FOLDERS: Final = frozenset({
    "k8s", "kubernetes", "deploy", "deployment", "deployments", "docker", ".docker", "infra", "infrastructure", "helm",
    "chart", "charts", "manifests", "ops", "devops", "build", "container", "containers", "compose", "terraform", "cdk",
})  # fmt: skip
_INDEPENDENT_HINTS: Final = 2
"""So many independent sorts of hint make a system; repeats of one sort do not add up."""


@dataclass(frozen=True, slots=True)
class Repository:
    """What assembling needs to know of a source of code.

    Attributes:
        source: Its identity.
        title: What people call it, for a system that no manifest names.
        prefix: Folder of the repository that was scanned, with a slash at the end; empty for all of it.
    """

    source: str
    title: str = ""
    prefix: str = ""

    def anchor(self, folder: str) -> str:
        """The anchor of a folder of what was scanned."""
        path = (self.prefix + folder).strip("/")
        return f"{self.source}#{path}" if path else self.source


@dataclass(slots=True)
class _Unit:
    """A part of a repository that can be a system of its own."""

    source: str
    folder: str
    title: str = ""
    anchors: list[str] = field(default_factory=list)
    deployed_by: list[str] = field(default_factory=list)
    project: str = ""
    program: bool = False
    findings: list[Finding] = field(default_factory=list)
    joins: list[Join] = field(default_factory=list)


def assemble(
    findings: Iterable[Finding],
    observations: Iterable[Observation],
    known: Mapping[str, str],
    repositories: Mapping[str, Repository],
    names: Mapping[str, str],
    keys: TagKeys = DEFAULT_KEYS,
) -> list[AISystem]:
    """AI systems, sorted by id.

    Args:
        findings: Findings of all sources.
        observations: All observations; those of kind `unit`, `owner` and `repository` are used.
        known: Anchor to id, from the ledger, the scope document and earlier scans.
        repositories: What is known of each source of code.
        names: Catalog id to name, for assistants.
        keys: What the organisation's tags mean.
    """
    observations = list(observations)
    marks = _by_source(observations)
    assistants: defaultdict[str, list[Finding]] = defaultdict(list)
    by_source: defaultdict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding.system_kind is SystemKind.DEV_ASSISTANT:
            assistants[finding.rule.partition("/")[0]].append(finding)
        else:
            by_source[finding.location.source].append(finding)
    systems = [_assistant(row, names.get(row, row), found, known) for row, found in assistants.items()]
    said = hosted(observations, repositories, known, keys)
    for source, found in by_source.items():
        units = _units(repositories.get(source, Repository(source)), marks.get(source, ()))
        owners = _Owners(marks.get(source, ()))
        systems += [
            _system(unit, kind, known, owners, said.get(source, NOT_HOSTED)) for unit, kind in _decide(units, found)
        ]
    return sorted(systems, key=lambda system: system.id)


def _by_source(observations: Iterable[Observation]) -> dict[str, list[Observation]]:
    marks: defaultdict[str, list[Observation]] = defaultdict(list)
    for observation in observations:
        if observation.kind in {ObservationKind.UNIT, ObservationKind.OWNER}:
            marks[observation.location.source].append(observation)
    return marks


def _units(repository: Repository, marks: Sequence[Observation]) -> dict[str, _Unit]:
    """Units of a source by folder; the root is always one, tests, examples and docs never are."""
    source = repository.source
    units = {"": _Unit(source, "", repository.title, [repository.anchor("")])}
    live = [mark for mark in marks if mark.kind is ObservationKind.UNIT and of_folder(_folder(mark)) in LIVE]
    for mark in live:
        if not mark.attributes.get("deploys"):
            unit = units.setdefault(
                _folder(mark), _Unit(source, _folder(mark), anchors=[repository.anchor(_folder(mark))])
            )
            _name(unit, mark)
    for mark in live:
        if mark.attributes.get("deploys"):
            folder = _deployed_folder(_folder(mark), units)
            unit = units.setdefault(folder, _Unit(source, folder, anchors=[repository.anchor(folder)]))
            unit.deployed_by.append(mark.location.path)
    return units


def _folder(mark: Observation) -> str:
    return str(mark.attributes.get("folder", ""))


def _name(unit: _Unit, mark: Observation) -> None:
    if project := str(mark.attributes.get("project", "")):
        unit.project = unit.project or project
        unit.anchors.append(f"{unit.source}!{mark.attributes['ecosystem']}/{project}")
        unit.program = unit.program or bool(mark.attributes.get("program"))


def _deployed_folder(folder: str, units: Mapping[str, _Unit]) -> str:
    """What a deployment file deploys: its folder, or the unit around a folder that only holds deployment files."""
    if folder in units or folder.rpartition("/")[2].lower() not in _DEPLOYMENT_FOLDERS:
        return folder
    while folder and folder not in units:
        folder = folder.rpartition("/")[0]
    return folder


def _decide(units: dict[str, _Unit], findings: Sequence[Finding]) -> list[tuple[_Unit, SystemKind]]:
    """Units with their findings and what each is; what only hints goes to the nearest system above, else is pooled."""
    for finding in findings:
        units[_nearest(units, finding.location.path)].findings.append(finding)
    kinds = {folder: _kind(unit.findings) for folder, unit in units.items() if unit.findings}
    systems = {folder for folder, kind in kinds.items() if kind is not SystemKind.CANDIDATE}
    pooled: list[str] = []
    for folder in sorted(set(kinds) - systems):
        above = _above(folder, systems)
        if above is None:
            pooled.append(folder)
        else:
            units[above].findings += units[folder].findings
            units[above].joins.append(Join(folder, "holds only hints, tests or examples, and lies inside this system"))
    decided = [(units[folder], kinds[folder]) for folder in sorted(systems)]
    return [*decided, (_pool(units, pooled), SystemKind.CANDIDATE)] if pooled else decided


def _nearest(units: Mapping[str, _Unit], path: str) -> str:
    folder = path.rpartition("/")[0]
    while folder and folder not in units:
        folder = folder.rpartition("/")[0]
    return folder


def _above(folder: str, systems: set[str]) -> str | None:
    while folder:
        folder = folder.rpartition("/")[0]
        if folder in systems:
            return folder
    return None


def _pool(units: Mapping[str, _Unit], folders: Sequence[str]) -> _Unit:
    if len(folders) == 1:
        return units[folders[0]]
    first = units[folders[0]]
    shared = _common(folders)
    above = units.get(shared)
    pool = _Unit(first.source, shared, anchors=list(above.anchors if above else first.anchors))
    pool.title = above.project or above.title if above else first.project or first.title
    for folder in folders:
        pool.findings += units[folder].findings
        pool.joins.append(Join(folder or ".", "holds only hints, tests or examples: one candidate a repository"))
    return pool


def _common(folders: Sequence[str]) -> str:
    parts = [folder.split("/") if folder else [] for folder in folders]
    common = []
    for names in zip(*parts, strict=False):
        if len(set(names)) > 1:
            break
        common.append(names[0])
    return "/".join(common)


def _kind(findings: Iterable[Finding]) -> SystemKind:
    """What findings make together: a system needs one that is more than a hint, or independent hints."""
    live = [finding for finding in findings if finding.context in LIVE]
    strong = [finding for finding in live if finding.strength is not Strength.HINT]
    if not strong:
        sorts = {finding.rule.rpartition("/")[2] for finding in live if finding.system_kind is SystemKind.AI_SYSTEM}
        sorts.discard("import")  # an import that is only a hint is an optional integration, and stands for nothing else
        return SystemKind.AI_SYSTEM if len(sorts) >= _INDEPENDENT_HINTS else SystemKind.CANDIDATE
    kinds = {finding.system_kind for finding in strong}
    order = (SystemKind.AI_SYSTEM, SystemKind.EMBEDDED_AI, SystemKind.AI_PLATFORM)
    return next((kind for kind in order if kind in kinds), SystemKind.CANDIDATE)


def _assistant(row: str, name: str, findings: Sequence[Finding], known: Mapping[str, str]) -> AISystem:
    anchor = f"assistant:{row}"
    sources = tuple(sorted({finding.location.source for finding in findings}))
    because = f"its configuration or tooling stands in {len(sources)} repositor{'y' if len(sources) == 1 else 'ies'}"
    return AISystem(
        id=mint(anchor, known),
        anchors=(anchor,),
        name=name,
        kind=SystemKind.DEV_ASSISTANT,
        sources=sources,
        findings=tuple(sorted(finding.id for finding in findings)),
        facts=observed_facts(findings, deployed_by=[]),
        techniques=techniques(findings),
        providers=providers(findings),
        joins=(Join(anchor, because),),
        confidence=confidence(findings),
        evidence=fingerprint(findings),
    )


def _system(unit: _Unit, kind: SystemKind, known: Mapping[str, str], owners: _Owners, host: Hosted) -> AISystem:
    anchors = host.anchors(unit.source, dict.fromkeys(unit.anchors))
    label = unit.project or unit.title or unit.folder
    code_owner = owners.of(unit.folder)
    return AISystem(
        id=host.identity(anchors, known) or mint(next(one for one in anchors if mint(one) not in host.taken)),
        anchors=tuple(dict.fromkeys(anchors)),
        name=label,
        kind=kind,
        sources=(unit.source,),
        findings=tuple(sorted(finding.id for finding in unit.findings)),
        facts={**observed_facts(unit.findings, unit.deployed_by), **host.facts},
        techniques=techniques(unit.findings),
        providers=providers(unit.findings),
        models=models(unit.findings),
        owner=code_owner or host.owner,
        joins=(*_marks(unit), *unit.joins, *host.joins),
        confidence=confidence(unit.findings),
        evidence=fingerprint(unit.findings),
    )


def _marks(unit: _Unit) -> list[Join]:
    if unit.deployed_by:
        return [Join(unit.folder or ".", f"deployed by {', '.join(sorted(unit.deployed_by)[:3])}")]
    if unit.project:
        what = "a program" if unit.program else "a library: nothing in the repository deploys it"
        return [Join(unit.folder or ".", f"the manifest of {unit.project} marks it as a sub-project, {what}")]
    return [Join(unit.folder or ".", "no manifest marks a smaller part")]


class _Owners:
    """Likely owners by folder: the last CODEOWNERS pattern that fits, as the code hosts read it."""

    def __init__(self, marks: Sequence[Observation]) -> None:
        self._rules = [
            (str(mark.attributes["pattern"]), mark.name) for mark in marks if mark.kind is ObservationKind.OWNER
        ]

    def of(self, folder: str) -> str:
        """The likely owner of a folder, or the empty string."""
        if not self._rules:
            return ""
        from pathspec import GitIgnoreSpec

        probe = f"{folder}/x" if folder else "x"
        fitting = [owner for pattern, owner in self._rules if GitIgnoreSpec.from_lines([pattern]).match_file(probe)]
        return fitting[-1] if fitting else ""
