"""Reads attestations from the YAML file that people write.

```yaml
attestations:
  - system: repo:github.com/acme/shop#services/chat   # an anchor, or the system's id
    fact: personal_data
    value: false
    by: Jane Doe
    role: data protection officer
    date: 2027-01-31
    seen: the record of processing activities, version 4
    expires: 2028-01-31
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import model_validator

from inventory.attestation import Attestation
from inventory.fact_values import FactName, fact_value
from inventory.facts import definition
from inventory.model import Origin
from inventory.validation import Day, Strict, Text, validate
from inventory.yaml_file import InputError, read_yaml

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Attestation", "AttestationError", "load_attestations"]


class AttestationError(InputError):
    """The file of attestations cannot be used; `problems` says where and why, and the mend."""


class _Row(Strict):
    system: Text
    fact: FactName
    value: Any
    by: Text
    role: Text
    date: Day
    seen: Text | None = None
    expires: Day | None = None

    @model_validator(mode="before")
    @classmethod
    def _read_value(cls, data: Any) -> Any:
        if not isinstance(data, dict) or data.get("value") is None or not isinstance(data.get("fact"), str):
            return data
        row = definition(data["fact"])
        if row is None:
            return data
        if Origin.ATTESTED not in row.origins:
            raise ValueError(f"`{row.name}` cannot be attested. Remove it, or attest another fact")
        return {**data, "value": fact_value(row, data["value"])}


class _File(Strict):
    attestations: tuple[_Row, ...] = ()


def load_attestations(path: Path) -> tuple[Attestation, ...]:
    """Reads a file of attestations.

    Raises:
        AttestationError: It cannot be read, or does not hold attestations.
    """
    try:
        file = read_yaml(path)
        rows = validate(_File, file).attestations
    except InputError as error:
        raise AttestationError(error.problems) from error
    return tuple(
        Attestation(
            system=row.system,
            fact=row.fact,
            value=row.value,
            by=row.by,
            role=row.role,
            date=row.date,
            seen=row.seen or "",
            expires=row.expires,
            place=f"{path.name}:{file.line(('attestations', index))}",
        )
        for index, row in enumerate(rows)
    )
