"""What TikTok says by name, number or phrase, in the port's words: every name and number, in any shape, no guess."""

from __future__ import annotations

import re
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from valetkey.connectors import registry
from valetkey.connectors.base import Trouble
from valetkey.connectors.tiktok import wire
from valetkey.connectors.tiktok.troubles import BY_CODE, BY_NAME, troubles_in

S, E, T = wire.SparkCodeError, wire.ErrorCode, Trouble

NAMES: Final = {
    S.VIDEO_UNAVAILABLE: T.POST_UNAVAILABLE,
    S.VIDEO_DELETED: T.POST_DELETED,
    S.AUTH_CODE_NOT_FOUND: T.CODE_NOT_FOUND,
    S.AUTH_CODE_FORMAT_ERROR: T.CODE_MALFORMED,
    S.CALL_RPC_FAIL: T.PLATFORM_FAULT,
    S.CALL_DB_FAIL: T.PLATFORM_FAULT,
    S.MENTION_MULTIPLE_VIDEOS: T.MENTIONS_SEVERAL,
    S.ILLEGAL_ITEM_STATUS_ERROR: T.POST_NOT_USABLE,
    S.STORY_VIDEO_NOT_SUPPORTED: T.POST_IS_STORY,
    S.CAROUSEL_DUET_NOT_SUPPORTED: T.CAROUSEL_DUET,
    S.AUTH_CODE_EXPIRED: T.CODE_EXPIRED,
    S.MULTI_DUET_STITCH_REFUSED: T.SEVERAL_LEVELS,
}
NUMBERS: Final = {
    40000: T.PARAMETERS, 40001: T.NO_PERMISSION, 40002: T.PARAMETERS, 40006: T.PARAMETERS, 40008: T.NOT_OFFERED_HERE,
    40016: T.THROTTLED, 40050: T.ALREADY_APPLIED, 40053: T.POST_UNAVAILABLE, 40100: T.THROTTLED,
    40102: T.TOKEN_LAPSED, 40104: T.TOKEN_LAPSED, 40105: T.TOKEN_LAPSED, 40106: T.WRONG_AD_ACCOUNT,
    40110: T.LOGIN_CODE, 40118: T.NOT_OFFERED_HERE, 40130: T.NO_PERMISSION, 40131: T.LOGIN_CODE,
    40133: T.THROTTLED, 40300: T.WRONG_AD_ACCOUNT, 40301: T.WRONG_AD_ACCOUNT, 40502: T.AD_LIMIT,
    41000: T.NOT_OFFERED_HERE, 50000: T.PLATFORM_FAULT, 51305: T.PLATFORM_FAULT, 60001: T.PLATFORM_FAULT,
    40999: T.OTHER, 51234: T.PLATFORM_FAULT,
    4013: T.CODE_MALFORMED, 4025: T.CODE_EXPIRED, 4027: T.POST_IS_STORY, 4042: T.CAROUSEL_DUET,
    900003: T.SEVERAL_LEVELS, 900012: T.POST_NOT_USABLE, 930002: T.MENTIONS_SEVERAL, -500: T.PLATFORM_FAULT,
}  # fmt: skip


def test_every_name_of_the_table_is_some_trouble() -> None:
    assert NAMES == BY_NAME and set(NAMES) == set(S)


@pytest.mark.parametrize("error", NAMES, ids=str)
@pytest.mark.parametrize("spelled", [str, str.upper, str.title, lambda text: text.replace("_", " ")])
def test_a_name_is_known_in_any_shape(error: wire.SparkCodeError, spelled: Any) -> None:
    for shape in (
        "{0}",
        "{0}: the window has ended",
        "“{0}”",
        "Ads Manager says '{0}' when I paste it.",
        "Error ({0}), try again",
        '{{"code": 40002, "message": "{0}: x", "request_id": "2026"}}',
        "parameter_error: {0}: nothing to be done",
        "\n  {0}\t",
    ):
        assert troubles_in(shape.format(spelled(error.value)))[0] is NAMES[error], shape


def test_what_follows_the_stem_that_the_source_cuts_belongs_to_it() -> None:
    assert troubles_in("multi_duet_stitch_refused") == (T.SEVERAL_LEVELS,)


@pytest.mark.parametrize("code", [code for code in E if code], ids=lambda code: code.name)
def test_every_number_of_tiktoks_list_is_some_trouble_by_number_and_by_our_name_of_it(code: wire.ErrorCode) -> None:
    expected = BY_CODE.get(code, T.PARAMETERS)
    for text in (f"{code.name.lower()}: Refused.", f"{int(code)}", f"Error {int(code)}", f'{{"code":{int(code)}}}'):
        assert troubles_in(text) == (expected,), text


@pytest.mark.parametrize(("number", "trouble"), NUMBERS.items())
def test_a_number_is_known_alone_and_beside_words_of_an_error(number: int, trouble: Trouble) -> None:
    for shape in ("{0}", "Error code: {0}", "TikTok error {0}.", "it says ({0}) error", "Fehler {0}", "“code”: {0},"):
        assert troubles_in(shape.format(number)) == (trouble,), shape


def test_a_number_with_two_names_is_both() -> None:
    assert troubles_in("Error 4002") == (T.POST_UNAVAILABLE, T.POST_DELETED)
    assert troubles_in("Error 4002: video_deleted")[0] is T.POST_DELETED


@pytest.mark.parametrize(
    ("text", "troubles"),
    [
        ("-500", (T.PLATFORM_FAULT,)),
        ("Error −500, please reload", (T.PLATFORM_FAULT,)),
        ("throttled: Too many requests. Please retry later: QPS limit.", (T.THROTTLED,)),
        ("You have reached the qps LIMIT", (T.THROTTLED,)),
        ("Zu viele Anfragen", (T.THROTTLED,)),
        ("HTTP 502", (T.PLATFORM_FAULT,)),
        ("http_503: It answered with a page.", (T.PLATFORM_FAULT,)),
        ("HTTP/1.1 429", (T.THROTTLED,)),
        ("Error 502 Bad Gateway", (T.PLATFORM_FAULT,)),
        ("http_401", (T.TOKEN_LAPSED,)),
        ("http_404: 404 page not found", (T.PLATFORM_FAULT, T.OTHER)),
        ("timeout: No answer came in time.", (T.NOT_REACHED,)),
        ("The request timed out", (T.NOT_REACHED,)),
        ("not_reached: The platform could not be reached; nothing was sent.", (T.NOT_REACHED,)),
        ("connection_lost: The connection ended before the whole answer came.", (T.NOT_REACHED,)),
        ("no answer in time", (T.NOT_REACHED,)),
        ("not_understood", (T.PLATFORM_FAULT,)),
        ("call_rpc_fail: reload", (T.PLATFORM_FAULT,)),
        (
            "parameter_error: original_post_auth_code: the code of the source post's owner is needed as well",
            (T.SOURCE_CODE_NEEDED, T.PARAMETERS),
        ),
        (
            "parameter_error: auth_code: the code is already applied to this advertiser",
            (T.ALREADY_APPLIED, T.PARAMETERS),
        ),
        ("auth_code: the code is already used by another advertiser", (T.ALREADY_APPLIED,)),
        ("Dieser Code wird bereits verwendet", (T.ALREADY_APPLIED,)),
        ("no_permission: advertiser does not grant you /tt_video/authorize/:POST permission", (T.NO_PERMISSION,)),
        ("no_permission: No permission to operate advertiser 72.", (T.WRONG_AD_ACCOUNT,)),
        ("advertiser does not grant you this", (T.NO_PERMISSION,)),
        ("Keine Berechtigung für dieses Werbekonto", (T.NO_PERMISSION,)),
        ("login_code_spent: Authorization code is expired.", (T.LOGIN_CODE,)),
        ("Error 40131: Authorization code is expired.", (T.LOGIN_CODE,)),
        ("Authorization code is expired.", (T.CODE_EXPIRED,)),
        ("Code expired", (T.CODE_EXPIRED,)),
        ("Der Code ist abgelaufen", (T.CODE_EXPIRED,)),
        ("Invalid code", (T.CODE_MALFORMED, T.CODE_NOT_FOUND)),
        ("parameter_error: item_id: the post is used in Spark Ads; stop the ads first", (T.ADS_RUNNING, T.PARAMETERS)),
        ("This is not available in your country", (T.NOT_OFFERED_HERE,)),
        ("Something went wrong. Try again later", (T.PLATFORM_FAULT,)),
        ("Access token is null, you should set it in http header with key Access-Token.", (T.TOKEN_LAPSED,)),
        ("auth_code_expired, and then a 40105 error", (T.CODE_EXPIRED, T.TOKEN_LAPSED)),
    ],
)
def test_messages_as_they_come(text: str, troubles: tuple[Trouble, ...]) -> None:
    assert troubles_in(text) == troubles


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "It does not work, please help",
        "4025 people saw it within 4002 minutes",
        "We pay 40100 euros, 500 at once",
        "The campaign runs until 2026-11-02, item 7310000000000010007",
        "not_auth_code_expired_yet",
        "Please duplicate the ad before the maintenance",
        "#AbC+dEf/12345678=",
        "https://www.tiktok.com/@mara.makes/video/7310000000000010007",
        "I have a discount code for 10%",
        "the error of my ways",
    ],
)
def test_what_says_nothing_known_is_nothing(text: str) -> None:
    assert troubles_in(text) == ()


@given(st.text(alphabet=st.characters(categories=["L", "Zs", "Po"]), max_size=80))
def test_random_text_is_nothing(text: str) -> None:
    plain = text.casefold()
    if not re.search(r"story|limit|code|video|post|error|time|fehler|http|duplicate|maintenance", plain):
        assert troubles_in(text) == ()


@given(st.text())
def test_anything_may_be_pasted(text: str) -> None:
    found = troubles_in(text)
    assert len(set(found)) == len(found)


def test_a_very_long_text_is_read_quickly() -> None:
    assert troubles_in("x " * 500_000 + "auth_code_expired") == ()


def test_the_platform_says_it_by_its_own_object() -> None:
    assert registry.platform("tiktok").trouble_in("AUTH_CODE_EXPIRED") == (T.CODE_EXPIRED,)
