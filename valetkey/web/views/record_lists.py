"""The way into the record: a search over all of it, and lists of people, parties and assets as they are now."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from valetkey.accounts import services as accounts
from valetkey.audit.entry import Actor
from valetkey.register import services
from valetkey.register.models import Asset, Engagement, Exposure, Responsibility
from valetkey.register.services.versions import eyes_of, seen
from valetkey.timeline.said import Kind
from valetkey.web.access_file import access_file
from valetkey.web.forms.parties import kept_by
from valetkey.web.person import now, person
from valetkey.web.record_day import asked_day

_ON_A_PAGE: Final = 50
_POSTS: Final = "posts"


def record(request: HttpRequest) -> HttpResponse:
    """What is found, or what there is. As a file: who has what, all of it, on that day."""
    actor, at = person(request), now()
    day = asked_day(request, at)
    if request.GET.get("as") == "csv":
        lines = services.who_has_what(moment=day.moment, actor=actor)
        return access_file(lines, f"access-{(day.on or day.today).isoformat()}.csv")
    sought = _sought(request)
    context: dict[str, Any] = {"sought": sought, "day": day, "at": at, **_reader(actor)}
    if sought:
        context["found"] = services.find_anything(text=sought, actor=actor, at=at)
    else:
        context |= _counts(actor, at)
    return render(request, "web/record.html", context)


def record_people(request: HttpRequest) -> HttpResponse:
    """Those who are here, or those who have left."""
    actor, at = person(request), now()
    day = asked_day(request, at).today
    found = accounts.people(actor=actor, text=_sought(request))
    gone = Q(left_on__lt=day)
    rows = {"here": found.exclude(gone), "left": found.filter(gone)}
    return _list(request, "web/record_people.html", rows, {"here": "Here", "left": "Left"}, Kind.PERSON, actor, at)


def record_parties(request: HttpRequest) -> HttpResponse:
    actor, at = person(request), now()
    found = services.parties_on_record(actor=actor, text=_sought(request)).order_by("name")
    return _list(request, "web/record_parties.html", {"all": found}, {"all": "All"}, Kind.PARTY, actor, at)


def record_assets(request: HttpRequest) -> HttpResponse:
    """Posts are many, and stand in a list of their own."""
    actor, at = person(request), now()
    found = services.assets(actor=actor, text=_sought(request))
    rows = {"assets": found.exclude(kind=Asset.Kind.POST), _POSTS: found.filter(kind=Asset.Kind.POST)}
    labels = {"assets": "Accounts, ad accounts, pages", _POSTS: "Posts"}
    return _list(request, "web/record_assets.html", rows, labels, Kind.ASSET, actor, at)


def _list(
    request: HttpRequest, template: str, rows: dict[str, QuerySet[Any]], labels: dict[str, str], kind: Kind,
    actor: Actor, at: datetime,
) -> HttpResponse:  # fmt: skip
    """One of several lists, each row with how many accesses there are now."""
    asked, sought = request.GET.get("which", ""), _sought(request)
    chosen = asked if asked in rows else next(iter(rows))
    page = Paginator(rows[chosen], _ON_A_PAGE).get_page(request.GET.get("page"))
    numbers = _accesses_of(kind, [row.reference for row in page], actor, at)
    context = {
        "at": at,
        "tabs": [(name, label, rows[name].count()) for name, label in labels.items()],
        "chosen": chosen,
        "page": page,
        "rows": [(row, numbers.get(row.reference, 0)) for row in page],
        "sought": sought,
        "query": f"{urlencode({'which': chosen, 'q': sought})}&",
        **_reader(actor),
    }
    return render(request, template, context)


def _reader(actor: Actor) -> dict[str, Any]:
    """Who looks: on whose records, and whether there is one of them to write to."""
    keepers = eyes_of(actor)
    return {
        "keepers": keepers,
        "keeps_several": keepers is None or len(keepers) > 1,
        "may_write": kept_by(actor).exists(),
    }


def _counts(actor: Actor, at: datetime) -> dict[str, int]:
    assets = services.assets(actor=actor).order_by()
    return {
        "people": accounts.people(actor=actor).filter(Q(left_on=None) | Q(left_on__gte=at.date())).order_by().count(),
        "parties": services.parties_on_record(actor=actor).order_by().count(),
        "assets": assets.exclude(kind=Asset.Kind.POST).count(),
        "posts": assets.filter(kind=Asset.Kind.POST).count(),
        "accesses": seen(eyes_of(actor), Kind.ACCESS).known_at(at).holding(at).count(),
        "engagements": Engagement.objects.visible_to(actor).filter(ended_at=None).count(),
        "responsibilities": Responsibility.objects.visible_to(actor).filter(ended_at=None).count(),
        "exposures": Exposure.objects.visible_to(actor).open().count(),
    }


def _accesses_of(kind: Kind, references: Iterable[str], actor: Actor, at: datetime) -> dict[str, int]:
    found = seen(eyes_of(actor), Kind.ACCESS).known_at(at).holding(at).filter(**{f"{kind.value}__in": list(references)})
    return dict(found.values_list(kind.value).annotate(Count("pk")))


def _sought(request: HttpRequest) -> str:
    return request.GET.get("q", "").strip()[:100]
