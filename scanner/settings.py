"""`aimscope.yaml`: what to scan, with what, and where results go. Never read from a scanned tree unless named."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, TypeAlias

from pydantic import Field, model_validator

from connectors import aws, azure, gcp, imports, kubernetes, saas
from connectors.api.policy import Policy
from connectors.code.files import DEFAULT_LIMITS, Limits
from inventory.estate import TagKeys
from inventory.validation import Strict, Text, Texts, validate
from inventory.yaml_file import read_yaml
from scanner.connect import ESTATES, CloudSpec
from scanner.settings_models import settings_model

if TYPE_CHECKING:
    from pathlib import Path

    from scanner.settings_models import DataclassSettings


if TYPE_CHECKING:
    from scanner.settings_models import DataclassSettings

    AwsEstate: TypeAlias = DataclassSettings
    AzureEstate: TypeAlias = DataclassSettings
    GcpEstate: TypeAlias = DataclassSettings
    KubernetesEstate: TypeAlias = DataclassSettings
    SaasTenant: TypeAlias = DataclassSettings
    Import: TypeAlias = DataclassSettings
    Network: TypeAlias = DataclassSettings
    Tags: TypeAlias = DataclassSettings
else:
    AwsEstate = settings_model("AwsEstate", aws.Target)
    AzureEstate = settings_model("AzureEstate", azure.Target)
    GcpEstate = settings_model("GcpEstate", gcp.Target)
    KubernetesEstate = settings_model("KubernetesEstate", kubernetes.Target)
    SaasTenant = settings_model("SaasTenant", saas.Target)
    Import = settings_model("Import", imports.Target)
    Network = settings_model("Network", Policy)
    Tags = settings_model("Tags", TagKeys)


class Source(Strict):
    """A code repository, or an estate that is asked over the network: exactly one of them.

    Attributes:
        path: Directory, bare repository, .zip or .tar.*, relative to the settings file.
        url: Git URL, cloned without history.
        id: Identity of the repository (`github.com/acme/shop`); else its origin URL, its first commit or its folder.
        aws: Accounts in AWS.
        azure: Subscriptions in Azure.
        gcp: Projects in Google Cloud.
        kubernetes: Clusters.
        saas: The tenant of a SaaS vendor.
        imports: A file that somebody exported: apps, logs, expenses, an SBOM.
    """

    path: Text | None = None
    url: Text | None = None
    id: Text | None = None
    aws: AwsEstate | None = None
    azure: AzureEstate | None = None
    gcp: GcpEstate | None = None
    kubernetes: KubernetesEstate | None = None
    saas: SaasTenant | None = None
    imports: Import | None = None

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        places = [name for name in ("path", "url", *ESTATES) if getattr(self, name) is not None]
        if len(places) != 1:
            raise ValueError(f"a source has exactly one of `path`, `url`, {', '.join(f'`{name}`' for name in ESTATES)}")
        if self.id is not None and places[0] in ESTATES:
            raise ValueError("`id` names a repository; an estate has the identities that its provider gives")
        return self

    @property
    def estate(self) -> CloudSpec | None:
        """The estate, or none where it is a repository."""
        name, settings = next(
            ((name, held) for name in ESTATES if (held := getattr(self, name)) is not None), ("", None)
        )
        return CloudSpec(name, settings.value()) if settings is not None else None


class Bounds(Strict):
    """Bounds of what is read; see docs/reference/settings.md for the defaults' reasons.

    Attributes:
        max_text_bytes: A larger file is not read as text, only its head.
        max_archive_bytes: What an archive may unpack to.
        max_archive_members: How many members an archive may have.
    """

    max_text_bytes: int = Field(default=DEFAULT_LIMITS.max_text_bytes, ge=1024, le=256 * 1024 * 1024)
    max_archive_bytes: int = Field(default=DEFAULT_LIMITS.max_archive_bytes, ge=1024)
    max_archive_members: int = Field(default=DEFAULT_LIMITS.max_archive_members, ge=1)

    def limits(self) -> Limits:
        """The same for connectors."""
        return Limits(self.max_text_bytes, self.max_archive_bytes, self.max_archive_members)


class Engine(Strict):
    """Where tasks run.

    Attributes:
        workers: Processes at most; 0 for as many as there are processors.
    """

    workers: int = Field(default=0, ge=0, le=1024)


class Settings(Strict):
    """Settings of a run. Paths are relative to the settings file.

    Attributes:
        sources: What to scan.
        scope: The scope document.
        ledger: The decision ledger.
        database: The inventory database; a file for SQLite.
        catalog: Files of the organisation's own knowledge-base rows.
        attestations: Files of attestations.
        engine: Where tasks run.
        network: How estates are asked.
        tags: What the organisation's tags and labels mean.
        limits: Bounds of what is read.
        outputs: Reports to write after a scan; the ending says the format (.html, .json, .md, .sarif, .csv, .xlsx).
    """

    sources: tuple[Source, ...] = ()
    scope: Text | None = "aims-scope.yaml"
    ledger: Text = "aims-decisions.jsonl"
    database: Text | None = "aimscope.db"
    catalog: Texts = ()
    attestations: Texts = ()
    engine: Engine = Engine()
    network: Network = Network()
    tags: Tags = Tags()
    limits: Bounds = Bounds()
    outputs: Texts = ()


def load_settings(path: Path) -> Settings:
    """Reads a settings file.

    Raises:
        inventory.yaml_file.InputError: It cannot be read or is wrong; every problem with file, line and mend.
    """
    return validate(Settings, read_yaml(path))
