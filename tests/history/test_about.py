"""The history of one thing and all that is about it: for those whose party keeps it, and nobody else."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.authorizations.stage import refused
from tests.desk import HOST, Desk
from valetkey.accounts import services as accounts
from valetkey.accounts.models import Person
from valetkey.audit.entry import GUEST, Actor, Door
from valetkey.audit.models import Entry
from valetkey.authorizations import services
from valetkey.errors import NotFound
from valetkey.history.services import Narrowed, read_about, read_history
from valetkey.register import services as register
from valetkey.register.models import Access, Asset, Surface

pytestmark = pytest.mark.django_db


@pytest.fixture
def jo(desk: Desk) -> Person:
    given = {"actor": desk.mara, "at": desk.at}
    return accounts.enter_person(kept_by=desk.creator, name="Jo", **given)  # type: ignore[arg-type]  # both know them


@pytest.fixture
def account(desk: Desk) -> Asset:
    return register.enter_asset(
        held_by=desk.creator, platform="tiktok", kind="account", name="@mara", with_surfaces=False, actor=desk.mara,
        at=desk.at,
    )  # fmt: skip


@pytest.fixture
def people(desk: Desk, account: Asset) -> Surface:
    return register.enter_surface(asset=account, name="People", actor=desk.mara, at=desk.at)


@pytest.fixture
def access(desk: Desk, jo: Person, people: Surface) -> Access:
    return register.open_access(
        surface=people, person=jo, role="editor", end=Access.End.NONE, actor=desk.mara, at=desk.at
    )


def events(reference: str, actor: Actor, **narrowed: object) -> list[str]:
    found = read_about(reference=reference, narrowed=Narrowed(**narrowed), actor=actor)  # type: ignore[arg-type]
    return [entry.event for entry in found.lines.entries]


def test_of_a_person_also_their_access_long_after_it_ended(desk: Desk, jo: Person, access: Access) -> None:
    register.end_access(access=access, reason="Left.", actor=desk.mara, at=desk.later(days=1))
    told = ["access.ended", "access.opened", "person.entered"]
    assert events(jo.reference, desk.mara) == told
    assert events(access.reference, desk.mara) == told[:2]
    assert events(jo.reference.lower(), desk.mara) == told


def test_of_an_asset_and_a_list_all_that_is_on_it(desk: Desk, account: Asset, people: Surface, access: Access) -> None:
    assert events(account.reference, desk.mara) == ["access.opened", "surface.entered", "asset.entered"]
    assert events(people.reference, desk.mara) == ["access.opened", "surface.entered"]


def test_of_a_party_its_whole_record_and_its_rights(desk: Desk, access: Access) -> None:
    row = desk.issued()
    found = events(desk.creator.reference, desk.mara)
    assert {"access.opened", "person.entered", "asset.entered", "surface.entered", "authorization.issue.done",
            "post.entered"} <= set(found)  # fmt: skip
    assert events(desk.post.reference, desk.mara)[0] == "authorization.issue.done"
    assert events(row.reference, desk.bo) == events(row.reference, desk.mara), "both sides read the same"


def test_of_an_ad_account_its_campaigns(desk: Desk) -> None:
    campaign = desk.campaign()
    assert events(campaign.reference, desk.bo) == ["campaign.entered"]
    assert "campaign.entered" in events(desk.eu.reference, desk.bo)


@pytest.mark.parametrize("who", ["bo", "viewer", "kim", "stranger"])
def test_to_everybody_else_there_is_nothing(
    desk: Desk, jo: Person, account: Asset, people: Surface, access: Access, who: str
) -> None:
    """Bo and Vera act for the advertiser of Mara's authorization, Kim for the advertiser too, Sam for nobody of it."""
    row, actor = desk.issued(), getattr(desk, who)
    for thing in (jo, account, people, access, desk.creator, desk.post):
        with pytest.raises(NotFound) as there:
            read_about(reference=thing.reference, actor=actor)
        with pytest.raises(NotFound) as nowhere:
            read_about(reference="ZZZZZZZ", actor=actor)
        assert str(there.value).replace(thing.reference, "ZZZZZZZ") == str(nowhere.value)
    if who == "stranger":
        with refused("no_such_thing", NotFound):
            read_about(reference=row.reference, actor=actor)


def test_a_viewer_reads_what_their_party_keeps(desk: Desk) -> None:
    assert events(desk.campaign().reference, desk.viewer) == ["campaign.entered"]


def test_who_came_by_a_link_reads_none_of_it(desk: Desk, jo: Person) -> None:
    row = desk.issued()
    guest = Actor(name="bo@example.org, by link", door=Door.WEB, user_id=GUEST)
    for reference in (row.reference, jo.reference, desk.creator.reference):
        with refused("no_such_thing", NotFound):
            read_about(reference=reference, actor=guest)


def test_who_holds_an_access_by_a_right_reads_the_right_and_not_what_the_keeper_notes(desk: Desk) -> None:
    row = desk.in_use()
    access = Access.objects.get(way=Access.Way.AUTHORIZATION)
    keeper, other = (desk.mara, desk.bo) if access.surface.asset.held_by == desk.creator else (desk.bo, desk.mara)
    assert "access.opened" in events(access.reference, keeper)
    with refused("no_such_thing", NotFound):
        read_about(reference=access.reference, actor=other)
    assert "authorization.apply.done" in events(row.reference, other)


def test_the_readers_of_the_desk_read_everything_and_what_somebody_did_to_their_sign_in(desk: Desk) -> None:
    mara = Person.objects.get(user__email="mara@example.org")
    accounts.set_time_zone(user=mara.user, time_zone="Asia/Tokyo", actor=desk.mara, at=desk.at)  # type: ignore[arg-type]  # they have one
    for actor in (desk.admin, desk.auditor, HOST):
        assert "user.time_zone.set" in events(mara.reference, actor)
    assert "user.time_zone.set" not in events(mara.reference, desk.mara)
    assert [each.event for each in read_history(about=mara.reference, actor=HOST).entries] == events(
        mara.reference, HOST
    )


def test_it_is_narrowed_and_paged_like_the_whole(desk: Desk, jo: Person, access: Access) -> None:
    for count in range(3):
        accounts.change_person(person=jo, changes={"note": f"Note {count}"}, actor=desk.mara, at=desk.later(days=1))
    assert events(jo.reference, desk.mara, person="MAR", first_day=desk.at.date()) == ["person.changed"]
    assert events(jo.reference, desk.mara, person="bo") == []
    found, before = [], None
    while True:
        lines = read_about(reference=jo.reference, narrowed=Narrowed(before=before, size=2), actor=desk.mara).lines
        found += [entry.seq for entry in lines.entries]
        before = lines.before
        if before is None:
            break
    assert len(found) == 5 and found == sorted(found, reverse=True)


def test_it_takes_a_handful_of_queries_however_long_it_is(desk: Desk, jo: Person, access: Access) -> None:
    for count in range(60):
        accounts.change_person(person=jo, changes={"note": f"Note {count}"}, actor=desk.mara, at=desk.later(hours=1))
    for reference in (jo.reference, desk.creator.reference, access.reference, "ZZZZZZZ"):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            try:
                read_about(reference=reference, actor=desk.mara)
            except NotFound:
                assert reference == "ZZZZZZZ"
        assert len(asked) <= 15, reference


def test_looking_writes_nothing(desk: Desk, jo: Person) -> None:
    before = Entry.objects.count()
    read_about(reference=jo.reference, actor=desk.mara)
    services.find_post(text=desk.post.reference, actor=desk.mara)
    assert Entry.objects.count() == before
