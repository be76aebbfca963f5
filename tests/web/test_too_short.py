"""Days that end too early, on pages: what is said, one tap for those that reach, a reason to keep them. No script."""

from __future__ import annotations

from html import unescape
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from tests.authorizations.conftest import _impatient  # noqa: F401  # the platform answers at once
from tests.authorizations.stage import Tap, fresh, last
from tests.desk import SHORT, Desk
from tests.web.reading import browser, read, same_clock  # noqa: F401
from tests.web.test_answer import CODE, opened, sent, ticked
from tests.web.test_posts import disconnect
from tests.web.test_requests import typed
from valetkey.authorizations import services
from valetkey.authorizations.lifecycle import Verb
from valetkey.authorizations.models import Authorization

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("same_clock")]

WHY = "We only need the first weeks."


def one_tap(page: Any, address: str, typed_so_far: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Where the button with the days that reach sends the form, and what with: as a browser without scripts does it."""
    html = page.content.decode()
    button = html.partition('name="take_days"')[2].partition(">")[0]
    assert button, "there is no such button"
    days = button.partition('value="')[2].partition('"')[0]
    to = unescape(button.partition('formaction="')[2].partition('"')[0])
    return (urlsplit(address).path + to if to else address), {**typed_so_far, "take_days": days}


def asks_why(page: Any) -> bool:
    return 'name="short_reason"' in page.content.decode()


def kept(row: Authorization) -> str:
    found = services.kept_short(authorization=row)
    return found.reason if found else ""


# -- a request --------------------------------------------------------------------------------------------------------


def test_a_buyer_is_told_and_one_tap_asks_for_the_days_that_reach(desk: Desk) -> None:
    client, address = browser(desk.bo), reverse("request_new")
    assert not asks_why(client.get(address))
    given = typed(desk, campaigns=[desk.campaign(days=50).reference])
    page = client.post(address, given)
    text = read(page)
    assert "Ads on this post may stop on 2 Dec 2026, 10:00 (Europe/Berlin)" in text and asks_why(page)
    assert "Ask for 60 days" in text and "Keep it anyway" in text and not Authorization.objects.exists()
    to, more = one_tap(page, address, given)
    assert client.post(to, more).status_code == 302
    row = Authorization.objects.get()
    assert row.requested_days == 60 and kept(row) == ""


def test_a_buyer_keeps_it_with_a_reason_that_both_sides_read(desk: Desk) -> None:
    client, address = browser(desk.bo), reverse("request_new")
    given = typed(desk, campaigns=[desk.campaign(days=50).reference])
    empty = client.post(address, {**given, "keep": "1", "short_reason": " "})
    assert "Say in a few words why." in read(empty) and not Authorization.objects.exists()
    other_button = client.post(address, {**given, "short_reason": WHY})
    assert not Authorization.objects.exists() and WHY in read(other_button), "the reason counts with its own button"
    assert client.post(address, {**given, "keep": "1", "short_reason": WHY}).status_code == 302
    row = Authorization.objects.get()
    assert kept(row) == WHY
    for side in (desk.bo, desk.mara):
        text = read(browser(side).get(reverse("authorization", args=[row.reference])))
        assert f"too short, by Bo, Mon 2 Nov 2026, 09:00 (UTC): “{WHY}”" in text
        history = read(browser(side).get(reverse("history_of", args=[row.reference])))
        assert WHY in history and "kept short, because" in history


# -- over the connection ----------------------------------------------------------------------------------------------


def issue(desk: Desk, **more: Any) -> tuple[Authorization, str]:
    row = services.request(
        creator=desk.creator, advertiser=desk.advertiser, platform="tiktok", post_id=desk.post.platform_id, days=60,
        campaigns=(desk.campaign(days=50),), actor=desk.bo, at=desk.at, **more,
    )  # fmt: skip
    return row, reverse("issue", args=[row.reference]) + "?go=1&read=on&step=days&days=30"


def test_a_creator_takes_the_days_that_reach_with_one_tap(desk: Desk) -> None:
    (row, address), client, tap = issue(desk), browser(desk.mara), Tap(desk)
    assert not asks_why(client.get(address))
    page = client.post(address)
    assert "Take 60 days" in read(page) and asks_why(page) and tap.calls == []
    assert client.post(*one_tap(page, address, {})).status_code == 302
    row = fresh(row)
    assert (row.state, row.term_days) == ("issued", 60)


def test_a_creator_says_why_not_more(desk: Desk) -> None:
    (row, address), client = issue(desk), browser(desk.mara)
    client.post(address, {"keep": "1", "short_reason": WHY})
    row = fresh(row)
    assert (row.state, row.term_days, kept(row)) == ("issued", 30, WHY) and last(row)["days_short"] == 20


def test_starting_by_oneself_the_agreed_day_counts(desk: Desk) -> None:
    address = reverse("authorize", args=[desk.post.reference])
    address += "?for=Northwind&read=on&step=days&days=own&own=20&until=2026-12-01"
    client = browser(desk.mara)
    page = client.post(address)
    assert "10 days before the agreed use ends" in read(page) and not Authorization.objects.exists()
    client.post(*one_tap(page, address, {}))
    assert Authorization.objects.get().term_days == 30


# -- by hand ----------------------------------------------------------------------------------------------------------


def test_a_code_made_in_the_app_is_extended_there_first(desk: Desk) -> None:
    row, address = issue(desk)
    disconnect(desk)
    client, given = browser(desk.mara), {"code": CODE, "days": "30"}
    page = client.post(address, given)
    text = read(page)
    assert "Extend it in the app first: 30 days more" in text and "I have added 30 days in the app" in text
    assert fresh(row).state == "requested"
    assert client.post(*one_tap(page, address, given)).status_code == 302
    assert fresh(row).term_days == 60


def test_days_are_added_to_the_day_that_the_app_showed(desk: Desk) -> None:
    row, address = issue(desk)
    disconnect(desk)
    client, given = browser(desk.mara), {"code": CODE, "days": "30", "ends_on": "2026-12-12"}
    to, more = one_tap(client.post(address, given), address, given)
    client.post(to, more)
    assert fresh(row).ends_at is not None and f"{fresh(row).ends_at:%d %b %Y}" == "12 Jan 2027"


def test_what_would_be_no_number_of_days_is_not_offered(desk: Desk) -> None:
    row = services.request(
        creator=desk.creator, advertiser=desk.advertiser, platform="tiktok", post_id=desk.post.platform_id, days=365,
        campaigns=(desk.campaign(days=390),), short_reason=SHORT, actor=desk.bo, at=desk.at,
    )  # fmt: skip
    disconnect(desk)
    address = reverse("issue", args=[row.reference]) + "?go=1&read=on&step=days&days=30"
    page = browser(desk.mara).post(address, {"code": CODE, "days": "60"})
    assert "365 days more" in read(page) and "take_days" not in page.content.decode() and asks_why(page)


@pytest.mark.parametrize("sign", ["#", ""], ids=["as it should be", "odd"])
def test_the_advertiser_keeps_the_code_it_was_sent(desk: Desk, sign: str) -> None:
    row, _ = issue(desk)
    address, client = reverse("issue", args=[row.reference]), browser(desk.bo)
    given = {"code": sign + CODE.lstrip("#"), "days": "30"}
    page = client.post(address, given)
    if not sign:
        assert "does not start with #" in read(page) and not asks_why(page)
        page = client.post(address, {**given, "as_it_is": "1"})
    assert asks_why(page) and fresh(row).state == "requested"
    assert client.post(address, {**given, "keep": "1", "short_reason": WHY}).status_code == 302
    assert kept(fresh(row)) == WHY


# -- by link ----------------------------------------------------------------------------------------------------------


def handing_in(desk: Desk) -> tuple[Client, str, dict[str, Any], Authorization]:
    made = sent(desk, days=60, campaigns=(desk.campaign(days=50),))
    client, at = opened(made)
    ticked(client, at, "read")
    given = {"code": CODE, "days": "30", "time_zone": "Europe/Berlin", "agreed_until": "2026-12-01"}
    return client, f"{at}steps/", given, made.request_link.authorization


def test_a_guest_is_told_kindly_and_may_give_less(desk: Desk) -> None:
    client, address, given, row = handing_in(desk)
    assert not asks_why(client.get(address + "?step=copied"))
    page = client.post(address, given)
    text = read(page)
    assert page.status_code == 422 and "Extend it in the app first: 30 days more" in text
    assert "“I give less” is enough" in text and asks_why(page)
    assert client.post(address, {**given, "keep": "1", "short_reason": "I give 30 days"}).status_code == 302
    assert fresh(row).state == "handed_over" and kept(fresh(row)) == "I give 30 days"


def test_a_guest_who_has_extended_it_says_so_with_one_tap(desk: Desk) -> None:
    client, address, given, row = handing_in(desk)
    assert client.post(*one_tap(client.post(address, given), address, given)).status_code == 302
    assert fresh(row).term_days == 60


# -- extend and replace -----------------------------------------------------------------------------------------------


def do(row: Authorization, verb: Verb, query: str = "") -> str:
    return reverse("do", args=[row.reference, verb.value]) + query


@pytest.mark.parametrize("by_hand", [False, True], ids=["connected", "by hand"])
def test_extending_by_too_few_days(desk: Desk, by_hand: bool) -> None:
    row = desk.issued(campaigns=(desk.campaign(days=50),))
    client, address = browser(desk.mara), do(row, Verb.EXTEND, "?by_hand=yes" if by_hand else "")
    given = {"days": "7", "did": "on"}
    assert not asks_why(client.get(address))
    page = client.post(address, given)
    assert "Add 30 days" in read(page) and asks_why(page) and not row.window_changes.filter(verb="extend").exists()
    to, more = one_tap(page, address, given)
    client.post(to, more)
    assert row.window_changes.filter(verb="extend", days=30).exists()


def test_extending_by_few_days_with_a_reason(desk: Desk) -> None:
    row = desk.issued(campaigns=(desk.campaign(days=50),))
    browser(desk.mara).post(do(row, Verb.EXTEND), {"days": "7", "keep": "1", "short_reason": WHY})
    assert row.window_changes.filter(verb="extend", days=7).exists() and kept(row) == WHY


def test_replacing_by_hand_adds_to_the_days_of_the_new_code(desk: Desk) -> None:
    row = desk.issued(campaigns=(desk.campaign(days=50),))
    disconnect(desk)
    client, address, given = browser(desk.mara), do(row, Verb.REPLACE), {"days": "own", "own_days": "25", "code": CODE}
    page = client.post(address, given)
    assert "I have added 30 days in the app" in read(page) and Authorization.objects.count() == 1
    to, more = one_tap(page, address, given)
    client.post(to, more)
    assert Authorization.objects.latest("pk").term_days == 55


@pytest.mark.parametrize("take", ["", "x", "-7", "99999", "٧"])
def test_a_button_nobody_offered_changes_nothing(desk: Desk, take: str) -> None:
    row = desk.issued(campaigns=(desk.campaign(days=50),))
    page = browser(desk.mara).post(do(row, Verb.EXTEND), {"days": "7", "take_days": take})
    assert page.status_code == 200 and asks_why(page) and not row.window_changes.filter(verb="extend").exists()
