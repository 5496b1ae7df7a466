"""The generated reference: the command line from click, settings and JSON Schemas from the models, catalog and facts.

`python -m scanner.reference` writes the files into a checkout, and `--check` says which of them are not current.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from inventory.scope.schema import scope_schema
from scanner.cli import COMMANDS, cli
from scanner.reference_catalog import catalog_reference
from scanner.reference_facts import facts_reference
from scanner.reference_page import GENERATED, cell, table
from scanner.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pydantic import BaseModel

_DESCRIBED: Final = re.compile(r"^    (?P<name>\w+): (?P<text>.+(?:\n {8}.+)*)", re.MULTILINE)
_CLI_HEAD: Final = f"""{GENERATED}

# Command line

`aimscope` finds the AI systems that an organisation runs, and holds them against its declared scope.

Exit codes of `scan`: 0 complete, and nothing asks for a decision; 1 complete, and decisions are needed; 2 usage, settings
or scope document wrong; 3 incomplete; 4 incomplete, and decisions are needed; 70 a fault of aimscope. The other commands end
with 0 for good, 1 where they found faults or open decisions, and 2.
"""
_SETTINGS_HEAD: Final = f"""{GENERATED}

# Settings

`aimscope.yaml` says what to scan, with what, and where results go. `aimscope init` writes one to start from;
[its JSON Schema](../schemas/aimscope.schema.json) helps an editor to complete and check it. Paths are relative to the file.
It is never read from a scanned tree unless an option names it. A key that is not understood is an error.
"""


def cli_reference() -> str:
    """The page about the command line."""
    context = click.Context(cli)
    commands = [(name, found) for name in COMMANDS if (found := cli.get_command(context, name))]
    parts = [_CLI_HEAD, *_options(cli), *(part for name, command in commands for part in _command((name,), command))]
    return "\n".join(parts)


def settings_reference() -> str:
    """The page about the settings."""
    schema = _schema(Settings, "aimscope.yaml")
    parts = [_SETTINGS_HEAD, *_keys(schema)]
    for name, part in schema["$defs"].items():
        parts += [f"## {name}\n", f"{part['description']}\n", *_keys(part)]
    return "\n".join(parts)


def settings_schema() -> str:
    """The JSON Schema of the settings."""
    return json.dumps(_schema(Settings, "aimscope.yaml"), indent=2, ensure_ascii=False) + "\n"


PUBLISHED: Final[Mapping[str, Callable[[], str]]] = {
    "docs/reference/cli.md": cli_reference,
    "docs/reference/settings.md": settings_reference,
    "docs/reference/catalog.md": catalog_reference,
    "docs/reference/facts.md": facts_reference,
    "docs/schemas/aimscope.schema.json": settings_schema,
    "docs/schemas/aims-scope.schema.json": scope_schema,
}
"""Each file and what writes it."""


def stale(root: Path) -> list[str]:
    """The files of a checkout that are not as they would be written."""
    return [name for name, write in PUBLISHED.items() if _content(root / name) != write()]


def publish(root: Path) -> None:
    """Writes all files into a checkout."""
    for name, write in PUBLISHED.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(write(), encoding="utf-8")


def _content(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _command(path: tuple[str, ...], command: click.Command) -> Iterator[str]:
    arguments = [_argument(param) for param in command.params if isinstance(param, click.Argument)]
    more = ["COMMAND"] if isinstance(command, click.Group) else []
    yield f"{'#' * (len(path) + 1)} aimscope {' '.join(path)}\n"
    yield f"    aimscope {' '.join([*path, '[OPTIONS]', *arguments, *more])}\n"
    yield f"{_paragraphs(command.help or '')}\n"
    yield from _options(command)
    if isinstance(command, click.Group):
        for name, sub in command.commands.items():
            yield from _command((*path, name), sub)


def _argument(param: click.Argument) -> str:
    name = param.metavar or str(param.name).upper()
    if param.metavar:
        return name
    name += "..." if param.nargs != 1 else ""
    return name if param.required else f"[{name}]"


def _options(command: click.Command) -> Iterator[str]:
    options = [param for param in command.params if isinstance(param, click.Option) and not param.hidden]
    if options:
        yield table(
            ("option", "meaning"), ((_written(one), f"{cell(one.help or '')}{_default(one)}") for one in options)
        )


def _written(option: click.Option) -> str:
    takes_value = not (option.is_flag or option.count)
    names = [f"{name} {_value(option)}" if takes_value else name for name in [*option.opts, *option.secondary_opts]]
    return ", ".join(f"`{cell(name)}`" for name in names)


def _value(option: click.Option) -> str:
    if option.metavar:
        return option.metavar
    if isinstance(option.type, click.Choice):
        return "|".join(map(str, option.type.choices))
    return option.type.name.upper().partition(" ")[0]


def _default(option: click.Option) -> str:
    return f" Default: `{option.default}`." if option.show_default else ""


def _paragraphs(text: str) -> str:
    return "\n\n".join(" ".join(part.split()) for part in text.split("\n\n"))


def _schema(model: type[BaseModel], title: str) -> dict[str, Any]:
    """The JSON Schema of a model, with what docstrings say of each attribute at its key, where an editor shows it."""
    schema = model.model_json_schema(by_alias=True, mode="validation")
    for part in (schema, *schema["$defs"].values()):
        text, _, attributes = part.get("description", "").partition("\n\nAttributes:\n")
        part["description"] = " ".join(text.split())
        said = {match["name"]: " ".join(match["text"].split()) for match in _DESCRIBED.finditer(attributes)}
        for name, key in part["properties"].items():
            key.pop("title", None)
            key["description"] = said[name]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": title}


def _keys(part: Mapping[str, Any]) -> Iterator[str]:
    yield table(
        ("key", "value", "default", "meaning"),
        (
            (f"`{name}`", _type(key), _shown_default(key), cell(key["description"]))
            for name, key in part["properties"].items()
        ),
    )


def _type(key: Mapping[str, Any]) -> str:
    """What a key takes, in words; a text may be written as a number, so that the schema lists both."""
    if "$ref" in key:
        name = str(key["$ref"]).rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in key:
        kinds = dict.fromkeys(_type(one) for one in key["anyOf"] if one.get("type") != "null")
        if "text" in kinds:
            kinds = dict.fromkeys(kind for kind in kinds if "number" not in kind)
        return " or ".join(kinds)
    if key.get("type") == "array":
        return f"list of {_type(key['items'])}"
    if key.get("type") == "integer" and "minimum" in key:
        return (
            f"whole number, {key['minimum']:,} {'to ' + format(key['maximum'], ',') if 'maximum' in key else 'or more'}"
        )
    return {"string": "text", "integer": "whole number", "boolean": "true or false"}.get(str(key.get("type")), "number")


def _shown_default(key: Mapping[str, Any]) -> str:
    default = key.get("default")
    return "" if default in (None, [], {}) or isinstance(default, dict) else f"`{default}`"


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; end with 1 where a file is not current.")
def main(*, check: bool) -> None:
    """Write the generated reference into this checkout."""
    root = Path(__file__).parents[1]
    if not check:
        publish(root)
        return
    for name in (names := stale(root)):
        click.echo(f"{name}: is not current; run `python -m scanner.reference`")
    sys.exit(bool(names))


if __name__ == "__main__":
    main()
