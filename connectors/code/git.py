"""Runs git as a scanner may: no hooks, no prompts, nothing written, no program that a configuration names."""

from __future__ import annotations

import os
import subprocess
from typing import IO, TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_TIMEOUT: Final = 900
_SAFE: Final = (
    "-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false", "-c", "protocol.ext.allow=never",
    "-c", "safe.directory=*", "-c", "submodule.recurse=false", "-c", "filter.lfs.smudge=", "-c", "filter.lfs.process=",
    "-c", "filter.lfs.required=false", "-c", "http.followRedirects=false", "-c", "core.fsync=none",
)  # fmt: skip

_NO_NETWORK: Final = {"protocol.allow": "never"}
"""A partial clone would else fetch what it lacks in the middle of a question about what is here."""

_NO_FILTER: Final = {"clean": "", "smudge": "", "process": "", "required": "false"}


def run(
    arguments: list[str], folder: Path | None = None, credentials: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Runs git and gives what it said; a git that is missing or too slow is an answer as well, never an exception.

    Args:
        arguments: The command and its arguments.
        folder: Where it runs.
        credentials: Environment variables that let it in.
    """
    try:
        return subprocess.run(
            _command(folder, arguments), capture_output=True, text=True, errors="replace", timeout=_TIMEOUT,
            env=_environment(credentials or {}), check=False, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except (FileNotFoundError, subprocess.TimeoutExpired) as error:
        return subprocess.CompletedProcess([], 127, "", _why(error))


def converse(arguments: tuple[str, ...], folder: Path) -> subprocess.Popen[bytes]:
    """A git that answers questions one by one about a repository on this machine; nothing goes over the network.

    Raises:
        OSError: git is not installed.
    """
    command = _command(folder, ("-c", "protocol.allow=never", *arguments))
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=_environment({})
    )


class LocalGit:
    """Asks one repository on this machine. Nothing goes over the network, and no filter of a configuration runs."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._settings: Mapping[str, str] = {}
        self._settings = self._without_filters()

    def ask(self, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        """What git answers, byte for byte: a path need not be text."""
        try:
            return subprocess.run(
                _command(self._folder, arguments), capture_output=True, timeout=_TIMEOUT,
                env=_environment(self._settings), check=False, stdin=subprocess.DEVNULL,
            )  # fmt: skip
        except (FileNotFoundError, subprocess.TimeoutExpired) as error:
            return subprocess.CompletedProcess([], 127, b"", _why(error).encode())

    def line(self, *arguments: str) -> str:
        """What git answers in a line; empty where it refuses."""
        answer = self.ask(*arguments)
        return "" if answer.returncode else os.fsdecode(answer.stdout).removesuffix("\n")

    def stream(self, arguments: tuple[str, ...], questions: IO[bytes]) -> subprocess.Popen[bytes]:
        """A git that takes its questions from a file, and whose answers are read as they come."""
        return subprocess.Popen(
            _command(self._folder, arguments), stdin=questions, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env=_environment(self._settings),
        )  # fmt: skip

    def _without_filters(self) -> dict[str, str]:
        """Settings that switch off every filter that any configuration names: git runs them on files that it compares."""
        listed = self.ask("config", "--null", "--name-only", "--get-regexp", r"^filter\.").stdout
        filters = {os.fsdecode(name).rpartition(".")[0] for name in listed.split(b"\0") if name}
        settings = [*_NO_NETWORK.items()]
        settings += [(f"{name}.{key}", value) for name in sorted(filters) for key, value in _NO_FILTER.items()]
        environment = {"GIT_CONFIG_COUNT": str(len(settings))}
        for number, (key, value) in enumerate(settings):
            environment |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
        return environment


def _command(folder: Path | None, arguments: list[str] | tuple[str, ...]) -> list[str]:
    where = ["-C", str(folder)] if folder else []
    return ["git", *_SAFE, *where, *arguments]


def _environment(further: Mapping[str, str]) -> dict[str, str]:
    return {
        **os.environ,
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_LFS_SKIP_SMUDGE": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "LC_ALL": "C",
        **further,
    }


def _why(error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return "git is not installed"
    return f"git did not answer within {_TIMEOUT} s"
