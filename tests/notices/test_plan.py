"""Who is told of what and when: notices on their pages, and their one mail of the day."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.desk import HOST, Desk
from tests.notices.found import close, found, mails, person_of, reopen, told, user
from valetkey.accounts import services as accounts
from valetkey.accounts.models import Membership, Party, Person
from valetkey.accounts.policy import Role
from valetkey.findings.finding import Group, Severity
from valetkey.findings.models import Finding
from valetkey.notices.models import Digest, Notice
from valetkey.notices.services import plan_notices, set_preference

pytestmark = pytest.mark.django_db
# The desk's clock begins on Monday 2 November 2026 at 9:00; the desk's time zone is UTC.


def in_days(desk: Desk, days: float) -> datetime:
    return desk.at + timedelta(days=days)


def wish(desk: Desk, name: str, **changes: Any) -> None:
    set_preference(user=user(name), changes=changes, actor=HOST, at=desk.at)


def test_the_owner_is_told_once_for_each_lead_time(desk: Desk) -> None:
    found(desk, by=in_days(desk, 20), owner=person_of("Kim", desk.advertiser))
    days = []
    for day in range(21):
        news = plan_notices(at=desk.at)
        assert plan_notices(at=desk.at) == 0
        days += [day] * news
        Digest.objects.update(state="sent", settled_at=desk.at)
        desk.later(days=1)
    # 14 and 7 fall on a Sunday and wait for Monday; 1 falls on the Saturday before the Sunday of its end.
    assert days == [0, 7, 14, 17] and told() == [("Kim", "owner", lead) for lead in (30, 14, 7, 3)]


def test_a_lead_on_a_weekend_waits_for_monday_and_only_the_most_urgent_is_told(desk: Desk) -> None:
    saturday = in_days(desk, 5)
    row = found(desk, by=saturday + timedelta(days=3), owner=person_of("Kim", desk.advertiser))
    plan_notices(at=desk.at)
    assert told() == [("Kim", "owner", 14)]
    for at in (saturday, in_days(desk, 6)):
        assert plan_notices(at=at) == 0
    assert plan_notices(at=in_days(desk, 7)) == 1
    assert told()[1:] == [("Kim", "owner", 1)] and row.notices.count() == 2


def test_what_is_pressing_is_told_on_a_weekend_too(desk: Desk) -> None:
    desk.later(days=5)
    found(desk, by=None, severity=Severity.URGENT, owner=person_of("Kim", desk.advertiser))
    found(desk, by=None, severity=Severity.IMPORTANT, owner=person_of("Kim", desk.advertiser))
    assert plan_notices(at=desk.at) == 1 and mails() == [("Kim", "waiting", 1)]
    assert plan_notices(at=in_days(desk, 2)) == 1


def test_in_quiet_hours_of_their_own_zone_nobody_is_told(desk: Desk) -> None:
    accounts.set_time_zone(user=user("Kim"), time_zone="America/New_York", actor=HOST, at=desk.at)
    found(desk, owner=person_of("Kim", desk.advertiser))
    assert plan_notices(at=desk.at) == 0, "there it is four in the morning"
    assert plan_notices(at=desk.at + timedelta(hours=4)) == 1
    assert Digest.objects.get().day == desk.at.date()


def test_without_an_owner_on_the_desk_the_managers_hear_and_without_them_the_admins(desk: Desk) -> None:
    found(desk)
    found(desk, party=Party.objects.create(name="Nobody yet", kind="creator", created_at=desk.at))
    plan_notices(at=desk.at)
    assert sorted(told()) == [("Ada", "admin", -1), ("Bo", "manager", -1)]


@pytest.mark.parametrize("how", ["left", "membership", "inactive", "viewer", "other record"])
def test_whoever_is_not_there_any_more_is_not_told(desk: Desk, how: str) -> None:
    kim = person_of("Kim", desk.advertiser)
    if how == "left":
        Person.objects.filter(pk=kim.pk).update(left_on=desk.at.date() - timedelta(days=1))
    elif how == "membership":
        accounts.leave(user=user("Kim"), party=desk.advertiser, actor=HOST, at=desk.at)
    elif how == "inactive":
        accounts.end_user(user=user("Kim"), actor=HOST, at=desk.at)
    elif how == "viewer":
        Membership.objects.filter(user=user("Kim")).update(role=Role.VIEWER)
    else:
        kim = person_of("Mara", desk.creator)
    found(desk, owner=kim)
    plan_notices(at=desk.at)
    assert told() == [("Bo", "manager", -1)]


def test_on_their_last_day_they_are_still_there(desk: Desk) -> None:
    Person.objects.filter(user=user("Kim")).update(left_on=desk.at.date())
    found(desk, owner=person_of("Kim", desk.advertiser))
    plan_notices(at=desk.at)
    assert told() == [("Kim", "owner", -1)]


def test_an_admin_who_has_left_wherever_they_were_is_not_told(desk: Desk) -> None:
    day = desk.at.date() - timedelta(days=1)
    ada = Person.objects.create(
        kept_by=desk.rival, party=desk.rival, name="Ada", user=user("Ada"), left_on=day, created_at=desk.at
    )
    found(desk, party=Party.objects.create(name="Nobody yet", kind="creator", created_at=desk.at))
    assert plan_notices(at=desk.at) == 0
    Person.objects.filter(pk=ada.pk).update(left_on=None)
    assert plan_notices(at=desk.at) == 1


def test_handed_to_somebody_it_is_theirs(desk: Desk) -> None:
    found(desk, owner=person_of("Bo", desk.advertiser), handed_to=person_of("Kim", desk.advertiser))
    plan_notices(at=desk.at)
    assert told() == [("Kim", "owner", -1)]


@pytest.mark.parametrize("decision", ["acknowledged", "snoozed", "let_end", "closed"])
def test_of_what_was_decided_nobody_is_told(desk: Desk, decision: str) -> None:
    said: dict[str, dict[str, Any]] = {
        "acknowledged": {"acknowledged_at": desk.at, "acknowledged_as": Severity.SOON},
        "snoozed": {"snoozed_until": in_days(desk, 2)},
        "let_end": {"let_end_at": desk.at},
        "closed": {"closed_at": desk.at},
    }
    row = found(desk, **said[decision])
    assert plan_notices(at=desk.at) == 0
    if decision == "snoozed":
        assert plan_notices(at=in_days(desk, 2)) == 1
    if decision == "acknowledged":
        Finding.objects.filter(pk=row.pk).update(severity=Severity.URGENT)
        assert plan_notices(at=desk.at) == 1


def test_opened_anew_it_is_told_anew(desk: Desk) -> None:
    row = found(desk)
    plan_notices(at=desk.at)
    close(row, desk.later(hours=1))
    reopen(row, desk.later(hours=1))
    assert plan_notices(at=desk.at) == 1 and Notice.objects.values("spell").distinct().count() == 2


def test_an_end_that_moved_on_is_told_of_anew(desk: Desk) -> None:
    row = found(desk, by=in_days(desk, 3))
    plan_notices(at=desk.at)
    for days, news in ((3.5, 0), (10, 1), (10.1, 0), (3, 0)):
        Finding.objects.filter(pk=row.pk).update(by=in_days(desk, days))
        assert plan_notices(at=desk.at) == news


def test_all_of_a_day_goes_into_one_mail(desk: Desk) -> None:
    for number in range(3):
        found(desk, by=in_days(desk, number))
    plan_notices(at=desk.at)
    found(desk)
    plan_notices(at=desk.at)
    assert mails() == [("Bo", "waiting", 4)]


@pytest.mark.parametrize("state", ["sent", "sending", "failed", "tried"])
def test_what_comes_after_the_mail_of_the_day_is_on_the_pages_and_in_the_next_days(desk: Desk, state: str) -> None:
    found(desk)
    plan_notices(at=desk.at)
    said = {"state": "waiting", "tries": 1} if state == "tried" else {"state": state, "settled_at": desk.at}
    Digest.objects.update(**said)
    row = found(desk)
    assert plan_notices(at=desk.later(hours=1)) == 1
    assert mails() == [("Bo", Digest.objects.get().state, 1)] and row.notices.get().waits
    Digest.objects.update(state="sent", settled_at=desk.at)
    plan_notices(at=desk.later(hours=8))
    assert len(mails()) == 1
    plan_notices(at=desk.later(hours=15))
    assert [each[2] for each in mails()] == [1, 1] and not row.notices.get().waits


def test_what_waited_and_was_settled_or_overtaken_meanwhile_goes_out_in_no_mail(desk: Desk) -> None:
    Digest.objects.create(
        user=user("Bo"), day=desk.at.date(), message_id="<1>", state="sent", created_at=desk.at,
        next_try_at=desk.at, settled_at=desk.at,
    )  # fmt: skip
    settled, overtaken, stays = found(desk), found(desk, by=in_days(desk, 4)), found(desk)
    assert plan_notices(at=desk.at) == 3 and Digest.objects.count() == 1
    close(settled, desk.at)
    plan_notices(at=desk.later(days=1))
    digest = Digest.objects.get(state="waiting")
    assert [(each.finding_id, each.lead) for each in digest.notices.order_by("pk")] == [
        (stays.pk, -1),
        (overtaken.pk, 3),
    ]
    assert not Notice.objects.filter(waits=True).exists()


def test_yesterdays_mail_that_arrives_late_is_todays(desk: Desk) -> None:
    found(desk)
    plan_notices(at=desk.at)
    Digest.objects.update(state="waiting", tries=3)
    desk.later(days=1)
    found(desk)
    plan_notices(at=desk.at)
    assert Digest.objects.count() == 1, "it is still on its way"
    Digest.objects.update(state="sent", settled_at=desk.at)
    plan_notices(at=desk.later(hours=1))
    assert Digest.objects.count() == 1
    plan_notices(at=desk.later(days=1))
    assert Digest.objects.count() == 2


def test_who_wants_no_mail_has_it_on_their_pages(desk: Desk) -> None:
    wish(desk, "Bo", by_mail=False)
    found(desk)
    assert plan_notices(at=desk.at) == 1 and not Digest.objects.exists()


def test_a_kind_that_was_muted_comes_by_no_mail(desk: Desk) -> None:
    wish(desk, "Bo", muted=[Group.TIME.value])
    found(desk, group=Group.TIME)
    heard = found(desk, group=Group.PEOPLE)
    assert plan_notices(at=desk.at) == 2
    assert [each.finding for each in Digest.objects.get().notices.all()] == [heard]


def test_lead_times_quiet_hours_and_weekends_are_as_they_want_them(desk: Desk) -> None:
    wish(desk, "Bo", lead_days=[60, 2], quiet_from=None, quiet_until=None, on_weekends=True)
    found(desk, by=in_days(desk, 50))
    assert plan_notices(at=in_days(desk, 5.7)) == 1 and told() == [("Bo", "manager", 60)]


def test_a_run_with_no_news_asks_little_and_writes_nothing(desk: Desk) -> None:
    for number in range(40):
        found(desk, by=in_days(desk, number))
    plan_notices(at=desk.at)
    with CaptureQueriesContext(connection) as few:
        plan_notices(at=desk.at)
    for number in range(400):
        found(desk, by=in_days(desk, number % 30))
    plan_notices(at=desk.at)
    with CaptureQueriesContext(connection) as many:
        assert plan_notices(at=desk.at) == 0
    assert len(few) == len(many) <= 14
    assert not [each for each in many.captured_queries if each["sql"].startswith(("INSERT", "UPDATE"))]
