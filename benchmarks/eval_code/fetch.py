"""Fetches the labelled packages with the registries' ordinary clients, and checks every byte.

`pip download` builds a source distribution to learn its dependencies, that is, runs code of the package; unearth (the
downloader of PDM) asks the same index and only downloads. `npm pack` only downloads.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tarfile
from typing import TYPE_CHECKING, Final

from benchmarks.eval_code.environment import CACHE, tool

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.eval_code.labels import Package

ARCHIVES: Final = CACHE / "archives"
UNEARTH: Final = "unearth==0.19.0"


class FetchError(Exception):
    """A package could not be had as it was labelled."""


def archive(package: Package) -> Path:
    """The package's archive, from the cache or from its registry.

    Raises:
        FetchError: If the registry does not serve it, or serves other bytes.
    """
    path = ARCHIVES / f"{package.sha256}.tar.gz"
    if not path.exists():
        folder = ARCHIVES / "incoming" / package.sha256
        folder.mkdir(parents=True, exist_ok=True)
        (_from_npm if package.source == "npm" else _from_pypi)(package, folder)
        _one_file(package, folder).replace(path)
        shutil.rmtree(folder)
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != package.sha256:
        path.unlink()
        raise FetchError(f"{package.key} {package.version}: sha256 is {found}, the label says {package.sha256}")
    return path


def unpack(package: Package, into: Path) -> Path:
    """Unpacks the archive and returns the folder in it that stands for the checkout."""
    folder = into / f"{package.name.replace('/', '-')}-{package.version}"
    with tarfile.open(archive(package)) as packed:
        packed.extractall(folder, filter="data")
    inner = [entry for entry in folder.iterdir() if entry.is_dir()]
    return inner[0] if len(inner) == 1 else folder


def _from_pypi(package: Package, folder: Path) -> None:
    wanted = f"{package.name}=={package.version}"
    _run(package, [str(tool(UNEARTH, "unearth")), "--no-binary", "--download", str(folder), wanted])


def _from_npm(package: Package, folder: Path) -> None:
    wanted = f"{package.name}@{package.version}"
    _run(package, ["npm", "pack", "--json", "--ignore-scripts", "--pack-destination", str(folder), wanted])


def _run(package: Package, command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        reason = (done.stderr or done.stdout).strip().splitlines() or ["no answer"]
        raise FetchError(f"{package.key} {package.version}: {command[0]} says: {reason[-1]}")


def _one_file(package: Package, folder: Path) -> Path:
    files = [path for path in folder.iterdir() if path.is_file()]
    if len(files) != 1:
        raise FetchError(f"{package.key} {package.version}: the registry's client left {len(files)} files")
    return files[0]
