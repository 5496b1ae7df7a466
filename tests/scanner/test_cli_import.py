"""`aimscope import`, as a user types it."""

from __future__ import annotations

import json
from pathlib import Path

import click
from click.testing import CliRunner, Result

from scanner.commands.import_ import command
from tests.connectors.imports.test_logs import squid


def run(*arguments: object) -> Result:
    return CliRunner().invoke(command, [str(one) for one in arguments], standalone_mode=False)


def test_a_dry_run_shows_what_would_be_taken_and_keeps_nothing(tmp_path: Path) -> None:
    export = tmp_path / "expenses.csv"
    export.write_text("Merchant,Amount,Shoe size\nSlack Technologies Ltd.,9.00,43\nJohn Smith,1.00,44\n")
    shown = run(export, "--dry-run")
    assert shown.return_value == 0
    assert "import:expenses.csv: expenses, card statements and vendor lists (imports/spending/payment)" in shown.output
    assert "Merchant\ttitle" in shown.output
    assert "not read: Shoe size" in shown.output
    assert "Slack Technologies Ltd.\tSlack\t100" in shown.output
    assert "dropped: no known product 1" in shown.output
    assert [file.name for file in tmp_path.iterdir()] == ["expenses.csv"]


def test_a_log_becomes_findings_of_a_source_of_its_own(tmp_path: Path) -> None:
    log = tmp_path / "proxy.log"
    log.write_text("\n".join(squid("api.openai.com", day) for day in range(3)))
    report = json.loads(run(log, "--name", "proxy", "--format", "json").stdout)
    assert [part["source"] for part in report["coverage"]] == ["import:proxy", "import:proxy"]
    assert report["coverage"][0]["counts"]["taken"] == 3
    assert {finding["provider"] for finding in report["findings"]} == {"openai"}
    assert {finding["role"] for finding in report["findings"]} == {"egress", "endpoint"}


def test_what_cannot_be_imported_is_told_without_a_traceback(tmp_path: Path) -> None:
    prose = tmp_path / "prose.txt"
    prose.write_text("lorem ipsum\n")
    shown = run(prose, "--dry-run")
    assert isinstance(shown.exception, click.ClickException)
    assert "nothing in it is understood" in shown.exception.message
    assert run(prose, "--format", "none").return_value == 3
