"""Tells a bill of materials from other documents, and reads it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

from connectors.imports.bills import cyclonedx, spdx
from connectors.imports.opening import opened
from connectors.imports.problem import ImportProblem

if TYPE_CHECKING:
    from pathlib import Path

    from connectors.imports.bills.bill import Bill

_MAX_BILL: Final = 256 * 1024 * 1024
_JSON: Final = re.compile(
    rb'"bomFormat"\s*:\s*"CycloneDX"|"spdxVersion"\s*:|"@context"\s*:\s*\[?\s*"https://spdx\.org/rdf/|cyclonedx\.org/schema/bom'
)
_XML: Final = re.compile(rb"<(?:\w+:)?bom\s[^>]*cyclonedx\.org/schema/bom")
_TAGS: Final = re.compile(rb"^SPDXVersion:\s*SPDX-", re.MULTILINE)


def is_bill(head: bytes) -> bool:
    """Whether a file is a bill of materials, by its beginning."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith((b"{", b"[")):
        return _JSON.search(head) is not None
    return (_XML if start.startswith(b"<") else _TAGS).search(head) is not None


def read_bill(path: Path) -> Bill:
    """The bill in a file.

    Raises:
        ImportProblem: It is broken, or larger than a bill of materials ever is.
    """
    with opened(path) as stream:
        content = stream.read(_MAX_BILL + 1)
    if len(content) > _MAX_BILL:
        raise ImportProblem(f"is larger than {_MAX_BILL >> 20} MB; split the bill of materials by product")
    start = content.lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"<"):
        return cyclonedx.from_xml(start)
    if not start.startswith((b"{", b"[")):
        return spdx.from_tags(content.decode("utf-8", "replace"))
    try:
        document = json.loads(start)
    except (ValueError, RecursionError) as error:
        raise ImportProblem("is no whole JSON document; export the bill of materials again") from error
    if isinstance(document, dict) and "@graph" in document:
        return spdx.from_graph(document)
    if isinstance(document, dict) and ("bomFormat" in document or "specVersion" in document):
        return cyclonedx.from_json(document)
    return spdx.from_json(document)
