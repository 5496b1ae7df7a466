"""What a matcher means: from one row of the knowledge base to matchers for connectors and a meaning for each."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from classifiers.model import Role, Strength, SystemKind, Technique
from connectors.code.matchers import ContentMatcher, LiteralMatcher, Matchers, Region, canonical_package

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from classifiers.rows import ModelPattern, Row


@dataclass(frozen=True, slots=True)
class Meaning:
    """What it means that a matcher matched.

    Attributes:
        row: Catalog id.
        evidence: Sort of evidence: `package`, `import`, `host`, `env`, `model` …; independent sorts add up.
        role: Role of the finding.
        kind: What a system is whose strongest finding this is.
        strength: The most that it proves.
        provider: Catalog id of the provider, or empty.
        family: Catalog id of the model family, or empty.
        techniques: AI techniques.
        packages: Pairs of ecosystem and package name that an import stands for, the most usual first; the root itself
            in no ecosystem where no package is known to bring it.
        weak: Whether it counts only beside other evidence of the same row in the same repository.
    """

    row: str
    evidence: str
    role: Role
    kind: SystemKind
    strength: Strength
    provider: str = ""
    family: str = ""
    techniques: tuple[Technique, ...] = ()
    packages: tuple[tuple[str, str], ...] = ()
    weak: bool = False


ECOSYSTEM_LANGUAGES: Final = {
    "pypi": "python", "conda": "python", "npm": "javascript", "maven": "java", "nuget": "csharp", "golang": "go",
    "cargo": "rust", "gem": "ruby", "composer": "php", "swift": "swift", "cocoapods": "swift", "pub": "dart",
    "hex": "elixir", "conan": "cpp", "vcpkg": "cpp",
}  # fmt: skip
"""The language whose imports a package of an ecosystem serves."""

_JVM: Final = frozenset({"java", "kotlin", "scala"})
_EVIDENCE_ROLES: Final = {
    "project": Role.SERVICE,
    "host": Role.ENDPOINT,
    "env": Role.PROVIDER,
    "model": Role.MODEL,
    "call": Role.MODEL,
    "image": Role.IMAGE,
    "resource": Role.CLOUD_RESOURCE,
    "content": Role.MODEL_FILE,
    "command": Role.SERVICE,
    "action": Role.WORKFLOW,
    "path": Role.ENDPOINT,
    "switch": Role.SERVICE,
}
_CONTENT_ROLES: Final = frozenset({Role.WORKFLOW, Role.AGENT_CONFIG, Role.MCP_SERVER, Role.DATASET, Role.SERVICE})
_DIALECT_LANGUAGES: Final = {
    "terraform": frozenset({"hcl"}),
    "cloudformation": frozenset({"yaml", "json"}),
    "bicep": frozenset({"bicep", "json", "hcl", "yaml"}),
    "pulumi": frozenset({"yaml", "json"}),
    "kubernetes": frozenset({"yaml", "json"}),
}
"""Languages in which a type of a dialect declares a resource; in a program it is a name that the program knows."""

_EVIDENCE_STRENGTH: Final = {"package": Strength.HINT, "env": Strength.HINT, "model": Strength.HINT}
_UNDERSCORED: Final = frozenset({"pypi", "cargo", "conda"})
_SAME_NAME: Final = frozenset({"npm", "golang", "gem", "pub", "nuget"})
_DOMAIN_NAMED: Final = frozenset({"go", "csharp", "php", *_JVM})
"""Languages whose modules begin with a domain or a company, which tells nothing by itself."""
_NAMESPACES: Final = frozenset({"google", "azure"})
_LAST_STEP: Final = re.compile(r"(?:^|[./:\\]+)[^./:\\]*\Z")
"""The last name of a path of names, with the separator before it."""
_MODEL_KEYS: Final = frozenset({"model", "engine", "deployment"})
_SHORT_MODEL: Final = 3


@dataclass(slots=True)
class Compiled:
    """Matchers for connectors, and the meaning of each key."""

    literals: list[LiteralMatcher] = field(default_factory=list)
    packages: defaultdict[str, defaultdict[str, list[str]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )
    files: list[tuple[str, str]] = field(default_factory=list)
    contents: list[ContentMatcher] = field(default_factory=list)
    meanings: dict[str, Meaning] = field(default_factory=dict)

    def matchers(self, digest: str) -> Matchers:
        """The matchers, packages with a trailing `*` apart."""
        exact: dict[str, dict[str, list[str]]] = {}
        prefixes: dict[str, dict[str, list[str]]] = {}
        for ecosystem, names in self.packages.items():
            for name, keys in names.items():
                into = prefixes if name.endswith("*") else exact
                into.setdefault(ecosystem, {})[name.removesuffix("*")] = keys
        return Matchers(tuple(self.literals), exact, prefixes, tuple(self.files), tuple(self.contents), digest)


def compile_rows(rows: Iterable[Row]) -> Compiled:
    """Compiles rows, in their order: where two rows share a file or a literal, both speak."""
    rows = list(rows)
    owners = _root_owners(rows)
    compiled = Compiled()
    for row in rows:
        _RowCompiler(row, owners, compiled).run()
    return compiled


Packages = tuple[tuple[str, str], ...]


def _root_owners(rows: Iterable[Row]) -> dict[tuple[str, str], Packages]:
    """Language and import root to the packages that people install for it, over all rows."""
    owners: defaultdict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for row in rows:
        for ecosystem, names in row.packages.items():
            for name, declared in names.items():
                if language := ECOSYSTEM_LANGUAGES.get(ecosystem):
                    for root in import_roots(ecosystem, name, declared):
                        owners[language, root].append((ecosystem, _spelt(ecosystem, name)))
    return {root: tuple(packages) for root, packages in owners.items()}


class _RowCompiler:
    def __init__(self, row: Row, owners: dict[tuple[str, str], Packages], into: Compiled) -> None:
        self._row = row
        self._owners = owners
        self._into = into

    def run(self) -> None:
        self._packages()
        self._literals()
        self._models()
        self._resources()
        self._files()

    def _mean(
        self,
        evidence: str,
        text: str,
        place: str = "",
        *,
        provider: str | None = None,
        family: str = "",
        strength: Strength | None = None,
        packages: Packages = (),
        written: str = "",
    ) -> str:
        """Notes what a match of `text`, in the row perhaps `written` otherwise, means, and gives the key under which."""
        row = self._row
        key = f"{row.id}/{evidence}/{place}{text}"
        caps = (_EVIDENCE_STRENGTH.get(evidence, Strength.CAPABILITY), row.strength, strength)
        self._into.meanings[key] = Meaning(
            row=row.id,
            evidence=evidence,
            role=_role(row, evidence),
            kind=row.kind,
            strength=max((cap for cap in caps if cap), key=lambda cap: cap.rank),
            provider=provider or row.provider or "",
            family=family,
            techniques=_techniques(row),
            packages=packages,
            weak=not {text, written, f"{evidence}:{text}"}.isdisjoint(row.weak),
        )
        return key

    def _add(self, region: Region, text: str, *, open_ended: bool = False, keys: frozenset[str] = frozenset()) -> None:
        key = self._mean(region.value, text)
        self._into.literals.append(LiteralMatcher(key, region, text, keys=keys, open_ended=open_ended))

    def _packages(self) -> None:
        roots: dict[tuple[str, str], None] = {}
        for ecosystem, names in self._row.packages.items():
            for name, declared in names.items():
                key = self._mean("package", name)
                self._mean("project", name)
                self._into.packages[ecosystem][canonical_package(ecosystem, name)].append(key)
                if language := ECOSYSTEM_LANGUAGES.get(ecosystem):
                    roots |= dict.fromkeys((language, root) for root in import_roots(ecosystem, name, declared))
        for language, declared_roots in self._row.imports.items():
            roots |= dict.fromkeys((str(language), root) for root in declared_roots)
        for language, root in roots:
            self._root(language, root)

    def _root(self, language: str, root: str) -> None:
        key = self._mean("import", root, f"{language}:", packages=self._installed_for(language, root))
        languages = _JVM if language in _JVM else frozenset({language})
        text, open_ended = root.removesuffix("*"), root.endswith("*")
        self._into.literals.append(LiteralMatcher(key, Region.IMPORT, text, languages, open_ended=open_ended))

    def _installed_for(self, language: str, root: str) -> Packages:
        """Packages that a root stands for: its own, those of the longest root around it, else the row's first.

        Where no package is known to bring it, it stands for itself, in no ecosystem.
        """
        around = root
        while around:
            if packages := self._owners.get((language, around)):
                own = tuple(one for one in packages if self._has(*one))
                return own or packages
            around = _LAST_STEP.sub("", around)
        return next(
            (
                ((ecosystem, _spelt(ecosystem, name)),)
                for ecosystem, names in self._row.packages.items()
                if ECOSYSTEM_LANGUAGES.get(ecosystem) == language
                for name in names
            ),
            (("", _unpackaged(language, root)),),
        )

    def _has(self, ecosystem: str, name: str) -> bool:
        names = next((names for kind, names in self._row.packages.items() if kind == ecosystem), {})
        return any(_spelt(ecosystem, one) == name for one in names)

    def _literals(self) -> None:
        row = self._row
        for host in row.hosts:
            self._add(Region.HOST, host.removeprefix("*"))
        for name in row.env:
            self._add(Region.ENV, name)
        for command in row.cli:
            self._add(Region.COMMAND, command)
        for image in row.images:
            self._add(Region.IMAGE, image.removesuffix("*"), open_ended=image.endswith("*"))
        for action in row.actions:
            self._add(Region.ACTION, action)
        for path in row.paths:
            self._add(Region.PATH, path, open_ended=True)
        for switch in row.switches:
            self._add(Region.SWITCH, switch)
        for value in row.values:
            key = self._mean("value", value.value, strength=value.strength)
            text, open_ended = value.value.removesuffix("*"), value.value.endswith("*")
            keys = frozenset(value.keys)
            self._into.literals.append(LiteralMatcher(key, Region.VALUE, text, keys=keys, open_ended=open_ended))
        for call in row.model_calls:
            function, _, keyword = call.removesuffix("=)").partition("(")
            self._add(Region.CALL, function, keys=frozenset({keyword} if keyword else ()))

    def _models(self) -> None:
        for number, pattern in enumerate(self._row.models):
            key = self._mean(
                "model", str(number), family=self._row.id, provider=pattern.provider, written=pattern.pattern
            )
            expression = _model_expression(self._row, pattern)
            for text in pattern.contains:
                keys = _MODEL_KEYS if pattern.when_set or len(text) <= _SHORT_MODEL else frozenset[str]()
                self._into.literals.append(LiteralMatcher(key, Region.MODEL, text, expression=expression, keys=keys))

    def _resources(self) -> None:
        for dialect, types in self._row.iac.items():
            for name in types:
                key = self._mean("resource", name)
                group, _, kind = name.rpartition("/") if dialect == "kubernetes" else ("", "", name)
                languages = _DIALECT_LANGUAGES[dialect]
                text, group = (f"{group}/", "") if kind == "*" else (kind.removesuffix("*"), group)
                open_ended = kind.endswith("*")
                self._into.literals.append(
                    LiteralMatcher(key, Region.RESOURCE, text, languages, group, open_ended=open_ended)
                )

    def _files(self) -> None:
        for pattern in self._row.files:
            self._into.files.append((pattern.glob, self._mean("file", pattern.glob)))
        for number, content in enumerate(self._row.content):
            key = self._mean("content", str(number))
            contains = tuple(text.encode() for text in content.contains)
            magic = bytes.fromhex(content.magic)
            self._into.contents.append(ContentMatcher(key, content.extensions, content.offset, magic, contains))


def _techniques(row: Row) -> tuple[Technique, ...]:
    """Techniques that a match shows: of all that a provider offers only the first, for which most people use it."""
    return row.technique[:1] if row.role is Role.PROVIDER else row.technique


def _model_expression(row: Row, pattern: ModelPattern) -> str:
    """The pattern; case counts where a provider writes its identifiers small: `GPT-4o` is a title, `gpt-4o` a model."""
    small = all(example == example.lower() for example in pattern.match)
    return f"(?-i:{pattern.pattern})" if small and (pattern.provider or row.provider) else pattern.pattern


def _role(row: Row, evidence: str) -> Role:
    if evidence in {"package", "import"}:
        return Role.FRAMEWORK if row.role is Role.FRAMEWORK else Role.SDK
    if evidence == "content" and row.role in _CONTENT_ROLES:
        return row.role
    if evidence in _EVIDENCE_ROLES:
        return _EVIDENCE_ROLES[evidence]
    return Role.SERVICE if row.role in {Role.PROVIDER, Role.SDK} else row.role


def _spelt(ecosystem: str, name: str) -> str:
    """A package's name to show: canonical where people know no other spelling, else as the row writes it."""
    return canonical_package(ecosystem, name) if ecosystem in {"pypi", "conda"} else name


def _unpackaged(language: str, root: str) -> str:
    """What to call an import that no package is known to bring: its first name, where that says whose it is."""
    root = root.rstrip("*")
    first = re.split(r"[./:\\]", root, maxsplit=1)[0]
    return root if language in _DOMAIN_NAMED or first in _NAMESPACES else first


def import_roots(ecosystem: str, name: str, declared: tuple[str, ...] | None) -> Iterator[str]:
    """Import roots of a package: as declared, else as its ecosystem derives them from the name."""
    if declared is not None:
        yield from declared
    elif ecosystem in _UNDERSCORED:
        yield name.replace("-", "_")
    elif ecosystem in _SAME_NAME:
        yield name
