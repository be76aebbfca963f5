"""A missing or wrong field is named by class and dotted path."""

from __future__ import annotations

from typing import Any

import pytest

from valetkey.connectors.tiktok import wire

from . import samples


def _malformed(cls: type[object], value: object) -> wire.Malformed:
    with pytest.raises(wire.Malformed) as caught:
        wire.parse(cls, value)
    return caught.value


def test_a_missing_field_is_named_with_its_class() -> None:
    problem = _malformed(wire.TtVideoAuthorizeRequest, {"auth_code": samples.CODE})
    assert str(problem) == "TtVideoAuthorizeRequest: advertiser_id is missing"
    assert (problem.cls, problem.path, problem.problem) == ("TtVideoAuthorizeRequest", "advertiser_id", "is missing")


def test_a_missing_field_deep_down_is_named_with_its_path() -> None:
    answer = samples.list_answer()
    del answer["list"][0]["item_info"]["item_id"]
    assert str(_malformed(wire.TtVideoListAnswer, answer)) == "TtVideoListAnswer: list.0.item_info.item_id is missing"


@pytest.mark.parametrize("cls", [endpoint.request for endpoint in wire.ENDPOINTS], ids=lambda cls: cls.__name__)
def test_no_request_is_accepted_empty(cls: type[object]) -> None:
    assert _malformed(cls, {}).problem == "is missing"


@pytest.mark.parametrize(
    ("path", "value", "problem"),
    [
        ("list", {}, "list must be a list"),
        ("list", None, "list must not be null"),
        ("list.0", "x", "list.0 must be an object"),
        ("list.0.item_info", [], "list.0.item_info must be an object"),
        ("list.0.item_info.item_id", 7300000000000000001, "list.0.item_info.item_id must be text"),
        ("list.0.item_info.is_multi_duet_stitch", 1, "list.0.item_info.is_multi_duet_stitch must be true or false"),
        ("list.0.item_info.mentioned_item_ids", [1], "list.0.item_info.mentioned_item_ids.0 must be text"),
        ("list.0.auth_info.auth_end_time", "soon", "list.0.auth_info.auth_end_time is not an instant"),
        ("list.0.auth_info.auth_end_time", 5, "list.0.auth_info.auth_end_time must be an instant as text"),
        ("list.0.auth_info.ad_auth_status", 5, "list.0.auth_info.ad_auth_status must be text"),
        ("list.0.video_info.width", 720.5, "list.0.video_info.width must be a whole number"),
        ("list.0.video_info.duration", "13", "list.0.video_info.duration must be a number"),
        ("list.0.video_info.duration", True, "list.0.video_info.duration must be a number"),
        ("list.0.video_info.duration", 10**400, "list.0.video_info.duration must be a number"),
        ("page_info.page", True, "page_info.page must be a whole number"),
        ("page_info.page", "1", "page_info.page must be a whole number"),
    ],
)
def test_a_wrong_type_is_named_with_its_path(path: str, value: object, problem: str) -> None:
    answer: Any = samples.list_answer()
    *way, last = path.split(".")
    inner = answer
    for step in way:
        inner = inner[int(step) if step.isdigit() else step]
    inner[int(last) if last.isdigit() else last] = value
    assert str(_malformed(wire.TtVideoListAnswer, answer)).startswith(f"TtVideoListAnswer: {problem}")


@pytest.mark.parametrize("value", [[], "text", 5, True])
def test_what_is_no_object_is_said_to_be_none(value: object) -> None:
    assert str(_malformed(wire.Empty, value)) == "Empty: must be an object"


@pytest.mark.parametrize(
    ("field", "value", "problem"),
    [
        ("page_size", 0, "page_size must be between 1 and 50"),
        ("page_size", 51, "page_size must be between 1 and 50"),
        ("page", 0, "page must be between 1"),
        ("keyword", "x" * 501, "keyword must have between 0 and 500 characters"),
    ],
)
def test_a_value_outside_the_documented_bounds_is_refused(field: str, value: object, problem: str) -> None:
    text = str(_malformed(wire.TtVideoListRequest, {"advertiser_id": "1", field: value}))
    assert text.startswith(f"TtVideoListRequest: {problem}")


def test_the_bounds_themselves_are_accepted() -> None:
    for size in (1, 50):
        assert wire.parse(wire.TtVideoListRequest, {"advertiser_id": "1", "page_size": size}).page_size == size


def test_more_than_twenty_posts_in_one_look_up_are_refused() -> None:
    request: dict[str, object] = {"advertiser_id": "1", "identity_id": "2", "identity_type": "AUTH_CODE"}
    wire.parse(wire.IdentityVideoInfoRequest, request | {"item_ids": ["1"] * 20})
    problem = _malformed(wire.IdentityVideoInfoRequest, request | {"item_ids": ["1"] * 21})
    assert problem.problem == "must have between 1 and 20 entries"
