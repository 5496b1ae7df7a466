"""Rows of the knowledge base for imports: the columns of exports by their many names, and the formats of logs."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError, model_validator

from connectors.model import ObservationKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Self

Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*$")]

_EDGES: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[^0-9A-Za-z]+")


def plain_name(written: str) -> str:
    """The name of a column as names are compared: `appDisplayName`, `App_Display-Name` and `App display name` are one."""
    return " ".join(part for part in _EDGES.split(written) if part).casefold()


class Column(StrEnum):
    """What a column of an export can say. Those of people are counted or dropped, never handed on, but for the owner."""

    TITLE = "title"
    PUBLISHER = "publisher"
    APP_IDS = "app_ids"
    CLIENT_IDS = "client_ids"
    EXTENSION_IDS = "extension_ids"
    SKUS = "licence_skus"
    HOSTS = "hosts"
    USERS = "users"
    PERSON = "person"
    OWNER = "owner"
    UNIT = "unit"
    DAY = "day"
    FIRST = "first_seen"
    LAST = "last_seen"
    STATUS = "status"
    RISK = "risk"
    CATEGORY = "category"
    SCOPES = "scopes"
    VERSION = "version"
    PLATFORM = "platform"
    SIGN_ON = "sign_on"
    AMOUNT = "amount"
    CURRENCY = "currency"
    ENTITY = "entity"


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Slug
    what: Text


class TableRow(_Row):
    """An export with one thing a line, as CSV or JSON.

    Attributes:
        what: What it lists, for people.
        kind: What its observations are.
        columns: What a column says, to the names that it has in exports, the surest first.
        needs: At least one of each group must be there for the row to read a file.
        known_only: Hand on only titles in which the catalog of products recognises something: anything else in such a
            list may be a person.
        least: How alike, from 0 to 100, a title has to be to a product to be recognised there.
        noise: Expressions that are cut from a title before a product is looked for in it.
    """

    reads: Literal["table"]
    kind: ObservationKind = ObservationKind.ASSET
    columns: dict[Column, tuple[Text, ...]]
    needs: tuple[tuple[Column, ...], ...] = ((Column.TITLE,),)
    known_only: bool = False
    least: float = Field(default=90.0, ge=0, le=100)
    noise: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _can_be_read(self) -> Self:
        names = [plain_name(name) for aliases in self.columns.values() for name in aliases]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"stands for two columns: {', '.join(twice)}")
        for expression in self.noise:
            re.compile(expression)
        return self


class Form(StrEnum):
    """How a line of a log is written."""

    EXPRESSION = "expression"
    COLUMNS = "columns"
    PAIRS = "pairs"
    JSON = "json"


class Part(StrEnum):
    """What is read of a line of a log."""

    PLACE = "place"
    CLIENT = "client"
    TIME = "time"
    ACTION = "action"


class Format(BaseModel):
    """How one product writes its log.

    Attributes:
        form: How a line is written.
        expression: For `expression`: a regular expression with groups named after fields.
        fields: Else: a field to the names it has, or in `columns` without a header to its position from 0.
        separator: For `columns`: what parts them; `space` for any white space.
        directive: For `columns`: what begins a line that names the columns, as `#Fields:`; empty where the first line
            does, or where `fields` are positions.
        has: What stands in every line, so that a format without a header is not taken for another.
        skip: Expression of lines that say nothing of their own, as replies beside queries.
        source: Where the format is described.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Slug
    name: Text
    form: Form
    expression: str = ""
    fields: dict[Part, tuple[Text | int, ...]] = Field(default_factory=dict)
    separator: str = ","
    directive: str = ""
    has: str = ""
    skip: str = ""
    source: Text

    @model_validator(mode="after")
    def _can_be_read(self) -> Self:
        re.compile(self.skip)
        named = set(re.compile(self.expression).groupindex) if self.form is Form.EXPRESSION else set(self.fields)
        if odd := named - set(Part):
            raise ValueError(f"names groups that are no fields: {', '.join(sorted(odd))}")
        if Part.PLACE not in named:
            raise ValueError("needs the field `place`")
        return self

    @property
    def positional(self) -> bool:
        """Whether columns are known by where they stand."""
        return any(isinstance(name, int) for names in self.fields.values() for name in names)


class TrafficRow(_Row):
    """Logs that show where traffic went.

    Attributes:
        formats: The formats whose lines mean this, tried in their order.
    """

    reads: Literal["traffic"]
    formats: tuple[Format, ...] = Field(min_length=1)


class RefusedRow(_Row):
    """What logs say was not let through.

    Attributes:
        words: Expressions of what a log writes for that, without regard to case.
    """

    reads: Literal["refused"]
    words: tuple[Text, ...] = Field(min_length=1)


class BillRow(_Row):
    """A part of a bill of materials: `model` or `service`; packages are read as those of manifests."""

    reads: Literal["bill"]
    part: Literal["model", "service", "dataset"]


class AttestedRow(_Row):
    """What people attest. It is declared beside the settings; a table of it is read for that, and never as a source.

    Attributes:
        columns: What is attested by whom, to the names that the columns have, the surest first.
        needs: At least one of each group must be there for a table to be one of attestations.
    """

    reads: Literal["attested"]
    columns: dict[Text, tuple[Text, ...]] = Field(default_factory=dict)
    needs: tuple[tuple[Text, ...], ...] = ()


Row = TableRow | TrafficRow | RefusedRow | BillRow | AttestedRow
_ROW: Final[TypeAdapter[Row]] = TypeAdapter(Annotated[Row, Field(discriminator="reads")])


class ServiceLike(Protocol):
    """A service of the knowledge base, as `classifiers.services` reads it."""

    @property
    def id(self) -> str:
        """Its id, as `imports/apps`."""

    @property
    def collect(self) -> Sequence[Mapping[str, Any]]:
        """Its rows."""

    def row_id(self, row: str) -> str:
        """The id of a row that observations carry."""


class RowError(ValueError):
    """A row is wrong; the message says which, and what."""


class Rows:
    """The rows by the ids that observations carry.

    Raises:
        RowError: A row is wrong.
    """

    def __init__(self, services: Sequence[ServiceLike]) -> None:
        self._rows: dict[str, Row] = {
            service.row_id(str(given.get("id"))): _read(service, given)
            for service in services
            for given in service.collect
        }

    def tables(self) -> Iterator[tuple[str, TableRow]]:
        """The rows of exports."""
        return ((key, row) for key, row in self._rows.items() if isinstance(row, TableRow))

    def formats(self) -> Iterator[tuple[str, Format]]:
        """Log formats, each under the id of the row that says what its lines mean."""
        for key, row in self._rows.items():
            if isinstance(row, TrafficRow):
                yield from ((key, format_) for format_ in row.formats)

    @property
    def attested(self) -> AttestedRow:
        """How a table of attestations is read."""
        return next(row for row in self._rows.values() if isinstance(row, AttestedRow) and row.columns)

    @property
    def refused(self) -> tuple[str, tuple[str, ...]]:
        """Id of the row for what was not let through, and the words for it."""
        return next(((key, row.words) for key, row in self._rows.items() if isinstance(row, RefusedRow)), ("", ()))

    def part(self, part: str) -> str:
        """Id of the row for a part of a bill of materials."""
        return next(key for key, row in self._rows.items() if isinstance(row, BillRow) and row.part == part)

    def __contains__(self, key: str) -> bool:
        return key in self._rows


def _read(service: ServiceLike, given: Mapping[str, Any]) -> Row:
    try:
        return _ROW.validate_python(given, strict=False)
    except (ValidationError, re.error) as error:
        raise RowError(f"{service.id}: row {given.get('id')}: {' '.join(str(error).split())}") from error
