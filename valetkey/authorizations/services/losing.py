"""What somebody would lose if they went, and what would stop: the record's look at them, and codes that hang on them.

Reads the record alone, never the platform. Ends nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Q

from valetkey.accounts.models import Party, Person
from valetkey.audit.entry import Actor
from valetkey.authorizations.models import Authorization
from valetkey.authorizations.services.stakes import CampaignAtStake, campaigns_at_stake
from valetkey.register.looking import Look, moment
from valetkey.register.models import AdAccount
from valetkey.register.services import look_at_party, look_at_person

SHOWN: Final = 50
MOST: Final = 1000


@dataclass(frozen=True)
class AtStake:
    """`why`: “holds it”, “gave it” or “answers for it”. Campaigns that use it and are not over; where it is applied."""

    authorization: Authorization
    why: str
    campaigns: tuple[CampaignAtStake, ...]
    ad_accounts: tuple[AdAccount, ...]


@dataclass(frozen=True)
class Losing:
    """`look`: what they have, own, answer for and know. `count` of live authorizations, counted to `MOST`."""

    look: Look
    authorizations: tuple[AtStake, ...]
    count: int

    @property
    def is_empty(self) -> bool:
        look = self.look
        in_hand = (look.count, look.open_too, look.answers_for, look.ownerships, look.responsibilities, self.count)
        return not any(in_hand) and not any(each.is_open for each in look.exposures)


def losing(*, person: Person | None = None, party: Party | None = None, actor: Actor, at: datetime) -> Losing:
    """Of one person, or of one party. Raises NotFound for whoever does not have them on record."""
    now = moment(None, zone="UTC", now=at)
    if person is not None:
        look = look_at_person(person=person.reference, moment=now, actor=actor)
        theirs = Person.objects.filter(pk=person.pk)
    elif party is not None:
        look = look_at_party(party=party.reference, moment=now, actor=actor)
        # Who answers on the other side is that side's own affair.
        theirs = Person.objects.visible_to(actor).filter(party=party)
    else:
        raise TypeError("Somebody has to be named.")
    answers = Q(creator_owner__in=theirs) | Q(advertiser_owner__in=theirs)
    which = answers | Q(advertiser=party) | Q(post__held_by=party) if party is not None else answers
    found = Authorization.objects.visible_to(actor).live().filter(which).order_by("ends_at", "pk")
    rows = found.in_full().defer("code")[:SHOWN]
    return Losing(look, tuple(_at_stake(row, party, at) for row in rows), found[:MOST].count())


def _at_stake(row: Authorization, party: Party | None, at: datetime) -> AtStake:
    if party is not None and row.advertiser_id == party.pk:
        why = "holds it"
    elif party is not None and row.post.held_by_id == party.pk:
        why = "gave it"
    else:
        why = "answers for it"
    return AtStake(row, why, campaigns_at_stake(row, at), tuple(row.applied_on()))
