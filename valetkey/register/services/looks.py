"""Look at the record as it stood at a moment: who has what, and all about one person, party, asset or surface.

Reads versions only, so that today goes through the same code as any other day. Writes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, time
from itertools import islice
from typing import Final

from django.db.models import Q

from valetkey.audit.entry import Actor
from valetkey.register import looking
from valetkey.register.looking import CONTROLS, AccessLine, Look, Moment
from valetkey.register.services.gaze import Gaze
from valetkey.register.services.versions import Eyes, by_name, eyes_of, in_order, names_of, said_by, seen
from valetkey.timeline.models import VersionQuerySet
from valetkey.timeline.said import Kind

_CHUNK: Final = 500


def who_has_what(
    *, moment: Moment, person: str = "", party: str = "", asset: str = "", surface: str = "", actor: Actor
) -> Iterator[AccessLine]:
    """Every access that holds then and that the actor may see, narrowed by references. In order, chunk by chunk."""
    eyes = eyes_of(actor)
    about = {"person": person, "party": party, "asset": asset, "surface": surface}
    narrowed = {name: reference.upper() for name, reference in about.items() if reference}
    found = seen(eyes, Kind.ACCESS).known_at(moment.known_at).holding(moment.at).filter(**narrowed)
    yield from _lines(found, moment.known_at, moment.at, eyes)


def open_in_record(
    *, keeper: str, party: str = "", asset: str = "", at: datetime, actor: Actor
) -> Iterator[AccessLine]:
    """Every access on that party's record that nobody has ended, also what has not begun and what is past its end."""
    eyes = eyes_of(actor)
    narrowed = {name: reference for name, reference in (("party", party), ("asset", asset)) if reference}
    found = seen(eyes, Kind.ACCESS).now().filter(kept_by=keeper, facts__ended_at=None, **narrowed)
    yield from _lines(found, at, at, eyes)


def _lines(found: VersionQuerySet, known_at: datetime, at: datetime, eyes: Eyes) -> Iterator[AccessLine]:
    rows = in_order(found, known_at).iterator(chunk_size=_CHUNK)
    while chunk := [said_by(row) for row in islice(rows, _CHUNK)]:
        names = names_of(chunk, known_at)
        for said in chunk:
            is_shared = eyes is not None and said.kept_by not in eyes
            yield looking.access_line(said, names, at, is_shared=is_shared)


def look_at_person(*, person: str, moment: Moment, actor: Actor, page: int = 1) -> Look:
    """What they have, own, answer for and know. Raises NotFound for whoever does not see that record."""
    gaze = Gaze(Kind.PERSON, person, moment, actor)
    if gaze.is_there:
        who, keeper = gaze.said.reference, Q(kept_by=gaze.said.kept_by)
        gaze.accesses(Q(person=who), page)
        gaze.cut("answers_for", in_order(gaze.held().filter(keeper, facts__owner=who), moment.known_at))
        gaze.cut("ownerships", gaze.of(Kind.OWNERSHIP).filter(keeper, _any_of(CONTROLS, who)).order_by("reference"))
        gaze.cut("responsibilities", gaze.duties(keeper & (Q(person=who) | Q(facts__backup=who))))
        gaze.cut("engagements", gaze.engaged(keeper & Q(facts__owner=who)))
        gaze.exposures(keeper, lambda said: looking.knows(said, person=who), who)
    return gaze.look(person=gaze.said.reference)


def look_at_party(*, party: str, moment: Moment, actor: Actor, page: int = 1) -> Look:
    """What the actor's record says of a party, their own or another. Raises NotFound where it says nothing."""
    gaze = Gaze(Kind.PARTY, party, moment, actor)
    if gaze.is_there:
        who = gaze.said.reference
        gaze.accesses(Q(party=who), page)
        gaze.cut("people", by_name(gaze.of(Kind.PERSON).filter(_not_left(moment), party=who)))
        gaze.cut("assets", by_name(gaze.of(Kind.ASSET).filter(kept_by=who)))
        gaze.cut("ownerships", gaze.of(Kind.OWNERSHIP).filter(party=who).order_by("reference"))
        gaze.cut("responsibilities", gaze.duties(Q(kept_by=who)))
        gaze.cut("engagements", gaze.engaged(Q(kept_by=who) | Q(party=who)))
        gaze.exposures(Q(), lambda said: said.kept_by == who or looking.knows(said, party=who), who)
    return gaze.look()


def look_at_asset(*, asset: str, moment: Moment, actor: Actor, page: int = 1) -> Look:
    """Who is on it, who owns it and controls its recovery. Raises NotFound for whoever does not see that record."""
    gaze = Gaze(Kind.ASSET, asset, moment, actor)
    if gaze.is_there:
        what, keeper = gaze.said.reference, Q(kept_by=gaze.said.kept_by)
        gaze.accesses(Q(asset=what), page)
        gaze.cut("surfaces", by_name(gaze.of(Kind.SURFACE).filter(asset=what)))
        gaze.cut("parts", by_name(gaze.of(Kind.ASSET).filter(keeper, facts__within=what)))
        gaze.cut("ownerships", gaze.of(Kind.OWNERSHIP).filter(asset=what))
        gaze.cut("responsibilities", gaze.duties(keeper & Q(asset__in=[what, ""])))
        gaze.exposures(Q(asset=what), lambda said: True)
        gaze.count_on_surfaces(what)
    return gaze.look()


def look_at_surface(*, surface: str, moment: Moment, actor: Actor, page: int = 1) -> Look:
    """Who is on this one list. Raises NotFound for whoever does not see that record."""
    gaze = Gaze(Kind.SURFACE, surface, moment, actor)
    if gaze.is_there:
        gaze.accesses(Q(surface=gaze.said.reference), page)
    return gaze.look()


def look_at_access(*, access: str, moment: Moment, actor: Actor) -> Look:
    """One access with all that is known of it, whether it holds then or not. Raises NotFound for a stranger."""
    gaze = Gaze(Kind.ACCESS, access, moment, actor)
    if gaze.is_there:
        gaze.found["accesses"] = [gaze.said]
        gaze.count = 1
    return gaze.look()


def _any_of(facts: Iterable[str], reference: str) -> Q:
    either = Q()
    for fact in facts:
        either |= Q(**{f"facts__{fact}": reference})
    return either


def _not_left(moment: Moment) -> Q:
    """A last day is a day wherever it is read, and it stands in the timeline as a day of UTC."""
    return Q(holds_until=None) | Q(holds_until__gt=datetime.combine(moment.day, time(), tzinfo=UTC))
