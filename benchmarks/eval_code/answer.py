"""What a scanner says of one package, in the words of the labels."""

from __future__ import annotations

from dataclasses import dataclass, field

Claim = tuple[str, ...]
"""One thing that a scanner names: the ids that may be meant; most claims have one."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A scanner's answer.

    Attributes:
        holds_ai: Whether it says that the repository holds AI.
        sdks: Libraries that it names, with where each stands.
        providers: Providers, likewise.
        models: Model identifiers, likewise.
        seconds: Wall time of the command.
        failure: Why there is no answer, or the empty string.
    """

    holds_ai: bool = False
    sdks: dict[Claim, str] = field(default_factory=dict)
    providers: dict[Claim, str] = field(default_factory=dict)
    models: dict[Claim, str] = field(default_factory=dict)
    seconds: float = 0.0
    failure: str = ""
