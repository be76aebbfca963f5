"""Nine thousand accesses on one record: every look asks a number of queries that does not grow with them."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.desk import HOST, Desk
from tests.register.looked_at import Recorded, recorded
from valetkey.register import services
from valetkey.register.said import of_access
from valetkey.timeline.models import Version
from valetkey.timeline.said import Said

pytestmark = pytest.mark.django_db

LOOKS: dict[str, Callable[[Recorded], object]] = {
    "person": lambda r: services.look_at_person(person=r.jo.reference, moment=r.now(), actor=r.keeper),
    "party": lambda r: services.look_at_party(party=r.desk.advertiser.reference, moment=r.now(), actor=r.keeper),
    "party, by the host": lambda r: services.look_at_party(party=r.agency.reference, moment=r.now(), actor=HOST),
    "asset": lambda r: services.look_at_asset(asset=r.center.reference, moment=r.now(), actor=r.keeper, page=9),
    "surface": lambda r: services.look_at_surface(surface=r.people_list.reference, moment=r.now(), actor=r.keeper),
    "access": lambda r: services.look_at_access(access=r.jos.reference, moment=r.now(), actor=r.keeper),
    "map": lambda r: services.map_of(asset=r.center.reference, moment=r.now(), actor=r.keeper),
    "search": lambda r: services.find_anything(text="jo standard", actor=r.keeper, at=r.at),
    "how it came": lambda r: services.how_it_came(kind="access", reference=r.jos.reference, actor=r.keeper),
}


def crowd(record: Recorded, number: int = 9000) -> None:
    """Past the services, and made at once: versions as `of_access` would say them, of people of their own."""
    like = of_access(record.jos)
    everybody = [_version(record, like, n) for n in range(number)]
    named = [
        Version(kind="person", reference=f"P{n:06}", kept_by=like.kept_by, party=like.party, person=f"P{n:06}",
                known_from=record.at, facts={"name": f"Person {n}", "mail": "", "work": "", "note": ""})
        for n in range(number)
    ]  # fmt: skip
    Version.objects.bulk_create([*everybody, *named])


def _version(record: Recorded, like: Said, number: int) -> Version:
    facts = {**like.facts, "role": "Standard", "owner": record.lee.reference if number % 3 else ""}
    return Version(
        kind="access", reference=f"A{number:06}", kept_by=like.kept_by, party=like.party, person=f"P{number:06}",
        asset=like.asset, surface=like.surface, holds_from=like.holds_from, known_from=record.at, facts=facts,
    )  # fmt: skip


def test_no_look_asks_more_of_a_large_record(desk: Desk) -> None:
    record = recorded(desk)

    def asked() -> dict[str, int]:
        counts = {}
        for name, look in LOOKS.items():
            with CaptureQueriesContext(
                connection,
            ) as queries:
                look(record)
            counts[name] = len(queries)
        return counts

    few = asked()
    crowd(record)
    started = time.perf_counter()
    many = asked()
    print(f"all looks at 9,000: {time.perf_counter() - started:.2f} s, queries {many}")
    # A list that was cut is counted, which is one query more.
    assert all(many[name] <= few[name] + 3 for name in few), (few, many)
    assert max(many.values()) <= 25


def test_all_of_it_comes_in_chunks(desk: Desk) -> None:
    record = recorded(desk)
    crowd(record)
    with CaptureQueriesContext(connection) as queries:
        lines = sum(1 for _ in services.who_has_what(moment=record.now(), actor=record.keeper))
    assert lines == 9002
    assert len(queries) <= 3 + -(-9002 // 500)
