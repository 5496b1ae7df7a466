"""What keeps silent costs a scan a moment, not hours, and hides nothing else."""

from __future__ import annotations

from contextlib import suppress

import pytest
from botocore.exceptions import ReadTimeoutError

from connectors.aws import Target
from connectors.aws.silence import Silences
from connectors.model import Outcome
from tests.connectors.aws.estate import connector, fake, scan
from tests.connectors.aws.fake_aws import Estate, Fault

HANGING = "eu-west-1"


def test_a_region_that_hangs_is_soon_left_alone_and_the_others_are_found() -> None:
    estate = Estate(regions=("us-east-1", HANGING), faults=[Fault(lambda asked: asked.region == HANGING, 0)])
    with fake(estate) as server:
        made = connector(server.url, Target(tiers=("A",)), read_seconds=0.2, retries=5)
        planned = [task for task in made.plan().tasks if task.rows and task.scope.startswith(HANGING)]
        seen = scan(made)
    assert {told.outcome for told in seen.coverage if told.scope.startswith(HANGING)} == {Outcome.FAILED}
    assert {told.outcome for told in seen.coverage if told.scope.startswith("us-east-1")} == {Outcome.COMPLETE}
    asked = sum(asked.region == HANGING for asked in estate.log)
    assert asked < 3 * len(planned)


def test_a_service_that_hangs_is_asked_once_for_each_list_and_the_others_are_found() -> None:
    estate = Estate(faults=[Fault(lambda asked: asked.service == "lexv2-models", 0)])
    with fake(estate) as server:
        target = Target(services=("lexv2-models", "bedrock-agent", "personalize"), tiers=("A", "B"))
        seen = scan(connector(server.url, target, read_seconds=0.1, retries=5))
    assert seen.outcomes()["us-east-1/lexv2-models"] is Outcome.FAILED
    assert seen.outcomes()["us-east-1/bedrock-agent"] is Outcome.COMPLETE
    assert seen.outcomes()["us-east-1/personalize"] is Outcome.COMPLETE


def silent(silences: Silences, region: str, service: str, attempts: int = 6) -> None:
    for _ in range(attempts):
        with suppress(ReadTimeoutError), silences.attempt(region, service):
            raise ReadTimeoutError(endpoint_url="")


def test_an_answer_ends_a_silence() -> None:
    silences = Silences()
    silent(silences, HANGING, "lex")
    silent(silences, HANGING, "kendra")
    with silences.attempt(HANGING, "kendra"):
        pass
    silent(silences, HANGING, "polly")
    assert silences.service(HANGING, "lex")
    assert not silences.service(HANGING, "kendra")
    assert not silences.region(HANGING)
    silent(silences, HANGING, "kendra")
    silent(silences, HANGING, "lex", 1)
    assert silences.region(HANGING)
    assert not silences.region("us-east-1")


def test_a_silent_service_is_tried_by_one_at_a_time() -> None:
    silences = Silences()
    silent(silences, HANGING, "lex")
    with silences.attempt(HANGING, "lex"), pytest.raises(ReadTimeoutError), silences.attempt(HANGING, "lex"):
        pass
    assert not silences.service(HANGING, "lex")
