from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from classifiers.model import SystemKind
from connectors.model import Coverage, Outcome
from inventory.decision import Answer
from inventory.decision_state import DecisionState
from inventory.model import Origin
from inventory.scope.document import ScopeDocument
from inventory.verdict import Status
from tests.inventory.builders import REPO, SEEN, entry, event, fact, ledger, scope, system, verdicts

ANCHORS = [
    REPO,
    *(f"{REPO}#{part}" for part in ("a", "a/b", "c")),
    "repo:github.com/acme/lab",
    "tenant:okta:acme/app:1",
]
FACTS = [
    fact("environment", ("production",), Origin.OBSERVED, "f1"),
    fact("environment", ("staging",), Origin.TAG, "tag"),
    fact("deployed", True),
    fact("deployed", False),
    fact("personal_data", True, Origin.ATTESTED, "Jo"),
    fact("entity", "Acme Inc", Origin.TAG),
]
CONDITIONS = [
    {"fact": "environment", "op": "none_of", "value": ["production"]},
    {"fact": "personal_data", "op": "equals", "value": False},
    {"fact": "models", "op": "only", "value": ["gpt-*"]},
]

a_system = st.builds(
    lambda anchor, facts, kind, models: system(anchor, *facts, kind=kind, models=tuple(sorted(models))),
    st.sampled_from(ANCHORS),
    st.lists(st.sampled_from(FACTS), max_size=3),
    st.sampled_from(SystemKind),
    st.sets(st.sampled_from(["gpt-4o", "claude-4"])),
)
an_entry = st.builds(
    lambda status, bind, conditions, due: entry(
        status, sorted(bind), justification="Because.", conditions=conditions, review_due=due
    ),
    st.sampled_from(["in_scope", "excluded", "decommissioned", "rejected", "not_ai"]),
    st.sets(st.sampled_from([*ANCHORS, f"{REPO}#*", "repo:github.com/*"])),
    st.lists(st.sampled_from(CONDITIONS), max_size=2),
    st.sampled_from([None, "2027-01-01", "2028-01-01"]),
)
some_coverage = st.lists(
    st.builds(
        Coverage,
        st.sampled_from([REPO, "repo:github.com/acme/lab", "tenant:okta:acme"]),
        st.sampled_from(["", "a", "a/b/x.py"]),
        st.sampled_from(Outcome),
    ),
    max_size=5,
)
some_systems = st.lists(a_system, max_size=5, unique_by=lambda one: one.id)
some_entries = st.lists(an_entry, max_size=4).map(lambda found: [{**e, "id": f"e{n}"} for n, e in enumerate(found)])
some_events = st.lists(
    st.builds(
        lambda answer, subject, number: event(answer, subject, entry=f"e{number}", facts={"models": ("gpt-4o",)}),
        st.sampled_from(Answer),
        st.sampled_from(ANCHORS),
        st.integers(0, 3),
    ),
    max_size=3,
    unique_by=lambda one: one.subject,
)
POLICY = [{"forbid": {"model": "claude-*"}, "because": "No."}]


@given(some_systems, some_entries, some_coverage, some_events, st.randoms(use_true_random=False))
def test_whatever_the_order_of_the_input_the_verdicts_are_the_same(systems, entries, coverage, events, chance):
    def shuffled(values):
        return chance.sample(values, len(values))

    one = verdicts(systems, scope(*entries, policy=POLICY), ledger(*events), tuple(coverage))
    other = verdicts(
        shuffled(systems),
        scope(*shuffled(entries), policy=POLICY),
        ledger(*shuffled(events)),
        tuple(shuffled(coverage)),
    )
    assert one == other


@given(some_systems, some_entries, some_coverage, some_events)
def test_every_system_and_every_unseen_entry_has_exactly_one_verdict(systems, entries, coverage, events):
    found = verdicts(systems, scope(*entries), ledger(*events), tuple(coverage))
    subjects = [(verdict.subject_kind, verdict.subject) for verdict in found]
    assert len(subjects) == len(set(subjects))
    assert {one.id for one in systems} <= {subject for _, subject in subjects}
    assert {one["id"] for one in entries} <= {v.subject for v in found} | {e for v in found for e in _named(v)}
    for verdict in found:
        ranks = [reason.status.rank for reason in verdict.reasons]
        assert ranks == sorted(ranks)
        assert verdict.status is verdict.reasons[0].status
        assert (verdict.suggestion is None) == verdict.status.settled


def _named(verdict):
    return {reason.rule.split(".")[1] for reason in verdict.reasons if reason.rule.startswith("entries.")}


@given(some_systems, some_events)
def test_without_a_scope_document_nothing_is_undeclared(systems, events):
    found = verdicts(systems, None, ledger(*events))
    assert not {Status.UNDECLARED, Status.OUTSIDE_BOUNDARY, Status.UNBOUND} & {verdict.status for verdict in found}


@given(some_entries, some_coverage)
def test_nothing_is_gone_where_something_was_not_seen(entries, coverage):
    blind = (*coverage, *(Coverage(source, "", Outcome.PARTIAL) for source in {one.source for one in coverage}))
    found = verdicts([], scope(*entries), DecisionState(), tuple(blind))
    assert Status.NOT_OBSERVED not in {reason.status for verdict in found for reason in verdict.reasons}


def test_thousands_of_systems_and_entries():
    count = 5_000
    systems = [system(f"repo:github.com/acme/r{n % 500}#svc/{n}", name=f"Service {n}") for n in range(count)]
    binds = [f"repo:github.com/acme/r{n}#*" if n % 2 else f"repo:github.com/acme/r{n}#svc/{n}" for n in range(1_000)]
    declared = ScopeDocument.model_validate(
        {"entries": [entry(bind=bind, id=f"e{n}", name=f"Entry {n}") for n, bind in enumerate(binds)]}
    )
    random.Random(1).shuffle(systems)
    found = verdicts(systems, declared, covered=SEEN)
    assert sum(verdict.subject_kind == "system" for verdict in found) == count
    assert {verdict.entry for verdict in found if verdict.subject == "id-of-repo:github.com/acme/r4#svc/4"} == {"e4"}
    assert {verdict.entry for verdict in found if verdict.subject == "id-of-repo:github.com/acme/r1#svc/501"} == {"e1"}
