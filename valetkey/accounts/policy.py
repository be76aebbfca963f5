"""PURE. The policy table: which side of an authorization, in which role, may use which verb.

Decides only who; whether the verb fits the state is decided by the lifecycle.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """What a user may do for a party."""

    MANAGER = "manager"
    MEMBER = "member"
    VIEWER = "viewer"


class DeskRole(StrEnum):
    """What a user may do on the whole desk."""

    NONE = ""
    ADMIN = "admin"
    AUDITOR = "auditor"


class Side(StrEnum):
    """Where a person stands towards one authorization."""

    CREATOR = "creator"
    ADVERTISER = "advertiser"
    ADMIN = "admin"
    AUDITOR = "auditor"


@dataclass(frozen=True)
class Standing:
    """All of a person's places towards one authorization. Somebody may act for both sides."""

    creator: Role | None = None
    advertiser: Role | None = None
    desk: DeskRole = DeskRole.NONE

    def sides(self) -> frozenset[Side]:
        """The sides on which this person may change something."""
        working = {Role.MANAGER, Role.MEMBER}
        return frozenset(
            side
            for side, holds in (
                (Side.CREATOR, self.creator in working),
                (Side.ADVERTISER, self.advertiser in working),
                (Side.ADMIN, self.desk is DeskRole.ADMIN),
                (Side.AUDITOR, self.desk is DeskRole.AUDITOR),
            )
            if holds
        )

    def may_see(self) -> bool:
        return self.creator is not None or self.advertiser is not None or self.desk is not DeskRole.NONE


_BOTH = frozenset({Side.CREATOR, Side.ADVERTISER, Side.ADMIN})
_CREATOR = frozenset({Side.CREATOR, Side.ADMIN})
_ADVERTISER = frozenset({Side.ADVERTISER, Side.ADMIN})

TABLE: Final[dict[str, frozenset[Side]]] = {
    "request": _ADVERTISER,
    "decline": _CREATOR,
    "withdraw": _ADVERTISER,
    "issue": _CREATOR,
    "record": _BOTH,
    "hand_over": _CREATOR,
    # The admin keeps the record and needs no code for it.
    "open": frozenset({Side.CREATOR, Side.ADVERTISER}),
    "apply": _ADVERTISER,
    "read_back": _ADVERTISER,
    "unbind": _ADVERTISER,
    "check": _BOTH,
    "extend": _CREATOR,
    "replace": _CREATOR,
    "ask_to_end": _BOTH,
    "acknowledge_end": _ADVERTISER,
    "pause_ads": _ADVERTISER,
    "switch_off": _CREATOR,
    "confirm_end": _BOTH,
    "tell_advertiser": _CREATOR,
    "expire": frozenset({Side.ADMIN}),
}
"""Verb → the sides that may use it. A verb that is not here is nobody's."""


def may(verb: str, standing: Standing) -> bool:
    return bool(TABLE.get(verb, frozenset()) & standing.sides())


def whose(verb: str) -> str:
    """The side to name when a verb is refused: "the creator's side"."""
    sides = TABLE.get(verb, frozenset()) - {Side.ADMIN, Side.AUDITOR}
    if sides == {Side.CREATOR}:
        return "the creator's side"
    if sides == {Side.ADVERTISER}:
        return "the advertiser's side"
    return "either side" if sides else "the desk itself"
