"""People on a party's record, on pages: entered, changed, left, back; and nobody else's record is touched."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from tests.desk import HOST, Desk
from tests.web.reading import browser, read, same_clock  # noqa: F401
from valetkey.accounts import services as accounts
from valetkey.accounts.models import Person, User
from valetkey.accounts.policy import Role
from valetkey.register import services

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("same_clock")]

NEW = reverse("person_new")


def entered(desk: Desk, **other: Any) -> Person:
    known = {"kept_by": desk.advertiser, "name": "Jo Berg", "mail": "jo@example.org", "work": "media buyer"}
    return accounts.enter_person(**{**known, "actor": HOST, "at": desk.at, **other})


def page(row: Person, name: str) -> str:
    return reverse(f"person_{name}", args=[row.reference])


def fields(row: Person, **other: str) -> dict[str, str]:
    """What the form of a change sends when only these were typed over."""
    return {"name": row.name, "mail": row.mail, "work": row.work, "party": row.party.name, "note": row.note, **other}


def test_somebody_is_entered_changed_gone_and_back(desk: Desk) -> None:
    bo = browser(desk.bo)
    assert "Onto the record of Northwind" in read(bo.get(NEW))
    text = read(bo.post(NEW, {"name": "Jo Berg", "mail": "jo@example.org", "party": "Northwind"}, follow=True))
    row = Person.objects.get(name="Jo Berg")
    assert "Jo Berg is on the record of Northwind." in text and row.party == row.kept_by == desk.advertiser
    text = read(bo.post(page(row, "change"), fields(row, work="editor", joined_on="2026-05-04"), follow=True))
    row.refresh_from_db()
    assert "Saved." in text and (row.work, row.joined_on, row.mail) == ("editor", date(2026, 5, 4), "jo@example.org")
    assert "Nothing ends by this." in read(bo.get(page(row, "left")))
    bo.post(page(row, "left"), {"on": "2026-11-30"})
    row.refresh_from_db()
    assert row.left_on == date(2026, 11, 30)
    text = read(bo.post(page(row, "back"), follow=True))
    assert Person.objects.get(pk=row.pk).left_on is None and "What was ended stays ended." in text


def test_the_last_day_is_offered_as_today(desk: Desk) -> None:
    row = entered(desk)
    assert f'value="{desk.at.date()}"' in browser(desk.bo).get(page(row, "left")).content.decode()


def test_only_what_was_typed_over_is_changed(desk: Desk) -> None:
    """Somebody else changed the note meanwhile; a form with the old one in it does not bring it back."""
    row, bo = entered(desk), browser(desk.bo)
    stale = fields(row, work="editor")
    accounts.change_person(person=row, changes={"note": "Works from Oslo."}, actor=desk.kim, at=desk.at)
    bo.post(page(row, "change"), stale | {"note": "Works from Oslo."})
    bo.post(page(row, "change"), stale | {"note": "Works from Oslo.", "work": "lead"})
    row.refresh_from_db()
    assert (row.note, row.work) == ("Works from Oslo.", "lead")


def test_somebody_of_another_party_is_entered_by_its_name(desk: Desk) -> None:
    bo = browser(desk.bo)
    answer = bo.post(NEW, {"name": "Uma", "party": "Nowhere"})
    assert (
        answer.status_code == 422 and "no party “Nowhere”" in read(answer) and 'value="Uma"' in answer.content.decode()
    )
    bo.post(NEW, {"name": "Uma", "party": "Contoso"})
    row = Person.objects.get(name="Uma")
    assert (row.kept_by, row.party) == (desk.advertiser, desk.rival)
    bo.post(page(row, "change"), fields(row, party=""))
    row.refresh_from_db()
    assert row.party == desk.advertiser


def test_what_the_service_refuses_stands_on_the_form(desk: Desk) -> None:
    entered(desk)
    answer = browser(desk.bo).post(NEW, {"name": "Jo B.", "mail": "jo@example.org"})
    assert answer.status_code == 422 and 'value="Jo B."' in answer.content.decode()
    assert Person.objects.filter(mail="jo@example.org").count() == 1


def test_a_password_in_the_note_is_not_kept(desk: Desk) -> None:
    answer = browser(desk.bo).post(NEW, {"name": "Jo", "note": "The password is Sunflower88!"})
    assert answer.status_code == 422 and "Sunflower" not in answer.content.decode()
    assert not Person.objects.filter(name="Jo").exists()


def test_who_acts_for_several_says_whose_record(desk: Desk) -> None:
    user = User.objects.get(email="bo@example.org")
    accounts.join(user=user, party=desk.rival, role=Role.MEMBER, actor=HOST, at=desk.at)
    bo = browser(desk.bo)
    text = read(bo.get(NEW))
    assert "First choose whose this belongs to." in text and "Contoso" in text and "Mara Lindt" not in text
    address = f"{NEW}?for={desk.rival.reference}"
    assert "Onto the record of Contoso" in read(bo.get(address))
    bo.post(address, {"name": "Uma", "party": "Contoso"})
    assert Person.objects.get(name="Uma").kept_by == desk.rival
    for other in (desk.creator.reference, "NOPE"):
        assert "First choose whose" in read(bo.post(f"{NEW}?for={other}", {"name": "Ulf"}))
    assert not Person.objects.filter(name="Ulf").exists()


def test_access_for_somebody_begins_with_a_surface(desk: Desk) -> None:
    row, bo = entered(desk), browser(desk.bo)
    center = services.enter_asset(
        held_by=desk.advertiser, platform="tiktok", kind="business_center", name="Northwind BC", actor=HOST, at=desk.at
    )
    surface = services.surfaces(asset=center)[0]
    page_ = bo.get(page(row, "open"), {"q": "BC"})
    assert surface.name in read(page_)
    assert f"{reverse('access_open', args=[surface.reference])}?person={row.reference}" in page_.content.decode()
    assert "is called so" in read(bo.get(page(row, "open"), {"q": "zebra"}))


@pytest.mark.parametrize("who", ["mara", "stranger"])
def test_others_find_nobody(desk: Desk, who: str) -> None:
    row, client = entered(desk), browser(getattr(desk, who))
    for name in ("change", "left", "back", "open"):
        assert client.get(page(row, name)).status_code == client.post(page(row, name)).status_code == 404
    row.refresh_from_db()
    assert row.left_on is None


@pytest.mark.parametrize("who", ["viewer", "auditor"])
def test_who_only_reads_writes_nothing(desk: Desk, who: str) -> None:
    row, client = entered(desk), browser(getattr(desk, who))
    for address in (NEW, *(page(row, name) for name in ("change", "left", "back", "open"))):
        assert client.get(address).status_code == client.post(address, {"name": "X"}).status_code == 403


def test_a_long_record_is_typed_instead_of_listed(desk: Desk, django_assert_max_num_queries: Any) -> None:
    Person.objects.bulk_create(
        Person(
            kept_by=desk.advertiser,
            party=desk.advertiser,
            name=f"Person {n}",
            mail=f"p{n}@example.org",
            created_at=desk.at,
        )
        for n in range(10_000)
    )
    bo, address = browser(desk.bo), reverse("responsibility_new")
    with django_assert_max_num_queries(25):
        answer = bo.get(address)
    assert len(answer.content) < 60_000 and "mail address or reference" in read(answer)
    duty = {"occasion": "leaver", "what": "Take them off every list", "within_days": 1}
    assert "There is no “Person”" in read(bo.post(address, {**duty, "person": "Person"}))
    bo.post(address, {**duty, "person": "p77@example.org"})
    assert services.responsibilities(actor=desk.bo).get().person.name == "Person 77"
