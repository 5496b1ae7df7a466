"""What a user sets about a file that is imported."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Target:
    """A file that a person exported, and how to read it.

    Attributes:
        file: Path of the file, plain or compressed with gzip or Zstandard.
        name: Name of the source, `import:<name>`; empty for the file's own name. Give it one where exports of
            the same thing come under changing file names, so that each replaces the one before.
        reads: Id of the row or log format that reads it, as `apps/app` or `squid`; empty to recognise it.
        sheet: Name of the sheet of a spreadsheet; empty for the one whose columns are understood best.
        workers: Processes at most for a large log; 0 for as many as there are processors.
    """

    file: str = ""
    name: str = ""
    reads: str = ""
    sheet: str = ""
    workers: int = 0

    @property
    def source(self) -> str:
        """Identity of the source."""
        return f"import:{self.name or Path(self.file).name}"
