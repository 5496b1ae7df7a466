"""What a row relies on of its vendor's API: the path, the parameters, and the names of fields in the answer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

from connectors.saas.expressions import compiled
from connectors.saas.rows import Row, Vendor

HERE = Path(__file__).parent
SPECIFICATION: Final = "specification"
TYPES: Final = "types of a library"
IN_PART: Final = "types, in part"
DOCUMENTATION: Final = "documentation"


def asks(row: Row) -> str:
    """The question, as rows write it."""
    return f"{row.method} {row.path.partition('?')[0]}"


def parameters(row: Row, vendor: Vendor) -> list[str]:
    """Names of parameters that it sends, those of paging too."""
    paging = row.paging or vendor.api.paging
    return sorted({*row.query, *(name for name in (paging.param, paging.size_param) if name)})


def fields(row: Row, vendor: Vendor) -> list[str]:
    """Names of fields that its expressions read of an answer."""
    paging = row.paging or vendor.api.paging
    single = (row.records, row.when, row.key, row.title, row.tags, paging.at, paging.more)
    several = (
        row.aliases,
        row.models,
        row.hosts,
        row.identities,
        row.people,
        tuple(named.at for named in row.names.values()),
    )
    mapped = (row.parent, row.refs, row.facts, row.texts, row.sums, row.earliest, row.latest)
    paths = [
        *single,
        *(path for group in several for path in group),
        *(path for group in mapped for path in group.values()),
    ]
    trees = [compiled(path).parsed for path in paths if path]
    made = {name for tree in trees for name in _made(tree)}
    return sorted({name for tree in trees for name in _read(tree)} - made)


def _read(tree: Any) -> Iterator[str]:
    """Names that an expression reads; what stands below the thing above was read by another row."""
    if tree["type"] == "field":
        if not tree["value"].startswith("_"):
            yield tree["value"]
        return
    children = tree["children"]
    above = tree["type"] in {"subexpression", "index_expression"} and children and _is_above(children[0])
    for child in children[:1] if above else children:
        yield from _read(child)


def _is_above(tree: Any) -> bool:
    return (
        tree["value"] == "_up" if tree["type"] == "field" else bool(tree["children"]) and _is_above(tree["children"][0])
    )


def _made(tree: Any) -> Iterator[str]:
    """Names that an expression gives to what it makes."""
    if tree["type"] == "key_val_pair":
        yield tree["value"]
    for child in tree["children"]:
        if isinstance(child, dict):
            yield from _made(child)


def grounds(row: Row, vendor: Vendor) -> str:
    """What a row is held against: the strongest there is."""
    told = contracts().get(vendor.name, {}).get(row.id)
    if row.id in _specified(vendor.name) or (told and told["by"] == "specification"):
        return SPECIFICATION
    if told is None:
        return DOCUMENTATION
    whole = told["path"] and not set(told["unknown"]) & set(fields(row, vendor))
    return TYPES if whole else IN_PART


@cache
def contracts() -> dict[str, Any]:
    """What `make_contracts` has found."""
    return dict(json.loads((HERE / "contracts.json").read_text()))


@cache
def _specified(vendor: str) -> frozenset[str]:
    """Rows whose answer in `answers/` is made of a specification; that of Databricks is made of a library."""
    file = HERE / "answers" / f"{vendor}.json"
    return (
        frozenset(json.loads(file.read_text()))
        if file.exists() and not vendor.startswith("databricks")
        else frozenset()
    )
