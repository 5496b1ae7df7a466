"""Scans to store, for the tests of the inventory database."""

from __future__ import annotations

from classifiers.model import Context, Finding, Role, Strength, SystemKind
from connectors.model import Coverage, Location, Observation, ObservationKind, Outcome
from inventory.denominator import CoveredPart, PartKind, Share
from inventory.model import AISystem, Fact, Join, Origin
from inventory.scan import ScanInfo, ScanRecord, TaskRecord
from inventory.verdict import Reason, Status, SubjectKind, Suggestion, Verdict

REPO = "repo:github.com/acme/shop"
SEEN = Observation(
    ObservationKind.IMPORT,
    "openai",
    Location(REPO, "services/chat/undecodable-\udcff.py", 3),
    ("openai/pypi",),
    {"ecosystem": "pypi", "direct": True, "roots": ("openai", "chat")},
    "from openai import OpenAI",
)
FINDING = Finding(
    "f-1", Role.SDK, "openai", SEEN.location, Context.PRODUCTION, Strength.CAPABILITY, 0.9, "openai/pypi", SEEN
)
VERDICT = Verdict(
    "sys-1",
    SubjectKind.SYSTEM,
    "Chat",
    Status.UNDECLARED,
    (Reason(Status.UNDECLARED, "Nobody has decided.", "", ("f-1",)),),
    suggestion=Suggestion("in", "It runs."),
)
TASK = TaskRecord((SEEN,), (Coverage(REPO, "big.yaml", Outcome.PARTIAL, "nested too deeply"),), {"files": 400})


def info(number: int = 1, *, started: str = "") -> ScanInfo:
    start = started or f"2027-03-{number:02}T02:00:00Z"
    return ScanInfo(f"scan-{number}", start, start.replace("T02", "T03"), "0.1.0", "c1", "s1", "Acme", (REPO,))


def system(name: str = "sys-1", *anchors: str, aliases: tuple[str, ...] = ()) -> AISystem:
    return AISystem(
        name,
        anchors or (f"{REPO}#services/chat-\udcff",),
        "Chat",
        SystemKind.AI_SYSTEM,
        (REPO,),
        ("f-1",),
        {"deployed": (Fact("deployed", True, Origin.OBSERVED, ("k8s.yaml",)),)},
        joins=(Join("services/chat", "deployed by k8s.yaml"),),
        aliases=aliases,
    )


def record(number: int = 1, *systems: AISystem, started: str = "") -> ScanRecord:
    return ScanRecord(
        info(number, started=started),
        (Coverage(REPO, "", Outcome.COMPLETE, "", {"files": 12}),),
        (FINDING,),
        systems or (system(),),
        (VERDICT,),
        {"openai": "OpenAI"},
        (CoveredPart(PartKind.REPOSITORY, REPO, Share.COVERED, (REPO,)),),
    )
