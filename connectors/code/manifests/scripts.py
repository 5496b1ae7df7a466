"""Tokens of build scripts, without their comments.

Groovy has no grammar among the installed ones, and what a build script declares (`implementation("g:a:1")`,
`"g" %% "a" % "1"`, `.package(url: "…")`) shows in its tokens: one tokeniser serves Groovy, Kotlin, Scala and Swift. It
takes linear time, where the grammars of Kotlin, Scala and Swift take quadratic time on hostile input.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from connectors.code.manifests.model import Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

_TOKEN: Final = re.compile(
    r"(?P<end>\n)|(?P<skip>[^\S\n]+|//[^\n]*|\\\n)|(?P<comment>/\*)"
    r'|"""(?P<long>.*?)(?:"""|\Z)'
    r"|'''(?P<raw>.*?)(?:'''|\Z)"
    r'|"(?P<double>(?:[^"\\\n$]|\\.|\$\{[^{}\n]*\}|\$)*+)"'
    r"|'(?P<single>(?:[^'\\\n]|\\.)*+)'"
    r"|(?P<name>[A-Za-z_$][\w$]*|`[^`\n]*`)|(?P<broken>\"[^\n]*)|(?P<sign>%+|[-+:]=|\+\+|.)",
    re.DOTALL,
)
_COMMENT_EDGE: Final = re.compile(r"/\*|\*/")
_OPENING: Final = frozenset("([{")
_CLOSING: Final = frozenset(")]}")
_MOST_LEVELS: Final = 20
"""Levels of nesting in which calls are looked for; each is read whole, so that the depth must be bounded."""

_STRINGS: Final = frozenset({"long", "raw", "double", "single"})


class Token(NamedTuple):
    """A token: a name, a string (its content), a sign, or the end of a line.

    Attributes:
        kind: Which of them.
        text: Its text; of a string without the quotes.
        line: One-based line.
    """

    kind: Literal["name", "string", "sign", "end"]
    text: str
    line: int


_END: Final = Token("end", "", 0)


def tokens_of(text: str, *, nested_comments: bool) -> tuple[list[Token], list[Problem]]:
    """The tokens of a script in Groovy, Kotlin, Scala or Swift; in Groovy comments do not nest."""
    tokens: list[Token] = []
    problems: list[Problem] = []
    line, at = 1, 0
    while found := _TOKEN.match(text, at):
        kind, start, at = found.lastgroup, at, found.end()
        if kind == "comment":
            at = _comment_end(text, at, nested=nested_comments)
        elif kind in _STRINGS:
            tokens.append(Token("string", found[kind], line))
        elif kind == "name":
            tokens.append(Token("name", found["name"].strip("`"), line))
        elif kind == "sign":
            tokens.append(Token("sign", found["sign"], line))
        elif kind == "end":
            tokens.append(Token("end", "", line))
        elif kind == "broken":
            problems.append(Problem(line, "has a string that is not closed", "close the quote"))
        line += text.count("\n", start, at)
    return tokens, problems


def _comment_end(text: str, at: int, *, nested: bool) -> int:
    depth = 1
    for edge in _COMMENT_EDGE.finditer(text, at):
        if edge[0] == "*/":
            depth -= 1
        elif nested:
            depth += 1
        if not depth:
            return edge.end()
    return len(text)


def calls_of(tokens: Sequence[Token]) -> list[tuple[int, int]]:
    """The calls of a script, as the index of the name and that of the closing bracket; not those nested too deeply."""
    opened: list[int] = []
    found: list[tuple[int, int]] = []
    for index, token in enumerate(tokens):
        if token.kind != "sign":
            continue
        if token.text in _OPENING:
            opened.append(index)
        elif token.text in _CLOSING and opened:
            found.append((opened.pop() - 1, index))
    found += ((index - 1, len(tokens)) for index in opened[:_MOST_LEVELS])
    ends = dict(found)
    calls: list[tuple[int, int]] = []
    around: list[int] = []
    for index in sorted(ends):
        while around and around[-1] < index:
            around.pop()
        around.append(ends[index])
        if len(around) <= _MOST_LEVELS and index >= 0 and tokens[index].kind == "name":
            calls.append((index, ends[index]))
    return calls


def constants_of(tokens: Sequence[Token]) -> dict[str, Token]:
    """Names that stand for one string: `x = "…"`, `x: "…"`, `ext["x"] = "…"`, `set("x", "…")`."""
    found: dict[str, Token] = {}
    for index, token in enumerate(tokens):
        sign = at_index(tokens, index - 1).text
        if token.kind != "string" or sign not in {"=", ":", ":=", ","}:
            continue
        name = at_index(tokens, index - 2)
        if name.text == "]":
            name = at_index(tokens, index - 3)
        if name.kind in {"name", "string"} and (sign != "," or at_index(tokens, index - 4).text == "set"):
            found[name.text] = token
    return found


def dotted(tokens: Sequence[Token], at: int) -> tuple[str, int]:
    """The last name of a dotted path that starts at an index, and the index behind it."""
    name = ""
    while at < len(tokens) and tokens[at].kind == "name":
        name = tokens[at].text
        at += 1
        if at == len(tokens) or tokens[at].text != ".":
            break
        at += 1
    return name, at


def at_index(tokens: Sequence[Token], index: int) -> Token:
    """The token at an index, or an end where there is none."""
    return tokens[index] if 0 <= index < len(tokens) else _END
