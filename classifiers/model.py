"""The type that leaves the classifiers: an observation and what it means."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from connectors.model import Location, Observation  # noqa: TC001 - part of the public type


class Role(StrEnum):
    """The part that a finding plays in an AI system."""

    SDK = "sdk"
    FRAMEWORK = "framework"
    PROVIDER = "provider"
    MODEL = "model"
    ENDPOINT = "endpoint"
    SERVICE = "service"
    MODEL_FILE = "model_file"
    DATASET = "dataset"
    MCP_SERVER = "mcp_server"
    AGENT_CONFIG = "agent_config"
    WORKFLOW = "workflow"
    IMAGE = "image"
    CLOUD_RESOURCE = "cloud_resource"
    SAAS_FEATURE = "saas_feature"
    LICENCE = "licence"
    OAUTH_GRANT = "oauth_grant"
    EGRESS = "egress"


class Context(StrEnum):
    """The setting in which a finding stands."""

    PRODUCTION = "production"
    DEVELOPMENT = "development"
    TEST = "test"
    EXAMPLE = "example"
    DOCS = "docs"


class Strength(StrEnum):
    """How much a finding proves, strongest first."""

    USE = "proves_use"
    ENABLED = "proves_enabled"
    CAPABILITY = "capability"
    HINT = "hint"

    @property
    def rank(self) -> int:
        """0 for the strongest; larger is weaker."""
        return _STRENGTH_ORDER.index(self)


_STRENGTH_ORDER = (Strength.USE, Strength.ENABLED, Strength.CAPABILITY, Strength.HINT)


class Technique(StrEnum):
    """Kind of AI technique, in the terms of ISO/IEC 22989 where it has one."""

    GENERATIVE = "generative"
    PREDICTIVE = "predictive"
    VISION = "vision"
    SPEECH = "speech"
    LANGUAGE = "language"
    RECOMMENDATION = "recommendation"
    AGENT = "agent"
    RETRIEVAL = "retrieval"


class SystemKind(StrEnum):
    """What a system is."""

    AI_SYSTEM = "ai_system"
    EMBEDDED_AI = "embedded_ai"
    AI_PLATFORM = "ai_platform"
    DEV_ASSISTANT = "dev_assistant"
    CANDIDATE = "candidate"
    NOT_AI = "not_ai"

    @property
    def holds_ai(self) -> bool:
        """Whether a source with such a system is counted as holding AI."""
        return self in {SystemKind.AI_SYSTEM, SystemKind.EMBEDDED_AI, SystemKind.AI_PLATFORM}


class Part(StrEnum):
    """The part that a cloud resource or a product's feature plays in a system."""

    SYSTEM = "system"
    COMPONENT = "component"
    EVIDENCE = "evidence"
    CONTROL = "control"


@dataclass(frozen=True, slots=True)
class Finding:
    """An observation and what it means.

    Attributes:
        id: Stable identifier: a hash of source, path, rule and name, so that a moved line keeps it.
        role: The part it plays.
        name: For a package its name in its ecosystem, else the matched thing in its own words.
        purl: Package URL without version, or the empty string.
        provider: Catalog id of the provider, or the empty string.
        model: The model identifier as written, whole, or the empty string.
        model_family: Catalog id of the model family, or the empty string.
        context: The setting in which it stands.
        strength: How much it proves.
        confidence: 0 to 1: how sure the classifier is that this is what it says.
        rule: Catalog row and matcher that said so, as `openai/host`.
        techniques: What the row says of the technique.
        system_kind: What a system is that has this finding as its strongest.
        location: Where it stands.
        snippet: Redacted evidence.
        observation: The fact behind it.
        part: For a resource that an API listed, the part that it plays in a system.
        product: Catalog id of the product whose app, feature, licence or use it is, or the empty string.
    """

    id: str
    role: Role
    name: str
    location: Location
    context: Context
    strength: Strength
    confidence: float
    rule: str
    observation: Observation
    purl: str = ""
    provider: str = ""
    model: str = ""
    model_family: str = ""
    techniques: tuple[Technique, ...] = ()
    system_kind: SystemKind = SystemKind.AI_SYSTEM
    snippet: str = ""
    part: Part = Part.SYSTEM
    product: str = ""
