"""Column mappings of declared inventories, as data: which column says what, and what a row's id is made of."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from inventory.fact_values import FactName
from inventory.intake.problem import IntakeError
from inventory.intake.words import folded
from inventory.scope.document import EntryStatus
from inventory.validation import Day, Strict, Text, Texts, validate
from inventory.yaml_file import InputError, read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_FOLDER: Final = Path(__file__).with_name("mappings")


class From(Strict):
    """The columns that a field is read from.

    Attributes:
        columns: The first of them that says something is taken.
        join: Takes all that say something, with this between them.
        values: What a cell says, to what the field is then; other cells are kept as they are and not taken.
    """

    columns: Texts
    join: str = ""
    values: dict[Text, Text] = Field(default_factory=dict)


def _columns(value: Any) -> Any:
    return {"columns": value} if isinstance(value, str | list) else value


Source = Annotated[From, BeforeValidator(_columns, json_schema_input_type=From | Text | Texts)]


class Key(Strict):
    """What a row is told from others by, so that the next import finds it again.

    Attributes:
        within: Column of the part of the organisation that numbers or names for itself.
        id: Column of its own id.
        name: Columns that name it where it has no id of its own.
    """

    within: Text | None = None
    id: Text | None = None
    name: Texts


class StatusFrom(Strict):
    """How a row declares its status.

    Attributes:
        column: The column that says it.
        values: What a cell says, to the status.
        blank: The status where the cell says nothing; nobody is asked then.
        default: The status of all rows, where no column says it.
        no_system: Cells that say that the row declares no system.
    """

    column: Text | None = None
    values: dict[Text, EntryStatus] = Field(default_factory=dict)
    blank: EntryStatus | None = None
    default: EntryStatus | None = None
    no_system: Texts = ()

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.column is None and self.default is None:
            raise ValueError("it names neither a column nor a default. Add `column` with `values`, or `default`")
        if self.column is not None and self.default is not None:
            raise ValueError("it names a column and a default. Keep one of them; `blank` is for cells that say nothing")
        return self


class Fields(Strict):
    """Fields of an entry to the columns that say them."""

    owner: Source | None = None
    purpose: Source | None = None
    role: Source | None = None
    justification: Source | None = None
    review_due: Source | None = None
    bind: Source | None = None

    def named(self) -> Iterator[tuple[str, From]]:
        """The fields that are mapped."""
        for name in type(self).model_fields:
            if (source := getattr(self, name)) is not None:
                yield name, source


class Mapping(Strict):
    """How an inventory is read.

    Attributes:
        id: How `--mapping` names it.
        title: What it reads.
        source: Where its columns are documented.
        checked: When they were looked up.
        needs: Columns by which a file is recognised; all of them must be there.
        key: What a row is told from others by.
        repeated: Rows with the same key are one system (`merge`), or each a system (`apart`).
        name: What the system is called.
        status: What the row declares.
        fields: Further fields.
        facts: Facts that it declares; they stand in the entry's baseline.
        add_up: Fields whose values add up where rows are merged.
    """

    id: Text
    title: Text
    source: Text | None = None
    checked: Day | None = None
    needs: Texts
    key: Key
    repeated: Literal["merge", "apart"] = "apart"
    name: Source
    status: StatusFrom
    fields: Fields = Fields()
    facts: dict[FactName, Source] = Field(default_factory=dict)
    add_up: tuple[Literal["purpose", "justification"], ...] = ()

    def missing(self, header: Sequence[str]) -> list[str]:
        """The columns that it needs and that a header lacks."""
        there = {folded(name) for name in header}
        return [name for name in self.needs if folded(name) not in there]


@lru_cache(maxsize=1)
def known_mappings() -> tuple[Mapping, ...]:
    """The mappings that this version knows."""
    return tuple(validate(Mapping, read_yaml(path)) for path in sorted(_FOLDER.glob("*.yaml")))


def mapping_named(name: str) -> Mapping:
    """A mapping of ours by its id, or the user's in a file.

    Raises:
        IntakeError: There is none of that name, or the file is no mapping; every problem with its line and the mend.
    """
    found = next((one for one in known_mappings() if one.id == name), None)
    if found is not None:
        return found
    path = Path(name)
    if not path.is_file():
        names = ", ".join(one.id for one in known_mappings())
        raise IntakeError(
            f"{name}: there is no such mapping, and no such file. Name one of {names}, or a file of yours."
        )
    try:
        return validate(Mapping, read_yaml(path))
    except InputError as error:
        raise IntakeError(str(error)) from error


def recognised(rows: Sequence[Sequence[str]]) -> tuple[Mapping, int] | None:
    """The mapping that knows most of the columns of one of the rows, and which row that is."""
    fits = [
        (len(mapping.needs), -number, mapping)
        for mapping in known_mappings()
        for number, header in enumerate(rows)
        if not mapping.missing(header)
    ]
    if not fits:
        return None
    _, number, mapping = max(fits, key=lambda fit: fit[:2])
    return mapping, -number
