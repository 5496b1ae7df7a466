"""Values of facts as people write them in YAML: in the scope document and in attestations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator

from inventory.facts import FACTS, FactDefinition, FactType, definition
from inventory.validation import Text, closest, show_input
from inventory.yaml_file import WrittenFloat, WrittenInt

if TYPE_CHECKING:
    from collections.abc import Callable

    from inventory.model import FactValue

WrittenValue = bool | int | str | list[str | int]
"""The types of a fact's value in YAML, for the JSON Schema."""


def _known_fact(name: str) -> str:
    if definition(name) is None:
        names = [row.name for row in FACTS]
        meant = closest(name, names)
        mend = f"Write `{meant}`" if meant else f"Use one of {', '.join(names)}, or `tag:<key>`"
        raise ValueError(f"{show_input(name)} is not a fact. {mend}")
    return name


FactName = Annotated[Text, AfterValidator(_known_fact)]
"""The name of a fact of `inventory.facts`."""


def fact_value(row: FactDefinition, written: object) -> FactValue:
    """The value of a fact, in its own type; a set from a list or from one member.

    Raises:
        ValueError: It is not a value of this fact; the message says so and the mend.
    """
    return _READ[row.type](row, written)


def texts(row: FactDefinition, written: object) -> tuple[str, ...]:
    """A list of texts, sorted and each once; one alone needs no brackets.

    Raises:
        ValueError: There is none, or a member is no text.
    """
    members = written if isinstance(written, list | tuple) else [written]
    if not members:
        raise ValueError(f"`{row.name}` has an empty list. Write what it should hold, or remove it")
    return tuple(sorted({_text(row, member) for member in members}))


def _text(row: FactDefinition, written: object) -> str:
    if isinstance(written, WrittenInt | WrittenFloat):
        return written.written
    if isinstance(written, bool) or not isinstance(written, str | int) or not str(written).strip():
        raise ValueError(f"`{row.name}` cannot be {show_input(written)}. Write a text; in quotes if it looks otherwise")
    return str(written).strip()


def _boolean(row: FactDefinition, written: object) -> bool:
    if not isinstance(written, bool):
        raise ValueError(f"`{row.name}` cannot be {show_input(written)}. Write true or false")  # noqa: TRY004 - pydantic reports a ValueError
    return written


def _number(row: FactDefinition, written: object) -> int:
    if isinstance(written, bool) or not isinstance(written, int):
        raise ValueError(f"`{row.name}` cannot be {show_input(written)}. Write a whole number")  # noqa: TRY004 - pydantic reports a ValueError
    return int(written)


_READ: dict[FactType, Callable[[FactDefinition, object], FactValue]] = {
    FactType.TEXT: _text,
    FactType.SET: texts,
    FactType.BOOLEAN: _boolean,
    FactType.NUMBER: _number,
}
