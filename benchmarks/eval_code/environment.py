"""The cache, and one virtual environment for each tool that the evaluation installs."""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path
from typing import Final

CACHE: Final = Path(__file__).resolve().parents[1] / ".cache"


def tool(requirement: str, command: str) -> Path:
    """A command of a pinned distribution, installed into an environment of its own on first use.

    Raises:
        subprocess.CalledProcessError: If it cannot be installed.
    """
    folder = CACHE / "tools" / requirement
    path = folder / "bin" / command
    if not path.exists():
        venv.create(folder, with_pip=True, clear=True)
        install = [str(folder / "bin" / "python"), "-m", "pip", "install", "-qq", requirement]
        subprocess.run(install, check=True)
    return path


def own_command() -> Path:
    """The `aimscope` beside the Python that runs the evaluation."""
    return Path(sys.executable).with_name("aimscope")
