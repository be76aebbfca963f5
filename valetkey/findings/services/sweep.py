"""One sweep over the record: look at the platform where that was long ago, write down what the clock has ended, and
bring the findings in step with the rules. Safe to run twice at once, and to be stopped anywhere: the next one does the
rest.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from django.db.models import QuerySet

from valetkey.accounts.services import require_admin, require_reader
from valetkey.audit.entry import Actor
from valetkey.audit.services import record, writing
from valetkey.authorizations.models import Authorization
from valetkey.authorizations.services import expire
from valetkey.errors import Refused
from valetkey.findings.finding import About
from valetkey.findings.gather import GATHERS
from valetkey.findings.limits import Limits
from valetkey.findings.models import Finding, Sweep
from valetkey.findings.services.limits import limits as limits_of_the_desk
from valetkey.findings.services.reconcile import Changed, Reconciled, What, reconcile
from valetkey.findings.services.seeing import NotSeen, Seen, look_again

LISTED: Final = 1000
"""So many changes are told one by one; all of them are counted."""
KEPT: Final = timedelta(days=90)
_BATCH: Final = 500
_REFUSED_FOR: Final = timedelta(days=1)
_MOST_IN_VAIN: Final = 10_000


@dataclass(frozen=True)
class Swept:
    """`judged` subjects; `open`: findings that are open now, or would be. `counts`: of all changes, listed or not."""

    at: datetime
    is_dry_run: bool
    seen: Seen
    expired: int
    judged: int
    open: int
    counts: dict[What, int]
    changes: tuple[Changed, ...]

    @property
    def is_quiet(self) -> bool:
        """Nothing is otherwise than before."""
        return not self.expired and not any(self.counts.values())


def sweep(*, actor: Actor, at: datetime, dry_run: bool = False, look: bool = True) -> Swept:
    """For the desk admin, the host and the desk itself. `look`: whether the platform is asked.

    `dry_run` writes nothing, asks no platform, and tells what would be opened and closed: with an `at` to come, what
    the desk will say then if nobody does anything.
    """
    require_admin(actor)
    limits = limits_of_the_desk()
    if dry_run:
        return _swept(at, Seen(0, (), ()), _due(at).count(), limits, actor, dry_run=True)
    began, row = time.monotonic(), _begin(at)
    seen = look_again(in_vain=_in_vain(row), limits=limits, actor=actor, at=at) if look else Seen(0, (), ())
    swept = _swept(at, seen, _expire(actor, at), limits, actor, dry_run=False)
    _finish(row, swept, actor, timedelta(seconds=time.monotonic() - began))
    return swept


def sweeps(*, actor: Actor) -> QuerySet[Sweep]:
    """The newest first, for the desk's readers."""
    require_reader(actor)
    return Sweep.objects.order_by("-pk")


def prune_sweeps(*, at: datetime) -> int:
    """Forget those of long ago; how many. What they changed stands in the history."""
    with writing():
        number, _ = Sweep.objects.filter(at__lt=at - KEPT).delete()
    return number


def _swept(at: datetime, seen: Seen, expired: int, limits: Limits, actor: Actor, *, dry_run: bool) -> Swept:
    counts: Counter[What] = Counter()
    judged = kept = 0
    listed: list[Changed] = []
    for batch in _reconciled(limits, actor, at, dry_run=dry_run):
        judged += batch.judged
        kept += batch.kept
        counts.update(each.what for each in batch.changed)
        listed += batch.changed[: LISTED - len(listed)]
    is_open = kept + counts[What.OPENED] + counts[What.REOPENED]
    told = {what: counts[what] for what in What}
    return Swept(at, dry_run, seen, expired, judged, is_open, told, tuple(listed))


def _reconciled(limits: Limits, actor: Actor, at: datetime, *, dry_run: bool) -> Iterator[Reconciled]:
    """Batch by batch: first those of which a rule could say something, then those of which something is still open."""
    for about in About:
        seen: set[int] = set()
        for pks in GATHERS[about].candidates(at, limits, None):
            batch = reconcile(about=about, pks=pks, limits=limits, actor=actor, at=at, dry_run=dry_run)
            seen |= batch.seen
            yield batch
        for subjects in _still_open(about, seen):
            yield reconcile(about=about, subjects=subjects, limits=limits, actor=actor, at=at, dry_run=dry_run)


def _still_open(about: About, seen: set[int]) -> Iterator[set[str]]:
    """Subjects of open findings that no batch has looked at."""
    last = 0
    while rows := list(
        Finding.objects.open()
        .filter(about=about.value, pk__gt=last)
        .order_by("pk")
        .values_list("pk", "subject")[:_BATCH]
    ):
        last = rows[-1][0]
        if subjects := {subject for pk, subject in rows if pk not in seen}:
            yield subjects


def _due(at: datetime) -> QuerySet[Authorization]:
    """Past their end by the clock. Where a step's outcome is not known, the look settles that first."""
    return Authorization.objects.live().filter(ends_at__lte=at, claim_id=None)


def _expire(actor: Actor, at: datetime) -> int:
    count = last = 0
    while rows := list(_due(at).filter(pk__gt=last).select_related("post", "advertiser").order_by("pk")[:_BATCH]):
        last = rows[-1].pk
        for row in rows:
            try:
                expire(authorization=row, actor=actor, at=at)
                count += 1
            except Refused:
                continue  # somebody has just extended it, or ended it, or wrote it down before us
    return count


def _begin(at: datetime) -> Sweep:
    with writing():
        return Sweep.objects.create(at=at, started_at=at)


def _in_vain(row: Sweep) -> frozenset[str]:
    """What could not be looked at within a day: it comes after all others, however many sweeps it would fill."""
    before = Sweep.objects.filter(pk__lt=row.pk, at__gt=row.at - _REFUSED_FOR, finished_at__isnull=False)
    counts = before.order_by("-pk").values_list("counts", flat=True)
    return frozenset(islice((each for count in counts for each in count.get("not_seen", ())), _MOST_IN_VAIN))


def _finish(row: Sweep, swept: Swept, actor: Actor, took: timedelta) -> None:
    counts: dict[str, object] = {
        "looked": swept.seen.looked,
        "expired": swept.expired,
        "judged": swept.judged,
        "open": swept.open,
        **{what.value: count for what, count in swept.counts.items()},
    }
    row.finished_at = row.started_at + took
    row.counts = {
        **counts,
        "not_seen": [each.reference for each in swept.seen.not_seen],
        "left_alone": list(swept.seen.left_alone),
    }
    with writing():
        row.save(update_fields=["finished_at", "counts"])
        if not swept.is_quiet:
            record(event="sweep.done", subject="desk", actor=actor, at=swept.at, detail=counts)


__all__ = ["LISTED", "NotSeen", "Swept", "prune_sweeps", "sweep", "sweeps"]
