"""One code on several ad accounts in one go: each is done by itself, each is told, and none is done twice."""

from __future__ import annotations

import pytest

from tests.authorizations.stage import (
    APPLY,
    LIST,
    Tap,
    application,
    by_hand,
    events,
    fresh,
    holds,
    live,
    order,
    refused,
)
from tests.desk import Desk
from valetkey.authorizations import services
from valetkey.authorizations.models import Application
from valetkey.errors import Conflict, Forbidden, Invalid, NotFound, PlatformRefused, Uncertain
from valetkey.register.models import AdAccount

pytestmark = pytest.mark.django_db


def another(desk: Desk, number: int) -> AdAccount:
    return AdAccount.objects.create(
        held_by=desk.advertiser, platform="tiktok", kind="ad_account", platform_id=f"72{number}", name=f"No. {number}",
        time_zone="UTC", created_at=desk.at,
    )  # fmt: skip


def test_each_is_an_application_of_its_own_with_its_own_proof(desk: Desk, tap: Tap) -> None:
    row = desk.opened()
    tap.clear()
    done = services.apply_each(authorization=row, ad_accounts=[desk.us, desk.eu], actor=desk.bo, at=desk.at)
    assert [one.ad_account for one in done] == [desk.us, desk.eu]
    assert [one.application and one.application.state for one in done] == ["in_use", "in_use"]
    assert tap.calls == [("POST", APPLY), ("GET", LIST)] * 2 and len(live(desk, row)) == 2
    assert events(row)[-6:] == ["apply.attempted", "apply.done", "read_back"] * 2
    assert done[0].warnings == ("The same code is applied on Northwind EU too. Ending it ends both.",)
    assert done[1].warnings == ("The same code is applied on Northwind US too. Ending it ends both.",)
    holds()


def test_what_one_is_refused_stops_no_other(desk: Desk) -> None:
    row = desk.in_use()
    third = another(desk, 3)
    accounts = [desk.rivals_account, third, desk.eu, desk.us]
    rival, unknown, already, us = services.apply_each(
        authorization=row, ad_accounts=accounts, actor=desk.bo, at=desk.at
    )
    assert isinstance(rival.refused, NotFound) and rival.refused.code == "not_their_ad_account"
    assert isinstance(unknown.refused, PlatformRefused) and isinstance(already.refused, Conflict)
    assert already.refused.code == "already_applied" and already.application is None
    assert us.refused is None and us.application == application(row, desk.us)
    holds()


def test_an_answer_that_is_lost_is_uncertain_for_that_one_alone(desk: Desk, tap: Tap) -> None:
    row = desk.opened()
    order(desk, APPLY, "drop_after")
    eu, us = services.apply_each(authorization=row, ad_accounts=[desk.eu, desk.us], actor=desk.bo, at=desk.at)
    assert isinstance(eu.refused, Uncertain) and us.application is not None
    assert application(row, desk.eu).is_uncertain and fresh(row).state == "in_use"
    assert tap.writes().count(APPLY) == 2, "nothing is sent again"
    services.check(authorization=fresh(row), actor=desk.bo, at=desk.at)
    assert not application(row, desk.eu).is_uncertain and fresh(row).applications.bound().count() == 2
    holds()


def test_one_that_is_named_twice_is_done_once(desk: Desk, tap: Tap) -> None:
    row = desk.opened()
    tap.clear()
    twice = [desk.eu, AdAccount.objects.get(pk=desk.eu.pk), desk.eu]
    (done,) = services.apply_each(authorization=row, ad_accounts=twice, actor=desk.bo, at=desk.at)
    assert done.refused is None and tap.writes() == [APPLY]


def test_none_is_too_few_and_eleven_are_too_many(desk: Desk, tap: Tap) -> None:
    row = desk.opened()
    eleven = [another(desk, number) for number in range(11)]
    tap.clear()
    for accounts in ([], eleven):
        with refused("how_many_ad_accounts", Invalid):
            services.apply_each(authorization=row, ad_accounts=accounts, actor=desk.bo, at=desk.at)
    assert tap.calls == [] and not Application.objects.exists()
    desk.disconnect_all()
    ten = services.apply_each(authorization=row, ad_accounts=eleven[1:], by_hand=True, actor=desk.bo, at=desk.at)
    assert [one.application and one.application.state for one in ten] == ["applied"] * 10
    assert ten[9].warnings[0].endswith("Ending it ends them all.")


def test_whose_verb_it_is_not_is_told_once_and_for_all(desk: Desk) -> None:
    row = by_hand(desk)
    for actor, code, kind in (
        (desk.mara, "not_your_verb", Forbidden),
        (desk.viewer, "not_your_verb", Forbidden),
        (desk.stranger, "no_such_authorization", NotFound),
    ):
        with refused(code, kind):
            services.apply_each(authorization=row, ad_accounts=[desk.eu], by_hand=True, actor=actor, at=desk.at)
    assert not Application.objects.exists()
