from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.connectors.azure.fake_azure import TOKEN, FakeAzure


@pytest.fixture
def azure(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeAzure]:
    monkeypatch.setenv("AIMSCOPE_TEST_TOKEN", TOKEN)
    with FakeAzure() as fake:
        yield fake
