"""What is billed comes first, and what is quiet has its turn."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from connectors.api.errors import ApiError
from connectors.api.task import Task
from connectors.aws.turns import Turns
from connectors.aws.usage_cost import Bill
from connectors.model import Outcome

TODAY = date(2026, 11, 23)
BILL = Bill({"1": (("bedrock", "Amazon Bedrock", 3.0, "USD"),)}, frozenset({"1", "2"}), "1")


def task(account: str, scope: str, rows: tuple[str, ...] = ("row",)) -> Task:
    source = f"account:aws:{account}"
    return Task(source, scope, rows, f"{source}/{scope}")


LISTING = [
    task("1", "global/organizations", ()),
    task("2", "eu-west-1/bedrock"),
    task("2", "eu-west-1/sagemaker"),
    task("1", "eu-west-1/sagemaker"),
    task("1", "eu-west-1/bedrock-agent"),
    task("3", "eu-west-1/bedrock"),
    task("2", "global/wellarchitected"),
]
USE = [task("1", "eu-west-1/usage-metrics"), task("2", "eu-west-1/usage-metrics")]


def test_facts_come_first_then_use_then_what_is_billed_then_the_rest_as_it_was() -> None:
    asked, left = Turns(BILL, 0, TODAY).ordered(LISTING, USE)
    assert asked == (LISTING[0], *USE, LISTING[4], LISTING[1], LISTING[2], LISTING[3], LISTING[5], LISTING[6])
    assert left == ()


def test_each_quiet_one_has_its_turn_once_in_the_days_and_is_told_on_the_others() -> None:
    turns: dict[str, list[date]] = {}
    for offset in range(7):
        day = TODAY + timedelta(days=offset)
        asked, left = Turns(BILL, 7, day).ordered(LISTING, USE)
        assert len(asked) + len(left) == len(LISTING) + len(USE)
        for one in asked:
            turns.setdefault(one.key, []).append(day)
        for gap in left:
            assert gap.outcome is Outcome.SKIPPED
            assert gap.counts == {"left_out": 1}
            stale = date.fromisoformat(gap.reason.removeprefix("stale since "))
            assert timedelta(0) < day - stale < timedelta(days=7)
            (turn,) = turns.get(f"{gap.source}/{gap.scope}", [stale])
            assert stale == turn
    once = {key for key, days in turns.items() if len(days) == 1}
    assert once == {one.key for one in (LISTING[1], LISTING[2], LISTING[3], USE[1])}
    assert len(turns) == len(LISTING) + len(USE)


@pytest.mark.parametrize(
    "bill", [Bill.unknown(), Bill(BILL.spent, BILL.named, "1", 1, ApiError(Outcome.DENIED, "denied"))]
)
def test_where_the_bill_does_not_say_nothing_is_quiet(bill: Bill) -> None:
    asked, left = Turns(bill, 7, TODAY).ordered(LISTING, USE)
    assert not left
    assert len(asked) == len(LISTING) + len(USE)
