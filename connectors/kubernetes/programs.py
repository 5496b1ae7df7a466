"""What a container runs: which commands, and which models their arguments name. Nothing else of a command is kept."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING, Final

from connectors.kubernetes.paths import model

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

_ENDS: Final = frozenset({"&&", "||", ";", "|", "&", "then", "do"})
_BEFORE: Final = frozenset({
    "exec", "nohup", "env", "sudo", "tini", "dumb-init", "--", "uv", "run", "poetry", "time", "command",
})  # fmt: skip
_ASSIGNMENT: Final = re.compile(r"[A-Za-z_]\w*=")
_MAX_WORDS: Final = 4096


def statements(words: Iterable[str]) -> list[list[str]]:
    """The statements of a container's command and arguments, each beginning with its program's name."""
    told: list[str] = []
    scripts: list[list[str]] = []
    for word in words:
        if any(blank in word.strip() for blank in " \n\t"):
            scripts += _script(word)
        else:
            told.append(word)
    return [named for statement in (told, *scripts) if (named := _named(statement))]


def commands(found: Iterable[Sequence[str]], wanted: Collection[str]) -> set[str]:
    """Those commands (a program, or it and its first words) with which a statement begins."""
    begun = {" ".join(statement[:length]) for statement in found for length in range(1, min(len(statement), 5) + 1)}
    return begun & set(wanted)


def models(found: Iterable[Sequence[str]], flags: Collection[str], positional: Iterable[str]) -> set[str]:
    """Models that arguments name.

    Args:
        found: Statements.
        flags: Flags whose value is a model.
        positional: Programs and first words after which one stands.
    """
    after = [words.split() for words in positional]
    named: set[str] = set()
    for statement in found:
        named.update(_flagged(statement, flags))
        named.update(
            statement[len(words)]
            for words in after
            if statement[: len(words)] == words and statement[len(words) : len(words) + 1] and statement[len(words)][0] != "-"
        )  # fmt: skip
    return {kept for written in named if (kept := model(written))}


def _flagged(statement: Sequence[str], flags: Collection[str]) -> Iterator[str]:
    for word, following in zip(statement, (*statement[1:], ""), strict=True):
        flag, equals, value = word.partition("=")
        if flag in flags:
            yield value if equals else following


def _script(text: str) -> Iterator[list[str]]:
    """The statements of a shell script; where its quotes do not close, of its bare words."""
    plain = text.replace("\\\n", " ").replace("\n", " ; ")
    try:
        lexer = shlex.shlex(plain, posix=True, punctuation_chars=";&|")
        lexer.whitespace_split = True
        words = list(lexer)[:_MAX_WORDS]
    except ValueError:
        words = plain.split()[:_MAX_WORDS]
    statement: list[str] = []
    for word in words:
        if word in _ENDS:
            yield statement
            statement = []
        else:
            statement.append(word)
    yield statement


def _named(statement: list[str]) -> list[str]:
    """A statement from its program's name on, without its folder and what launches it."""
    rest = list(statement)
    while rest and (rest[0] in _BEFORE or _ASSIGNMENT.match(rest[0])):
        rest.pop(0)
    return [rest[0].rpartition("/")[2] or rest[0], *rest[1:]] if rest else []
