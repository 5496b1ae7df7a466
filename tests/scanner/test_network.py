"""Asking estates: what dies takes nothing with it, and what answered nothing is never taken for seen."""

from __future__ import annotations

from classifiers.apps import Apps
from classifiers.products import Products
from connectors.api.task import Plan, Task
from connectors.model import Coverage, Outcome, Result
from inventory.coverage import CoverageIndex, Place
from inventory.estate import TagKeys
from scanner.collecting import Progress
from scanner.network import Asked, Estate, Estates, ask

SOURCE = "account:aws:111122223333"


class Told:
    """An estate that gives what it is told to."""

    def __init__(self, *coverage: Coverage, sources: tuple[str, ...] = (SOURCE,)) -> None:
        self._coverage = coverage
        self._sources = sources

    def plan(self) -> Plan:
        tasks = tuple(Task(part.source, part.scope, (), part.scope) for part in self._coverage)
        return Plan(self._sources, tasks)

    def run(self, task: Task) -> Result:
        return Result(coverage=[part for part in self._coverage if part.scope == task.scope])


class Dying:
    """An estate that dies while it is planned."""

    def plan(self) -> Plan:
        raise KeyError("a secret")

    def run(self, task: Task) -> Result:
        raise AssertionError(task)


def asked(*members: Estate) -> Asked:
    return ask(Estates(members, (), 2, TagKeys(), Apps(Products({}, {}))), Progress())


def test_an_estate_that_cannot_be_planned_stops_no_other() -> None:
    given = asked(
        Estate("aws 1", Dying()), Estate("aws 2", Told(Coverage(SOURCE, "eu-west-1/bedrock", Outcome.COMPLETE)))
    )
    index = CoverageIndex(given.summary())
    assert index.fully(Place(SOURCE))
    (gap,) = [part for part in given.summary() if part.outcome is Outcome.FAILED]
    assert (gap.source, gap.scope) == ("estate:aws 1", "")
    assert "a secret" not in gap.reason


def test_a_source_that_answered_nothing_was_not_seen() -> None:
    silent = asked(Estate("aws 1", Told()))
    assert not CoverageIndex(silent.summary()).fully(Place(SOURCE))
    failed = asked(Estate("aws 1", Told(Coverage(SOURCE, "eu-west-1/bedrock", Outcome.FAILED, "no answer"))))
    assert [part.outcome for part in failed.summary()] == [Outcome.FAILED]


def test_a_service_that_is_nowhere_offered_was_answered_for() -> None:
    given = asked(Estate("aws 1", Told(Coverage(SOURCE, "eu-west-1/bedrock", Outcome.NOT_APPLICABLE))))
    assert CoverageIndex(given.summary()).fully(Place(SOURCE))


def test_of_a_source_that_was_asked_in_part_the_rest_stays_unseen() -> None:
    told = Told(Coverage(SOURCE, "eu-west-1/bedrock", Outcome.COMPLETE))
    index = CoverageIndex(asked(Estate("aws 1", told, narrowed=True)).summary())
    assert index.fully(Place(SOURCE, "eu-west-1"))
    assert not index.fully(Place(SOURCE, "us-east-1"))


def test_what_is_left_for_another_day_is_not_gone() -> None:
    stale = Coverage(SOURCE, "us-east-1/bedrock", Outcome.SKIPPED, "stale since 2026-11-20", {"left_out": 1})
    index = CoverageIndex(
        asked(Estate("aws 1", Told(Coverage(SOURCE, "eu-west-1/x", Outcome.COMPLETE), stale))).summary()
    )
    assert index.fully(Place(SOURCE, "eu-west-1"))
    assert not index.fully(Place(SOURCE, "us-east-1"))
