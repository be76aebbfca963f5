"""Search the record, and find one thing of it by what people call it. Of others, only what they may see can be found.

Every word must be somewhere in what a page would show of it. No index helps that; at ten thousand rows it is quick.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Q, QuerySet

from valetkey.accounts.models import Party
from valetkey.accounts.services import no_such_party
from valetkey.audit.entry import Actor
from valetkey.errors import Conflict
from valetkey.register import looking
from valetkey.register.looking import AccessLine, Named
from valetkey.register.services.versions import (
    NAMED,
    Eyes,
    by_name,
    eyes_of,
    in_order,
    names_of,
    not_there,
    on_record,
    said_by,
    seen,
)
from valetkey.text import fit
from valetkey.timeline.models import Version
from valetkey.timeline.said import Kind, Said

MOST: Final = 20
_WORDS: Final = 8
_FACTS: Final = {
    Kind.PERSON: ("name", "mail", "work", "note"),
    Kind.PARTY: ("name",),
    Kind.ASSET: ("name", "platform", "platform_id", "note"),
    Kind.SURFACE: ("name", "path", "note"),
}
_SHARED: Final = ("role", "basis")
_OWN: Final = ("purpose", "removal", "note")
"""Of an access: what both sides of an authorization see of it, and what its keeper alone does."""


@dataclass(frozen=True)
class Hit:
    """`note`: a mail address, a kind, the asset of a surface: what tells two of one name apart."""

    one: Named
    kept_by: Named
    note: str


@dataclass(frozen=True)
class Found:
    people: tuple[Hit, ...] = ()
    parties: tuple[Hit, ...] = ()
    assets: tuple[Hit, ...] = ()
    surfaces: tuple[Hit, ...] = ()
    accesses: tuple[AccessLine, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.people or self.parties or self.assets or self.surfaces or self.accesses)


def find_anything(*, text: str, actor: Actor, at: datetime) -> Found:
    """What the record says now; at most `MOST` of each kind. Nothing is found for no text."""
    words = fit(text, what="What you look for", longest=200, needed=False).split()[:_WORDS]
    if not words:
        return Found()
    eyes = eyes_of(actor)
    found = {
        kind: _rows(by_name(seen(eyes, kind).now().filter(*(_tells(kind, word) for word in words)))) for kind in NAMED
    }
    told = seen(eyes, Kind.ACCESS).now().filter(*(_of_access(eyes, word) for word in words))
    accesses = _rows(in_order(told, at))
    names = names_of([*accesses, *(said for rows in found.values() for said in rows)], at)
    hits = {kind: tuple(_hit(said, names) for said in rows) for kind, rows in found.items()}
    lines = tuple(
        looking.access_line(said, names, at, is_shared=eyes is not None and said.kept_by not in eyes)
        for said in accesses
    )
    return Found(hits[Kind.PERSON], hits[Kind.PARTY], hits[Kind.ASSET], hits[Kind.SURFACE], lines)


def find_named(*, kind: str, text: str, actor: Actor) -> Named:
    """By reference, a mail address or the exact name. Raises NotFound, and Conflict where several are called so."""
    which, text = Kind(kind), text.strip()
    visible = seen(eyes_of(actor), which).now()
    called = Q(facts__name__iexact=text) | Q(facts__mail__iexact=text) if which in NAMED else Q(pk=None)
    found = [said_by(row) for row in visible.filter(Q(reference=text.upper()) | called).order_by("pk")[:20]]
    exact = [said for said in found if said.reference == text.upper()] or found
    if not exact:
        raise no_such_party(text) if which is Kind.PARTY else not_there(which, text)
    if len(exact) > 1:
        several = ", ".join(said.reference for said in exact)
        raise Conflict("several_called_so", f"Several are called “{text}”: {several}.", "Name one by its reference.")
    return Named(kind, exact[0].reference, str(exact[0].facts.get("name", "")))


def parties_on_record(*, actor: Actor, text: str = "") -> QuerySet[Party]:
    """The actor's own parties and those on their record; all of them for the host, an admin or an auditor."""
    eyes = eyes_of(actor)
    found = Party.objects.order_by("name")
    if eyes is not None:
        found = found.filter(on_record(eyes))
    for word in text.split()[:_WORDS]:
        found = found.filter(Q(name__icontains=word) | Q(reference__iexact=word))
    return found


def find_on_record(*, text: str, actor: Actor) -> Party:
    """One of them, by reference or exact name."""
    found = parties_on_record(actor=actor).filter(Q(reference=text.strip().upper()) | Q(name__iexact=text.strip()))
    party = found.first()
    if party is None:
        raise no_such_party(text)
    return party


def _rows(found: QuerySet[Version]) -> list[Said]:
    return [said_by(row) for row in found[:MOST]]


def _tells(kind: Kind, word: str) -> Q:
    told = Q(reference__iexact=word)
    for fact in _FACTS[kind]:
        told |= Q(**{f"facts__{fact}__icontains": word})
    return told


def _of_access(eyes: Eyes, word: str) -> Q:
    """The names on its line are seen by both sides; remarks are looked through for their keeper alone."""
    told = Q(reference__iexact=word)
    for kind in NAMED:
        called = Version.objects.now().filter(kind=kind.value, facts__name__icontains=word)
        told |= Q(**{f"{kind}__in": called.order_by().values("reference")})
    for fact in _SHARED:
        told |= Q(**{f"facts__{fact}__icontains": word})
    own = Q()
    for fact in _OWN:
        own |= Q(**{f"facts__{fact}__icontains": word})
    return told | (own if eyes is None else own & Q(kept_by__in=eyes))


def _hit(said: Said, names: looking.Names) -> Hit:
    kind = said.kind.value
    keeper = Named("party", said.kept_by, names.get(("party", said.kept_by), said.kept_by))
    if said.kind is Kind.SURFACE:
        note = names.get(("asset", said.asset), "")
    elif said.kind is Kind.ASSET:
        note = f"{said.facts.get('platform')} {str(said.facts.get('kind')).replace('_', ' ')}"
    else:
        note = str(said.facts.get("mail") or said.facts.get("kind") or "")
    return Hit(Named(kind, said.reference, str(said.facts.get("name", ""))), keeper, note)
