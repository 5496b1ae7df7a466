"""The files of a bare clone, read out of its pack: no working tree is ever written.

Making and removing the folders of a working tree costs more than all else that a scan does with a repository. What
stands in the pack is also what was committed: no attribute, filter or conversion of line ends stands between.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Final

from connectors.code import git
from connectors.code.errors import SourceError

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path
    from types import TracebackType
    from typing import Self

_LINK: Final = "120000"
_MODULE: Final = "160000"
_HEADER_PARTS: Final = 3
_CHUNK: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Entry:
    """A member of a folder, with as much of `os.DirEntry` as walking needs.

    Attributes:
        name: Its name.
        mode: Its mode in git, or empty for a folder.
        blob: Its blob.
        size: Its size.
    """

    name: str
    mode: str = ""
    blob: str = ""
    size: int = 0

    def is_symlink(self) -> bool:
        """Whether it is a symbolic link."""
        return self.mode == _LINK

    def is_dir(self, *, follow_symlinks: bool = False) -> bool:  # noqa: ARG002 - as os.DirEntry has it
        """Whether it is a folder; a submodule is an empty one."""
        return self.mode in {"", _MODULE}

    def is_file(self, *, follow_symlinks: bool = False) -> bool:  # noqa: ARG002 - as os.DirEntry has it
        """Whether it is a file."""
        return self.mode not in {"", _LINK, _MODULE}


@dataclass(slots=True)
class PackedTree:
    """The tree of the head of a bare clone.

    Attributes:
        folder: The clone.
        commit: Its head; empty where it has no commit.
    """

    folder: Path
    commit: str = ""
    _folders: dict[str, dict[str, Entry]] = field(default_factory=dict)
    _answers: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        """Opens it, and lists its files.

        Raises:
            SourceError: They cannot be listed.
        """
        self._answers = git.converse(("cat-file", "--batch"), self.folder)
        self.commit = self._ask("HEAD")[0]
        if self.commit:
            listed = git.LocalGit(self.folder).ask("ls-tree", "-r", "-z", "--long", self.commit)
            if listed.returncode:
                raise SourceError(
                    f"the files of commit {self.commit[:12]} cannot be listed; run `git fsck` on the host"
                )
            for entry in listed.stdout.split(b"\0"):
                if entry:
                    self._add(os.fsdecode(entry))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Closes it."""
        if self._answers is not None:
            self._answers.communicate()

    def entries(self, folder: str) -> list[Entry]:
        """The members of a folder; its name is empty for the top."""
        return list(self._folders.get(folder, {}).values())

    def has(self, folder: str, name: str) -> bool:
        """Whether a folder has a member of a name."""
        return name in self._folders.get(folder, {})

    def size(self, path: str) -> int:
        """The size of a file in bytes."""
        return self._entry(path).size

    def head(self, path: str, most: int) -> bytes:
        """A file, or its first bytes where it is larger than so many.

        Raises:
            OSError: The clone lacks it.
        """
        blob, content = self._ask(self._entry(path).blob, most)
        if not blob:
            raise OSError(0, "the clone lacks it", path)
        return content

    def _entry(self, path: str) -> Entry:
        folder, _, name = path.rpartition("/")
        return self._folders[folder][name]

    def _add(self, line: str) -> None:
        about, _, path = line.partition("\t")
        mode, _, blob, size = about.split()
        folder, _, name = path.rpartition("/")
        self._folders.setdefault(folder, {})[name] = Entry(name, mode, blob, int(size) if size.isdigit() else 0)
        while folder:
            above, _, name = folder.rpartition("/")
            members = self._folders.setdefault(above, {})
            if name in members:
                return
            members[name] = Entry(name)
            folder = above

    def _ask(self, what: str, most: int = 0) -> tuple[str, bytes]:
        """Name and first bytes of an object; both empty where there is none."""
        if self._answers is None or self._answers.stdin is None or self._answers.stdout is None:
            return "", b""
        try:
            self._answers.stdin.write(f"{what}\n".encode())
            self._answers.stdin.flush()
        except BrokenPipeError:
            return "", b""
        answers = self._answers.stdout
        header = answers.readline().decode().split()
        if len(header) != _HEADER_PARTS:
            return "", b""
        left = int(header[2])
        content = answers.read(min(left, most))
        _skip(answers, left - len(content) + 1)
        return header[0], content


def _skip(stream: IO[bytes], count: int) -> None:
    while count > 0 and (chunk := stream.read(min(count, _CHUNK))):
        count -= len(chunk)
