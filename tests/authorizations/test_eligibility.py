"""Which posts can be authorized: every combination of what may be known, and a way on from each refusal."""

from __future__ import annotations

from itertools import product

import pytest

from tests.desk import Desk
from valetkey.authorizations import services
from valetkey.authorizations.eligibility import Hindrance, KnownPost, hindrances, unknowns
from valetkey.authorizations.models import Authorization
from valetkey.connectors.base import PostKind, Visibility
from valetkey.errors import Refused

EVERY = [KnownPost(*known) for known in product(PostKind, Visibility, (True, False, None))]
HINDERED = {
    Visibility.PRIVATE: "post_private",
    Visibility.FRIENDS: "post_friends_only",
    Visibility.DELETED: "post_deleted",
    Visibility.REMOVED: "post_removed",
    Visibility.UNDER_REVIEW: "post_under_review",
}


def codes(found: tuple[Hindrance, ...]) -> list[str]:
    return [hindrance.code for hindrance in found]


@pytest.mark.parametrize(
    "post", EVERY, ids=lambda post: f"{post.kind}, {post.visibility}, {post.ad_authorization_available}"
)
def test_everything_known_to_hinder_is_named_and_nothing_else(post: KnownPost) -> None:
    expected = [HINDERED[post.visibility]] if post.visibility in HINDERED else []
    if post.kind is PostKind.STORY:
        expected.append("post_is_story")
    if post.ad_authorization_available is False:
        expected.append("no_ad_authorization")
    assert codes(hindrances(post)) == expected


@pytest.mark.parametrize("kind", [PostKind.VIDEO, PostKind.CAROUSEL])
def test_a_public_video_or_carousel_can_be_authorized(kind: PostKind) -> None:
    assert hindrances(KnownPost(kind, Visibility.PUBLIC, True)) == ()
    assert unknowns(KnownPost(kind, Visibility.PUBLIC, True)) == ()


def test_what_is_not_known_hinders_nothing_and_is_named() -> None:
    post = KnownPost(PostKind.UNKNOWN, Visibility.UNKNOWN, None)
    assert hindrances(post) == ()
    assert len(unknowns(post)) == 3


def test_each_hindrance_says_what_happened_and_what_to_do() -> None:
    found = {hindrance for post in EVERY for hindrance in hindrances(post)}
    assert len(found) == len({hindrance.code for hindrance in found}) == 7
    assert all(hindrance.sentence.endswith(".") and hindrance.next_step.endswith(".") for hindrance in found)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"visibility": "private"}, "post_private"),
        ({"visibility": "friends"}, "post_friends_only"),
        ({"medium": "story"}, "post_is_story"),
        ({"ad_authorization_available": False}, "no_ad_authorization"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_post_that_cannot_be_used_is_refused_before_the_platform_is_asked(
    desk: Desk, facts: dict[str, object], code: str
) -> None:
    post = desk.note("public", **facts)
    with pytest.raises(Refused) as refused:
        services.authorize(post=post, advertiser=desk.advertiser, days=30, actor=desk.mara, at=desk.at)
    assert refused.value.code == code and refused.value.next_step
    assert not Authorization.objects.exists()
    desk.note("public", visibility="public", medium="video", ad_authorization_available=True)
    post.refresh_from_db()
    assert (
        services.authorize(post=post, advertiser=desk.advertiser, days=30, actor=desk.mara, at=desk.at).state
        == "issued"
    )
