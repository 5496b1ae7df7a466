"""How packages are named: as their manifests write them, found as their ecosystems compare them."""

from __future__ import annotations

from pathlib import Path

import pytest

from classifiers.catalog import Catalog, compile_catalog, read_rows
from classifiers.classify import classify
from connectors.code.batch import Batch, BatchScanner
from connectors.code.local import mark_local

ROWS = """theme: Test
rows:
  - {id: kernel, name: Kernel, role: framework, source: "https://x.example", checked: 2026-01-01,
     packages: {nuget: {Acme.Kernel: ~, "Acme.Kernel.*": ~}, npm: {"@acme/*": ~}, pypi: {"acme-*": ~}},
     examples: {match: ["nuget:Acme.Kernel.Core"], never: ["nuget:Acme"]}}
  - {id: openai, name: OpenAI, provider: openai, role: provider, source: "https://x.example", checked: 2026-01-01,
     packages: {golang: {github.com/openai/openai-go: ~}}}
  - {id: azure, name: Azure, provider: azure, role: provider, source: "https://x.example", checked: 2026-01-01,
     packages: {golang: {github.com/Azure/azopenai: ~}}, imports: {go: [github.com/openai/openai-go/azure]}}
  - {id: oracle, name: Oracle, role: provider, source: "https://x.example", checked: 2026-01-01,
     imports: {go: [github.com/oracle/oci-go-sdk/v65/generativeai], python: [google.cloud.acme], java: [com.acme.ml]}}
"""
PROJECT = '<Project Sdk="Microsoft.NET.Sdk"><ItemGroup><PackageReference Include="{}" /></ItemGroup></Project>'


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    file = tmp_path_factory.mktemp("catalog") / "own.yaml"
    file.write_text(ROWS)
    return compile_catalog(read_rows([file]), "test")


def names(catalog: Catalog, root: Path, files: dict[str, str]) -> set[tuple[str, str]]:
    """Rule and name of every finding in these files."""
    for path, content in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(content)
    observed = BatchScanner(catalog.matchers).scan(Batch("repo:x", root, tuple(files))).observations
    return {(finding.rule, finding.name) for finding in classify(mark_local(observed, files), catalog)}


@pytest.mark.parametrize(
    ("path", "content", "expected"),
    [
        ("a.csproj", PROJECT.format("Acme.Kernel"), ("kernel/package", "Acme.Kernel")),
        ("a.csproj", PROJECT.format("acme.kernel"), ("kernel/package", "acme.kernel")),
        ("a.csproj", PROJECT.format("Acme.Kernel.Core"), ("kernel/package", "Acme.Kernel.Core")),
        (
            "go.mod",
            "module x\nrequire github.com/openai/openai-go/v2 v2.1.0\n",
            ("openai/package", "github.com/openai/openai-go/v2"),
        ),
    ],
)
def test_a_dependency_is_found_as_its_ecosystem_compares_names_and_named_as_written(
    catalog: Catalog, tmp_path: Path, path: str, content: str, expected: tuple[str, str]
) -> None:
    assert names(catalog, tmp_path, {path: content}) == {expected}


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (
            {"go.mod": "module x\nrequire github.com/openai/openai-go/v2 v2.1.0\n",
             "a.go": 'package a\nimport "github.com/openai/openai-go/v2/option"\n'},
            ("openai/import", "github.com/openai/openai-go/v2"),
        ),
        ({"a.go": 'package a\nimport "github.com/openai/openai-go"\n'}, ("openai/import", "github.com/openai/openai-go")),
        (
            {"a.go": 'package a\nimport "github.com/openai/openai-go/azure"\n'},
            ("azure/import", "github.com/openai/openai-go"),
        ),
        (
            {"a.csproj": PROJECT.format("Acme.Kernel.Core"), "a.cs": "using Acme.Kernel.Chat;\n"},
            ("kernel/import", "Acme.Kernel.Core"),
        ),
        (
            {"a.csproj": PROJECT.format("Acme.Kernel"), "a.cs": "using Acme.Kernel.Chat;\n"},
            ("kernel/import", "Acme.Kernel"),
        ),
        ({"a.cs": "using Acme.Kernel.Chat;\n"}, ("kernel/import", "Acme.Kernel.Chat")),
        ({"a.js": "import x from '@acme/core/deep';\n"}, ("kernel/import", "@acme/core")),
        ({"a.py": "from acme_core.deep import x\n"}, ("kernel/import", "acme-core")),
    ],
)  # fmt: skip
def test_an_import_is_named_by_the_package_that_brings_it(
    catalog: Catalog, tmp_path: Path, files: dict[str, str], expected: tuple[str, str]
) -> None:
    assert expected in names(catalog, tmp_path, files)


@pytest.mark.parametrize(
    ("path", "content", "expected"),
    [
        (
            "a.go",
            'package a\nimport "github.com/oracle/oci-go-sdk/v65/generativeai"\n',
            "github.com/oracle/oci-go-sdk/v65/generativeai",
        ),
        ("a.py", "from google.cloud.acme import x\n", "google.cloud.acme"),
        ("A.java", "import com.acme.ml.Model;\n", "com.acme.ml"),
    ],
)
def test_an_import_that_no_known_package_brings_is_named_by_its_root(
    catalog: Catalog, tmp_path: Path, path: str, content: str, expected: str
) -> None:
    assert names(catalog, tmp_path, {path: content}) == {("oracle/import", expected)}
