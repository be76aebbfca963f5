"""PURE. How an authorization stands, in a sentence; what leads on, and whose turn that is.

Decides neither whether a verb is legal (lifecycle) nor who may use it (accounts.policy): it names the likely next one.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from valetkey.authorizations.lifecycle import USABLE, State, Verb, words


class Whose(StrEnum):
    """The side that has to do something. Either: whoever looks first."""

    CREATOR = "creator"
    ADVERTISER = "advertiser"
    EITHER = "either"
    NOBODY = ""


NEXT: Final[dict[State, Verb]] = {
    State.NEW: Verb.ISSUE,
    State.REQUESTED: Verb.ISSUE,
    State.ISSUED: Verb.HAND_OVER,
    State.HANDED_OVER: Verb.OPEN,
    State.OPENED: Verb.APPLY,
    State.APPLIED: Verb.CHECK,
    State.END_ASKED: Verb.ACKNOWLEDGE_END,
    State.END_ACKNOWLEDGED: Verb.PAUSE_ADS,
    State.ADS_PAUSED: Verb.SWITCH_OFF,
    State.SWITCHED_OFF: Verb.CONFIRM_END,
    State.EXPIRED: Verb.EXTEND,
}
"""The verb that leads on, where one does; in use nothing is left to do."""

_WHOSE: Final[dict[Verb, Whose]] = {
    Verb.ISSUE: Whose.CREATOR,
    Verb.HAND_OVER: Whose.CREATOR,
    Verb.OPEN: Whose.ADVERTISER,
    Verb.APPLY: Whose.ADVERTISER,
    Verb.CHECK: Whose.EITHER,
    Verb.ACKNOWLEDGE_END: Whose.ADVERTISER,
    Verb.PAUSE_ADS: Whose.ADVERTISER,
    Verb.SWITCH_OFF: Whose.CREATOR,
    Verb.CONFIRM_END: Whose.EITHER,
    Verb.TELL_ADVERTISER: Whose.CREATOR,
    Verb.EXTEND: Whose.CREATOR,
}

_SENTENCES: Final[dict[State, str]] = {
    State.NEW: "{creator} has begun to authorize this post; there is no code yet.",
    State.REQUESTED: "{advertiser} has asked {creator} for this post. There is no code yet.",
    State.DECLINED: "{creator} has declined the request.",
    State.WITHDRAWN: "{advertiser} has withdrawn the request.",
    State.ISSUED: "There is a code. It is not handed over yet.",
    State.HANDED_OVER: "The code is handed over. {advertiser} has not opened it yet.",
    State.OPENED: "{advertiser} has opened the code and not applied it to an ad account yet.",
    State.APPLIED: "The code is applied. What the ad account shows has not been read back yet.",
    State.IN_USE: "The code is in use.",
    State.END_ASKED: "It is to end early. {advertiser} has not said yet that they have read it.",
    State.END_ACKNOWLEDGED: "It is to end early, and {advertiser} knows. The ads on the post are not paused yet.",
    State.ADS_PAUSED: "The ads are paused. Ad authorization is still on for the post.",
    State.SWITCHED_OFF: "It was switched off. It has not been confirmed yet that the platform shows it gone.",
    State.ENDED: "It is ended.",
    State.EXPIRED: "The window of the code is over.",
}


@dataclass(frozen=True)
class Known:
    """What the turn is told from. `days_short`: by how much the window misses a campaign at its end."""

    state: State
    creator: str
    advertiser: str
    claim: Verb | None = None
    is_uncertain: bool = False
    is_told: bool = False
    is_read_by_token: bool = True
    days_short: int = 0


@dataclass(frozen=True)
class Turn:
    """`sentence`: how it stands. `verb`: what leads on, None where nothing waits to be done."""

    sentence: str
    verb: Verb | None
    whose: Whose

    @property
    def is_waiting(self) -> bool:
        return self.verb is not None


def turn(known: Known) -> Turn:
    sentence = _SENTENCES[known.state].format(creator=known.creator, advertiser=known.advertiser)
    if known.claim is not None:
        return Turn(_claimed(known.claim, is_uncertain=known.is_uncertain), Verb.CHECK, Whose.EITHER)
    if known.state is State.ENDED and not known.is_told:
        return _to(Verb.TELL_ADVERTISER, f"{sentence} {known.advertiser} has not been told yet.")
    verb = NEXT.get(known.state)
    if verb is Verb.CHECK and not known.is_read_by_token:
        sentence, verb = "The code is applied, as somebody stated it.", None
    if verb is None and known.state in USABLE and known.days_short:
        count = "1 day" if known.days_short == 1 else f"{known.days_short} days"
        return _to(Verb.EXTEND, f"{sentence} It ends {count} before a campaign that uses it.")
    return Turn(sentence, None, Whose.NOBODY) if verb is None else _to(verb, sentence)


def _to(verb: Verb, sentence: str) -> Turn:
    return Turn(sentence, verb, _WHOSE[verb])


def _claimed(verb: Verb, *, is_uncertain: bool) -> str:
    if is_uncertain:
        return f"Whether “{words(verb)}” was carried out is not known: no clear answer came back from the platform."
    return f"“{words(verb)}” is under way."
