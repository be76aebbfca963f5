"""Replace: a new code for the same post, in a new authorization. The old one runs to its own end."""

from __future__ import annotations

from datetime import datetime

from valetkey.audit.entry import Actor
from valetkey.authorizations import lifecycle
from valetkey.authorizations.coverage import Window, end_of_term
from valetkey.authorizations.lifecycle import State, Verb
from valetkey.authorizations.models import Authorization
from valetkey.authorizations.services.authorize import check_days, creator_side_of, issue, refuse_ineligible, start
from valetkey.authorizations.services.record import record
from valetkey.authorizations.services.too_short import chosen, made, need_of
from valetkey.authorizations.services.transition import refuse_if_claimed, require


def replace(
    *,
    authorization: Authorization,
    days: int,
    code: str | None = None,
    short_reason: str = "",
    actor: Actor,
    at: datetime,
) -> Authorization:
    """The successor, with the same campaigns. `code`: the new code, where it was made by hand.

    Raises TooShort for days that end too early, unless `short_reason` says why. Raises Conflict when the platform gives
    the old code back: TikTok is thought to keep one code per post (inferred).
    """
    require(authorization, Verb.REPLACE, actor)
    check_days(authorization.post.platform, days)
    refuse_if_claimed(authorization)
    lifecycle.apply(State(authorization.state), Verb.REPLACE, authorization.progress())
    refuse_ineligible(authorization.post)
    need, platform = need_of(authorization), authorization.post.platform
    if code is not None:
        made(need, platform, Window(at, end_of_term(at, days)), short_reason)
    else:
        chosen(need, platform, at, days, short_reason)
        creator_side_of(authorization.post, at)
    successor = start(
        post=authorization.post,
        advertiser=authorization.advertiser,
        agreed_until=authorization.agreed_until,
        ad_account=authorization.agreed_ad_account,
        campaigns=tuple(authorization.campaigns.all()),
        actor=actor,
        at=at,
        replaces=authorization,
    )
    if code is not None:
        return record(authorization=successor, code=code, days=days, short_reason=short_reason, actor=actor, at=at)
    return issue(authorization=successor, days=days, short_reason=short_reason, actor=actor, at=at)
