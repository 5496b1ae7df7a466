from __future__ import annotations

import textwrap
from collections.abc import Callable

import pytest

from connectors.code.manifests import Manifest, parse, recognise

Row = tuple[str, str, str, str, bool, int]
Read = Callable[..., Manifest]


@pytest.fixture
def read() -> Read:
    """Reads a manifest as the scanner does: recognised by its path, everything wanted unless said otherwise."""

    def read(path: str, text: str | bytes, *, wanted: Callable[[str, str], bool] = lambda *_: True) -> Manifest:
        content = text if isinstance(text, bytes) else textwrap.dedent(text).removeprefix("\n").encode()
        kind = recognise(path)
        assert kind is not None, path
        return parse(kind, path, content, wanted)

    return read


@pytest.fixture
def rows() -> Callable[[Manifest], list[Row]]:
    """The dependencies of a manifest without problems: ecosystem, name, version, scope, direct, line."""

    def rows(manifest: Manifest) -> list[Row]:
        assert manifest.problems == ()
        return [(d.ecosystem, d.name, d.version, d.scope.value, d.direct, d.line) for d in manifest.dependencies]

    return rows
