"""The JSON Schema of `aims-scope.yaml`, for editors and for other tools. `docs/schemas/` holds it as a file."""

from __future__ import annotations

import json
import re
import sys
from typing import Any

from inventory.scope.document import ScopeDocument

_ATTRIBUTE = re.compile(r"^    (?P<name>\w+): (?P<text>.+(?:\n {8}.+)*)", re.MULTILINE)


def scope_schema() -> str:
    """The schema as the text of the published file."""
    schema = ScopeDocument.model_json_schema(by_alias=True, mode="validation")
    for part in (schema, *schema["$defs"].values()):
        _describe_keys(part)
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "aims-scope.yaml"}
    return json.dumps(head, indent=2, ensure_ascii=False) + "\n"


def _describe_keys(part: dict[str, Any]) -> None:
    """Moves what a docstring says of each attribute to the key, where an editor shows it."""
    text, _, attributes = part.get("description", "").partition("\n\nAttributes:\n")
    part["description"] = " ".join(text.split())
    said = {match["name"]: " ".join(match["text"].split()) for match in _ATTRIBUTE.finditer(attributes)}
    for name, key in part.get("properties", {}).items():
        key.pop("title", None)
        if description := said.get(_ATTRIBUTE_OF.get(name, name)):
            key["description"] = description


_ATTRIBUTE_OF = {"in": "boundary"}
"""Keys that are no names in Python."""


if __name__ == "__main__":
    sys.stdout.write(scope_schema())
