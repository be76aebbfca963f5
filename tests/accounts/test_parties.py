"""Parties and users: who makes them, what they are called, and that nobody is made twice."""

from __future__ import annotations

import pytest

from tests.desk import HOST, Desk
from valetkey.accounts import services
from valetkey.accounts.models import Party, User
from valetkey.accounts.reference import ALPHABET, LENGTH, new_reference
from valetkey.audit.entry import GUEST, Actor, Door
from valetkey.audit.models import Entry
from valetkey.errors import Conflict, Forbidden, Invalid, NotFound, Refused

pytestmark = pytest.mark.django_db


def test_only_the_host_and_admins_make_parties_and_users(desk: Desk) -> None:
    for actor in (desk.mara, desk.bo, desk.auditor, desk.stranger):
        with pytest.raises(Forbidden):
            services.create_party(name="Fabrikam", kind="brand", actor=actor, at=desk.at)
        with pytest.raises(Forbidden):
            services.create_user(email="new@example.org", name="New", actor=actor, at=desk.at)
    assert services.create_party(name=" Fabrikam ", kind="brand", actor=desk.admin, at=desk.at).name == "Fabrikam"
    assert services.create_user(email="New@Example.org ", name="New", actor=HOST, at=desk.at).email == "new@example.org"
    assert Entry.objects.filter(event__in=["party.created", "user.created"]).order_by("-seq")[0].detail == {
        "name": "New"
    }


def test_a_party_is_there_once(desk: Desk) -> None:
    count = Entry.objects.count()
    with pytest.raises(Conflict) as refused:
        services.create_party(name="Northwind", kind="agency", actor=HOST, at=desk.at)
    assert refused.value.code == "party_exists"
    with pytest.raises(Conflict) as refused:
        services.create_user(email="BO@example.org", name="Bo", actor=HOST, at=desk.at)
    assert refused.value.code == "user_exists"
    assert Party.objects.filter(name="Northwind").count() == User.objects.filter(email="bo@example.org").count() == 1
    assert Entry.objects.count() == count


@pytest.mark.parametrize(
    ("name", "kind", "code"),
    [
        ("", "brand", "text_missing"),
        (" ", "brand", "text_missing"),
        ("x" * 201, "brand", "text_too_long"),
        ("X", "y", "party_kind"),
    ],
    ids=["empty", "blank", "long", "kind"],
)
def test_a_party_needs_a_name_and_a_kind(desk: Desk, name: str, kind: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        services.create_party(name=name, kind=kind, actor=HOST, at=desk.at)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "email", ["", "bo", "bo@", "bo@nowhere", "a b@example.org", f"{'x' * 60}@{'y' * 60}.{'z' * 60}.org"]
)
def test_a_user_needs_a_mail_address_that_fits_everywhere(desk: Desk, email: str) -> None:
    """A long one was taken by SQLite, and refused by PostgreSQL with an error of its own."""
    with pytest.raises(Invalid) as refused:
        services.create_user(email=email, name="New", actor=HOST, at=desk.at)
    assert refused.value.code == "mail_address"


def test_a_new_user_has_no_password(desk: Desk) -> None:
    assert not User.objects.get(email="bo@example.org").has_usable_password()


def test_a_party_is_found_by_name_or_reference_by_its_own_people_only(desk: Desk) -> None:
    for actor in (desk.bo, desk.viewer, desk.admin, desk.auditor, HOST):
        assert services.find_party(name="northwind", actor=actor) == desk.advertiser
        assert services.find_party(name=desk.advertiser.reference.lower(), actor=actor) == desk.advertiser
    said = set()
    for actor, name in ((desk.stranger, "Northwind"), (desk.mara, "Northwind"), (desk.stranger, "Nobody")):
        with pytest.raises(NotFound) as refused:
            services.find_party(name=name, actor=actor)
        said.add(str(refused.value).replace(name, "…"))
    assert len(said) == 1, "what is hidden reads like what is not there"


def test_two_names_that_differ_in_capitals_only_are_one(desk: Desk) -> None:
    """A creator reads a name before a code is handed over; “northwind” must not pass for “Northwind”."""
    with pytest.raises(Conflict):
        services.create_party(name="NORTHWIND", kind="brand", actor=HOST, at=desk.at)
    with pytest.raises(Conflict):
        services.rename_party(party=desk.rival, name="northwind", actor=HOST, at=desk.at)
    services.rename_party(party=desk.rival, name="CONTOSO", actor=HOST, at=desk.at)


def test_a_party_is_renamed_by_the_admin_and_the_history_keeps_both_names(desk: Desk) -> None:
    for actor in (desk.bo, desk.kim, desk.auditor, desk.stranger):
        with pytest.raises(Forbidden):
            services.rename_party(party=desk.advertiser, name="Contoso Europe", actor=actor, at=desk.at)
    services.rename_party(party=desk.advertiser, name=" Northwind Europe ", actor=desk.admin, at=desk.at)
    assert desk.advertiser.name == Party.objects.get(pk=desk.advertiser.pk).name == "Northwind Europe"
    line = Entry.objects.latest("seq")
    assert (line.event, line.subject) == ("party.renamed", f"party {desk.advertiser.reference}")
    assert line.detail == {"from": "Northwind", "to": "Northwind Europe"}
    services.rename_party(party=desk.advertiser, name="Northwind Europe", actor=desk.admin, at=desk.at)
    assert Entry.objects.latest("seq") == line, "the same name again is nothing new"
    for name, kind in (("", Invalid), ("x" * 201, Invalid), ("Contoso", Conflict)):
        with pytest.raises(kind):
            services.rename_party(party=desk.advertiser, name=name, actor=desk.admin, at=desk.at)


def test_whoever_works_for_a_brand_enters_a_creator_who_is_not_here_yet(desk: Desk) -> None:
    for number, actor in enumerate((desk.bo, desk.kim, desk.stranger)):
        party = services.enter_creator(name=f" Zoë {number} ", actor=actor, at=desk.at)
        assert (party.name, party.kind) == (f"Zoë {number}", "creator") and not party.memberships.exists()
        line = Entry.objects.latest("seq")
        assert (line.event, line.user_id) == ("party.created", actor.user_id)
        assert line.detail["entered_by"] == (["Contoso"] if actor == desk.stranger else ["Northwind"])
    assert services.enter_creator(name="Zoë 9", actor=desk.admin, at=desk.at).kind == "creator"


def test_a_creator_who_is_here_already_is_found_by_their_name(desk: Desk) -> None:
    count = Entry.objects.count()
    for name in ("Mara Lindt", " Mara Lindt ", "mara lindt"):
        assert services.enter_creator(name=name, actor=desk.bo, at=desk.at) == desk.creator
    assert Entry.objects.count() == count


def test_a_brand_is_not_taken_for_a_creator(desk: Desk) -> None:
    for name in ("Contoso", "Northwind"):
        with pytest.raises(Conflict) as refused:
            services.enter_creator(name=name, actor=desk.bo, at=desk.at)
        assert refused.value.code == "party_is_no_creator"


def test_whoever_only_looks_or_is_a_creator_or_a_guest_enters_nobody(desk: Desk) -> None:
    count = Party.objects.count()
    guest = Actor(name="bo@example.org", door=Door.WEB, user_id=GUEST)
    for actor in (desk.viewer, desk.mara, desk.auditor, guest):
        for name in ("Zoë", "Mara Lindt"):
            with pytest.raises(Forbidden) as refused:
                services.enter_creator(name=name, actor=actor, at=desk.at)
            assert refused.value.code == "not_a_buyer"
    for name in ("", " ", "x" * 201, "bell\x07"):
        with pytest.raises(Invalid):
            services.enter_creator(name=name, actor=desk.bo, at=desk.at)
    assert Party.objects.count() == count


def test_a_reference_is_short_and_has_no_characters_that_look_alike() -> None:
    found = {new_reference() for _ in range(2000)}
    assert len(found) == 2000
    assert all(len(each) == LENGTH and set(each) <= set(ALPHABET) for each in found)
    assert not set("01ILOU") & set(ALPHABET)


def test_who_acts_as_whom_is_told_by_mail_address_for_active_users_only(desk: Desk) -> None:
    assert services.actor_by_mail(email=" BO@example.org", door=desk.bo.door).user_id == desk.bo.user_id
    User.objects.filter(email="bo@example.org").update(is_active=False)
    for email in ("bo@example.org", "nobody@example.org"):
        with pytest.raises(Refused) as refused:
            services.actor_by_mail(email=email, door=desk.bo.door)
        assert refused.value.code == "no_such_user"
