"""Issue: ad authorization is switched on for one post, and the code and its window are read back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.authorizations.stage import (
    SETTING,
    STATUS,
    Tap,
    accesses,
    events,
    fresh,
    holds,
    keep_only,
    last,
    order,
    refused,
    switch,
)
from tests.desk import Desk
from valetkey.authorizations import services
from valetkey.authorizations.models import Authorization
from valetkey.connectors import services as connections
from valetkey.connectors.base import Level
from valetkey.errors import Conflict, Forbidden, Invalid, NotFound, PlatformDown, PlatformRefused

pytestmark = pytest.mark.django_db


def test_the_code_and_its_window_come_from_the_platform(desk: Desk, tap: Tap) -> None:
    row = desk.issued()
    assert row.state == "issued" and row.code is not None and row.code.reveal().startswith("#")
    assert (row.starts_at, row.ends_at) == (desk.at, desk.at + timedelta(days=30))
    assert row.window_source == "platform" and row.term_days == 30
    assert events(row) == ["started", "issue.attempted", "issue.done"]
    assert last(row) == {"days": 30, "ends_at": "2026-12-02T09:00:00+00:00", "source": "platform"}
    assert [(change.verb, change.days, change.source) for change in row.window_changes.all()] == [
        ("issue", 30, "platform")
    ]
    assert tap.writes() == [SETTING] and tap.calls[-1] == ("GET", STATUS)
    assert accesses(row) == []
    holds()


@pytest.mark.parametrize("body", ["echo", "empty"])
def test_whatever_switching_on_answers_the_code_is_read_back(desk: Desk, body: str) -> None:
    """`authorize` answers differ between accounts, so what the answer of a write holds is never believed."""
    switch(desk, setting_body=body)
    assert desk.issued().code is not None


def test_it_answers_a_request_with_fewer_days_than_asked(desk: Desk) -> None:
    row = services.request(
        creator=desk.creator, advertiser=desk.advertiser, platform="tiktok", post_id=desk.post.platform_id, days=60,
        actor=desk.bo, at=desk.at,
    )  # fmt: skip
    services.issue(authorization=row, days=7, actor=desk.mara, at=desk.at)
    assert row.state == "issued" and row.requested_days == 60 and row.term_days == 7


@pytest.mark.parametrize(
    ("visibility", "code"),
    [
        ("private", "post_private"),
        ("friends", "post_friends_only"),
        ("deleted", "post_deleted"),
        ("removed", "post_removed"),
        ("under_review", "post_under_review"),
    ],
)
def test_a_post_that_cannot_be_used_is_refused_before_anything_is_asked_or_kept(
    desk: Desk, tap: Tap, visibility: str, code: str
) -> None:
    post = desk.note("public_two", visibility=visibility)
    with refused(code, Invalid):
        desk.issued(post=post)
    assert tap.calls == [] and not Authorization.objects.exists()


def test_a_story_and_an_account_without_ad_authorization_are_refused(desk: Desk) -> None:
    with refused("post_is_story", Invalid):
        desk.issued(post=desk.note("story", medium="story"))
    with refused("no_ad_authorization", Invalid):
        desk.issued(post=desk.note("public_two", ad_authorization_available=False))
    assert not Authorization.objects.exists()


@pytest.mark.parametrize("days", [0, -1, 366, 400])
def test_days_no_code_can_last_are_refused(desk: Desk, days: int) -> None:
    with refused("days_out_of_range", Invalid):
        desk.issued(days=days)
    assert not Authorization.objects.exists()


def test_days_the_platform_does_not_offer_are_its_own_refusal(desk: Desk) -> None:
    with refused("parameter_error", PlatformRefused):
        desk.issued(days=8)
    row = Authorization.objects.get()
    assert row.state == "new" and row.claim_id is None
    assert events(row) == ["started", "issue.attempted", "issue.refused"]
    assert "authorization_days" in str(last(row)["platform"])


def test_after_a_refusal_the_same_row_is_used_again(desk: Desk) -> None:
    with refused("parameter_error"):
        desk.issued(days=8)
    row = desk.issued(days=7)
    assert Authorization.objects.get() == row and row.state == "issued"


@pytest.mark.parametrize("who", ["bo", "viewer", "auditor"])
def test_only_the_creators_side_issues(desk: Desk, who: str) -> None:
    with refused("not_your_verb", Forbidden):
        desk.issued(actor=getattr(desk, who))
    assert not Authorization.objects.exists()


def test_a_stranger_is_told_that_there_is_nothing(desk: Desk) -> None:
    with refused("no_such_party", NotFound):
        desk.issued(actor=desk.stranger)
    row = desk.issued()
    with refused("no_such_authorization", NotFound):
        services.issue(authorization=row, days=30, actor=desk.stranger, at=desk.at)


def test_a_second_code_for_the_post_is_refused_while_one_lives(desk: Desk, tap: Tap) -> None:
    """A post has one code at a time, so the second advertiser would be given the first one's."""
    desk.issued()
    tap.clear()
    with refused("post_has_code", Conflict):
        desk.issued(advertiser=desk.rival, actor=desk.mara)
    assert tap.writes() == []


def test_a_code_made_in_the_app_is_not_taken_for_a_new_one(desk: Desk) -> None:
    side = connections.creator_side(party=desk.creator, platform="tiktok", at=desk.at)
    assert side is not None
    side.switch_on(post_id=desk.post.platform_id, term_days=7)
    with refused("post_has_code", Conflict):
        desk.issued()


def test_a_code_that_was_in_the_app_before_is_not_found_to_be_ours_after_a_lost_answer(desk: Desk, tap: Tap) -> None:
    """Killed before the call, and meanwhile a look finds a code that somebody else's app made long ago."""
    side = connections.creator_side(party=desk.creator, platform="tiktok", at=desk.at)
    assert side is not None
    side.switch_on(post_id=desk.post.platform_id, term_days=7)
    desk.later(hours=3)
    order(desk, STATUS, "refuse")  # the look before the claim tells nothing
    order(desk, SETTING, "drop_before")
    with refused("outcome_uncertain"):
        desk.issued()
    row = Authorization.objects.get()
    services.check(authorization=row, actor=desk.mara, at=desk.at)
    assert events(row)[-1] == "issue.not_done" and fresh(row).code is None


def test_issuing_twice_is_refused(desk: Desk) -> None:
    row = desk.issued()
    with refused("not_in_this_state", Conflict):
        services.issue(authorization=row, days=30, actor=desk.mara, at=desk.at)


def test_while_the_platform_cannot_be_reached_nothing_is_begun(desk: Desk) -> None:
    order(desk, STATUS, "http_500", times=2)
    with refused("http_500", PlatformDown):
        desk.issued()
    assert events(Authorization.objects.get()) == ["started"]


def test_another_issue_of_the_same_post_waits_until_the_first_is_settled(desk: Desk) -> None:
    order(desk, SETTING, "drop_after")
    with refused("outcome_uncertain"):
        desk.issued()
    with refused("post_has_code", Conflict):
        desk.issued(advertiser=desk.rival)
    first = Authorization.objects.get(advertiser=desk.advertiser)
    services.check(authorization=first, actor=desk.mara, at=desk.at)
    assert fresh(first).state == "issued"


def test_by_hand_and_with_an_advertisers_token_alone_it_is_done_in_the_app(desk: Desk) -> None:
    keep_only(desk, Level.ADVERTISER)
    with refused("by_hand", Conflict):
        desk.issued()
    desk.disconnect_all()
    with refused("by_hand", Conflict):
        desk.issued()
    assert not Authorization.objects.exists()


def test_with_a_creators_token_alone_it_is_issued(desk: Desk) -> None:
    keep_only(desk, Level.CREATOR)
    row = desk.issued()
    assert row.state == "issued" and services.levels(authorization=row)["advertiser"] == "by_hand"


def test_agreements_are_kept_with_it(desk: Desk) -> None:
    campaign = desk.campaign()
    row = desk.issued(campaigns=(campaign,), ad_account=desk.eu, agreed_until=desk.at.date() + timedelta(days=20))
    assert list(row.campaigns.all()) == [campaign] and row.agreed_ad_account == desk.eu
    assert row.agreed_until == desk.at.date() + timedelta(days=20)
