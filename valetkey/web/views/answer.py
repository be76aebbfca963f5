"""Answer a request without an account. Whoever opened its link may; the link itself never reaches a page's address."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters

from valetkey.audit.entry import Actor
from valetkey.authorizations import code_text, links, services, terms
from valetkey.authorizations.coverage import Need, end_of_day
from valetkey.authorizations.lifecycle import State, Verb
from valetkey.authorizations.links import Standing
from valetkey.authorizations.models import Authorization, RequestLink
from valetkey.authorizations.services import Asked
from valetkey.connectors import registry
from valetkey.web import visits
from valetkey.web.forms.answer import CodeForm, DeclineForm
from valetkey.web.forms.too_short import is_about_days
from valetkey.web.language import language_of
from valetkey.web.offers import offers
from valetkey.web.person import guest, now
from valetkey.web.refusal import onto
from valetkey.web.steps import WORDS, StepOf
from valetkey.web.taps import Taps, taps
from valetkey.web.views import certificate
from valetkey.web.views.requests import who_asked

READ, LAST = links.STEPS[0], links.STEPS[-1]


visit = visits.arrival(services.find_request, page="answer", otherwise="answer_unknown")


@login_not_required
def unknown(request: HttpRequest) -> HttpResponse:
    return visits.unknown(request)


@login_not_required
@visits.by_link(RequestLink)
def answer(request: HttpRequest, link: RequestLink) -> HttpResponse:
    """What is asked, and the two ways to answer; once it is answered here, what happens next."""
    at = now()
    asked = services.look_at_request(request_link=link, counts=visits.is_first_look(request, link), at=at)
    if asked.standing is Standing.ANSWERED and visits.has_answered(request, link):
        return _done(request, asked, at)
    return _closed(request, asked) or render(request, "web/answer.html", _context(asked, at))


@login_not_required
@visits.by_link(RequestLink)
@sensitive_post_parameters("code")
def answer_steps(request: HttpRequest, link: RequestLink) -> HttpResponse:
    """The way to the code, step by step; the last one hands it in."""
    at = now()
    asked = services.look_at_request(request_link=link, counts=False, at=at)
    closed = _closed(request, asked)
    if closed is not None:
        return closed
    link, row = asked.request_link, asked.authorization
    if request.method == "POST":
        form = CodeForm(request.POST, row=row, at=at)
        odd: Sequence[str] = ()
        if form.is_valid():
            # What is asked about its days comes after what is odd about the code.
            is_taken = "as_it_is" in request.POST or is_about_days(request.POST)
            odd = () if is_taken else code_text.warnings(code_text.clean(form.cleaned_data["code"]))
            with onto(form):
                if not odd:
                    services.answer_request(
                        request_link=link, **form.cleaned_data, terms_seen=READ in link.steps, actor=_who(link), at=at
                    )
                    visits.note_answer(request, link)
                    return redirect("answer", link.pk)
        return _step(request, asked, LAST, form, at, odd=odd)
    chosen = request.GET.get("step", "")
    return _step(request, asked, chosen, CodeForm(row=row, at=at), at)


@login_not_required
@visits.by_link(RequestLink)
def answer_tick(request: HttpRequest, link: RequestLink) -> HttpResponse:
    """One step done, or not done after all."""
    if request.method != "POST":
        return redirect("answer_steps", link.pk)
    step, is_done = request.POST.get("step", ""), "undo" not in request.POST
    steps = {*link.steps, step} if is_done else set(link.steps) - {step}
    if step == READ and is_done and "read" not in request.POST:
        return redirect(visits.address("answer_steps", link.pk, step=READ, missed=1))
    services.tick(request_link=link, steps=steps, at=now())
    return redirect(visits.address("answer_steps", link.pk, **({} if is_done else {"step": step})))


@login_not_required
@visits.by_link(RequestLink)
def answer_decline(request: HttpRequest, link: RequestLink) -> HttpResponse:
    at = now()
    asked = services.look_at_request(request_link=link, counts=False, at=at)
    closed = _closed(request, asked)
    if closed is not None:
        return closed
    form = DeclineForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with onto(form):
            services.decline_request(request_link=asked.request_link, reason=form.reason(), actor=_who(link), at=at)
            visits.note_answer(request, link)
            return redirect("answer", link.pk)
    return render(request, "web/answer_decline.html", {**_context(asked, at), "form": form}, status=_status(form))


@login_not_required
@visits.by_link(RequestLink)
def answer_certificate(request: HttpRequest, link: RequestLink) -> HttpResponse:
    """For whoever has answered, in the browser they answered in."""
    if not visits.has_answered(request, link):
        return visits.unknown(request)
    back = visits.address("answer", link.pk)
    return certificate.of(request, link.authorization, back=back, back_to="Your answer")


def _who(link: RequestLink) -> Actor:
    return guest(f"{link.recipient}, by link")


def _closed(request: HttpRequest, asked: Asked) -> HttpResponse | None:
    """Why it takes no answer any more."""
    refused = asked.closed()
    return None if refused is None else visits.closed(request, refused.sentence, refused.next_step)


def _context(asked: Asked, at: datetime) -> dict[str, Any]:
    row = asked.authorization
    return {
        "asked": asked,
        "link": asked.request_link,
        "row": row,
        "post": row.post,
        "who": who_asked(row),
        "campaigns": row.campaigns.select_related("ad_account").order_by("starts_on", "pk"),
        "done": [step for step in asked.request_link.steps if step != LAST],
        "at": at,
    }


def _step(
    request: HttpRequest, asked: Asked, chosen: str, form: CodeForm, at: datetime, *, odd: Sequence[str] = ()
) -> HttpResponse:
    """The step that was asked for, else the first that is not done. Before all comes the reading of what it means."""
    done = asked.request_link.steps
    current = next((step for step in links.STEPS[:-1] if step not in done), LAST)
    if READ in done and chosen in links.STEPS:
        current = chosen
    row = asked.authorization
    guide = {name: _taps(request, row, StepOf("authorize-a-post", name)) for name in links.STEPS if name != READ}
    titles = {READ: "What it means", **{name: each.step.title for name, each in guide.items()}}
    offered = registry.platform(row.post.platform).terms.confirmed
    context = {
        **_context(asked, at),
        "current": current,
        "guide": guide.get(current),
        "steps": [(name, titles[name], name in done and name != LAST) for name in links.STEPS],
        "place": links.STEPS.index(current) + 1,
        "effects": terms.EFFECTS,
        "offers": offers(at, offered, _needs(row)) if current == "generated" else (),
        "form": form,
        "odd": odd,
        "is_missed": "missed" in request.GET or request.method == "POST",
    }
    return render(request, "web/answer_steps.html", context, status=422 if odd else _status(form))


def _taps(request: HttpRequest, row: Authorization, which: StepOf) -> Taps:
    values = {
        "days": str(row.requested_days or 30),
        "creator": row.post.held_by.name,
        "advertiser": row.advertiser.name,
    }
    return taps(which, language=language_of(request), values=values)


def _needs(row: Authorization) -> list[Need]:
    """What the code should last for: the campaign that ends last, then the last day of agreed use."""
    needs = []
    last = row.campaigns.select_related("ad_account").order_by("-ends_at").first()
    if last is not None:
        needs.append(Need(last.name, last.ends_at, last.ad_account.time_zone))
    if row.agreed_until is not None:
        zone = settings.VALETKEY_TIME_ZONE
        needs.append(Need("the agreed day", end_of_day(row.agreed_until, zone), zone))
    return needs


def _done(request: HttpRequest, asked: Asked, at: datetime) -> HttpResponse:
    is_given = asked.authorization.state != State.DECLINED
    off = WORDS[Verb.SWITCH_OFF].by_hand
    context = {
        **_context(asked, at),
        "is_given": is_given,
        "switch_off": _taps(request, asked.authorization, off) if off else None,
    }
    return render(request, "web/answer_done.html", context)


def _status(form: BaseForm) -> int:
    return 422 if form.is_bound and form.errors else 200
