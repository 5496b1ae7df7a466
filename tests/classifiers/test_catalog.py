"""The knowledge base: the bundled rows are in order, wrong rows are named, and the cache tells the same as the files."""

from __future__ import annotations

from pathlib import Path

import pytest

from classifiers import catalog, compiled
from classifiers.catalog import bundled_files, load, read_rows
from classifiers.check import check
from classifiers.errors import CatalogError
from classifiers.model import Strength

ROW = """
  - id: acme
    name: Acme
    provider: acme
    role: provider
    packages: {pypi: {acme-llm: ~}}
    hosts: ["*.acme.example"]
    models: [{pattern: "acme-[0-9]", contains: [acme-], match: [acme-1], never: [acme-x]}]
    examples: {match: ["host:a.acme.example"], never: ["host:acme.example.org"]}
    source: https://acme.example/docs
    checked: 2026-11-23
"""


def theme(folder: Path, rows: str) -> Path:
    file = folder / "own.yaml"
    file.write_text(f"theme: Own\nrows:{rows}")
    return file


@pytest.fixture
def nothing_bundled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only own rows, so that a test need not read 1,800 others."""
    monkeypatch.setattr(catalog, "BUNDLED", tmp_path / "none")


def test_every_bundled_row_is_in_order_and_every_example_holds() -> None:
    assert check(bundled_files()) == []


def test_a_permission_alone_proves_no_use() -> None:
    grants = [
        value
        for row in read_rows(bundled_files())
        for value in row.values
        if value.value.startswith("roles/") or value.value.endswith((".amazonaws.com", "FullAccess"))
    ]
    assert grants
    assert {value.strength for value in grants} == {Strength.HINT}


def test_own_rows_stand_beside_the_bundled_ones_and_the_cache_tells_the_same(tmp_path: Path) -> None:
    own = theme(tmp_path, ROW)
    fresh = load([own], cache=tmp_path / "cache")
    cached = load([own], cache=tmp_path / "cache")
    assert cached.matchers == fresh.matchers
    assert dict(cached.meanings) == dict(fresh.meanings)
    assert cached.meanings["acme/package/acme-llm"].provider == "acme"
    assert "acme-llm" in cached.matchers.packages["pypi"]
    assert "openai" in cached.matchers.packages["pypi"]


@pytest.mark.usefixtures("nothing_bundled")
def test_a_changed_file_is_read_anew(tmp_path: Path) -> None:
    before = load([theme(tmp_path, ROW)], cache=tmp_path / "cache")
    after = load([theme(tmp_path, ROW.replace("acme-llm", "acme-ai"))], cache=tmp_path / "cache")
    assert before.digest != after.digest
    assert "acme-ai" in after.matchers.packages["pypi"]


@pytest.mark.usefixtures("nothing_bundled")
@pytest.mark.usefixtures("nothing_bundled")
def test_what_a_wheel_brings_along_needs_no_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = theme(tmp_path, ROW)
    fresh = load([own], cache=tmp_path / "brought along")
    monkeypatch.setattr(compiled, "BROUGHT_ALONG", tmp_path / "brought along")
    assert load([own], cache=tmp_path / "cache").matchers == fresh.matchers
    assert not (tmp_path / "cache").exists()


@pytest.mark.usefixtures("nothing_bundled")
def test_a_damaged_or_foreign_cache_is_not_believed(tmp_path: Path) -> None:
    own = theme(tmp_path, ROW)
    fresh = load([own], cache=tmp_path / "cache")
    (cached,) = (tmp_path / "cache").iterdir()
    cached.write_text('{"digest": "x", "literals": 3}')
    assert load([own], cache=tmp_path / "cache").matchers == fresh.matchers


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (ROW.replace("role: provider", "role: wizard"), "row acme: rows.0.role"),
        (ROW.replace("    source:", "    sauce: x\n    source:"), "sauce"),
        (ROW.replace("acme-[0-9]", "acme-[0-9"), "row acme"),
        (
            ROW.replace('    examples: {match: ["host:a.acme.example"], never: ["host:acme.example.org"]}\n', ""),
            "needs `examples`",
        ),
        (ROW.replace("    source:", "    weak: [other]\n    source:"), "does not match: other"),
        ("\n  - [", "not valid YAML"),
    ],
)
@pytest.mark.usefixtures("nothing_bundled")
def test_a_wrong_row_is_named_with_its_file(tmp_path: Path, rows: str, message: str) -> None:
    file = theme(tmp_path, rows)
    with pytest.raises(CatalogError) as error:
        load([file], cache=tmp_path / "cache")
    assert str(file) in str(error.value)
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (ROW.replace("match: [acme-1]", "match: [acme-y]"), "does not match its example 'acme-y'"),
        (ROW.replace("never: [acme-x]", "never: [acme-7]"), "matches 'acme-7', which it must not"),
        (ROW.replace("contains: [acme-]", "contains: [zzz]"), "no literal of `contains`"),
        (ROW.replace("provider: acme", "provider: nobody"), "provider nobody is no row"),
        (ROW + ROW, "stands in own.yaml too"),
        (ROW + ROW.replace("id: acme", "id: other"), "pypi package acme-llm stands in the rows acme, other"),
        (ROW.replace("host:a.acme.example", "host:b.example"), "does not match its example 'host:b.example'"),
    ],
)
def test_rows_that_contradict_themselves_or_others_are_found(tmp_path: Path, rows: str, message: str) -> None:
    assert any(message in problem for problem in check([theme(tmp_path, rows)]))
