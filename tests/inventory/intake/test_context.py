"""What the scope rests on: issues, interested parties, activities, and interfaces with what lies outside."""

from __future__ import annotations

import json

import pytest

from inventory.scope.load import load_scope

STATEMENT = """\
# AIMS scope

## 1. Context of the organisation

Northwind insures households in two countries.

### 1.1 Internal issues

- Teams choose models themselves.
- TBD

### 1.2 External issues

| Issue                               | Source   |
|-------------------------------------|----------|
| The EU AI Act applies to what we do | Legal    |

## 2. Interested parties

| Stakeholder   | Needs and expectations                   | How addressed    | Influence |
|---------------|------------------------------------------|------------------|-----------|
| **Customers** | To know when a machine answers; to object | Notice in the app | High      |
| Regulator     | Records of decisions                     | -                | High      |

## 3. Life-cycle stages

- Development of assistants
- Use of coding assistants

## 4. Systems in scope

- Claims Triage: sorts claims
- Support Chat: drafts replies

## 5. Interfaces and dependencies

| Outside the scope | Type       | Description                    | AI systems                  | Agreement |
|-------------------|------------|--------------------------------|-----------------------------|-----------|
| Model providers   | Dependency | Answers of models              | Claims Triage, support-chat | DMS-12    |
| Claims archive    | Interface  | Closed claims, every night     | Tariff Optimiser            |           |
| Payroll           | Sometimes  | Numbers of staff               |                             |           |

## 6. Out-of-scope services we depend on

- **Office suite**: mail and documents
- We look at this list every year with the heads of all departments of the company
"""


def context(desk):
    head = load_scope(desk.scope).document.document
    fields = {"context", "interested_parties", "activities", "interfaces"}
    return head.model_dump(mode="json", exclude_defaults=True, include=fields)


def test_sections_and_tables_of_the_context_become_its_fields(desk):
    desk.take("scope.md", STATEMENT)

    assert context(desk) == {
        "context": {
            "text": "Northwind insures households in two countries.",
            "internal": ["Teams choose models themselves."],
            "external": ["The EU AI Act applies to what we do"],
        },
        "interested_parties": [
            {
                "party": "Customers",
                "requirements": ["To know when a machine answers", "to object"],
                "addressed": "Notice in the app",
            },
            {"party": "Regulator", "requirements": ["Records of decisions"]},
        ],
        "activities": ["Development of assistants", "Use of coding assistants"],
        "interfaces": [
            {
                "outside": "Model providers", "kind": "dependency", "what": "Answers of models",
                "entries": ["claims-triage", "support-chat"], "reference": "DMS-12",
            },
            {"outside": "Claims archive", "kind": "interface", "what": "Closed claims, every night"},
            {"outside": "Payroll", "what": "Numbers of staff"},
            {"outside": "Office suite", "kind": "dependency", "what": "mail and documents"},
        ],
    }  # fmt: skip


def test_every_part_says_where_it_came_from(desk):
    desk.take("scope.md", STATEMENT)

    text = desk.scope.read_text()
    for line in (
        "      - Teams choose models themselves.  # line 9, 1.1 Internal issues\n",
        "      - The EU AI Act applies to what we do  # line 16, Issue\n",
        "    # Imported from scope.md line 22, 2. Interested parties\n    - party: Customers  # Stakeholder\n",
        "      addressed: Notice in the app  # How addressed\n",
        "    - Development of assistants  # line 27, 3. Life-cycle stages\n",
        "      kind: dependency  # 6. Out-of-scope services we depend on\n",
    ):
        assert line in text


def test_what_is_not_clear_is_asked_and_kept(desk):
    found = desk.take("scope.md", STATEMENT)

    asked = [one.text for one in found.taken.remarks.all() if one.asks]
    assert "`Payroll`: `Sometimes` is neither interface nor dependency" in asked
    assert "`Claims archive`: no entry is named `Tariff Optimiser`" in asked
    kept = [row["left"] for row in map(json.loads, desk.trace.read_text().splitlines()) if "left" in row]
    for text in ("Legal", "High", "Payroll: Sometimes", "Claims archive: Tariff Optimiser"):
        assert text in kept
    assert any(text.startswith("We look at this list every year") for text in kept)
    assert "`TBD` stands for nothing" in [one.text for one in found.taken.remarks.all()]


def test_a_second_import_changes_not_one_byte(desk):
    desk.take("scope.md", STATEMENT)
    before = desk.bytes()
    found = desk.take("scope.md", STATEMENT)

    assert not found.written
    assert desk.bytes() == before
    assert {how for _, how in found.parts} == {"unchanged"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "# Scope\n\n## Stakeholders\n\n### Patients\n- Requirements: Safe answers\n- Addressed by: Review by a physician\n",
            {"interested_parties": [
                {"party": "Patients", "requirements": ["Safe answers"], "addressed": "Review by a physician"},
            ]},
        ),
        (
            "## Stakeholders\n- Patients\n  - Safe answers\n  - Addressed: Review\n- Works council: to be heard\n",
            {"interested_parties": [
                {"party": "Patients", "requirements": ["Safe answers"], "addressed": "Review"},
                {"party": "Works council", "requirements": ["to be heard"]},
            ]},
        ),
        (
            "## Issues\n- Internal:\n  - Few people know models\n- External issues: New laws; few suppliers\n",
            {"context": {"internal": ["Few people know models"], "external": ["New laws", "few suppliers"]}},
        ),
        (
            "| Internal issues | External issues |\n|-|-|\n| Skills<br>Legacy | Law |\n",
            {"context": {"internal": ["Skills", "Legacy"], "external": ["Law"]}},
        ),
        (
            "## Context\n\n| Issue | Internal / external |\n|-|-|\n| Skills | Internal |\n| Law | Both |\n",
            {"context": {"internal": ["Skills"]}},
        ),
        (
            "## Activities\n\n| Activity | In scope? |\n|-|-|\n| Development | Yes |\n| Resale | No |\n| Research | Partly |\n",
            {"activities": ["Development"]},
        ),
        (
            "## Interfaces\n\n- Archive - closed claims\n\n## Dependencies\n\n- [Models](https://dms.example/9): answers\n",
            {"interfaces": [
                {"outside": "Archive", "kind": "interface", "what": "closed claims"},
                {"outside": "Models", "kind": "dependency", "what": "answers", "reference": "https://dms.example/9"},
            ]},
        ),
    ],
)  # fmt: skip
def test_the_ways_in_which_people_write_them(desk, text, said):
    desk.take("scope.md", text)

    assert context(desk) == said
    before = desk.bytes()
    desk.take("scope.md", text)
    assert desk.bytes() == before


def test_a_sheet_of_stakeholders_is_known_by_its_columns(desk):
    desk.take("stakeholders.csv", "Interested party,Requirements\nCustomers,Notice\nCustomers,Redress\n")

    assert context(desk) == {"interested_parties": [{"party": "Customers", "requirements": ["Notice", "Redress"]}]}


def test_excluded_activities_are_exclusions_and_no_activities(desk):
    desk.take("scope.md", "## Excluded activities\n- Marketing experiments: no personal data\n")

    assert context(desk) == {}
    assert desk.entries()["marketing-experiments"]["status"] == "excluded"


BY_HAND = """\
document:   # ours
  activities: [Development of assistants]
  context:
    internal:
      # Of the board.
      - Few people know models
  interested_parties:
    - {party: customers, requirements: [Notice]}
"""


def test_what_a_person_wrote_stays_and_what_differs_is_reported(desk):
    desk.scope.write_text(BY_HAND)
    found = desk.take("scope.md", STATEMENT)

    outcomes = dict(found.parts)
    assert outcomes["document.activities.Use of coding assistants"] == "conflict"
    assert outcomes["document.interested_parties.Customers"] == "conflict"
    assert outcomes["document.interested_parties.Regulator"] == "new"
    assert found.asks
    text = desk.scope.read_text()
    assert set(BY_HAND.splitlines()) <= set(text.splitlines())
    assert context(desk)["context"]["internal"] == ["Teams choose models themselves.", "Few people know models"]
    before = desk.bytes()
    desk.take("scope.md", STATEMENT)
    assert desk.bytes() == before


def test_what_a_person_removed_is_not_brought_back_and_what_they_changed_stays(desk):
    desk.take("scope.md", STATEMENT)
    lines = desk.scope.read_text().splitlines(keepends=True)
    kept = [line for line in lines if "Use of coding assistants" not in line]
    desk.scope.write_text("".join(kept).replace("Answers of models", "Answers and tools"))
    before = desk.bytes()
    outcomes = dict(desk.take("scope.md", STATEMENT).parts)

    assert outcomes["document.activities.Use of coding assistants"] == "removed by a person since"
    assert outcomes["document.interfaces.Model providers.dependency"] == "kept as a person wrote it"
    assert desk.bytes() == before


def test_a_new_issue_is_added_and_one_that_is_gone_stays(desk):
    desk.take("scope.md", STATEMENT)
    desk.take("scope.md", STATEMENT.replace("- Teams choose models themselves.", "- One supplier for all models"))

    assert set(context(desk)["context"]["internal"]) == {
        "Teams choose models themselves.",
        "One supplier for all models",
    }
