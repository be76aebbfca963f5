"""Search what an actor may see: filters as one query, in order, page by page. Nothing is compared in Python.

A text is looked for in every row that is left, which no index helps; at ten thousand rows that is still quick.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When

from valetkey.accounts.models import Party
from valetkey.audit.entry import Actor
from valetkey.authorizations.filters import Filters, Order
from valetkey.authorizations.lifecycle import LIVE
from valetkey.authorizations.models import Application, Authorization, AuthorizationQuerySet
from valetkey.connectors import registry
from valetkey.register.models import Post

PAGE: Final = 50
MOST: Final = 1000
"""So far pages go, and so far rows are counted: beyond, somebody narrows the list down and does not leaf through it."""


@dataclass(frozen=True)
class Page:
    """`number` of `last` pages. `is_more`: there are more rows than `count`, which is then the most that is counted."""

    rows: list[Authorization]
    number: int
    last: int
    count: int
    is_more: bool


def search(*, filters: Filters, actor: Actor, at: datetime) -> AuthorizationQuerySet:
    """In order, each with what a list shows of it, and without its code."""
    found = Authorization.objects.visible_to(actor).in_full().defer("code")
    for condition in _conditions(filters, at):
        found = found.filter(condition)
    if filters.order is Order.NEWEST:
        return found.order_by("-pk")
    soonest = (F("ends_at").asc(nulls_last=True), "pk")
    only = filters.only()
    if only is not None and only <= LIVE:
        return found.order_by(*soonest)
    # Among rows that are over, an end long ago is not what ends soonest.
    return found.order_by(Case(When(ends_at__lte=at, then=Value(1)), default=Value(0)), *soonest)


def page(*, found: AuthorizationQuerySet, number: int = 1, size: int = PAGE) -> Page:
    """A number past the last page is the last page."""
    count = found.order_by()[: MOST + 1].count()
    is_more, count = count > MOST, min(count, MOST)
    last = max(1, -(-count // size))
    number = min(max(1, number), last)
    rows = list(found[(number - 1) * size : min(number * size, MOST)])
    return Page(rows, number, last, count, is_more)


def _conditions(filters: Filters, at: datetime) -> Iterator[Q | Exists]:
    only = filters.only()
    if only is not None:
        yield Q(state__in=sorted(only))
    if filters.creator:
        yield Q(post__in=Post.objects.filter(held_by__in=_named(filters.creator)))
    if filters.advertiser:
        yield Q(advertiser__in=_named(filters.advertiser))
    if filters.ends_within is not None:
        yield Q(state__in=sorted(LIVE), ends_at__gt=at, ends_at__lte=at + timedelta(days=filters.ends_within))
    if filters.is_short:
        uses = Authorization.campaigns.through.objects.filter(authorization=OuterRef("pk"))
        yield Exists(uses.filter(campaign__ends_at__gt=OuterRef("ends_at")))
    if filters.differs:
        yield ~Q(drift=[])
    if filters.is_uncertain:
        yield Q(is_uncertain=True) | Q(pk__in=Application.objects.filter(is_uncertain=True).values("authorization"))
    for word in filters.text.split():
        yield _tells(word)


def _named(party: str) -> QuerySet[Party]:
    return Party.objects.filter(Q(reference=party.upper()) | Q(name__iexact=party)).order_by()


def _tells(word: str) -> Q:
    """Whether anything that its page shows to both sides holds the word; a link of a post stands for its id."""
    uses = Authorization.campaigns.through.objects.filter(authorization=OuterRef("pk"))
    applied = Application.objects.filter(authorization=OuterRef("pk"))
    told = (
        Q(reference__icontains=word)
        | Q(post__reference__iexact=word)
        | Q(post__platform_id__icontains=word)
        | Q(post__name__icontains=word)
        | Q(post__held_by__name__icontains=word)
        | Q(advertiser__name__icontains=word)
        | Q(message__icontains=word)
        | Q(reason__icontains=word)
        | Q(Exists(uses.filter(campaign__name__icontains=word)))
        | Q(Exists(applied.filter(_is_account("ad_account", word))))
        | _is_account("agreed_ad_account", word)
    )
    for platform, post_id in registry.post_ids_in(word).items():
        told |= Q(post__platform=platform, post__platform_id=post_id)
    return told


def _is_account(path: str, word: str) -> Q:
    return Q(**{f"{path}__name__icontains": word}) | Q(**{f"{path}__platform_id__icontains": word})
