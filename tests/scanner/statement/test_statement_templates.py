"""Templates of the user's own, for Markdown and HTML."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner.statement import html, markdown
from scanner.statement.model import Statement
from scanner.statement.templating import TemplateFaultError


def template(folder: Path, text: str) -> Path:
    file = folder / "house.j2"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_template_lays_the_data_out_as_it_likes(told: Statement, tmp_path: Path) -> None:
    own = template(
        tmp_path, "{% for one in statement.excluded %}- {{ one.name }} ({{ one.conditions|length }})\n{% endfor %}"
    )
    assert markdown.render(told, own).decode() == "- Recruiting screen (2)\n- Meeting notes (2)\n"


def test_a_template_may_change_a_part_of_ours(told: Statement, tmp_path: Path) -> None:
    own = template(tmp_path, '{% extends "statement.html.j2" %}{% block end %}<p>Acme, confidential</p>{% endblock %}')
    page = html.render(told, own).decode()
    assert "<p>Acme, confidential</p>" in page
    assert page.split("<footer>")[0] == html.render(told).decode().split("<footer>")[0]


def test_a_template_may_take_our_blocks(told: Statement, tmp_path: Path) -> None:
    text = '{% from "blocks.md.j2" import blocks %}{{ blocks(document.sections[3]) }}'
    assert "sell, deliver and support" in markdown.render(told, template(tmp_path, text)).decode()


@pytest.mark.parametrize(
    "printed", ["{{ name }}", "{{ name ~ '' }}", "{{ [name]|join }}", "{{ name|upper }}", "{{ '%s' % name }}"]
)
def test_what_a_template_prints_is_escaped(hostile: Statement, tmp_path: Path, printed: str) -> None:
    own = template(
        tmp_path, f"{{% for one in statement.in_scope %}}{{% set name = one.name %}}{printed}\n{{% endfor %}}"
    )
    assert "<" not in html.render(hostile, own).decode()
    assert "<script" not in markdown.render(hostile, own).decode().lower().replace("\\<", "")


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("one\n{% for %}", 2, "Expected"),
        ("one\n\n{{ statement.nothing }}", 3, "no attribute 'nothing'"),
        ("{{ statement.__class__.__mro__ }}", 1, "unsafe"),
        ("{{ statement.basis.coverage.__init__.__globals__ }}", 1, "unsafe"),
        ("one\n{% include '/etc/passwd' %}", 2, "/etc/passwd"),
        ("{% include '../sections.yaml' %}", 1, "sections.yaml"),
        ("{{ statement.in_scope.append(1) }}", 1, "append"),
        ("{{ range(10000000)|list }}", 1, "Range too big"),
        ("{{ 1 / 0 }}", 1, "division by zero"),
    ],
)  # fmt: skip
def test_a_template_that_is_wrong_is_named_with_its_line(
    told: Statement, tmp_path: Path, text: str, line: int, says: str
) -> None:
    own = template(tmp_path, text)
    with pytest.raises(TemplateFaultError) as fault:
        markdown.render(told, own)
    assert str(fault.value).startswith(f"{own}:{line}: ")
    assert says in str(fault.value)
    assert str(fault.value).endswith("Mend the template.")


def test_a_template_that_cannot_be_read(told: Statement, tmp_path: Path) -> None:
    with pytest.raises(TemplateFaultError, match="cannot be read"):
        html.render(told, tmp_path / "nowhere.j2")
    own = tmp_path / "latin.j2"
    own.write_bytes(b"caf\xe9")
    with pytest.raises(TemplateFaultError, match="not UTF-8"):
        html.render(told, own)
