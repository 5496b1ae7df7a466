"""What every importer is given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date
    from pathlib import Path

    from connectors.api.redact import Redactor
    from connectors.api.signals import Signals
    from connectors.imports.preview import Preview
    from connectors.imports.rows import Rows
    from connectors.imports.suggestions import Products
    from connectors.model import Result


@dataclass(frozen=True, slots=True)
class Given:
    """What an importer needs beside the file.

    Attributes:
        source: Identity of the source.
        rows: The rows of the knowledge base.
        signals: Keys of host names and models.
        packages: Keys of a package, by its ecosystem and name.
        products: Looks names up.
        redact: Takes people out.
        today: The day of the scan.
        workers: Processes at most; 0 for as many as there are processors.
    """

    source: str
    rows: Rows
    signals: Signals
    packages: Callable[[str, str], Sequence[str]]
    products: Products
    redact: Redactor
    today: date
    workers: int = 0


class Importer(Protocol):
    """Reads a file that was recognised."""

    def read(self, path: Path) -> Result:
        """What the file says.

        Raises:
            ImportProblem: It cannot be read.
        """

    def preview(self, path: Path) -> Preview:
        """How the file is understood, from its beginning.

        Raises:
            ImportProblem: It cannot be read.
        """
