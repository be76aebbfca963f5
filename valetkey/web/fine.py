"""What is fine, in counts: live codes and open access about which nothing is found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Exists, OuterRef, QuerySet

from valetkey.audit.entry import Actor
from valetkey.authorizations.models import Authorization
from valetkey.findings.finding import About
from valetkey.findings.models import Finding
from valetkey.register.models import Access

MOST: Final = 1000


@dataclass(frozen=True)
class Count:
    """Counted to `MOST`: `is_more` says that there are more."""

    number: int
    is_more: bool


@dataclass(frozen=True)
class Fine:
    codes: Count
    accesses: Count

    @property
    def any(self) -> bool:
        return bool(self.codes.number or self.accesses.number)


def what_is_fine(*, actor: Actor, at: datetime) -> Fine:
    """Of what the actor can see, and about which nothing is found that they are told of."""
    told = Finding.objects.visible_to(actor).open().filter(subject=OuterRef("reference"))
    codes = Authorization.objects.visible_to(actor).live().filter(ends_at__gt=at)
    accesses = Access.objects.visible_to(actor).live(at).filter(way=Access.Way.ENTERED)
    return Fine(
        _count(codes.filter(~Exists(told.filter(about=About.AUTHORIZATION.value)))),
        _count(accesses.filter(~Exists(told.filter(about=About.ACCESS.value)))),
    )


def _count(found: QuerySet[Any]) -> Count:
    number = found.order_by()[: MOST + 1].count()
    return Count(min(number, MOST), number > MOST)
