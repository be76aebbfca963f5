"""/business/get/ and /business/video/list/: a creator's own profile and posts."""

from __future__ import annotations

from typing import Any

from tests.connectors.tiktok.sandbox.caller import Caller, Reply


def _list(caller: Caller, **query: Any) -> Reply:
    query = {"business_id": caller.mara.account_id, **query}
    return caller.get("/business/video/list/", caller.mara.token.reveal(), **query)


def _ids(reply: Reply) -> list[str]:
    return [each["item_id"] for each in reply.told["videos"]]


def test_a_profile_shows_what_was_asked_for(caller: Caller) -> None:
    ask = {"business_id": caller.mara.account_id, "fields": ["username", "display_name", "is_business_account"]}
    told = caller.get("/business/get/", caller.mara.token.reveal(), **ask).told
    assert told == {"username": "mara.makes", "display_name": "Mara Lindt", "is_business_account": True}


def test_posts_come_newest_first_in_pages_by_cursor(caller: Caller) -> None:
    whole = _ids(_list(caller, max_count=20))
    first = _list(caller)
    assert (len(_ids(first)), first.told["has_more"]) == (10, True)
    second = _list(caller, cursor=first.told["cursor"])
    assert second.told["has_more"] is False
    assert _ids(first) + _ids(second) == whole
    assert whole[0] == caller.mara.posts["public"]


def test_deleted_posts_are_not_listed(caller: Caller) -> None:
    ids = _ids(_list(caller, max_count=20))
    assert caller.mara.posts["deleted"] not in ids
    assert len(ids) == len(caller.mara.posts) - 2


def test_switch_private_posts_listed(caller: Caller) -> None:
    hidden = {caller.mara.posts["private"], caller.mara.posts["friends"]}
    assert hidden <= set(_ids(_list(caller, max_count=20)))
    caller.switch(private_posts_listed="no")
    assert hidden.isdisjoint(_ids(_list(caller, max_count=20)))


def test_item_id_alone_unless_more_is_asked_for(caller: Caller) -> None:
    assert _list(caller).told["videos"][0] == {"item_id": caller.mara.posts["public"]}
    fields = ["item_id", "media_type", "caption", "share_url", "create_time", "no_such_field"]
    [photo] = _list(caller, fields=fields, filters={"video_ids": [caller.mara.posts["carousel"]]}).told["videos"]
    assert set(photo) == set(fields[:-1])
    assert photo["media_type"] == "PHOTO"
    assert photo["share_url"] == f"https://www.tiktok.com/@mara.makes/photo/{caller.mara.posts['carousel']}"
    assert photo["create_time"].isdigit()
    assert _list(caller, fields=["caption"]).code == 40002


def test_posts_used_as_ads_can_be_picked_out(caller: Caller) -> None:
    wanted = [caller.mara.posts["public"], caller.mara.posts["public_two"]]
    assert _ids(_list(caller, filters={"video_ids": wanted})) == wanted
    assert _ids(_list(caller, filters={"video_ids": wanted, "ad_post_only": True})) == []
    caller.create_ad(caller.applied("public"))
    assert _ids(_list(caller, filters={"video_ids": wanted, "ad_post_only": True})) == wanted[:1]
    [video] = _list(caller, fields=["item_id", "is_ad"], filters={"video_ids": wanted[:1]}).told["videos"]
    assert video["is_ad"] is True
