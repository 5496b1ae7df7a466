"""One task of the code connector: a batch of files of one checkout."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from connectors.api.cleaning import cleaned
from connectors.api.redact import redactor
from connectors.code import languages, manifests, units
from connectors.code.artifacts import ContentIndex, PathIndex, file_observation
from connectors.code.files import DEFAULT_LIMITS, Content, Limits, read
from connectors.code.finder import Finder
from connectors.code.nesting import UnreadableError
from connectors.model import Coverage, Location, Observation, ObservationKind, Outcome, Result

if TYPE_CHECKING:
    from pathlib import Path

    from connectors.code.manifests.model import Manifest
    from connectors.code.matchers import Matchers
    from connectors.code.packed import PackedTree

_MEDIA: Final = frozenset({
    ".png", ".jpg", ".jpeg", ".gif", ".webp", ".ico", ".bmp", ".tif", ".tiff", ".svg", ".woff", ".woff2", ".ttf", ".otf",
    ".eot", ".mp3", ".mp4", ".wav", ".ogg", ".flac", ".avi", ".mov", ".webm", ".pdf", ".docx", ".xlsx", ".pptx", ".gz",
    ".xz", ".bz2", ".zst", ".jar", ".class", ".o", ".so", ".a", ".dll", ".exe", ".pyc", ".map", ".css", ".scss", ".less",
    ".snap", ".po", ".pot", ".mo",
})  # fmt: skip
"""Extensions that hold neither programs nor configuration nor models: not opened."""

_PROSE: Final = frozenset({".md", ".rst", ".txt", ".adoc", ".html", ".htm", ".csv", ".tsv", ".xml", ".log"})


KEY: Final = "code:"
"""What the keys of batches begin with: what they gave stays true as long as the files do."""


@dataclass(frozen=True, slots=True)
class Batch:
    """A picklable task: files of one checkout.

    Attributes:
        source: Identity of the source.
        root: Where its files are: the folder of a checkout, or a clone without a working tree.
        paths: Files, relative to it.
        limits: Bounds of what is read.
        states: What tells each file from another of the same path, as its blob in git; empty where size and time do.
    """

    source: str
    root: Path | PackedTree
    paths: tuple[str, ...]
    limits: Limits = DEFAULT_LIMITS
    states: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Names what the batch reads: the same files in the same state have the same key."""
        states = self.states or [_state(f"{self.root}/{path}") for path in self.paths]
        parts = [
            self.source,
            str(self.limits),
            *(f"{path}\0{state}" for path, state in zip(self.paths, states, strict=True)),
        ]
        return KEY + hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _state(path: str) -> str:
    try:
        status = os.lstat(path)
    except OSError:
        return "gone"
    return f"{status.st_size}:{status.st_mtime_ns}"


class BatchScanner:
    """Scans batches for one set of matchers; made once a process."""

    def __init__(self, matchers: Matchers, *, for_many: bool = False) -> None:
        self._matchers = matchers
        self._for_many = for_many
        self._finder = Finder(matchers, for_many=for_many)
        self._paths = PathIndex(matchers)
        self._contents = ContentIndex(matchers)
        self._redact = redactor()

    def serves(self, matchers: Matchers, *, for_many: bool) -> bool:
        """Whether it is the scanner for these matchers and so many batches."""
        return matchers is self._matchers and for_many == self._for_many

    def scan(self, batch: Batch) -> Result:
        """Scans every file of a batch. A file that cannot be read becomes coverage; the others go on."""
        result = Result()
        for path in batch.paths:
            result.counts["files"] += 1
            try:
                self._scan_file(batch, path, result)
            except OSError as error:
                reason = f"{error.strerror or type(error).__name__}; give the scanner permission to read it"
                result.coverage.append(Coverage(batch.source, path, Outcome.PARTIAL, reason))
            except (UnreadableError, RecursionError) as error:
                reason = f"cannot be read: {error}; split the file or let git ignore it"
                result.coverage.append(Coverage(batch.source, path, Outcome.PARTIAL, reason))
        return cleaned(result, self._redact)

    def _scan_file(self, batch: Batch, path: str, result: Result) -> None:
        path_keys = self._paths.keys(path)
        name = path.rpartition("/")[2]
        extension = "." + name.rpartition(".")[2].lower() if "." in name else ""
        manifest = manifests.recognise(path)
        content: Content | None = None
        if manifest or self._worth_reading(path, name, extension):
            content = read(batch.root, path, batch.limits)
            result.counts[content.kind] += 1
            result.counts["bytes"] += len(content.data)
        if content and content.kind != "text":
            path_keys += self._contents.keys(extension, content.data)
        elif content:
            if self._contents.asks_for(extension):
                path_keys += self._contents.keys(extension, content.data)
            self._scan_text(batch, path, manifest, content.data, result)
        if path_keys:
            head = content.data if content else b""
            result.observations.append(file_observation(batch.source, path, sorted(set(path_keys)), head))

    def _worth_reading(self, path: str, name: str, extension: str) -> bool:
        if extension in _MEDIA:
            return False
        if languages.of_path(path) or self._contents.asks_for(extension) or units.marks_unit(path):
            return True
        return extension not in _PROSE and (extension == "" or not name.startswith("."))

    def _scan_text(self, batch: Batch, path: str, manifest: str | None, data: bytes, result: Result) -> None:
        source = batch.source
        if manifest:
            self._add_manifest(source, path, manifests.parse(manifest, path, data, self._wanted), result)
        if units.marks_unit(path) or path.endswith((".yaml", ".yml")):
            result.observations += units.deployed_units(source, path, data)
        result.observations += units.owners(source, path, data)
        result.observations += self._finder.observe(source, path, data)

    def _wanted(self, ecosystem: str, name: str) -> bool:
        return bool(self._matchers.package_keys(ecosystem, name))

    def _add_manifest(self, source: str, path: str, manifest: Manifest, result: Result) -> None:
        for problem in manifest.problems:
            reason = f"line {problem.line}: {problem.text}; {problem.mend}"
            result.coverage.append(Coverage(source, path, Outcome.PARTIAL, reason))
        if not manifest.lock:
            result.observations.append(_project(source, path, manifest, self._matchers))
        for dependency in manifest.dependencies:
            keys = self._matchers.package_keys(dependency.ecosystem, dependency.name)
            if not keys:
                continue
            attributes = {
                "ecosystem": dependency.ecosystem,
                "version": dependency.version,
                "scope": dependency.scope.value,
                "direct": dependency.direct,
                "lock": manifest.lock,
            }
            location = Location(source, path, dependency.line)
            snippet = f"{dependency.name} {dependency.version}".strip()[:120]
            observation = Observation(ObservationKind.PACKAGE, dependency.name, location, keys, attributes, snippet)
            result.observations.append(observation)


def _project(source: str, path: str, manifest: Manifest, matchers: Matchers) -> Observation:
    """The unit that a manifest marks; with the matchers of a package where the project is that package itself."""
    project = manifest.project
    keys: tuple[str, ...] = ()
    folder = path.rpartition("/")[0]
    attributes: dict[str, str | bool] = {"folder": folder, "manifest": manifest.kind}
    line = 1
    if project is not None and project.name:
        attributes |= {"ecosystem": project.ecosystem, "project": project.name, "program": bool(project.entry_points)}
        line = project.line
        keys = matchers.package_keys(project.ecosystem, project.name)
    return Observation(ObservationKind.UNIT, folder, Location(source, path, line), keys, attributes)
