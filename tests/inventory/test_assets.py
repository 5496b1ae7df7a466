"""From what cloud APIs list to systems: what is one, what is shared, what stays visible though nothing refers to it."""

from __future__ import annotations

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from classifiers.model import Context, Finding, Part, Role, Strength, SystemKind
from connectors.api.asset import asset
from connectors.model import Coverage, Location, Observation, ObservationKind, Outcome
from inventory.assemble_assets import assemble_assets, join_code
from inventory.entry_draft import present_facts
from inventory.estate import TagKeys
from inventory.minting import mint
from inventory.model import AISystem, Origin
from inventory.verdict import Status
from tests.inventory.builders import entry, event, ledger, scope, verdicts

SHOP, BOT = mint("repo:github.com/acme/shop"), mint("repo:github.com/acme/bot")
ACCOUNT = "account:aws:111122223333"
ARN = "arn:aws:sagemaker:eu-west-1:111122223333:"


TAGGED = ("data_categories", "personal_data", "exposure", "autonomy", "geography", "entity")


def resource(
    native_id,
    part=Part.SYSTEM,
    *,
    kind=ObservationKind.ASSET,
    strength=Strength.ENABLED,
    provider="amazon-sagemaker",
    **more,
):
    more = {"region": "eu-west-1", "title": native_id.rpartition("/")[2], **more}
    observation = asset(kind, "aws/sagemaker/x", native_id, source=ACCOUNT, scope="eu-west-1/sagemaker", **more)
    return Finding(
        id="f-" + hashlib.sha256(f"{native_id}{kind}".encode()).hexdigest()[:20],
        role=Role.CLOUD_RESOURCE,
        name=native_id,
        location=observation.location,
        context=Context.PRODUCTION,
        strength=strength,
        confidence=0.95,
        rule=f"aws/sagemaker/x/{kind.value}",
        observation=observation,
        provider=provider,
        part=part,
    )


def systems(*findings, observations=(), known=None):
    found = assemble_assets(findings, observations, known or {}, {"amazon-bedrock": "Amazon Bedrock"}, TagKeys())
    return {system.name: system for system in found}


def test_an_endpoint_its_configuration_its_model_and_its_job_are_one_system() -> None:
    found = systems(
        resource(ARN + "endpoint/fraud", refs=[ARN + "endpoint-config/fraud-2"]),
        resource(ARN + "endpoint-config/fraud-2", Part.COMPONENT, refs=[ARN + "model/fraud-7"]),
        resource(ARN + "model/fraud-7", Part.COMPONENT),
        resource(ARN + "training-job/j1", Part.EVIDENCE, refs=[ARN + "model/fraud-7"]),
    )
    assert list(found) == ["fraud"]
    system = found["fraud"]
    assert len(system.findings) == 4
    assert system.anchors == (ARN + "endpoint/fraud",)
    assert {join.because for join in system.joins} >= {"fraud refers to it", "fraud-2 refers to it", "is about fraud-7"}


def test_a_component_of_two_systems_is_evidence_in_both_and_joins_neither() -> None:
    found = systems(
        resource(ARN + "endpoint/a", refs=[ARN + "model/shared"]),
        resource(ARN + "endpoint/b", refs=[ARN + "model/shared"]),
        resource(ARN + "model/shared", Part.COMPONENT),
    )
    assert sorted(found) == ["a", "b"]
    assert all(len(system.findings) == 2 for system in found.values())


def test_what_one_stack_or_one_system_tag_holds_is_one_system() -> None:
    found = systems(
        resource(ARN + "endpoint/a", stack="shop-stack"),
        resource(ARN + "endpoint/b", stack="shop-stack"),
        resource(ARN + "endpoint/c", tags={"AI-System": "assistant"}, created="2026-01-02"),
        resource(ARN + "endpoint/d", tags={"ai-system": "assistant"}, created="2026-01-01"),
        resource(ARN + "endpoint/e"),
    )
    assert sorted(found) == ["a", "assistant", "e"]
    assert found["assistant"].anchors == (ARN + "endpoint/d", ARN + "endpoint/c")


def test_the_same_tag_in_another_account_is_another_system() -> None:
    here = resource(ARN + "endpoint/a", tags={"ai-system": "bot"})
    other = ARN.replace("111122223333", "444455556666") + "endpoint/a"
    there = resource(other, tags={"ai-system": "bot"})
    there = Finding(**{name: getattr(there, name) for name in there.__slots__} | {
        "observation": asset(
            ObservationKind.ASSET, "aws/sagemaker/x", other, source="account:aws:444455556666", scope="eu-west-1/sagemaker", tags={"ai-system": "bot"}
        )
    })  # fmt: skip
    assert len(assemble_assets([here, there], (), {}, {}, TagKeys())) == 2


def test_a_model_that_nothing_runs_is_a_candidate() -> None:
    found = systems(
        resource(ARN + "model/old", Part.COMPONENT, refs=[ARN + "model-package/p"]),
        resource(ARN + "model-package/p", Part.COMPONENT),
    )
    (system,) = found.values()
    assert system.kind is SystemKind.CANDIDATE
    assert len(system.findings) == 2
    assert "deployed" not in system.facts


def test_use_without_a_resource_is_a_system_of_its_account() -> None:
    account = asset(
        ObservationKind.ACCOUNT,
        "",
        "111122223333",
        source=ACCOUNT,
        scope="",
        title="Shop production",
        tags={"env": "prod", "team": "shop"},
    )
    used = resource(
        "bedrock/on-demand/claude",
        Part.EVIDENCE,
        kind=ObservationKind.USAGE,
        strength=Strength.USE,
        provider="amazon-bedrock",
    )
    found = systems(used, observations=[account])
    system = found["Amazon Bedrock in Shop production"]
    assert system.anchors == (f"{ACCOUNT}/amazon-bedrock",)
    assert system.kind is SystemKind.AI_SYSTEM
    assert system.owner == "shop"
    assert system.facts["environment"][0].value == ("production",)


def test_a_grant_alone_is_only_a_candidate() -> None:
    granted = resource("role/data", Part.EVIDENCE, kind=ObservationKind.GRANT, strength=Strength.HINT)
    (system,) = systems(granted).values()
    assert system.kind is SystemKind.CANDIDATE


def test_tags_and_regions_are_facts() -> None:
    (system,) = systems(
        resource(ARN + "endpoint/a", tags={"Environment": "Prod", "data": "claims", "Owner": "ml@acme.test"})
    ).values()
    assert system.facts["regions"][0].value == ("eu-west-1",)
    assert system.facts["environment"][0].value == ("production",)
    assert system.facts["environment"][0].origin is Origin.TAG
    assert system.facts["tag:data"][0].value == ("claims",)
    assert system.facts["deployed"][0].value is True
    assert system.owner == "ml@acme.test"


def test_tags_say_what_no_scan_can_see() -> None:
    tags = {
        "ai-data-categories": "contact, health", "AI-Personal-Data": "Yes", "ai-exposure": "customers", "ai-autonomy": "",
        "ai-geography": "AT DE", "ai-entity": "Acme Carriers Ltd",
    }  # fmt: skip
    (system,) = systems(resource(ARN + "endpoint/a", tags=tags)).values()
    assert {name: [fact.value for fact in stated] for name, stated in system.facts.items() if name in TAGGED} == {
        "data_categories": [("contact", "health")],
        "personal_data": [True],
        "exposure": ["customers"],
        "geography": [("AT", "DE")],
        "entity": ["Acme Carriers Ltd"],
    }
    assert system.facts["exposure"][0].origin is Origin.TAG
    assert system.facts["exposure"][0].evidence == ("tag ai-exposure",)
    (unsure,) = systems(resource(ARN + "endpoint/a", tags={"ai-personal-data": "perhaps"})).values()
    assert "personal_data" not in unsure.facts


def test_an_organisation_names_its_own_keys_of_tags() -> None:
    keys = TagKeys(data_categories=("data-class",))
    finding = resource(ARN + "endpoint/a", tags={"Data-Class": "health", "ai-data-categories": "contact"})
    (system,) = assemble_assets([finding], (), {}, {}, keys)
    assert system.facts["data_categories"][0].value == ("health",)


def test_a_later_resource_changes_no_id() -> None:
    first = resource(ARN + "endpoint/z", stack="s", created="2026-01-01")
    later = resource(ARN + "endpoint/a", stack="s", created="2026-02-01")
    (alone,) = systems(first).values()
    (together,) = systems(first, later).values()
    assert together.id == alone.id


@given(st.permutations(range(6)))
def test_the_order_of_findings_changes_nothing(order: list[int]) -> None:
    findings = [
        resource(ARN + "endpoint/a", refs=[ARN + "model/m"], stack="s"),
        resource(ARN + "endpoint/b", stack="s"),
        resource(ARN + "endpoint/c", parent=ARN + "endpoint/b"),
        resource(ARN + "model/m", Part.COMPONENT, refs=[ARN + "model/n"]),
        resource(ARN + "model/n", Part.COMPONENT, refs=[ARN + "model/m"]),
        resource(ARN + "job/j", Part.EVIDENCE, refs=[ARN + "model/n"]),
    ]
    assert systems(*(findings[place] for place in order)) == systems(*findings)


class TestCode:
    """Code that names an endpoint is one system with it."""

    def code(self, name, written):
        source = f"repo:github.com/acme/{name}"
        seen = Observation(ObservationKind.LITERAL, written, Location(source, "app.py", 3))
        finding = Finding(
            id=f"f-{name}",
            role=Role.ENDPOINT,
            name=written,
            location=seen.location,
            context=Context.PRODUCTION,
            strength=Strength.CAPABILITY,
            confidence=0.85,
            rule="azure-openai/host",
            observation=seen,
        )
        system = AISystem(mint(source), (source,), name, SystemKind.AI_SYSTEM, (source,), (finding.id,))
        return finding, system

    def endpoint(self):
        return resource("/subscriptions/s/accounts/acme", hosts=["acme.openai.azure.com"])

    def test_one_caller_is_one_system_with_what_it_calls(self) -> None:
        finding, system = self.code("shop", "https://acme.openai.azure.com/openai/deployments/x")
        cloud = self.endpoint()
        (listed,) = assemble_assets([cloud], (), {}, {}, TagKeys())
        (one,) = join_code([system], [listed], [finding, cloud], {})
        assert one.id == SHOP
        assert one.aliases == (listed.id,)
        assert set(one.sources) == {*system.sources, ACCOUNT}
        assert one.joins[-1].because == "acme.openai.azure.com stands in the code"

    def test_the_id_that_was_decided_stays(self) -> None:
        finding, system = self.code("shop", "https://acme.openai.azure.com/")
        cloud = self.endpoint()
        known = {"/subscriptions/s/accounts/acme": "sys-decided"}
        (listed,) = assemble_assets([cloud], (), known, {}, TagKeys())
        (one,) = join_code([system], [listed], [finding, cloud], known)
        assert one.id == "sys-decided"
        assert SHOP in one.aliases

    def test_what_was_decided_about_either_holds_when_they_become_one(self) -> None:
        finding, system = self.code("shop", "https://acme.openai.azure.com/openai/deployments/x")
        cloud = self.endpoint()
        (listed,) = assemble_assets([cloud], (), {}, {}, TagKeys())
        for decided in (system, listed):
            told = event(subject=decided.id, anchors=decided.anchors, facts=present_facts(decided))
            known = dict.fromkeys(decided.anchors, decided.id)
            (one,) = join_code([system], [listed], [finding, cloud], known)
            declared = scope(entry(bind=list(decided.anchors)))
            covered = tuple(Coverage(source, "", Outcome.COMPLETE) for source in one.sources)
            assert [verdict.status for verdict in verdicts([one], declared, ledger(told), covered)] == [Status.IN_SCOPE]

    def test_what_several_call_is_a_platform_that_they_share(self) -> None:
        first, shop = self.code("shop", "https://acme.openai.azure.com/")
        second, bot = self.code("bot", "https://ACME.openai.azure.com/x")
        cloud = self.endpoint()
        (listed,) = assemble_assets([cloud], (), {}, {}, TagKeys())
        found = {system.id: system for system in join_code([shop, bot], [listed], [first, second, cloud], {})}
        assert found[listed.id].kind is SystemKind.AI_PLATFORM
        assert set(found) == {SHOP, BOT, listed.id}
        assert "2 systems share it" in found[BOT].joins[-1].because

    def test_what_was_one_before_is_one_again_and_a_second_caller_parts_them(self) -> None:
        finding, system = self.code("shop", "https://acme.openai.azure.com/")
        second, bot = self.code("bot", "https://acme.openai.azure.com/x")
        cloud = self.endpoint()
        known = dict.fromkeys((*system.anchors, cloud.observation.name), SHOP)
        (listed,) = assemble_assets([cloud], (), known, {}, TagKeys())
        assert listed.id == SHOP
        assert [one.id for one in join_code([system], [listed], [finding, cloud], known)] == [SHOP]
        assert [one.id for one in join_code([system], [listed], [cloud], known)] == [SHOP]
        apart = join_code([system, bot], [listed], [finding, second, cloud], known)
        assert len({one.id for one in apart}) == len(apart) == 3
