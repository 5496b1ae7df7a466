"""No secret, token, address, prompt or environment value in anything that is written, whatever answered and whoever reads."""

from __future__ import annotations

from tests.secrets.canaries import OWNER
from tests.secrets.searching import leaks
from tests.secrets.writing import Written


def test_everything_was_written_and_everything_was_planted(written: Written) -> None:
    assert {name: code for name, code in written.codes.items() if code not in {0, 1, 3, 4}} == {}
    assert min(written.planted.values()) > 0, written.planted
    asked = {part["source"].partition(":")[0] for part in written.report["coverage"]}
    assert {"account", "tenant", "import", "repo"} <= asked


def test_nothing_that_was_planted_is_written(written: Written) -> None:
    found = leaks(written.folder)

    assert not found, "\n".join(found[:40])


def test_owners_are_named(written: Written) -> None:
    assert OWNER in (written.folder / "report.json").read_text()
