"""List posts: what the creator's connection shows is entered in the record; without one, what is there by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.authorizations.stage import Tap, keep_only, order, refused
from tests.desk import Desk
from valetkey.audit.models import Entry
from valetkey.authorizations import services
from valetkey.connectors.base import Level
from valetkey.errors import NotFound, PlatformDown, PlatformRefused
from valetkey.register.models import Post

pytestmark = pytest.mark.django_db

LISTING = "/business/video/list/"


def _listed(desk: Desk) -> list[Post]:
    return list(services.list_posts(party=desk.creator, platform="tiktok", actor=desk.mara, at=desk.at))


def test_what_the_platform_shows_is_entered_newest_first(desk: Desk, tap: Tap) -> None:
    posts = _listed(desk)
    assert tap.writes() == [] and len(posts) > 8
    published = [post.published_at for post in posts if post.published_at]
    assert published == sorted(published, reverse=True)
    carousel = next(post for post in posts if post.platform_id == desk.seeded.creators[0].posts["carousel"])
    assert carousel.medium == "carousel" and carousel.name == "Ten pictures, one quilt"


def test_what_it_does_not_tell_is_not_guessed_and_wipes_nothing(desk: Desk) -> None:
    """TikTok's list does not say who can see a post; what somebody stated before stays."""
    desk.note("public_two", visibility="private")
    posts = {post.platform_id: post for post in _listed(desk)}
    ids = desk.seeded.creators[0].posts
    assert posts[ids["public_two"]].visibility == "private" and posts[ids["carousel"]].visibility == "unknown"


def test_looking_twice_writes_once(desk: Desk) -> None:
    _listed(desk)
    before = Entry.objects.count()
    desk.later(hours=1)
    _listed(desk)
    assert Entry.objects.count() == before


def test_a_list_that_is_known_costs_no_query_for_each_post(
    desk: Desk, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    _listed(desk)
    desk.later(hours=1)
    with django_assert_max_num_queries(12):
        posts = _listed(desk)
    assert len(posts) > 8 and {post.seen_at for post in posts} == {desk.at}


def test_fewer_may_be_asked_of_the_platform_and_the_record_is_listed_whole(desk: Desk) -> None:
    desk.note("public_two")
    services.list_posts(party=desk.creator, platform="tiktok", newest=1, actor=desk.mara, at=desk.at)
    assert Post.objects.filter(published_at__isnull=False).count() == 1
    listed = services.recorded_posts(party=desk.creator, platform="tiktok", actor=desk.mara)
    assert len(listed) == Post.objects.count() >= 2


def test_the_record_alone_asks_nothing_of_the_platform_and_tells_a_stranger_nothing(desk: Desk, tap: Tap) -> None:
    assert list(services.recorded_posts(party=desk.creator, platform="tiktok", actor=desk.mara)) == [desk.post]
    with refused("no_such_party", NotFound):
        services.recorded_posts(party=desk.creator, platform="tiktok", actor=desk.stranger)
    assert tap.calls == []


def test_without_a_connection_it_is_what_was_entered(desk: Desk, tap: Tap) -> None:
    keep_only(desk, Level.ADVERTISER)
    assert _listed(desk) == [desk.post] and tap.calls == []


def test_a_stranger_and_the_other_side_see_nothing(desk: Desk, tap: Tap) -> None:
    for actor in (desk.stranger, desk.bo):
        with refused("no_such_party", NotFound):
            services.list_posts(party=desk.creator, platform="tiktok", actor=actor, at=desk.at)
    assert tap.calls == []


@pytest.mark.parametrize(
    ("fault", "kind"), [("http_500", PlatformDown), ("throttle", PlatformDown), ("refuse", PlatformRefused)]
)
def test_when_the_platform_does_not_answer_it_says_so_and_enters_nothing(
    desk: Desk, fault: str, kind: type[Exception]
) -> None:
    order(desk, LISTING, fault, times=2)
    with pytest.raises(kind):
        _listed(desk)
    assert Post.objects.count() == 1
