"""The table: how the record stands, what the platform answered, what was pasted → first cause, whose turn, what helps.

Read a line as: *this record*, with *this message* and *this code* pasted, is diagnosed first as …
"""
# ruff: noqa: E501  # a table is read in rows

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.diagnosis.cases import (
    AT,
    CODE,
    DAY,
    HOUR,
    OTHER,
    answered,
    nobody,
    on,
    other,
    pasted,
    post,
    record,
    tried,
)
from valetkey.authorizations.lifecycle import Drift as D
from valetkey.authorizations.lifecycle import State as S
from valetkey.authorizations.lifecycle import Verb as V
from valetkey.connectors.base import Level, PostKind, Says, Trouble, Visibility
from valetkey.connectors.base import Trouble as T
from valetkey.diagnosis.case import Case, Connected, Flight
from valetkey.diagnosis.causes import Name as N
from valetkey.diagnosis.rules import diagnose
from valetkey.register.days import Span

LATER = AT + 300 * DAY
FLIGHT = Flight("Winter sale", Span(AT, AT + 40 * DAY))
LAPSED = Connected(Level.CREATOR, AT - HOUR)
LAPSED_TOO = Connected(Level.ADVERTISER, AT - HOUR)
BY_HAND = Connected()
STATED = {"window_source": "stated", "checked_at": None}
THREE = f"{CODE}\n{OTHER}\n{CODE}"
CYRILLIC = CODE.replace("x", "х")  # noqa: RUF001  # that is the damage
Row = tuple[str, Case, str, tuple[Trouble, ...], N, str, str]

# fmt: off
# name                       the record and what the platform answered            pasted code    message             first cause, whose turn, guide#step
TABLE: list[Row] = [
  # The window
  ("run out, platform's end",  record(S.EXPIRED, ends_at=AT - 9 * DAY),           "",            (),                 N.WINDOW_OVER,        "creator",    "extend-a-code#extended"),
  ("run out this second",      record(S.IN_USE, ends_at=AT),                      "",            (),                 N.WINDOW_OVER,        "creator",    "extend-a-code#extended"),
  ("run out, stated end",      record(S.OPENED, ends_at=AT - 9 * DAY, **STATED),  "",            (),                 N.WINDOW_OVER,        "creator",    "extend-a-code#extended"),
  ("run out early",            record(S.EXPIRED, drifts=(D.EXPIRED_EARLY,)),      "",            (),                 N.WINDOW_OVER,        "creator",    "extend-a-code#extended"),
  ("run out, then damaged",    record(S.EXPIRED, ends_at=AT - DAY),               CODE[:20],     (),                 N.WINDOW_OVER,        "creator",    "extend-a-code#extended"),
  ("run out, and a link",      record(S.EXPIRED, ends_at=AT - DAY),               "https://www.tiktok.com/@mara/video/7301234567890123456", (), N.WINDOW_OVER, "creator", "extend-a-code#extended"),
  ("run out, and replaced",    record(S.EXPIRED, ends_at=AT - DAY, replaced_by="AU-9"), "",      (),                 N.REPLACED_CODE,      "advertiser", "code-does-not-work#newer_code"),
  ("not begun",                record(S.OPENED, starts_at=AT + 3 * HOUR),         "",            (),                 N.NOT_BEGUN,          "either",     "code-does-not-work#clock"),
  ("ends tonight, told so",    record(S.IN_USE, applied_on=(on(),), ends_at=AT + 5 * HOUR), "",  (),                 N.ENDS_SOON,          "creator",    "extend-a-code#extended"),
  ("ends tonight, as stated",  record(S.IN_USE, applied_on=(on(),), ends_at=AT + 5 * HOUR, **STATED), "", (),        N.CLOCK_OR_ZONE,      "either",     "code-does-not-work#clock"),
  ("ends before the campaign", record(S.IN_USE, applied_on=(on(),), campaigns=(FLIGHT,)), "",    (),                 N.TOO_SHORT,          "creator",    "extend-a-code#extended"),
  # Ended, ending
  ("ended here",               record(S.ENDED, ended_at=AT - DAY),                "",            (),                 N.ENDED_BY_CREATOR,   "creator",    "authorize-a-post#generated"),
  ("ended, as TikTok shows",   record(S.ENDED, end_source="observed"),            "",            (),                 N.ENDED_BY_CREATOR,   "creator",    "authorize-a-post#generated"),
  ("ended on TikTok",          record(S.ENDED, drifts=(D.ENDED_ELSEWHERE,)),      "",            (),                 N.ENDED_ELSEWHERE,    "creator",    "authorize-a-post#generated"),
  ("ended and window over",    record(S.ENDED, ends_at=AT - DAY),                 "",            (),                 N.ENDED_BY_CREATOR,   "creator",    "authorize-a-post#generated"),
  ("end asked",                record(S.END_ASKED, applied_on=(on(),)),           "",            (),                 N.ENDING,             "either",     "end-an-authorization#"),
  ("ads paused, ending",       record(S.ADS_PAUSED),                              "",            (),                 N.ENDING,             "either",     "end-an-authorization#"),
  ("switched off",             record(S.SWITCHED_OFF),                            "",            (),                 N.SWITCHED_OFF,       "creator",    "end-an-authorization#confirmed"),
  ("switched off, still on",   record(S.SWITCHED_OFF, drifts=(D.STILL_ON,)),      "",            (),                 N.SWITCHED_OFF,       "creator",    "end-an-authorization#confirmed"),
  # Not there yet
  ("no code yet",              record(S.REQUESTED, ends_at=None, starts_at=None), "",            (),                 N.NO_CODE_YET,        "creator",    "authorize-a-post#generated"),
  ("declined",                 record(S.DECLINED, ends_at=None, starts_at=None),  "",            (),                 N.DECLINED,           "advertiser", "agree-on-a-duration#"),
  ("withdrawn",                record(S.WITHDRAWN, ends_at=None, starts_at=None), "",            (),                 N.DECLINED,           "advertiser", "agree-on-a-duration#"),
  ("not handed over",          record(S.ISSUED),                                  "",            (),                 N.NOT_HANDED_OVER,    "creator",    "hand-over-a-code#sent"),
  ("not applied",              record(S.OPENED),                                  "",            (),                 N.NOT_APPLIED_YET,    "advertiser", "apply-a-code#applied"),
  ("not applied, right code",  record(S.HANDED_OVER),                             CODE,          (),                 N.NOT_APPLIED_YET,    "advertiser", "apply-a-code#applied"),
  ("works",                    record(S.IN_USE, applied_on=(on(),)),              "",            (),                 N.WORKS,              "either",     "apply-a-code#used"),
  # TikTok's table, answered to the desk
  ("video_unavailable",        record(answer=answered(T.POST_UNAVAILABLE)),       "",            (),                 N.POST_UNAVAILABLE,   "creator",    "post-not-eligible#not_taken_down"),
  ("video_deleted",            record(answer=answered(T.POST_DELETED)),           "",            (),                 N.POST_DELETED,       "creator",    "post-not-eligible#not_deleted"),
  ("auth_code_not_found",      record(answer=answered(T.CODE_NOT_FOUND)),         "",            (),                 N.CODE_DELETED,       "creator",    "replace-a-code#replaced"),
  ("auth_code_format_error",   record(answer=answered(T.CODE_MALFORMED)),         "",            (),                 N.CODE_MALFORMED,     "advertiser", "code-does-not-work#pasted_whole"),
  ("call_rpc_fail",            record(answer=answered(T.PLATFORM_FAULT)),         "",            (),                 N.PLATFORM_FAULT,     "platform",   "code-does-not-work#platform_fault"),
  ("mention_multiple_videos",  record(answer=answered(T.MENTIONS_SEVERAL)),       "",            (),                 N.SEVERAL_MENTIONS,   "creator",    "post-not-eligible#tags_counted"),
  ("illegal_item_status_error", record(answer=answered(T.POST_NOT_USABLE)),       "",            (),                 N.POST_NOT_USABLE,    "creator",    "post-not-eligible#not_taken_down"),
  ("story_video_not_supported", record(answer=answered(T.POST_IS_STORY)),         "",            (),                 N.STORY,              "creator",    "post-not-eligible#not_a_story"),
  ("carousel_duet_not_supported", record(answer=answered(T.CAROUSEL_DUET)),       "",            (),                 N.CAROUSEL_DUET,      "creator",    "post-not-eligible#other_post_chosen"),
  ("auth_code_expired",        record(answer=answered(T.CODE_EXPIRED)),           "",            (),                 N.WINDOW_OVER,        "creator",    "extend-a-code#extended"),
  ("multi_duet_stitch",        record(answer=answered(T.SEVERAL_LEVELS)),         "",            (),                 N.SEVERAL_LEVELS,     "creator",    "post-not-eligible#source_agreed"),
  # The same, pasted by somebody without a record
  ("4002 pasted",              nobody(),                                          "",            (T.POST_UNAVAILABLE, T.POST_DELETED), N.POST_UNAVAILABLE, "creator", "post-not-eligible#not_taken_down"),
  ("video_deleted pasted",     nobody(),                                          "",            (T.POST_DELETED,),  N.POST_DELETED,       "creator",    "post-not-eligible#not_deleted"),
  ("not_found pasted",         nobody(),                                          "",            (T.CODE_NOT_FOUND,), N.CODE_DELETED,      "creator",    "replace-a-code#replaced"),
  ("format_error pasted",      nobody(),                                          "",            (T.CODE_MALFORMED,), N.CODE_MALFORMED,    "advertiser", "code-does-not-work#pasted_whole"),
  ("format_error and a space", nobody(),                                          CODE.replace("+", " "), (T.CODE_MALFORMED,), N.LOOKS_DAMAGED, "creator", "code-does-not-work#pasted_whole"),
  ("format_error and a link",  nobody(),                                          "https://vm.tiktok.com/ZM8abc/", (T.CODE_MALFORMED,), N.LINK_PASTED, "creator", "authorize-a-post#copied"),
  ("rpc_fail pasted",          nobody(),                                          "",            (T.PLATFORM_FAULT,), N.PLATFORM_FAULT,    "platform",   "code-does-not-work#platform_fault"),
  ("mentions pasted",          nobody(),                                          "",            (T.MENTIONS_SEVERAL,), N.SEVERAL_MENTIONS, "creator",   "post-not-eligible#tags_counted"),
  ("status_error pasted",      nobody(),                                          "",            (T.POST_NOT_USABLE,), N.POST_NOT_USABLE,  "creator",    "post-not-eligible#not_taken_down"),
  ("story pasted",             nobody(),                                          "",            (T.POST_IS_STORY,), N.STORY,              "creator",    "post-not-eligible#not_a_story"),
  ("carousel duet pasted",     nobody(),                                          "",            (T.CAROUSEL_DUET,), N.CAROUSEL_DUET,      "creator",    "post-not-eligible#other_post_chosen"),
  ("expired pasted",           nobody(),                                          CODE,          (T.CODE_EXPIRED,),  N.WINDOW_OVER,        "creator",    "extend-a-code#extended"),
  ("several levels pasted",    nobody(),                                          "",            (T.SEVERAL_LEVELS,), N.SEVERAL_LEVELS,    "creator",    "post-not-eligible#source_agreed"),
  # A name of the table outranks the record, and the record what was pasted
  ("named, ended record",      record(S.ENDED),                                   "",            (T.POST_IS_STORY,), N.STORY,              "creator",    "post-not-eligible#not_a_story"),
  ("named, damaged paste",     record(),                                          CODE[1:],      (T.POST_DELETED,),  N.POST_DELETED,       "creator",    "post-not-eligible#not_deleted"),
  ("format error, damaged",    record(answer=answered(T.CODE_MALFORMED)),         CODE.lower(),  (),                 N.CODE_DAMAGED,       "advertiser", "code-does-not-work#pasted_whole"),
  ("throttled, but run out",   record(S.EXPIRED, ends_at=AT - DAY),               "",            (T.THROTTLED,),     N.WINDOW_OVER,        "creator",    "extend-a-code#extended"),
  # What was pasted, beside a record
  ("plus lost",                record(),                                          CODE.replace("+", "", 1), (),      N.CODE_DAMAGED,       "advertiser", "code-does-not-work#pasted_whole"),
  ("plus a space",             record(),                                          CODE.replace("+", " "), (),        N.CODE_DAMAGED,       "advertiser", "code-does-not-work#pasted_whole"),
  ("hash missing",             record(),                                          CODE[1:],      (),                 N.CODE_DAMAGED,       "advertiser", "code-does-not-work#pasted_whole"),
  ("cut off",                  record(),                                          CODE[:-9],     (),                 N.CODE_DAMAGED,       "advertiser", "code-does-not-work#pasted_whole"),
  ("line break inside",        record(),                                          f"{CODE[:20]}\n{CODE[20:]}", (),   N.CODE_DAMAGED,       "advertiser", "code-does-not-work#pasted_whole"),
  ("a Cyrillic letter",        record(),                                          CYRILLIC,      (),                 N.CODE_DAMAGED,       "advertiser", "code-does-not-work#pasted_whole"),
  ("words around",             record(),                                          f"Code for you: {CODE} thanks", (), N.MORE_THAN_CODE,    "advertiser", "code-does-not-work#pasted_whole"),
  ("another code",             record(),                                          OTHER,         (),                 N.OTHER_CODE,         "advertiser", "apply-a-code#copied"),
  ("code of another post",     record(pasted_in=(other(is_same_post=False),)),    OTHER,         (),                 N.OTHER_POST,         "advertiser", "code-does-not-work#other_post"),
  ("code of the old record",   record(pasted_in=(other(),)),                      OTHER,         (),                 N.REPLACED_CODE,      "advertiser", "code-does-not-work#newer_code"),
  ("code of somebody else",    record(pasted_in=(other(is_same_advertiser=False),)), OTHER,      (),                 N.OTHER_CODE,         "advertiser", "apply-a-code#copied"),
  ("a link",                   record(pasted_post_is_it=True),                    "https://www.tiktok.com/@mara/video/7301234567890123456", (), N.LINK_PASTED, "creator", "authorize-a-post#copied"),
  ("several codes",            record(),                                          THREE,         (),                 N.SEVERAL_PASTED,     "advertiser", "apply-a-code#copied"),
  # What was pasted, with nothing to compare
  ("space inside",             nobody(),                                          CODE.replace("+", " "), (),        N.LOOKS_DAMAGED,      "creator",    "code-does-not-work#pasted_whole"),
  ("no hash",                  nobody(),                                          CODE[1:],      (),                 N.LOOKS_DAMAGED,      "creator",    "code-does-not-work#pasted_whole"),
  ("percent-encoded",          nobody(),                                          "%23q8Vd%2B3xYtR%2F0kPz7nWbM%3D", (), N.LOOKS_DAMAGED,  "creator",    "code-does-not-work#pasted_whole"),
  ("quotes around",            nobody(),                                          f"“{CODE}”",   (),                 N.QUOTES_AROUND,      "advertiser", "code-does-not-work#pasted_whole"),
  ("post id",                  nobody(),                                          "7301234567890123456", (),         N.POST_ID_PASTED,     "creator",    "authorize-a-post#copied"),
  ("login code",               nobody(),                                          "https://desk.example/back?auth_code=3f2a9b8c7d6e5f40&state=xyz", (), N.LOGIN_CODE_PASTED, "creator", "authorize-a-post#copied"),
  ("number from a phone",      nobody(),                                          "481516",      (),                 N.CREDENTIAL_PASTED,  "creator",    "login-was-shared#password_changed"),
  ("a password",               nobody(),                                          "password: Winterboots77!", (),    N.CREDENTIAL_PASTED,  "creator",    "login-was-shared#password_changed"),
  ("a whole code",             nobody(),                                          CODE,          (),                 N.UNKNOWN,            "either",     "code-does-not-work#another_code"),
  ("words only",               nobody(),                                          "it says no",  (),                 N.UNKNOWN,            "either",     "code-does-not-work#another_code"),
  ("nothing at all",           nobody(),                                          "",            (),                 N.UNKNOWN,            "either",     "code-does-not-work#another_code"),
  # Applied, and where
  ("already here",             record(S.IN_USE, applied_on=(on(),), tried=tried(), answer=answered(T.ALREADY_APPLIED)), "", (), N.ALREADY_APPLIED_HERE, "advertiser", "code-does-not-work#already_applied"),
  ("already, nobody knows",    nobody(),                                          "",            (T.ALREADY_APPLIED,), N.ALREADY_APPLIED_HERE, "advertiser", "code-does-not-work#already_applied"),
  ("already on another",       record(S.IN_USE, applied_on=(on("Northwind US"),), tried=tried(), answer=answered(T.ALREADY_APPLIED)), "", (), N.ALREADY_APPLIED_ELSEWHERE, "advertiser", "take-off-an-ad-account#taken_off"),
  ("already at another's",     record(tried=tried(), same_code=(other(is_same_advertiser=False),), answer=answered(T.ALREADY_APPLIED)), "", (), N.APPLIED_BY_OTHERS, "creator", "code-does-not-work#already_applied"),
  ("in use elsewhere",         record(S.ISSUED, drifts=(D.USED_ELSEWHERE,), answer=answered(T.OTHER)), "", (),      N.ALREADY_APPLIED_ELSEWHERE, "advertiser", "take-off-an-ad-account#taken_off"),
  ("foreign ad account",       record(tried=tried("Contoso", is_agreed=False, is_theirs=False), answer=answered(T.WRONG_AD_ACCOUNT)), "", (), N.FOREIGN_AD_ACCOUNT, "advertiser", "code-does-not-work#ad_account"),
  ("not the agreed one",       record(tried=tried("Northwind US", is_agreed=False), answer=answered(T.WRONG_AD_ACCOUNT)), "", (), N.NOT_AGREED_AD_ACCOUNT, "advertiser", "code-does-not-work#ad_account"),
  ("connection too narrow",    record(tried=tried(), answer=answered(T.WRONG_AD_ACCOUNT)), "",   (),                 N.TOKEN_NOT_FOR_AD_ACCOUNT, "advertiser", "code-does-not-work#connection"),
  ("ads still run",            record(S.END_ACKNOWLEDGED, answer=answered(T.ADS_RUNNING, verb=V.SWITCH_OFF)), "", (),                 N.ADS_RUNNING, "advertiser", "end-an-authorization#ads_paused"),
  ("ads still run, pasted",    nobody(),                                          "",            (T.ADS_RUNNING,),   N.ADS_RUNNING,        "advertiser", "end-an-authorization#ads_paused"),
  ("10,000 ads",               record(S.IN_USE, answer=answered(T.AD_LIMIT)),     "",            (),                 N.AD_LIMIT,           "advertiser", "code-does-not-work#account_full"),
  # Rights and connections
  ("40001",                    record(answer=answered(T.NO_PERMISSION)),          "",            (),                 N.NO_PERMISSION,      "host",       "code-does-not-work#permission"),
  ("creator's token",          record(answer=answered(T.TOKEN_LAPSED, verb=V.EXTEND)), "",       (),                 N.CREATOR_LAPSED,     "creator",    "code-does-not-work#connection"),
  ("advertiser's token",       record(answer=answered(T.TOKEN_LAPSED)),           "",            (),                 N.ADVERTISER_LAPSED,  "advertiser", "code-does-not-work#connection"),
  ("lapsed by the record",     record(S.IN_USE, creator_side=LAPSED),             "",            (),                 N.CREATOR_LAPSED,     "creator",    "code-does-not-work#connection"),
  ("lapsed on the other side", record(S.IN_USE, advertiser_side=LAPSED_TOO),      "",            (),                 N.ADVERTISER_LAPSED,  "advertiser", "code-does-not-work#connection"),
  ("token, nobody's",          nobody(),                                          "",            (T.TOKEN_LAPSED,),  N.ADVERTISER_LAPSED,  "advertiser", "code-does-not-work#connection"),
  ("by hand",                  record(advertiser_side=BY_HAND, answer=answered(cause="by_hand")), "", (),           N.NOT_CONNECTED,      "either",     "apply-a-code#applied"),
  ("40110 is a login",         nobody(),                                          "",            (T.LOGIN_CODE,),    N.LOGIN_FAILED,       "either",     "code-does-not-work#connection"),
  # The post
  ("source code needed",       record(answer=answered(T.SOURCE_CODE_NEEDED)),     "",            (),                 N.SOURCE_CODE_NEEDED, "creator",    "code-does-not-work#source_post"),
  ("a story, by the record",   record(post=post(kind=PostKind.STORY)),            "",            (),                 N.STORY,              "creator",    "post-not-eligible#not_a_story"),
  ("deleted post",             record(post=post(visibility=Visibility.DELETED)),  "",            (),                 N.POST_DELETED,       "creator",    "post-not-eligible#not_deleted"),
  ("removed post",             record(post=post(visibility=Visibility.REMOVED)),  "",            (),                 N.POST_UNAVAILABLE,   "creator",    "post-not-eligible#not_taken_down"),
  ("private post",             record(S.IN_USE, post=post(visibility=Visibility.PRIVATE)), "",   (),                 N.POST_PRIVATE,       "creator",    "post-not-eligible#made_public"),
  ("friends' post",            record(S.IN_USE, post=post(visibility=Visibility.FRIENDS)), "",   (),                 N.POST_FRIENDS,       "creator",    "post-not-eligible#made_public"),
  ("post under review",        record(S.IN_USE, post=post(visibility=Visibility.UNDER_REVIEW)), "", (),              N.POST_UNDER_REVIEW,  "platform",   "post-not-eligible#reviewed"),
  ("no ad authorization",      record(post=post(ad_authorization_available=False)), "",          (),                 N.NO_AD_AUTHORIZATION, "creator",   "no-ad-authorization#account_switch_on"),
  ("not offered here",         record(answer=answered(T.NOT_OFFERED_HERE)),       "",            (),                 N.REGION,             "advertiser", "code-does-not-work#region"),
  ("not offered, and a space", nobody(),                                          CODE.replace("+", " "), (T.NOT_OFFERED_HERE,), N.LOOKS_DAMAGED, "creator",  "code-does-not-work#pasted_whole"),
  # The platform's own trouble
  ("QPS limit",                record(answer=answered(T.THROTTLED)),              "",            (),                 N.THROTTLED,          "platform",   "code-does-not-work#too_fast"),
  ("QPS limit pasted",         nobody(),                                          "",            (T.THROTTLED,),     N.THROTTLED,          "platform",   "code-does-not-work#too_fast"),
  ("not reached",              record(answer=answered(T.NOT_REACHED)),            "",            (),                 N.NOT_REACHED,        "either",     "code-does-not-work#platform_fault"),
  ("a parameter",              record(answer=answered(T.PARAMETERS)),             "",            (),                 N.PARAMETERS,         "host",       "code-does-not-work#another_code"),
  ("something else",           record(answer=answered(T.OTHER)),                  "",            (),                 N.UNKNOWN,            "either",     "code-does-not-work#another_code"),
  # Not settled
  ("uncertain",                record(claim=V.APPLY, is_uncertain=True, answer=answered(T.PLATFORM_FAULT, says=Says.UNCERTAIN)), "", (), N.UNCERTAIN, "either", "code-does-not-work#answer_unclear"),
  ("uncertain, and run out",   record(S.EXPIRED, ends_at=AT - DAY, claim=V.EXTEND, is_uncertain=True), "", (),      N.UNCERTAIN,          "either",     "code-does-not-work#answer_unclear"),
  ("under way",                record(claim=V.APPLY),                             "",            (),                 N.UNDER_WAY,          "either",     "code-does-not-work#answer_unclear"),
  ("a duplicate",              record(answer=answered(T.ALREADY_APPLIED, cause="duplicate")), "", (),               N.DUPLICATE,          "either",     "code-does-not-work#answer_unclear"),
  ("made just now",            record(S.APPLIED, issued_at=AT - timedelta(minutes=5), answer=answered(T.OTHER)), "", (), N.PENDING,        "platform",   "code-does-not-work#just_made"),
  ("another code on TikTok",   record(S.IN_USE, drifts=(D.OTHER_CODE,)),          "",            (),                 N.NEWER_ON_PLATFORM,  "creator",    "replace-a-code#replaced"),
]
# fmt: on


@pytest.mark.parametrize(
    ("case", "code", "troubles", "name", "turn", "fix"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)
def test_the_first_cause_whose_turn_and_what_helps(
    case: Case, code: str, troubles: tuple[Trouble, ...], name: N, turn: str, fix: str
) -> None:
    first = diagnose(pasted(case, code, *troubles), at=AT)[0]
    assert (first.name, first.turn.value, f"{first.fix.guide}#{first.fix.step}") == (name, turn, fix)


def test_the_table_is_as_long_as_promised() -> None:
    assert len(TABLE) >= 60
    assert len({row[0] for row in TABLE}) == len(TABLE)


def test_every_trouble_of_the_port_stands_in_the_table() -> None:
    met = {trouble for row in TABLE for trouble in (*row[3], *(row[1].answer.troubles if row[1].answer else ()))}
    assert met == set(Trouble)


def test_every_cause_is_found_somewhere_in_the_table() -> None:
    """First, or behind the first: government accounts and apps are never more than possible."""
    found = {cause.name for row in TABLE for cause in diagnose(pasted(row[1], row[2], *row[3]), at=AT)}
    assert found == set(N)
