from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.connectors.saas.fake_vendor import TOKEN, FakeVendor
from tests.connectors.saas.scanning import TOKEN_ENV


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeVendor]:
    monkeypatch.setenv(TOKEN_ENV, TOKEN)
    with FakeVendor() as vendor:
        yield vendor
