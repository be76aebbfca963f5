"""TikTok's words become the port's, the port's verbs become TikTok's calls, and what is not told stays unknown."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest

from valetkey.connectors import base
from valetkey.connectors.base import Address, CodeStatus, PlatformFault, PostKind, Says, Visibility
from valetkey.connectors.tiktok import connector
from valetkey.connectors.tiktok.client import Client, Patience
from valetkey.connectors.tiktok.connector import Advertiser, Creator, TikTok, platform
from valetkey.connectors.tiktok.sandbox import Sandbox
from valetkey.secret import Secret

AD_ACCOUNT = "7200000000000000011"
POST = "7310000000000010007"
CODE = Secret("#AbC+dEf/12=")
TOKEN = Secret("act.x7-9Qe_4zz")


@dataclass
class Said:
    """What the other side answers by path, and everything it was asked."""

    answers: dict[str, Callable[[dict[str, Any]], object]]
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix("/open_api/v1.3")
        wanted = json.loads(request.content) if request.content else dict(parse_qsl(request.url.query.decode()))
        self.asked.append((path, wanted))
        answer = self.answers[path](wanted)
        if isinstance(answer, httpx.Response):
            return answer
        return httpx.Response(200, json={"code": 0, "message": "OK", "request_id": "r", "data": answer})

    def open(self) -> Client:
        return Client("https://platform.example", TOKEN, httpx.MockTransport(self), Patience(attempts=1))

    @property
    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]


def creator(**answers: Callable[[dict[str, Any]], object]) -> tuple[Creator, Said]:
    said = Said({_CREATOR_PATHS[name]: answer for name, answer in answers.items()})
    return Creator(said.open, "an-open-id"), said


def advertiser(**answers: Callable[[dict[str, Any]], object]) -> tuple[Advertiser, Said]:
    said = Said({_ADVERTISER_PATHS[name]: answer for name, answer in answers.items()})
    return Advertiser(said.open), said


_CREATOR_PATHS = {
    "posts": "/business/video/list/",
    "setting": "/business/post/authorize/setting/",
    "status": "/business/post/authorize/status/",
    "extend": "/business/post/authorize/",
}
_ADVERTISER_PATHS = {
    "apply": "/tt_video/authorize/",
    "look": "/tt_video/info/",
    "listed": "/tt_video/list/",
    "unbind": "/tt_video/unbind/",
    "ads": "/ad/get/",
    "pause": "/ad/status/update/",
    "create": "/ad/create/",
}


def refused(code: int, message: str = "no") -> Callable[[dict[str, Any]], object]:
    return lambda asked: httpx.Response(200, json={"code": code, "message": message})


def row(item_id: str = POST, code: str | None = "#AbC+dEf/12=", **more: Any) -> dict[str, Any]:
    return {
        "item_info": {"item_id": item_id, "status": "HESITATE_RECOMMEND", "auth_code": code, "text": "", **more},
        "auth_info": {
            "ad_auth_status": "AUTHORIZED",
            "auth_start_time": "2026-05-24 07:09:07",
            "auth_end_time": "2026-06-23T07:09:07Z",
        },
        "video_info": None,
        "user_info": {"identity_id": "7200000000000000001", "identity_type": "AUTH_CODE", "tiktok_name": "Mara"},
    }


def pages(*rows: Sequence[object]) -> Callable[[dict[str, Any]], object]:
    def answer(asked: dict[str, Any]) -> object:
        page = int(asked["page"])
        info = {"page": page, "page_size": 50, "total_number": sum(map(len, rows)), "total_page": len(rows)}
        return {"list": rows[page - 1], "page_info": info}

    return answer


# -- the creator's side -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("NOT_USED", CodeStatus.UNUSED),
        ("IN_USE", CodeStatus.IN_USE),
        ("EXPIRED", CodeStatus.EXPIRED),
        ("DELETED", CodeStatus.DELETED),
        ("SOMETHING_NEW", CodeStatus.UNKNOWN),
        (None, CodeStatus.UNKNOWN),
    ],
)
def test_a_status_of_a_code_becomes_ours_or_unknown(word: str | None, status: CodeStatus) -> None:
    side, _ = creator(status=lambda asked: {"item_id": POST, "auth_code_status": word})
    assert side.code_of(post_id=POST).status is status


@pytest.mark.parametrize("end", ["2026-06-23 07:09:07", "2026-06-23T07:09:07Z"])
def test_both_spellings_of_an_instant_are_utc(end: str) -> None:
    side, _ = creator(status=lambda asked: {"item_id": POST, "auth_code": "#x", "auth_code_end_time": end})
    assert side.code_of(post_id=POST).ends_at == datetime(2026, 6, 23, 7, 9, 7, tzinfo=UTC)


def test_a_post_without_a_code_shows_none_and_no_window() -> None:
    side, _ = creator(status=lambda asked: {"item_id": POST})
    seen = side.code_of(post_id=POST)
    assert (seen.code, seen.starts_at, seen.ends_at, seen.term_days) == (None, None, None, None)


def test_an_answer_about_another_post_is_not_believed() -> None:
    side, _ = creator(status=lambda asked: {"item_id": "7310000000000099999", "auth_code": "#other"})
    with pytest.raises(PlatformFault) as caught:
        side.code_of(post_id=POST)
    assert (caught.value.says, caught.value.cause) == (Says.TRY_LATER, "not_understood")


@pytest.mark.parametrize("answer", [{}, {"item_id": POST, "auth_code": "#from-the-write", "authorization_days": 7}])
def test_the_answer_of_a_write_is_not_needed(answer: dict[str, Any]) -> None:
    side, said = creator(setting=lambda asked: answer, extend=lambda asked: answer)
    side.switch_on(post_id=POST, term_days=30)
    side.extend(post_id=POST, days=60)
    side.switch_off(post_id=POST)
    assert [asked for _, asked in said.asked] == [
        {"business_id": "an-open-id", "item_id": POST, "is_ad_promotable": True, "authorization_days": 30},
        {"business_id": "an-open-id", "item_id": POST, "authorization_days": 60},
        {"business_id": "an-open-id", "item_id": POST, "is_ad_promotable": False},
    ]


def test_posts_are_paged_by_cursor_and_what_the_list_does_not_tell_is_unknown() -> None:
    def answer(asked: dict[str, Any]) -> object:
        if "cursor" not in asked:
            video = {"item_id": "1", "media_type": "VIDEO", "caption": "Hello", "create_time": "1767225600"}
            return {"videos": [video], "cursor": 1767225600000, "has_more": True}
        if asked["cursor"] == "1767225600000":
            return {"videos": [], "cursor": 1767225500000, "has_more": True}
        last = [{"item_id": "1"}, {"item_id": "2", "media_type": "PHOTO", "create_time": "yesterday"}, {"item_id": "3"}]
        return {"videos": last, "cursor": 1767225400000, "has_more": False}

    side, said = creator(posts=answer)
    first, second, third = side.posts()
    assert (first.platform_id, first.kind, first.caption) == ("1", PostKind.VIDEO, "Hello")
    assert first.published_at == datetime(2026, 1, 1, tzinfo=UTC)
    assert (second.platform_id, second.kind, second.published_at) == ("2", PostKind.CAROUSEL, None)
    assert third.kind is PostKind.UNKNOWN
    assert {post.visibility for post in (first, second, third)} == {Visibility.UNKNOWN}
    assert len(said.asked) == 3


def test_a_list_of_posts_that_never_ends_is_left_after_a_bounded_number_of_pages() -> None:
    side, said = creator(
        posts=lambda asked: {"videos": [], "cursor": int(asked.get("cursor", 9)) + 1, "has_more": True}
    )
    assert side.posts() == ()
    assert len(said.asked) == connector.POSTS_READ // 20


def test_a_cursor_that_stands_still_ends_the_list() -> None:
    side, said = creator(posts=lambda asked: {"videos": [{"item_id": "1"}], "cursor": 7, "has_more": True})
    assert [post.platform_id for post in side.posts()] == ["1"]
    assert len(said.asked) == 2


# -- the advertiser's side --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "visibility"),
    [
        ("HESITATE_RECOMMEND", Visibility.PUBLIC),
        ("ITEM_STATUS_HESITATE_RECOMMEND", Visibility.PUBLIC),
        ("ONLY_FRIEND_SEE", Visibility.FRIENDS),
        ("ONLY_AUTHOR_SEE", Visibility.PRIVATE),
        ("USER_DELETE", Visibility.DELETED),
        ("AUDIT_DELETE", Visibility.REMOVED),
        ("ONLY_USER_PASS", Visibility.REMOVED),
        ("REVIEW_PENDING", Visibility.UNDER_REVIEW),
        ("SOMETHING_NEW", Visibility.UNKNOWN),
    ],
)
def test_who_can_see_a_post_becomes_ours_or_unknown(word: str, visibility: Visibility) -> None:
    side, _ = advertiser(listed=pages([row(status=word)]))
    seen = side.application_of(ad_account_id=AD_ACCOUNT, code=None, post_id=POST)
    assert seen is not None
    assert seen.visibility is visibility


@pytest.mark.parametrize(
    ("word", "status"),
    [("AUTHORIZED", CodeStatus.IN_USE), ("EXPIRED", CodeStatus.EXPIRED), ("CANCELLED", CodeStatus.UNKNOWN)],
)
def test_the_status_of_an_application_becomes_ours_or_unknown(word: str, status: CodeStatus) -> None:
    listed = row()
    listed["auth_info"]["ad_auth_status"] = word
    side, _ = advertiser(listed=pages([listed]))
    seen = side.application_of(ad_account_id=AD_ACCOUNT, code=None, post_id=POST)
    assert seen is not None
    assert seen.status is status


def test_a_known_post_is_asked_for_by_its_exact_id() -> None:
    side, said = advertiser(listed=pages([row()]))
    seen = side.application_of(ad_account_id=AD_ACCOUNT, code=CODE, post_id=POST)
    assert seen is not None
    assert (seen.identity_id, seen.identity_type) == ("7200000000000000001", "AUTH_CODE")
    assert seen.ends_at == datetime(2026, 6, 23, 7, 9, 7, tzinfo=UTC)
    assert [asked["keyword"] for _, asked in said.asked] == [POST]


def test_a_keyword_that_finds_a_caption_does_not_count_as_the_post() -> None:
    side, _ = advertiser(listed=pages([row("7310000000000099999")]))
    assert side.application_of(ad_account_id=AD_ACCOUNT, code=None, post_id=POST) is None


def test_a_short_id_is_not_sent_as_a_keyword_because_it_would_search_captions() -> None:
    side, said = advertiser(listed=pages([row("1")], [row("68")]))
    seen = side.application_of(ad_account_id=AD_ACCOUNT, code=None, post_id="68")
    assert seen is not None
    assert all("keyword" not in asked for _, asked in said.asked)


@pytest.mark.parametrize("typed", ["#AbC+dEf/12=", "AbC+dEf/12="])
def test_a_code_is_found_with_and_without_its_leading_sign(typed: str) -> None:
    side, said = advertiser(listed=pages([row("1", code=None), row(POST)]))
    seen = side.application_of(ad_account_id=AD_ACCOUNT, code=Secret(typed), post_id="")
    assert seen is not None
    assert seen.post_id == POST
    assert said.paths == ["/tt_video/list/"]


def test_a_code_in_another_case_is_another_code() -> None:
    side, _ = advertiser(listed=pages([row()]))
    assert side.application_of(ad_account_id=AD_ACCOUNT, code=Secret("#abc+def/12="), post_id="") is None


def test_on_a_long_list_the_code_tells_which_post_to_look_for_and_the_list_proves_it() -> None:
    def listed(asked: dict[str, Any]) -> object:
        return pages([row()])(asked) if "keyword" in asked else pages([row("1", "#x")], [row("2", "#y")])(asked)

    side, said = advertiser(listed=listed, look=lambda asked: row())
    seen = side.application_of(ad_account_id=AD_ACCOUNT, code=CODE, post_id="")
    assert seen is not None
    assert seen.post_id == POST
    assert said.paths == ["/tt_video/list/", "/tt_video/info/", "/tt_video/list/"]


def test_a_code_that_the_platform_knows_and_no_list_shows_is_not_applied() -> None:
    """/tt_video/info/ may answer for a code that was never applied, so its answer alone proves nothing."""

    def listed(asked: dict[str, Any]) -> object:
        return pages([])(asked) if "keyword" in asked else pages([row("1", "#x")], [row("2", "#y")])(asked)

    side, said = advertiser(listed=listed, look=lambda asked: row())
    assert side.application_of(ad_account_id=AD_ACCOUNT, code=CODE, post_id="") is None
    assert said.paths.count("/tt_video/info/") == 1


def test_a_code_that_has_ended_is_still_found_on_a_long_list() -> None:
    side, _ = advertiser(listed=pages([row("1", "#x")], [row()]), look=refused(40002, "auth_code_expired"))
    seen = side.application_of(ad_account_id=AD_ACCOUNT, code=CODE, post_id="")
    assert seen is not None


def test_a_list_that_cannot_be_read_to_its_end_is_a_fault_and_not_an_absence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connector, "PAGES_READ", 3)
    side, _ = advertiser(listed=pages(*[[row(str(n), f"#{n}")] for n in range(9)]), look=refused(40007))
    for post_id, code in (("68", None), ("", CODE)):
        with pytest.raises(PlatformFault) as caught:
            side.application_of(ad_account_id=AD_ACCOUNT, code=code, post_id=post_id)
        assert (caught.value.says, caught.value.cause) == (Says.NOTHING_ABOUT_THE_CODE, "list_too_long")


def test_an_application_of_nothing_is_none_without_a_call() -> None:
    side, said = advertiser()
    assert side.application_of(ad_account_id=AD_ACCOUNT, code=None, post_id="") is None
    assert said.asked == []


def test_a_refused_list_is_a_fault_and_not_an_absence() -> None:
    side, _ = advertiser(listed=refused(40001))
    with pytest.raises(PlatformFault) as caught:
        side.application_of(ad_account_id=AD_ACCOUNT, code=CODE, post_id=POST)
    assert caught.value.says is Says.NOTHING_ABOUT_THE_CODE


def test_a_source_code_travels_only_when_there_is_one() -> None:
    side, said = advertiser(apply=lambda asked: {})
    side.apply(ad_account_id=AD_ACCOUNT, code=CODE)
    side.apply(ad_account_id=AD_ACCOUNT, code=CODE, source_code=Secret("#source"))
    assert [asked.get("original_post_auth_code") for _, asked in said.asked] == [None, "#source"]
    assert "original_post_auth_code" not in said.asked[0][1]


def ad(ad_id: str, post_id: str = POST, status: str | None = "ENABLE") -> dict[str, Any]:
    return {"ad_id": ad_id, "ad_name": f"Ad {ad_id}", "tiktok_item_id": post_id, "operation_status": status}


def test_ads_are_matched_by_post_over_all_pages_and_an_untold_status_counts_as_running() -> None:
    first = [ad("1"), ad("2", "7310000000000099999"), {"ad_id": "9"}]
    second = [ad("3", status="DISABLE"), ad("4", status=None), ad("5", status="DELETE")]
    side, _ = advertiser(ads=pages(first, second))
    seen = side.ads_on(ad_account_id=AD_ACCOUNT, post_id=POST)
    assert {each.ad_id: each.is_running for each in seen} == {"1": True, "3": False, "4": True, "5": False}


def test_ads_are_paused_twenty_at_a_time() -> None:
    side, said = advertiser(pause=lambda asked: {})
    side.pause_ads(ad_account_id=AD_ACCOUNT, ad_ids=[str(n) for n in range(45)])
    assert [len(asked["ad_ids"]) for _, asked in said.asked] == [20, 20, 5]
    assert {asked["operation_status"] for _, asked in said.asked} == {"DISABLE"}


@pytest.mark.parametrize(("refused_at", "says"), [(1, Says.NOTHING_ABOUT_THE_CODE), (2, Says.UNCERTAIN)])
def test_a_refusal_after_some_ads_were_paused_is_uncertain(refused_at: int, says: Says) -> None:
    side, said = advertiser(
        pause=lambda asked: refused(40001, "no permission")(asked) if len(said.asked) == refused_at else {}
    )
    with pytest.raises(PlatformFault) as caught:
        side.pause_ads(ad_account_id=AD_ACCOUNT, ad_ids=[str(n) for n in range(25)])
    assert caught.value.says is says
    assert caught.value.raw == "no permission"


@pytest.mark.parametrize(("kind", "ad_format"), [("VIDEO", "SINGLE_VIDEO"), ("CAROUSEL", "CAROUSEL_ADS")])
def test_an_ad_pulls_the_post_in_the_format_of_its_kind(kind: str, ad_format: str) -> None:
    side, said = advertiser(listed=pages([row(item_type=kind)]), create=lambda asked: {"ad_ids": ["18"]})
    made = side.create_ad(
        ad_account_id=AD_ACCOUNT,
        ad_group_id="18000",
        name="Spark",
        post_id=POST,
        identity_id="72",
        identity_type="AUTH_CODE",
    )
    assert made == base.SeenAd("18", "Spark", POST, is_running=True)
    creative = said.asked[-1][1]["creatives"][0]
    assert creative["ad_format"] == ad_format
    assert creative["tiktok_item_id"] == POST
    assert not {"ad_text", "image_ids", "video_id"} & set(creative)


def test_an_ad_that_was_made_and_not_named_is_uncertain() -> None:
    side, _ = advertiser(listed=pages([row()]), create=lambda asked: {"ad_ids": []})
    with pytest.raises(PlatformFault) as caught:
        side.create_ad(
            ad_account_id=AD_ACCOUNT, ad_group_id="1", name="", post_id=POST, identity_id="7", identity_type="AUTH_CODE"
        )
    assert caught.value.says is Says.UNCERTAIN


def test_an_ad_on_a_post_that_is_not_on_the_list_is_refused_unasked() -> None:
    side, said = advertiser(listed=pages([]))
    with pytest.raises(PlatformFault) as caught:
        side.create_ad(
            ad_account_id=AD_ACCOUNT, ad_group_id="1", name="", post_id=POST, identity_id="7", identity_type="AUTH_CODE"
        )
    assert caught.value.says is Says.NOTHING_ABOUT_THE_CODE
    assert said.paths == ["/tt_video/list/"]


# -- the platform object ----------------------------------------------------------------------------------------------


def test_a_creator_needs_the_account_the_token_belongs_to() -> None:
    with pytest.raises(ValueError, match="account id"):
        platform.creator(Address("https://platform.example", TOKEN))


def test_a_renewed_token_of_another_account_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    token = {"access_token": "act.new", "refresh_token": "rft.new", "open_id": "somebody-else"}
    answer = token | {"expires_in": 86400, "refresh_token_expires_in": 31536000}
    said = Said({"/tt_user/oauth2/refresh_token/": lambda asked: answer})
    monkeypatch.setattr(connector, "_opener", lambda address, patience: said.open)
    renewal = base.Renewal("app", Secret("an-app-secret"), Secret("rft.old"))
    with pytest.raises(PlatformFault) as caught:
        platform.renew(Address("https://platform.example", TOKEN, "an-open-id"), renewal)
    assert caught.value.says is Says.NOTHING_ABOUT_THE_CODE
    fresh = platform.renew(Address("https://platform.example", TOKEN, "somebody-else"), renewal)
    assert (fresh.token, fresh.seconds) == (Secret("act.new"), 86400)
    assert said.asked[0][1]["grant_type"] == "refresh_token"


def test_the_stand_in_inside_this_process_needs_its_state() -> None:
    with pytest.raises(ValueError, match="sandbox: and the path"):
        platform.advertiser(Address("sandbox:", TOKEN))


def test_all_sides_on_one_state_speak_to_one_stand_in(tmp_path: Path) -> None:
    state = tmp_path / "sandbox.sqlite3"
    assert platform.sandbox(state) is TikTok().sandbox(state)
    assert isinstance(platform.sandbox(state), Sandbox)


def test_every_switch_of_the_stand_in_leaves_the_walk_in_one_piece(tmp_path: Path) -> None:
    """Where TikTok is silent the stand-in can behave either way; none of it may surprise the connector."""
    for name, choice in [
        ("time_style_spark", "iso"),
        ("time_style_creator", "iso"),
        ("setting_body", "empty"),
        ("extend_body", "empty"),
        ("extend_policy", "reset"),
        ("setting_on_again", "new_code"),
    ]:
        state = tmp_path / f"{name}.sqlite3"
        cast = platform.sandbox(state).seed()
        switch(state, name, choice)
        who, account = cast.creators[0], cast.advertisers[0].ad_accounts[0]
        mine = platform.creator(Address(f"sandbox:{state}", who.token, who.account_id))
        theirs = platform.advertiser(Address(f"sandbox:{state}", cast.advertisers[0].token))
        mine.switch_on(post_id=who.posts["carousel"], term_days=7)
        issued = mine.code_of(post_id=who.posts["carousel"])
        assert issued.code is not None
        theirs.apply(ad_account_id=account.ad_account_id, code=issued.code)
        mine.extend(post_id=who.posts["carousel"], days=30)
        seen = theirs.application_of(ad_account_id=account.ad_account_id, code=issued.code, post_id="")
        assert seen is not None
        assert seen.ends_at == mine.code_of(post_id=who.posts["carousel"]).ends_at
        mine.switch_off(post_id=who.posts["carousel"])


def switch(state: Path, name: str, choice: str) -> None:
    transport = httpx.WSGITransport(app=Sandbox(state).wsgi)
    with httpx.Client(transport=transport, base_url="http://localhost") as client:
        assert client.post("/_sandbox/switches", json={name: choice}).status_code == 200
