"""A creator's posts: the list, one of them with what is known of it, and a post added by its link."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, TypeVar

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import Max, Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from valetkey.accounts.models import Party, desk_role_of, role_of
from valetkey.accounts.policy import Standing, may
from valetkey.accounts.services import find_party, no_such_party, require_hand
from valetkey.audit.entry import Actor
from valetkey.authorizations import services
from valetkey.authorizations.eligibility import Hindrance, KnownPost, hindrances
from valetkey.authorizations.lifecycle import LIVE, State, Verb
from valetkey.authorizations.models import Authorization
from valetkey.connectors.base import Level, PostKind, Visibility
from valetkey.connectors.models import Connection
from valetkey.errors import PlatformDown, PlatformRefused, Refused
from valetkey.register.models import Post, Source
from valetkey.register.services import PostFacts, note_post
from valetkey.web.forms.posts import AddPost, StatedFacts
from valetkey.web.person import now, person
from valetkey.web.refusal import beside, onto

PLATFORM: Final = "tiktok"
_ON_A_PAGE: Final = 24
_RIGHTS_SHOWN: Final = 3
_NEWEST: Final = 100
"""So many posts a look asks TikTok for: five calls of the forty it takes in a minute. An older one comes by link."""
_STALE: Final = timedelta(minutes=10)

Row = TypeVar("Row", Post, Authorization)


def posts(request: HttpRequest) -> HttpResponse:
    """The record's list at once; the connection is asked by a POST of the page's own, or by a button."""
    actor, at = person(request), now()
    parties = list(Party.objects.acted_for_by(actor).filter(kind=Party.Kind.CREATOR))
    party = _chosen(request, parties, actor)
    if party is None:
        return render(request, "web/posts.html", {"party": None})
    unanswered: Refused | None = None
    if request.method == "POST":
        try:
            services.list_posts(party=party, platform=PLATFORM, newest=_NEWEST, actor=actor, at=at)
        except (PlatformDown, PlatformRefused) as refused:
            unanswered = refused
        if not request.headers.get("HX-Request"):
            _tell_of_look(request, unanswered)
            return redirect(f"{reverse('posts')}?party={party.reference}")
    listed = services.recorded_posts(party=party, platform=PLATFORM, actor=actor)
    is_connected = Connection.objects.creator_of(party, PLATFORM) is not None
    is_fresh = request.method == "POST" or _is_fresh(listed, at)
    context = {
        "at": at,
        "party": party,
        "parties": parties,
        "query": f"party={party.reference}&",
        "level": Level.CREATOR if is_connected else Level.BY_HAND,
        "page": _with_rights(request, listed, actor),
        "more_after": _RIGHTS_SHOWN,
        "may_work": may_work(actor, party),
        "looks_by_itself": is_connected and not is_fresh and party in parties,
        "unanswered": unanswered,
    }
    is_part = bool(request.headers.get("HX-Request"))
    return render(request, "web/part/posts_list.html" if is_part else "web/posts.html", context)


def post_add(request: HttpRequest) -> HttpResponse:
    actor, at = person(request), now()
    parties = list(Party.objects.acted_for_by(actor).filter(kind=Party.Kind.CREATOR))
    chosen = _chosen(request, parties, actor)
    if chosen is None:
        return redirect("posts")
    require_hand(actor, chosen)
    if chosen not in parties:
        parties = [chosen]  # an admin, for somebody
    form = AddPost(request.POST or None, parties=parties, initial={"party": chosen.reference})
    if request.method == "POST" and form.is_valid():
        link = form.cleaned_data["link"]
        with beside(form, "link"):
            post_id = services.post_id_of(PLATFORM, link)
            facts = PostFacts(
                platform=PLATFORM,
                platform_id=post_id,
                caption=form.cleaned_data["caption"],
                url=_address(link),
                **form.facts(),
            )
        if form.is_valid():
            with onto(form):
                found = note_post(held_by=form.whose(), facts=facts, source=Source.STATED, actor=actor, at=at)
                messages.success(request, "The post is on your list.")
                return redirect("post", found.reference)
    return render(request, "web/post_add.html", {"form": form, "party": chosen})


def post(request: HttpRequest, reference: str) -> HttpResponse:
    """Can it be authorized, what is known of it, who has a right to it. A POST corrects what is known."""
    actor, at = person(request), now()
    found = services.find_post(text=reference, actor=actor)
    form = StatedFacts(request.POST or None, initial=StatedFacts.of(found))
    if request.method == "POST" and form.is_valid():
        with onto(form):
            facts = PostFacts(platform=found.platform, platform_id=found.platform_id, **form.facts())
            note_post(held_by=found.held_by, facts=facts, source=Source.STATED, actor=actor, at=at)
            messages.success(request, "Noted, as you said it.")
            return redirect("post", found.reference)
    rights = found.authorizations.visible_to(actor).select_related("advertiser", "post__held_by").defer("code")
    is_connected = Connection.objects.creator_of(found.held_by, found.platform) is not None
    context = {
        "at": at,
        "post": found,
        "form": form,
        "hindrances": hindrances_of(found),
        "not_known": services.not_known(post=found),
        "level": Level.CREATOR if is_connected else Level.BY_HAND,
        "page": _numbered(request, rights.exclude(state=State.NEW, claim_id=None)),
        "waiting": rights.filter(state=State.REQUESTED)[:_RIGHTS_SHOWN],
        "code_holder": rights.filter(state__in=LIVE).filter(Q(ends_at=None) | Q(ends_at__gt=at)).first(),
        "may_work": may_work(actor, found.held_by),
    }
    return render(request, "web/post.html", context)


def may_work(actor: Actor, party: Party) -> bool:
    """Whether somebody may do the creator's verbs for this party."""
    standing = Standing(creator=role_of(actor, party), advertiser=None, desk=desk_role_of(actor))
    return may(Verb.ISSUE.value, standing)


def hindrances_of(post: Post) -> tuple[Hindrance, ...]:
    return hindrances(KnownPost(PostKind(post.medium), Visibility(post.visibility), post.ad_authorization_available))


def _chosen(request: HttpRequest, parties: list[Party], actor: Actor) -> Party | None:
    """The creator named in the address, or the first one; None for somebody who acts for no creator."""
    named = request.GET.get("party", "")
    if not named:
        return parties[0] if parties else None
    found = next((party for party in parties if party.reference == named), None) or find_party(name=named, actor=actor)
    if found.kind != Party.Kind.CREATOR:
        raise no_such_party(named)
    return found


def _is_fresh(listed: QuerySet[Post], at: datetime) -> bool:
    """Whether the platform was asked a moment ago: only its list tells when a post was published."""
    seen_at = listed.filter(published_at__isnull=False).aggregate(newest=Max("seen_at"))["newest"]
    return seen_at is not None and at - seen_at < _STALE


def _tell_of_look(request: HttpRequest, unanswered: Refused | None) -> None:
    if unanswered is None:
        messages.success(request, "This is what TikTok shows now.")
    else:
        messages.warning(request, f"{unanswered} This is what the desk has on record.")


def _with_rights(request: HttpRequest, listed: QuerySet[Post], actor: Actor) -> Page[Post]:
    """Each post with the newest of its rights that are live, asked for or not settled, and one more if there is."""
    open_rights = Q(state__in=LIVE) | Q(state=State.REQUESTED) | Q(claim_id__isnull=False)
    rights = Authorization.objects.visible_to(actor).filter(open_rights).select_related("advertiser").defer("code")
    shown = Prefetch("authorizations", rights.order_by("-pk")[: _RIGHTS_SHOWN + 1], to_attr="open_rights")
    return _numbered(request, listed.prefetch_related(shown))


def _numbered(request: HttpRequest, rows: QuerySet[Row]) -> Page[Row]:
    return Paginator(rows, _ON_A_PAGE).get_page(request.GET.get("page"))


def _address(link: str) -> str:
    """The link as it was given, without what a share adds to it; "" for a bare id."""
    link = link.strip().partition("?")[0].partition("#")[0]
    if "/" not in link:
        return ""
    return link if "://" in link else f"https://{link}"
