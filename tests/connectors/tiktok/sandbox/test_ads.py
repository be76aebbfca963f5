"""Checklist 12, and delivery: an ad runs while it is enabled and its post is authorized to that ad account."""

from __future__ import annotations

from typing import Any

import pytest

from tests.connectors.tiktok.sandbox.caller import Caller

RUNS, PAUSED, STOPPED = "AD_STATUS_DELIVERY_OK", "AD_STATUS_DISABLE", "AD_STATUS_NOT_DELIVER"


def _ad(caller: Caller, post: str = "public") -> str:
    return str(caller.create_ad(caller.applied(post)).told["ad_ids"][0])


def _status(caller: Caller) -> str:
    return str(caller.ads()[0]["secondary_status"])


def test_an_ad_on_an_authorized_post_runs(caller: Caller) -> None:
    ad_id = _ad(caller)
    [ad] = caller.ads()
    assert (ad["ad_id"], ad["operation_status"], ad["secondary_status"]) == (ad_id, "ENABLE", RUNS)
    assert ad["tiktok_item_id"] == caller.mara.posts["public"]
    assert (ad["ad_text"], ad["image_ids"], ad["video_id"]) == ("", [], None)


@pytest.mark.parametrize("end", ["setting", "delete"])
def test_checklist_12_ending_is_refused_while_an_ad_is_enabled(caller: Caller, end: str) -> None:
    ad_id = _ad(caller)
    verb = caller.switch_off if end == "setting" else caller.delete
    assert verb().code == 40002
    assert caller.status().told["auth_code_status"] == "IN_USE"
    caller.set_ad_status(ad_id, "DISABLE")
    assert verb().code == 0


def test_checklist_12_by_switch_any_ad_that_is_not_deleted_stands_in_the_way(caller: Caller) -> None:
    caller.switch(off_refused_by="any_ad")
    ad_id = _ad(caller)
    caller.set_ad_status(ad_id, "DISABLE")
    assert caller.delete().code == 40002
    caller.set_ad_status(ad_id, "DELETE")
    assert caller.delete().code == 0
    assert caller.ads() == []
    assert caller.ads(filtering={"primary_status": "STATUS_DELETE"})[0]["secondary_status"] == "AD_STATUS_DELETE"


def test_delivery_stops_when_the_window_ends_and_goes_on_when_it_is_extended(caller: Caller) -> None:
    _ad(caller)
    caller.control("clock", advance_seconds=30 * 24 * 3600)
    assert _status(caller) == STOPPED
    caller.cast = caller.sandbox.seed()
    caller.extend()
    assert _status(caller) == RUNS


def test_a_paused_ad_does_not_run(caller: Caller) -> None:
    ad_id = _ad(caller)
    assert caller.set_ad_status(ad_id, "DISABLE").told == {"ad_ids": [ad_id], "status": "DISABLE"}
    assert _status(caller) == PAUSED


def test_delivery_stops_when_the_post_is_taken_off_the_list(caller: Caller) -> None:
    _ad(caller)
    caller.unbind(caller.mara.posts["public"])
    assert _status(caller) == STOPPED


def test_delivery_stops_when_the_post_is_gone(caller: Caller) -> None:
    _ad(caller)
    caller.control("post", item_id=caller.mara.posts["public"], status="USER_DELETE")
    assert _status(caller) == STOPPED


@pytest.mark.parametrize(("choice", "status"), [("no", STOPPED), ("yes", RUNS)])
def test_switch_ads_outlive_deleted_code(caller: Caller, choice: str, status: str) -> None:
    caller.switch(ads_outlive_deleted_code=choice)
    entry = caller.applied()
    ad_id = caller.create_ad(entry).told["ad_ids"][0]
    caller.set_ad_status(ad_id, "DISABLE")
    assert caller.delete().code == 0
    caller.set_ad_status(ad_id, "ENABLE")
    assert _status(caller) == status
    assert caller.create_ad(entry).code == 40002


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"identity_id": "7200000000000000000"}, "identity"),
        ({"identity_type": "TT_USER"}, "identity"),
        ({"tiktok_item_id": "7300000000000000000"}, "tiktok_item_id"),
        ({"ad_format": "CAROUSEL_ADS"}, "ad_format"),
        ({"call_to_action": None}, "call_to_action"),
    ],
)
def test_an_ad_that_makes_no_sense_is_refused(caller: Caller, change: dict[str, Any], field: str) -> None:
    reply = caller.create_ad(caller.applied(), **change)
    assert reply.code in (40002, 40007)
    assert field in reply.message
    assert caller.ads() == []


def test_the_raw_code_is_not_an_identity(caller: Caller) -> None:
    """A tool once made ads with the code itself: it must be applied first, and the identity used."""
    entry = caller.applied()
    assert caller.create_ad(entry, identity_id=entry["item_info"]["auth_code"]).code == 40007


def test_an_ad_of_a_carousel_has_its_own_format(caller: Caller) -> None:
    assert caller.create_ad(caller.applied("carousel"), ad_format="CAROUSEL_ADS").code == 0


def test_an_ad_group_of_another_account_is_refused(caller: Caller) -> None:
    entry = caller.applied()
    reply = caller.post(
        "/ad/create/",
        caller.northwind.token.reveal(),
        advertiser_id=caller.eu.ad_account_id,
        adgroup_id=caller.us.ad_group_id,
        creatives=[{"ad_name": "x", "identity_type": "AUTH_CODE", "identity_id": "1", "ad_format": "SINGLE_VIDEO"}],
    )
    assert (reply.code, entry["auth_info"]["ad_auth_status"]) == (40007, "AUTHORIZED")


def test_pausing_is_all_or_nothing(caller: Caller) -> None:
    ad_id = _ad(caller)
    reply = caller.post(
        "/ad/status/update/",
        caller.northwind.token.reveal(),
        advertiser_id=caller.eu.ad_account_id,
        ad_ids=[ad_id, "1"],
        operation_status="DISABLE",
    )
    assert reply.code == 40007
    assert _status(caller) == RUNS


def test_listing_filters_pages_and_fields(caller: Caller) -> None:
    entry = caller.applied()
    first, second = (caller.create_ad(entry, ad_name=name).told["ad_ids"][0] for name in ("one", "two"))
    assert [each["ad_id"] for each in caller.ads()] == [second, first]
    assert [each["ad_id"] for each in caller.ads(filtering={"ad_ids": [first]})] == [first]
    assert caller.ads(filtering={"adgroup_ids": ["1"]}) == []
    assert caller.ads(filtering={"secondary_status": STOPPED}) == []
    assert [each["ad_id"] for each in caller.ads(page=2, page_size=1)] == [first]
    shown = caller.ads(fields=["ad_name"])[0]
    assert {name for name, value in shown.items() if value is not None} == {"ad_id", "ad_name"}


def test_an_ad_is_renamed_and_moved_to_another_authorized_post(caller: Caller) -> None:
    ad_id = _ad(caller)

    def update(**change: str) -> int:
        return caller.post(
            "/ad/update/",
            caller.northwind.token.reveal(),
            advertiser_id=caller.eu.ad_account_id,
            adgroup_id=caller.eu.ad_group_id,
            patch_update=True,
            creatives=[{"ad_id": ad_id, **change}],
        ).code

    assert update(ad_name="Another name") == 0
    assert caller.ads()[0]["ad_name"] == "Another name"
    assert update(tiktok_item_id=caller.mara.posts["public_two"]) == 40002
    caller.applied("public_two")
    assert update(tiktok_item_id=caller.mara.posts["public_two"]) == 0
    assert caller.ads()[0]["tiktok_item_id"] == caller.mara.posts["public_two"]


def test_a_smart_plus_ad_is_an_ad_on_the_post(caller: Caller) -> None:
    entry = caller.applied()
    info = {
        "identity_type": "AUTH_CODE",
        "identity_id": entry["user_info"]["identity_id"],
        "tiktok_item_id": entry["item_info"]["item_id"],
        "ad_format": "SINGLE_VIDEO",
    }
    told = caller.post(
        "/smart_plus/ad/create/",
        caller.northwind.token.reveal(),
        advertiser_id=caller.eu.ad_account_id,
        adgroup_id=caller.eu.ad_group_id,
        creative_list=[{"creative_info": info}],
    ).told
    assert [each["ad_id"] for each in caller.ads()] == [told["smart_plus_ad_id"]]
    assert caller.delete().code == 40002
