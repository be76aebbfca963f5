"""What every verb does: ask the policy, take the step the lifecycle allows, write the entry. One short transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from valetkey.accounts.models import standing_of
from valetkey.accounts.policy import may, whose
from valetkey.audit.entry import Actor
from valetkey.audit.models import Entry
from valetkey.audit.services import record, writing
from valetkey.authorizations import lifecycle
from valetkey.authorizations.lifecycle import State, Verb
from valetkey.authorizations.models import Authorization
from valetkey.errors import Conflict, Forbidden, NotFound


def not_found(reference: str) -> NotFound:
    return NotFound(
        "no_such_authorization",
        f"There is no authorization {reference} that you can see.",
        "Look it up among yours.",
    )


def require(authorization: Authorization, verb: Verb, actor: Actor) -> None:
    """Raises NotFound for a stranger, as if there were nothing, and Forbidden for the side whose verb it is not."""
    standing = standing_of(actor, creator=authorization.post.held_by, advertiser=authorization.advertiser)
    if not standing.may_see():
        raise not_found(authorization.reference)
    if not may(verb.value, standing):
        raise Forbidden(
            "not_your_verb",
            f"“{lifecycle.words(verb)}” belongs to {whose(verb.value)}.",
            "Ask them to do it; viewers and auditors read only.",
        )


def event(verb: Verb, outcome: str = "") -> str:
    """The name of a verb's entry in the history; a platform verb has one for each outcome."""
    return f"authorization.{verb.value}.{outcome}" if outcome else f"authorization.{verb.value}"


def move(
    authorization: Authorization,
    verb: Verb,
    *,
    actor: Actor,
    at: datetime,
    detail: Mapping[str, object] | None = None,
    changes: Mapping[str, Any] | None = None,
) -> None:
    """A step that needs no platform. Raises Conflict when the state does not allow it or somebody was faster."""
    with writing():
        authorization.refresh_from_db()
        refuse_if_claimed(authorization)
        state = lifecycle.apply(State(authorization.state), verb, authorization.progress())
        take(authorization, state, **(changes or {}))
        record(event=event(verb), subject=authorization.subject, actor=actor, at=at, detail=detail)


def take(authorization: Authorization, state: State, **changes: Any) -> None:
    """Compare-and-set: only the state that was read may be replaced. The row in hand is brought up to date."""
    found = Authorization.objects.filter(pk=authorization.pk, state=authorization.state)
    if not found.update(state=state, **changes):
        raise somebody_was_faster()
    authorization.refresh_from_db()


def last_line(authorization: Authorization) -> int:
    """The number of its newest entry. Every change writes one, so the same number means that nothing has changed."""
    newest = Entry.objects.filter(subject=authorization.subject).order_by("-seq").values_list("seq", flat=True)
    return newest.first() or 0


def refuse_if_changed(authorization: Authorization, since: int) -> None:
    """For what was read from the platform before a transaction: it may be older than the record by now."""
    if last_line(authorization) != since:
        raise somebody_was_faster()


def somebody_was_faster() -> Conflict:
    return Conflict("somebody_was_faster", "Somebody changed this authorization just now.", "Look again, then repeat.")


def refuse_unfit(authorization: Authorization, verb: Verb) -> None:
    """Before anything is asked of the platform: a claim stands, or the state does not allow it. Asked again later."""
    authorization.refresh_from_db()
    refuse_if_claimed(authorization)
    lifecycle.apply(State(authorization.state), verb, authorization.progress())


def refuse_if_claimed(authorization: Authorization) -> None:
    if authorization.claim_id is not None:
        raise under_way(authorization.claim_verb, is_uncertain=authorization.is_uncertain)


def under_way(verb: str, *, is_uncertain: bool) -> Conflict:
    name = verb.replace("_", " ")
    if is_uncertain:
        return Conflict(
            "outcome_uncertain",
            f"Whether “{name}” was carried out is not known yet.",
            "Ask the platform what happened; never repeat the step.",
        )
    return Conflict("under_way", f"“{name}” is under way already.", "Wait a moment, then look again.")
