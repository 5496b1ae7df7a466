"""Where a run finds its settings, scope document, ledger and database."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from connectors.api.access import NOBODY, Access
from connectors.api.policy import DEFAULT_POLICY, Policy
from connectors.code.files import DEFAULT_LIMITS, Limits
from inventory.estate import DEFAULT_KEYS, TagKeys

if TYPE_CHECKING:
    from inventory.attestations import Attestation
    from inventory.decision_state import DecisionState
    from inventory.scope.load import LoadedScope
    from scanner.connect import CloudSpec
    from scanner.settings import Source

SETTINGS_FILE: Final = "aimscope.yaml"
LEDGER_FILE: Final = "aims-decisions.jsonl"
REGISTER_FILE: Final = "aims-register.yaml"
IMPORTED_FILE: Final = "aims-imported.jsonl"


@dataclass(frozen=True, slots=True)
class SourceSpec:
    """A source as the user names it.

    Attributes:
        location: Directory, git URL, bare repository or archive.
        repo_id: Identity that the user gives it, or the empty string.
        access: Proves who clones it, where git does not know how itself.
    """

    location: str
    repo_id: str = ""
    access: Access = NOBODY


@dataclass(frozen=True, slots=True)
class Workspace:
    """Where a run finds everything; every path resolved.

    Attributes:
        sources: What to scan.
        scope: The scope document, or none.
        ledger: The decision ledger; it need not exist.
        database: The inventory database, or none.
        catalog: Files of the organisation's own knowledge-base rows.
        attestations: Files of attestations.
        outputs: Reports to write after a scan.
        workers: Processes at most; 0 for as many as there are processors.
        limits: Bounds of what is read.
        settings: The settings file, or none.
        estates: What is asked over the network.
        policy: How it is asked.
        tags: What the organisation's tags mean.
        archive: New folder for the evidence archive, or none.
        replay: Evidence archive whose answers are taken instead of asking, or none.
    """

    sources: tuple[SourceSpec, ...] = ()
    scope: Path | None = None
    ledger: Path = Path(LEDGER_FILE)
    database: Path | None = None
    catalog: tuple[Path, ...] = ()
    attestations: tuple[Path, ...] = ()
    outputs: tuple[Path, ...] = ()
    workers: int = 0
    limits: Limits = DEFAULT_LIMITS
    settings: Path | None = None
    estates: tuple[CloudSpec, ...] = ()
    policy: Policy = DEFAULT_POLICY
    tags: TagKeys = DEFAULT_KEYS
    archive: Path | None = None
    replay: Path | None = None

    @property
    def own_files(self) -> frozenset[Path]:
        """The files that aimscope itself keeps, by their whole path: what they say of AI is no evidence of it."""
        named = (
            self.settings,
            self.scope,
            self.ledger,
            self.ledger.with_name(REGISTER_FILE),
            self.ledger.with_name(IMPORTED_FILE),
            self.database,
            *self.catalog,
            *self.attestations,
            *self.outputs,
        )
        return frozenset(file.resolve() for file in named if file is not None)


@dataclass(frozen=True, slots=True)
class Declared:
    """What is declared, decided and attested."""

    scope: LoadedScope | None
    decisions: DecisionState
    attestations: tuple[Attestation, ...]

    @property
    def known(self) -> dict[str, str]:
        """Anchor to the id of the system that it was decided under."""
        return {
            anchor: event.subject
            for anchor, events in self.decisions.by_anchor.items()
            for event in events
            if event.subject
        }


def from_settings(file: Path | None = None) -> Workspace:
    """The workspace of a settings file, or of the current folder with defaults where there is none.

    Raises:
        inventory.yaml_file.InputError: The settings are wrong.
    """
    from scanner.settings import Settings, load_settings

    named = file or Path(SETTINGS_FILE)
    written = file is not None or named.exists()
    settings = load_settings(named) if written else Settings()
    base = named.resolve().parent
    scope = base / settings.scope if settings.scope else None
    if scope is not None and "scope" not in settings.model_fields_set and not scope.exists():
        scope = None  # the default name is an offer; a name that is written is meant
    return Workspace(
        sources=tuple(_spec(base, source) for source in settings.sources if source.estate is None),
        estates=tuple(estate.below(base) for source in settings.sources if (estate := source.estate) is not None),
        policy=settings.network.value(),
        tags=settings.tags.value(),
        scope=scope,
        ledger=base / settings.ledger,
        database=base / settings.database if settings.database else None,
        catalog=tuple(base / name for name in settings.catalog),
        attestations=tuple(base / name for name in settings.attestations),
        outputs=tuple(base / name for name in settings.outputs),
        workers=settings.engine.workers,
        limits=settings.limits.limits(),
        settings=named if written else None,
    )


def _spec(base: Path, source: Source) -> SourceSpec:
    return SourceSpec(source.url or str(base / str(source.path)), source.id or "")


def load_declared(workspace: Workspace) -> Declared:
    """Reads scope document, ledger and attestations; a write that was cut off is finished first.

    Raises:
        inventory.yaml_file.InputError: The scope document or an attestation is wrong.
        inventory.ledger.LedgerError: The ledger was edited or has gaps.
        inventory.transaction.TransactionError: A cut-off write cannot be finished.
    """
    from inventory.ledger import load, standing

    scope = _load_scope(workspace.scope, workspace.ledger) if workspace.scope else None
    state = standing(load(workspace.ledger)).state
    organisation = scope.document.document.organisation or "" if scope else ""
    return Declared(scope, state, load_attested(workspace, organisation))


def _load_scope(file: Path, ledger: Path) -> LoadedScope:
    from inventory.scope.load import load_scope
    from inventory.transaction import Files, recover

    recover(Files(file, ledger))
    return load_scope(file)


def load_attested(workspace: Workspace, organisation: str = "") -> tuple[Attestation, ...]:
    """The attestations of a workspace. Addresses of people in what was seen become keyed hashes; who attests stays named.

    Args:
        workspace: Names the files.
        organisation: Stands in for the key of the hashes where the environment holds none.

    Raises:
        inventory.yaml_file.InputError: An attestation is wrong.
    """
    if not workspace.attestations:
        return ()
    from connectors.api.redact import redactor
    from inventory.attestations import load_attestations

    redact = redactor(organisation)
    return tuple(
        replace(one, seen=redact(one.seen)) for file in workspace.attestations for one in load_attestations(file)
    )
