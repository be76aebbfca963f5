"""What stands in calendars: ends of codes, agreed days, ends of campaigns, days of review, and by when findings press.

Of parties, or of one campaign; each kind in two queries, and no more of it than the nearest few hundred.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Q, QuerySet

from valetkey.authorizations.lifecycle import LIVE, State
from valetkey.authorizations.models import Authorization
from valetkey.findings.models import Finding
from valetkey.notices.calendar import Happening
from valetkey.register.models import Access, Campaign, Engagement
from valetkey.reviews.models import Review

MOST: Final = 300
"""Of each kind, the nearest ahead; and of what is over, the newest."""
BACK: Final = timedelta(days=30)
_WAS_THERE: Final = (*LIVE, State.EXPIRED)

Parties = Collection[int] | None
"""None: every party's."""


@dataclass(frozen=True)
class Ahead:
    """`reach`: nobody has looked behind it, since there was too much; None: this is all."""

    happenings: list[Happening]
    reach: datetime | None


def of_parties(parties: Parties, at: datetime) -> Ahead:
    """What concerns any of them."""
    both = ("post__held_by", "advertiser")
    rights = _those(Authorization.objects.all(), parties, *both)
    return _gathered(
        at,
        _codes(rights, at),
        _agreed(rights, at),
        _campaigns(_those(Campaign.objects.all(), parties, "ad_account__held_by"), at),
        _accesses(_those(Access.objects.all(), parties, "surface__asset__held_by"), at),
        _engagements(_those(Engagement.objects.all(), parties, "kept_by"), at),
        _reviews(_those(Review.objects.all(), parties, "kept_by"), at),
        _findings(_those(Finding.objects.all(), parties, "party"), at),
    )


def of_campaign(campaign: Campaign, parties: Parties, at: datetime) -> Ahead:
    """Of it and of the codes that it uses."""
    rights = Authorization.objects.filter(campaigns=campaign)
    named = Q(about="authorization", subject__in=rights.values("reference"))
    found = _those(Finding.objects.filter(named), parties, "party")
    itself = Campaign.objects.filter(pk=campaign.pk)
    return _gathered(at, _codes(rights, at), _agreed(rights, at), _campaigns(itself, at), _findings(found, at))


def _those(rows: QuerySet[Any], parties: Parties, *ways: str) -> QuerySet[Any]:
    if parties is None:
        return rows
    found = Q()
    for way in ways:
        found |= Q(**{f"{way}__in": parties})
    return rows.filter(found)


def _gathered(at: datetime, *kinds: Iterator[Happening]) -> Ahead:
    found: list[Happening] = []
    reach: datetime | None = None
    for kind in kinds:
        few = list(kind)
        found += few
        if sum(_is_ahead(each, at) for each in few) == MOST:
            last = _moment(few[-1])
            reach = min(reach, last) if reach else last
    return Ahead(found, reach)


def _moment(happening: Happening) -> datetime:
    return happening.instant or datetime.combine(happening.day or date.max, time(0), UTC)


def _is_ahead(happening: Happening, at: datetime) -> bool:
    return happening.instant >= at if happening.instant else (happening.day or date.max) >= at.date()


def _nearest(rows: QuerySet[Any], name: str, at: datetime, *, is_day: bool = True) -> list[Any]:
    """By that column. Apart, so that however much was over lately, it hides nothing that is to come."""
    now, first = (at.date(), (at - BACK).date()) if is_day else (at, at - BACK)
    over = rows.filter(**{f"{name}__gte": first, f"{name}__lt": now}).order_by(f"-{name}", "-pk")[:MOST]
    ahead = rows.filter(**{f"{name}__gte": now}).order_by(name, "pk")[:MOST]
    return [*reversed(over), *ahead]


def _codes(rights: QuerySet[Authorization], at: datetime) -> Iterator[Happening]:
    there = rights.filter(state__in=_WAS_THERE).select_related("post", "advertiser")
    for row in _nearest(there, "ends_at", at, is_day=False):
        title = f"The code for {_post(row)} ends ({row.advertiser})"
        yield _happening(row.reference, "code-end", title, f"authorizations/{row.reference}/", instant=row.ends_at)


def _agreed(rights: QuerySet[Authorization], at: datetime) -> Iterator[Happening]:
    there = rights.filter(state__in=_WAS_THERE).select_related("post", "advertiser")
    for row in _nearest(there, "agreed_until", at):
        title = f"Last day agreed for {_post(row)} ({row.advertiser})"
        yield _happening(row.reference, "agreed-until", title, f"authorizations/{row.reference}/", row.agreed_until)


def _campaigns(rows: QuerySet[Campaign], at: datetime) -> Iterator[Happening]:
    for row in _nearest(rows, "ends_on", at):
        yield _happening(
            row.reference, "campaign-end", f"Last day of the campaign {row}", f"campaigns/{row.reference}/", row.ends_on
        )


def _accesses(rows: QuerySet[Access], at: datetime) -> Iterator[Happening]:
    there = rows.filter(ended_at=None).select_related("surface__asset", "holder", "person")
    for row in _nearest(there, "review_on", at):
        yield _happening(
            row.reference, "review", f"Look again at the access of {row}", f"record/accesses/{row.reference}/",
            row.review_on,
        )  # fmt: skip


def _engagements(rows: QuerySet[Engagement], at: datetime) -> Iterator[Happening]:
    for row in _nearest(rows.filter(ended_at=None).select_related("kept_by", "party"), "review_on", at):
        yield _happening(
            row.reference, "review", f"Look again at the work of {row}", "record/engagements/", row.review_on
        )


def _reviews(rows: QuerySet[Review], at: datetime) -> Iterator[Happening]:
    """The newest of each scope: its next one is still to be done."""
    done_again = Review.objects.filter(previous__isnull=False).values("previous")
    newest = rows.exclude(pk__in=done_again).select_related("kept_by", "asset", "party")
    for row in _nearest(newest, "next_on", at):
        yield _happening(row.reference, "next-review", f"Next review of {row.scope}", "reviews/", row.next_on)


def _findings(rows: QuerySet[Finding], at: datetime) -> Iterator[Happening]:
    for row in _nearest(rows.filter(closed_at=None, let_end_at=None), "by", at, is_day=False):
        yield _happening(row.reference, "finding", row.sentence, f"findings/{row.reference}/", instant=row.by)


def _happening(
    reference: str, kind: str, title: str, path: str, day: date | None = None, *, instant: datetime | None = None
) -> Happening:
    uid = f"{reference}.{kind}@{urlsplit(settings.VALETKEY_URL).hostname}"
    return Happening(uid, title, f"{settings.VALETKEY_URL}/{path}", day, instant)


def _post(row: Authorization) -> str:
    return f"“{row.post.name}”" if row.post.name else f"the post {row.post.reference}"
