"""The evidence archive: the redacted answers of a scan, written down as they come, and given again without network."""

from __future__ import annotations

import hashlib
import json
import threading
from typing import TYPE_CHECKING, Any, Final

from connectors.api.errors import ApiError
from connectors.model import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_VERSION: Final = 1
_HEAD: Final = "archive.json"


class ArchiveError(Exception):
    """An archive cannot be written or read; the message names the file and the mend."""


class Archive:
    """Answers by question. Made by `live`, `recording` or `replaying`."""

    def __init__(self, folder: Path | None, *, replay: bool) -> None:
        self._folder = folder
        self._replay = replay
        self._lock = threading.Lock()
        self._answers: dict[str, Any] = {}

    @classmethod
    def live(cls) -> Archive:
        """Keeps nothing."""
        return cls(None, replay=False)

    @classmethod
    def recording(cls, folder: Path) -> Archive:
        """Writes every answer into a folder, which must be new or empty.

        Raises:
            ArchiveError: It cannot be made, or holds something.
        """
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if any(folder.iterdir()):
                raise ArchiveError(f"{folder}: is not empty; name a new folder for the archive")
            (folder / _HEAD).write_text(json.dumps({"version": _VERSION}) + "\n", "utf-8")
        except OSError as error:
            raise ArchiveError(f"{folder}: {error.strerror}; name a folder that can be written") from error
        return cls(folder, replay=False)

    @classmethod
    def replaying(cls, folder: Path) -> Archive:
        """Answers from a folder that was recorded; nothing goes over the network.

        Raises:
            ArchiveError: It is no archive, or a file of it was altered.
        """
        archive = cls(folder, replay=True)
        try:
            head = json.loads((folder / _HEAD).read_text("utf-8"))
            if head.get("version") != _VERSION:
                raise ArchiveError(f"{folder}: was written by another version; replay it with that one")
            for file in sorted(folder.glob("*.jsonl")):
                archive._load(file)
        except OSError as error:
            raise ArchiveError(f"{folder}: {error.strerror}; name a folder that --archive has written") from error
        except (ValueError, AttributeError) as error:
            raise ArchiveError(f"{folder / _HEAD}: is no archive; name a folder that --archive has written") from error
        return archive

    @property
    def replays(self) -> bool:
        """Whether answers come from the archive alone."""
        return self._replay

    def ask(self, source: str, question: str, answer: Callable[[], Any]) -> Any:
        """The answer to a question: from the archive in a replay, else from `answer`, and written down.

        An answer is JSON data, already redacted. A question that failed is written down too, and fails again.

        Args:
            source: Identity of the source.
            question: What is asked, whole: operation and parameters, or method, URL and body.
            answer: Asks.

        Raises:
            ApiError: As `answer` raises it; in a replay also where the archive does not hold the question.
        """
        name = hashlib.sha256(f"{source}\0{question}".encode()).hexdigest()
        if self._replay:
            return self._recall(name, source)
        try:
            given = answer()
        except ApiError as error:
            self._keep(
                name, source, question, {"error": [error.outcome.value, error.reason, error.expired, error.code]}
            )
            raise
        self._keep(name, source, question, {"answer": given})
        return given

    def _recall(self, name: str, source: str) -> Any:
        kept = self._answers.get(name)
        if kept is None:
            raise ApiError(Outcome.FAILED, f"{source}: the archive does not hold this question; record it again")
        if "error" in kept:
            outcome, reason, expired, code = kept["error"]
            raise ApiError(Outcome(outcome), reason, expired=expired, code=code)
        return kept["answer"]

    def _keep(self, name: str, source: str, question: str, kept: dict[str, Any]) -> None:
        if self._folder is None:
            return
        line = json.dumps({"name": name, "source": source, "question": question, **kept}, sort_keys=True)
        digest = hashlib.sha256(line.encode()).hexdigest()
        file = self._folder / (hashlib.sha256(source.encode()).hexdigest()[:16] + ".jsonl")
        with self._lock, file.open("a", encoding="utf-8") as stream:
            stream.write(f"{digest} {line}\n")

    def _load(self, file: Path) -> None:
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
            digest, _, text = line.partition(" ")
            if hashlib.sha256(text.encode()).hexdigest() != digest:
                raise ArchiveError(f"{file}, line {number}: was altered or cut off; record the archive again")
            kept = json.loads(text)
            self._answers[kept["name"]] = kept
