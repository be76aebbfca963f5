"""List posts: what the creator's connection shows, entered in the record; without one, what is recorded by hand."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from valetkey.accounts.models import Party, role_of, sees_everything
from valetkey.accounts.services import no_such_party
from valetkey.audit.entry import Actor
from valetkey.authorizations.services.claims import refusal
from valetkey.connectors.base import PlatformFault, SeenPost
from valetkey.connectors.services import creator_side
from valetkey.register.models import Post, Source
from valetkey.register.services import PostFacts, enter_posts


def list_posts(*, party: Party, platform: str, newest: int | None = None, actor: Actor, at: datetime) -> QuerySet[Post]:
    """The party's posts, newest first. Raises PlatformDown or PlatformRefused when its connection does not answer.

    `newest`: how many to ask the platform for; whatever the record has besides is listed too.
    """
    if role_of(actor, party) is None and not sees_everything(actor):
        raise no_such_party(party.name)
    side = creator_side(party=party, platform=platform, at=at)
    if side is not None:
        try:
            seen = side.posts(newest=newest)
        except PlatformFault as fault:
            raise refusal(fault) from None
        facts = [_facts(platform, post) for post in seen]
        enter_posts(held_by=party, facts=facts, source=Source.OBSERVED, actor=actor, at=at)
    return recorded_posts(party=party, platform=platform, actor=actor)


def recorded_posts(*, party: Party, platform: str, actor: Actor) -> QuerySet[Post]:
    """The same from the record alone: nothing is asked of the platform. One without a date counts from its entry."""
    if role_of(actor, party) is None and not sees_everything(actor):
        raise no_such_party(party.name)
    newest_first = Coalesce("published_at", "created_at").desc()
    return Post.objects.filter(held_by=party, platform=platform).order_by(newest_first, "-pk")


def _facts(platform: str, post: SeenPost) -> PostFacts:
    return PostFacts(
        platform=platform,
        platform_id=post.platform_id,
        caption=post.caption,
        url=post.url,
        medium=post.kind.value,
        visibility=post.visibility.value,
        published_at=post.published_at,
    )
