"""The history: of one authorization, and of the whole desk for those who read it; and the proof that it holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone

from valetkey.accounts.services import require_reader
from valetkey.audit.models import Entry
from valetkey.audit.services import verify
from valetkey.authorizations import services
from valetkey.authorizations.history import facts, phrase
from valetkey.web.forms.history import HistoryForm, VerifyForm
from valetkey.web.person import now, person

_DOORS: Final[dict[str, str]] = {"cli": "by command", "web": "", "api": "by the API", "worker": "by the desk itself"}
_PAGE: Final = 100


@dataclass(frozen=True)
class Line:
    """One entry as it is read. `reference`: the authorization it is about, where it is about one."""

    seq: int
    at: datetime
    who: str
    phrase: str
    facts: list[tuple[str, str]]
    door: str
    subject: str
    reference: str


def told(entry: Entry) -> Line:
    kind, _, reference = entry.subject.partition(" ")
    return Line(
        seq=entry.seq,
        at=entry.at,
        who=entry.actor_name,
        phrase=phrase(entry.event),
        facts=facts(entry.detail),
        door=_DOORS.get(entry.door, entry.door),
        subject=entry.subject.replace("_", " "),
        reference=reference if kind == "authorization" else "",
    )


def history_of(request: HttpRequest, reference: str) -> HttpResponse:
    """Of one authorization, newest first."""
    actor = person(request)
    row = services.find(reference=reference, actor=actor)
    found = services.history(authorization=row).order_by("-seq")
    before = _number(request.GET)
    if before is not None:
        found = found.filter(seq__lt=before)
    entries = list(found[: _PAGE + 1])
    context = {
        "row": row,
        "lines": [told(entry) for entry in entries[:_PAGE]],
        "before": entries[_PAGE - 1].seq if len(entries) > _PAGE else None,
        "is_first": before is None,
    }
    return render(request, "web/history_of.html", context)


def history(request: HttpRequest) -> HttpResponse:
    actor = person(request)
    require_reader(actor)
    form = HistoryForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    lines = services.read_history(
        about=asked.get("about") or asked.get("kind") or "",
        person=asked.get("person") or "",
        first_day=asked.get("first_day"),
        last_day=asked.get("last_day"),
        time_zone=timezone.get_current_timezone_name(),
        before=_number(request.GET),
        actor=actor,
    )
    context = {
        "form": form,
        "lines": [told(entry) for entry in lines.entries],
        "before": lines.before,
        "is_first": _number(request.GET) is None,
        "query": urlencode({name: value for name, value in request.GET.items() if value and name != "before"}),
    }
    return render(request, "web/history.html", context)


def history_verify(request: HttpRequest) -> HttpResponse:
    """Reads the whole history, which takes a while on a desk that has lived long: only when somebody asks for it."""
    require_reader(person(request))
    form = VerifyForm(request.POST if request.method == "POST" else None)
    verdict = verify(known_head=form.cleaned_data["head"].lower()) if form.is_valid() else None
    return render(request, "web/history_verify.html", {"form": form, "verdict": verdict, "at": now()})


def _number(given: QueryDict) -> int | None:
    text = given.get("before") or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None
