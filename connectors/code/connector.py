"""Plans and runs the scan of one checkout: a list of picklable batches, run by whatever executor is given."""

from __future__ import annotations

import gc
from collections import Counter
from concurrent.futures import Executor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol
from zlib import crc32

from connectors.code.batch import Batch, BatchScanner
from connectors.code.walk import Walk, walk
from connectors.model import Coverage, Outcome, Result

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from connectors.code.files import Limits
    from connectors.code.matchers import Matchers
    from connectors.code.packed import PackedTree

BATCH_FILES: Final = 100
"""Files a task, on average: small enough to spread over processes, large enough that handing it over costs little."""

_MOST_FILES: Final = 2 * BATCH_FILES

_MANY: Final = 20
"""From so many batches on, quicker look-ups repay the time that they take to build."""

_scanner: BatchScanner | None = None


class Opened(Protocol):
    """What can be walked and read: a checkout, or a clone without a working tree."""

    @property
    def source(self) -> str:
        """Identity, as `repo:github.com/acme/shop`."""

    @property
    def root(self) -> Path | PackedTree:
        """Where its files are."""

    @property
    def prefix(self) -> str:
        """Path of the root inside its repository, with a slash at the end, or empty."""

    @property
    def title(self) -> str:
        """What a person calls it."""

    @property
    def blobs(self) -> Mapping[str, str]:
        """Path to blob, where it is known; a batch is known again by them."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The tasks of one checkout, and what walking it has already told."""

    source: str
    title: str
    prefix: str
    batches: tuple[Batch, ...]
    coverage: tuple[Coverage, ...]
    counts: Counter[str]


def plan(checkout: Opened, limits: Limits, leave_out: Collection[Path] = ()) -> Plan:
    """Walks a checkout and cuts its files into batches.

    Args:
        checkout: What to walk.
        limits: Bounds of what is read.
        leave_out: Files, by their whole path, that are not scanned: those in which the scanner keeps its own records.
    """
    found = walk(checkout.root)
    root = checkout.root
    own = {
        file.relative_to(root).as_posix() for file in leave_out if isinstance(root, Path) and file.is_relative_to(root)
    }
    paths = [path for path in found.files if path not in own] if own else found.files
    return Plan(
        checkout.source,
        checkout.title,
        checkout.prefix,
        batches(checkout, limits, paths),
        tuple(_unreadable(checkout.source, found)),
        found.counts,
    )


def batches(checkout: Opened, limits: Limits, paths: Sequence[str]) -> tuple[Batch, ...]:
    """Cuts files of a checkout, sorted by path, into batches."""
    return tuple(_batch(checkout, limits, part) for part in _cut(paths))


def _batch(checkout: Opened, limits: Limits, paths: tuple[str, ...]) -> Batch:
    states = tuple(checkout.blobs[path] for path in paths) if all(path in checkout.blobs for path in paths) else ()
    return Batch(checkout.source, checkout.root, paths, limits, states)


def _cut(paths: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Cuts where the hash of a path says so: a new file changes one batch, and the others are known from last time."""
    start = 0
    for place, path in enumerate(paths, 1):
        full = place - start >= _MOST_FILES
        if full or place == len(paths) or crc32(path.encode("utf-8", "surrogatepass")) % BATCH_FILES == 0:
            yield tuple(paths[start:place])
            start = place


def prepare(matchers: Matchers, batches: int) -> None:
    """Makes this process ready to run so many batches; the initializer of worker processes."""
    global _scanner  # noqa: PLW0603 - one scanner a process, built once, read by every task of the process
    for_many = batches > _MANY
    if _scanner is not None and _scanner.serves(matchers, for_many=for_many):
        return
    _scanner = BatchScanner(matchers, for_many=for_many)
    gc.freeze()  # the matchers live as long as the process: collecting garbage must not walk over them each time


def run(batch: Batch) -> Result:
    """Runs one batch in this process.

    Raises:
        RuntimeError: `prepare` was not called before.
    """
    if _scanner is None:
        raise RuntimeError("connectors.code.connector.prepare() must run before a batch")
    return _scanner.scan(batch)


def submit(batches: Iterable[Batch], executor: Executor | None) -> Iterator[tuple[Batch, Result]]:
    """Runs batches and yields each with its result, as it comes.

    A batch whose worker dies becomes failed coverage; the others go on.
    """
    if executor is None:
        for batch in batches:
            yield batch, run(batch)
        return
    futures = {executor.submit(run, batch): batch for batch in batches}
    for future in as_completed(futures):
        batch = futures.pop(future)
        try:
            yield batch, future.result()
        except Exception as error:  # whatever a worker died of, the rest of the scan goes on and says so
            yield batch, _lost(batch, error)


def summary(plan: Plan, results: Iterable[Result]) -> list[Coverage]:
    """Coverage of the checkout as a whole, with its counts, then of each part that was not seen."""
    parts = [*plan.coverage]
    counts = Counter(plan.counts)
    for result in results:
        parts += result.coverage
        counts += result.counts
    unseen = any(part.scope in {"", "."} for part in parts)
    outcome = Outcome.FAILED if unseen else Outcome.COMPLETE
    whole = Coverage(plan.source, "", outcome, "", dict(sorted(counts.items())))
    return [whole, *sorted(parts, key=lambda part: (part.scope, part.reason))]


def _unreadable(source: str, found: Walk) -> list[Coverage]:
    return [
        Coverage(source, folder or ".", Outcome.PARTIAL, f"{reason}; give the scanner permission to read it")
        for folder, reason in found.unreadable
    ]


def _lost(batch: Batch, error: Exception) -> Result:
    reason = f"{type(error).__name__} while scanning {len(batch.paths)} files from here; scan again, and report it if it stays"
    return Result(coverage=[Coverage(batch.source, batch.paths[0], Outcome.FAILED, reason)])
