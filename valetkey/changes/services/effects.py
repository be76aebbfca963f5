"""What the desk does itself for a step, by the services of the layers below, and what the record must show then.

Only the record is changed here. What only a platform can do is never claimed: a person looked, and says what was seen.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from valetkey.accounts.models import ApiToken, Membership, Party, Person, User, desk_role_of
from valetkey.accounts.policy import DeskRole
from valetkey.accounts.services import end_token, end_user, leave, person_left
from valetkey.audit.entry import Actor
from valetkey.authorizations import services as authorizations
from valetkey.authorizations.lifecycle import OVER, State
from valetkey.authorizations.models import Authorization
from valetkey.changes.grammar import Effect, Thing
from valetkey.changes.models import Step
from valetkey.register import services as register
from valetkey.register.models import Access, Asset, Engagement, Exposure, Ownership, Responsibility


@dataclass(frozen=True)
class Call:
    """`how`: the proof, in words. `to`: who has it from now on."""

    step: Step
    how: str
    to: Person | None
    actor: Actor
    at: datetime


def carry_out(effect: Effect, step: Step, how: str, to: Person | None, actor: Actor, at: datetime) -> None:
    """Raises what the service below refuses: its rules hold here, too."""
    _DO[effect](Call(step, how, to, actor, at))


def is_shown(effect: Effect, step: Step) -> bool:
    return is_gone(step) or _SHOWN[effect](step)


def is_gone(step: Step) -> bool:
    """Taken back with the sheet that had brought it. Nothing is left to be done to it, and nobody to do it to."""
    match Thing(step.thing):
        case Thing.ACCESS:
            return not Access.objects.filter(reference=step.subject).exists()
        case Thing.ASSET | Thing.OWNERSHIP:
            return not Asset.objects.filter(reference=step.subject).exists()
        case _:
            return False


# ---- The rows that steps are about


def _access(step: Step) -> Access:
    return Access.objects.select_related("surface__asset__held_by", "holder", "person").get(reference=step.subject)


def _asset(step: Step) -> Asset:
    return Asset.objects.select_related("held_by").get(reference=step.subject)


def _authorization(step: Step) -> Authorization:
    return Authorization.objects.select_related("post__held_by", "advertiser").get(reference=step.subject)


def _engagement(step: Step) -> Engagement:
    return Engagement.objects.select_related("kept_by", "party").get(reference=step.subject)


def _exposure(step: Step) -> Exposure:
    return Exposure.objects.select_related("held_by").get(reference=step.subject)


def _ownership(step: Step) -> Ownership | None:
    return Ownership.objects.filter(asset__reference=step.subject).first()


def _person(step: Step) -> Person:
    return Person.objects.select_related("kept_by").get(reference=step.subject)


def _responsibility(step: Step) -> Responsibility:
    return Responsibility.objects.select_related("kept_by", "person").get(reference=step.subject)


def _acts_for(step: Step) -> bool:
    return Membership.objects.current().filter(user=int(step.subject), party=step.change.kept_by).exists()


# ---- What is done


def _close_access(call: Call) -> None:
    change = call.step.change
    reason = f"{change}: {change.title}"[:200]
    register.end_access(access=_access(call.step), reason=reason, how=call.how, actor=call.actor, at=call.at)


def _confirm_access(call: Call) -> None:
    register.confirm_access(access=_access(call.step), how=call.how, actor=call.actor, at=call.at)


def _close_exposure(call: Call) -> None:
    register.close_exposure(exposure=_exposure(call.step), how=call.how, actor=call.actor, at=call.at)


def _end_sign_in(call: Call) -> None:
    """By the desk admin, for somebody who acts for nobody else here: they are ended as a user, everywhere."""
    user, party = User.objects.get(pk=call.step.subject), call.step.change.kept_by
    others = Membership.objects.current().filter(user=user).exclude(party=party)
    is_admins = desk_role_of(call.actor) is DeskRole.ADMIN
    if is_admins and not user.desk_role and not others.exists() and user.pk != call.actor.user_id:
        end_user(user=user, reason=call.how, actor=call.actor, at=call.at)
    else:
        leave(user=user, party=party, actor=call.actor, at=call.at)


def _end_token(call: Call) -> None:
    end_token(token=ApiToken.objects.get(pk=call.step.subject), actor=call.actor, at=call.at)


def _end_engagement(call: Call) -> None:
    register.end_engagement(engagement=_engagement(call.step), reason=call.how[:300], actor=call.actor, at=call.at)


def _take_back(call: Call) -> None:
    keeper: Party = call.step.change.kept_by
    register.set_ownership(asset=_asset(call.step), changes={"owned_by": keeper}, actor=call.actor, at=call.at)


def _confirm_ownership(call: Call) -> None:
    """What proves it stays as it is written down; what was seen this time is this step's own proof."""
    asset = _asset(call.step)
    row = register.ownership_of(asset=asset)
    evidence = "" if row is not None and row.evidence else call.how
    register.confirm_ownership(asset=asset, evidence=evidence, actor=call.actor, at=call.at)


def _note_left(call: Call) -> None:
    person_left(person=_person(call.step), on=call.step.change.day, actor=call.actor, at=call.at)


def _ask_to_end(call: Call) -> None:
    row = _authorization(call.step)
    if not _is_asked(row):
        authorizations.ask_to_end(authorization=row, reason=call.how, actor=call.actor, at=call.at)


def _pass_on(call: Call) -> None:
    to, actor, at = call.to, call.actor, call.at
    if to is None:
        raise ValueError("It is passed on to nobody.")
    match Thing(call.step.thing):
        case Thing.ACCESS:
            register.change_access(access=_access(call.step), changes={"owner": to}, actor=actor, at=at)
        case Thing.AUTHORIZATION:
            authorizations.name_owner(authorization=_authorization(call.step), person=to, actor=actor, at=at)
        case Thing.RESPONSIBILITY:
            register.pass_on_responsibility(responsibility=_responsibility(call.step), to=to, actor=actor, at=at)
        case Thing.ENGAGEMENT:
            register.change_engagement(engagement=_engagement(call.step), changes={"owner": to}, actor=actor, at=at)
        case Thing.OWNERSHIP:
            register.set_ownership(
                asset=_asset(call.step), changes=dict.fromkeys(_held(call.step), to), actor=actor, at=at
            )
        case other:
            raise ValueError(f"“{other}” cannot be passed on.")


def _held(step: Step) -> list[str]:
    """What of the account the person of the change has in hand."""
    row, person = _ownership(step), step.change.person_id
    return [name for name in Ownership.CONTROLS if row is not None and getattr(row, f"{name}_id") == person]


# ---- What the record shows


def _is_closed(step: Step) -> bool:
    return _access(step).ended_at is not None


def _is_confirmed(step: Step) -> bool:
    """Ended is an answer, too."""
    row = _access(step)
    return row.ended_at is not None or (row.confirmed_at is not None and row.confirmed_at >= step.change.opened_at)


def _ownership_is_confirmed(step: Step) -> bool:
    row = _ownership(step)
    return row is not None and row.confirmed_at is not None and row.confirmed_at >= step.change.opened_at


def _token_is_ended(step: Step) -> bool:
    row = ApiToken.objects.select_related("user").get(pk=step.subject)
    return row.ended_at is not None or not row.user.is_active


def _is_taken_back(step: Step) -> bool:
    row = _ownership(step)
    return row is None or row.owned_by_id != step.change.party_id


def _is_asked(row: Authorization) -> bool:
    return row.end_asked_at is not None or _is_over(row)


def _is_over(row: Authorization) -> bool:
    return row.state in {*OVER, State.EXPIRED}


def _is_passed_on(step: Step) -> bool:
    person = step.change.person_id
    match Thing(step.thing):
        case Thing.ACCESS:
            access = _access(step)
            return access.owner_id != person or access.ended_at is not None
        case Thing.AUTHORIZATION:
            row = _authorization(step)
            return person not in (row.creator_owner_id, row.advertiser_owner_id) or _is_over(row)
        case Thing.RESPONSIBILITY:
            duty = _responsibility(step)
            return duty.person_id != person or duty.ended_at is not None
        case Thing.ENGAGEMENT:
            relation = _engagement(step)
            return relation.owner_id != person or relation.ended_at is not None
        case _:
            return not _held(step)


_DO: Final[dict[Effect, Callable[[Call], None]]] = {
    Effect.CLOSE_ACCESS: _close_access,
    Effect.CONFIRM_ACCESS: _confirm_access,
    Effect.CLOSE_EXPOSURE: _close_exposure,
    Effect.PASS_ON: _pass_on,
    Effect.END_SIGN_IN: _end_sign_in,
    Effect.END_TOKEN: _end_token,
    Effect.END_ENGAGEMENT: _end_engagement,
    Effect.TAKE_BACK: _take_back,
    Effect.CONFIRM_OWNERSHIP: _confirm_ownership,
    Effect.NOTE_LEFT: _note_left,
    Effect.ASK_TO_END: _ask_to_end,
}

_SHOWN: Final[dict[Effect, Callable[[Step], bool]]] = {
    Effect.CLOSE_ACCESS: _is_closed,
    Effect.CONFIRM_ACCESS: _is_confirmed,
    Effect.CLOSE_EXPOSURE: lambda step: not _exposure(step).is_open,
    Effect.PASS_ON: _is_passed_on,
    Effect.END_SIGN_IN: lambda step: not _acts_for(step),
    Effect.END_TOKEN: _token_is_ended,
    Effect.END_ENGAGEMENT: lambda step: _engagement(step).ended_at is not None,
    Effect.TAKE_BACK: _is_taken_back,
    Effect.CONFIRM_OWNERSHIP: _ownership_is_confirmed,
    Effect.NOTE_LEFT: lambda step: _person(step).left_on is not None,
    Effect.ASK_TO_END: lambda step: _is_asked(_authorization(step)),
    Effect.ADS_PAUSED: lambda step: _authorization(step).ads_paused_at is not None,
    Effect.SWITCHED_OFF: lambda step: _authorization(step).switched_off_at is not None,
    Effect.ENDED: lambda step: _is_over(_authorization(step)),
    Effect.TOLD: lambda step: _authorization(step).told_at is not None,
}
