"""Holds a change against its base: what it adds or alters of AI, and which decisions it asks for.

Only the files that differ are read on both sides; beside them, once, what tells to which system they belong. Both sides
are classified, assembled and reconciled in the same way as a whole scan does, and the report is what they differ in.
"""

from __future__ import annotations

import hashlib
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from classifiers.catalog import load
from connectors.code import connector
from connectors.code.checkout import checkout
from connectors.code.difference import difference
from connectors.code.local import mark_local
from connectors.model import Coverage, Outcome
from inventory.assemble import Repository, assemble
from inventory.reconcile import reconcile
from inventory.scan import ScanInfo
from scanner import __version__, clock, engine
from scanner.collecting import Collected
from scanner.gating.comparison import Side, caused_verdicts, changed_findings, changed_systems
from scanner.gating.result import GateResult
from scanner.gating.surroundings import Surroundings, surroundings
from scanner.result import ScanResult
from scanner.workspace import load_declared

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from datetime import datetime

    from classifiers.catalog import Catalog
    from connectors.code.base import Base
    from connectors.code.checkout import Checkout
    from connectors.code.difference import Changed, Difference
    from connectors.model import Observation, Result
    from scanner.gating.governance import Governance
    from scanner.workspace import Declared, Workspace


def gate(base: Base, governs: Governance, repo_id: str = "", leave_out: Collection[Path] = ()) -> GateResult:
    """What the change from a base to the working tree of its checkout adds or alters.

    Args:
        base: What the checkout is compared with.
        governs: What the change is judged by.
        repo_id: Identity of the repository; else that of the settings, else as `aimscope scan` finds it.
        leave_out: Files, by their whole path, that are not scanned: reports of an earlier run.

    Raises:
        Exception: One of the errors of `classifiers`, `connectors` or `inventory` that name what to mend.
    """
    started = clock.now()
    workspace = governs.workspace
    with ThreadPoolExecutor(1) as beside:  # ended before processes are forked
        compared = beside.submit(difference, base)  # git looks at every file meanwhile
        catalog, declared = load(workspace.catalog), load_declared(workspace)
    whole = compared.result()
    own = governs.files | {path for file in leave_out if (path := _inside(base.root, file))}
    differs = _narrowed(whole, base.prefix, own)
    with checkout(str(base.root), workspace.limits, repo_id or governs.repo_id) as opened:
        seen = _read(base, opened, differs, catalog, workspace)
    judge = _Judge(opened, catalog, declared, seen, started)
    before, after = judge.side(seen.before, differs.before), judge.side(seen.after, differs.after)
    renamed = {one.before: one.after for one in differs.changed if one.before and one.after}
    return GateResult(
        base=base.name,
        ancestor=base.ancestor,
        files=len(differs.changed),
        systems=changed_systems(before, after),
        findings=changed_findings(before, after, renamed),
        verdicts=caused_verdicts(before, after),
        documents=tuple(sorted(governs.files & _paths(whole.changed))),
        unseen=(*judge.unseen(seen.after), *_left_out(opened.source, seen), *_by_rule(opened.source, differs)),
        after=judge.result(after, base),
    )


@dataclass(slots=True)
class _Read:
    """What reading gave: of the files that differ on each side, and once of what is around them."""

    before: list[Result] = field(default_factory=list)
    after: list[Result] = field(default_factory=list)
    around: list[Result] = field(default_factory=list)
    surroundings: Surroundings = field(default_factory=Surroundings)


def _read(base: Base, opened: Checkout, differs: Difference, catalog: Catalog, workspace: Workspace) -> _Read:
    seen, limits = _Read(), workspace.limits
    with tempfile.TemporaryDirectory(prefix="aimscope-") as folder:
        before = replace(opened, root=Path(folder), blobs={})
        base.write_before(((one.before, one.blob) for one in differs.changed if one.before), before.root, limits)
        old = connector.batches(before, limits, sorted(one.before for one in differs.changed if one.before))
        new = connector.batches(opened, limits, sorted(one.after for one in differs.changed if one.after))
        tasks = len(old) + len(new) + 1
        with engine.executor(workspace.workers, tasks, connector.prepare, (catalog.matchers, tasks)) as pool:
            for batch, result in connector.submit([*old, *new], pool):
                (seen.before if batch.root == before.root else seen.after).append(result)
            seen.surroundings = surroundings(differs, _observations(seen.before, seen.after), catalog)
            around = connector.batches(opened, limits, seen.surroundings.paths)
            seen.around = [result for _, result in connector.submit(around, pool)]
    return seen


def _observations(*parts: Iterable[Result]) -> list[Observation]:
    return [one for results in parts for result in results for one in result.observations]


class _Judge:
    """Classifies, assembles and reconciles a side; both with the same coverage, so that they differ by the change alone."""

    def __init__(self, opened: Checkout, catalog: Catalog, declared: Declared, seen: _Read, started: datetime) -> None:
        self._repository = Repository(opened.source, opened.title)
        self._catalog = catalog
        self._declared = declared
        self._around = seen.around
        self._elsewhere = seen.surroundings.elsewhere
        self._started = started
        self._coverage = [Coverage(opened.source, "", Outcome.COMPLETE)]
        self._coverage += [part for of in (seen.before, seen.after, seen.around) for one in of for part in one.coverage]
        self._coverage += _left_out(opened.source, seen)

    def side(self, results: Sequence[Result], paths: Sequence[str]) -> Side:
        """What one side shows, by what was read of its files and by the paths of all its files."""
        collected = Collected()
        found = mark_local(_observations(results, self._around), paths)
        collected.add(self._repository, found, self._coverage, self._catalog)
        findings = [one for one in collected.findings if one.location.path not in self._elsewhere]
        systems = assemble(
            findings, collected.observations, self._declared.known, collected.repositories, self._catalog.names
        )
        scope = self._declared.scope
        verdicts = reconcile(
            systems, scope.document if scope else None, self._declared.decisions, collected.coverage,
            self._declared.attestations, today=self._started.date(), catalog_hash=self._catalog.digest,
        )  # fmt: skip
        return Side(findings, systems, verdicts)

    def unseen(self, results: Iterable[Result]) -> list[Coverage]:
        """What of the files that differ could not be seen."""
        collected = Collected()
        collected.add(self._repository, (), [part for one in results for part in one.coverage], self._catalog)
        return collected.coverage

    def result(self, side: Side, base: Base) -> ScanResult:
        """A side as reports take it."""
        scope = self._declared.scope
        begun, source = clock.iso(self._started), self._repository.source
        identity = "\0".join([begun, source, base.ancestor, self._catalog.digest, scope.hash if scope else ""])
        info = ScanInfo(
            id="gate-" + hashlib.sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()[:16],
            started=begun,
            finished=clock.iso(clock.now()),
            version=__version__,
            catalog=self._catalog.digest,
            scope=scope.hash if scope else "",
            organisation=scope.document.document.organisation or "" if scope else "",
            sources=(source,),
        )
        return ScanResult(
            info,
            tuple(self._coverage),
            tuple(side.findings),
            tuple(side.systems),
            tuple(side.verdicts),
            self._catalog.names,
        )


def _narrowed(differs: Difference, prefix: str, own: Collection[str]) -> Difference:
    """What differs below a folder, without the files in which aimscope keeps its own records."""
    scanned = [one for one in differs.changed if not {one.before, one.after} & set(own)]
    inside = tuple(one for one in scanned if (one.after or one.before).startswith(prefix))
    outside = {one.after for one in scanned if one.after} - {one.after for one in inside}
    unchanged = tuple(path for path in differs.unchanged if path not in own)
    submodules = tuple(path for path in differs.submodules if path.startswith(prefix))
    return replace(differs, changed=inside, unchanged=tuple(sorted([*unchanged, *outside])), submodules=submodules)


def _left_out(source: str, seen: _Read) -> Iterator[Coverage]:
    if seen.surroundings.left_out:
        reason = (
            "files of the systems that the change touches were not read for their number: "
            "what is told of as new may have stood there before; `aimscope scan` reads all"
        )
        yield Coverage(source, "", Outcome.SKIPPED, reason, {"files": seen.surroundings.left_out})


def _by_rule(source: str, differs: Difference) -> Iterator[Coverage]:
    for path in differs.submodules:
        reason = "a submodule that points to another commit: run the gate in its own repository"
        yield Coverage(source, path, Outcome.SKIPPED, reason)
    if differs.foreign:
        reason = "files that differ lie in vendored or generated folders: what they hold is named by a manifest"
        yield Coverage(source, "", Outcome.SKIPPED, reason, {"files": differs.foreign})


def _paths(changed: Iterable[Changed]) -> set[str]:
    return {path for one in changed for path in (one.before, one.after) if path}


def _inside(root: Path, file: Path) -> str:
    """The path of a file inside the checkout, or the empty string."""
    whole, root = file.resolve(), root.resolve()
    return whole.relative_to(root).as_posix() if whole.is_relative_to(root) else ""
