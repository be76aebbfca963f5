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
    "access_ended": "`valetkey access open SURFACE` writes down another.",
    "access_of_authorization": "`valetkey end ask AUTHORIZATION` asks to end it; `valetkey owner` passes it on.",
    "asset_kind": "`valetkey ad-account add` and `valetkey post add` are for the others.",
    "no_known_end": "`valetkey access change ACCESS --until DAY` says when.",
    "no_such_access": "`valetkey access list` shows yours.",
    "no_such_ad_account": "`valetkey ad-account list` shows yours, `valetkey ad-account add` enters one.",
    "no_such_authorization": "`valetkey list` shows yours.",
    "no_such_notice": "`valetkey notices list` shows yours.",
    "no_such_asset": "`valetkey asset list` shows yours, `valetkey asset add` enters one.",
    "no_such_campaign": "`valetkey campaign list` shows yours, `valetkey campaign add` enters one.",
    "no_such_engagement": "`valetkey engagement list` shows yours.",
    "change_open": "`valetkey change show CHANGE` shows it.",
    "no_such_change": "`valetkey change list` shows yours.",
    "no_such_finding": "`valetkey findings list` shows yours.",
    "finding_closed": "`valetkey findings show FINDING` tells.",
    "not_about_an_end": "`valetkey findings snooze` or `valetkey findings hand-on` does.",
    "no_such_limit": "`valetkey findings limits` shows them.",
    "no_such_feed": "`valetkey feeds list` shows yours.",
    "enough_feeds": "`valetkey feeds end CALENDAR` ends one.",
    "no_such_webhook": "`valetkey webhooks list` shows yours.",
    "no_such_delivery": "`valetkey webhooks deliveries WEBHOOK` shows them.",
    "not_given_up": "`valetkey webhooks deliveries WEBHOOK --dead` shows what was.",
    "enough_webhooks": "`valetkey webhooks end WEBHOOK` ends one.",
    "webhook_ended": "`valetkey webhooks add URL --party NAME` adds another.",
    "no_such_review": "`valetkey review list` shows yours.",
    "no_such_line": "`valetkey review show REVIEW` shows its lines.",
    "lines_undecided": "`valetkey review show REVIEW --undecided` shows them.",
    "opened_by_review": "`valetkey review open` opens one.",
    "review_open": "`valetkey review show REVIEW` shows it.",
    "no_such_plan": "`valetkey plan list` shows them.",
    "no_such_step": "`valetkey change show CHANGE` shows its checklist.",
    "plan_faults": "`valetkey plan show PLAN --text` prints the text in use.",
    "steps_open": "`valetkey change do CHANGE STEP` or `valetkey change skip CHANGE STEP` does.",
    "to_missing": "The option for it is --to.",
    "no_such_exposure": "`valetkey exposure list` shows yours.",
    "no_such_column": "The option for it is --map COLUMN=FIELD.",
    "no_such_intake": "`valetkey intake list` shows yours.",
    "intake_changed": "`valetkey intake show SHEET` shows them.",
    "intake_over": "`valetkey intake try FILE --party NAME` tries one.",
    "intake_does_nothing": "`valetkey intake show SHEET` tells them.",
    "intake_not_done": "`valetkey intake show SHEET` tells.",
    "no_such_filter": "`valetkey list --help` shows them all.",
    "no_such_guide": "`valetkey guides list` shows them.",
    "no_such_person": "`valetkey person list` shows yours, `valetkey person add` enters somebody.",
    "no_such_post": "`valetkey posts CREATOR` shows them.",
    "exposure_over": "`valetkey exposure open` writes down another.",
    "no_such_responsibility": "`valetkey responsibility list` shows yours.",
    "engagement_over": "`valetkey engagement start` writes down another.",
    "no_ownership": "`valetkey ownership set ASSET` does.",
    "responsibility_over": "`valetkey responsibility give` gives another.",
    "no_such_thing": "`valetkey find TEXT` looks for it.",
    "no_such_surface": "`valetkey surface list ASSET` shows them, `valetkey surface add ASSET` adds one.",
    "not_on_record": "`valetkey person add` does.",
    "person_exists": "`valetkey person change PERSON` does.",
    "surface_kind": "`valetkey catalogue` shows the words.",
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
    "desk_holds_something": "--replace says so, and what is here is gone then.",
    "desk_not_empty": "`valetkey restore` puts a backup back, also in place of what is here.",
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
