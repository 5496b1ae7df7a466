"""Where in a syntax tree a literal stands: import, string, name, comment, under which key and in which call."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from time import monotonic
from typing import TYPE_CHECKING, Final

from connectors.code.languages import Language, grammar
from connectors.code.nesting import UnreadableError, refuse_if_too_deep

if TYPE_CHECKING:
    from tree_sitter import Node, Parser
    from tree_sitter import Tree as ParsedTree

_STRINGS: Final = frozenset({
    "string", "template_string", "string_literal", "multiline_string_literal", "interpreted_string_literal",
    "raw_string_literal", "verbatim_string_literal", "interpolated_string_expression", "interpolated_string",
    "encapsed_string", "line_string_literal", "multi_line_string_literal", "raw_string", "ansi_c_string",
    "heredoc", "heredoc_body", "nowdoc", "string_lit", "quoted_template", "system_lib_string", "string_array",
    "plain_scalar", "double_quote_scalar", "single_quote_scalar", "block_scalar", "character_literal", "symbol",
    "simple_symbol", "concatenation", "text_block",
})  # fmt: skip
_SHELL_WORDS: Final = frozenset({"word", "concatenation", "command_name"})
_CALLS: Final = frozenset({
    "call", "call_expression", "method_invocation", "object_creation_expression", "invocation_expression",
    "function_call_expression", "member_call_expression", "scoped_call_expression", "new_expression",
    "macro_invocation", "instance_expression", "constructor_invocation", "function_call", "command",
    "implicit_object_creation_expression",
})  # fmt: skip
_KEYED: Final = frozenset({
    "keyword_argument", "pair", "assignment", "default_parameter", "typed_default_parameter", "variable_declarator",
    "value_argument", "argument", "property_declaration", "field_initializer", "keyed_element", "attribute",
    "block_mapping_pair", "flow_pair", "array_element_initializer", "init_declarator", "let_declaration",
    "val_definition", "assignment_expression", "named_argument", "initialized_identifier", "initialized_variable",
    "const_spec", "var_spec", "short_var_declaration", "public_field_definition", "property_signature",
    "assignment_statement", "const_item", "static_item", "variable_assignment", "binary_operator", "object_elem",
    "static_final_declaration", "assignment_pattern", "object_assignment_pattern", "property_element", "const_element",
    "required_parameter", "optional_parameter", "parameter", "class_parameter", "function_value_parameter",
    "element_value_pair", "lambda_default", "named_expression", "local_variable_declaration", "enum_assignment",
})  # fmt: skip
_PAIRS: Final = frozenset({"pair", "block_mapping_pair", "flow_pair", "attribute", "object_elem"})
_STATEMENTS: Final = re.compile(r"statement|declaration_list|^block$|_definition$|^program$|^module$|^source_file$")
_LEAD_QUOTES: Final = re.compile(rb"""[bBrRuUfF@$LN#]*(?:\"{3}|'{3}|["'`|>])""")
_TAIL_QUOTES: Final = re.compile(rb"""(?:\"{3}|'{3}|["'`>])#*\Z""")
_KEY_TRIM: Final = " \t\r\n\"'`:=$@&?"
_CLIMB: Final = 7
MAX_NODES_UP: Final = 400
PARSE_SECONDS: Final = 10
_SMALL: Final = 16 * 1024
_CHUNK: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around a literal.

    Attributes:
        key: Name of the key, keyword or variable that it is given to, as written; empty where it has none.
        call: Last name of the function in whose arguments it stands; empty where it stands in none.
        is_key: Whether the literal stands in the key of a pair.
        bounds: First byte of the enclosing call, else of the token, and the byte after it.
    """

    key: str = ""
    call: str = ""
    is_key: bool = False
    bounds: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a literal stands.

    Attributes:
        kind: `string`, `name`, `word` (an unquoted word of a shell), `import` or `qualified` (used by its full name).
        start: First byte of the token's content: of the string without its quotes, of the word, of the name.
        end: The byte after it.
        around: Key, call and bounds.
        prose: Whether the string stands by itself, as a documentation string does.
        block: Whether the string spans lines by itself, as a block scalar or a here-document.
    """

    kind: str
    start: int
    end: int
    around: Around = Around()
    prose: bool = False
    block: bool = False


@lru_cache(maxsize=64)
def _parser(module: str, function: str) -> Parser:
    from tree_sitter import Parser

    return Parser(grammar(module, function))


def _parse(parser: Parser, content: bytes) -> ParsedTree:
    """Parses within `PARSE_SECONDS`. Real files take milliseconds; some broken ones are quadratic in every grammar."""
    if len(content) < _SMALL:
        return parser.parse(content)
    deadline = monotonic() + PARSE_SECONDS
    try:
        return parser.parse(
            lambda offset, _point: content[offset : offset + _CHUNK],
            encoding="utf8",
            progress_callback=lambda _offset, _failed: monotonic() > deadline,
        )
    except ValueError as error:
        parser.reset()
        raise UnreadableError(f"it keeps the parser busy for more than {PARSE_SECONDS} s") from error


class Tree:
    """A parsed file. Broken input gives a tree all the same: what tree-sitter could not read becomes error nodes.

    Raises:
        UnreadableError: The file nests too deeply, or is made to keep a parser busy.
    """

    def __init__(self, language: Language, content: bytes) -> None:
        refuse_if_too_deep(content, indented=language.name == "yaml")
        self.language = language
        self.content = content
        self.root: Node = _parse(_parser(language.module, language.function), content).root_node

    def place(self, start: int, end: int) -> Place | None:
        """Where the bytes from `start` to `end` stand; none in comments and in plain code that names nothing."""
        leaf = self.root.descendant_for_byte_range(start, end)
        if leaf is None:
            return None
        chain = _ancestors(leaf)
        if any("comment" in node.type for node in chain[:3]):
            return None
        return self._import(chain, start, end) or self._string(chain) or self._word(chain)

    def text(self, node: Node) -> str:
        """Source text of a node."""
        return self.content[node.start_byte : node.end_byte].decode("utf-8", "replace")

    def _import(self, chain: list[Node], start: int, end: int) -> Place | None:
        imports = self.language.imports
        for node in chain:
            lead = imports.get(node.type)
            if lead and lead.match(self.content[node.start_byte : start].decode("utf-8", "replace")):
                return Place("import", start, end, Around(bounds=(node.start_byte, node.end_byte)))
            if node.type in self.language.qualified and node.start_byte in {start, start - 1}:
                return Place("qualified", start, end, Around(bounds=(node.start_byte, node.end_byte)))
        return None

    def _word(self, chain: list[Node]) -> Place | None:
        leaf = chain[0]
        if leaf.type in _SHELL_WORDS:
            return Place("word", leaf.start_byte, leaf.end_byte, self._around(chain, 0))
        if leaf.child_count == 0 and leaf.is_named:
            return Place("name", leaf.start_byte, leaf.end_byte, self._around(chain, 0))
        return None

    def _string(self, chain: list[Node]) -> Place | None:
        index = _string_index(chain)
        if index is None:
            return None
        node = chain[index]
        start, end = _content(self.content, node)
        parent = node.parent
        prose = parent is not None and parent.type == "expression_statement" and self.language.name == "python"
        block = node.type in {"block_scalar", "heredoc", "heredoc_body", "nowdoc"}
        return Place("string", start, end, self._around(chain, index), prose=prose, block=block)

    def _around(self, chain: list[Node], index: int) -> Around:
        """Key, call and bounds, found by climbing until a statement ends the search."""
        node = chain[index]
        around = Around(bounds=(node.start_byte, node.end_byte))
        for above in chain[index + 1 : index + 1 + _CLIMB]:
            if above.type in _KEYED and not around.key and not around.is_key:
                around = self._keyed(around, above, node)
            if above.type in _CALLS:
                return replace(around, call=self._called(above), bounds=(above.start_byte, above.end_byte))
            if _ends_search(above.type):
                break
        return around

    def _keyed(self, around: Around, pair: Node, node: Node) -> Around:
        first = pair.named_child(0)
        if first is None or pair.named_child_count == 1:
            return around
        if first.start_byte <= node.start_byte and node.end_byte <= first.end_byte:
            return replace(around, is_key=pair.type in _PAIRS)
        return replace(around, key=self.text(first)[:80].strip(_KEY_TRIM).rpartition(".")[2])

    def _called(self, call: Node) -> str:
        function = (
            call.child_by_field_name("name")
            or call.child_by_field_name("method")
            or call.child_by_field_name("function")
            or call.child_by_field_name("constructor")
            or call.child_by_field_name("type")
            or call.named_child(0)
        )
        if function is None:
            return ""
        names: list[str] = re.findall(r"\w+", self.text(function)[-120:])
        return names[-1] if names else ""


@cache
def _ends_search(node_type: str) -> bool:
    return _STATEMENTS.search(node_type) is not None


def _ancestors(leaf: Node) -> list[Node]:
    chain = [leaf]
    while (parent := chain[-1].parent) is not None and len(chain) < MAX_NODES_UP:
        chain.append(parent)
        if _ends_search(parent.type) and parent.type not in {"export_statement", "import_statement"}:
            break
    return chain


def _string_index(chain: list[Node]) -> int | None:
    """Index of the outermost string around a leaf; code interpolated into a string is not string."""
    found = None
    for index, node in enumerate(chain[:6]):
        if node.type in _STRINGS:
            found = index
        elif node.type in {"interpolation", "template_substitution", "string_expansion", "command_substitution"}:
            break
    return found


def _content(source: bytes, node: Node) -> tuple[int, int]:
    """Bounds of a string without its quotes; only its ends are looked at, for a string may be a megabyte."""
    begin, end = node.start_byte, node.end_byte
    lead = _LEAD_QUOTES.match(source[begin : min(begin + 16, end)])
    if lead is None:
        return begin, end
    start = begin + lead.end()
    tail = _TAIL_QUOTES.search(source[max(start, end - 8) : end])
    return start, max(start, end - (len(tail[0]) if tail else 0))


class LineIndex:
    """Line numbers of bytes, for files in which many are asked for."""

    def __init__(self, content: bytes) -> None:
        self._starts = [0]
        at = content.find(b"\n")
        while at >= 0:
            self._starts.append(at + 1)
            at = content.find(b"\n", at + 1)

    def line(self, offset: int) -> int:
        """One-based line of a byte."""
        return bisect_right(self._starts, offset)
