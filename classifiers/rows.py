"""The shape of a row of the knowledge base, as people write it in YAML.

A file is one theme. A row is one technology: a provider and its SDKs, a framework, a model family, an image, an
infrastructure resource, an assistant's configuration. What a row matches is data; the engines in `connectors` know only
how to look. Validation is here; `classifiers.catalog` loads and indexes.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from classifiers.model import Role, Strength, SystemKind, Technique

PURL_TYPES = (
    "pypi", "npm", "maven", "nuget", "golang", "cargo", "gem", "composer", "swift", "cocoapods",
    "pub", "hex", "cran", "julia", "conan", "vcpkg", "conda",
)  # fmt: skip
"""Ecosystems, named by package URL type (purl-spec)."""

LANGUAGES = (
    "python", "javascript", "java", "kotlin", "scala", "go", "rust", "csharp", "ruby", "php", "swift", "dart",
    "elixir", "cpp", "shell",
)  # fmt: skip
"""Languages whose imports are read; `javascript` stands for TypeScript, TSX, Vue and Svelte too, `cpp` for C."""

IAC_DIALECTS = ("terraform", "cloudformation", "bicep", "pulumi", "kubernetes")
"""Dialects of infrastructure as code. `bicep` types are ARM's, for Bicep, ARM templates and the azapi provider alike."""


def _compiles(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"{pattern!r} is no regular expression: {error}") from error
    return pattern


Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9.-]*$")]
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Regex = Annotated[str, AfterValidator(_compiles)]
PurlType = Literal[
    "pypi", "npm", "maven", "nuget", "golang", "cargo", "gem", "composer", "swift", "cocoapods",
    "pub", "hex", "cran", "julia", "conan", "vcpkg", "conda",
]  # fmt: skip
LanguageName = Literal[
    "python", "javascript", "java", "kotlin", "scala", "go", "rust", "csharp", "ruby", "php", "swift", "dart",
    "elixir", "cpp", "shell",
]  # fmt: skip
Dialect = Literal["terraform", "cloudformation", "bicep", "pulumi", "kubernetes"]


class Strict(BaseModel):
    """A model that refuses what it does not know: a misspelt key is an error, never ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ModelPattern(Strict):
    """How the identifiers of a model family look.

    Attributes:
        pattern: Regular expression that the whole bare identifier must match, case-insensitively. Gateway and
            registry prefixes (`openai/`, `models/`, `us.anthropic.`) are taken off before.
        contains: Literals, lower case; every identifier that the pattern matches contains at least one of them.
        provider: Overrides the row's provider for what this pattern matches.
        when_set: Whether it counts only where a key or call sets a model, for names that are other things too (`command`).
        match: Identifiers that it must match.
        never: Strings that it must not match.
    """

    pattern: Regex
    contains: tuple[Text, ...] = Field(min_length=1)
    provider: Slug | None = None
    when_set: bool = False
    match: tuple[Text, ...] = Field(min_length=1)
    never: tuple[Text, ...] = Field(min_length=1)


class FilePattern(Strict):
    """A file that means something by its path, as a gitignore-style glob (`.cursor/rules/**`, `CLAUDE.md`)."""

    glob: Text
    match: tuple[Text, ...] = Field(min_length=1)
    never: tuple[Text, ...] = Field(min_length=1)


class ContentPattern(Strict):
    """A file that means something by its first bytes.

    Attributes:
        extensions: Lower-case extensions with their dot; empty means any file.
        offset: Where `magic` starts, in bytes.
        magic: Hexadecimal bytes that stand there; empty where the extension and `contains` decide.
        contains: Texts of which the head of the file (64 KiB) must contain at least one; empty means none is needed.
        match: Hexadecimal heads (after an extension and a colon where extensions are given) that it must match.
        never: Likewise, that it must not match.
    """

    extensions: tuple[Annotated[str, StringConstraints(pattern=r"^\.[a-z0-9_.]+$")], ...] = ()
    offset: int = Field(default=0, ge=0)
    magic: Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{2})*$")] = ""
    contains: tuple[Text, ...] = ()
    match: tuple[Text, ...] = Field(min_length=1)
    never: tuple[Text, ...] = Field(min_length=1)


class ValuePattern(Strict):
    """A value that means something where it stands whole, as a string in code or a value in configuration.

    Attributes:
        value: The literal; a trailing `*` lets anything follow.
        keys: Keys under which, or parts of the names of functions in whose arguments it may stand, lower case; empty
            means any.
        strength: The most that it proves, where that is less than its row's.
        match: Values that it must match.
        never: Values that it must not match.
    """

    value: Annotated[str, StringConstraints(min_length=3)]
    keys: tuple[Text, ...] = ()
    strength: Strength | None = None
    match: tuple[Text, ...] = Field(min_length=1)
    never: tuple[Text, ...] = Field(min_length=1)


class Examples(Strict):
    """Matched things, written as `kind:text`, that a row with wildcards must and must not match."""

    match: tuple[Text, ...] = Field(min_length=1)
    never: tuple[Text, ...] = Field(min_length=1)


class Row(Strict):
    """One technology and everything that gives it away.

    Attributes:
        id: Stable catalog id, unique over all files.
        name: What people call it.
        provider: Catalog id of the row whose service answers the calls; none where the user runs it.
        role: The part that its packages or files play.
        technique: AI techniques that it is for.
        kind: What a system is whose strongest finding is this one.
        strength: The most that a match can prove; `hint` for things that accompany AI but are not AI.
        packages: Ecosystem (package URL type) to package name to import roots. `~` derives the root from the name as
            the ecosystem does by custom; `[]` says that there is none. A name may end in `*`.
        imports: Language to further import roots that belong to no package of this row.
        hosts: Host names, lower case; a leading `*.` stands for one or more labels.
        env: Names of environment variables.
        cli: Commands: a program, or a program and its first words (`ollama run`).
        images: Container image repositories without registry for Docker Hub, with it elsewhere; `*` may end one.
        actions: CI actions and templates, as `owner/name`.
        iac: Resource types by dialect; Kubernetes as `group/Kind`. A name may end in `*`.
        models: Patterns of model identifiers.
        model_calls: Functions whose first argument is a model identifier where the row is imported; `name(keyword=)`
            where it is that keyword's.
        files: Files that mean something by path.
        content: Files that mean something by content.
        values: Literal values in code or configuration.
        paths: Paths of its API, in addresses that a program puts together from parts.
        switches: Keywords or keys that lead to it where they are set to true.
        weak: Those of the above (their text, or `import:` and their text where they are firm as a package) that count
            only beside other evidence of this row in the same repository.
        examples: For wildcards in packages, hosts, images and resource types.
        aliases: Other names of a provider, as gateways write them before a model (`azure/gpt-4.1`), `_` as `-`.
        serves: Providers whose models this provider serves under their names.
        routes: Whether this provider takes models as `maker/model`, so that what stands before a model does not answer.
        notes: What a maintainer should know.
        source: Where it can be read.
        checked: When it was.
    """

    id: Slug
    name: Text
    provider: Slug | None = None
    role: Role
    technique: tuple[Technique, ...] = ()
    kind: SystemKind = SystemKind.AI_SYSTEM
    strength: Strength | None = None
    packages: dict[PurlType, dict[Text, tuple[Text, ...] | None]] = Field(default_factory=dict)
    imports: dict[LanguageName, tuple[Text, ...]] = Field(default_factory=dict)
    hosts: tuple[Annotated[str, StringConstraints(pattern=r"^(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)+$")], ...] = ()
    env: tuple[Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]{4,}$")], ...] = ()
    cli: tuple[Text, ...] = ()
    images: tuple[Annotated[str, StringConstraints(pattern=r"^[a-z0-9._/-]+\*?$")], ...] = ()
    actions: tuple[Annotated[str, StringConstraints(pattern=r"^[\w.-]+/[\w./-]+$")], ...] = ()
    iac: dict[Dialect, tuple[Text, ...]] = Field(default_factory=dict)
    models: tuple[ModelPattern, ...] = ()
    model_calls: tuple[Text, ...] = ()
    files: tuple[FilePattern, ...] = ()
    content: tuple[ContentPattern, ...] = ()
    values: tuple[ValuePattern, ...] = ()
    paths: tuple[Annotated[str, StringConstraints(pattern=r"^/\S{7,}$")], ...] = ()
    switches: tuple[Annotated[str, StringConstraints(pattern=r"^\w{4,}$")], ...] = ()
    weak: tuple[Text, ...] = ()
    examples: Examples | None = None
    aliases: tuple[Slug, ...] = ()
    serves: tuple[Slug, ...] = ()
    routes: bool = False
    notes: str = ""
    source: Annotated[str, StringConstraints(pattern=r"^https://\S+$")]
    checked: date

    @model_validator(mode="after")
    def _wildcards_have_examples(self) -> Self:
        wild = [
            *(name for names in self.packages.values() for name in names if name.endswith("*")),
            *(host for host in self.hosts if host.startswith("*")),
            *(image for image in self.images if image.endswith("*")),
            *(name for names in self.iac.values() for name in names if name.endswith("*")),
        ]
        if wild and self.examples is None:
            raise ValueError(f"row {self.id} has the wildcards {', '.join(wild)} and needs `examples`")
        return self

    @model_validator(mode="after")
    def _weak_names_something(self) -> Self:
        known = {
            *(name for names in self.packages.values() for name in names),
            *(root for names in self.packages.values() for roots in names.values() for root in roots or ()),
            *(root for roots in self.imports.values() for root in roots),
            *self.hosts, *self.env, *self.cli, *self.images, *self.actions, *self.paths, *self.switches,
            *(name for names in self.iac.values() for name in names),
            *(value.value for value in self.values),
            *(pattern.pattern for pattern in self.models),
        }  # fmt: skip
        texts = [text.removeprefix("import:").removeprefix("package:") for text in self.weak]
        if unknown := [text for text in texts if text not in known]:
            raise ValueError(f"row {self.id}: `weak` names what the row does not match: {', '.join(unknown)}")
        return self

    @model_validator(mode="after")
    def _matches_something(self) -> Self:
        matchers = (
            self.packages, self.imports, self.hosts, self.env, self.cli, self.images, self.actions, self.iac,
            self.models, self.files, self.content, self.values, self.paths, self.switches,
        )  # fmt: skip
        if not any(matchers):
            raise ValueError(f"row {self.id} matches nothing")
        return self


class Theme(Strict):
    """One file of the knowledge base."""

    theme: Text
    rows: tuple[Row, ...] = Field(min_length=1)
