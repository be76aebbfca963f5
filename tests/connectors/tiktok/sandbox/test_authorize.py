"""Applying a code: what an ad account sees afterwards, and who may apply what."""

from __future__ import annotations

import pytest

from tests.connectors.tiktok.sandbox.caller import Caller


def test_checklist_8_authorize_answers_an_empty_object_and_the_post_is_on_the_list(caller: Caller) -> None:
    code = caller.code_of("public")
    assert caller.authorize(code).told == {}
    [entry] = caller.listed()["list"]
    assert entry["item_info"]["item_id"] == caller.mara.posts["public"]
    assert entry["item_info"]["auth_code"] == code
    assert entry["auth_info"]["ad_auth_status"] == "AUTHORIZED"
    assert entry["user_info"]["tiktok_name"] == "Mara Lindt"
    assert caller.look(code).told["item_info"] == entry["item_info"]


def test_checklist_8_the_identity_is_the_same_wherever_it_is_shown(caller: Caller) -> None:
    entry = caller.applied("public")
    identity_id, item_id = entry["user_info"]["identity_id"], entry["item_info"]["item_id"]
    assert identity_id.isdigit()
    token, account = caller.northwind.token.reveal(), caller.eu.ad_account_id
    asked = {"advertiser_id": account, "identity_type": "AUTH_CODE", "identity_id": identity_id}
    listed = caller.get("/identity/get/", token, advertiser_id=account, identity_type="AUTH_CODE").told
    assert [each["identity_id"] for each in listed["identity_list"]] == [identity_id]
    videos = caller.get("/identity/video/get/", token, **asked).told["video_list"]
    assert [each["item_id"] for each in videos] == [item_id]
    detail = caller.get("/identity/video/info/", token, **asked, item_id=item_id).told["video_detail"]
    assert detail == videos[0]


def test_checklist_9_one_identity_per_ad_account_and_creator_account(caller: Caller) -> None:
    first, second = caller.applied("public"), caller.applied("public_two")
    assert first["user_info"]["identity_id"] == second["user_info"]["identity_id"]
    assert caller.authorize(caller.code_of("public", caller.theo)).code == 0
    assert caller.authorize(caller.code_of("public"), caller.us).code == 0
    ids = {
        each["user_info"]["identity_id"]
        for account in (caller.eu, caller.us)
        for each in caller.listed(account)["list"]
    }
    assert len(ids) == 3


def test_a_carousel_has_pictures_and_no_video(caller: Caller) -> None:
    entry = caller.applied("carousel")
    assert entry["video_info"] is None
    assert entry["item_info"]["item_type"] == "CAROUSEL"
    assert len(entry["item_info"]["carousel_info"]["image_info"]) == 3


def test_a_duet_needs_the_code_of_its_source_as_well(caller: Caller) -> None:
    code, wrong, source = caller.code_of("duet"), caller.code_of("public"), caller.code_of("public", caller.theo)
    assert "original_post_auth_code" in caller.authorize(code).message
    assert "original_post_auth_code" in caller.authorize(code, original_post_auth_code=wrong).message
    assert caller.authorize(code, original_post_auth_code=source).code == 0


def test_switch_source_code_needed(caller: Caller) -> None:
    caller.switch(source_code_needed="no")
    assert caller.authorize(caller.code_of("stitch")).code == 0


@pytest.mark.parametrize(("choice", "code"), [("ok", 0), ("refuse", 40002)])
def test_switch_reapply(caller: Caller, choice: str, code: int) -> None:
    caller.applied()
    caller.switch(reapply=choice)
    assert caller.authorize(caller.code_of()).code == code
    assert caller.listed()["page_info"]["total_number"] == 1


@pytest.mark.parametrize(("choice", "code"), [("allow", 0), ("refuse", 40002)])
def test_switch_many_ad_accounts(caller: Caller, choice: str, code: int) -> None:
    caller.applied()
    caller.switch(many_ad_accounts=choice)
    assert caller.authorize(caller.code_of(), caller.us).code == code
    assert caller.authorize(caller.code_of(), caller.contoso.ad_accounts[0]).code == code


@pytest.mark.parametrize(("choice", "code"), [("no", 0), ("yes", 40002)])
def test_switch_info_needs_applied(caller: Caller, choice: str, code: int) -> None:
    caller.switch(info_needs_applied=choice)
    spark_code = caller.code_of()
    assert caller.look(spark_code).code == code
    caller.authorize(spark_code)
    assert caller.look(spark_code).code == 0


def test_the_list_is_paged_and_searched(caller: Caller) -> None:
    for post in ("public", "public_two", "carousel"):
        caller.applied(post)
    page = caller.listed(page=2, page_size=2)
    assert page["page_info"] == {"page": 2, "page_size": 2, "total_number": 3, "total_page": 2}
    assert len(page["list"]) == 1
    assert caller.listed(page=9)["list"] == []
    assert [_id(each) for each in caller.listed(item_types=["CAROUSEL"])["list"]] == [caller.mara.posts["carousel"]]
    assert [_id(each) for each in caller.listed(keyword="ONION")["list"]] == [caller.mara.posts["public_two"]]
    assert [_id(each) for each in caller.listed(keyword=caller.mara.posts["public"])["list"]] == [
        caller.mara.posts["public"]
    ]
    assert caller.listed(keyword="7" * 19)["list"] == []


def test_an_account_of_a_government_is_refused(caller: Caller) -> None:
    code = caller.code_of()
    caller.control("creator", handle="mara.makes", is_government=True)
    assert caller.authorize(code).code == 40002
    assert caller.switch_on("public_two").code == 40002


def _id(entry: object) -> str:
    assert isinstance(entry, dict)
    return str(entry["item_info"]["item_id"])
