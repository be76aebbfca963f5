"""Claim, call, settle: how a platform verb is done so that nothing is lost and nothing is done twice.

    claim   a short transaction sets the claim by compare-and-set and writes `….attempted`
    call    the platform is called with no transaction open
    settle  a second transaction clears the claim and writes `….done`, `….refused` or `….uncertain`

Killed in between, the claim stays; `check` settles it by reading once its time is over. After *uncertain* nobody
repeats the verb. An answer that comes after that changes nothing and is noted as `….late`.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TypeVar

from django.conf import settings

from valetkey.audit.entry import Actor
from valetkey.audit.services import record, writing
from valetkey.authorizations.lifecycle import Verb
from valetkey.authorizations.models import Application, Authorization
from valetkey.authorizations.services.transition import event, under_way
from valetkey.connectors.base import PlatformFault, Says
from valetkey.errors import PlatformDown, PlatformRefused, Refused, Uncertain

Row = TypeVar("Row", Authorization, Application)
Answer = TypeVar("Answer")

LATE = "late"
"""The outcome of an answer that came after `check` had settled the verb by looking."""

_FREE = {"claim_id": None, "claim_verb": "", "claimed_until": None, "is_uncertain": False}


class TakenOver(Uncertain):
    """The claim is not ours any more."""


def perform(
    row: Row,
    verb: Verb,
    *,
    actor: Actor,
    at: datetime,
    legal: Callable[[Row], object],
    call: Callable[[], Answer],
    settle: Callable[[Answer], Mapping[str, object]],
    said: Mapping[str, object] | None = None,
) -> None:
    """Do one platform verb on one row.

    `legal` raises Conflict when the fresh row does not allow the verb; `call` may raise a refusal of ours for an answer
    that shows that nothing was changed; `settle` writes the outcome inside the second transaction and answers with the
    entry's detail. `said`: what the person said to it, kept from the attempt on, so that it holds too when the answer
    is lost. Raises PlatformRefused, PlatformDown or Uncertain.
    """
    kept = said or {}
    claim_id = _claim(row, verb, actor, at, legal, kept)
    with _uncertain_when_interrupted(row, verb, claim_id, actor, at):
        try:
            answer = call()
        except PlatformFault as fault:
            raise _settle_fault(row, verb, claim_id, fault, actor, at) from None
        except Refused as refused:
            cause = refused.code
            _settle(row, verb, claim_id, "refused", lambda: {"cause": cause}, actor, at)
            raise
        _settle(row, verb, claim_id, "done", lambda: {**settle(answer), **kept}, actor, at)


def _claim(
    row: Row, verb: Verb, actor: Actor, at: datetime, legal: Callable[[Row], object], said: Mapping[str, object]
) -> uuid.UUID:
    claim_id = uuid.uuid4()
    with writing(durable=True):
        row.refresh_from_db()
        if row.claim_id is not None:
            raise under_way(row.claim_verb, is_uncertain=row.is_uncertain)
        legal(row)
        until = at + timedelta(seconds=settings.VALETKEY_CLAIM_SECONDS)
        found = type(row).objects.filter(pk=row.pk, state=row.state, claim_id=None)
        if not found.update(claim_id=claim_id, claim_verb=verb.value, claimed_until=until):
            raise under_way(verb.value, is_uncertain=False)
        detail = {**_where(row), **said}
        record(event=event(verb, "attempted"), subject=_subject(row), actor=actor, at=at, detail=detail)
    return claim_id


@contextmanager
def _uncertain_when_interrupted(
    row: Authorization | Application, verb: Verb, claim_id: uuid.UUID, actor: Actor, at: datetime
) -> Iterator[None]:
    """Ctrl-C, a fault of our own, an outcome the record cannot take: where the claim still stands, a look must tell."""
    try:
        yield
    except BaseException:
        _mark_uncertain(row, verb, claim_id, "interrupted", actor, at)
        raise


def _settle(
    row: Authorization | Application,
    verb: Verb,
    claim_id: uuid.UUID,
    outcome: str,
    written: Callable[[], Mapping[str, object]],
    actor: Actor,
    at: datetime,
) -> None:
    """The second transaction. When `check` took the claim over, only the late answer is noted, for `check` to weigh."""
    try:
        with writing(durable=True):
            free(row, claim_id)
            detail = {**_where(row), **written()}
            record(event=event(verb, outcome), subject=_subject(row), actor=actor, at=at, detail=detail)
    except TakenOver:
        _note_late(row, verb, outcome, actor, at)
        raise


def _note_late(row: Authorization | Application, verb: Verb, answer: str, actor: Actor, at: datetime) -> None:
    with writing(durable=True):
        detail = {**_where(row), "answer": answer}
        record(event=event(verb, LATE), subject=_subject(row), actor=actor, at=at, detail=detail)


def free(row: Authorization | Application, claim_id: uuid.UUID) -> None:
    """Clear the claim this caller holds. Raises TakenOver when `check` settled it in the meantime."""
    if not type(row).objects.filter(pk=row.pk, claim_id=claim_id).update(**_FREE):
        raise TakenOver(
            "settled_meanwhile",
            "The answer came so late that the outcome was settled by a look at the platform.",
            "Look at it: the record has what holds now.",
        )
    row.refresh_from_db()


def free_by_statement(row: Authorization | Application, verb: Verb) -> None:
    """Inside the caller's transaction: somebody says what was done, and that settles the same verb left uncertain.

    Raises Conflict for any other claim on the row.
    """
    if row.claim_id is None:
        return
    if not row.is_uncertain or row.claim_verb != verb:
        raise under_way(row.claim_verb, is_uncertain=row.is_uncertain)
    free(row, row.claim_id)


def _settle_fault(
    row: Authorization | Application, verb: Verb, claim_id: uuid.UUID, fault: PlatformFault, actor: Actor, at: datetime
) -> Refused:
    if fault.says is Says.UNCERTAIN:
        if not _mark_uncertain(row, verb, claim_id, fault.cause, actor, at, raw=fault.raw):
            # `check` settled it before this call was over; what it did after that look is for the next one to find.
            _note_late(row, verb, "uncertain", actor, at)
        return Uncertain(
            "outcome_uncertain",
            f"No clear answer came back ({fault.cause}), so it may or may not have been done.",
            "Ask the platform what happened; never repeat the step.",
        )
    detail = {"says": fault.says.value, "cause": fault.cause, "platform": fault.raw}
    _settle(row, verb, claim_id, "refused", lambda: detail, actor, at)
    return refusal(fault)


def _mark_uncertain(
    row: Authorization | Application,
    verb: Verb,
    claim_id: uuid.UUID,
    cause: str,
    actor: Actor,
    at: datetime,
    raw: str = "",
) -> bool:
    """False when the claim is not this caller's any more, and nothing was written."""
    detail = {**_where(row), "cause": cause, "platform": raw}
    with writing(durable=True):
        mine = type(row).objects.filter(pk=row.pk, claim_id=claim_id, is_uncertain=False)
        if not mine.update(is_uncertain=True):
            return False
        record(event=event(verb, "uncertain"), subject=_subject(row), actor=actor, at=at, detail=detail)
    row.refresh_from_db()
    return True


def ready_to_settle(row: Authorization | Application, actor: Actor, at: datetime) -> bool:
    """Whether a claim stands that a look may settle; one whose time is over is marked uncertain first.

    Raises Conflict while the call may still be under way.
    """
    if row.claim_id is None:
        return False
    if not row.is_uncertain:
        if row.claimed_until is not None and at < row.claimed_until:
            raise under_way(row.claim_verb, is_uncertain=False)
        _mark_uncertain(row, Verb(row.claim_verb), row.claim_id, "no answer in time", actor, at)
    return True


def refusal(fault: PlatformFault) -> Refused:
    """A platform's no, as a person is told it: what it means first, the platform's own words after it."""
    said = f"The platform said: {fault.raw}" if fault.raw else ""
    if fault.says is Says.TRY_LATER:
        return PlatformDown(
            fault.cause or "try_later",
            "The platform cannot be reached or asked us to wait; nothing was changed.",
            f"Try again in a few minutes. {said}".strip(),
        )
    if fault.says is Says.CODE_IS_BAD:
        return PlatformRefused(fault.cause or "code_refused", "The platform refused this code or post.", said)
    return PlatformRefused(
        fault.cause or "refused", "The platform refused the call; this says nothing about the code.", said
    )


def _subject(row: Authorization | Application) -> str:
    return row.subject if isinstance(row, Authorization) else row.authorization.subject


def _where(row: Authorization | Application) -> dict[str, object]:
    return {} if isinstance(row, Authorization) else {"ad_account": row.ad_account.name}
