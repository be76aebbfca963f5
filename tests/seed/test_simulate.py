"""A made-up agency over 400 days: every end is told in time, to the right person, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
from django.db import connection

from tests.desk import HOST
from tests.seed.seeded import NOW, UNTIL, rolled_back
from valetkey.accounts.models import Party
from valetkey.errors import Conflict
from valetkey.seed.acts import Act
from valetkey.seed.agency import agency
from valetkey.seed.held import Loss
from valetkey.seed.rounds import rounds
from valetkey.seed.simulate import Simulated, simulate

pytestmark = pytest.mark.django_db

DAY: Final = timedelta(days=1)
HOURS: Final = (9,)
"""Fewer sweeps than a worker makes: what is told by these is told by those."""
SEED: Final = 5
"""One in whose agency several codes come to their end under a campaign."""


def simulated(days: int) -> Simulated:
    with rolled_back():
        made = agency(until=UNTIL, size="tiny", seed=SEED)
        return simulate(made, first=NOW - days * DAY, until=NOW, seed=SEED, host=HOST, hours=HOURS)


@pytest.mark.skipif(
    connection.vendor != "sqlite", reason="minutes, for statements that the sweep's tests ask there too"
)
def test_over_four_hundred_days_every_end_is_told_in_time_once_and_to_nobody_who_left() -> None:
    year = simulated(400)
    assert len(year.losses) >= 3
    assert [each for each in year.losses if each.is_unwarned] == []
    assert sum(each.is_told_in_time for each in year.losses) >= 2
    assert year.mails > 50 and year.notices >= year.mails
    assert year.most_a_day == 1
    assert year.repeated == year.to_leavers == 0
    assert year.holds
    turns = {each.rule: each for each in year.rules}
    assert turns["ends_before_campaign"].closed == turns["ends_before_campaign"].opened > 0
    assert turns["access_past_end"].opened > 0


def test_the_same_number_tells_the_same_again() -> None:
    first, second = simulated(15), simulated(15)
    assert replace(first, took=0) == replace(second, took=0)


def test_only_an_empty_desk_is_played_in() -> None:
    Party.objects.create(name="Somebody", kind="brand", created_at=NOW)
    with pytest.raises(Conflict, match="holds something already"):
        simulate(agency(until=UNTIL, size="tiny", seed=SEED), first=NOW - DAY, until=NOW, seed=SEED, host=HOST)


def test_a_round_is_gone_at_its_hours_and_after_what_cannot_wait() -> None:
    first = datetime(2026, 3, 1, tzinfo=UTC)
    acts = [
        Act(first - DAY, "before"),
        Act(first + timedelta(hours=3, minutes=5), "ask_to_end"),
        Act(first + timedelta(hours=3, minutes=50), "set_campaigns"),
        Act(first + timedelta(hours=5), "expire"),
        Act(first + timedelta(hours=6), "apply"),
        Act(first + timedelta(hours=9), "note_campaign"),
    ]
    found = [(each.at, [act.do for act in each.acts]) for each in rounds(acts, first, first + DAY, (9,))]
    hours = [(first + timedelta(hours=hour)) for hour in (0, 4, 9, 10, 24)]
    done = [[], ["ask_to_end", "set_campaigns"], ["apply"], ["note_campaign"], []]
    assert found == list(zip(hours, done, strict=True))


@pytest.mark.parametrize(
    ("known", "told", "swept", "in_time", "at_once"),
    [
        (-30, -7, -30, True, False),  # to the hour
        (-30, -6.9, -6.9, False, False),
        (-30, None, None, False, False),
        (-7, -6.99, -6.99, False, True),  # known to the hour, and swept a little later
        (-7.1, -6.99, -6.99, False, False),
        (-6, -5.9, -5.9, False, True),
        (-6, -5, -5.9, False, False),
        (-6, None, -5.9, False, False),
    ],
)
def test_what_counts_as_told(
    known: float, told: float | None, swept: float | None, in_time: bool, at_once: bool
) -> None:
    days = {"known_at": known, "told_at": told, "swept_at": swept}
    moments: dict[str, Any] = {name: None if each is None else NOW + each * DAY for name, each in days.items()}
    loss = Loss("C", "A", NOW, is_early_end=False, **moments)
    assert (loss.is_told_in_time, loss.is_told_at_once) == (in_time, at_once)
    assert loss.is_unwarned is not (in_time or at_once)
