"""Names of products as people type them, matched to the catalog of products.

A name never confers status. What is *identified* here serves the evaluation, imports' previews and suggestions to a
person; only identifiers (`Products.identified`) join evidence. rapidfuzz only ever *suggests*.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from classifiers.products import Product, Products

PLACEHOLDERS: Final = frozenset(
    {
        "", "n a", "na", "nan", "none", "null", "nil", "no", "various", "multiple", "several", "many", "misc", "other",
        "others", "tbd", "tba", "to be determined", "unknown", "unkown", "unspecified", "not applicable",
        "not available", "not known", "not specified", "not provided", "see above", "same as above", "etc", "all", "any",
        "in house", "internal", "custom", "open source",
    }
)  # fmt: skip
"""What people write where they name nothing, as plain words."""

LEGAL_SUFFIXES: Final = frozenset(
    {
        "inc", "incorporated", "corp", "corporation", "co", "company", "llc", "llp", "lp", "ltd", "limited",
        "plc", "gmbh", "ag", "sa", "sas", "sarl", "srl", "spa", "bv", "nv", "ab", "as", "oy", "aps", "pty",
        "pte", "kk", "kg",
    }
)  # fmt: skip
EDITIONS: Final = frozenset(
    {
        "ai", "app", "apps", "application", "applications", "assistant", "beta", "business", "cloud", "com",
        "commercial", "edition", "enterprise", "fedramp", "federal", "free", "gcc", "gov", "government", "gpt",
        "high", "il4", "il5", "io", "ios", "licence", "licences", "license", "licenses", "mobile", "moderate",
        "office", "online", "platform", "plus", "premium", "preview", "pro", "professional", "saas", "service",
        "services", "software", "solution", "solutions", "standard", "subscription", "suite", "system",
        "systems", "team", "teams", "tool", "tools", "trial", "ultimate", "v", "version", "web",
    }
)  # fmt: skip
"""Words that a product's name keeps its meaning without: editions, packaging and marketing."""
PACKAGING: Final = frozenset(
    {
        "app", "apps", "com", "edition", "fedramp", "gcc", "gov", "io", "licence", "licences", "license", "licenses",
        "saas", "software", "subscription", "trial", "v", "version",
    }
)  # fmt: skip
"""Of these, words that only a product is followed by: `Word Cloud` is no edition of Word, `Word software` is Word."""
FILLERS: Final = frozenset(
    {
        "the", "a", "an", "our", "for", "of", "by", "and", "in", "on", "from", "with", "using", "via",
    }
)  # fmt: skip

_WORDS: Final = re.compile(r"[a-z0-9]+")
_VERSION: Final = re.compile(r"v?\d{1,4}(?:\.\d+)*")
_ACRONYM: Final = re.compile(r"\b[A-Z]{3}\b")
_SPLIT: Final = re.compile(r"[,;]")
_PARTS: Final = re.compile(r"\s*(?:\n|&|\+|/|\||\band\b|\bwith\b)\s*", re.IGNORECASE)
_LONGEST_NAME: Final = 7
_LEAST_SCORE: Final = 75.0


class MatchKind(StrEnum):
    """How a mention was identified, the strictest first."""

    EXACT = "exact"
    NORMALISED = "normalised"
    CONTAINED = "contained"


@dataclass(frozen=True, slots=True)
class Identified:
    """A product that a mention names.

    Attributes:
        product: The product.
        name: The name of it that was found.
        kind: How.
    """

    product: Product
    name: str
    kind: MatchKind


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A product that a mention may mean, for a person to decide; `score` is from 0 to 100."""

    product: Product
    name: str
    score: float


def split_mentions(cell: str) -> tuple[str, ...]:
    """The mentions of a cell: parted at commas and semicolons, placeholders dropped, the text otherwise as it is."""
    return tuple(mention for part in _SPLIT.split(cell) if not is_placeholder(mention := part.strip()))


def is_placeholder(mention: str) -> bool:
    """Whether a mention names nothing: `N/A`, `Various`, `TBD`."""
    return " ".join(plain_words(mention)) in PLACEHOLDERS


class ProductNames:
    """Finds products by name.

    Args:
        products: The catalog.
    """

    def __init__(self, products: Products) -> None:
        self._whole: dict[str, tuple[str, str]] = {}
        self._within: dict[str, tuple[str, str]] = {}
        self._capitals: dict[str, tuple[str, str]] = {}
        self._ordinary: set[str] = set()
        self._products = products.by_id
        for product in products.by_id.values():
            only_whole = {"".join(plain_words(name)) for name in product.whole}
            self._ordinary |= only_whole
            for name in _spellings(product):
                key = "".join(plain_words(name))
                self._whole.setdefault(key, (product.id, name))
                if key not in only_whole and len(key) > _TOO_SHORT_WITHIN:
                    self._within.setdefault(" ".join(plain_words(name)), (product.id, name))
                    self._within.setdefault(key, (product.id, name))
                elif key not in only_whole and _ACRONYM.fullmatch(name):
                    self._capitals.setdefault(name, (product.id, name))

    def identify(self, mention: str) -> tuple[Identified, ...]:
        """The products that a mention names; none where it names none of the catalog.

        The whole mention is tried first, as it stands and without legal suffixes, versions and editions, then what stands
        before a bracket, then its parts (`Teams / Copilot`), then names within it. Names that are ordinary words count
        only as a whole; names of three letters within a text only in capitals (`AWS`).
        """
        if whole := self._identify_whole(mention) or self._identify_whole(mention.partition("(")[0]):
            return (whole,)
        parts = [part for part in _PARTS.split(mention) if part]
        if len(parts) > 1:
            found = [self._identify_whole(part) for part in parts]
            if all(found):
                return _distinct([match for match in found if match])
        if within := list(self._identify_within(plain_words(mention))):
            return _distinct(within)
        return _distinct([self._made(self._capitals[word], MatchKind.CONTAINED) for word in self._acronyms(mention)])

    def suggest(self, mention: str, limit: int = 3) -> tuple[Suggestion, ...]:
        """Products with a similar name, the most similar first, each once."""
        from rapidfuzz import fuzz, process

        words = plain_words(mention)
        core = "".join(_core(words) or words)
        if not core:
            return ()
        close = process.extract(core, self._whole.keys(), scorer=fuzz.ratio, limit=limit * 4, score_cutoff=_LEAST_SCORE)
        best: dict[str, Suggestion] = {}
        for key, score, _ in close:
            product, name = self._whole[key]
            best.setdefault(product, Suggestion(self._products[product], name, round(score, 1)))
        return tuple(best.values())[:limit]

    def _identify_whole(self, mention: str) -> Identified | None:
        words = plain_words(mention)
        if found := self._whole.get("".join(words)):
            return self._made(found, MatchKind.EXACT)
        for shorter in _shortened(words):
            key = "".join(shorter)
            if (found := self._whole.get(key)) and (key not in self._ordinary or _only_packaging(words, shorter)):
                return self._made(found, MatchKind.NORMALISED)
        return None

    def _identify_within(self, words: Sequence[str]) -> Iterator[Identified]:
        """Names in a text from left to right, the longest first; of `X for Y`, Y is where X is used and not meant."""
        start, found = 0, None
        while start < len(words) and not (found and words[start] == "for"):
            for end in range(min(len(words), start + _LONGEST_NAME), start, -1):
                if found_here := self._within.get(" ".join(words[start:end])):
                    found = found_here
                    yield self._made(found, MatchKind.CONTAINED)
                    start = end
                    break
            else:
                start += 1

    def _acronyms(self, mention: str) -> Iterator[str]:
        return (word for word in _ACRONYM.findall(mention) if word in self._capitals)

    def _made(self, found: tuple[str, str], kind: MatchKind) -> Identified:
        product, name = found
        return Identified(self._products[product], name, kind)


_TOO_SHORT_WITHIN: Final = 3
"""Letters of a name that is too short to be told from other words within a longer text."""


def _spellings(product: Product) -> Iterator[str]:
    """Names of a product, each also after its vendor's name where it does not begin with it."""
    yield from product.names
    vendor = product.vendor.partition(" (")[0]
    for name in product.names:
        if plain_words(name)[:1] != plain_words(vendor)[:1]:
            yield f"{vendor} {name}"


def plain_words(text: str) -> list[str]:
    """Lower-case words without accents, marks and punctuation."""
    words = _WORDS.findall(text.lower() if text.isascii() else _without_accents(text))
    return ["microsoft" if word in {"ms", "msft"} else word for word in words]


def _without_accents(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def _shortened(words: Sequence[str]) -> Iterator[list[str]]:
    """A mention with less and less around its name: without versions, suffixes, editions."""
    kept = list(words)
    while len(kept) > 1 and _is_around(kept[-1]):
        kept.pop()
        yield list(kept)
    while len(kept) > 1 and kept[0] in FILLERS:
        kept.pop(0)
        yield list(kept)


def _only_packaging(words: Sequence[str], shorter: Sequence[str]) -> bool:
    """Whether what a mention was shortened by says nothing of what its name means."""
    around = [word for word in words if word not in shorter]
    return all(
        word in LEGAL_SUFFIXES or word in PACKAGING or word in FILLERS or _VERSION.fullmatch(word) for word in around
    )


def _core(words: Sequence[str]) -> list[str]:
    return [word for word in words if not _is_around(word)]


def _is_around(word: str) -> bool:
    return word in LEGAL_SUFFIXES or word in EDITIONS or word in FILLERS or _VERSION.fullmatch(word) is not None


def _distinct(found: list[Identified]) -> tuple[Identified, ...]:
    return tuple({match.product.id: match for match in reversed(found)}.values())[::-1]
