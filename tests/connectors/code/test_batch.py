"""A batch of files: hostile, broken, binary and huge ones become counts or coverage, and the others go on."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.code.batch import Batch, BatchScanner
from connectors.code.files import Limits
from connectors.code.matchers import ContentMatcher, LiteralMatcher, Matchers, Region
from connectors.model import ObservationKind, Outcome, Result

MATCHERS = Matchers(
    literals=(
        LiteralMatcher("acme", Region.IMPORT, "acme", frozenset({"python"})),
        LiteralMatcher("model", Region.MODEL, "acme-", expression=r"acme-\d"),
    ),
    packages={"npm": {"acme": ("pkg",)}, "pypi": {"acme": ("pkg",)}},
    files=(("CLAUDE.md", "assistant"), (".tool/**", "tool")),
    contents=(ContentMatcher("gguf", (".gguf",), 0, b"GGUF"), ContentMatcher("tensors", (".safetensors",), 8, b'{"')),
)
SCANNER = BatchScanner(MATCHERS)


def scan(root: Path, *paths: str, limits: Limits | None = None) -> Result:
    return SCANNER.scan(Batch("repo:x", root, paths, limits or Limits()))


def keys(result: Result) -> set[str]:
    return {key for observation in result.observations for key in observation.matchers}


def write(root: Path, path: str, content: bytes | str) -> str:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_binary_and_huge_files_are_counted_and_not_read_as_text(tmp_path: Path) -> None:
    binary = write(tmp_path, "a.py", b"import acme\n\0\0")
    huge = write(tmp_path, "b.py", "import acme\n" * 1000)
    result = scan(tmp_path, binary, huge, limits=Limits(max_text_bytes=1024))
    assert (result.counts["binary"], result.counts["huge"], result.observations) == (1, 1, [])
    assert result.coverage == []


def test_a_bundle_may_be_larger_than_other_files(tmp_path: Path) -> None:
    limits = Limits(max_text_bytes=16, max_bundle_bytes=4096)
    table = write(tmp_path, "table.py", "x = 1\n" * 20)
    bundle = write(tmp_path, "cli.cjs", "let x = 1;\n" * 20)
    counts = scan(tmp_path, table, bundle, limits=limits).counts
    assert (counts["huge"], counts["text"]) == (1, 1)


def test_a_file_that_went_away_is_coverage_and_the_others_go_on(tmp_path: Path) -> None:
    good = write(tmp_path, "a.py", "import acme\n")
    result = scan(tmp_path, "gone.py", good)
    assert keys(result) == {"acme"}
    assert [(part.scope, part.outcome) for part in result.coverage] == [("gone.py", Outcome.PARTIAL)]


def test_a_link_or_pipe_put_in_place_after_the_walk_is_not_followed(tmp_path: Path) -> None:
    write(tmp_path, "real.py", "import acme\n")
    (tmp_path / "link.py").symlink_to(tmp_path / "real.py")
    os.mkfifo(tmp_path / "pipe.py")
    result = scan(tmp_path, "link.py", "pipe.py")
    assert result.observations == []
    assert [part.scope for part in result.coverage] == ["link.py"]


def test_a_file_that_changes_while_it_is_read_gives_what_was_there(tmp_path: Path) -> None:
    path = write(tmp_path, "a.py", "import acme\n" + "x = 1\n" * 1000)
    with (tmp_path / path).open("r+b") as file:
        file.truncate(12)
        assert keys(scan(tmp_path, path)) == {"acme"}


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "latin-1"])
def test_text_in_other_encodings_is_read(tmp_path: Path, encoding: str) -> None:
    path = write(tmp_path, "a.py", "name = 'ä'\nimport acme\n".encode(encoding))
    (observation,) = scan(tmp_path, path).observations
    assert observation.location.line == 2


def test_names_that_are_not_utf8_survive(tmp_path: Path) -> None:
    raw = os.fsencode(tmp_path) + b"/\xff.py"
    with open(raw, "wb") as file:  # noqa: PTH123 - a Path cannot name it
        file.write(b"import acme\n")
    assert keys(scan(tmp_path, os.fsdecode(b"\xff.py"))) == {"acme"}


def test_model_files_are_known_by_content_and_lfs_pointers_by_extension(tmp_path: Path) -> None:
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n"
    paths = [
        write(tmp_path, "m.gguf", b"GGUF\x03\0\0\0"),
        write(tmp_path, "m.safetensors", b'\x10\0\0\0\0\0\0\0{"a"'),
        write(tmp_path, "p.gguf", pointer),
        write(tmp_path, "text.gguf", b"just a name"),
    ]
    result = scan(tmp_path, *paths)
    assert sorted((o.location.path, *o.matchers) for o in result.observations) == [
        ("m.gguf", "gguf"),
        ("m.safetensors", "tensors"),
        ("p.gguf", "gguf"),
    ]
    assert [o.attributes for o in result.observations if o.location.path == "p.gguf"] == [{"lfs": True}]


def test_files_are_known_by_path(tmp_path: Path) -> None:
    paths = [
        write(tmp_path, "docs/CLAUDE.md", "x"),
        write(tmp_path, ".tool/rules/a.md", "x"),
        write(tmp_path, "b.md", "x"),
    ]
    assert keys(scan(tmp_path, *paths)) == {"assistant", "tool"}


def test_manifests_give_units_and_packages_with_lines(tmp_path: Path) -> None:
    path = write(tmp_path, "web/package.json", '{\n "name": "shop",\n "devDependencies": {\n  "acme": "^1"\n }\n}')
    result = scan(tmp_path, path)
    unit, package = sorted(result.observations, key=lambda o: o.kind, reverse=True)
    assert (unit.kind, unit.attributes["project"], unit.attributes["folder"]) == (ObservationKind.UNIT, "shop", "web")
    assert (package.name, package.location.line, package.attributes["scope"]) == ("acme", 4, "development")


def test_a_broken_manifest_is_coverage_and_what_can_be_read_stays(tmp_path: Path) -> None:
    path = write(tmp_path, "package.json", '{"name": "x", "dependencies": {"acme": "1", ')
    result = scan(tmp_path, path)
    assert [part.scope for part in result.coverage] == ["package.json"]


@pytest.mark.parametrize(
    ("path", "content"),
    [
        (
            "bomb.yaml",
            "a: &a [x,x]\n"
            + "".join(f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)},*{chr(97 + n)}]\n" for n in range(20)),
        ),
        ("deep.json", "[" * 100_000 + "]" * 100_000 + ' "acme-4"'),
        ("deep.yaml", "".join(" " * n + f"k{n}:\n" for n in range(2000)) + " " * 2000 + "acme-4"),
        (
            "pom.xml",
            '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><project><artifactId>&b;</artifactId></project>',
        ),
        ("deep.py", "x = " + "(" * 20_000 + "'acme-4'" + ")" * 20_000),
        ("a.ipynb", '{"cells": [{"cell_type": "code", "source": ' + "[" * 10_000),
    ],
)
def test_hostile_files_end_and_hide_nothing_else(tmp_path: Path, path: str, content: str) -> None:
    write(tmp_path, path, content)
    write(tmp_path, "z.py", "import acme\n")
    assert "acme" in keys(scan(tmp_path, path, "z.py"))


NAMES = (
    "a.py",
    "a.ts",
    "a.vue",
    "a.yaml",
    "a.json",
    "a.toml",
    "a.tf",
    "Dockerfile",
    ".env",
    "a.ipynb",
    "a.go",
    "a.rs",
    "README.md",
    "x",
)


@settings(max_examples=150, deadline=None)
@given(name=st.sampled_from(NAMES), content=st.binary(max_size=400), at=st.integers(0, 400))
def test_no_bytes_make_a_scan_fail(
    tmp_path_factory: pytest.TempPathFactory, name: str, content: bytes, at: int
) -> None:
    root = tmp_path_factory.mktemp("fuzz")
    write(root, name, content[:at] + b'import acme\nmodel: "acme-4"\n' + content[at:])
    scan(root, name)


def test_a_file_made_to_keep_the_parser_busy_is_given_up_and_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connectors.code.syntax.PARSE_SECONDS", 0.2)
    slow = write(tmp_path, "slow.rb", 'x = "acme-4"\n' + "%{" * 20_000)
    good = write(tmp_path, "z.py", "import acme\n")
    result = scan(tmp_path, slow, good)
    assert keys(result) == {"acme"}
    assert [(part.scope, part.outcome) for part in result.coverage] == [("slow.rb", Outcome.PARTIAL)]
