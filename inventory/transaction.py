"""Writing the scope document and the ledger together or not at all, also when the process is killed in between.

The new contents are first written beside the two files. A journal, renamed into place in one step, then says that they
hold: from there on the next one to open the files finishes the work. A lock keeps two writers on one machine apart;
hashes of what was read keep out everybody who does not take the lock, as an editor or git.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_ABSENT = ""
_POLL_SECONDS = 0.05


class TransactionError(Exception):
    """The files were not changed; the message says why and what to do."""


class InterruptedWriteError(TransactionError):
    """An earlier write was interrupted, and somebody has changed the files since, so that it cannot be finished."""


@dataclass(frozen=True, slots=True)
class Files:
    """The two files that hold the state of governance: what holds, and why it holds."""

    scope: Path
    ledger: Path

    def __post_init__(self) -> None:
        if self.scope.name == self.ledger.name:
            raise TransactionError(f"{self.scope}: the scope document and the ledger need different names.")

    def resolved(self) -> Files:
        """The same files without symbolic links: a rename must replace the file, never the link to it."""
        return Files(self.scope.resolve(), self.ledger.resolve())

    @property
    def journal(self) -> Path:
        """Where an unfinished write is noted."""
        return self._beside("journal")

    @property
    def lock(self) -> Path:
        """What a writer locks."""
        return self._beside("lock")

    def __iter__(self) -> Iterator[Path]:
        yield self.scope
        yield self.ledger

    def _beside(self, suffix: str) -> Path:
        return self.ledger.with_name(f".{self.ledger.stem}.{suffix}")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Both files as they were read under the lock; a file that does not exist has no content."""

    files: Files
    scope: bytes | None
    ledger: bytes | None


@contextmanager
def writing(files: Files, *, wait_seconds: float = 10.0) -> Iterator[Snapshot]:
    """Holds the lock, finishes what was interrupted, and gives both files as they are; `commit` inside it.

    Raises:
        TransactionError: Somebody else holds the lock for longer than `wait_seconds`, or a file cannot be read.
        InterruptedWriteError: An interrupted write can be neither finished nor undone.
    """
    files = files.resolved()
    with _locked(files.lock, wait_seconds):
        _finish_interrupted(files)
        yield Snapshot(files, _content(files.scope), _content(files.ledger))


def recover(files: Files) -> None:
    """Finishes an interrupted write, where there is one; call it before reading the files.

    Raises:
        TransactionError: See `writing`.
    """
    files = files.resolved()
    if files.journal.exists():
        with writing(files):
            pass


def commit(snapshot: Snapshot, *, scope: bytes | None = None, ledger: bytes | None = None) -> None:
    """Replaces the files whose new content is given, all or none.

    Raises:
        TransactionError: A file is no longer as the snapshot has it, or cannot be written.
    """
    files = snapshot.files
    changes = {
        path: (before, after)
        for path, before, after in ((files.scope, snapshot.scope, scope), (files.ledger, snapshot.ledger, ledger))
        if after is not None and after != before
    }
    if not changes:
        return
    try:
        for path, (_, after) in changes.items():
            _write_new(_staged(path), after, like=path)
        _refuse_if_changed(snapshot)
        _write_journal(files, changes)
    except OSError as error:
        _discard(files)
        raise TransactionError(
            f"{error.filename}: cannot be written: {error.strerror}. Nothing was recorded."
        ) from error
    except TransactionError:
        _discard(files)
        raise
    try:
        _finish(files, list(changes))
    except OSError as error:
        what = f"{error.filename}: {error.strerror}. The decision is recorded; the next command finishes writing it."
        raise InterruptedWriteError(what) from error


def _refuse_if_changed(snapshot: Snapshot) -> None:
    for path, read in zip(snapshot.files, (snapshot.scope, snapshot.ledger), strict=True):
        if _content(path) != read:
            raise TransactionError(f"{path}: changed while the decision was made. Nothing was recorded: decide again.")


def _finish_interrupted(files: Files) -> None:
    """Rolls a journalled write forward; what was never journalled is thrown away."""
    if not files.journal.exists():
        _discard(files)
        return
    journal = _read_journal(files)
    states = {path: _state(path, journal[path.name]) for path in files if path.name in journal}
    if "foreign" not in states.values():
        _finish(files, [path for path, state in states.items() if state == "before"])
    elif "after" not in states.values():
        _discard(files)
    else:
        raise InterruptedWriteError(_cannot_finish(files, states))


def _state(path: Path, hashes: tuple[str, str]) -> str:
    """Whether a file is as before the write, as after it, or neither: somebody else has changed it since."""
    before, after = hashes
    now = _hash(_content(path))
    if now == after:
        return "after"
    return "before" if now == before and _hash(_content(_staged(path))) == after else "foreign"


def _cannot_finish(files: Files, states: Mapping[Path, str]) -> str:
    changed = ", ".join(str(path) for path, state in states.items() if state == "foreign")
    staged = ", ".join(str(_staged(path)) for path, state in states.items() if state == "foreign")
    return (
        f"{changed}: changed after a decision that was interrupted while it was written. To mend it: take the content "
        f"of {staged} over into it by hand, or put both files back from the version control history; "
        f"then delete {files.journal}."
    )


def _finish(files: Files, paths: list[Path]) -> None:
    for path in paths:
        _staged(path).replace(path)
        _sync_directory(path.parent)
    files.journal.unlink()
    _sync_directory(files.journal.parent)


def _discard(files: Files) -> None:
    """Throws away a write that does not hold; the journal goes first, for without it nothing holds."""
    for path in (files.journal, *map(_staged, files), _staged(files.journal)):
        path.unlink(missing_ok=True)


def _write_journal(files: Files, changes: Mapping[Path, tuple[bytes | None, bytes]]) -> None:
    """Notes names and hashes only: where the files stand, the one who opens them says, never the journal."""
    note = {path.name: [_hash(before), _hash(after)] for path, (before, after) in changes.items()}
    staged = _staged(files.journal)
    _write_new(staged, json.dumps(note, sort_keys=True).encode(), like=files.ledger)
    staged.replace(files.journal)
    _sync_directory(files.journal.parent)


def _read_journal(files: Files) -> dict[str, tuple[str, str]]:
    try:
        note = json.loads(files.journal.read_bytes())
        journal = {str(name): (str(before), str(after)) for name, (before, after) in note.items()}
    except (OSError, ValueError, AttributeError, TypeError, RecursionError) as error:
        what = f"{files.journal}: not a journal of an interrupted write. To mend it: check both files, then delete it."
        raise InterruptedWriteError(what) from error
    strangers = set(journal) - {path.name for path in files}
    if strangers:
        what = f"{files.journal}: an interrupted write of {', '.join(sorted(strangers))}. To mend it: name that file."
        raise InterruptedWriteError(what)
    return journal


def _staged(path: Path) -> Path:
    return path.with_name(f".{path.name.lstrip('.')}.new")


def _write_new(path: Path, content: bytes, *, like: Path) -> None:
    """Writes a file that was not there before, so that nobody can have put a link in its place."""
    path.unlink(missing_ok=True)
    mode = like.stat().st_mode & 0o777 if like.exists() else 0o644
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode)
    with os.fdopen(descriptor, "wb") as file:
        if like.exists():
            os.fchmod(descriptor, mode)
        file.write(content)
        file.flush()
        os.fsync(descriptor)


def _sync_directory(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise TransactionError(f"{path}: cannot be read: {error.strerror}.") from error


def _hash(content: bytes | None) -> str:
    return _ABSENT if content is None else hashlib.sha256(content).hexdigest()


@contextmanager
def _locked(path: Path, wait_seconds: float) -> Iterator[None]:
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o644)
    except OSError as error:
        what = f"{path}: cannot be opened: {error.strerror}. To mend it: decide where you may write."
        raise TransactionError(what) from error
    try:
        _wait_for_lock(descriptor, path, wait_seconds)
        yield
    finally:
        os.close(descriptor)


def _wait_for_lock(descriptor: int, path: Path, wait_seconds: float) -> None:
    deadline = time.monotonic() + wait_seconds
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() >= deadline:
                what = f"{path}: somebody else is recording a decision. Nothing was recorded: try again in a moment."
                raise TransactionError(what) from error
            time.sleep(_POLL_SECONDS)
        else:
            return
