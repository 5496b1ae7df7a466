"""The types that stages hand on, as plain data that JSON can hold, and back; exactly, whatever the texts contain.

A type is read from its annotations, so that a field added to it needs nothing here. A field at its default is left out:
that keeps stored scans small, and lets them be read after a field with a default was added.
"""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Callable, Mapping
from enum import Enum
from functools import cache
from types import ModuleType, NoneType, UnionType
from typing import Any, Final, TypeVar, Union, get_args, get_origin, get_type_hints

from connectors import model

Value = TypeVar("Value")
Decoder = Callable[[Any], Any]

_SCALARS: Final = (str, int, float, bool, NoneType)


class CodecError(ValueError):
    """The data is not what a codec writes for that type; the message says what is wrong."""


def dumps(value: object) -> str:
    """A value of a stage's type as JSON in plain ASCII, so that undecodable file names survive every store."""
    return json.dumps(to_data(value), separators=(",", ":"))


def to_data(value: object) -> Any:
    """A value as scalars, lists and mappings."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, _SCALARS):
        return value
    if isinstance(value, tuple | list):
        return [to_data(item) for item in value]
    if isinstance(value, Mapping):
        return {key: to_data(item) for key, item in value.items()}
    kind: Any = type(value)
    fields = ((name, getattr(value, name), default) for name, default in _defaults(kind))
    return {name: to_data(held) for name, held, default in fields if held != default}


class Codec:
    """Reads back what `dumps` and `to_data` gave."""

    def __init__(self, *modules: ModuleType) -> None:
        """A codec for the types of these modules.

        Args:
            modules: Where the types stand, and those of their fields: their own modules may import these for type
                checkers only.
        """
        self._names = {"Mapping": Mapping} | {name: held for module in modules for name, held in vars(module).items()}
        self._decoders: dict[Any, Decoder] = {}

    def loads(self, kind: type[Value], text: str) -> Value:
        """The value of this type that `dumps` wrote.

        Raises:
            CodecError: The text is not JSON, or not of this type.
        """
        try:
            data = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise CodecError(f"{kind.__name__}: not JSON") from error
        return self.from_data(kind, data)

    def from_data(self, kind: type[Value], data: Any) -> Value:
        """The value of this type that `to_data` gave.

        Raises:
            CodecError: The data is not of this type.
        """
        value: Value = self._decoder(kind)(data)
        return value

    def _decoder(self, annotation: Any) -> Decoder:
        """What makes values of an annotated type; built once a type."""
        if annotation not in self._decoders:
            self._decoders[annotation] = self._build(annotation)
        return self._decoders[annotation]

    def _build(self, annotation: Any) -> Decoder:
        origin, arguments = get_origin(annotation), get_args(annotation)
        if origin in {Union, UnionType}:
            return self._union(arguments)
        if origin is tuple:
            return _tuple(self._decoder(arguments[0]))
        if origin is not None and issubclass(origin, Mapping):
            return _mapping(self._decoder(arguments[1]))
        if dataclasses.is_dataclass(annotation):
            return self._dataclass(annotation)
        return _enum(annotation) if issubclass(annotation, Enum) else _scalar(annotation)

    def _union(self, members: tuple[Any, ...]) -> Decoder:
        """A union has scalars, at most one tuple and at most one dataclass, so that the data tells which it is."""
        scalars = frozenset(member for member in members if member in _SCALARS)
        composed = [member for member in members if member not in _SCALARS]
        by_shape = {list if get_origin(member) is tuple else dict: self._decoder(member) for member in composed}

        def decode(data: Any) -> Any:
            if type(data) in scalars:
                return data
            if type(data) in by_shape:
                return by_shape[type(data)](data)
            raise CodecError(f"found {type(data).__name__}, which is none of the types that may stand there")

        return decode

    def _dataclass(self, kind: Any) -> Decoder:
        hints = get_type_hints(kind, self._names | vars(sys.modules[kind.__module__]))
        decoders = {name: self._decoder(hints[name]) for name, _ in _defaults(kind)}
        needed = {name for name, default in _defaults(kind) if default is dataclasses.MISSING}

        def decode(data: Any) -> Any:
            if not isinstance(data, dict):
                raise CodecError(f"{kind.__name__}: expected a mapping, found {type(data).__name__}")
            if not needed <= data.keys() <= decoders.keys():
                odd = sorted((needed - data.keys()) | (data.keys() - decoders.keys()))
                raise CodecError(f"{kind.__name__}: {', '.join(odd)[:200]} missing or not known")
            try:
                return kind(**{name: decoders[name](value) for name, value in data.items()})
            except CodecError as error:
                raise CodecError(f"{kind.__name__}: {error}") from error

        return decode


OBSERVED: Final = Codec(model)
"""For `Observation` and `Coverage`."""


@cache
def _defaults(kind: Any) -> tuple[tuple[str, Any], ...]:
    """Fields and their defaults; a field without one has a default that equals nothing."""
    if not dataclasses.is_dataclass(kind):
        raise TypeError(f"{kind.__name__} is not a type that stages hand on")
    return tuple((field.name, _default(field)) for field in dataclasses.fields(kind))


def _default(field: dataclasses.Field[Any]) -> Any:
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory()
    return field.default


def _scalar(kind: type) -> Decoder:
    def decode(data: Any) -> Any:
        if type(data) is kind or (kind is float and type(data) is int):
            return data
        raise CodecError(f"expected {kind.__name__}, found {type(data).__name__}")

    return decode


def _enum(kind: type[Enum]) -> Decoder:
    members = {member.value: member for member in kind}

    def decode(data: Any) -> Enum:
        if isinstance(data, str) and data in members:
            return members[data]
        raise CodecError(f"{data!r:.80} is no {kind.__name__}")

    return decode


def _tuple(item: Decoder) -> Decoder:
    def decode(data: Any) -> tuple[Any, ...]:
        if not isinstance(data, list):
            raise CodecError(f"expected a list, found {type(data).__name__}")
        return tuple(map(item, data))

    return decode


def _mapping(item: Decoder) -> Decoder:
    def decode(data: Any) -> dict[str, Any]:
        if not isinstance(data, dict):
            raise CodecError(f"expected a mapping, found {type(data).__name__}")
        return {key: item(value) for key, value in data.items()}

    return decode
