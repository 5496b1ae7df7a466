"""Screens save parsing and change nothing: with and without them the same is found."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.code import automaton
from connectors.code.finder import Finder
from connectors.code.matchers import Matchers
from tests.connectors.code import test_finder

# A Python root without a dot counts only on a line that imports: the one thing that a screen decides by itself.
MATCHERS = Matchers(literals=tuple(one for one in test_finder.MATCHERS.literals if one.key != "acme"))

_WORDS = st.sampled_from([
    "acme", "acme.deep", "from ", "import ", "acme-4", "acme-4-turbo", "x/acme-4", "from_acme", "acme run", "run", "model", "=", ": ",
    "(", ")", '"', "'", "`", "\n", " ", ",", "# ", "[", "]", "{", "}", "subprocess.run", "ai", "require", "acme/ai-action", "uses",
    "$", "--model ", "from_acme('acme-4')", '["acme", "run"]', "acme/server:1", "api.acme.test",
])  # fmt: skip
_PATHS = st.sampled_from(
    ["a.py", "a.ts", "a.sh", "a.yaml", "a.json", "a.env", "a.tf", "a.go", "a.vue", "Dockerfile", "a.toml"]
)


@given(path=_PATHS, words=st.lists(_WORDS, max_size=24))
def test_a_screen_refuses_only_what_its_rule_refuses(path: str, words: list[str]) -> None:
    content = "".join(words).encode()
    with_screens = Finder(MATCHERS).observe("repo:x", path, content)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(automaton, "screen_of", lambda _region: None)
        without = Finder(MATCHERS).observe("repo:x", path, content)
    assert with_screens == without
