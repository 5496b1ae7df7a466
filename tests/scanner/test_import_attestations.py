"""`aimscope import` of attestations: shown, added, never twice, all or nothing."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from openpyxl import Workbook

from inventory.attestations import load_attestations
from scanner.commands.import_ import command
from scanner.commands.import_attestations import holds_attestations

HEADER = [
    "Product",
    "System",
    "Fact",
    "Value",
    "Feature",
    "State",
    "Since",
    "Attested by",
    "Role",
    "Date",
    "Seen in",
    "Expires",
]
NOTION = [
    "notion",
    "",
    "",
    "",
    "Notion AI",
    "Off",
    "2026-10-01",
    "olga@acme.example",
    "head of IT",
    "2026-11-02",
    "Settings > AI, shown by bob@acme.example",
    "2027-11-02",
]
CHAT = [
    "",
    "repo:github.com/acme/chat",
    "data_categories",
    "contact; contract",
    "",
    "",
    "",
    "jo@acme.example",
    "DPO",
    "2 Nov 2026",
    "the record",
    "2027-11-02",
]
PRESENT = """\
# Ours.
attestations:
    - system: repo:github.com/acme/shop   # the shop
      fact: personal_data
      value: true
      by: jo@acme.example
      role: DPO
      date: 2026-11-01
      seen: the record
      expires: 2027-11-01
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1794798000")  # 2026-11-16
    (tmp_path / "aimscope.yaml").write_text("attestations: aims-attestations.yaml\n")
    return tmp_path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(command, [str(one) for one in arguments], standalone_mode=False)


def table(folder: Path, *rows: list[str], name: str = "said.csv") -> Path:
    path = folder / name
    if path.suffix == ".xlsx":
        book = Workbook()
        for row in ([*HEADER], *rows):
            book.active.append(row)
        book.save(path)
    else:
        path.write_text("".join(",".join(f'"{cell}"' for cell in row) + "\n" for row in (HEADER, *rows)))
    return path


@pytest.mark.parametrize("name", ["said.csv", "said.xlsx"])
def test_a_table_is_added_to_the_file_that_the_settings_name(folder: Path, name: str) -> None:
    target = folder / "aims-attestations.yaml"
    target.write_text(PRESENT)
    shown = run(table(folder, NOTION, CHAT, name=name))
    assert shown.return_value == 0, shown.output
    assert "2 attestations added, 0 there already" in shown.output
    assert target.read_text().startswith(PRESENT)
    shop, notion, chat = load_attestations(target)
    assert shop.system == "repo:github.com/acme/shop"
    assert (notion.system, notion.claim) == ("product:notion", "Notion AI is off since 2026-10-01")
    assert (chat.value, str(chat.date)) == (("contact", "contract"), "2026-11-02")
    assert "bob@" not in target.read_text()
    assert notion.by == "olga@acme.example"


def test_a_second_import_changes_nothing(folder: Path) -> None:
    given = table(folder, NOTION, CHAT)
    run(given)
    before = (folder / "aims-attestations.yaml").read_bytes()
    again = run(given)
    assert "0 attestations added, 2 there already" in again.output
    assert (folder / "aims-attestations.yaml").read_bytes() == before


def test_a_dry_run_shows_what_would_be_added_and_adds_nothing(folder: Path) -> None:
    shown = run(table(folder, [*NOTION[:4], "Notion Sorcery", *NOTION[5:]]), "--dry-run")
    assert "said.csv:2\tproduct:notion\tNotion Sorcery is off since 2026-10-01" in shown.output
    assert "the catalog knows no feature `Notion Sorcery` of `notion`, but Notion AI" in shown.output
    assert "1 attestation would be added" in shown.output
    assert not (folder / "aims-attestations.yaml").exists()


def test_yaml_is_taken_in_alike(folder: Path) -> None:
    sent = folder / "sent.yaml"
    sent.write_text(PRESENT)
    assert "1 attestation added" in run(sent).output
    (one,) = load_attestations(folder / "aims-attestations.yaml")
    assert (one.fact, one.value) == ("personal_data", True)


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ([*NOTION[:10], "", NOTION[11]], r"said.csv:3: has no `seen`. Fill in `seen`."),
        ([*NOTION[:9], "03/04/2026", *NOTION[10:]], r"said.csv:3: date: `03/04/2026` is not a date"),
        ([*CHAT[:2], "personal_data", "maybe", *CHAT[4:]], r"said.csv:3: `personal_data` cannot be `maybe`"),
        (["notoin", *NOTION[1:]], r"said.csv:3: `notoin` is no product of the catalog. Write `notion`"),
        ([*NOTION[:5], "on", *NOTION[6:]], r"said.csv:3: says otherwise than said.csv:2 of the same"),
    ],
)
def test_one_that_is_wrong_is_named_and_none_is_added(folder: Path, row: list[str], problem: str) -> None:
    failed = run(table(folder, NOTION, row))
    assert isinstance(failed.exception, click.ClickException)
    assert problem in failed.exception.message
    assert not (folder / "aims-attestations.yaml").exists()


def test_a_file_that_cannot_be_added_to_is_left_as_it_is(folder: Path) -> None:
    target = folder / "aims-attestations.yaml"
    target.write_text("attestations: []\n")
    failed = run(table(folder, NOTION))
    assert isinstance(failed.exception, click.ClickException)
    assert "cannot be added to as it is written" in failed.exception.message
    assert target.read_text() == "attestations: []\n"


def test_where_the_settings_name_no_file_it_says_what_to_write(folder: Path) -> None:
    (folder / "aimscope.yaml").write_text("{}\n")
    failed = run(table(folder, NOTION))
    assert isinstance(failed.exception, click.ClickException)
    assert "Write `attestations: aims-attestations.yaml` in aimscope.yaml" in failed.exception.message


def test_the_file_of_the_settings_is_not_taken_into_itself(folder: Path) -> None:
    (folder / "aims-attestations.yaml").write_text(PRESENT)
    failed = run("aims-attestations.yaml")
    assert isinstance(failed.exception, click.ClickException)
    assert "every scan reads it already" in failed.exception.message


def test_what_only_looks_alike_is_no_attestation(folder: Path) -> None:
    export = folder / "apps.csv"
    export.write_text("Product,State,Role,Date\nSlack,active,admin,2026-11-01\n")
    assert not holds_attestations(export, "")
