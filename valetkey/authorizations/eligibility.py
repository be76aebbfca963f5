"""PURE. Whether a post can be authorized, from what is known of it. What is not known hinders nothing; it is named.

Facts: reference of TikTok's help pages on Spark Ads, read in November 2026. Sources disagree on private posts, so the
desk asks for public ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from valetkey.connectors.base import PostKind, Visibility


@dataclass(frozen=True)
class KnownPost:
    kind: PostKind
    visibility: Visibility
    ad_authorization_available: bool | None


@dataclass(frozen=True)
class Hindrance:
    """Why a post cannot be authorized now, and what to do about it."""

    code: str
    sentence: str
    next_step: str


_VISIBILITY: Final = {
    Visibility.PRIVATE: Hindrance(
        "post_private",
        "This post is private, so nobody but its owner can see it.",
        "In TikTok open the post, tap ··· > Privacy settings and choose Everyone; then try again.",
    ),
    Visibility.FRIENDS: Hindrance(
        "post_friends_only",
        "Only friends can see this post.",
        "In TikTok open the post, tap ··· > Privacy settings and choose Everyone; then try again.",
    ),
    Visibility.DELETED: Hindrance("post_deleted", "This post was deleted.", "Choose another post."),
    Visibility.REMOVED: Hindrance(
        "post_removed",
        "The platform took this post down or limits it.",
        "Choose another post, or ask the platform why.",
    ),
    Visibility.UNDER_REVIEW: Hindrance(
        "post_under_review",
        "The platform is still reviewing this post.",
        "Wait until it shows as public, then try again.",
    ),
}

_KIND: Final = {
    PostKind.STORY: Hindrance(
        "post_is_story", "A story cannot be run as a Spark Ad.", "Publish it as a normal post, or choose another one."
    )
}

_NO_AD_AUTHORIZATION: Final = Hindrance(
    "no_ad_authorization",
    "This account does not offer ad authorization.",
    "In TikTok look under Settings > Creator tools > Ad settings; where the switch is missing, it is not offered yet.",
)


def hindrances(post: KnownPost) -> tuple[Hindrance, ...]:
    """Everything known that stands in the way, the post's own state first."""
    found = [_VISIBILITY.get(post.visibility), _KIND.get(post.kind)]
    if post.ad_authorization_available is False:
        found.append(_NO_AD_AUTHORIZATION)
    return tuple(hindrance for hindrance in found if hindrance is not None)


def unknowns(post: KnownPost) -> tuple[str, ...]:
    """What nobody has said or seen yet; the platform's own answer will tell."""
    return tuple(
        text
        for text, is_unknown in (
            ("whether the post is public", post.visibility is Visibility.UNKNOWN),
            ("what kind of post it is", post.kind is PostKind.UNKNOWN),
            ("whether the account offers ad authorization", post.ad_authorization_available is None),
        )
        if is_unknown
    )
