"""Imports: files that people export where nothing can be asked, read by rows of the knowledge base."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors.imports.target import Target

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date

    from connectors.api.archive import Archive
    from connectors.api.policy import Policy
    from connectors.api.redact import Redactor
    from connectors.api.signals import Signals
    from connectors.api.task import Connector
    from connectors.imports.reading import Reader
    from connectors.imports.rows import ServiceLike
    from connectors.imports.suggestions import Products


def connect(
    target: Target,
    services: Sequence[ServiceLike],
    policy: Policy,  # noqa: ARG001 - what every connector is given; no network is asked
    archive: Archive,
    redact: Redactor,
    signals: Signals | None = None,
    *,
    packages: Callable[[str, str], Sequence[str]] | None = None,
    products: Products | None = None,
    today: date | None = None,
) -> Connector:
    """A connector for one file.

    Args:
        target: The file.
        services: Services of the knowledge base, those of the folder `imports`.
        policy: Bounds and manners of asking over a network.
        archive: Where what was taken is kept, or comes from.
        redact: Takes people out of what is kept.
        signals: Keys of host names and models.
        packages: Keys of a package, by its ecosystem and name, as `Matchers.package_keys`.
        products: Looks up names of products.
        today: The day of the scan, for logs that leave the year out; the present one where it is not given.

    Raises:
        ValueError: A row of a service is wrong.
    """
    from connectors.imports.connector import ImportConnector

    reading = reader(target, services, redact, signals, packages=packages, products=products, today=today)
    return ImportConnector(target, reading, archive)


def reader(
    target: Target,
    services: Sequence[ServiceLike],
    redact: Redactor,
    signals: Signals | None = None,
    *,
    packages: Callable[[str, str], Sequence[str]] | None = None,
    products: Products | None = None,
    today: date | None = None,
) -> Reader:
    """What reads the file, for a preview of it. See `connect`.

    Raises:
        ValueError: A row of a service is wrong.
    """
    from datetime import UTC, datetime

    from connectors.api.signals import Signals
    from connectors.imports.given import Given
    from connectors.imports.reading import Reader
    from connectors.imports.rows import Rows
    from connectors.imports.suggestions import NoProducts

    return Reader(
        target,
        Given(
            target.source, Rows(services), signals or Signals(), packages or (lambda _ecosystem, _name: ()),
            products or NoProducts(), redact, today or datetime.now(UTC).date(), target.workers,
        ),
    )  # fmt: skip


def permissions(
    services: Sequence[ServiceLike],  # noqa: ARG001 - what every connector is given
    target: Target | None = None,  # noqa: ARG001
) -> tuple[tuple[str, str], ...]:
    """A file needs no permission but to be read."""
    return ()


def doctor(
    target: Target,
    services: Sequence[ServiceLike],
    policy: Policy,  # noqa: ARG001 - what every connector is given
    archive: Archive,  # noqa: ARG001
    redact: Redactor,
) -> Iterator[tuple[str, bool | None, str]]:
    """Whether the file can be read and is recognised: what was checked, whether it holds, and the mend.

    Raises:
        ValueError: A row of a service is wrong.
    """
    from connectors.imports.problem import ImportProblem

    try:
        preview = reader(target, services, redact).preview()
    except ImportProblem as problem:
        yield target.file, False, str(problem)
    else:
        yield f"{target.file}: {preview.what}", True, ""


__all__ = ["Target", "connect", "doctor", "permissions", "reader"]
