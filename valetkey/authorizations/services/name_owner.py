"""Who answers for an authorization, on either side: a person on that side's own record.

Until somebody is named, it is whoever first did something for that side. The access it gives follows the creator's.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db.models import Q

from valetkey.accounts.models import Party, Person, standing_of
from valetkey.accounts.policy import Side
from valetkey.audit.entry import Actor
from valetkey.audit.services import record, writing
from valetkey.authorizations.lifecycle import LIVE, OVER, State, words
from valetkey.authorizations.models import Authorization, AuthorizationQuerySet
from valetkey.authorizations.services.transition import not_found
from valetkey.authorizations.services.window import open_accesses
from valetkey.errors import Conflict, Forbidden, Invalid
from valetkey.register.services import refuse_left

_COLUMNS: Final = {Side.CREATOR: "creator_owner", Side.ADVERTISER: "advertiser_owner"}


def name_owner(*, authorization: Authorization, person: Person, actor: Actor, at: datetime) -> Authorization:
    """From now on this person answers for it on the side that keeps them on record; that side says so, or an admin.

    Raises Invalid for a person of neither side, Conflict for somebody who has left or where it is all over.
    """
    side = _require_side(authorization, person, actor)
    refuse_left(person, at)
    column = _COLUMNS[side]
    with writing():
        authorization.refresh_from_db()
        if authorization.state in OVER:
            raise Conflict(
                "not_in_this_state",
                f"Nobody has to answer for it any more: it is {words(State(authorization.state))}.",
                "Its history tells who did.",
            )
        before: Person | None = getattr(authorization, column)
        if before != person:
            Authorization.objects.filter(pk=authorization.pk).update(**{column: person})
            setattr(authorization, column, person)
            named = {column: {"from": before.name if before else None, "to": person.name}}
            detail = {"side": side.value, "person": person.name, "changes": named}
            record(event="authorization.owner", subject=authorization.subject, actor=actor, at=at, detail=detail)
            if side is Side.CREATOR and authorization.state in LIVE:
                open_accesses(authorization, actor=actor, at=at)
    return authorization


def sides_to_name(*, authorization: Authorization, actor: Actor) -> list[Party]:
    """For which sides the actor may say who answers: the parties on whose records those people are."""
    sides = standing_of(actor, creator=authorization.post.held_by, advertiser=authorization.advertiser).sides()
    return [party for side, party in _parties(authorization).items() if side in sides or Side.ADMIN in sides]


def authorizations_owned_by(*, person: Person) -> AuthorizationQuerySet:
    """All that this person answers for, over or not. Who sees the person sees these: they are of the same party."""
    return Authorization.objects.filter(Q(creator_owner=person) | Q(advertiser_owner=person))


def answer_for(authorization: Authorization, *, actor: Actor, at: datetime) -> dict[str, object]:
    """Inside the caller's transaction: where nobody answers for the actor's own side yet, they do from now on.

    Answers with what the caller's entry says of it; nothing where nothing changed.
    """
    free = [side for side, column in _COLUMNS.items() if getattr(authorization, f"{column}_id") is None]
    if actor.user_id is None or not free:
        return {}
    sides = standing_of(actor, creator=authorization.post.held_by, advertiser=authorization.advertiser).sides()
    parties = _parties(authorization)
    there = Person.objects.filter(Q(left_on=None) | Q(left_on__gte=at.date()), user=actor.user_id)
    named = []
    for side in free:
        person = there.filter(kept_by=parties[side]).first() if side in sides else None
        # Not over somebody who was named since the row in hand was read.
        unnamed = Authorization.objects.filter(pk=authorization.pk, **{_COLUMNS[side]: None})
        if person is not None and unnamed.update(**{_COLUMNS[side]: person}):
            setattr(authorization, _COLUMNS[side], person)
            named.append(person.name)
    return {"answers_for": named} if named else {}


def owners_of(authorization: Authorization | None, at: datetime) -> dict[str, Person]:
    """For the successor of an authorization: who answers for that one, and is still there."""
    named = {column: getattr(authorization, column) for column in _COLUMNS.values()} if authorization else {}
    return {
        column: person
        for column, person in named.items()
        if person is not None and (person.left_on is None or person.left_on >= at.date())
    }


def _require_side(authorization: Authorization, person: Person, actor: Actor) -> Side:
    """The side that keeps the person on record. A stranger is told the same as if there were nothing."""
    standing = standing_of(actor, creator=authorization.post.held_by, advertiser=authorization.advertiser)
    if not standing.may_see():
        raise not_found(authorization.reference)
    parties = _parties(authorization)
    side = next((side for side, party in parties.items() if party.pk == person.kept_by_id), None)
    if side is None:
        raise Invalid(
            "not_on_record",
            f"{person} is on the record of neither side.",
            "Enter them on your record first, then name them.",
        )
    if not {side, Side.ADMIN} & standing.sides():
        raise Forbidden(
            "not_your_verb",
            f"Who answers for it on the {side.value}'s side is for them to say.",
            f"Ask somebody of {parties[side]}; viewers and auditors read only.",
        )
    return side


def _parties(authorization: Authorization) -> dict[Side, Party]:
    return {Side.CREATOR: authorization.post.held_by, Side.ADVERTISER: authorization.advertiser}
