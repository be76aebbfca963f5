"""PURE. What the platform answered, what message of it was pasted, and what was pasted as a code: each as causes.

Decides what each of the platform's troubles means beside the record. Names no number of any platform.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from valetkey.authorizations.lifecycle import Verb
from valetkey.connectors.base import Trouble
from valetkey.diagnosis.case import AppliedOn, Case, Origin, Other
from valetkey.diagnosis.causes import A_DAY, Cause, Confidence, Evidence, Found, Name, Rank, found, says
from valetkey.diagnosis.paste import HINTS, Damage, Kind

CERTAIN, LIKELY, POSSIBLE = Confidence.CERTAIN, Confidence.LIKELY, Confidence.POSSIBLE
_N, _T = Name, Trouble

# -- what the platform says --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Meaning:
    name: Name
    confidence: Confidence
    unknown: tuple[str, ...] = ()


_TABLE: Final[Mapping[Trouble, _Meaning]] = {
    _T.POST_UNAVAILABLE: _Meaning(_N.POST_UNAVAILABLE, CERTAIN, ("platforms_reason",)),
    _T.POST_DELETED: _Meaning(_N.POST_DELETED, CERTAIN),
    _T.POST_NOT_USABLE: _Meaning(_N.POST_NOT_USABLE, CERTAIN, ("platforms_reason",)),
    _T.POST_IS_STORY: _Meaning(_N.STORY, CERTAIN),
    _T.CAROUSEL_DUET: _Meaning(_N.CAROUSEL_DUET, CERTAIN),
    # The name is TikTok's; what it means is inferred from it.
    _T.SEVERAL_LEVELS: _Meaning(_N.SEVERAL_LEVELS, LIKELY, ("levels",)),
    _T.MENTIONS_SEVERAL: _Meaning(_N.SEVERAL_MENTIONS, CERTAIN),
    _T.CODE_NOT_FOUND: _Meaning(_N.CODE_DELETED, CERTAIN, ("deleted_when",)),
    _T.CODE_MALFORMED: _Meaning(_N.CODE_MALFORMED, CERTAIN, ("right_code",)),
    _T.CODE_EXPIRED: _Meaning(_N.WINDOW_OVER, CERTAIN),
    _T.PLATFORM_FAULT: _Meaning(_N.PLATFORM_FAULT, CERTAIN),
}
"""The names of TikTok's help center (July 2025)."""

_OTHERS: Final[Mapping[Trouble, tuple[_Meaning, ...]]] = {
    _T.SOURCE_CODE_NEEDED: (_Meaning(_N.SOURCE_CODE_NEEDED, LIKELY, ("source_post",)),),
    _T.NO_PERMISSION: (_Meaning(_N.NO_PERMISSION, CERTAIN, ("app_or_account",)),),
    _T.LOGIN_CODE: (_Meaning(_N.LOGIN_FAILED, LIKELY), _Meaning(_N.LOGIN_CODE_PASTED, POSSIBLE)),
    # Regions and government accounts are claimed or inferred as reasons; the answer names none of them.
    _T.NOT_OFFERED_HERE: (
        _Meaning(_N.REGION, POSSIBLE, ("region",)),
        _Meaning(_N.NOT_FOR_THIS_APP, POSSIBLE, ("platforms_reason",)),
        _Meaning(_N.GOVERNMENT_ACCOUNT, POSSIBLE, ("government",)),
        _Meaning(_N.NO_AD_AUTHORIZATION, POSSIBLE, ("offered",)),
    ),
    _T.ADS_RUNNING: (_Meaning(_N.ADS_RUNNING, LIKELY, ("which_ads",)),),
    _T.AD_LIMIT: (_Meaning(_N.AD_LIMIT, CERTAIN),),
    _T.THROTTLED: (_Meaning(_N.THROTTLED, CERTAIN),),
    _T.NOT_REACHED: (_Meaning(_N.NOT_REACHED, LIKELY),),
    _T.PARAMETERS: (_Meaning(_N.PARAMETERS, POSSIBLE, ("platforms_reason",)),),
    _T.OTHER: (),
}


@dataclass(frozen=True)
class _Word:
    """One trouble with the evidence for it. `is_asked`: somebody pasted it now and wants to know about it."""

    trouble: Trouble
    evidence: Evidence
    is_asked: bool
    verb: Verb | None = None

    def sure(self, confidence: Confidence) -> Confidence:
        """What was pasted may be about another code or another day: likely at most."""
        return LIKELY if self.is_asked and confidence is CERTAIN else confidence


def _words(case: Case) -> Iterator[_Word]:
    for trouble in case.troubles:
        yield _Word(trouble, says("message", Origin.PASTED), is_asked=True)
    answer = case.answer
    for trouble in answer.troubles if answer else ():
        evidence = says("answer", Origin.PLATFORM, answer.at if answer else None, **attempted(case))
        yield _Word(trouble, evidence, is_asked=False, verb=answer.verb if answer else None)


def attempted(case: Case) -> dict[str, str]:
    answer = case.answer
    return {"verb": answer.verb.value, "cause": answer.cause, "ad_account": answer.ad_account} if answer else {}


def of_platform(case: Case, at: datetime) -> Iterator[Found]:
    for word in _words(case):
        vague = word.trouble in {_T.PARAMETERS, _T.OTHER}
        rank = Rank.SAID if word.is_asked and not vague else Rank.ANSWERED
        if word.trouble in _TABLE:
            yield from _named(case, word, at)
        elif word.trouble is _T.ALREADY_APPLIED:
            yield from _already(case, word, rank)
        elif word.trouble is _T.WRONG_AD_ACCOUNT:
            yield from _wrong_ad_account(case, word, rank)
        elif word.trouble is _T.TOKEN_LAPSED:
            yield from _lapsed(case, word, rank)
        else:
            for meaning in _OTHERS[word.trouble]:
                # What is only possible does not outrank what can be seen of a paste.
                lower = max(rank, Rank.ANSWERED) if meaning.confidence is POSSIBLE else rank
                confidence = word.sure(meaning.confidence)
                yield found(lower, meaning.name, confidence, word.evidence, unknown=meaning.unknown)


def _named(case: Case, word: _Word, at: datetime) -> Iterator[Found]:
    rank, meaning = Rank.ASKED if word.is_asked else Rank.NAMED, _TABLE[word.trouble]
    if case.is_uncertain and not word.is_asked:
        rank = Rank.ANSWERED
    confidence, unknown = word.sure(meaning.confidence), meaning.unknown
    if word.trouble is _T.CODE_MALFORMED:
        yield from (replace(each, rank=rank, cause=_with(each.cause, word.evidence)) for each in of_paste(case, at))
    if word.trouble is _T.CODE_EXPIRED and case.ends_at is not None and case.ends_at > at:
        # The record and the platform differ: it may be another code, or the clocks are read differently.
        confidence, unknown = LIKELY, (*unknown, "which_code", "end_on_platform")
        if case.ends_at - at < A_DAY:
            yield found(Rank.SEEN, _N.CLOCK_OR_ZONE, POSSIBLE, *window_of(case), unknown=("stated_zone",))
    elif word.is_asked:
        unknown = (*unknown, "which_code")
    yield found(rank, meaning.name, confidence, word.evidence, unknown=unknown)


def _with(cause: Cause, evidence: Evidence) -> Cause:
    return replace(cause, evidence=(evidence, *cause.evidence))


def _already(case: Case, word: _Word, rank: Rank) -> Iterator[Found]:
    """Harmless where it is this ad account; the rest depends on where else the record knows it to be."""
    if case.answer and not word.is_asked and case.answer.cause == "duplicate":
        return  # the platform's word for a request it saw twice
    tried = case.tried.ad_account if case.tried else ""
    here = [on for on in case.applied_on if on.ad_account == tried or not tried]
    elsewhere = [on for on in case.applied_on if on not in here]
    others = [other for other in case.same_code if not other.is_same_advertiser]
    for on in here:
        yield found(rank, _N.ALREADY_APPLIED_HERE, CERTAIN if tried else LIKELY, word.evidence, applied(on))
    for on in elsewhere:
        confidence = POSSIBLE if here else LIKELY
        yield found(rank, _N.ALREADY_APPLIED_ELSEWHERE, confidence, word.evidence, applied(on), unknown=("several",))
    for other in others:
        evidence = says("same_code", reference=other.reference)
        yield found(rank, _N.APPLIED_BY_OTHERS, LIKELY, word.evidence, evidence, unknown=("several",))
    if not here and not elsewhere and not others:
        yield found(rank, _N.ALREADY_APPLIED_HERE, LIKELY, word.evidence, unknown=("where_applied",))
    if not others:
        yield found(Rank.GUESSED, _N.APPLIED_BY_OTHERS, POSSIBLE, word.evidence, unknown=("where_applied", "several"))


def _wrong_ad_account(case: Case, word: _Word, rank: Rank) -> Iterator[Found]:
    tried = case.tried
    if tried and tried.is_theirs is False:
        yield found(rank, _N.FOREIGN_AD_ACCOUNT, CERTAIN, word.evidence, says("tried", ad_account=tried.ad_account))
    elif tried and tried.is_agreed is False:
        yield found(rank, _N.NOT_AGREED_AD_ACCOUNT, LIKELY, word.evidence, *where_tried(case))
    yield found(rank, _N.TOKEN_NOT_FOR_AD_ACCOUNT, LIKELY, word.evidence, unknown=("token_accounts",))
    if tried is None:
        yield found(rank, _N.NOT_AGREED_AD_ACCOUNT, POSSIBLE, word.evidence, unknown=("tried_account",))


_CREATORS: Final = frozenset({Verb.ISSUE, Verb.EXTEND, Verb.REPLACE, Verb.SWITCH_OFF, Verb.CONFIRM_END})
_ADVERTISERS: Final = frozenset({Verb.APPLY, Verb.UNBIND, Verb.PAUSE_ADS, Verb.READ_BACK})


def _lapsed(case: Case, word: _Word, rank: Rank) -> Iterator[Found]:
    confidence = word.sure(CERTAIN)
    if word.verb in _CREATORS:
        yield found(rank, _N.CREATOR_LAPSED, confidence, word.evidence)
    elif word.verb in _ADVERTISERS:
        yield found(rank, _N.ADVERTISER_LAPSED, confidence, word.evidence)
    else:
        yield found(rank, _N.ADVERTISER_LAPSED, POSSIBLE, word.evidence, unknown=("whose_token",))
        yield found(rank, _N.CREATOR_LAPSED, POSSIBLE, word.evidence, unknown=("whose_token",))


# -- what was pasted ---------------------------------------------------------------------------------------------------

_NOT_A_CODE: Final[Mapping[Kind, tuple[Name, str]]] = {
    Kind.LINK: (_N.LINK_PASTED, "pasted_link"),
    Kind.POST_ID: (_N.POST_ID_PASTED, "pasted_post_id"),
    Kind.LOGIN_CODE: (_N.LOGIN_CODE_PASTED, "pasted_login_code"),
    Kind.CREDENTIAL: (_N.CREDENTIAL_PASTED, "pasted_credential"),
    Kind.SEVERAL: (_N.SEVERAL_PASTED, "pasted_several"),
}


def of_paste(case: Case, at: datetime) -> Iterator[Found]:
    pasted = case.pasted
    if pasted is None:
        return
    if pasted.kind in _NOT_A_CODE:
        name, id = _NOT_A_CODE[pasted.kind]
        evidence = [says(id, Origin.PASTED)]
        if case.pasted_post_is_it is False:
            evidence.append(says("pasted_other_post", Origin.PASTED))
        # A link and several lines are plain to see; the others are told by their look, which nobody has confirmed.
        confidence = CERTAIN if pasted.kind in {Kind.LINK, Kind.SEVERAL} else LIKELY
        yield found(Rank.PASTED, name, confidence, *evidence)
    elif pasted.kind is Kind.MESSAGE and pasted.is_same:
        yield found(Rank.PASTED, _N.MORE_THAN_CODE, LIKELY, says("pasted_around", Origin.PASTED))
    elif pasted.kind is Kind.OTHER_CODE:
        yield from _other_code(case)
    elif pasted.kind is Kind.DAMAGED:
        yield _damaged(case)
    if pasted.kind in {Kind.CODE, Kind.DAMAGED} and case.pasted_in and not pasted.is_same:
        yield from _other_code(case)
    if Damage.QUOTES_AROUND in pasted.damages:
        yield found(Rank.GUESSED, _N.QUOTES_AROUND, POSSIBLE, says("damage_quotes_around", Origin.PASTED))


def _damaged(case: Case) -> Found:
    damages = case.pasted.harms if case.pasted else ()
    evidence = [says(f"damage_{damage.value}", Origin.PASTED) for damage in damages]
    if case.pasted and case.pasted.is_same:
        return found(Rank.PROVEN, _N.CODE_DAMAGED, CERTAIN, says("pasted_is_it"), *evidence)
    by_samples = not set(damages) - HINTS
    rank, confidence = (Rank.GUESSED, POSSIBLE) if by_samples else (Rank.PASTED, LIKELY)
    return found(rank, _N.LOOKS_DAMAGED, confidence, *evidence, unknown=("right_code",))


def _other_code(case: Case) -> Iterator[Found]:
    """A whole code, and not this record's: of another post, an older or newer one of this post, or unknown."""
    if not case.pasted_in:
        yield found(Rank.PASTED, _N.OTHER_CODE, LIKELY, says("pasted_other", Origin.PASTED), unknown=("whose_code",))
    for other in case.pasted_in:
        name, id = _whose(other)
        values = {"reference": other.reference, "other_post": other.post}
        yield found(Rank.PROVEN, name, CERTAIN, says(id, Origin.RECORD, None, **values))


def _whose(other: Other) -> tuple[Name, str]:
    if not other.is_same_post:
        return _N.OTHER_POST, "pasted_of_post"
    if not other.is_same_advertiser:
        return _N.OTHER_CODE, "pasted_of_advertiser"
    return _N.REPLACED_CODE, "pasted_of_record"


# -- what several causes rest on --------------------------------------------------------------------------------------


def window_of(case: Case) -> tuple[Evidence, ...]:
    if case.ends_at is None:
        return ()
    origin = Origin.PLATFORM if case.window_source == "platform" else Origin.RECORD
    seen_at = case.checked_at if origin is Origin.PLATFORM else None
    source = f"window_{case.window_source}" if case.window_source in {"stated", "computed", "contract"} else "window"
    return (says(source, origin, seen_at, ends=case.ends_at),)


def where_tried(case: Case) -> tuple[Evidence, ...]:
    agreed = (says("agreed", agreed=case.agreed_ad_account),) if case.agreed_ad_account else ()
    return (says("tried", ad_account=case.tried.ad_account if case.tried else ""), *agreed)


def applied(on: AppliedOn) -> Evidence:
    return says("applied", Origin.PLATFORM if on.seen_at else Origin.RECORD, on.seen_at, ad_account=on.ad_account)
