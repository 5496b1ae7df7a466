"""One pass over the bytes of a file for all literals at once (Aho-Corasick)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from connectors.code.matchers import LiteralMatcher, Matchers, Region
from connectors.code.screens import screen_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from connectors.code.languages import Language
    from connectors.code.screens import Screen

_WORD: Final = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")
_SHORT: Final = 3
_MODULE: Final = -1
_FROM: Final = "from "
_CASE_SENSITIVE: Final = frozenset({Region.IMPORT, Region.ENV, Region.CALL, Region.COMMAND})
_OPEN_ENDED: Final = frozenset({Region.MODEL, Region.IMAGE})
_PROGRAM_REGIONS: Final = frozenset({Region.IMPORT, Region.CALL})


@dataclass(frozen=True, slots=True)
class Hit:
    """A literal of a matcher at a place in a file, in the right case and not inside a longer word."""

    matcher: LiteralMatcher
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Owner:
    """A matcher behind a needle, with what deciding a hit needs at hand."""

    matcher: LiteralMatcher
    lead: int
    length: int
    exact: bytes
    word_before: bool
    word_after: bool
    screen: Screen | None

    def stands_alone(self, content: bytes, start: int, end: int) -> bool:
        """Whether the literal is in the right case and not a part of a longer word."""
        if self.word_before and start and content[start - 1] in _WORD:
            return False
        if self.word_after and end < len(content) and content[end] in _WORD:
            return False
        return not self.exact or content[start:end] == self.exact


class Automaton:
    """All literals of a set of matchers, ready to be looked for.

    A literal of up to three letters would hit everywhere; it is looked for with what must stand around it.

    Args:
        matchers: What to look for.
        for_many: Whether a great many files will be read: it takes longer to build, and half as long for each file.
    """

    def __init__(self, matchers: Matchers, *, for_many: bool = False) -> None:
        from ahocorasick_rs import BytesAhoCorasick, Implementation

        by_needle: defaultdict[str, list[tuple[LiteralMatcher, int]]] = defaultdict(list)
        for matcher in matchers.literals:
            for needle, lead in _needles(matcher):
                by_needle[needle.lower()].append((matcher, lead))
            if module := imported_from(matcher):
                by_needle[f"{_FROM}{module} import".lower()].append((matcher, _MODULE))
        needles = [needle.encode() for needle in by_needle]
        self._matchers = list(by_needle.values())
        self._owners: dict[int, list[_Owner]] = {}
        implementation = Implementation.DFA if for_many else Implementation.ContiguousNFA
        self._machine = BytesAhoCorasick(needles, implementation=implementation)

    def hits(self, content: bytes, language: Language) -> Iterator[Hit]:
        """Every hit that may mean something in a language, in the order of its end; overlapping ones too."""
        configuration, name, container = language.configuration, language.name, language.container
        for index, begin, end in self._machine.find_matches_as_indexes(content.lower(), overlapping=True):
            for owner in self._owners.get(index) or self._prepared(index):
                matcher = owner.matcher
                if configuration and matcher.region in _PROGRAM_REGIONS:
                    continue
                if matcher.languages and name not in matcher.languages and not container:
                    continue
                start = begin + owner.lead
                stop = min(end, start + owner.length)
                if not owner.stands_alone(content, start, stop):
                    continue
                if owner.screen and not (container or owner.screen(matcher, content, start, stop, language)):
                    continue
                yield Hit(matcher, start, stop)

    def _prepared(self, index: int) -> list[_Owner]:
        """The owners of a needle, made when it first hits: most never do."""
        owners = self._owners[index] = [_owner(matcher, lead) for matcher, lead in self._matchers[index]]
        return owners


def imported_from(matcher: LiteralMatcher) -> str:
    """The module of a dotted Python root, whose last name may be imported from it: `from aws_cdk import aws_bedrock`."""
    if matcher.region is not Region.IMPORT or "python" not in matcher.languages:
        return ""
    return matcher.text.rpartition(".")[0]


def _owner(matcher: LiteralMatcher, lead: int) -> _Owner:
    literal = imported_from(matcher) if lead == _MODULE else _literal(matcher)
    after = not matcher.open_ended and matcher.region not in _OPEN_ENDED
    return _Owner(
        matcher=matcher,
        lead=len(_FROM) if lead == _MODULE else lead,
        length=len(literal.encode()),
        exact=literal.encode() if matcher.region in _CASE_SENSITIVE else b"",
        word_before=_is_word(literal[0]),
        word_after=_is_word(literal[-1]) and after,
        screen=screen_of(matcher.region),
    )


def _is_word(letter: str) -> bool:
    return letter.isalnum() or letter == "_"


def _literal(matcher: LiteralMatcher) -> str:
    if matcher.region is Region.RESOURCE and matcher.expression:
        return matcher.expression  # a Kubernetes kind may be any word; its API group is none
    return matcher.text.partition(" ")[0] if matcher.region is Region.COMMAND else matcher.text


def _needles(matcher: LiteralMatcher) -> list[tuple[str, int]]:
    """Texts to look for, each with the offset of the literal in it."""
    literal = _literal(matcher)
    if matcher.region is Region.CALL:
        return [(literal + "(", 0)]
    if len(literal) > _SHORT:
        return [(literal, 0)]
    if matcher.region is Region.IMPORT and "python" in matcher.languages:
        return [("import " + literal, 7), ("from " + literal, 5)]
    if matcher.region is Region.COMMAND and " " in matcher.text:
        return [(matcher.text, 0)]
    tails = ('"', "'") if matcher.region is Region.MODEL else ('"', "'", "/")
    return [(quote + literal + tail, 1) for quote in "\"'" for tail in tails]
