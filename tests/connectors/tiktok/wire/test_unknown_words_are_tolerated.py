"""TikTok may add keys and values at any time: answers keep reading, while requests hold to what is documented."""

from __future__ import annotations

from typing import Any

import pytest

from valetkey.connectors.tiktok import wire

from . import samples


def test_unknown_keys_are_ignored_at_every_depth() -> None:
    answer = samples.list_answer()
    expected = wire.parse(wire.TtVideoListAnswer, answer)
    answer["new"] = answer["page_info"]["new"] = 1
    for part in answer["list"][0].values():
        part["new"] = {"of": ["any", None]}
    assert wire.parse(wire.TtVideoListAnswer, answer) == expected


def test_the_sdks_extra_creative_keys_are_ignored() -> None:
    request = samples.ad_create_request()
    request["creatives"][0] |= {
        "aigc_disclosure_type": "NOT_DECLARED",
        "creative_authorized": False,
        "deeplink_type": "NORMAL",
        "operation_status": "ENABLE",
        "promotional_music_disabled": True,
        "shopping_ads_deeplink_type": "NONE",
    }
    (creative,) = wire.parse(wire.AdCreateRequest, request).creatives
    assert creative.operation_status is wire.OperationStatus.ENABLE
    assert creative.promotional_music_disabled is True


@pytest.mark.parametrize(
    ("part", "field"), [("auth_info", "ad_auth_status"), ("item_info", "status"), ("item_info", "item_type")]
)
def test_an_undocumented_value_in_an_answer_stays_plain_text(part: str, field: str) -> None:
    post: dict[str, Any] = samples.post_object()
    post[part][field] = "SOMETHING_NEW"
    parsed = wire.parse(wire.PostObject, post)
    value = getattr(getattr(parsed, part), field)
    assert value == "SOMETHING_NEW"
    assert type(value) is str
    assert wire.dump(parsed) == post


def test_an_undocumented_code_status_stays_plain_text() -> None:
    answer = wire.parse(wire.PostAuthorization, {"item_id": "1", "auth_code_status": "PENDING"})
    assert answer.auth_code_status == "PENDING"


def test_an_undocumented_value_in_a_request_is_refused_with_the_documented_ones() -> None:
    with pytest.raises(wire.Malformed) as caught:
        wire.parse(wire.AdStatusUpdateRequest, {"advertiser_id": "1", "ad_ids": ["2"], "operation_status": "PAUSE"})
    assert str(caught.value) == ("AdStatusUpdateRequest: operation_status must be one of ENABLE, DISABLE, DELETE")


@pytest.mark.parametrize("value", [[], {}, 3, True])
def test_a_value_that_is_no_text_is_no_enum(value: object) -> None:
    with pytest.raises(wire.Malformed, match="identity_type must be one of"):
        wire.parse(wire.IdentityGetRequest, {"advertiser_id": "1", "identity_type": value})


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("ONLY_AUTHOR_SEE", wire.PostStatus.ONLY_AUTHOR_SEE),
        ("ITEM_STATUS_ONLY_AUTHOR_SEE", wire.PostStatus.ONLY_AUTHOR_SEE),
        ("STATUS_ONLY_FRIEND_SEE", wire.PostStatus.ONLY_FRIEND_SEE),
        ("ITEM_STATUS_HESITATE_RECOMMEND", wire.PostStatus.HESITATE_RECOMMEND),
        ("SOMETHING_NEW", None),
        ("", None),
        (None, None),
    ],
)
def test_both_spellings_of_a_post_status_meet(text: str | None, status: wire.PostStatus | None) -> None:
    assert wire.post_status(text) is status
