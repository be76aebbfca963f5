"""Take a post off an ad account's list. The code itself, and every other application of it, stay as they are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from valetkey.audit.entry import Actor
from valetkey.audit.services import record, writing
from valetkey.authorizations import lifecycle
from valetkey.authorizations.lifecycle import ApplicationState, State, Verb
from valetkey.authorizations.models import Application, Authorization
from valetkey.authorizations.services.apply import advertiser_side_of
from valetkey.authorizations.services.authorize import same_post
from valetkey.authorizations.services.claims import free_by_statement, perform
from valetkey.authorizations.services.transition import event, refuse_if_claimed, require, take
from valetkey.errors import Conflict, NotFound
from valetkey.register.models import AdAccount
from valetkey.register.services import close_access


def unbind(
    *, authorization: Authorization, ad_account: AdAccount, by_hand: bool = False, actor: Actor, at: datetime
) -> Application:
    """`by_hand`: somebody did it in Ads Manager and says so. Raises Conflict while a step of the code is under way, or
    its outcome is not known.
    """
    require(authorization, Verb.UNBIND, actor)
    application = authorization.applications.filter(ad_account=ad_account).first()
    if application is None:
        raise NotFound(
            "not_applied_there",
            f"This code is not applied on {ad_account}.",
            "Look at the authorization: it lists where it is applied.",
        )
    if by_hand:
        with writing(durable=True):
            application.refresh_from_db()
            authorization.refresh_from_db()
            refuse_if_claimed(authorization)
            free_by_statement(application, Verb.UNBIND)
            settle_unbound(application, authorization, actor, at)
            detail: dict[str, object] = {"ad_account": ad_account.name, "source": "stated"}
            record(event=event(Verb.UNBIND, "done"), subject=authorization.subject, actor=actor, at=at, detail=detail)
        return application
    side = advertiser_side_of(authorization)
    post_id = authorization.post.platform_id

    def call() -> None:
        side.unbind(ad_account_id=ad_account.platform_id, post_id=post_id)

    def settle(_: None) -> Mapping[str, object]:
        settle_unbound(application, authorization, actor, at)
        return {}

    def legal(row: Application) -> None:
        authorization.refresh_from_db()
        refuse_if_claimed(authorization)  # what is not known yet of the code may change what this does
        lifecycle.apply_to_application(ApplicationState(row.state), Verb.UNBIND)
        _refuse_unbinding_others(row)

    perform(application, Verb.UNBIND, actor=actor, at=at, legal=legal, call=call, settle=settle)
    return application


def settle_unbound(application: Application, authorization: Authorization, actor: Actor, at: datetime) -> None:
    """Inside the settling transaction: this application ends, and only this one's access."""
    state = lifecycle.apply_to_application(ApplicationState(application.state), Verb.UNBIND)
    Application.objects.filter(pk=application.pk).update(state=state, seen_at=at)
    application.refresh_from_db()
    close_access(basis=application.basis, reason="taken off the ad account", actor=actor, at=at)
    authorization.refresh_from_db()
    state_now = State(authorization.state)
    if (state_now, Verb.UNBIND) in lifecycle.EDGES:
        take(authorization, lifecycle.apply(state_now, Verb.UNBIND, authorization.progress()))


def _refuse_unbinding_others(row: Application) -> None:
    """The platform takes the post off the list, with every code of it that is applied there."""
    others = Application.objects.bound().filter(
        ad_account=row.ad_account, authorization__in=same_post(row.authorization).filter(state__in=lifecycle.USABLE)
    )
    other = others.select_related("authorization").first()
    if other is not None:
        raise Conflict(
            "others_applied_there",
            f"{other.authorization} is applied for the same post on {row.ad_account}; this would take it off too.",
            "Let it stay, or end the other one first.",
        )
