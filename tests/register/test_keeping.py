"""Desks from before there was a record of the past get its first line, once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.desk import AT, Desk
from tests.register.recorded import given_access
from valetkey.accounts.models import Person
from valetkey.accounts.said import of_party, of_person
from valetkey.audit.models import Entry
from valetkey.register.models import Surface
from valetkey.register.said import of_access, of_asset, of_surface
from valetkey.register.services import keep_all
from valetkey.timeline.models import Version
from valetkey.timeline.said import Kind

pytestmark = pytest.mark.django_db

LATER = AT + timedelta(days=400)


def test_what_has_no_version_gets_one_and_a_member_becomes_a_person(desk: Desk) -> None:
    access = given_access(desk)
    Version.objects.all().delete()
    Person.objects.filter(user__isnull=False).delete()
    assert keep_all(at=LATER) > 0
    for said in (
        of_party(desk.creator),
        of_asset(desk.eu),
        of_surface(Surface.objects.get(pk=access.surface_id)),
        of_access(access),
        *(of_person(person) for person in Person.objects.all()),
    ):
        version = Version.objects.get(kind=said.kind.value, reference=said.reference)
        assert (version.known_from, version.facts) == (LATER, dict(said.facts))
    people = Person.objects.filter(user__isnull=False).values_list("name", "party__name")
    assert set(people) == {
        ("Mara", "Mara Lindt"), ("Bo", "Northwind"), ("Kim", "Northwind"), ("Vera", "Northwind"), ("Sam", "Contoso"),
    }  # fmt: skip


def test_a_desk_that_has_everything_is_left_as_it_is(desk: Desk) -> None:
    given_access(desk)
    before = Version.objects.count(), Entry.objects.count()
    assert keep_all(at=LATER) == 0
    assert (Version.objects.count(), Entry.objects.count()) == before


def test_the_question_costs_few_queries_whatever_there_is(
    desk: Desk, django_assert_max_num_queries: pytest.FixtureRequest
) -> None:
    for number in range(5):
        given_access(desk, role=f"Role {number}")
    with django_assert_max_num_queries(len(Kind) + 4):  # type: ignore[operator]  # a context manager
        keep_all(at=LATER)
