"""Checklist 10: how an instant is written, by family and by switch."""

from __future__ import annotations

import pytest

from tests.connectors.tiktok.sandbox.caller import Caller

_WRITTEN = {"space": "2026-12-22 10:00:00", "iso": "2026-12-22T10:00:00Z"}


def _ends(caller: Caller) -> dict[str, str]:
    entry = caller.applied()
    asked = {
        "advertiser_id": caller.eu.ad_account_id,
        "identity_type": "AUTH_CODE",
        "identity_id": entry["user_info"]["identity_id"],
        "item_id": caller.mara.posts["public"],
    }
    detail = caller.get("/identity/video/info/", caller.northwind.token.reveal(), **asked).told["video_detail"]
    return {
        "time_style_spark": entry["auth_info"]["auth_end_time"],
        "time_style_identity": detail["auth_info"]["auth_end_time"],
        "time_style_creator": caller.status().told["auth_code_end_time"],
    }


def test_checklist_10_spaces_for_codes_and_iso_for_identities_by_default(caller: Caller) -> None:
    assert _ends(caller) == {
        "time_style_spark": _WRITTEN["space"],
        "time_style_identity": _WRITTEN["iso"],
        "time_style_creator": _WRITTEN["space"],
    }


@pytest.mark.parametrize("style", ["space", "iso"])
@pytest.mark.parametrize("family", ["time_style_spark", "time_style_identity", "time_style_creator"])
def test_checklist_10_a_family_can_be_switched_alone(caller: Caller, family: str, style: str) -> None:
    caller.switch(**{family: style})
    assert _ends(caller)[family] == _WRITTEN[style]


@pytest.mark.parametrize("style", ["space", "iso"])
def test_switch_time_style_ads(caller: Caller, style: str) -> None:
    caller.switch(time_style_ads=style)
    caller.create_ad(caller.applied())
    assert caller.ads()[0]["create_time"] == _WRITTEN[style].replace("12-22", "11-22")
