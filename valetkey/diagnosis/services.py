"""Why a code does not work: by what the record tells of an authorization, what was pasted, or what was pasted alone.

Writes nothing, asks no platform, and keeps nothing that was pasted. What somebody may not see is not in what they read.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from django.conf import settings

from valetkey.accounts.models import standing_of
from valetkey.accounts.policy import DeskRole, Standing
from valetkey.audit.entry import Actor
from valetkey.authorizations.lifecycle import Verb
from valetkey.authorizations.models import Authorization
from valetkey.authorizations.services.transition import not_found
from valetkey.connectors import registry
from valetkey.connectors.base import Says, Trouble
from valetkey.diagnosis import paste, rules
from valetkey.diagnosis.case import Answer, Case
from valetkey.diagnosis.causes import Cause
from valetkey.diagnosis.record import case_of, last_answer, others_with, tried_on, troubles_in
from valetkey.diagnosis.say import Said, message, say
from valetkey.errors import Invalid, PlatformDown, Refused
from valetkey.guides.library import LANGUAGES

LONGEST: Final = 4000
"""Characters of a pasted code or message."""


@dataclass(frozen=True)
class Attempt:
    """What was refused just now, told by the door that tried it. Not every refusal has a line in the history."""

    verb: Verb
    refused: Refused
    ad_account: str = ""


@dataclass(frozen=True)
class Finding:
    """One cause as it is told. `messages`: to send to the other side, by language, the reader's own first; none where
    nobody else must act."""

    cause: Cause
    said: Said
    messages: dict[str, str]


@dataclass(frozen=True)
class Diagnosis:
    """The likeliest cause and the others, best first."""

    first: Finding
    others: tuple[Finding, ...]


def diagnose(
    *,
    authorization: Authorization,
    code: str = "",
    error: str = "",
    attempt: Attempt | None = None,
    language: str,
    time_zone: str = "",
    actor: Actor,
    at: datetime,
) -> Diagnosis:
    """For whoever may see the authorization. Raises NotFound for a stranger, as if there were nothing.

    `time_zone`: the asker's; "" is the desk's.
    """
    standing = standing_of(actor, creator=authorization.post.held_by, advertiser=authorization.advertiser)
    if not standing.may_see():
        raise not_found(authorization.reference)
    _refuse_long(code, error)
    answer = _answer_of(authorization, attempt, at) or last_answer(authorization)
    case = case_of(authorization, standing, actor)
    case = replace(case, zone=_zone(time_zone), answer=answer, tried=tried_on(authorization, answer))
    case = _with_paste(case, code, error, authorization, actor)
    return _told(case if _sees_ad_accounts(standing) else _without_foreign_names(case), language, at)


def diagnose_pasted(*, code: str = "", error: str = "", language: str, time_zone: str = "", at: datetime) -> Diagnosis:
    """For anybody: from what was pasted alone. Asks neither the database nor a platform."""
    _refuse_long(code, error)
    return _told(_with_paste(Case(zone=_zone(time_zone)), code, error), language, at)


def _told(case: Case, language: str, at: datetime) -> Diagnosis:
    first, *others = (_finding(cause, case, language) for cause in rules.diagnose(case, at=at))
    return Diagnosis(first, tuple(others))


def _finding(cause: Cause, case: Case, language: str) -> Finding:
    mine_first = sorted(LANGUAGES, key=lambda each: each != language)
    messages = {each: text for each in mine_first if (text := message(cause, case, each))}
    return Finding(cause, say(cause, case, language), messages)


def _zone(time_zone: str) -> str:
    return time_zone or str(settings.VALETKEY_TIME_ZONE)


def _refuse_long(*texts: str) -> None:
    if any(len(text) > LONGEST for text in texts):
        raise Invalid(
            "text_too_long", f"More than {LONGEST} characters were pasted.", "Paste the code or message alone."
        )


# -- what was pasted ---------------------------------------------------------------------------------------------------

_NO_MESSAGE: Final = frozenset(paste.Kind) - {paste.Kind.MESSAGE, paste.Kind.NOTHING}


def _with_paste(
    case: Case, code: str, error: str, authorization: Authorization | None = None, actor: Actor | None = None
) -> Case:
    """Somebody may paste the code where the message belongs, and the message where the code does."""
    known = authorization.code if authorization else None
    pasted, beside = paste.read(code, known=known), paste.read(error, known=known)
    troubles = troubles_in(error, authorization)
    if pasted.kind is paste.Kind.MESSAGE:
        troubles = troubles or troubles_in(code, authorization)
    if pasted.kind not in _NO_MESSAGE and beside.kind in _NO_MESSAGE and not troubles:
        code, pasted = error, beside
    case = replace(case, troubles=troubles, pasted=None if pasted.kind is paste.Kind.NOTHING else pasted)
    if authorization is None or actor is None:
        return case
    if pasted.kind in {paste.Kind.LINK, paste.Kind.POST_ID}:
        post_id = registry.platform(authorization.post.platform).post_id_in(code.strip())
        return replace(case, pasted_post_is_it=None if post_id is None else post_id == authorization.post.platform_id)
    if pasted.kind in {paste.Kind.CODE, paste.Kind.DAMAGED, paste.Kind.OTHER_CODE} and not pasted.is_same:
        return replace(case, pasted_in=others_with(code, authorization, actor))
    return case


def _answer_of(row: Authorization, attempt: Attempt | None, at: datetime) -> Answer | None:
    if attempt is None:
        return None
    refused = attempt.refused
    # A connection that lapsed is refused before the platform is asked, in our words and for every platform alike.
    is_lapsed = refused.code == "connection_lapsed"
    troubles = (Trouble.TOKEN_LAPSED,) if is_lapsed else troubles_in(f"{refused.code}: {refused.next_step}", row)
    says = Says.TRY_LATER if isinstance(refused, PlatformDown) else None
    return Answer(attempt.verb, at, says, refused.code, troubles, ad_account=attempt.ad_account)


# -- what somebody may see ---------------------------------------------------------------------------------------------


def _sees_ad_accounts(standing: Standing) -> bool:
    return standing.advertiser is not None or standing.desk is not DeskRole.NONE


def _without_foreign_names(case: Case) -> Case:
    """A creator reads of the ad accounts that the record's page shows: agreed on, or with the code on them."""
    shown = {case.agreed_ad_account, *(each.ad_account for each in case.applied_on)} - {""}
    if case.answer is None or case.answer.ad_account in shown:
        return case
    return replace(case, tried=None, answer=replace(case.answer, ad_account=""))
