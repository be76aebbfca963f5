"""The record to look at: a person, a party, an asset, a surface, an access, on any day; and a search over all of it.

Looking changes nothing. What was so on a day is decided by register.looking.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from valetkey.accounts.models import Party, Person
from valetkey.audit.entry import Actor
from valetkey.authorizations.models import Authorization
from valetkey.authorizations.services import losing
from valetkey.findings.finding import About
from valetkey.register import services
from valetkey.register.catalogue import SurfaceKind, surface_kind
from valetkey.register.looking import AccessLine, Look
from valetkey.register.models import Access, Asset, Surface
from valetkey.register.services.versions import eyes_of
from valetkey.timeline.said import Kind
from valetkey.web.access_file import access_file
from valetkey.web.findings import findings_of
from valetkey.web.forms.parties import kept_by
from valetkey.web.person import now, person
from valetkey.web.record_day import Day, asked_day

_ROWS: Final[dict[Kind, Any]] = {
    Kind.PERSON: Person.objects.select_related("kept_by", "party"),
    Kind.PARTY: Party.objects.all(),
    Kind.ASSET: Asset.objects.select_related("held_by"),
    Kind.SURFACE: Surface.objects.select_related("asset__held_by"),
    Kind.ACCESS: Access.objects.select_related("surface__asset__held_by", "holder", "person"),
}


def record_person(request: HttpRequest, reference: str) -> HttpResponse:
    actor, at = person(request), now()
    day, number = asked_day(request, at), page_number(request.GET)
    gone = None
    if day.on is None and number == 1 and (row := Person.objects.filter(reference=reference.upper()).first()):
        gone = losing(person=row, actor=actor, at=at)
    look = gone.look if gone else services.look_at_person(person=reference, moment=day.moment, actor=actor, page=number)
    if _is_file(request):
        return _file(services.who_has_what(moment=day.moment, person=reference, actor=actor), look, day)
    return render(request, "web/record_person.html", _context(Kind.PERSON, look, day, actor) | {"losing": gone})


def record_party(request: HttpRequest, reference: str) -> HttpResponse:
    actor, at = person(request), now()
    day, number = asked_day(request, at), page_number(request.GET)
    gone = None
    # What would stop if one's own party went is nobody's question.
    others = Party.objects.exclude(pk__in=Party.objects.acted_for_by(actor).values("pk"))
    if day.on is None and number == 1 and (row := others.filter(reference=reference.upper()).first()):
        gone = losing(party=row, actor=actor, at=at)
    look = gone.look if gone else services.look_at_party(party=reference, moment=day.moment, actor=actor, page=number)
    if _is_file(request):
        return _file(services.who_has_what(moment=day.moment, party=reference, actor=actor), look, day)
    return render(request, "web/record_party.html", _context(Kind.PARTY, look, day, actor) | {"losing": gone})


def record_asset(request: HttpRequest, reference: str) -> HttpResponse:
    """With its map, as a picture and as a table."""
    actor, at = person(request), now()
    day = asked_day(request, at)
    look = services.look_at_asset(asset=reference, moment=day.moment, actor=actor, page=page_number(request.GET))
    if _is_file(request):
        return _file(services.who_has_what(moment=day.moment, asset=reference, actor=actor), look, day)
    context = _context(Kind.ASSET, look, day, actor) | _found(About.ASSET, look, day, actor)
    if look.is_there:
        context["map"] = services.map_of(asset=reference, moment=day.moment, actor=actor, look=look)
    if look.ownerships:
        context["ownership_came"] = services.how_it_came(
            kind=Kind.OWNERSHIP.value, reference=look.one.reference, actor=actor
        )
    return render(request, "web/record_asset.html", context)


def record_surface(request: HttpRequest, reference: str) -> HttpResponse:
    actor, at = person(request), now()
    day = asked_day(request, at)
    look = services.look_at_surface(surface=reference, moment=day.moment, actor=actor, page=page_number(request.GET))
    if _is_file(request):
        return _file(services.who_has_what(moment=day.moment, surface=reference, actor=actor), look, day)
    context = _context(Kind.SURFACE, look, day, actor) | {"usual": _usual(look.one.reference)}
    return render(request, "web/record_surface.html", context)


def record_access(request: HttpRequest, reference: str) -> HttpResponse:
    """One access, whether it holds or not, and where it is kept in step with an authorization, the way to that."""
    actor, at = person(request), now()
    day = asked_day(request, at)
    look = services.look_at_access(access=reference, moment=day.moment, actor=actor)
    line = next(iter(look.accesses), None)
    if _is_file(request):
        return _file(iter(look.accesses), look, day)
    context = _context(Kind.ACCESS, look, day, actor) | _found(About.ACCESS, look, day, actor) | {"line": line}
    if line is not None and line.way == Access.Way.AUTHORIZATION:
        context["authorization"] = _authorization_of(line, actor)
    if line is not None:
        usual = _usual(line.surface.reference)
        context |= {"usual": usual, "known_role": usual.role(line.role) if usual else None}
    return render(request, "web/record_access.html", context)


def _context(kind: Kind, look: Look, day: Day, actor: Actor) -> dict[str, Any]:
    """`row`: what buttons are about; None on another day, and where the line is only shared with this reader."""
    keepers = eyes_of(actor)
    is_theirs = keepers is None or look.kept_by.reference in keepers
    acts_now = day.on is None and look.is_there and is_theirs
    return {
        "look": look,
        "day": day,
        "at": day.moment.at,
        "keepers": keepers,
        "keeps_several": keepers is None or len(keepers) > 1,
        "row": _ROWS[kind].filter(reference=look.one.reference).first() if acts_now else None,
        "may_write": acts_now and kept_by(actor).filter(reference=look.kept_by.reference).exists(),
        "came": services.how_it_came(kind=kind.value, reference=look.one.reference, actor=actor),
        "reads_all": keepers is None,
    }


def _found(about: About, look: Look, day: Day, actor: Actor) -> dict[str, Any]:
    """What is found about it now: another day has a page of its own for that."""
    return {"about": findings_of(about, look.one.reference, actor) if day.on is None else []}


def _authorization_of(line: AccessLine, actor: Actor) -> Authorization | None:
    """The basis of such an access names it, and the ad account that it is applied to."""
    references = [word for word in line.basis.split() if word.isupper()][:1]
    return Authorization.objects.visible_to(actor).filter(reference__in=references).only("reference").first()


def _usual(surface: str) -> SurfaceKind | None:
    """What the catalogue knows of such a list."""
    row = Surface.objects.select_related("asset").get(reference=surface)
    return surface_kind(row.asset.platform, row.asset.kind, row.kind)


def page_number(given: QueryDict) -> int:
    text = given.get("page") or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1


def _is_file(request: HttpRequest) -> bool:
    return request.GET.get("as") == "csv"


def _file(lines: Iterator[AccessLine], look: Look, day: Day) -> HttpResponse:
    return access_file(lines, f"access-{look.one.reference}-{(day.on or day.today).isoformat()}.csv")
