"""Ad accounts and campaigns: entered by their managers, corrected by them, found by their own people, kept in order."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tests.desk import Desk
from valetkey.audit.models import Entry
from valetkey.errors import Forbidden, Invalid, NotFound
from valetkey.register.models import AdAccount, Campaign
from valetkey.register.services import find_ad_account, find_campaign, note_ad_account, note_campaign

pytestmark = pytest.mark.django_db


def enter(desk: Desk, **given: Any) -> AdAccount:
    return note_ad_account(**{
        "held_by": desk.advertiser, "platform": "tiktok", "platform_id": "7001", "name": "Northwind LATAM",
        "time_zone": "America/Sao_Paulo", "actor": desk.bo, "at": desk.at, **given,
    })  # fmt: skip


def test_entering_it_again_changes_nothing_and_correcting_it_is_told(desk: Desk) -> None:
    """A mistyped time zone could never be put right: the second try answered with the first."""
    row = enter(desk)
    count = Entry.objects.count()
    assert enter(desk) == row and Entry.objects.count() == count
    corrected = enter(desk, time_zone="America/New_York")
    assert (corrected.pk, corrected.time_zone) == (row.pk, "America/New_York")
    assert enter(desk, name="", time_zone="America/New_York").name == "Northwind LATAM"
    assert Entry.objects.order_by("-seq")[0].event == "ad_account.changed"
    assert AdAccount.objects.filter(platform_id="7001").count() == 1


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"time_zone": ""}, "time_zone"),
        ({"platform_id": "70 01"}, "ad_account_id"),
        ({"platform_id": ""}, "ad_account_id"),
        ({"platform_id": "7" * 101}, "ad_account_id"),
    ],
    ids=str,
)
def test_what_is_none_is_refused(desk: Desk, given: dict[str, str], code: str) -> None:
    with pytest.raises(Invalid) as refused:
        enter(desk, **given)
    assert refused.value.code == code


def test_only_managers_enter_them(desk: Desk) -> None:
    for actor, kind in (
        (desk.kim, Forbidden),
        (desk.viewer, Forbidden),
        (desk.auditor, Forbidden),
        (desk.mara, NotFound),
    ):
        with pytest.raises(kind):
            enter(desk, actor=actor)
        with pytest.raises(kind):
            note_campaign(
                ad_account=desk.eu, name="x", starts_on=date(2026, 11, 2), ends_on=date(2026, 11, 2), actor=actor,
                at=desk.at,
            )  # fmt: skip


def test_they_are_found_by_reference_or_id_by_their_own_people_only(desk: Desk) -> None:
    campaign = desk.campaign()
    for actor in (desk.bo, desk.viewer, desk.auditor):
        assert find_ad_account(text=desk.eu.reference.lower(), actor=actor) == desk.eu
        assert find_ad_account(text=desk.eu.platform_id, actor=actor) == desk.eu
        assert find_campaign(text=campaign.reference.lower(), actor=actor) == campaign
    for actor in (desk.mara, desk.stranger):
        with pytest.raises(NotFound):
            find_ad_account(text=desk.eu.platform_id, actor=actor)
        with pytest.raises(NotFound):
            find_campaign(text=campaign.reference, actor=actor)


@pytest.mark.parametrize(
    ("starts_on", "ends_on"),
    [
        (date(2026, 11, 3), date(2026, 11, 2)),
        (date(1999, 12, 31), date(2026, 11, 2)),
        (date(2026, 11, 2), date(2200, 1, 1)),
        (date(2026, 11, 2), date.max),
    ],
)
def test_a_campaign_has_days_that_can_be_reckoned_with(desk: Desk, starts_on: date, ends_on: date) -> None:
    """One that ended on the last day of all calendars could be entered, and no page with it could be shown after."""
    with pytest.raises(Invalid) as refused:
        note_campaign(ad_account=desk.eu, name="x", starts_on=starts_on, ends_on=ends_on, actor=desk.bo, at=desk.at)
    assert refused.value.code == "campaign_days"


def test_a_campaign_of_one_day_is_one(desk: Desk) -> None:
    row = desk.campaign(days=1)
    assert row.starts_on == row.ends_on


def test_the_database_keeps_campaigns_in_order_and_assets_once(desk: Desk) -> None:
    row = desk.campaign()
    with pytest.raises(IntegrityError), transaction.atomic():
        Campaign.objects.filter(pk=row.pk).update(ends_on=date(2000, 1, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        AdAccount.objects.create(
            held_by=desk.advertiser, platform="tiktok", kind="ad_account", platform_id=desk.eu.platform_id, name="x",
            time_zone="UTC", created_at=desk.at,
        )  # fmt: skip
