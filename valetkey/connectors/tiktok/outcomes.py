"""PURE. What a failed call tells: the one table from TikTok's answers, and from no answer, to the port's four outcomes.

Decides by one question first: may the request have been carried out? For a read that does not matter, so a read is
never uncertain. Does not decide how often anything is called, nor what a person is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from valetkey.connectors.base import Says
from valetkey.connectors.tiktok import wire

THROTTLED: Final = "throttled"

_NOT_DONE_ASK_AGAIN: Final = frozenset({wire.ErrorCode.WRITE_CONFLICT, wire.ErrorCode.MAINTENANCE})
"""TikTok's own trouble that names itself as met before the work: two writes met, or nobody is at work."""

_MAYBE_DONE: Final = frozenset(
    {
        wire.ErrorCode.PARTLY_DONE,  # some of it was, and only a read tells which
        wire.ErrorCode.DUPLICATE,  # the same request was seen before; the first one may have worked
        wire.ErrorCode.TASK_FAILED,
        wire.ErrorCode.TASK_NOT_READY,
    }
)

_TROUBLE: Final = range(50000, 60000)
"""TikTok's family for its own failures; how far a request got is not said."""

_REFUSALS: Final = range(40000, 50000)
"""TikTok's family for requests it did not carry out (C2). Codes in it that nobody described are refusals too."""

_HTTP_NOT_DONE_ASK_AGAIN: Final = frozenset({408, 425, 429})


@dataclass(frozen=True)
class Outcome:
    """`cause` is TikTok's own name of a Spark code error, the table's name of a code, or a short word of ours."""

    says: Says
    cause: str


def of_envelope(code: int, message: str, *, writes: bool) -> Outcome:
    """The outcome of an answer whose `code` is not 0. It wins over the HTTP status (C2).

    The table, first match wins; "maybe done" is UNCERTAIN for a call that writes and TRY_LATER for a read:

    1. a known name about the code or the post                              CODE_IS_BAD
    2. a known name about TikTok's own fault (call_rpc_fail, call_db_fail)  maybe done
    3. throttled by number, or a refusal that speaks of the QPS limit       TRY_LATER, "throttled": not carried out
    4. 40202 two writes met, 60001 maintenance                              TRY_LATER
    5. 20001, 40050, 40200, 40201, any 5xxxx                                maybe done
    6. any other 4xxxx: parameters, permission, token, ad account           NOTHING_ABOUT_THE_CODE
    7. any other code                           UNCERTAIN when writing, NOTHING_ABOUT_THE_CODE when reading
    """
    named = wire.recognise_spark_error(code, message)
    if named is not None:
        return Outcome(_maybe_done(writes) if named.about == "platform" else Says.CODE_IS_BAD, named.value)
    if _is_throttle(code, message):
        return Outcome(Says.TRY_LATER, THROTTLED)
    if code in _NOT_DONE_ASK_AGAIN:
        return Outcome(Says.TRY_LATER, _name(code))
    if code in _MAYBE_DONE or code in _TROUBLE:
        return Outcome(_maybe_done(writes), _name(code))
    if code in _REFUSALS or not writes:
        return Outcome(Says.NOTHING_ABOUT_THE_CODE, _name(code))
    return Outcome(Says.UNCERTAIN, _name(code))


def of_status(status: int, *, writes: bool) -> Outcome:
    """The outcome of an HTTP answer that holds no envelope: a gateway's page, a cut answer, a wrong path.

    408, 425 and 429 say that nothing was done; any other 4xx that this address does not take the call. Everything
    else, 200 included, tells nothing about what happened behind it.
    """
    if status in _HTTP_NOT_DONE_ASK_AGAIN:
        return Outcome(Says.TRY_LATER, f"http_{status}")
    if 400 <= status < 500:
        return Outcome(Says.NOTHING_ABOUT_THE_CODE, f"http_{status}")
    if 300 <= status < 400 and not writes:
        return Outcome(Says.NOTHING_ABOUT_THE_CODE, f"http_{status}")
    return Outcome(_maybe_done(writes), "not_understood" if 200 <= status < 300 else f"http_{status}")


def of_silence(*, sent: bool, timed_out: bool, writes: bool) -> Outcome:
    """The outcome when no whole answer came. `sent` is False only when not one byte of the request can have left."""
    if not sent:
        return Outcome(Says.TRY_LATER, "timeout" if timed_out else "not_reached")
    return Outcome(_maybe_done(writes), "timeout" if timed_out else "connection_lost")


def _maybe_done(writes: bool) -> Says:
    return Says.UNCERTAIN if writes else Says.TRY_LATER


def _is_throttle(code: int, message: str) -> bool:
    # Public clients also meet throttling under other refusals and know it by these words (C2).
    return wire.retry_of(code) is wire.Retry.WAIT or (code in _REFUSALS and "qps limit" in message.lower())


def _name(code: int) -> str:
    try:
        return wire.ErrorCode(code).name.lower()
    except ValueError:
        return f"code_{code}"
