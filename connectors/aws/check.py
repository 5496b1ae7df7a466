"""Holds rows against the installed botocore: operations, parameters, and every path in the shape of the answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from string import Formatter
from typing import TYPE_CHECKING, Any, Final

from botocore.model import ListShape, MapShape, OperationNotFoundError, StructureShape

from connectors.aws.api import api, known_services
from connectors.aws.rows import compiled

if TYPE_CHECKING:
    from collections.abc import Iterable

    from connectors.aws.rows import Row, Service

_ANY: Final = object()
"""A value of which nothing is known, as that of a function."""

_PLACE: Final = frozenset({"partition", "region", "account", "value"})


def gone(services: Iterable[Service]) -> tuple[str, ...]:
    """The services that the installed botocore does not have; their rows are skipped."""
    named = {row.client or service.name for service in services for row in service.rows}
    return tuple(sorted(named - known_services()))


def faults(services: Iterable[Service]) -> tuple[str, ...]:
    """What is wrong with the rows, one sentence each; services that botocore does not have are left out."""
    return tuple(fault for service in services for fault in _service_faults(service))


def _service_faults(service: Service) -> Iterator[str]:
    things: dict[str, _Thing] = {}
    for row in service.rows:
        if (row.client or service.name) not in known_services():
            continue
        checked = _Checked(f"{service.id}/{row.id}")
        try:
            things[row.id] = checked.row(row, service.name, things)
        except OperationNotFoundError as error:
            yield f"{checked.name}: {error}"
        yield from checked.found


class _UnknownError(Exception):
    """A path leads to nothing."""


_Thing = dict[str, Any]
"""What a row's paths are read on: shapes by the name of the field, the first that has it."""


class _Checked:
    def __init__(self, name: str) -> None:
        self.name = name
        self.found: list[str] = []

    def row(self, row: Row, service: str, things: Mapping[str, _Thing]) -> _Thing:
        client = row.client or service
        model = api(client).operation(row.operation)
        given = dict(model.input_shape.members) if model.input_shape else {}
        asked = {*row.params, *row.values, *(row.for_each.params if row.for_each else ())}
        window = row.window.split(".") if row.window else []
        self.names("parameter", asked | set(window[:1]), given)
        if len(window) > 1:
            self.names("parameter", {window[1]}, _fields(given[window[0]]))
        self.required(model.input_shape, asked)
        for name, values in row.values.items():
            self.values(given.get(name), values)
        for name, value in row.params.items():
            self.values(given.get(name), (value,))
        item = _element(self.path(row.items, self.path(row.leave or "@", model.output_shape)))
        thing = {**{name: given[name] for name in asked if name in given}, **_fields(item)}
        if row.for_each is not None:
            self.each(row, service, things)
        if row.detail is not None:
            thing = self.detail(row, client, thing)
        for path in _paths(row):
            self.path(path, thing)
        for form in (row.arn_format, *(ref.arn for ref in row.refs), row.parent.arn if row.parent else None):
            for field in _form_fields(form):
                self.path(field, thing)
        return thing

    def each(self, row: Row, service: str, things: Mapping[str, _Thing]) -> None:
        each = row.for_each
        assert each is not None  # noqa: S101 - asked by the caller
        if each.row is not None:
            thing = things.get(each.row)
            if thing is None:
                return
        else:
            model = api(each.client or service).operation(each.operation or "")
            self.required(model.input_shape, set())
            thing = _fields(_element(self.path(each.items or "@", model.output_shape)))
        for path in (*each.params.values(), *((each.when,) if each.when else ())):
            self.path(path, thing)

    def detail(self, row: Row, client: str, thing: _Thing) -> _Thing:
        detail = row.detail
        assert detail is not None  # noqa: S101 - asked by the caller
        model = api(client).operation(detail.operation)
        self.names("parameter", set(detail.params), model.input_shape.members if model.input_shape else {})
        self.required(model.input_shape, set(detail.params))
        for path in (*detail.params.values(), *((detail.when,) if detail.when else ())):
            self.path(path, thing)
        left = self.path(detail.leave or "@", model.output_shape)
        both = {**_fields(self.path(detail.root, left)), **thing}
        if detail.search is not None:
            searched = api("sagemaker").operation("Search")
            found = _fields(_element(self.path(detail.search.item, searched.output_shape)))
            self.path(row.arn or "", found)
            both = {**found, **both}
        return both

    def path(self, path: str, value: Any) -> Any:
        try:
            return _walk(compiled(path).parsed, value)
        except _UnknownError as error:
            self.found.append(f"{self.name}: {path!r}: {error}")
            return _ANY

    def names(self, what: str, used: set[str], known: Mapping[str, Any]) -> None:
        self.found += [f"{self.name}: there is no {what} {name}" for name in sorted(used - set(known))]

    def required(self, shape: Any, asked: set[str]) -> None:
        needed = set(shape.required_members) if shape is not None else set()
        self.found += [f"{self.name}: the parameter {name} is needed" for name in sorted(needed - asked)]

    def values(self, shape: Any, values: Iterable[Any]) -> None:
        enum = getattr(shape, "enum", None)
        self.found += [f"{self.name}: {value!r} is none of {enum}" for value in values if enum and value not in enum]


def _paths(row: Row) -> Iterator[str]:
    optional = (row.keep, row.arn, row.name, row.created, row.updated, row.status, row.tags)
    yield from (path for path in optional if path)
    yield from row.models
    yield from row.hosts
    yield from row.facts.values()
    yield from (ref.path for ref in row.refs)
    yield from (drop.when for drop in row.drop)
    if row.parent is not None:
        yield row.parent.path
    if row.signs is not None:
        signs = row.signs
        yield from (*signs.images, *signs.variables, *signs.names, *signs.models, *signs.hosts)
        yield from (signs.always,) if signs.always else ()


def _form_fields(form: str | None) -> Iterator[str]:
    for _, field, _, _ in Formatter().parse(form or ""):
        if field and field not in _PLACE:
            yield field


def _fields(value: Any) -> _Thing:
    if isinstance(value, StructureShape):
        return dict(value.members)
    return value if isinstance(value, dict) else {"value": value}


def _element(value: Any) -> Any:
    if isinstance(value, list):
        return value[0] if value else _ANY
    return value.member if isinstance(value, ListShape) else _ANY


def _walk(node: Mapping[str, Any], value: Any) -> Any:
    """The shape to which a JMESPath leads.

    Raises:
        _UnknownError: A field on the way is not in the shape.
    """
    step = _STEPS.get(node["type"])
    if step is not None:
        return step(node, node["children"], value)
    told = [_walk(child, value) for child in node["children"]]
    return told[0] if node["type"] in {"or_expression", "and_expression"} else _ANY


def _one_after_another(_node: _Node, children: Sequence[_Node], value: Any) -> Any:
    for child in children:
        value = _walk(child, value)
    return value


def _flattened(_node: _Node, children: Sequence[_Node], value: Any) -> Any:
    inner = _element(_walk(children[0], value))
    return [_element(inner)] if isinstance(inner, list | ListShape) else [inner]


def _filtered(_node: _Node, children: Sequence[_Node], value: Any) -> Any:
    one = _element(_walk(children[0], value))
    _walk(children[2], one)
    return [_walk(children[1], one)]


_Node = Mapping[str, Any]
_STEPS: Final[dict[str, Callable[[_Node, Sequence[_Node], Any], Any]]] = {
    "field": lambda node, _children, value: _field(node["value"], value),
    "subexpression": _one_after_another,
    "index_expression": _one_after_another,
    "pipe": _one_after_another,
    "identity": lambda _node, _children, value: value,
    "current": lambda _node, _children, value: value,
    "index": lambda _node, _children, value: _element(value),
    "flatten": _flattened,
    "projection": lambda _node, children, value: [_walk(children[1], _element(_walk(children[0], value)))],
    "filter_projection": _filtered,
    "value_projection": lambda _node, children, value: [_any_value(children[1], _walk(children[0], value))],
    "multi_select_dict": lambda _node, children, value: {
        child["value"]: _walk(child["children"][0], value) for child in children
    },
    "literal": lambda _node, _children, _value: _ANY,
    "multi_select_list": lambda _node, children, value: [_walk(child, value) for child in children][:1],
}
"""What a part of a JMESPath does with a shape; parts that are not here tell nothing of what they give."""


def _field(name: str, value: Any) -> Any:
    if value is _ANY:
        return _ANY
    if isinstance(value, MapShape):
        return value.value
    members = value.members if isinstance(value, StructureShape) else value
    if not isinstance(members, Mapping) or name not in members:
        raise _UnknownError(f"there is no field {name}")
    return members[name]


def _any_value(node: Mapping[str, Any], value: Any) -> Any:
    """Where a path leads from the values of a map, or from the first member of a structure from which it leads on."""
    if value is _ANY or isinstance(value, MapShape):
        return _walk(node, value.value if isinstance(value, MapShape) else _ANY)
    for member in _fields(value).values():
        try:
            return _walk(node, member)
        except _UnknownError:
            continue
    raise _UnknownError("no member leads on")
