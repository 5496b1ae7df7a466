"""Paths read what they name, and nothing else is kept."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.gcp.paths import Shape, read

_BODY = {
    "name": "a",
    "containers": [{"image": "x", "env": [{"name": "A", "value": "1"}, {"name": "B"}]}, {"image": "y"}],
    "labels": {"env": "prod", "team": "data"},
}


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("name", ["a"]),
        ("containers[].image", ["x", "y"]),
        ("containers[].env[].name", ["A", "B"]),
        ("labels.*", ["prod", "data"]),
        ("labels.~", ["env", "team"]),
        ("absent|name", ["a"]),
        ("name|containers[].image", ["a"]),
        ("name.deeper", []),
        ("containers.image", []),
    ],
)
def test_a_path_reads_what_it_names(path: str, values: list[str]) -> None:
    assert read(_BODY, path) == values


def test_what_no_path_names_is_gone() -> None:
    assert Shape(["containers[].env[].name", "labels.~"])(_BODY) == {
        "containers": [{"env": [{"name": "A"}, {"name": "B"}]}, {}],
        "labels": {"env": None, "team": None},
    }


_KEYS = st.sampled_from(["a", "b", "c"])
_JSON = st.recursive(
    st.none() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=3),
    max_leaves=12,
)
_PATHS = st.lists(st.builds(lambda key, many: key + "[]" * many, _KEYS, st.booleans()), min_size=1, max_size=3).map(
    ".".join
)


@given(_JSON, _PATHS)
def test_keeping_a_path_leaves_its_scalars_readable(body: Any, path: str) -> None:
    def scalars(value: Any) -> list[Any]:
        return [item for item in read(value, path) if not isinstance(item, dict | list)]

    assert scalars(Shape([path])(body)) == scalars(body)
