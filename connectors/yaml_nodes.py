"""The nodes and values of a YAML text, read by libyaml where the text is plain, which takes a tenth of the time.

What is not plain (anchors, tags, directives, tabs, several documents), and whatever libyaml refuses, ruamel.yaml reads:
it alone says what is wrong, so that a text means the same and a fault is told the same on every machine.
"""

from __future__ import annotations

import gc
import re
from contextlib import contextmanager
from io import StringIO
from typing import TYPE_CHECKING, Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode
from ruamel.yaml.tag import Tag

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ruamel.yaml.nodes import Node

try:
    from yaml import YAMLError as _Refused  # type: ignore[import-untyped]
    from yaml.cyaml import CParser  # type: ignore[import-untyped]
except ImportError:  # PyYAML is not there, or was built without libyaml
    CParser, _Refused = None, ValueError

_NOT_PLAIN: Final = re.compile("[\t\x85\u2028\u2029\ufeff]|^%", re.MULTILINE)
"""Characters that YAML 1.1, which libyaml reads, takes otherwise than YAML 1.2; and directives."""

_DEEPEST: Final = 100
_MAPPING: Final = Tag(suffix="tag:yaml.org,2002:map")
_SEQUENCE: Final = Tag(suffix="tag:yaml.org,2002:seq")
_TEXT: Final = Tag(suffix="tag:yaml.org,2002:str")


def compose(text: str) -> Node | None:
    """The root node of the one document in a text, of nothing none.

    Raises:
        ruamel.yaml.error.YAMLError: It is no YAML.
        RecursionError: It is nested too deeply.
    """
    if CParser is not None and not _NOT_PLAIN.search(text):
        try:
            with uncollected():
                return _Composer(text).root()
        except (_NotPlainError, ValueError, _Refused):
            pass
    root: Node | None = YAML(typ="safe", pure=True).compose(StringIO(text))
    return root


def load(text: str) -> Any:
    """The plain values of the one document in a text.

    Raises:
        ruamel.yaml.error.YAMLError: It is no YAML.
        RecursionError: It is nested too deeply.
    """
    root = compose(text)
    return None if root is None else YAML(typ="safe", pure=True).constructor.construct_document(root)


class _NotPlainError(Exception):
    """The text has more in it than mappings, lists and values."""


@contextmanager
def uncollected() -> Iterator[None]:
    """Keeps the garbage collector out: nothing that is read can be garbage yet, and looking takes longer than reading."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


class _Composer:
    """Makes the nodes of ruamel.yaml from the events of libyaml."""

    def __init__(self, text: str) -> None:
        self._parser = CParser(text)
        self._resolver: Any = YAML(typ="safe", pure=True).resolver
        self._tags: dict[str, Any] = {}

    def root(self) -> Node:
        """The root node.

        Raises:
            _NotPlainError, yaml.YAMLError: ruamel.yaml has to read it.
        """
        self._expect("StreamStartEvent")
        self._expect("DocumentStartEvent")
        root = self._node(self._parser.get_event(), 0)
        self._expect("DocumentEndEvent")
        self._expect("StreamEndEvent")
        if root is None or isinstance(root, ScalarNode):
            raise _NotPlainError
        return root

    def _expect(self, event: str) -> None:
        if type(self._parser.get_event()).__name__ != event:
            raise _NotPlainError

    def _node(self, event: Any, depth: int) -> Node | None:
        """The node that an event begins; none where it ends the one around it."""
        kind = type(event).__name__
        if kind in {"MappingEndEvent", "SequenceEndEvent"}:
            return None
        if kind == "AliasEvent" or event.anchor is not None or event.tag is not None or depth > _DEEPEST:
            raise _NotPlainError
        if kind == "ScalarEvent":
            return ScalarNode(self._tag(event), event.value, event.start_mark, event.end_mark, style=event.style)
        children = []
        while (child := self._node(following := self._parser.get_event(), depth + 1)) is not None:
            children.append(child)
        if kind == "SequenceStartEvent":
            return SequenceNode(_SEQUENCE, children, event.start_mark, following.end_mark, flow_style=event.flow_style)
        pairs = list(zip(children[::2], children[1::2], strict=True))
        return MappingNode(_MAPPING, pairs, event.start_mark, following.end_mark, flow_style=event.flow_style)

    def _tag(self, event: Any) -> Any:
        """What sort of value a scalar is. The same few values stand in a long text again and again."""
        if not event.implicit[0]:
            return _TEXT
        tag = self._tags.get(event.value)
        if tag is None:
            tag = self._tags[event.value] = self._resolver.resolve(ScalarNode, event.value, event.implicit)
        return tag
