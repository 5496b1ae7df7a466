"""Holds what a person wrote in YAML against a pydantic model, and says what to mend where it does not fit."""

from __future__ import annotations

from datetime import date, datetime
from difflib import get_close_matches
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints, ValidationError, model_validator

from inventory.yaml_file import InputError, WrittenFloat, WrittenInt

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pydantic_core import ErrorDetails

    from inventory.yaml_file import KeyPath, Problem, YamlFile

Model = TypeVar("Model", bound=BaseModel)


_SHOWN = 60
"""So many characters of a value stand in a message."""


class Strict(BaseModel):
    """A model that refuses what it does not know: a misspelt key is an error, never ignored.

    A key without a value (`bind:`) counts as not written.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _drop_keys_without_value(cls, data: Any) -> Any:
        return {key: value for key, value in data.items() if value is not None} if isinstance(data, dict) else data


def _as_written(value: object) -> object:
    return value.written if isinstance(value, WrittenInt | WrittenFloat) else value


def listed(value: object) -> object:
    """A list from what is one already or stands alone."""
    return value if isinstance(value, list | tuple) else [value]


def _as_date(value: object) -> object:
    """Takes what YAML writers write for a day. A bare number is no date: 2026 is not a second of 1970."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, str):
        try:
            return date.fromisoformat(value.strip()[:10])
        except ValueError:
            pass
    shown = show_input(value)
    raise ValueError(f"{shown} is not a date. Write a day of the calendar as 2027-01-31")


Text = Annotated[
    str,
    StringConstraints(min_length=1, strip_whitespace=True),
    BeforeValidator(_as_written, json_schema_input_type=str | int | float),
]
"""A text that is not empty. A number stands for the way it was written."""

Day = Annotated[date, BeforeValidator(_as_date, json_schema_input_type=date)]
"""A day, as a YAML date or in quotes."""

Texts = Annotated[tuple[Text, ...], BeforeValidator(listed, json_schema_input_type=Text | list[Text])]
"""A list of texts; one alone needs no brackets."""


def validate(model: type[Model], file: YamlFile) -> Model:
    """The file as an instance of the model.

    Raises:
        InputError: It does not fit; every problem names line, value and mend.
    """
    try:
        return model.model_validate(file.value)
    except ValidationError as error:
        details = error.errors(include_url=False)
        raise InputError(_problem(model, file, detail) for detail in details) from error


def show_path(path: Sequence[str | int]) -> str:
    """A path as people write it: `entries[2].status`."""
    shown = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return shown.removeprefix(".")


def show_input(value: object) -> str:
    """A value in an error message, short."""
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    text = str(value).lower() if isinstance(value, bool) else str(_as_written(value))
    return f"`{text if len(text) <= _SHOWN else text[:_SHOWN] + '…'}`"


def closest(word: str, words: Sequence[str]) -> str | None:
    """The word that was probably meant, or none."""
    found = get_close_matches(word.lower(), words, n=1, cutoff=0.6)
    return found[0] if found else None


def _problem(model: type[BaseModel], file: YamlFile, detail: ErrorDetails) -> Problem:
    path = detail["loc"]
    what, mend = _EXPLAIN.get(detail["type"], _other)(model, path, detail)
    return file.problem(path, what, mend)


def _unknown_key(model: type[BaseModel], path: KeyPath, _: ErrorDetails) -> tuple[str, str]:
    key, keys = str(path[-1]), _keys_at(model, path[:-1])
    what = f"{show_path(path)} is not a key that is understood here"
    meant = closest(key, keys)
    return what, f"Write `{meant}`." if meant else f"Use one of: {', '.join(keys)}."


def _missing_key(_: type[BaseModel], path: KeyPath, __: ErrorDetails) -> tuple[str, str]:
    return f"{show_path(path[:-1]) or 'the file'} has no `{path[-1]}`", f"Add `{path[-1]}: …`."


def _not_one_of(_: type[BaseModel], path: KeyPath, detail: ErrorDetails) -> tuple[str, str]:
    written = str(_as_written(detail["input"]))
    choices = [choice.strip(" '") for choice in detail["ctx"]["expected"].replace(" or ", ",").split(",")]
    what = f"{show_path(path)} {show_input(detail['input'])} is not one of {', '.join(choices)}"
    meant = closest(written, choices)
    if not meant:
        return what, "Write one of them."
    name = next((part for part in reversed(path) if isinstance(part, str)), "")
    return what, f"Write `{name}: {meant}`." if path[-1] == name else f"Write `{meant}`."


def _rule_of_ours(_: type[BaseModel], path: KeyPath, detail: ErrorDetails) -> tuple[str, str]:
    """Our own validators write what is wrong and the mend as two sentences."""
    what, _sep, mend = str(detail["ctx"]["error"]).rpartition(". ")
    return f"{show_path(path)}: {what}" if path else what, f"{mend}."


def _empty(_: type[BaseModel], path: KeyPath, __: ErrorDetails) -> tuple[str, str]:
    return f"{show_path(path)} is empty", "Write something, or remove the key."


def _other(_: type[BaseModel], path: KeyPath, detail: ErrorDetails) -> tuple[str, str]:
    expected = _EXPECTED.get(detail["type"])
    where = show_path(path) or "the file"
    if expected is None:
        return f"{where}: {detail['msg']}", "Correct it."
    return f"{where} is {show_input(detail['input'])}, not {expected}", f"Write {expected} there."


_EXPLAIN: dict[str, Callable[[type[BaseModel], KeyPath, ErrorDetails], tuple[str, str]]] = {
    "extra_forbidden": _unknown_key,
    "missing": _missing_key,
    "enum": _not_one_of,
    "literal_error": _not_one_of,
    "value_error": _rule_of_ours,
    "string_too_short": _empty,
    "too_short": _empty,
}

_EXPECTED = {
    "string_type": "a text",
    "model_type": "a mapping of keys to values",
    "model_attributes_type": "a mapping of keys to values",
    "dict_type": "a mapping of keys to values",
    "tuple_type": "a list",
    "list_type": "a list",
    "date_type": "a date as 2027-01-31",
}


def _keys_at(model: type[BaseModel], path: KeyPath) -> list[str]:
    """The keys that are understood at a path."""
    models = [model]
    for part in path:
        if isinstance(part, str):
            fields = [field for m in models for name, field in m.model_fields.items() if part in {name, field.alias}]
            models = [found for field in fields for found in _models_in(field.annotation)]
    return [field.alias or name for m in models for name, field in m.model_fields.items()]


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [found for argument in get_args(annotation) for found in _models_in(argument)]
