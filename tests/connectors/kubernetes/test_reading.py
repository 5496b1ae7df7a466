"""What is read of objects is bounded and safe, whatever they hold."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.kubernetes import paths, programs
from connectors.kubernetes.discovery import read_groups
from connectors.kubernetes.reading import Reader
from connectors.kubernetes.rows import Row, Rows

SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=12)
KEYS = st.sampled_from([
    "metadata", "spec", "status", "items", "name", "env", "args", "command", "image", "repository", "resources", "limits",
    "labels", "ownerReferences", "controller", "conditions", "type", "containers", "groups", "versions", "version", "continue",
    "preferredVersion", "verbs", "responseKind",
]) | st.text(max_size=4)  # fmt: skip
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=20
)
ROW = Row(
    id="any", kinds=("apps/Deployment",), pods=True, models=("spec.*.name",), hosts=("status.*",), facts={"one": "spec.name"},
    only={"spec.type": ("*",)}, refs={"apps/Deployment": ("spec.name",)}, arguments=("--model",), accelerators=("*gpu*",),
)  # fmt: skip
FREE = ROW.model_copy(update={"only": {}})
ROWS = Rows({"a/any": ROW, "a/free": FREE}, frozenset({"--model"}), ("vllm serve",), ("*gpu*",))
READ = Reader(ROWS.by_id, ROWS, {"vllm serve"})


@given(st.lists(JSON, max_size=4))
def test_any_list_is_read_into_plain_json(items: list[Any]) -> None:
    page = READ({"items": items, "metadata": {}})
    assert page is not None
    assert json.loads(json.dumps(page)) == page


@given(JSON)
def test_any_answer_is_a_list_or_none(body: Any) -> None:
    page = READ(body)
    assert page is None or page.keys() == {"continue", "items"}


@given(JSON)
def test_any_answer_to_discovery_is_read_or_none(body: Any) -> None:
    told = read_groups(body, {"apps"})
    assert told is None or told.keys() == {"groups", "resources", "stale"}


@given(st.text(max_size=60))
def test_value_of_a_variable_is_never_read(value: str) -> None:
    secret = f"secret-{value}"
    item = {
        "spec": {"containers": [{"image": "a/b", "env": [{"name": "KEY", "value": secret}]}], "env": {"OTHER": secret}}
    }
    page = READ({"items": [item]})
    assert page is not None
    assert page["items"][0]["variables_named"] == ["KEY", "OTHER"]
    assert secret not in json.dumps(page, ensure_ascii=False)


def test_image_of_a_disk_is_no_container_image() -> None:
    volumes = [{"name": "disk", "rbd": {"image": "vllm/vllm-openai"}}]
    page = READ(
        {"items": [{"spec": {"volumes": volumes, "containers": [{"image": {"repository": "a/b", "tag": "1"}}]}}]}
    )
    assert page is not None
    assert page["items"][0]["images"] == ["a/b:1"]


@given(st.lists(st.text(max_size=40), max_size=6))
def test_any_command_is_cut_into_statements(words: list[str]) -> None:
    for statement in programs.statements(words):
        assert statement


@pytest.mark.parametrize(
    ("words", "statements"),
    [
        (["/opt/bin/vllm", "serve", "a/b"], [["vllm", "serve", "a/b"]]),
        (["bash", "-c", "cd /m && HF_TOKEN=x exec vllm serve a/b"], [["bash", "-c"], ["cd", "/m"], ["vllm", "serve", "a/b"]]),
        (["sh", "-c", "set -e\nollama serve &\nollama run llama3.2"], [["sh", "-c"], ["set", "-e"], ["ollama", "serve"], ["ollama", "run", "llama3.2"]]),
        (["sh", "-c", "echo 'unclosed; vllm serve a/b"], [["sh", "-c"], ["echo", "'unclosed;", "vllm", "serve", "a/b"]]),
        (["uv", "run", "vllm", "serve", "a/b"], [["vllm", "serve", "a/b"]]),
        ([], []),
    ],
)  # fmt: skip
def test_statements_begin_with_the_program(words: list[str], statements: list[list[str]]) -> None:
    assert programs.statements(words) == statements


@pytest.mark.parametrize(
    ("words", "models"),
    [
        (["serve", "--model", "a/b"], {"a/b"}),
        (["serve", "--model=a/b", "--model"], {"a/b"}),
        (["serve", "--model", "--port"], set()),
        (["serve", "--model", "a b"], set()),
        (["serve", "--model", "$MODEL"], set()),
        (["vllm", "serve", "a/b", "--x"], {"a/b"}),
        (["vllm", "serve", "--x"], set()),
        (["vllm", "serve"], set()),
    ],
)
def test_models_are_what_arguments_name(words: list[str], models: set[str]) -> None:
    assert programs.models([words], {"--model"}, ["vllm serve"]) == models


@pytest.mark.parametrize(
    ("written", "host"),
    [
        ("https://User:pw@API.example.com:8443/v1?key=x", "api.example.com"),
        ("model.ml.svc.cluster.local:8080", "model.ml.svc.cluster.local"),
        ("*.openai.azure.com", "*.openai.azure.com"),
        ("not a host", ""),
        ("", ""),
        ("http://[::1]/", ""),
    ],
)
def test_host_of_what_is_written(written: str, host: str) -> None:
    assert paths.host(written) == host


@given(st.text(max_size=80))
def test_model_has_no_blank_and_no_query(written: str) -> None:
    kept = paths.model(written)
    assert not set(kept) & set(" \t\n?#&$'\"")


def test_path_goes_through_lists_stars_and_quoted_keys() -> None:
    item = {"spec": {"a": {"m": "1"}, "b": [{"m": "2"}, {"m": {"n": "x"}}], "labels": {"k8s.io/m": "3"}}}
    assert list(paths.values(item, "spec.*.m")) == ["1", "2"]
    assert list(paths.values(item, "spec.labels['k8s.io/m']")) == ["3"]
    assert list(paths.values(item, "spec.none.m")) == []
