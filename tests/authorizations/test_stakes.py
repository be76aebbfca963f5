"""What stops if it ends: campaigns, ad accounts and ads, read at this moment, and said to be unknown where they are."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.authorizations.stage import ADS, Tap, by_hand, fresh, holds, order, refused
from tests.desk import HOST, Desk
from valetkey.audit.models import Entry
from valetkey.authorizations import services
from valetkey.authorizations.lifecycle import State
from valetkey.authorizations.models import Authorization
from valetkey.authorizations.services import Stakes
from valetkey.errors import NotFound
from valetkey.register.models import Campaign

pytestmark = pytest.mark.django_db


def stakes(desk: Desk, row: Authorization, actor: Any = None) -> Stakes:
    return services.stakes(authorization=fresh(row), actor=actor or desk.bo, at=desk.at)


def on_both(desk: Desk) -> Authorization:
    row = desk.in_use()
    desk.applied(row, desk.us)
    return fresh(row)


def test_the_ads_of_each_ad_account_are_those_the_platform_shows_now(desk: Desk, tap: Tap) -> None:
    row = on_both(desk)
    ads = {desk.ad(row), desk.ad(row)}
    count = Entry.objects.count()
    tap.clear()
    eu, us = stakes(desk, row).ad_accounts
    assert (eu.ad_account, eu.ads, eu.running, eu.why) == (desk.eu, 2, 2, "")
    assert (us.ad_account, us.ads, us.running, us.seen) == (desk.us, 0, 0, ())
    assert {ad.ad_id for ad in eu.seen} == ads and stakes(desk, row).running == 2
    assert tap.writes() == [] and Entry.objects.count() == count, "it only looks"
    services.ask_to_end(authorization=row, reason="Over.", actor=desk.mara, at=desk.at)
    services.pause_ads(authorization=row, actor=desk.bo, at=desk.at)
    eu, us = stakes(desk, row).ad_accounts
    assert (eu.ads, eu.running) == (2, 0) and stakes(desk, row).running == 0


def test_campaigns_that_are_not_over_stand_in_the_order_they_end(desk: Desk) -> None:
    row = on_both(desk)
    given = {"long": desk.campaign(days=37), "short": desk.campaign(days=3), "later": desk.campaign(5, starts_in=60)}
    services.set_campaigns(authorization=row, campaigns=list(given.values()), actor=desk.bo, at=desk.at)
    names = {campaign.pk: name for name, campaign in given.items()}

    def told() -> list[tuple[str, int, bool]]:
        return [(names[each.campaign.pk], each.days_left, each.has_begun) for each in stakes(desk, row).campaigns]

    assert told() == [("short", 3, True), ("long", 37, True), ("later", 65, False)]
    desk.at = Campaign.objects.get(pk=given["short"].pk).ends_at - timedelta(seconds=1)
    assert told()[0] == ("short", 1, True)
    desk.at += timedelta(seconds=1)
    assert [name for name, _, _ in told()] == ["long", "later"], "at its very end it is over"


def test_both_sides_see_what_the_record_shows_them_and_only_the_advertisers_the_ads_by_name(desk: Desk) -> None:
    row = desk.in_use()
    services.set_campaigns(authorization=row, campaigns=[desk.campaign()], actor=desk.bo, at=desk.at)
    ad = desk.ad(row)
    for actor in (desk.bo, desk.viewer, desk.admin, desk.auditor, HOST):
        assert [one.ad_id for one in stakes(desk, row, actor).ad_accounts[0].seen] == [ad]
    seen = stakes(desk, row, desk.mara)
    assert [each.campaign.name for each in seen.campaigns] == ["Spring shoes"]
    assert (seen.ad_accounts[0].ad_account, seen.ad_accounts[0].ads, seen.running) == (desk.eu, 1, 1)
    assert seen.ad_accounts[0].seen == ()
    with refused("no_such_authorization", NotFound):
        stakes(desk, row, desk.stranger)


def test_without_a_connection_the_ads_are_not_known_and_the_rest_is(desk: Desk) -> None:
    desk.disconnect_all()
    row = by_hand(desk)
    services.apply(authorization=row, ad_account=desk.eu, by_hand=True, actor=desk.bo, at=desk.at)
    (eu,) = stakes(desk, row).ad_accounts
    assert (eu.ads, eu.running, eu.seen, eu.why) == (None, None, (), "Northwind is not connected.")
    assert stakes(desk, row).running is None


def test_when_the_platform_does_not_answer_it_is_asked_once_and_nothing_is_raised(desk: Desk, tap: Tap) -> None:
    row = on_both(desk)
    for _ in range(2):
        order(desk, ADS, "http_500")
    tap.clear()
    eu, us = stakes(desk, row).ad_accounts
    assert eu.why == us.why == "The platform cannot be reached or asked us to wait." and us.ads is None
    assert len(tap.reads()) == 2, "tried twice for the first ad account, and not at all for the second"
    assert stakes(desk, row).running == 0, "and the next look is a new one"


def test_a_refusal_on_one_ad_account_says_nothing_about_the_other(desk: Desk) -> None:
    row = on_both(desk)
    order(desk, ADS, "refuse", code=40001, message="No permission to operate advertiser.")
    eu, us = stakes(desk, row).ad_accounts
    assert eu.ads is None and eu.why.startswith("The platform refused to show it: ") and eu.why.endswith(".")
    assert (us.ads, us.why) == (0, "")
    assert Stakes((), (eu, us)).running is None


@pytest.mark.parametrize("state", [State.EXPIRED, State.ENDED, State.DECLINED, State.REQUESTED], ids=str)
def test_where_the_code_is_not_live_nothing_stops(desk: Desk, tap: Tap, state: State) -> None:
    row = desk.in_use()
    services.set_campaigns(authorization=row, campaigns=[desk.campaign()], actor=desk.bo, at=desk.at)
    Authorization.objects.filter(pk=row.pk).update(state=state)
    tap.clear()
    assert stakes(desk, row) == Stakes() and stakes(desk, row).running == 0 and tap.calls == []


def test_an_ad_account_it_was_taken_off_is_not_at_stake(desk: Desk) -> None:
    row = on_both(desk)
    services.unbind(authorization=row, ad_account=desk.us, actor=desk.bo, at=desk.at)
    assert [each.ad_account for each in stakes(desk, row).ad_accounts] == [desk.eu]
    holds()
