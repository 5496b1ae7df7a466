"""One scan from start to end: knowledge base, declarations, pipeline, inventory, reports."""

from __future__ import annotations

import hashlib
import logging
from contextlib import nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING

from classifiers.catalog import load
from scanner import __version__, clock, pipeline
from scanner.workspace import load_declared

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from classifiers.apps import Apps
    from classifiers.catalog import Catalog
    from connectors.code.matchers import LiteralMatcher
    from scanner.collecting import Progress
    from scanner.keeping import Keeper
    from scanner.network import Estates
    from scanner.result import ScanResult
    from scanner.workspace import Declared, Workspace

_LOG = logging.getLogger("aimscope.run")


def run(workspace: Workspace, *, resume: bool = False, progress: Progress | None = None) -> ScanResult:
    """Scans the sources of a workspace, reconciles, and keeps the result where the workspace has a database.

    Args:
        workspace: What to scan and where everything lies.
        resume: Whether to take up a scan of the same settings that was cut off.
        progress: Hears what the scan does.

    Raises:
        Exception: One of the errors of `classifiers`, `connectors` or `inventory` that name what to mend.
    """
    declared = load_declared(workspace)
    catalog = _with_services(load(workspace.catalog), workspace, declared)
    with _keeper(workspace.database) as keeper:
        if keeper is not None:
            keeper.begin(_settings_digest(workspace, catalog), catalog, resume=resume)
        result = pipeline.scan(
            workspace.sources,
            catalog,
            declared,
            workspace.limits,
            workspace.workers,
            progress,
            known=keeper.known if keeper else None,
            journal=keeper,
            leave_out=workspace.own_files,
            estates=_estates(workspace, catalog, declared),
        )
        result = keeper.finish(result) if keeper else result
    _LOG.info(
        "scan finished",
        extra={"scan": result.scan.id, "findings": len(result.findings), "systems": len(result.systems)},
    )
    return result


def write_reports(result: ScanResult, files: tuple[Path, ...]) -> None:
    """Writes a report to each file, in the format that its ending names."""
    from scanner.reports.formats import write

    for file in files:
        write(result, file, result.before)


def _keeper(database: Path | None) -> Keeper | nullcontext[None]:
    if database is None:
        return nullcontext()
    from scanner.keeping import Keeper

    return Keeper(database)


def _estates(workspace: Workspace, catalog: Catalog, declared: Declared) -> Estates | None:
    """What is asked over the network, ready to be asked; none where the workspace names nothing."""
    if not _connectors(workspace, declared):
        return None
    from classifiers.apps import Apps
    from classifiers.products import load_products
    from classifiers.services import load_services
    from connectors.api.archive import Archive
    from connectors.api.redact import redactor
    from connectors.api.signals import Signals
    from scanner.attested import AttestedProducts
    from scanner.connect import Common, connect
    from scanner.network import Estate, Estates
    from scanner.product_suggestions import ProductSuggestions

    organisation = declared.scope.document.document.organisation or "" if declared.scope else ""
    archive = Archive.live()
    if workspace.replay:
        archive = Archive.replaying(workspace.replay)
    elif workspace.archive:
        archive = Archive.recording(workspace.archive)
    products = load_products()
    apps = Apps(products)
    signals = Signals.of([*firm(catalog), *_hosts(apps)])
    today = clock.now().date()
    further = {
        "packages": catalog.matchers.package_keys,
        "products": ProductSuggestions(products),
        "today": today,
    }
    common = Common(workspace.policy, archive, redactor(organisation), signals, further)
    services = {connector: load_services(connector) for connector in _connectors(workspace, declared)}
    members = tuple(
        Estate(
            f"{spec.connector} {number}",
            connect(spec, services[spec.connector], common),
            spec.narrowed,
        )
        for number, spec in enumerate(workspace.estates, 1)
    )
    every = tuple(service for found in services.values() for service in found)
    if attested := [one for one in declared.attestations if one.product]:
        members += (Estate("attestations", AttestedProducts(attested, apps.names, today)),)
    replayed = workspace.replay is not None
    return Estates(members, every, workspace.policy.concurrency, workspace.tags, apps, replayed)


def _connectors(workspace: Workspace, declared: Declared) -> tuple[str, ...]:
    """The connectors whose rows a scan uses; those of imports too where a product is attested."""
    named = {spec.connector for spec in workspace.estates}
    return tuple(sorted(named | {"imports"} if any(one.product for one in declared.attestations) else named))


def _hosts(apps: Apps) -> Iterator[LiteralMatcher]:
    """Domains of products, and all names below them, as lists of hosts are searched for them."""
    from connectors.code.matchers import LiteralMatcher, Region

    for domain, key in apps.host_keys():
        yield LiteralMatcher(key, Region.HOST, domain)
        yield LiteralMatcher(key, Region.HOST, f".{domain}")


def firm(catalog: Catalog) -> Iterator[LiteralMatcher]:
    """Literals that mean something alone: in a list of a cloud's workloads nothing stands beside them."""
    for literal in catalog.matchers.literals:
        if (meaning := catalog.meanings.get(literal.key)) and not meaning.weak:
            yield literal


def _with_services(catalog: Catalog, workspace: Workspace, declared: Declared) -> Catalog:
    """The catalog under a digest that names the rows of its services and products too, where a scan uses them.

    Decisions note it, so that what only newer rows say is told as reclassified and not as changed.
    """
    connectors = _connectors(workspace, declared)
    if not connectors:
        return catalog
    from classifiers.services import services_digest

    further = services_digest(set(connectors))
    return replace(catalog, digest=hashlib.sha256(f"{catalog.digest}\0{further}".encode()).hexdigest())


def _settings_digest(workspace: Workspace, catalog: Catalog) -> str:
    parts = [
        __version__,  # another version may read the same files otherwise
        catalog.digest,
        str(workspace.limits),
        *(str(source) for source in (*workspace.sources, *workspace.estates)),
    ]
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
