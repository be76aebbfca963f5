"""Asking from the very beginning: the creator is named, the request made, its link sent, in one call."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core import mail

from tests.desk import Desk
from valetkey.accounts.models import Party
from valetkey.audit.models import Entry
from valetkey.authorizations import services
from valetkey.authorizations.models import Authorization
from valetkey.errors import Forbidden, Invalid, NotFound, Refused, TooShort

pytestmark = pytest.mark.django_db

LINK = "https://www.tiktok.com/@lou/video/7399999999999999999"


def ask(desk: Desk, **given: Any) -> services.Sent:
    asked: dict[str, Any] = {
        "creator": "Lou",
        "advertiser": desk.advertiser,
        "platform": "tiktok",
        "post": LINK,
        "days": 30,
        "mail": "lou@example.com",
        "actor": desk.bo,
        "at": desk.at,
        **given,
    }
    return services.ask(**asked)


def test_a_new_creator_is_entered_and_asked(desk: Desk) -> None:
    sent = ask(desk, days=60, agreed_until=date(2026, 12, 31), ad_account=desk.eu, message=" Hello. ")
    row = sent.request_link.authorization
    assert row.post.held_by == Party.objects.get(name="Lou") and row.post.url == LINK
    assert (row.state, row.agreed_until, row.agreed_ad_account, row.message) == (
        "requested", date(2026, 12, 31), desk.eu, "Hello.",
    )  # fmt: skip
    assert sent.is_sent and sent.request_link.recipient == "Lou" and mail.outbox[0].to == ["lou@example.com"]


def test_a_creator_who_is_here_is_found_by_name(desk: Desk) -> None:
    assert ask(desk, creator="Mara Lindt").request_link.authorization.post.held_by == desk.creator


def test_without_an_address_the_link_is_there_and_no_mail_goes_out(desk: Desk) -> None:
    sent = ask(desk, mail="", recipient="Lou's manager")
    assert not sent.is_sent and not mail.outbox
    assert services.find_request(link=sent.link).recipient == "Lou's manager"


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        ({"post": "https://vm.tiktok.com/ZM8abc/"}, Invalid),
        ({"mail": "lou at example"}, Invalid),
        ({"days": 999}, Invalid),
        ({"agreed_until": date(2026, 12, 31)}, TooShort),
        ({"recipient": "x" * 201}, Invalid),
        ({"actor": "viewer"}, Forbidden),
        ({"actor": "stranger"}, NotFound),
        ({"actor": "mara"}, NotFound),
        ({"actor": "auditor"}, Forbidden),
    ],
    ids=["short link", "mail", "days", "too short", "name", "viewer", "stranger", "creator", "auditor"],
)
def test_what_is_refused_leaves_nothing_behind(desk: Desk, given: dict[str, Any], kind: type[Refused]) -> None:
    if "actor" in given:
        given = {"actor": getattr(desk, given["actor"])}
    before = Party.objects.count(), Authorization.objects.count(), Entry.objects.count()
    with pytest.raises(kind):
        ask(desk, **given)
    assert (Party.objects.count(), Authorization.objects.count(), Entry.objects.count()) == before
    assert not mail.outbox


def test_a_request_that_is_refused_after_all_can_be_tried_again(desk: Desk) -> None:
    with pytest.raises(Invalid):
        ask(desk, days=400)
    assert ask(desk).request_link.authorization.post.held_by == Party.objects.get(name="Lou")
