"""Which authorizations some rule could speak of. More than it does speak of, and never fewer.

Each condition finds its rows by an index. Where it compares with what belongs to the row, as a campaign does, it is one
join over all that is not over.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Final

from django.db.models import Exists, F, OuterRef, Q

from valetkey.accounts.models import Person
from valetkey.authorizations.lifecycle import BOUND, ENDING, LIVE, NOTHING_YET, USABLE, State
from valetkey.authorizations.models import Application, Authorization
from valetkey.connectors.base import Level
from valetkey.connectors.models import Connection
from valetkey.findings.gather.batches import batches
from valetkey.findings.limits import Limits
from valetkey.register.models import AdAccount, Asset, Engagement, Post, Source

_LIVE: Final = Q(state__in=sorted(LIVE))
_PUBLIC: Final = frozenset({Post.Visibility.PUBLIC, Post.Visibility.UNKNOWN})
_HIDDEN: Final = sorted(set(Post.Visibility) - _PUBLIC)


def candidates(at: datetime, limits: Limits, parties: Collection[int] | None) -> Iterator[list[int]]:
    rows = Authorization.objects.all()
    if parties is not None:
        rows = rows.filter(Q(post__in=Post.objects.filter(held_by__in=parties)) | Q(advertiser__in=parties))
    yield from batches(rows, _conditions(at, limits))


def _conditions(at: datetime, limits: Limits) -> Iterator[Q]:
    yield from _by_the_clock(at, limits)
    yield from _against_campaigns(at)
    yield from _of_unknown_outcome(_before(at, limits.uncertain_after))
    yield from _unseen(at, limits)
    yield from _with_somebody_gone(at)
    yield _LIVE & _after_the_work(at)
    yield _LIVE & Q(post__in=Post.objects.filter(visibility__in=_HIDDEN))
    yield _LIVE & _applied_where_nobody_agreed()
    yield _LIVE & _applied_in_another_region()
    yield _LIVE & _has_a_second_code()
    yield _LIVE & _shares_its_code()


def _by_the_clock(at: datetime, limits: Limits) -> Iterator[Q]:
    yield _LIVE & Q(ends_at__lte=at + timedelta(days=max(limits.ends_within, limits.urgent_within)))
    yield Q(state__in=sorted(USABLE), ends_at=None)
    yield _LIVE & Q(agreed_until__lte=_day(at))
    yield Q(state=State.REQUESTED, created_at__lte=_before(at, limits.unanswered_after))
    yield Q(state=State.HANDED_OVER, handed_over_at__lte=_before(at, limits.unopened_after))
    yield Q(state=State.OPENED, opened_at__lte=_before(at, limits.unapplied_after))
    yield Q(state__in=sorted(ENDING))
    yield Q(state=State.ENDED, told_at=None, ended_at__lte=_before(at, limits.untold_after))


def _against_campaigns(at: datetime) -> Iterator[Q]:
    """Each of them a join over the campaigns that are not over."""
    uses = Authorization.campaigns.through.objects.filter(authorization=OuterRef("pk"), campaign__ends_at__gt=at)
    ends_before = Q(campaign__ends_at__gt=OuterRef("ends_at"))
    starts_after = Q(campaign__starts_at__lt=OuterRef("starts_at"))
    yield _LIVE & Q(Exists(uses.filter(ends_before | starts_after)))
    yield Q(state__in=[State.ISSUED, State.EXPIRED]) & Q(Exists(uses))


def _of_unknown_outcome(since: datetime) -> Iterator[Q]:
    due = Q(claimed_until__lte=since), Q(is_uncertain=True, claimed_until=None)
    yield from due
    yield from (Q(pk__in=Application.objects.filter(each).values("authorization")) for each in due)


def _unseen(at: datetime, limits: Limits) -> Iterator[Q]:
    """What the platform showed otherwise; and what it could be asked, and was not."""
    yield ~Q(drift=[])
    live = Connection.objects.live()
    creators = Post.objects.filter(held_by__in=live.filter(level=Level.CREATOR).values("party"))
    connected = Q(post__in=creators) | Q(advertiser__in=live.filter(level=Level.ADVERTISER).values("party"))
    since = _before(at, limits.unchecked_after)
    yield connected & _LIVE & (Q(checked_at__lte=since) | Q(checked_at=None, created_at__lte=since))
    unproven = Q(checked_at=None) | Q(checked_at__lte=F("ended_at"))
    yield connected & Q(state=State.ENDED, end_source=Source.STATED) & unproven


def _with_somebody_gone(at: datetime) -> Iterator[Q]:
    left = Person.objects.filter(left_on__lt=_day(at))
    not_over = Q(state__in=sorted(LIVE | NOTHING_YET))
    yield not_over & Q(creator_owner__in=left)
    yield not_over & Q(advertiser_owner__in=left)


def _before(at: datetime, days: int) -> datetime:
    return at - timedelta(days=days)


def _day(at: datetime) -> date:
    return at.astimezone(UTC).date()


def _after_the_work(at: datetime) -> Q:
    over = Engagement.objects.filter(ended_at__lte=at)
    theirs = over.filter(kept_by=OuterRef("post__held_by"), party=OuterRef("advertiser"))
    return Q(advertiser__in=over.values("party")) & Q(Exists(theirs))


def _applied_where_nobody_agreed() -> Q:
    bound = Application.objects.filter(authorization=OuterRef("pk"), state__in=sorted(BOUND))
    return Q(agreed_ad_account__isnull=False) & Q(Exists(bound.exclude(ad_account=OuterRef("agreed_ad_account"))))


def _applied_in_another_region() -> Q:
    """Of ad accounts whose country is on record: those of creators who have one that differs."""
    abroad = AdAccount.objects.exclude(region="").values("pk")
    creators = Asset.objects.filter(held_by=OuterRef("authorization__post__held_by")).exclude(region="")
    differing = Exists(creators.exclude(region=OuterRef("ad_account__region")))
    bound = Application.objects.filter(differing, ad_account__in=abroad, state__in=sorted(BOUND))
    return Q(pk__in=bound.values("authorization"))


def _has_a_second_code() -> Q:
    others = Authorization.objects.filter(_LIVE, post=OuterRef("post"), code_fingerprint__isnull=False)
    return Q(Exists(others.exclude(pk=OuterRef("pk"))))


def _shares_its_code() -> Q:
    same = Authorization.objects.filter(code_fingerprint=OuterRef("code_fingerprint"))
    return Q(Exists(same.exclude(pk=OuterRef("pk"))))
