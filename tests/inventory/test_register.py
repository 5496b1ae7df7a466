"""The register: what people wrote stays as they wrote it, and what scans show is added and never taken away."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.register.document import FaultKind, NonConformity, Register, Sight, Stage
from inventory.register.file import RegisterError, Rows, change, load, parse
from inventory.register.follow import Fault, fields, follow
from inventory.transaction import TransactionError, writing

BY_HAND = """\
# Ours.
nonconformities:
  - id: nc-1   # the first
    kind: policy_violation
    subject: sys-1
    rule: "policy: forbids provider deepseek (everywhere)"
    history:
      - {on: 2026-01-02, scan: scan-1, shows: found, what: DeepSeek is used.}
    cause: Nobody knew.   # asked on Monday

risks:   # by system
  - {id: sys-1/safety, risk: 'A wrong answer: nobody looks.'}
  - id: sys-1/security
    treatment: mitigate
    # the two that matter
    controls:
      - Keys change every month.
"""
FAULT = Fault(FaultKind.POLICY_VIOLATION, "sys-1", "Chat", "policy: forbids provider x (everywhere)", "It uses x.")


def written(tmp_path: Path, text: str = BY_HAND) -> Path:
    file = tmp_path / "aims-register.yaml"
    file.write_text(text)
    return file


def seen(register: Register, faults: list[Fault], day: int, correction: str = "") -> Rows:
    rows = follow(register, faults, lambda _: correction, scan=f"scan-{day}", today=date(2026, 3, day))
    return Rows(nonconformities=[fields(row) for row in rows])


def only(register: Register) -> NonConformity:
    (row,) = register.nonconformities.values()
    return row


def test_what_nobody_touches_stays_byte_for_byte(tmp_path: Path) -> None:
    file = written(tmp_path)
    change(file, lambda _: Rows(risks=[{"id": "sys-1/security", "acceptor": "@acme/board"}]))
    assert file.read_text() == BY_HAND.replace(
        "      - Keys change every month.\n", '      - Keys change every month.\n    acceptor: "@acme/board"\n'
    )


def test_rows_are_added_behind_the_others(tmp_path: Path) -> None:
    file = written(tmp_path)
    after = change(
        file,
        lambda _: Rows(
            risks=[{"id": "sys-2/safety", "controls": ["one: two", "# three"], "residual": "low"}],
            nonconformities=[{"id": "nc-1", "corrective_action": "Train everybody."}],
        ),
    )
    assert list(after.risks) == ["sys-1/safety", "sys-1/security", "sys-2/safety"]
    assert after.risks["sys-2/safety"].controls == ("one: two", "# three")
    assert after.nonconformities["nc-1"].corrective_action == "Train everybody."
    assert "cause: Nobody knew.   # asked on Monday\n" in file.read_text()
    assert load(file) == after


def test_a_register_begins_with_the_first_row(tmp_path: Path) -> None:
    file = tmp_path / "aims-register.yaml"
    assert load(file) == Register()
    change(file, lambda _: Rows())
    assert not file.exists()
    change(file, lambda register: seen(register, [FAULT], 1))
    assert only(load(file)).stage is Stage.OPEN


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1).filter(str.strip))
def test_any_text_comes_back_as_it_was_written(text: str) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        file = written(Path(folder))
        change(file, lambda _: Rows(risks=[{"id": "sys-1/safety", "risk": text, "controls": [text, "x"]}]))
        row = load(file).risks["sys-1/safety"]
    assert (row.risk, row.controls) == (text.strip(), (text.strip(), "x"))


def test_two_writers_are_kept_apart(tmp_path: Path) -> None:
    file = written(tmp_path)

    def meanwhile(_: Register) -> Rows:
        file.write_text(BY_HAND + "# somebody in an editor\n")
        return Rows(risks=[{"id": "sys-9/safety", "risk": "x"}])

    with pytest.raises(TransactionError, match="changed while"):
        change(file, meanwhile)
    assert file.read_text() == BY_HAND + "# somebody in an editor\n"


def test_a_write_that_was_cut_off_is_finished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = written(tmp_path)
    monkeypatch.setattr(Path, "replace", _dies_at_the_register(Path.replace))
    with pytest.raises(TransactionError):
        change(file, lambda _: Rows(risks=[{"id": "sys-9/safety", "risk": "x"}]))
    monkeypatch.undo()
    assert file.read_text() == BY_HAND
    assert "sys-9/safety" in load(file).risks


def _dies_at_the_register(real):
    def replace(self: Path, target: Path) -> Path:
        if target.name == "aims-register.yaml":
            raise OSError(5, "killed", str(target))
        return real(self, target)

    return replace


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("risks:\n  - {id: safety}\n", "aims-register.yaml:2: risks[0].id: the id `safety` does not name a system"),
        ("risks:\n  - {id: a/b, treatment: ignore}\n", "is not one of mitigate, avoid, transfer, accept"),
        ("risks:\n  - {id: a/b, tratment: accept}\n", "Write `treatment`"),
        ("risks:\n  - {id: a/b}\n  - {id: a/b}\n", "aims-register.yaml:3: risks[1].id `a/b` stands already in line 2"),
        ("risk: []\n", "is not a key that is understood here"),
        ("- a\n", "aims-register.yaml"),
    ],
)
def test_a_fault_is_told_with_its_line_and_the_mend(text: str, says: str) -> None:
    with pytest.raises(RegisterError) as raised:
        parse(text.encode(), "aims-register.yaml")
    assert says in str(raised.value)


@pytest.mark.parametrize("text", ["{risks: []}\n", "risks: [{id: a/b}]\n", '"risks":\n  - {id: a/b}\n'])
def test_what_cannot_be_edited_line_by_line_is_refused_and_stays(tmp_path: Path, text: str) -> None:
    file = written(tmp_path, text)
    with pytest.raises(RegisterError):
        change(file, lambda _: Rows(risks=[{"id": "sys-1/safety", "risk": "x"}]))
    assert file.read_text() == text


def test_a_person_closes_it_and_only_after_a_review() -> None:
    half = BY_HAND.replace(
        "    cause: Nobody knew.", "    closed_by: Ann\n    closed_on: 2026-02-01\n    cause: Nobody knew."
    )
    with pytest.raises(RegisterError, match="closed without corrective_action, effectiveness"):
        parse(half.encode(), "aims-register.yaml")
    whole = half.replace("    closed_by", "    corrective_action: Train.\n    effectiveness: It works.\n    closed_by")
    assert parse(whole.encode(), "r").nonconformities["nc-1"].stage is Stage.CLOSED


def test_a_scan_adds_to_what_was_found_and_takes_nothing_away(tmp_path: Path) -> None:
    file = tmp_path / "aims-register.yaml"
    change(file, lambda register: seen(register, [FAULT], 1))
    assert change(file, lambda register: seen(register, [FAULT], 2)) == load(file)
    assert len(only(load(file)).history) == 1, "found again is no news"

    change(file, lambda register: seen(register, [], 3))
    assert only(load(file)).stage is Stage.OPEN, "where nothing can vouch for it, it stays open"

    change(file, lambda register: seen(register, [], 4, correction="Only y is used."))
    row = only(load(file))
    assert (row.stage, row.history[-1].what) == (Stage.CORRECTION_OBSERVED, "Only y is used.")
    change(file, lambda register: seen(register, [], 5, correction="Only y is used."))
    assert only(load(file)) == row

    change(file, lambda register: seen(register, [FAULT], 6))
    assert [one.shows for one in only(load(file)).history] == [Sight.FOUND, Sight.CORRECTION_OBSERVED, Sight.FOUND]
    assert only(load(file)).stage is Stage.OPEN


def test_what_comes_back_after_it_was_closed_is_a_new_one(tmp_path: Path) -> None:
    file = tmp_path / "aims-register.yaml"
    first = only(change(file, lambda register: seen(register, [FAULT], 1)))
    closing = {
        "cause": "a",
        "corrective_action": "b",
        "effectiveness": "c",
        "closed_by": "Ann",
        "closed_on": date(2026, 3, 2),
    }
    change(file, lambda _: Rows(nonconformities=[{"id": first.id, **closing}]))

    assert len(change(file, lambda register: seen(register, [FAULT], 2)).nonconformities) == 1, (
        "on the same day it was known"
    )
    after = change(file, lambda register: seen(register, [FAULT], 3))
    assert list(after.nonconformities) == [first.id, f"{first.id}-2"]
    assert after.nonconformities[first.id].closed_by == "Ann"
    assert change(file, lambda register: seen(register, [FAULT], 4)) == after


def test_a_system_that_was_merged_keeps_its_non_conformity(tmp_path: Path) -> None:
    file = tmp_path / "aims-register.yaml"
    change(file, lambda register: seen(register, [FAULT], 1))
    merged = Fault(FAULT.kind, "sys-0", "Chat", FAULT.rule, FAULT.what, former=("sys-1",))
    assert list(change(file, lambda register: seen(register, [merged], 2)).nonconformities) == list(
        load(file).nonconformities
    )
    assert len(load(file).nonconformities) == 1


def test_somebody_who_writes_holds_the_others_up(tmp_path: Path) -> None:
    from inventory.transaction import Files

    file = written(tmp_path)
    with (
        writing(Files(file, file.with_suffix(".none"))),
        pytest.raises(TransactionError),
        writing(Files(file, file.with_suffix(".none")), wait_seconds=0),
    ):
        pass
