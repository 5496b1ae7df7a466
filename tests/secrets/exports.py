"""A file of every format that imports read, with canaries in every cell and field that may hold one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.connectors.imports.test_bills import FORMS
from tests.connectors.imports.test_logs import LOOKED_UP, REACHED
from tests.connectors.imports.test_spreadsheets import saved, workbook
from tests.secrets.canaries import EMAIL, OPAQUE, OWNER, PERSON, SECRETS, in_text
from tests.secrets.planting import Planter

_TABLES = {
    "apps.csv": ["App name", "Publisher", "Domain", "Client ID", "User", "Owner", "Status", "Scopes", "Department", "Notes", "Category"],
    "discovered.csv": ["Cloud app", "Vendor", "Domain", "User", "Risk score", "Action", "Last used"],
    "extensions.csv": ["Extension name", "Extension ID", "Publisher", "User", "Version", "Permissions", "Browser"],
    "programs.csv": ["Software name", "Publisher", "Version", "Device name", "Install date", "Platform"],
    "spending.csv": ["Merchant", "Amount", "Currency", "Employee", "Department", "Budget owner", "Category", "Memo"],
}  # fmt: skip
_UNREADABLE = str.maketrans({"\n": " ", '"': None, ";": ","})
"""What would make another table of it."""

_PEOPLE = {"User", "Employee", "Device name"}
_PLAIN = {
    "Amount": "12.00",
    "Currency": "USD",
    "Install date": "2026-01-02",
    "Last used": "2026-01-02",
    "Version": "1.2",
}


def exports(folder: Path) -> list[dict[str, Any]]:
    """Writes them, and names them as sources."""
    folder.mkdir()
    sources = []
    for name, content in (*_logs(), *_bills(), *_tables()):
        (folder / name).write_bytes(content)
        sources.append({"imports": {"file": str(folder / name)}})
    return sources


def _logs() -> Iterator[tuple[str, bytes]]:
    hook = SECRETS["openai"]
    for form, log in (REACHED | LOOKED_UP).items():
        planted = log.replace("ann", EMAIL).replace("/v1", f"/v1?key={hook}&user={EMAIL}")
        planted = planted.replace("https://api.openai.com", f"https://planted:{OPAQUE}@api.openai.com")
        yield f"{form}.log", planted.encode()


def _bills() -> Iterator[tuple[str, bytes]]:
    fixed = frozenset({
        "bomFormat", "specVersion", "type", "bom-ref", "ref", "dependsOn", "purl", "spdxVersion", "SPDXID", "referenceType",
        "referenceCategory", "referenceLocator", "relationshipType", "spdxElementId", "relatedSpdxElement", "documentDescribes",
        "@context", "spdxId", "from", "to", "externalIdentifierType", "identifier", "software_packageUrl", "rootElement",
    })  # fmt: skip
    for form, bill in FORMS.items():
        if bill.startswith("{"):
            yield f"{form}.json", json.dumps(Planter(fixed)(json.loads(bill))).encode()
        else:
            planted = bill.replace(">completions<", f">completions {EMAIL} {SECRETS['openai']}<")
            planted = planted.replace("https://api", f"https://planted:{OPAQUE}@api").replace("ann@acme.example", EMAIL)
            yield (
                f"{form}.{'xml' if 'xml' in form else 'spdx'}",
                planted.replace("Person: Ann", f"Person: {PERSON}").encode(),
            )


def _tables() -> Iterator[tuple[str, bytes]]:
    for name, header in _TABLES.items():
        rows = [[_cell(column, turn) for column in header] for turn in range(len(SECRETS) + 2)]
        yield name, "\n".join(",".join(f'"{cell}"' for cell in row) for row in [header, *rows]).encode()
        if name == "apps.csv":
            sheet: list[list[object]] = [[*row] for row in [header, *rows]]
            yield "apps.xlsx", saved(workbook(*sheet))


def _cell(column: str, turn: int) -> str:
    if column in _PEOPLE:
        return f"{PERSON} {EMAIL}"
    if "owner" in column.lower():
        return OWNER
    if column == "Domain":
        return f"https://planted:{OPAQUE}@chat.openai.com/?user={EMAIL}"
    value = (
        "Slack Technologies"
        if column in {"App name", "Cloud app", "Merchant", "Software name", "Extension name"}
        else "x"
    )
    return _PLAIN.get(column) or in_text(value, turn).translate(_UNREADABLE)
