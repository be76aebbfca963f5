"""A made-up agency: every look and page stays bounded on it, and who leaves is closed in one pass."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import pytest
from django.db.models import Count, Q

from tests.changes.test_leaver import everything_of, told
from tests.desk import HOST
from tests.seed.seeded import NOW, UNTIL, asked, keeper, seeded
from tests.web.test_every_address import HEAVIEST, MOST_QUERIES
from valetkey.accounts.models import Person
from valetkey.audit.services import verify
from valetkey.changes import services
from valetkey.changes.models import Change
from valetkey.seed.agency import Agency

pytestmark = pytest.mark.django_db

MOST_MORE: Final = 8
"""Queries: for kinds of things of which the tiny one has none, and to say how much longer a list is than its page. What
asks for each row anew asks dozens more.
"""


@dataclass
class Two:
    """The small one is there; `few` is what was asked of the tiny one."""

    made: Agency
    few: dict[tuple[str, str], int]


@pytest.fixture(scope="module")
def two(django_db_setup: None, django_db_blocker: Any) -> Iterator[Two]:
    with django_db_blocker.unblock():
        with seeded("tiny") as made:
            few, _ = asked(made)
        with seeded("small") as made:
            yield Two(made, few)


def test_no_look_and_no_page_asks_more_of_a_larger_record(two: Two) -> None:
    queries, sizes = asked(two.made)
    print("queries:", {name: number for (who, name), number in queries.items() if who == "service"})
    heavy = {key: (queries[key], sizes.get(key, 0)) for key in queries if queries[key] > MOST_QUERIES}
    heavy |= {key: (queries[key], size) for key, size in sizes.items() if size >= HEAVIEST}
    assert not heavy
    grown = {key: (two.few[key], number) for key, number in queries.items() if key in two.few}
    assert not {key: pair for key, pair in grown.items() if pair[1] > pair[0] + MOST_MORE}


def leavers() -> list[Person]:
    """Those with the most to hand over, and one who went without a word."""
    ours = Person.objects.filter(kept_by=keeper(), user__isnull=False)
    open_ones = Count("accesses", filter=Q(accesses__ended_at=None))
    rows = ours.annotate(open_ones=open_ones).order_by("-open_ones", "pk")
    there = list(rows.filter(left_on=None, user__memberships__role="member")[:3])
    return [*there, *rows.filter(left_on__isnull=False, open_ones__gt=0)[:1]]


def test_who_leaves_is_closed_in_one_pass(two: Two) -> None:
    found = leavers()
    assert len(found) == 4
    for person in found:
        change = services.open_change(occasion="leaver", kept_by=keeper(), person=person, day=UNTIL, actor=HOST, at=NOW)
        lines = told(change)
        assert len(lines) == len(set(lines)) and set(lines) == everything_of(person)
        _finish(change, to=Person.objects.get(mail=two.made.head))
        # What was seen stays seen; each was decided on.
        assert {name for name, _ in everything_of(person)} <= {"code_seen"}
    assert verify().holds


def _finish(change: Change, to: Person) -> None:
    for step in change.steps.order_by("number"):
        passed_on = to if step.effect == "pass_on" else None
        services.do_step(step=step, proof="Looked, and it is so.", to=passed_on, actor=HOST, at=NOW)
    services.close_change(change=change, actor=HOST, at=NOW)
