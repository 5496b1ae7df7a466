"""What a scope document may hold, so that what an import writes can be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from inventory.intake.problem import IntakeError
from inventory.yaml_file import MAX_BYTES, MAX_VALUES

if TYPE_CHECKING:
    from pathlib import Path


def require_readable(path: Path, text: str, values: int) -> None:
    """Refuses a document that no command could read.

    Raises:
        IntakeError: It would be too large.
    """
    size = len(text.encode())
    if size > MAX_BYTES or values > MAX_VALUES:
        raise IntakeError(
            f"{path}: would have {size:,} bytes and {values:,} values; a scope document has {MAX_BYTES:,} and {MAX_VALUES:,} at most. "
            "Import parts of the inventory into scope documents of their own. Nothing was written."
        )


def count_values(value: Any) -> int:
    """How many values a value is made of, as the reader of YAML counts them."""
    if isinstance(value, dict):
        return 1 + sum(map(count_values, value.values()))
    return 1 + (sum(map(count_values, value)) if isinstance(value, list | tuple) else 0)
