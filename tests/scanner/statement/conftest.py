"""The example organisation, scanned once for all tests of the statement."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from inventory.ledger import History
from scanner import demo
from scanner.run import run
from scanner.session import Session, open_session, read_ledger
from scanner.statement.model import Statement
from scanner.statement.view import statement
from scanner.workspace import SETTINGS_FILE, from_settings
from tests.scanner.statement.hostile import hostile_session


@pytest.fixture(scope="session")
def acme(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scanned copy of the example organisation; nobody writes into it."""
    folder = tmp_path_factory.mktemp("statement") / "acme"
    demo.copy_acme(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", demo.CLOCK)
        run(from_settings(folder / SETTINGS_FILE))
    return folder


@pytest.fixture(scope="session")
def session(acme: Path) -> Session:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", demo.CLOCK)
        return open_session(from_settings(acme / SETTINGS_FILE))


@pytest.fixture(scope="session")
def ledger(acme: Path) -> History:
    return read_ledger(from_settings(acme / SETTINGS_FILE))


@pytest.fixture(scope="session")
def told(session: Session, ledger: History) -> Statement:
    """The statement of the example organisation, without what every change of the knowledge base changes."""
    made = statement(session, ledger)
    return replace(made, basis=replace(made.basis, scan="scan-0123456789abcdef", catalog="c" * 64, version="1.2.3"))


@pytest.fixture(scope="session")
def hostile() -> Statement:
    return statement(*hostile_session())
