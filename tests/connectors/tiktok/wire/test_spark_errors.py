"""What is wrong with a Spark code is known by its name, and by its number only where that is unambiguous."""

from __future__ import annotations

import pytest

from valetkey.connectors.tiktok import wire

E = wire.SparkCodeError

# Reference 5, row by row.
ROWS = [
    (4002, "video_unavailable", "post"),
    (4002, "video_deleted", "post"),
    (None, "auth_code_not_found", "code"),
    (4013, "auth_code_format_error", "code"),
    (-500, "call_rpc_fail", "platform"),
    (-500, "call_db_fail", "platform"),
    (930002, "mention_multiple_videos", "post"),
    (900012, "illegal_item_status_error", "post"),
    (4027, "story_video_not_supported", "post"),
    (4042, "carousel_duet_not_supported", "post"),
    (4025, "auth_code_expired", "code"),
    (900003, "multi_duet_stitch_refus", "post"),
]


@pytest.mark.parametrize(("number", "name", "about"), ROWS, ids=[name for _, name, _ in ROWS])
def test_each_row_keeps_tiktoks_name_number_and_whose_trouble_it_is(number: int | None, name: str, about: str) -> None:
    error = E(name)
    assert (error.number, error.value, error.about) == (number, name, about)
    assert str(error) == name


def test_there_are_no_other_rows() -> None:
    assert [error.value for error in E] == [name for _, name, _ in ROWS]


def test_only_the_row_that_is_cut_in_the_source_is_unconfirmed() -> None:
    assert [error for error in E if error.confidence != "C"] == [E.MULTI_DUET_STITCH_REFUSED]


@pytest.mark.parametrize("error", E)
@pytest.mark.parametrize("pattern", ["{}", "{}: the code cannot be used", "Spark code error ({}).", "[4002] {}"])
def test_a_name_in_the_message_is_recognised_whatever_the_code(error: wire.SparkCodeError, pattern: str) -> None:
    for code in (40002, 4002, 4025, 0):
        assert wire.recognise_spark_error(code, pattern.format(error.value)) is error


def test_upper_case_is_the_same_name() -> None:
    assert wire.recognise_spark_error(40002, "AUTH_CODE_EXPIRED") is E.AUTH_CODE_EXPIRED


@pytest.mark.parametrize("ending", ["", "e", "ed", "ed_error", "al"])
def test_the_cut_name_is_recognised_with_any_ending(ending: str) -> None:
    message = f"multi_duet_stitch_refus{ending}: no"
    assert wire.recognise_spark_error(40002, message) is E.MULTI_DUET_STITCH_REFUSED


@pytest.mark.parametrize(
    "message",
    ["not_auth_code_expired", "auth_code_expired_soon", "auth code expired", "xvideo_deleted", "video_deleted2"],
)
def test_a_part_of_another_word_is_not_a_name(message: str) -> None:
    assert wire.recognise_spark_error(40002, message) is None


@pytest.mark.parametrize(
    ("number", "error"),
    [
        (4013, E.AUTH_CODE_FORMAT_ERROR),
        (4025, E.AUTH_CODE_EXPIRED),
        (4027, E.STORY_VIDEO_NOT_SUPPORTED),
        (4042, E.CAROUSEL_DUET_NOT_SUPPORTED),
        (930002, E.MENTION_MULTIPLE_VIDEOS),
        (900012, E.ILLEGAL_ITEM_STATUS_ERROR),
        (900003, E.MULTI_DUET_STITCH_REFUSED),
    ],
)
def test_a_number_that_names_one_thing_is_enough(number: int, error: wire.SparkCodeError) -> None:
    assert wire.recognise_spark_error(number, "") is error


def test_4002_alone_names_nothing_because_it_names_two() -> None:
    assert wire.recognise_spark_error(4002, "video cannot be used") is None
    assert wire.recognise_spark_error(4002, "video_deleted") is E.VIDEO_DELETED


def test_minus_500_alone_is_a_fault_of_the_platform() -> None:
    error = wire.recognise_spark_error(-500, "")
    assert error is not None
    assert error.about == "platform"


def test_a_number_inside_the_message_is_not_looked_at() -> None:
    assert wire.recognise_spark_error(40002, "error 4025 in field 900012") is None


def test_the_logins_own_auth_code_is_not_a_spark_code() -> None:
    assert wire.recognise_spark_error(40110, "auth_code is expired") is None
    assert wire.recognise_spark_error(40131, "Authorization code is expired.") is None


def test_success_is_no_error() -> None:
    assert wire.recognise_spark_error(0, "OK") is None
