"""One table: every way to look at the record, and what each person of the cast is shown of Northwind's and of Mara's.

A member of one party sees of another only what a shared authorization shows them; the stranger, nothing at all, in the
same words as if there were nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.desk import HOST, Desk
from tests.register.looked_at import Recorded, recorded
from valetkey.audit.entry import Actor
from valetkey.errors import NotFound
from valetkey.register import services
from valetkey.register.models import Access
from valetkey.register.services import find_anything, how_it_came, map_of, who_has_what

pytestmark = pytest.mark.django_db

EVERYBODY = ("host", "admin", "auditor", "bo", "kim", "viewer", "mara", "stranger")
NORTHWINDS = {"host", "admin", "auditor", "bo", "kim", "viewer"}
MARAS = {"host", "admin", "auditor", "mara"}
BOTH = NORTHWINDS | MARAS


@pytest.fixture
def record(desk: Desk) -> Recorded:
    made = recorded(desk)
    made.shared()
    return made


def shared_row() -> Access:
    return Access.objects.select_related("surface__asset").get(way="authorization")


Look = Callable[[Recorded, Actor], object]


def look(kind: str, which: Callable[[Recorded], Any]) -> Look:
    return lambda record, actor: getattr(services, f"look_at_{kind}")(
        **{kind: which(record).reference}, moment=record.now(), actor=actor
    )


def came(kind: str, which: Callable[[Recorded], Any]) -> Look:
    return lambda record, actor: how_it_came(kind=kind, reference=which(record).reference, actor=actor)


def named(kind: str, which: Callable[[Recorded], Any]) -> Look:
    return lambda record, actor: services.find_named(kind=kind, text=which(record).reference, actor=actor)


def only(**about: Callable[[Recorded], Any]) -> Look:
    def ask(record: Recorded, actor: Actor) -> object:
        narrowed = {name: which(record).reference for name, which in about.items()}
        found = list(who_has_what(moment=record.now(), actor=actor, **narrowed))
        if not found:
            raise NotFound("nothing", "Nothing.")
        return found

    return ask


def search(text: str) -> Look:
    def ask(record: Recorded, actor: Actor) -> object:
        found = find_anything(text=text, actor=actor, at=record.at)
        if found.is_empty:
            raise NotFound("nothing", "Nothing.")
        return found

    return ask


TABLE: list[tuple[str, Look, set[str]]] = [
    ("their person", look("person", lambda r: r.jo), NORTHWINDS),
    ("their asset", look("asset", lambda r: r.center), NORTHWINDS),
    ("their surface", look("surface", lambda r: r.people_list), NORTHWINDS),
    ("their access", look("access", lambda r: r.jos), NORTHWINDS),
    ("their agency", look("party", lambda r: r.agency), NORTHWINDS),
    ("Northwind itself", look("party", lambda r: r.desk.advertiser), BOTH),
    ("Mara herself", look("party", lambda r: r.desk.creator), BOTH),
    ("her post", look("asset", lambda r: shared_row().surface.asset), MARAS),
    ("the list on her post", look("surface", lambda r: shared_row().surface), MARAS),
    ("the shared access", look("access", lambda r: shared_row()), BOTH),
    ("who has what: their person", only(person=lambda r: r.jo), NORTHWINDS),
    ("who has what: their asset", only(asset=lambda r: r.center), NORTHWINDS),
    ("who has what: their surface", only(surface=lambda r: r.people_list), NORTHWINDS),
    ("who has what: her post", only(asset=lambda r: shared_row().surface.asset), BOTH),
    ("how their person came", came("person", lambda r: r.jo), NORTHWINDS),
    ("how their asset came", came("asset", lambda r: r.center), NORTHWINDS),
    ("how their ownership came", came("ownership", lambda r: r.center), NORTHWINDS),
    ("how their exposure came", came("exposure", lambda r: r.exposure), NORTHWINDS),
    ("how the shared access came", came("access", lambda r: shared_row()), BOTH),
    ("a map", lambda r, actor: map_of(asset=r.center.reference, moment=r.now(), actor=actor), NORTHWINDS),
    ("a person by name", named("person", lambda r: r.jo), NORTHWINDS),
    ("an asset by name", named("asset", lambda r: r.center), NORTHWINDS),
    ("search: a person", search("Jo Weber"), NORTHWINDS),
    ("search: a mail address", search("jo.weber@example.org"), NORTHWINDS),
    ("search: an asset", search("Northwind BC"), NORTHWINDS),
    ("search: a purpose", search("runs it"), NORTHWINDS),
    ("search: their agency", search("Fabrikam"), NORTHWINDS),
    ("search: the other side", search("Mara Lindt"), BOTH),
]


def actor_of(record: Recorded, who: str) -> Actor:
    return HOST if who == "host" else getattr(record.desk, who)


@pytest.mark.parametrize(("what", "ask", "seen_by"), TABLE, ids=[row[0] for row in TABLE])
def test_who_sees_what(record: Recorded, what: str, ask: Look, seen_by: set[str]) -> None:
    seen = set()
    for who in EVERYBODY:
        try:
            ask(record, actor_of(record, who))
        except NotFound:
            continue
        seen.add(who)
    assert seen == seen_by


@pytest.mark.parametrize("kind", ["person", "party", "asset", "surface", "access"])
def test_a_stranger_hears_the_same_as_of_something_that_is_not_there(record: Recorded, kind: str) -> None:
    rows: dict[str, Any] = {
        "person": record.jo, "party": record.agency, "asset": record.center, "surface": record.people_list,
        "access": record.jos,
    }  # fmt: skip

    def refused(reference: str) -> tuple[str, str]:
        with pytest.raises(NotFound) as refusal:
            getattr(services, f"look_at_{kind}")(**{kind: reference}, moment=record.now(), actor=record.desk.stranger)
        return str(refusal.value).replace(reference, "…"), refusal.value.code

    assert refused(rows[kind].reference) == refused("ZZZZZZZ")


def test_the_other_side_of_an_authorization_is_shown_no_remark_of_its_keeper(record: Recorded) -> None:
    row = shared_row()
    said: dict[str, Any] = {"actor": record.desk.mara, "at": record.desk.later(hours=1)}
    services.change_access(access=row, changes={"note": "pays late", "removal": "ask Ines"}, **said)
    services.confirm_access(access=row, how="looked with Ines", **said)

    (mine,) = who_has_what(moment=record.now(), asset=row.surface.asset.reference, actor=record.desk.mara)
    (theirs,) = who_has_what(moment=record.now(), asset=row.surface.asset.reference, actor=record.keeper)
    assert (mine.note, mine.removal, mine.confirmed_how) == ("pays late", "ask Ines", "looked with Ines")
    assert theirs.is_shared and not mine.is_shared
    assert (theirs.note, theirs.removal, theirs.confirmed_how, theirs.owner, theirs.review_on) == (
        "",
        "",
        "",
        None,
        None,
    )
    assert (theirs.role, theirs.until, theirs.asset, theirs.party) == (mine.role, mine.until, mine.asset, mine.party)

    look = services.look_at_access(access=row.reference, moment=record.now(), actor=record.keeper)
    steps = how_it_came(kind="access", reference=row.reference, actor=record.keeper)
    for text in ("pays late", "ask Ines", "looked with Ines"):
        assert text not in repr(look) and text not in repr(steps)
        assert find_anything(text=text, actor=record.keeper, at=record.at).is_empty
    assert find_anything(text="pays late", actor=record.desk.mara, at=record.at).accesses
    assert len(how_it_came(kind="access", reference=row.reference, actor=record.desk.mara)) > len(steps)


def test_a_party_that_shares_an_authorization_is_seen_with_that_alone(record: Recorded) -> None:
    look = services.look_at_party(party=record.desk.creator.reference, moment=record.now(), actor=record.keeper)
    assert not (look.people or look.assets or look.responsibilities or look.exposures or look.engagements)
    other = services.look_at_party(party=record.desk.advertiser.reference, moment=record.now(), actor=record.desk.mara)
    assert [line.reference for line in other.accesses] == [shared_row().reference]
    assert not (other.people or other.assets or other.ownerships or other.engagements or other.exposures)


def test_parties_on_record(record: Recorded) -> None:
    def names(actor: Actor, text: str = "") -> list[str]:
        return [party.name for party in services.parties_on_record(actor=actor, text=text)]

    assert names(record.keeper) == ["Fabrikam Media", "Mara Lindt", "Northwind"]
    assert names(record.keeper, "fabrikam") == ["Fabrikam Media"]
    assert names(record.desk.stranger) == ["Contoso"]
    assert services.find_on_record(text="Mara Lindt", actor=record.keeper) == record.desk.creator
    with pytest.raises(NotFound):
        services.find_on_record(text="Fabrikam Media", actor=record.desk.stranger)
