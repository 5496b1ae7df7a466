"""Rows of a vendor's file: what to ask for, and where in the answer the facts of each thing stand.

All paths are JMESPath over one record of the answer, with `_up` for the thing it is listed below where the row is a
child. Records with the same id are one thing: so users are counted, and never listed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from inspect import signature
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, Protocol

from pydantic import Field, StringConstraints, ValidationError, field_validator, model_validator

from connectors.api.asset import asset
from connectors.model import ObservationKind
from connectors.saas import templates
from connectors.saas.api import Api, Paging, Strict, Text, Url
from connectors.saas.expressions import compiled

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Self

    from connectors.saas.target import Target

Path = Text
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Paths = dict[Text, Path]

_TAKEN: Final = frozenset(signature(asset).parameters) - {"facts"}
_ALWAYS: Final = frozenset({"tenant"}) | templates.WINDOW


class Named(Strict):
    """A fact that names what an id stands for, as the owner of an application.

    Attributes:
        at: Where the id stands.
        of: Id to name, compared in lower case; of an id that is not there, nothing is said.
    """

    at: Path
    of: dict[Text, Text]

    @field_validator("at")
    @classmethod
    def _path_is_jmespath(cls, path: str) -> str:
        compiled(path)
        return path


class Row(Strict):
    """How to ask for one sort of thing.

    Attributes:
        id: Its id, unique within the vendor.
        area: Product area: the part of the tenant that a gap hides.
        tier: `A` systems and switches, `B` apps, grants and licences, `C` use and logs, `D` what is next to AI.
        kind: What the observation is.
        observe: Whether things are handed on; false for lists that only say what to ask for one by one.
        host: Address, where it is not the vendor's usual one.
        path: Path below the address.
        query: Parameters.
        method: `POST` where the vendor wants questions posted; nothing is ever changed.
        body: What is posted.
        under: Row, of any area, whose things are asked for one by one; `{up.id}` and `{up.<fact>}` stand for each in `path`.
        ask: What must hold of a thing's facts for it to be asked for.
        records: Where records stand in the answer; without it, the answer is the list, or the one record.
        paging: How the list goes on, where not as the vendor's others.
        when: What must hold of a record for it to count.
        missing: What `404` means: the tenant lacks it, or the credentials may not see it.
        type: Sort of thing, where several rows speak of the same; else the row's id.
        key: Where the id of the thing stands.
        aliases: Other ids under which rows of the same area refer to it.
        title: Where its name stands.
        parent: Type to the path of the id of what it is a part of; a child is a part of what it is listed below.
        refs: Type to the path of the ids of what it uses or is about.
        models: Where models stand.
        hosts: Where URLs and host names stand.
        identities: Where ids of machine identities stand.
        tags: Where a mapping of tags or labels stands.
        facts: Scalars by name.
        texts: Lists of texts by name, such as scopes; of several records, those of all.
        sums: Numbers by name that are added up over records.
        earliest: Times by name, of several the first.
        latest: Times by name, of several the last.
        names: Facts that name what an id stands for.
        count: Name under which records of the same thing are counted.
        people: Where ids of people stand: they are counted as `users`, and nothing else is kept of them.
        newest: Whether the list is a log, newest first, of which a bounded number of pages is enough.
        window: At most so many days of a log; 0 for as many as the user wants.
        needs: Permissions, any of which will do.
        source: Where the vendor describes it, where that is not the file's source.
    """

    id: Slug
    area: Slug
    tier: Literal["A", "B", "C", "D"]
    kind: Literal[
        ObservationKind.ASSET,
        ObservationKind.USAGE,
        ObservationKind.GRANT,
        ObservationKind.CONTROL,
        ObservationKind.ACCOUNT,
        ObservationKind.REPOSITORY,
    ] = ObservationKind.ASSET
    observe: bool = True
    host: Url | None = None
    path: Annotated[str, StringConstraints(pattern=r"^/\S*$")]
    query: dict[Text, str | list[str]] = Field(default_factory=dict)
    method: Literal["GET", "POST"] = "GET"
    body: Any = None
    under: Slug | None = None
    ask: str = ""
    records: str = ""
    paging: Paging | None = None
    when: str = ""
    missing: Literal["absent", "denied"] = "absent"
    type: Slug | None = None
    key: Path = "id"
    aliases: tuple[Path, ...] = ()
    title: str = ""
    parent: Paths = Field(default_factory=dict)
    refs: Paths = Field(default_factory=dict)
    models: tuple[Path, ...] = ()
    hosts: tuple[Path, ...] = ()
    identities: tuple[Path, ...] = ()
    tags: str = ""
    facts: Paths = Field(default_factory=dict)
    texts: Paths = Field(default_factory=dict)
    sums: Paths = Field(default_factory=dict)
    earliest: Paths = Field(default_factory=dict)
    latest: Paths = Field(default_factory=dict)
    names: dict[Text, Named] = Field(default_factory=dict)
    count: str = ""
    people: tuple[Path, ...] = ()
    newest: bool = False
    window: int = Field(default=0, ge=0)
    needs: tuple[Text, ...] = ()
    source: Url | None = None

    @property
    def sort(self) -> str:
        """Sort of thing, as it stands in native ids."""
        return self.type or self.id

    @model_validator(mode="after")
    def _expressions_are_jmespath(self) -> Self:
        single = (self.ask, self.records, self.when, self.key, self.title, self.tags)
        several = (self.aliases, self.models, self.hosts, self.identities, self.people)
        named = (self.parent, self.refs, self.facts, self.texts, self.sums, self.earliest, self.latest)
        for path in (
            *single,
            *(p for paths in several for p in paths),
            *(p for paths in named for p in paths.values()),
        ):
            if path:
                compiled(path)
        return self

    @model_validator(mode="after")
    def _every_fact_has_one_name(self) -> Self:
        groups = (self.facts, self.texts, self.sums, self.earliest, self.latest, self.names)
        given = [name for group in groups for name in group] + ([self.count] if self.count else [])
        given += ["users"] if self.people else []
        if taken := sorted(set(given) & _TAKEN):
            raise ValueError(f"a fact may not be called {', '.join(taken)}")
        if twice := sorted({name for name in given if given.count(name) > 1}):
            raise ValueError(f"two facts are called {', '.join(twice)}")
        return self

    @property
    def placeholders(self) -> set[str]:
        """Names of all placeholders in its address, parameters and body."""
        return templates.names([self.host or "", self.path, self.query, self.body])


class VendorLike(Protocol):
    """What the connector takes of a vendor of the knowledge base."""

    @property
    def id(self) -> str:
        """Its id with its connector's, as `saas/okta`."""

    @property
    def collect(self) -> Sequence[Mapping[str, Any]]:
        """Its rows as plain data."""

    @property
    def api(self) -> Mapping[str, Any]:
        """How it is asked, as plain data."""


@dataclass(frozen=True, slots=True)
class Vendor:
    """A vendor, ready to be asked.

    Attributes:
        id: Its id with its connector's.
        api: How it is asked.
        rows: Its rows, parents before children.
    """

    id: str
    api: Api
    rows: tuple[Row, ...]

    @property
    def name(self) -> str:
        """Its id without its connector's."""
        return self.id.rpartition("/")[2]

    def upward(self, row: Row) -> Iterator[Row]:
        """A row, and the rows whose things it is listed below, the nearest first."""
        by_id = {one.id: one for one in self.rows}
        yield row
        while row.under:
            row = by_id[row.under]
            yield row

    def areas(self, target: Target) -> dict[str, tuple[Row, ...]]:
        """Rows by product area, of the areas and tiers that the user wants, the most promising areas first."""
        areas: dict[str, list[Row]] = {}
        for row in self.rows:
            wanted = not target.services or row.area in target.services
            if row.observe and row.tier in target.tiers and wanted:
                areas.setdefault(row.area, []).append(row)
        ordered = sorted(areas.items(), key=lambda item: (min(row.tier for row in item[1]), item[0]))
        return {area: tuple(rows) for area, rows in ordered}


class VendorError(ValueError):
    """A vendor's file is wrong; the message names the vendor, the row and the mend."""


def read_vendor(given: VendorLike) -> Vendor:
    """A vendor, checked.

    Raises:
        VendorError: Its file is wrong.
    """
    api = _validated(given.id, Api, given.api)
    rows = [_validated(f"{given.id}: row `{row.get('id', '?')}`", Row, row) for row in given.collect]
    _check(given.id, api, rows)
    return Vendor(given.id, api, _parents_first(rows))


def _validated(what: str, model: type[Any], given: Mapping[str, Any]) -> Any:
    try:
        return model.model_validate_json(json.dumps(given, default=str))
    except ValidationError as error:
        problems = error.errors(include_url=False, include_input=False)
        said = "; ".join(f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}" for problem in problems)
        raise VendorError(f"{what}: {said}") from error


def _check(vendor: str, api: Api, rows: Sequence[Row]) -> None:
    by_id = {row.id: row for row in rows}
    if len(by_id) != len(rows):
        raise VendorError(f"{vendor}: two rows have the same `id`")
    known = _ALWAYS | set(api.parameters)
    questions = [json.dumps([row.method, row.host, row.path, row.query, row.body, row.under]) for row in rows]
    if twice := [row.id for row, question in zip(rows, questions, strict=True) if questions.count(question) > 1]:
        raise VendorError(f"{vendor}: rows {', '.join(twice)} ask the same; list others `under` the first")
    for row in rows:
        if row.under and row.under not in by_id:
            raise VendorError(f"{vendor}: row `{row.id}`: `under` names no row")
        _check_no_circle(vendor, row, by_id)
        up = {name for name in row.placeholders if name.startswith("up.")}
        if odd := sorted((row.placeholders - up - known) | (up if not row.under else set())):
            raise VendorError(f"{vendor}: row `{row.id}`: {{{odd[0]}}} is no placeholder; add it to `parameters`")


def _check_no_circle(vendor: str, row: Row, by_id: Mapping[str, Row]) -> None:
    seen, above = {row.id}, row.under
    while above and above in by_id:
        if above in seen:
            raise VendorError(f"{vendor}: row `{row.id}` is listed below itself")
        seen.add(above)
        above = by_id[above].under


def _parents_first(rows: Sequence[Row]) -> tuple[Row, ...]:
    by_id = {row.id: row for row in rows}

    def depth(row: Row) -> int:
        return 1 + depth(by_id[row.under]) if row.under else 0

    return tuple(sorted(rows, key=depth))
