"""Access on pages: opened with a clear end, changed, confirmed, ended; one at a time, and never the authorization's."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from tests.desk import HOST, Desk
from tests.web.reading import browser, read, same_clock  # noqa: F401
from tests.web.test_write_people import entered
from valetkey.accounts.models import User
from valetkey.register import services
from valetkey.register.catalogue import surface_kind
from valetkey.register.models import Access, Asset, Surface

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("same_clock")]


def center(desk: Desk) -> Asset:
    return services.enter_asset(
        held_by=desk.advertiser, platform="tiktok", kind="business_center", name="Northwind BC", actor=HOST, at=desk.at
    )


def a_list(desk: Desk) -> Surface:
    return services.surfaces(asset=center(desk))[0]


def opened(desk: Desk, **other: Any) -> Access:
    known = {
        "surface": other.pop("surface", None) or a_list(desk),
        "person": other.pop("person", None) or entered(desk),
    }
    known |= {"role": "Operator", "end": Access.End.UNKNOWN, "actor": HOST, "at": desk.at}
    return services.open_access(**{**known, **other})


def page(row: Access, name: str) -> str:
    return reverse(f"access_{name.replace('-', '_')}", args=[row.reference])


def fields(**other: str) -> dict[str, str]:
    return {"role": "Operator", "end": "unknown", **other}


def test_the_three_ends_are_kept_apart(desk: Desk) -> None:
    surface, person, bo = a_list(desk), entered(desk), browser(desk.bo)
    address = reverse("access_open", args=[surface.reference])
    for end, until in (("at", "2026-12-31"), ("none", ""), ("unknown", "")):
        bo.post(address, {"person": person.reference, "role": f"Role {end}", "end": end, "until": until})
    found = {row.end: row.until for row in Access.objects.filter(person=person)}
    assert found == {"at": datetime(2027, 1, 1, tzinfo=UTC), "none": None, "unknown": None}


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"end": "at"}, "Say on which day it ends."),
        ({"end": "none", "until": "2026-12-31"}, "Leave the day out"),
        ({"end": "unknown", "until": "2026-12-31"}, "Leave the day out"),
        ({"end": ""}, "This field is required."),
        ({"end": "at", "until": "31.12."}, "Enter a valid date"),
        ({"person": ""}, "Say who has it"),
        ({"person": "NOPE"}, "Select a valid choice"),
        ({"holder": "Nowhere"}, "no party “Nowhere”"),
        ({"end": "at", "until": "2026-12-31", "since": "2027-01-01"}, "would end before it starts"),
    ],
)
def test_an_unclear_one_is_asked_again(desk: Desk, typed: dict[str, str], said: str) -> None:
    surface, person = a_list(desk), entered(desk)
    answer = browser(desk.bo).post(
        reverse("access_open", args=[surface.reference]), fields(person=person.reference) | typed
    )
    assert answer.status_code == 422 and said in read(answer) and not Access.objects.filter(person=person).exists()


def test_a_day_is_a_day_where_it_is_typed(desk: Desk) -> None:
    """From the first hour of the first day to the end of the last, in the zone of whoever types; and shown as typed."""
    User.objects.filter(email="bo@example.org").update(time_zone="America/New_York")
    surface, person, bo = a_list(desk), entered(desk), browser(desk.bo)
    typed = fields(person=person.reference, since="2026-11-02", end="at", until="2026-12-31")
    bo.post(reverse("access_open", args=[surface.reference]), typed)
    row = Access.objects.get(person=person)
    assert (row.since, row.until) == (datetime(2026, 11, 2, 5, tzinfo=UTC), datetime(2027, 1, 1, 5, tzinfo=UTC))
    form = bo.get(page(row, "change")).content.decode()
    assert 'value="2026-11-02"' in form and 'value="2026-12-31"' in form


def test_a_note_changes_nothing_else(desk: Desk) -> None:
    """Not an end at an odd minute either, which a day in a form cannot say."""
    until = desk.at + timedelta(days=9, minutes=17)
    row, bo = opened(desk, end=Access.End.AT, until=until), browser(desk.bo)
    shown = fields(end="at", until=(until).date().isoformat(), note="Asked Jo.")
    bo.post(page(row, "change"), shown)
    row.refresh_from_db()
    assert (row.until, row.note, row.end) == (until, "Asked Jo.", "at")


def test_an_end_goes_with_its_day(desk: Desk) -> None:
    row, bo = opened(desk, end=Access.End.AT, until=desk.at + timedelta(days=9)), browser(desk.bo)
    bo.post(page(row, "change"), fields(end="none"))
    row.refresh_from_db()
    assert (row.end, row.until) == ("none", None)
    bo.post(page(row, "change"), fields(end="at", until="2026-12-01", review_on="2026-11-20"))
    row.refresh_from_db()
    assert row.until == datetime(2026, 12, 2, tzinfo=UTC) and row.review_on == date(2026, 11, 20)


def test_a_whole_party_can_have_it(desk: Desk) -> None:
    surface = a_list(desk)
    browser(desk.bo).post(reverse("access_open", args=[surface.reference]), fields(holder="Contoso"))
    row = Access.objects.get(surface=surface)
    assert (row.holder, row.person) == (desk.rival, None)


def test_roles_of_the_catalogue_are_offered_with_a_warning(desk: Desk) -> None:
    surface, bo, person = a_list(desk), browser(desk.bo), entered(desk)
    surface = next(each for each in Surface.objects.filter(asset=surface.asset) if each.kind)
    known = surface_kind("tiktok", "business_center", surface.kind)
    assert known is not None
    wide = next(role for role in known.roles if role.is_wide or role.has_money)
    address = reverse("access_open", args=[surface.reference])
    answer = bo.get(address)
    assert wide.name in read(answer) and ("reaches far" in read(answer) or "money" in read(answer))
    assert f'<option value="{wide.name}">' in answer.content.decode()
    typed = fields(person=person.reference, role=wide.name.lower())
    text = read(bo.post(address, typed, follow=True))
    assert "Set a day on which somebody looks at it again." in text


def test_it_is_confirmed_and_ended_with_what_was_seen(desk: Desk) -> None:
    person = entered(desk)
    row = opened(desk, person=person)
    other = opened(desk, surface=row.surface, person=person, role="Analyst")
    bo = browser(desk.bo)
    bo.post(page(row, "confirm"), {"how": "Opened the list: Jo stands there."})
    row.refresh_from_db()
    assert row.confirmed_by == "Bo" and row.confirmed_how == "Opened the list: Jo stands there."
    text = read(bo.get(page(row, "end")))
    assert "This takes nobody off a list on the platform." in text and "1 other access on record, and it stays" in text
    assert "This field is required." in read(bo.post(page(row, "end"), {}))
    bo.post(page(row, "end"), {"reason": "Left.", "how": "No longer on the list."})
    row.refresh_from_db()
    other.refresh_from_db()
    assert row.ended_at == desk.at and row.ended_how == "No longer on the list." and other.ended_at is None
    assert "This access was ended: Left." in read(bo.post(page(row, "end"), {"reason": "Again."}))


def test_an_end_that_nobody_saw_can_be_seen_later(desk: Desk) -> None:
    row, bo = opened(desk), browser(desk.bo)
    services.end_access(access=row, reason="Left.", actor=HOST, at=desk.at)
    assert "It is gone there, too" in read(bo.get(reverse("record_access", args=[row.reference])))
    assert "take them off first" in read(bo.get(page(row, "confirm")))
    bo.post(page(row, "confirm"), {"how": "No longer on the list."})
    row.refresh_from_db()
    assert row.ended_how == "No longer on the list."
    assert "It is gone there, too" not in read(bo.get(reverse("record_access", args=[row.reference])))


def test_of_what_is_over_only_the_note_is_asked(desk: Desk) -> None:
    row, bo = opened(desk), browser(desk.bo)
    services.end_access(access=row, reason="Left.", actor=HOST, at=desk.at)
    form = bo.get(page(row, "change")).content.decode()
    assert 'name="note"' in form and 'name="role"' not in form and 'name="owner"' not in form
    bo.post(page(row, "change"), {"note": "Checked twice."})
    row.refresh_from_db()
    assert row.note == "Checked twice."


def test_it_may_be_left_to_end(desk: Desk) -> None:
    row, bo = opened(desk, end=Access.End.AT, until=desk.at + timedelta(days=9)), browser(desk.bo)
    assert "nobody is told that the end comes near" in read(bo.get(page(row, "let-end")))
    bo.post(page(row, "let-end"))
    row.refresh_from_db()
    assert row.let_end_at == desk.at and row.ended_at is None
    open_end = opened(desk, surface=row.surface, person=row.person, role="Analyst")
    assert "no end that is known" in read(bo.get(page(open_end, "let-end")))
    assert "no end that is known" in read(bo.post(page(open_end, "let-end")))


def test_what_an_authorization_gives_ends_with_it(desk: Desk) -> None:
    desk.in_use()
    row = Access.objects.get(way=Access.Way.AUTHORIZATION)
    mara = browser(desk.mara)
    form = mara.get(page(row, "change")).content.decode()
    assert 'name="purpose"' in form and 'name="until"' not in form and 'name="role"' not in form
    answer = mara.post(page(row, "end"), {"reason": "Done."})
    assert answer.status_code == 422 and "what an authorization gives" in read(answer)
    row.refresh_from_db()
    assert row.ended_at is None
    bo = browser(desk.bo)
    for name in ("change", "confirm", "end", "let-end"):
        assert bo.get(page(row, name)).status_code == 403, "who holds it sees it, and reads only"


@pytest.mark.parametrize(("who", "status"), [("mara", 404), ("stranger", 404), ("viewer", 403), ("auditor", 403)])
def test_others_write_nothing(desk: Desk, who: str, status: int) -> None:
    row, client = opened(desk), browser(getattr(desk, who))
    pages = [page(row, name) for name in ("change", "confirm", "end", "let-end")]
    for address in (*pages, reverse("access_open", args=[row.surface.reference])):
        assert client.get(address).status_code == client.post(address).status_code == status
    row.refresh_from_db()
    assert row.ended_at is None and row.confirmed_at is None


def test_what_has_no_known_end_is_not_asked_to_be_left_to_it(desk: Desk) -> None:
    html = browser(desk.bo).get(page(opened(desk), "let-end")).content.decode()
    assert "there is nothing to wait for" in html and "Let it end</button>" not in html
