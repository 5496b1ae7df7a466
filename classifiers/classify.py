"""From observations of one source to findings: what each means, in which context, and how much it proves.

Rules that hold back what proves nothing live here, each with the fault that it answers:
a weak name needs company, a call needs its import, a local module is not the package of that name, a list of many
models or providers is a mention, a dependency of a dependency is nobody's choice.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from classifiers import context as contexts
from classifiers.mentions import Mentions
from classifiers.model import Context, Finding, Role, Strength
from classifiers.naming import DeclaredPackages
from connectors.model import Observation, ObservationKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from classifiers.catalog import Catalog
    from classifiers.meaning import Meaning

_CONFIDENCE: Final = {
    "package": 0.6, "project": 0.9, "import": 0.9, "host": 0.85, "env": 0.5, "model": 0.6, "call": 0.8, "image": 0.9, "resource": 0.95,
    "file": 0.7, "content": 0.9, "command": 0.8, "action": 0.9, "value": 0.8, "path": 0.8, "switch": 0.7,
}  # fmt: skip
"""How often evidence of a sort is what it says, as a starting point for a reader; not a measured probability."""

_PATH_WORDS: Final = frozenset({"models", "publishers", "accounts", "projects", "endpoints", "deployments"})
"""What stands before a model in the paths of a provider's own API, where a hub has its maker."""
_SCOPE_CONTEXT: Final = {
    "development": Context.DEVELOPMENT, "test": Context.TEST, "build": Context.DEVELOPMENT,
}  # fmt: skip


def classify(observations: Sequence[Observation], catalog: Catalog) -> list[Finding]:
    """Findings of one source, sorted by id.

    Args:
        observations: All observations of the source.
        catalog: The knowledge base whose matchers collected them.
    """
    meant = _narrowest(
        [
            (observation, meaning)
            for observation in observations
            for key in observation.matchers
            if (meaning := _meaning(observation, key, catalog)) is not None
        ]
    )
    declares = any(one.kind is ObservationKind.UNIT and not one.attributes.get("deploys") for one in observations)
    evidence = _Evidence(meant, catalog, declares=declares)
    findings: dict[str, Finding] = {}
    for observation, meaning in meant:
        if evidence.counts(observation, meaning):
            finding = _finding(observation, meaning, evidence)
            findings.setdefault(finding.id, finding)
    return [findings[key] for key in sorted(findings)]


def _meaning(observation: Observation, key: str, catalog: Catalog) -> Meaning | None:
    """What a key means; a project that is itself a package of the knowledge base is more than a dependency on it."""
    if observation.kind is ObservationKind.UNIT:
        key = key.replace("/package/", "/project/", 1)
    return catalog.meanings.get(key)


def _narrowest(meant: Sequence[tuple[Observation, Meaning]]) -> list[tuple[Observation, Meaning]]:
    """Of several rows for one host the narrowest: `models.inference.example` says more than `*.inference.example`."""
    longest: dict[tuple[str, str], str] = {}
    for observation, meaning in meant:
        if meaning.evidence == "host":
            place, host = (observation.location.path, observation.name), str(observation.attributes.get("host"))
            longest[place] = max(longest.get(place, ""), host, key=len)
    return [
        (observation, meaning)
        for observation, meaning in meant
        if meaning.evidence != "host"
        or longest[observation.location.path, observation.name] == str(observation.attributes.get("host"))
    ]


class _Evidence:
    """What the whole source shows, so that one observation can be judged beside the others."""

    def __init__(self, meant: Sequence[tuple[Observation, Meaning]], catalog: Catalog, *, declares: bool) -> None:
        self._catalog = catalog
        self._declares = declares
        self._sorts: defaultdict[str, set[str]] = defaultdict(set)
        self._reached: set[str] = set()
        self.declared = DeclaredPackages()
        self._declared_rows: set[str] = set()
        self._firm_rows: set[str] = set()
        self._firm_providers: set[str] = set()
        self._modules: set[tuple[str, str]] = set()
        self._imported: set[tuple[str, str]] = set()
        self._mentions = Mentions(meant)
        for observation, meaning in meant:
            if meaning.evidence == "package" and _chosen(observation):
                self.declared.add(str(observation.attributes["ecosystem"]), observation.name)
                self._declared_rows.add(meaning.row)
            if meaning.evidence != "package" or _chosen(observation):
                self._sorts[meaning.row].add(meaning.evidence)
            if not meaning.weak and not observation.attributes.get("qualified") and meaning.evidence != "call":
                self._firm_rows.add(meaning.row)
                self._firm_providers.add(meaning.provider)
            if meaning.provider and meaning.evidence not in {"model", "call"}:
                self._reached.add(meaning.provider)
            if meaning.evidence == "import" and not observation.attributes.keys() & {"local", "qualified"}:
                self._modules.add((_root(observation), observation.location.path))
                self._imported.add((meaning.row, observation.location.path))

    def counts(self, observation: Observation, meaning: Meaning) -> bool:
        """Whether an observation is a finding, judged beside everything else in its source."""
        if observation.attributes.get("local") or (meaning.evidence == "package" and not _chosen(observation)):
            return False
        return self._stands(observation, meaning) and not self._mentions.mentioned(observation, meaning)

    def _stands(self, observation: Observation, meaning: Meaning) -> bool:
        """Whether what needs company has it: weak names, names used in full, calls."""
        if observation.attributes.get("qualified"):
            return self._has_company(meaning) or (_root(observation), observation.location.path) in self._modules
        if meaning.evidence == "call":
            return (meaning.row, observation.location.path) in self._imported
        return not meaning.weak or self._has_company(meaning)

    def provider(self, observation: Observation, meaning: Meaning) -> str:
        """Who answers: for a model the gateway before it, else its maker, unless only a host of the maker's is reached.

        Behind a router (`anthropic/claude-4` at OpenRouter) the maker does not answer, and for a model as a hub names it
        (`CohereLabs/aya`) nobody does: it runs where its weights are loaded.
        """
        if meaning.evidence != "model":
            return meaning.provider
        prefix, separator = _before_model(observation.name)
        named = self._catalog.gateways.get(prefix, "")
        if separator == "/" and named in {"", meaning.provider} - self._reached and prefix not in _PATH_WORDS:
            routers = self._catalog.routers & self._reached
            return next(iter(routers)) if len(routers) == 1 else named
        if named and meaning.provider:
            return named
        if meaning.provider in self._reached:
            return meaning.provider
        hosts = [host for host, makers in self._catalog.serves.items() if meaning.provider in makers]
        return next((host for host in sorted(hosts) if host in self._reached), meaning.provider)

    def _has_company(self, meaning: Meaning) -> bool:
        """Whether other evidence of the row is there, firm or of another sort; for a model, of its provider."""
        if meaning.row in self._firm_rows or {"package", "import"} <= self._sorts[meaning.row]:
            return True
        return meaning.evidence == "model" and bool(meaning.provider) and meaning.provider in self._firm_providers

    def strength(self, observation: Observation, meaning: Meaning) -> Strength:
        """The strength of a finding: an optional integration that no manifest asks for is only a hint.

        Optional is an import inside a function or condition, and a module named after what it adapts; where there is no
        manifest at all, nothing tells what is optional.
        """
        if meaning.evidence != "import" or meaning.row in self._declared_rows:
            return meaning.strength
        if not self._declares:
            return meaning.strength
        root = observation.name.partition(".")[0]
        *folders, file = observation.location.path.split("/")
        adapter = root in {*folders, *re.split("[_-]", file.partition(".")[0])}
        optional = adapter or observation.attributes.keys() & {"conditional", "qualified"}
        return Strength.HINT if optional else meaning.strength


def _before_model(written: str) -> tuple[str, str]:
    """What stands before a model, as gateways are spelt in the catalog, and what parts the two; empty where nothing does."""
    prefix, separator, _ = (*re.split("([/:])", written, maxsplit=1), "", "")[:3]
    return (prefix.lower().replace("_", "-"), separator) if separator else ("", "")


def _root(observation: Observation) -> str:
    """The first name of what is imported or used by its full name."""
    return observation.name.partition(".")[0]


def _chosen(observation: Observation) -> bool:
    """Whether somebody chose the package, rather than a dependency of theirs."""
    return bool(observation.attributes.get("direct")) and not observation.attributes.get("lock")


def _finding(observation: Observation, meaning: Meaning, evidence: _Evidence) -> Finding:
    ecosystem, name = _package(observation, meaning, evidence)
    rule = f"{meaning.row}/{meaning.evidence}"
    location = observation.location
    identity = f"{location.source}\0{location.path}\0{rule}\0{name}"
    return Finding(
        id="f-" + hashlib.sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()[:20],
        role=meaning.role,
        name=name,
        location=location,
        context=_context(observation),
        strength=evidence.strength(observation, meaning),
        confidence=_CONFIDENCE[meaning.evidence],
        rule=rule,
        observation=observation,
        purl=purl(ecosystem, name) if ecosystem else "",
        provider=evidence.provider(observation, meaning),
        model=name if meaning.role is Role.MODEL else "",
        model_family=meaning.family,
        techniques=meaning.techniques,
        system_kind=meaning.kind,
        snippet=observation.snippet,
    )


def _package(observation: Observation, meaning: Meaning, evidence: _Evidence) -> tuple[str, str]:
    """Ecosystem and name: of the package, or of the one that an import stands for: a declared one before the usual."""
    if observation.kind is ObservationKind.PACKAGE:
        return str(observation.attributes["ecosystem"]), observation.name
    if meaning.evidence == "import":
        return evidence.declared.imported(meaning.packages, observation.name)
    if meaning.evidence == "project":
        return str(observation.attributes["ecosystem"]), str(observation.attributes["project"])
    return "", observation.name


def _context(observation: Observation) -> Context:
    if observation.attributes.get("test"):
        return Context.TEST
    context = contexts.of_path(observation.location.path)
    if context is Context.PRODUCTION:
        return _SCOPE_CONTEXT.get(str(observation.attributes.get("scope", "")), context)
    return context


@lru_cache(maxsize=8192)
def purl(ecosystem: str, name: str) -> str:
    """Package URL without version (purl-spec)."""
    from packageurl import PackageURL

    namespace, _, last = name.rpartition("/")
    return str(PackageURL(ecosystem, namespace or None, last).to_string())


def by_id(findings: Iterable[Finding]) -> Mapping[str, Finding]:
    """Findings by their id."""
    return {finding.id: finding for finding in findings}
