"""Checks of the knowledge base beyond the shape of its rows: references, conflicts, and every example."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from classifiers.themes import read_theme
from connectors.code import tokens
from connectors.code.artifacts import ContentIndex, PathIndex
from connectors.code.matchers import ContentMatcher, Matchers, canonical_package

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from classifiers.products import Products
    from classifiers.rows import ContentPattern, ModelPattern, Row
    from classifiers.services import Service

_ONE_OWNER: Final = ("packages", "hosts", "env", "images", "actions", "iac")
"""What may stand in one row only: in two, one fact would be found twice."""


def check(files: Sequence[Path]) -> list[str]:
    """Everything that is wrong with the rows of these files, a sentence each.

    Raises:
        classifiers.catalog.CatalogError: A file cannot be read, or a row has the wrong shape.
    """
    rows = [(file, row) for file in files for row in read_theme(file).rows]
    problems = [*_repeated_ids(rows), *_unknown_providers(rows), *_conflicts(rows)]
    for file, row in rows:
        problems += [f"{file.name}: row {row.id}: {problem}" for problem in _examples(row)]
    return problems


def check_named(services: Iterable[Service], products: Products, known: frozenset[str]) -> Iterator[str]:
    """What services and products name that is nowhere, a sentence each.

    Args:
        services: The services of all connectors.
        products: The catalog of products.
        known: Ids of the rows of the knowledge base.
    """
    for service in services:
        providers = {service.provider, *(mean.provider for mean in service.mean.values())} - {"", None}
        for provider in sorted(str(name) for name in providers - known):
            yield f"{service.id}: provider {provider} is no row; add it or name another"
        named = {mean.product for mean in service.mean.values()} - {None}
        for product in sorted(str(name) for name in named - set(products.by_id)):
            yield f"{service.id}: product {product} is not in the catalog; add it or name another"
    for one in products.by_id.values():
        if one.provider and one.provider not in known:
            yield f"product {one.id}: provider {one.provider} is no row; add it or name another"


def _repeated_ids(rows: Iterable[tuple[Path, Row]]) -> Iterator[str]:
    first: dict[str, Path] = {}
    for file, row in rows:
        if row.id in first:
            yield f"{file.name}: row {row.id} stands in {first[row.id].name} too; give one another id, or join them"
        first.setdefault(row.id, file)


def _unknown_providers(rows: Sequence[tuple[Path, Row]]) -> Iterator[str]:
    known = {row.id for _, row in rows}
    for file, row in rows:
        named = {row.provider, *(pattern.provider for pattern in row.models)} - {None}
        for provider in sorted(str(name) for name in named - known):
            yield f"{file.name}: row {row.id}: provider {provider} is no row; add it or name another"


def _conflicts(rows: Iterable[tuple[Path, Row]]) -> Iterator[str]:
    owners: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for _, row in rows:
        for key in set(_owned(row)):
            owners[key].append(row.id)
    for (kind, text), ids in sorted(owners.items()):
        if len(ids) > 1:
            yield f"{kind} {text} stands in the rows {', '.join(sorted(ids))}; leave it in one"


def _owned(row: Row) -> Iterator[tuple[str, str]]:
    for ecosystem, names in row.packages.items():
        for name in names:
            yield f"{ecosystem} package", canonical_package(ecosystem, name)
    for dialect, types in row.iac.items():
        for name in types:
            yield f"{dialect} type", name
    for kind, texts in (("host", row.hosts), ("variable", row.env), ("image", row.images), ("action", row.actions)):
        for text in texts:
            yield kind, text


def _examples(row: Row) -> Iterator[str]:
    for pattern in row.models:
        yield from _model_examples(pattern)
    for file in row.files:
        index = PathIndex(Matchers(files=((file.glob, "x"),)))
        yield from _outcomes(file.glob, file.match, file.never, index.keys)
    for value in row.values:
        whole = re.compile(_pattern(value.value), re.DOTALL)
        yield from _outcomes(value.value, value.match, value.never, whole.fullmatch)
    for content in row.content:
        yield from _content_examples(content)
    if row.examples:
        yield from _outcomes("wildcards", row.examples.match, row.examples.never, lambda text: _wild(row, text))


def _outcomes(what: str, match: Iterable[str], never: Iterable[str], fits: Callable[[str], object]) -> Iterator[str]:
    for text in match:
        if not fits(text):
            yield f"{what} does not match its example {text!r}; mend one of them"
    for text in never:
        if fits(text):
            yield f"{what} matches {text!r}, which it must not; make it narrower"


def _model_examples(pattern: ModelPattern) -> Iterator[str]:
    yield from _outcomes(
        pattern.pattern, pattern.match, pattern.never, lambda text: tokens.expression(pattern.pattern).match(text)
    )
    for text in pattern.match:
        if not any(literal in text.lower() for literal in pattern.contains):
            yield f"{pattern.pattern}: no literal of `contains` stands in {text!r}; add one"


def _content_examples(content: ContentPattern) -> Iterator[str]:
    contains = tuple(text.encode() for text in content.contains)
    matcher = ContentMatcher("x", content.extensions, content.offset, bytes.fromhex(content.magic), contains)
    index = ContentIndex(Matchers(contents=(matcher,)))

    def fits(text: str) -> bool:
        extension, colon, head = text.rpartition(":")
        return bool(index.keys(extension if colon else "", bytes.fromhex(head)))

    yield from _outcomes(f"content {content.magic or content.extensions}", content.match, content.never, fits)


def _wild(row: Row, example: str) -> bool:
    """Whether a row with wildcards matches an example written as `kind:text`."""
    kind, _, text = example.partition(":")
    if kind == "host":
        return any(tokens.host_in(text, host.removeprefix("*")) for host in row.hosts)
    if kind == "image":
        return _any_fits(row.images, text)
    for ecosystem, names in row.packages.items():
        if ecosystem == kind:
            return _any_fits((canonical_package(kind, name) for name in names), canonical_package(kind, text))
    return any(_any_fits(names, text) for dialect, names in row.iac.items() if dialect == kind)


def _any_fits(names: Iterable[str], text: str) -> bool:
    return any(re.fullmatch(_pattern(name), text) for name in names)


def _pattern(name: str) -> str:
    """A literal as an expression; a trailing `*` lets anything follow."""
    return re.escape(name.removesuffix("*")) + (".*" if name.endswith("*") else "")
