"""What the tests of pages share: somebody signed in, the desk's clock for the pages, a page as it is read."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from tests.desk import Desk
from valetkey.audit.entry import Actor


@pytest.fixture
def same_clock(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages read the clock; here it is the desk's, and moves with `desk.later`."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: desk.at)


def browser(actor: Actor) -> Client:
    client = Client()
    client.force_login(get_user_model().objects.get(pk=actor.user_id or 0))
    return client


def read(answer: Any) -> str:
    """The words of the page between header and footer, as somebody hears them."""
    page = answer.content.decode()
    main = page.partition("<main")[2].partition(">")[2].partition("</main>")[0] or page
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", main))).strip()
