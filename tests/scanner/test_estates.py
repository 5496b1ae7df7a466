"""Estates through the whole run: found, joined, judged, archived, replayed; what cannot be asked hides nothing else."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from connectors.model import Outcome
from inventory.verdict import Status
from scanner.run import run
from scanner.workspace import Workspace, from_settings
from tests.connectors.azure.conftest import azure as azure  # noqa: PLC0414 - a fixture of another folder
from tests.connectors.azure.fake_azure import FakeAzure, Fault
from tests.connectors.azure.test_scan import a_shop

CODE = 'from openai import AzureOpenAI\n\nclient = AzureOpenAI(azure_endpoint="https://shop-ai.openai.azure.com/")\n'


@pytest.fixture
def workspace(tmp_path: Path, azure: FakeAzure) -> Workspace:
    """A repository that calls an account, and the subscription with that account."""
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "app.py").write_text(CODE)
    (tmp_path / "shop" / "requirements.txt").write_text("openai\n")
    (tmp_path / "aimscope.yaml").write_text(
        json.dumps(
            {
                "sources": [
                    {"path": "shop", "id": "example.org/shop"},
                    {"azure": {"token_env": "AIMSCOPE_TEST_TOKEN"}},
                ],
                "network": {"retries": 0, "base_urls": {"azure": azure.url}},
            }
        )
    )
    return from_settings(tmp_path / "aimscope.yaml")


def test_code_and_the_account_that_it_calls_are_one_system(azure: FakeAzure, workspace: Workspace) -> None:
    a_shop(azure)
    result = run(workspace)
    assert not result.incomplete
    (system,) = result.systems
    assert [source.partition(":")[0] for source in system.sources] == ["account", "repo"]
    assert {"gpt-4o", "gpt-4o-mini", "text-embedding-3-large"} <= set(system.models)
    assert system.facts["regions"][0].value == ("westeurope",)
    assert any("shop-ai.openai.azure.com stands in the code" in join.because for join in system.joins)


def test_what_is_denied_is_named_and_nothing_is_reported_as_gone(
    azure: FakeAzure, workspace: Workspace, tmp_path: Path
) -> None:
    subscription = a_shop(azure)
    account = (
        f"/subscriptions/{subscription}/resourcegroups/shop-rg/providers/microsoft.cognitiveservices/accounts/shop-ai"
    )
    (tmp_path / "aims-scope.yaml").write_text(
        json.dumps(
            {
                "document": {"version": "1", "organisation": "Acme"},
                "entries": [{"id": "chat", "status": "in_scope", "owner": "jo", "bind": [f"{account}*"]}],
            }
        )
    )
    judged = from_settings(tmp_path / "aimscope.yaml")
    assert Status.NOT_OBSERVED not in {verdict.status for verdict in run(judged).verdicts}
    azure.faults.append(Fault("Microsoft.ResourceGraph", "403"))
    result = run(judged)
    assert result.incomplete
    assert Status.NOT_OBSERVED not in {verdict.status for verdict in result.verdicts}
    gaps = [part for part in result.coverage if part.outcome.incomplete]
    assert gaps
    assert all(part.source.startswith("account:azure:") for part in gaps)


def test_a_replay_gives_the_same_report_without_network(
    azure: FakeAzure, workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1794798000")
    a_shop(azure)
    report = ["scan", "--format", "json"]
    command = [str(Path(sys.executable).with_name("aimscope"))]
    recorded = subprocess.run(
        [*command, *report, "--archive", "evidence"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    asked = len(azure.asked)
    replayed = subprocess.run(
        [*command, *report, "--replay", "evidence"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert recorded.stderr == ""
    assert json.loads(recorded.stdout)["systems"]
    assert replayed.stdout == recorded.stdout
    assert len(azure.asked) == asked


def test_a_resumed_scan_asks_only_what_is_left(azure: FakeAzure, workspace: Workspace, tmp_path: Path) -> None:
    a_shop(azure)
    azure.faults.append(Fault("cognitiveservices", "500"))
    broken = run(workspace)
    assert broken.incomplete
    azure.faults.clear()
    assert not run(workspace).incomplete


def test_an_unknown_key_of_an_estate_is_an_error_with_its_line(tmp_path: Path) -> None:
    from inventory.yaml_file import InputError

    (tmp_path / "aimscope.yaml").write_text("sources:\n  - azure:\n      subscription: [1]\n")
    with pytest.raises(InputError, match=r"aimscope\.yaml:3.*subscriptions"):
        from_settings(tmp_path / "aimscope.yaml")


def test_a_source_is_one_thing(tmp_path: Path) -> None:
    from inventory.yaml_file import InputError

    (tmp_path / "aimscope.yaml").write_text("sources:\n  - {path: a, azure: {}}\n")
    with pytest.raises(InputError, match="exactly one"):
        from_settings(tmp_path / "aimscope.yaml")


def test_outcomes_are_what_coverage_says(azure: FakeAzure, workspace: Workspace) -> None:
    a_shop(azure)
    wholes = [part for part in run(workspace).coverage if not part.scope]
    assert {part.outcome for part in wholes} == {Outcome.COMPLETE}
