"""Rows of the knowledge base for Azure: how to ask for one type of resource, and where in the answer its facts stand.

All paths are JMESPath, over the resource as Azure gives it, with `_up` for what it is nested in where the row is a child.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from inspect import signature
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

from connectors.api.asset import asset
from connectors.model import ObservationKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Self

    from connectors.azure.target import Target

Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Path = Text
"""A JMESPath expression, checked when the row is read."""

SUBSCRIPTION: Final = "subscription"
"""What stands among the parents of a row that is listed for a subscription as a whole."""

_TAKEN: Final = frozenset(signature(asset).parameters) - {"facts"}


class How(StrEnum):
    """How a row is asked."""

    GRAPH = "graph"
    CHILD = "child"
    METRIC = "metric"


class Pick(BaseModel):
    """Keeps of a table only the rows in which a value is one of a list, and gives that value a name.

    Attributes:
        column: KQL expression of the value.
        names: What people call each value.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    column: Text
    names: dict[Text, Text]


class Signs(BaseModel):
    """Keeps of a workload only what is wanted: what its names say by the signals, or that it holds a grant of some row.

    Attributes:
        images: Where images stand.
        variables: Where names of environment variables stand.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    images: tuple[Path, ...] = ()
    variables: tuple[Path, ...] = ()

    @field_validator("images", "variables")
    @classmethod
    def _paths_are_jmespath(cls, paths: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(_checked(path) for path in paths)


class Ref(BaseModel):
    """Where references to other resources stand.

    Attributes:
        path: Where ids stand, or names.
        below: Type segment, as `raiPolicies`, of names of resources that are nested in the same parent.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    path: Path
    below: str = ""

    @model_validator(mode="before")
    @classmethod
    def _a_path_alone_will_do(cls, given: Any) -> Any:
        return {"path": given} if isinstance(given, str) else given

    @field_validator("path")
    @classmethod
    def _path_is_jmespath(cls, path: str) -> str:
        return _checked(path)


class Row(BaseModel):
    """How to ask for one type.

    Attributes:
        id: Its id, unique within the service.
        how: From Resource Graph, as a list below a parent, or as a metric of a parent.
        type: Resource type, as `Microsoft.CognitiveServices/accounts`.
        tier: `A` systems, `B` parts and workloads, `C` activity, `D` what is next to AI.
        kind: What the observation is.
        table: Table of Resource Graph.
        where: KQL condition that narrows the type.
        columns: KQL expressions by name that are read in place of `properties`, where those hold what must not be read.
        pick: Narrows to a list of values.
        signs: Narrows to workloads that are wanted.
        parents: Rows whose resources are asked one by one; `subscription` is the subscription itself.
        ask: Path over the parent that must hold for it to be asked.
        only: Path over the resource that must hold for the row to speak of it, where rows share a type.
        path: Last part of the list's address, below the parent's id.
        query: Parameters of the list.
        method: `POST` where the list wants it; nothing is ever changed.
        api_version: Version of the API of a list or metric.
        activity: Whether the list is a history: newest first, within the days and the number that the user sets.
        metrics: Names of metrics of which any amount above nothing proves use.
        dimension: Dimension of the metrics whose value names a resource below the parent.
        below: Type segment of the resource that the dimension names, as `deployments`.
        title: Where its name for people stands.
        tags: Where its tags stand.
        facts: Further scalars by name.
        models: Where models stand.
        refs: Where references to other resources stand.
        hosts: Where addresses under which it answers stand.
        identities: Where identities stand, beside `identity`.
        drop: Path that holds for entries that the provider made, which are counted and not handed on.
        actions: Permissions that asking needs.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    how: How
    type: Annotated[str, StringConstraints(pattern=r"^[A-Za-z]+\.[A-Za-z]+(/[A-Za-z]+)+$")]
    tier: Literal["A", "B", "C", "D"]
    kind: ObservationKind = ObservationKind.ASSET
    table: Literal["resources", "authorizationresources"] = "resources"
    where: str = ""
    columns: dict[Text, Text] = Field(default_factory=dict)
    pick: Pick | None = None
    signs: Signs | None = None
    parents: tuple[str, ...] = ()
    ask: str = ""
    only: str = ""
    path: str = ""
    query: dict[Text, str] = Field(default_factory=dict)
    method: Literal["GET", "POST"] = "GET"
    api_version: Annotated[str, StringConstraints(pattern=r"^(\d{4}-\d{2}-\d{2}(-preview)?)?$")] = ""
    activity: bool = False
    metrics: tuple[Text, ...] = ()
    dimension: str = ""
    below: str = ""
    title: Path = "properties.displayName || name"
    tags: Path = "tags"
    facts: dict[Text, Path] = Field(default_factory=dict)
    models: tuple[Path, ...] = ()
    refs: tuple[Ref, ...] = ()
    hosts: tuple[Path, ...] = ()
    identities: tuple[Path, ...] = ()
    drop: str = ""
    actions: tuple[Annotated[str, StringConstraints(pattern=r"^[A-Za-z]+\.[A-Za-z]+(/[A-Za-z]+)+$")], ...] = Field(
        min_length=1
    )

    @field_validator("title", "tags", "drop", "ask", "only")
    @classmethod
    def _path_is_jmespath(cls, path: str) -> str:
        return _checked(path)

    @field_validator("models", "hosts", "identities")
    @classmethod
    def _paths_are_jmespath(cls, paths: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(_checked(path) for path in paths)

    @field_validator("facts")
    @classmethod
    def _facts_are_jmespath(cls, facts: dict[str, str]) -> dict[str, str]:
        if taken := _TAKEN & facts.keys():
            raise ValueError(f"these have a place of their own: {', '.join(sorted(taken))}; name the facts otherwise")
        return {name: _checked(path) for name, path in facts.items()}

    @model_validator(mode="after")
    def _has_what_its_way_needs(self) -> Self:
        needed = {
            How.GRAPH: (),
            How.CHILD: ("parents", "path", "api_version"),
            How.METRIC: ("parents", "metrics", "api_version"),
        }
        if missing := [name for name in needed[self.how] if not getattr(self, name)]:
            raise ValueError(f"row `{self.id}`: a {self.how} row needs {', '.join(missing)}")
        if bool(self.dimension) != bool(self.below):
            raise ValueError(f"row `{self.id}`: `dimension` and `below` go together")
        return self


def _checked(path: str) -> str:
    import jmespath
    from jmespath.exceptions import JMESPathError

    if path:
        try:
            jmespath.compile(path)
        except JMESPathError as error:
            raise ValueError(f"`{path}` is no JMESPath: {' '.join(str(error).split())}") from error
    return path


class ServiceLike(Protocol):
    """What the connector takes of a service of the knowledge base."""

    @property
    def id(self) -> str:
        """Its id with its connector's, as `azure/cognitive-services`."""

    @property
    def collect(self) -> Sequence[Mapping[str, Any]]:
        """Its rows as plain data."""


@dataclass(frozen=True, slots=True)
class Service:
    """A service, ready to be asked.

    Attributes:
        id: Its id with its connector's.
        rows: Its rows, parents before children.
    """

    id: str
    rows: tuple[Row, ...]

    @property
    def name(self) -> str:
        """Its id without its connector's."""
        return self.id.partition("/")[2] or self.id

    @property
    def scope(self) -> str:
        """The part of a subscription that it is: Azure is asked for all locations at once."""
        return f"global/{self.name}"

    def row_id(self, row: Row) -> str:
        """The id of a row that observations carry."""
        return f"{self.id}/{row.id}"


class RowError(ValueError):
    """A row of the knowledge base is wrong; the message names service, row and the mend."""


def read_services(services: Sequence[ServiceLike], target: Target) -> tuple[Service, ...]:
    """The services that the user wants, with the rows of the wanted tiers.

    Raises:
        RowError: A row is wrong, or a service that the user names does not exist.
    """
    names = {service.id.partition("/")[2] for service in services}
    if odd := sorted(set(target.services) - names):
        raise RowError(f"azure: there is no service `{odd[0]}`; name some of {', '.join(sorted(names))}")
    wanted = [service for service in services if not target.services or service.id.partition("/")[2] in target.services]
    read = (_read(service, target) for service in wanted)
    return tuple(sorted((service for service in read if service.rows), key=_promise))


def _read(service: ServiceLike, target: Target) -> Service:
    from pydantic import ValidationError

    try:
        rows = [Row.model_validate_json(json.dumps(row)) for row in service.collect]
    except ValidationError as error:
        problems = error.errors(include_url=False, include_input=False)
        said = "; ".join(f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}" for problem in problems)
        raise RowError(f"{service.id}: {said}") from error
    kept = [row for row in rows if row.tier in target.tiers and (target.metrics or row.how is not How.METRIC)]
    return Service(service.id, _parents_first(service.id, rows, kept))


def _parents_first(service: str, rows: list[Row], kept: list[Row]) -> tuple[Row, ...]:
    """The rows in an order in which each stands after its parent, with those parents that the tiers leave out."""
    by_id = {row.id: row for row in rows}
    ordered: dict[str, Row] = {}

    def add(row: Row, below: tuple[str, ...]) -> None:
        for parent in row.parents if row.parents != (SUBSCRIPTION,) else ():
            if parent not in by_id or parent in below:
                raise RowError(f"{service}: row `{row.id}` has no parent row `{parent}` above it; name one")
            add(by_id[parent], (*below, row.id))
        ordered.setdefault(row.id, row)

    for row in kept:
        add(row, ())
    return tuple(ordered.values())


def _promise(service: Service) -> tuple[str, int, str]:
    """Order of asking: services with systems first, and of those the ones with most to ask."""
    return min(row.tier for row in service.rows), -len(service.rows), service.id
