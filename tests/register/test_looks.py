"""All about one person, party, asset or surface: what is there, as it stood on the day that is looked at."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tests.desk import HOST, Desk
from tests.register.looked_at import MAY, Recorded, recorded
from valetkey.accounts import services as accounts
from valetkey.errors import NotFound
from valetkey.register import services
from valetkey.register.looking import State
from valetkey.timeline.models import Version

pytestmark = pytest.mark.django_db


@pytest.fixture
def record(desk: Desk) -> Recorded:
    return recorded(desk)


def test_a_person_with_all_that_is_theirs(record: Recorded) -> None:
    look = services.look_at_person(person=record.jo.reference, moment=record.now(), actor=record.keeper)
    assert (look.one.name, look.kept_by.name, look.is_there) == ("Jo Weber", "Northwind", True)
    assert look.party is not None and look.party.name == "Northwind"
    assert look.facts["mail"] == "jo.weber@example.org"
    assert [(line.role, line.surface.name, line.end) for line in look.accesses] == [("Admin", "People", "none")]
    assert [line.hands for line in look.ownerships] == [("owner", "second_factor")]
    assert [line.what for line in look.responsibilities] == ["takes them off every list"]
    assert [line.party.name for line in look.engagements] == ["Fabrikam Media"]
    assert not look.exposures and not look.answers_for

    lee = services.look_at_person(person=record.lee.reference.lower(), moment=record.now(), actor=record.keeper)
    assert [line.reference for line in lee.answers_for] == [record.jos.reference]
    assert [(line.account, line.is_open) for line in lee.exposures] == [("@northwind", True)]
    assert [line.person.name for line in lee.responsibilities] == ["Jo Weber"]


def test_a_party_another_party_has_on_record(record: Recorded) -> None:
    look = services.look_at_party(party=record.agency.reference, moment=record.now(), actor=record.keeper)
    assert [line.reference for line in look.accesses] == [record.agencys.reference]
    assert [each.name for each in look.people] == ["Lee Park"]
    assert [line.purpose for line in look.engagements] == ["buys our ads"]
    assert [line.account for line in look.exposures] == ["@northwind"]
    assert not look.assets


def test_a_party_of_ones_own(record: Recorded) -> None:
    look = services.look_at_party(party=record.desk.advertiser.reference, moment=record.now(), actor=record.keeper)
    assert {"Jo Weber", "Bo", "Kim"} <= {each.name for each in look.people}
    assert "Northwind BC" in {each.name for each in look.assets}
    assert len(look.ownerships) == 1


def test_an_asset_and_one_of_its_lists(record: Recorded) -> None:
    look = services.look_at_asset(asset=record.center.reference, moment=record.now(), actor=record.keeper)
    assert [(each.one.name, each.count) for each in look.surfaces] == [("Partners", 1), ("People", 1)]
    assert [line.reference for line in look.accesses] == [record.agencys.reference, record.jos.reference]
    assert look.ownerships[0].owned_by is not None
    assert [line.account for line in look.exposures] == ["@northwind"]
    assert len(look.responsibilities) == 1

    surface = services.look_at_surface(surface=record.people_list.reference, moment=record.now(), actor=record.keeper)
    assert [line.reference for line in surface.accesses] == [record.jos.reference]
    assert surface.asset is not None and surface.asset.name == "Northwind BC"


def test_an_end_on_a_day_is_still_there_on_that_day_and_gone_on_the_next(record: Recorded) -> None:
    def held(day: date) -> list[str]:
        look = services.look_at_party(party=record.agency.reference, moment=record.on(day), actor=record.keeper)
        return [line.reference for line in look.accesses]

    assert held(MAY) == [record.agencys.reference]
    assert held(MAY + timedelta(days=1)) == []


def test_what_is_past_its_end_and_not_ended_is_named_beside(record: Recorded) -> None:
    look = services.look_at_party(
        party=record.agency.reference, moment=record.on(MAY + timedelta(days=9)), actor=record.keeper
    )
    assert [(line.reference, line.state) for line in look.open_too] == [(record.agencys.reference, State.PAST)]


def test_what_is_to_come_is_no_access_yet(record: Recorded) -> None:
    row = record.open(record.lee, since=record.at + timedelta(days=3))
    today = services.look_at_person(person=record.lee.reference, moment=record.now(), actor=record.keeper)
    assert not today.accesses and [line.state for line in today.open_too] == [State.TO_COME]
    later = record.on(record.at.date() + timedelta(days=5))
    then = services.look_at_person(person=record.lee.reference, moment=later, actor=record.keeper)
    assert [line.reference for line in then.accesses] == [row.reference]


def test_a_past_day_shows_the_names_and_facts_of_that_day(record: Recorded) -> None:
    day = record.at.date()
    record.desk.later(days=30)
    said: dict[str, Any] = {"actor": record.keeper, "at": record.at}
    accounts.change_person(person=record.jo, changes={"name": "Jo Wagner"}, **said)
    accounts.rename_party(party=record.desk.advertiser, name="Northwind Traders", actor=HOST, at=record.at)
    services.change_access(access=record.jos, changes={"role": "Standard"}, **said)
    services.change_asset(asset=record.center, changes={"name": "Northwind Center"}, **said)

    def seen(moment: object) -> tuple[str, ...]:
        (line,) = services.look_at_person(person=record.jo.reference, moment=moment, actor=record.keeper).accesses  # type: ignore[arg-type]
        assert line.person is not None
        return line.person.name, line.party.name, line.asset.name, line.role

    assert seen(record.on(day)) == ("Jo Weber", "Northwind", "Northwind BC", "Admin")
    assert seen(record.now()) == ("Jo Wagner", "Northwind Traders", "Northwind Center", "Standard")
    assert seen(record.on(day, as_known_now=True)) == seen(record.now())


def test_what_was_ended_later_was_there_before(record: Recorded) -> None:
    day = record.at.date()
    record.desk.later(days=3)
    services.end_access(access=record.jos, reason="moved on", how="not on the list", actor=record.keeper, at=record.at)
    for moment in (record.on(day), record.on(day, as_known_now=True)):
        look = services.look_at_person(person=record.jo.reference, moment=moment, actor=record.keeper)
        assert [line.reference for line in look.accesses] == [record.jos.reference]
    today = services.look_at_person(person=record.jo.reference, moment=record.now(), actor=record.keeper)
    assert not today.accesses and not today.open_too
    one = services.look_at_access(access=record.jos.reference, moment=record.now(), actor=record.keeper)
    assert one.accesses[0].state is State.ENDED and one.accesses[0].ended_how == "not on the list"


def test_a_day_before_the_record_knew_is_empty_and_no_refusal(record: Recorded) -> None:
    before = record.on(record.at.date() - timedelta(days=400))
    look = services.look_at_person(person=record.jo.reference, moment=before, actor=record.keeper)
    assert (look.is_there, look.one.name, look.kept_by.name, look.accesses) == (False, "Jo Weber", "Northwind", ())


def test_who_left_is_no_longer_among_the_people_from_the_day_after(record: Recorded) -> None:
    last = record.at.date() + timedelta(days=2)
    accounts.person_left(person=record.lee, on=last, actor=record.keeper, at=record.at)

    def people(day: date) -> list[str]:
        moment = record.on(day)
        look = services.look_at_party(party=record.agency.reference, moment=moment, actor=record.keeper)
        return [each.name for each in look.people]

    assert people(last) == ["Lee Park"]
    assert people(last + timedelta(days=1)) == []


def test_an_engagement_past_its_last_day_goes_on_until_somebody_ends_it(record: Recorded) -> None:
    row = services.engagements(actor=record.keeper)[0]
    last = record.at.date() + timedelta(days=5)
    said: dict[str, Any] = {"actor": record.keeper, "at": record.at}
    services.change_engagement(engagement=row, changes={"ends_on": last}, **said)
    look = services.look_at_party(
        party=record.agency.reference, moment=record.on(last + timedelta(days=9)), actor=record.keeper
    )
    assert [line.ends_on for line in look.engagements] == [last]
    record.desk.later(days=20)
    services.end_engagement(engagement=row, reason="over", actor=record.keeper, at=record.at)
    look = services.look_at_party(party=record.agency.reference, moment=record.now(), actor=record.keeper)
    assert not look.engagements


def test_long_lists_come_in_pages_and_are_counted(record: Recorded) -> None:
    for number in range(60):
        record.open(record.person(f"Person {number:02}"))
    look = services.look_at_surface(
        surface=record.people_list.reference, moment=record.now(), actor=record.keeper, page=2
    )
    assert (look.page, look.last, look.count, look.is_more, len(look.accesses)) == (2, 2, 61, False, 11)
    party = services.look_at_party(party=record.desk.advertiser.reference, moment=record.now(), actor=record.keeper)
    assert len(party.people) == 50 and party.totals["people"] > 60
    everything = list(services.who_has_what(moment=record.now(), surface=record.people_list.reference, actor=HOST))
    names = [line.person.name for line in everything if line.person]
    assert len(everything) == 61 and names == sorted(names)


@pytest.mark.parametrize("look", ["person", "party", "asset", "surface", "access"])
def test_what_is_not_there_is_not_found(record: Recorded, look: str) -> None:
    with pytest.raises(NotFound, match=f"There is no {look}"):
        getattr(services, f"look_at_{look}")(**{look: "ZZZZZZZ"}, moment=record.now(), actor=record.keeper)


def test_what_had_no_version_yet_goes_by_its_first_known_name(record: Recorded) -> None:
    """A desk from before the timeline: its parties were kept on a later day than what names them."""
    Version.objects.filter(kind="party", reference=record.agency.reference).update(known_from=record.at + timedelta(2))
    look = services.look_at_access(access=record.agencys.reference, moment=record.now(), actor=record.keeper)
    assert look.accesses[0].party.name == "Fabrikam Media"
