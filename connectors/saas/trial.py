"""Tries a vendor's file that somebody writes: checks it, asks with the credentials at hand, and gives what it finds."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from connectors.api.archive import Archive
from connectors.saas.connector import SaasConnector
from connectors.saas.rows import VendorError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from connectors.api.policy import Policy
    from connectors.api.redact import Redactor
    from connectors.model import Coverage, Observation
    from connectors.saas.target import Target


@dataclass(frozen=True, slots=True)
class _File:
    """A vendor's file."""

    id: str
    api: Mapping[str, Any]
    collect: Sequence[Mapping[str, Any]]


def try_row(file: Path, target: Target, policy: Policy, redact: Redactor) -> Iterator[Observation | Coverage]:
    """What the rows of a file find: of each product area its observations, then how asking ended.

    What the file says under `mean` is for the classifiers, and is not looked at.

    Args:
        file: The vendor's file; its `service` must be the target's `vendor`.
        target: Whom to ask, and with what; `services` narrows it to product areas.
        policy: Bounds and manners.
        redact: Redacts answers.

    Raises:
        VendorError: The file cannot be read, or is wrong; the message names the row and the mend.
    """
    connector = SaasConnector(target, [read_file(file)], policy, Archive.live(), redact)
    return _asked(connector)


def read_file(file: Path) -> _File:
    """A vendor's file as plain data.

    Raises:
        VendorError: It cannot be read, is no YAML, or lacks `service`, `api` or `collect`.
    """
    from ruamel.yaml.error import YAMLError

    from connectors import yaml_nodes

    try:
        content = yaml_nodes.load(file.read_text("utf-8"))
        content = json.loads(json.dumps(content, default=str))
    except OSError as error:
        raise VendorError(f"{file}: {error.strerror}; name a readable file") from error
    except (YAMLError, UnicodeDecodeError, ValueError) as error:
        raise VendorError(f"{file}: not valid YAML: {' '.join(str(error).split())}") from error
    shapes = {"service": str, "api": dict, "collect": list}
    given = content if isinstance(content, dict) else {}
    if wrong := [name for name, shape in shapes.items() if not isinstance(given.get(name), shape)]:
        raise VendorError(f"{file}: lacks {', '.join(f'`{name}`' for name in wrong)}")
    if not all(isinstance(row, dict) for row in given["collect"]):
        raise VendorError(f"{file}: every row of `collect` is a mapping")
    return _File(f"saas/{given['service']}", given["api"], given["collect"])


def _asked(connector: SaasConnector) -> Iterator[Observation | Coverage]:
    for task in connector.plan().tasks:
        result = connector.run(task)
        yield from result.observations
        yield from result.coverage
