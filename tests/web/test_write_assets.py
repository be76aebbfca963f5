"""Assets, their lists of access and who has the login in hand, on pages. Only who has it: no address, no code."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from tests.desk import HOST, Desk
from tests.web.reading import browser, read, same_clock  # noqa: F401
from tests.web.test_write_access import center
from tests.web.test_write_people import entered
from valetkey.accounts import services as accounts
from valetkey.accounts.models import Person
from valetkey.register import services
from valetkey.register.exposed import Shared
from valetkey.register.models import Asset, Exposure, Ownership, Surface

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("same_clock")]

NEW = reverse("asset_new")


def page(row: Any, name: str) -> str:
    return reverse(name, args=[row.reference])


def given(**other: str) -> dict[str, str]:
    return {"platform": "tiktok", "kind": "business_center", "name": "Northwind BC", **other}


def test_an_asset_comes_with_its_usual_lists(desk: Desk) -> None:
    bo = browser(desk.bo)
    assert "The desk asks for no login" in read(bo.get(NEW))
    text = read(bo.post(NEW, given(with_surfaces="on"), follow=True))
    row = Asset.objects.get(name="Northwind BC")
    assert "is on record" in text and Surface.objects.filter(asset=row).count() >= 2
    bo.post(NEW, given(name="Northwind Asia", within=row.reference))
    part = Asset.objects.get(name="Northwind Asia")
    assert part.within == row and not part.surfaces.exists()
    answer = bo.post(NEW, given())
    assert answer.status_code == 422 and row.reference in read(answer)


def test_an_asset_is_changed(desk: Desk) -> None:
    row, bo = center(desk), browser(desk.bo)
    assert row.name not in bo.get(page(row, "asset_change")).content.decode().partition('name="within"')[2][:400]
    bo.post(page(row, "asset_change"), {"name": "BC of Northwind", "platform_id": "7100000000000000001"})
    row.refresh_from_db()
    assert (row.name, row.platform_id) == ("BC of Northwind", "7100000000000000001")


def test_of_an_ad_account_only_what_its_own_page_does_not_change(desk: Desk) -> None:
    row, bo = center(desk), browser(desk.bo)
    form = bo.get(page(desk.eu, "asset_change")).content.decode()
    assert 'name="within"' in form and 'name="name"' not in form
    bo.post(page(desk.eu, "asset_change"), {"within": row.reference, "note": "Ours.", "region": "de"})
    found = Asset.objects.get(pk=desk.eu.pk)
    assert (found.within, found.note, found.region, found.name) == (row, "Ours.", "DE", desk.eu.name)
    shown = bo.get(reverse("record_asset", args=[found.reference])).content.decode()
    assert "<dt>Region</dt><dd>DE</dd>" in shown


def test_surfaces_are_added_and_changed(desk: Desk) -> None:
    row, bo = center(desk), browser(desk.bo)
    bo.post(page(row, "surface_new"), {"name": "Sheet of the agency", "path": "Drive › Sheets"})
    own = Surface.objects.get(asset=row, name="Sheet of the agency")
    assert own.kind == "" and own.path == "Drive › Sheets"
    assert "This field is required." in read(bo.post(page(row, "surface_new"), {}))
    bo.post(page(own, "surface_change"), {"name": "The sheet", "path": "Drive › Sheets", "kind": ""})
    own.refresh_from_db()
    assert own.name == "The sheet"
    assert "Nothing to add" in read(bo.post(page(row, "surfaces_usual"), follow=True))
    Surface.objects.filter(asset=row).exclude(kind="").delete()
    assert "Added:" in read(bo.post(page(row, "surfaces_usual"), follow=True))
    kind = Surface.objects.filter(asset=row).exclude(kind="").first()
    assert kind is not None
    Surface.objects.filter(pk=kind.pk).delete()
    bo.post(page(row, "surface_new"), {"kind": kind.kind})
    assert Surface.objects.get(asset=row, kind=kind.kind).name == kind.name


def test_who_owns_it_is_written_down_and_confirmed(desk: Desk) -> None:
    row, bo, jo = center(desk), browser(desk.bo), entered(desk)
    assert "Nothing is on record yet." in read(bo.get(page(row, "ownership_confirm")))
    assert "not on record yet" in read(bo.post(page(row, "ownership_confirm")))
    text = read(bo.get(page(row, "asset_ownership")))
    assert "never the address, number or code" in text and "Jo Berg" in text
    bo.post(
        page(row, "asset_ownership"), {"owned_by": "Northwind", "owner": jo.reference, "backup_codes": jo.reference}
    )
    found = Ownership.objects.get(asset=row)
    assert (found.owned_by, found.owner, found.backup_codes, found.recovery_mail) == (desk.advertiser, jo, jo, None)
    bo.post(page(row, "ownership_confirm"), {"evidence": "Asked Jo, who showed it."})
    found.refresh_from_db()
    assert found.confirmed_by == "Bo" and found.evidence == "Asked Jo, who showed it."
    assert "Jo Berg" in read(bo.get(page(row, "ownership_confirm")))
    bo.post(page(row, "asset_ownership"), {"owned_by": "Northwind", "backup_codes": jo.reference})
    found.refresh_from_db()
    assert found.owner is None and found.backup_codes == jo and found.confirmed_at is None


def test_who_has_left_can_still_hold_the_phone(desk: Desk) -> None:
    row, bo, jo = center(desk), browser(desk.bo), entered(desk)
    accounts.person_left(person=jo, on=desk.at.date().replace(day=1), actor=HOST, at=desk.at)
    bo.post(page(row, "asset_ownership"), {"recovery_phone": jo.reference})
    assert Ownership.objects.get(asset=row).recovery_phone == jo


def test_a_shared_login_names_the_asset_and_the_people(desk: Desk) -> None:
    row, bo, jo = center(desk), browser(desk.bo), entered(desk)
    address = f"{reverse('exposure_new')}?asset={row.reference}"
    assert f'value="{row.reference}" selected' in bo.get(address).content.decode()
    typed = {"held_by": desk.advertiser.reference, "shared": Shared.PASSWORD.value}
    assert "Say which account it is." in read(bo.post(address, typed))
    bo.post(address, {**typed, "asset": row.reference})
    found = Exposure.objects.get()
    assert (found.asset, found.account) == (row, "Northwind BC")
    known = reverse("exposure", args=[found.reference])
    assert "Say who knows it." in read(bo.post(known, {}))
    text = read(bo.post(known, {"person": jo.reference}, follow=True))
    assert "Jo Berg is on the list." in text and found.knowers.get().person == jo


def test_ownership_of_a_long_record_stays_light(desk: Desk, django_assert_max_num_queries: Any) -> None:
    row, bo = center(desk), browser(desk.bo)
    for number in (100, 10_000):
        Person.objects.bulk_create(
            Person(kept_by=desk.advertiser, party=desk.advertiser, name=f"Person {n}", created_at=desk.at)
            for n in range(number - Person.objects.filter(kept_by=desk.advertiser).count())
        )
        with django_assert_max_num_queries(25):
            answer = bo.get(page(row, "asset_ownership"))
        assert len(answer.content) < 100_000
    person = Person.objects.filter(name="Person 77").first()
    assert person is not None
    services.set_ownership(asset=row, changes={"owner": person}, actor=HOST, at=desk.at)
    shown = bo.get(page(row, "asset_ownership")).content.decode()
    assert f'value="Person 77 · {person.reference}"' in shown
    bo.post(page(row, "asset_ownership"), {"owner": f"Person 77 · {person.reference}", "evidence": "Seen."})
    assert Ownership.objects.get().owner == person


PAGES = ("asset_change", "asset_ownership", "ownership_confirm", "surface_new")


@pytest.mark.parametrize(("who", "status"), [("mara", 404), ("stranger", 404), ("viewer", 403), ("auditor", 403)])
def test_others_write_nothing(desk: Desk, who: str, status: int) -> None:
    row, client = center(desk), browser(getattr(desk, who))
    surface = services.surfaces(asset=row)[0]
    for address in (*(page(row, name) for name in PAGES), page(surface, "surface_change")):
        assert client.get(address).status_code == client.post(address).status_code == status
    assert client.post(page(row, "surfaces_usual")).status_code == status
    assert client.get(page(row, "surfaces_usual")).status_code == 405
