from __future__ import annotations

import json
import time

import pytest

from tests.scanner.estate import CHAT, Estate


def test_every_format_of_the_last_scan(scanned: Estate) -> None:
    assert json.loads(scanned("report", "json").out)["schema_version"]
    assert "chat" in scanned("report", "terminal").out
    names = ["a.html", "a.md", "a.json", "a.sarif", "a.csv", "a.xlsx"]
    assert scanned("report", *names).code == 0
    assert all((scanned.folder / name).stat().st_size > 100 for name in names)
    assert json.loads(scanned.read("a.json")) == json.loads(scanned("report", "json").out)


def test_what_cannot_be_written_stops_before_anything_is(scanned: Estate) -> None:
    for name in ("xlsx", "a.docx"):
        ended = scanned("report", "a.html", name)
        assert ended.code == 2
        assert ".xlsx" in ended.err
        assert not (scanned.folder / "a.html").exists()
    assert scanned("report").code == 2
    assert scanned("report", "json", "--list").code == 2


def test_an_older_scan_and_the_difference_of_two(scanned: Estate, monkeypatch: pytest.MonkeyPatch) -> None:
    scanned.write("services/chat/chat.py", CHAT.replace("gpt-4.1-mini", "gpt-4o"))
    # A scan of the same that begins in the same second takes the place of the one before.
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(time.time()) + 60))
    assert scanned.scan() == 1
    new, old = (row["scan"] for row in scanned("report", "--list").rows)

    def models(*options: str) -> list[str]:
        found: list[str] = json.loads(scanned("report", "json", *options).out)["systems"][0]["models"]
        return found

    assert (models(), models("--scan", new), models("--scan", old)) == (["gpt-4o"], ["gpt-4o"], ["gpt-4.1-mini"])
    difference = scanned("report", "markdown", "--against", old)
    assert difference.code == 0
    assert "gpt-4.1-mini" in difference.out
    assert "gpt-4.1-mini" not in scanned("report", "markdown").out
