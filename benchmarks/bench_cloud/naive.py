"""The loop that most inventories run: list everywhere, then describe each thing and ask for its tags, with boto3's clients.

It runs the same lists at the same places as the scan that it stands beside.
"""

from __future__ import annotations

import json
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from connectors.aws.rows import Row, Service, read, read_services

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from connectors.api.task import Task
    from connectors.aws.rows import ServiceLike

_TAGS: Final = ("ListTagsForResource", "ListTags")
_ARN: Final = re.compile(r"(?:resource)?_?arn", re.IGNORECASE)


class Loop:
    """Lists, describes and tags.

    Args:
        services: Services with their rows.
        role: Name of the role that is assumed in each account.
    """

    def __init__(self, services: Sequence[ServiceLike], role: str) -> None:
        self._services: Mapping[str, Service] = {service.name: service for service in read_services(services)}
        self._role = role
        self._lock = threading.Lock()
        self._sessions: dict[str, boto3.Session] = {}

    def run(self, tasks: Iterable[Task], threads: int) -> int:
        """Runs the tasks of a scan in this way, and says how many things it found."""
        with ThreadPoolExecutor(threads) as pool:
            return sum(pool.map(self._task, tasks))

    def _task(self, task: Task) -> int:
        told = json.loads(task.argument)
        service = self._services.get(told["service"])
        if not task.rows or service is None:
            return 0
        listed: dict[str, list[Any]] = {}
        for row in service.with_parents([row for row in service.rows if service.row_id(row) in task.rows]):
            client = self._client(told["account"], row.client or service.name, told["region"])
            listed[row.id] = list(self._listed(client, row, listed, told["account"]))
            for thing in listed[row.id]:
                self._asked_about(client, row, thing)
        return sum(map(len, listed.values()))

    def _client(self, account: str, service: str, region: str) -> Any:
        with self._lock:  # sessions make one client at a time
            session = self._sessions.get(account)
            if session is None:
                role = {"RoleArn": f"arn:aws:iam::{account}:role/{self._role}", "RoleSessionName": "loop"}
                keys = boto3.client("sts").assume_role(**role)["Credentials"]
                session = boto3.Session(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])
                self._sessions[account] = session
            return session.client(service, region)  # type: ignore[call-overload]  # the stubs know services by literal names

    @staticmethod
    def _listed(client: Any, row: Row, listed: Mapping[str, list[Any]], account: str) -> Iterator[Any]:
        fixed = {name: account if value == "{account}" else value for name, value in row.params.items()}
        fixed |= {name: values[0] for name, values in row.values.items()}
        asked: list[dict[str, Any]] = [fixed]
        if row.for_each is not None:
            things = listed.get(row.for_each.row or "", ())
            asked = [
                fixed | {name: read(path, thing) for name, path in row.for_each.params.items()} for thing in things
            ]
        method = _method(client, row.operation)
        for params in asked:
            pages = client.get_paginator(method).paginate if client.can_paginate(method) else _once(client, method)
            try:
                for page in pages(**params):
                    yield from (
                        item if isinstance(item, dict) else {"value": item} for item in read(row.items, page) or ()
                    )
            except (ClientError, BotoCoreError):
                continue

    @staticmethod
    def _asked_about(client: Any, row: Row, thing: Mapping[str, Any]) -> None:
        """One request that describes a thing, where the service has one, and one for its tags."""
        model = client.meta.service_model
        known = set(model.operation_names)
        one = re.sub(r"^List|^Describe", "", row.operation)
        singular = re.sub(r"ies$", "y", one) if one.endswith("ies") else one.removesuffix("s")
        describes = row.detail.operation if row.detail else next(
            (name for verb in ("Describe", "Get") if (name := verb + singular) in known and name != row.operation), ""
        )  # fmt: skip
        tags = next((name for name in _TAGS if name in known), "")
        for name in filter(None, (describes, tags)):
            shape = model.operation_model(name).input_shape
            params = {member: _value(thing, member) for member in (shape.required_members if shape else ())}
            if None not in params.values():
                try:
                    getattr(client, _method(client, name))(**params)
                except (ClientError, BotoCoreError):
                    continue


def _method(client: Any, operation: str) -> str:
    return next(name for name, of in client.meta.method_to_api_mapping.items() if of == operation)


def _once(client: Any, method: str) -> Any:
    return lambda **params: [getattr(client, method)(**params)]


def _value(thing: Mapping[str, Any], member: str) -> Any:
    """The field of a thing that a parameter wants: of its name, or its ARN."""
    low = member.lower()
    for name, value in thing.items():
        if name.lower() == low or (_ARN.fullmatch(member) and name.lower().endswith("arn")):
            return value
    return None
