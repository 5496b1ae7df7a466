"""Imports a text as a user's file, with the rows that ship and a small catalog of products."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from rapidfuzz import fuzz

from classifiers.services import load_services
from connectors import imports
from connectors.api.redact import Redactor
from connectors.api.signals import Signals
from connectors.imports.preview import Preview
from connectors.imports.reading import Reader
from connectors.imports.suggestions import Suggestion
from connectors.model import Coverage, Observation, Result

TODAY = date(2026, 11, 23)
HOSTS = {
    "api.openai.com": ("openai/host/api.openai.com",),
    "claude.ai": ("anthropic/host/claude.ai",),
    ".openai.azure.com": ("azure-openai/host/.openai.azure.com",),
}
SIGNALS = Signals(hosts=HOSTS, images={"ollama/ollama": ("ollama/image/ollama/ollama",)})
SERVICES = load_services("imports")


class FewProducts:
    """Knows three products by name, as the catalog of products does for many."""

    def suggest(self, name: str) -> Sequence[Suggestion]:
        known = {"openai-chatgpt": "OpenAI ChatGPT", "slack": "Slack", "notion": "Notion"}
        descriptors = {"openai-chatgpt": "OPENAI *CHATGPT SUBSCR"}
        scores = [
            Suggestion(key, text, fuzz.token_set_ratio(name.lower(), text.lower()), descriptors.get(key, ""))
            for key, text in known.items()
        ]
        return sorted((one for one in scores if one.score >= 80), key=lambda one: -one.score)


def packages(ecosystem: str, name: str) -> tuple[str, ...]:
    wanted = {("pypi", "openai"), ("npm", "@langchain/core"), ("maven", "dev.langchain4j/langchain4j")}
    return (f"row/package/{name}",) if (ecosystem, name) in wanted else ()


def reader(path: Path, reads: str = "", workers: int = 1, sheet: str = "") -> Reader:
    target = imports.Target(str(path), reads=reads, sheet=sheet, workers=workers)
    return imports.reader(
        target, SERVICES, Redactor(b"test"), SIGNALS, packages=packages, products=FewProducts(), today=TODAY
    )


def written(folder: Path, content: str | bytes, name: str = "export.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def imported(folder: Path, content: str | bytes, reads: str = "", name: str = "export.csv") -> Result:
    return reader(written(folder, content, name), reads).read()


def previewed(folder: Path, content: str | bytes, reads: str = "") -> Preview:
    return reader(written(folder, content), reads).preview()


def only(result: Result) -> Observation:
    (observation,) = result.observations
    return observation


def coverage(result: Result) -> Coverage:
    (part,) = result.coverage
    return part
