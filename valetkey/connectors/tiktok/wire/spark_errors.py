"""PURE. The names TikTok gives to what is wrong with a Spark code, and how one is recognised in an answer.

Decides which name an answer carries. Does not decide what a person should do, nor whether the code is dead.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final, Literal

About = Literal["post", "code", "platform"]
Mark = Literal["C", "C2", "U"]


class SparkCodeError(StrEnum):
    """TikTok's own names, from its help center's article on code error notifications (July 2025), C.

    `number` is the article's number (None: it shows none), `about` whose trouble it is, `confidence` how sure the
    meaning is. The copies we read end inside the last row, so there may be more names.
    """

    number: int | None
    about: About
    confidence: Mark

    def __new__(
        cls, value: str, number: int | None = None, about: About = "code", confidence: Mark = "C"
    ) -> SparkCodeError:
        member = str.__new__(cls, value)
        member._value_ = value
        member.number = number
        member.about = about
        member.confidence = confidence
        return member

    VIDEO_UNAVAILABLE = "video_unavailable", 4002, "post"  # taken down or limited for a guideline breach
    VIDEO_DELETED = "video_deleted", 4002, "post"  # the post no longer exists
    AUTH_CODE_NOT_FOUND = "auth_code_not_found", None, "code"  # the creator deleted the code
    AUTH_CODE_FORMAT_ERROR = "auth_code_format_error", 4013, "code"  # mistyped, or not a code
    CALL_RPC_FAIL = "call_rpc_fail", -500, "platform"  # a fault on TikTok's side
    CALL_DB_FAIL = "call_db_fail", -500, "platform"  # the same, elsewhere inside
    MENTION_MULTIPLE_VIDEOS = "mention_multiple_videos", 930002, "post"  # tags more than one other post
    ILLEGAL_ITEM_STATUS_ERROR = "illegal_item_status_error", 900012, "post"  # not usable, community rules
    STORY_VIDEO_NOT_SUPPORTED = "story_video_not_supported", 4027, "post"  # stories cannot be Spark Ads
    CAROUSEL_DUET_NOT_SUPPORTED = "carousel_duet_not_supported", 4042, "post"  # a duet of a carousel
    AUTH_CODE_EXPIRED = "auth_code_expired", 4025, "code"  # the window has ended
    # The source cuts this name, so the known stem stands for it; that it means several levels is inferred.
    MULTI_DUET_STITCH_REFUSED = "multi_duet_stitch_refus", 900003, "post", "U"


def _pattern(error: SparkCodeError) -> str:
    return rf"{error.value}\w*" if error is SparkCodeError.MULTI_DUET_STITCH_REFUSED else error.value


# Whole words only: "not_auth_code_expired_yet" is some other name.
_NAMED: Final = re.compile(
    r"\b(?:" + "|".join(f"(?P<{error.name}>{_pattern(error)})" for error in SparkCodeError) + r")\b", re.IGNORECASE
)

_NUMBERED: Final = {
    error.number: error
    for error in SparkCodeError
    # 4002 carries two names, so alone it names neither.
    if error.number not in (None, 4002)
    # -500 carries two names for one thing, TikTok's own fault; the first stands for both.
    and error is not SparkCodeError.CALL_DB_FAIL
}


def recognise_spark_error(code: int, message: str) -> SparkCodeError | None:
    """The Spark code error an answer carries: by the name in `message`, else by a `code` that names exactly one.

    Numbers inside `message` are not looked at; they may be anything. None: the answer is not about a Spark code, or
    says it in words nobody has documented (U: TikTok's API answers for bad codes have not been seen).
    """
    found = _NAMED.search(message)
    if found and found.lastgroup:
        return SparkCodeError[found.lastgroup]
    return _NUMBERED.get(code)
