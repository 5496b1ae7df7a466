"""Reading theme files of the knowledge base."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import ValidationError
from ruamel.yaml.error import YAMLError

from classifiers.errors import CatalogError
from classifiers.rows import Theme
from connectors import yaml_nodes

if TYPE_CHECKING:
    from pathlib import Path


def read_theme(file: Path) -> Theme:
    """Reads and validates one file.

    Raises:
        CatalogError: It cannot be read, is no YAML, or a row is wrong.
    """
    try:
        content = yaml_nodes.load(file.read_text("utf-8"))
    except OSError as error:
        raise CatalogError(f"{file}: {error.strerror}; name a readable file under `catalog`") from error
    except (YAMLError, UnicodeDecodeError) as error:
        raise CatalogError(f"{file}: not valid YAML: {' '.join(str(error).split())}") from error
    try:
        return Theme.model_validate(content)
    except ValidationError as error:
        raise CatalogError("\n".join(_problems(file, content, error))) from error


def _problems(file: Path, content: object, error: ValidationError) -> list[str]:
    problems = []
    for problem in error.errors(include_url=False, include_input=False):
        where = ".".join(str(part) for part in problem["loc"])
        problems.append(f"{file}: {_row_id(content, problem['loc'])}{where}: {problem['msg']}")
    return problems


def _row_id(content: object, place: tuple[int | str, ...]) -> str:
    match content, place:
        case {"rows": list(rows)}, ("rows", int(index), *_) if index < len(rows) and isinstance(rows[index], dict):
            return f"row {rows[index].get('id', index)}: "
    return ""
