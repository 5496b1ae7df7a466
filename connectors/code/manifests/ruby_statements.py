"""Statements of Ruby's declarative files, with the blocks that they stand in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from connectors.code.manifests.model import DependencyScope
from connectors.code.manifests.scripts import Token, at_index, nesting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_OPENING_WORDS: Final = frozenset({"if", "unless", "case", "while", "until", "for", "begin", "def", "class", "module"})
_LOOPS: Final = frozenset({"while", "until", "for"})
_ENDING_WORDS: Final = frozenset({"then", "else", "elsif", "when", "ensure", "rescue"})
_PATH_SIGNS: Final = frozenset({("sign", "."), ("sign", "::"), ("sign", "&")})
_CONTINUING: Final = frozenset({",", "=>", ".", "=", "+", "||", "&&", "(", "[", "{", "|", ":"})


class Statement(NamedTuple):
    """A call or an assignment.

    Attributes:
        name: The method that is called, or the attribute that is assigned.
        assigned: Whether it is assigned.
        arguments: The tokens behind it, without a trailing condition.
        scope: What the blocks around it say that it is for.
    """

    name: str
    assigned: bool
    arguments: Sequence[Token]
    scope: DependencyScope


def statements_of(
    tokens: Sequence[Token], scope_of_block: Callable[[Statement], DependencyScope]
) -> Iterator[Statement]:
    """The statements of a script; a block takes its scope from the statement that opens it."""
    scopes = [DependencyScope.PRODUCTION]
    current: list[Token] = []
    depth = 0
    for token in tokens:
        called = bool(current) and current[-1].text == "."
        opens, closes = _opens(token, current, depth), not called and _closes(token, depth)
        if opens or closes or _ends(token, current, depth):
            statement = _statement(current, scopes[-1])
            if statement:
                yield statement
            if opens and at_index(current, 0).text not in _LOOPS:
                scopes.append(scope_of_block(statement) if statement else scopes[-1])
            elif closes and len(scopes) > 1:
                scopes.pop()
            current, depth = [], 0
            continue
        if token.kind == "name" and token.text in _OPENING_WORDS and (not current or current[-1].text == "="):
            scopes.append(scopes[-1])
        depth += nesting(token)
        current.append(token)
    if statement := _statement(current, scopes[-1]):
        yield statement


def _opens(token: Token, current: Sequence[Token], depth: int) -> bool:
    """Whether a token opens a block: `do`, or a brace that is no mapping's."""
    if token.kind == "sign" and token.text == "{" and depth <= 0 and current:
        return current[-1].kind in {"string", "symbol"} or current[-1].text == ")"
    return token.kind == "name" and token.text == "do"


def _closes(token: Token, depth: int) -> bool:
    if token.kind == "sign":
        return token.text == "}" and depth <= 0
    return token.kind == "name" and token.text == "end"


def _ends(token: Token, current: Sequence[Token], depth: int) -> bool:
    if token.kind == "end":
        return depth <= 0 and at_index(current, len(current) - 1).text not in _CONTINUING
    return token.text in _ENDING_WORDS if token.kind == "name" else token.kind == "sign" and token.text == ";"


def _statement(tokens: Sequence[Token], scope: DependencyScope) -> Statement | None:
    tokens = [token for token in tokens if token.kind != "end"]
    if at_index(tokens, 0).text == "|":
        # The parameters of a block stand before its first statement.
        behind = next((index for index, token in enumerate(tokens[1:], 2) if token.text == "|"), len(tokens))
        tokens = tokens[behind:]
    name, at = "", 0
    while at < len(tokens) and (tokens[at].kind == "name" or tokens[at][:2] in _PATH_SIGNS):
        if tokens[at].kind == "name":
            if name and at_index(tokens, at - 1).kind == "name":
                break
            name = tokens[at].text
        at += 1
    if not name or name in _OPENING_WORDS:
        return None
    arguments = tokens[at:]
    condition = (
        index for index, token in enumerate(arguments) if token.kind == "name" and token.text in {"if", "unless"}
    )
    arguments = arguments[: next(condition, len(arguments))]
    assigned = at_index(arguments, 0).text == "="
    return Statement(name, assigned, arguments[1:] if assigned else arguments, scope)
