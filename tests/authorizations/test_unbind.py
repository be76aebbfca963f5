"""Unbind: the post is taken off one ad account's list. The code and its other applications stay."""

from __future__ import annotations

import pytest

from tests.authorizations.stage import (
    UNBIND,
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
from valetkey.authorizations.models import Application, Authorization
from valetkey.connectors.base import Level
from valetkey.errors import Conflict, Forbidden, NotFound, PlatformRefused

pytestmark = pytest.mark.django_db


def _unbound(desk: Desk, row: Authorization, **given: object) -> Application:
    asked = {"authorization": row, "ad_account": desk.eu, "actor": desk.bo, "at": desk.at, **given}
    return services.unbind(**asked)  # type: ignore[arg-type]  # as a door gives them


def test_its_access_is_closed_and_the_code_goes_back_to_opened(desk: Desk, tap: Tap) -> None:
    row = desk.in_use()
    tap.clear()
    done = _unbound(desk, row)
    assert tap.calls == [("POST", UNBIND)] and done.state == "unbound"
    assert fresh(row).state == "opened" and live(desk, row) == []
    assert events(row)[-2:] == ["unbind.attempted", "unbind.done"] and last(row) == {"ad_account": "Northwind EU"}
    holds()


def test_taking_it_off_one_ad_account_leaves_the_other(desk: Desk) -> None:
    row = desk.in_use()
    desk.applied(row, desk.us)
    _unbound(desk, row)
    assert fresh(row).state == "in_use" and application(row, desk.us).state == "in_use"
    assert [access.basis for access in live(desk, row)] == [application(row, desk.us).basis]


def test_taking_one_authorization_off_leaves_another_post_on_the_same_ad_account(desk: Desk) -> None:
    row, other = desk.in_use(), desk.issued(post=desk.note("public_two"))
    desk.applied(other)
    _unbound(desk, row)
    assert application(other, desk.eu).state == "in_use" and len(live(desk, other)) == 1
    services.check(authorization=other, actor=desk.bo, at=desk.at)
    assert fresh(other).state == "in_use"


def test_it_can_be_applied_again(desk: Desk) -> None:
    row = desk.in_use()
    _unbound(desk, row)
    assert desk.applied(row).state == "in_use" and fresh(row).state == "in_use" and len(live(desk, row)) == 1


def test_after_the_end_it_can_still_be_taken_off(desk: Desk) -> None:
    row = desk.in_use()
    desk.later(days=31)
    services.expire(authorization=row, actor=desk.admin, at=desk.at)
    _unbound(desk, row)
    assert fresh(row).state == "expired" and application(row, desk.eu).state == "unbound"


def test_where_the_platform_refuses_it_stays_applied(desk: Desk) -> None:
    switch(desk, unbind_while_live="refuse")
    row = desk.in_use()
    with refused("parameter_error", PlatformRefused):
        _unbound(desk, row)
    assert fresh(row).state == "in_use" and len(live(desk, row)) == 1


def test_what_is_not_applied_there_cannot_be_taken_off(desk: Desk) -> None:
    row = desk.in_use()
    with refused("not_applied_there", NotFound):
        _unbound(desk, row, ad_account=desk.us)
    _unbound(desk, row)
    with refused("not_in_this_state", Conflict):
        _unbound(desk, row)
    with refused("not_in_this_state", Conflict):
        _unbound(desk, row, by_hand=True)


def test_only_the_advertisers_side(desk: Desk) -> None:
    row = desk.in_use()
    with refused("not_your_verb", Forbidden):
        _unbound(desk, row, actor=desk.mara)
    with refused("no_such_authorization", NotFound):
        _unbound(desk, row, actor=desk.stranger)


def test_by_hand_somebody_says_so(desk: Desk, tap: Tap) -> None:
    desk.disconnect_all()
    row = by_hand(desk)
    services.apply(authorization=row, ad_account=desk.eu, by_hand=True, actor=desk.bo, at=desk.at)
    with refused("by_hand", Conflict):
        _unbound(desk, row)
    _unbound(desk, row, by_hand=True)
    assert fresh(row).state == "issued" and live(desk, row) == [] and tap.calls == []
    assert last(row) == {"ad_account": "Northwind EU", "source": "stated"}


def test_levels(desk: Desk) -> None:
    row = desk.in_use()
    keep_only(desk, Level.CREATOR)
    with refused("by_hand", Conflict):
        _unbound(desk, row)
    assert len(live(desk, row)) == 1


def test_with_an_advertisers_token_alone(desk: Desk) -> None:
    row = desk.in_use()
    keep_only(desk, Level.ADVERTISER)
    assert _unbound(desk, row).state == "unbound"
