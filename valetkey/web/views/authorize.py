"""A creator authorizes a post, or answers a request for one: step by step, over the connection or by hand.

What was chosen so far stands in the address and is checked anew at each step; only the last one is a POST.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.debug import sensitive_post_parameters

from valetkey.accounts.models import Party
from valetkey.accounts.services import require_hand
from valetkey.audit.entry import Actor
from valetkey.authorizations import code_text, links, services, terms
from valetkey.authorizations.coverage import Need, end_of_day, end_of_term
from valetkey.authorizations.lifecycle import LIVE, NOTHING_YET, State, Verb
from valetkey.authorizations.models import Authorization, AuthorizationQuerySet, WindowSource
from valetkey.authorizations.services.authorize import check_grant, refuse_past_agreement
from valetkey.connectors import registry
from valetkey.connectors.base import Level
from valetkey.connectors.models import Connection
from valetkey.register.models import Post
from valetkey.web.diagnosis import beside as diagnosis_beside
from valetkey.web.forms.authorize import OWN, CodeByHand, ForWhom, HowLong, Look, Read
from valetkey.web.forms.too_short import MayBeTooShort, is_about_days
from valetkey.web.language import language_of
from valetkey.web.offers import count, offers
from valetkey.web.person import now, person
from valetkey.web.refusal import beside, onto
from valetkey.web.steps import StepOf
from valetkey.web.taps import Taps, taps
from valetkey.web.views.posts import hindrances_of

_KEPT: Final = ("for", "go", "by_hand", "read", "days", "own", "until")
"""What travels from step to step. `step` besides says which step's form was sent."""

_MOST_KNOWN: Final = 12


@dataclass(frozen=True)
class Way:
    """What one walk through the steps is about. `row`: the request that is answered, where it is one."""

    post: Post
    advertiser: Party
    row: Authorization | None
    is_connected: bool
    chosen: Mapping[str, str]
    actor: Actor
    at: datetime

    @property
    def is_by_hand(self) -> bool:
        return not self.is_connected or "by_hand" in self.chosen

    @property
    def asked_until(self) -> date | None:
        return self.row.agreed_until if self.row else None

    def steps(self) -> tuple[tuple[str, str], ...]:
        first = ("asked", "What is asked") if self.row else ("who", "For whom")
        last = ("send", "In the TikTok app" if self.is_by_hand else "Look it over")
        return (first, ("before", "Before you switch"), ("days", "How long"), last)

    def kept(self, *without: str, **more: str) -> str:
        """The query string of another step."""
        return urlencode([*self.hidden(*without, *more), *more.items()])

    def hidden(self, *without: str) -> list[tuple[str, str]]:
        """What the form of a step hands on."""
        return [(name, self.chosen[name]) for name in _KEPT if name in self.chosen and name not in without]

    def needs(self, until: date | None) -> list[Need]:
        """The campaign that lasts longest first, then the last day of agreed use."""
        campaigns = sorted(self.row.campaigns.all(), key=lambda each: each.ends_at) if self.row else []
        needs = []
        if campaigns:
            last = campaigns[-1]
            others = f", the last of {len(campaigns)} campaigns" if len(campaigns) > 1 else ""
            needs.append(Need(f"{last.name}{others}", last.ends_at, last.ad_account.time_zone))
        if until is not None:
            zone = settings.VALETKEY_TIME_ZONE
            needs.append(Need("the agreed day", end_of_day(until, zone), zone))
        return needs


@sensitive_post_parameters("code")
def authorize(request: HttpRequest, reference: str) -> HttpResponse:
    """The creator starts: first for whom, then what every way has in common."""
    actor, at = person(request), now()
    post = services.find_post(text=reference, actor=actor)
    require_hand(actor, post.held_by)
    if hindrances_of(post):
        return redirect("post", post.reference)
    rights = post.authorizations.visible_to(actor).select_related("advertiser").defer("code")
    waiting = list(rights.filter(state=State.REQUESTED)[:5])
    form = ForWhom(request.GET if "for" in request.GET else None)
    if form.is_valid():
        with beside(form, "for"):
            advertiser = services.find_advertiser(form.cleaned_data["for"])
    if not form.is_valid():
        context = {
            "post": post,
            "at": at,
            "form": form,
            "waiting": waiting,
            "holder": rights.filter(state__in=LIVE).first(),
            "known": _known(post, actor),
        }
        return render(request, "web/authorize/who.html", context | _level(post))
    asked = next((row for row in waiting if row.advertiser_id == advertiser.pk), None)
    if asked is not None:
        return redirect("issue", asked.reference)
    chosen = _chosen(request, **{"for": advertiser.reference})
    return _walk(request, Way(post, advertiser, None, _is_connected(post), chosen, actor, at))


def _known(post: Post, actor: Actor) -> list[Party]:
    """With whom this creator has had to do: nobody has to type their names."""
    rights = Authorization.objects.visible_to(actor).filter(post__held_by=post.held_by_id)
    return list(Party.objects.filter(pk__in=rights.values("advertiser")).order_by("name")[:_MOST_KNOWN])


@sensitive_post_parameters("code")
def issue(request: HttpRequest, reference: str) -> HttpResponse:
    """The creator answers a request; once it is answered, the same address says what became of it."""
    actor, at = person(request), now()
    row = services.find(reference=reference, actor=actor)
    verbs = services.allowed(authorization=row, actor=actor)
    if Verb.ISSUE in verbs:
        way = Way(row.post, row.advertiser, row, _is_connected(row.post), _chosen(request), actor, at)
        if "go" in request.GET and not hindrances_of(row.post):
            return _walk(request, way)
        return _asked(request, way)
    if Verb.RECORD in verbs:
        return _type_in(request, row, actor, at)
    return _outcome(request, row, actor, at)


def _asked(request: HttpRequest, way: Way) -> HttpResponse:
    row = way.row
    days = row.requested_days if row else None
    context = {
        "hindrances": hindrances_of(way.post),
        "not_known": services.not_known(post=way.post),
        "ends_at": end_of_term(way.at, days) if days else None,
        "needs": way.needs(way.asked_until),
        "can_decline": row is not None and row.state == State.REQUESTED,
    }
    return _step(request, way, "asked", context)


def _walk(request: HttpRequest, way: Way) -> HttpResponse:
    """The first step that is not done yet; the last one when all are."""
    sent = way.chosen.get("step", "")
    read = Read(way.chosen if sent == "before" or "read" in way.chosen else None)
    if not read.is_valid():
        return _step(request, way, "before", {"form": read, "effects": terms.EFFECTS, "hidden": way.hidden("read")})
    form = _how_long(way)
    is_asked_for = sent == "days" and "recount" not in way.chosen and not request.headers.get("HX-Request")
    if not (form.is_bound and form.is_valid() and (is_asked_for or request.method == "POST")):
        return _choose_days(request, way, form)
    return _send(request, way, form.number(), form.cleaned_data["until"] or way.asked_until)


def _how_long(way: Way) -> HowLong:
    """Bound once days were chosen; before that it begins with what was asked for, or with what covers."""
    more: dict[str, Any] = {
        "terms": registry.platform(way.post.platform).terms,
        "advertiser": way.advertiser.name,
        "asked_until": way.asked_until,
    }
    if "days" not in way.chosen:
        return HowLong(initial={**_first_days(way), "until": way.asked_until}, **more)
    form = HowLong(way.chosen, **more)
    until = form.cleaned_data.get("until") if form.is_valid() else None
    if until is not None:
        with beside(form, "until"):
            refuse_past_agreement(until, way.at)
            end_of_day(until, settings.VALETKEY_TIME_ZONE)
            if way.row is not None:
                check_grant(way.row, until, way.at)
    return form


def _first_days(way: Way) -> dict[str, Any]:
    offered = registry.platform(way.post.platform).terms.confirmed
    days = way.row.requested_days if way.row else None
    if days is None:
        best = next(
            (offer.days for offer in offers(way.at, offered, way.needs(way.asked_until)) if offer.is_best), None
        )
        days = best or (30 if 30 in offered else offered[0])
    return {"days": str(days)} if days in offered else {"days": OWN, "own": days}


def _choose_days(request: HttpRequest, way: Way, form: HowLong) -> HttpResponse:
    offered = registry.platform(way.post.platform).terms
    cleaned = getattr(form, "cleaned_data", {})
    until = cleaned.get("until") if form.is_bound else way.asked_until
    own = cleaned.get("own") if form.is_bound else form.initial.get("own")
    is_own_asked = own and (way.chosen.get("recount") == OWN or request.headers.get("HX-Trigger-Name") == "own")
    needs = way.needs(until)
    found = offers(way.at, offered.confirmed, needs)
    best = next((offer for offer in found if offer.is_best), None)
    taken = {"step": "days", "days": str(best.days), "until": until.isoformat() if until else ""} if best else {}
    context = {
        "form": form,
        "offers": found,
        "own": offers(way.at, [own], needs)[0] if own else None,
        "picked": OWN if is_own_asked else str(form["days"].value()),
        "best": best,
        "take": way.kept("own", **taken),
        "needs": needs,
        "asked_days": way.row.requested_days if way.row else None,
        "hidden": way.hidden("days", "own", "until"),
    }
    if request.headers.get("HX-Request"):
        return render(request, "web/authorize/offers.html", context | {"at": way.at, "is_part": True})
    return _step(request, way, "days", context)


def _send(request: HttpRequest, way: Way, days: int, until: date | None) -> HttpResponse:
    """The last page: what it gives and what not; a POST does it."""
    if way.is_by_hand:
        form: MayBeTooShort = CodeByHand(request.POST if request.method == "POST" else None, initial={"days": days})
    else:
        form = Look(request.POST if request.method == "POST" else None)
    odd: tuple[str, ...] = ()
    diagnosis, tried = None, None
    if form.is_valid():
        with onto(form) as met:
            odd = _odd(request, form)
            if not odd:
                return redirect("issue", _done(way, form, days, until).reference)
        unsettled = _rows(way).filter(claim_verb=Verb.ISSUE.value).first()
        if unsettled is not None:
            return redirect("issue", unsettled.reference)
        tried = _rows(way).filter(state__in=NOTHING_YET).select_related("post__held_by", "advertiser").first()
        if tried is not None:
            diagnosis = diagnosis_beside(request, tried, Verb.ISSUE, met.refused, way.actor)
    offer = offers(way.at, [days], way.needs(until))[0]
    context = {
        "form": form,
        "odd": odd,
        "offer": offer,
        "days": count(days),
        "until": until,
        "less": _less(way, days, until),
        "guide": _taps(request, way, days) if way.is_by_hand else (),
        "is_refused": bool(form.errors) and not way.is_by_hand,
        "diagnosis": diagnosis,
        "tried": tried,
        "take": _taking(way, form),
    }
    return _step(request, way, "send", context)


def _taps(request: HttpRequest, way: Way, days: int) -> list[Taps]:
    values = {"days": str(days), "creator": way.post.held_by.name, "advertiser": way.advertiser.name}
    language, names = language_of(request), links.STEPS[1:]
    return [taps(StepOf("authorize-a-post", name), language=language, values=values) for name in names]


def _taking(way: Way, form: MayBeTooShort) -> str:
    """The address of this step with the days that reach, where the days stand in the address and not in the form."""
    found = form.too_short.days if form.too_short and not way.is_by_hand else None
    return "?" + way.kept("own", step="days", days=str(found)) if found else ""


def _done(way: Way, form: MayBeTooShort, days: int, until: date | None) -> Authorization:
    if not way.is_by_hand:
        if way.row is not None:
            earlier = until if until != way.asked_until else None
            return services.issue(
                authorization=way.row, days=days, agreed_until=earlier, terms_seen=True,
                short_reason=form.short_reason(), actor=way.actor, at=way.at,
            )  # fmt: skip
        return services.authorize(
            post=way.post, advertiser=way.advertiser, days=days, agreed_until=until, terms_seen=True,
            short_reason=form.short_reason(), actor=way.actor, at=way.at,
        )  # fmt: skip
    what_for: dict[str, Any] = {"post": way.post, "advertiser": way.advertiser}
    if way.row is not None:
        what_for = {"authorization": way.row}
    return _record(form, terms_seen=True, agreed_until=until, actor=way.actor, at=way.at, **what_for)


def _record(form: MayBeTooShort, **more: Any) -> Authorization:
    typed = form.cleaned_data
    return services.record(
        code=typed["code"],
        days=None if typed["ends_on"] else typed["days"],
        ends_on=typed["ends_on"],
        time_zone=timezone.get_current_timezone_name(),
        short_reason=form.short_reason(),
        **more,
    )


def _odd(request: HttpRequest, form: MayBeTooShort) -> tuple[str, ...]:
    """What is odd about a code that was typed in; nothing once the person said to take it as it is.

    What is asked about its days comes after that.
    """
    if not isinstance(form, CodeByHand) or "as_it_is" in request.POST or is_about_days(request.POST):
        return ()
    return code_text.warnings(code_text.clean(form.cleaned_data["code"]))


def _rows(way: Way) -> AuthorizationQuerySet:
    """The authorizations that this walk may have begun or answers, the newest first."""
    rows = Authorization.objects.visible_to(way.actor).filter(post=way.post, advertiser=way.advertiser)
    return rows.filter(pk=way.row.pk) if way.row else rows


def _less(way: Way, days: int, until: date | None) -> list[str]:
    """What of the answer differs from what was asked; the advertiser reads it too."""
    row, less = way.row, []
    if row is not None and row.requested_days and days != row.requested_days:
        less.append(f"{count(days)} instead of {count(row.requested_days)}")
    if row is not None and row.agreed_until and until and until < row.agreed_until:
        less.append("an earlier last day of agreed use")
    return less


def _type_in(request: HttpRequest, row: Authorization, actor: Actor, at: datetime) -> HttpResponse:
    """The advertiser's side got the code some other way and enters it."""
    form = CodeByHand(request.POST if request.method == "POST" else None, initial={"days": row.requested_days})
    odd: tuple[str, ...] = ()
    if form.is_valid():
        with onto(form):
            odd = _odd(request, form)
            if not odd:
                return redirect("authorization", _record(form, authorization=row, actor=actor, at=at).reference)
    context = {"row": row, "post": row.post, "form": form, "odd": odd, "at": at}
    return render(request, "web/authorize/type_in.html", context)


def _outcome(request: HttpRequest, row: Authorization, actor: Actor, at: datetime) -> HttpResponse:
    """What became of it. A right that has gone on from here has a page of its own."""
    if row.state not in {State.NEW, State.REQUESTED, State.ISSUED}:
        return redirect("authorization", row.reference)
    is_typed = row.window_source in {WindowSource.STATED, WindowSource.COMPUTED, WindowSource.CONTRACT}
    verbs = services.allowed(authorization=row, actor=actor)
    context = {
        "row": row,
        "post": row.post,
        "at": at,
        "is_typed": is_typed,
        "odd": code_text.warnings(row.code) if row.code and is_typed else (),
        "coverages": row.coverages(),
        "can_open": Verb.OPEN in verbs,
        "can_hand_over": Verb.HAND_OVER in verbs,
        "can_check": Verb.CHECK in verbs,
        "level": Level.BY_HAND if is_typed else Level.CREATOR,
    }
    return render(request, "web/authorize/outcome.html", context)


def _step(request: HttpRequest, way: Way, name: str, context: dict[str, Any]) -> HttpResponse:
    steps = way.steps()
    place = [step for step, _ in steps].index(name)
    common = {
        "way": way,
        "post": way.post,
        "advertiser": way.advertiser,
        "row": way.row,
        "at": way.at,
        "steps": steps,
        "step": name,
        "place": place + 1,
        "by_hand": way.is_by_hand,
        "level": Level.BY_HAND if way.is_by_hand else Level.CREATOR,
        "back": _back(way, name),
        "other_way": _other_way(way, name),
    }
    return render(request, f"web/authorize/{name}.html", common | context)


def _back(way: Way, name: str) -> str:
    """The step before, with what was chosen; "" where there is none in this walk."""
    match name:
        case "before":
            return "?" + (way.kept("go", "read") if way.row else way.kept("for", "read"))
        case "days":
            return "?" + way.kept("read")
        case "send":
            return "?" + way.kept()
    return ""


def _other_way(way: Way, name: str) -> str:
    """By hand instead of over the connection, or the other way round, on the same step."""
    here = {"step": "days"} if name == "send" else {}
    return "?" + (way.kept("by_hand", **here) if way.is_by_hand else way.kept(by_hand="1", **here))


def _chosen(request: HttpRequest, **more: str) -> dict[str, str]:
    """What stands in the address."""
    return {**{name: str(request.GET[name]) for name in request.GET}, **more}


def _is_connected(post: Post) -> bool:
    return Connection.objects.creator_of(post.held_by, post.platform) is not None


def _level(post: Post) -> dict[str, Any]:
    return {"level": Level.CREATOR if _is_connected(post) else Level.BY_HAND}
