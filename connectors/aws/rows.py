"""The shape of a row: one list operation of AWS, and how to read what it answers."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, Protocol, Self

import jmespath
from jmespath.exceptions import JMESPathError
from jmespath.functions import Functions, signature
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from connectors.model import ObservationKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from jmespath.parser import ParsedResult

Tier = Literal["A", "B", "C", "D"]
"""A: a system by itself. B: a part of one. C: activity (jobs, runs), asked within a window. D: adjacent, off by default."""


class _Functions(Functions):
    """What JMESPath lacks to read texts that hold more than one thing."""

    @signature({"types": ["string", "null"]}, {"types": ["string"]})
    def _func_matches(self, text: str | None, pattern: str) -> list[str]:
        """`matches(text, pattern)`: all that a regular expression, or its first group, finds in a text."""
        return [found[min(found.re.groups, 1)] or "" for found in re.finditer(pattern, text or "")]


_OPTIONS: Final = jmespath.Options(custom_functions=_Functions())


@lru_cache(maxsize=4096)
def compiled(path: str) -> ParsedResult:
    """A JMESPath expression, compiled once."""
    return jmespath.compile(path)


def read(path: str, data: Any) -> Any:
    """What stands at a JMESPath; None also where the data are of another kind than the path expects."""
    try:
        return compiled(path).search(data, _OPTIONS)
    except JMESPathError:
        return None


def _is_path(path: str) -> str:
    try:
        compiled(path)
    except JMESPathError as error:
        raise ValueError(f"{path!r} is no JMESPath: {error}") from error
    return path


Path = Annotated[str, AfterValidator(_is_path)]
Action = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+:[A-Za-z0-9]+$")]
Operation = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Za-z0-9]+$")]


class _Strict(BaseModel):
    """A model that refuses what it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ForEach(_Strict):
    """Asks once for each thing of another list.

    Attributes:
        row: Id of the row of this service whose things they are.
        operation: Where no row lists them: the operation that does, asked for this only.
        client: Its service in botocore where it is another.
        action: IAM action of that operation.
        items: Its things.
        params: Parameter to its path in the thing.
        when: Only for things for which this path is true.
    """

    row: str | None = None
    operation: Operation | None = None
    client: str | None = None
    action: Action | None = None
    items: Path | None = None
    params: dict[str, Path] = Field(min_length=1)
    when: Path | None = None

    @model_validator(mode="after")
    def _row_or_operation(self) -> Self:
        if (self.row is None) == (self.operation is None) or (self.operation is None) != (self.items is None):
            raise ValueError("name either a `row`, or an `operation` with its `items` and its `action`")
        return self


class Search(_Strict):
    """SageMaker Search, which gives the details of a hundred resources and their tags in one request."""

    resource: str
    item: Path


class Detail(_Strict):
    """A second request for one thing, where the list leaves out what must be known.

    Attributes:
        operation: The operation.
        action: Its IAM action.
        params: Parameter to its path in the thing.
        leave: What of the answer is needed, where it may hold what must not be read further.
        root: Where in what is left the thing stands.
        search: Asked first for all of them where there are several; who is not in its answer is asked for singly.
        when: Only for things for which this path is true.
    """

    operation: Operation
    action: Action
    params: dict[str, Path]
    leave: Path | Literal[""] = ""
    root: Path = "@"
    search: Search | None = None
    when: Path | None = None


class Ref(_Strict):
    """What a thing uses, named otherwise than by its ARN.

    Attributes:
        path: Its name, id or names.
        arn: The ARN, with `{value}`, `{value:lower}`, `{partition}`, `{region}`, `{account}` and fields of the thing.
    """

    path: Path
    arn: str


class Signs(_Strict):
    """Where a workload says what it runs. One that shows no signal of what is looked for is left out, and counted.

    Attributes:
        images: Container images.
        variables: Names of environment variables.
        names: Names that may hold one of a variable, as that of a secret: `prod/openai-api-key`.
        models: Model identifiers.
        hosts: Host names or URLs.
        always: Things for which this path is true are wanted without a signal.
    """

    images: tuple[Path, ...] = ()
    variables: tuple[Path, ...] = ()
    names: tuple[Path, ...] = ()
    models: tuple[Path, ...] = ()
    hosts: tuple[Path, ...] = ()
    always: Path | None = None


class Drop(_Strict):
    """Things of the provider's own catalogue, which are counted and left out."""

    when: Path
    because: str


class Row(_Strict):
    """One list operation.

    Paths are JMESPath on the thing: its entry in the list, the parameters of the request and its details in one.

    Attributes:
        id: Id within the service.
        tier: How near it is to an AI system.
        operation: The operation.
        action: IAM action of the operation.
        client: Its service in botocore where that is another than the file's.
        region: `each` Region that has the service, or `global`.
        kind: The kind of observation.
        params: Fixed parameters; `{account}` stands for the account's id.
        values: Parameters that are asked with each of some values.
        for_each: Things of another list for each of which it is asked.
        leave: What of the answer is needed, where it may hold what must not be read further.
        items: The things in what is left.
        signs: For workloads, of which only those are wanted that show a signal.
        keep: Only things for which this path is true; others are something else than the row is about.
        arn: Path of the ARN.
        arn_format: The ARN where the answer has none, or where its details are denied; fields in braces as in `Ref.arn`.
        name, created, updated, status: Paths.
        parent: What it is a part of; by default the thing that it is asked for.
        refs: What it uses, besides the ARNs that stand in the answer.
        models: Models that it uses, as AWS writes them.
        hosts: Host names or URLs at which it answers.
        facts: Further scalars by name.
        tags: Its tags, where the answer has them.
        detail: The second request.
        drop: Catalogue of the provider.
        window: Parameter that asks only for what is newer than a time, with dots where it stands in another.
    """

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    tier: Tier
    operation: Operation
    action: Action
    client: str | None = None
    region: Literal["each", "global"] = "each"
    kind: Literal[ObservationKind.ASSET, ObservationKind.USAGE, ObservationKind.GRANT, ObservationKind.CONTROL] = (
        ObservationKind.ASSET
    )
    params: dict[str, Any] = {}
    values: dict[str, tuple[str, ...]] = {}
    for_each: ForEach | None = None
    leave: Path | Literal[""] = ""
    items: Path
    signs: Signs | None = None
    keep: Path | None = None
    arn: Path | None = None
    arn_format: str | None = None
    name: Path | None = None
    created: Path | None = None
    updated: Path | None = None
    status: Path | None = None
    parent: Ref | None = None
    refs: tuple[Ref, ...] = ()
    models: tuple[Path, ...] = ()
    hosts: tuple[Path, ...] = ()
    facts: dict[str, Path] = {}
    tags: Path | None = None
    detail: Detail | None = None
    drop: tuple[Drop, ...] = ()
    window: str | None = None

    @model_validator(mode="after")
    def _has_an_identity(self) -> Self:
        if self.arn is None and self.arn_format is None:
            raise ValueError(f"{self.id}: give `arn`, `arn_format` or both")
        return self

    @property
    def actions(self) -> tuple[str, ...]:
        """IAM actions that it needs."""
        needed = [self.action]
        if self.for_each is not None and self.for_each.action:
            needed.append(self.for_each.action)
        if self.detail is not None:
            needed.append(self.detail.action)
            if self.detail.search is not None:
                needed.append("sagemaker:Search")
        return tuple(sorted(set(needed)))


class ServiceLike(Protocol):
    """What this package takes of a service of the knowledge base."""

    @property
    def id(self) -> str:
        """Id, as `aws/bedrock-agent`: behind the slash the name of the service in botocore."""

    @property
    def collect(self) -> tuple[Mapping[str, Any], ...]:
        """Its rows as plain data."""


class RowError(Exception):
    """A row is wrong; the message names it and the mend."""


@dataclass(frozen=True, slots=True)
class Service:
    """A service with its rows, parents before what hangs on them.

    Attributes:
        id: Id in the knowledge base, as `aws/bedrock-agent`.
        name: Name in botocore.
        rows: Its rows.
    """

    id: str
    name: str
    rows: tuple[Row, ...]

    def row_id(self, row: Row) -> str:
        """The id that observations carry. One text for all, because a plan of an organisation names each a thousand times."""
        return sys.intern(f"{self.id}/{row.id}")

    def wanted(self, tiers: Iterable[str], region: str) -> tuple[Row, ...]:
        """The rows of some tiers that are asked in each Region or globally."""
        allowed = set(tiers)
        return tuple(row for row in self.rows if row.tier in allowed and row.region == region)

    def with_parents(self, rows: Sequence[Row]) -> tuple[Row, ...]:
        """The rows and those that they hang on, in order."""
        by_id = {row.id: row for row in self.rows}
        needed = {row.id for row in rows}
        for row in reversed(self.rows):
            if row.id in needed and row.for_each is not None and row.for_each.row is not None:
                needed.add(row.for_each.row)
        return tuple(by_id[row.id] for row in self.rows if row.id in needed)


def read_services(given: Iterable[ServiceLike]) -> tuple[Service, ...]:
    """The services with validated rows.

    Raises:
        RowError: A row is wrong.
    """
    return tuple(_read(service) for service in sorted(given, key=lambda service: service.id))


def _read(service: ServiceLike) -> Service:
    name = service.id.partition("/")[2]
    try:
        rows = tuple(Row.model_validate(row) for row in service.collect)
    except ValidationError as error:
        problems = error.errors(include_url=False, include_input=False)
        raise RowError(
            "; ".join(f"{service.id}: {'.'.join(map(str, problem['loc']))}: {problem['msg']}" for problem in problems)
        ) from error
    seen: set[str] = set()
    for row in rows:
        if row.for_each is not None and row.for_each.row is not None and row.for_each.row not in seen:
            raise RowError(f"{service.id}: {row.id} hangs on {row.for_each.row!r}; write that row above it")
        seen.add(row.id)
    return Service(service.id, name, rows)
