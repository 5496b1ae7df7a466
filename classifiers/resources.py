"""From what an API listed to findings: each resource as its row means it, and each model that it refers to."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from classifiers.model import Context, Finding, Role, Strength, SystemKind
from classifiers.model_names import ModelNames, model_name
from connectors.model import ObservationKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from classifiers.apps import Apps
    from classifiers.catalog import Catalog
    from classifiers.meaning import Meaning
    from classifiers.products import Product
    from classifiers.services import Mean, Service
    from connectors.model import Observation

_CONFIDENCE: Final = {
    ObservationKind.ASSET: 0.95,
    ObservationKind.USAGE: 0.9,
    ObservationKind.CONTROL: 0.5,
    ObservationKind.GRANT: 0.4,
}
"""How often evidence of a sort is what it says, as a starting point for a reader; not a measured probability."""

_MODEL_CONFIDENCE: Final = 0.9
_MODEL_RESOURCE: Final = ("arn:", "//", "projects/", "/subscriptions/", "azureml:")


class ResourceMeanings:
    """What the rows of services mean.

    Args:
        services: Services of all connectors.
        catalog: The knowledge base: whose model an identifier names, and what an image or a variable's name means.
        apps: Knows which product an app belongs to; none where no source lists apps.
    """

    def __init__(self, services: Iterable[Service], catalog: Catalog, apps: Apps | None = None) -> None:
        self._apps = apps
        self._meanings = catalog.meanings
        self._models = ModelNames(catalog)
        self._means: dict[str, tuple[Service, Mean]] = {
            service.row_id(row): (service, mean) for service in services for row, mean in service.mean.items()
        }

    def classify(self, observations: Sequence[Observation]) -> list[Finding]:
        """Findings, sorted by id. An account is no finding: its tags and units are facts about what is in it."""
        findings: dict[str, Finding] = {}
        named = {row: mean.product for row, (_, mean) in self._means.items() if mean.product}
        products = self._apps.identify(observations, named) if self._apps else {}
        for place, observation in enumerate(observations):
            row = next((key for key in observation.matchers if key in self._means), None)
            if row is not None and observation.kind in _CONFIDENCE:
                for finding in self._findings(row, observation, products.get(place)):
                    findings.setdefault(finding.id, finding)
        return [findings[key] for key in sorted(findings)]

    def _findings(self, row: str, observation: Observation, product: Product | None) -> Iterator[Finding]:
        service, mean = self._means[row]
        signals = [self._meanings[key] for key in observation.matchers if key != row and key in self._meanings]
        if mean.identified and product is None and not signals:
            return
        models = _models(observation)
        known = [self._models.of(model) for model in models]
        itself = Finding(
            id=_id(observation, row, observation.name),
            role=mean.role,
            name=f"{mean.label} {observation.attributes.get('title', observation.name)}",
            location=observation.location,
            context=Context.PRODUCTION,
            strength=_strength(mean.strength, observation, signals),
            confidence=_CONFIDENCE[observation.kind],
            rule=f"{row}/{observation.kind.value}",
            observation=observation,
            provider=mean.provider or service.provider,
            techniques=mean.technique,
            system_kind=mean.kind,
            snippet=observation.snippet,
            part=mean.part,
        )
        if product is not None:
            itself = _of_product(itself, product, mean)
        yield itself
        yield from self._signals(row, itself, signals)
        for written, model in zip(models, known, strict=True):
            if not model.family and written.startswith(_MODEL_RESOURCE):
                continue  # a model of the customer's own is a resource that has findings of its own
            name = model_name(written)
            yield replace(
                itself,
                id=_id(observation, f"{row}/model", name),
                role=Role.MODEL,
                name=name,
                model=name,
                model_family=model.family,
                confidence=_MODEL_CONFIDENCE,
                rule=f"{row}/model",
                snippet="",
            )

    def _signals(self, row: str, itself: Finding, signals: Iterable[Meaning]) -> Iterator[Finding]:
        """What an image, a command or the name of a variable in a workload means."""
        for meaning in signals:
            if meaning.role is Role.MODEL:
                continue
            yield replace(
                itself,
                id=_id(itself.observation, f"{row}/{meaning.evidence}", meaning.row),
                role=meaning.role,
                name=meaning.row,
                provider=meaning.provider,
                strength=_no_stronger(itself.strength, [meaning]),
                rule=f"{meaning.row}/{meaning.evidence}",
                techniques=meaning.techniques,
                system_kind=meaning.kind,
            )


def _as_switched(strength: Strength, observation: Observation) -> Strength:
    """A feature that its vendor says is off is there, and proves nothing more."""
    return Strength.HINT if observation.attributes.get("state") == "off" else strength


def _of_product(finding: Finding, product: Product, mean: Mean) -> Finding:
    """A finding as its product means it: an app of thousands says nothing of AI by itself."""
    techniques = {technique for feature in product.features for technique in feature.techniques}
    kind = SystemKind.AI_SYSTEM if product.native else SystemKind.EMBEDDED_AI
    return replace(
        finding,
        name=f"{mean.label} {product.name}" if mean.identified else finding.name,
        provider=product.provider if mean.identified else finding.provider or product.provider,
        techniques=tuple(sorted({*finding.techniques, *techniques})),
        system_kind=kind if mean.identified else finding.system_kind,
        product=product.id,
    )


def _strength(strength: Strength, observation: Observation, signals: Sequence[Meaning]) -> Strength:
    """Use is use, whatever gave it away; a workload proves no more than what did."""
    switched = _as_switched(strength, observation)
    return switched if observation.kind is ObservationKind.USAGE else _no_stronger(switched, signals)


def _no_stronger(strength: Strength, signals: Sequence[Meaning]) -> Strength:
    """A workload proves no more than the strongest thing that gave it away."""
    best = min((signal.strength for signal in signals), key=lambda one: one.rank, default=strength)
    return max(best, strength, key=lambda one: one.rank)


def _models(observation: Observation) -> tuple[str, ...]:
    models = observation.attributes.get("models", ())
    return models if isinstance(models, tuple) else ()


def _id(observation: Observation, rule: str, name: str) -> str:
    identity = f"{observation.location.source}\0{observation.name}\0{rule}\0{name}"
    return "f-" + hashlib.sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()[:20]
