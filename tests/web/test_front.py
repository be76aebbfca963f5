"""The front: what waits for whom, and with nothing waiting the first step that makes sense."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from tests.desk import HOST, Desk
from tests.many import many
from tests.web.reading import browser, read, same_clock  # noqa: F401
from valetkey.accounts import services as accounts
from valetkey.accounts.models import User
from valetkey.audit.entry import Actor, Door
from valetkey.authorizations import services
from valetkey.authorizations.models import Authorization
from valetkey.authorizations.services.waiting import Group
from valetkey.web.views.front import HEADINGS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("same_clock")]

FRONT = reverse("front")


def front(actor: Actor) -> str:
    answer = browser(actor).get(FRONT)
    assert answer.status_code == 200
    return read(answer)


@pytest.mark.parametrize(
    ("who", "step"),
    [
        ("mara", "Authorize a post"),
        ("bo", "Ask for a post"),
        ("viewer", "Ask for a post"),
        ("admin", "Invite the people"),
        ("auditor", "Read the history"),
    ],
)
def test_with_nothing_waiting_there_is_one_first_step(desk: Desk, who: str, step: str) -> None:
    text = front(getattr(desk, who))
    assert "Nothing waits" in text and step in text


def test_who_acts_for_nobody_is_told_whom_to_ask(desk: Desk) -> None:
    user = accounts.create_user(email="new@example.org", name="New", actor=HOST, at=desk.at)
    assert "You act for nobody yet" in front(Actor(name="New", door=Door.WEB, user_id=user.pk))


def test_a_request_waits_for_the_creator_and_leads_to_the_answer(desk: Desk) -> None:
    row = services.request(
        creator=desk.creator, advertiser=desk.advertiser, platform="tiktok", post_id=desk.post.platform_id, days=30,
        actor=desk.bo, at=desk.at,
    )  # fmt: skip
    page = browser(desk.mara).get(FRONT)
    assert "Requests to answer" in read(page) and reverse("issue", args=[row.reference]) in page.content.decode()
    assert "Requests to answer" not in front(desk.bo)
    assert "Requests to answer" in front(desk.admin)


def test_what_waits_for_others_is_not_put_to_the_admin_as_theirs(desk: Desk) -> None:
    row = desk.issued()
    text = front(desk.admin)
    assert "What waits for others" in text and "Waits for the creator." in text and "Hand it over" not in text
    assert f"Look at it : {row.post.name}" in text and "All rights given" not in text
    assert "What waits for you" in front(desk.mara) and f"Hand it over : {row.post.name}" in front(desk.mara)


def test_each_side_sees_its_own_turns(desk: Desk) -> None:
    row = desk.issued()
    assert "Codes to hand over" in front(desk.mara) and "Nothing waits" in front(desk.bo)
    services.hand_over(authorization=row, recipient="Bo", actor=desk.mara, at=desk.at)
    assert "Codes to open" in front(desk.bo) and "Codes to hand over" not in front(desk.mara)
    services.open(authorization=row, actor=desk.bo, at=desk.at)
    assert "To apply" in front(desk.bo)
    desk.applied(row)
    assert "Nothing waits" in front(desk.bo)
    services.ask_to_end(authorization=row, reason="Early end.", actor=desk.mara, at=desk.at)
    assert "Asked to end" in front(desk.bo)
    services.acknowledge_end(authorization=row, actor=desk.bo, at=desk.at)
    services.pause_ads(authorization=row, actor=desk.bo, at=desk.at)
    assert "To switch off" in front(desk.mara) and "Asked to end" not in front(desk.bo)
    services.switch_off(authorization=row, actor=desk.mara, at=desk.at)
    assert "To confirm" in front(desk.mara)
    services.confirm_end(authorization=row, actor=desk.mara, at=desk.at)
    assert "To tell" in front(desk.mara)
    services.tell_advertiser(authorization=row, how="by mail", actor=desk.mara, at=desk.at)
    assert "Nothing waits" in front(desk.mara)


def test_an_end_before_its_campaign_is_seen_two_weeks_ahead(desk: Desk) -> None:
    row = desk.issued(campaigns=(desk.campaign(days=50),))
    desk.applied(row)
    assert "End before their campaign" not in front(desk.bo)
    desk.later(days=17)
    assert "End before their campaign" in front(desk.bo)
    row.campaigns.clear()
    assert "End before their campaign" not in front(desk.bo)


def test_an_outcome_that_is_not_known_waits_for_both(desk: Desk) -> None:
    row = desk.issued()
    Authorization.objects.filter(pk=row.pk).update(is_uncertain=True, claim_verb="extend", claim_id="0" * 32)
    for actor in (desk.mara, desk.bo, desk.admin):
        assert "Do not repeat it: look at the platform." in front(actor)


def test_the_newest_rights_are_the_creators(desk: Desk) -> None:
    desk.issued()
    assert "Newest rights given" in front(desk.mara)
    assert "Newest rights given" not in front(desk.bo)


def test_the_stranger_sees_nothing_of_it(desk: Desk) -> None:
    row = desk.issued()
    text = front(desk.stranger)
    assert row.reference not in text and desk.post.name not in text and "Nothing waits" in text


def test_every_reason_to_wait_has_its_words_and_a_list_that_works(desk: Desk) -> None:
    assert set(HEADINGS) == set(Group)
    client = browser(desk.bo)
    for heading in HEADINGS.values():
        page = read(client.get(f"{reverse('authorizations')}?{heading.rest}"))
        assert "is nothing that" not in page and "no filter" not in page


def test_it_stays_quick_at_ten_thousand(desk: Desk, django_assert_max_num_queries: Any) -> None:
    many(desk)
    desk.later(days=10)
    for actor in (desk.mara, desk.bo, desk.admin):
        client = browser(actor)
        client.get(FRONT)
        with django_assert_max_num_queries(24):
            answer = client.get(FRONT)
        assert len(answer.content) < 40_000 and "Show all of these" in read(answer)


def test_days_are_counted_in_the_zone_of_whoever_looks(desk: Desk) -> None:
    row = desk.issued()
    services.hand_over(authorization=row, recipient="Bo", actor=desk.mara, at=desk.at)
    accounts.set_time_zone(user=_user(desk.bo), time_zone="America/New_York", actor=desk.bo, at=desk.at)
    assert row.ends_at == desk.at + timedelta(days=30)
    assert "Wed 2 Dec 2026, 04:00 (America/New_York), in 30 days" in front(desk.bo)


def _user(actor: Actor) -> User:
    assert actor.user_id is not None
    return User.objects.get(pk=actor.user_id)
