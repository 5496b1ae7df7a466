"""Everything is scanned once; what was written is searched by many tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.secrets.writing import Written, write_everything


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Written]:
    with pytest.MonkeyPatch.context() as patch:
        yield write_everything(tmp_path_factory.mktemp("planted"), tmp_path_factory.mktemp("written"), patch)
