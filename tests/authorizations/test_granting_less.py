"""A request is answered with what was asked or with less: fewer days, an earlier last day; never with a later one."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tests.authorizations.stage import SETTING, Tap, events, fresh, last, order, refused
from tests.desk import SHORT, Desk
from valetkey.authorizations import services
from valetkey.authorizations.models import Authorization
from valetkey.errors import Invalid, PlatformRefused

pytestmark = pytest.mark.django_db

ASKED = date(2026, 12, 20)
LESS = date(2026, 11, 30)


def requested(desk: Desk, agreed_until: date | None = ASKED) -> Authorization:
    return services.request(
        creator=desk.creator, advertiser=desk.advertiser, platform="tiktok", post_id=desk.post.platform_id, days=30,
        agreed_until=agreed_until, short_reason=SHORT, actor=desk.bo, at=desk.at,
    )  # fmt: skip


def issue(desk: Desk, row: Authorization, days: int = 30, agreed_until: date | None = None) -> Authorization:
    given: dict[str, Any] = {"days": days, "agreed_until": agreed_until, "short_reason": SHORT}
    return services.issue(authorization=row, **given, actor=desk.mara, at=desk.at)


def test_fewer_days_and_an_earlier_day_are_granted_and_both_are_told(desk: Desk) -> None:
    row = issue(desk, requested(desk), days=7, agreed_until=LESS)
    assert row.state == "issued" and row.term_days == 7 and row.agreed_until == LESS and row.granted_until is None
    told = last(row)
    assert (told["requested_days"], told["granted_days"]) == (30, 7)
    assert (told["requested_until"], told["granted_until"]) == (ASKED.isoformat(), LESS.isoformat())


def test_what_was_asked_is_granted_where_nothing_else_is_said(desk: Desk) -> None:
    row = issue(desk, requested(desk))
    assert row.agreed_until == ASKED and last(row)["granted_until"] == ASKED.isoformat()


@pytest.mark.parametrize("until", [ASKED, date(2026, 11, 2)], ids=["the very day", "today"])
def test_any_day_up_to_the_one_asked_for_is_possible(desk: Desk, until: date) -> None:
    assert issue(desk, requested(desk), agreed_until=until).agreed_until == until


def test_a_request_without_a_day_may_be_given_one(desk: Desk) -> None:
    row = issue(desk, requested(desk, agreed_until=None), agreed_until=LESS)
    assert row.agreed_until == LESS and last(row)["requested_until"] is None


@pytest.mark.parametrize(
    ("until", "code"),
    [(ASKED + timedelta(days=1), "later_than_asked"), (date(2026, 11, 1), "agreed_until_past")],
    ids=["later", "past"],
)
def test_a_later_day_or_one_that_is_past_is_refused_before_anything_is_done(
    desk: Desk, tap: Tap, until: date, code: str
) -> None:
    row = requested(desk)
    with refused(code, Invalid):
        issue(desk, row, agreed_until=until)
    assert tap.calls == [] and events(row) == ["request"] and fresh(row).agreed_until == ASKED


def test_when_the_platform_says_no_the_request_stays_as_it_was_asked(desk: Desk) -> None:
    row = requested(desk)
    order(desk, SETTING, "refuse", code=40001, message="no permission")
    with refused("no_permission", PlatformRefused):
        issue(desk, row, agreed_until=LESS)
    assert fresh(row).agreed_until == ASKED
    assert issue(desk, row).agreed_until == ASKED, "what was meant the first time is not meant for ever"


def test_less_stays_less_when_the_answer_is_lost_and_a_look_finds_the_code(desk: Desk) -> None:
    row = requested(desk)
    order(desk, SETTING, "drop_after")
    with refused("outcome_uncertain"):
        issue(desk, row, days=7, agreed_until=LESS)
    services.check(authorization=row, actor=desk.mara, at=desk.at)
    assert row.state == "issued" and row.agreed_until == LESS
    assert last(row)["requested_until"] == ASKED.isoformat() and last(row)["granted_until"] == LESS.isoformat()


def test_who_starts_by_themselves_grants_nothing(desk: Desk) -> None:
    row = desk.issued(agreed_until=ASKED)
    assert row.agreed_until == ASKED and "granted_until" not in last(row) and row.requested_days is None
