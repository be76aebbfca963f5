"""Enter a post and add to what is known of it. What somebody said does not overrule what the platform showed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from valetkey.accounts.models import Party
from valetkey.accounts.services import require_hand
from valetkey.audit.entry import Actor
from valetkey.audit.services import record, writing
from valetkey.credential import refuse
from valetkey.errors import Invalid
from valetkey.register.models import Asset, Post, Source
from valetkey.register.said import of_asset
from valetkey.register.services.platform_ids import is_number
from valetkey.timeline.services import keep

_LONGEST_URL: Final = 500


@dataclass(frozen=True)
class PostFacts:
    """What is known of a post. `visibility` and `medium` are values of `Post.Visibility` and `Post.Medium`."""

    platform: str
    platform_id: str
    caption: str = ""
    url: str = ""
    medium: str = Post.Medium.UNKNOWN
    visibility: str = Post.Visibility.UNKNOWN
    published_at: datetime | None = None
    ad_authorization_available: bool | None = None


def note_post(*, held_by: Party, facts: PostFacts, source: Source, actor: Actor, at: datetime) -> Post:
    """What somebody of the holder says of a post. Viewers, auditors and strangers are refused."""
    require_hand(actor, held_by)
    return enter_post(held_by=held_by, facts=facts, source=source, actor=actor, at=at)


def enter_post(*, held_by: Party, facts: PostFacts, source: Source, actor: Actor, at: datetime) -> Post:
    """Enter a post, or add to what is known of it. A fact that is unknown this time does not wipe an earlier one.

    For services that have asked whether the actor may: a buyer who requests a post enters it in the creator's record.
    """
    if not is_number(facts.platform_id):
        raise Invalid("post_id", "A post's id is a long number.", "Open the post and copy its whole link.")
    if facts.medium not in Post.Medium.values or facts.visibility not in Post.Visibility.values:
        offered = ", ".join([*Post.Medium.values, *Post.Visibility.values])
        raise Invalid("post_facts", "This is no kind or visibility of a post.", f"There are: {offered}.")
    if source is Source.STATED:
        # What the platform sends, nobody typed here.
        refuse(facts.caption, what="The caption")
        refuse(facts.url, what="The link")
    with writing():
        post = Post.objects.filter(
            held_by=held_by, platform=facts.platform, kind=Asset.Kind.POST, platform_id=facts.platform_id
        ).first()
        if post is None:
            post = Post(
                held_by=held_by,
                platform=facts.platform,
                kind=Asset.Kind.POST,
                platform_id=facts.platform_id,
                created_at=at,
            )
        changed = _take_over(post, facts, source)
        is_new = post.pk is None
        # Seen again is worth its moment, and no line of the history.
        post.seen_at = at
        post.save()
        if is_new or changed:
            detail: dict[str, object] = {"post": post.platform_id, "source": source.value, **changed}
            event = "post.entered" if is_new else "post.changed"
            record(event=event, subject=f"post {post.reference}", actor=actor, at=at, detail=detail)
            keep(of_asset(post), at=at)
    return post


def enter_posts(*, held_by: Party, facts: Sequence[PostFacts], source: Source, actor: Actor, at: datetime) -> None:
    """The same for a whole list. What is known already, and unchanged, costs no query of its own."""
    with writing():
        ids = [each.platform_id for each in facts]
        known = {
            (post.platform, post.platform_id): post
            for post in Post.objects.filter(held_by=held_by, kind=Asset.Kind.POST, platform_id__in=ids)
        }
        unchanged = []
        for each in facts:
            post = known.get((each.platform, each.platform_id))
            if post is None or _news(post, each, source):
                enter_post(held_by=held_by, facts=each, source=source, actor=actor, at=at)
            else:
                unchanged.append(post.pk)
        Post.objects.filter(pk__in=unchanged).update(seen_at=at)


def _take_over(post: Post, facts: PostFacts, source: Source) -> dict[str, object]:
    """Write the known facts into the row; answer with those that are new."""
    changed = _news(post, facts, source)
    for name, value in changed.items():
        setattr(post, name, value)
    return {name: str(value) for name, value in changed.items()}


def _news(post: Post, facts: PostFacts, source: Source) -> dict[str, object]:
    known: dict[str, object] = {
        "name": (facts.caption or post.name or f"post {facts.platform_id}")[:300],
        "url": facts.url if 0 < len(facts.url) <= _LONGEST_URL else post.url,
        "medium": post.medium if facts.medium == Post.Medium.UNKNOWN else facts.medium,
        "published_at": facts.published_at or post.published_at,
    }
    if facts.visibility != Post.Visibility.UNKNOWN:
        # Who says again what the platform showed does not make it hearsay.
        said_again = facts.visibility == post.visibility and post.visibility_source == Source.OBSERVED
        known |= {
            "visibility": facts.visibility,
            "visibility_source": Source.OBSERVED.value if said_again else source.value,
        }
    if facts.ad_authorization_available is not None:
        known["ad_authorization_available"] = facts.ad_authorization_available
    return {name: value for name, value in known.items() if getattr(post, name) != value}
