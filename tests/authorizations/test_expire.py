"""Expire: a window that has ended by the clock is written down, and its access closed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.authorizations.stage import Tap, accesses, application, by_hand, events, fresh, holds, last, live, refused
from tests.desk import Desk
from valetkey.authorizations import services
from valetkey.authorizations.models import Authorization
from valetkey.errors import Conflict, Forbidden, NotFound

pytestmark = pytest.mark.django_db


def _expired(desk: Desk, row: Authorization) -> Authorization:
    return services.expire(authorization=row, actor=desk.admin, at=desk.at)


def test_it_is_over_at_the_very_end_and_not_a_second_before(desk: Desk) -> None:
    row = desk.in_use()
    desk.later(days=30, seconds=-1)
    with refused("not_over", Conflict):
        _expired(desk, row)
    desk.later(seconds=1)
    _expired(desk, row)
    assert row.state == "expired" and events(row)[-1] == "expire"
    assert last(row) == {"ends_at": "2026-12-02T09:00:00+00:00"}
    assert [access.ended_reason for access in accesses(row)] == ["the window ended"]
    holds()


def test_a_code_that_is_in_use_expires_too(desk: Desk) -> None:
    """The expiry job of another tool skipped codes that were in use."""
    row = desk.in_use()
    desk.ad(row)
    desk.later(days=31)
    assert _expired(desk, row).state == "expired" and live(desk, row) == []


@pytest.mark.parametrize("steps", [0, 1, 2, 3])
def test_one_whose_ending_is_under_way_expires_too(desk: Desk, steps: int) -> None:
    row = desk.in_use()
    services.ask_to_end(authorization=row, reason="Early.", actor=desk.mara, at=desk.at)
    if steps > 0:
        services.acknowledge_end(authorization=row, actor=desk.bo, at=desk.at)
    if steps > 1:
        services.pause_ads(authorization=row, actor=desk.bo, at=desk.at)
    if steps > 2:
        services.switch_off(authorization=row, actor=desk.mara, at=desk.at)
    desk.later(days=31)
    assert _expired(desk, row).state == "expired" and live(desk, row) == []


def test_an_unknown_end_never_comes_and_is_not_never_ending(desk: Desk) -> None:
    row = by_hand(desk, days=None)
    desk.later(days=3650)
    with refused("not_over", Conflict):
        _expired(desk, row)


def test_twice_is_refused_and_what_is_ended_does_not_expire(desk: Desk) -> None:
    row, other = desk.in_use(), desk.issued(post=desk.note("public_two"))
    services.ask_to_end(authorization=other, reason="Early.", actor=desk.mara, at=desk.at)
    services.switch_off(authorization=other, actor=desk.mara, at=desk.at)
    services.confirm_end(authorization=other, actor=desk.mara, at=desk.at)
    desk.later(days=31)
    _expired(desk, row)
    for each in (row, other):
        with refused("not_over", Conflict):
            _expired(desk, each)
    assert fresh(other).state == "ended"


def test_it_is_the_desks_own_verb(desk: Desk) -> None:
    row = desk.issued()
    desk.later(days=31)
    for who in (desk.mara, desk.bo, desk.auditor):
        with refused("not_your_verb", Forbidden):
            services.expire(authorization=row, actor=who, at=desk.at)
    with refused("no_such_authorization", NotFound):
        services.expire(authorization=row, actor=desk.stranger, at=desk.at)


def test_one_that_ends_ends_no_other(desk: Desk) -> None:
    row, longer = desk.in_use(), desk.issued(post=desk.note("public_two"), days=60)
    desk.applied(longer)
    desk.later(days=31)
    _expired(desk, row)
    assert fresh(longer).state == "in_use" and len(live(desk, longer)) == 1


def test_it_needs_no_connection_and_asks_nobody(desk: Desk, tap: Tap) -> None:
    desk.disconnect_all()
    row = by_hand(desk, days=7)
    services.apply(authorization=row, ad_account=desk.eu, by_hand=True, actor=desk.bo, at=desk.at)
    desk.later(days=7)
    _expired(desk, row)
    assert fresh(row).state == "expired" and live(desk, row) == [] and tap.calls == []
    assert application(row, desk.eu).state == "applied", "What was applied stays told."


def test_the_access_was_live_until_the_end_and_not_after(desk: Desk) -> None:
    row = desk.in_use()
    end = row.ends_at
    assert end is not None
    desk.at = end - timedelta(seconds=1)
    assert len(live(desk, row)) == 1
    desk.at = end
    assert live(desk, row) == [], "Half-open: at its end it is over, also before anybody wrote that down."
