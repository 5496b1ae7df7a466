"""A folder with a small git repository of somebody's, and `aimscope` run in it as its user would."""

from __future__ import annotations

import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest

from scanner.cli import main

CHAT = """\
from openai import OpenAI

client = OpenAI()
answer = client.chat.completions.create(model="gpt-4.1-mini", messages=[])
"""
PROJECT = '[project]\nname = "chat"\nversion = "1"\ndependencies = ["openai>=1"]\n'


@dataclass(frozen=True)
class Ended:
    """How a command ended, and what it printed."""

    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, str]]:
        """The table that it printed, by heading."""
        lines = [line.split("\t") for line in self.out.splitlines() if "\t" in line]
        return [dict(zip(lines[0], row, strict=True)) for row in lines[1:]]


class Estate:
    """One organisation's folder: a repository with a chat service that calls OpenAI, and where its user stands."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self._patch = patch
        for name in ("AIMSCOPE_ID_TOKEN", "SOURCE_DATE_EPOCH"):
            patch.delenv(name, raising=False)
        patch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
        patch.setenv("GIT_CONFIG_SYSTEM", "/dev/null")
        patch.chdir(folder)

    def found(self) -> None:
        """Makes the repository."""
        self._git("init", "--quiet", "--initial-branch=main")
        self.acts_as("Ann Lee", "ann@example.org")
        self._git("remote", "add", "origin", "https://github.com/acme/shop.git")
        self.write("services/chat/pyproject.toml", PROJECT)
        self.write("services/chat/chat.py", CHAT)
        self.commit()

    def acts_as(self, name: str, address: str) -> None:
        """Sets git's user of the repository."""
        self._git("config", "user.name", name)
        self._git("config", "user.email", address)

    def write(self, path: str, text: str) -> None:
        """Writes a file."""
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def read(self, path: str) -> str:
        """The text of a file."""
        return (self.folder / path).read_text(encoding="utf-8")

    def commit(self) -> None:
        """Commits everything."""
        self._git("add", "--all")
        self._git("commit", "--quiet", "--message=work")

    def __call__(self, *arguments: str) -> Ended:
        """Runs `aimscope` in this process, through the function that the installed command calls."""
        self._patch.setattr(sys, "argv", ["aimscope", *arguments])
        out, err = StringIO(), StringIO()
        with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as ended:
            main()
        return Ended(int(ended.value.code or 0), out.getvalue(), err.getvalue())

    def scan(self, *options: str) -> int:
        """Scans what the settings name, and gives the exit code."""
        return self("--quiet", "scan", "--format", "none", *options).code

    def verdict(self, name: str = "chat") -> dict[str, str]:
        """The row of the review on the system of this name."""
        (row,) = [row for row in self("review", "--all").rows if row["name"] == name]
        return row

    def id_of(self, name: str = "chat") -> str:
        """The id of the system of this name."""
        return self.verdict(name)["id"]

    def _git(self, *arguments: str) -> None:
        subprocess.run(["git", *arguments], cwd=self.folder, check=True, capture_output=True)
