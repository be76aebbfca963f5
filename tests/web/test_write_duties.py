"""Engagements and responsibilities on pages: begun, changed, passed on, ended; each party's own."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from tests.desk import HOST, Desk
from tests.web.reading import browser, read, same_clock  # noqa: F401
from tests.web.test_write_people import entered
from valetkey.accounts import services as accounts
from valetkey.register import services
from valetkey.register.models import Engagement, Responsibility

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("same_clock")]

ENGAGEMENTS, RESPONSIBILITIES = reverse("engagements"), reverse("responsibilities")


def started(desk: Desk, **other: Any) -> Engagement:
    known = {"kept_by": desk.advertiser, "party": desk.rival, "purpose": "media buying", "starts_on": desk.at.date()}
    return services.start_engagement(**{**known, "actor": HOST, "at": desk.at, **other})


def given(desk: Desk, **other: Any) -> Responsibility:
    known = {"kept_by": desk.advertiser, "occasion": "leaver", "what": "Take them off every list", "within_days": 1}
    known |= {"person": other.pop("person", None) or entered(desk), "actor": HOST, "at": desk.at}
    return services.give_responsibility(**{**known, **other})


def page(row: Any, name: str) -> str:
    return reverse(name, args=[row.reference])


def test_empty_lists_teach(desk: Desk) -> None:
    bo = browser(desk.bo)
    assert "No engagement is on record" in read(bo.get(ENGAGEMENTS))
    assert "Nobody is named yet" in read(bo.get(RESPONSIBILITIES))
    assert "Start an engagement" not in read(browser(desk.viewer).get(ENGAGEMENTS))


def test_an_engagement_from_start_to_end(desk: Desk) -> None:
    bo, jo = browser(desk.bo), entered(desk)
    typed = {"party": "Contoso", "purpose": "media buying", "starts_on": "2026-11-02", "review_on": "2026-12-01"}
    text = read(bo.post(reverse("engagement_new"), {**typed, "owner": jo.reference}, follow=True))
    row = Engagement.objects.get()
    assert "Contoso" in text and "media buying" in text and "Jo Berg" in text and "no last day agreed" in text
    bo.post(page(row, "engagement_change"), {**typed, "owner": jo.reference, "ends_on": "2027-03-31"})
    row.refresh_from_db()
    assert row.ends_on == date(2027, 3, 31) and row.purpose == "media buying"
    assert "Their access does not end with it." in read(bo.get(page(row, "engagement_end")))
    bo.post(page(row, "engagement_end"), {"reason": "The launch is over."})
    row.refresh_from_db()
    assert row.ended_at == desk.at
    text = read(bo.get(ENGAGEMENTS))
    assert "ended" in text and "The launch is over." in text and "Change" not in text
    assert "over already" in read(bo.post(page(row, "engagement_end"), {"reason": "Again."}))


def test_days_in_the_wrong_order_are_told(desk: Desk) -> None:
    typed = {"party": "Contoso", "purpose": "x", "starts_on": "2026-11-02", "ends_on": "2026-11-01"}
    answer = browser(desk.bo).post(reverse("engagement_new"), typed)
    assert answer.status_code == 422 and "It ends before it starts." in read(answer)


def test_what_is_due_and_past_is_marked(desk: Desk) -> None:
    row = started(desk, review_on=desk.at.date(), ends_on=desk.at.date())
    bo = browser(desk.bo)
    assert "due" not in read(bo.get(ENGAGEMENTS))
    desk.later(days=2)
    text = read(bo.get(ENGAGEMENTS))
    assert "due" in text and "past, not ended" in text and row.ended_at is None


def test_a_responsibility_from_one_to_the_next(desk: Desk) -> None:
    bo, jo = browser(desk.bo), entered(desk)
    uma = accounts.enter_person(kept_by=desk.advertiser, name="Uma", actor=HOST, at=desk.at)
    address = f"{reverse('responsibility_new')}?person={jo.reference}"
    assert f'value="{jo.reference}" selected' in bo.get(address).content.decode()
    typed = {"occasion": "leaver", "what": "Take them off every list", "within_days": "0", "person": jo.reference}
    assert "cannot stand in for themselves" in read(bo.post(address, {**typed, "backup": jo.reference}))
    text = read(bo.post(address, {**typed, "backup": uma.reference}, follow=True))
    row = Responsibility.objects.get()
    assert "Take them off every list" in text and "the same day" in text and "When somebody leaves" in text
    assert jo.reference not in bo.get(page(row, "responsibility_pass")).content.decode()
    bo.post(page(row, "responsibility_pass"), {"to": uma.reference})
    row.refresh_from_db()
    assert (row.person, row.backup) == (uma, None)
    assert "It is not opened again" in read(bo.get(page(row, "responsibility_end")))
    bo.post(page(row, "responsibility_end"), {"reason": "Done by the platform now."})
    row.refresh_from_db()
    assert row.ended_at == desk.at and "Pass on" not in read(bo.get(RESPONSIBILITIES))


def test_one_of_somebody_who_left_stands_out(desk: Desk) -> None:
    row, bo = given(desk), browser(desk.bo)
    accounts.person_left(person=row.person, on=desk.at.date(), actor=HOST, at=desk.at)
    desk.later(days=2)
    assert "has left" in read(bo.get(RESPONSIBILITIES))


PAGES = ("engagement_change", "engagement_end", "responsibility_pass", "responsibility_end")


@pytest.mark.parametrize(("who", "status"), [("mara", 404), ("stranger", 404), ("viewer", 403), ("auditor", 403)])
def test_others_write_nothing(desk: Desk, who: str, status: int) -> None:
    rows = {"engagement": started(desk), "responsibility": given(desk)}
    client = browser(getattr(desk, who))
    for name in PAGES:
        address = page(rows[name.partition("_")[0]], name)
        assert client.get(address).status_code == client.post(address, {"reason": "x"}).status_code == status
    seen = read(client.get(ENGAGEMENTS)) + read(client.get(RESPONSIBILITIES))
    assert ("media buying" in seen) == (status == 403) and "End" not in seen.replace("Ending", "")


def test_many_do_not_slow_the_lists_down(desk: Desk, django_assert_max_num_queries: Any) -> None:
    jo, today = entered(desk), desk.at.date()
    Engagement.objects.bulk_create(
        Engagement(kept_by=desk.advertiser, party=desk.rival, purpose=f"p{n}", starts_on=today, created_at=desk.at)
        for n in range(500)
    )
    Responsibility.objects.bulk_create(
        Responsibility(
            kept_by=desk.advertiser, person=jo, occasion="leaver", what=f"w{n}", within_days=1, created_at=desk.at
        )
        for n in range(500)
    )
    bo = browser(desk.bo)
    for address in (ENGAGEMENTS, RESPONSIBILITIES):
        with django_assert_max_num_queries(20):
            answer = bo.get(address)
        assert len(answer.content) < 100_000
