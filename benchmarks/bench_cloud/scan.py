"""One scan of AWS as aimscope runs it: the connector with all its rows, driven by the scanner's own threads."""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from classifiers.apps import Apps
from classifiers.products import Products
from classifiers.services import load_services
from connectors.api.archive import Archive
from connectors.api.redact import Redactor
from connectors.api.signals import Signals
from connectors.aws import Target, connect
from inventory.estate import TagKeys
from scanner.collecting import Progress
from scanner.network import Asked, Estate, Estates, ask

if TYPE_CHECKING:
    from collections.abc import Iterator

    from connectors.api.policy import Policy
    from connectors.api.task import Connector

ROLE: Final = "reader"
_HOME: Final = "us-east-1"


@contextmanager
def settled() -> Iterator[None]:
    """Made-up credentials, an own cache and no proxy, so that a run depends on nothing of this machine's."""
    kept = dict(os.environ)
    with tempfile.TemporaryDirectory() as cache:
        for name in [name for name in kept if name.startswith("AWS_") or name.lower().endswith("_proxy")]:
            del os.environ[name]
        os.environ |= {
            "AWS_ACCESS_KEY_ID": "AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_DEFAULT_REGION": _HOME,
            "AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull, "XDG_CACHE_HOME": cache,
        }  # fmt: skip
        try:
            yield
        finally:
            os.environ.clear()
            os.environ |= kept


def connector(target: Target, policy: Policy) -> Connector:
    """The connector with all rows of the knowledge base."""
    return connect(target, load_services("aws"), policy, Archive.live(), Redactor(b"key"), Signals())


def scan(target: Target, policy: Policy) -> Asked:
    """What a scan gives."""
    members = (Estate("aws", connector(target, policy)),)
    unnamed = Apps(Products({}, {}))  # products are told apart after asking
    return ask(Estates(members, load_services("aws"), policy.concurrency, TagKeys(), unnamed), Progress())
