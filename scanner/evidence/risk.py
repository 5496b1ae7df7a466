"""Component 3: the risk register, started for each system in scope. Facts and questions are ours, all else is people's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inventory.register.document import Risk, risk_id
from scanner.evidence.asking import bearing, categories, left_open, raised
from scanner.evidence.components import components
from scanner.evidence.model import Point, Section, table
from scanner.reports.wording import count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from inventory.register.sheet import RiskRow
    from scanner.evidence.ground import Ground
    from scanner.evidence.model import Table


def section(ground: Ground) -> Section:
    """The risk register and the questions of the EU AI Act."""
    register, duties = _register(ground), _duties(ground)
    return Section(components()["risk"], tuple(_points(ground, duties)), (register, _sources(), duties))


def rows(ground: Ground) -> tuple[RiskRow, ...]:
    """The rows of the register for a sheet: each system in scope and each category, with what people have filled in."""
    from inventory.register.sheet import RiskRow  # openpyxl only for a sheet

    return tuple(
        RiskRow(
            ground.risk(one, category.id) or Risk(id=risk_id(one.id, category.id), name=one.name),
            one.name, category.title, bearing(category, one.known), left_open(category, one.known),
        )
        for one in ground.in_scope
        for category in categories()
    )  # fmt: skip


def completeness(ground: Ground) -> tuple[int, int]:
    """How many rows of the register are filled in, and how many there are."""
    found = [ground.risk(one, category.id) for one in ground.in_scope for category in categories()]
    return sum(row is not None and not row.missing for row in found), len(found)


def _points(ground: Ground, duties: Table) -> Iterator[Point]:
    done, all_rows = completeness(ground)
    if not all_rows:
        yield Point("No system is in scope, so the register has no row.")
        return
    yield Point(f"{done:,} of the {count(all_rows, 'row')} of the register are filled in.", open=done < all_rows)
    unscreened = [one for one in ground.in_scope if not one.known.of("uses")]
    if unscreened:
        yield Point(
            f"Of {count(len(unscreened), 'system')} in scope nobody has attested what it is used for (the fact `uses`), so that "
            "Article 5 and Annex III of the EU AI Act cannot be screened.",
            open=True,
        )
    if duties.rows:
        yield Point(
            f"Attested or declared facts raise {count(len(duties.rows), 'question')} of the EU AI Act.", open=True
        )
    keys = {
        risk_id(subject, category.id)
        for one in ground.in_scope
        for subject in (one.id, *one.former)
        for category in categories()
    }
    if astray := sorted(set(ground.register.risks) - keys):
        yield Point(
            f"{count(len(astray), 'row')} of the register are about no system in scope, and are kept: {', '.join(astray[:5])}"
            f"{' and others' if len(astray) > 5 else ''}."  # noqa: PLR2004 - as many as are named
        )


def _register(ground: Ground) -> Table:
    headings = {
        "id": "Row", "system": "System", "category": "Category", "facts": "Facts that bear on it",
        "questions": "Open questions", "risk": "Risk", "treatment": "Treatment", "controls": "Controls",
        "acceptor": "Risk acceptor", "residual": "Residual rating", "review_when": "Review again when",
        "missing": "Still to fill in",
    }  # fmt: skip
    found = []
    for one in ground.in_scope:
        for category in categories():
            row = ground.risk(one, category.id) or Risk(id=risk_id(one.id, category.id))
            found.append((
                row.id, one.name, category.title, bearing(category, one.known), left_open(category, one.known), row.risk,
                row.treatment.value if row.treatment else "", row.controls, row.acceptor, row.residual, row.review_when,
                row.missing,
            ))  # fmt: skip
    return table("register", "The AI risk register", headings, found, "No system is in scope.")


def _sources() -> Table:
    headings = {
        "category": "Category",
        "clauses": "Clauses",
        "read": "Standard's text read",
        "source": "Source",
        "checked": "Checked",
    }
    found = [(row.title, row.clauses, row.read, row.source, row.checked) for row in categories()]
    return table("categories", "Where the categories come from", headings, found, "")


def _duties(ground: Ground) -> Table:
    headings = {
        "system": "System", "name": "Name", "about": "About", "question": "Question", "raised_by": "Raised by",
        "articles": "Articles", "applies": "Applies from", "read": "Text read", "source": "Source", "checked": "Checked",
    }  # fmt: skip
    found = []
    for one in ground.in_scope:
        for article in raised(one.known):
            facts = [f"{name}: {fact.value if not isinstance(fact.value, tuple) else ', '.join(fact.value)} ({'; '.join(fact.evidence) or fact.origin})"
                     for name in dict.fromkeys(condition.fact for condition in article.when)
                     for fact in one.known.of(name) if fact.origin in {"attested", "declared"}]  # fmt: skip
            found.append((
                one.id, one.name, article.title, article.ask, facts, article.clauses, article.applies, article.read,
                article.source, article.checked,
            ))  # fmt: skip
    return table(
        "eu-ai-act", "Questions of the EU AI Act, put to a person", headings, found,
        "No attested or declared fact raises a question of the EU AI Act. That answers none of them.",
    )  # fmt: skip
