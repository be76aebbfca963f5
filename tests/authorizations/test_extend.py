"""Extend: the same code with a later end, as the platform shows it; one chain of windows."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.authorizations.stage import (
    EXTEND,
    STATUS,
    Tap,
    application,
    by_hand,
    events,
    fresh,
    holds,
    keep_only,
    last,
    live,
    refused,
    switch,
)  # fmt: skip
from tests.desk import Desk
from valetkey.authorizations import services
from valetkey.authorizations.models import Authorization
from valetkey.connectors import services as connections
from valetkey.connectors.base import Level
from valetkey.errors import Conflict, Forbidden, Invalid, NotFound, PlatformRefused

pytestmark = pytest.mark.django_db


def _extended(desk: Desk, row: Authorization, days: int = 30, **given: object) -> Authorization:
    asked = {"authorization": row, "days": days, "actor": desk.mara, "at": desk.at, **given}
    return services.extend(**asked)  # type: ignore[arg-type]  # as a door gives them


def test_days_are_added_and_the_end_is_read(desk: Desk, tap: Tap) -> None:
    row = desk.in_use()
    code = row.code
    desk.later(days=3)
    tap.clear()
    _extended(desk, row)
    assert row.ends_at == desk.at + timedelta(days=57) and row.code == code and row.state == "in_use"
    assert [path for path in tap.writes() if path != "/tt_user/oauth2/refresh_token/"] == [EXTEND]
    assert tap.calls[-1] == ("GET", STATUS)
    assert [(each.verb, each.days) for each in row.window_changes.all()] == [("issue", 30), ("extend", 30)]
    (access,) = live(desk, row)
    assert access.until == row.ends_at and access.basis == application(row, desk.eu).basis
    assert events(row)[-2:] == ["extend.attempted", "extend.done"] and last(row)["source"] == "platform"
    holds()


def test_the_platforms_end_overrules_arithmetic(desk: Desk) -> None:
    switch(desk, extend_policy="reset")
    row = desk.in_use()
    desk.later(days=10)
    _extended(desk, row)
    assert row.ends_at == desk.at + timedelta(days=30)


def test_when_the_end_does_not_move_it_is_said(desk: Desk) -> None:
    switch(desk, extend_policy="reset")
    row = desk.in_use()
    with refused("not_extended", PlatformRefused):
        _extended(desk, row)
    assert fresh(row).claim_id is None and fresh(row).ends_at == desk.at + timedelta(days=30)


def test_an_expired_one_comes_back_where_it_was_and_its_access_with_it(desk: Desk) -> None:
    row = desk.in_use()
    desk.later(days=31)
    services.expire(authorization=row, actor=desk.admin, at=desk.at)
    assert live(desk, row) == []
    _extended(desk, row, 7)
    assert row.state == "in_use" and row.ends_at == desk.at + timedelta(days=7) and len(live(desk, row)) == 1


def test_where_the_platform_does_not_extend_expired_codes_its_refusal_is_kept(desk: Desk) -> None:
    switch(desk, extend_expired="refuse")
    row = desk.in_use()
    desk.later(days=31)
    services.expire(authorization=row, actor=desk.admin, at=desk.at)
    with refused("auth_code_expired", PlatformRefused):
        _extended(desk, row)
    assert fresh(row).state == "expired" and events(row)[-1] == "extend.refused"


def test_several_extensions_are_one_chain_with_the_right_length_each(desk: Desk) -> None:
    """Bulk renewal in another tool gave everything one wrong length."""
    row = desk.issued()
    for days in (7, 30, 60):
        _extended(desk, row, days)
    assert [each.days for each in row.window_changes.all()] == [30, 7, 30, 60]
    ends = [each.ends_at for each in row.window_changes.all()]
    assert ends == sorted(end for end in ends if end) and row.ends_at == desk.at + timedelta(days=127)


def test_an_end_the_record_did_not_know_is_written_before_days_are_added_to_it(desk: Desk) -> None:
    row = desk.issued()
    Authorization.objects.filter(pk=row.pk).update(ends_at=None, window_source="stated")
    _extended(desk, row, 7)
    assert [(each.verb, each.days) for each in row.window_changes.all()] == [
        ("issue", 30), ("check", None), ("extend", 7),
    ]  # fmt: skip
    assert row.ends_at == desk.at + timedelta(days=37)


def test_a_code_that_is_not_the_posts_any_more_is_not_extended_in_anothers_place(desk: Desk, tap: Tap) -> None:
    """After a replacement the platform would extend the successor's code, and the predecessor would show its end."""
    switch(desk, setting_on_again="new_code")
    old = desk.in_use()
    new = services.replace(authorization=old, days=60, actor=desk.mara, at=desk.at)
    tap.clear()
    with refused("other_code", Conflict):
        _extended(desk, old)
    assert tap.writes() == [] and fresh(old).ends_at == desk.at + timedelta(days=30)
    _extended(desk, new)
    assert fresh(old).ends_at == desk.at + timedelta(days=30) and new.ends_at == desk.at + timedelta(days=90)


def test_what_was_ended_in_the_app_is_not_extended(desk: Desk) -> None:
    row = desk.in_use()
    side = connections.creator_side(party=desk.creator, platform="tiktok", at=desk.at)
    assert side is not None
    side.switch_off(post_id=desk.post.platform_id)
    with refused("ended_on_platform", Conflict):
        _extended(desk, row)
    assert events(row)[-1] == "read_back" and fresh(row).state == "in_use"


@pytest.mark.parametrize("days", [0, 400])
def test_days_that_cannot_be_are_refused(desk: Desk, days: int) -> None:
    row = desk.issued()
    with refused("days_out_of_range", Invalid):
        _extended(desk, row, days)
    with refused("days_out_of_range", Invalid):
        _extended(desk, row, days, by_hand=True)


def test_only_the_creators_side_extends_and_only_what_is_not_ending(desk: Desk) -> None:
    row = desk.in_use()
    with refused("not_your_verb", Forbidden):
        _extended(desk, row, actor=desk.bo)
    with refused("no_such_authorization", NotFound):
        _extended(desk, row, actor=desk.stranger)
    services.ask_to_end(authorization=row, reason="Early.", actor=desk.mara, at=desk.at)
    with refused("not_in_this_state", Conflict):
        _extended(desk, row)
    with refused("not_in_this_state", Conflict):
        _extended(desk, row, by_hand=True)


def test_by_hand_the_end_is_computed_and_the_access_moves(desk: Desk, tap: Tap) -> None:
    desk.disconnect_all()
    row = by_hand(desk)
    services.apply(authorization=row, ad_account=desk.eu, by_hand=True, actor=desk.bo, at=desk.at)
    with refused("by_hand", Conflict):
        _extended(desk, row)
    _extended(desk, row, 7, by_hand=True)
    assert row.ends_at == desk.at + timedelta(days=37) and row.window_source == "computed"
    (access,) = live(desk, row)
    assert access.until == row.ends_at and tap.calls == []
    assert last(row) == {"days": 7, "ends_at": "2026-12-09T09:00:00+00:00", "source": "computed"}


def test_by_hand_days_are_not_added_to_an_end_nobody_knows(desk: Desk) -> None:
    row = by_hand(desk, days=None)
    with refused("end_unknown", Conflict):
        _extended(desk, row, by_hand=True)


def test_levels(desk: Desk) -> None:
    row = desk.in_use()
    keep_only(desk, Level.CREATOR)
    _extended(desk, row)
    assert row.ends_at == desk.at + timedelta(days=60)
    desk.disconnect_all()
    with refused("by_hand", Conflict):
        _extended(desk, row)


def test_an_extension_of_one_moves_no_other(desk: Desk) -> None:
    row, other = desk.in_use(), desk.issued(post=desk.note("public_two"))
    _extended(desk, row)
    assert fresh(other).ends_at == desk.at + timedelta(days=30) and other.window_changes.count() == 1
