"""What tells a workload that is wanted from the many that are not: opaque texts and keys, handed in.

Clusters run far more than what is looked for, so a Deployment is reported only where an image, a command, the name of
an environment variable, a model or a host in it fits. What any of these means, the giver of the keys knows.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from connectors.code.matchers import Region
from connectors.code.tokens import image_repository, is_model

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from connectors.code.matchers import LiteralMatcher

_FEWEST_PARTS: Final = 2
"""A mirrored image is known by owner and name together; a name alone would fit too much."""

Texts = dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Signals:
    """Texts to keys of the matchers that look for them.

    Attributes:
        images: Repositories, whole.
        image_prefixes: Beginnings of repositories.
        commands: Programs and first words.
        variables: Names of environment variables.
        hosts: Host names; one that starts with a dot stands for any name below it.
        models: Literals to pairs of the expression of a whole model identifier and its key.
    """

    images: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    image_prefixes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    commands: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    variables: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    hosts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    models: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, literals: Iterable[LiteralMatcher]) -> Signals:
        """The signals among the literals that are looked for in code."""
        texts: defaultdict[tuple[Region, bool], defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        models: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        for literal in literals:
            if literal.region is Region.MODEL:
                models[literal.text].append((literal.expression, literal.key))
            else:
                texts[literal.region, literal.open_ended][literal.text].append(literal.key)
                if literal.region is Region.IMAGE and not literal.open_ended:
                    for mirrored in _mirrored(literal.text)[1:2]:
                        texts[Region.IMAGE, False][mirrored].append(literal.key)

        def keys(region: Region, *, open_ended: bool = False) -> Texts:
            return {text: tuple(sorted(set(found))) for text, found in texts[region, open_ended].items()}

        return cls(
            keys(Region.IMAGE), keys(Region.IMAGE, open_ended=True), keys(Region.COMMAND), keys(Region.ENV),
            keys(Region.HOST), {text: tuple(found) for text, found in models.items()},
        )  # fmt: skip

    def of_image(self, reference: str) -> set[str]:
        """Keys for a container image, also where an organisation's own registry mirrors it."""
        found: set[str] = set()
        for repository in _mirrored(image_repository(reference)):
            found |= set(self.images.get(repository, ()))
            for prefix, keys in self.image_prefixes.items():
                if repository.startswith(prefix):
                    found |= set(keys)
        return found

    def of_variable(self, name: str) -> set[str]:
        """Keys for the name of an environment variable."""
        return set(self.variables.get(name, ()))

    def of_command(self, text: str) -> set[str]:
        """Keys for a program and its first words."""
        return set(self.commands.get(text, ()))

    def of_host(self, host: str) -> set[str]:
        """Keys for a host name."""
        found = set(self.hosts.get(host, ()))
        parts = host.removeprefix("*.").split(".")
        for start in range(len(parts)):
            found |= set(self.hosts.get("." + ".".join(parts[start:]), ()))
        return found

    def of_model(self, written: str) -> set[str]:
        """Keys for a model identifier."""
        low = written.lower()
        return {
            key
            for text, patterns in self.models.items()
            if text in low
            for expression, key in patterns
            if is_model(written, expression)
        }


def _mirrored(repository: str) -> list[str]:
    """What a repository may mirror: itself, and what stands behind a registry's host and folders."""
    parts = repository.split("/")
    forms = [repository]
    if "." in parts[0] or ":" in parts[0]:
        forms += ["/".join(parts[start:]) for start in range(1, len(parts) - _FEWEST_PARTS + 1)]
    return forms
