"""From the bytes of one file to observations."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from connectors.code import languages
from connectors.code.automaton import Automaton, Hit
from connectors.code.embedded import Program, front_matter, notebook, script_blocks
from connectors.code.lines import Lines
from connectors.code.matchers import Matchers, Region
from connectors.code.rules import Fact, Text, fact_at
from connectors.code.syntax import LineIndex, Tree
from connectors.model import Location, Observation, ObservationKind

if TYPE_CHECKING:
    from connectors.code.languages import Language

_KINDS: Final = {
    Region.IMPORT: ObservationKind.IMPORT,
    Region.COMMAND: ObservationKind.COMMAND,
    Region.IMAGE: ObservationKind.IMAGE,
    Region.RESOURCE: ObservationKind.RESOURCE,
    Region.ACTION: ObservationKind.ACTION,
}
_NESTED: Final = frozenset({Region.IMPORT, Region.RESOURCE, Region.VALUE, Region.IMAGE, Region.COMMAND})
_RUST_TESTS: Final = b"#[cfg(test)]"
_COMPONENTS: Final = (".vue", ".svelte")


class Finder:
    """Looks for a set of matchers in the text of files."""

    def __init__(self, matchers: Matchers, *, for_many: bool = False) -> None:
        self._automaton = Automaton(matchers, for_many=for_many)

    def observe(self, source: str, path: str, content: bytes) -> list[Observation]:
        """Observations in a text file; none where no language is known by the file's name or `#!` line.

        Repeats of one fact in one file are one observation, at its first line, with a count.
        """
        language = languages.of_path(path)
        if language is None and "." not in path.rpartition("/")[2]:
            language = languages.of_shebang(content[:128])
        if language is None:
            return []
        hits = list(self._automaton.hits(content, language))
        if not hits:
            return []
        program = _program(language, path, content)
        if program is None:
            return []
        if program.content is not content:
            hits = list(self._automaton.hits(program.content, program.language))
        return self._facts(source, path, program, hits) if hits else []

    def _facts(self, source: str, path: str, program: Program, hits: list[Hit]) -> list[Observation]:
        text = _text(program)
        index = LineIndex(program.content)
        found: dict[tuple[str, str], Observation] = {}
        tests_from = _tests_from(program)
        for hit, fact in _sharpest(_all_facts(text, hits)):
            key = (hit.matcher.key, "" if hit.matcher.region is Region.IMPORT else fact.name)
            if key in found:
                found[key] = replace(found[key], occurrences=found[key].occurrences + 1)
            else:
                line = program.line(index.line(hit.start))
                in_test = hit.start > tests_from
                found[key] = _observation(Location(source, path, line), hit, fact, program.language, in_test=in_test)
        return list(found.values())


def _all_facts(text: Text, hits: list[Hit]) -> list[tuple[Hit, Fact]]:
    seen: set[tuple[str, int]] = set()
    facts = []
    for hit in hits:
        if (hit.matcher.key, hit.start) in seen:
            continue
        seen.add((hit.matcher.key, hit.start))
        if fact := fact_at(text, hit):
            facts.append((hit, fact))
    return facts


def _sharpest(facts: list[tuple[Hit, Fact]]) -> list[tuple[Hit, Fact]]:
    """Of several matchers for one place the longest literal: `llama_index.readers` says more than `llama_index`."""
    longest: dict[tuple[Region, int], int] = {}
    for hit, _ in facts:
        place = (hit.matcher.region, hit.start)
        longest[place] = max(longest.get(place, 0), len(hit.matcher.text))
    return [
        (hit, fact)
        for hit, fact in facts
        if hit.matcher.region not in _NESTED or len(hit.matcher.text) == longest[hit.matcher.region, hit.start]
    ]


def _program(language: Language, path: str, content: bytes) -> Program | None:
    if language.name == "notebook":
        return notebook(content)
    if language.name == "markdown":
        return front_matter(content)
    if path.endswith(_COMPONENTS):
        return script_blocks(language, content)
    return Program(language, content)


def _text(program: Program) -> Text:
    reader = Tree if program.language.module else Lines
    return reader(program.language, program.content)


def _tests_from(program: Program) -> int:
    """Where the tests of a file begin that holds both: by custom, Rust's `#[cfg(test)]` module ends its file."""
    at = program.content.find(_RUST_TESTS) if program.language.name == "rust" else -1
    return at if at >= 0 else len(program.content)


def _observation(location: Location, hit: Hit, fact: Fact, language: Language, *, in_test: bool) -> Observation:
    region = hit.matcher.region
    return Observation(
        kind=_KINDS.get(region, ObservationKind.LITERAL),
        name=fact.name,
        location=location,
        matchers=(hit.matcher.key,),
        attributes={
            "region": region.value,
            "language": language.name,
            **({"test": True} if in_test else {}),
            **fact.attributes,
        },
        snippet=fact.snippet[:200],
    )
