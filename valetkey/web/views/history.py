"""The history: of one authorization, and of the whole desk for those who read it; and the proof that it holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any, Final
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from valetkey.accounts.services import require_reader
from valetkey.audit.models import Entry
from valetkey.audit.services import verify
from valetkey.authorizations import services
from valetkey.history.sentences import sentence
from valetkey.history.services import Narrowed, read_about, read_history
from valetkey.history.signed import export_history
from valetkey.web.forms.history import AboutForm, ExportForm, HistoryForm, VerifyForm
from valetkey.web.person import now, person
from valetkey.web.refusal import onto

_DOORS: Final[dict[str, str]] = {"cli": "by command", "web": "", "api": "by the API", "worker": "by the desk itself"}
_PAGE: Final = 100


_PAGES: Final[dict[str, str]] = {
    "access": "record_access",
    "ad_account": "record_asset",
    "asset": "record_asset",
    "authorization": "authorization",
    "campaign": "campaign",
    "change": "change",
    "engagement": "history_about",
    "exposure": "exposure",
    "finding": "finding",
    "party": "record_party",
    "intake": "intake",
    "person": "record_person",
    "plan": "plan",
    "post": "record_asset",
    "responsibility": "history_about",
    "review": "review",
    "surface": "record_surface",
}
"""The first word of what a line is about → its page; where it has none of its own, all that happened to it."""


@dataclass(frozen=True)
class Line:
    """One entry as it is read. `address`: the page of what it is about, "" where there is none."""

    seq: int
    at: datetime
    who: str
    phrase: str
    facts: list[tuple[str, str]]
    door: str
    subject: str
    address: str


def told(entry: Entry) -> Line:
    kind, _, reference = entry.subject.partition(" ")
    said = sentence(entry.event, entry.detail)
    return Line(
        seq=entry.seq,
        at=entry.at,
        who=entry.actor_name,
        phrase=said.words,
        facts=said.facts,
        door=_DOORS.get(entry.door, entry.door),
        subject=entry.subject.replace("_", " "),
        address=_address(kind, reference),
    )


def _address(kind: str, reference: str) -> str:
    """Of the page of a thing; "" where there is none. Lines of before named a list of access by a number."""
    return reverse(_PAGES[kind], args=[reference]) if kind in _PAGES and not reference.isdigit() else ""


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
    about = asked.get("about") or asked.get("kind") or ""
    lines = read_history(about=about, narrowed=_narrowed(asked, request.GET), actor=actor)
    return render(request, "web/history.html", {"form": form, **_page(lines.entries, lines.before, request.GET)})


def history_about(request: HttpRequest, reference: str) -> HttpResponse:
    """Of one thing and all that is about it: a person with their access, an asset with its lists, a party's record."""
    form = AboutForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    found = read_about(reference=reference, narrowed=_narrowed(asked, request.GET), actor=person(request))
    context = {
        "form": form,
        "about": found,
        "kind": found.kind.replace("_", " "),
        "back": _address(found.kind, found.reference) if _PAGES[found.kind] != "history_about" else "",
        **_page(found.lines.entries, found.lines.before, request.GET),
    }
    return render(request, "web/history_about.html", context)


def _narrowed(asked: dict[str, Any], given: QueryDict) -> Narrowed:
    return Narrowed(
        person=asked.get("person") or "",
        first_day=asked.get("first_day"),
        last_day=asked.get("last_day"),
        time_zone=timezone.get_current_timezone_name(),
        before=_number(given),
    )


def _page(entries: list[Entry], before: int | None, given: QueryDict) -> dict[str, Any]:
    return {
        "lines": [told(entry) for entry in entries],
        "before": before,
        "is_first": _number(given) is None,
        "query": urlencode({name: value for name, value in given.items() if value and name != "before"}),
    }


@never_cache
def history_export(request: HttpRequest) -> HttpResponse:
    """A signed file of a range, to keep outside of this desk. Made when it is sent for: that it was made is a line."""
    actor = person(request)
    require_reader(actor)
    form = ExportForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        at, file = now(), BytesIO()
        with onto(form):
            made = export_history(
                to=file,
                desk=settings.VALETKEY_URL,
                first=form.cleaned_data["first_day"],
                last=form.cleaned_data["last_day"],
                time_zone=timezone.get_current_timezone_name(),
                actor=actor,
                at=at,
            )
            response = HttpResponse(file.getvalue(), content_type="application/jsonl")
            response["Content-Disposition"] = f'attachment; filename="history-{made.first}-{made.last}.jsonl"'
            return response
    return render(request, "web/history_export.html", {"form": form})


def history_verify(request: HttpRequest) -> HttpResponse:
    """Reads the whole history, which takes a while on a desk that has lived long: only when somebody asks for it."""
    require_reader(person(request))
    form = VerifyForm(request.POST if request.method == "POST" else None)
    verdict = verify(known_head=form.cleaned_data["head"].lower()) if form.is_valid() else None
    return render(request, "web/history_verify.html", {"form": form, "verdict": verdict, "at": now()})


def _number(given: QueryDict) -> int | None:
    text = given.get("before") or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None
