"""Campaigns: their days as instants, kept in step whatever is corrected; who corrects them, and what is told of it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from hypothesis import given
from hypothesis import strategies as st

from tests.desk import AT, Desk
from valetkey.audit.models import Entry
from valetkey.errors import Forbidden, Invalid, NotFound
from valetkey.register.days import span
from valetkey.register.models import AdAccount, Campaign
from valetkey.register.services import change_campaign, note_ad_account, note_campaign

pytestmark = pytest.mark.django_db


def enter(desk: Desk, **given: Any) -> Campaign:
    asked = {"ad_account": desk.eu, "name": "Boots", "starts_on": date(2026, 11, 3), "ends_on": date(2026, 12, 8)}
    return note_campaign(**{**asked, "actor": desk.bo, "at": desk.at, **given})


def last() -> Entry:
    return Entry.objects.order_by("-seq")[0]


def test_it_begins_and_ends_with_days_of_its_ad_accounts_zone(desk: Desk) -> None:
    row = enter(desk)
    assert desk.eu.time_zone == "Europe/Berlin"
    assert row.starts_at == datetime(2026, 11, 2, 23, tzinfo=UTC)
    assert row.ends_at == datetime(2026, 12, 8, 23, tzinfo=UTC)
    assert row.span() == span(row.starts_on, row.ends_on, "Europe/Berlin")


def test_a_corrected_zone_moves_the_instants_and_not_the_days(desk: Desk) -> None:
    row, elsewhere = enter(desk), enter(desk, ad_account=desk.us)
    before = elsewhere.span()
    note_ad_account(
        held_by=desk.advertiser, platform="tiktok", platform_id=desk.eu.platform_id, name="",
        time_zone="Asia/Tokyo", actor=desk.bo, at=desk.at,
    )  # fmt: skip
    row.refresh_from_db()
    elsewhere.refresh_from_db()
    assert (row.starts_on, row.ends_on) == (date(2026, 11, 3), date(2026, 12, 8))
    assert row.ends_at == datetime(2026, 12, 8, 15, tzinfo=UTC) and elsewhere.span() == before


def test_an_ad_account_read_before_its_zone_was_corrected_does_not_bring_the_old_zone_back(desk: Desk) -> None:
    stale = AdAccount.objects.get(pk=desk.eu.pk)
    note_ad_account(
        held_by=desk.advertiser, platform="tiktok", platform_id=desk.eu.platform_id, name="",
        time_zone="UTC", actor=desk.bo, at=desk.at,
    )  # fmt: skip
    assert enter(desk, ad_account=stale).ends_at == datetime(2026, 12, 9, tzinfo=UTC)


def test_what_is_corrected_is_told_and_the_rest_stays(desk: Desk) -> None:
    row = enter(desk)
    changed = change_campaign(campaign=row, ends_on=date(2026, 12, 31), actor=desk.bo, at=desk.at)
    assert changed is row and row.name == "Boots" and row.starts_on == date(2026, 11, 3)
    assert row.ends_at == datetime(2026, 12, 31, 23, tzinfo=UTC)
    assert last().event == "campaign.changed" and last().detail == {"ends_on": "2026-12-31"}
    change_campaign(campaign=row, name=" Winter boots ", starts_on=date(2026, 11, 5), actor=desk.bo, at=desk.at)
    assert last().detail == {"name": "Winter boots", "starts_on": "2026-11-05"}
    assert row.starts_at == datetime(2026, 11, 4, 23, tzinfo=UTC)


def test_saying_it_again_writes_no_line(desk: Desk) -> None:
    row, count = enter(desk), Entry.objects.count()
    change_campaign(campaign=row, name="Boots", ends_on=row.ends_on, actor=desk.bo, at=desk.at)
    change_campaign(campaign=row, actor=desk.bo, at=desk.at)
    assert Entry.objects.count() == count


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"name": " "}, "text_missing"),
        ({"name": "x" * 201}, "text_too_long"),
        ({"name": "bell\a"}, "not_text"),
        ({"ends_on": date(2026, 11, 2)}, "campaign_days"),
        ({"starts_on": date(2026, 12, 9)}, "campaign_days"),
        ({"starts_on": date(1999, 1, 1)}, "campaign_days"),
        ({"ends_on": date.max}, "campaign_days"),
    ],
    ids=["no name", "long name", "bell", "ends first", "starts last", "long ago", "never"],
)
def test_what_cannot_be_is_refused_and_changes_nothing(desk: Desk, given: dict[str, Any], code: str) -> None:
    row, count = enter(desk), Entry.objects.count()
    with pytest.raises(Invalid) as refused:
        change_campaign(campaign=row, **given, actor=desk.bo, at=desk.at)
    assert refused.value.code == code and Entry.objects.count() == count
    assert Campaign.objects.get(pk=row.pk).span() == row.span()


def test_it_is_corrected_by_those_who_may_enter_it(desk: Desk) -> None:
    row = enter(desk)
    for actor, kind in ((desk.kim, Forbidden), (desk.viewer, Forbidden), (desk.auditor, Forbidden),
                        (desk.mara, NotFound), (desk.stranger, NotFound)):  # fmt: skip
        with pytest.raises(kind):
            change_campaign(campaign=row, name="Mine", actor=actor, at=desk.at)
    change_campaign(campaign=row, name="Set right", actor=desk.admin, at=desk.at)
    assert row.name == "Set right"


@given(st.dates(date(2000, 1, 2), date(2199, 12, 30)), st.sampled_from(["UTC", "Europe/Berlin", "Pacific/Apia"]))
def test_a_day_ends_where_the_next_one_starts(day: date, zone: str) -> None:
    runs = span(day, day, zone)
    assert runs.ends_at == span(date.fromordinal(day.toordinal() + 1), date.max.replace(year=2199), zone).starts_at
    assert runs.starts_at.astimezone(ZoneInfo(zone)).date() in {day, date.fromordinal(day.toordinal() + 1)}
    assert runs.starts_at <= runs.ends_at


@pytest.mark.django_db(transaction=True)
def test_campaigns_from_before_the_instants_were_kept_get_theirs() -> None:
    def migrate(name: str) -> Any:
        executor = MigrationExecutor(connection)
        executor.migrate([("register", name)])
        return MigrationExecutor(connection).loader.project_state([("register", name)]).apps

    try:
        old = migrate("0001_first")
        party = old.get_model("accounts", "Party").objects.create(name="Northwind", kind="brand", created_at=AT)
        for number, zone in (("1", "Europe/Berlin"), ("2", "America/New_York")):
            account = old.get_model("register", "AdAccount").objects.create(
                platform="tiktok", kind="ad_account", platform_id=number, name=zone, held_by=party, created_at=AT,
                time_zone=zone,
            )  # fmt: skip
            old.get_model("register", "Campaign").objects.create(
                ad_account=account, name=zone, starts_on=date(2027, 3, 1), ends_on=date(2027, 3, 31), created_at=AT
            )
    finally:
        executor = MigrationExecutor(connection)
        executor.migrate(executor.loader.graph.leaf_nodes())
    for row in Campaign.objects.select_related("ad_account"):
        assert row.span() == span(date(2027, 3, 1), date(2027, 3, 31), row.ad_account.time_zone), row.name
    assert Campaign.objects.count() == 2
