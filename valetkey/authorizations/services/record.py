"""Record a code that was made by hand: typed in, with the window as somebody states it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from valetkey.accounts.models import Party
from valetkey.audit.entry import Actor
from valetkey.audit.services import record as write_entry
from valetkey.audit.services import writing
from valetkey.authorizations import code_text, lifecycle
from valetkey.authorizations.coverage import Window, end_of_day, end_of_term
from valetkey.authorizations.lifecycle import State, Verb
from valetkey.authorizations.models import Authorization, AuthorizationQuerySet, WindowSource
from valetkey.authorizations.services.authorize import (
    check_days,
    check_grant,
    grant_detail,
    refuse_ineligible,
    refuse_past_agreement,
    require_start,
    start,
    write_terms_seen,
)
from valetkey.authorizations.services.claims import free_by_statement
from valetkey.authorizations.services.name_owner import answer_for
from valetkey.authorizations.services.too_short import made, need_of, needed_for, said_before
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
    agreed_until: date | None = None,
    campaigns: tuple[Campaign, ...] = (),
    replaces: Authorization | None = None,
    terms_seen: bool = False,
    short_reason: str = "",
    actor: Actor,
    at: datetime,
) -> Authorization:
    """Answer a request (`authorization`), or start with a `post` and an `advertiser`.

    Give `ends_on` (the end of that day; source *stated*, or *contract* where it is what the two sides agreed and nobody
    looked in the app) or `days` from `issued_at` (source *computed*). Raises Invalid for an end that is past, and for
    an agreed day later than was asked for; Conflict when this advertiser has the same code already;
    TooShort for an end that is too early, unless `short_reason` says why.
    """
    if authorization is not None:
        post, advertiser = authorization.post, authorization.advertiser
    if post is None or advertiser is None:
        raise Invalid(
            "what_for", "A code is recorded for a post and an advertiser.", "Name both, or the request it answers."
        )
    typed = read_typed(
        post.platform, code, days, ends_on, time_zone, issued_at or at, at, is_from_contract=is_from_contract
    )
    row = authorization or _start(post, advertiser, typed, agreed_until, campaigns, replaces, short_reason, actor, at)
    require(row, Verb.RECORD, actor)
    refuse_ineligible(post)
    with writing(durable=True):
        settle_typed(row, typed, agreed_until, short_reason, actor=actor, at=at)
        if terms_seen:
            write_terms_seen(row, actor=actor, at=at)
    return row


@dataclass(frozen=True)
class Typed:
    """A code and its window as somebody typed them in."""

    code: Secret
    days: int | None
    starts_at: datetime
    ends_at: datetime | None
    source: WindowSource

    def window(self) -> Window:
        return Window(self.starts_at, self.ends_at)


def read_typed(
    platform: str,
    code: str,
    days: int | None,
    ends_on: date | None,
    time_zone: str,
    starts_at: datetime,
    at: datetime,
    *,
    is_from_contract: bool = False,
) -> Typed:
    """Raises Invalid for what is no code, for days the platform does not offer, and for an end that is past."""
    secret = code_text.clean(code)
    ends_at, source = _end(platform, days, ends_on, time_zone, starts_at)
    if is_from_contract and ends_on is not None:
        source = WindowSource.CONTRACT
    if ends_at is not None and ends_at <= at:
        raise Invalid(
            "end_past",
            f"This code ended on {ends_at:%d %b %Y %H:%M} UTC.",
            "Look at the day again; what really ended is extended or made anew in the app first.",
        )
    return Typed(secret, days, starts_at, ends_at, source)


def settle_typed(
    row: Authorization,
    typed: Typed,
    agreed_until: date | None,
    short_reason: str,
    *,
    actor: Actor,
    at: datetime,
    came_by: Mapping[str, object] | None = None,
) -> None:
    """Inside the caller's transaction, which is the only one that writes: what is looked up here still holds after."""
    row.refresh_from_db()
    free_by_statement(row, Verb.ISSUE)
    state = lifecycle.apply(State(row.state), Verb.RECORD, row.progress())
    _refuse_same_code(row.advertiser, typed.code, actor)
    check_grant(row, agreed_until, at)
    agreed_until = agreed_until or row.granted_until
    granted = grant_detail(row, typed.days, agreed_until)
    window = typed.window()
    reason = said_before(row, window, short_reason)
    said = made(need_of(row, agreed_until), row.post.platform, window, reason)
    take(
        row,
        state,
        code=typed.code,
        code_fingerprint=keyring().fingerprint(typed.code),
        term_days=typed.days,
        agreed_until=agreed_until or row.agreed_until,
        granted_until=None,
    )
    set_window(
        row,
        Verb.RECORD,
        starts_at=typed.starts_at,
        ends_at=typed.ends_at,
        source=typed.source,
        days=typed.days,
        at=at,
    )
    detail: dict[str, object] = {
        "ends_at": typed.ends_at.isoformat() if typed.ends_at else None,
        "source": typed.source.value,
        "warnings": list(code_text.warnings(typed.code)),
        **granted,
        **said,
        **(came_by or {}),
        **answer_for(row, actor=actor, at=at),
    }
    write_entry(event=event(Verb.RECORD), subject=row.subject, actor=actor, at=at, detail=detail)


def _start(
    post: Post,
    advertiser: Party,
    typed: Typed,
    agreed_until: date | None,
    campaigns: tuple[Campaign, ...],
    replaces: Authorization | None,
    short_reason: str,
    actor: Actor,
    at: datetime,
) -> Authorization:
    """Whatever can be refused is refused before there is a row."""
    require_start(post, advertiser, Verb.RECORD, actor)
    refuse_ineligible(post)
    refuse_past_agreement(agreed_until, at)
    _refuse_same_code(advertiser, typed.code, actor)
    made(needed_for(campaigns, agreed_until), post.platform, typed.window(), short_reason)
    return start(
        post=post,
        advertiser=advertiser,
        agreed_until=agreed_until,
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


def _refuse_same_code(advertiser: Party, secret: Secret, actor: Actor) -> None:
    """One code once, however it is spelled. Who cannot see the other authorization is not told its name."""
    fingerprints = [one for spelling in code_text.spellings(secret) for one in keyring().fingerprints(spelling)]
    known: AuthorizationQuerySet = Authorization.objects.filter(
        advertiser=advertiser, code_fingerprint__in=fingerprints
    )
    if not known.exists():
        return
    seen = known.visible_to(actor).first()
    if seen is None:
        raise Conflict(
            "same_code",
            f"{advertiser} has this code already.",
            "Look whether what you copied is the code of this post.",
        )
    raise Conflict(
        "same_code", f"{advertiser} has this code as {seen.reference}.", "Use that one; nothing was recorded twice."
    )
