"""PURE. Why a code may not work: every cause by name, whose turn it then is, and what puts it right.

Decides nothing about which cause it is (rules) nor how it is told (say). Guides and their steps are named here alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from typing import Final

from valetkey.authorizations.lifecycle import Verb
from valetkey.diagnosis.case import Origin


class Turn(StrEnum):
    CREATOR = "creator"
    ADVERTISER = "advertiser"
    HOST = "host"
    PLATFORM = "platform"
    EITHER = "either"


class Confidence(StrEnum):
    """Certain: the record or the platform itself says so, and what follows from it is confirmed."""

    CERTAIN = "certain"
    LIKELY = "likely"
    POSSIBLE = "possible"


class Name(StrEnum):
    UNCERTAIN = "uncertain"
    UNDER_WAY = "under_way"
    DUPLICATE = "duplicate"

    NO_CODE_YET = "no_code_yet"
    DECLINED = "declined"
    NOT_HANDED_OVER = "not_handed_over"
    NOT_APPLIED_YET = "not_applied_yet"

    WINDOW_OVER = "window_over"
    NOT_BEGUN = "not_begun"
    ENDS_SOON = "ends_soon"
    TOO_SHORT = "too_short"
    CLOCK_OR_ZONE = "clock_or_zone"
    ENDED_BY_CREATOR = "ended_by_creator"
    ENDED_ELSEWHERE = "ended_elsewhere"
    ENDING = "ending"
    SWITCHED_OFF = "switched_off"

    CODE_DELETED = "code_deleted"
    CODE_MALFORMED = "code_malformed"
    CODE_DAMAGED = "code_damaged"
    LOOKS_DAMAGED = "looks_damaged"
    QUOTES_AROUND = "quotes_around"
    OTHER_CODE = "other_code"
    REPLACED_CODE = "replaced_code"
    NEWER_ON_PLATFORM = "newer_on_platform"
    OTHER_POST = "other_post"
    PENDING = "pending"

    LINK_PASTED = "link_pasted"
    POST_ID_PASTED = "post_id_pasted"
    LOGIN_CODE_PASTED = "login_code_pasted"
    CREDENTIAL_PASTED = "credential_pasted"
    SEVERAL_PASTED = "several_pasted"
    MORE_THAN_CODE = "more_than_code"

    ALREADY_APPLIED_HERE = "already_applied_here"
    ALREADY_APPLIED_ELSEWHERE = "already_applied_elsewhere"
    APPLIED_BY_OTHERS = "applied_by_others"
    NOT_AGREED_AD_ACCOUNT = "not_agreed_ad_account"
    FOREIGN_AD_ACCOUNT = "foreign_ad_account"
    TOKEN_NOT_FOR_AD_ACCOUNT = "token_not_for_ad_account"  # noqa: S105  # a name
    ADS_RUNNING = "ads_running"
    AD_LIMIT = "ad_limit"

    NO_PERMISSION = "no_permission"
    CREATOR_LAPSED = "creator_lapsed"
    ADVERTISER_LAPSED = "advertiser_lapsed"
    LOGIN_FAILED = "login_failed"
    NOT_CONNECTED = "not_connected"

    SOURCE_CODE_NEEDED = "source_code_needed"
    STORY = "story"
    SEVERAL_LEVELS = "several_levels"
    CAROUSEL_DUET = "carousel_duet"
    SEVERAL_MENTIONS = "several_mentions"
    POST_PRIVATE = "post_private"
    POST_FRIENDS = "post_friends"
    POST_DELETED = "post_deleted"
    POST_UNDER_REVIEW = "post_under_review"
    POST_UNAVAILABLE = "post_unavailable"
    POST_NOT_USABLE = "post_not_usable"

    NO_AD_AUTHORIZATION = "no_ad_authorization"
    GOVERNMENT_ACCOUNT = "government_account"
    REGION = "region"
    NOT_FOR_THIS_APP = "not_for_this_app"

    THROTTLED = "throttled"
    PLATFORM_FAULT = "platform_fault"
    NOT_REACHED = "not_reached"
    PARAMETERS = "parameters"

    WORKS = "works"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Fix:
    """`verb`: the step of the desk that puts it right, "" where none does. `step`: "" for the whole guide."""

    verb: str
    guide: str
    step: str = ""


def _fix(verb: Verb | None, guide: str, step: str = "") -> Fix:
    return Fix(verb.value if verb else "", guide, step)


A_DAY: Final = timedelta(hours=26)
"""A day and the widest that two zones lie apart from UTC on one side: by so much a clock may be misread."""

_N, _V, _T = Name, Verb, Turn


def _code(verb: Verb | None, step: str) -> Fix:
    return _fix(verb, "code-does-not-work", step)


def _post(step: str, verb: Verb | None = _V.REQUEST) -> Fix:
    return _fix(verb, "post-not-eligible", step)


_COPY: Final = _fix(None, "authorize-a-post", "copied")
_NEW_CODE: Final = _fix(_V.REQUEST, "authorize-a-post", "generated")
_NEXT_CODE: Final = _fix(_V.REPLACE, "replace-a-code", "replaced")
_LONGER: Final = _fix(_V.EXTEND, "extend-a-code", "extended")

CURES: Final[dict[Name, tuple[Turn, Fix]]] = {
    _N.UNCERTAIN: (_T.EITHER, _code(_V.CHECK, "answer_unclear")),
    _N.UNDER_WAY: (_T.EITHER, _code(_V.CHECK, "answer_unclear")),
    _N.DUPLICATE: (_T.EITHER, _code(_V.CHECK, "answer_unclear")),
    _N.NO_CODE_YET: (_T.CREATOR, _fix(_V.ISSUE, "authorize-a-post", "generated")),
    _N.DECLINED: (_T.ADVERTISER, _fix(_V.REQUEST, "agree-on-a-duration")),
    _N.NOT_HANDED_OVER: (_T.CREATOR, _fix(_V.HAND_OVER, "hand-over-a-code", "sent")),
    _N.NOT_APPLIED_YET: (_T.ADVERTISER, _fix(_V.APPLY, "apply-a-code", "applied")),
    _N.WINDOW_OVER: (_T.CREATOR, _LONGER),
    _N.NOT_BEGUN: (_T.EITHER, _code(_V.CHECK, "clock")),
    _N.ENDS_SOON: (_T.CREATOR, _LONGER),
    _N.TOO_SHORT: (_T.CREATOR, _LONGER),
    _N.CLOCK_OR_ZONE: (_T.EITHER, _code(_V.CHECK, "clock")),
    _N.ENDED_BY_CREATOR: (_T.CREATOR, _NEW_CODE),
    _N.ENDED_ELSEWHERE: (_T.CREATOR, _NEW_CODE),
    _N.ENDING: (_T.EITHER, _fix(None, "end-an-authorization")),
    _N.SWITCHED_OFF: (_T.CREATOR, _fix(_V.CONFIRM_END, "end-an-authorization", "confirmed")),
    _N.CODE_DELETED: (_T.CREATOR, _NEXT_CODE),
    _N.CODE_MALFORMED: (_T.ADVERTISER, _code(_V.OPEN, "pasted_whole")),
    _N.CODE_DAMAGED: (_T.ADVERTISER, _code(_V.OPEN, "pasted_whole")),
    _N.LOOKS_DAMAGED: (_T.CREATOR, _code(None, "pasted_whole")),
    _N.QUOTES_AROUND: (_T.ADVERTISER, _code(_V.OPEN, "pasted_whole")),
    _N.OTHER_CODE: (_T.ADVERTISER, _fix(_V.OPEN, "apply-a-code", "copied")),
    _N.REPLACED_CODE: (_T.ADVERTISER, _code(_V.OPEN, "newer_code")),
    _N.NEWER_ON_PLATFORM: (_T.CREATOR, _NEXT_CODE),
    _N.OTHER_POST: (_T.ADVERTISER, _code(_V.OPEN, "other_post")),
    _N.PENDING: (_T.PLATFORM, _code(_V.CHECK, "just_made")),
    _N.LINK_PASTED: (_T.CREATOR, _COPY),
    _N.POST_ID_PASTED: (_T.CREATOR, _COPY),
    _N.LOGIN_CODE_PASTED: (_T.CREATOR, _COPY),
    _N.CREDENTIAL_PASTED: (_T.CREATOR, _fix(None, "login-was-shared", "password_changed")),
    _N.SEVERAL_PASTED: (_T.ADVERTISER, _fix(_V.APPLY, "apply-a-code", "copied")),
    _N.MORE_THAN_CODE: (_T.ADVERTISER, _code(_V.OPEN, "pasted_whole")),
    _N.ALREADY_APPLIED_HERE: (_T.ADVERTISER, _code(_V.CHECK, "already_applied")),
    _N.ALREADY_APPLIED_ELSEWHERE: (_T.ADVERTISER, _fix(_V.CHECK, "take-off-an-ad-account", "taken_off")),
    _N.APPLIED_BY_OTHERS: (_T.CREATOR, _code(_V.CHECK, "already_applied")),
    _N.NOT_AGREED_AD_ACCOUNT: (_T.ADVERTISER, _code(_V.APPLY, "ad_account")),
    _N.FOREIGN_AD_ACCOUNT: (_T.ADVERTISER, _code(_V.APPLY, "ad_account")),
    _N.TOKEN_NOT_FOR_AD_ACCOUNT: (_T.ADVERTISER, _code(None, "connection")),
    _N.ADS_RUNNING: (_T.ADVERTISER, _fix(_V.PAUSE_ADS, "end-an-authorization", "ads_paused")),
    _N.AD_LIMIT: (_T.ADVERTISER, _code(None, "account_full")),
    _N.NO_PERMISSION: (_T.HOST, _code(None, "permission")),
    _N.CREATOR_LAPSED: (_T.CREATOR, _code(None, "connection")),
    _N.ADVERTISER_LAPSED: (_T.ADVERTISER, _code(None, "connection")),
    _N.LOGIN_FAILED: (_T.EITHER, _code(None, "connection")),
    _N.NOT_CONNECTED: (_T.EITHER, _fix(_V.APPLY, "apply-a-code", "applied")),
    _N.SOURCE_CODE_NEEDED: (_T.CREATOR, _code(_V.APPLY, "source_post")),
    _N.STORY: (_T.CREATOR, _post("not_a_story")),
    _N.SEVERAL_LEVELS: (_T.CREATOR, _post("source_agreed")),
    _N.CAROUSEL_DUET: (_T.CREATOR, _post("other_post_chosen")),
    _N.SEVERAL_MENTIONS: (_T.CREATOR, _post("tags_counted")),
    _N.POST_PRIVATE: (_T.CREATOR, _post("made_public", None)),
    _N.POST_FRIENDS: (_T.CREATOR, _post("made_public", None)),
    _N.POST_DELETED: (_T.CREATOR, _post("not_deleted")),
    _N.POST_UNDER_REVIEW: (_T.PLATFORM, _post("reviewed", None)),
    _N.POST_UNAVAILABLE: (_T.CREATOR, _post("not_taken_down")),
    _N.POST_NOT_USABLE: (_T.CREATOR, _post("not_taken_down")),
    _N.NO_AD_AUTHORIZATION: (_T.CREATOR, _fix(None, "no-ad-authorization", "account_switch_on")),
    _N.GOVERNMENT_ACCOUNT: (_T.EITHER, _fix(None, "no-ad-authorization", "account_kind_looked_at")),
    _N.REGION: (_T.ADVERTISER, _code(None, "region")),
    _N.NOT_FOR_THIS_APP: (_T.HOST, _code(None, "permission")),
    _N.THROTTLED: (_T.PLATFORM, _code(None, "too_fast")),
    _N.PLATFORM_FAULT: (_T.PLATFORM, _code(_V.CHECK, "platform_fault")),
    _N.NOT_REACHED: (_T.EITHER, _code(_V.CHECK, "platform_fault")),
    _N.PARAMETERS: (_T.HOST, _code(None, "another_code")),
    _N.WORKS: (_T.EITHER, _fix(_V.CHECK, "apply-a-code", "used")),
    _N.UNKNOWN: (_T.EITHER, _code(_V.CHECK, "another_code")),
}
"""Whose turn it is, and what puts it right."""


@dataclass(frozen=True)
class Evidence:
    """What a cause rests on: an id of the texts with its values, who says so, and when it was seen or said."""

    id: str
    origin: Origin
    values: Mapping[str, str | datetime] = field(default_factory=dict)
    at: datetime | None = None


@dataclass(frozen=True)
class Cause:
    """`unknown`: ids of what nobody knows; their texts say what would tell."""

    name: Name
    confidence: Confidence
    evidence: tuple[Evidence, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def turn(self) -> Turn:
        return CURES[self.name][0]

    @property
    def fix(self) -> Fix:
        return CURES[self.name][1]


class Rank(IntEnum):
    """What outranks what. `UNSETTLED`: whatever else is wrong, a step that may have been done is not done again."""

    UNSETTLED = 0
    ASKED = 1
    NAMED = 2
    PROVEN = 3
    SAID = 4
    PASTED = 5
    ANSWERED = 6
    SEEN = 7
    GUESSED = 8
    LAST = 9


@dataclass(frozen=True)
class Found:
    rank: Rank
    cause: Cause


def found(rank: Rank, name: Name, confidence: Confidence, *evidence: Evidence, unknown: tuple[str, ...] = ()) -> Found:
    return Found(rank, Cause(name, confidence, evidence, unknown))


def says(
    id: str, origin: Origin = Origin.RECORD, at: datetime | None = None, **values: str | datetime | None
) -> Evidence:
    """Evidence with the values that are known; the record says it unless told otherwise."""
    return Evidence(id, origin, {key: value for key, value in values.items() if value}, at)
