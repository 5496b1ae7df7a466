"""Imports a bill of materials: packages as those of a manifest, models and services as what they are."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from packageurl import PackageURL

from connectors.api.asset import asset
from connectors.imports.bills.bill import Bill, Kind, Part
from connectors.imports.bills.recognise import read_bill
from connectors.imports.coverage import coverage
from connectors.imports.preview import SHOWN, Preview
from connectors.model import Location, Observation, ObservationKind, Result

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from connectors.imports.given import Given

_SCOPE: Final = "materials"
_HUB: Final = "huggingface"
"""Type of package URL that names a model rather than a package."""

_IMAGES: Final = frozenset({"docker", "oci"})


class BillImporter:
    """Reads a bill of materials.

    Args:
        given: What reading needs.
    """

    def __init__(self, given: Given) -> None:
        self._given = given

    def read(self, path: Path) -> Result:
        """What the bill says."""
        return self._result(read_bill(path), path.name)

    def preview(self, path: Path) -> Preview:
        """How the bill is understood: it is read whole."""
        bill = read_bill(path)
        result = self._result(bill, path.name)
        told = sorted(result.observations, key=lambda one: one.kind is not ObservationKind.ASSET)
        return Preview(
            f"imports/{_SCOPE}", f"bill of materials, {bill.form}", first=told[:SHOWN], coverage=result.coverage
        )

    def _result(self, bill: Bill, file: str) -> Result:
        counts: Counter[str] = Counter()
        found = [self._subject(bill, file)]
        for ref, part in sorted(bill.parts.items()):
            counts[f"{part.kind}s"] += 1
            seen = list(self._observed(bill, ref, part, file)) if ref != bill.subject or part.kind is Kind.MODEL else []
            counts["dropped: not looked for"] += not seen
            found += seen
        counts["taken"] = len(found) - 1
        cut = "holds more parts than are read; split it by product" if bill.cut else ""
        return Result(found, [coverage(self._given.source, _SCOPE, counts, 0, cut)])

    def _subject(self, bill: Bill, file: str) -> Observation:
        """The unit that the bill is about, as a manifest marks one."""
        part = bill.parts.get(bill.subject)
        attributes: dict[str, str | bool] = {"folder": "", "manifest": bill.form}
        keys: tuple[str, ...] = ()
        if part is not None and (package := _package(part)):
            attributes |= {"ecosystem": package[0], "project": package[1], "program": False}
            keys = tuple(self._given.packages(*package))
        return Observation(ObservationKind.UNIT, "", Location(self._given.source, file), keys, attributes)

    def _observed(self, bill: Bill, ref: str, part: Part, file: str) -> Iterator[Observation]:
        url = _url(part)
        if part.kind is Kind.MODEL or (url and url.type == _HUB):
            yield self._asset(part, "model", models=(_title(part, url),))
        elif part.kind is Kind.DATASET:
            yield self._asset(part, "dataset")
        elif part.kind is Kind.SERVICE:
            yield from self._service(part)
        elif url and url.type in _IMAGES:
            yield from self._image(url, file)
        elif package := _package(part):
            yield from self._packaged(bill, ref, part, package, file)

    def _service(self, part: Part) -> Iterator[Observation]:
        if keys := sorted({key for host in part.hosts for key in self._given.signals.of_host(host)}):
            found = self._asset(part, "service", hosts=part.hosts)
            yield replace(found, matchers=(*found.matchers, *keys))

    def _image(self, url: PackageURL, file: str) -> Iterator[Observation]:
        registry = str((url.qualifiers or {}).get("repository_url", ""))
        image = "/".join(filter(None, (registry, _joined(url))))
        if keys := sorted(self._given.signals.of_image(image)):
            yield Observation(ObservationKind.IMAGE, image, Location(self._given.source, file), tuple(keys))

    def _packaged(self, bill: Bill, ref: str, part: Part, package: tuple[str, str], file: str) -> Iterator[Observation]:
        ecosystem, name = package
        keys = tuple(sorted(self._given.packages(ecosystem, name)))
        attributes: dict[str, str | bool] = {
            "ecosystem": ecosystem, "version": part.version, "purl": part.purl, "lock": False,
            "scope": "test" if part.scope == "excluded" else "runtime", "direct": bill.is_direct(ref),
        }  # fmt: skip
        snippet = f"{name} {part.version}".strip()[:120]
        if keys:
            yield Observation(
                ObservationKind.PACKAGE, name, Location(self._given.source, file), keys, attributes, snippet
            )

    def _asset(self, part: Part, row: str, models: tuple[str, ...] = (), hosts: tuple[str, ...] = ()) -> Observation:
        title = models[0] if models else part.name
        return asset(
            ObservationKind.ASSET, self._given.rows.part(row), f"{self._given.source}/{row}/{title}", source=self._given.source,
            scope=_SCOPE, title=title, models=models, hosts=hosts, version=part.version, purl=part.purl, publisher=part.publisher, task=part.task,
        )  # fmt: skip


def _url(part: Part) -> PackageURL | None:
    try:
        return PackageURL.from_string(part.purl) if part.purl else None
    except ValueError:
        return None


def _package(part: Part) -> tuple[str, str] | None:
    """Ecosystem and name of a part, where its package URL tells them."""
    url = _url(part)
    return (url.type, _joined(url)) if url else None


def _joined(url: PackageURL) -> str:
    return f"{url.namespace}/{url.name}" if url.namespace else url.name


def _title(part: Part, url: PackageURL | None) -> str:
    return _joined(url) if url and url.type == _HUB else part.name
