"""PURE. The life of an authorization as one table: in which state which verb is legal, and where it leads.

Decides nothing about who may use a verb (accounts.policy) and nothing about time windows against campaigns (coverage).

    new ──issue, record──▶ issued ──hand over──▶ handed over ──open──▶ opened ──apply──▶ applied ──read back──▶ in use
    requested ──decline──▶ declined, or ──withdraw──▶ withdrawn
    any with a live code ──ask to end──▶ end asked ─▶ acknowledged ─▶ ads paused ─▶ switched off ─▶ ended (told)
    any with a live code ──expire──▶ expired ──extend──▶ where it was
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from valetkey.connectors.base import CodeStatus
from valetkey.errors import Conflict


class State(StrEnum):
    NEW = "new"
    REQUESTED = "requested"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    ISSUED = "issued"
    HANDED_OVER = "handed_over"
    OPENED = "opened"
    APPLIED = "applied"
    IN_USE = "in_use"
    END_ASKED = "end_asked"
    END_ACKNOWLEDGED = "end_acknowledged"
    ADS_PAUSED = "ads_paused"
    SWITCHED_OFF = "switched_off"
    ENDED = "ended"
    EXPIRED = "expired"


class Verb(StrEnum):
    """What people do, and what is found out (the last four)."""

    REQUEST = "request"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    ISSUE = "issue"
    RECORD = "record"
    HAND_OVER = "hand_over"
    OPEN = "open"
    APPLY = "apply"
    UNBIND = "unbind"
    EXTEND = "extend"
    REPLACE = "replace"
    ASK_TO_END = "ask_to_end"
    ACKNOWLEDGE_END = "acknowledge_end"
    PAUSE_ADS = "pause_ads"
    SWITCH_OFF = "switch_off"
    CONFIRM_END = "confirm_end"
    TELL_ADVERTISER = "tell_advertiser"
    CHECK = "check"
    READ_BACK = "read_back"
    EXPIRE = "expire"
    SEEN_LIVE = "seen_live"
    SEEN_GONE = "seen_gone"


NOTHING_YET: Final = frozenset({State.NEW, State.REQUESTED})
USABLE: Final = frozenset({State.ISSUED, State.HANDED_OVER, State.OPENED, State.APPLIED, State.IN_USE})
ENDING: Final = frozenset({State.END_ASKED, State.END_ACKNOWLEDGED, State.ADS_PAUSED, State.SWITCHED_OFF})
LIVE: Final = USABLE | ENDING
"""States in which the code opens something, as far as anybody knows. Switched off counts until it is confirmed."""
OVER: Final = frozenset({State.DECLINED, State.WITHDRAWN, State.ENDED})
"""No edge leads out of these to a live state. Expired is not among them: the creator can extend an expired code."""


class Resume(StrEnum):
    """The target of an edge that depends on how far the authorization had come."""

    WHERE_IT_WAS = "where_it_was"


@dataclass(frozen=True)
class Progress:
    """How far an authorization has come, apart from its state."""

    was_handed_over: bool = False
    was_opened: bool = False
    live_applications: int = 0
    proven_applications: int = 0
    ending: State | None = None
    """The last step of an ending that was under way. A window that ran out meanwhile does not make it forgotten."""

    def state(self) -> State:
        if self.ending:
            return self.ending
        if self.proven_applications:
            return State.IN_USE
        if self.live_applications:
            return State.APPLIED
        if self.was_opened:
            return State.OPENED
        return State.HANDED_OVER if self.was_handed_over else State.ISSUED


def _stays(states: Iterable[State], *verbs: Verb) -> dict[tuple[State, Verb], State | Resume]:
    return {(state, verb): state for state in states for verb in verbs}


def _leads(states: Iterable[State], verb: Verb, target: State | Resume) -> dict[tuple[State, Verb], State | Resume]:
    return {(state, verb): target for state in states}


S, V = State, Verb

EDGES: Final[dict[tuple[State, Verb], State | Resume]] = {
    **_leads([S.NEW], V.REQUEST, S.REQUESTED),
    **_leads([S.REQUESTED], V.DECLINE, S.DECLINED),
    **_leads([S.REQUESTED], V.WITHDRAW, S.WITHDRAWN),
    **_leads(NOTHING_YET, V.ISSUE, S.ISSUED),
    **_leads(NOTHING_YET, V.RECORD, S.ISSUED),
    **_leads([S.ISSUED, S.HANDED_OVER], V.HAND_OVER, S.HANDED_OVER),
    **_stays([S.OPENED, S.APPLIED, S.IN_USE], V.HAND_OVER),
    **_leads([S.HANDED_OVER, S.OPENED], V.OPEN, S.OPENED),
    # The creator looks at their own code, or somebody opens it again; that changes nothing.
    **_stays([S.ISSUED, S.APPLIED, S.IN_USE], V.OPEN),
    **_leads([S.ISSUED, S.HANDED_OVER, S.OPENED, S.APPLIED], V.APPLY, S.APPLIED),
    **_stays([S.IN_USE], V.APPLY),
    **_leads([S.APPLIED, S.IN_USE], V.READ_BACK, S.IN_USE),
    **_leads([S.APPLIED, S.IN_USE], V.UNBIND, Resume.WHERE_IT_WAS),
    **_stays([*ENDING, S.ENDED, S.EXPIRED], V.UNBIND, V.READ_BACK),
    **_stays(USABLE, V.EXTEND, V.REPLACE),
    **_leads([S.EXPIRED], V.EXTEND, Resume.WHERE_IT_WAS),
    **_stays([S.EXPIRED], V.REPLACE),
    **_leads(USABLE, V.ASK_TO_END, S.END_ASKED),
    **_leads([S.END_ASKED], V.ACKNOWLEDGE_END, S.END_ACKNOWLEDGED),
    **_leads([S.END_ASKED, S.END_ACKNOWLEDGED], V.PAUSE_ADS, S.ADS_PAUSED),
    # The creator may try at once; the platform refuses while ads run.
    **_leads([S.END_ASKED, S.END_ACKNOWLEDGED, S.ADS_PAUSED], V.SWITCH_OFF, S.SWITCHED_OFF),
    **_leads([S.SWITCHED_OFF], V.CONFIRM_END, S.ENDED),
    **_stays([S.ENDED, S.EXPIRED], V.TELL_ADVERTISER),
    **_leads(LIVE, V.EXPIRE, S.EXPIRED),
    **_leads([S.EXPIRED], V.SEEN_LIVE, Resume.WHERE_IT_WAS),
    **_leads([*LIVE, S.EXPIRED], V.SEEN_GONE, S.ENDED),
    **_stays([*LIVE, *NOTHING_YET, S.EXPIRED, S.ENDED], V.CHECK),
}
"""(state, verb) → next state. What is not here is not legal, and `apply` refuses it."""

_FOUND_OUT: Final = frozenset({V.READ_BACK, V.EXPIRE, V.SEEN_LIVE, V.SEEN_GONE})


def apply(state: State, verb: Verb, progress: Progress) -> State:
    """The state after a verb. Raises Conflict with what is possible instead."""
    target = EDGES.get((state, verb))
    if target is None:
        raise Conflict("not_in_this_state", f"“{words(verb)}” does not fit: it is {words(state)}.", _instead(state))
    return progress.state() if isinstance(target, Resume) else target


def allowed(state: State) -> tuple[Verb, ...]:
    """The verbs a person can use in a state, in the order of the life. Doors offer exactly these, less the policy's."""
    return tuple(verb for verb in Verb if verb not in _FOUND_OUT and (state, verb) in EDGES)


def words(name: State | Verb) -> str:
    """How a state or verb reads in a sentence."""
    return name.value.replace("_", " ")


def _instead(state: State) -> str:
    possible = [words(verb) for verb in allowed(state)]
    return f"Possible now: {', '.join(possible)}." if possible else "Nothing more can be done with it; start a new one."


class ApplicationState(StrEnum):
    """The life of one code on one ad account."""

    NEW = "new"
    APPLIED = "applied"
    IN_USE = "in_use"
    UNBOUND = "unbound"


APPLICATION_EDGES: Final[dict[tuple[ApplicationState, Verb], ApplicationState]] = {
    (ApplicationState.NEW, V.APPLY): ApplicationState.APPLIED,
    (ApplicationState.UNBOUND, V.APPLY): ApplicationState.APPLIED,
    (ApplicationState.APPLIED, V.READ_BACK): ApplicationState.IN_USE,
    (ApplicationState.IN_USE, V.READ_BACK): ApplicationState.IN_USE,
    (ApplicationState.APPLIED, V.UNBIND): ApplicationState.UNBOUND,
    (ApplicationState.IN_USE, V.UNBIND): ApplicationState.UNBOUND,
}
BOUND: Final = frozenset({ApplicationState.APPLIED, ApplicationState.IN_USE})


def apply_to_application(state: ApplicationState, verb: Verb) -> ApplicationState:
    """The state of one application after a verb. Raises Conflict."""
    target = APPLICATION_EDGES.get((state, verb))
    if target is None:
        already = verb is V.APPLY and state in BOUND
        raise Conflict(
            "already_applied" if already else "not_in_this_state",
            "The code is applied on this ad account already."
            if already
            else f"On this ad account it is {state.value}.",
            "Look again to read it back from the platform."
            if already
            else "Look at the authorization: it lists the ad accounts it is applied on.",
        )
    return target


class Drift(StrEnum):
    """A difference between the record and what the platform shows. The value is the sentence a person reads."""

    END_DIFFERS = "The platform shows another end than the record had."
    OTHER_CODE = "The platform shows another code for this post."
    USED_ELSEWHERE = "The platform says the code is in use, and no application is recorded here."
    ENDED_ELSEWHERE = "It was ended on the platform, not through this desk."
    EXPIRED_EARLY = "The platform says expired before the end in the record."
    ALIVE_AFTER_END = "The record says ended, and the platform shows the code alive."
    STILL_ON = "It was switched off here, and the platform still shows it on."


@dataclass(frozen=True)
class Recorded:
    state: State
    ends_at: datetime | None
    bound_applications: int


@dataclass(frozen=True)
class Seen:
    """What the platform showed. `is_same_code` is None where it showed no code."""

    status: CodeStatus
    ends_at: datetime | None
    is_same_code: bool | None


@dataclass(frozen=True)
class Observation:
    """What follows from a look: a verb to carry out, if any, and the differences found."""

    verb: Verb | None
    drifts: tuple[Drift, ...]


_SAME_END: Final = timedelta(minutes=1)
"""Platforms answer in whole seconds and people state minutes; less than this is the same end."""


def observe(recorded: Recorded, seen: Seen, at: datetime) -> Observation:
    """Compare the record with the platform. The platform's word wins; what differs is named."""
    if seen.is_same_code is False:
        # One code per post is inferred, not documented: a new code is no proof that the old one is gone.
        return Observation(None, (Drift.OTHER_CODE,))
    if seen.status is CodeStatus.DELETED:
        return _observe_gone(recorded)
    drifts = [Drift.END_DIFFERS] if _ends_differ(recorded.ends_at, seen.ends_at) else []
    if seen.status is CodeStatus.EXPIRED:
        return _observe_expired(recorded, at, drifts)
    if seen.status is CodeStatus.UNKNOWN:
        return Observation(None, tuple(drifts))
    return _observe_alive(recorded, seen, at, drifts)


def _observe_gone(recorded: Recorded) -> Observation:
    if (recorded.state, V.SEEN_GONE) not in EDGES:
        return Observation(None, ())
    if recorded.state is S.SWITCHED_OFF:
        return Observation(V.CONFIRM_END, ())
    return Observation(V.SEEN_GONE, (Drift.ENDED_ELSEWHERE,) if recorded.state in USABLE else ())


def _observe_expired(recorded: Recorded, at: datetime, drifts: list[Drift]) -> Observation:
    if (recorded.state, V.EXPIRE) not in EDGES:
        return Observation(None, tuple(drifts))
    if recorded.state is S.SWITCHED_OFF and (recorded.ends_at is None or recorded.ends_at > at):
        # Over before its time, after it was switched off: whether TikTok shows that as expired or deleted is unknown.
        return Observation(V.CONFIRM_END, ())
    early = recorded.ends_at is not None and recorded.ends_at > at
    return Observation(V.EXPIRE, (*drifts, Drift.EXPIRED_EARLY) if early else tuple(drifts))


def _observe_alive(recorded: Recorded, seen: Seen, at: datetime, drifts: list[Drift]) -> Observation:
    if recorded.state in OVER:
        return Observation(None, (*drifts, Drift.ALIVE_AFTER_END))
    if recorded.state is S.SWITCHED_OFF:
        return Observation(None, (*drifts, Drift.STILL_ON))
    if seen.status is CodeStatus.IN_USE and not recorded.bound_applications and recorded.state in LIVE:
        drifts.append(Drift.USED_ELSEWHERE)
    if recorded.state is S.EXPIRED:
        return _observe_revived(recorded, seen, at, drifts)
    return Observation(None, tuple(drifts))


def _observe_revived(recorded: Recorded, seen: Seen, at: datetime, drifts: list[Drift]) -> Observation:
    """Alive again with an end to come, or alive with no end shown: that alone does not undo an end that is past."""
    if seen.ends_at is not None:
        return Observation(V.SEEN_LIVE if seen.ends_at > at else None, tuple(drifts))
    if recorded.ends_at is not None and recorded.ends_at <= at:
        return Observation(None, (*drifts, Drift.ALIVE_AFTER_END))
    return Observation(V.SEEN_LIVE, tuple(drifts))


def _ends_differ(recorded: datetime | None, seen: datetime | None) -> bool:
    if recorded is None or seen is None:
        return False
    return abs(recorded - seen) >= _SAME_END
