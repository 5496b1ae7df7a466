"""Settings models made from the dataclasses of connectors, so that a field is named, typed and explained in one place."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, ClassVar, Self, get_args, get_origin, get_type_hints

from pydantic import Field, create_model, model_validator

from inventory.validation import Strict, Text, Texts


class DataclassSettings(Strict):
    """Settings that stand for a dataclass."""

    made: ClassVar[type[Any]]

    @model_validator(mode="after")
    def _fits(self) -> Self:
        """The dataclass has the last word on values; what it says of a wrong one reaches the user with file and line."""
        self.value()
        return self

    def value(self) -> Any:
        """The dataclass with what the user wrote.

        Raises:
            ValueError: The dataclass refuses a value.
        """
        return self.made(**{name: getattr(self, name) for name in type(self).model_fields})


def settings_model(name: str, made: type[Any]) -> type[DataclassSettings]:
    """The settings model of a dataclass whose fields all have defaults; its docstring explains them.

    Args:
        name: Name of the model, for the reference.
        made: The dataclass.
    """
    hints = get_type_hints(made, {"Mapping": Mapping})
    fields: dict[str, Any] = {
        field.name: (_annotation(hints[field.name]), _default(field)) for field in dataclasses.fields(made)
    }
    model: type[DataclassSettings] = create_model(name, __base__=DataclassSettings, __doc__=made.__doc__, **fields)
    model.made = made
    return model


def _annotation(hint: Any) -> Any:
    """A list takes one member without brackets, and a text that looks like a number stays as it is written."""
    if hint is str:
        return Text
    if get_origin(hint) is tuple and get_args(hint)[0] is str:
        return Texts
    if get_origin(hint) is Mapping:
        return dict[Text, Text]
    return hint


def _default(field: dataclasses.Field[Any]) -> Any:
    if field.default_factory is not dataclasses.MISSING:
        return Field(default_factory=field.default_factory)
    return field.default
