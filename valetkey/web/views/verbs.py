"""The verbs of one authorization, each on a page: what it does, by whom, what cannot be undone; then it is done.

One table says for each verb what it asks for and which service it calls. Its words are in `web.steps`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from valetkey.accounts.models import standing_of
from valetkey.accounts.policy import Side, Standing, may, whose
from valetkey.authorizations import lifecycle, services
from valetkey.authorizations.coverage import end_of_day
from valetkey.authorizations.lifecycle import State, Verb, words
from valetkey.authorizations.models import Authorization
from valetkey.authorizations.services import Applied
from valetkey.authorizations.turn import Whose
from valetkey.connectors.base import CodeStatus, Level, SeenCode
from valetkey.errors import Uncertain
from valetkey.web.diagnosis import beside
from valetkey.web.forms import verbs as forms
from valetkey.web.forms.verbs import About, VerbForm
from valetkey.web.language import language_of, shows
from valetkey.web.person import now, person
from valetkey.web.refusal import onto
from valetkey.web.steps import WORDS
from valetkey.web.taps import taps

Given = Mapping[str, Any]


@dataclass(frozen=True)
class Doing:
    """What a verb asks for, and the one call that does it. `called` gets what was asked and what was typed."""

    form: type[VerbForm]
    call: Callable[[About, Given], object]


def _ask(about: About) -> dict[str, Any]:
    return {"authorization": about.row, "actor": about.actor, "at": about.at}


def _done(about: About) -> dict[str, Any]:
    return {**_ask(about), "by_hand": about.is_by_hand}


def _days(given: Given) -> dict[str, Any]:
    return {"days": given["days"], "short_reason": given.get("short_reason", "")}


def _check(about: About, given: Given) -> object:
    return services.check(**_ask(about), stated=_stated(about, given) if about.is_by_hand else None)


def _stated(about: About, given: Given) -> SeenCode:
    zone = timezone.get_current_timezone_name()
    ends_at = end_of_day(given["ends_on"], zone) if given["ends_on"] else None
    return SeenCode(about.row.post.platform_id, CodeStatus(given["saw"]), None, None, ends_at, None)


DOINGS: Final[dict[Verb, Doing]] = {
    Verb.DECLINE: Doing(forms.ReasonForm, lambda about, given: services.decline(**_ask(about), reason=given["reason"])),
    Verb.WITHDRAW: Doing(
        forms.WithdrawForm, lambda about, given: services.withdraw(**_ask(about), reason=given["reason"])
    ),
    Verb.APPLY: Doing(
        forms.ApplyForm,
        lambda about, given: services.apply_each(
            **_done(about), ad_accounts=list(given["ad_accounts"]), source_code=given.get("source_code") or None
        ),
    ),
    Verb.UNBIND: Doing(
        forms.UnbindForm, lambda about, given: services.unbind(**_done(about), ad_account=given["ad_account"])
    ),
    Verb.CHECK: Doing(forms.CheckForm, _check),
    Verb.EXTEND: Doing(forms.ExtendForm, lambda about, given: services.extend(**_done(about), **_days(given))),
    Verb.REPLACE: Doing(
        forms.ReplaceForm,
        lambda about, given: services.replace(**_ask(about), **_days(given), code=given.get("code")),
    ),
    Verb.ASK_TO_END: Doing(
        forms.ReasonForm, lambda about, given: services.ask_to_end(**_ask(about), reason=given["reason"])
    ),
    Verb.ACKNOWLEDGE_END: Doing(VerbForm, lambda about, given: services.acknowledge_end(**_ask(about))),
    Verb.PAUSE_ADS: Doing(VerbForm, lambda about, given: services.pause_ads(**_done(about))),
    Verb.SWITCH_OFF: Doing(VerbForm, lambda about, given: services.switch_off(**_done(about))),
    Verb.CONFIRM_END: Doing(
        forms.ConfirmForm, lambda about, given: services.confirm_end(**_ask(about), seen=given.get("seen", ""))
    ),
    Verb.TELL_ADVERTISER: Doing(
        forms.TellForm, lambda about, given: services.tell_advertiser(**_ask(about), how=given["how"])
    ),
}

ELSEWHERE: Final[dict[Verb, str]] = {
    Verb.ISSUE: "issue",
    Verb.RECORD: "issue",
    Verb.HAND_OVER: "sharing",
    Verb.OPEN: "authorization",
}
"""Verbs with a page of their own, by its name."""


def do(request: HttpRequest, reference: str, verb: str) -> HttpResponse:
    actor, at = person(request), now()
    row = services.find(reference=reference, actor=actor)
    if verb == Verb.REQUEST:
        return redirect("request_new")
    if verb in ELSEWHERE:
        return redirect(ELSEWHERE[Verb(verb)], row.reference)
    if verb not in set(DOINGS):
        raise Http404
    wanted = Verb(verb)
    allowed = services.allowed(authorization=row, actor=actor)
    standing = standing_of(actor, creator=row.post.held_by, advertiser=row.advertiser)
    # What was left uncertain and cannot be read may be said by whoever looked on the platform.
    is_statement = row.is_uncertain and row.claim_verb == wanted and may(wanted.value, standing)
    if wanted not in allowed and not is_statement and request.method != "POST":
        return _not_now(request, row, wanted, allowed, standing)
    way = _way(request, row, wanted, standing, is_statement=is_statement)
    about = About(row, actor, at, is_by_hand=way.is_by_hand)
    doing = DOINGS[wanted]
    if request.method == "GET" and "HX-Request" in request.headers:
        return _own_days(request, doing.form(about=about))
    form = doing.form(request.POST if request.method == "POST" else None, about=about, initial=_named(request))
    diagnosis = None
    if form.is_valid():
        with onto(form) as met:
            done = _carry_out(request, about, wanted, form.cleaned_data)
        if met.refused is None:
            return done
        diagnosis = beside(request, row, wanted, met.refused, actor)
    context = {"verb": wanted, "form": form, "way": way, "diagnosis": diagnosis, **_page(about, wanted)}
    if way.is_by_hand and (which := WORDS[wanted].by_hand) is not None:
        language = language_of(request)
        values = services.guide_values(authorization=row, language=language, show=shows(language))
        context["taps"] = taps(which, language=language, values=values, reference=row.reference)
    return render(request, "web/do.html", context)


@dataclass(frozen=True)
class Way:
    """How it is done: over a connection or by hand, and what else the person may choose.

    `is_connected`: the side whose step it is has a connection. `may_choose`: it is, and by hand is possible as well.
    """

    is_by_hand: bool
    is_connected: bool
    may_choose: bool
    is_statement: bool


def _way(request: HttpRequest, row: Authorization, verb: Verb, standing: Standing, *, is_statement: bool) -> Way:
    level = services.levels(authorization=row)
    connected = {side: level[side] != Level.BY_HAND.value for side in ("creator", "advertiser")}
    asks_by_hand = "by_hand" in request.GET
    if verb is Verb.CHECK:
        may_state = not connected["creator"] and bool({Side.CREATOR, Side.ADMIN} & standing.sides())
        is_connected = any(connected.values())
        is_by_hand = may_state and (asks_by_hand or not is_connected)
        return Way(is_by_hand, is_connected, may_choose=may_state and is_connected, is_statement=False)
    side = WORDS[verb].side
    if side is Whose.NOBODY:
        return Way(is_by_hand=False, is_connected=False, may_choose=False, is_statement=False)
    is_connected = connected[side.value]
    is_by_hand = asks_by_hand or is_statement or not is_connected
    return Way(is_by_hand, is_connected, may_choose=is_connected and not is_statement, is_statement=is_statement)


def _page(about: About, verb: Verb) -> dict[str, Any]:
    row = about.row
    return {
        "row": row,
        "at": about.at,
        "words": WORDS[verb],
        "with_stakes": verb in {Verb.ASK_TO_END, Verb.SWITCH_OFF, Verb.UNBIND},
        "with_bar": verb in {Verb.EXTEND, Verb.REPLACE, Verb.APPLY, Verb.ASK_TO_END},
    }


def _not_now(
    request: HttpRequest, row: Authorization, verb: Verb, allowed: tuple[Verb, ...], standing: Standing
) -> HttpResponse:
    """A page that says why not, and what is possible instead."""
    fits = verb in lifecycle.allowed(State(row.state))
    is_theirs = fits and not may(verb.value, standing)
    context = {
        "row": row,
        "at": now(),
        "words": WORDS[verb],
        "is_theirs": is_theirs,
        "whose": whose(verb.value),
        "verb_words": words(verb),
        "possible": [(each, WORDS[each]) for each in allowed if each in WORDS and each is not Verb.REQUEST],
    }
    return render(request, "web/do_not_now.html", context, status=403 if is_theirs else 409)


def _carry_out(request: HttpRequest, about: About, verb: Verb, given: Given) -> HttpResponse:
    try:
        result = DOINGS[verb].call(about, given)
    except Uncertain as uncertain:
        # Away from the button: whether it was done is for a look to tell, and never for a second try.
        messages.warning(request, str(uncertain))
        return redirect("authorization", about.row.reference)
    if verb is Verb.APPLY and isinstance(result, list):
        return _applied(request, about, result)
    messages.success(request, WORDS[verb].done)
    row = result if verb is Verb.REPLACE and isinstance(result, Authorization) else about.row
    return redirect("authorization", row.reference)


def _applied(request: HttpRequest, about: About, results: list[Applied]) -> HttpResponse:
    """What became of each ad account, on one page."""
    row = services.find(reference=about.row.reference, actor=about.actor)
    context = {
        "row": row,
        "at": about.at,
        "results": [(each, why) for each, why in zip(results, _why(request, about, results), strict=True)],
        "refused": sum(each.refused is not None for each in results),
        "not_known": sum(each.refused is not None and each.refused.code == "outcome_uncertain" for each in results),
        "is_by_hand": about.is_by_hand,
    }
    return render(request, "web/applied.html", context)


def _why(request: HttpRequest, about: About, results: list[Applied]) -> list[dict[str, Any] | None]:
    """Beside each that the platform refused, why; what was refused alike is looked into once."""
    found: dict[tuple[str, str], dict[str, Any] | None] = {}
    for each in results:
        if each.refused is not None and (key := (each.refused.code, each.refused.next_step)) not in found:
            found[key] = beside(request, about.row, Verb.APPLY, each.refused, about.actor, each.ad_account.name)
    return [found[each.refused.code, each.refused.next_step] if each.refused else None for each in results]


def _own_days(request: HttpRequest, form: VerbForm) -> HttpResponse:
    """Where a number of days of one's own leads: one sentence, while it is typed."""
    text = request.GET.get("own_days", "")
    days = int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0
    said = form.words(days) if isinstance(form, forms.DaysForm) and days else ""
    return render(request, "web/part/own_days.html", {"said": said})


def _named(request: HttpRequest) -> dict[str, str]:
    """The ad account that the page before spoke of."""
    return {"ad_account": request.GET["ad_account"]} if "ad_account" in request.GET else {}
