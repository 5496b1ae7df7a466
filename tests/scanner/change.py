"""A repository with a main branch and a change on another, and `aimscope gate` run on it."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click import ClickException
from click.testing import CliRunner

from scanner.commands.gate import command

SCOPE = """\
document:
  organisation: Acme
entries:
  - id: chat
    status: in_scope
    bind: repo:github.com/acme/shop#services/chat
    justification: Customers read what it writes.
    baseline:
      models: [gpt-4.1-mini]
      providers: [openai]
  - id: lab
    status: excluded
    bind: repo:github.com/acme/shop#lab
    justification: An experiment that nothing runs.
    conditions:
      - {fact: deployed, op: equals, value: false}
policy:
  - forbid: {provider: [deepseek]}
    because: Its terms were refused.
"""
CHAT = """\
from openai import OpenAI

client = OpenAI()
answer = client.chat.completions.create(model="gpt-4.1-mini", messages=[])
"""


def project(name: str, *needs: str) -> str:
    """A manifest."""
    return f'[project]\nname = "{name}"\nversion = "1"\ndependencies = {json.dumps(list(needs))}\n'


@dataclass(frozen=True)
class Gated:
    """How the gate ended.

    Attributes:
        code: The exit code.
        said: What it printed, or the error.
    """

    code: int
    said: str

    @property
    def report(self) -> dict[str, Any]:
        """The JSON report."""
        return dict(json.loads(self.said))

    @property
    def verdicts(self) -> dict[str, str]:
        """Name of the subject to its status."""
        return {one["name"]: one["status"] for one in self.report["verdicts"]}

    @property
    def findings(self) -> set[tuple[str, str]]:
        """Path and name of what is added or altered."""
        changed = {one["id"] for one in self.report["gate"]["findings"]}
        return {(one["location"]["path"], one["name"]) for one in self.report["findings"] if one["id"] in changed}

    @property
    def systems(self) -> set[str]:
        """Names of the systems added, or of another kind."""
        changed = {one["id"] for one in self.report["gate"]["systems"]}
        return {one["name"] for one in self.report["systems"] if one["id"] in changed}


class Repository:
    """A git repository."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir(parents=True, exist_ok=True)
        self.git("init", "-q", "-b", "main")
        self.git("remote", "add", "origin", "https://github.com/acme/shop.git")

    def git(self, *arguments: str, folder: Path | None = None) -> str:
        """Runs git as somebody."""
        name = {f"GIT_{part}_{what}": "a@example.org" for part in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        alone = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
        run = subprocess.run(
            ["git", "-c", "protocol.file.allow=always", *arguments], cwd=folder or self.root, check=True,
            capture_output=True, text=True, errors="surrogateescape", env={**os.environ, **name, **alone},
        )  # fmt: skip
        return run.stdout.strip()

    def write(self, path: str, text: str | bytes) -> None:
        """Writes a file."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())

    def commit(self) -> None:
        """Commits everything."""
        self.git("add", "--all")
        self.git("commit", "-q", "--allow-empty", "-m", "work")

    def branch(self) -> None:
        """Begins a change."""
        self.git("checkout", "-q", "-b", "change")

    def gate(self, *options: str, base: str = "main", path: Path | None = None, form: str = "json") -> Gated:
        """Runs the gate on it."""
        arguments = [str(path or self.root), "--base", base, "--format", form, *options]
        ended = CliRunner().invoke(command, arguments, standalone_mode=False)
        if isinstance(ended.exception, ClickException):
            return Gated(ended.exception.exit_code + (ended.exception.exit_code == 1), ended.exception.format_message())
        if ended.exception is not None:
            raise ended.exception
        return Gated(int(ended.return_value), ended.output)


def shop(root: Path) -> Repository:
    """A repository with a chat service in scope, an excluded experiment and a billing service, on a branch of a change."""
    repository = Repository(root)
    repository.write("aims-scope.yaml", SCOPE)
    repository.write("services/chat/pyproject.toml", project("chat", "openai>=1"))
    repository.write("services/chat/chat.py", CHAT)
    repository.write("services/billing/pyproject.toml", project("billing"))
    repository.write("services/billing/main.py", "total = 1\n")
    repository.write("lab/pyproject.toml", project("lab", "anthropic"))
    repository.write("lab/try.py", "import anthropic\n\nanthropic.Anthropic()\n")
    repository.commit()
    repository.branch()
    return repository
