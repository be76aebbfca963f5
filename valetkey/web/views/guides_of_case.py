"""Guides opened from an authorization: filled with what the record knows, ticked, shared, and ending in the verb."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from valetkey.accounts.models import standing_of
from valetkey.authorizations import case, links, services
from valetkey.authorizations.lifecycle import State, Verb
from valetkey.authorizations.models import Authorization
from valetkey.authorizations.turn import Turn
from valetkey.connectors.base import Level
from valetkey.guides.fill import fill
from valetkey.guides.library import library
from valetkey.web import guides, visits
from valetkey.web.forms.guides import ShareForm
from valetkey.web.language import language_of, shows
from valetkey.web.person import now, person
from valetkey.web.refusal import onto
from valetkey.web.steps import WORDS
from valetkey.web.views.authorizations import following_of, is_turn_of, to_do_of, whose_turn

_LINKS_SHOWN: Final = 20


@require_safe
def guides_of_case(request: HttpRequest, reference: str) -> HttpResponse:
    """Which guides fit now: the one of the next step first, then the others, then all there are."""
    actor = person(request)
    row = services.find(reference=reference, actor=actor)
    language, following = language_of(request), following_of(row)
    values = services.guide_values(authorization=row, language=language, show=shows(language))
    every = {each.name: fill(each, values) for each in library().guides(language)}
    names = case.fitting(State(row.state), following.verb)
    standing = standing_of(actor, creator=row.post.held_by, advertiser=row.advertiser)
    context = {
        "row": row,
        "language": language,
        "words": library().words(language),
        "turn": following,
        "whose": whose_turn(row, following),
        "to_do": to_do_of(row, following),
        "is_my_turn": is_turn_of(standing, following),
        "first": every[names[0]] if following.verb in case.GUIDES else None,
        "fitting": [every[name] for name in names if following.verb not in case.GUIDES or name != names[0]],
        "others": [guide for name, guide in every.items() if name not in names],
    }
    return render(request, "web/guides_of_case.html", context)


def guide_of_case(request: HttpRequest, reference: str, name: str) -> HttpResponse:
    """The guide; a POST ticks one step, or takes the tick back."""
    actor, at = person(request), now()
    row = services.find(reference=reference, actor=actor)
    if request.method == "POST":
        step = request.POST.get("step", "")
        services.tick_guide(
            authorization=row, name=name, step=step, is_done="undo" not in request.POST, actor=actor, at=at
        )
        return redirect(f"{reverse('guide_of_case', args=[row.reference, name])}#{step}")
    return _page(request, row, name, ShareForm())


@require_POST
def guide_share(request: HttpRequest, reference: str, name: str) -> HttpResponse:
    actor, at = person(request), now()
    row = services.find(reference=reference, actor=actor)
    form = ShareForm(request.POST)
    if form.is_valid():
        with onto(form):
            made = services.share_guide(authorization=row, name=name, **form.cleaned_data, actor=actor, at=at)
            address = links.address(settings.VALETKEY_URL, links.GUIDE_PATH, made.link)
            visits.keep_link_made(request, _subject(row, name), address, mail="", is_sent=False)
            return redirect(f"{reverse('guide_of_case', args=[row.reference, name])}#share")
    return _page(request, row, name, form)


@require_POST
def guide_unshare(request: HttpRequest, reference: str, name: str, number: int) -> HttpResponse:
    actor, at = person(request), now()
    row = services.find(reference=reference, actor=actor)
    found = row.guide_links.filter(pk=number, guide=name).first()
    if found is None:
        raise Http404
    services.unshare_guide(guide_link=found, actor=actor, at=at)
    messages.success(request, f"The link for {found.recipient} shows nothing any more.")
    return redirect("guide_of_case", row.reference, name)


def _page(request: HttpRequest, row: Authorization, name: str, form: ShareForm) -> HttpResponse:
    actor, at, language = person(request), now(), language_of(request)
    reading = services.read_guide(
        authorization=row, name=name, language=language, show=shows(language), actor=actor, at=at
    )
    following = following_of(row)
    address = reverse("guide_of_case", args=[row.reference, name])
    context = {
        **guides.page(reading.guide, reading),
        **_ending(row, reading.guide.verb, name, following, services.allowed(authorization=row, actor=actor)),
        "reference": row.reference,
        "row": row,
        "at": at,
        "tick": address,
        "done": reading.done(),
        "turn": following,
        "whose": whose_turn(row, following),
        "may_share": services.may_share_guide(authorization=row, actor=actor),
        "form": form,
        "made": visits.take_link_made(request, _subject(row, name)),
        "shared": [
            (each, links.Life(each.ends_at, each.ended_at).is_open(at))
            for each in row.guide_links.filter(guide=name).select_related("user").order_by("-pk")[:_LINKS_SHOWN]
        ],
    }
    return render(request, "web/guide_of_case.html", context, status=422 if form.errors else 200)


def _ending(row: Authorization, verb: str, name: str, following: Turn, allowed: tuple[Verb, ...]) -> dict[str, Any]:
    """The verb it ends in: the next one where this is its guide, else the guide's own, as far as this person may."""
    ends_in = following.verb if case.GUIDES.get(following.verb or Verb.REQUEST) == name and following.verb else None
    ends_in = ends_in or (Verb(verb) if verb else None)
    if ends_in not in allowed or ends_in not in WORDS:
        return {"ends_in": None}
    side = WORDS[ends_in].side.value
    levels = services.levels(authorization=row)
    return {
        "ends_in": ends_in,
        "ends_in_words": WORDS[ends_in],
        # Where the desk cannot do it by itself, the steps above are the way, and the button writes it down.
        "is_by_hand": bool(side) and levels.get(side, Level.BY_HAND.value) == Level.BY_HAND.value,
    }


def _subject(row: Authorization, name: str) -> str:
    return f"{row.subject}, guide {name}"
