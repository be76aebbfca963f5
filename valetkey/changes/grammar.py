"""PURE. What a plan is made of: steps, each with Where · Do · Confirm · If this fails, and what each of them is about.

Decides the shape alone: which steps fit which plan, which effect fits which step, which words may be filled in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from valetkey.register.occasions import Occasion


class About(StrEnum):
    """Whom or what a change is about. None: the keeper's whole record."""

    PERSON = "person"
    PARTY = "party"
    ASSET = "asset"
    AUTHORIZATION = "authorization"
    NONE = "none"


class Thing(StrEnum):
    """What one step is about: the word before its reference."""

    PERSON = "person"
    PARTY = "party"
    ASSET = "asset"
    AUTHORIZATION = "authorization"
    ACCESS = "access"
    OWNERSHIP = "ownership"
    EXPOSURE = "exposure"
    RESPONSIBILITY = "responsibility"
    ENGAGEMENT = "engagement"
    USER = "user"
    TOKEN = "token"  # noqa: S105  # the word for it
    NONE = "none"


class Each(StrEnum):
    """For each what of the record a step is made anew. Once: for the change as a whole."""

    ONCE = ""
    ACCESS = "access"
    INDIVIDUAL = "individual"
    ACCESS_ANSWERED_FOR = "access_answered_for"
    AUTHORIZATION_OWNED = "authorization_owned"
    AUTHORIZATION_LIVE = "authorization_live"
    CODE_SEEN = "code_seen"
    EXPOSURE_KNOWN = "exposure_known"
    OWNERSHIP = "ownership"
    ASSET_OWNED = "asset_owned"
    RESPONSIBILITY = "responsibility"
    ENGAGEMENT = "engagement"
    SIGN_IN = "sign_in"
    TOKEN = "token"  # noqa: S105  # the word for it
    LINE_END = "line_end"
    LINE_STOP = "line_stop"
    LINE_CHANGE = "line_change"
    LINE_NOT_MINE = "line_not_mine"


class Who(StrEnum):
    """Whose step it is: of whoever is responsible for the occasion, of whoever answers for the thing, of the person
    whom the change is about."""

    RESPONSIBLE = "responsible"
    OWNER = "owner"
    THEMSELVES = "themselves"


class Effect(StrEnum):
    """What the record must show before a step is done. The desk does it, or reads that it was done."""

    CLOSE_ACCESS = "close_access"
    CONFIRM_ACCESS = "confirm_access"
    CLOSE_EXPOSURE = "close_exposure"
    PASS_ON = "pass_on"  # noqa: S105  # a hand-over of duties
    END_SIGN_IN = "end_sign_in"
    END_TOKEN = "end_token"  # noqa: S105  # the word for it
    END_ENGAGEMENT = "end_engagement"
    TAKE_BACK = "take_back"
    CONFIRM_OWNERSHIP = "confirm_ownership"
    NOTE_LEFT = "note_left"
    ASK_TO_END = "ask_to_end"
    ADS_PAUSED = "ads_paused"
    SWITCHED_OFF = "switched_off"
    ENDED = "ended"
    TOLD = "told"


OCCASIONS: Final[Mapping[Occasion, str]] = {
    Occasion.JOINER: "somebody joins",
    Occasion.BEFORE_HIRE: "before somebody is hired",
    Occasion.MOVER: "somebody changes work",
    Occasion.LEAVER: "somebody leaves",
    Occasion.AGENCY_START: "work with a partner begins",
    Occasion.AGENCY_MIDDLE: "half-way with a partner",
    Occasion.AGENCY_END: "work with a partner ends",
    Occasion.CODE_GIVEN: "a code is given",
    Occasion.CODE_ENDED: "a code ends",
    Occasion.OWNERSHIP_CHECK: "who owns an account",
    Occasion.CONTINUITY_CHECK: "could we go on without any one of us",
    Occasion.INCIDENT: "something is wrong with an account",
    Occasion.REVIEW: "a review was closed",
}

ABOUT_THINGS: Final[Mapping[About, Thing]] = {each: Thing(each.value) for each in About}

THINGS: Final[Mapping[Each, Thing]] = {
    Each.ACCESS: Thing.ACCESS,
    Each.INDIVIDUAL: Thing.ACCESS,
    Each.ACCESS_ANSWERED_FOR: Thing.ACCESS,
    Each.AUTHORIZATION_OWNED: Thing.AUTHORIZATION,
    Each.AUTHORIZATION_LIVE: Thing.AUTHORIZATION,
    Each.CODE_SEEN: Thing.AUTHORIZATION,
    Each.EXPOSURE_KNOWN: Thing.EXPOSURE,
    Each.OWNERSHIP: Thing.OWNERSHIP,
    Each.ASSET_OWNED: Thing.OWNERSHIP,
    Each.RESPONSIBILITY: Thing.RESPONSIBILITY,
    Each.ENGAGEMENT: Thing.ENGAGEMENT,
    Each.SIGN_IN: Thing.USER,
    Each.TOKEN: Thing.TOKEN,
    Each.LINE_END: Thing.ACCESS,
    Each.LINE_STOP: Thing.AUTHORIZATION,
    Each.LINE_CHANGE: Thing.ACCESS,
    Each.LINE_NOT_MINE: Thing.ACCESS,
}

EACH_OF: Final[Mapping[About, frozenset[Each]]] = {
    About.PERSON: frozenset(
        {
            Each.ACCESS, Each.ACCESS_ANSWERED_FOR, Each.AUTHORIZATION_OWNED, Each.CODE_SEEN, Each.EXPOSURE_KNOWN,
            Each.OWNERSHIP, Each.RESPONSIBILITY, Each.ENGAGEMENT, Each.SIGN_IN, Each.TOKEN,
        }
    ),
    About.PARTY: frozenset(
        {
            Each.ACCESS, Each.INDIVIDUAL, Each.AUTHORIZATION_LIVE, Each.EXPOSURE_KNOWN, Each.ASSET_OWNED,
            Each.ENGAGEMENT, Each.SIGN_IN,
        }
    ),
    About.ASSET: frozenset(
        {Each.ACCESS, Each.AUTHORIZATION_LIVE, Each.EXPOSURE_KNOWN, Each.OWNERSHIP, Each.RESPONSIBILITY}
    ),
    About.AUTHORIZATION: frozenset(),
    About.NONE: frozenset(
        {
            Each.EXPOSURE_KNOWN, Each.OWNERSHIP, Each.RESPONSIBILITY,
            Each.LINE_END, Each.LINE_STOP, Each.LINE_CHANGE, Each.LINE_NOT_MINE,
        }
    ),
}  # fmt: skip
"""What the record can be asked for of each, beside the change itself. Lines are those that a review decided on."""


@dataclass(frozen=True)
class Means:
    """`button`: what doing it is called, "" where it is done on a page of its own and only read here. `of`: what it can
    be done to. `only`: what the plan must be about. `needs_to`: the person it goes to must be named."""

    button: str
    of: frozenset[Thing]
    only: About | None = None
    needs_to: bool = False


EFFECTS: Final[Mapping[Effect, Means]] = {
    Effect.CLOSE_ACCESS: Means("End this access in the record", frozenset({Thing.ACCESS})),
    Effect.CONFIRM_ACCESS: Means("Confirm this access in the record", frozenset({Thing.ACCESS})),
    Effect.CLOSE_EXPOSURE: Means("Confirm that it was changed", frozenset({Thing.EXPOSURE})),
    Effect.PASS_ON: Means(
        "Pass it on",
        frozenset(
            {Thing.ACCESS, Thing.AUTHORIZATION, Thing.OWNERSHIP, Thing.RESPONSIBILITY, Thing.ENGAGEMENT}
        ),
        needs_to=True,
    ),
    Effect.END_SIGN_IN: Means("End their sign-in", frozenset({Thing.USER})),
    Effect.END_TOKEN: Means("End this token", frozenset({Thing.TOKEN})),
    Effect.END_ENGAGEMENT: Means("End the engagement in the record", frozenset({Thing.ENGAGEMENT})),
    Effect.TAKE_BACK: Means("Write down that it is yours again", frozenset({Thing.OWNERSHIP}), only=About.PARTY),
    Effect.CONFIRM_OWNERSHIP: Means("Confirm the ownership in the record", frozenset({Thing.OWNERSHIP})),
    Effect.NOTE_LEFT: Means("Write down their last day", frozenset({Thing.PERSON})),
    Effect.ASK_TO_END: Means("Ask to end it", frozenset({Thing.AUTHORIZATION})),
    Effect.ADS_PAUSED: Means("", frozenset({Thing.AUTHORIZATION})),
    Effect.SWITCHED_OFF: Means("", frozenset({Thing.AUTHORIZATION})),
    Effect.ENDED: Means("", frozenset({Thing.AUTHORIZATION})),
    Effect.TOLD: Means("", frozenset({Thing.AUTHORIZATION})),
}  # fmt: skip

_OF_ACCESS: Final = ("holder", "role", "surface", "asset", "path", "removal")
_OF_AUTHORIZATION: Final = ("authorization", "post", "creator", "advertiser", "ends")

PLACEHOLDERS: Final[Mapping[About | Each, tuple[str, ...]]] = {
    About.PERSON: ("keeper", "day", "person"),
    About.PARTY: ("keeper", "day", "party"),
    About.ASSET: ("keeper", "day", "asset", "platform"),
    About.AUTHORIZATION: ("keeper", "day", *_OF_AUTHORIZATION),
    About.NONE: ("keeper", "day", "scope"),
    Each.ONCE: (),
    Each.ACCESS: _OF_ACCESS,
    Each.INDIVIDUAL: _OF_ACCESS,
    Each.ACCESS_ANSWERED_FOR: _OF_ACCESS,
    Each.AUTHORIZATION_OWNED: _OF_AUTHORIZATION,
    Each.AUTHORIZATION_LIVE: _OF_AUTHORIZATION,
    Each.CODE_SEEN: _OF_AUTHORIZATION,
    Each.EXPOSURE_KNOWN: ("account", "shared", "remedy"),
    Each.OWNERSHIP: ("asset", "controls"),
    Each.ASSET_OWNED: ("asset", "owned_by"),
    Each.RESPONSIBILITY: ("what", "occasion"),
    Each.ENGAGEMENT: ("partner", "purpose"),
    Each.SIGN_IN: ("who", "role"),
    Each.TOKEN: ("who", "label"),
    Each.LINE_END: (*_OF_ACCESS, "said"),
    Each.LINE_STOP: (*_OF_AUTHORIZATION, "said"),
    Each.LINE_CHANGE: (*_OF_ACCESS, "said"),
    Each.LINE_NOT_MINE: (*_OF_ACCESS, "said"),
}
"""What a text may name, as `{surface}`: of the change as a whole, and of what the step is made for."""

TEXTS: Final = ("title", "where", "do", "confirm", "fails")
"""The parts of a step that people read, in this order."""


@dataclass(frozen=True)
class PlanStep:
    """`effect`: what the record must show before it is done. `offer`: what the desk can do for it, too, if one wants.

    `days`: due so many days after the day of the change; before it, where it is less than 0. `guide`: to read on.
    """

    name: str
    title: str
    where: str
    do: str
    confirm: str
    fails: str
    each: Each = Each.ONCE
    who: Who = Who.RESPONSIBLE
    days: int = 0
    effect: Effect | None = None
    offer: Effect | None = None
    guide: str = ""


@dataclass(frozen=True)
class PlanSheet:
    """`name`: the occasion it is for."""

    name: str
    title: str
    about: About
    intro: str
    steps: tuple[PlanStep, ...]


def words(occasion: str) -> str:
    """The occasion, to stand inside a sentence: “somebody leaves”."""
    known = {str(each): text for each, text in OCCASIONS.items()}
    return known.get(occasion, occasion.replace("_", " "))


def thing_of(step: PlanStep, about: About) -> Thing:
    """What a step of a plan about this is about."""
    return THINGS.get(step.each, ABOUT_THINGS[about])
