"""SPDX 2.2 and 2.3, JSON and tag-value, and SPDX 3.0 as JSON-LD with its AI and dataset profiles.

Sources: https://spdx.github.io/spdx-spec/v2.3/, https://spdx.github.io/spdx-spec/v3.0.1/.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from connectors.imports.bills.bill import Bill, Kind, Part, listed, mapping, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_NEEDS: Final = frozenset({"DEPENDS_ON", "CONTAINS", "DYNAMIC_LINK", "STATIC_LINK", "HAS_PREREQUISITE"})
_NEEDED_BY: Final = frozenset({
    "DEPENDENCY_OF", "RUNTIME_DEPENDENCY_OF", "CONTAINED_BY", "PREREQUISITE_FOR", "OPTIONAL_DEPENDENCY_OF", "PROVIDED_DEPENDENCY_OF",
})  # fmt: skip
_ORGANISATION: Final = re.compile(r"Organization:\s*([^(]+)")
_TAG: Final = re.compile(r"^([A-Za-z]+):\s*(.*)$")
_NEEDS_3: Final = frozenset(
    {"dependsOn", "contains", "hasDynamicLink", "hasStaticLink", "hasPrerequisite", "usesTool", "hasOptionalDependency"}
)
_KINDS_3: Final = {
    "software_package": Kind.PACKAGE, "ai_aipackage": Kind.MODEL, "dataset_datasetpackage": Kind.DATASET,
}  # fmt: skip


def from_json(document: Any) -> Bill:
    """The bill in a JSON document of SPDX 2; also as an API of a code host wraps it."""
    given = mapping(document)
    given = mapping(given.get("sbom")) or given
    bill = Bill(text(given.get("spdxVersion")).replace("-", " "))
    described = [text(one) for one in listed(given.get("documentDescribes"))]
    for package in map(mapping, listed(given.get("packages"))):
        refs = [
            (text(ref.get("referenceType")), text(ref.get("referenceLocator")))
            for ref in map(mapping, listed(package.get("externalRefs")))
        ]
        bill.add(_package({**package, "purl": next((locator for kind, locator in refs if kind == "purl"), "")}))
    for relation in map(mapping, listed(given.get("relationships"))):
        _relate(
            bill,
            described,
            text(relation.get("spdxElementId")),
            text(relation.get("relationshipType")),
            text(relation.get("relatedSpdxElement")),
        )
    bill.subject = next((one for one in described if one), "")
    return bill


def from_tags(content: str) -> Bill:
    """The bill in a tag-value document."""
    bill = Bill("SPDX")
    described: list[str] = []
    package: dict[str, str] = {}
    for tag, value in _tags(content):
        if tag == "SPDXVersion":
            bill.form = value.replace("-", " ")
        elif tag in {"PackageName", "FileName", "SnippetSPDXID"}:
            bill.add(_package(package))
            package = {"name": value} if tag == "PackageName" else {}
        elif tag in _TAGS and package:
            package[_TAGS[tag]] = value
        elif tag == "ExternalRef" and " purl " in value:
            package["purl"] = value.split()[-1]
        elif tag == "Relationship" and len(words := value.split()) >= len(("from", "type", "to")):
            _relate(bill, described, words[0], words[1], words[2])
    bill.add(_package(package))
    bill.subject = next(iter(described), "")
    return bill


_TAGS: Final = {"SPDXID": "SPDXID", "PackageVersion": "versionInfo", "PackageSupplier": "supplier"}


def from_graph(document: Any) -> Bill:
    """The bill in a JSON-LD document of SPDX 3."""
    bill = Bill("SPDX 3")
    elements = [mapping(one) for one in listed(mapping(document).get("@graph") or document)]
    for element in elements:
        kind = _KINDS_3.get(_type(element))
        if kind is not None:
            bill.add(
                Part(
                    _id(element), kind, text(element.get("name")), text(element.get("software_packageVersion")), _purl(element),
                    task="; ".join(text(one) for one in listed(element.get("ai_domain")))[:200],
                )
            )  # fmt: skip
        elif _type(element) == "relationship" and text(element.get("relationshipType")) in _NEEDS_3:
            needed = bill.needs.setdefault(text(element.get("from")), set())
            needed.update(text(one) for one in listed(element.get("to")))
        elif _type(element) in {"software_sbom", "sbom", "spdxdocument"}:
            roots = [ref for one in listed(element.get("rootElement")) if (ref := text(one))]
            bill.subject = (
                next((root for root in roots if root in bill.parts), "") or bill.subject or next(iter(roots), "")
            )
    return bill


def _type(element: Mapping[str, Any]) -> str:
    return (text(element.get("type")) or text(element.get("@type"))).rpartition("/")[2].lower()


def _id(element: Mapping[str, Any]) -> str:
    return text(element.get("spdxId")) or text(element.get("@id"))


def _purl(element: Mapping[str, Any]) -> str:
    if purl := text(element.get("software_packageUrl")):
        return purl
    identifiers = map(mapping, listed(element.get("externalIdentifier")))
    return next(
        (text(one.get("identifier")) for one in identifiers if text(one.get("identifier")).startswith("pkg:")), ""
    )


def _package(given: Mapping[str, Any]) -> Part:
    organisation = _ORGANISATION.match(text(given.get("supplier")))
    return Part(
        text(given.get("SPDXID")), Kind.PACKAGE, text(given.get("name")), text(given.get("versionInfo")), text(given.get("purl")),
        organisation[1].strip() if organisation else "",
    )  # fmt: skip


def _relate(bill: Bill, described: list[str], one: str, relation: str, other: str) -> None:
    if relation == "DESCRIBES":
        described.append(other)
    elif relation == "DESCRIBED_BY":
        described.append(one)
    elif relation in _NEEDS:
        bill.needs.setdefault(one, set()).add(other)
    elif relation in _NEEDED_BY:
        bill.needs.setdefault(other, set()).add(one)


def _tags(content: str) -> Iterator[tuple[str, str]]:
    """Tags and their values on one line; what stands between <text> marks over several lines is prose."""
    prose = False
    for line in content.splitlines():
        if not prose and (found := _TAG.match(line)):
            prose = "<text>" in line and "</text>" not in line
            yield found[1], found[2].strip()
        elif "</text>" in line:
            prose = False
