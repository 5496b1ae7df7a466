"""Tokens of build scripts, without their comments: Groovy, Kotlin, Scala, Swift, Ruby, Elixir.

What a build script declares (`implementation("g:a:1")`, `"g" %% "a" % "1"`, `gem "a"`) shows in its tokens. Syntax trees
would show it too, but Groovy has no grammar among the installed ones, and the others' grammars take quadratic time and
memory on hostile input, which nothing can interrupt (60 KB of `%{` in a Gemfile: 20 seconds). This takes linear time.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from connectors.code.manifests.model import Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

Dialect = Literal["groovy", "kotlin", "scala", "swift", "ruby", "elixir"]

_BRACES: Final = re.compile(
    r"(?P<end>\n)|(?P<skip>[^\S\n]+|//[^\n]*|\\\n)|(?P<comment>/\*)"
    r'|"""(?P<long>.*?)(?:"""|\Z)|' + r"'''(?P<raw>.*?)(?:'''|\Z)"
    r'|"(?P<double>(?:[^"\\\n$]|\\[^\n]|\$\{[^{}\n]*\}|\$)*+)"' + r"|'(?P<single>(?:[^'\\\n]|\\[^\n])*+)'"
    r"|(?P<name>[A-Za-z_$][\w$]*|`[^`\n]*`)|(?P<broken>[\"'][^\n]*)|(?P<sign>%+|[-+:]=|\+\+|.)",
    re.DOTALL,
)
_BRACKETED: Final = r"(?:\[[^\]]{0,2000}+\]|\([^)]{0,2000}+\)|<[^>]{0,2000}+>|\{[^}]{0,2000}+\}|\|[^|]{0,2000}+\|)"
_INTERPOLATED: Final = r'"(?P<double>(?:[^"\\#]|\\.|\#\{[^{}\n]*\}|\#)*+)"' + r"|'(?P<single>(?:[^'\\]|\\.)*+)'"
_SYMBOL: Final = r":\"(?P<quoted>[^\"\n]*)\"|:(?P<symbol>[A-Za-z_]\w*[?!]?)"
_RUBY: Final = re.compile(
    r"(?P<end>\n)|(?P<skip>[^\S\n]+|\#[^\n]*|\\\n|^=begin\b.*?(?:^=end[^\n]*|\Z))"
    rf"|<<[-~]?[\"'`]?(?P<heredoc>[A-Z_]\w*)[\"'`]?|(?:(?<=[(,=~|&!])|(?<=[(,=~|&!] ))/(?P<regex>(?:[^/\\\n]|\\.)*+)/"
    rf"|{_INTERPOLATED}|`(?P<shell>(?:[^`\\]|\\.)*+)`|%[wWiI](?P<words>{_BRACKETED})|%[qQsx]?(?P<percent>{_BRACKETED})"
    rf"|%r(?P<pattern>{_BRACKETED})|(?P<scope>::)|{_SYMBOL}"
    r"|(?P<name>[@$]*[A-Za-z_]\w*[?!]?)|(?P<broken>[\"'`].*)|(?P<sign>=>|==|\|\||&&|.)",
    re.DOTALL | re.MULTILINE,
)
_ELIXIR: Final = re.compile(
    r"(?P<end>\n)|(?P<skip>[^\S\n]+|\#[^\n]*)|\"\"\"(?P<long>.*?)(?:\"\"\"|\Z)"
    rf"|~[A-Za-z]+(?:\"\"\"(?P<raw>.*?)(?:\"\"\"|\Z)|(?P<sigil>{_BRACKETED}|/[^/\n]*/|\"[^\"\n]*\"))"
    rf"|{_INTERPOLATED}|{_SYMBOL}"
    r"|(?P<name>@?[A-Za-z_]\w*[?!]?)|(?P<broken>[\"'].*)|(?P<sign>::|->|=>|<-|\+\+|<>|.)",
    re.DOTALL,
)
_EXPRESSIONS: Final = {"ruby": _RUBY, "elixir": _ELIXIR}
_STRINGS: Final = frozenset({"long", "raw", "double", "single", "percent", "sigil"})
_COMMENT_EDGE: Final = re.compile(r"/\*|\*/")
_WORD: Final = re.compile(r"\S+")
_OPENING: Final = frozenset("([{")
_CLOSING: Final = frozenset(")]}")
_MOST_LEVELS: Final = 20
"""Levels of nesting in which calls are looked for; each is read whole, so that the depth must be bounded."""


class Token(NamedTuple):
    """A token.

    Attributes:
        kind: A name, a string, a symbol (`:test`), a sign, or the end of a line.
        text: Its text; of strings and symbols without the signs around them.
        line: One-based line.
    """

    kind: Literal["name", "string", "symbol", "sign", "end"]
    text: str
    line: int


_END: Final = Token("end", "", 0)


def tokens_of(text: str, dialect: Dialect) -> tuple[list[Token], list[Problem]]:
    """The tokens of a script."""
    tokeniser = _Tokeniser(text, dialect)
    tokeniser.run()
    return tokeniser.tokens, tokeniser.problems


class _Tokeniser:
    """A script while it is cut into tokens."""

    def __init__(self, text: str, dialect: Dialect) -> None:
        self.tokens: list[Token] = []
        self.problems: list[Problem] = []
        self._text = text
        self._expression = _EXPRESSIONS.get(dialect, _BRACES)
        self._nested_comments = dialect != "groovy"
        self._heredocs: list[str] = []
        self._line = 1

    def run(self) -> None:
        at = 0
        while found := self._expression.match(self._text, at):
            start, at = at, found.end()
            kind = found.lastgroup or ""
            if kind == "comment":
                at = self._comment_end(at)
            elif kind == "end":
                self.tokens.append(Token("end", "", self._line))
                at = self._heredocs_end(at)
            elif kind == "broken":
                self.problems.append(Problem(self._line, "has a string that is not closed", "close the quote"))
            elif kind != "skip":
                self._add(kind, found[kind])
            self._line += self._text.count("\n", start, at)

    def _add(self, kind: str, text: str) -> None:
        if kind in _STRINGS:
            inside = text[1:-1] if kind in {"percent", "sigil"} else text
            self.tokens.append(Token("string", inside, self._line))
        elif kind in {"symbol", "quoted"}:
            self.tokens.append(Token("symbol", text, self._line))
        elif kind == "name":
            self.tokens.append(Token("name", text.strip("`"), self._line))
        elif kind == "words":
            for word in _WORD.finditer(text, 1, len(text) - 1):
                self.tokens.append(Token("string", word[0], self._line + text.count("\n", 0, word.start())))
        elif kind in {"heredoc", "regex", "pattern", "shell"}:
            # Strings of which nothing can be a name: expressions, commands, and texts that follow on further lines.
            self._heredocs += [text] if kind == "heredoc" else []
            self.tokens.append(Token("string", "", self._line))
        else:
            self.tokens.append(Token("sign", text, self._line))

    def _comment_end(self, at: int) -> int:
        depth = 1
        for edge in _COMMENT_EDGE.finditer(self._text, at):
            if edge[0] == "*/":
                depth -= 1
            elif self._nested_comments:
                depth += 1
            if not depth:
                return edge.end()
        return len(self._text)

    def _heredocs_end(self, at: int) -> int:
        """The offset behind the texts whose marks stood on the line that ended."""
        for mark in self._heredocs:
            end = re.compile(rf"^[ \t]*{mark}[ \t]*$", re.MULTILINE).search(self._text, at)
            at = end.end() if end else len(self._text)
        self._heredocs.clear()
        return at


def calls_of(tokens: Sequence[Token]) -> list[tuple[int, int]]:
    """The calls of a script, as the index of the name and that of the closing bracket; not those nested too deeply."""
    opened: list[int] = []
    ends: dict[int, int] = {}
    for index, token in enumerate(tokens):
        if token.kind == "sign" and token.text in _OPENING:
            opened.append(index)
        elif token.kind == "sign" and token.text in _CLOSING and opened:
            ends[opened.pop() - 1] = index
    ends |= {index - 1: len(tokens) for index in opened[:_MOST_LEVELS]}
    calls: list[tuple[int, int]] = []
    around: list[int] = []
    for index in sorted(ends):
        while around and around[-1] < index:
            around.pop()
        around.append(ends[index])
        if len(around) <= _MOST_LEVELS and index >= 0 and tokens[index].kind == "name":
            calls.append((index, ends[index]))
    return calls


def nesting(token: Token) -> int:
    """By how many levels of brackets a token leads deeper."""
    if token.kind != "sign":
        return 0
    return (token.text in _OPENING) - (token.text in _CLOSING)


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
