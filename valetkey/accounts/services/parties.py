"""Make, find and rename parties. A buyer enters a creator who is not on the desk yet."""

from __future__ import annotations

from datetime import datetime

from valetkey.accounts.models import Membership, Party, desk_role_of
from valetkey.accounts.policy import DeskRole, Role
from valetkey.accounts.said import of_party
from valetkey.accounts.services.require import no_such_party, require_admin
from valetkey.audit.entry import Actor
from valetkey.audit.services import record, writing
from valetkey.errors import Conflict, Forbidden, Invalid
from valetkey.text import line
from valetkey.timeline.services import keep


def find_party(*, name: str, actor: Actor) -> Party:
    """By reference or by name, among the parties this actor can see."""
    visible = Party.objects.visible_to(actor)
    party = visible.filter(reference=name.upper()).first() or visible.filter(name__iexact=name).first()
    if party is None:
        raise no_such_party(name)
    return party


def create_party(*, name: str, kind: str, actor: Actor, at: datetime) -> Party:
    require_admin(actor)
    name = line(name, what="The party's name", longest=200)
    if kind not in Party.Kind.values:
        raise Invalid("party_kind", f"“{kind}” is no kind of party.", f"Use one of {', '.join(Party.Kind.values)}.")
    with writing(durable=True):
        _refuse_taken(_named(name))
        return _create(name, kind, actor, at)


def rename_party(*, party: Party, name: str, actor: Actor, at: datetime) -> None:
    """For the desk admin: a name is what the other side goes by when it hands over a right."""
    require_admin(actor)
    name = line(name, what="The party's name", longest=200)
    with writing(durable=True):
        taken = _named(name)
        _refuse_taken(taken if taken != party else None)
        row = Party.objects.get(pk=party.pk)
        if row.name != name:
            detail: dict[str, object] = {"from": row.name, "to": name}
            row.name = name
            row.save(update_fields=["name"])
            record(event="party.renamed", subject=f"party {party.reference}", actor=actor, at=at, detail=detail)
            keep(of_party(row), at=at)
    party.name = name


def enter_creator(*, name: str, actor: Actor, at: datetime) -> Party:
    """A creator whom somebody wants to ask and who is not on the desk yet; the one of that name where there is one.

    For whoever works for a brand or an agency, and for the desk admin. Nobody acts for the new party until invited.
    """
    entered_by = _buyers_parties(actor)
    if not entered_by and desk_role_of(actor) is not DeskRole.ADMIN:
        raise Forbidden(
            "not_a_buyer",
            "A creator is entered by those who act for a brand or an agency.",
            "Ask one of them, or the desk admin.",
        )
    name = line(name, what="The creator's name", longest=200)
    with writing(durable=True):
        found = _named(name)
        if found is None:
            return _create(name, Party.Kind.CREATOR, actor, at, entered_by=entered_by)
    if found.kind != Party.Kind.CREATOR:
        raise Conflict(
            "party_is_no_creator",
            f"“{found}” is the name of a party that is no creator.",
            "Use the name under which the creator posts.",
        )
    return found


def _buyers_parties(actor: Actor) -> list[str]:
    works = Membership.objects.of(actor).filter(role__in=[Role.MANAGER.value, Role.MEMBER.value])
    buyers = works.filter(party__kind__in=[Party.Kind.BRAND, Party.Kind.AGENCY])
    return list(buyers.order_by("party__name").values_list("party__name", flat=True))


def _named(name: str) -> Party | None:
    """However it is capitalized: two names that differ in nothing else would be taken for one another."""
    return Party.objects.filter(name=name).first() or Party.objects.filter(name__iexact=name).first()


def _refuse_taken(taken: Party | None) -> None:
    if taken is not None:
        raise Conflict("party_exists", f"There is a party “{taken}” already.", "Use it, or choose another name.")


def _create(name: str, kind: str, actor: Actor, at: datetime, **more: object) -> Party:
    party = Party.objects.create(name=name, kind=kind, created_at=at)
    detail: dict[str, object] = {"name": name, **more}
    record(event="party.created", subject=f"party {party.reference}", actor=actor, at=at, detail=detail)
    keep(of_party(party), at=at)
    return party
