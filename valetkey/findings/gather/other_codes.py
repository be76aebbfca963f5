"""Codes that stand beside those of a batch: of the same post, in its place, or the very same code elsewhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Final, TypeVar

from django.db.models import QuerySet

from valetkey.authorizations.lifecycle import BOUND, LIVE, USABLE
from valetkey.authorizations.models import Application, Authorization, WindowSource
from valetkey.findings.facts import OtherCode, Thing

_MOST: Final = 20
"""Of codes beside another one, those that are told; the oldest ones."""

_COLUMNS: Final = (
    "reference", "state", "created_at", "starts_at", "ends_at", "replaces", "code_fingerprint", "window_source",
    "advertiser__reference", "advertiser__name", "post__reference", "post__name", "post__held_by",
)  # fmt: skip

Row = TypeVar("Row")


class OtherCodes:
    def __init__(self, rows: Sequence[Authorization]) -> None:
        live = [row for row in rows if row.state in LIVE and row.code_fingerprint]
        posts = {row.post_id for row in rows}
        of_post = _beside(rows, post__in=posts, state__in=LIVE, code_fingerprint__isnull=False)
        self._of_post = grouped(_by_age([*live, *of_post]), "post_id")
        codes = {row.code_fingerprint for row in rows if row.code_fingerprint}
        self._of_code = grouped(_by_age([*rows, *_beside(rows, code_fingerprint__in=codes)]), "code_fingerprint")
        told = {other.pk for row in rows for other in (*self._before(row), *self._after(row), *self._next_to(row))}
        uses = Authorization.campaigns.through.objects.filter(authorization__in=told)
        self._campaigns = _references(uses.values_list("authorization", "campaign__reference"))
        bound = Application.objects.filter(authorization__in=told, state__in=BOUND)
        self._applied_on = _references(bound.values_list("authorization", "ad_account__reference"))

    def succeeded_by(self, row: Authorization) -> tuple[OtherCode, ...]:
        return self._told(other for other in self._after(row) if other.state in USABLE)

    def succeeds(self, row: Authorization) -> tuple[OtherCode, ...]:
        return self._told(other for other in self._before(row) if other.state in USABLE)

    def beside(self, row: Authorization) -> tuple[OtherCode, ...]:
        return self._told(self._next_to(row))

    def elsewhere(self, row: Authorization) -> tuple[Thing, ...]:
        held = (
            other for other in self._same_code(row) if other.state in LIVE and other.advertiser_id != row.advertiser_id
        )
        return tuple(Thing(other.reference, other.advertiser.name) for other in islice(held, _MOST))

    def code_is_of(self, row: Authorization) -> Thing | None:
        """The platform gave this code for another post, and somebody typed it in for this one."""
        if row.window_source == WindowSource.PLATFORM:
            return None
        given = (
            other
            for other in self._same_code(row)
            if other.post_id != row.post_id and other.window_source == WindowSource.PLATFORM
        )
        return next((Thing(other.post.reference, other.post.name) for other in given), None)

    def _after(self, row: Authorization) -> list[Authorization]:
        return [other for other in self._of_post[row.post_id] if other.replaces_id == row.pk]

    def _before(self, row: Authorization) -> list[Authorization]:
        return [other for other in self._of_post[row.post_id] if other.pk == row.replaces_id]

    def _next_to(self, row: Authorization) -> list[Authorization]:
        beside = (
            other
            for other in self._of_post[row.post_id]
            if other.pk not in {row.pk, row.replaces_id}
            and other.replaces_id != row.pk
            and other.code_fingerprint != row.code_fingerprint
        )
        return list(islice(beside, _MOST))

    def _same_code(self, row: Authorization) -> Iterator[Authorization]:
        """Of the same creator: what others enter under their own name says nothing of this code."""
        same = self._of_code[row.code_fingerprint] if row.code_fingerprint else []
        return (other for other in same if other.pk != row.pk and other.post.held_by_id == row.post.held_by_id)

    def _told(self, others: Iterable[Authorization]) -> tuple[OtherCode, ...]:
        return tuple(
            OtherCode(
                reference=other.reference,
                name=other.advertiser.name,
                advertiser=other.advertiser.reference,
                created_at=other.created_at,
                starts_at=other.starts_at,
                ends_at=other.ends_at,
                campaigns=tuple(self._campaigns[other.pk]),
                applied_on=tuple(self._applied_on[other.pk]),
            )
            for other in others
        )


def grouped(rows: Iterable[Row], key: str) -> defaultdict[Any, list[Row]]:
    """In the order they come in; where there are none, an empty list."""
    found: defaultdict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        found[getattr(row, key)].append(row)
    return found


def _by_age(rows: Iterable[Authorization]) -> list[Authorization]:
    return sorted(rows, key=lambda row: row.pk)


def _beside(rows: Sequence[Authorization], **narrowed: object) -> QuerySet[Authorization]:
    """Those that are not of the batch themselves: of most codes there is no other."""
    found = Authorization.objects.filter(**narrowed).exclude(pk__in=[row.pk for row in rows])
    return found.select_related("advertiser", "post").only(*_COLUMNS)


def _references(pairs: QuerySet[Any, tuple[int, str]]) -> defaultdict[int, list[str]]:
    found: defaultdict[int, list[str]] = defaultdict(list)
    for pk, reference in sorted(set(pairs)):
        found[pk].append(reference)
    return found
