"""The review queue as a sheet, filled in, and taken back: all rows or none."""

import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from openpyxl import load_workbook

from classifiers.model import SystemKind
from connectors.model import Coverage, Outcome
from inventory.condition_text import read_condition
from inventory.decide import Decision, decide
from inventory.decision import Answer, Identity
from inventory.decision_state import Decisions
from inventory.ledger import load, standing
from inventory.model import AISystem
from inventory.reconcile import reconcile
from inventory.scope.load import load_scope
from inventory.sheet import COLUMNS, SheetWriteError, write_sheet
from inventory.sheet_reading import SheetError, read_sheet
from inventory.transaction import Files

ANN = Identity("Ann <ann@example.org>")
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HEADINGS = {column.heading: number for number, column in enumerate(COLUMNS, start=1)}
SCOPE = """\
document: {organisation: Acme}
entries:
  - {id: gone, status: in_scope, bind: ["repo:example.org/gone"]}
"""


def system(name, **fields):
    source = f"repo:example.org/{name}"
    fields = {"name": name.title(), "models": ("gpt-4.1",), "findings": ("f1",), **fields}
    return AISystem(id=f"sys-{name}", anchors=(source,), kind=SystemKind.AI_SYSTEM, sources=(source,), **fields)


class Desk:
    """An organisation with a scope document, a ledger and a scan."""

    def __init__(self, folder):
        self.files = Files(folder / "aims-scope.yaml", folder / "aims-decisions.jsonl")
        self.files.scope.write_text(SCOPE)
        self.sheet = folder / "queue.xlsx"
        self.systems = [system("bot"), system("shop")]

    def present(self):
        state = standing(load(self.files.ledger)).state
        coverage = [
            Coverage(source, "", Outcome.COMPLETE) for source in ("repo:example.org/gone", "repo:example.org/shop")
        ]
        scope = load_scope(self.files.scope).document
        verdicts = reconcile(self.systems, scope, state, coverage, [], today=NOW.date(), catalog_hash="c1")
        return verdicts, self.systems, Decisions(state)

    def write(self):
        write_sheet(self.sheet, *self.present())

    def read(self):
        return read_sheet(self.sheet, *self.present())

    def row(self, name):
        sheet = load_workbook(self.sheet)["Decisions"]
        return next(row[0].row for row in sheet.iter_rows(min_row=2) if row[HEADINGS["System"] - 1].value == name)

    def fill_in(self, name, **cells):
        workbook = load_workbook(self.sheet)
        for heading, value in cells.items():
            workbook["Decisions"].cell(self.row(name), HEADINGS[heading.replace("_", " ")], value)
        workbook.save(self.sheet)

    def faults(self):
        with pytest.raises(SheetError) as caught:
            self.read()
        return {fault.row: fault.what for fault in caught.value.faults}

    def decide(self, *decisions):
        return decide(decisions, self.files, by=ANN, now=NOW)


@pytest.fixture
def desk(tmp_path):
    desk = Desk(tmp_path)
    desk.write()
    return desk


def test_the_queue_can_be_filled_in_and_comes_back_as_decisions(desk):
    desk.fill_in("Shop", Decision="in", Justification="it sells", Owner="team-shop", Review_by=datetime(2026, 9, 1))
    desk.fill_in(
        "Bot",
        Decision="OUT",
        Justification="a toy",
        Conditions="personal_data equals false\nregions only b, a\nusers at_most 10",
    )
    desk.fill_in("gone", Decision="decommissioned")
    decisions = desk.read()
    assert sorted(decisions, key=lambda decision: decision.title) == [
        Decision(
            desk.systems[0],
            Answer.OUT,
            "a toy",
            conditions=(
                {"fact": "personal_data", "op": "equals", "value": False},
                {"fact": "regions", "op": "only", "value": ["a", "b"]},
                {"fact": "users", "op": "at_most", "value": 10},
            ),
        ),
        Decision(desk.systems[1], Answer.IN, "it sells", "team-shop", until=date(2026, 9, 1)),
        Decision("gone", Answer.DECOMMISSIONED),
    ]
    desk.decide(*decisions)
    statuses = {entry.id: str(entry.status) for entry in load_scope(desk.files.scope).document.entries}
    assert statuses == {"gone": "decommissioned", "shop": "in_scope", "bot": "excluded"}


def test_rows_without_a_decision_are_left_out(desk):
    desk.fill_in("Shop", Decision="defer")
    assert desk.read() == [Decision(desk.systems[1], Answer.DEFER)]


def test_every_fault_is_told_with_its_row_and_nothing_is_taken(desk):
    desk.fill_in("Shop", Decision="perhaps")
    desk.fill_in("Bot", Decision="out")
    desk.fill_in("gone", Justification="but no decision")
    assert desk.faults() == {
        desk.row("Shop"): "`perhaps` is no answer",
        desk.row("Bot"): "`out` needs a justification",
        desk.row("gone"): "Justification is filled in, and the decision is not",
    }


@pytest.mark.parametrize(
    ("cells", "what"),
    [
        ({"Review_by": "next year"}, "Review by `next year` is no day"),
        ({"Conditions": "colour equals red"}, "the condition `colour equals red`: `colour` is not a fact"),
        ({"Conditions": "models"}, "the condition `models`: `` is no operation"),
        ({"Conditions": "models only"}, "the condition `models only`: `only` needs a value"),
        ({"Owner": "=1+1"}, "Owner is a formula"),
        ({"Subject": "sys-bot"}, "it says `Shop`, and its hidden columns `Bot`"),
        ({"Subject": "sys-none"}, "what it is about is not there any more"),
        ({"Rests_on": "[]", "Check": "0"}, "its hidden columns no longer say on what"),
    ],
)
def test_a_cell_that_is_not_in_order(desk, cells, what):
    desk.fill_in("Shop", Decision="in", **cells)
    (found,) = desk.faults().values()
    assert what in found


def test_a_row_whose_facts_have_changed_since_is_refused_and_says_what_changed(desk):
    desk.fill_in("Shop", Decision="in")
    desk.fill_in("Bot", Decision="in")
    desk.systems[1] = replace(desk.systems[1], models=("o3",), owner="team-shop")
    assert desk.faults() == {
        desk.row("Shop"): "what the decision rests on has changed: models was gpt-4.1 and is o3; "
        "owner was not known and is team-shop"
    }


def test_a_row_that_somebody_else_has_decided_since_is_refused(desk):
    desk.fill_in("Shop", Decision="out", Justification="a toy")
    (event,) = desk.decide(Decision(desk.systems[1], Answer.IN))
    assert desk.faults() == {
        desk.row("Shop"): f"what the decision rests on has changed: it was decided since (event {event.id[:12]}); "
        "the entry `shop` binds it now"
    }


def test_a_row_copied_twice_is_refused(desk):
    desk.fill_in("Shop", Decision="in")
    workbook = load_workbook(desk.sheet)
    sheet = workbook["Decisions"]
    sheet.append([cell.value for cell in sheet[desk.row("Shop")]])
    workbook.save(desk.sheet)
    assert list(desk.faults().values()) == ["the same system stands in a row above"]


def test_sorted_rows_come_back_all_the_same(desk):
    desk.fill_in("Shop", Decision="in")
    workbook = load_workbook(desk.sheet)
    sheet = workbook["Decisions"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    for number, row in enumerate(reversed(rows), start=2):
        for column, value in enumerate(row, start=1):
            sheet.cell(number, column).value = value
    workbook.save(desk.sheet)
    assert desk.read() == [Decision(desk.systems[1], Answer.IN)]


def test_the_sheet_is_made_to_be_filled_in(desk):
    sheet = load_workbook(desk.sheet)["Decisions"]
    assert sheet.freeze_panes == "C2"
    (answers,) = sheet.data_validations.dataValidation
    assert answers.formula1 == '"in,out,not-ai,defer,decommissioned,rejected"'
    hidden = {letter for letter, dimension in sheet.column_dimensions.items() if dimension.hidden}
    assert len(hidden) == sum(column.hidden for column in COLUMNS)


@pytest.mark.parametrize(
    "name", ['=HYPERLINK("http://x","y")', "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "a\x00b", "'=1", "\ud800"]
)
def test_no_text_from_a_repository_becomes_a_formula_or_breaks_the_sheet(desk, name):
    desk.systems[1] = replace(desk.systems[1], name=name)
    desk.write()
    sheet = load_workbook(desk.sheet)["Decisions"]
    for row in sheet.iter_rows():
        for cell in row:
            assert cell.data_type != "f"
            assert not str(cell.value or "").startswith(("=", "+", "-", "@", "\t", "\r"))
    shown = next(c.value for c in sheet["B"] if c.value not in {"System", "Bot", "gone"})
    desk.fill_in(shown, Decision="in")
    assert desk.read() == [Decision(desk.systems[1], Answer.IN)]


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x03\x04 broken"])
def test_a_file_that_is_no_sheet_ends_in_a_message(desk, content):
    desk.sheet.write_bytes(content)
    with pytest.raises(SheetError, match="is no sheet that can be read"):
        desk.read()


def test_another_sheet_ends_in_a_message(desk):
    workbook = load_workbook(desk.sheet)
    workbook["Decisions"]["A1"] = "Something else"
    workbook.save(desk.sheet)
    with pytest.raises(SheetError, match="headings"):
        desk.read()


def test_a_sheet_that_unpacks_to_too_much_is_not_unpacked(desk):
    with zipfile.ZipFile(desk.sheet, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"\0" * (101 * 1024 * 1024))
    with pytest.raises(SheetError, match="unpacks to more than"):
        desk.read()


def test_a_missing_file_or_folder_ends_in_a_message(desk, tmp_path):
    with pytest.raises(SheetError, match="cannot be read"):
        read_sheet(tmp_path / "none.xlsx", *desk.present())
    with pytest.raises(SheetWriteError, match="cannot be written"):
        write_sheet(tmp_path / "none" / "queue.xlsx", *desk.present())


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("models exists", {"fact": "models", "op": "exists"}),
        ("users at_most 10", {"fact": "users", "op": "at_most", "value": 10}),
        ("regions only eu-west-1", {"fact": "regions", "op": "only", "value": ["eu-west-1"]}),
        (
            "  regions   none_of [us-east-1, us-west-2] ",
            {"fact": "regions", "op": "none_of", "value": ["us-east-1", "us-west-2"]},
        ),
        ("owner equals @acme/shop", {"fact": "owner", "op": "equals", "value": "@acme/shop"}),
        ("feature_state equals off", {"fact": "feature_state", "op": "equals", "value": "off"}),
        ("tag:team equals shop", {"fact": "tag:team", "op": "equals", "value": ["shop"]}),
    ],
)
def test_a_condition_as_people_type_it(text, condition):
    assert read_condition(text) == condition


@pytest.mark.parametrize(
    "text", ["", "models", "models is gpt", "users at_most many", "personal_data equals [", "models equals \ud800"]
)
def test_what_is_no_condition_says_so(text):
    with pytest.raises(ValueError, match=r"is no operation|cannot be"):
        read_condition(text)
