"""Services whose resources connectors list: one YAML file a service, with how to ask and what the answer means.

`collect` belongs to the connector that the folder is named after, and is validated there; `mean` is validated here.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field, StringConstraints, ValidationError, model_validator

from classifiers.compiled import BUNDLED
from classifiers.errors import CatalogError
from classifiers.model import Part, Role, Strength, SystemKind, Technique
from classifiers.rows import Slug, Strict, Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path
    from typing import Self


class Mean(Strict):
    """What it means that a resource of a kind is there.

    Attributes:
        label: What people call one of them: `Bedrock agent`.
        role: Role of the finding.
        part: `system` stands by itself; a `component` belongs to what refers to it, and is a candidate where nothing
            does; `evidence` (a job, use, a grant) supports what it refers to, or the service in that account; `control`
            guards.
        strength: How much it proves.
        kind: What a system is whose strongest finding this is.
        technique: AI techniques.
        provider: Catalog id of the provider where it is not the service's.
        product: Catalog id of the product whose feature, licence or use it is, where there is but one.
        identified: Whether it is AI only where a product of the catalog is identified in it, as one app of thousands.
    """

    label: Text
    role: Role = Role.CLOUD_RESOURCE
    part: Part = Part.SYSTEM
    strength: Strength = Strength.ENABLED
    kind: SystemKind = SystemKind.AI_SYSTEM
    technique: tuple[Technique, ...] = ()
    provider: Slug | None = None
    product: Slug | None = None
    identified: bool = False


class ServiceFile(Strict):
    """One service.

    Attributes:
        service: Its id, unique within its connector.
        name: What people call it.
        provider: Catalog id of the provider whose service it is; none where it only carries AI, as a container service.
        api: How a SaaS vendor is asked; nothing for the others.
        collect: Rows of the connector, each with an `id`; one that sets `observe: false` hands on nothing.
        mean: Row id to meaning.
        notes: What a maintainer should know.
        source: Where it can be read.
        checked: When it was.
    """

    service: Slug
    name: Text
    provider: Slug | None = None
    api: dict[str, Any] = Field(default_factory=dict)
    collect: tuple[dict[str, Any], ...] = Field(min_length=1)
    mean: dict[Text, Mean]
    notes: str = ""
    source: Annotated[str, StringConstraints(pattern=r"^https://\S+$")]
    checked: date

    @model_validator(mode="after")
    def _every_row_means_something(self) -> Self:
        collected = [row.get("id") for row in self.collect]
        if None in collected or len(set(collected)) != len(collected):
            raise ValueError("every row of `collect` needs an `id` of its own")
        observed = {str(row["id"]) for row in self.collect if row.get("observe", True)}
        if odd := sorted(observed ^ set(self.mean)):
            raise ValueError(f"stands only in one of `collect` and `mean`: {', '.join(odd)}")
        return self


@dataclass(frozen=True, slots=True)
class Service:
    """A service, ready for use: rows for its connector as plain data, and the meaning of each."""

    id: str
    name: str
    provider: str
    collect: tuple[Mapping[str, Any], ...]
    mean: Mapping[str, Mean]
    api: Mapping[str, Any] = field(default_factory=dict)

    def row_id(self, row: str) -> str:
        """The id of a row that observations carry, as `aws/bedrock/agent`."""
        return f"{self.id}/{row}"


def load_services(connector: str, folder: Path = BUNDLED) -> tuple[Service, ...]:
    """The services of a connector, by id.

    Raises:
        CatalogError: A file cannot be read, or is wrong.
    """
    files = sorted((folder / connector).glob("*.yaml"))
    services = [_read(file, connector) for file in files]
    return tuple(sorted(services, key=lambda service: service.id))


def services_digest(connectors: Iterable[str], folder: Path = BUNDLED) -> str:
    """Hash of the files of some connectors' services, and of the catalog of products that apps are identified by."""
    digest = hashlib.sha256()
    for name in (*sorted(connectors), "products"):
        for file in sorted((folder / name).glob("*.[cy]*")):
            digest.update(f"{name}/{file.name}\0".encode() + file.read_bytes())
    return digest.hexdigest()


def _read(file: Path, connector: str) -> Service:
    from ruamel.yaml.error import YAMLError

    from connectors import yaml_nodes

    try:
        content = yaml_nodes.load(file.read_text("utf-8"))
        # Through JSON, so that a connector gets plain data whatever YAML made of it.
        read = ServiceFile.model_validate(content)
        rows, api = json.loads(json.dumps([read.collect, read.api], default=str))
    except OSError as error:
        raise CatalogError(f"{file}: {error.strerror}; name a readable file") from error
    except (YAMLError, UnicodeDecodeError) as error:
        raise CatalogError(f"{file}: not valid YAML: {' '.join(str(error).split())}") from error
    except ValidationError as error:
        problems = error.errors(include_url=False, include_input=False)
        raise CatalogError(
            "\n".join(f"{file}: {'.'.join(map(str, problem['loc']))}: {problem['msg']}" for problem in problems)
        ) from error
    return Service(f"{connector}/{read.service}", read.name, read.provider or "", tuple(rows), read.mean, api)
