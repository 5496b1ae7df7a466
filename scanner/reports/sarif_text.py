"""Texts and addresses as SARIF takes them, from sources that may say anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from scanner.reports.plain import plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from connectors.model import Location

Object = dict[str, Any]
"""An object of the log."""

SOURCE_ROOT: Final = "%SRCROOT%"
_LONGEST: Final = 2000


def message(*lines: str) -> Object:
    """A message, in which nothing from a source acts as a link or as a placeholder."""
    text = "\n".join(plain(line, _LONGEST) for line in lines if line)
    return {"text": text.replace("{", "{{").replace("}", "}}").replace("](", "] (")}


def bases(sources: Sequence[str]) -> dict[str, str]:
    """Source to the name of the folder that its paths start at: the one that viewers know, where there is one source."""
    if len(sources) == 1:
        return {sources[0]: SOURCE_ROOT}
    return {source: f"%SRCROOT_{number}%" for number, source in enumerate(sources, start=1)}


def artifact(path: str, base: str | None) -> Object:
    """A file, by its percent-encoded path below a base; without a base where its source is not of this scan."""
    located = {"uri": uri(path)}
    return {**located, "uriBaseId": base} if base else located


def uri(path: str) -> str:
    """A path as a relative URI: its bytes as they are on disk, percent-encoded. It never names a host."""
    relative = path.lstrip("/")
    try:
        return quote(relative, safe="/", errors="surrogateescape")
    except UnicodeEncodeError:
        return quote(relative, safe="/", errors="surrogatepass")


def place(location: Location, base_of: Mapping[str, str], said: Object) -> Object:
    """A location with what is to be said there; a cloud account, and a source as a whole, have no file to point at."""
    if not location.path or not location.source.startswith("repo:"):
        name = f"{location.source}/{location.path}" if location.path else location.source
        return {"logicalLocations": [{"fullyQualifiedName": plain(name)}], "message": said}
    physical: Object = {"artifactLocation": artifact(location.path, base_of.get(location.source))}
    if location.line:
        physical["region"] = {"startLine": location.line}
    return {"physicalLocation": physical, "message": said}
