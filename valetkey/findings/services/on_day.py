"""What there was, is, or will be to do on any day: a past one as it was found then, one to come as the rules see it
from the record of today. Writes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import chain, islice
from typing import Final

from django.db.models import F

from valetkey.accounts.models import Party, Person, sees_everything
from valetkey.audit.entry import Actor
from valetkey.findings.finding import About, Evidence, Found, Severity
from valetkey.findings.gather import GATHERS
from valetkey.findings.limits import Limits
from valetkey.findings.models import Finding, Spell
from valetkey.findings.services.find import people_of
from valetkey.findings.services.limits import limits as limits_of_the_desk
from valetkey.findings.services.reconcile import judged, left_before
from valetkey.register.days import end_of_day, start_of_day

MOST: Final = 500
"""Lines of a day."""
LOOKED_AT: Final = 3000
"""So many things of a kind are judged for a day to come; where there are more, that is told."""
_BATCH: Final = 500


class Part(StrEnum):
    PAST = "past"
    NOW = "now"
    AHEAD = "ahead"


@dataclass(frozen=True)
class Line:
    """A finding as of that day. `reference` is "" where there is none yet. `subject`, `party`, `owner`: references."""

    reference: str
    rule: str
    about: About
    subject: str
    party: str
    party_name: str
    severity: Severity
    sentence: str
    evidence: tuple[Evidence, ...]
    owner: str
    owner_name: str
    by: datetime | None
    stops: int
    is_mine: bool


@dataclass(frozen=True)
class Day:
    """`is_cut`: there is more than the lines, or more on record than was looked at."""

    on: datetime
    part: Part
    lines: tuple[Line, ...]
    is_cut: bool


def on_day(*, on: datetime, actor: Actor, at: datetime) -> Day:
    """Of the parties the actor acts for; of the whole desk for its readers. `at`: now. The most pressing first.

    A past day tells what was open then, whatever was decided about it; today and a day to come what waits.
    """
    mine = people_of(actor)
    if on > at:
        return _ahead(on, mine, actor)
    if on == at:
        waiting = Finding.objects.visible_to(actor).waiting(at).select_related("party", "owner", "handed_to")
        rows = list(waiting.order_by("-severity", "-stops", F("by").asc(nulls_last=True), "pk")[: MOST + 1])
        return _day(on, Part.NOW, [_of_finding(row, mine) for row in rows], is_cut=False)
    spells = Spell.objects.open_at(on)
    if (parties := _parties(actor)) is not None:
        spells = spells.filter(finding__party__in=parties)
    spells = spells.select_related("finding__party", "finding__owner", "finding__handed_to")
    found = spells.order_by("-severity", F("by").asc(nulls_last=True), "pk")[: MOST + 1]
    return _day(on, Part.PAST, [_of_spell(spell, mine) for spell in found], is_cut=False)


def instant_of(*, day: date, time_zone: str, at: datetime) -> datetime:
    """A day as the instant to ask for: its end in that zone; today is now."""
    ends_at = end_of_day(day, time_zone)
    return at if start_of_day(day, time_zone) <= at < ends_at else ends_at


def _day(on: datetime, part: Part, lines: list[Line], *, is_cut: bool) -> Day:
    lines.sort(key=lambda each: not each.is_mine)
    return Day(on, part, tuple(lines[:MOST]), is_cut or len(lines) > MOST)


def _ahead(on: datetime, mine: frozenset[int], actor: Actor) -> Day:
    parties = _parties(actor)
    limits = limits_of_the_desk()
    found: list[tuple[About, Found]] = []
    is_cut = False
    for about in About:
        pks = list(islice(_candidates(about, on, limits, parties), LOOKED_AT + 1))
        is_cut = is_cut or len(pks) > LOOKED_AT
        for first in range(0, min(len(pks), LOOKED_AT), _BATCH):
            batch = pks[first : min(first + _BATCH, LOOKED_AT)]
            found += [(about, each) for each in judged(about, batch, limits, on, is_ahead=True)]
    lines = _of_found(found, mine, actor, on)
    lines.sort(key=_pressing)
    return _day(on, Part.AHEAD, lines, is_cut=is_cut)


def _candidates(about: About, on: datetime, limits: Limits, parties: set[int] | None) -> Iterator[int]:
    return chain.from_iterable(GATHERS[about].candidates(on, limits, parties))


def _of_found(found: list[tuple[About, Found]], mine: frozenset[int], actor: Actor, on: datetime) -> list[Line]:
    """Told to the actor's own parties, and with what was decided about those that are open already."""
    visible = Party.objects.visible_to(actor).filter(reference__in={each.party for _, each in found})
    parties = {party.reference: party for party in visible}
    owners = Person.objects.in_bulk({each.owner for _, each in found if each.owner}, field_name="reference")
    known = _known({each.subject for _, each in found}, actor)
    lines = []
    for about, each in found:
        party, owner = parties.get(each.party), owners.get(each.owner)
        key = each.rule, each.subject, each.party
        row = known.get(key)
        if party is None or left_before(key, known) or (row is not None and _is_put_off(row, each, on)):
            continue
        handed = row.handed_to_id if row else None
        lines.append(
            Line(
                row.reference if row else "", each.rule, about, each.subject, each.party, party.name, each.severity,
                each.sentence, each.evidence, each.owner, owner.name if owner else "", each.by, each.stops,
                is_mine=(handed or (owner.pk if owner else None)) in mine,
            )
        )  # fmt: skip
    return lines


def _known(subjects: set[str], actor: Actor) -> dict[tuple[str, str, str], Finding]:
    open_ones = Finding.objects.visible_to(actor).open().select_related("party", "handed_to")
    named = sorted(subjects)
    rows: list[Finding] = []
    for first in range(0, len(named), _BATCH):
        rows += open_ones.filter(subject__in=named[first : first + _BATCH])
    return {(row.rule, row.subject, row.party.reference): row for row in rows}


def _is_put_off(row: Finding, found: Found, on: datetime) -> bool:
    """Left to this very end, or snoozed beyond that day."""
    is_left = row.let_end_at is not None and found.by in {row.by, None}
    return is_left or (row.snoozed_until is not None and row.snoozed_until > on)


def _pressing(line: Line) -> tuple[object, ...]:
    by = line.by.timestamp() if line.by else float("inf")
    return -line.severity, -line.stops, by, line.rule, line.subject, line.party


def _of_finding(row: Finding, mine: frozenset[int]) -> Line:
    return _line(row, row.severity, row.sentence, row.evidence, row.by, mine)


def _of_spell(spell: Spell, mine: frozenset[int]) -> Line:
    return _line(spell.finding, spell.severity, spell.sentence, spell.evidence, spell.by, mine)


def _line(
    row: Finding, severity: int, sentence: str, evidence: list[dict[str, str | None]], by: datetime | None,
    mine: frozenset[int],
) -> Line:  # fmt: skip
    owner, name = (row.owner.reference, row.owner.name) if row.owner else ("", "")
    return Line(
        row.reference, row.rule, About(row.about), row.subject, row.party.reference, row.party.name, Severity(severity),
        sentence, tuple(map(Evidence.of_kept, evidence)), owner, name, by, row.stops,
        is_mine=(row.handed_to_id or row.owner_id) in mine,
    )  # fmt: skip


def _parties(actor: Actor) -> set[int] | None:
    """Whom the actor acts for; None for those who see everything."""
    return None if sees_everything(actor) else set(Party.objects.visible_to(actor).values_list("pk", flat=True))
