"""Whether a simulated desk kept its word: asked of the record and of what was sent, never of the rules.

A campaign loses its authorization where a code that it uses comes to its end while it runs, and no other of its codes
for the post is there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings

from valetkey.accounts.models import Person
from valetkey.audit.models import Entry
from valetkey.authorizations.lifecycle import State
from valetkey.authorizations.models import Authorization
from valetkey.findings.models import Spell, Sweep
from valetkey.notices.models import Notice
from valetkey.register.models import Campaign

AHEAD: Final = timedelta(days=7)
_UNTIL_SWEPT: Final = timedelta(hours=1)
"""A worker sweeps once an hour: what came to be known a week before is told a little later."""
_OF_AN_EARLY_END: Final = "end_asked_under_campaign"


@dataclass(frozen=True)
class Loss:
    """`known_at`: from when on the record held all that it takes to see it coming. `rule`: of the finding that told of
    it first, `told_at`; None: none did. `swept_at`: of the first sweep that could.
    """

    campaign: str
    authorization: str
    at: datetime
    is_early_end: bool
    known_at: datetime
    swept_at: datetime | None
    rule: str = ""
    told_at: datetime | None = None

    @property
    def days_ahead(self) -> float | None:
        return None if self.told_at is None else round((self.at - self.told_at) / timedelta(days=1), 1)

    @property
    def is_told_in_time(self) -> bool:
        return self.told_at is not None and self.at - self.told_at >= AHEAD

    @property
    def is_told_at_once(self) -> bool:
        """It came to be too late for a week's notice, and the very next sweep told of it."""
        return (
            self.at - self.known_at < AHEAD + _UNTIL_SWEPT
            and self.told_at is not None
            and self.swept_at is not None
            and self.told_at <= self.swept_at
        )

    @property
    def is_unwarned(self) -> bool:
        return not self.is_told_in_time and not self.is_told_at_once


def losses(first: datetime, until: datetime) -> list[Loss]:
    """Between those instants, in order of time."""
    codes: dict[tuple[Campaign, int], list[Authorization]] = defaultdict(list)
    for row in Authorization.objects.filter(starts_at__isnull=False).prefetch_related("campaigns").order_by("pk"):
        for campaign in row.campaigns.all():
            codes[campaign, row.post_id].append(row)
    found = [
        _loss(campaign, row, rows, first)
        for (campaign, _), rows in codes.items()
        for row in rows
        if (end := _end(row)) is not None and first <= end < until
        if campaign.starts_at <= end < campaign.ends_at and not any(_covers(each, end) for each in rows)
    ]
    return sorted(found, key=lambda each: (each.at, each.campaign, each.authorization))


def _end(row: Authorization) -> datetime | None:
    early = (row.switched_off_at or row.ended_at) if row.state == State.ENDED else None
    return min((each for each in (early, row.ends_at) if each is not None), default=None)


def _covers(row: Authorization, at: datetime) -> bool:
    end = _end(row)
    return row.starts_at is not None and row.starts_at <= at and (end is None or end > at)


def _loss(campaign: Campaign, row: Authorization, rows: Iterable[Authorization], first: datetime) -> Loss:
    at = _end(row)
    assert at is not None  # noqa: S101  # whoever asks has looked
    window_at = row.window_changes.filter(at__lt=at).order_by("-at").values_list("at", flat=True).first()
    is_early = row.ends_at is None or at < row.ends_at
    facts = [
        first,
        row.created_at,
        window_at,
        _last_entry(row.subject, at, event="authorization.campaigns"),
        _last_entry(f"campaign {campaign.reference}", at),
        row.end_asked_at if is_early else None,
        # What another code would have carried was not at stake until that one was asked to end.
        *(each.end_asked_at for each in rows),
    ]
    known_at = max(each for each in facts if each is not None and each < at)
    swept = Sweep.objects.filter(at__gte=known_at, finished_at__isnull=False).order_by("at", "pk").first()
    rule, told_at = _told(row, at, is_early=is_early, window_at=window_at)
    swept_at = swept.at if swept else None
    return Loss(campaign.reference, row.reference, at, is_early, known_at, swept_at, rule, told_at)


def _last_entry(subject: str, before: datetime, **narrowed: str) -> datetime | None:
    entries = Entry.objects.filter(subject=subject, at__lt=before, **narrowed)
    return entries.order_by("-seq").values_list("at", flat=True).first()


def _told(
    row: Authorization, at: datetime, *, is_early: bool, window_at: datetime | None
) -> tuple[str, datetime | None]:
    """The first to tell the advertiser's side of this very end, and not of an earlier one that was moved since."""
    spells = Spell.objects.filter(
        finding__subject=row.reference, finding__party=row.advertiser_id, opened_at__lt=at
    ).select_related("finding")
    if is_early:
        found = [each for each in spells if each.finding.rule == _OF_AN_EARLY_END]
    else:
        found = [each for each in spells if each.by == at and (each.closed_at is None or each.closed_at >= at)]
    told = [(max(each.opened_at, window_at or each.opened_at), each.finding.rule) for each in found]
    if not told:
        return "", None
    told_at, rule = min(told)
    return rule, told_at


def repeated() -> int:
    """Notices by which somebody was told of the same once more: no nearer to it, and no worse."""
    said: dict[tuple[int, int, datetime | None], list[tuple[int, int]]] = defaultdict(list)
    rows = Notice.objects.order_by("at", "pk").values_list("user", "spell", "by", "lead", "severity")
    count = 0
    for user, spell, by, lead, severity in rows:
        before = said[user, spell, by]
        count += any(lead >= each if by else severity <= worst for each, worst in before)
        before.append((lead, severity))
    return count


def to_leavers(mailed: Iterable[tuple[str, datetime]]) -> int:
    """Notices and mails to somebody whose last day was over. `mailed`: to whom, and when."""
    last_days: dict[str, list[date | None]] = defaultdict(list)
    for mail, left_on in Person.objects.filter(user__isnull=False).values_list("user__email", "left_on"):
        last_days[mail].append(left_on)
    told: Iterator[tuple[str, datetime]] = Notice.objects.values_list("user__email", "at").iterator()
    return sum(_had_left(last_days.get(mail, ()), day_of(at)) for each in (told, mailed) for mail, at in each)


def _had_left(last_days: Iterable[date | None], day: date) -> bool:
    days = list(last_days)
    return bool(days) and all(each is not None and each < day for each in days)


def day_of(at: datetime) -> date:
    """As the desk counts days; nobody in a made-up desk has a zone of their own."""
    return at.astimezone(ZoneInfo(settings.VALETKEY_TIME_ZONE)).date()


@dataclass(frozen=True)
class Turns:
    """How often findings of a rule were opened, came back, and were closed."""

    rule: str
    opened: int
    reopened: int
    closed: int


def by_rule() -> list[Turns]:
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    seen: set[int] = set()
    rows = Spell.objects.order_by("opened_at", "pk").values_list("finding", "finding__rule", "closed_at")
    for finding, rule, closed_at in rows:
        counts[rule][1 if finding in seen else 0] += 1
        counts[rule][2] += closed_at is not None
        seen.add(finding)
    return [Turns(rule, *counts[rule]) for rule in sorted(counts)]
