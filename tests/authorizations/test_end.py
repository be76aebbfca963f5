"""Ending between two sides: asked, acknowledged, ads paused, switched off, confirmed by the platform, told."""

from __future__ import annotations

import pytest

from tests.authorizations.stage import (
    PAUSE,
    SETTING,
    Tap,
    accesses,
    by_hand,
    events,
    fresh,
    holds,
    keep_only,
    last,
    live,
    order,
    refused,
    switch,
)  # fmt: skip
from tests.desk import Desk
from valetkey.audit.models import Entry
from valetkey.authorizations import services
from valetkey.authorizations.models import Authorization
from valetkey.cli.views import application_values, application_words, authorization_values
from valetkey.connectors import services as connections
from valetkey.connectors.base import Level
from valetkey.errors import Conflict, Forbidden, Invalid, NotFound, PlatformDown, PlatformRefused

pytestmark = pytest.mark.django_db


def _asked(desk: Desk, row: Authorization, **given: object) -> Authorization:
    said = {"authorization": row, "reason": "It ends early.", "actor": desk.mara, "at": desk.at, **given}
    return services.ask_to_end(**said)  # type: ignore[arg-type]  # as a door gives them


def _off(desk: Desk, row: Authorization, **given: bool) -> Authorization:
    return services.switch_off(authorization=row, actor=desk.mara, at=desk.at, **given)


def _ended(desk: Desk, row: Authorization) -> Authorization:
    _off(desk, _asked(desk, row))
    return services.confirm_end(authorization=row, actor=desk.mara, at=desk.at)


def test_six_steps_each_with_its_own_moment_and_line(desk: Desk, tap: Tap) -> None:
    row = desk.in_use()
    desk.ad(row)
    tap.clear()
    asked_at = desk.at
    _asked(desk, row)
    assert row.state == "end_asked" and row.end_asked_at == asked_at and tap.calls == []
    assert len(live(desk, row)) == 1, "Nothing has changed on the platform, and the record does not say so."

    acknowledged_at = desk.later(hours=4)
    services.acknowledge_end(authorization=row, actor=desk.bo, at=desk.at)
    assert row.state == "end_acknowledged"
    paused_at = desk.later(hours=1)
    services.pause_ads(authorization=row, actor=desk.bo, at=desk.at)
    assert row.state == "ads_paused" and last(row) == {"paused": {"Northwind EU": 1}}
    off_at = desk.later(hours=1)
    _off(desk, row)
    assert row.state == "switched_off" and len(live(desk, row)) == 1 and row.ended_at is None
    ended_at = desk.later(hours=1)
    services.confirm_end(authorization=row, actor=desk.bo, at=desk.at)
    assert row.state == "ended" and row.end_source == "observed" and live(desk, row) == []
    told_at = desk.later(days=1)
    services.tell_advertiser(authorization=row, how="By mail to Bo.", actor=desk.mara, at=desk.at)

    now = fresh(row)
    assert [
        now.end_asked_at, now.end_acknowledged_at, now.ads_paused_at, now.switched_off_at, now.ended_at, now.told_at,
    ] == [asked_at, acknowledged_at, paused_at, off_at, ended_at, told_at]  # fmt: skip
    assert [event for event in events(row) if "end" in event or "told" in event or "tell" in event] == [
        "ask_to_end", "acknowledge_end", "confirm_end", "tell_advertiser",
    ]  # fmt: skip
    assert tap.writes().count(SETTING) == 1 and tap.writes().count(PAUSE) == 1
    holds()


def test_revoked_is_not_shown_because_a_button_was_pressed_here(desk: Desk) -> None:
    """It said revoked in the tool and was usable on the platform. Here it lives until the platform shows otherwise."""
    row = desk.in_use()
    _off(desk, _asked(desk, row), by_hand=True)
    assert row.state == "switched_off"
    with refused("still_on", Conflict):
        services.confirm_end(authorization=row, actor=desk.mara, at=desk.at)
    assert fresh(row).state == "switched_off" and len(live(desk, row)) == 1
    side = connections.creator_side(party=desk.creator, platform="tiktok", at=desk.at)
    assert side is not None
    side.switch_off(post_id=desk.post.platform_id)
    services.confirm_end(authorization=row, actor=desk.mara, at=desk.at)
    assert row.state == "ended" and row.end_source == "observed"


def test_while_ads_run_the_platform_refuses_and_nothing_is_called_ended(desk: Desk) -> None:
    row = desk.in_use()
    desk.ad(row)
    _asked(desk, row)
    with refused("parameter_error", PlatformRefused):
        _off(desk, row)
    assert fresh(row).state == "end_asked" and events(row)[-1] == "switch_off.refused"
    services.pause_ads(authorization=row, actor=desk.bo, at=desk.at)
    assert _off(desk, row).state == "switched_off"


def test_pausing_where_nothing_runs_writes_nothing_on_the_platform(desk: Desk, tap: Tap) -> None:
    row = desk.in_use()
    _asked(desk, row)
    tap.clear()
    services.pause_ads(authorization=row, actor=desk.bo, at=desk.at)
    assert row.state == "ads_paused" and tap.writes() == [] and last(row) == {"paused": {"Northwind EU": 0}}


def test_ads_are_paused_on_every_ad_account(desk: Desk) -> None:
    row = desk.in_use()
    desk.ad(row)
    desk.applied(row, desk.us)
    _asked(desk, row)
    services.pause_ads(authorization=row, actor=desk.bo, at=desk.at)
    assert last(row) == {"paused": {"Northwind EU": 1, "Northwind US": 0}}


@pytest.mark.parametrize("status", ["DELETED", "EXPIRED"])
def test_off_is_confirmed_by_either_word_of_the_platform(desk: Desk, status: str) -> None:
    switch(desk, status_after_off=status)
    assert _ended(desk, desk.in_use()).state == "ended"


def test_confirming_asks_the_platform_or_names_what_somebody_saw(desk: Desk) -> None:
    row = desk.in_use()
    _off(desk, _asked(desk, row))
    order(desk, "/business/post/authorize/status/", "http_500", times=2)
    with refused("http_500", PlatformDown):
        services.confirm_end(authorization=row, actor=desk.mara, at=desk.at)
    assert fresh(row).state == "switched_off"
    services.confirm_end(authorization=row, seen=" The switch is grey. ", actor=desk.mara, at=desk.at)
    assert row.end_source == "stated" and last(row) == {"seen": "The switch is grey.", "source": "stated"}


def test_ending_one_never_ends_another_advertisers(desk: Desk, tap: Tap) -> None:
    """One post, two advertisers, one code on the platform: switching it off for one would end it for both."""
    mine = desk.in_use()
    assert mine.code is not None
    theirs = by_hand(desk, mine.code.reveal(), advertiser=desk.rival)
    _asked(desk, mine)
    tap.clear()
    with refused("others_use_the_post", Conflict):
        _off(desk, mine)
    assert tap.writes() == [] and fresh(mine).claim_id is None
    assert fresh(theirs).state == "issued"

    _asked(desk, theirs)
    _off(desk, mine)
    services.confirm_end(authorization=mine, actor=desk.mara, at=desk.at)
    assert fresh(mine).state == "ended" and fresh(theirs).state == "end_asked", "Each is ended by its own look."
    services.check(authorization=theirs, actor=desk.mara, at=desk.at)
    assert fresh(theirs).state == "ended"
    holds()


def test_ending_one_leaves_other_posts_and_other_links_alone(desk: Desk) -> None:
    row, other = desk.in_use(), desk.issued(post=desk.note("public_two"))
    services.hand_over(authorization=other, recipient="Bo", actor=desk.mara, at=desk.at)
    desk.applied(other)
    _ended(desk, row)
    assert live(desk, row) == [] and len(live(desk, other)) == 1
    assert fresh(other).state == "in_use" and other.hand_overs.filter(ended_at=None).count() == 1


def test_ending_closes_every_application_of_the_one(desk: Desk) -> None:
    row = desk.in_use()
    desk.applied(row, desk.us)
    _ended(desk, row)
    assert [access.ended_reason for access in accesses(row)] == ["the authorization ended"] * 2


def test_the_history_stays_after_the_end(desk: Desk) -> None:
    """History was gone after expiry, or because a related row was deleted. Nothing is lost or rewritten here."""
    row = desk.in_use()
    before = list(Entry.objects.values_list("digest", flat=True))
    _ended(desk, row)
    desk.disconnect_all()
    assert list(Entry.objects.values_list("digest", flat=True))[: len(before)] == before
    assert events(row)[0] == "started" and events(row)[-1] == "confirm_end"
    assert row.code is not None and row.window_changes.count() == 1 and row.reveals.count() == 1
    holds()


def test_telling_the_advertiser_is_a_step_with_a_date(desk: Desk) -> None:
    """The advertiser was not told when a creator ended access. Here it is a step that stays open until it is done."""
    row = desk.in_use()
    with refused("not_in_this_state", Conflict):
        services.tell_advertiser(authorization=row, how="By mail.", actor=desk.mara, at=desk.at)
    _ended(desk, row)
    assert fresh(row).told_at is None and "tell_advertiser" in services.allowed(authorization=row, actor=desk.mara)
    with refused("how_missing", Invalid):
        services.tell_advertiser(authorization=row, how=" ", actor=desk.mara, at=desk.at)
    services.tell_advertiser(authorization=row, how="By mail.", actor=desk.mara, at=desk.at)
    assert fresh(row).told_at == desk.at and last(row) == {"how": "By mail."}


def test_whose_step_it_is(desk: Desk) -> None:
    row = desk.in_use()
    for verb in (services.acknowledge_end, services.pause_ads):
        with refused("not_your_verb", Forbidden):
            verb(authorization=row, actor=desk.mara, at=desk.at)
    with refused("not_your_verb", Forbidden):
        services.switch_off(authorization=row, actor=desk.bo, at=desk.at)
    with refused("not_your_verb", Forbidden):
        services.tell_advertiser(authorization=row, how="I know.", actor=desk.bo, at=desk.at)
    with refused("not_your_verb", Forbidden):
        _asked(desk, row, actor=desk.viewer)
    for verb in (services.acknowledge_end, services.pause_ads, services.switch_off, services.confirm_end):
        with refused("no_such_authorization", NotFound):
            verb(authorization=row, actor=desk.stranger, at=desk.at)
    assert _asked(desk, row, actor=desk.bo).state == "end_asked", "Either side asks."


def test_steps_come_in_their_order(desk: Desk) -> None:
    row = desk.in_use()
    for verb, actor in (
        (services.acknowledge_end, desk.bo),
        (services.pause_ads, desk.bo),
        (services.switch_off, desk.mara),
        (services.confirm_end, desk.mara),
    ):
        with refused("not_in_this_state", Conflict):
            verb(authorization=row, actor=actor, at=desk.at)
    with refused("reason_missing", Invalid):
        _asked(desk, row, reason="  ")
    _ended(desk, row)
    with refused("not_in_this_state", Conflict):
        _asked(desk, row)
    with refused("not_in_this_state", Conflict):
        _off(desk, row)


def test_by_hand_every_step_is_somebodys_word_and_called_so(desk: Desk, tap: Tap) -> None:
    desk.disconnect_all()
    row = by_hand(desk)
    services.apply(authorization=row, ad_account=desk.eu, by_hand=True, actor=desk.bo, at=desk.at)
    _asked(desk, row)
    with refused("by_hand", Conflict):
        services.pause_ads(authorization=row, actor=desk.bo, at=desk.at)
    services.pause_ads(authorization=row, by_hand=True, actor=desk.bo, at=desk.at)
    assert last(row) == {"source": "stated"}
    with refused("by_hand", Conflict):
        _off(desk, row)
    _off(desk, row, by_hand=True)
    with refused("by_hand", Conflict):
        services.confirm_end(authorization=row, actor=desk.mara, at=desk.at)
    assert len(live(desk, row)) == 1
    services.confirm_end(authorization=row, seen="Ad authorization is off.", actor=desk.mara, at=desk.at)
    assert row.state == "ended" and row.end_source == "stated" and live(desk, row) == [] and tap.calls == []
    holds()


def test_with_one_token_alone_each_side_does_its_part(desk: Desk) -> None:
    row = desk.in_use()
    desk.ad(row)
    _asked(desk, row)
    keep_only(desk, Level.ADVERTISER)
    services.pause_ads(authorization=row, actor=desk.bo, at=desk.at)
    with refused("by_hand", Conflict):
        _off(desk, row)


def test_with_a_creators_token_alone_the_ads_are_paused_by_hand(desk: Desk) -> None:
    row = desk.in_use()
    _asked(desk, row)
    keep_only(desk, Level.CREATOR)
    with refused("by_hand", Conflict):
        services.pause_ads(authorization=row, actor=desk.bo, at=desk.at)
    services.pause_ads(authorization=row, by_hand=True, actor=desk.bo, at=desk.at)
    assert _off(desk, row).state == "switched_off"


def test_after_the_end_nothing_is_shown_as_if_it_still_ran(desk: Desk) -> None:
    """An ended authorization still listed its ad accounts as "in use", and warned that ending one ends both."""
    row = desk.in_use()
    desk.applied(row, desk.us)
    assert all(services.warnings(application=one) for one in row.applications.all())
    assert not any(application_values(one)["is_over"] for one in row.applications.all())
    _ended(desk, row)
    assert not any(services.warnings(application=one) for one in row.applications.all())
    assert all(application_values(one)["is_over"] for one in row.applications.all())
    values = authorization_values(row, desk.bo, desk.at)
    assert all("was in use" in application_words(one) for one in values["applications"])
