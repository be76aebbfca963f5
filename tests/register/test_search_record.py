"""Search over the record, and the map of an asset as the record fills it."""

from __future__ import annotations

import pytest

from tests.desk import HOST, Desk
from tests.register.looked_at import Recorded, recorded
from valetkey.errors import Conflict, NotFound
from valetkey.register import services

pytestmark = pytest.mark.django_db


@pytest.fixture
def record(desk: Desk) -> Recorded:
    return recorded(desk)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("jo weber", {"people", "accesses"}),
        ("WEBER jo", {"people", "accesses"}),
        ("jo.weber@example", {"people"}),
        ("Fabrikam", {"parties", "accesses"}),
        ("Northwind BC", {"assets", "accesses"}),
        ("Partners", {"surfaces", "accesses"}),
        ("runs it", {"accesses"}),
        ("Operator", {"accesses"}),
        ("jo nothing", set()),
        ("100%", set()),
        ("", set()),
    ],
)
def test_every_word_is_somewhere(record: Recorded, text: str, kinds: set[str]) -> None:
    found = services.find_anything(text=text, actor=record.keeper, at=record.at)
    all_kinds = ("people", "parties", "assets", "surfaces", "accesses")
    assert {kind for kind in all_kinds if getattr(found, kind)} == kinds
    assert found.is_empty == (not kinds)


def test_a_reference_finds_its_own(record: Recorded) -> None:
    found = services.find_anything(text=record.jo.reference.lower(), actor=record.keeper, at=record.at)
    assert [hit.one.name for hit in found.people] == ["Jo Weber"]


def test_each_kind_is_cut_at_twenty(record: Recorded) -> None:
    for number in range(25):
        record.person(f"Namesake {number}")
    assert len(services.find_anything(text="Namesake", actor=record.keeper, at=record.at).people) == 20


def test_one_thing_by_what_people_call_it(record: Recorded) -> None:
    def found(kind: str, text: str) -> str:
        return services.find_named(kind=kind, text=text, actor=record.keeper).reference

    assert found("person", "jo.weber@example.org") == found("person", " Jo Weber ") == record.jo.reference
    assert found("asset", "northwind bc") == record.center.reference
    assert found("access", record.jos.reference.lower()) == record.jos.reference
    with pytest.raises(NotFound):
        found("access", "Admin")
    record.person("Jo Weber")
    with pytest.raises(Conflict):
        found("person", "Jo Weber")


def test_a_map_shows_owners_admins_partners_people_and_codes(record: Recorded) -> None:
    record.open(record.lee, role="Standard")
    drawn = services.map_of(asset=record.center.reference, moment=record.now(), actor=record.keeper)
    told = {(kind, who.name if who else "", where.name if where else "", note) for kind, who, where, note in drawn.rows}
    assert told == {
        ("owner", "Northwind", "Northwind BC", "owns it"),
        ("owner", "Jo Weber", "Northwind BC", "owner, second factor"),
        ("owner", "Lee Park", "Northwind BC", "backup owner"),
        ("admin", "Jo Weber", "People", "Admin, never ends"),
        ("person", "Lee Park", "People", "Standard, end not known"),
        ("partner", "Fabrikam Media", "Partners", "Operator, until 2027-05-04"),
    }
    row = record.shared()
    code = services.map_of(asset=row.post.reference, moment=record.now(), actor=HOST)
    assert [who.name for kind, who, *_ in code.rows if kind == "code" and who] == ["Northwind"]
