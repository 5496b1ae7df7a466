"""What was made of the knowledge base's files, kept under the hash of those files.

Reading and validating the YAML takes seconds. Of the bundled files a wheel brings the result along; of other ones, and in
a checkout, it is kept in the user's cache folder. It is JSON, never pickle: nothing that somebody else may have written is
executed.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from classifiers.errors import CatalogError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

BUNDLED: Final = Path(__file__).with_name("catalog")
"""The bundled files."""

BROUGHT_ALONG: Final = Path(__file__).with_name("compiled_catalog")
"""Where a wheel has what was made of them; a checkout has no such folder."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """What was made of some files, if it is still there.

    Attributes:
        name: Its name, which changes with the files and with the code that makes it.
        cache: Folder of the cache.
    """

    name: str
    cache: Path

    def recall(self) -> Any:
        """What was kept, or none where nothing was or a fault wrote it: the files are the truth."""
        for folder in (BROUGHT_ALONG, self.cache):
            try:
                return json.loads((folder / self.name).read_bytes())
            except (OSError, ValueError):
                continue
        return None

    def keep(self, content: Any) -> None:
        """Writes it whole or not at all. Without a writable cache folder, the next start is slower; nothing else."""
        try:
            self.cache.mkdir(parents=True, exist_ok=True, mode=0o700)
            with tempfile.NamedTemporaryFile("w", dir=self.cache, delete=False, encoding="utf-8") as file:
                json.dump(content, file)
            Path(file.name).replace(self.cache / self.name)
        except OSError:
            return


def compiled(name: str, digest: str, makers: Sequence[Path], cache: Path | None) -> Compiled:
    """What `makers`, the modules that make it, made of the files with this digest."""
    code = hashlib.sha256()
    for module in makers:
        code.update(module.read_bytes())
    return Compiled(f"{name}-{digest[:24]}-{code.hexdigest()[:8]}.json", cache or cache_folder())


def files_digest(files: Iterable[Path]) -> str:
    """Hash of the names and contents of files.

    Raises:
        CatalogError: One cannot be read.
    """
    digest = hashlib.sha256()
    for file in files:
        try:
            content = file.read_bytes()
        except OSError as error:
            raise CatalogError(f"{file}: {error.strerror}; name a readable file under `catalog`") from error
        digest.update(f"{file.name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def cache_folder() -> Path:
    """The user's folder for what is read again only when its source changed."""
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "aimscope"
