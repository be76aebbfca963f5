"""One look in the making: the versions it is made of are gathered first, so that one query names them all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, time
from typing import Final

from django.db.models import Count, Q, QuerySet, TextField
from django.db.models.functions import Cast

from valetkey.audit.entry import Actor
from valetkey.register import looking
from valetkey.register.looking import AccessLine, Counted, Look, Moment, Named, Names
from valetkey.register.services.versions import eyes_of, in_order, names_of, not_there, said_by, seen
from valetkey.timeline.models import Version, VersionQuerySet
from valetkey.timeline.said import Kind, Said

PAGE: Final = 50
MOST: Final = 1000
"""So far pages go, and so far rows are counted."""


class Gaze:
    """`said`: what is looked at, as it stood then; as it was first known where it was not known yet (`is_there`)."""

    def __init__(self, kind: Kind, reference: str, moment: Moment, actor: Actor) -> None:
        """Raises NotFound where the actor may see no version of it at all."""
        self.moment, self.eyes = moment, eyes_of(actor)
        versions = seen(self.eyes, kind).filter(reference=reference.upper())
        then = versions.known_at(moment.known_at).first()
        one = then or versions.order_by("known_from", "pk").first()
        if one is None:
            raise not_there(kind, reference)
        self.said, self.is_there = said_by(one), then is not None
        self.first_known = one.known_from
        self.found: dict[str, list[Said]] = {}
        self.totals: dict[str, int] = {}
        self.counts: dict[str, int] = {}
        self.page, self.last, self.count, self.is_more = 1, 1, 0, False

    def of(self, kind: Kind) -> VersionQuerySet:
        return seen(self.eyes, kind).known_at(self.moment.known_at)

    def held(self) -> VersionQuerySet:
        return self.of(Kind.ACCESS).holding(self.moment.at)

    def duties(self, which: Q) -> QuerySet[Version]:
        return self.of(Kind.RESPONSIBILITY).holding(self.moment.at).filter(which).order_by("known_from", "reference")

    def engaged(self, which: Q) -> QuerySet[Version]:
        return self.of(Kind.ENGAGEMENT).filter(_not_over(self.moment)).filter(which).order_by("holds_from", "reference")

    def accesses(self, which: Q, page: int) -> None:
        """A page of those that hold then, and what else is still open in the record."""
        held = self.held().filter(which)
        self.count, self.is_more = _count(held)
        self.last = max(1, -(-self.count // PAGE))
        self.page = min(max(1, page), self.last)
        ordered = in_order(held, self.moment.known_at)
        self._take("accesses", ordered[(self.page - 1) * PAGE : min(self.page * PAGE, MOST)])
        others = self.of(Kind.ACCESS).filter(which, facts__ended_at=None).filter(_not_held(self.moment))
        self.cut("open_too", in_order(others, self.moment.known_at))

    def exposures(self, which: Q, belongs: Callable[[Said], bool], mentioned: str = "") -> None:
        """Those who know stand in a list, which databases search in ways of their own: as a text, then for certain."""
        found = self.of(Kind.EXPOSURE).filter(which, holds_from__lte=self.moment.at)
        if mentioned:
            told = found.annotate(told=Cast("facts", TextField()))
            found = told.filter(Q(told__contains=mentioned) | Q(kept_by=mentioned))
        rows = [said_by(row) for row in found.order_by("-holds_from", "reference")[:MOST]]
        rows = sorted((said for said in rows if belongs(said)), key=lambda said: not self._is_open(said))
        self.found["exposures"] = rows[:PAGE]
        if len(rows) > PAGE:
            self.totals["exposures"] = len(rows)

    def count_on_surfaces(self, asset: str) -> None:
        rows = self.held().filter(asset=asset).order_by().values_list("surface").annotate(Count("pk"))
        self.counts = dict(rows)

    def cut(self, name: str, found: QuerySet[Version]) -> None:
        self._take(name, found[: PAGE + 1])
        if len(self.found[name]) > PAGE:
            self.found[name].pop()
            self.totals[name] = _count(found)[0]

    def look(self, person: str = "") -> Look:
        known_at = self.moment.known_at if self.is_there else self.first_known
        names = names_of([self.said, *(said for rows in self.found.values() for said in rows)], known_at)
        at, said = self.moment.at, self.said
        is_shared = said.kind is Kind.ACCESS and self._is_shared(said)
        return Look(
            one=_named(said, names),
            moment=self.moment,
            is_there=self.is_there,
            is_shared=is_shared,
            kept_by=Named("party", said.kept_by, names.get(("party", said.kept_by), said.kept_by)),
            facts=looking.facts_of(looking.as_shared(said) if is_shared else said, names),
            party=_about("party", said.party, names),
            asset=_about("asset", said.asset, names),
            surface=_about("surface", said.surface, names),
            accesses=self._access_lines("accesses", names),
            page=self.page,
            last=self.last,
            count=self.count,
            is_more=self.is_more,
            open_too=self._access_lines("open_too", names),
            answers_for=self._access_lines("answers_for", names),
            ownerships=tuple(looking.ownership_line(each, names, person) for each in self._rows("ownerships")),
            responsibilities=tuple(looking.responsibility_line(each, names) for each in self._rows("responsibilities")),
            exposures=tuple(looking.exposure_line(each, names, at) for each in self._rows("exposures")),
            engagements=tuple(looking.engagement_line(each, names) for each in self._rows("engagements")),
            surfaces=tuple(
                Counted(_named(each, names), str(each.facts.get("kind", "")), self.counts.get(each.reference, 0))
                for each in self._rows("surfaces")
            ),
            parts=tuple(_named(each, names) for each in self._rows("parts")),
            people=tuple(_named(each, names) for each in self._rows("people")),
            assets=tuple(_named(each, names) for each in self._rows("assets")),
            totals=self.totals,
        )

    def _take(self, name: str, rows: Iterable[Version]) -> None:
        self.found[name] = [said_by(row) for row in rows]

    def _rows(self, name: str) -> list[Said]:
        return self.found.get(name, [])

    def _access_lines(self, name: str, names: Names) -> tuple[AccessLine, ...]:
        rows, at = self._rows(name), self.moment.at
        return tuple(looking.access_line(said, names, at, is_shared=self._is_shared(said)) for said in rows)

    def _is_shared(self, said: Said) -> bool:
        return self.eyes is not None and said.kept_by not in self.eyes

    def _is_open(self, said: Said) -> bool:
        return said.holds_until is None or said.holds_until > self.moment.at


def _count(found: QuerySet[Version]) -> tuple[int, bool]:
    count = found.order_by()[: MOST + 1].count()
    return min(count, MOST), count > MOST


def _not_over(moment: Moment) -> Q:
    """Begun by that day, and not ended by somebody: a last day alone ends no engagement."""
    midnight = datetime.combine(moment.day, time(), tzinfo=UTC)
    return Q(holds_from__lte=midnight) & (Q(holds_until=None) | Q(holds_until__gt=moment.at))


def _not_held(moment: Moment) -> Q:
    return Q(holds_from__gt=moment.at) | Q(holds_until__lte=moment.at)


def _named(said: Said, names: Names) -> Named:
    kind = said.kind.value
    return Named(kind, said.reference, names.get((kind, said.reference), said.reference))


def _about(kind: str, reference: str, names: Names) -> Named | None:
    return Named(kind, reference, names.get((kind, reference), reference)) if reference else None
