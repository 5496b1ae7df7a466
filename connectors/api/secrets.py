"""Secrets that settings name and never hold: an environment variable, or a command that prints one."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING, Final

from connectors.api.errors import ApiError
from connectors.model import Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

_COMMAND_SECONDS: Final = 60


def from_environment(name: str) -> str:
    """The secret in an environment variable.

    Raises:
        ApiError: It is not set.
    """
    if value := os.environ.get(name, "").strip():
        return value
    raise ApiError(Outcome.DENIED, f"the environment variable {name} is not set; set it", expired=True)


def from_command(command: Sequence[str]) -> str:
    """The token that a program prints.

    Raises:
        ApiError: It prints none.
    """
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_COMMAND_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired, UnicodeDecodeError) as error:
        raise ApiError(
            Outcome.DENIED, f"`{command[0]}` of `token_command` gave no token ({type(error).__name__})", expired=True
        ) from error
    token = done.stdout.strip()
    if done.returncode or not token or any(blank in token for blank in "\r\n"):
        said = f"ended with {done.returncode}" if done.returncode else "printed no single line"
        raise ApiError(Outcome.DENIED, f"`{command[0]}` of `token_command` {said}; run it by hand", expired=True)
    return token
