"""Authorizations: the list with its filters, and the record of one, which both sides see alike."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers

from valetkey.accounts.models import standing_of
from valetkey.accounts.policy import DeskRole, Side, Standing, may
from valetkey.authorizations import services
from valetkey.authorizations.case import GUIDES
from valetkey.authorizations.filters import Filters
from valetkey.authorizations.lifecycle import LIVE, OVER, Drift, State, Verb
from valetkey.authorizations.models import Application, Authorization, WindowSource
from valetkey.authorizations.turn import Known, Turn, Whose, turn
from valetkey.connectors.base import Level
from valetkey.errors import Forbidden
from valetkey.findings.finding import About
from valetkey.history.sentences import phrase, to_do
from valetkey.web.findings import findings_of
from valetkey.web.forms.authorizations import CampaignsForm, FiltersForm
from valetkey.web.person import now, person
from valetkey.web.refusal import onto
from valetkey.web.steps import WORDS, Words
from valetkey.web.views.history import told

_LINES: Final = 6
_REVEALS: Final = 10

SOURCES: Final[dict[str, str]] = {
    WindowSource.PLATFORM.value: "as TikTok shows it",
    WindowSource.STATED.value: "as somebody stated it",
    WindowSource.COMPUTED.value: "counted from the days, not read on TikTok",
    WindowSource.CONTRACT.value: "as the contract says, not read on TikTok",
}
LEVELS: Final[dict[str, str]] = {
    Level.BY_HAND.value: "by hand",
    Level.ADVERTISER.value: "by advertiser token",
    Level.CREATOR.value: "by creator token",
}

_SIDES: Final[dict[Whose, Side]] = {Whose.CREATOR: Side.CREATOR, Whose.ADVERTISER: Side.ADVERTISER}


def authorizations(request: HttpRequest) -> HttpResponse:
    actor, at = person(request), now()
    form, filters = _filters(request.GET)
    found = services.page(found=services.search(filters=filters, actor=actor, at=at), number=_page(request.GET))
    plain = filters.plain()
    context = {
        "at": at,
        "form": form,
        "page": found,
        "filters": plain,
        "query": urlencode(plain),
        "views": [(view, urlencode(view.filters), view.filters == plain) for view in services.saved_views(actor=actor)],
    }
    is_part = "HX-Request" in request.headers and "HX-History-Restore-Request" not in request.headers
    response = render(request, "web/authorizations_found.html" if is_part else "web/authorizations.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _filters(given: QueryDict) -> tuple[FiltersForm, Filters]:
    """What cannot be used stands on the form, and narrows nothing."""
    form = FiltersForm(given)
    plain = {name: value for name, value in given.items() if isinstance(value, str) and name not in {"page", "view"}}
    filters = Filters()
    with onto(form):
        filters = Filters.of(plain)
    return form, filters


def _page(given: QueryDict) -> int:
    text = given.get("page") or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1


@dataclass(frozen=True)
class Action:
    verb: Verb
    words: Words


@dataclass(frozen=True)
class Actions:
    """What somebody can do now: the likely next step, the others, and apart those that end something."""

    primary: Action | None
    others: tuple[Action, ...]
    dangerous: tuple[Action, ...]
    opens: bool

    @property
    def any(self) -> bool:
        return bool(self.primary or self.others or self.dangerous or self.opens)


def actions(allowed: tuple[Verb, ...], following: Turn) -> Actions:
    """Exactly the verbs of `allowed`; asking for a post is no verb of one that is there already."""
    known = [Action(verb, WORDS[verb]) for verb in allowed if verb in WORDS and verb is not Verb.REQUEST]
    primary = next((each for each in known if each.verb is following.verb), None)
    rest = [each for each in known if each is not primary and each.verb is not Verb.OPEN]
    return Actions(
        primary=primary,
        others=tuple(each for each in rest if not each.words.is_dangerous),
        dangerous=tuple(each for each in rest if each.words.is_dangerous),
        opens=Verb.OPEN in allowed,
    )


def authorization(request: HttpRequest, reference: str) -> HttpResponse:
    actor, at = person(request), now()
    row = services.find(reference=reference, actor=actor)
    levels = services.levels(authorization=row)
    applications = list(row.applications.all())
    standing = standing_of(actor, creator=row.post.held_by, advertiser=row.advertiser)
    following = turn(_known(row, applications, levels))
    allowed = services.allowed(authorization=row, actor=actor)
    # That something was begun is of interest only while nothing came of it yet; all of its history has it.
    entries = services.history(authorization=row).exclude(event__endswith=".attempted").order_by("-seq")
    context = {
        "row": row,
        "at": at,
        "about": findings_of(About.AUTHORIZATION, row.reference, actor),
        "turn": following,
        "whose": whose_turn(row, following),
        "to_do": to_do_of(row, following),
        "is_my_turn": is_turn_of(standing, following),
        "guide": GUIDES.get(following.verb) if following.verb else None,
        "actions": actions(allowed, _leading(following, standing)),
        "may_name_owner": row.state not in OVER and bool(standing.sides() - {Side.AUDITOR}),
        "may_name_campaigns": _may_name_campaigns(row, standing),
        "may_see_sharing": standing.creator is not None or standing.desk is not DeskRole.NONE,
        "is_live": State(row.state) in LIVE,
        "source": SOURCES.get(row.window_source, ""),
        "levels": {side: LEVELS[level] for side, level in levels.items()},
        "applications": [(one, services.warnings(application=one)) for one in applications if one.state != "new"],
        "is_uncertain": any(one.is_uncertain for one in (row, *applications)),
        "is_under_way": any(one.claim_id and not one.is_uncertain for one in (row, *applications)),
        "unclear": [one for one in applications if one.claim_id is not None and one.state == "new"],
        "drifts": [Drift[name].value for name in row.drift],
        "coverages": row.coverages(),
        "kept_short": services.kept_short(authorization=row),
        "replaced_by": row.replaced_by.all(),
        "changes": [
            (change, phrase(f"authorization.{change.verb}"), SOURCES[change.source])
            for change in row.window_changes.all()
        ],
        "hand_overs": row.hand_overs.order_by("-pk"),
        "reveals": row.reveals.order_by("-pk")[:_REVEALS],
        "answer": services.answer_of(authorization=row, at=at),
        "lines": [told(entry) for entry in entries[:_LINES]],
    }
    return render(request, "web/authorization.html", context)


def following_of(row: Authorization) -> Turn:
    """What leads on, and whose turn that is."""
    return turn(_known(row, list(row.applications.all()), services.levels(authorization=row)))


def is_turn_of(standing: Standing, following: Turn) -> bool:
    return following.whose in _SIDES and _SIDES[following.whose] in standing.sides()


def _known(row: Authorization, applications: list[Application], levels: dict[str, str]) -> Known:
    """An application may be what is under way, while the authorization itself is free."""
    claims = [one for one in (row, *applications) if one.claim_id is not None]
    claims.sort(key=lambda one: not one.is_uncertain)
    return Known(
        state=State(row.state),
        creator=row.post.held_by.name,
        advertiser=row.advertiser.name,
        claim=Verb(claims[0].claim_verb) if claims else None,
        is_uncertain=bool(claims) and claims[0].is_uncertain,
        is_told=row.told_at is not None,
        is_read_by_token=levels["advertiser"] != Level.BY_HAND.value,
        days_short=max((coverage.days_short for _, coverage in row.coverages()), default=0),
    )


def _leading(following: Turn, standing: Standing) -> Turn:
    """The creator may look at their own code, and that leads nowhere: it is the advertiser's to open it."""
    if following.verb is Verb.OPEN and Side.ADVERTISER not in standing.sides():
        return replace(following, verb=None)
    return following


def whose_turn(row: Authorization, following: Turn) -> str:
    return {
        Whose.CREATOR: row.post.held_by.name,
        Whose.ADVERTISER: row.advertiser.name,
        Whose.EITHER: "",
        Whose.NOBODY: "",
    }[following.whose]


def to_do_of(row: Authorization, following: Turn) -> str:
    if following.verb is Verb.ISSUE and row.state == State.REQUESTED:
        return "answer the request"
    return to_do(following.verb) if following.verb else ""


def _may_name_campaigns(row: Authorization, standing: Standing) -> bool:
    return row.state not in OVER and may(Verb.REQUEST.value, standing)


def stakes(request: HttpRequest, reference: str) -> HttpResponse:
    """What stops if this ends. The ads are asked of the platform now, so a page that only mentions it loads it last."""
    actor, at = person(request), now()
    row = services.find(reference=reference, actor=actor)
    context = {"row": row, "at": at, "stakes": services.stakes(authorization=row, actor=actor, at=at)}
    context["is_live"] = State(row.state) in LIVE
    is_part = "HX-Request" in request.headers
    response = render(request, "web/part/stakes.html" if is_part else "web/stakes.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def authorization_campaigns(request: HttpRequest, reference: str) -> HttpResponse:
    """Which campaigns of the advertiser use it."""
    actor, at = person(request), now()
    row = services.find(reference=reference, actor=actor)
    standing = standing_of(actor, creator=row.post.held_by, advertiser=row.advertiser)
    if not _may_name_campaigns(row, standing):
        raise Forbidden(
            "not_your_verb", "Which campaigns use it is for the advertiser's side to say.", "Ask them to name them."
        )
    form = CampaignsForm(request.POST if request.method == "POST" else None, row=row, actor=actor)
    if form.is_valid():
        with onto(form):
            services.set_campaigns(
                authorization=row, campaigns=list(form.cleaned_data["campaigns"]), actor=actor, at=at
            )
            messages.success(request, "Noted. Coverage is reckoned for these campaigns.")
            return redirect("authorization", row.reference)
    return render(request, "web/authorization_campaigns.html", {"row": row, "at": at, "form": form})
