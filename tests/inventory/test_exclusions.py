"""An exclusion under each kind of condition, with all three outcomes: the table below is also how to read conditions.

A row is a condition, and what has to be known of a system for it to hold, to be broken, and to be not known. A condition
that holds leaves the system `excluded`, one that is broken makes it `exclusion_contradicted`, and one that nobody can tell
makes it `unverified`, with what would have to be seen or attested.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest

from connectors.model import Coverage, Outcome
from inventory.condition_text import read_condition
from inventory.decision import Answer
from inventory.facts import FACTS, definition
from inventory.model import Origin
from inventory.scope.op import Op
from inventory.verdict import Status
from tests.inventory.builders import CHAT, REPO, entry, event, fact, ledger, only, scope, system, verdicts

ACCOUNT, TENANT = "account:aws:111122223333", "tenant:m365:acme"


@dataclass(frozen=True)
class Known:
    """What is known of the fact: values by origin, and whether repository, account and tenant were fully covered."""

    stated: tuple[tuple[Any, Origin], ...] = ()
    covered: bool = True
    sources: tuple[str, ...] = (REPO, ACCOUNT, TENANT)


def seen(value: Any) -> Known:
    """A scan observed it, and everything was covered."""
    return Known(((value, Origin.OBSERVED),))


def partly(value: Any) -> Known:
    """A scan observed it, and not everything was covered: there may be more."""
    return Known(((value, Origin.OBSERVED),), covered=False)


def tagged(value: Any) -> Known:
    """A tag says it."""
    return Known(((value, Origin.TAG),))


def attested(value: Any) -> Known:
    """A person attested it; what a scan covered does not matter."""
    return Known(((value, Origin.ATTESTED),), covered=False)


def declared(value: Any) -> Known:
    """A boundary, or the vendor, declares it."""
    return Known(((value, Origin.DECLARED),), covered=False)


NOTHING_SEEN = Known()
"""Everything was covered, and nothing states it."""
NOBODY_LOOKED = Known(covered=False)
"""Nothing states it, and not everything was covered."""
ONLY_CODE = Known(sources=(REPO,))
"""Nothing states it, and the system shows in a repository alone, which was fully covered."""
NEVER = None
"""Cannot happen: of every system this much is known."""

# fmt: off
TABLE = [
    # condition                                         holds                              broken                                   not known
    # -- who runs the models, which models, how it is built ---------------------------------------------------------------------------------
    ("providers only openai, azure-openai",             seen(("openai",)),                 seen(("deepseek", "openai")),            partly(("openai",))),
    ("providers equals openai",                         seen(("openai",)),                 seen(("mistral", "openai")),             NOTHING_SEEN),
    ("models none_of claude-*",                         seen(("gpt-4o",)),                 seen(("claude-4", "gpt-4o")),            partly(("gpt-4o",))),
    ("models not_equals gpt-4o",                        seen(("gpt-5",)),                  seen(("gpt-4o",)),                       NOBODY_LOOKED),
    ("models any_of gpt-4o*, gpt-5*",                   partly(("gpt-4o-mini",)),          seen(("claude-4",)),                     NOTHING_SEEN),
    ("models exists",                                   seen(("gpt-4o",)),                 NOTHING_SEEN,                            NOBODY_LOOKED),
    ("models absent",                                   NOTHING_SEEN,                      seen(("gpt-4o",)),                       NOBODY_LOOKED),
    ("techniques none_of agent",                        seen(("generative",)),             seen(("agent", "generative")),           NOBODY_LOOKED),
    # -- where it runs ----------------------------------------------------------------------------------------------------------------------
    ("regions only eu-*",                               seen(("eu-west-1",)),              seen(("eu-west-1", "us-east-1")),        ONLY_CODE),
    ("environment none_of production",                  tagged(("development",)),          tagged(("production",)),                 ONLY_CODE),
    ("deployed equals false",                           NOTHING_SEEN,                      seen(True),                              NOBODY_LOOKED),
    ("deployed equals true",                            seen(True),                        attested(False),                         NOTHING_SEEN),
    ("deployed not_equals true",                        attested(False),                   partly(True),                            NOBODY_LOOKED),
    # -- data -------------------------------------------------------------------------------------------------------------------------------
    ("data_categories none_of health, biometric",       attested(("contact",)),            attested(("contact", "health")),         NOTHING_SEEN),
    ("personal_data equals false",                      attested(False),                   tagged(True),                            NOTHING_SEEN),
    ("data_use only does_not_train",                    declared(("does_not_train",)),     declared(("trains_unless_opted_out",)),  NOTHING_SEEN),
    # -- what it may do, and to whom --------------------------------------------------------------------------------------------------------
    ("autonomy any_of assists, human_in_the_loop",      attested("human_in_the_loop"),     attested("autonomous"),                  NOTHING_SEEN),
    ("exposure equals internal",                        attested("internal"),              tagged("public"),                        NOTHING_SEEN),
    ("exposure not_equals public",                      attested("customers"),             attested("public"),                      NOTHING_SEEN),
    ("exposure only internal, partners",                attested("partners"),              attested("customers"),                   NOTHING_SEEN),
    ("uses none_of emotion_recognition",                attested(("drafting",)),           attested(("emotion_recognition",)),      NOTHING_SEEN),
    # -- who answers for it, and where in the organisation ----------------------------------------------------------------------------------
    ("owner any_of @acme/*",                            seen("@acme/shop"),                seen("@other/team"),                     NOTHING_SEEN),
    ("entity equals Acme Retail Ltd",                   declared("Acme Retail Ltd"),       attested("Acme Carriers Ltd"),           NOTHING_SEEN),
    ("unit any_of Operations, Shop",                    declared("Shop"),                  declared("People"),                      NOTHING_SEEN),
    ("geography only AT, DE",                           declared(("AT",)),                 attested(("AT", "US")),                  NOTHING_SEEN),
    ("boundary only shop, operations",                  declared(("shop",)),               declared(("people",)),                   NOTHING_SEEN),
    ("stage any_of inception, design_and_development",  attested("inception"),             attested("operation_and_monitoring"),    NOTHING_SEEN),
    # -- its repository, as the code host tells it; a checkout tells nothing of it ----------------------------------------------------------
    ("archived equals true",                            partly(True),                      seen(False),                             ONLY_CODE),
    ("fork equals false",                               seen(False),                       seen(True),                              ONLY_CODE),
    ("visibility any_of private, internal",             partly("private"),                 seen("public"),                          ONLY_CODE),
    ("host_owner any_of acme",                          seen("acme"),                      seen("contractor"),                      ONLY_CODE),
    ("topics none_of customer-facing",                  seen(("batch",)),                  seen(("batch", "customer-facing")),      ONLY_CODE),
    # -- products of a tenant ---------------------------------------------------------------------------------------------------------------
    ("features only spelling, search",                  seen(("search",)),                 seen(("agents", "search")),              NOTHING_SEEN),
    ("feature_state equals off",                        partly("off"),                     seen("on"),                              NOTHING_SEEN),
    ("feature_state none_of on, preview",               seen("licensed"),                  seen("preview"),                         NOBODY_LOOKED),
    ("feature_state exists",                            seen("off"),                       NOTHING_SEEN,                            NOBODY_LOOKED),
    ("feature_state absent",                            NOTHING_SEEN,                      seen("on"),                              ONLY_CODE),
    ("permissions none_of Mail.*",                      seen(("User.Read",)),              seen(("Mail.Send", "User.Read")),        partly(("User.Read",))),
    ("licence_count equals 0",                          seen(0),                           seen(12),                                NOTHING_SEEN),
    ("licence_count not_equals 0",                      seen(12),                          seen(0),                                 NOBODY_LOOKED),
    ("licence_count exists",                            seen(0),                           NOTHING_SEEN,                            NOBODY_LOOKED),
    ("licence_count absent",                            NOTHING_SEEN,                      seen(12),                                NOBODY_LOOKED),
    ("last_used equals 2026-11-03",                     seen("2026-11-03"),                seen("2026-11-04"),                      NOTHING_SEEN),
    ("users at_most 50",                                seen(50),                          partly(51),                              partly(20)),
    ("users at_least 5",                                partly(5),                         seen(4),                                 partly(4)),
    ("last_used absent",                                NOTHING_SEEN,                      seen("2027-05-30"),                      NOBODY_LOOKED),
    # -- what it is, how it is identified, how it is tagged ---------------------------------------------------------------------------------
    ("kind not_equals ai_platform",                     seen("embedded_ai"),               seen("ai_platform"),                     NEVER),
    ("anchors only repo:github.com/acme/*",             seen((CHAT,)),                     seen((CHAT, "product:copilot")),         partly((CHAT,))),
    ("tag:tier any_of gold, silver",                    tagged(("gold",)),                 tagged(("bronze",)),                     NOTHING_SEEN),
]
# fmt: on

CASES = [
    pytest.param(condition, known, status, id=f"{condition} - {status.value}")
    for condition, *outcomes in TABLE
    for known, status in zip(outcomes, (Status.EXCLUDED, Status.EXCLUSION_CONTRADICTED, Status.UNVERIFIED), strict=True)
    if known is not NEVER
]


@pytest.mark.parametrize(("condition", "known", "status"), CASES)
def test_an_exclusion_holds_or_is_contradicted_or_is_not_known(condition: str, known: Known, status: Status) -> None:
    tested = read_condition(condition)
    name = tested["fact"]
    facts = [fact(name, value, origin) for value, origin in known.stated]
    found = replace(system(CHAT, *facts, owner=""), sources=known.sources)
    outcome = Outcome.COMPLETE if known.covered else Outcome.DENIED
    covered = tuple(Coverage(source, "", outcome) for source in (REPO, ACCOUNT, TENANT))
    declared_so = scope(entry("excluded", conditions=[tested]))

    verdict = only(verdicts([found], declared_so, ledger(event(Answer.OUT)), covered))

    assert verdict.status is status, verdict.reasons
    text = verdict.reasons[0].text
    if status is Status.EXCLUSION_CONTRADICTED:
        assert f"the condition is: {name}" in text
        observed = any(origin is Origin.OBSERVED for _, origin in known.stated)
        assert verdict.reasons[0].findings == (("f1",) if observed else ())
    if status is Status.UNVERIFIED:
        assert "is not known" in text
        assert "To know it:" in text


def test_the_table_has_every_fact() -> None:
    named = {read_condition(condition)["fact"] for condition, *_ in TABLE}
    assert {row.name for row in FACTS} <= named
    assert any(name.startswith("tag:") for name in named)


def test_the_table_has_every_operation_with_every_type_of_fact_that_it_fits() -> None:
    tested = [read_condition(condition) for condition, *_ in TABLE]
    rows = [(definition(one["fact"]), Op(one["op"])) for one in tested]
    assert {(row.type, op) for row, op in rows if row} == {(kind, op) for op in Op for kind in op.types}


def test_all_outcomes_are_there_but_where_the_table_says_that_one_cannot_be() -> None:
    assert sum(None in outcomes for _, *outcomes in TABLE) == 1
    assert len(CASES) == 3 * len(TABLE) - 1
