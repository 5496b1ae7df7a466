"""Manifests and lock files of made-up projects."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from benchmarks.bench_code.words import word

if TYPE_CHECKING:
    from random import Random

_PACKAGES: Final = {
    "python": ("requests", "sqlalchemy", "pydantic", "celery", "redis", "jinja2", "boto3", "pyyaml"),
    "typescript": ("react", "date-fns", "zod", "axios", "next", "lodash", "winston", "uuid"),
    "javascript": ("express", "pg", "lodash", "moment", "cors", "body-parser", "dotenv", "winston"),
    "java": ("org.springframework.boot:spring-boot-starter-web", "com.google.guava:guava", "org.slf4j:slf4j-api"),
    "go": ("github.com/gorilla/mux", "github.com/spf13/cobra", "go.uber.org/zap", "github.com/jackc/pgx/v5"),
    "csharp": ("Newtonsoft.Json", "Serilog", "Dapper", "AutoMapper"),
    "php": ("symfony/console", "doctrine/orm", "monolog/monolog", "guzzlehttp/guzzle"),
    "ruby": ("rails", "pg", "puma", "sidekiq"),
    "rust": ("serde", "tokio", "reqwest", "tracing"),
    "cpp": ("fmt", "boost", "zlib", "openssl"),
}
_AI_PACKAGES: Final = {
    "python": ("openai", "anthropic", "langchain-core"),
    "typescript": ("openai", "@langchain/anthropic"),
    "javascript": ("openai", "@google/generative-ai"),
    "java": ("com.openai:openai-java", "dev.langchain4j:langchain4j"),
    "go": ("github.com/sashabaranov/go-openai",),
    "csharp": ("Azure.AI.OpenAI", "Microsoft.SemanticKernel"),
    "php": ("openai-php/client",),
    "ruby": ("ruby-openai",),
    "rust": ("async-openai",),
    "cpp": ("llama-cpp", "onnxruntime"),
}
_LOCKED: Final = 500
"""Packages in a lock file: about 120 KB."""


def manifest(language: str, name: str, *, ai: bool) -> tuple[str, str]:
    """File name and text of the manifest of a project; with `ai`, one that depends on AI packages."""
    packages = (*_PACKAGES[language], *(_AI_PACKAGES[language] if ai else ()))
    return _WRITERS[language](name, packages)


def lock_file(random: Random) -> tuple[str, str]:
    """A package-lock.json of many packages."""
    packages = {
        f"node_modules/{word(random)}-{word(random)}-{number}": {
            "version": f"{number % 7}.{number % 13}.0",
            "resolved": f"https://registry.npmjs.org/{word(random)}/-/{number}.tgz",
            "integrity": "sha512-" + f"{number:08d}" * 8,
            "dependencies": {word(random): "^1.0.0", word(random): "^2.3.0"},
        }
        for number in range(_LOCKED)
    }
    return "package-lock.json", json.dumps({"lockfileVersion": 3, "packages": packages}, indent=2)


def _python(name: str, packages: tuple[str, ...]) -> tuple[str, str]:
    declared = "".join(f'  "{package}>=1.0",\n' for package in packages)
    return "pyproject.toml", f'[project]\nname = "{name}"\nversion = "1.0.0"\ndependencies = [\n{declared}]\n'


def _node(name: str, packages: tuple[str, ...]) -> tuple[str, str]:
    declared = dict.fromkeys(packages, "^1.2.3")
    return "package.json", json.dumps({"name": name, "version": "1.0.0", "dependencies": declared}, indent=2) + "\n"


def _maven(name: str, packages: tuple[str, ...]) -> tuple[str, str]:
    pairs = (package.split(":") for package in packages)
    declared = "".join(
        f"    <dependency><groupId>{group}</groupId><artifactId>{artifact}</artifactId><version>1.2.3</version></dependency>\n"
        for group, artifact in pairs
    )
    head = f'<?xml version="1.0"?>\n<project>\n  <groupId>com.example</groupId>\n  <artifactId>{name}</artifactId>\n'
    return "pom.xml", f"{head}  <version>1.0.0</version>\n  <dependencies>\n{declared}  </dependencies>\n</project>\n"


def _go(name: str, packages: tuple[str, ...]) -> tuple[str, str]:
    declared = "".join(f"\t{package} v1.2.3\n" for package in packages)
    return "go.mod", f"module example.com/acme/{name}\n\ngo 1.22\n\nrequire (\n{declared})\n"


def _dotnet(name: str, packages: tuple[str, ...]) -> tuple[str, str]:
    declared = "".join(f'    <PackageReference Include="{package}" Version="1.2.3" />\n' for package in packages)
    return f"{name}.csproj", f'<Project Sdk="Microsoft.NET.Sdk">\n  <ItemGroup>\n{declared}  </ItemGroup>\n</Project>\n'


def _composer(name: str, packages: tuple[str, ...]) -> tuple[str, str]:
    declared = dict.fromkeys(packages, "^1.2")
    return "composer.json", json.dumps({"name": f"acme/{name}", "require": declared}, indent=2) + "\n"


def _bundler(_name: str, packages: tuple[str, ...]) -> tuple[str, str]:
    declared = "".join(f"gem '{package}', '~> 1.2'\n" for package in packages)
    return "Gemfile", f"source 'https://rubygems.org'\n\n{declared}"


def _cargo(name: str, packages: tuple[str, ...]) -> tuple[str, str]:
    declared = "".join(f'{package} = "1.2"\n' for package in packages)
    return "Cargo.toml", f'[package]\nname = "{name}"\nversion = "1.0.0"\n\n[dependencies]\n{declared}'


def _vcpkg(name: str, packages: tuple[str, ...]) -> tuple[str, str]:
    return "vcpkg.json", json.dumps({"name": name, "version": "1.0.0", "dependencies": packages}, indent=2) + "\n"


_WRITERS: Final = {
    "python": _python, "typescript": _node, "javascript": _node, "java": _maven, "go": _go, "csharp": _dotnet,
    "php": _composer, "ruby": _bundler, "rust": _cargo, "cpp": _vcpkg,
}  # fmt: skip
