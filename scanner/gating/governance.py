"""What a change is judged by: settings, scope document, ledger, rows and attestations as the base has them.

A pull request must neither command the scanner nor exclude itself, so that nothing of this is read from the checkout.
Copies from the base stand in a folder of ours, in the same places relative to each other.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from scanner.workspace import LEDGER_FILE, SETTINGS_FILE, Workspace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from connectors.code.base import Base
    from scanner.settings import Settings

SCOPE_FILE = "aims-scope.yaml"


class GateError(Exception):
    """What governs the change cannot be used; the message says which file, what is wrong and the mend."""


@dataclass(frozen=True, slots=True)
class Named:
    """Files that options name; none where they do not."""

    settings: Path | None = None
    scope: Path | None = None
    ledger: Path | None = None
    catalog: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Governance:
    """What governs.

    Attributes:
        workspace: Where it is, copies included.
        files: Paths in the checkout of what governs, or would if the base had it.
        repo_id: Identity that the settings give to the checkout, or the empty string.
    """

    workspace: Workspace
    files: frozenset[str]
    repo_id: str = ""


@contextmanager
def governance(base: Base, named: Named) -> Iterator[Governance]:
    """What governs a change, while the copies last.

    What an option or the settings name inside the checkout is taken from the base, what they name outside from there.

    Raises:
        GateError: The base lacks a file that is named, or one of them is wrong; also from what is done with them.
    """
    with tempfile.TemporaryDirectory(prefix="aimscope-") as folder:
        copies = _Copies(base, Path(folder).resolve())
        try:
            yield _governance(copies, named)
        except Exception as error:
            if (said := str(error)) != (mended := copies.in_words(said)):
                raise GateError(mended) from error
            raise


def _governance(copies: _Copies, named: Named) -> Governance:
    written = named.settings or copies.base.root / SETTINGS_FILE
    file = copies.of(written, needed=named.settings is not None)
    if file is None:
        workspace, repo_id = _without_settings(copies, named), ""
    else:
        from scanner.settings import load_settings  # it imports every connector

        settings = load_settings(file)
        workspace, repo_id = (
            _with_settings(copies, named, settings, written.parent),
            _identity(copies, settings, written),
        )
    return Governance(workspace, frozenset(copies.asked), repo_id)


def _without_settings(copies: _Copies, named: Named) -> Workspace:
    root = copies.base.root
    scope = copies.of(named.scope or root / SCOPE_FILE, needed=named.scope is not None)
    return Workspace(
        scope=scope,
        ledger=copies.ledger(named, root / LEDGER_FILE),
        catalog=copies.all(named.catalog),
    )


def _with_settings(copies: _Copies, named: Named, settings: Settings, beside: Path) -> Workspace:
    scope = named.scope or (beside / settings.scope if settings.scope else None)
    meant = named.scope is not None or "scope" in settings.model_fields_set
    return Workspace(
        scope=copies.of(scope, needed=meant) if scope else None,
        ledger=copies.ledger(named, beside / settings.ledger),
        catalog=copies.all([*(beside / name for name in settings.catalog), *named.catalog]),
        attestations=copies.all(beside / name for name in settings.attestations),
        workers=settings.engine.workers,
        limits=settings.limits.limits(),
    )


def _identity(copies: _Copies, settings: Settings, file: Path) -> str:
    """The `id` of the source that is the checkout itself."""
    root = copies.base.root.resolve()
    here = (one.id for one in settings.sources if one.path and (file.parent / one.path).resolve() == root)
    return next((name for name in here if name), "")


@dataclass(slots=True)
class _Copies:
    """Copies of files of the base."""

    base: Base
    folder: Path
    asked: set[str] = field(default_factory=set)

    def of(self, file: Path, *, needed: bool) -> Path | None:
        """Where to read a file that is named by its place in the checkout or elsewhere; none where the base lacks it."""
        path = self._inside(file)
        if path is None:
            return file
        self.asked.add(path)
        content = self.base.read(path)
        if content is None and needed:
            raise GateError(
                f"{self.base.name} has no {path}, and the checkout's own does not count: "
                "merge it first, or name a file outside the checkout"
            )
        if content is None:
            return None
        copy = self.folder / path
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(content)
        return copy

    def all(self, files: Iterable[Path]) -> tuple[Path, ...]:
        """Where to read files that have to be there."""
        return tuple(copy for file in files if (copy := self.of(file, needed=True)))

    def ledger(self, named: Named, usual: Path) -> Path:
        """Where to read the ledger; it need not exist."""
        beside = named.scope.parent / LEDGER_FILE if named.scope else usual
        return self.of(named.ledger or beside, needed=named.ledger is not None) or self.folder / LEDGER_FILE

    def in_words(self, said: str) -> str:
        """A message with the base's names for the copies."""
        return said.replace(f"{self.folder}{os.sep}", f"{self.base.name}:")

    def _inside(self, file: Path) -> str | None:
        """The path of a file in the checkout, by the folders that its name goes through; none where it lies elsewhere.

        A link in the checkout leads nowhere else: the change may have made it.
        """
        root = self.base.root.resolve()
        whole = Path(os.path.normpath(file.absolute()))
        top = next((folder for folder in reversed(whole.parents) if folder.resolve() == root), None)
        return whole.relative_to(top).as_posix() if top else None
