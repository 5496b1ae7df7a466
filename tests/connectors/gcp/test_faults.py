"""Expired credentials, tasks in another process, and replay."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import pytest
from google.auth.credentials import AnonymousCredentials
from google.auth.exceptions import RefreshError

from connectors.api.archive import Archive
from connectors.api.policy import Policy
from connectors.api.redact import Redactor
from connectors.gcp import Target, connect, doctor
from connectors.model import Outcome
from tests.connectors.gcp.fake_gcp import Estate, FakeGoogle
from tests.connectors.gcp.scanning import Scan, connector
from tests.connectors.gcp.test_lists import agents

__all__ = ["agents"]


def test_a_replay_gives_the_same_without_network(agents: Estate, fake: FakeGoogle, tmp_path: Path) -> None:
    agents.denied = {"/v1/projects/shop-lab/locations/us-central1/ragCorpora"}
    agents.page = 2
    live = Scan(fake, archive=Archive.recording(tmp_path / "archive"))
    asked = fake.estate.asked.total()

    again = Scan(fake, archive=Archive.replaying(tmp_path / "archive"))

    assert again.observations == live.observations
    assert again.coverage == live.coverage
    assert again.plan == live.plan
    assert fake.estate.asked.total() == asked


def test_what_rows_do_not_name_is_not_written_down(agents: Estate, fake: FakeGoogle, tmp_path: Path) -> None:
    Scan(fake, archive=Archive.recording(tmp_path / "archive"))

    written = "".join(file.read_text() for file in (tmp_path / "archive").iterdir())
    assert "gemini-2.5-pro" in written
    for secret in ("sk-not-for-you", "helpful shop assistant", "Be kind"):
        assert secret not in written


def test_credentials_that_run_out_end_the_asking(estate: Estate, fake: FakeGoogle) -> None:
    scan = Scan(fake)
    estate.revoked = True
    estate.asked.clear()

    results = [scan.connector.run(task) for task in scan.plan.tasks if "sweep" in task.key or "lists" in task.key]

    assert {part.outcome for result in results for part in result.coverage} == {Outcome.FAILED}
    assert estate.asked.total() == 1
    hidden = {(part.source, part.scope) for result in results for part in result.coverage}
    for place in ("global/aiplatform", "global/dialogflow", "europe-west1/aiplatform"):
        assert ("account:gcp:shop-prod", place) in hidden
    assert "gcloud auth application-default login" in results[0].coverage[0].reason


class _Expired(AnonymousCredentials):
    def before_request(self, *_: object) -> None:
        raise RefreshError("expired")


def test_credentials_that_cannot_be_refreshed_are_no_crash(fake: FakeGoogle) -> None:
    scan = Scan(fake, credentials=_Expired())

    assert scan.of("vertex-ai/endpoint")
    assert "have expired" in scan.reasons("shop-prod", "global/aiplatform")


def test_tasks_run_in_a_connector_that_has_made_no_plan(agents: Estate, fake: FakeGoogle) -> None:
    scan = Scan(fake)
    tasks = pickle.loads(pickle.dumps(scan.plan.tasks))
    other = connector(fake)

    found = [seen for task in tasks for seen in other.run(task).observations]

    assert found == scan.observations


def test_the_same_answers_give_the_same(agents: Estate, fake: FakeGoogle) -> None:
    first = Scan(fake)
    agents.resources.reverse()

    assert sorted(map(repr, Scan(fake).observations)) == sorted(map(repr, first.observations))


def test_a_scan_without_credentials_says_how_to_sign_in(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GCP_FILE", str(tmp_path / "absent.json"))
    target = Target(credentials="GCP_FILE")
    plan = connect(target, (), Policy(), Archive.live(), Redactor(b"k")).plan()

    assert [(part.source, part.outcome) for part in plan.coverage] == [("estate:gcp", Outcome.DENIED)]
    assert "gcloud auth application-default login" in plan.coverage[0].reason
    assert [allowed for _, allowed, _ in doctor(target, (), Policy(), Archive.live(), Redactor(b"k"))] == [False]


@pytest.mark.parametrize("wrong", [{"scopes": ("123",)}, {"inventory": "guess"}, {"transport": "post"}])
def test_settings_that_can_be_asked_of_nobody_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"`(scopes|inventory|transport)`"):
        Target(**wrong)
