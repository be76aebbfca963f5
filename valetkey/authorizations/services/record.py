"""Record a code that was made by hand: typed in, with the window as somebody states it."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError
from django.db.models import QuerySet

from valetkey.accounts.models import Party
from valetkey.audit.entry import Actor
from valetkey.audit.services import record as write_entry
from valetkey.audit.services import writing
from valetkey.authorizations import code_text, lifecycle
from valetkey.authorizations.coverage import end_of_day, end_of_term
from valetkey.authorizations.lifecycle import State, Verb
from valetkey.authorizations.models import Authorization, WindowSource
from valetkey.authorizations.services.authorize import check_days, refuse_ineligible, require_start, start
from valetkey.authorizations.services.claims import free_by_statement
from valetkey.authorizations.services.transition import event, require, take
from valetkey.authorizations.services.window import set_window
from valetkey.errors import Conflict, Invalid
from valetkey.register.models import Campaign, Post
from valetkey.secret import Secret
from valetkey.vault import keyring


def record(
    *,
    code: str,
    days: int | None = None,
    ends_on: date | None = None,
    is_from_contract: bool = False,
    time_zone: str = "UTC",
    issued_at: datetime | None = None,
    authorization: Authorization | None = None,
    post: Post | None = None,
    advertiser: Party | None = None,
    campaigns: tuple[Campaign, ...] = (),
    replaces: Authorization | None = None,
    actor: Actor,
    at: datetime,
) -> Authorization:
    """Answer a request (`authorization`), or start with a `post` and an `advertiser`.

    Give `ends_on` (the end of that day; source *stated*, or *contract* where it is what the two sides agreed and nobody
    looked in the app) or `days` from `issued_at` (source *computed*). Raises Invalid for an end that is past, Conflict
    when this advertiser has the same code already.
    """
    secret = code_text.clean(code)
    if authorization is not None:
        post, advertiser = authorization.post, authorization.advertiser
    if post is None or advertiser is None:
        raise Invalid(
            "what_for", "A code is recorded for a post and an advertiser.", "Name both, or the request it answers."
        )
    starts_at = issued_at or at
    ends_at, source = _end(post.platform, days, ends_on, time_zone, starts_at)
    if is_from_contract and ends_on is not None:
        source = WindowSource.CONTRACT
    if ends_at is not None and ends_at <= at:
        raise Invalid("end_past", f"This code ended on {ends_at:%d %b %Y %H:%M} UTC.", "Ask the creator to extend it.")
    row = authorization or _start(post, advertiser, secret, campaigns, replaces, actor, at)
    require(row, Verb.RECORD, actor)
    refuse_ineligible(post)
    try:
        with writing(durable=True):
            _settle(row, secret, days, starts_at, ends_at, source, actor, at)
    except IntegrityError:
        raise _same_code(row.advertiser, secret) from None
    return row


def _start(
    post: Post,
    advertiser: Party,
    secret: Secret,
    campaigns: tuple[Campaign, ...],
    replaces: Authorization | None,
    actor: Actor,
    at: datetime,
) -> Authorization:
    """Whatever can be refused is refused before there is a row."""
    require_start(post, advertiser, Verb.RECORD, actor)
    refuse_ineligible(post)
    if _with_code(advertiser, secret).exists():
        raise _same_code(advertiser, secret)
    return start(
        post=post,
        advertiser=advertiser,
        agreed_until=None,
        ad_account=None,
        campaigns=campaigns,
        actor=actor,
        at=at,
        replaces=replaces,
    )


def _end(
    platform: str, days: int | None, ends_on: date | None, time_zone: str, starts_at: datetime
) -> tuple[datetime | None, WindowSource]:
    if ends_on is not None:
        return end_of_day(ends_on, time_zone), WindowSource.STATED
    if days is not None:
        check_days(platform, days)
        return end_of_term(starts_at, days), WindowSource.COMPUTED
    return None, WindowSource.STATED


def _settle(
    row: Authorization,
    secret: Secret,
    days: int | None,
    starts_at: datetime,
    ends_at: datetime | None,
    source: WindowSource,
    actor: Actor,
    at: datetime,
) -> None:
    row.refresh_from_db()
    free_by_statement(row, Verb.ISSUE)
    state = lifecycle.apply(State(row.state), Verb.RECORD, row.progress())
    take(row, state, code=secret, code_fingerprint=keyring().fingerprint(secret), term_days=days)
    set_window(row, Verb.RECORD, starts_at=starts_at, ends_at=ends_at, source=source, days=days, at=at)
    detail: dict[str, object] = {
        "ends_at": ends_at.isoformat() if ends_at else None,
        "source": source.value,
        "warnings": list(code_text.warnings(secret)),
    }
    write_entry(event=event(Verb.RECORD), subject=row.subject, actor=actor, at=at, detail=detail)


def _with_code(advertiser: Party, secret: Secret) -> QuerySet[Authorization]:
    return Authorization.objects.filter(advertiser=advertiser, code_fingerprint__in=keyring().fingerprints(secret))


def _same_code(advertiser: Party, secret: Secret) -> Conflict:
    known = _with_code(advertiser, secret).first()
    where = f"as {known.reference}" if known else "already"
    return Conflict("same_code", f"{advertiser} has this code {where}.", "Use that one; nothing was recorded twice.")
