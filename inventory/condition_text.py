"""Conditions as people type them: `personal_data equals false`, `regions only eu-west-1, eu-central-1`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import ValidationError

from inventory.facts import FactType, definition
from inventory.scope.document import Condition
from inventory.scope.op import Op
from inventory.yaml_file import InputError, parse_yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

    from inventory.facts import FactDefinition

_EXAMPLE = "Write a fact, an operation and a value, as `regions only eu-west-1, eu-central-1`"


def read_condition(text: str) -> dict[str, object]:
    """A condition as the scope document writes it.

    Raises:
        ValueError: It is no condition; the message says why and the mend.
    """
    fact, op, written = [*text.split(None, 2), "", "", ""][:3]
    if op not in set(Op):
        raise ValueError(f"`{op}` is no operation. {_EXAMPLE}; the operations are {', '.join(Op)}")
    condition: dict[str, object] = {"fact": fact, "op": op}
    if written:
        condition["value"] = _value(written, definition(fact), takes_list=Op(op).takes_list)
    return plain_condition(condition)


def plain_condition(condition: Mapping[str, object]) -> dict[str, object]:
    """A condition in plain values of the types that its fact and its operation ask for.

    Raises:
        ValueError: It cannot be tested; the message says why and the mend.
    """
    try:
        return Condition.model_validate(condition).model_dump(mode="json", exclude_none=True)
    except ValidationError as error:
        raise ValueError(error.errors(include_url=False)[0]["msg"].removeprefix("Value error, ")) from error


def _value(written: str, row: FactDefinition | None, *, takes_list: bool) -> object:
    """A list, or a scalar; the value of a text is what is written, also where YAML would take it for something else."""
    if takes_list and not written.startswith("["):
        return [part.strip() for part in written.split(",")]
    if not written.isprintable():
        raise ValueError(f"{written!a} cannot be read as a value. {_EXAMPLE}")
    if row is not None and row.type in {FactType.TEXT, FactType.SET} and not written.startswith(("[", '"', "'")):
        return written.strip()
    try:
        return parse_yaml(written.encode(), "the value").value
    except (InputError, UnicodeEncodeError) as error:
        raise ValueError(f"`{written}` cannot be read as a value. {_EXAMPLE}") from error
