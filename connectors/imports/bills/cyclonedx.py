"""CycloneDX 1.0 to 1.7, JSON and XML, with machine-learning models, datasets and services.

Source: https://cyclonedx.org/docs/1.6/json/. Read from the raw document: object models drop what they do not know, as the
model card.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from xml.etree.ElementTree import ParseError

from connectors.imports import cells
from connectors.imports.bills.bill import Bill, Kind, Part, listed, mapping, named, text
from connectors.imports.problem import ImportProblem

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_KINDS: Final = {"machine-learning-model": Kind.MODEL, "data": Kind.DATASET}
_MAX_DEPTH: Final = 20
_LISTS: Final = {
    "components": "component", "services": "service", "endpoints": "endpoint", "dependencies": "dependency",
}  # fmt: skip
"""Elements of XML that hold a list, and what their members are called."""


def from_json(document: Any) -> Bill:
    """The bill in a JSON document."""
    given = mapping(document)
    bill = Bill(f"CycloneDX {text(given.get('specVersion'))}".strip())
    subject = mapping(mapping(given.get("metadata")).get("component"))
    if subject:
        bill.subject = _ref(subject)
        _add_component(bill, subject, 0)
    for component in listed(given.get("components")):
        _add_component(bill, mapping(component), 0)
    for service in listed(given.get("services")):
        _add_service(bill, mapping(service), 0)
    for dependency in map(mapping, listed(given.get("dependencies"))):
        needed = {ref for one in listed(dependency.get("dependsOn")) if (ref := text(one))}
        bill.needs.setdefault(text(dependency.get("ref")), set()).update(needed)
    return bill


def from_xml(content: bytes) -> Bill:
    """The bill in an XML document.

    Raises:
        ImportProblem: It is not XML, or holds what no bill needs: entities, a document type.
    """
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        root = fromstring(content, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise ImportProblem(
            f"is no XML that can be trusted ({type(error).__name__}); export it again, or as JSON"
        ) from error
    document = mapping(_plain(root, 0))
    version = root.tag.partition("}")[0].rpartition("/")[2] if root.tag.startswith("{") else ""
    return from_json({**document, "specVersion": version})


def _plain(element: Element, depth: int) -> Any:
    """An element as the JSON form of CycloneDX has it."""
    if depth > _MAX_DEPTH:
        return None
    name = _local(element)
    if name in _LISTS:
        return [_plain(child, depth + 1) for child in element if _local(child) == _LISTS[name]]
    if not len(element) and not (name == "dependency" and element.attrib):
        return (element.text or "").strip()
    if name == "dependency":
        return {"ref": element.get("ref"), "dependsOn": [child.get("ref") for child in element]}
    return {
        **dict(element.attrib),
        **{_local(child): _plain(child, depth + 1) for child in element},
    }


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _ref(component: Any) -> str:
    return text(component.get("bom-ref")) or text(component.get("purl"))


def _add_component(bill: Bill, component: Any, depth: int) -> None:
    group, name = text(component.get("group")), text(component.get("name"))
    card = mapping(mapping(component.get("modelCard")).get("modelParameters"))
    kind = _KINDS.get(text(component.get("type")), Kind.PACKAGE)
    if kind is not Kind.DATASET or _is_dataset(component):
        bill.add(
            Part(
                _ref(component), kind, f"{group}/{name}" if group else name, text(component.get("version")),
                text(component.get("purl")), named(component.get("manufacturer") or component.get("supplier") or component.get("publisher")),
                text(component.get("scope")), text(card.get("task")),
            )
        )  # fmt: skip
    if depth < _MAX_DEPTH:
        for part in listed(component.get("components")):
            _add_component(bill, mapping(part), depth + 1)


def _is_dataset(component: Any) -> bool:
    """Whether a component of data is what a model learns from; others are configuration and the like."""
    return any(text(mapping(one).get("type")) == "dataset" for one in listed(component.get("data")))


def _add_service(bill: Bill, service: Any, depth: int) -> None:
    group, name = text(service.get("group")), text(service.get("name"))
    hosts = tuple(sorted({host for one in listed(service.get("endpoints")) if (host := cells.host(text(one)))}))
    bill.add(
        Part(
            text(service.get("bom-ref")), Kind.SERVICE, f"{group}/{name}" if group else name, text(service.get("version")),
            publisher=named(service.get("provider")), hosts=hosts,
        )
    )  # fmt: skip
    if depth < _MAX_DEPTH:
        for part in listed(service.get("services")):
            _add_service(bill, mapping(part), depth + 1)
