from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.yaml_file import MAX_BYTES, MAX_VALUES, InputError, parse_yaml


def value(text):
    return parse_yaml(text.encode(), "x.yaml").value


def test_plain_values():
    text = "{a: 1, b: -0x1f, c: 1.5, d: true, e: yes, f: ~, g: 2027-01-31, h: '1', i: [x], j: {}, k: =}"
    assert value(text) == {
        "a": 1, "b": -31, "c": 1.5, "d": True, "e": "yes", "f": None, "g": "2027-01-31", "h": "1", "i": ["x"], "j": {},
        "k": "=",
    }  # fmt: skip


def test_a_number_remembers_how_it_was_written():
    assert value("012345678901").written == "012345678901"
    assert value("1.10").written == "1.10"


def test_an_alias_is_followed():
    assert value("a: &x [1]\nb: *x\n") == {"a": [1], "b": [1]}


def bomb():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (bomb().encode(), f"more than {MAX_VALUES} values"),
        (b"a: &a [*a]", "nested more than"),
        (b"[" * 50_000, "nested too deeply"),
        (b"x" * (MAX_BYTES + 1), "larger than"),
        (b"a: 1\nb: \xff", "x.yaml:2: is not UTF-8"),
        (b"a: 1\na: 2", "x.yaml:2: the key `a` stands here twice"),
        (b"a: !!python/object:os.system x", "the tag"),
        (b"a: &a {b: 1}\nc:\n  <<: *a", "x.yaml:3: `<<` takes in another mapping"),
        (b"? [a]\n: 1", "a key is a list or a mapping"),
        (b"a: 'b", "x.yaml:1: is not YAML"),
        (b"a: *nothing", "undefined alias"),
        (b"a\n---\nb", "another document"),
        (b"\x00", "is not YAML"),
    ],
)
def test_what_is_not_taken_is_named(content, what):
    with pytest.raises(InputError) as error:
        parse_yaml(content, "x.yaml")
    assert what in str(error.value)


@given(st.text("ab:-[]{}&*!'\"#%|>?,~ \n\t0.<=@`\\", max_size=40) | st.text(max_size=40))
def test_any_text_is_read_or_refused(text):
    with suppress(InputError):
        parse_yaml(text.encode("utf-8", "surrogatepass"), "x.yaml")
