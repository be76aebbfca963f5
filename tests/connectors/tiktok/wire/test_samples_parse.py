"""The reference's samples read as the dataclasses say, and write back as they were."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from valetkey.connectors.tiktok import wire

from . import samples

START = datetime(2026, 5, 24, 7, 9, 7, tzinfo=UTC)


def test_the_list_of_posts_reads_with_its_window_in_utc() -> None:
    answer = wire.parse(wire.TtVideoListAnswer, samples.list_answer())
    (post,) = answer.list
    assert answer.page_info == wire.PageInfo(page=1, page_size=20, total_number=1, total_page=1)
    assert post.auth_info.auth_start_time == START
    assert post.auth_info.auth_end_time == START + timedelta(days=30)
    assert post.auth_info.ad_auth_status is wire.AdAuthStatus.AUTHORIZED
    assert post.item_info.auth_code == samples.CODE
    assert post.item_info.status is wire.PostStatus.HESITATE_RECOMMEND
    assert post.item_info.mentioned_item_ids == ()
    assert post.video_info is not None
    assert post.video_info.duration == 13.538
    assert post.user_info.identity_id == "7200000000000000001"


def test_tiktoks_own_shorter_sample_reads_too() -> None:
    post = wire.parse(wire.PostObject, samples.short_post_object())
    assert post.item_info == wire.ItemInfo(
        item_id="7300000000000000001",
        status=wire.PostStatus.HESITATE_RECOMMEND,
        auth_code=samples.CODE,
        text="caption",
    )


def test_a_carousel_has_pictures_and_no_video() -> None:
    post = samples.post_object()
    post["video_info"] = None
    post["item_info"]["item_type"] = "CAROUSEL"
    post["item_info"]["carousel_info"] = {
        "image_info": [{"image_id": "1", "image_url": "https://p.example", "image_height": 2, "image_width": 3}],
        "music_info": {"music_id": "9", "music_url": "https://m.example", "music_duration": 60},
    }
    parsed = wire.parse(wire.PostObject, post)
    assert parsed.video_info is None
    assert parsed.item_info.carousel_info == wire.CarouselInfo(
        image_info=(wire.CarouselImage("1", "https://p.example", 2, 3),),
        music_info=wire.CarouselMusic("9", "https://m.example", 60.0),
    )


def test_the_empty_carousel_of_a_logged_call_reads() -> None:
    post = samples.post_object()
    post["item_info"]["carousel_info"] = {"image_info": [], "music_info": {}}
    carousel = wire.parse(wire.PostObject, post).item_info.carousel_info
    assert carousel == wire.CarouselInfo((), wire.CarouselMusic())


@pytest.mark.parametrize("key", ["id", "anchor_id", "Id"])
def test_an_anchors_id_reads_under_each_key_it_was_seen_with(key: str) -> None:
    post = samples.post_object()
    post["item_info"]["anchor_list"] = [{key: "5", "status": "CheckSuccess", "title": "", "url": ""}]
    anchors = wire.parse(wire.PostObject, post).item_info.anchor_list
    assert anchors == (wire.Anchor(id="5", title="", status="CheckSuccess", url=""),)


def test_the_status_of_a_code_reads() -> None:
    assert wire.parse(wire.PostAuthorization, samples.status_answer()) == wire.PostAuthorization(
        item_id="7300000000000000001",
        auth_code=samples.CODE,
        auth_code_start_time=START,
        auth_code_end_time=START + timedelta(days=30),
        authorization_days=30,
        auth_code_status=wire.AuthCodeStatus.NOT_USED,
    )


def test_a_post_without_a_code_may_show_its_id_alone_or_empty_times() -> None:
    bare = wire.parse(wire.PostAuthorization, {"item_id": "1"})
    assert wire.parse(wire.PostAuthorization, {"item_id": "1", "auth_code_end_time": ""}) == bare


@pytest.mark.parametrize(
    "endpoint",
    [wire.BUSINESS_POST_AUTHORIZE_SETTING, wire.BUSINESS_POST_AUTHORIZE, wire.BUSINESS_POST_AUTHORIZE_DELETE],
    ids=lambda endpoint: str(endpoint.path),
)
def test_the_creators_verbs_may_echo_the_status_or_answer_nothing(
    endpoint: wire.Endpoint[object, wire.PostAuthorizationEcho],
) -> None:
    echo = wire.parse(endpoint.answer, samples.status_answer())
    assert isinstance(echo, wire.PostAuthorization)
    assert echo.auth_code == samples.CODE
    assert wire.parse(endpoint.answer, {}) == wire.PostAuthorizationEcho()
    assert wire.parse(endpoint.answer, None) == wire.PostAuthorizationEcho()


def test_the_request_for_an_ad_reads() -> None:
    request = wire.parse(wire.AdCreateRequest, samples.ad_create_request())
    assert request.creatives == (
        wire.Creative(
            ad_name="Spark 1",
            identity_type=wire.IdentityType.AUTH_CODE,
            identity_id="7200000000000000001",
            ad_format=wire.AdFormat.SINGLE_VIDEO,
            tiktok_item_id="7300000000000000001",
            call_to_action="LEARN_MORE",
        ),
    )


@pytest.mark.parametrize(
    ("cls", "sample"),
    [
        (wire.TtVideoListAnswer, samples.list_answer()),
        (wire.PostObject, samples.post_object()),
        (wire.PostAuthorization, samples.status_answer()),
        (wire.AdCreateRequest, samples.ad_create_request()),
        (wire.Identity, samples.identity()),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else "",
)
def test_a_sample_writes_back_exactly_as_it_was_read(cls: type[object], sample: dict[str, object]) -> None:
    assert wire.dump(wire.parse(cls, sample)) == sample


def test_a_shorter_sample_writes_back_with_the_nulls_tiktok_shows() -> None:
    item = wire.dump(wire.parse(wire.PostObject, samples.short_post_object()))["item_info"]
    assert isinstance(item, dict)
    assert item["carousel_info"] is None
    assert "item_type" not in item


def test_the_marketplaces_older_name_of_a_time_reads_and_is_not_written() -> None:
    answer = wire.parse(wire.TcmTtVideoStatusAnswer, {"auth_status_update_time": "2026-05-24 07:09:07"})
    assert wire.dump(answer) == {"auth_status_updated_time": "2026-05-24 07:09:07"}


def test_a_token_answer_splits_its_scopes() -> None:
    answer = wire.parse(
        wire.TokenAnswer,
        {
            "access_token": "act.made-up",
            "token_type": "Bearer",
            "scope": "user.info.basic,video.list, biz.spark.auth",
            "expires_in": 86400,
            "refresh_token": "rft.made-up",
            "refresh_token_expires_in": 31536000,
            "open_id": "o-1",
        },
    )
    assert answer.scopes == ("user.info.basic", "video.list", "biz.spark.auth")
    assert wire.TtUserTokenInfoGetAnswer(app_id="1", scope="", creator_id="c").scopes == ()
