"""Somebody on a party's record: each party keeps its own, nobody is there twice, and nobody is ever lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest

from tests.desk import AT, HOST, Desk
from valetkey.accounts import services
from valetkey.accounts.models import Person, User
from valetkey.accounts.policy import Role
from valetkey.audit.models import Entry
from valetkey.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from valetkey.timeline.models import Version

pytestmark = pytest.mark.django_db

LATER = AT + timedelta(days=30)


def entered(desk: Desk, **given: Any) -> Person:
    asked = {"kept_by": desk.advertiser, "name": "Jo Berg", "mail": "Jo@Example.org", "work": "Editor"}
    return services.enter_person(**{**asked, "actor": desk.kim, "at": AT, **given})


def said(row: Person) -> list[dict[str, Any]]:
    versions = Version.objects.filter(kind="person", reference=row.reference).order_by("known_from", "pk")
    return [version.facts for version in versions]


def test_somebody_is_put_on_record_and_told_of(desk: Desk) -> None:
    row = entered(desk, party=desk.creator, joined_on=date(2026, 10, 1))
    assert (row.mail, row.party, row.kept_by) == ("jo@example.org", desk.creator, desk.advertiser)
    entry = Entry.objects.latest("seq")
    assert (entry.event, entry.subject, entry.actor_name) == ("person.entered", row.subject, "Kim")
    assert entry.detail["name"] == "Jo Berg" and entry.detail["kept_by"] == "Northwind"
    (facts,) = said(row)
    assert facts["joined_on"] == "2026-10-01" and facts["is_user"] is False


def test_each_record_has_a_mail_address_once_and_another_record_may_have_it_too(desk: Desk) -> None:
    row = entered(desk)
    with pytest.raises(Conflict) as refused:
        entered(desk, name="Somebody else", mail="jo@example.org")
    assert refused.value.code == "person_exists" and row.reference in refused.value.sentence
    with pytest.raises(Conflict):
        services.change_person(
            person=entered(desk, mail="", name="Ines"), changes={"mail": "jo@example.org"}, actor=desk.kim, at=AT
        )
    entered(desk, mail="", name="Without one")
    elsewhere = entered(desk, kept_by=desk.creator, actor=desk.mara)
    assert elsewhere.pk != row.pk, "each party keeps its own record of a person"


@pytest.mark.parametrize(
    ("given", "kind", "code"),
    [
        ({"name": " "}, Invalid, "text_missing"),
        ({"name": "x" * 201}, Invalid, "text_too_long"),
        ({"mail": "jo"}, Invalid, "mail_address"),
        ({"note": "The password is Sunflower88!"}, Invalid, "credential_in_text"),
        ({"joined_on": date(1026, 1, 1)}, Invalid, "day_out_of_reach"),
    ],
)
def test_what_cannot_be_used_is_refused_and_nothing_is_kept(
    desk: Desk, given: dict[str, Any], kind: type[Refused], code: str
) -> None:
    before = Entry.objects.count(), Person.objects.count(), Version.objects.count()
    with pytest.raises(kind) as refused:
        entered(desk, **given)
    assert refused.value.code == code
    assert (Entry.objects.count(), Person.objects.count(), Version.objects.count()) == before


def test_a_change_says_what_it_was_and_what_it_is(desk: Desk) -> None:
    row = entered(desk)
    changes = {"work": "Lead", "party": desk.creator, "name": "Jo Berg"}
    changed = services.change_person(person=row, changes=changes, actor=desk.kim, at=LATER)
    assert (changed.work, changed.party, changed.mail) == ("Lead", desk.creator, "jo@example.org")
    assert Entry.objects.latest("seq").detail["changed"] == {
        "work": {"from": "Editor", "to": "Lead"},
        "party": {"from": "Northwind", "to": "Mara Lindt"},
    }
    assert [facts["work"] for facts in said(row)] == ["Editor", "Lead"]
    back = services.change_person(person=row, changes={"party": None}, actor=desk.kim, at=LATER)
    assert back.party == row.kept_by


def test_the_same_again_is_no_news_and_an_unknown_column_is_a_mistake_of_ours(desk: Desk) -> None:
    row, count = entered(desk), Entry.objects.count()
    services.change_person(person=row, changes={"work": "Editor"}, actor=desk.kim, at=LATER)
    assert (Entry.objects.count(), len(said(row))) == (count, 1)
    with pytest.raises(TypeError):
        services.change_person(person=row, changes={"left_on": None}, actor=desk.kim, at=LATER)


def test_leaving_ends_nothing_else_and_can_be_taken_back(desk: Desk) -> None:
    user = User.objects.get(email="kim@example.org")
    row = Person.objects.get(kept_by=desk.advertiser, user=user)
    gone = services.person_left(person=row, on=date(2026, 12, 31), actor=desk.bo, at=AT)
    assert gone.left_on == date(2026, 12, 31) and user.memberships.current().exists(), "signing in is another matter"
    with pytest.raises(Conflict, match="last day"):
        services.person_left(person=row, on=date(2026, 12, 30), actor=desk.bo, at=AT)
    back = services.person_back(person=row, actor=desk.bo, at=LATER)
    assert back.left_on is None
    with pytest.raises(Conflict, match="no last day"):
        services.person_back(person=row, actor=desk.bo, at=LATER)
    events = Entry.objects.filter(subject=row.subject).order_by("seq").values_list("event", flat=True)
    assert list(events) == ["person.entered", "person.left", "person.returned"]
    versions = Version.objects.filter(kind="person", reference=row.reference).order_by("pk")
    assert [version.holds_until is None for version in versions] == [True, False, True]


def test_a_last_day_before_the_first_is_a_mistake(desk: Desk) -> None:
    row = entered(desk, joined_on=date(2026, 11, 1))
    with pytest.raises(Invalid):
        services.person_left(person=row, on=date(2026, 10, 31), actor=desk.kim, at=AT)
    services.person_left(person=row, on=date(2026, 11, 1), actor=desk.kim, at=AT)
    with pytest.raises(Invalid):
        services.change_person(person=row, changes={"joined_on": date(2026, 11, 2)}, actor=desk.kim, at=AT)


def test_whoever_acts_for_a_party_is_on_its_record_once(desk: Desk) -> None:
    kim = User.objects.get(email="kim@example.org")
    services.join(user=kim, party=desk.advertiser, role=Role.MANAGER, actor=HOST, at=LATER)
    assert Person.objects.filter(user=kim).count() == 1, "another role, the same person"
    services.join(user=kim, party=desk.creator, role=Role.VIEWER, actor=HOST, at=LATER)
    assert Person.objects.filter(user=kim).count() == 2, "and the creator's record is another one"


def test_somebody_who_is_on_record_already_is_linked_when_they_become_a_member(desk: Desk) -> None:
    row = entered(desk)
    user = services.create_user(email="jo@example.org", name="Johanna", actor=HOST, at=AT)
    services.join(user=user, party=desk.advertiser, role=Role.MEMBER, actor=HOST, at=AT)
    row.refresh_from_db()
    assert (row.user, row.name) == (user, "Jo Berg"), "what the record calls them stays"
    assert Entry.objects.latest("seq").event == "person.linked" and said(row)[-1]["is_user"] is True


def test_who_comes_back_as_a_member_has_not_left(desk: Desk) -> None:
    row = entered(desk)
    user = services.create_user(email="jo@example.org", name="Jo", actor=HOST, at=AT)
    services.person_left(person=row, on=date(2026, 11, 5), actor=desk.kim, at=AT)
    services.join(user=user, party=desk.advertiser, role=Role.MEMBER, actor=HOST, at=LATER)
    row.refresh_from_db()
    assert row.left_on is None and Entry.objects.latest("seq").event == "person.returned"


def test_a_user_who_acts_for_somebody_else_cannot_be_linked_by_hand(desk: Desk) -> None:
    """Leaving signs out the linked user: by a link of one's own making, anybody could be signed out."""
    mara = User.objects.get(email="mara@example.org")
    with pytest.raises(Conflict) as refused:
        entered(desk, user=mara)
    assert refused.value.code == "user_elsewhere"


def test_people_are_found_by_reference_mail_and_whole_name(desk: Desk) -> None:
    row = entered(desk)
    for text in (row.reference.lower(), "JO@example.org", "Jo Berg", " Jo Berg "):
        assert services.find_person(text=text, actor=desk.viewer) == row
    for text in ("Jo", "", "jo berg ag"):
        with pytest.raises(NotFound):
            services.find_person(text=text, actor=desk.viewer)
    with pytest.raises(NotFound) as strange:
        services.find_person(text=row.reference, actor=desk.stranger)
    assert strange.value.code == "no_such_person"


def test_two_of_one_name_are_told_apart_by_their_references(desk: Desk) -> None:
    first, second = entered(desk), entered(desk, mail="")
    with pytest.raises(Conflict) as refused:
        services.find_person(text="Jo Berg", actor=desk.kim)
    assert first.reference in refused.value.sentence and second.reference in refused.value.sentence


def test_the_list_shows_ones_own_record_and_no_other(desk: Desk) -> None:
    entered(desk)
    names = [row.name for row in services.people(actor=desk.viewer)]
    assert names == ["Bo", "Jo Berg", "Kim", "Vera"]
    assert [row.name for row in services.people(actor=desk.viewer, text="edit")] == ["Jo Berg"]
    assert [row.name for row in services.people(actor=desk.stranger)] == ["Sam"]
    assert services.people(actor=desk.auditor).count() == 6


def test_viewers_read_and_strangers_are_told_that_there_is_nothing(desk: Desk) -> None:
    row = entered(desk)
    for actor, kind in ((desk.viewer, Forbidden), (desk.auditor, Forbidden), (desk.mara, NotFound)):
        given: dict[str, Any] = {"actor": actor, "at": AT}
        attempts: list[Callable[[], object]] = [
            partial(entered, desk, mail="", actor=actor),
            partial(services.change_person, person=row, changes={"name": "X"}, **given),
            partial(services.person_left, person=row, on=date(2026, 12, 1), **given),
            partial(services.person_back, person=row, **given),
        ]
        for attempt in attempts:
            with pytest.raises(kind):
                attempt()


def test_parties_are_on_the_timeline_with_every_name_they_had(desk: Desk) -> None:
    services.rename_party(party=desk.advertiser, name="Northwind Europe", actor=HOST, at=LATER)
    versions = Version.objects.filter(kind="party", reference=desk.advertiser.reference).order_by("known_from")
    assert [(each.facts["name"], each.known_from) for each in versions] == [
        ("Northwind", AT),
        ("Northwind Europe", LATER),
    ]
