"""The shape of a row of `classifiers/catalog/gcp/*.yaml` that this connector runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping  # noqa: TC003 - read by pydantic and by callers
from typing import Annotated, Any, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter

from connectors.gcp.target import Target  # noqa: TC001 - beside pydantic models
from connectors.model import ObservationKind

Api = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*\.googleapis\.com$")]
Permission = Annotated[str, StringConstraints(pattern=r"^[a-z][a-zA-Z0-9]*(\.[a-zA-Z][a-zA-Z0-9]*)+$")]
Paths = tuple[str, ...]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Sign(_Strict):
    """What must be seen in a resource for it to be evidence of AI, or of the provider's own catalogue.

    Attributes:
        path: Where to look.
        like: Globs of which the whole value must match one, case-insensitively.
        called: What it is called in the snippet.
    """

    path: str
    like: tuple[str, ...] = Field(min_length=1)
    called: str = ""


class Workload(_Strict):
    """Where a workload says what it runs, which is held against the signals that the connector was given.

    Attributes:
        images: Where images stand.
        variables: Where names of environment variables stand.
    """

    images: Paths = ()
    variables: Paths = ()


class Fields(_Strict):
    """Where an answer says what: paths as in `connectors.gcp.paths`.

    Attributes:
        id: The resource's name, where it is not `name`.
        title: What people call it.
        created: When it was made.
        updated: When it was changed.
        parent: What it is a part of.
        models: Models as the provider writes them, those of publishers among them.
        refs: Other resources that it uses; those of another API with its host before the path and a colon between.
        hosts: Host names or URLs under which it answers.
        identities: Service accounts that it runs as.
        facts: Further scalars by name.
    """

    id: str = "name"
    title: str = "displayName"
    created: str = "createTime"
    updated: str = "updateTime"
    parent: str = ""
    models: Paths = ()
    refs: Paths = ()
    hosts: Paths = ()
    identities: Paths = ()
    facts: dict[str, str] = Field(default_factory=dict)

    @property
    def references(self) -> list[tuple[str, str]]:
        """For each of `refs` the host of the API, empty for the row's own, and the path."""
        return [(api, path) for api, _, path in (ref.rpartition(":") for ref in self.refs)]


class _Resource(_Strict):
    id: str
    tier: Literal["A", "B", "C", "D"]
    kind: Literal[ObservationKind.ASSET, ObservationKind.CONTROL] = ObservationKind.ASSET
    only: tuple[Sign, ...] = ()
    workload: Workload | None = None
    drop: tuple[Sign, ...] = ()
    fields: Fields = Fields()


class AssetRow(_Resource):
    """A kind that the asset inventory holds.

    Attributes:
        asset_type: As `aiplatform.googleapis.com/Endpoint`.
        permission: What `inventory: list` needs beside `cloudasset.assets.listResource`; empty for nothing.
    """

    by: Literal["asset"]
    asset_type: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+\.googleapis\.com/[A-Z][A-Za-z0-9]+$")]

    @property
    def api(self) -> str:
        """Host of the API that the kind belongs to."""
        return self.asset_type.partition("/")[0]


class Parents(_Strict):
    """The list whose items a direct list goes into.

    Attributes:
        path: As in `ListRow`.
        items: As in `ListRow`.
        permission: As in `ListRow`.
    """

    path: str
    items: str
    permission: Permission


class ListRow(_Resource):
    """A kind that only its own API lists.

    Attributes:
        api: Host of the API, as it is enabled in a project.
        host: Host to ask, where a location has its own: `{location}-aiplatform.googleapis.com`; `global` and `-` go to
            `api`.
        path: With `{project}` and `{location}`, or `{parent}` where `under` is given.
        items: Key of the items in an answer; empty where the answer is the one thing itself.
        locations: `listed` asks the API for its locations; else their names, `-` for all at once; empty where the path
            has none.
        under: The list whose items stand for `{parent}`.
        permission: What IAM must allow.
        published: Whether IAM's public list of permissions has it; a role that names one that IAM does not know is refused.
        page_size: Items a page; 0 where the list knows no pages.
        recent: At most so many items, newest first, as the API sorts them; 0 for all. For activity.
    """

    by: Literal["list"]
    api: Api
    host: str = ""
    path: str
    items: str = ""
    locations: Literal["listed"] | tuple[str, ...] = ()
    under: Parents | None = None
    permission: Permission
    published: bool = True
    page_size: int = 100
    recent: int = 0


class EnabledRow(_Strict):
    """An API that is enabled: a hint.

    Attributes:
        api: Host of the API.
    """

    id: str
    by: Literal["enabled"]
    tier: Literal["B"] = "B"
    api: Api


class UseRow(_Strict):
    """Calls of an API, as Cloud Monitoring counts them for the project that called: proof of use.

    Attributes:
        api: Host of the API.
        methods: Globs of the methods that are use; lists and other administration, such as this scan, are not.
    """

    id: str
    by: Literal["use"]
    tier: Literal["A"] = "A"
    api: Api
    methods: tuple[str, ...] = Field(min_length=1)


class MetricRow(_Strict):
    """A metric of a resource or of a publisher's model: proof of use.

    Attributes:
        api: Host of the API whose metric it is.
        metric: Its type.
        resource: Type of the monitored resource.
        group: Labels to tell apart, as `resource.label.model_user_id`; the last part is their name in templates.
        native: Template of the native id, with `{project}` and the labels.
        models: Templates of models.
        refs: Templates of resources.
        title: Template of the title.
    """

    id: str
    by: Literal["metric"]
    tier: Literal["A"] = "A"
    api: Api
    metric: str
    resource: str
    group: tuple[str, ...] = Field(min_length=1)
    native: str
    models: Paths = ()
    refs: Paths = ()
    title: str = ""


class GrantRow(_Strict):
    """Who may: IAM bindings of roles.

    Attributes:
        api: Host of the API that the roles are for.
        roles: Globs of roles.
    """

    id: str
    by: Literal["grant"]
    tier: Literal["B"] = "B"
    api: Api
    roles: tuple[str, ...] = Field(min_length=1)


Row = Annotated[
    AssetRow | ListRow | EnabledRow | UseRow | MetricRow | GrantRow,
    Field(discriminator="by"),
]
_ROW: TypeAdapter[Any] = TypeAdapter(Row)


class ServiceLike(Protocol):
    """A service of the knowledge base, as far as this connector needs it."""

    @property
    def id(self) -> str:
        """As `gcp/vertex-ai`."""

    @property
    def collect(self) -> Iterable[Mapping[str, Any]]:
        """Its rows."""


def read_rows(services: Iterable[ServiceLike]) -> dict[str, Any]:
    """All rows by the id that observations carry, as `gcp/vertex-ai/endpoint`.

    Raises:
        pydantic.ValidationError: A row is wrong; `classifiers` names the file.
    """
    return {f"{service.id}/{row['id']}": _ROW.validate_python(row) for service in services for row in service.collect}


def chosen(services: Iterable[ServiceLike], target: Target) -> dict[str, Any]:
    """The rows that the user asks for.

    Raises:
        pydantic.ValidationError: A row is wrong.
    """
    wanted = [service for service in services if not target.services or service.id.partition("/")[2] in target.services]
    return {row_id: row for row_id, row in read_rows(wanted).items() if row.tier in target.tiers}
