from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from inventory.intake.importing import Imported, import_file
from inventory.intake.mapping import mapping_named
from inventory.intake.plan import Step
from inventory.intake.reader import read
from inventory.intake.trace import FILE_NAME
from inventory.scope.load import load_scope
from inventory.transaction import Files


@dataclass
class Desk:
    """A folder with a scope document, into which files are imported."""

    folder: Path

    @property
    def scope(self) -> Path:
        return self.folder / "aims-scope.yaml"

    @property
    def trace(self) -> Path:
        return self.folder / FILE_NAME

    def take(self, name: str, content: str | bytes, **options: Any) -> Imported:
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return self.take_file(path, **options)

    def take_file(
        self, path: Path, *, mapping: str = "", sheet: str = "", status: str = "", write: bool = True
    ) -> Imported:
        taken = read(path, mapping=mapping_named(mapping) if mapping else None, sheet=sheet, status=status)
        files = Files(self.scope, self.folder / "aims-decisions.jsonl")
        return import_file(path, files, taken, clean=lambda text: text, write=write)

    def entries(self) -> dict[str, dict[str, Any]]:
        """The entries of the scope document, as a reader of it has them."""
        document = load_scope(self.scope).document
        return {one.id: one.model_dump(mode="json", exclude_defaults=True) for one in document.entries}

    def bytes(self) -> tuple[bytes, bytes]:
        return self.scope.read_bytes(), self.trace.read_bytes()


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture
def outcomes() -> Callable[[Imported], dict[str, str]]:
    def by_id(found: Imported) -> dict[str, str]:
        def said(step: Step) -> str:
            return step.because or step.outcome.value

        return {step.entry_id: said(step) for step in found.steps}

    return by_id
