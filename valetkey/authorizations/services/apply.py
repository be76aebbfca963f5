"""Apply a code to an ad account, then read back from the platform what holds there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from valetkey.audit.entry import Actor
from valetkey.audit.services import record, writing
from valetkey.authorizations import code_text, lifecycle
from valetkey.authorizations.lifecycle import ApplicationState, State, Verb
from valetkey.authorizations.models import Application, Authorization
from valetkey.authorizations.services.authorize import is_other_code
from valetkey.authorizations.services.claims import free_by_statement, perform
from valetkey.authorizations.services.name_owner import answer_for
from valetkey.authorizations.services.transition import event, refuse_if_claimed, require, take
from valetkey.authorizations.services.window import open_access
from valetkey.connectors.base import AdvertiserSide, PlatformFault, SeenApplication
from valetkey.connectors.services import advertiser_side
from valetkey.errors import Conflict, Invalid, NotFound, Refused
from valetkey.register.models import AdAccount, Source

MOST_AT_ONCE: Final = 10
"""Each takes a few calls of the platform, one after the other, while somebody waits."""


@dataclass(frozen=True)
class Applied:
    """What became of one ad account of several: an application, or why not."""

    ad_account: AdAccount
    application: Application | None
    refused: Refused | None
    warnings: tuple[str, ...] = ()


def apply_each(
    *,
    authorization: Authorization,
    ad_accounts: Sequence[AdAccount],
    source_code: str | None = None,
    by_hand: bool = False,
    actor: Actor,
    at: datetime,
) -> list[Applied]:
    """`apply` for each of one to ten ad accounts, in their order, each once. What one is refused stops no other.

    Raises NotFound and Forbidden for the whole, as `apply` does, and Invalid for none or too many.
    """
    require(authorization, Verb.APPLY, actor)
    wanted = {ad_account.pk: ad_account for ad_account in ad_accounts}
    if not 1 <= len(wanted) <= MOST_AT_ONCE:
        raise Invalid(
            "how_many_ad_accounts",
            f"{len(wanted)} ad accounts cannot be done in one go; 1 to {MOST_AT_ONCE} can.",
            "Choose at least one." if not wanted else "Do them in several goes.",
        )
    done: dict[int, Application] = {}
    refused: dict[int, Refused] = {}
    for pk, ad_account in wanted.items():
        authorization.refresh_from_db()
        try:
            done[pk] = apply(
                authorization=authorization,
                ad_account=ad_account,
                source_code=source_code,
                by_hand=by_hand,
                actor=actor,
                at=at,
            )
        except Refused as refusal:
            refused[pk] = refusal
    # Asked for last: by then each knows of the others.
    told = {pk: warnings(application=application) for pk, application in done.items()}
    return [Applied(each, done.get(pk), refused.get(pk), told.get(pk, ())) for pk, each in wanted.items()]


def apply(
    *,
    authorization: Authorization,
    ad_account: AdAccount,
    source_code: str | None = None,
    by_hand: bool = False,
    actor: Actor,
    at: datetime,
) -> Application:
    """Bind the code to one ad account of the advertiser. On several ad accounts it is several applications.

    `source_code`: the code of the source post, which a duet or stitch needs too. `by_hand`: somebody did it in Ads
    Manager and says so. Raises Conflict when it is applied there already.
    """
    require(authorization, Verb.APPLY, actor)
    if ad_account.held_by_id != authorization.advertiser_id:
        raise NotFound(
            "not_their_ad_account",
            f"{authorization.advertiser} has no ad account {ad_account.platform_id}.",
            "A code is applied to an ad account of the advertiser it was given to.",
        )
    _refuse_past(authorization, at)
    code = authorization.code
    if code is None:
        raise Conflict("no_code", "There is no code yet.", "It is there once the authorization is issued.")
    # Before a row is made for it; under the claim it is asked again.
    lifecycle.apply(State(authorization.state), Verb.APPLY, authorization.progress())
    if by_hand:
        return _state_applied(_row(authorization, ad_account), authorization, actor, at)
    side = advertiser_side_of(authorization)
    source = code_text.clean(source_code) if source_code else None
    application = _row(authorization, ad_account)

    def legal(row: Application) -> None:
        authorization.refresh_from_db()
        lifecycle.apply(State(authorization.state), Verb.APPLY, authorization.progress())
        lifecycle.apply_to_application(ApplicationState(row.state), Verb.APPLY)
        # Ending may be under way at this very moment; the row's own claim does not show that.
        refuse_if_claimed(authorization)

    def call() -> None:
        side.apply(ad_account_id=ad_account.platform_id, code=code, source_code=source)

    def settle(_: None) -> Mapping[str, object]:
        settle_applied(application, authorization, Source.OBSERVED, at)
        return answer_for(authorization, actor=actor, at=at)

    perform(application, Verb.APPLY, actor=actor, at=at, legal=legal, call=call, settle=settle)
    return _read_back(application, authorization, side, actor, at)


def advertiser_side_of(authorization: Authorization) -> AdvertiserSide:
    """The advertiser's connection. Raises Conflict where there is none: then it is done in Ads Manager and said so."""
    side = advertiser_side(party=authorization.advertiser, platform=authorization.post.platform)
    if side is None:
        raise Conflict(
            "by_hand",
            f"{authorization.advertiser} is not connected, so the desk cannot do this on the platform.",
            "Do it in the ads manager, then say that you did it by hand. Or connect first.",
        )
    return side


def warnings(*, application: Application) -> tuple[str, ...]:
    """What the two sides should hear of an application: an ad account nobody agreed to, or one of several."""
    authorization = application.authorization
    if authorization.state not in lifecycle.LIVE or application.state not in lifecycle.BOUND:
        return ()
    agreed = authorization.agreed_ad_account
    bound = [each for each in authorization.applications.all() if each.state in lifecycle.BOUND]
    others = [each for each in bound if each.pk != application.pk]
    found = []
    if agreed is not None and agreed.pk != application.ad_account_id:
        found.append(f"Agreed was {agreed.name}; this is {application.ad_account.name}, which nobody agreed to.")
    if others:
        names = ", ".join(other.ad_account.name for other in others)
        found.append(
            f"The same code is applied on {names} too. Ending it ends {'both' if len(others) == 1 else 'them all'}."
        )
    return tuple(found)


def settle_applied(application: Application, authorization: Authorization, source: Source, at: datetime) -> None:
    """Inside the settling transaction: the application is bound, and the authorization follows."""
    state = lifecycle.apply_to_application(ApplicationState(application.state), Verb.APPLY)
    Application.objects.filter(pk=application.pk).update(state=state, source=source, applied_at=at)
    application.refresh_from_db()
    authorization.refresh_from_db()
    if (State(authorization.state), Verb.APPLY) in lifecycle.EDGES:
        next_state = lifecycle.apply(State(authorization.state), Verb.APPLY, authorization.progress())
        take(authorization, next_state)


def settle_seen(
    application: Application, authorization: Authorization, seen: SeenApplication, actor: Actor, at: datetime
) -> None:
    """Inside the settling transaction: what the ad account showed is the proof of the application."""
    state = lifecycle.apply_to_application(ApplicationState(application.state), Verb.READ_BACK)
    Application.objects.filter(pk=application.pk).update(
        state=state,
        source=Source.OBSERVED,
        seen_at=at,
        identity_id=seen.identity_id,
        identity_type=seen.identity_type,
        starts_at=seen.starts_at,
        ends_at=seen.ends_at,
    )
    application.refresh_from_db()
    authorization.refresh_from_db()
    state_now = State(authorization.state)
    if (state_now, Verb.READ_BACK) in lifecycle.EDGES:
        take(authorization, lifecycle.apply(state_now, Verb.READ_BACK, authorization.progress()))
    if authorization.state in lifecycle.LIVE:
        open_access(application, authorization, actor=actor, at=at)


def _row(authorization: Authorization, ad_account: AdAccount) -> Application:
    with writing(durable=True):
        row, _ = Application.objects.get_or_create(authorization=authorization, ad_account=ad_account)
    return row


def _refuse_past(authorization: Authorization, at: datetime) -> None:
    if authorization.ends_at is not None and at >= authorization.ends_at:
        raise Invalid(
            "code_expired",
            f"This code ended on {authorization.ends_at:%d %b %Y %H:%M} UTC.",
            "Ask the creator's side to extend it.",
        )


def _state_applied(application: Application, authorization: Authorization, actor: Actor, at: datetime) -> Application:
    with writing(durable=True):
        application.refresh_from_db()
        authorization.refresh_from_db()
        refuse_if_claimed(authorization)
        lifecycle.apply(State(authorization.state), Verb.APPLY, authorization.progress())
        free_by_statement(application, Verb.APPLY)
        settle_applied(application, authorization, Source.STATED, at)
        open_access(application, authorization, actor=actor, at=at)
        detail: dict[str, object] = {"ad_account": application.ad_account.name, "source": Source.STATED.value}
        detail |= answer_for(authorization, actor=actor, at=at)
        record(event=event(Verb.APPLY, "done"), subject=authorization.subject, actor=actor, at=at, detail=detail)
    return application


def _read_back(
    application: Application, authorization: Authorization, side: AdvertiserSide, actor: Actor, at: datetime
) -> Application:
    """A second look, not a second try: when it fails, the application stays *applied* and `check` looks again."""
    try:
        seen = side.application_of(
            ad_account_id=application.ad_account.platform_id,
            code=authorization.code,
            post_id=authorization.post.platform_id,
        )
    except PlatformFault:
        return application
    if seen is None or is_other_code(authorization, seen.code):
        return application
    with writing(durable=True):
        application.refresh_from_db()
        if application.claim_id is None and application.state in lifecycle.BOUND:
            settle_seen(application, authorization, seen, actor, at)
            detail = read_back_detail(application)
            record(event=event(Verb.READ_BACK), subject=authorization.subject, actor=actor, at=at, detail=detail)
    return application


def read_back_detail(application: Application) -> dict[str, object]:
    return {
        "ad_account": application.ad_account.name,
        "identity_id": application.identity_id,
        "ends_at": application.ends_at.isoformat() if application.ends_at else None,
    }
