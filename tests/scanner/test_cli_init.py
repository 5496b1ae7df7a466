from __future__ import annotations

import re

from inventory.scope.load import load_scope
from scanner.settings import load_settings
from tests.scanner.estate import Estate


def test_it_writes_files_that_load_and_says_what_is_next(estate: Estate) -> None:
    started = estate("init")
    assert started.code == 0
    assert "aimscope.yaml: written" in started.out
    assert "aimscope scan" in started.out
    assert [source.path for source in load_settings(estate.folder / "aimscope.yaml").sources] == ["."]
    assert load_scope(estate.folder / "aims-scope.yaml").document.entries == ()
    assert estate("scope", "validate").code == 0


def test_the_examples_in_the_comments_are_in_order_too(estate: Estate) -> None:
    estate("init")
    for name, load in (("aimscope.yaml", load_settings), ("aims-scope.yaml", load_scope)):
        estate.write(name, re.sub(r"^#(?! \S|\n)", "", estate.read(name), flags=re.MULTILINE))
        load(estate.folder / name)
    assert [entry.id for entry in load_scope(estate.folder / "aims-scope.yaml").document.entries] == ["support-chat"]


def test_it_leaves_what_is_there(estate: Estate) -> None:
    estate.write("aims-scope.yaml", "document: {version: 7}\n")
    estate.write(".gitignore", "*.pyc")
    again = estate("init")
    assert again.code == 0
    assert "aims-scope.yaml: left as it is" in again.out
    assert estate.read("aims-scope.yaml") == "document: {version: 7}\n"
    assert estate.read(".gitignore").startswith("*.pyc\n.aims-decisions.lock\n")

    ignored, attributes = estate.read(".gitignore"), estate.read(".gitattributes")
    assert "overwritten" in estate("init", "--force").out
    assert "organisation: Acme" in estate.read("aims-scope.yaml")
    assert (estate.read(".gitignore"), estate.read(".gitattributes")) == (ignored, attributes)


def test_git_keeps_the_ledger_whole(estate: Estate) -> None:
    estate("init")
    assert estate.read(".gitattributes") == "aims-decisions.jsonl text eol=lf merge=union\n"
    assert estate.read(".gitignore").split() == [
        ".aims-decisions.lock",
        ".aims-decisions.journal",
        ".aims-register.lock",
        ".aims-register.journal",
        ".*.new",
        "aimscope.db*",
    ]
