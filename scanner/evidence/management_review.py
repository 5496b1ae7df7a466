"""The input to a management review: what the pack says, in the order of a review, with room for what people decide."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from inventory.validation import Text, Texts  # noqa: TC001 - pydantic reads the annotations
from scanner.evidence.components import STANDARD, Reference, rows_of
from scanner.evidence.html import page as html_page
from scanner.reports.markdown import prose

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scanner.evidence.model import Evidence, Section


class Input(Reference):
    """What a review looks at.

    Attributes:
        title: Its heading.
        components: Sections of the pack that say something about it.
        asks: What people have to add.
    """

    title: Text
    components: Texts = ()
    asks: Text

    @property
    def clause(self) -> str:
        """The clauses in words."""
        return f"{STANDARD}, {', '.join(self.clauses)}{self.practice}"


@dataclass(frozen=True, slots=True)
class Item:
    """An input with the sections that say something about it."""

    input: Input
    sections: tuple[Section, ...]


def items(evidence: Evidence) -> tuple[Item, ...]:
    """The inputs in the order of a review."""
    by_id = {section.component.id: section for section in evidence.sections}
    return tuple(Item(one, tuple(by_id[name] for name in one.components)) for one in _inputs())


def page(evidence: Evidence) -> bytes:
    """The document as HTML."""
    return html_page("management-review.html.j2", evidence=evidence, items=items(evidence))


def markdown(evidence: Evidence) -> str:
    """The document as Markdown."""
    return "\n".join(_lines(evidence)) + "\n"


@cache
def _inputs() -> tuple[Input, ...]:
    return rows_of("management_review.yaml", Input)


def _lines(evidence: Evidence) -> Iterator[str]:
    basis = evidence.basis
    yield f"# Input to the management review{f' of {prose(basis.organisation)}' if basis.organisation else ''}"
    yield ""
    yield f"As of {basis.day}, from {basis.scan}. {prose(basis.covered)} The evidence is in the pack that this document is part of."
    for number, item in enumerate(items(evidence), start=1):
        yield from ("", f"## {number}. {item.input.title}", "", f"*{item.input.clause}*", "")
        for section in item.sections:
            for point in section.points:
                yield f"- {'**Open:** ' if point.open else ''}{prose(point.text)} ({section.component.title}, `{section.component.folder}/`)"
        yield from ("", f"To add: {item.input.asks}", "", "Decision: ", "", "Responsible, and by when: ")
