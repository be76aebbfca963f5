"""What is known of a post: it grows, it is never wiped by not knowing, and each visibility says where it comes from."""

from __future__ import annotations

import ast
from datetime import timedelta
from pathlib import Path

import pytest

from tests.desk import AT, HOST, Desk
from valetkey import register
from valetkey.accounts.models import Party
from valetkey.audit.entry import Actor
from valetkey.audit.models import Entry
from valetkey.authorizations import services
from valetkey.connectors.base import PostKind, Visibility
from valetkey.errors import Forbidden, Invalid, NotFound
from valetkey.register.models import Post, Source
from valetkey.register.services import PostFacts, note_post

pytestmark = pytest.mark.django_db

FULL = PostFacts(
    platform="tiktok",
    platform_id="7399000000000000001",
    caption="Spring shoes",
    url="https://www.tiktok.com/@mara/video/7399000000000000001",
    medium="video",
    visibility="public",
    published_at=AT - timedelta(days=3),
    ad_authorization_available=True,
)
BARE = PostFacts(platform="tiktok", platform_id=FULL.platform_id)


def note(desk: Desk, facts: PostFacts, source: Source = Source.STATED, actor: Actor | None = None) -> Post:
    return note_post(held_by=desk.creator, facts=facts, source=source, actor=actor or desk.mara, at=desk.at)


def known(post: Post) -> tuple[object, ...]:
    post.refresh_from_db()
    return (
        post.name, post.url, post.medium, post.visibility, post.visibility_source, post.published_at,
        post.ad_authorization_available,
    )  # fmt: skip


def test_what_is_not_known_this_time_wipes_nothing(desk: Desk) -> None:
    post = note(desk, FULL, Source.OBSERVED)
    before = known(post)
    for source in Source:
        assert note(desk, BARE, source).pk == post.pk
        assert known(post) == before


def test_what_becomes_known_is_added(desk: Desk) -> None:
    post = note(desk, BARE)
    assert known(post) == (f"post {BARE.platform_id}", "", "unknown", "unknown", "stated", None, None)
    note(desk, FULL, Source.OBSERVED)
    assert known(post) == ("Spring shoes", FULL.url, "video", "public", "observed", FULL.published_at, True)


def test_a_new_caption_alone_is_kept_and_told(desk: Desk) -> None:
    """A caption that was all that changed was never saved."""
    post = note(desk, FULL)
    note(desk, PostFacts(platform="tiktok", platform_id=FULL.platform_id, caption="Summer shoes"))
    post.refresh_from_db()
    assert post.name == "Summer shoes"
    line = Entry.objects.order_by("-seq")[0]
    assert (line.event, line.detail["name"]) == ("post.changed", "Summer shoes")


def test_no_is_a_fact_and_is_not_taken_for_unknown(desk: Desk) -> None:
    post = note(desk, FULL)
    note(desk, PostFacts(platform="tiktok", platform_id=FULL.platform_id, ad_authorization_available=False))
    post.refresh_from_db()
    assert post.ad_authorization_available is False


@pytest.mark.parametrize(
    ("first", "second", "source"),
    [
        (("public", Source.STATED), ("public", Source.OBSERVED), "observed"),
        (("public", Source.OBSERVED), ("public", Source.STATED), "observed"),
        (("public", Source.OBSERVED), ("private", Source.STATED), "stated"),
        (("private", Source.STATED), ("public", Source.OBSERVED), "observed"),
        (("public", Source.OBSERVED), ("unknown", Source.STATED), "observed"),
    ],
)
def test_a_visibility_says_where_it_comes_from(
    desk: Desk, first: tuple[str, Source], second: tuple[str, Source], source: str
) -> None:
    """Somebody repeated what the platform had shown, and the record said from then on that it was hearsay."""
    for visibility, told_by in (first, second):
        facts = PostFacts(platform="tiktok", platform_id=FULL.platform_id, visibility=visibility)
        post = note(desk, facts, told_by)
    assert post.visibility == (second[0] if second[0] != "unknown" else first[0])
    assert post.visibility_source == source


def test_seeing_the_same_again_moves_its_moment_and_adds_no_line(desk: Desk) -> None:
    note(desk, FULL)
    count = Entry.objects.count()
    desk.later(days=2)
    assert note(desk, FULL).seen_at == desk.at
    assert Entry.objects.count() == count


def test_each_party_keeps_its_own_record_of_a_post(desk: Desk) -> None:
    own = note(desk, FULL)
    other = note_post(held_by=desk.rival, facts=BARE, source=Source.STATED, actor=desk.stranger, at=desk.at)
    assert other.pk != own.pk and known(other)[3] == "unknown" and known(own)[3] == "public"


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"platform_id": ""}, "post_id"),
        ({"platform_id": "73x"}, "post_id"),
        ({"platform_id": "٧٣"}, "post_id"),
        ({"platform_id": "7" * 101}, "post_id"),
        ({"visibility": "secret"}, "post_facts"),
        ({"medium": "song"}, "post_facts"),
    ],
    ids=str,
)
def test_facts_that_are_none_are_refused(desk: Desk, facts: dict[str, str], code: str) -> None:
    with pytest.raises(Invalid) as refused:
        note(desk, PostFacts(**{"platform": "tiktok", "platform_id": "73", **facts}))  # type: ignore[arg-type]
    assert refused.value.code == code


def test_a_link_or_caption_too_long_for_its_column_does_not_stop_the_rest(desk: Desk) -> None:
    facts = PostFacts(
        platform="tiktok", platform_id="73", caption="x" * 999, url="https://t/" + "x" * 999, medium="video"
    )
    post = note(desk, facts)
    assert known(post)[:3] == ("x" * 300, "", "video")
    count = Entry.objects.count()
    note(desk, facts)
    assert Entry.objects.count() == count


def test_only_those_who_act_for_the_holder_say_what_a_post_is(desk: Desk) -> None:
    """A viewer or an auditor who could see the party could also enter that its private post was public."""
    for actor, kind in ((desk.auditor, Forbidden), (desk.bo, NotFound), (desk.stranger, NotFound)):
        with pytest.raises(kind):
            note(desk, FULL, actor=actor)
    assert not Post.objects.filter(platform_id=FULL.platform_id).exists()
    for actor in (desk.admin, HOST, desk.mara):
        note(desk, FULL, actor=actor)


def test_a_buyers_request_enters_a_bare_post_and_changes_no_known_one(desk: Desk) -> None:
    post, parties = note(desk, FULL), Party.objects.count()
    before = known(post)
    for platform_id in (FULL.platform_id, "7399000000000000002"):
        services.request(
            creator=desk.creator, advertiser=desk.advertiser, platform="tiktok", post_id=platform_id, days=30,
            actor=desk.bo, at=desk.at,
        )  # fmt: skip
    assert known(post) == before and Party.objects.count() == parties
    assert known(Post.objects.get(platform_id="7399000000000000002"))[3] == "unknown"


def test_the_words_of_the_register_are_the_words_of_the_port() -> None:
    assert set(Post.Medium.values) == {each.value for each in PostKind}
    assert set(Post.Visibility.values) == {each.value for each in Visibility}


def test_the_register_knows_no_platform() -> None:
    for path in Path(register.__file__).parent.rglob("*.py"):
        tree = ast.parse(path.read_text())
        imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
        imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        assert not {name for name in imported if "connectors" in name or "authorizations" in name}, path
