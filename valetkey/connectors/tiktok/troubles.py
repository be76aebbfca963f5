"""PURE. What TikTok's names, numbers and phrases come down to, in the port's words for what is wrong.

Reads a fault's own words or whatever a person pasted. Decides which troubles a text speaks of, the surest first: a name
of TikTok's table, then a phrase, then a number. Does not decide what follows from one, nor whether the code is dead.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from valetkey.connectors.base import Trouble
from valetkey.connectors.tiktok import wire

_E, _S, _T = wire.ErrorCode, wire.SparkCodeError, Trouble

_KNOWN_NUMBERS: Final = frozenset(code.value for code in _E if code)

_LONGEST: Final = 20_000
"""Characters of a message that are read; what is wrong is said early."""

BY_NAME: Final[dict[wire.SparkCodeError, Trouble]] = {
    _S.VIDEO_UNAVAILABLE: _T.POST_UNAVAILABLE,
    _S.VIDEO_DELETED: _T.POST_DELETED,
    _S.AUTH_CODE_NOT_FOUND: _T.CODE_NOT_FOUND,
    _S.AUTH_CODE_FORMAT_ERROR: _T.CODE_MALFORMED,
    _S.CALL_RPC_FAIL: _T.PLATFORM_FAULT,
    _S.CALL_DB_FAIL: _T.PLATFORM_FAULT,
    _S.MENTION_MULTIPLE_VIDEOS: _T.MENTIONS_SEVERAL,
    _S.ILLEGAL_ITEM_STATUS_ERROR: _T.POST_NOT_USABLE,
    _S.STORY_VIDEO_NOT_SUPPORTED: _T.POST_IS_STORY,
    _S.CAROUSEL_DUET_NOT_SUPPORTED: _T.CAROUSEL_DUET,
    _S.AUTH_CODE_EXPIRED: _T.CODE_EXPIRED,
    _S.MULTI_DUET_STITCH_REFUSED: _T.SEVERAL_LEVELS,
}

BY_CODE: Final[dict[wire.ErrorCode, Trouble]] = {
    _E.PARTLY_DONE: _T.OTHER,
    _E.NO_PERMISSION: _T.NO_PERMISSION,
    _E.NOT_FOUND: _T.OTHER,
    _E.NOT_IMPLEMENTED: _T.NOT_OFFERED_HERE,
    _E.NOT_IN_SANDBOX: _T.NOT_OFFERED_HERE,
    _E.NOT_IN_CLUSTER: _T.NOT_OFFERED_HERE,
    _E.TOO_FREQUENT: _T.THROTTLED,
    _E.DUPLICATE: _T.ALREADY_APPLIED,
    _E.INVALID_VIDEO: _T.POST_UNAVAILABLE,
    _E.TEEN_POLICY: _T.OTHER,
    _E.APP_THROTTLED: _T.THROTTLED,
    _E.BAD_AUTH_PARAMETERS: _T.TOKEN_LAPSED,
    _E.ACCESS_TOKEN_EXPIRED: _T.TOKEN_LAPSED,
    _E.REFRESH_TOKEN_EXPIRED: _T.TOKEN_LAPSED,
    _E.TOKEN_EMPTY: _T.TOKEN_LAPSED,
    _E.TOKEN_INVALID: _T.TOKEN_LAPSED,
    _E.TOKEN_OF_ANOTHER_ADVERTISER: _T.WRONG_AD_ACCOUNT,
    _E.BAD_REFRESH_TOKEN: _T.TOKEN_LAPSED,
    _E.LOGIN_CODE_SPENT: _T.LOGIN_CODE,
    _E.APP_BLOCKED: _T.NO_PERMISSION,
    _E.NOT_ON_ALLOWLIST: _T.NOT_OFFERED_HERE,
    _E.DEVELOPER_LACKS_PERMISSION: _T.NO_PERMISSION,
    _E.SCOPE_NOT_AUTHORIZED: _T.NO_PERMISSION,
    _E.TIKTOK_LOGIN_FAILED: _T.LOGIN_CODE,
    _E.ADVERTISER_THROTTLED: _T.THROTTLED,
    _E.TASK_FAILED: _T.PLATFORM_FAULT,
    _E.TASK_NOT_READY: _T.PLATFORM_FAULT,
    _E.WRITE_CONFLICT: _T.PLATFORM_FAULT,
    _E.NO_SUCH_ADVERTISER: _T.WRONG_AD_ACCOUNT,
    _E.ADVERTISER_MISMATCH: _T.WRONG_AD_ACCOUNT,
    _E.TOO_MANY_ADS: _T.AD_LIMIT,
    _E.COUNTRY_BLOCKED: _T.NOT_OFFERED_HERE,
    _E.INTERFACE_OFFLINE: _T.OTHER,
    _E.SERVER_ERROR: _T.PLATFORM_FAULT,
    _E.PROCESSING_ERROR: _T.PLATFORM_FAULT,
    _E.SATELLITE_ERROR: _T.PLATFORM_FAULT,
    _E.MAINTENANCE: _T.PLATFORM_FAULT,
}
"""What is not here is PARAMETERS: the call itself was not as it should be."""

_BY_STATUS: Final = {401: _T.TOKEN_LAPSED, 403: _T.NO_PERMISSION, 408: _T.NOT_REACHED, 429: _T.THROTTLED}

# How Ads Manager words these is not documented, so each phrase is one that was met, or one that means little else (U).
_CODE: Final = r"(?:(?:spark|video|post|auth(?:ori[sz]ation)?)[ _-]?(?:ads?[ _-]?)?)?code"
_PHRASES: Final[tuple[tuple[str, tuple[Trouble, ...]], ...]] = (
    (r"original_post_auth_code|code of the source post|source post.{0,40}code", (_T.SOURCE_CODE_NEEDED,)),
    (r"access[ _-]?token (?:is |has )?(?:null|expired|invalid|incorrect|not valid)", (_T.TOKEN_LAPSED,)),
    (r"(?:expired|invalid) access[ _-]?token", (_T.TOKEN_LAPSED,)),
    (
        r"already (?:been )?(?:appl|authori[sz]|used|in use|added|bound|redeem)\w*|bereits (?:\w+ )?"
        r"(?:verwendet|autorisiert|angewendet|benutzt)|used by another advertiser",
        (_T.ALREADY_APPLIED,),
    ),
    (
        r"permission to operate (?:this |the )?advertiser|the advertiser does not exist|advertiser mismatch"
        r"|wrong ad account|falsches werbekonto",
        (_T.WRONG_AD_ACCOUNT,),
    ),
    (
        r"does not grant you|(?:no|lacks?|missing|insufficient|without|not have) (?:the |any )?permissions?\b"
        r"|permission denied|not (?:permitted|allowed) to|keine berechtigung|fehlende berechtigung",
        (_T.NO_PERMISSION,),
    ),
    (
        r"qps[ _-]limit|too (?:many requests|frequent)|rate[ _-]?limit|\bthrottl(?:ed|ing)\b|zu viele anfragen",
        (_T.THROTTLED,),
    ),
    (r"stop the ads first|used in (?:\w+ ){0,2}(?:spark )?ads\b|active ads? (?:is|are) using", (_T.ADS_RUNNING,)),
    (r"(?:limit|maximum)(?: number)? of (?:spark )?ads\b|too many ads\b", (_T.AD_LIMIT,)),
    (
        r"not (?:available|supported|offered) in (?:your|this|the) (?:country|region|market)|is_gpppa"
        r"|(?:land|region) nicht verf",
        (_T.NOT_OFFERED_HERE,),
    ),
    (rf"{_CODE} (?:has |is |was )?(?:already )?expired|expired {_CODE}|code (?:ist )?abgelaufen", (_T.CODE_EXPIRED,)),
    (
        rf"(?:invalid|incorrect|malformed) {_CODE}|{_CODE} (?:is )?(?:invalid|incorrect|malformed|not valid)"
        r"|(?:ung(?:ü|ue)ltiger code|code (?:ist )?ung(?:ü|ue)ltig)",
        (_T.CODE_MALFORMED, _T.CODE_NOT_FOUND),
    ),
    (
        rf"{_CODE} (?:was |is |has been |does )?(?:not found|not exist|deleted|cancell?ed|revoked)"
        r"|code (?:wurde )?(?:nicht gefunden|gel(?:ö|oe)scht)",
        (_T.CODE_NOT_FOUND,),
    ),
    (r"(?:video|post) (?:was |is |has been )?(?:deleted|no longer exists)|(?:video|beitrag) gel(?:ö|oe)scht",
     (_T.POST_DELETED,)),
    (r"(?:video|post) (?:is )?(?:unavailable|not available)|(?:video|beitrag) nicht verf", (_T.POST_UNAVAILABLE,)),
    (r"stor(?:y|ies) (?:\w+ ){0,3}(?:not supported|cannot|can't)", (_T.POST_IS_STORY,)),
    (r"(?:video|post) is (?:not public|private)|still under review", (_T.POST_NOT_USABLE,)),
    (
        r"\b(?:internal )?(?:server|system) error\b|service (?:is )?unavailable|bad gateway|something went wrong"
        r"|serverfehler|systemfehler",
        (_T.PLATFORM_FAULT,),
    ),
    (
        r"time-?out\b|timed out|not_reached|connection_lost|connection (?:ended|lost|reset|refused)|network error"
        r"|no answer (?:came )?in time|could not be reached|zeit(?:ü|ue)berschreitung",
        (_T.NOT_REACHED,),
    ),
    (r"\bnot_understood\b|\b404 page not found\b", (_T.PLATFORM_FAULT,)),
)  # fmt: skip


def _spelled(name: str) -> str:
    """A name as it stands, in capitals, with spaces or hyphens for its underscores, or without anything."""
    return name.replace("_", r"[ _-]?")


def _pattern(error: wire.SparkCodeError) -> str:
    # The source cuts this name, so whatever follows the stem belongs to it.
    return _spelled(error.value) + (r"\w*" if error is _S.MULTI_DUET_STITCH_REFUSED else "")


_NAMED: Final = re.compile(
    r"\b(?:" + "|".join(f"(?P<{error.name}>{_pattern(error)})" for error in _S) + r")\b", re.IGNORECASE
)
# Our own short names of a fault are the table's in small letters. "duplicate" and "maintenance" are words besides, so
# each stands at the beginning, as a fault is told.
_CAUSE: Final = re.compile(r"\W*([a-z]+(?:_[a-z0-9]+)*)(?=\W|$)")
_OUR_NUMBER: Final = re.compile(r"\bcode_(\d{1,7})\b")
_KNOWN_PHRASES: Final = tuple((re.compile(pattern, re.IGNORECASE), found) for pattern, found in _PHRASES)
_STATUS: Final = re.compile(
    r"\b(?:https?(?:/\d(?:\.\d)?)?|error|status|fehler)[ _:-]*(?:status|error|code)?[ _:-]*([1-5]\d\d)\b(?![.,]\d)",
    re.IGNORECASE,
)
# Not inside a longer number, a decimal, a date, a time or a price.
_NUMBER: Final = re.compile(r"(?<![\w+$€£.-])(?<!\d[,:/])(?:-500|-?\d{4,6})(?![\w/%]|[.,:-]\d| ?[$€£])")
_NUMBER_OF_A_CODE: Final = re.compile(rf"code[\"'“”„ :=#(]*{_NUMBER.pattern}", re.IGNORECASE)
_SPEAKS_OF_AN_ERROR: Final = re.compile(
    r"\b(?:err(?:or)?s?|fehler(?:code|nummer)?|meldung|notification|fail(?:ed|ure)?|refused|rejected|status)\b",
    re.IGNORECASE,
)
_ALONE: Final = re.compile(r"[\W_]*\d{3,6}[\W_]*")


def troubles_in(text: str) -> tuple[Trouble, ...]:
    """What a message speaks of, the surest first, each once; empty where nothing in it is known. Quotes nothing."""
    plain = unicodedata.normalize("NFKC", text[:_LONGEST]).translate({0x2212: "-", 0x2013: "-", 0x2011: "-"})
    found = tuple(dict.fromkeys(_all(plain)))
    if _T.WRONG_AD_ACCOUNT in found:
        # TikTok calls an ad account out of a token's reach a permission too, and this says which one.
        found = tuple(trouble for trouble in found if trouble is not _T.NO_PERMISSION)
    # "Parameters" and "other" say that something is wrong and not what: last, wherever they stood.
    vague = {_T.PARAMETERS: 1, _T.OTHER: 2}
    return tuple(sorted(found, key=lambda trouble: vague.get(trouble, 0)))


def _all(text: str) -> Iterator[Trouble]:
    for match in _NAMED.finditer(text):
        yield BY_NAME[_S[match.lastgroup or ""]]
    numbers = [BY_CODE.get(code, _T.PARAMETERS) for code in _codes(text)]
    # A login's own code is called an authorization code too, and only the number tells the two apart.
    if _T.LOGIN_CODE in numbers:
        yield _T.LOGIN_CODE
        return
    for phrase, troubles in _KNOWN_PHRASES:
        if phrase.search(text):
            yield from troubles
    for match in _STATUS.finditer(text):
        yield _of_status(int(match.group(1)))
    yield from _of_numbers(text)
    yield from numbers


def _codes(text: str) -> Iterator[wire.ErrorCode]:
    """Codes of TikTok's own list, by our name of one or by its number."""
    cause = _CAUSE.match(text)
    named = {code.name.lower(): code for code in _E if code}.get(cause.group(1)) if cause else None
    if named is not None:
        yield named
    for number in _numbers(text):
        if number in _KNOWN_NUMBERS:
            yield _E(number)


def _numbers(text: str) -> Iterator[int]:
    """The numbers that may be an error's: alone, of a code, or in a text that speaks of an error. Others are prices."""
    for match in _OUR_NUMBER.finditer(text):
        yield int(match.group(1))
    if _ALONE.fullmatch(text) or _SPEAKS_OF_AN_ERROR.search(text):
        yield from (int(match.group()) for match in _NUMBER.finditer(text))
    for match in _NUMBER_OF_A_CODE.finditer(text):
        yield from (int(each.group()) for each in _NUMBER.finditer(match.group()))


def _of_numbers(text: str) -> Iterator[Trouble]:
    """The help center's numbers, and families of TikTok's list of which nobody has described the member."""
    for number in _numbers(text):
        errors = [error for error in _S if error.number == number]
        yield from (BY_NAME[error] for error in errors)
        if not errors and number not in _KNOWN_NUMBERS:
            if 50000 <= number < 60000:
                yield _T.PLATFORM_FAULT
            elif 40000 <= number < 50000:
                yield _T.OTHER


def _of_status(status: int) -> Trouble:
    if status >= 500:
        return _T.PLATFORM_FAULT
    return _BY_STATUS.get(status, _T.OTHER)
