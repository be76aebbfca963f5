"""Days that end too early are met wherever days are given: refused with what reaches, kept only with a reason."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.authorizations.guests import CODE, GUEST_MARA, sent
from tests.authorizations.stage import EXTEND, SETTING, Tap, events, fresh, last, order, switch
from tests.desk import AT, SHORT, Desk
from valetkey.audit.models import Entry
from valetkey.authorizations import services
from valetkey.authorizations.coverage import Need, Window, shortfall, span
from valetkey.authorizations.models import Authorization
from valetkey.errors import Conflict, Invalid, TooShort
from valetkey.history.sentences import facts
from valetkey.register.models import Campaign
from valetkey.register.services import note_campaign

TERMS: Final = (7, 30, 60, 365)
WHY: Final = "We only need the first weeks."
TICK: Final = timedelta(microseconds=1)


# -- the rule ---------------------------------------------------------------------------------------------------------


def need(until: datetime, zone: str = "UTC") -> Need:
    return Need("the agreed use", until, zone)


def fewest(begins_at: datetime, until: datetime) -> int | None:
    """By counting: day by day until it reaches, then the next number that is on offer."""
    days = next(n for n in count() if begins_at + timedelta(hours=24 * n) >= until)
    return min((term for term in TERMS if term >= days), default=None)


@given(st.integers(1, 400), st.integers(-9600, 12000))
def test_it_falls_short_exactly_when_an_instant_is_missing_and_names_the_fewest_days(days: int, hours: int) -> None:
    until = AT + timedelta(hours=hours)
    ends_at = AT + timedelta(days=days)
    found = shortfall(Window(AT, ends_at), need(until), terms=TERMS)
    assert (found is None) == (ends_at >= until)
    if found is not None:
        assert found.covering == fewest(AT, until)
        assert ends_at + timedelta(days=found.days_short - 1) < until <= ends_at + timedelta(days=found.days_short)


@given(st.integers(1, 365), st.integers(1, 12000))
def test_days_that_are_added_are_counted_from_the_end(days: int, hours: int) -> None:
    ends_at = AT + timedelta(days=days)
    until = ends_at + timedelta(hours=hours)
    found = shortfall(Window(AT, ends_at), need(until), terms=TERMS, counted_from=ends_at)
    assert found is not None and found.covering == fewest(ends_at, until)


def test_to_the_instant() -> None:
    until = AT + timedelta(days=30)
    assert shortfall(Window(AT, until), need(until), terms=TERMS) is None
    found = shortfall(Window(AT, until), need(until + TICK), terms=TERMS)
    assert found is not None and (found.days_short, found.covering) == (1, 60)
    exact = shortfall(Window(AT, until), need(AT + timedelta(days=60)), terms=TERMS)
    assert exact is not None and exact.covering == 60
    beyond = shortfall(Window(AT, until), need(AT + timedelta(days=365) + TICK), terms=TERMS)
    assert beyond is not None and beyond.covering is None


@pytest.mark.parametrize("window", [Window(AT, None), Window(None, None)])
def test_an_unknown_end_is_not_too_early(window: Window) -> None:
    assert shortfall(window, need(AT + timedelta(days=999)), terms=TERMS) is None


def test_where_nothing_is_needed_nothing_is_short() -> None:
    assert shortfall(Window(AT, AT + timedelta(days=1)), None, terms=TERMS) is None


@pytest.mark.parametrize(
    ("zone", "first", "last_day", "hour"),
    [
        # Winter begins on 25 October 2026 in Berlin and on 1 November in New York: the last day ends an hour later.
        ("Europe/Berlin", date(2026, 10, 1), date(2026, 10, 31), 23),
        ("Europe/Berlin", date(2026, 10, 1), date(2026, 10, 24), 22),
        ("America/New_York", date(2026, 10, 10), date(2026, 11, 8), 5),
        ("America/New_York", date(2026, 10, 10), date(2026, 10, 31), 4),
    ],
)
def test_a_campaigns_days_are_those_of_its_ad_account_when_clocks_change(
    zone: str, first: date, last_day: date, hour: int
) -> None:
    running = span(first, last_day, zone)
    wanted = Need("the campaign “Fall”", running.ends_at, zone, running)
    ends_at = datetime.combine(last_day + timedelta(days=hour < 12), datetime.min.time(), UTC) + timedelta(hours=hour)
    assert shortfall(Window(running.starts_at, ends_at), wanted, terms=TERMS) is None
    found = shortfall(Window(running.starts_at, ends_at - TICK), wanted, terms=TERMS)
    assert found is not None and found.days_short == 1
    assert found.covering == fewest(running.starts_at, running.ends_at)
    wall = (ends_at - TICK).astimezone(ZoneInfo(zone))
    assert f"may stop on {wall.day} {wall:%b %Y}, 23:59 ({zone})" in found.sentence()


def test_the_sentence_says_coverage_and_what_may_come_of_it() -> None:
    running = span(date(2026, 11, 1), date(2026, 12, 20), "Europe/Berlin")
    wanted = Need("the campaign “Spring shoes”", running.ends_at, "Europe/Berlin", running)
    found = shortfall(Window(running.starts_at, datetime(2026, 12, 12, tzinfo=UTC)), wanted, terms=TERMS)
    assert found is not None and found.sentence() == (
        "The code ends before the campaign does: 9 days short. Ads on this post may stop on 12 Dec 2026, 01:00"
        " (Europe/Berlin), 9 days before the campaign “Spring shoes” ends."
    )


# -- every place ------------------------------------------------------------------------------------------------------

Do = Callable[..., Authorization]


def _request(desk: Desk, campaigns: tuple[Campaign, ...], **more: Any) -> Authorization:
    return services.request(
        creator=desk.creator, advertiser=desk.advertiser, platform="tiktok", post_id=desk.post.platform_id,
        campaigns=campaigns, actor=desk.bo, at=desk.at, **more,
    )  # fmt: skip


def _ask(desk: Desk, campaigns: tuple[Campaign, ...], **more: Any) -> Authorization:
    return services.ask(
        creator="Mara Lindt", advertiser=desk.advertiser, platform="tiktok", post=desk.post.platform_id,
        campaigns=campaigns, actor=desk.bo, at=desk.at, **more,
    ).request_link.authorization  # fmt: skip


def _authorize(desk: Desk, campaigns: tuple[Campaign, ...], **more: Any) -> Authorization:
    return services.authorize(
        post=desk.post, advertiser=desk.advertiser, campaigns=campaigns, actor=desk.mara, at=desk.at, **more
    )


def _issue(desk: Desk, campaigns: tuple[Campaign, ...], **more: Any) -> Authorization:
    row = Authorization.objects.first() or _request(desk, campaigns, days=60)
    return services.issue(authorization=row, actor=desk.mara, at=desk.at, **more)


def _record(desk: Desk, campaigns: tuple[Campaign, ...], **more: Any) -> Authorization:
    return services.record(
        code=CODE, post=desk.post, advertiser=desk.advertiser, campaigns=campaigns, actor=desk.mara, at=desk.at, **more
    )


def _record_for(desk: Desk, campaigns: tuple[Campaign, ...], **more: Any) -> Authorization:
    row = Authorization.objects.first() or _request(desk, campaigns, days=60)
    return services.record(code=CODE, authorization=row, actor=desk.bo, at=desk.at, **more)


def _answer(desk: Desk, campaigns: tuple[Campaign, ...], **more: Any) -> Authorization:
    before = Authorization.objects.first()
    link = before.request_links.get() if before else sent(desk, days=60, campaigns=campaigns)
    return services.answer_request(
        request_link=link, code=CODE, terms_seen=True, actor=GUEST_MARA, at=desk.at, **more
    )  # fmt: skip


def _extend(desk: Desk, campaigns: tuple[Campaign, ...], **more: Any) -> Authorization:
    row = Authorization.objects.first() or desk.issued(days=7, campaigns=campaigns)
    return services.extend(authorization=row, actor=desk.mara, at=desk.at, **more)


def _extend_by_hand(desk: Desk, campaigns: tuple[Campaign, ...], **more: Any) -> Authorization:
    return _extend(desk, campaigns, by_hand=True, **more)


def _replace(desk: Desk, campaigns: tuple[Campaign, ...], **more: Any) -> Authorization:
    switch(desk, setting_on_again="new_code")
    row = Authorization.objects.order_by("pk").first() or desk.issued(days=7, campaigns=campaigns)
    return services.replace(authorization=row, actor=desk.mara, at=desk.at, **more)


def _replace_by_hand(desk: Desk, campaigns: tuple[Campaign, ...], **more: Any) -> Authorization:
    return _replace(desk, campaigns, code=CODE, **more)


PLACES: Final[dict[str, tuple[Do, str, str]]] = {
    "request": (_request, "now", "request"),
    "ask": (_ask, "now", "request"),
    "authorize": (_authorize, "now", "issue.done"),
    "issue": (_issue, "now", "issue.done"),
    "record": (_record, "its end", "record"),
    "record for a request": (_record_for, "its end", "record"),
    "answer by link": (_answer, "its end", "record"),
    "extend": (_extend, "added", "extend.done"),
    "extend by hand": (_extend_by_hand, "added", "extend.done"),
    "replace": (_replace, "now", "issue.done"),
    "replace by hand": (_replace_by_hand, "its end", "record"),
}
"""How it is done, from where the named days are counted, and the entry that keeps the reason."""


@pytest.fixture(params=sorted(PLACES))
def place(request: pytest.FixtureRequest) -> tuple[Do, str, str]:
    return PLACES[request.param]


def _ends(desk: Desk, counted: str, days: int) -> datetime:
    return desk.at + timedelta(days=days + (7 if counted == "added" else 0))


def test_it_is_refused_with_the_fewest_days_that_reach_and_nothing_is_done(
    desk: Desk, place: tuple[Do, str, str]
) -> None:
    do, counted, _ = place
    campaigns = (desk.campaign(days=50),)
    with pytest.raises(TooShort) as first:
        do(desk, campaigns, days=7)  # makes what comes before
    before, tap = Entry.objects.count(), Tap(desk)
    with pytest.raises(TooShort) as again:
        do(desk, campaigns, days=7)
    refused = again.value
    assert isinstance(refused, Conflict) and refused.code == "too_short" and str(first.value) == str(refused)
    assert tap.calls == [] and Entry.objects.count() == before
    ends_at = _ends(desk, counted, 7)
    begins_at = {"now": desk.at, "its end": ends_at, "added": ends_at - timedelta(days=7)}[counted]
    assert refused.days == fewest(begins_at, campaigns[0].ends_at)
    assert f"{refused.days} days" in refused.next_step and "short" in refused.sentence
    assert "Ads on this post may stop on" in refused.sentence and "“Spring shoes”" in refused.sentence


def test_with_a_reason_it_is_done_and_the_reason_is_kept(desk: Desk, place: tuple[Do, str, str]) -> None:
    do, counted, name = place
    campaigns = (desk.campaign(days=50),)
    row = do(desk, campaigns, days=7, short_reason=f"  {WHY} ")
    entry = services.history(authorization=row).filter(event=f"authorization.{name}").last()
    assert entry is not None
    ends_at = row.ends_at or _ends(desk, counted, 7)
    missing = next(n for n in count() if ends_at + timedelta(days=n) >= campaigns[0].ends_at)
    assert (entry.detail["days_short"], entry.detail["short_reason"]) == (missing, WHY)
    assert ("kept short, because", WHY) in facts(entry.detail)
    kept = services.kept_short(authorization=row)
    assert kept is not None and (kept.reason, kept.days_short, kept.by) == (WHY, missing, entry.actor_name)


@pytest.mark.parametrize("reason", ["", WHY])
def test_days_that_reach_are_asked_nothing(desk: Desk, place: tuple[Do, str, str], reason: str) -> None:
    do, _, _ = place
    row = do(desk, (desk.campaign(days=50),), days=60, short_reason=reason)
    assert services.kept_short(authorization=row) is None and "short_reason" not in last(row)


def test_the_named_days_are_taken(desk: Desk, place: tuple[Do, str, str]) -> None:
    do, counted, _ = place
    campaigns = (desk.campaign(days=50),)
    with pytest.raises(TooShort) as refused:
        do(desk, campaigns, days=7)
    assert refused.value.days is not None
    do(desk, campaigns, days=refused.value.days + (7 if counted == "its end" else 0))


def test_where_nothing_is_known_to_be_needed_nothing_is_asked(desk: Desk, place: tuple[Do, str, str]) -> None:
    do, _, _ = place
    assert services.kept_short(authorization=do(desk, (), days=7)) is None


def test_a_reason_that_is_no_reason_is_none(desk: Desk, place: tuple[Do, str, str]) -> None:
    do, _, _ = place
    campaigns = (desk.campaign(days=50),)
    with pytest.raises(TooShort):
        do(desk, campaigns, days=7, short_reason=" \n ")
    with pytest.raises(Invalid) as refused:
        do(desk, campaigns, days=7, short_reason="x" * 501)
    assert refused.value.code == "text_too_long"
    with pytest.raises(Invalid) as carries:
        do(desk, campaigns, days=7, short_reason="my password is Tulip-4-Garden!")
    assert carries.value.code == "credential_in_text" and "Tulip" not in str(carries.value)


# -- what is needed ---------------------------------------------------------------------------------------------------


def test_without_a_campaign_the_agreed_day_counts_in_the_zone_of_the_desk(desk: Desk, settings: Any) -> None:
    settings.VALETKEY_TIME_ZONE = "Asia/Kathmandu"
    with pytest.raises(TooShort) as refused:
        _authorize(desk, (), days=30, agreed_until=date(2026, 12, 2))
    assert refused.value.sentence == (
        "The code ends before the agreed use does: 1 day short. Ads on this post may stop on"
        " 2 Dec 2026, 14:45 (Asia/Kathmandu), 1 day before the agreed use ends."
    )
    assert _authorize(desk, (), days=30, agreed_until=date(2026, 12, 1)).state == "issued"


def test_of_several_campaigns_the_last_counts_and_goes_before_the_agreed_day(desk: Desk) -> None:
    longer = note_campaign(
        ad_account=desk.us, name="Late", starts_on=date(2026, 11, 3), ends_on=date(2026, 12, 20), actor=desk.bo,
        at=desk.at,
    )  # fmt: skip
    with pytest.raises(TooShort, match="“Late”"):
        _authorize(desk, (desk.campaign(days=40), longer), days=30, agreed_until=date(2027, 6, 1))
    assert _authorize(desk, (desk.campaign(days=20),), days=30, agreed_until=date(2027, 6, 1)).state == "issued"


def test_an_earlier_day_that_is_granted_is_what_it_is_needed_for(desk: Desk) -> None:
    row = services.request(
        creator=desk.creator, advertiser=desk.advertiser, platform="tiktok", post_id=desk.post.platform_id, days=60,
        agreed_until=date(2026, 12, 20), actor=desk.bo, at=desk.at,
    )  # fmt: skip
    with pytest.raises(TooShort):
        services.issue(authorization=row, days=30, actor=desk.mara, at=desk.at)
    granted = services.issue(authorization=row, days=30, agreed_until=date(2026, 11, 30), actor=desk.mara, at=desk.at)
    assert granted.state == "issued" and services.kept_short(authorization=granted) is None


def test_when_no_number_on_offer_reaches_none_is_named(desk: Desk) -> None:
    with pytest.raises(TooShort) as refused:
        _authorize(desk, (desk.campaign(days=500),), days=60)
    assert refused.value.days is None and "No number of days on offer reaches" in refused.value.next_step


def test_a_typed_end_counts_and_an_unknown_one_does_not(desk: Desk) -> None:
    campaigns = (desk.campaign(days=50),)
    with pytest.raises(TooShort) as refused:
        _record(desk, campaigns, ends_on=date(2026, 12, 12))
    assert refused.value.days == 30 and not Authorization.objects.exists()
    assert _record(desk, campaigns).ends_at is None


def test_a_code_that_covers_to_the_instant_is_asked_nothing(desk: Desk) -> None:
    campaign = desk.campaign(days=50)
    zone = campaign.ad_account.time_zone
    row = _record(desk, (campaign,), ends_on=campaign.ends_on, time_zone=zone)
    assert row.ends_at == campaign.ends_at and services.kept_short(authorization=row) is None


# -- what becomes of the reason ---------------------------------------------------------------------------------------


def test_it_is_gone_from_the_page_once_the_code_reaches_and_stays_in_the_history(desk: Desk) -> None:
    row = _authorize(desk, (desk.campaign(days=50),), days=7, short_reason=WHY)
    services.extend(authorization=row, days=60, actor=desk.mara, at=desk.at)
    assert services.kept_short(authorization=row) is None
    assert [entry for entry in services.history(authorization=row) if entry.detail.get("short_reason") == WHY]


@pytest.mark.parametrize(("path", "name"), [(SETTING, "issue"), (EXTEND, "extend")])
def test_it_is_kept_when_the_answer_is_lost_and_a_look_finds_the_verb_done(desk: Desk, path: str, name: str) -> None:
    campaigns = (desk.campaign(days=50),)
    row = _request(desk, campaigns, days=60) if name == "issue" else desk.issued(days=7, campaigns=campaigns)
    order(desk, path, "drop_after")
    with pytest.raises(Exception, match="No clear answer"):
        getattr(services, name)(authorization=row, days=7, short_reason=WHY, actor=desk.mara, at=desk.at)
    services.check(authorization=row, actor=desk.mara, at=desk.at)
    assert f"{name}.done" in events(row)
    kept = services.kept_short(authorization=fresh(row))
    assert kept is not None and kept.reason == WHY


def test_what_the_platform_shows_counts_where_it_ends_earlier_than_the_record_says(desk: Desk, tap: Tap) -> None:
    row = desk.issued(days=60, campaigns=(desk.campaign(days=65),))
    row.campaigns.set([desk.campaign(days=80)])
    Authorization.objects.filter(pk=row.pk).update(ends_at=desk.at + timedelta(days=90))
    tap.clear()
    with pytest.raises(TooShort):
        services.extend(authorization=row, days=7, actor=desk.mara, at=desk.at)
    assert tap.writes() == [] and fresh(row).claim_id is None


def test_the_guest_is_told_kindly(desk: Desk) -> None:
    link = sent(desk, days=30, campaigns=(desk.campaign(days=50),))
    with pytest.raises(TooShort) as refused:
        services.answer_request(request_link=link, code=CODE, days=7, terms_seen=True, actor=GUEST_MARA, at=desk.at)
    assert refused.value.next_step.startswith("Extend it in the app first: 60 days more")
    assert "“I give less” is enough" in refused.value.next_step
    row = services.answer_request(
        request_link=link, code=CODE, days=7, terms_seen=True, short_reason="I give 7 days", actor=GUEST_MARA,
        at=desk.at,
    )  # fmt: skip
    kept = services.kept_short(authorization=row)
    assert row.state == "handed_over" and kept is not None and kept.reason == "I give 7 days" != SHORT


@pytest.mark.parametrize("do", [_issue, _record_for, _answer])
def test_who_gives_what_was_asked_is_not_asked_again_why_it_is_short(desk: Desk, do: Do) -> None:
    campaigns = (desk.campaign(days=50),)
    sent(desk, days=30, campaigns=campaigns)
    row = do(desk, campaigns, days=30)
    kept = services.kept_short(authorization=row)
    assert kept is not None and kept.reason == f"As asked for: {SHORT}"
