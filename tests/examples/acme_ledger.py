"""How the decisions of the example organisation came about: the one way to write its ledger.

`python -m tests.examples.acme_ledger` writes `examples/acme/aims-decisions.jsonl` anew, and the baselines in
`examples/acme/aims-scope.yaml`, through the code that `aimscope decide` uses. What was decided before the programs
changed is decided on the repositories as they were then.
"""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

from inventory.approve import approve, reject
from inventory.attestation import AttestationIndex
from inventory.attestations import Attestation, load_attestations
from inventory.decide import Decision, adopt, decide
from inventory.decision import Answer, Identity
from inventory.facts import facts_of
from inventory.model import AISystem
from inventory.transaction import Files
from scanner.demo import ACME
from scanner.run import run
from scanner.workspace import SETTINGS_FILE, from_settings

MARIA: Final = "maria.ops@example.org"
LENA: Final = "lena.board@example.org"
TOM: Final = "tom.office@example.org"
PETRA: Final = "petra.people@example.org"
KARL: Final = "karl.controlling@example.org"
RUTH: Final = "ruth.content@example.org"

REPO: Final = "repo:github.com/acme/"

SINCE: Final[dict[str, list[tuple[str, str]] | None]] = {
    "support-assistant/src/support_assistant/answering.py": [("claude-sonnet-4-5", "claude-3-5-sonnet-20241022")],
    "support-assistant/src/support_assistant/articles.py": None,
    "support-assistant/pyproject.toml": [('  "openai>=1.99",\n', ""), ('  "langchain-text-splitters>=0.3",\n', "")],
    "support-assistant/compose.yaml": [("      OPENAI_API_KEY: ${OPENAI_API_KEY:?}\n", "")],
    "document-search/internal/answer/answer.go": [
        ("https://api.deepseek.com/chat/completions", "https://api.openai.com/v1/chat/completions"),
        ("deepseek-chat", "gpt-4o-mini"),
    ],
    "recruiting-screen/Dockerfile": None,
    "recruiting-screen/k8s/deployment.yaml": None,
    "recruiting-screen/requirements.txt": [("mistralai==1.2.5\n", "")],
    "recruiting-screen/screening.py": [
        ("from mistralai import Mistral\n", ""),
        ('CHECKER = "mistral-large-latest"', 'CHECKER = "gpt-4o"'),
        ('Mistral(api_key=os.environ["MISTRAL_API_KEY"]).chat.complete', "OpenAI().chat.completions.create"),
    ],
}
"""What has changed in the repositories since the spring: text now and text then, or none for a file that was not there."""


def rebuild(acme: Path) -> None:
    """Decides everything anew in a copy of the example organisation."""
    (acme / "aims-decisions.jsonl").unlink(missing_ok=True)
    desk = _Desk(acme)
    desk.decide("2026-02-02", MARIA, "demand-forecast", Answer.IN, "Buyers follow it.", until=date(2026, 9, 30))
    desk.decide(
        "2026-02-09", PETRA, "recruiting-screen", Answer.OUT,
        "A prototype of two people, never deployed; no real application is read.",
        conditions=({"fact": "deployed", "op": "equals", "value": False}, {"fact": "providers", "op": "only", "value": ["openai"]}),
    )  # fmt: skip
    desk.approve("2026-02-11", MARIA, "recruiting-screen")
    desk.decide(
        "2026-02-09", TOM, "meeting-notes", Answer.OUT,
        "Runs on the laptop of whoever takes the minutes; nothing leaves the machine, and the text is corrected by hand.",
        conditions=({"fact": "deployed", "op": "equals", "value": False}, {"fact": "exposure", "op": "equals", "value": "internal"}),
    )  # fmt: skip
    desk.approve("2026-02-11", MARIA, "meeting-notes")
    desk.decide("2026-03-02", MARIA, "claims-triage", Answer.IN, "It sorts claims of customers.")
    desk.decide("2026-03-02", MARIA, "support-assistant", Answer.IN, "Customers read what it drafts.")
    desk.decide("2026-03-02", MARIA, "platform#services/faq-bot", Answer.IN, "Customers talk to it.")
    desk.decide("2026-03-16", MARIA, "document-search", Answer.IN, "Technicians act on its answers.")
    desk.decide("2026-03-16", MARIA, "platform#services/chat-gateway", Answer.IN, "All teams call models through it.")
    desk.adopt(
        "2026-05-04", LENA, "coding-assistants", "field-inspection", "image-tagging", "office-copilot", "platform-tools"
    )
    desk.decide("2026-06-15", KARL, "price-index", Answer.NOT_AI,
                "StandardScaler only makes columns comparable; nothing is learned and nothing is forecast.")  # fmt: skip
    desk.decide("2026-06-22", MARIA, "platform#tools/incident-summary", Answer.IN, "It has an owner of its own by now.",
                entry="incident-summary")  # fmt: skip
    desk.decide("2026-08-31", MARIA, "platform#services/faq-bot", Answer.DECOMMISSIONED,
                "Replaced by the support assistant.")  # fmt: skip
    desk.decide("2026-10-05", RUTH, "product-copy", Answer.OUT, "Only drafts; an editor reads every text.")
    desk.reject("2026-10-07", MARIA, "product-copy", "It is deployed and writes what customers read. Decide anew.")
    desk.decide("2026-11-02", MARIA, "platform", Answer.DEFER, "The pilot of the returns desk ends in November.",
                until=date(2026, 12, 7))  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Scan:
    """The systems of a scan by anchor, and the knowledge base that they were found with."""

    systems: dict[str, AISystem]
    catalog: str


class _Desk:
    """Decides as `aimscope decide` does, at a given time."""

    def __init__(self, acme: Path) -> None:
        self._files = Files(acme / "aims-scope.yaml", acme / "aims-decisions.jsonl")
        self._attestations = load_attestations(acme / "attestations.yaml")
        with tempfile.TemporaryDirectory() as folder:
            before = Path(folder) / "acme"
            shutil.copytree(acme, before)
            _turn_back(before / "repositories")
            self._then = _scan(before)

    def decide(self, day: str, by: str, anchor: str, answer: Answer, because: str, **terms: Any) -> None:
        decision = Decision(self._system(anchor, day), answer, because, **terms)
        decide([decision], self._files, by=Identity(by), now=_time(day), catalog=self._then.catalog)

    def approve(self, day: str, by: str, entry: str) -> None:
        approve([entry], self._files, by=Identity(by), now=_time(day))

    def reject(self, day: str, by: str, anchor: str, because: str) -> None:
        reject([self._system(anchor, day).id], self._files, because=because, by=Identity(by), now=_time(day))

    def adopt(self, day: str, by: str, *entries: str) -> None:
        systems = [_attested(system, self._attestations, day) for system in self._then.systems.values()]
        adopt(entries, systems, self._files, by=Identity(by), now=_time(day), catalog=self._then.catalog)

    def _system(self, anchor: str, day: str) -> AISystem:
        return _attested(self._then.systems[REPO + anchor], self._attestations, day)


def _scan(acme: Path) -> _Scan:
    result = run(replace(from_settings(acme / SETTINGS_FILE), database=None))
    return _Scan({system.anchors[0]: system for system in result.systems}, result.scan.catalog)


def _attested(system: AISystem, attestations: tuple[Attestation, ...], day: str) -> AISystem:
    return replace(
        system, facts=facts_of(system, *AttestationIndex(attestations, date.fromisoformat(day)).facts(system))
    )


def _turn_back(repositories: Path) -> None:
    for path, edits in SINCE.items():
        file = repositories / path
        if edits is None:
            file.unlink()
            continue
        text = file.read_text()
        for now, then in edits:
            if now not in text:
                raise ValueError(f"{path} has no {now!r}: say in SINCE how it was")
            text = text.replace(now, then)
        file.write_text(text)


def _time(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T09:30:00").replace(tzinfo=UTC)


if __name__ == "__main__":
    rebuild(ACME)
