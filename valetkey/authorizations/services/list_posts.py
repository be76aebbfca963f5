"""List posts: what the creator's connection shows, entered in the record; without one, what is recorded by hand."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from valetkey.accounts.models import Party, role_of, sees_everything
from valetkey.accounts.services import no_such_party
from valetkey.audit.entry import Actor
from valetkey.authorizations.services.claims import refusal
from valetkey.connectors.base import PlatformFault, SeenPost
from valetkey.connectors.services import creator_side
from valetkey.register.models import Post, Source
from valetkey.register.services import PostFacts, enter_post


def list_posts(*, party: Party, platform: str, actor: Actor, at: datetime) -> QuerySet[Post]:
    """The party's posts, newest first. Raises PlatformDown or PlatformRefused when its connection does not answer."""
    if role_of(actor, party) is None and not sees_everything(actor):
        raise no_such_party(party.name)
    side = creator_side(party=party, platform=platform, at=at)
    if side is not None:
        try:
            seen = side.posts()
        except PlatformFault as fault:
            raise refusal(fault) from None
        for post in seen:
            enter_post(held_by=party, facts=_facts(platform, post), source=Source.OBSERVED, actor=actor, at=at)
    return Post.objects.filter(held_by=party, platform=platform).order_by("-published_at", "-pk")


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
