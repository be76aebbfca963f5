"""The platform answers at once for the tests of connections; those of the client set their own patience."""

from __future__ import annotations

import pytest

from valetkey.connectors.tiktok import connector
from valetkey.connectors.tiktok.client import Patience


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    patience = Patience(attempts=2, first_wait=0.001, longest_wait=0.001, jitter=0.001)
    monkeypatch.setattr(connector.platform, "patience", patience)
