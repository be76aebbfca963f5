"""/identity/*: only what applying codes has made."""

from __future__ import annotations

from typing import Any

import pytest

from tests.connectors.tiktok.sandbox.caller import Caller, Reply


def _get(caller: Caller, path: str, **query: Any) -> Reply:
    query = {"advertiser_id": caller.eu.ad_account_id, **query}
    return caller.get(f"/identity/{path}/", caller.northwind.token.reveal(), **query)


def _asked(caller: Caller) -> dict[str, Any]:
    return {"identity_type": "AUTH_CODE", "identity_id": caller.applied()["user_info"]["identity_id"]}


def test_an_ad_account_without_codes_has_no_identities(caller: Caller) -> None:
    told = _get(caller, "get").told
    assert told == {"identity_list": [], "page_info": {"page": 1, "page_size": 20, "total_number": 0, "total_page": 0}}


def test_an_identity_has_the_fields_of_tiktoks_reference(caller: Caller) -> None:
    asked = _asked(caller)
    [listed] = _get(caller, "get").told["identity_list"]
    one = _get(caller, "info", **asked).told["identity_info"]
    assert listed["available_status"] == "AVAILABLE"
    assert (listed["display_name"], listed["username"]) == ("Mara Lindt", "mara.makes")
    assert (listed["can_push_video"], listed["can_pull_video"], listed["is_gpppa"]) == (False, True, False)
    assert listed["identity_authorized_bc_id"] is None
    assert listed.pop("profile_image") == one.pop("profile_image_url")
    assert listed == one


def test_an_identity_whose_codes_have_ended_says_so(caller: Caller) -> None:
    asked = _asked(caller)
    caller.control("clock", advance_seconds=30 * 24 * 3600)
    assert _get(caller, "info", **asked).told["identity_info"]["available_status"] == "NO_VALID_BIND_ACCOUNT"


@pytest.mark.parametrize("kind", ["TT_USER", "CUSTOMIZED_USER"])
def test_other_types_have_nobody(caller: Caller, kind: str) -> None:
    asked = _asked(caller)
    assert _get(caller, "get", identity_type=kind).told["identity_list"] == []
    assert _get(caller, "info", **{**asked, "identity_type": kind}).code in (40002, 40007)


def test_a_business_centers_identity_needs_its_id(caller: Caller) -> None:
    assert "identity_authorized_bc_id" in _get(caller, "get", identity_type="BC_AUTH_TT").message


def test_an_identity_of_another_ad_account_is_not_found(caller: Caller) -> None:
    asked = _asked(caller)
    assert _get(caller, "info", **asked, advertiser_id=caller.us.ad_account_id).code == 40007


def test_posts_of_an_identity_come_by_kind_keyword_and_page(caller: Caller) -> None:
    asked = _asked(caller)
    for post in ("public_two", "carousel"):
        caller.applied(post)
    first = _get(caller, "video/get", **asked, count=1).told
    assert (len(first["video_list"]), first["has_more"]) == (1, True)
    second = _get(caller, "video/get", **asked, count=1, cursor=first["cursor"]).told
    assert (len(second["video_list"]), second["has_more"]) == (1, False)
    assert first["video_list"] != second["video_list"]
    [carousel] = _get(caller, "video/get", **asked, item_type="CAROUSEL").told["video_list"]
    assert (carousel["item_id"], carousel["video_info"]) == (caller.mara.posts["carousel"], None)
    [found] = _get(caller, "video/get", **asked, keyword="onion").told["video_list"]
    assert found["item_id"] == caller.mara.posts["public_two"]
    assert _get(caller, "video/get", **asked, cursor="elsewhere").code == 40002


def test_a_keyword_works_with_auth_code_only(caller: Caller) -> None:
    asked = {"identity_type": "TT_USER", "identity_id": "1", "keyword": "x"}
    assert _get(caller, "video/get", **asked).message.startswith("keyword")


def test_one_post_or_several_and_not_both(caller: Caller) -> None:
    asked, mine = _asked(caller), caller.mara.posts
    detail = _get(caller, "video/info", **asked, item_id=mine["public"]).told
    assert detail["video_detail"]["status"] == "ITEM_STATUS_HESITATE_RECOMMEND"
    assert detail["video_detail"]["video_info"]["format"] == "mp4"
    assert detail["video_details"] == []
    several = _get(caller, "video/info", **asked, item_ids=[mine["public"], mine["story"]]).told
    assert [each["item_id"] for each in several["video_details"]] == [mine["public"]]
    assert _get(caller, "video/info", **asked).code == 40002
    assert _get(caller, "video/info", **asked, item_id="1", item_ids=["1"]).code == 40002
    assert _get(caller, "video/info", **asked, item_ids=["1"] * 21).code == 40002
    assert _get(caller, "video/info", **asked, item_id=mine["story"]).code == 40007


def test_no_post_of_the_cast_holds_a_song(caller: Caller) -> None:
    asked = _asked(caller)
    times = {"start_time": "2026-11-22 10:00:00", "end_time": "2026-12-22 10:00:00", "locations": ["6252001"]}
    told = _get(caller, "music/authorization", **asked, **times, video_id=caller.mara.posts["public"]).told
    assert told["music_authorization"][0]["music_status"] == "WITHOUT_SONG_ID"
    assert _get(caller, "music/authorization", **asked, **times, video_id="1").code == 40053
