"""Find findings, and the inbox: what waits for somebody, theirs first, by how pressing it is and what it would stop."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from django.db.models import BooleanField, Case, Count, F, Q, Value, When

from valetkey.accounts.models import Person
from valetkey.audit.entry import Actor
from valetkey.errors import NotFound
from valetkey.findings.finding import About, Group, Severity
from valetkey.findings.models import Finding, FindingQuerySet
from valetkey.findings.rules import RULES

PAGE: Final = 50
MOST: Final = 1000
"""So far pages go, and so far rows are counted: beyond, somebody narrows the list down."""
_BESIDE: Final = ("party", "owner", "handed_to")


class Which(StrEnum):
    """`put_off`: snoozed until later, or left to its end."""

    WAITING = "waiting"
    PUT_OFF = "put_off"
    CLOSED = "closed"
    ALL = "all"


@dataclass(frozen=True)
class Narrowed:
    """`severity`: at least. `party`, `subject`: references. `mine`: what the actor answers for, or was handed."""

    which: Which = Which.WAITING
    mine: bool = False
    severity: Severity | None = None
    group: Group | None = None
    about: About | None = None
    rule: str = ""
    party: str = ""
    subject: str = ""


@dataclass(frozen=True)
class Page:
    """`number` of `last` pages. `is_more`: there are more rows than `count`, which is then the most that is counted.

    Each row has `is_mine`.
    """

    rows: list[Finding]
    number: int
    last: int
    count: int
    is_more: bool


@dataclass(frozen=True)
class Counts:
    """Of what waits: how many are the actor's own, and how many of each severity, theirs or not."""

    mine: int
    by_severity: dict[Severity, int]

    @property
    def all(self) -> int:
        return sum(self.by_severity.values())


_ALL: Final = Narrowed()


def inbox(*, actor: Actor, at: datetime, narrowed: Narrowed = _ALL, number: int = 1, size: int = PAGE) -> Page:
    """Of the parties the actor acts for; of the whole desk for its readers. A number past the last page is the last."""
    found = _narrowed(Finding.objects.visible_to(actor), narrowed, actor, at)
    count = found.order_by()[: MOST + 1].count()
    is_more, count = count > MOST, min(count, MOST)
    last = max(1, -(-count // size))
    number = min(max(1, number), last)
    rows = list(_in_order(found, narrowed, actor)[(number - 1) * size : min(number * size, MOST)])
    return Page(rows, number, last, count, is_more)


def count_waiting(*, actor: Actor, at: datetime) -> Counts:
    """Two queries, however many there are."""
    waiting = Finding.objects.visible_to(actor).waiting(at)
    counts = dict(waiting.order_by().values_list("severity").annotate(Count("pk")))
    mine = waiting.filter(_mine(actor)).count()
    return Counts(mine, {each: counts.get(each.value, 0) for each in sorted(Severity, reverse=True)})


def find_finding(*, text: str, actor: Actor) -> Finding:
    """By its reference. Raises NotFound for whoever does not act for its party."""
    return find_findings(texts=[text], actor=actor)[0]


def find_findings(*, texts: Iterable[str], actor: Actor) -> list[Finding]:
    """All of them, in that order and each once; the first that is not there is refused before anything is done."""
    named = list(dict.fromkeys(text.strip().upper() for text in texts))
    visible = Finding.objects.visible_to(actor).select_related(*_BESIDE).filter(reference__in=named)
    rows = {row.reference: row for row in visible}
    for each in named:
        if each not in rows:
            raise no_such_finding(each)
    return [rows[each] for each in named]


def no_such_finding(text: str) -> NotFound:
    return NotFound("no_such_finding", f"There is no finding {text} that you can see.", "Look it up among yours.")


def _narrowed(found: FindingQuerySet, narrowed: Narrowed, actor: Actor, at: datetime) -> FindingQuerySet:
    if narrowed.which is Which.WAITING:
        found = found.waiting(at)
    elif narrowed.which is Which.PUT_OFF:
        found = found.open().filter(Q(snoozed_until__gt=at) | Q(let_end_at__isnull=False))
    elif narrowed.which is Which.CLOSED:
        found = found.filter(closed_at__isnull=False)
    if narrowed.mine:
        found = found.filter(_mine(actor))
    if narrowed.severity is not None:
        found = found.filter(severity__gte=narrowed.severity.value)
    if narrowed.group is not None:
        found = found.filter(rule__in=[rule.id for rule in RULES if rule.group is narrowed.group])
    if narrowed.about is not None:
        found = found.filter(about=narrowed.about.value)
    same = {"rule": narrowed.rule, "party__reference": narrowed.party.upper(), "subject": narrowed.subject.upper()}
    return found.filter(**{name: value for name, value in same.items() if value})


def _in_order(found: FindingQuerySet, narrowed: Narrowed, actor: Actor) -> FindingQuerySet:
    is_mine = Case(When(_mine(actor), then=Value(True)), default=Value(False), output_field=BooleanField())
    rows = found.annotate(is_mine=is_mine).select_related(*_BESIDE)
    if narrowed.which is Which.CLOSED:
        return rows.order_by("-closed_at", "-pk")
    return rows.order_by("-is_mine", "-severity", "-stops", F("by").asc(nulls_last=True), "pk")


def people_of(actor: Actor) -> frozenset[int]:
    """Whom the actor is on records as. The host is nobody."""
    if actor.user_id is None:
        return frozenset()
    return frozenset(Person.objects.filter(user=actor.user_id).values_list("pk", flat=True))


def _mine(actor: Actor) -> Q:
    """Theirs to answer for, unless it was handed to somebody else. Nothing is the host's."""
    people = people_of(actor)
    return Q(handed_to__in=people) | Q(handed_to=None, owner__in=people)
