"""Calendars: they parse, follow by UID and SEQUENCE, hold what their user may see now, and give a leaver nothing."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import settings as trying
from hypothesis import strategies as some
from icalendar import Calendar

from tests.desk import AT, HOST, Desk
from tests.many import many
from tests.notices.found import close, found, user
from tests.test_permissions import center
from tests.web.reading import same_clock  # noqa: F401  # a fixture
from valetkey.accounts import services as accounts
from valetkey.accounts.models import Person, User
from valetkey.accounts.policy import Role
from valetkey.audit.models import Entry
from valetkey.authorizations import services
from valetkey.authorizations.models import Authorization
from valetkey.errors import Conflict, Forbidden, NotFound
from valetkey.notices.calendar import Happening, Told, news, written
from valetkey.notices.models import Feed, FeedEvent
from valetkey.notices.services import MadeFeed, add_feed, end_feed, feeds, find_feed, read_feed
from valetkey.notices.services.happenings import MOST
from valetkey.register.models import Access, Campaign, Engagement
from valetkey.register.services import change_campaign
from valetkey.reviews import services as reviews
from valetkey.secret import Secret

pytestmark = pytest.mark.django_db


def made(desk: Desk, name: str = "Bo", campaign: Campaign | None = None) -> MadeFeed:
    return add_feed(user=user(name), campaign=campaign, actor=HOST, at=desk.at)


def read(feed: MadeFeed, desk: Desk) -> dict[str, Any]:
    """UID without the host → event, as a public library reads it."""
    calendar = Calendar.from_ical(read_feed(link=feed.link, at=desk.at))
    return {str(each["uid"]).removesuffix("@localhost"): each for each in calendar.walk("VEVENT")}


def test_each_kind_of_day_stands_in_it_as_what_it_is(desk: Desk) -> None:
    campaign = desk.campaign(days=20)
    row = desk.in_use()
    Authorization.objects.filter(pk=row.pk).update(agreed_until=date(2026, 11, 20))
    finding, access = found(desk, by=desk.at + timedelta(days=3)), an_access(desk)
    review = reviews.open_review(kept_by=desk.advertiser, actor=desk.bo, at=desk.at)
    type(review).objects.filter(pk=review.pk).update(next_on=date(2027, 2, 1), closed_at=desk.at)
    engagement = Engagement.objects.create(
        kept_by=desk.advertiser, party=desk.rival, purpose="Ads", starts_on=AT.date(), review_on=date(2026, 12, 1),
        created_at=AT,
    )  # fmt: skip
    Access.objects.filter(pk=access.pk).update(review_on=date(2026, 12, 5))
    events = read(made(desk), desk)
    row.refresh_from_db()
    assert {uid: each.decoded("dtstart") for uid, each in events.items()} == {
        f"{row.reference}.code-end": row.ends_at,
        f"{row.reference}.agreed-until": date(2026, 11, 20),
        f"{campaign.reference}.campaign-end": campaign.ends_on,
        f"{access.reference}.review": date(2026, 12, 5),
        f"{engagement.reference}.review": date(2026, 12, 1),
        f"{review.reference}.next-review": date(2027, 2, 1),
        f"{finding.reference}.finding": finding.by,
    }
    for event in events.values():
        assert event["status"] == "CONFIRMED" and int(event["sequence"]) == 0
        assert event.decoded("dtstamp") == event.decoded("last-modified") == desk.at
        assert str(event["url"]).startswith("http://localhost:8000/")
    whole = events[f"{row.reference}.agreed-until"]
    assert whole["dtstart"].params["VALUE"] == "DATE" and whole.decoded("dtend") == date(2026, 11, 21)


def an_access(desk: Desk) -> Access:
    return center(desk)[2]


def test_the_file_says_how_often_to_look_and_holds_no_code(desk: Desk) -> None:
    row = desk.in_use()
    feed = made(desk)
    raw = read_feed(link=feed.link, at=desk.at)
    calendar = Calendar.from_ical(raw)
    assert calendar.decoded("refresh-interval") == timedelta(hours=6)
    assert str(calendar["x-wr-calname"]) == "Valetkey: Bo" and str(calendar["version"]) == "2.0"
    assert row.code is not None and row.code.reveal().encode() not in raw and b"@example.org" not in raw
    assert all(len(line) <= 75 for line in raw.split(b"\r\n")) and raw.endswith(b"END:VCALENDAR\r\n")


def test_the_same_record_gives_the_same_file_to_the_letter(desk: Desk) -> None:
    desk.in_use()
    feed = made(desk)
    first = read_feed(link=feed.link, at=desk.at)
    assert read_feed(link=feed.link, at=desk.later(hours=30)) == first
    assert list(FeedEvent.objects.values_list("sequence", flat=True)) == [0]


def test_what_moves_keeps_its_uid_and_gets_a_higher_sequence(desk: Desk) -> None:
    campaign, feed = desk.campaign(), made(desk)
    uid = f"{campaign.reference}.campaign-end"
    assert int(read(feed, desk)[uid]["sequence"]) == 0
    for number in (1, 2):
        desk.later(days=1)
        last = campaign.ends_on + timedelta(days=number)
        change_campaign(campaign=campaign, ends_on=last, actor=desk.bo, at=desk.at)
        event = read(feed, desk)[uid]
        assert (int(event["sequence"]), event.decoded("dtstart")) == (number, last)
        assert event.decoded("last-modified") == desk.at
        assert int(read(feed, desk)[uid]["sequence"]) == number, "reading again is no change"


def test_what_is_gone_is_cancelled_without_its_words_and_may_come_back(desk: Desk) -> None:
    finding, feed = found(desk, by=desk.at + timedelta(days=9)), made(desk)
    uid = f"{finding.reference}.finding"
    read(feed, desk)
    close(finding, desk.later(days=1))
    event = read(feed, desk)[uid]
    assert (event["status"], int(event["sequence"])) == ("CANCELLED", 1)
    assert event.decoded("dtstart") == finding.by and str(event["summary"]) == "Cancelled" and "url" not in event
    type(finding).objects.filter(pk=finding.pk).update(closed_at=None)
    desk.later(days=1)
    event = read(feed, desk)[uid]
    assert (event["status"], int(event["sequence"]), str(event["summary"])) == ("CONFIRMED", 2, finding.sentence)


def test_a_code_that_was_ended_early_is_cancelled_and_one_that_ran_out_is_not(desk: Desk) -> None:
    early, feed = desk.in_use(), made(desk)
    uid = f"{early.reference}.code-end"
    assert read(feed, desk)[uid]["status"] == "CONFIRMED"
    Authorization.objects.filter(pk=early.pk).update(state="ended")
    assert read(feed, desk)[uid]["status"] == "CANCELLED"
    Authorization.objects.filter(pk=early.pk).update(state="in_use")
    read(feed, desk)
    desk.later(days=31)
    services.expire(authorization=early, actor=HOST, at=desk.at)
    assert read(feed, desk)[uid]["status"] == "CONFIRMED", "it did end on that day"
    desk.later(days=60)
    assert uid not in read(feed, desk)


def test_each_sees_their_own(desk: Desk) -> None:
    campaign, row = desk.campaign(), desk.in_use()
    Authorization.objects.filter(pk=row.pk).update(agreed_until=None)
    found(desk, by=desk.at + timedelta(days=3))
    assert set(read(made(desk, "Mara"), desk)) == {f"{row.reference}.code-end"}
    assert len(read(made(desk, "Bo"), desk)) == 3 and len(read(made(desk, "Vera"), desk)) == 3
    assert not read(made(desk, "Sam"), desk)
    assert len(read(made(desk, "Ada"), desk)) == 3 and len(read(made(desk, "Otto"), desk)) == 3
    assert f"{campaign.reference}.campaign-end" in read(made(desk, "Bo"), desk)


def test_one_of_a_campaign_holds_it_and_its_codes(desk: Desk) -> None:
    desk.campaign()
    row = desk.in_use()
    campaign = desk.campaign()
    services.set_campaigns(authorization=row, campaigns=[campaign], actor=desk.bo, at=desk.at)
    Authorization.objects.filter(pk=row.pk).update(agreed_until=None)
    its = found(desk, by=desk.at + timedelta(days=3), subject=row.reference)
    found(desk, by=desk.at + timedelta(days=3))
    feed = made(desk, campaign=campaign)
    assert set(read(feed, desk)) == {
        f"{campaign.reference}.campaign-end", f"{row.reference}.code-end", f"{its.reference}.finding",
    }  # fmt: skip
    with pytest.raises(NotFound):
        add_feed(user=user("Sam"), campaign=campaign, actor=desk.stranger, at=desk.at)


def nothing(feed: MadeFeed, desk: Desk) -> bool:
    with pytest.raises(NotFound) as refused:
        read_feed(link=feed.link, at=desk.at)
    return refused.value.code == "no_such_link"


def test_whoever_was_deactivated_or_left_gets_nothing(desk: Desk) -> None:
    desk.in_use()
    kim, vera, bo, ada = (made(desk, name) for name in ("Kim", "Vera", "Bo", "Ada"))
    accounts.end_user(user=user("Kim"), actor=HOST, at=desk.at)
    accounts.leave(user=user("Vera"), party=desk.advertiser, actor=HOST, at=desk.at)
    Person.objects.filter(user=user("Bo")).update(left_on=desk.at.date())
    assert nothing(kim, desk) and nothing(vera, desk)
    assert read(bo, desk), "it is their last day"
    desk.later(days=1)
    assert nothing(bo, desk)
    assert read(ada, desk)
    Person.objects.create(
        name="Ada", kept_by=desk.advertiser, party=desk.advertiser, user=user("Ada"), left_on=AT.date(), created_at=AT
    )
    assert nothing(ada, desk)


def test_whoever_was_ended_and_is_brought_back_needs_a_new_address(desk: Desk) -> None:
    desk.in_use()
    feed = made(desk, "Kim")
    accounts.end_user(user=user("Kim"), actor=HOST, at=desk.later(days=1))
    desk.later(days=1)
    User.objects.filter(pk=user("Kim").pk).update(is_active=True)
    accounts.join(user=user("Kim"), party=desk.advertiser, role=Role.MEMBER, actor=HOST, at=desk.at)
    assert nothing(feed, desk), "it may be in the very hands for which they were ended"
    assert read(made(desk, "Kim"), desk)


def test_of_two_parties_only_that_which_was_left_falls_silent(desk: Desk) -> None:
    row = desk.in_use()
    Authorization.objects.filter(pk=row.pk).update(agreed_until=None)
    accounts.join(user=user("Sam"), party=desk.advertiser, role=Role.VIEWER, actor=HOST, at=desk.at)
    feed = made(desk, "Sam")
    assert read(feed, desk)
    Person.objects.filter(user=user("Sam"), kept_by=desk.advertiser).update(left_on=desk.at.date())
    desk.later(days=1)
    (event,) = read(feed, desk).values()
    assert event["status"] == "CANCELLED" and "url" not in event


def test_an_ended_one_gives_nothing_and_ending_is_ones_own(desk: Desk) -> None:
    feed = made(desk)
    with pytest.raises(Forbidden):
        end_feed(feed=feed.feed, actor=desk.kim, at=desk.at)
    with pytest.raises(NotFound):
        find_feed(reference=feed.feed.reference, actor=desk.kim)
    end_feed(feed=find_feed(reference=feed.feed.reference, actor=desk.bo), actor=desk.bo, at=desk.at)
    end_feed(feed=feed.feed, actor=desk.admin, at=desk.at)
    assert nothing(feed, desk) and not feeds(actor=desk.bo)
    assert [each.event for each in Entry.objects.filter(subject=feed.feed.subject)] == ["feed.made", "feed.ended"]
    assert feed.link.reveal() not in str(list(Entry.objects.values_list("detail", flat=True)))
    assert nothing(MadeFeed(feed.feed, Secret("x" * 43)), desk) and nothing(MadeFeed(feed.feed, Secret("")), desk)


def test_there_are_enough_at_some_point_and_none_for_somebody_who_acts_for_nobody(desk: Desk) -> None:
    with pytest.raises(Forbidden):
        add_feed(user=user("Bo"), actor=desk.kim, at=desk.at)
    for _ in range(20):
        made(desk)
    with pytest.raises(Conflict, match="20 calendars"):
        made(desk)
    accounts.leave(user=user("Kim"), party=desk.advertiser, actor=HOST, at=desk.at)
    with pytest.raises(Conflict, match="acts for nobody"):
        made(desk, "Kim")
    assert Feed.objects.count() == 20


def test_it_asks_a_bounded_number_of_questions_and_stays_bounded(desk: Desk) -> None:
    many(desk)
    feed = made(desk, "Ada")
    raw = read_feed(link=feed.link, at=desk.at)
    assert raw.count(b"BEGIN:VEVENT") <= 2 * 7 * MOST and b"CANCELLED" not in raw
    with CaptureQueriesContext(connection) as asked:
        read_feed(link=feed.link, at=desk.at)
    assert len(asked) <= 20
    assert b"CANCELLED" not in read_feed(link=feed.link, at=desk.later(days=3)), "behind its reach nothing is gone"


def test_much_that_is_over_hides_nothing_that_is_to_come(desk: Desk) -> None:
    row = desk.in_use()
    ended = [
        Authorization(
            post=row.post, advertiser=row.advertiser, state="expired", created_at=AT, requested_days=30,
            starts_at=AT - timedelta(days=31), ends_at=AT - timedelta(days=1, minutes=number),
        )
        for number in range(MOST + 5)
    ]  # fmt: skip
    Authorization.objects.bulk_create(ended)
    events = read(made(desk), desk)
    assert events[f"{row.reference}.code-end"]["status"] == "CONFIRMED"
    assert f"{ended[0].reference}.code-end" in events and f"{ended[-1].reference}.code-end" not in events
    Authorization.objects.filter(pk=row.pk).update(state="ended")
    assert f"{row.reference}.code-end" not in read(made(desk), desk)


def test_the_address_needs_no_sign_in_and_answers_not_modified(desk: Desk, same_clock: None) -> None:  # noqa: F811
    desk.in_use()
    feed, client = made(desk), Client()
    path = feed.address.removeprefix("http://localhost:8000")
    assert path.startswith("/cal/") and path.endswith(".ics")
    first = client.get(path)
    assert first.status_code == 200 and first.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert first.headers["Cache-Control"] == "private, no-cache" and b"BEGIN:VEVENT" in first.content
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304 and not again.content and again.headers["ETag"] == first.headers["ETag"]
    assert client.head(path).status_code == 200 and client.post(path).status_code == 405
    Authorization.objects.update(agreed_until=date(2026, 11, 21))
    assert client.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200
    assert client.get("/cal/nothing.ics").status_code == 404


def test_the_address_is_in_no_line_of_the_log(desk: Desk, caplog: Any) -> None:
    feed, client = made(desk), Client()
    path = feed.address.removeprefix("http://localhost:8000")
    end_feed(feed=feed.feed, actor=HOST, at=desk.at)
    for answer in (client.get(path), client.post(path), client.get(f"{path}/more")):
        assert answer.status_code in {404, 405}
    lines = [each.getMessage() for each in caplog.records]
    assert any("/cal/…" in line for line in lines) and feed.link.reveal() not in "\n".join(lines)


def test_the_page_shows_the_address_once_and_ends_it(desk: Desk) -> None:
    client = Client()
    client.force_login(User.objects.get(email="bo@example.org"))
    page = client.post("/me/calendars/", {"campaign": ""}).content.decode()
    row = Feed.objects.get()
    assert page.count("/cal/") == 1 and "/cal/" not in client.get("/me/calendars/").content.decode()
    assert client.post(f"/me/calendars/{row.reference}/end/").status_code == 302
    assert Feed.objects.get().ended_at is not None


_happenings = some.dictionaries(
    some.sampled_from(["A.x@h", "B.x@h", "C.x@h"]),
    some.tuples(some.sampled_from(["One", "Two"]), some.dates(date(2026, 10, 1), date(2027, 1, 1))),
)


@trying(max_examples=60)
@given(some.lists(_happenings, max_size=6))
def test_sequences_only_rise_and_rise_only_with_a_change(turns: list[dict[str, tuple[str, date]]]) -> None:
    known: dict[str, Told] = {}
    at = AT
    for turn in turns:
        at += timedelta(hours=1)
        now = [Happening(uid, title, "https://h/", day=day) for uid, (title, day) in turn.items()]
        changed = {each.uid: each for each in news(known, now, at=at)}
        for uid, told in changed.items():
            assert told.sequence == (known[uid].sequence + 1 if uid in known else 0)
        known |= changed
        assert not list(news(known, now, at=at)), "reading again is no news"
        events = Calendar.from_ical(written("N", now, known, at=at)).walk("VEVENT")
        shown = {str(each["uid"]): int(str(each["sequence"])) for each in events}
        assert set(turn) <= set(shown) and all(known[uid].sequence == number for uid, number in shown.items())


def test_names_with_signs_in_them_come_out_as_they_went_in() -> None:
    told = Happening(
        "A.x@h",
        'Semi;colon, "quotes"\\ and\nnew lines äöü 👩‍👩‍👧',
        "https://h/?a=1;b",
        instant=datetime.now().astimezone(),
    )
    known = {each.uid: each for each in news({}, [told], at=AT)}
    (event,) = Calendar.from_ical(written("N;,\n", [told], known, at=AT)).walk("VEVENT")
    assert str(event["summary"]) == told.title.replace("\n", " ") and str(event["url"]) == told.url
    assert asdict(known["A.x@h"])["sequence"] == 0
