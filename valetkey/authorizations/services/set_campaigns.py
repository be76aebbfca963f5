"""Say which campaigns of the advertiser use an authorization; coverage is reckoned for these."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from valetkey.accounts.models import standing_of
from valetkey.accounts.policy import may
from valetkey.audit.entry import Actor
from valetkey.audit.services import record, writing
from valetkey.authorizations.lifecycle import OVER, State, Verb, words
from valetkey.authorizations.models import Authorization
from valetkey.authorizations.services.authorize import refuse_foreign
from valetkey.authorizations.services.transition import not_found
from valetkey.errors import Conflict, Forbidden
from valetkey.register.models import Campaign


def set_campaigns(
    *, authorization: Authorization, campaigns: Collection[Campaign], actor: Actor, at: datetime
) -> Authorization:
    """These and no others; none at all is possible. The advertiser's side says so, as when it asks for the post.

    Raises Invalid for a campaign of somebody else, Conflict where nothing will run any more.
    """
    standing = standing_of(actor, creator=authorization.post.held_by, advertiser=authorization.advertiser)
    if not standing.may_see():
        raise not_found(authorization.reference)
    if not may(Verb.REQUEST.value, standing):
        raise Forbidden(
            "not_your_verb", "Which campaigns use it is for the advertiser's side to say.", "Ask them to name them."
        )
    refuse_foreign(authorization.advertiser, None, tuple(campaigns))
    with writing(durable=True):
        authorization.refresh_from_db()
        if authorization.state in OVER:
            raise Conflict(
                "not_in_this_state",
                f"No campaign can use it any more: it is {words(State(authorization.state))}.",
                "Start a new one.",
            )
        before = {each.pk: each.name for each in authorization.campaigns.all()}
        after = {each.pk: each.name for each in campaigns}
        if before.keys() != after.keys():
            authorization.campaigns.set(after)
            detail: dict[str, object] = {
                "added": sorted(name for pk, name in after.items() if pk not in before),
                "removed": sorted(name for pk, name in before.items() if pk not in after),
            }
            record(event="authorization.campaigns", subject=authorization.subject, actor=actor, at=at, detail=detail)
    return authorization
