"""PURE. What the record knows of one authorization, as a guide needs it: which steps it proves, which values it has.

True is what it proves, False what it knows not to be so, None what it cannot tell. Decides neither who may do a step
nor whether a verb is legal; which guide fits is told from the state and the likely next verb.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from valetkey.authorizations.coverage import Coverage, Verdict, Window
from valetkey.authorizations.eligibility import KnownPost, hindrances
from valetkey.authorizations.lifecycle import LIVE, NOTHING_YET, OVER, USABLE, Drift, State, Verb
from valetkey.connectors.base import PostKind, Visibility
from valetkey.guides.grammar import Proof


@dataclass(frozen=True)
class Ends:
    """A campaign that uses it: its last day, and whether the window lasts for it."""

    name: str
    ends_on: date
    coverage: Coverage


@dataclass(frozen=True)
class Known:
    """`campaigns`: the first to end first. `ad_accounts`: names of those it is applied on, as far as anybody knows;
    `agreed_ad_account`: the name of the one that was agreed, "" for none. `in_use`: how many were read back.

    `uncertain`: verbs of which it is not known whether they were carried out. `drifts`: what the last look at the
    platform showed to differ.
    """

    state: State
    creator: str
    advertiser: str
    caption: str
    post: KnownPost
    has_code: bool = False
    window: Window = Window(None, None)
    requested_days: int | None = None
    agreed_until: date | None = None
    agreed_ad_account: str = ""
    campaigns: tuple[Ends, ...] = ()
    creator_connected: bool = False
    advertiser_connected: bool = False
    was_handed_over: bool = False
    was_opened: bool = False
    ad_accounts: tuple[str, ...] = ()
    in_use: int = 0
    was_extended: bool = False
    was_replaced: bool = False
    end_asked: bool = False
    end_acknowledged: bool = False
    ads_paused: bool = False
    switched_off: bool = False
    was_told: bool = False
    uncertain: frozenset[Verb] = frozenset()
    drifts: frozenset[Drift] = frozenset()


_OF_VERB: Final[dict[Verb, Proof]] = {
    Verb.ISSUE: Proof.CODE_THERE,
    Verb.APPLY: Proof.APPLIED,
    Verb.EXTEND: Proof.EXTENDED,
    Verb.REPLACE: Proof.REPLACED,
    Verb.PAUSE_ADS: Proof.ADS_PAUSED,
    Verb.SWITCH_OFF: Proof.SWITCHED_OFF,
}
"""What a verb of unknown outcome may have made true."""


def proofs(known: Known, at: datetime) -> Mapping[Proof, bool | None]:
    """Every proof there is. A step whose outcome is not known is never said not to be done."""
    is_ended = known.state is State.ENDED
    found: dict[Proof, bool | None] = {
        Proof.POST_PUBLIC: _is_public(known.post),
        Proof.POST_USABLE: _is_usable(known.post),
        # Whoever got a code had the switch.
        Proof.AD_AUTHORIZATION_OFFERED: True if known.has_code else known.post.ad_authorization_available,
        Proof.CAMPAIGN_NAMED: bool(known.campaigns),
        Proof.DATES_AGREED: _is_agreed(known),
        Proof.COVERED: _is_covered(known.campaigns),
        Proof.CREATOR_CONNECTED: known.creator_connected,
        Proof.ADVERTISER_CONNECTED: known.advertiser_connected,
        Proof.CODE_THERE: known.has_code,
        Proof.CODE_LIVE: _is_live(known, at),
        Proof.HANDED_OVER: known.was_handed_over,
        Proof.OPENED: known.was_opened,
        Proof.APPLIED: bool(known.ad_accounts) or _unless(Drift.USED_ELSEWHERE in known.drifts),
        # Without a connection nobody can read it back.
        Proof.IN_USE: bool(known.in_use) or _unless(bool(known.ad_accounts) and not known.advertiser_connected),
        Proof.EXTENDED: _is_extended(known, at),
        Proof.REPLACED: known.was_replaced,
        Proof.END_ASKED: known.end_asked or _unless(is_ended),
        Proof.END_ACKNOWLEDGED: known.end_acknowledged or _unless(is_ended),
        Proof.ADS_PAUSED: known.ads_paused or _unless(is_ended),
        Proof.SWITCHED_OFF: known.switched_off or is_ended,
        Proof.ENDED: is_ended,
        Proof.TOLD: known.was_told,
    }
    unsure = {_OF_VERB[verb] for verb in known.uncertain if verb in _OF_VERB}
    return {proof: None if holds is False and proof in unsure else holds for proof, holds in found.items()}


def _unless(is_unclear: bool) -> bool | None:
    """Not so, as far as the record knows; not known where it is unclear."""
    return None if is_unclear else False


def _is_public(post: KnownPost) -> bool | None:
    return None if post.visibility is Visibility.UNKNOWN else post.visibility is Visibility.PUBLIC


def _is_usable(post: KnownPost) -> bool | None:
    if hindrances(KnownPost(post.kind, post.visibility, None)):
        return False
    return None if PostKind.UNKNOWN is post.kind or Visibility.UNKNOWN is post.visibility else True


def _is_agreed(known: Known) -> bool | None:
    """A day that is only asked for is not agreed yet."""
    return None if known.state in NOTHING_YET and known.agreed_until else known.agreed_until is not None


def _is_covered(campaigns: Iterable[Ends]) -> bool | None:
    """Whether it lasts to the end of all of them. A start that came late cannot be helped any more, and counts not."""
    verdicts = {each.coverage.verdict for each in campaigns}
    if verdicts & {Verdict.ENDS_BEFORE, Verdict.BOTH, Verdict.MISSES}:
        return False
    return None if not verdicts or Verdict.UNKNOWN in verdicts else True


def _is_live(known: Known, at: datetime) -> bool | None:
    if not known.has_code or known.state not in LIVE:
        return False
    holds = known.window.holds(at)
    unclear = known.state is State.SWITCHED_OFF or Drift.OTHER_CODE in known.drifts
    return None if holds and unclear else holds


def _is_extended(known: Known, at: datetime) -> bool | None:
    """An extension of long ago proves nothing where the code is to be extended once more."""
    if not known.was_extended:
        return False
    return True if _is_live(known, at) and _is_covered(known.campaigns) is not False else None


def values(known: Known, show: Callable[[date], str], quoted: str = "“{}”") -> Mapping[str, str]:
    """What stands for the placeholders of a guide; what is not known is not among them.

    `show` puts a day or an instant in the reader's words; `quoted`: how their language quotes a post's caption.
    """
    last = known.campaigns[-1] if known.campaigns else None
    only = known.ad_accounts[0] if len(known.ad_accounts) == 1 else ""
    ends_at = known.window.ends_at
    found = {
        "post": quoted.format(_short(known.caption)) if known.caption else "",
        "creator": known.creator,
        "advertiser": known.advertiser,
        "days": str(known.requested_days or ""),
        "ends": show(ends_at) if ends_at else "",
        "ad_account": known.agreed_ad_account or only,
        "campaign": last.name if last else "",
        "campaign_ends": show(last.ends_on) if last else "",
    }
    return {name: value for name, value in found.items() if value}


_LONGEST_CAPTION: Final = 60


def _short(caption: str) -> str:
    return caption if len(caption) <= _LONGEST_CAPTION else f"{caption[: _LONGEST_CAPTION - 1].rstrip()}…"


GUIDES: Final[dict[Verb, str]] = {
    Verb.REQUEST: "agree-on-a-duration",
    Verb.ISSUE: "authorize-a-post",
    Verb.RECORD: "authorize-a-post",
    Verb.HAND_OVER: "hand-over-a-code",
    Verb.OPEN: "apply-a-code",
    Verb.APPLY: "apply-a-code",
    Verb.UNBIND: "take-off-an-ad-account",
    Verb.EXTEND: "extend-a-code",
    Verb.REPLACE: "replace-a-code",
    Verb.ASK_TO_END: "end-an-authorization",
    Verb.ACKNOWLEDGE_END: "end-an-authorization",
    Verb.PAUSE_ADS: "end-an-authorization",
    Verb.SWITCH_OFF: "end-an-authorization",
    Verb.CONFIRM_END: "end-an-authorization",
    Verb.TELL_ADVERTISER: "end-an-authorization",
    Verb.CHECK: "code-does-not-work",
}
"""Verb → the guide that tells how to do it."""

_BEFORE: Final = ("authorize-a-post", "agree-on-a-duration", "post-not-eligible", "no-ad-authorization")
_WHILE: Final = ("code-does-not-work", "agree-on-a-duration", "extend-a-code", "replace-a-code", "end-an-authorization")


def fitting(state: State, following: Verb | None) -> tuple[str, ...]:
    """Names of the guides that fit now, the one of the next verb first. About a shared login there is always one."""
    found = [GUIDES[following]] if following in GUIDES else []
    if state in NOTHING_YET:
        found += _BEFORE
    elif state in USABLE:
        found += ["hand-over-a-code", "apply-a-code", *_WHILE]
        found += ["take-off-an-ad-account"] if state in {State.APPLIED, State.IN_USE} else []
    elif state in LIVE:
        found += ["end-an-authorization", "take-off-an-ad-account", "code-does-not-work"]
    elif state is State.EXPIRED:
        found += ["extend-a-code", "replace-a-code", "code-does-not-work"]
    elif state in OVER:
        found += ["authorize-a-post"]
    return tuple(dict.fromkeys([*found, "login-was-shared"]))


def ticked(steps: Collection[str], names: Iterable[str]) -> list[str]:
    """Of the steps somebody ticked those the guide still has, in its order."""
    return [name for name in names if name in steps]
