"""What a literal means by where it stands: imports, values and names count; comments and prose do not."""

from __future__ import annotations

import pytest

from connectors.code.finder import Finder
from connectors.code.matchers import LiteralMatcher, Matchers, Region

_PYTHON = frozenset({"python"})
_JAVASCRIPT = frozenset({"javascript"})
MATCHERS = Matchers(
    literals=(
        LiteralMatcher("acme", Region.IMPORT, "acme", _PYTHON),
        LiteralMatcher("acme.deep", Region.IMPORT, "acme.deep", _PYTHON),
        LiteralMatcher("js", Region.IMPORT, "ai", _JAVASCRIPT),
        LiteralMatcher("go", Region.IMPORT, "github.com/acme/sdk", frozenset({"go"})),
        LiteralMatcher("java", Region.IMPORT, "com.acme", frozenset({"java", "kotlin", "scala"})),
        LiteralMatcher("rust", Region.IMPORT, "acme_sdk", frozenset({"rust"})),
        LiteralMatcher("cs", Region.IMPORT, "Acme.Sdk", frozenset({"csharp"})),
        LiteralMatcher("rb", Region.IMPORT, "acme-sdk", frozenset({"ruby"})),
        LiteralMatcher("php", Region.IMPORT, "Acme", frozenset({"php"})),
        LiteralMatcher("swift", Region.IMPORT, "AcmeKit", frozenset({"swift"})),
        LiteralMatcher("dart", Region.IMPORT, "acme_dart", frozenset({"dart"})),
        LiteralMatcher("ex", Region.IMPORT, "AcmeEx", frozenset({"elixir"})),
        LiteralMatcher("cpp", Region.IMPORT, "acme/", frozenset({"cpp"}), open_ended=True),
        LiteralMatcher("host", Region.HOST, "api.acme.test"),
        LiteralMatcher("wild", Region.HOST, ".acme.example"),
        LiteralMatcher("env", Region.ENV, "ACME_API_KEY"),
        LiteralMatcher("model", Region.MODEL, "acme-", expression=r"acme-\d(\.\d)?(-[a-z]+)*"),
        LiteralMatcher("run", Region.COMMAND, "acme run"),
        LiteralMatcher("image", Region.IMAGE, "acme/server"),
        LiteralMatcher("tf", Region.RESOURCE, "acme_agent", frozenset({"hcl"})),
        LiteralMatcher("cfn", Region.RESOURCE, "AWS::Acme::Agent"),
        LiteralMatcher("k8s", Region.RESOURCE, "AcmeService", frozenset({"yaml"}), "serving.acme.test"),
        LiteralMatcher("uses", Region.ACTION, "acme/ai-action"),
        LiteralMatcher("node", Region.VALUE, "acme.node.", keys=frozenset({"type"}), open_ended=True),
        LiteralMatcher("load", Region.CALL, "from_acme"),
        LiteralMatcher("path", Region.PATH, "/acme/deployments/", open_ended=True),
        LiteralMatcher("switch", Region.SWITCH, "acmecloud"),
    )
)
FINDER = Finder(MATCHERS)


def found(path: str, content: str) -> list[tuple[str, str, int]]:
    observations = FINDER.observe("repo:x", path, content.encode())
    return sorted((o.matchers[0], o.name, o.location.line) for o in observations)


@pytest.mark.parametrize(
    ("path", "content", "expected"),
    [
        ("a.py", "import os, acme\n", [("acme", "acme", 1)]),
        ("a.py", "\nfrom acme.deep.er import x\n", [("acme.deep", "acme.deep.er", 2)]),
        ("a.py", "from acme import (other,\n  deep)\n", [("acme.deep", "acme.deep", 1)]),
        ("a.py", "import importlib\nimportlib.import_module('acme')\n", [("acme", "acme", 2)]),
        ("a.ts", "import x from 'ai';\nconst y = require('ai/rsc');\n", [("js", "ai", 1)]),
        ("a.tsx", 'export * from "ai";\n', [("js", "ai", 1)]),
        ("a.mjs", "const m = await import('ai');\n", [("js", "ai", 1)]),
        ("a.vue", "<template>ai</template>\n<script>\nimport 'ai'\n</script>\n", [("js", "ai", 3)]),
        ("a.go", 'package a\nimport (\n  sdk "github.com/acme/sdk/v2"\n)\n', [("go", "github.com/acme/sdk/v2", 3)]),
        ("A.java", "import static com.acme.Client.x;\n", [("java", "com.acme.Client.x", 1)]),
        ("a.kt", "import com.acme.Client\n", [("java", "com.acme.Client", 1)]),
        ("a.scala", "import com.acme.Client\n", [("java", "com.acme.Client", 1)]),
        ("a.rs", "use acme_sdk::Client;\n", [("rust", "acme_sdk::Client", 1)]),
        ("a.cs", "using Acme.Sdk.Chat;\n", [("cs", "Acme.Sdk.Chat", 1)]),
        ("a.rb", "require 'acme-sdk'\n", [("rb", "acme-sdk", 1)]),
        ("a.php", "<?php\nuse Acme\\Client;\n", [("php", "Acme", 2)]),
        ("a.swift", "import AcmeKit\n", [("swift", "AcmeKit", 1)]),
        ("a.dart", "import 'package:acme_dart/acme.dart';\n", [("dart", "acme_dart/acme.dart", 1)]),
        ("a.ex", "alias AcmeEx.Chat\n", [("ex", "AcmeEx.Chat", 1)]),
        ("a.cpp", "#include <acme/core.h>\n", [("cpp", "acme/core.h", 1)]),
        ("script", "#!/usr/bin/env python3\nimport acme\n", [("acme", "acme", 2)]),
    ],
)
def test_imports_of_every_language(path: str, content: str, expected: list[tuple[str, str, int]]) -> None:
    assert found(path, content) == expected


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("a.py", "# import acme\n"),
        ("a.py", '"""\nimport acme\n"""\n'),
        ("a.py", "from . import acme\n"),
        ("a.py", "from other import acme\n"),
        ("a.py", "from other import deep\n"),
        ("a.py", "import acmesque\n"),
        ("a.ts", "import x from 'aimless';\nimport y from './ai';\n"),
        ("a.go", 'package a\n// github.com/acme/sdk\nimport "github.com/acme/sdk-other"\n'),
        ("A.java", "import org.com.acme.Client;\n// import com.acme.X;\n"),
        ("a.py", 'print("use acme-4 for this, or ask api.acme.test about it")\n'),
        ("a.py", 'x = "https://api.acme.test.evil.example/"\n'),
        ("a.py", 'x = "https://notapi.acme.test/"\n'),
        ("a.py", 'help = "set ACME_API_KEY before you start"\n'),
        ("a.py", 'names = "acme run"\n'),
        ("README.md", "import acme\nacme-4\n"),
        ("a.yaml", "description: this uses acme-4 for all\n# model: acme-4\n"),
        ("a.js", 'const help = `[example: "acme-3", "acme-4"]`;\n'),
        ("a.py", 'help = "posts to /acme/deployments/ of yours"\n'),
        ("a.py", "Client(acmecloud=False)\n"),
        ("a.py", "acmecloud = find()\n"),
        ("a.tf", 'variable "acme_agent" {}\n'),
        ("a.json", '{"kind": "AcmeService"}'),
        ("a.yaml", "uses_not: acme/ai-action\n"),
    ],
)
def test_mentions_are_silent(path: str, content: str) -> None:
    assert found(path, content) == []


@pytest.mark.parametrize(
    ("path", "content", "expected"),
    [
        (
            "a.py",
            'requests.post("https://api.acme.test/v1/chat?key=s3cret")',
            ("host", "https://api.acme.test/v1/chat", 1),
        ),
        ("a.py", 'u = f"https://{name}.acme.example/v1"', ("wild", "https://{name}.acme.example/v1", 1)),
        ("a.py", 'os.environ["ACME_API_KEY"]', ("env", "ACME_API_KEY", 1)),
        ("a.js", "const k = process.env.ACME_API_KEY;", ("env", "ACME_API_KEY", 1)),
        (".env.example", "\nACME_API_KEY=abc\n", ("env", "ACME_API_KEY", 2)),
        ("a.yaml", "env:\n  KEY: ${{ secrets.ACME_API_KEY }}\n", ("env", "ACME_API_KEY", 2)),
        ("a.py", 'chat(model="acme-4-turbo")', ("model", "acme-4-turbo", 1)),
        ("a.py", 'chat(model="gateway/acme-4")', ("model", "gateway/acme-4", 1)),
        ("a.yaml", "model: acme-4.1\n", ("model", "acme-4.1", 1)),
        ("a.toml", '[llm]\nmodel = "acme-4"\n', ("model", "acme-4", 2)),
        ("flow.json", r'{"body": "{\"model\": \"acme-4\"}"}', ("model", "acme-4", 1)),
        ("a.sh", "serve --model acme-4\n", ("model", "acme-4", 1)),
        ("a.sh", "ollama pull acme-4\n", ("model", "acme-4", 1)),
        ("a.yaml", "command:\n  - 'sleep 3; ollama run acme-4'\n", ("model", "acme-4", 2)),
        ("a.js", "get(`${base}/acme/deployments/${name || x}/chat`);", ("path", "/acme/deployments/", 1)),
        ("a.rs", 'let u = format!("{}/acme/deployments/{}/chat", b, n);', ("path", "/acme/deployments/", 1)),
        ("a.py", "Client(acmecloud=True, project=p)\n", ("switch", "acmecloud", 1)),
        ("a.js", "new Client({acmecloud: true});\n", ("switch", "acmecloud", 1)),
        ("a.sh", "sudo acme run thing\n", ("run", "acme run", 1)),
        ("a.py", 'subprocess.run(["acme", "run", model])', ("run", "acme run", 1)),
        ("Dockerfile", "# FROM acme/server\nFROM acme/server:1.2 AS x\n", ("image", "acme/server:1.2", 2)),
        ("compose.yaml", "services:\n  a:\n    image: docker.io/acme/server\n", ("image", "docker.io/acme/server", 3)),
        ("a.tf", 'resource "acme_agent" "x" {}\n', ("tf", "acme_agent", 1)),
        ("a.yaml", "Resources:\n  A:\n    Type: AWS::Acme::Agent\n", ("cfn", "AWS::Acme::Agent", 3)),
        (
            "a.yaml",
            "apiVersion: serving.acme.test/v1\nkind: AcmeService\n",
            ("k8s", "serving.acme.test/AcmeService", 1),
        ),
        ("ci.yml", "steps:\n  - uses: acme/ai-action@v1\n", ("uses", "acme/ai-action@v1", 2)),
        ("flow.json", '{"nodes": [{"type": "acme.node.chat"}]}', ("node", "acme.node.chat", 1)),
        ("a.py", 'Model.from_acme("org/name")', ("load", "org/name", 1)),
    ],
)
def test_values_count_where_they_mean_something(path: str, content: str, expected: tuple[str, str, int]) -> None:
    assert expected in found(path, content)


def test_notebook_cells_are_read_and_outputs_are_not() -> None:
    notebook = """{
 "cells": [
  {"cell_type": "markdown", "source": ["import acme"]},
  {"cell_type": "code", "source": [
    "%pip install acme\\n",
    "import acme"
   ], "outputs": [{"data": {"text/plain": ["import acme.deep"]}}]}
 ],
 "metadata": {"kernelspec": {"language": "python"}}
}"""
    assert found("a.ipynb", notebook) == [("acme", "acme", 6)]


def test_front_matter_of_a_readme_is_configuration() -> None:
    assert found("README.md", "---\nmodel: acme-4\n---\nmodel: acme-5\n") == [("model", "acme-4", 2)]


def test_repeats_are_one_observation_with_a_count() -> None:
    (observation,) = FINDER.observe("repo:x", "a.py", b"import acme\nimport acme\n")
    assert (observation.location.line, observation.occurrences) == (1, 2)


def test_a_snippet_shows_the_match_and_no_other_string() -> None:
    (observation,) = FINDER.observe("repo:x", "a.py", b'chat(model="acme-4", prompt="tell me a secret", key="k3y")')
    assert observation.snippet == "model = 'acme-4'"


def test_a_url_loses_user_password_and_query() -> None:
    content = b'get("https://user:pass@api.acme.test/v1?token=s3cret#x")'
    (observation,) = FINDER.observe("repo:x", "a.py", content)
    assert observation.name == "https://api.acme.test/v1"
    assert "pass" not in repr(observation)
    assert "s3cret" not in repr(observation)


def test_broken_sources_give_what_stands_before_the_break() -> None:
    assert found("a.py", "import acme\ndef f(:\n  ((((\n") == [("acme", "acme", 1)]
    assert found("a.yaml", "model: acme-4\n  : [\n- }\n") == [("model", "acme-4", 1)]
