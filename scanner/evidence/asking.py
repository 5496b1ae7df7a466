"""Questions that facts raise, as rows of data: for the risk register, and for the EU AI Act."""

from __future__ import annotations

import datetime  # noqa: TC003 - pydantic reads the annotation
from functools import cache
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from inventory.fact_values import FactName  # noqa: TC001 - pydantic reads the annotation
from inventory.facts import KnownFacts, definition, known_value, show
from inventory.model import Origin
from inventory.scope.conditions import Truth, evaluate
from inventory.scope.document import Condition
from inventory.validation import Strict, Text
from scanner.evidence.components import Reference, rows_of

if TYPE_CHECKING:
    from collections.abc import Iterator


class Question(Strict):
    """A question to a person.

    Attributes:
        ask: The question.
        when: Facts that raise it, all of them; always where there is none.
    """

    ask: Text
    when: tuple[Condition, ...] = ()


class Category(Reference):
    """A category of the risk register.

    Attributes:
        id: Its name in the keys of the register.
        title: Its name for people.
        facts: The facts that bear on it.
        questions: What the facts leave open.
    """

    id: Text
    title: Text
    facts: Annotated[tuple[FactName, ...], Field(min_length=1)]
    questions: tuple[Question, ...] = ()


class Article(Reference):
    """A question that the EU AI Act puts.

    Attributes:
        id: Its name for programs.
        title: What it is about.
        ask: The question.
        when: The attested or declared facts that raise it, all of them.
        applies: The day from which the duty holds, where the sources agree on one.
    """

    id: Text
    title: Text
    ask: Text
    when: Annotated[tuple[Condition, ...], Field(min_length=1)]
    applies: datetime.date | None = None


@cache
def categories() -> tuple[Category, ...]:
    """The categories of the risk register."""
    return rows_of("risks.yaml", Category)


@cache
def articles() -> tuple[Article, ...]:
    """The questions of the EU AI Act."""
    return rows_of("eu_ai_act.yaml", Article)


def bearing(category: Category, known: KnownFacts) -> tuple[str, ...]:
    """The known facts that bear on a category, with how they are known."""
    stated = ((name, known.of(name)) for name in category.facts)
    return tuple(
        f"{name}: {show(value)} ({facts[0].origin})"
        for name, facts in stated
        if (value := known_value(facts)) is not None
    )


def left_open(category: Category, known: KnownFacts) -> tuple[str, ...]:
    """What the facts leave open about a category."""
    return tuple(dict.fromkeys(_left_open(category, known)))


def raised(known: KnownFacts) -> tuple[Article, ...]:
    """The questions of the EU AI Act that attested and declared facts raise."""
    said = {name: tuple(f for f in facts if f.origin in _SAID) for name, facts in known.facts.items()}
    vouched = KnownFacts({name: facts for name, facts in said.items() if facts}, covered=False)
    return tuple(article for article in articles() if _all_hold(article.when, vouched))


_SAID = frozenset({Origin.ATTESTED, Origin.DECLARED})


def _left_open(category: Category, known: KnownFacts) -> Iterator[str]:
    for name in category.facts:
        row = definition(name)
        if row and row.question and not known.of(name):
            yield row.question
    yield from (question.ask for question in category.questions if _all_hold(question.when, known))


def _all_hold(conditions: tuple[Condition, ...], known: KnownFacts) -> bool:
    return all(evaluate(condition, known).truth is Truth.HOLDS for condition in conditions)
