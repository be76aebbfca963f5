"""The platform answers at once in these tests: no waiting between attempts, and few of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.authorizations.driver import Driver
from tests.authorizations.stage import Tap
from tests.desk import Desk
from valetkey.connectors.tiktok import connector
from valetkey.connectors.tiktok.client import Patience


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    patience = Patience(attempts=2, first_wait=0.001, longest_wait=0.001, jitter=0.001, read=0.5, whole_call=5.0)
    monkeypatch.setattr(connector.platform, "patience", patience)


@pytest.fixture(scope="session")
def driver(django_db_setup: None, django_db_blocker: Any) -> Iterator[Driver]:
    with django_db_blocker.unblock():
        made = Driver()
    yield made
    made.close()


@pytest.fixture
def tap(desk: Desk) -> Tap:
    return Tap(desk)
