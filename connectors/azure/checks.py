"""What the present credentials can do, found out with a request or two a subscription."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors.api.errors import ApiError
from connectors.azure.access import read_access
from connectors.azure.graph import CONTAINERS
from connectors.azure.ids import source_of
from connectors.azure.subscriptions import visible, wanted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from connectors.api.plugin import Check
    from connectors.azure.arm import Arm
    from connectors.azure.graph import Graph
    from connectors.azure.rows import Service
    from connectors.azure.target import Target


def checks(arm: Arm, graph: Graph, services: Iterable[Service], target: Target) -> Iterator[Check]:
    """What can be asked and what cannot, the sign-in first; without it nothing else is tried."""
    try:
        chosen, hidden = wanted(visible(arm, target)[0], target)
    except ApiError as error:
        yield "list subscriptions", False, error.reason
        return
    yield (
        f"list subscriptions ({len(chosen)} to scan)",
        bool(chosen),
        "" if chosen else "assign a role in a subscription",
    )
    for record in hidden:
        yield record.source, False, record.reason
    for one in chosen:
        yield _resource_graph(graph, one.id)
        yield from _actions(arm, services, one.id)


def _resource_graph(graph: Graph, subscription: str) -> Check:
    what = f"{source_of(subscription)}: Resource Graph"
    try:
        shown = graph.sweep(CONTAINERS, subscription).rows.get((subscription, "microsoft.resources/subscriptions"))
    except ApiError as error:
        return what, False, error.reason
    return what, bool(shown), "" if shown else "grant Microsoft.Resources/subscriptions/read"


def _actions(arm: Arm, services: Iterable[Service], subscription: str) -> Iterator[Check]:
    """One check a service: its actions against those that Azure says the credentials have."""
    source = source_of(subscription)
    try:
        access = read_access(arm, source, subscription)
    except ApiError as error:
        yield f"{source}: permissions", None, f"{error.reason}; grant Microsoft.Authorization/permissions/read"
        return
    for service in services:
        missing = access.missing(action for row in service.rows for action in row.actions)
        yield f"{source}: {service.name}", not missing, f"grant {', '.join(missing)}" if missing else ""
