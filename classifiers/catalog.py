"""The knowledge base, loaded: matchers for connectors, and what each means."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from classifiers.compiled import BUNDLED, compiled, files_digest
from classifiers.meaning import Meaning, compile_rows
from classifiers.model import Role, Strength, SystemKind, Technique
from connectors.code import matchers as matchers_module
from connectors.code.matchers import ContentMatcher, LiteralMatcher, Matchers, Region

if TYPE_CHECKING:
    from classifiers.rows import Row

_MAKERS: Final = (
    *map(Path(__file__).with_name, ("catalog.py", "meaning.py", "rows.py")),
    Path(matchers_module.__file__),
)


@dataclass(frozen=True, slots=True)
class Catalog:
    """The knowledge base, ready for use.

    Attributes:
        digest: Hash of the files that it was read from.
        matchers: What connectors look for.
        meanings: Matcher key to meaning.
        names: Row id to name.
        gateways: What may stand before a model (`azure/gpt-4.1`) to the provider that it names.
        serves: Provider to the providers whose models it serves under their names.
        routers: Providers that take models as `maker/model`.
    """

    digest: str
    matchers: Matchers
    meanings: Mapping[str, Meaning]
    names: Mapping[str, str]
    gateways: Mapping[str, str] = field(default_factory=dict)
    serves: Mapping[str, Sequence[str]] = field(default_factory=dict)
    routers: frozenset[str] = frozenset()


def load(own: Sequence[Path] = (), cache: Path | None = None) -> Catalog:
    """Loads the bundled rows and an organisation's own, from the cache where nothing has changed.

    Args:
        own: Files of the organisation's own rows; a row with the id of a bundled one replaces it.
        cache: Folder of the cache; the user's by default.

    Raises:
        CatalogError: A file cannot be read, or a row is wrong.
    """
    files = [*bundled_files(), *own]
    digest = files_digest(files)
    if cache is None and digest in _LOADED:
        return _LOADED[digest]
    catalog = _recall_or_compile(files, digest, cache)
    if cache is None:
        _LOADED[digest] = catalog
    return catalog


_LOADED: Final[dict[str, Catalog]] = {}
"""Catalogs of this process, by digest: whoever runs several commands in one process loads each once."""


def _recall_or_compile(files: Sequence[Path], digest: str, cache: Path | None) -> Catalog:
    kept = compiled("catalog", digest, _MAKERS, cache)
    if (stored := kept.recall()) is not None:
        try:
            return _decode(stored)
        except (ValueError, KeyError, TypeError):
            pass  # A fault wrote it: the files are the truth.
    catalog = compile_catalog(read_rows(files), digest)
    kept.keep(_encode(catalog))
    return catalog


def bundled_files() -> list[Path]:
    """The bundled files of the knowledge base, a theme each."""
    return sorted(BUNDLED.glob("*.yaml"))


def read_rows(files: Iterable[Path]) -> list[Row]:
    """Reads and validates theme files; of two rows with one id the later stands.

    Raises:
        CatalogError: A file cannot be read, or a row is wrong.
    """
    # Validation is heavy to import, and a start that recalls what was compiled needs none.
    from classifiers.themes import read_theme

    rows: dict[str, Row] = {}
    for file in files:
        for row in read_theme(file).rows:
            rows[row.id] = row
    return list(rows.values())


def compile_catalog(rows: Sequence[Row], digest: str) -> Catalog:
    """Compiles rows into a catalog."""
    meant = compile_rows(rows)
    providers = [row for row in rows if row.provider == row.id]
    return Catalog(
        digest,
        meant.matchers(digest),
        meant.meanings,
        names={row.id: row.name for row in rows},
        gateways={name: row.id for row in providers for name in (row.id, *row.aliases)},
        serves={row.id: row.serves for row in providers if row.serves},
        routers=frozenset(row.id for row in providers if row.routes),
    )


def _encode(catalog: Catalog) -> dict[str, Any]:
    matchers = catalog.matchers
    shared = _Shared()
    return {
        "digest": catalog.digest,
        "literals": [
            [
                m.key,
                m.region,
                m.text,
                shared(sorted(m.languages)),
                shared(m.expression),
                shared(sorted(m.keys)),
                m.open_ended,
            ]
            for m in matchers.literals
        ],
        "shared": shared.values,
        "packages": matchers.packages,
        "package_prefixes": matchers.package_prefixes,
        "files": matchers.files,
        "contents": [
            [m.key, m.extensions, m.offset, m.magic.hex(), [text.hex() for text in m.contains]]
            for m in matchers.contents
        ],
        "meanings": {key: shared(list(asdict(meaning).values())) for key, meaning in catalog.meanings.items()},
        "names": catalog.names,
        "gateways": catalog.gateways,
        "serves": catalog.serves,
        "routers": sorted(catalog.routers),
    }


class _Shared:
    """Values that many literals have in common, each kept once."""

    def __init__(self) -> None:
        self.values: list[Any] = []
        self._places: dict[str, int] = {}

    def __call__(self, value: Any) -> int:
        place = self._places.setdefault(repr(value), len(self.values))
        if place == len(self.values):
            self.values.append(value)
        return place


class _Sets:
    """Shared lists as sets, each made once."""

    def __init__(self, shared: list[Any]) -> None:
        self._shared = shared
        self._made: dict[int, frozenset[str]] = {}

    def set(self, place: int) -> frozenset[str]:
        if place not in self._made:
            self._made[place] = frozenset(self._shared[place])
        return self._made[place]


def _decode(stored: dict[str, Any]) -> Catalog:
    shared = _Sets(stored["shared"])
    regions = {region.value: region for region in Region}
    matchers = Matchers(
        literals=tuple(
            LiteralMatcher(
                key,
                regions[region],
                text,
                shared.set(languages),
                stored["shared"][expression],
                shared.set(keys),
                open_ended,
            )
            for key, region, text, languages, expression, keys, open_ended in stored["literals"]
        ),
        packages=stored["packages"],
        package_prefixes=stored["package_prefixes"],
        files=tuple((glob, key) for glob, key in stored["files"]),
        contents=tuple(
            ContentMatcher(key, tuple(extensions), offset, bytes.fromhex(magic), tuple(map(bytes.fromhex, contains)))
            for key, extensions, offset, magic, contains in stored["contents"]
        ),
        digest=stored["digest"],
    )
    return Catalog(
        stored["digest"],
        matchers,
        _StoredMeanings(stored["meanings"], stored["shared"]),
        stored["names"],
        stored["gateways"],
        stored["serves"],
        frozenset(stored["routers"]),
    )


class _StoredMeanings(Mapping[str, Meaning]):
    """Meanings out of the cache, each decoded when it is first asked for: a scan needs few of thousands."""

    def __init__(self, stored: dict[str, int], shared: list[Any]) -> None:
        self._stored = stored
        self._shared = shared
        self._decoded: dict[str, Meaning] = {}

    def __getitem__(self, key: str) -> Meaning:
        if key not in self._decoded:
            self._decoded[key] = _meaning(*self._shared[self._stored[key]])
        return self._decoded[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._stored)

    def __len__(self) -> int:
        return len(self._stored)


def _meaning(
    row: str, evidence: str, role: str, kind: str, strength: str, provider: str, family: str,
    techniques: list[str], packages: list[list[str]], weak: bool,
) -> Meaning:  # fmt: skip
    return Meaning(
        row, evidence, Role(role), SystemKind(kind), Strength(strength), provider, family,
        tuple(map(Technique, techniques)), tuple((ecosystem, name) for ecosystem, name in packages), weak,
    )  # fmt: skip
