"""Whichever parser reads a text, it means the same: libyaml is quicker, and ruamel.yaml says what is wrong."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from connectors import yaml_nodes
from connectors.yaml_nodes import compose

ROOT = Path(__file__).parents[2]
PIECES = (
    "a", "b: ", "- ", "? ", "[", "]", "{", "}", ", ", "\n", "\n  ", "\n    ", "\n- ", "\n  - ", '"x"', "'y'", "#c", " # c\n", "|\n   t\n",
    ">-\n    w\n", "1", "0x1f", "1_000", "true", "yes", "2026-01-01", "arn:aws:x", "a:1", ":", "-", "!t ", "&a ", "*a", "%", "é", "😀",
    "|+\n", "~", "null", '"a\\n"', '"a\n b"', "'it''s'", "x y", "https://x/y?z=1", " ", "\t", "key: value\n", "k:\n", "...", "---\n", "\u2028",
)  # fmt: skip
LONG = sorted((ROOT / "classifiers" / "catalog").glob("a*.yaml"))[:4]


def shape(node):
    """What a text says, and where every value that is written stands."""
    if isinstance(node.value, str):
        if not node.value and not node.style:
            return node.tag
        return node.tag, node.value, node.style or None, _place(node.start_mark), _place(node.end_mark)
    members = [member for child in node.value for member in (child if isinstance(child, tuple) else (child,))]
    return (
        node.tag,
        bool(node.flow_style),
        node.start_mark.line,
        node.start_mark.column,
        [shape(one) for one in members],
    )


def _place(mark):
    return mark.line, mark.column


def read(reader, text):
    try:
        root = reader(text)
    except YAMLError:
        return "refused"
    return root and shape(root)


def slowly(text):
    return YAML(typ="safe", pure=True).compose(StringIO(text))


@pytest.mark.filterwarnings("ignore::ruamel.yaml.error.ReusedAnchorWarning")
@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
@example("a: |+\n\n#c\n")
@example("a:\nb: [x:y, {c:1}]\n")
@example("&a x: *a\n")
def test_a_text_means_the_same_to_both(text):
    assert read(compose, text) == read(slowly, text)


@pytest.mark.parametrize("file", LONG, ids=lambda file: file.name)
def test_so_do_long_files(file):
    text = file.read_text("utf-8")
    assert read(compose, text) == read(slowly, text)


def test_without_libyaml_all_is_read_by_ruamel(monkeypatch):
    text = (ROOT / "examples" / "acme" / "aims-scope.yaml").read_text("utf-8")
    quickly = read(compose, text)
    monkeypatch.setattr(yaml_nodes, "CParser", None)
    assert read(compose, text) == quickly
