"""Find what an actor may see: an authorization by reference, a post by reference, id or link, a history's lines."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from valetkey.accounts.models import Party, standing_of
from valetkey.accounts.policy import may
from valetkey.audit.entry import Actor
from valetkey.audit.models import Entry
from valetkey.authorizations import lifecycle
from valetkey.authorizations.lifecycle import State, Verb
from valetkey.authorizations.models import PARTS, Authorization
from valetkey.authorizations.services.transition import not_found
from valetkey.connectors import registry
from valetkey.connectors.base import Level
from valetkey.connectors.models import Connection
from valetkey.errors import Conflict, Invalid, NotFound
from valetkey.register.models import AdAccount, Campaign, Post


def find(*, reference: str, actor: Actor) -> Authorization:
    """By its reference, with all that its page shows."""
    joined = ("post__held_by", "advertiser", "agreed_ad_account", "replaces", "creator_owner", "advertiser_owner")
    visible = Authorization.objects.visible_to(actor).select_related(*joined).prefetch_related(*PARTS)
    found = visible.filter(reference=reference.strip().upper()).first()
    if found is None:
        raise not_found(reference)
    return found


def of_bases(bases: Iterable[str]) -> dict[str, Authorization]:
    """By basis: what an access that an authorization gives follows. For services that have asked whether one may."""
    # “authorization R7NMCVB on ad account …”, as Application.basis says it.
    named = {basis: basis.split()[1] for basis in bases}
    rows = Authorization.objects.filter(reference__in=set(named.values()))
    rows = rows.select_related("post__held_by", "advertiser", "creator_owner", "advertiser_owner")
    found = {row.reference: row for row in rows}
    return {basis: found[reference] for basis, reference in named.items()}


def find_post(*, text: str, actor: Actor) -> Post:
    """A post of the actor's own parties, by our reference, a platform's id, or its link there."""
    named = Q(reference=text.strip().upper())
    for platform, post_id in registry.post_ids_in(text).items():
        named |= Q(platform=platform, platform_id=post_id)
    found = Post.objects.visible_to(actor).filter(named).select_related("held_by")[:3]
    if not found:
        raise NotFound("no_such_post", f"There is no post {text} that you can see.", "Look it up among your posts.")
    if len(found) > 1:
        whose = ", ".join(f"{post.reference} of {post.held_by}" for post in found)
        raise Conflict("post_kept_twice", f"More than one party keeps this post: {whose}.", "Name it by its reference.")
    return found[0]


def find_creator(name: str) -> Party:
    """A creator to ask, by the exact name or reference: a buyer may address somebody whose rows are hidden."""
    return _find_other_side(name, {Party.Kind.CREATOR}, "creator")


def find_advertiser(name: str) -> Party:
    """A brand or agency to authorize, by the exact name or reference."""
    return _find_other_side(name, {Party.Kind.BRAND, Party.Kind.AGENCY}, "advertiser")


def _find_other_side(name: str, kinds: set[Party.Kind], word: str) -> Party:
    parties = Party.objects.filter(kind__in=kinds)
    found = parties.filter(reference=name.strip().upper()).first() or parties.filter(name=name.strip()).first()
    if found is None:
        raise NotFound(
            f"no_such_{word}", f"There is no {word} “{name}” here.", "Ask them how they are named on this desk."
        )
    return found


def find_their_ad_account(advertiser: Party, text: str) -> AdAccount:
    """The ad account the advertiser named, by reference or platform id."""
    theirs = AdAccount.objects.filter(held_by=advertiser)
    found = theirs.filter(reference=text.strip().upper()).first() or theirs.filter(platform_id=text.strip()).first()
    if found is None:
        raise NotFound("no_such_ad_account", f"{advertiser} has no ad account {text} here.", "Ask them for its id.")
    return found


def find_their_campaign(advertiser: Party, text: str) -> Campaign:
    """The campaign the advertiser named, by reference."""
    found = Campaign.objects.filter(ad_account__held_by=advertiser, reference=text.strip().upper()).first()
    if found is None:
        raise NotFound("no_such_campaign", f"{advertiser} has no campaign {text} here.", "Ask them for its reference.")
    return found


def post_id_of(platform: str, text: str) -> str:
    """The platform's id in a link or a bare id. Raises Invalid for a short link: only the platform knows it."""
    found = registry.platform(platform).post_id_in(text)
    if found is None:
        raise Invalid(
            "post_not_identified",
            "Which post this is cannot be told from this text.",
            "Open the post and copy its whole link, with /video/ or /photo/ and a long number in it.",
        )
    return found


def history(*, authorization: Authorization) -> QuerySet[Entry]:
    """The lines about one authorization the caller has found, oldest first."""
    return Entry.objects.filter(subject=authorization.subject).order_by("seq")


def allowed(*, authorization: Authorization, actor: Actor) -> tuple[Verb, ...]:
    """The verbs this actor can use on it now: what the lifecycle allows, less what the policy gives to others."""
    if authorization.claim_id is not None:
        return (Verb.CHECK,)
    standing = standing_of(actor, creator=authorization.post.held_by, advertiser=authorization.advertiser)
    return tuple(verb for verb in lifecycle.allowed(State(authorization.state)) if may(verb.value, standing))


def levels(*, authorization: Authorization) -> dict[str, str]:
    """How far each side is connected: who really does the work."""
    post = authorization.post
    sides = {
        "creator": (post.held_by_id, Level.CREATOR.value),
        "advertiser": (authorization.advertiser_id, Level.ADVERTISER.value),
    }
    live = Connection.objects.live().filter(platform=post.platform, party__in=[party for party, _ in sides.values()])
    connected = set(live.values_list("party", "level"))
    return {side: which[1] if which in connected else Level.BY_HAND.value for side, which in sides.items()}
