"""A page with one form: what stands around it. Whose record a new row goes onto is asked first where it is open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from valetkey.accounts.models import Party
from valetkey.audit.entry import Actor
from valetkey.errors import Forbidden
from valetkey.web.forms.parties import kept_by
from valetkey.web.forms.pick import Pick

FOR: Final = "for"


@dataclass(frozen=True)
class Sheet:
    """`intro`: what the person should know before; `warning`: what is easily taken for done, or cannot be undone."""

    title: str
    button: str
    back: str
    back_words: str
    intro: str = ""
    warning: str = ""
    is_dangerous: bool = False


def show(
    request: HttpRequest, form: forms.Form, sheet: Sheet, template: str = "web/record_form.html", **more: Any
) -> HttpResponse:
    context = {"form": form, "sheet": sheet, **more}
    return render(request, template, context, status=422 if form.is_bound and form.errors else 200)


def typed(request: HttpRequest) -> Any:
    """What a form is bound to: an empty form that was sent is bound, too."""
    return request.POST if request.method == "POST" else None


def day_of(at: datetime) -> date:
    """Which day it is for whoever looks."""
    return timezone.localtime(at).date()


def whose(request: HttpRequest, actor: Actor, sheet: Sheet) -> Party | HttpResponse:
    """The party whose record it is: the one in the address, or the only one there is. Else the page that asks.

    Raises Forbidden for those who change nobody's record.
    """
    parties = kept_by(actor).order_by("name")
    some = list(parties[:2])
    if not some:
        raise Forbidden("read_only", "This belongs to those who act for a party.", "Ask one of them to do it.")
    if len(some) == 1 and not request.GET.get(FOR):
        return some[0]
    form = _WhoseForm(request.GET if request.GET.get(FOR) else None, pick=Pick(parties))
    if form.is_valid():
        found: Party = form.cleaned_data[FOR]
        return found
    return render(request, "web/record_whose.html", {"form": form, "sheet": sheet, "kept": _asked(request)})


def _asked(request: HttpRequest) -> list[tuple[str, str]]:
    """What else was in the address goes along."""
    return [(name, str(value)) for name, value in request.GET.items() if name != FOR]


class _WhoseForm(forms.Form):
    def __init__(self, *args: Any, pick: Pick, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields[FOR] = pick.field("Whose record", "The party that keeps it, and sees it.", required=True)
