"""What the present credentials can ask, cheaply: one page of one list of each service, in one Region of each account."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from connectors.api.errors import ApiError
from connectors.aws.listing import question
from connectors.aws.place import Place
from connectors.model import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from concurrent.futures import Executor

    from connectors.api.plugin import Check
    from connectors.api.task import Plan, Task
    from connectors.aws.ask import Asker
    from connectors.aws.rows import Row, Service


def checks(plan: Plan, ask: Asker, services: Mapping[str, Service], since: str, helpers: Executor) -> Iterator[Check]:
    """Whether each account can be entered, and whether each service in it can be asked."""
    refused = {told.source: told.reason for told in plan.coverage if told.outcome.incomplete and not told.scope}
    for source in plan.sources:
        yield f"{source}: enter the account", source not in refused, refused.get(source, "")

    def one(asked: tuple[Task, Row, Service]) -> Check:
        return _check(ask, *asked, since)

    yield from helpers.map(one, list(_firsts(plan, services)))


def _firsts(plan: Plan, services: Mapping[str, Service]) -> Iterator[tuple[Task, Row, Service]]:
    """For each account and service one list that needs nothing else: who may ask it in one Region may do so in all."""
    seen: set[tuple[str, str]] = set()
    for task in plan.tasks:
        service = services.get(json.loads(task.argument)["service"]) if task.rows else None
        if service is None or (task.source, service.name) in seen:
            continue
        row = next((one for one in service.rows if one.for_each is None and service.row_id(one) in task.rows), None)
        if row is not None:
            seen.add((task.source, service.name))
            yield task, row, service


def _check(ask: Asker, task: Task, row: Row, service: Service, since: str) -> Check:
    argument = json.loads(task.argument)
    place = Place(argument["account"], argument["region"], argument["partition"], argument["scope"])
    params = {name: values[0] for name, values in row.values.items()}
    what = f"{task.source}: {row.action} in {place.region}"
    try:
        ask.once(place, question(row, service, place, params, since))
    except ApiError as error:
        allowed = {Outcome.DENIED: False}.get(error.outcome)
        return what, allowed, error.reason
    return what, True, ""
