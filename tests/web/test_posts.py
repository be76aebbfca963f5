"""A creator's posts: what is listed, what is known of one, and what happens when TikTok does not answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from tests.authorizations.conftest import _impatient  # noqa: F401  # the platform answers at once
from tests.authorizations.stage import Tap, by_hand, order
from tests.desk import HOST, Desk
from tests.web.reading import browser, read, same_clock  # noqa: F401
from valetkey.accounts import services as accounts
from valetkey.accounts.models import Party, User
from valetkey.accounts.policy import Role
from valetkey.audit.entry import Actor, Door
from valetkey.authorizations import services
from valetkey.connectors import services as connections
from valetkey.connectors.models import Connection
from valetkey.register.models import Post, Source
from valetkey.register.services import PostFacts, note_post

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("same_clock")]

LISTING = "/business/video/list/"
UNSAID = {"visibility": "unknown", "medium": "unknown", "ad_authorization": "unknown"}
LINK = "https://www.tiktok.com/@mara.lindt/video/7310000000000099999"


def path(desk: Desk, post: Post | None = None) -> str:
    return reverse("post", args=[(post or desk.post).reference])


def second_creator(desk: Desk) -> Party:
    ines = accounts.create_party(name="Ines Ruiz", kind="creator", actor=HOST, at=desk.at)
    mara = User.objects.get(email="mara@example.org")
    accounts.join(user=mara, party=ines, role=Role.MANAGER, actor=HOST, at=desk.at)
    return ines


def viewer_of_the_creator(desk: Desk) -> Actor:
    user = accounts.create_user(email="vic@example.org", name="Vic", actor=HOST, at=desk.at)
    accounts.join(user=user, party=desk.creator, role=Role.VIEWER, actor=HOST, at=desk.at)
    return Actor(name="Vic", door=Door.WEB, user_id=user.pk)


def disconnect(desk: Desk) -> None:
    connection = Connection.objects.creator_of(desk.creator, "tiktok")
    assert connection is not None
    connections.disconnect(connection=connection, actor=HOST, at=desk.at)


# -- the list ---------------------------------------------------------------------------------------------------------


def test_the_list_stands_at_once_and_asks_tiktok_by_itself(desk: Desk) -> None:
    """A page must not wait for a platform: what is on record is shown, and the page asks for the rest."""
    tap = Tap(desk)
    page = browser(desk.mara).get(reverse("posts"))
    assert tap.calls == []
    assert "over the connection" in read(page) and desk.post.name in read(page) and "Look on TikTok now" in read(page)
    assert 'hx-trigger="load"' in page.content.decode()


def test_a_look_brings_what_tiktok_shows(desk: Desk) -> None:
    page = browser(desk.mara).post(reverse("posts"), headers={"HX-Request": "true"})
    text = read(page)
    assert "Ten pictures, one quilt" in text and "<html" not in page.content.decode()
    assert 'hx-trigger="load"' not in page.content.decode()
    assert browser(desk.mara).get(reverse("posts")).content.decode().count('hx-trigger="load"') == 0, "a moment ago"
    desk.later(minutes=11)
    assert 'hx-trigger="load"' in browser(desk.mara).get(reverse("posts")).content.decode()


def test_a_look_works_without_a_script(desk: Desk) -> None:
    client = browser(desk.mara)
    answer = client.post(reverse("posts"), follow=True)
    assert answer.redirect_chain and "This is what TikTok shows now." in read(answer)


@pytest.mark.parametrize(("fault", "said"), [("http_500", "cannot be reached"), ("refuse", "refused")])
@pytest.mark.parametrize("by_script", [True, False], ids=["script", "no script"])
def test_when_tiktok_does_not_answer_the_record_is_shown(desk: Desk, fault: str, said: str, by_script: bool) -> None:
    order(desk, LISTING, fault, times=3)
    headers = {"HX-Request": "true"} if by_script else {}
    answer = browser(desk.mara).post(reverse("posts"), headers=headers, follow=True)
    assert answer.status_code == 200
    assert said in read(answer) and "on record" in read(answer) and desk.post.name in read(answer)


def test_each_post_says_who_may_use_it_and_until_when(desk: Desk) -> None:
    desk.in_use()
    text = read(browser(desk.mara).get(reverse("posts")))
    assert "Northwind in use" in text and "until Wed 2 Dec 2026, 09:00 (UTC), in 30 days" in text


def test_without_a_connection_the_page_teaches_to_add_by_link(desk: Desk) -> None:
    ines = second_creator(desk)
    text = read(browser(desk.mara).get(reverse("posts") + f"?party={ines.reference}"))
    assert "No post yet" in text and "need not be" in text and "by hand" in text
    assert "Add a post by its link" in text and "Look on TikTok" not in text


def test_several_creators_are_chips_and_one_of_them_is_current(desk: Desk) -> None:
    ines = second_creator(desk)
    page = browser(desk.mara).get(reverse("posts") + f"?party={ines.reference}").content.decode()
    assert f'href="?party={ines.reference}" aria-current="true"' in page
    assert f'href="?party={desk.creator.reference}">' in page


def test_whoever_acts_for_no_creator_reads_why_the_page_is_empty(desk: Desk) -> None:
    for actor in (desk.bo, desk.stranger, desk.auditor):
        assert "You act for no creator" in read(browser(actor).get(reverse("posts")))


@pytest.mark.parametrize("who", ["bo", "stranger", "viewer"])
def test_nobody_else_sees_a_creators_posts(desk: Desk, who: str) -> None:
    client = browser(getattr(desk, who))
    named = f"?party={desk.creator.reference}"
    for address in (reverse("posts") + named, reverse("post_add") + named, path(desk)):
        assert client.get(address).status_code == 404
        assert client.post(address, UNSAID | {"link": LINK}).status_code == 404


def test_a_viewer_of_the_creator_reads_and_changes_nothing(desk: Desk) -> None:
    client = browser(viewer_of_the_creator(desk))
    text = read(client.get(reverse("posts"))) + read(client.get(path(desk)))
    assert desk.post.name in text and "Add a post" not in text
    assert "Authorize this post" not in text and "Correct what is known" not in text
    assert client.get(reverse("post_add")).status_code == 403
    assert client.post(path(desk), UNSAID | {"visibility": "private"}).status_code == 403
    desk.post.refresh_from_db()
    assert desk.post.visibility == "public"


def test_an_admin_and_an_auditor_may_look_at_a_creators_posts(desk: Desk) -> None:
    for actor in (desk.admin, desk.auditor):
        page = browser(actor).get(reverse("posts") + f"?party={desk.creator.reference}")
        assert "Posts of Mara Lindt" in read(page)
        assert 'hx-trigger="load"' not in page.content.decode(), "TikTok is asked for somebody who works with it"


def test_a_long_list_comes_in_pages_with_few_queries(
    desk: Desk, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    for number in range(60):
        facts = PostFacts(platform="tiktok", platform_id=f"73200000000000{number:05}", caption="A walk " * 40)
        post = note_post(held_by=desk.creator, facts=facts, source=Source.STATED, actor=desk.mara, at=desk.at)
        for index in range(5):
            by_hand(desk, f"#handMade{number:05}{index}abcdef=", post=post)
    client = browser(desk.mara)
    with django_assert_max_num_queries(24):
        page = client.get(reverse("posts"))
    assert len(page.content) < 100_000
    assert read(page).count("And more") == 24, "of many rights to one post the newest are shown"
    assert "Page 1 of 3" in read(page)
    with django_assert_max_num_queries(24):
        assert "Page 3 of 3" in read(client.get(reverse("posts") + "?page=3"))


# -- added by link ----------------------------------------------------------------------------------------------------


def test_a_post_is_added_by_its_link_with_what_the_creator_says(desk: Desk) -> None:
    link = f" {LINK}?is_from_webapp=1 "
    given = UNSAID | {"link": link, "caption": "Rain", "visibility": "public", "medium": "carousel"}
    answer = browser(desk.mara).post(reverse("post_add"), given, follow=True)
    post = Post.objects.get(platform_id="7310000000000099999")
    assert (post.name, post.url, post.medium, post.visibility) == ("Rain", LINK, "carousel", "public")
    assert post.visibility_source == Source.STATED and post.ad_authorization_available is None
    assert answer.redirect_chain == [(path(desk, post), 302)]
    assert "public, as somebody said" in read(answer)


@pytest.mark.parametrize(
    "link",
    ["https://vm.tiktok.com/ZMabc123/", "7.31E+18", "https://example.org/video/7310000000000099999", "my last post"],
)
def test_a_link_that_tells_no_post_is_refused_kindly_beside_the_field(desk: Desk, link: str) -> None:
    answer = browser(desk.mara).post(reverse("post_add"), UNSAID | {"link": link, "caption": "Rain"})
    assert answer.status_code == 200 and "copy its whole link" in read(answer)
    assert 'id="id_link_error"' in answer.content.decode() and "Rain" in answer.content.decode(), "what was typed stays"
    assert Post.objects.count() == 1


def test_for_several_creators_it_is_asked_whose_post_it_is(desk: Desk) -> None:
    ines = second_creator(desk)
    client = browser(desk.mara)
    assert "Whose post is it?" in read(client.get(reverse("post_add")))
    client.post(reverse("post_add"), UNSAID | {"link": LINK, "party": ines.reference})
    assert Post.objects.get(platform_id="7310000000000099999").held_by == ines
    answer = client.post(reverse("post_add"), UNSAID | {"link": LINK, "party": desk.advertiser.reference})
    assert "Select a valid choice" in read(answer)


def test_what_is_typed_never_becomes_markup(desk: Desk) -> None:
    client = browser(desk.mara)
    client.post(reverse("post_add"), UNSAID | {"link": LINK, "caption": "<img src=x onerror=alert(1)>"})
    for address in (reverse("posts"), path(desk, Post.objects.get(platform_id="7310000000000099999"))):
        assert "<img" not in client.get(address).content.decode()


# -- one post ---------------------------------------------------------------------------------------------------------


def test_a_post_that_fits_says_so_and_offers_one_next_step(desk: Desk) -> None:
    desk.note("public", ad_authorization_available=True)
    page = browser(desk.mara).get(path(desk))
    assert "This post can be authorized." in read(page) and "Nobody." in read(page)
    assert reverse("authorize", args=[desk.post.reference]) in page.content.decode()


def test_what_is_not_seen_yet_is_named_and_hinders_nothing(desk: Desk) -> None:
    text = read(browser(desk.mara).get(path(desk)))
    assert "Not seen yet: whether the account offers ad authorization" in text and "Authorize this post" in text


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"visibility": "private"}, "choose Everyone"),
        ({"visibility": "deleted"}, "Choose another post."),
        ({"medium": "story"}, "Publish it as a normal post"),
        ({"ad_authorization": "no"}, "does not offer ad authorization"),
    ],
    ids=["private", "deleted", "story", "not offered"],
)
def test_what_stands_in_the_way_is_told_with_what_to_do(desk: Desk, given: dict[str, str], said: str) -> None:
    client = browser(desk.mara)
    answer = client.post(path(desk), UNSAID | given, follow=True)
    assert "Noted, as you said it." in read(answer) and said in read(answer)
    assert "Authorize this post" not in read(answer), "there is no button for what cannot be done"
    desk.later(days=1)
    back = client.post(path(desk), {"visibility": "public", "medium": "video", "ad_authorization": "yes"}, follow=True)
    assert "This post can be authorized." in read(back) and "Tue 3 Nov 2026" in read(back)


def test_a_post_says_who_asks_and_who_has_a_code(desk: Desk) -> None:
    asked = services.request(
        creator=desk.creator, advertiser=desk.advertiser, platform="tiktok", post_id=desk.post.platform_id, days=60,
        actor=desk.bo, at=desk.at,
    )  # fmt: skip
    page = browser(desk.mara).get(path(desk))
    assert "Northwind asks for this post , for 60 days" in read(page).replace("</strong>", "")
    assert reverse("issue", args=[asked.reference]) in page.content.decode()
    services.issue(authorization=asked, days=60, actor=desk.mara, at=desk.at)
    text = read(browser(desk.mara).get(path(desk)))
    assert "It has a code for Northwind until Fri 1 Jan 2027" in text and "one code per post" in text


def test_a_post_with_very_many_rights_stays_a_page(
    desk: Desk, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    for index in range(60):
        by_hand(desk, f"#handMade{index:05}abcdefgh=")
    client = browser(desk.mara)
    with django_assert_max_num_queries(24):
        page = client.get(path(desk))
    assert len(page.content) < 100_000 and "Page 1 of 3" in read(page)


def test_a_page_of_posts_never_holds_a_code(desk: Desk) -> None:
    row = desk.issued()
    assert row.code is not None
    for address in (reverse("posts"), path(desk)):
        assert row.code.reveal() not in browser(desk.mara).get(address).content.decode()
