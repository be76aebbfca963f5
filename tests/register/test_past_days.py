"""The view of any past moment equals what was exported then, whatever was done since: over random histories.

What was exported is read twice: by the service, and past it, from the tables themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.models import QuerySet
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.desk import HOST, Desk
from tests.register.looked_at import Recorded, recorded
from valetkey.accounts import services as accounts
from valetkey.accounts.models import Party, Person
from valetkey.errors import Refused
from valetkey.register import services
from valetkey.register.cells import cells
from valetkey.register.looking import Moment, moment
from valetkey.register.models import Access, Surface

pytestmark = pytest.mark.django_db

Exported = tuple[list[list[str]], list[tuple[str, ...]], list[str]]


@dataclass
class World:
    """A record with a history in the making. The number of an act chooses whom and what it is about."""

    record: Recorded
    taken: list[tuple[datetime, Exported]] = field(default_factory=list)

    @property
    def said(self) -> dict[str, Any]:
        return {"actor": HOST, "at": self.record.at}

    def act(self, name: str, number: int) -> None:
        self.record.desk.at += timedelta(minutes=1 + number * 97)
        # What the record does not allow now is not done, which is a history too.
        with suppress(Refused):
            getattr(self, name)(number)

    def rename_person(self, number: int) -> None:
        accounts.change_person(person=self._person(number), changes={"name": f"Person {number}"}, **self.said)

    def rename_party(self, number: int) -> None:
        accounts.rename_party(party=_pick(Party.objects.all(), number), name=f"Party {number}", **self.said)

    def rename_asset(self, number: int) -> None:
        services.change_asset(asset=self.record.center, changes={"name": f"Center {number}"}, **self.said)

    def rename_surface(self, number: int) -> None:
        surface = _pick(Surface.objects.all(), number)
        services.change_surface(surface=surface, changes={"name": f"List {number}"}, **self.said)

    def enter_person(self, number: int) -> None:
        self.record.person(f"New {number}")

    def open(self, number: int) -> None:
        until = self.record.at + timedelta(days=number % 5, hours=1)
        self.record.open(
            self._person(number),
            role=("Admin", "Standard", "Operator")[number % 3],
            since=self.record.at + timedelta(days=number % 4 - 2),
            **({"end": "at", "until": until} if number % 2 else {"end": "none"}),
        )

    def change(self, number: int) -> None:
        changes: tuple[dict[str, object], ...] = (
            {"note": f"note {number}"},
            {"role": f"Role {number}"},
            {"end": "at", "until": self.record.at + timedelta(days=number % 7)},
            {"end": "unknown", "until": None},
        )
        services.change_access(access=self._access(number), changes=changes[number % 4], **self.said)

    def confirm(self, number: int) -> None:
        services.confirm_access(access=self._access(number), how="looked", **self.said)

    def end(self, number: int) -> None:
        services.end_access(access=self._access(number), reason="over", **self.said)

    def export(self, number: int = 0) -> None:
        now = self.record.now()
        self.taken.append((self.record.at, (self.lines(now), from_tables(self.record.at), self.of_people(now))))

    def lines(self, moment: Moment) -> list[list[str]]:
        return [cells(line) for line in services.who_has_what(moment=moment, actor=self.record.keeper)]

    def of_people(self, moment: Moment) -> list[str]:
        people = (self.record.jo.reference, self.record.lee.reference)
        looks = [services.look_at_person(person=who, moment=moment, actor=self.record.keeper) for who in people]
        return [repr((look.accesses, look.answers_for, look.ownerships, look.open_too)) for look in looks]

    def _person(self, number: int) -> Person:
        found: Person = _pick(Person.objects.filter(kept_by=self.record.desk.advertiser), number)
        return found

    def _access(self, number: int) -> Access:
        found: Access = _pick(Access.objects.filter(way="entered"), number)
        return found


def _pick(rows: QuerySet[Any], number: int) -> Any:
    found = list(rows.order_by("pk"))
    return found[number % len(found)]


def from_tables(at: datetime) -> list[tuple[str, ...]]:
    """What holds, by the rows and their joins, as an export past the timeline would say it."""
    rows = Access.objects.live(at).select_related("holder", "person", "surface__asset")
    return sorted(
        (
            row.reference, row.holder.name, row.person.name if row.person else "", row.surface.asset.name,
            row.surface.name, row.role, row.note, row.end, str(row.until),
        )
        for row in rows
    )  # fmt: skip


def from_lines(moment: Moment) -> list[tuple[str, ...]]:
    return sorted(
        (
            line.reference, line.party.name, line.person.name if line.person else "", line.asset.name,
            line.surface.name, line.role, line.note, line.end, str(line.until),
        )
        for line in services.who_has_what(moment=moment, actor=HOST)
    )  # fmt: skip


@contextmanager
def undone() -> Iterator[None]:
    """Each history begins anew. Services that want to be on disk take this for the test's own transaction."""
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]
    with block:
        yield
        transaction.set_rollback(True)


ACTS = (
    "rename_person", "rename_party", "rename_asset", "rename_surface", "enter_person", "open", "open", "change",
    "change", "confirm", "end", "export", "export",
)  # fmt: skip


@given(history=st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 40)), min_size=6, max_size=20))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_past_moment_is_what_was_exported_then(desk: Desk, history: list[tuple[str, int]]) -> None:
    started = desk.at
    with undone():
        world = World(recorded(desk))
        for name, number in [*history, ("export", 0), ("rename_party", 7), ("change", 3), ("end", 2)]:
            world.act(name, number)
        for at, exported in world.taken:
            then = Moment(at, at, at.date(), is_now=False)
            assert (world.lines(then), from_lines(then), world.of_people(then)) == exported
        ahead = world.record.at + timedelta(days=4)
        assert from_lines(Moment(ahead, world.record.at, ahead.date(), is_now=False)) == from_tables(ahead)
    desk.at = started


def test_a_day_is_what_was_exported_at_its_very_end(desk: Desk) -> None:
    """As doors ask: a day in a zone, long after, with a change in the first instant of the next."""
    record = recorded(desk)
    world, day, zone = World(record), record.at.date(), "America/New_York"
    desk.at = moment(day, zone=zone, now=record.at + timedelta(days=9)).at
    exported = world.lines(record.now())
    desk.at += timedelta(microseconds=1)
    services.end_access(access=record.jos, reason="over", actor=HOST, at=desk.at)
    desk.at += timedelta(days=8)
    assert world.lines(moment(day, zone=zone, now=desk.at)) == exported
    assert world.lines(moment(day + timedelta(days=1), zone=zone, now=desk.at)) != exported
