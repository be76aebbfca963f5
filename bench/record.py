"""What the looks at the record cost at full size, each beside one plain SQL statement for the same question.

Run by `make bench` on a made-up agency, which is seeded once (minutes) and kept. Trust the ratios of one run, not the
absolute figures. A look reads what the record said, names everything, and asks who may see it; the statement does not.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from datetime import time as midnight
from functools import partial
from typing import TYPE_CHECKING, Any

import django
from django.conf import settings
from django.db import connection

if TYPE_CHECKING:
    from valetkey.register.looking import Moment

SIZE = os.environ.get("SIZE", "full")
UNTIL = date(2026, 11, 1)
NOW = datetime.combine(UNTIL, midnight(), tzinfo=UTC)
THEN = UNTIL - timedelta(days=300)
TIMES = 15

HELD = (
    "SELECT * FROM timeline_version WHERE kind = 'access' AND known_from <= %s"
    " AND (known_until IS NULL OR known_until > %s) AND (holds_from IS NULL OR holds_from <= %s)"
    " AND (holds_until IS NULL OR holds_until > %s) AND {whom} = %s{page}"
)
PAGE = " ORDER BY holds_until, reference LIMIT 50"


def main() -> None:
    django.setup()
    seed()
    from valetkey.accounts.models import Person
    from valetkey.audit.entry import Actor, Door
    from valetkey.authorizations import services as authorizations
    from valetkey.register import services
    from valetkey.register.looking import moment
    from valetkey.timeline.models import Version

    versions = Version.objects.count()
    print(f"{connection.vendor}, the made-up agency ({SIZE}): {versions} versions, each question {TIMES} times")
    person, asset, surface = (busiest(what) for what in ("person", "asset", "surface"))
    who = Person.objects.select_related("kept_by", "user").get(reference=person)
    keeper = who.kept_by.reference
    actor = Actor(name=who.name, door=Door.WEB, user_id=who.user_id)
    now = moment(None, zone="UTC", now=NOW)
    for told, then in (("now", now), (f"{THEN}", moment(THEN, zone="UTC", now=NOW))):
        looks = {
            "person": partial(services.look_at_person, person=person),
            "asset": partial(services.look_at_asset, asset=asset),
            "surface": partial(services.look_at_surface, surface=surface),
            "party": partial(services.look_at_party, party=keeper),
        }
        named = {"person": person, "asset": asset, "surface": surface, "party": keeper}
        for what, look in looks.items():
            line(f"{what}, {told}", partial(look, moment=then, actor=actor), held(what, named[what], then))
        everything = partial(services.who_has_what, moment=then, actor=actor)
        line(f"all of it, {told}", partial(list_of, everything), held("kept_by", keeper, then, page=""))
    mapped = partial(services.map_of, asset=asset, moment=now, actor=actor)
    line("map of an asset", mapped, held("asset", asset, now))
    word = who.name.split()[0]
    line("search", partial(services.find_anything, text=word, actor=actor, at=NOW), searched(word))
    losing = partial(authorizations.losing, person=who, actor=actor, at=NOW)
    line("what somebody would lose", losing, held("person", person, now, page=""))


def list_of(question: Callable[[], Iterable[object]]) -> list[object]:
    return list(question())


def seed() -> None:
    """Once: the folder keeps it."""
    from valetkey.cli.prepare import make_tables

    if (settings.VALETKEY_HOME / "seeded").exists():
        return
    from valetkey.audit.entry import Actor, Door
    from valetkey.seed.agency import agency
    from valetkey.seed.play import play

    make_tables()
    began = time.perf_counter()
    play(agency(until=UNTIL, size=SIZE, seed=1), seed=1, host=Actor(name="bench", door=Door.CLI))
    size = os.path.getsize(settings.DATABASES["default"]["NAME"]) / 1e6
    print(f"seeded in {time.perf_counter() - began:.0f} s, {size:.0f} MB")
    (settings.VALETKEY_HOME / "seeded").touch()


def busiest(what: str) -> str:
    """The reference of the one with the most access now, on the largest record."""
    largest = "SELECT kept_by FROM timeline_version GROUP BY kept_by ORDER BY count(*) DESC LIMIT 1"
    return str(asked(
        f"SELECT {what} FROM timeline_version WHERE kind = 'access' AND {what} <> ''"  # noqa: S608  # a column of ours
        f" AND known_until IS NULL AND holds_until IS NULL AND kept_by = ({largest})"
        f" GROUP BY {what} ORDER BY count(*) DESC LIMIT 1"
    )[0][0])  # fmt: skip


def held(column: str, reference: str, at: Moment, page: str = PAGE) -> Callable[[], object]:
    statement = HELD.format(whom=column, page=page)
    return lambda: asked(statement, at.known_at, at.known_at, at.at, at.at, reference)


def searched(word: str) -> Callable[[], object]:
    statement = "SELECT * FROM timeline_version WHERE known_until IS NULL AND facts LIKE %s LIMIT 100"
    return lambda: asked(statement, f"%{word}%")


def asked(statement: str, *values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows: list[Any] = cursor.fetchall()
    return rows


def line(name: str, look: Callable[[], object], statement: Callable[[], object]) -> None:
    slow, plain = median(look), median(statement)
    print(f"  {name:<34} look {slow * 1000:8.1f} ms   statement {plain * 1000:7.1f} ms   × {slow / plain:.1f}")


def median(question: Callable[[], object]) -> float:
    taken = []
    for _ in range(TIMES):
        began = time.perf_counter()
        question()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


if __name__ == "__main__":
    main()
