"""The table of parsers, and what holds for all of them: whatever a file contains, it is read or complained about."""

from __future__ import annotations

import json
import time
import tomllib
from io import StringIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from connectors.code.manifests import PARSERS, DependencyScope, Manifest, parse, recognise
from connectors.code.manifests.toml import read_toml
from connectors.code.manifests.values import Value, read_json
from connectors.code.manifests.yaml import read_yaml

SAMPLES = {
    "requirements.txt": "-r a.txt\nopenai[x]>=1.0; python_version<'3'  # why\nx==1 \\\n  --hash=sha256:aa\n",
    "requirements.lock": "openai==1\n    # via -r x.in\n",
    "pyproject.toml": '[project]\nname = "a"\ndependencies = [\n"openai>=1",\n]\n[tool.poetry.group.dev.dependencies]\nx = {git="u"}\n',
    "Pipfile": '[packages]\nopenai = "*"\n[dev-packages]\nx = {version="1"}\n',
    "pixi.toml": '[project]\nname="a"\n[feature.x.target.linux.dependencies]\nopenai = "*"\n',
    "setup.cfg": "[metadata]\nname = a\n[options]\ninstall_requires =\n  openai>=1\n[options.extras_require]\nx = y; z\n",
    "setup.py": "x = ['a'] + y\nsetup(name='n', install_requires=x + ['openai>=%s' % V], extras_require={'t': d['k'].split()})\n",
    "poetry.lock": '[[package]]\nname = "openai"\nversion = "1"\ngroups = ["dev"]\n',
    "pdm.lock": '[[package]]\nname = "openai"\nversion = "1"\n',
    "pylock.toml": '[[packages]]\nname = "openai"\nversion = "1"\n',
    "uv.lock": '[[package]]\nname = "a"\nsource = {virtual="."}\ndependencies = [{name="openai"}]\n[[package]]\nname = "openai"\n',
    "Pipfile.lock": '{"_meta": {}, "default": {"openai": {"version": "==1"}}}',
    "environment.yml": "name: a\nchannels: [x]\ndependencies:\n  - c::openai>=1 # x\n  - pip:\n    - 'y==1'\n",
    "meta.yaml": "{% set name = 'a' %}\npackage:\n  name: {{ name }}\nrequirements:\n  run:\n    - openai >=1\noutputs:\n  - name: b\n",
    "package.json": '{"name": "a", "bin": {"b": "c"}, "workspaces": ["p/*"],\n"dependencies": {"openai": "npm:x@^1", "\\u00e9": null}}',
    "pnpm-workspace.yaml": "packages:\n  - 'p/*'\ncatalogs:\n  x: {openai: ^1}\n",
    "deno.json": '{"imports": {"a": "npm:openai@^4/x", "b": "jsr:@s/n"}, /* c */ "scopes": {"x": {}},}',
    "package-lock.json": '{"packages": {"": {"dependencies": {"a": "1"}}, "node_modules/a": {"version": "1"}}}',
    "pnpm-lock.yaml": "importers:\n  .:\n    dependencies:\n      openai: {specifier: ^1, version: 1.0.0(z@1)}\npackages:\n  /a/1.0_x:\n    dev: true\n  ? b@2\n  : x: 1\n",
    "yarn.lock": '"@a/b@^1", "@a/b@^2":\n  version "1"\n"w@workspace:.":\n  dependencies:\n    x: "npm:1"\n',
    "bun.lock": '{"workspaces": {"": {"dependencies": {"a": "1"}}}, "packages": {"a": ["a@1", "", {}],}}',
    "bun.lockb": "bun-lockfile-format-v0",
    "deno.lock": '{"npm": {"openai@1": {}}, "workspace": {"dependencies": ["npm:openai@1"]}}',
    "pom.xml": '<?xml version="1.0"?>\n<project><properties><v>1</v></properties><dependencies><dependency>\n<groupId>g</groupId><artifactId>a</artifactId><version>${v}</version></dependency></dependencies></project>',
    "build.gradle": "def v = '1'\ndependencies {\n  implementation(\"g:a:$v\") { exclude group: 'x' }\n  api group: 'g', name: 'b'\n}\n",
    "settings.gradle": "rootProject.name = 'a'\ninclude ':b', ':c:d'\nlibrary('x', 'g:a:1')\n",
    "libs.versions.toml": '[versions]\nv = "1"\n[libraries]\na = { module = "g:a", version.ref = "v" }\nb = "g:b:1"\n',
    "gradle.lockfile": "g:a:1=compileClasspath,testX\n",
    "build.sbt": 'val v = "1"\nlibraryDependencies += "g" %% "a" % v % Test\n',
    "go.mod": "module a/b\nrequire (\n\tc/d v1 // indirect\n)\nrequire e/f v2\n",
    "go.work": "use (\n\t./a\n)\n",
    "Cargo.toml": '[package]\nname = "a"\n[dependencies]\nb = { package = "c", version = "1" }\n[target."cfg(x)".dependencies.d]\ngit = "u"\n',
    "Cargo.lock": '[[package]]\nname = "a"\ndependencies = ["b 1"]\n[[package]]\nname = "b"\nsource = "r"\n',
    "csproj": '<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><V>1</V></PropertyGroup><ItemGroup>\n<PackageReference Include="A;B" Version="$(V)" /></ItemGroup></Project>',
    "Directory.Packages.props": '<Project><ItemGroup><PackageVersion Include="A" Version="1" /></ItemGroup></Project>',
    "Directory.Build.props": '<Project><ItemGroup><GlobalPackageReference Include="A"><Version>1</Version></GlobalPackageReference></ItemGroup></Project>',
    "packages.config": '<packages><package id="A" version="1" /></packages>',
    "packages.lock.json": '{"dependencies": {"net8": {"A": {"type": "Direct", "resolved": "1"}}}}',
    "Gemfile": 'gem "a", "~> 1", group: [:test]\ngroup :development do\n  gem %q(b), git: "u" if x\nend\n',
    "gemspec": 'Gem::Specification.new do |s|\n  s.name = "a"\n  s.add_dependency "b".freeze, [">= 1"]\nend\n',
    "Gemfile.lock": "GEM\n  specs:\n    a (1)\n      b (>= 1)\nDEPENDENCIES\n  a!\n",
    "composer.json": '{"name": "a/b", "require": {"php": "8", "c/d": "^1"}}',
    "composer.lock": '{"packages": [{"name": "c/d", "version": "1"}]}',
    "Package.swift": 'let p = Package(name: "a", dependencies: [.package(url: "https://h/o/r.git", from: "1")],\ntargets: [.testTarget(name: "t", dependencies: ["r"])])\n',
    "Package.resolved": '{"pins": [{"location": "https://h/o/r", "state": {"version": "1"}}]}',
    "Podfile": "target 'A' do\n  pod 'B/C', '~> 1'\n  target 'ATests' do\n    pod 'D', :path => '../d'\n  end\nend\n",
    "podspec": "Pod::Spec.new do |s|\n  s.name = 'a'\n  s.dependency 'B'\nend\n",
    "Podfile.lock": "PODS:\n  - B/C (1):\n    - D (~> 1)\nDEPENDENCIES:\n  - B (from `../b`)\n",
    "pubspec.yaml": "name: a\ndescription: >-\n  x: y\ndependencies:\n  f: {sdk: flutter}\n  b: ^1 # c\n  g:\n    git: u\n",
    "pubspec.lock": 'packages:\n  b:\n    dependency: "direct main"\n    version: "1"\n',
    "mix.exs": 'defmodule A do\n  @v "1"\n  def project, do: [app: :a, version: @v]\n  defp deps do\n    [{:b, "~> 1", only: [:dev]}, {:"c", git: "u"}]\n  end\nend\n',
    "mix.lock": '%{\n  "b": {:hex, :b, "1", "aa", [:mix], [], "hexpm", "bb"},\n}\n',
    "DESCRIPTION": "Package: a\nVersion: 1\nImports:\n    b (>= 1),\n    c\n",
    "renv.lock": '{"Packages": {"b": {"Version": "1"}}}',
    "Project.toml": 'name = "A"\n[deps]\nB = "587475ba-b771-5e3f-ad9e-33799f191a9c"\n[compat]\nB = "1"\n',
    "Manifest.toml": '[[deps.B]]\nuuid = "587475ba-b771-5e3f-ad9e-33799f191a9c"\nversion = "1"\n',
    "conanfile.txt": "[requires]\na/1@u/c\n[tool_requires]\nb/[>=1 <2]\n",
    "conanfile.py": 'class A(ConanFile):\n    name = "a"\n    requires = "b/1", "c/2"\n    def r(self):\n        self.requires("d/3")\n',
    "vcpkg.json": '{"name": "a", "dependencies": ["b", {"name": "c", "host": true}], "features": {"f": {"dependencies": ["d"]}}}',
    "CMakeLists.txt": 'project(a VERSION 1)\nfind_package(B 1 REQUIRED)\nFetchContent_Declare(c GIT_REPOSITORY "https://h/o/c.git")\nCPMAddPackage("gh:o/d@1")\n',
}  # fmt: skip


def everything(ecosystem: str, name: str) -> bool:
    return True


def nothing(ecosystem: str, name: str) -> bool:
    return False


def path_of(kind: str) -> str:
    """A path that the parser of this kind reads."""
    return PARSERS[kind].patterns[0].replace("*", "x")


def assert_sound(manifest: Manifest, content: bytes) -> None:
    lines = max(content.count(b"\n"), content.count(b"\r"), content.count(b"\n\0")) + 1
    for dependency in manifest.dependencies:
        assert dependency.name
        assert 1 <= dependency.line <= lines
        assert isinstance(dependency.scope, DependencyScope)
    for problem in manifest.problems:
        assert 1 <= problem.line <= lines + 1
        assert problem.text
        assert problem.mend
    json.dumps([dependency.name + dependency.version for dependency in manifest.dependencies]).encode()
    str(manifest).encode()


@pytest.mark.parametrize("kind", PARSERS)
def test_every_parser_recognises_its_files_and_reads_its_sample(kind):
    assert recognise(path_of(kind)) == kind
    assert recognise(f"deep/in a/tree/{path_of(kind)}") == kind
    content = SAMPLES[kind].encode()
    manifest = parse(kind, path_of(kind), content, everything)
    assert_sound(manifest, content)
    assert kind == "bun.lockb" or manifest.problems == ()
    assert kind in {"bun.lockb", "go.work"} or manifest.dependencies
    assert all(dependency.direct for dependency in parse(kind, path_of(kind), content, nothing).dependencies)


@pytest.mark.parametrize("path", ["PKG-INFO", "go.sum", "obj/project.assets.json", "README.md", "a/package.jsonc", "",
                                  "requirements.md", "pom.xml/x", "data.json", "x.yml", "gradle.py", "Gemfile.md",
                                  "constraints.txt", "notes.txt", "tsconfig.json"])  # fmt: skip
def test_what_is_no_manifest_is_not_recognised(path):
    assert recognise(path) is None


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("requirements/dev.txt", "requirements.txt"),
        ("a/Requirements-Test.in", "requirements.txt"),
        ("gradle/libs.versions.toml", "libs.versions.toml"),
        ("buildscript-gradle.lockfile", "gradle.lockfile"),
        ("gradle/dependencies.gradle", "build.gradle"),
        ("settings.gradle.kts", "settings.gradle"),
        ("cmake/deps.cmake", "CMakeLists.txt"),
        ("Package@swift-5.9.swift", "Package.swift"),
        ("environment-gpu.yaml", "environment.yml"),
        ("Manifest-v1.11.toml", "Manifest.toml"),
    ],
)
def test_patterns(path, kind):
    assert recognise(path) == kind


def test_recognising_costs_next_to_nothing():
    paths = [f"src/components/part-{index}/index.tsx" for index in range(10_000)]
    began = time.process_time()
    for path in paths:
        recognise(path)
    assert time.process_time() - began < 0.05  # 0.3 µs each, with room for a loaded machine


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(kind=st.sampled_from(sorted(PARSERS)), content=st.binary(max_size=300))
def test_random_bytes_never_raise(kind, content):
    assert_sound(parse(kind, path_of(kind), content, everything), content)


FRAGMENTS = st.sampled_from(
    ["{", "}", "[", "]", "(", ")", '"', "'", '"""', "'''", "/*", "*/", "//", "#", "\\", "\n", "\r\n", "\t", ":", ",", "=",
     "- ", "? ", "|\n", ">", "&a ", "*a", "!t ", "<<", "${", "#{", "%{", "%q(", "<!--", "<![CDATA[", "&x;", "<", ">", "/>",
     "---\n", "...", "end\n", " do\n", "\ufeff", "\0", "\u2028", "\x85", "\x0c", "é", "\\ud800", "\\U99999999", "[[", "]]",
     "<!DOCTYPE a [", "{{ x }}", "{% x %}", ";", "@", "[a]\n", "a = ", "a.b.c = 1\n"]
)  # fmt: skip


@st.composite
def mutated(draw: st.DrawFn) -> tuple[str, bytes]:
    kind = draw(st.sampled_from(sorted(SAMPLES)))
    text = SAMPLES[kind]
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 12)))
        text = text[:start] + draw(FRAGMENTS | st.just("")) * draw(st.sampled_from([1, 1, 1, 2, 300])) + text[end:]
    encoding = draw(st.sampled_from(["utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-16-be"]))
    return kind, text.encode(encoding)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(sample=mutated())
def test_mutated_manifests_never_raise(sample):
    kind, content = sample
    assert_sound(parse(kind, path_of(kind), content, everything), content)


ONE_OF_EACH_READER = (
    "package.json", "pyproject.toml", "pnpm-lock.yaml", "pom.xml", "build.gradle", "Package.swift", "setup.py", "Gemfile",
    "mix.exs", "requirements.txt", "CMakeLists.txt",
)  # fmt: skip
REPEATED = (
    "{", "[", "(", "<a>", "- ", "a: ", '{"a":', "[a]\n", '"', "'", '\\"', "/*", " ", "\n ", "a(", "%{", "do ", "a.", "a=[\n",
    "&a;", "x = x + x\n", "<a b='", "a\\\n", "a,", "package(", "dependencies{", '"g"%"a"%', "- - ", "a: [", "a: |\n",
    '\\"\n', "\\'", "%[", "<<A\n", "~s(", "`", "{:", "/", "(/", "=begin\n", "gem(", "{:a, [", "def a do\n", "{% ",
)  # fmt: skip


@pytest.mark.parametrize("kind", ONE_OF_EACH_READER)
def test_hostile_input_takes_bounded_time(kind):
    for piece in REPEATED:
        content = piece.encode() * (10_000 // len(piece))
        began = time.process_time()
        assert_sound(parse(kind, path_of(kind), content, everything), content)
        assert time.process_time() - began < 1, piece


names = st.from_regex(r"[a-z][a-z0-9]{0,8}(-[a-z0-9]{1,4})?", fullmatch=True)
versions = st.from_regex(r"[0-9]{1,2}\.[0-9]{1,2}\.[0-9]", fullmatch=True)
packages = st.dictionaries(names, versions, max_size=12)


def found(manifest: Manifest) -> list[tuple[str, str, int]]:
    assert manifest.problems == ()
    return [(dependency.name, dependency.version, dependency.line) for dependency in manifest.dependencies]


@given(wanted=packages, comments=st.lists(st.sampled_from(["", "# a==1", "   ", "--pre"]), min_size=12, max_size=12))
def test_requirements_round_trip(wanted, comments):
    lines: list[str] = []
    expected = []
    for (name, version), comment in zip(wanted.items(), comments, strict=False):
        lines += [comment, f"{name}[extra] =={version} ; python_version > '3.8'  # {name}"]
        expected.append((name, f"=={version}", len(lines)))
    manifest = parse("requirements.txt", "requirements.txt", "\n".join(lines).encode(), nothing)
    assert found(manifest) == expected


@given(wanted=packages, indent=st.sampled_from([None, 0, 2, "\t"]))
def test_package_json_round_trip(wanted, indent):
    text = json.dumps({"name": "x", "dependencies": wanted}, indent=indent)
    lines = text.split("\n")
    expected = [
        (name, version, 1 if indent is None else 1 + max(row for row, line in enumerate(lines) if f'"{name}":' in line))
        for name, version in wanted.items()
        if name not in {"name", "dependencies"}
    ]
    got = [
        row
        for row in found(parse("package.json", "package.json", text.encode(), nothing))
        if row[0] not in {"name", "dependencies"}
    ]
    assert got == expected


@given(wanted=packages, block=st.booleans())
def test_go_mod_round_trip(wanted, block):
    lines = ["module example.com/x", "", "go 1.22"]
    expected = []
    if block:
        lines.append("require (")
    for name, version in wanted.items():
        lines.append(f"\texample.com/{name} v{version}" if block else f"require example.com/{name} v{version}")
        expected.append((f"example.com/{name}", f"v{version}", len(lines)))
    if block:
        lines.append(")")
    assert found(parse("go.mod", "go.mod", "\n".join(lines).encode(), nothing)) == expected


texts = st.text(st.characters(exclude_categories=["C", "Z"]) | st.just(" "), max_size=8).filter(
    lambda text: text[:1] != "?"
)
scalars = texts | st.integers(-99, 99) | st.booleans()
documents = st.dictionaries(
    texts.filter(bool),
    st.recursive(scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3), max_leaves=12),
    max_size=4,
)  # fmt: skip


def plain(value: Value) -> object:
    """A value as the libraries give it, every scalar as text."""
    if isinstance(value.pairs, list):
        return {pair.key: plain(pair.value) for pair in value.pairs}
    if isinstance(value.items, list):
        return [plain(item) for item in value.items]
    return value.text


def as_text(value: object) -> object:
    if isinstance(value, dict):
        return {str(key): as_text(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [as_text(inner) for inner in value]
    return str(value).lower() if isinstance(value, bool) else str(value)


@given(document=documents, indent=st.sampled_from([None, 2]), ascii_only=st.booleans())
def test_json_is_read_as_the_standard_library_reads_it(document, indent, ascii_only):
    value, problems = read_json(json.dumps(document, indent=indent, ensure_ascii=ascii_only))
    assert problems == []
    assert plain(value) == as_text(document)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(document=documents)
def test_yaml_is_read_back_as_a_library_wrote_it(document):
    for flow in (True, False):
        yaml = YAML(typ="safe", pure=True)
        yaml.default_flow_style = flow
        yaml.width = 10_000
        out = StringIO()
        yaml.dump(document, out)
        value, problems = read_yaml(out.getvalue())
        assert problems == [], out.getvalue()
        if document:
            assert plain(value) == as_text(document), out.getvalue()


@pytest.mark.parametrize(
    "kind", [kind for kind in SAMPLES if kind.endswith((".toml", "poetry.lock", "uv.lock", "Pipfile"))]
)
def test_toml_is_read_as_the_standard_library_reads_it(kind):
    value, problems = read_toml(SAMPLES[kind])
    assert problems == []
    flat = json.loads(json.dumps(plain(value)).replace('"version.ref"', '"version"'))
    expected = json.loads(json.dumps(as_text(tomllib.loads(SAMPLES[kind]))).replace('{"ref": "v"}', '"v"'))
    assert flat == expected
