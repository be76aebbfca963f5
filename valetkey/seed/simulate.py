"""A made-up agency day by day: people do what they do, and the desk goes round as its worker would.

The agency is by hand, so that no platform is looked at; mails go to a postbox of the simulation.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from valetkey.audit.entry import Actor, Door
from valetkey.export.services import refuse_filled
from valetkey.findings.services import sweep
from valetkey.notices.models import Notice
from valetkey.notices.services import plan_notices, send_digests
from valetkey.seed.agency import Agency
from valetkey.seed.held import Loss, Turns, by_rule, day_of, losses, repeated, to_leavers
from valetkey.seed.play import Player, playing
from valetkey.seed.postbox import emptied, postbox
from valetkey.seed.rounds import HOURS, rounds

_THE_DESK: Final = Actor(name="the desk", door=Door.WORKER)
Told = Callable[[int, int, datetime], None]


@dataclass(frozen=True)
class Simulated:
    """`mails`: digests; `most_a_day`: to one person. `repeated`: notices, and mails that came twice. `took`: seconds,
    the one figure that another run has otherwise."""

    first: datetime
    until: datetime
    sweeps: int
    losses: tuple[Loss, ...]
    rules: tuple[Turns, ...]
    notices: int
    mails: int
    most_a_day: int
    repeated: int
    to_leavers: int
    took: float

    @property
    def unwarned(self) -> int:
        return sum(each.is_unwarned for each in self.losses)

    @property
    def holds(self) -> bool:
        return not (self.unwarned or self.repeated or self.to_leavers) and self.most_a_day <= 1


def simulate(
    agency: Agency, *, first: datetime, until: datetime, seed: int, host: Actor, hours: tuple[int, ...] = HOURS,
    told: Told = lambda done, of, at: None,
) -> Simulated:  # fmt: skip
    """From `first` until `until`; what the agency did before lies behind it. Into an empty desk only: raises Conflict
    for any other. `told` hears how far it is.
    """
    refuse_filled()
    begun = time.monotonic()
    mailed: list[tuple[str, str, datetime]] = []
    with playing(seed), postbox():
        player = Player(host, seed)
        for act in agency.acts:
            if act.at < first:
                player.do(act)
        course = list(rounds(agency.acts, first, until, hours))
        for number, each in enumerate(course, start=1):
            for act in each.acts:
                player.do(act)
            at = max(each.at, player.clock or each.at)
            mailed += _go_round(at)
            told(number, len(course), at)
        return _asked(first, until, len(course), mailed, timedelta(seconds=time.monotonic() - begun))


def _go_round(at: datetime) -> list[tuple[str, str, datetime]]:
    """What was mailed: to whom, as which message, and when."""
    sweep(actor=_THE_DESK, at=at, look=False)
    plan_notices(at=at)
    emptied()  # links and invitations that people sent are no digests
    send_digests(at=at)
    return [(each.to, each.message_id, at) for each in emptied()]


def _asked(
    first: datetime, until: datetime, sweeps: int, mailed: list[tuple[str, str, datetime]], took: timedelta
) -> Simulated:
    days = Counter((to, day_of(at)) for to, _, at in mailed)
    twice = len(mailed) - len({message_id for _, message_id, _ in mailed})
    return Simulated(
        first=first,
        until=until,
        sweeps=sweeps,
        losses=tuple(losses(first, until)),
        rules=tuple(by_rule()),
        notices=Notice.objects.count(),
        mails=len(mailed),
        most_a_day=max(days.values(), default=0),
        repeated=repeated() + twice,
        to_leavers=to_leavers((to, at) for to, _, at in mailed),
        took=round(took.total_seconds(), 1),
    )
