"""What stops if something went: what hangs on it, and nothing of anybody else's; ads only where they are asked for."""

from __future__ import annotations

import pytest

from tests.authorizations.stage import ADS, Tap, order
from tests.desk import HOST, Desk
from valetkey.accounts.models import Person
from valetkey.authorizations import services
from valetkey.authorizations.models import Authorization
from valetkey.authorizations.services import Stops
from valetkey.authorizations.services import stops as module
from valetkey.errors import NotFound
from valetkey.register import services as register
from valetkey.register.models import Asset

pytestmark = pytest.mark.django_db


def _stage(desk: Desk) -> tuple[Authorization, Authorization]:
    """One code on both ad accounts under a campaign on one of them, with an ad; another that nobody uses."""
    row = desk.in_use()
    desk.applied(row, desk.us)
    services.set_campaigns(authorization=row, campaigns=[desk.campaign()], actor=desk.bo, at=desk.at)
    desk.ad(row)
    return row, desk.issued(post=desk.note("public_two"))


def _counts(stops: Stops) -> tuple[int, int, int, int | None]:
    return stops.count, stops.campaigns, stops.ad_accounts, stops.running


def _stops(desk: Desk, **given: object) -> Stops:
    asked = {"actor": HOST, "at": desk.at, **given}
    return services.what_stops(**asked)  # type: ignore[arg-type]


def test_of_a_code_a_post_and_an_ad_account(desk: Desk) -> None:
    row, unused = _stage(desk)
    assert _counts(_stops(desk, authorization=row)) == (1, 1, 2, None)
    assert _counts(_stops(desk, authorization=row, ask=True)) == (1, 1, 2, 1)
    assert _counts(_stops(desk, authorization=unused)) == (1, 0, 0, 0)
    assert _counts(_stops(desk, asset=desk.post, ask=True)) == (1, 1, 2, 1)
    assert _counts(_stops(desk, asset=desk.eu, ask=True)) == (1, 1, 1, 1)
    assert _counts(_stops(desk, asset=desk.us, ask=True)) == (1, 0, 1, 0), "The campaign runs on the other one."
    assert _counts(_stops(desk, asset=desk.rivals_account)) == (0, 0, 0, 0)


def test_of_an_account_and_of_a_business_center(desk: Desk) -> None:
    _stage(desk)
    kept = {"platform": "tiktok", "actor": HOST, "at": desk.at}
    account = register.enter_asset(held_by=desk.creator, kind="account", name="@mara", **kept)  # type: ignore[arg-type]
    center = register.enter_asset(held_by=desk.advertiser, kind="business_center", name="BC", **kept)  # type: ignore[arg-type]
    assert _counts(_stops(desk, asset=account)) == (2, 1, 2, None)
    other = register.enter_asset(held_by=desk.creator, kind="account", name="@mara.two", **kept)  # type: ignore[arg-type]
    Asset.objects.filter(pk=desk.post.pk).update(within=account)
    assert _stops(desk, asset=other).count == 1 and _stops(desk, asset=account).count == 2
    assert _stops(desk, asset=center).count == 0
    register.change_asset(asset=desk.us, changes={"within": center}, actor=HOST, at=desk.at)
    assert _counts(_stops(desk, asset=center)) == (1, 0, 1, None)


def test_of_somebody_and_of_a_party(desk: Desk) -> None:
    row, _ = _stage(desk)
    kim = Person.objects.get(name="Kim")
    assert _stops(desk, person=kim).count == 0
    services.name_owner(authorization=row, person=kim, actor=desk.bo, at=desk.at)
    assert _counts(_stops(desk, person=kim)) == (1, 1, 2, None)
    for party in (desk.creator, desk.advertiser):
        assert _stops(desk, party=party).count == 2
    assert _stops(desk, party=desk.rival).count == 0


def test_all_of_it_is_counted_however_few_are_shown(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    row, unused = _stage(desk)
    desk.applied(unused, desk.us)
    services.set_campaigns(authorization=unused, campaigns=[desk.campaign(days=20)], actor=desk.bo, at=desk.at)
    desk.later(minutes=1)
    monkeypatch.setattr(module, "SHOWN", 1)
    found = _stops(desk, party=desk.advertiser, ask=True)
    assert [each.authorization for each in found.rows] == [row]
    assert _counts(found) == (2, 2, 2, None) and not found.is_more, "The ads of the other one were not asked for."
    assert _counts(_stops(desk, asset=desk.us)) == (2, 0, 1, None), "The campaigns run on the other one."
    assert _counts(_stops(desk, asset=desk.eu)) == (1, 1, 1, None)
    monkeypatch.setattr(module, "MOST", 1)
    found = _stops(desk, party=desk.advertiser)
    assert (found.count, found.is_more) == (1, True)


def test_what_is_over_stops_nothing(desk: Desk) -> None:
    row, _ = _stage(desk)
    desk.later(days=31)
    services.expire(authorization=row, actor=HOST, at=desk.at)
    assert _counts(_stops(desk, authorization=row, ask=True)) == (0, 0, 0, 0)


def test_each_sees_their_own(desk: Desk) -> None:
    row, _ = _stage(desk)
    for actor in (desk.mara, desk.bo, desk.viewer, desk.auditor):
        assert _stops(desk, authorization=row, actor=actor).count == 1
    with pytest.raises(NotFound):
        _stops(desk, authorization=row, actor=desk.stranger)
    with pytest.raises(NotFound):
        _stops(desk, asset=desk.eu, actor=desk.mara)
    with pytest.raises(TypeError):
        _stops(desk)


def test_the_platform_is_asked_only_where_one_asks_and_not_again_once_it_is_silent(desk: Desk, tap: Tap) -> None:
    _stage(desk)
    tap.clear()
    assert _stops(desk, party=desk.advertiser).rows[0].ad_accounts[0].why and tap.calls == []
    for _ in range(2):
        order(desk, ADS, "throttle")
    found = _stops(desk, party=desk.advertiser, ask=True)
    assert found.running is None and tap.reads().count(ADS) <= 2
