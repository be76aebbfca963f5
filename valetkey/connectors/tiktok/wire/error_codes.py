"""PURE. The `code` of an envelope: what it says and whether asking again can help.

Does not decide how long to wait, and knows nothing about Spark codes, which TikTok names apart (`spark_errors`).
"""

from __future__ import annotations

from enum import IntEnum, StrEnum


class Retry(StrEnum):
    """Whether the same call may be repeated unchanged."""

    NO = "no"
    WAIT = "wait"
    """Throttled, so not carried out: next second for QPS, 5 minutes for QPM, 00:00 UTC for QPD (C2)."""
    LATER = "later"
    """TikTok's own trouble, about 5 minutes (C2). Whether the call was carried out is not said."""


class ErrorCode(IntEnum):
    """The return codes worth acting on, with `meaning` and `retry`. Portal 1737172488964097, C2; our words.

    The help center's numbers for Spark codes are not in TikTok's list; whether they ever stand in `code` is U.
    """

    meaning: str
    retry: Retry

    def __new__(cls, value: int, meaning: str = "", retry: Retry = Retry.NO) -> ErrorCode:
        member = int.__new__(cls, value)
        member._value_ = value
        member.meaning = meaning
        member.retry = retry
        return member

    OK = 0, "success"
    PARTLY_DONE = 20001, "some of it was done; data says what (TikTok's Python SDK raises on it)"

    INVALID_PARAMETERS = 40000, "invalid parameters; also seen when a token belongs to another app"
    NO_PERMISSION = 40001, "the app lacks the scope, or the token has no right to the asset"
    PARAMETER_ERROR = 40002, "a parameter is wrong; only the message says which"
    WRONG_VERSION = 40006, "wrong API version"
    NOT_FOUND = 40007, "the object does not exist"
    NOT_IMPLEMENTED = 40008, "not implemented"
    NOT_IN_SANDBOX = 40009, "TikTok's sandbox does not offer this"
    WRONG_DOMAIN = 40010, "this host does not serve the call"
    TOO_MANY_IDS = 40011, "too many ids in one call; split it"
    NOT_IN_CLUSTER = 40014, "not offered here, seen for calls TikTok's sandbox lacks"
    TOO_FREQUENT = 40016, "too frequent, at the level of the app", Retry.WAIT
    DUPLICATE = 40050, "TikTok rejected the request as a duplicate of another"
    WRONG_API_VERSION = 40051, "wrong API version"
    INVALID_VIDEO = 40053, "invalid video id"
    TEEN_POLICY = 40065, "refused by the targeting policy for ages 13 to 17 in the US"

    APP_THROTTLED = 40100, "too frequent, at the level of the app", Retry.WAIT
    BAD_AUTH_PARAMETERS = 40101, "bad authentication parameters"
    ACCESS_TOKEN_EXPIRED = 40102, "the access token has expired; refresh it"
    REFRESH_TOKEN_EXPIRED = 40103, "the refresh token has expired; log in again"
    TOKEN_EMPTY = 40104, "no access token in the Access-Token header"
    TOKEN_INVALID = 40105, "the access token is not valid"
    TOKEN_OF_ANOTHER_ADVERTISER = 40106, "the token does not fit the advertiser"
    BAD_REFRESH_TOKEN = 40107, "the refresh token is not valid"
    BAD_GRANT_TYPE = 40108, "bad grant_type"
    # Its text speaks of an "auth_code": the one-hour code of a login, never a Spark code.
    LOGIN_CODE_SPENT = 40110, "the login's own code was cancelled, used or has expired; log in again"
    APP_BLOCKED = 40113, "the app is blocked, or its id and secret are wrong"
    NOT_ON_ALLOWLIST = 40118, "not on the allowlist; also for what a country does not get"
    DEVELOPER_LACKS_PERMISSION = 40125, "the developer lacks the permission or the field"
    SCOPE_NOT_AUTHORIZED = 40130, "the user did not authorize this scope; log in again"
    # Seen live with the text "Authorization code is expired.", again about the login.
    TIKTOK_LOGIN_FAILED = 40131, "the TikTok login failed; log in again"
    ADVERTISER_THROTTLED = 40133, "too frequent, at the level of the advertiser", Retry.WAIT

    TASK_FAILED = 40200, "an asynchronous task failed", Retry.LATER
    TASK_NOT_READY = 40201, "an asynchronous task is not ready", Retry.LATER
    WRITE_CONFLICT = 40202, "two writes met", Retry.LATER
    NO_SUCH_ADVERTISER = 40300, "the advertiser does not exist"
    ADVERTISER_MISMATCH = 40301, "the advertiser does not match"
    TOO_MANY_ADS = 40502, "the limit of ads is reached"
    INTERNAL_VALIDATION = 40700, "refused by an internal check"

    COUNTRY_BLOCKED = 41000, "calls from this country's addresses are blocked"
    INTERFACE_OFFLINE = 41001, "this interface was taken offline"
    FIELD_OFFLINE = 41002, "a field is no longer in use"

    SERVER_ERROR = 50000, "server error", Retry.LATER
    PROCESSING_ERROR = 50002, "processing error", Retry.LATER
    SATELLITE_ERROR = 51305, "a service behind the API failed", Retry.LATER
    MAINTENANCE = 60001, "maintenance", Retry.LATER


def retry_of(code: int) -> Retry:
    """What the table says about `code`; NO for a code nobody has described, because repeating it could do harm."""
    try:
        return ErrorCode(code).retry
    except ValueError:
        return Retry.NO
