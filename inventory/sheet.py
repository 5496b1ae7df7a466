"""The review queue as a sheet to fill in, and the decisions that stand in a filled one.

Each row carries, in hidden columns, whom it is about and what the decision would rest on: the material facts, the entry
and the decision in force. A row is taken back only where all that is still so.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from inventory.cells import MAX_CELL, inert
from inventory.decision import Answer
from inventory.entry_draft import present_facts
from inventory.ledger.event import canonical

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

    from inventory.decision_state import Decisions
    from inventory.model import AISystem
    from inventory.verdict import Verdict

TITLE = "Decisions"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, its width, and whether people fill it in or it is ours and hidden."""

    heading: str
    width: int
    fill_in: bool = False
    hidden: bool = False


COLUMNS = (
    Column("Status", 22),
    Column("System", 32),
    Column("Why", 70),
    Column("Suggested", 16),
    Column("Suggested because", 45),
    Column("Likely owner", 24),
    Column("Open questions", 45),
    Column("Decision", 18, fill_in=True),
    Column("Justification", 50, fill_in=True),
    Column("Owner", 24, fill_in=True),
    Column("Conditions", 40, fill_in=True),
    Column("Review by", 14, fill_in=True),
    Column("Entry", 18, fill_in=True),
    Column("Subject", 20, hidden=True),
    Column("Rests on", 20, hidden=True),
    Column("Check", 20, hidden=True),
)

_PROMPT = (
    "in: it belongs to the scope. out: excluded, with a justification. not-ai: no AI, with a justification. "
    "defer: later. decommissioned: gone. rejected: must not run, with a justification."
)


class SheetWriteError(Exception):
    """The sheet cannot be written; the message says why."""


def cell_text(text: str) -> str:
    """A text as a cell holds it: inert, and with line ends as XML reads them back."""
    return inert(text).replace("\r\n", "\n").replace("\r", "\n")


def write_sheet(path: Path, verdicts: Iterable[Verdict], systems: Sequence[AISystem], decisions: Decisions) -> None:
    """Writes a row for each verdict on a system or an entry, in their order.

    Args:
        path: The XLSX file.
        verdicts: What to decide about; a verdict on the document itself is no matter for this sheet.
        systems: The systems of the same scan, attested facts included.
        decisions: The ledger's decisions in force.

    Raises:
        SheetWriteError: The file cannot be written.
    """
    by_id = {system.id: system for system in systems}
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = TITLE
    sheet.append([column.heading for column in COLUMNS])
    for verdict in verdicts:
        if verdict.subject_kind.decidable:
            sheet.append(_row(verdict, rests_on(verdict, by_id.get(verdict.subject), decisions)))
    _dress(sheet)
    try:
        workbook.save(path)
    except OSError as error:
        what = f"{path}: cannot be written: {error.strerror}. Name a file in a folder that you may write to."
        raise SheetWriteError(what) from error


def rests_on(verdict: Verdict, system: AISystem | None, decisions: Decisions) -> dict[str, Any]:
    """What a decision on the subject of a verdict would rest on."""
    in_force = decisions.on_system(system) if system else decisions.on_entry(verdict.entry)
    return {
        "decision": in_force[-1].id if in_force else "",
        "entry": verdict.entry,
        "facts": json.loads(canonical(present_facts(system))),
    }


def check(subject: str, basis: Mapping[str, Any]) -> str:
    """A hash over the hidden columns, so that an edit of them shows."""
    return hashlib.sha256(canonical({"subject": subject, "rests_on": basis}).encode("utf-8", "replace")).hexdigest()


def _row(verdict: Verdict, basis: Mapping[str, Any]) -> list[str]:
    suggestion = verdict.suggestion
    shown = [
        verdict.status.replace("_", " "),
        verdict.name,
        "\n".join(reason.text for reason in verdict.reasons),
        suggestion.decision if suggestion else "",
        suggestion.because if suggestion else "",
        verdict.owner,
        "\n".join(verdict.questions),
    ]
    filled_in = [""] * sum(column.fill_in for column in COLUMNS)
    text = canonical(basis)
    # JSON begins with a brace, which no spreadsheet takes for a formula, and has to come back as it was.
    hidden = [cell_text(verdict.subject), text if len(text) < MAX_CELL else "", check(verdict.subject, basis)]
    return [*(cell_text(one) for one in (*shown, *filled_in)), *hidden]


def _dress(sheet: Worksheet) -> None:
    for number, column in enumerate(COLUMNS, start=1):
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = column.width
        sheet.column_dimensions[letter].hidden = column.hidden
        for cell in sheet[letter]:
            cell.alignment = Alignment(wrap_text=not column.hidden, vertical="top")
            cell.number_format = "yyyy-mm-dd" if column.heading == "Review by" else "@"
            if column.fill_in:
                cell.fill = PatternFill("solid", start_color="FFF8E1")
        sheet[f"{letter}1"].font = Font(bold=True)
    sheet.freeze_panes = "C2"
    sheet.auto_filter.ref = sheet.dimensions
    _offer_answers(sheet)


def _offer_answers(sheet: Worksheet) -> None:
    letter = get_column_letter([column.heading for column in COLUMNS].index("Decision") + 1)
    answers = DataValidation(type="list", formula1=f'"{",".join(Answer)}"', allow_blank=True)
    answers.errorTitle, answers.error = "Not an answer", f"Choose one of: {', '.join(Answer)}"
    answers.promptTitle, answers.prompt = "Decision", _PROMPT
    answers.showErrorMessage = answers.showInputMessage = True
    answers.add(f"{letter}2:{letter}{max(sheet.max_row, 2)}")
    sheet.add_data_validation(answers)
