"""Who answers for an authorization on either side: by default whoever did something first, then whoever is named."""

from __future__ import annotations

from typing import Any

import pytest

from tests.authorizations.guests import CODE, answer, asked, sent
from tests.desk import HOST, Desk
from valetkey.accounts.models import Party, Person
from valetkey.accounts.services import enter_person, person_left
from valetkey.audit.entry import Actor
from valetkey.authorizations import services
from valetkey.authorizations.models import Authorization
from valetkey.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from valetkey.register.models import Access

pytestmark = pytest.mark.django_db


def of(desk: Desk, actor: Actor, party: Party) -> Person:
    return Person.objects.get(user=actor.user_id, kept_by=party)


def entered(desk: Desk, name: str, party: Party) -> Person:
    return enter_person(kept_by=party, name=name, actor=HOST, at=desk.at)


def named(desk: Desk, row: Authorization, person: Person, actor: Actor) -> Authorization:
    return services.name_owner(authorization=row, person=person, actor=actor, at=desk.at)


def owners(row: Authorization) -> tuple[str, str]:
    row.refresh_from_db()
    return str(row.creator_owner or ""), str(row.advertiser_owner or "")


def last(row: Authorization) -> Any:
    entry = services.history(authorization=row).order_by("-seq").first()
    assert entry is not None
    return entry


def test_who_starts_answers_and_who_opens_answers_for_the_other_side(desk: Desk) -> None:
    row = desk.issued()
    assert owners(row) == ("Mara", "")
    started = services.history(authorization=row).get(event="authorization.started")
    assert started.detail["answers_for"] == ["Mara"]
    services.hand_over(authorization=row, recipient="Bo", actor=desk.mara, at=desk.at)
    services.open(authorization=row, actor=desk.kim, at=desk.at)
    assert owners(row) == ("Mara", "Kim") and last(row).detail["answers_for"] == ["Kim"]
    desk.applied(row)
    assert owners(row) == ("Mara", "Kim"), "who does something later takes nothing over"
    assert "answers_for" not in last(row).detail


def test_who_asks_answers_and_who_grants_answers_for_the_other_side(desk: Desk) -> None:
    row = asked(desk)
    assert owners(row) == ("", "Bo")
    services.record(authorization=row, code=CODE, days=30, actor=desk.mara, at=desk.at)
    assert owners(row) == ("Mara", "Bo") and last(row).detail["answers_for"] == ["Mara"]


def test_whoever_is_of_no_side_does_not_answer_for_it(desk: Desk) -> None:
    assert owners(desk.issued(actor=HOST)) == owners(asked(desk, actor=desk.admin)) == ("", "")


def test_the_successor_is_answered_for_by_the_same_people_who_are_still_there(desk: Desk) -> None:
    row = desk.opened()
    cleo, kim = entered(desk, "Cleo", desk.creator), of(desk, desk.kim, desk.advertiser)
    named(desk, row, cleo, desk.mara)
    named(desk, row, kim, desk.bo)
    person_left(person=kim, on=desk.at.date(), actor=desk.bo, at=desk.at)
    desk.later(days=2)
    desk.disconnect_all()
    row.refresh_from_db()
    new = services.replace(authorization=row, days=30, code=CODE, actor=desk.mara, at=desk.at)
    assert owners(new) == ("Cleo", "")


def test_a_side_names_somebody_of_its_own_record(desk: Desk) -> None:
    row = desk.in_use()
    cleo, fay = entered(desk, "Cleo", desk.creator), entered(desk, "Fay", desk.advertiser)
    named(desk, row, cleo, desk.mara)
    named(desk, row, fay, desk.bo)
    assert owners(row) == ("Cleo", "Fay")
    told = services.history(authorization=row).filter(event="authorization.owner").order_by("seq")
    assert [each.detail for each in told] == [
        {"side": "creator", "person": "Cleo", "changes": {"creator_owner": {"from": "Mara", "to": "Cleo"}}},
        {"side": "advertiser", "person": "Fay", "changes": {"advertiser_owner": {"from": "Bo", "to": "Fay"}}},
    ]
    named(desk, row, fay, desk.bo)
    assert told.count() == 2, "the same again is no news"
    assert list(services.authorizations_owned_by(person=cleo)) == [row]
    assert list(services.authorizations_owned_by(person=fay)) == [row]


def test_the_access_follows_who_answers_on_the_creators_side(desk: Desk) -> None:
    row = desk.in_use()
    access = Access.objects.get(way=Access.Way.AUTHORIZATION)
    assert access.owner == of(desk, desk.mara, desk.creator)
    until = access.until
    named(desk, row, entered(desk, "Cleo", desk.creator), desk.mara)
    named(desk, row, entered(desk, "Fay", desk.advertiser), desk.bo)
    access.refresh_from_db()
    assert (str(access.owner), access.until, access.ended_at) == ("Cleo", until, None)
    assert Access.objects.filter(way=Access.Way.AUTHORIZATION).count() == 1


def test_nobody_speaks_for_the_other_side_but_an_admin(desk: Desk) -> None:
    row = desk.opened()
    cleo, fay = entered(desk, "Cleo", desk.creator), entered(desk, "Fay", desk.advertiser)
    cases: tuple[tuple[Actor, Person, type[Refused]], ...] = (
        (desk.mara, fay, Forbidden), (desk.bo, cleo, Forbidden), (desk.viewer, fay, Forbidden),
        (desk.auditor, fay, Forbidden), (desk.stranger, of(desk, desk.stranger, desk.rival), NotFound),
        (desk.stranger, fay, NotFound), (desk.bo, of(desk, desk.stranger, desk.rival), Invalid),
    )  # fmt: skip
    before = owners(row)
    for actor, person, kind in cases:
        with pytest.raises(kind) as refused:
            named(desk, row, person, actor)
        assert type(refused.value) is kind and owners(row) == before
    named(desk, row, cleo, desk.admin)
    named(desk, row, fay, desk.admin)
    assert owners(row) == ("Cleo", "Fay")


def test_who_has_left_is_not_named_and_what_is_over_needs_nobody(desk: Desk) -> None:
    row, gone = asked(desk), entered(desk, "Gil", desk.advertiser)
    gone = person_left(person=gone, on=desk.at.date(), actor=HOST, at=desk.at)
    desk.later(days=1)
    with pytest.raises(Conflict) as left:
        named(desk, row, gone, desk.bo)
    assert left.value.code == "person_left"
    services.withdraw(authorization=row, actor=desk.bo, at=desk.at)
    with pytest.raises(Conflict) as over:
        named(desk, row, of(desk, desk.kim, desk.advertiser), desk.bo)
    assert over.value.code == "not_in_this_state"


def test_which_sides_one_may_name_somebody_for(desk: Desk) -> None:
    row = desk.issued()
    found = {
        name: services.sides_to_name(authorization=row, actor=getattr(desk, name))
        for name in ("mara", "bo", "viewer", "admin", "auditor", "stranger")
    }
    assert found == {
        "mara": [desk.creator], "bo": [desk.advertiser], "viewer": [], "admin": [desk.creator, desk.advertiser],
        "auditor": [], "stranger": [],
    }  # fmt: skip


def test_a_guest_answers_for_nothing(desk: Desk) -> None:
    """Whoever hands the code in by a link has no account, and so nobody answers for that side yet."""
    row = answer(desk, sent(desk))
    assert owners(row) == ("", "Bo")
