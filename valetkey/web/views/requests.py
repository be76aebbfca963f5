"""Ask a creator for a post, and see to what was asked: made by buyers, received by creators."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from valetkey.accounts.models import Membership, sees_everything
from valetkey.audit.entry import Actor
from valetkey.authorizations import links, services
from valetkey.authorizations.lifecycle import State, Verb
from valetkey.authorizations.links import Answer
from valetkey.authorizations.models import Authorization, AuthorizationQuerySet, RequestLink
from valetkey.errors import Forbidden
from valetkey.web import visits
from valetkey.web.forms.requests import (
    PLATFORM,
    MoreTimeForm,
    RequestForm,
    SendForm,
    WithdrawForm,
    parties_asking,
    typed_so_far,
)
from valetkey.web.forms.text import carries
from valetkey.web.person import now, person
from valetkey.web.refusal import onto

PAGE: Final = 50
_BETWEEN_REMINDERS: Final = timedelta(hours=24)
_BADGES: Final = {
    Answer.OPENED: "accent",
    Answer.PARTLY: "accent",
    Answer.DONE: "ok",
    Answer.DECLINED: "warn",
    Answer.ENDED: "warn",
}


@dataclass(frozen=True)
class Asked:
    """One request as a list shows it. `since`: the moment of how it stands, where one is kept."""

    row: Authorization
    link: RequestLink | None
    answer: str
    badge: str
    since: datetime | None

    @property
    def is_open(self) -> bool:
        return self.row.state == State.REQUESTED


@require_safe
def requests(request: HttpRequest) -> HttpResponse:
    actor, at = person(request), now()
    mine = Membership.objects.of(actor).values("party")
    every = Authorization.objects.visible_to(actor).exclude(requested_days=None)
    kinds: dict[str, tuple[str, AuthorizationQuerySet]] = {
        "received": ("Received", every.filter(post__held_by__in=mine)),
        "made": ("Made", every.filter(advertiser__in=mine)),
    }
    if sees_everything(actor):
        kinds["all"] = ("All of this desk", every)
    may_ask = parties_asking(actor).exists()
    usual = "all" if "all" in kinds else "made" if may_ask else "received"
    chosen = request.GET.get("which", "")
    chosen = chosen if chosen in kinds else usual
    counts = {name: found.count() for name, (_, found) in kinds.items()}
    if not counts[chosen] and "which" not in request.GET:
        chosen = next((name for name, count in counts.items() if count), chosen)
    found = kinds[chosen][1].select_related("post__held_by", "advertiser").prefetch_related("request_links")
    page = Paginator(found.defer("code").order_by("-pk"), PAGE).get_page(request.GET.get("page"))
    tabs = [(name, label, counts[name]) for name, (label, _) in kinds.items() if counts[name] or name == chosen]
    context = {
        "page": page,
        "rows": [_asked(row, at) for row in page],
        "tabs": tabs,
        "chosen": chosen,
        "query": f"which={chosen}&",
    }
    return render(request, "web/requests.html", {**context, "may_ask": may_ask, "at": at})


@never_cache
def request_new(request: HttpRequest) -> HttpResponse:
    """With `look` or `take` the form is only shown anew: with the dates, the days taken, or the ready message."""
    actor, at = person(request), now()
    if not parties_asking(actor).exists():
        raise Forbidden(
            "not_a_buyer", "Asking belongs to those who act for a brand or an agency.", "Ask one of them to do it."
        )
    is_look = bool({"look", "take"} & request.POST.keys())
    if request.method != "POST":
        form = RequestForm(actor=actor, at=at)
    elif is_look and not any(carries(value) for value in request.POST.values()):
        so_far = typed_so_far(request.POST, fill=request.POST.get("look") == "message", actor=actor)
        form = RequestForm(initial=so_far, actor=actor, at=at)
    else:
        form = RequestForm(request.POST, actor=actor, at=at)
        if form.is_valid() and not is_look:
            with onto(form):
                sent = services.ask(
                    platform=PLATFORM, **form.given(), short_reason=form.short_reason(), actor=actor, at=at
                )
                return _show_link_once(request, sent)
    return render(request, "web/request_new.html", {"form": form, "at": at})


@never_cache
@require_safe
def request(request: HttpRequest, reference: str) -> HttpResponse:
    return _page(request, _find(reference, person(request)))


@never_cache
@require_POST
def request_remind(request: HttpRequest, reference: str) -> HttpResponse:
    actor, at = person(request), now()
    row = _find(reference, actor)
    return _show_link_once(request, services.remind(authorization=row, actor=actor, at=at))


@never_cache
@require_POST
def request_send(request: HttpRequest, reference: str) -> HttpResponse:
    actor, at = person(request), now()
    row, form = _find(reference, actor), SendForm(request.POST)
    if form.is_valid():
        with onto(form):
            given = {**form.cleaned_data, "send_mail": bool(form.cleaned_data["mail"])}
            return _show_link_once(request, services.send_request(authorization=row, **given, actor=actor, at=at))
    return _page(request, row, send_form=form)


@never_cache
@require_POST
def request_extend(request: HttpRequest, reference: str) -> HttpResponse:
    actor, at = person(request), now()
    row, form = _find(reference, actor), MoreTimeForm(request.POST)
    if form.is_valid():
        with onto(form):
            services.extend_request(authorization=row, **form.cleaned_data, actor=actor, at=at)
            messages.success(request, "The link lasts longer now.")
            return redirect("request", row.reference)
    return _page(request, row, more_form=form)


@never_cache
@require_POST
def request_withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    actor, at = person(request), now()
    row, form = _find(reference, actor), WithdrawForm(request.POST)
    if form.is_valid():
        with onto(form):
            services.withdraw(authorization=row, **form.cleaned_data, actor=actor, at=at)
            messages.success(request, "The request is withdrawn. Whoever opens its link is told so.")
            return redirect("request", row.reference)
    return _page(request, row, withdraw_form=form)


def _find(reference: str, actor: Actor) -> Authorization:
    row = services.find(reference=reference, actor=actor)
    if row.requested_days is None:
        raise Http404
    return row


def _page(request: HttpRequest, row: Authorization, **forms: Any) -> HttpResponse:
    """With the forms as they were refused, or fresh ones."""
    actor, at = person(request), now()
    allowed = services.allowed(authorization=row, actor=actor)
    # Whoever may take it back may also see to it.
    is_asker = Verb.WITHDRAW in allowed
    steps = list(row.request_links.order_by("pk"))
    reminded = max((link.reminded_at for link in steps if link.reminded_at), default=None)
    context = {
        "row": row,
        "at": at,
        "asked": _asked(row, at),
        "who": who_asked(row),
        "coverages": row.coverages(),
        "is_asker": is_asker,
        "may_answer": bool({Verb.ISSUE, Verb.DECLINE} & set(allowed)),
        "may_type_in": Verb.RECORD in allowed and Verb.ISSUE not in allowed,
        "is_answered": row.state not in {State.REQUESTED, State.WITHDRAWN, State.DECLINED},
        "links": steps if is_asker else [],
        "remind_again_at": reminded + _BETWEEN_REMINDERS if reminded and at < reminded + _BETWEEN_REMINDERS else None,
        "made": visits.take_link_made(request, row.subject),
        "send_form": SendForm(initial={"recipient": row.post.held_by.name} if not steps else None),
        "more_form": MoreTimeForm(),
        "withdraw_form": WithdrawForm(),
        **forms,
    }
    return render(request, "web/request.html", context)


def who_asked(row: Authorization) -> str:
    """The person who made the request."""
    entry = services.history(authorization=row).filter(event="authorization.request").first()
    return entry.actor_name if entry else row.advertiser.name


def _show_link_once(request: HttpRequest, sent: services.Sent) -> HttpResponse:
    row = sent.request_link.authorization
    address = links.address(settings.VALETKEY_URL, links.REQUEST_PATH, sent.link)
    visits.keep_link_made(request, row.subject, address, mail=sent.request_link.mail, is_sent=sent.is_sent)
    return redirect("request", row.reference)


def _asked(row: Authorization, at: datetime) -> Asked:
    """From `request_links` as they were fetched."""
    sent = sorted(row.request_links.all(), key=lambda link: link.pk)
    answer = services.answer_of(authorization=row, at=at)
    last = sent[-1] if sent else None
    if answer is None:
        # Asked on the desk alone: nobody was sent a link.
        waits = State(row.state) is State.REQUESTED
        answer = None if waits else links.answer(State(row.state), is_live=False, is_opened=False, steps=())
    if answer is None or last is None:
        return Asked(row, None, answer.value if answer else "waiting", _BADGES.get(answer, "") if answer else "", None)
    return Asked(row, last, answer.value, _BADGES.get(answer, ""), _since(answer, last, at))


def _since(answer: Answer, link: RequestLink, at: datetime) -> datetime | None:
    match answer:
        case Answer.NOT_OPENED:
            return link.created_at
        case Answer.OPENED | Answer.PARTLY:
            return link.viewed_at or link.opened_at
        case Answer.DONE | Answer.DECLINED:
            return link.answered_at
        case Answer.WITHDRAWN:
            return link.ended_at
    return min(link.ended_at or link.ends_at, link.ends_at)
