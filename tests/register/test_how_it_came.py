"""How something came about: every version with what changed from what to what, and who did it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.desk import HOST, Desk
from tests.register.looked_at import Recorded, recorded
from valetkey.accounts import services as accounts
from valetkey.register import services
from valetkey.register.services import how_it_came

pytestmark = pytest.mark.django_db


@pytest.fixture
def record(desk: Desk) -> Recorded:
    return recorded(desk)


def test_newest_first_with_who_did_it(record: Recorded) -> None:
    entered = record.at
    until = datetime(2027, 6, 1, tzinfo=UTC)
    record.desk.later(days=2)
    changes = {"role": "Standard", "end": "at", "until": until, "owner": record.jo}
    services.change_access(access=record.jos, changes=changes, actor=record.desk.kim, at=record.at)
    changed = record.desk.later(days=1)
    services.end_access(access=record.jos, reason="moved on", how="not listed", actor=record.keeper, at=record.at)

    ended, moved, first = how_it_came(kind="access", reference=record.jos.reference, actor=record.keeper)
    assert (first.is_first, first.at, first.who, first.event) == (True, entered, "Bo", "access.opened")
    assert ("role", "", "Admin") in [(each.label, each.before, each.after) for each in first.changes]
    assert (moved.who, moved.until) == ("Kim", changed)
    assert {(each.label, each.before, each.after) for each in moved.changes} == {
        ("role", "Admin", "Standard"),
        ("kind of end", "never ends", "on a day"),
        ("ends", "", until),
        ("answered for by", "Lee Park", "Jo Weber"),
    }
    assert (ended.event, ended.until) == ("access.ended", None)
    assert ("ended reason", "", "moved on") in [(each.label, each.before, each.after) for each in ended.changes]


def test_who_is_named_is_called_as_they_were_called_then(record: Recorded) -> None:
    record.desk.later(days=1)
    accounts.change_person(person=record.jo, changes={"name": "Jo Wagner"}, actor=record.keeper, at=record.at)
    record.desk.later(days=1)
    services.set_ownership(asset=record.center, changes={"owner": record.lee}, actor=record.keeper, at=record.at)
    changed, first = how_it_came(kind="ownership", reference=record.center.reference, actor=record.keeper)
    assert [(each.label, each.before, each.after) for each in changed.changes] == [("owner", "Jo Weber", "Lee Park")]
    assert ("owner", "", "Jo Weber") in [(each.label, each.before, each.after) for each in first.changes]


def test_a_new_name_of_somebody_else_is_no_step(record: Recorded) -> None:
    record.desk.later(days=1)
    accounts.rename_party(party=record.desk.advertiser, name="Northwind Traders", actor=HOST, at=record.at)
    assert len(how_it_came(kind="access", reference=record.jos.reference, actor=record.keeper)) == 1
    renamed, _ = how_it_came(kind="party", reference=record.desk.advertiser.reference, actor=record.keeper)
    assert [(each.before, each.after) for each in renamed.changes] == [("Northwind", "Northwind Traders")]


def test_who_knows_a_login_is_told_by_name(record: Recorded) -> None:
    steps = how_it_came(kind="exposure", reference=record.exposure.reference, actor=record.keeper)
    assert ("known to", "", "Lee Park") in [
        (each.label, each.before, each.after) for step in steps for each in step.changes
    ]


@pytest.mark.parametrize("kind", ["person", "asset", "surface", "access", "ownership", "party"])
def test_every_kind_has_its_first_step(record: Recorded, kind: str) -> None:
    rows: dict[str, Any] = {
        "person": record.jo, "asset": record.center, "surface": record.people_list, "access": record.jos,
        "ownership": record.center, "party": record.agency,
    }  # fmt: skip
    steps = how_it_came(kind=kind, reference=rows[kind].reference, actor=HOST)
    assert steps[-1].is_first and steps[-1].who and steps[-1].changes
