"""Rows of the knowledge base for clusters: which kinds to list, and what to read of an object.

A path is written with dots (`spec.predictor.model.storageUri`), `*` stands for every key, a key with dots goes in
brackets and quotes (`metadata.labels['app.kubernetes.io/name']`), and lists are gone through without a sign.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, Protocol, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

CORE: Final = "core"
"""How rows and coverage write the API group that has no name."""

_VOWELS: Final = frozenset("aeiou")
_TAKEN: Final = frozenset({
    "title", "parent", "refs", "models", "hosts", "identities", "tags", "status", "created", "group", "stack", "resource", "images",
    "variables", "commands", "accelerators", "kind", "row", "source", "scope", "snippet",
})  # fmt: skip

Path = Annotated[str, StringConstraints(pattern=r"^[A-Za-z*][\w*-]*(\.[\w*-]+|\['[^'\]]+'\])*$")]
GroupKind = Annotated[str, StringConstraints(pattern=r"^[a-z0-9.-]+/([A-Z]\w*|\*)$")]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*$")]
Signal = Literal["image", "command", "model", "env", "host", "argument", "accelerator"]


class Row(BaseModel):
    """How one sort of object is listed and read.

    Attributes:
        id: Unique in its service.
        kinds: Kinds as `group/Kind`; `*` for all of a group. What a cluster has not installed is not asked for.
        plurals: Kind to its resource name in URLs and roles, where that is not the usual plural.
        gives: What an object is: an asset, a control, or an account (a namespace). Of `cluster`, one object is read,
            and tells of the whole cluster.
        only: Path to globs: an object counts where a value at the path fits one. Of several paths all must fit.
        when: An object counts where it shows one of these signals. Of several rows for a kind the first that fits takes
            the object.
        pods: Whether the object describes containers, whose images, arguments, names of variables, requests for
            accelerators and service accounts are read.
        models: Paths to models.
        hosts: Paths to URLs or host names.
        refs: Kind (`group/Kind`) to paths to names of such objects, in the same namespace where the kind has them.
        identities: Paths to names of service accounts.
        facts: Name to path of a further scalar.
        parents: Label to the kind of the object that it names, of which this one is a part.
        arguments: Flags of programs whose value is a model, for all rows with `pods`.
        positional: Programs and first words (`vllm serve`) after which a model stands, likewise.
        accelerators: Globs of resource names that are accelerators, likewise.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Slug
    kinds: tuple[GroupKind, ...] = Field(min_length=1)
    plurals: dict[str, str] = Field(default_factory=dict)
    gives: Literal["asset", "control", "account", "cluster"] = "asset"
    only: dict[Path, tuple[str, ...]] = Field(default_factory=dict)
    when: tuple[Signal, ...] = ()
    pods: bool = False
    models: tuple[Path, ...] = ()
    hosts: tuple[Path, ...] = ()
    refs: dict[GroupKind, tuple[Path, ...]] = Field(default_factory=dict)
    identities: tuple[Path, ...] = ()
    facts: dict[Slug, Path] = Field(default_factory=dict)
    parents: dict[str, GroupKind] = Field(default_factory=dict)
    arguments: tuple[str, ...] = ()
    positional: tuple[str, ...] = ()
    accelerators: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _facts_have_names_of_their_own(self) -> Self:
        if taken := _TAKEN & self.facts.keys():
            raise ValueError(
                f"row {self.id}: every observation has the facts {', '.join(sorted(taken))}; name them otherwise"
            )
        return self

    @model_validator(mode="after")
    def _signals_can_show(self) -> Self:
        from_pods = {"image", "command", "model", "env", "argument", "accelerator"} & set(self.when)
        if from_pods and not self.pods:
            raise ValueError(f"row {self.id}: `when` asks for {', '.join(sorted(from_pods))}, and needs `pods: true`")
        if "host" in self.when and not self.hosts:
            raise ValueError(f"row {self.id}: `when` asks for `host`, and needs `hosts`")
        return self

    @property
    def metadata_only(self) -> bool:
        """Whether names, labels and owners are all that is read, so that the rest need not be sent."""
        read = (self.only, self.pods, self.models, self.hosts, self.refs, self.identities, self.facts)
        return not any(read)


class Service(Protocol):
    """What the connector takes of a service of the knowledge base."""

    @property
    def id(self) -> str:
        """As `kubernetes/kserve`."""

    @property
    def collect(self) -> Sequence[Mapping[str, Any]]:
        """Rows as plain data."""


class Rows:
    """All rows, in the order in which they are tried.

    Attributes:
        by_id: Rows by the id that observations carry.
        arguments: Flags of programs whose value is a model.
        positional: Programs and first words after which a model stands.
        accelerators: Globs of resource names that are accelerators.
    """

    def __init__(
        self,
        by_id: Mapping[str, Row],
        arguments: frozenset[str] = frozenset(),
        positional: tuple[str, ...] = (),
        accelerators: tuple[str, ...] = (),
    ) -> None:
        self.by_id = by_id
        self.arguments = arguments
        self.positional = positional
        self.accelerators = accelerators
        self._of_kind: defaultdict[str, dict[str, Row]] = defaultdict(dict)
        for name, row in by_id.items():
            for kind in row.kinds:
                self._of_kind[kind][name] = row

    @property
    def kinds(self) -> tuple[str, ...]:
        """Kinds that any row lists, as `group/Kind`; `group/*` for all of a group."""
        return tuple(sorted(self._of_kind))

    @property
    def groups(self) -> tuple[str, ...]:
        """API groups that any row lists, `core` for the one without a name."""
        return tuple(sorted({kind.partition("/")[0] for kind in self._of_kind}))

    def of(self, group: str, kind: str) -> Mapping[str, Row]:
        """The rows for a kind: those that name it before those for all of its group."""
        named = f"{group or CORE}/{kind}", f"{group or CORE}/*"
        return {name: row for key in named for name, row in self._of_kind.get(key, {}).items()}


def read_rows(services: Iterable[Service], only: Sequence[str] = ()) -> Rows:
    """Reads the rows of services.

    Args:
        services: Services of the knowledge base.
        only: Ids of those to take, without `kubernetes/`; empty for all.

    Raises:
        ValueError: A row is wrong, or `only` names a service that is not there.
    """
    every = {service.id: [Row.model_validate(dict(row)) for row in service.collect] for service in services}
    wanted = {f"kubernetes/{name}" for name in only}
    if missing := sorted(wanted - every.keys()):
        raise ValueError(f"`services` names {', '.join(missing)}, which the knowledge base does not have")
    read = [row for rows in every.values() for row in rows]
    return Rows(
        {
            f"{service}/{row.id}": row
            for service in sorted(every)
            if not wanted or service in wanted
            for row in every[service]
        },
        frozenset(flag for row in read for flag in row.arguments),
        tuple(sorted({words for row in read for words in row.positional})),
        tuple(sorted({name for row in read for name in row.accelerators})),
    )


def plural(kind: str) -> str:
    """The resource name that a kind has unless its author chose another: its English plural."""
    low = kind.lower()
    if low.endswith(("s", "x", "z", "ch", "sh")):
        return low + "es"
    return low[:-1] + "ies" if low.endswith("y") and low[-2:-1] not in _VOWELS else low + "s"


_STEP: Final = re.compile(r"\['([^']+)'\]|([^.\[\]]+)")


def steps(path: str) -> tuple[str, ...]:
    """The keys of a path."""
    return tuple(quoted or bare for quoted, bare in _STEP.findall(path))
