"""PURE. From a case to its causes, best first. Each rule looks at one thing and says what it found, and how surely.

A name of the platform's own table outranks everything, the record's proof outranks the look of a paste, and what is
only possible comes last. Certain is said of what the record or the platform shows and what is confirmed to follow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from valetkey.authorizations.coverage import Window, cover
from valetkey.authorizations.lifecycle import LIVE, Drift, State, Verb
from valetkey.connectors.base import Level, PostKind, Says, Visibility
from valetkey.diagnosis.answers import applied, attempted, of_paste, of_platform, where_tried, window_of
from valetkey.diagnosis.case import Case, Origin
from valetkey.diagnosis.causes import A_DAY, Cause, Confidence, Evidence, Found, Name, Rank, found, says
from valetkey.diagnosis.paste import Kind

__all__ = ["Cause", "Confidence", "Evidence", "Name", "diagnose"]

CERTAIN, LIKELY, POSSIBLE = Confidence.CERTAIN, Confidence.LIKELY, Confidence.POSSIBLE
_N = Name
_SUREST: Final = (CERTAIN, LIKELY, POSSIBLE)

_SOON: Final = timedelta(hours=48)
_JUST_MADE: Final = timedelta(minutes=30)


def diagnose(case: Case, *, at: datetime) -> tuple[Cause, ...]:
    """Every cause that the case speaks for, ranked, best first. Never empty."""
    causes: dict[Name, Found] = {}
    for rule in _RULES:
        for each in rule(case, at):
            before = causes.get(each.cause.name)
            causes[each.cause.name] = each if before is None else _merged(before, each)
    if not causes.keys() - {_N.NOT_CONNECTED}:
        causes = {_N.UNKNOWN: Found(Rank.LAST, _unknown(case)), **causes}
    ranked = sorted(causes.values(), key=lambda each: (each.rank, _SUREST.index(each.cause.confidence)))
    return tuple(each.cause for each in ranked)


def _merged(one: Found, other: Found) -> Found:
    evidence = (*one.cause.evidence, *(each for each in other.cause.evidence if each not in one.cause.evidence))
    unknown = tuple(dict.fromkeys((*one.cause.unknown, *other.cause.unknown)))
    surest = min(one.cause.confidence, other.cause.confidence, key=_SUREST.index)
    return Found(min(one.rank, other.rank), replace(one.cause, confidence=surest, evidence=evidence, unknown=unknown))


# -- what is not settled -----------------------------------------------------------------------------------------------


def _unsettled(case: Case, at: datetime) -> Iterator[Found]:
    if case.claim is not None:
        name, id = (_N.UNCERTAIN, "uncertain") if case.is_uncertain else (_N.UNDER_WAY, "under_way")
        unknown = ("was_done",) if case.is_uncertain else ()
        yield found(Rank.UNSETTLED, name, CERTAIN, says(id, verb=case.claim.value), unknown=unknown)
    answer = case.answer
    if answer and answer.cause == "duplicate":
        rank = Rank.UNSETTLED if answer.says is Says.UNCERTAIN else Rank.ANSWERED
        evidence = says("answer", Origin.PLATFORM, answer.at, **attempted(case))
        yield found(rank, _N.DUPLICATE, LIKELY, evidence, unknown=("was_done",))


# -- the record --------------------------------------------------------------------------------------------------------


_LEADS_ON: Final[Mapping[State, frozenset[Verb]]] = {
    **dict.fromkeys((State.NEW, State.REQUESTED), frozenset({Verb.ISSUE, Verb.CHECK})),
    **dict.fromkeys(
        (State.END_ASKED, State.END_ACKNOWLEDGED), frozenset({Verb.PAUSE_ADS, Verb.SWITCH_OFF, Verb.CHECK})
    ),
    State.ADS_PAUSED: frozenset({Verb.SWITCH_OFF, Verb.CHECK}),
    State.SWITCHED_OFF: frozenset({Verb.CONFIRM_END, Verb.CHECK}),
}


def _state(case: Case, at: datetime) -> Iterator[Found]:
    # Where the very step failed that leads on from here, why it failed comes before where it stands.
    answer = case.answer
    was_tried = (
        answer is not None and bool(answer.troubles) and answer.verb in _LEADS_ON.get(case.state or State.ENDED, ())
    )
    rank = Rank.SEEN if was_tried else Rank.PROVEN
    match case.state:
        case State.NEW | State.REQUESTED:
            yield found(rank, _N.NO_CODE_YET, CERTAIN, says("no_code"))
        case State.DECLINED | State.WITHDRAWN:
            yield found(Rank.PROVEN, _N.DECLINED, CERTAIN, says(case.state.value))
        case State.ENDED:
            yield _ended(case)
        case State.SWITCHED_OFF:
            is_on = Drift.STILL_ON in case.drifts
            evidence = (says("switched_off"), *((_drift(case, "still_on"),) if is_on else ()))
            confidence = POSSIBLE if is_on else LIKELY
            yield found(rank, _N.SWITCHED_OFF, confidence, *evidence, unknown=("gone_on_platform",))
        case State.END_ASKED | State.END_ACKNOWLEDGED | State.ADS_PAUSED:
            yield found(rank, _N.ENDING, LIKELY, says(case.state.value))


def _ended(case: Case) -> Found:
    elsewhere = Drift.ENDED_ELSEWHERE in case.drifts
    origin = Origin.PLATFORM if elsewhere or case.end_source == "observed" else Origin.RECORD
    evidence = says("gone_on_platform" if origin is Origin.PLATFORM else "ended", origin, case.ended_at)
    if Drift.ALIVE_AFTER_END in case.drifts:
        evidence_too = (evidence, _drift(case, "alive_after_end"))
        return found(Rank.PROVEN, _N.ENDED_BY_CREATOR, LIKELY, *evidence_too, unknown=("alive",))
    name = _N.ENDED_ELSEWHERE if elsewhere else _N.ENDED_BY_CREATOR
    return found(Rank.PROVEN, name, CERTAIN, evidence)


def _drift(case: Case, id: str) -> Evidence:
    return says(id, Origin.PLATFORM, case.checked_at)


def _times(case: Case, at: datetime) -> Iterator[Found]:
    if case.state in {None, State.ENDED}:
        return
    by_platform = case.window_source == "platform"
    sure, unknown = (CERTAIN, ()) if by_platform else (LIKELY, ("end_on_platform",))
    starts, ends = case.starts_at, case.ends_at
    if case.state is State.EXPIRED or (ends is not None and ends <= at):
        evidence = window_of(case) or (says("expired"),)
        if Drift.EXPIRED_EARLY in case.drifts:
            evidence = (_drift(case, "expired_early"), *evidence)
        if case.replaced_by:
            yield found(Rank.PROVEN, _N.REPLACED_CODE, CERTAIN, says("replaced", newer=case.replaced_by), *evidence)
        yield found(Rank.PROVEN, _N.WINDOW_OVER, sure, *evidence, unknown=unknown)
        if ends is not None and timedelta() <= at - ends < A_DAY:
            yield found(Rank.SEEN, _N.CLOCK_OR_ZONE, POSSIBLE, *evidence, unknown=("stated_zone",))
        return
    if starts is not None and starts > at:
        evidence = (says("window_starts", Origin.PLATFORM if by_platform else Origin.RECORD, starts=starts),)
        yield found(Rank.PROVEN, _N.NOT_BEGUN, sure, *evidence, unknown=unknown)
        yield found(Rank.SEEN, _N.CLOCK_OR_ZONE, POSSIBLE, *evidence, unknown=("stated_zone",))
    if case.state in LIVE and ends is not None and ends - at < _SOON:
        if not by_platform and ends - at < A_DAY:
            yield found(Rank.GUESSED, _N.CLOCK_OR_ZONE, POSSIBLE, *window_of(case), unknown=("stated_zone",))
        yield found(Rank.GUESSED, _N.ENDS_SOON, POSSIBLE, *window_of(case), unknown=unknown)


def _campaigns(case: Case, at: datetime) -> Iterator[Found]:
    if case.state not in LIVE:
        return
    for flight in case.campaigns:
        days = cover(Window(case.starts_at, case.ends_at), flight.span).days_short
        if days:
            longer = says("campaign_longer", campaign=flight.name, campaign_ends=flight.span.ends_at, days=str(days))
            evidence = (longer, *window_of(case))
            yield found(Rank.GUESSED, _N.TOO_SHORT, POSSIBLE, *evidence, unknown=("stops_at_end",))


def _post(case: Case, at: datetime) -> Iterator[Found]:
    post = case.post
    evidence = says(f"post_{post.visibility.value}", post.origin, post.seen_at)
    sure = CERTAIN if post.origin is Origin.PLATFORM else LIKELY
    match post.visibility:
        case Visibility.DELETED:
            yield found(Rank.PROVEN, _N.POST_DELETED, sure, evidence)
        case Visibility.REMOVED:
            yield found(Rank.PROVEN, _N.POST_UNAVAILABLE, sure, evidence, unknown=("platforms_reason",))
        case Visibility.PRIVATE:
            yield found(Rank.SEEN, _N.POST_PRIVATE, POSSIBLE, evidence, unknown=("private_posts",))
        case Visibility.FRIENDS:
            yield found(Rank.SEEN, _N.POST_FRIENDS, POSSIBLE, evidence, unknown=("private_posts",))
        case Visibility.UNDER_REVIEW:
            yield found(Rank.SEEN, _N.POST_UNDER_REVIEW, LIKELY, evidence)
    if post.kind is PostKind.STORY:
        yield found(Rank.PROVEN, _N.STORY, CERTAIN, says("post_story"))
    if post.ad_authorization_available is False:
        yield found(Rank.PROVEN, _N.NO_AD_AUTHORIZATION, LIKELY, says("not_offered"), unknown=("offered",))
        yield found(Rank.GUESSED, _N.GOVERNMENT_ACCOUNT, POSSIBLE, says("not_offered"), unknown=("government",))


def _ad_accounts(case: Case, at: datetime) -> Iterator[Found]:
    tried = case.tried
    if tried and tried.is_theirs is False:
        yield found(Rank.PROVEN, _N.FOREIGN_AD_ACCOUNT, CERTAIN, says("tried", ad_account=tried.ad_account))
    elif tried and tried.is_agreed is False:
        yield found(Rank.GUESSED, _N.NOT_AGREED_AD_ACCOUNT, POSSIBLE, *where_tried(case))
    is_applying = case.answer is not None and case.answer.verb is Verb.APPLY
    for on in case.applied_on:
        if tried and is_applying and on.ad_account == tried.ad_account:
            yield found(Rank.PROVEN, _N.ALREADY_APPLIED_HERE, CERTAIN, applied(on))
    if Drift.USED_ELSEWHERE in case.drifts:
        evidence = _drift(case, "used_elsewhere")
        yield found(Rank.SEEN, _N.ALREADY_APPLIED_ELSEWHERE, LIKELY, evidence, unknown=("where_applied",))
        yield found(Rank.GUESSED, _N.APPLIED_BY_OTHERS, POSSIBLE, evidence, unknown=("where_applied", "several"))


def _codes(case: Case, at: datetime) -> Iterator[Found]:
    """Which code is the right one now."""
    if Drift.OTHER_CODE in case.drifts:
        evidence = _drift(case, "other_code")
        yield found(Rank.PROVEN, _N.NEWER_ON_PLATFORM, LIKELY, evidence, unknown=("one_code_per_post",))
    if case.replaced_by and case.state in LIVE:
        evidence = says("replaced", newer=case.replaced_by)
        yield found(Rank.SEEN, _N.REPLACED_CODE, POSSIBLE, evidence, unknown=("one_code_per_post",))
    made = max((moment for moment in (case.issued_at, case.starts_at) if moment and moment <= at), default=None)
    if case.state in LIVE and made and at - made < _JUST_MADE and not any(on.seen_at for on in case.applied_on):
        yield found(Rank.GUESSED, _N.PENDING, POSSIBLE, says("just_made", made=made), unknown=("pending",))


def _connections(case: Case, at: datetime) -> Iterator[Found]:
    if not case.has_record:
        return
    for side, name in ((case.creator_side, _N.CREATOR_LAPSED), (case.advertiser_side, _N.ADVERTISER_LAPSED)):
        if side.level is not Level.BY_HAND and side.lapsed_at is not None and side.lapsed_at <= at:
            yield found(Rank.SEEN, name, CERTAIN, says("lapsed", lapsed=side.lapsed_at))
    by_hand = [
        says(id)
        for id, side in (("creator_by_hand", case.creator_side), ("advertiser_by_hand", case.advertiser_side))
        if side.level is Level.BY_HAND
    ]
    if by_hand and case.state in LIVE:
        is_blocked = case.answer is not None and case.answer.cause == "by_hand"
        rank, confidence = (Rank.ANSWERED, CERTAIN) if is_blocked else (Rank.LAST, POSSIBLE)
        yield found(rank, _N.NOT_CONNECTED, confidence, *by_hand)


# -- where nothing failed ----------------------------------------------------------------------------------------------


def _nothing_failed(case: Case, at: datetime) -> Iterator[Found]:
    if case.answer is not None or case.troubles or case.claim is not None:
        return
    match case.state:
        case State.ISSUED:
            yield found(Rank.SEEN, _N.NOT_HANDED_OVER, LIKELY, says("issued"))
        case State.HANDED_OVER | State.OPENED:
            yield found(Rank.SEEN, _N.NOT_APPLIED_YET, LIKELY, says(case.state.value), unknown=("applied_outside",))
        case State.APPLIED | State.IN_USE:
            evidence = [applied(on) for on in case.applied_on]
            yield found(Rank.LAST, _N.WORKS, LIKELY, *evidence, *window_of(case), unknown=("what_fails",))


def _unknown(case: Case) -> Cause:
    """Nothing speaks for anything: what would help is named."""
    evidence = []
    if case.answer is not None:
        evidence.append(says("answer", Origin.PLATFORM, case.answer.at, **attempted(case)))
    if case.pasted is not None and case.pasted.kind in {Kind.CODE, Kind.MESSAGE}:
        is_same = case.pasted.kind is Kind.CODE and case.pasted.is_same
        evidence.append(says("pasted_same" if is_same else f"pasted_{case.pasted.kind.value}", Origin.PASTED))
    unknown = () if case.troubles or case.answer else ("message",)
    return Cause(Name.UNKNOWN, POSSIBLE, tuple(evidence), (*unknown, *(() if case.has_record else ("record",))))


_RULES: Final[tuple[Callable[[Case, datetime], Iterator[Found]], ...]] = (
    _unsettled,
    of_platform,
    _state,
    _times,
    of_paste,
    _post,
    _ad_accounts,
    _codes,
    _connections,
    _campaigns,
    _nothing_failed,
)
"""Within one rank and one confidence, the earlier rule comes first."""
