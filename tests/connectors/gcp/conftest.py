"""One fake Google Cloud a test: starting it takes a few milliseconds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.connectors.gcp.fake_gcp import Estate, FakeGoogle
from tests.connectors.gcp.scanning import shop


@pytest.fixture
def estate() -> Estate:
    return shop()


@pytest.fixture
def fake(estate: Estate) -> Iterator[FakeGoogle]:
    with FakeGoogle(estate) as google:
        yield google
