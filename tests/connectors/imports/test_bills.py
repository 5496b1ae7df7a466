"""Bills of materials: CycloneDX and SPDX in all their forms."""

import json
from pathlib import Path

import pytest

from connectors.imports.problem import ImportProblem
from connectors.model import ObservationKind, Outcome, Result
from tests.connectors.imports.importing import coverage, imported, previewed

CYCLONEDX = {
    "bomFormat": "CycloneDX",
    "specVersion": "1.6",
    "metadata": {
        "component": {"type": "application", "bom-ref": "shop", "name": "shop", "purl": "pkg:pypi/shop@1"},
        "authors": [{"name": "Ann", "email": "ann@acme.example"}],
    },
    "components": [
        {"type": "library", "bom-ref": "openai", "name": "openai", "version": "1.2", "purl": "pkg:pypi/openai@1.2"},
        {"type": "library", "bom-ref": "core", "group": "@langchain", "name": "core", "purl": "pkg:npm/%40langchain/core@0.3"},
        {"type": "library", "bom-ref": "pad", "name": "left-pad", "purl": "pkg:npm/left-pad@1"},
        {"type": "container", "bom-ref": "image", "name": "ollama", "purl": "pkg:docker/ollama/ollama@0.5"},
        {
            "type": "machine-learning-model", "bom-ref": "llama", "group": "meta-llama", "name": "Llama-3.1-8B",
            "supplier": {"name": "Meta"}, "modelCard": {"modelParameters": {"task": "text-generation"}},
        },
        {"type": "data", "bom-ref": "data", "name": "reviews", "data": [{"type": "dataset"}]},
        {"type": "data", "bom-ref": "conf", "name": "settings", "data": [{"type": "configuration"}]},
    ],
    "services": [
        {"bom-ref": "llm", "name": "completions", "provider": {"name": "OpenAI"}, "endpoints": ["https://api.openai.com/v1"]},
        {"bom-ref": "pay", "name": "payments", "endpoints": ["https://pay.example"]},
    ],
    "dependencies": [{"ref": "shop", "dependsOn": ["openai", "llama"]}, {"ref": "openai", "dependsOn": ["core"]}],
}  # fmt: skip

CYCLONEDX_XML = """<?xml version="1.0"?>
<bom xmlns="http://cyclonedx.org/schema/bom/1.6">
  <metadata><component type="application" bom-ref="shop"><name>shop</name></component></metadata>
  <components>
    <component type="library" bom-ref="openai"><name>openai</name><version>1.2</version><purl>pkg:pypi/openai@1.2</purl>
      <components><component type="library" bom-ref="core"><name>core</name><purl>pkg:npm/%40langchain/core@0.3</purl></component></components>
    </component>
    <component type="machine-learning-model" bom-ref="llama"><group>meta-llama</group><name>Llama-3.1-8B</name>
      <modelCard><modelParameters><task>text-generation</task></modelParameters></modelCard></component>
  </components>
  <services><service bom-ref="llm"><name>completions</name><endpoints><endpoint>https://api.openai.com/v1</endpoint></endpoints></service></services>
  <dependencies><dependency ref="shop"><dependency ref="openai"/></dependency></dependencies>
</bom>
"""

SPDX_2 = {
    "spdxVersion": "SPDX-2.3",
    "documentDescribes": ["SPDXRef-shop"],
    "packages": [
        {"SPDXID": "SPDXRef-shop", "name": "shop", "supplier": "Person: Ann (ann@acme.example)"},
        {
            "SPDXID": "SPDXRef-openai", "name": "openai", "versionInfo": "1.2",
            "externalRefs": [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": "pkg:pypi/openai@1.2"}],
        },
        {
            "SPDXID": "SPDXRef-core", "name": "core",
            "externalRefs": [{"referenceType": "purl", "referenceLocator": "pkg:npm/%40langchain/core@0.3"}],
        },
    ],
    "relationships": [
        {"spdxElementId": "SPDXRef-shop", "relationshipType": "DEPENDS_ON", "relatedSpdxElement": "SPDXRef-openai"},
        {"spdxElementId": "SPDXRef-core", "relationshipType": "DEPENDENCY_OF", "relatedSpdxElement": "SPDXRef-openai"},
    ],
}  # fmt: skip

SPDX_TAGS = """SPDXVersion: SPDX-2.3
DocumentName: shop
Creator: Person: Ann (ann@acme.example)
PackageName: shop
SPDXID: SPDXRef-shop
PackageComment: <text>PackageName: not a package
PackageName: neither</text>
PackageName: openai
SPDXID: SPDXRef-openai
PackageVersion: 1.2
ExternalRef: PACKAGE-MANAGER purl pkg:pypi/openai@1.2
PackageName: core
SPDXID: SPDXRef-core
ExternalRef: PACKAGE-MANAGER purl pkg:npm/%40langchain/core@0.3
Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-shop
Relationship: SPDXRef-shop DEPENDS_ON SPDXRef-openai
"""

SPDX_3 = {
    "@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld",
    "@graph": [
        {"type": "SpdxDocument", "spdxId": "urn:doc", "rootElement": ["urn:shop"]},
        {"type": "software_Package", "spdxId": "urn:shop", "name": "shop"},
        {"type": "software_Package", "spdxId": "urn:openai", "name": "openai", "software_packageVersion": "1.2", "software_packageUrl": "pkg:pypi/openai@1.2"},
        {
            "type": "software_Package", "spdxId": "urn:core", "name": "core",
            "externalIdentifier": [{"type": "ExternalIdentifier", "externalIdentifierType": "packageUrl", "identifier": "pkg:npm/%40langchain/core@0.3"}],
        },
        {"type": "ai_AIPackage", "spdxId": "urn:llama", "name": "meta-llama/Llama-3.1-8B", "ai_domain": ["text"]},
        {"type": "dataset_DatasetPackage", "spdxId": "urn:data", "name": "reviews"},
        {"type": "Relationship", "from": "urn:shop", "relationshipType": "dependsOn", "to": ["urn:openai"]},
    ],
}  # fmt: skip

FORMS = {
    "cyclonedx": json.dumps(CYCLONEDX), "cyclonedx-xml": CYCLONEDX_XML, "spdx-2": json.dumps(SPDX_2, indent=2),
    "spdx-2-wrapped": json.dumps({"sbom": SPDX_2}), "spdx-tags": SPDX_TAGS, "spdx-3": json.dumps(SPDX_3),
}  # fmt: skip


def assets(result: Result) -> dict[str, str]:
    return {
        one.name.split("/", 2)[2]: one.matchers[0] for one in result.observations if one.kind is ObservationKind.ASSET
    }


@pytest.mark.parametrize("form", FORMS)
def test_packages_are_read_as_those_of_a_manifest(tmp_path: Path, form: str) -> None:
    result = imported(tmp_path, FORMS[form], name="bom.json")
    packages = {one.name: one for one in result.observations if one.kind is ObservationKind.PACKAGE}
    assert packages.keys() == {"openai", "@langchain/core"}
    openai = packages["openai"]
    assert openai.matchers == ("row/package/openai",)
    assert (openai.attributes["ecosystem"], openai.attributes["version"]) == ("pypi", "1.2")
    assert openai.attributes["purl"] == "pkg:pypi/openai@1.2"
    assert openai.attributes["direct"] is True
    assert packages["@langchain/core"].attributes["direct"] is False
    assert coverage(result).outcome is Outcome.COMPLETE
    assert "ann" not in repr(result).lower().replace("language", "")


@pytest.mark.parametrize("form", ["cyclonedx", "cyclonedx-xml", "spdx-3"])
def test_a_model_is_one_whether_or_not_anybody_knows_it(tmp_path: Path, form: str) -> None:
    result = imported(tmp_path, FORMS[form], name="bom.json")
    (model,) = [one for one in result.observations if one.matchers == ("imports/materials/model",)]
    assert model.attributes["models"] == ("meta-llama/Llama-3.1-8B",)
    assert model.attributes["task"] == ("text" if form == "spdx-3" else "text-generation")


def test_services_datasets_and_images_are_what_they_are(tmp_path: Path) -> None:
    result = imported(tmp_path, FORMS["cyclonedx"], name="bom.json")
    assert assets(result) == {
        "meta-llama/Llama-3.1-8B": "imports/materials/model",
        "reviews": "imports/materials/dataset",
        "completions": "imports/materials/service",
    }
    (image,) = [one for one in result.observations if one.kind is ObservationKind.IMAGE]
    assert (image.name, image.matchers) == ("ollama/ollama", ("ollama/image/ollama/ollama",))
    (unit,) = [one for one in result.observations if one.kind is ObservationKind.UNIT]
    assert (unit.attributes["ecosystem"], unit.attributes["project"]) == ("pypi", "shop")
    assert coverage(result).counts["dropped: not looked for"] == 3


def test_without_a_graph_every_package_counts_as_asked_for(tmp_path: Path) -> None:
    bill = {**CYCLONEDX, "dependencies": []}
    packages = [one for one in imported(tmp_path, json.dumps(bill)).observations if one.kind is ObservationKind.PACKAGE]
    assert all(one.attributes["direct"] for one in packages)


def test_a_model_of_a_hub_is_known_by_its_package_url(tmp_path: Path) -> None:
    component = {"type": "library", "name": "aya", "purl": "pkg:huggingface/CohereLabs/aya@1"}
    result = imported(tmp_path, json.dumps({"bomFormat": "CycloneDX", "components": [component]}))
    (model,) = [one for one in result.observations if one.kind is ObservationKind.ASSET]
    assert model.attributes["models"] == ("CohereLabs/aya",)


def test_a_preview_names_the_format_and_shows_models_first(tmp_path: Path) -> None:
    preview = previewed(tmp_path, FORMS["cyclonedx"])
    assert preview.what == "bill of materials, CycloneDX 1.6"
    assert preview.first[0].kind is ObservationKind.ASSET


@pytest.mark.parametrize(
    "content",
    [
        '<!DOCTYPE b [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><bom xmlns="http://cyclonedx.org/schema/bom/1.6">&b;</bom>',
        '<bom xmlns="http://cyclonedx.org/schema/bom/1.6"><components>',
        '{"bomFormat": "CycloneDX", "components": [',
        '{"bomFormat": "CycloneDX", "components": ' + "[" * 100_000,
    ],
)
def test_a_broken_or_hostile_bill_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(ImportProblem):
        imported(tmp_path, content)


@pytest.mark.parametrize("odd", [None, 1, "x", [1, None], {"name": 7}, [[[]]], {"purl": "pkg:::"}])
@pytest.mark.parametrize("place", ["metadata", "components", "services", "dependencies"])
def test_no_shape_of_a_part_breaks_reading(tmp_path: Path, odd: object, place: str) -> None:
    for held in (odd, [odd], {"component": odd}):
        imported(tmp_path, json.dumps({"bomFormat": "CycloneDX", place: held}))
        imported(
            tmp_path, json.dumps({"spdxVersion": "SPDX-2.3", place: held, "packages": held, "relationships": held})
        )
        imported(tmp_path, json.dumps({"@context": "https://spdx.org/rdf/3.0.1/", "@graph": held}))
