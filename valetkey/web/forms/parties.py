"""The parties a person may enter something for."""

from __future__ import annotations

from valetkey.accounts.models import Membership, Party, PartyQuerySet, desk_role_of
from valetkey.accounts.policy import DeskRole, Role
from valetkey.audit.entry import Actor


def managed_by(actor: Actor, *kinds: Party.Kind) -> PartyQuerySet:
    """Those the actor manages, all of them for the desk admin; of these kinds, or of any."""
    found = Party.objects.all()
    if desk_role_of(actor) is not DeskRole.ADMIN:
        found = found.filter(pk__in=Membership.objects.of(actor).filter(role=Role.MANAGER).values("party"))
    return found.filter(kind__in=kinds) if kinds else found


def kept_by(actor: Actor) -> PartyQuerySet:
    """Those whose record the actor may change: as manager or member, all of them for the desk admin."""
    if desk_role_of(actor) is DeskRole.ADMIN:
        return Party.objects.all()
    return Party.objects.filter(
        pk__in=Membership.objects.of(actor).filter(role__in=[Role.MANAGER, Role.MEMBER]).values("party")
    )
