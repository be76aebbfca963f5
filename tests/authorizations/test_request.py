"""Request and decline: a buyer asks for one post; the creator's side says no with a reason, or answers with a code."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.authorizations.stage import Tap, by_hand, events, fresh, last, refused
from tests.desk import SHORT, Desk
from valetkey.authorizations import services
from valetkey.authorizations.models import Authorization
from valetkey.errors import Conflict, Forbidden, Invalid, NotFound
from valetkey.register.models import Post

pytestmark = pytest.mark.django_db


def _asked(desk: Desk, **given: Any) -> Authorization:
    asked = {
        "creator": desk.creator, "advertiser": desk.advertiser, "platform": "tiktok",
        "post_id": desk.post.platform_id, "days": 30, "short_reason": SHORT, "actor": desk.bo,
        "at": desk.at, **given,
    }  # fmt: skip
    return services.request(**asked)


def test_a_request_is_a_row_and_nothing_on_the_platform(desk: Desk, tap: Tap) -> None:
    campaign = desk.campaign()
    row = _asked(desk, message="For spring.", campaigns=(campaign,), ad_account=desk.eu)
    assert row.state == "requested" and row.requested_days == 30 and row.message == "For spring."
    assert list(row.campaigns.all()) == [campaign] and row.agreed_ad_account == desk.eu
    assert events(row) == ["request"] and last(row)["advertiser"] == "Northwind"
    assert row.code is None and row.ends_at is None and tap.calls == []


def test_a_post_nobody_knew_is_entered_in_the_creators_record(desk: Desk) -> None:
    row = _asked(desk, post_id="7399999999999999999")
    assert row.post.held_by == desk.creator and row.post.visibility == Post.Visibility.UNKNOWN


def test_a_post_that_is_no_number_is_refused_and_nothing_is_kept(desk: Desk) -> None:
    with refused("post_id", Invalid):
        _asked(desk, post_id="my best one")
    assert not Authorization.objects.exists()


@pytest.mark.parametrize("who", ["mara", "viewer", "auditor"])
def test_only_the_advertisers_side_asks(desk: Desk, who: str) -> None:
    with refused("not_your_verb", Forbidden):
        _asked(desk, actor=getattr(desk, who))
    assert not Authorization.objects.exists()


def test_a_stranger_cannot_ask_in_a_brands_name(desk: Desk) -> None:
    with refused("no_such_party", NotFound):
        _asked(desk, actor=desk.stranger)


def test_days_and_agreements_that_cannot_be_are_refused(desk: Desk) -> None:
    with refused("days_out_of_range", Invalid):
        _asked(desk, days=400)
    with refused("agreed_until_past", Invalid):
        _asked(desk, agreed_until=desk.at.date() - timedelta(days=1))
    with refused("no_such_platform", Invalid):
        _asked(desk, platform="myspace")
    assert _asked(desk, agreed_until=desk.at.date()).agreed_until == desk.at.date()


def test_no_end_given_is_not_an_end_yesterday(desk: Desk) -> None:
    """In another tool "no end" was sent as nothing and read as "ended yesterday". Unknown is not "never" either."""
    row = _asked(desk)
    assert row.agreed_until is None and row.ends_at is None
    assert row.window().holds(desk.at) is None


def test_an_answer_given_weeks_later_counts_from_then(desk: Desk) -> None:
    """In another tool an approval given after the window had lapsed gave a right that was over at once."""
    row = _asked(desk, days=7)
    desk.later(days=40)
    services.issue(authorization=row, days=7, actor=desk.mara, at=desk.at)
    assert row.starts_at == desk.at and row.ends_at == desk.at + timedelta(days=7)


def test_declining_keeps_the_reason_and_is_the_last_word(desk: Desk) -> None:
    row = _asked(desk)
    services.decline(authorization=row, reason="  Not this post. ", actor=desk.mara, at=desk.at)
    assert row.state == "declined" and row.reason == "Not this post."
    assert events(row) == ["request", "decline"] and last(row) == {"reason": "Not this post."}
    with refused("not_in_this_state", Conflict):
        services.issue(authorization=row, days=7, actor=desk.mara, at=desk.at)
    with refused("not_in_this_state", Conflict):
        services.decline(authorization=row, reason="Again.", actor=desk.mara, at=desk.at)
    with refused("not_in_this_state", Conflict):
        by_hand(desk, authorization=row)
    assert fresh(row).state == "declined"


def test_declining_without_a_reason_or_by_the_wrong_side_is_refused(desk: Desk) -> None:
    row = _asked(desk)
    with refused("reason_missing", Invalid):
        services.decline(authorization=row, reason=" \n", actor=desk.mara, at=desk.at)
    with refused("not_your_verb", Forbidden):
        services.decline(authorization=row, reason="No.", actor=desk.bo, at=desk.at)
    with refused("no_such_authorization", NotFound):
        services.decline(authorization=row, reason="No.", actor=desk.stranger, at=desk.at)
    assert fresh(row).state == "requested" and events(row) == ["request"]


def test_what_is_issued_cannot_be_declined(desk: Desk) -> None:
    row = desk.issued()
    with refused("not_in_this_state", Conflict):
        services.decline(authorization=row, reason="Too late.", actor=desk.mara, at=desk.at)


def test_asking_works_by_hand(desk: Desk) -> None:
    desk.disconnect_all()
    row = _asked(desk)
    by_hand(desk, authorization=row)
    assert fresh(row).state == "issued" and fresh(row).window_source == "computed"


URL = "https://www.tiktok.com/@mara.makes/video/7399999999999999999?lang=en"


def test_the_link_the_buyer_had_is_kept_with_a_post_nobody_knew(desk: Desk) -> None:
    assert _asked(desk, post_id="7399999999999999999", post_url=f" {URL} ").post.url == URL


@pytest.mark.parametrize(
    "url",
    [
        "",
        "7399999999999999999",
        "javascript:alert(1)//https://www.tiktok.com/@mara.makes/video/7399999999999999999",
        "https://tiktok.example.org/@mara.makes/video/7399999999999999999",
        "https://www.tiktok.com/@mara.makes/video/7399999999999999998",
        "https://www.tiktok.com/@mara.makes/video/7399999999999999999\nhttps://example.org",
        "https://www.tiktok.com/@mara.makes https://example.org/video/7399999999999999999",
        "www.tiktok.com/@mara.makes/video/7399999999999999999",
        "https://[::1",
    ],
    ids=ascii,
)
def test_a_link_that_is_not_surely_this_post_is_not_kept(desk: Desk, url: str) -> None:
    """The creator opens it from a mail: it leads to the post that is asked for, or nowhere."""
    assert _asked(desk, post_id="7399999999999999999", post_url=url).post.url == ""


def test_a_buyer_changes_nothing_of_a_post_the_creator_keeps(desk: Desk) -> None:
    url = f"https://www.tiktok.com/@somebody/video/{desk.post.platform_id}"
    assert _asked(desk, post_url=url).post.url == ""
