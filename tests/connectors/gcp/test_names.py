"""One spelling of a resource, whoever writes its name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.gcp.names import Names, location_of, published

_NAMES = Names({"111": "shop-prod"})
_MODEL = "//aiplatform.googleapis.com/projects/shop-prod/locations/europe-west1/models/42"


@pytest.mark.parametrize(
    "written",
    [
        "projects/111/locations/europe-west1/models/42",
        "projects/shop-prod/locations/europe-west1/models/42",
        "projects/111/locations/europe-west1/models/42@3",
        "projects/111/locations/europe-west1/models/42@default",
        "//aiplatform.googleapis.com/projects/111/locations/europe-west1/models/42",
        "https://europe-west1-aiplatform.googleapis.com/v1/projects/111/locations/europe-west1/models/42",
        "https://aiplatform.googleapis.com/v1beta1/projects/shop-prod/locations/europe-west1/models/42",
        _MODEL,
    ],
)
def test_every_spelling_gives_one_name(written: str) -> None:
    assert _NAMES.full(written, "aiplatform.googleapis.com") == _MODEL


def test_a_regional_host_is_no_other_api() -> None:
    written = "https://modelarmor.europe-west4.rep.googleapis.com/v1/projects/111/locations/europe-west4/templates/t"

    assert (
        _NAMES.full(written, "") == "//modelarmor.googleapis.com/projects/shop-prod/locations/europe-west4/templates/t"
    )


def test_a_project_that_nobody_knows_keeps_its_number() -> None:
    assert _NAMES.full("projects/999/locations/x/agents/1", "dialogflow.googleapis.com").startswith(
        "//dialogflow.googleapis.com/projects/999/"
    )


@pytest.mark.parametrize(
    ("written", "model"),
    [
        ("publishers/google/models/gemini-2.5-pro", "publishers/google/models/gemini-2.5-pro"),
        ("projects/p/locations/l/publishers/anthropic/models/claude-sonnet-4-5@20250929", "publishers/anthropic/models/claude-sonnet-4-5"),
        ("projects/p/locations/l/models/42", ""),
        ("gemini-2.5-pro", ""),
    ],
)  # fmt: skip
def test_a_publisher_s_model_is_told_from_a_resource(written: str, model: str) -> None:
    assert published(written) == model
    assert bool(_NAMES.reference(written, "aiplatform.googleapis.com")) is ("models/42" in written)


@pytest.mark.parametrize(
    ("name", "location"),
    [(_MODEL, "europe-west1"), ("//compute.googleapis.com/projects/p/zones/us-central1-a/instances/i", "us-central1-a"), ("//x/projects/p/secrets/s", "global")],
)  # fmt: skip
def test_the_location_stands_in_the_name(name: str, location: str) -> None:
    assert location_of(name) == location


@given(st.text(max_size=80))
def test_spelling_is_settled_after_once(written: str) -> None:
    once = _NAMES.full(written, "aiplatform.googleapis.com")

    assert _NAMES.full(once, "aiplatform.googleapis.com") == once
