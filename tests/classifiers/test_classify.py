"""What is held back because it proves nothing, and what a finding says."""

from __future__ import annotations

from pathlib import Path

import pytest

from classifiers import context
from classifiers.catalog import Catalog, compile_catalog, read_rows
from classifiers.classify import classify
from classifiers.model import Context, Finding, Role, Strength
from connectors.code.batch import Batch, BatchScanner
from connectors.code.local import mark_local

ROWS = """theme: Test
rows:
  - {id: acme, name: Acme, provider: acme, role: provider, technique: [generative, speech], hosts: [api.acme.example],
     packages: {pypi: {acme-sdk: [acme]}}, env: [ACME_API_KEY], aliases: [acme-cloud], source: "https://x.example", checked: 2026-01-01}
  - {id: cloud, name: Cloud, provider: cloud, role: provider, hosts: [cloud.example], serves: [acme], source: "https://x.example", checked: 2026-01-01}
  - {id: router, name: Router, provider: router, role: provider, hosts: [router.example], routes: true, source: "https://x.example", checked: 2026-01-01}
  - {id: lone, name: Lone, role: sdk, packages: {pypi: {lone: ~}}, imports: {python: [agents]}, weak: [agents],
     source: "https://x.example", checked: 2026-01-01}
  - {id: loader, name: Loader, role: framework, packages: {pypi: {loader: ~}}, model_calls: [from_acme, "pipe(model=)"],
     source: "https://x.example", checked: 2026-01-01}
  - id: acme-models
    name: Models
    provider: acme
    role: model
    models:
      - {pattern: "acme-[0-9]+", contains: [acme-], match: [acme-1], never: [acme-x]}
      - {pattern: zenith, contains: [zenith], match: [zenith], never: [zeniths]}
      - {pattern: commander, contains: [commander], when_set: true, match: [commander], never: [commanders]}
    weak: [zenith]
    source: "https://x.example"
    checked: 2026-01-01
"""


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    folder = tmp_path_factory.mktemp("catalog")
    (folder / "own.yaml").write_text(ROWS)
    return compile_catalog(read_rows([folder / "own.yaml"]), "test")


def findings(catalog: Catalog, root: Path, files: dict[str, str]) -> dict[str, Finding]:
    """Findings by rule, of these files and no others."""
    paths = []
    for path, content in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(content)
        paths.append(path)
    observed = BatchScanner(catalog.matchers).scan(Batch("repo:x", root, tuple(paths))).observations
    return {finding.rule: finding for finding in classify(mark_local(observed, paths), catalog)}


def test_a_finding_says_what_where_and_why(catalog: Catalog, tmp_path: Path) -> None:
    found = findings(catalog, tmp_path, {"src/a.py": "import acme\n", "requirements.txt": "acme-sdk==1\n"})
    finding = found["acme/import"]
    assert (finding.role, finding.name, finding.purl) == (Role.SDK, "acme-sdk", "pkg:pypi/acme-sdk")
    assert (finding.provider, finding.context, finding.strength) == ("acme", Context.PRODUCTION, Strength.CAPABILITY)
    assert (finding.location.path, finding.location.line, finding.snippet) == ("src/a.py", 1, "import acme")
    assert [technique.value for technique in finding.techniques] == ["generative"]
    assert found["acme/package"].strength is Strength.HINT


def test_a_moved_line_keeps_the_id(catalog: Catalog, tmp_path: Path) -> None:
    before = findings(catalog, tmp_path, {"a.py": "import acme\n"})["acme/import"]
    after = findings(catalog, tmp_path, {"a.py": "\n\nimport acme\n"})["acme/import"]
    assert (before.id, before.location.line, after.location.line) == (after.id, 1, 3)


def test_a_weak_name_needs_company(catalog: Catalog, tmp_path: Path) -> None:
    assert not findings(catalog, tmp_path, {"a.py": "import agents\n"})
    assert "lone/import" in findings(catalog, tmp_path, {"a.py": "import agents\n", "requirements.txt": "lone\n"})


def test_a_model_of_an_ordinary_name_needs_company_or_to_be_set(catalog: Catalog, tmp_path: Path) -> None:
    assert not findings(catalog, tmp_path, {"a.py": 'chat(model="zenith")\n'})
    assert "acme-models/model" in findings(catalog, tmp_path, {"a.py": 'import acme\nx = "zenith"\n'})
    assert not findings(catalog, tmp_path, {"a.py": 'name = "commander"\n'})
    assert "acme-models/model" in findings(catalog, tmp_path, {"a.py": 'chat(model="commander")\n'})


def test_of_two_rows_for_one_host_the_narrower_speaks(tmp_path: Path) -> None:
    rows = tmp_path / "own.yaml"
    wide = ROWS.replace(
        "hosts: [cloud.example]",
        'hosts: ["*.acme.example"], examples: {match: ["host:x.acme.example"], never: [host:acme.example]}',
    )
    rows.write_text(wide)
    found = findings(
        compile_catalog(read_rows([rows]), "wide"), tmp_path, {"a.py": 'get("https://api.acme.example")\n'}
    )
    assert set(found) == {"acme/host"}


def test_a_table_of_models_is_a_mention_however_long_its_entries(catalog: Catalog, tmp_path: Path) -> None:
    table = (
        "LIMITS = {\n"
        + "".join(f'    "acme-{n}": {{\n' + "        'a': 1,\n" * 20 + "    },\n" for n in range(9))
        + "}\n"
    )
    assert not findings(catalog, tmp_path, {"a.py": table})


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("a.py", 'if name.startswith("acme-4"): pass\n'),
        ("a.ts", 'if (name.includes("acme-4")) {}\n'),
        ("a.go", 'package a\nvar x = strings.HasPrefix(name, "acme-4")\n'),
    ],
)
def test_a_model_that_a_name_is_held_against_is_a_mention(
    catalog: Catalog, tmp_path: Path, path: str, content: str
) -> None:
    assert not findings(catalog, tmp_path, {path: content})


def test_a_scoped_package_of_npm_is_no_model(catalog: Catalog, tmp_path: Path) -> None:
    assert not findings(catalog, tmp_path, {"a.json": '{"@scope/acme-4": "1.0.0"}'})
    assert "acme-models/model" in findings(catalog, tmp_path, {"a.py": 'run("@cf/scope/acme-4")\n'})


def test_a_default_is_use_even_among_many(catalog: Catalog, tmp_path: Path) -> None:
    listed = ",".join(f'"acme-{n}"' for n in range(20))
    found = findings(catalog, tmp_path, {"a.json": f'{{"default": "acme-99", "all": [{listed}]}}'})
    assert found["acme-models/model"].model == "acme-99"


def test_a_local_module_is_not_the_package(catalog: Catalog, tmp_path: Path) -> None:
    assert not findings(catalog, tmp_path, {"a.py": "import acme\n", "acme.py": "x = 1\n"})
    assert not findings(catalog, tmp_path, {"src/acme/__init__.py": "", "app/b.py": "from acme import x\n"})


def test_a_call_counts_where_its_package_is_imported(catalog: Catalog, tmp_path: Path) -> None:
    call = 'from_acme("org/name")\npipe("a-task", model="org/other")\n'
    assert not findings(catalog, tmp_path, {"a.py": call})
    found = findings(catalog, tmp_path, {"a.py": "import loader\n" + call})
    assert found["loader/call"].model in {"org/name", "org/other"}


def test_what_a_lock_file_adds_is_nobodys_choice(catalog: Catalog, tmp_path: Path) -> None:
    lock = '[[package]]\nname = "acme-sdk"\nversion = "1"\n'
    assert not findings(catalog, tmp_path, {"poetry.lock": lock})


def test_a_list_of_models_is_a_mention_and_what_a_key_sets_is_not(catalog: Catalog, tmp_path: Path) -> None:
    listed = "names = [" + ", ".join(f'"acme-{n}"' for n in range(20)) + "]\n"
    assert not findings(catalog, tmp_path, {"a.py": listed})
    assert (
        findings(catalog, tmp_path, {"a.py": listed + 'chat(model="acme-99")\n'})["acme-models/model"].model
        == "acme-99"
    )


def test_many_endpoints_are_a_list_and_many_base_addresses_of_a_program_are_use(tmp_path: Path) -> None:
    hosts = [f"api{number}.acme.example" for number in range(9)]
    rows = tmp_path / "own.yaml"
    rows.write_text(ROWS.replace("hosts: [api.acme.example]", f"hosts: [{', '.join(hosts)}]"))
    many = compile_catalog(read_rows([rows]), "many")
    listed = "blocked = [" + ", ".join(f'"{host}"' for host in hosts) + "]\n"
    bases = "bases = [" + ", ".join(f'("x", "https://{host}/v1")' for host in hosts) + "]\n"
    assert not findings(many, tmp_path, {"a.py": listed})
    assert not findings(many, tmp_path, {"a.json": "[" + ", ".join(f'"https://{host}/v1"' for host in hosts) + "]"})
    assert "acme/host" in findings(many, tmp_path, {"a.py": bases})


def test_an_optional_integration_is_a_hint(catalog: Catalog, tmp_path: Path) -> None:
    manifest = '[project]\nname = "x"\ndependencies = ["requests"]\n'
    lazy = "def f():\n    import acme\n"
    assert findings(catalog, tmp_path, {"a.py": lazy})["acme/import"].strength is Strength.CAPABILITY
    found = findings(catalog, tmp_path, {"a.py": lazy, "pyproject.toml": manifest})
    assert found["acme/import"].strength is Strength.HINT
    adapter = findings(catalog, tmp_path, {"backends/acme_backend.py": "import acme\n", "pyproject.toml": manifest})
    assert adapter["acme/import"].strength is Strength.HINT


def test_a_project_that_is_an_ai_package_is_found_by_its_own_name(catalog: Catalog, tmp_path: Path) -> None:
    found = findings(catalog, tmp_path, {"pyproject.toml": '[project]\nname = "acme-sdk"\n'})
    assert (found["acme/project"].role, found["acme/project"].strength) == (Role.SERVICE, Strength.CAPABILITY)


@pytest.mark.parametrize(
    ("content", "provider"),
    [
        ('chat(model="acme-4")\n', "acme"),
        ('chat(model="acme-cloud/acme-4")\n', "acme"),
        ('chat(model="cloud/acme-4")\n', "cloud"),
        ('get("https://cloud.example/v1")\nchat(model="acme-4")\n', "cloud"),
        ('get("https://cloud.example/v1")\nget("https://api.acme.example")\nchat(model="acme-4")\n', "acme"),
        ('chat(model="models/acme-4")\n', "acme"),
        ('get("https://router.example")\nchat(model="acme/acme-4")\n', "router"),
        ('get("https://router.example")\nget("https://api.acme.example")\nchat(model="acme/acme-4")\n', "acme"),
        ('load("AcmeLabs/acme-4")\n', ""),
        ('import lone\nload("AcmeLabs/acme-4")\n', ""),
        ('get("https://api.acme.example")\nload("AcmeLabs/acme-4")\n', ""),
    ],
)
def test_who_answers_for_a_model(catalog: Catalog, tmp_path: Path, content: str, provider: str) -> None:
    assert findings(catalog, tmp_path, {"a.py": content})["acme-models/model"].provider == provider


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("src/app.py", Context.PRODUCTION),
        ("tests/a.py", Context.TEST),
        ("src/a.test.ts", Context.TEST),
        ("pkg/a_test.go", Context.TEST),
        ("src/test/java/org/acme/A.java", Context.TEST),
        ("src/main/java/org/example/demo/A.java", Context.PRODUCTION),
        ("examples/tests/a.py", Context.TEST),
        ("examples/a.py", Context.EXAMPLE),
        ("docs/conf.py", Context.DOCS),
        (".github/workflows/ci.yml", Context.DEVELOPMENT),
        ("common/mock/a.go", Context.TEST),
        (".github/workflows/tests.yml", Context.TEST),
        (".github/workflows/e2e-test.yaml", Context.TEST),
        (".github/workflows/latest.yml", Context.DEVELOPMENT),
        ("deploy/test.yml", Context.PRODUCTION),
        ("requirements-dev.txt", Context.DEVELOPMENT),
        ("contest/latest.py", Context.PRODUCTION),
    ],
)
def test_the_context_of_a_path(path: str, expected: Context) -> None:
    assert context.of_path(path) is expected
