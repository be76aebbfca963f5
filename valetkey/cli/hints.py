"""The commands that carry out a refusal's next step. Below the doors a refusal says in words what to do; here is how.

One table, by the refusal's code. Knows no rows, so it cannot fill in a reference: AUTHORIZATION stands for one.
"""

from __future__ import annotations

from typing import Final

from valetkey.errors import PlatformDown, PlatformRefused, Refused

_CHECK: Final = "`valetkey check AUTHORIZATION` asks the platform."
_CONNECT: Final = "`valetkey connect` connects a party."
_LIST: Final = "`valetkey list` shows what this desk knows."
_SHOW: Final = "`valetkey show AUTHORIZATION` tells."
_STATE: Final = "`valetkey check AUTHORIZATION --saw STATUS --ends-on DAY` states it."

WHY: Final = "`valetkey diagnose AUTHORIZATION` tells what is wrong, and whose turn it is."
"""Behind whatever the platform refused, by any name it has for it."""

HINTS: Final[dict[str, str]] = {
    # Who acts, and for whom.
    "bad_token": "`valetkey token make MAIL` makes one.",
    "no_such_invitation": "`valetkey invitation list` shows them.",
    "no_such_party": "`valetkey party list` shows yours.",
    "no_such_user": "`valetkey user list` shows them.",
    "not_a_member": "`valetkey user list` shows who acts for whom.",
    "user_exists": "`valetkey user join MAIL --party NAME` does.",
    # What is on record.
    "no_such_ad_account": "`valetkey ad-account list` shows yours, `valetkey ad-account add` enters one.",
    "no_such_authorization": "`valetkey list` shows yours.",
    "no_such_campaign": "`valetkey campaign list` shows yours, `valetkey campaign add` enters one.",
    "no_such_exposure": "`valetkey exposure list` shows yours.",
    "no_such_filter": "`valetkey list --help` shows them all.",
    "no_such_guide": "`valetkey guides list` shows them.",
    "no_such_post": "`valetkey posts CREATOR` shows them.",
    "exposure_over": "`valetkey exposure open` writes down another.",
    "no_such_view": "`valetkey views list` shows them.",
    "too_many_views": "`valetkey views forget NAME` does.",
    # The platform and its connections.
    "address": _CONNECT,
    "by_hand": (
        "--by-hand says that you did it, `valetkey record` takes a code made in the app,"
        f" `valetkey check AUTHORIZATION --saw STATUS` what the app shows; {_CONNECT}"
    ),
    "connection_lapsed": _CONNECT,
    "level": "The option for it is --by-hand.",
    "other_code": _LIST,
    "post_busy": _LIST,
    "post_has_code": _LIST,
    # Steps of the life.
    "already_applied": _CHECK,
    "asked_already": "`valetkey remind AUTHORIZATION` or `valetkey request-link extend AUTHORIZATION --days N` does.",
    "connected": "Leave --saw and --ends-on out.",
    "end_unknown": _STATE,
    "ended_on_platform": f"{_CHECK} `valetkey replace AUTHORIZATION` replaces it.",
    "not_applied_there": _SHOW,
    "not_extended": _CHECK,
    "not_in_this_state": _SHOW,
    "not_over": "`valetkey end ask AUTHORIZATION` asks.",
    "not_sent": "`valetkey request-link send AUTHORIZATION` sends it.",
    "not_shown": "`valetkey end confirm AUTHORIZATION --seen TEXT` states it.",
    "outcome_uncertain": _CHECK,
    "settled_meanwhile": _SHOW,
    "somebody_was_faster": _SHOW,
    "still_on": "`valetkey end confirm AUTHORIZATION` asks again.",
    "still_past": _STATE,
    "still_uncertain": f"{_CHECK} With --by-hand, the step itself says what was done.",
    "credential_in_text": "--not-a-credential says so; `valetkey guides show login-was-shared` is that guide.",
    "too_short": "--days N gives another number; --short-reason TEXT keeps this one and says why.",
    "under_way": _SHOW,
}
"""Code → how to do it with this program. A code that is not here needs no command, or its step names the option."""


def next_step(refused: Refused) -> str:
    """What the refusal says to do, and the command for it, unless a command was named already."""
    if "`valetkey" in refused.next_step:
        return refused.next_step
    why = WHY if isinstance(refused, PlatformRefused | PlatformDown) else ""
    return " ".join(part for part in (refused.next_step, HINTS.get(refused.code, ""), why) if part)
