"""What the rules are told of exposures, engagements and reviews, and of which: those of one record are few."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from valetkey.findings.facts import EngagementFacts, ExposureFacts, ReviewFacts
from valetkey.findings.gather.batches import batches
from valetkey.findings.gather.named import everybody, thing, who
from valetkey.findings.limits import Limits
from valetkey.register.exposed import words
from valetkey.register.models import Engagement, Exposure
from valetkey.reviews.models import Review

_OF_EXPOSURE: Final = ("held_by", "asset__ownership__owner")


def exposures(at: datetime, limits: Limits, parties: Collection[int] | None) -> Iterator[list[int]]:
    rows = _kept(Exposure.objects.all(), "held_by", parties)
    yield from batches(rows, (Q(changed_at=None) | Q(changed_at__gt=at),))


def exposure_facts(pks: Collection[int], at: datetime) -> list[ExposureFacts]:
    rows = Exposure.objects.filter(pk__in=pks).select_related(*_OF_EXPOSURE).prefetch_related("knowers__person")
    return [_exposure(row) for row in rows.order_by("pk")]


def _exposure(row: Exposure) -> ExposureFacts:
    knowers = list(row.knowers.all())
    owned = getattr(row.asset, "ownership", None)
    return ExposureFacts(
        reference=row.reference,
        held_by=thing(row.held_by),
        account=row.account,
        shared=words(row.shared),
        opened_at=row.opened_at,
        knowers=everybody([each.person for each in knowers if each.person is not None]),
        others=sum(each.person_id is None for each in knowers),
        owner=None if owned is None else who(owned.owner),
        changed_at=row.changed_at,
    )


def engagements(at: datetime, limits: Limits, parties: Collection[int] | None) -> Iterator[list[int]]:
    rows = _kept(Engagement.objects.all(), "kept_by", parties)
    day = at.astimezone(UTC).date()
    due = Q(review_on__lte=day) | Q(ends_on__lte=day) | Q(owner__left_on__lt=day)
    yield from batches(rows, ((Q(ended_at=None) | Q(ended_at__gt=at)) & due,))


def engagement_facts(pks: Collection[int], at: datetime) -> list[EngagementFacts]:
    rows = Engagement.objects.filter(pk__in=pks).select_related("kept_by", "party", "owner")
    return [
        EngagementFacts(
            reference=row.reference,
            kept_by=thing(row.kept_by),
            party=thing(row.party),
            starts_on=row.starts_on,
            review_on=row.review_on,
            ends_on=row.ends_on,
            owner=who(row.owner),
            ended_at=row.ended_at,
        )
        for row in rows.order_by("pk")
    ]


def reviews(at: datetime, limits: Limits, parties: Collection[int] | None) -> Iterator[list[int]]:
    is_open = Q(closed_at=None) | Q(closed_at__gt=at)
    left_open = is_open & Q(opened_at__lte=at - timedelta(days=limits.review_open_after))
    due_again = Q(next_on__lte=at.astimezone(UTC).date())
    yield from batches(_kept(_newest(), "kept_by", parties), (left_open | due_again,))


def review_facts(pks: Collection[int], at: datetime) -> list[ReviewFacts]:
    """Of one that is no longer the newest of its scope there is nothing to tell."""
    rows = _newest().filter(pk__in=pks).select_related("kept_by", "asset", "party")
    return [
        ReviewFacts(
            reference=row.reference,
            kept_by=thing(row.kept_by),
            scope=row.scope,
            opened_at=row.opened_at,
            closed_at=row.closed_at,
            next_on=row.next_on,
        )
        for row in rows.order_by("pk")
    ]


def _newest() -> QuerySet[Review]:
    rows = Review.objects.alias(on=Coalesce("asset_id", 0), of=Coalesce("party_id", 0))
    newer = rows.filter(kept_by=OuterRef("kept_by"), on=OuterRef("on"), of=OuterRef("of"), pk__gt=OuterRef("pk"))
    return rows.filter(~Exists(newer))


def _kept(rows: QuerySet[Any], by: str, parties: Collection[int] | None) -> QuerySet[Any]:
    return rows if parties is None else rows.filter(**{f"{by}__in": parties})
