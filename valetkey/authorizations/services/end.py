"""Ending, a process between two sides: ask, acknowledge, pause the ads, switch off, confirm, tell the advertiser.

Nothing is ended because a button was pressed here: *ended* is written when the platform shows it, or when somebody who
looked says so, and then it says who.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Q

from valetkey.audit.entry import Actor
from valetkey.audit.services import record, writing
from valetkey.authorizations import lifecycle
from valetkey.authorizations.lifecycle import State, Verb
from valetkey.authorizations.models import Authorization, WindowSource
from valetkey.authorizations.services.apply import advertiser_side_of
from valetkey.authorizations.services.authorize import creator_side_of, is_other_code, refuse_other_code, same_post
from valetkey.authorizations.services.claims import free_by_statement, perform, refusal
from valetkey.authorizations.services.transition import event, move, refuse_if_claimed, refuse_unfit, require, take
from valetkey.authorizations.services.window import close_accesses
from valetkey.connectors.base import AdvertiserSide, CodeStatus, CreatorSide, PlatformFault, Says, SeenCode
from valetkey.errors import Conflict, Invalid
from valetkey.register.models import Source
from valetkey.text import tidy


def ask_to_end(*, authorization: Authorization, reason: str, actor: Actor, at: datetime) -> Authorization:
    """Either side asks. Nothing changes on the platform yet."""
    require(authorization, Verb.ASK_TO_END, actor)
    reason = tidy(reason, what="The reason", longest=500, needed=False)
    if not reason:
        raise Invalid(
            "reason_missing", "Asking to end needs a reason.", "One sentence is enough; the other side reads it."
        )
    changes = {"end_asked_at": at, "reason": reason}
    move(authorization, Verb.ASK_TO_END, actor=actor, at=at, detail={"reason": reason}, changes=changes)
    return authorization


def acknowledge_end(*, authorization: Authorization, actor: Actor, at: datetime) -> Authorization:
    """The advertiser's side has read it."""
    require(authorization, Verb.ACKNOWLEDGE_END, actor)
    move(authorization, Verb.ACKNOWLEDGE_END, actor=actor, at=at, changes={"end_acknowledged_at": at})
    return authorization


def pause_ads(*, authorization: Authorization, by_hand: bool = False, actor: Actor, at: datetime) -> Authorization:
    """Pause every running ad on the post, on each ad account it is applied on, and look again."""
    require(authorization, Verb.PAUSE_ADS, actor)
    if by_hand:
        _state_step(authorization, Verb.PAUSE_ADS, {"ads_paused_at": at}, actor, at)
        return authorization
    side = advertiser_side_of(authorization)

    def call() -> dict[str, int]:
        return _pause_everywhere(authorization, side)

    def settle(paused: dict[str, int]) -> Mapping[str, object]:
        _step(authorization, Verb.PAUSE_ADS, ads_paused_at=at)
        return {"paused": paused}

    def legal(row: Authorization) -> None:
        lifecycle.apply(State(row.state), Verb.PAUSE_ADS, row.progress())

    perform(authorization, Verb.PAUSE_ADS, actor=actor, at=at, legal=legal, call=call, settle=settle)
    return authorization


def switch_off(*, authorization: Authorization, by_hand: bool = False, actor: Actor, at: datetime) -> Authorization:
    """Switch ad authorization off for the post. The platform refuses while ads run. Not yet *ended*: confirm it."""
    require(authorization, Verb.SWITCH_OFF, actor)
    if by_hand:
        _state_step(authorization, Verb.SWITCH_OFF, {"switched_off_at": at}, actor, at)
        return authorization
    refuse_unfit(authorization, Verb.SWITCH_OFF)
    side = creator_side_of(authorization.post, at)
    refuse_other_code(authorization, _shown(authorization, side))

    def legal(row: Authorization) -> None:
        lifecycle.apply(State(row.state), Verb.SWITCH_OFF, row.progress())
        _refuse_ending_others(row)

    def call() -> None:
        side.switch_off(post_id=authorization.post.platform_id)

    def settle(_: None) -> Mapping[str, object]:
        _step(authorization, Verb.SWITCH_OFF, switched_off_at=at)
        return {}

    perform(authorization, Verb.SWITCH_OFF, actor=actor, at=at, legal=legal, call=call, settle=settle)
    return authorization


def confirm_end(*, authorization: Authorization, seen: str = "", actor: Actor, at: datetime) -> Authorization:
    """Ask the platform whether it is really off. `seen`: what somebody who looked saw, where there is no connection."""
    require(authorization, Verb.CONFIRM_END, actor)
    refuse_if_claimed(authorization)
    lifecycle.apply(State(authorization.state), Verb.CONFIRM_END, authorization.progress())
    seen = tidy(seen, what="What you saw", longest=500, needed=False)
    if not seen:
        _refuse_still_on(authorization, at)
    source = Source.STATED if seen else Source.OBSERVED
    with writing(durable=True):
        authorization.refresh_from_db()
        refuse_if_claimed(authorization)
        settle_ended(authorization, Verb.CONFIRM_END, source, actor, at, detail={"seen": seen} if seen else {})
    return authorization


def settle_ended(
    authorization: Authorization,
    verb: Verb,
    source: Source,
    actor: Actor,
    at: datetime,
    detail: Mapping[str, object],
) -> None:
    """Inside the caller's transaction: ended, its links too, its access closed. No other is touched."""
    _step(authorization, verb, ended_at=at, end_source=source)
    authorization.hand_overs.filter(ended_at=None).update(ended_at=at)
    close_accesses(authorization, reason="the authorization ended", actor=actor, at=at)
    detail = {**detail, "source": source.value}
    record(event=event(verb), subject=authorization.subject, actor=actor, at=at, detail=detail)


def tell_advertiser(*, authorization: Authorization, how: str, actor: Actor, at: datetime) -> Authorization:
    """Write down that the advertiser was told, and how. A step with a date of its own."""
    require(authorization, Verb.TELL_ADVERTISER, actor)
    how = tidy(how, what="How they were told", longest=500, needed=False)
    if not how:
        raise Invalid("how_missing", "Say how the advertiser was told.", "For example: by mail to the media buyer.")
    move(authorization, Verb.TELL_ADVERTISER, actor=actor, at=at, detail={"how": how}, changes={"told_at": at})
    return authorization


def _refuse_still_on(authorization: Authorization, at: datetime) -> None:
    seen = _shown(authorization, creator_side_of(authorization.post, at))
    if seen.status is CodeStatus.UNKNOWN or is_other_code(authorization, seen.code):
        raise Conflict(
            "not_shown", "The platform does not show whether it is off.", "Look in the app and state what you saw."
        )
    if seen.status not in {CodeStatus.DELETED, CodeStatus.EXPIRED}:
        raise Conflict(
            "still_on",
            "The platform still shows this code as live.",
            "Wait a moment and confirm again, or switch it off.",
        )


def _step(authorization: Authorization, verb: Verb, **changes: object) -> None:
    state = lifecycle.apply(State(authorization.state), verb, authorization.progress())
    take(authorization, state, **changes)


def _state_step(
    authorization: Authorization, verb: Verb, changes: Mapping[str, object], actor: Actor, at: datetime
) -> None:
    with writing(durable=True):
        authorization.refresh_from_db()
        free_by_statement(authorization, verb)
        detail = {"source": Source.STATED.value}
        move(authorization, verb, actor=actor, at=at, detail=detail, changes=changes)


def _shown(authorization: Authorization, side: CreatorSide) -> SeenCode:
    try:
        return side.code_of(post_id=authorization.post.platform_id)
    except PlatformFault as fault:
        raise refusal(fault) from None


def _pause_everywhere(authorization: Authorization, side: AdvertiserSide) -> dict[str, int]:
    """Ad account after ad account. What fails after something was paused is uncertain as a whole: a look must tell."""
    post_id = authorization.post.platform_id
    paused: dict[str, int] = {}
    try:
        for application in authorization.applications.bound().select_related("ad_account"):
            account = application.ad_account
            running = [ad for ad in side.ads_on(ad_account_id=account.platform_id, post_id=post_id) if ad.is_running]
            if running:
                side.pause_ads(ad_account_id=account.platform_id, ad_ids=[ad.ad_id for ad in running])
            paused[account.name] = len(running)
    except PlatformFault as fault:
        if not any(paused.values()):
            raise
        raise PlatformFault(Says.UNCERTAIN, fault.cause, fault.raw, fault.request_id) from None
    return paused


def _refuse_ending_others(authorization: Authorization) -> None:
    """Switching off works on the post: every code of it ends, a successor's and another advertiser's too."""
    # A code that somebody merely typed in is no proof of a second code on the post; the same code is.
    proven = Q(window_source=WindowSource.PLATFORM) | Q(code_fingerprint=authorization.code_fingerprint)
    others = [str(other) for other in same_post(authorization).filter(proven, state__in=lifecycle.USABLE)]
    if others:
        raise Conflict(
            "others_use_the_post",
            f"Switching off ends every code of this post, and {', '.join(others)} would end with it.",
            "Ask to end those as well, or let this one run to its own end.",
        )
