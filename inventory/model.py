"""AI systems and the facts about them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from classifiers.model import SystemKind, Technique


class Origin(StrEnum):
    """How a fact is known."""

    OBSERVED = "observed"
    TAG = "tag"
    ATTESTED = "attested"
    DECLARED = "declared"


FactValue = str | int | bool | tuple[str, ...]
"""A scalar, or a sorted tuple of strings for a set-valued fact."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact about a system. A fact that is not known has no `Fact`.

    Attributes:
        name: Name from `inventory.facts`.
        value: The value.
        origin: How it is known.
        evidence: Finding ids, or for a tag, attestation or declaration its place in words.
    """

    name: str
    value: FactValue
    origin: Origin
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Join:
    """Why a finding or an anchor belongs to a system: one link of the chain that `aimscope explain` prints."""

    what: str
    because: str


@dataclass(frozen=True, slots=True)
class AISystem:
    """Findings that one owner can answer for.

    Attributes:
        id: Minted from the first anchor; never changes.
        anchors: Explicit identifiers, first the one that the id was minted from.
        name: A title for people; it confers nothing.
        kind: What the system is.
        sources: Identities of the sources with evidence of it.
        findings: Finding ids, sorted.
        facts: Facts by name; several origins may state the same fact.
        techniques: Sorted.
        providers: Catalog ids, sorted.
        models: Model identifiers as written, sorted.
        owner: Likely owner (CODEOWNERS, catalog-info.yaml, tags), or the empty string.
        stage: Life-cycle stage (ISO/IEC 22989), or the empty string when not known.
        aliases: Ids of systems that were merged into this one.
        joins: Why each part belongs to it.
        confidence: 0 to 1, from independent kinds of evidence.
        first_seen: ISO 8601 time of the first scan that saw it.
        last_seen: ISO 8601 time of the last scan that saw it.
        evidence: Hash over what was found, that files which move do not change; see `inventory.evidence.fingerprint`.
    """

    id: str
    anchors: tuple[str, ...]
    name: str
    kind: SystemKind
    sources: tuple[str, ...]
    findings: tuple[str, ...] = ()
    facts: Mapping[str, tuple[Fact, ...]] = field(default_factory=dict)
    techniques: tuple[Technique, ...] = ()
    providers: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    owner: str = ""
    stage: str = ""
    aliases: tuple[str, ...] = ()
    joins: tuple[Join, ...] = ()
    confidence: float = 0.0
    first_seen: str = ""
    last_seen: str = ""
    evidence: str = ""
