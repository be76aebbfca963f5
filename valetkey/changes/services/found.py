"""Asks the record what a change touches: for each kind of step everything that is there now, in a fixed order.

Only what the keeper has on record, or stands in on one side. Decides nothing and writes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final

from django.db.models import Q

from valetkey.accounts.models import ApiToken, Membership, Person
from valetkey.audit.entry import Actor
from valetkey.authorizations.lifecycle import LIVE, OVER, State
from valetkey.authorizations.models import Authorization, Reveal
from valetkey.changes.checklist import Facts, Found
from valetkey.changes.grammar import Each, PlanSheet
from valetkey.changes.models import Change
from valetkey.changes.services import worded
from valetkey.register.models import Access, Asset, Engagement, Exposure, Ownership, Responsibility

_SIGNED_IN_TO: Final = (
    Asset.Kind.ACCOUNT, Asset.Kind.BUSINESS_CENTER, Asset.Kind.SHOP, Asset.Kind.PAGE, Asset.Kind.CHANNEL,
)  # fmt: skip
"""What has a login of its own. A post has none, and an ad account lies inside of something that has."""
_NOBODYS: Final = frozenset({*OVER, State.EXPIRED})
_OF_AUTHORIZATION: Final = ("post__held_by", "advertiser", "creator_owner", "advertiser_owner")
_OF_ACCESS: Final = ("surface__asset", "holder", "person", "owner")
_OF_A_REVIEW: Final = (Each.LINE_END, Each.LINE_STOP, Each.LINE_CHANGE, Each.LINE_NOT_MINE)


def facts_of(change: Change, plan: PlanSheet, *, actor: Actor, at: datetime) -> Facts:
    """What the plan asks for, and no more."""
    asked = {step.each for step in plan.steps} - {Each.ONCE}
    themselves = change.person.reference if change.person is not None else ""
    return Facts(
        about=about_of(change),
        each={each: _FIND[each](change, at) for each in asked},
        responsible=_responsible(change, actor, at),
        themselves=themselves,
    )


def about_of(change: Change) -> Found:
    words = {"keeper": change.kept_by.name, "day": worded.day(change.day), "scope": "the whole record"}
    row = change.person or change.party or change.asset
    if change.authorization is not None:
        found = worded.authorization(change.authorization, _side_owner(change.authorization, change))
        return Found(found.reference, {**words, **found.words}, found.owner)
    if row is None:
        return Found("", words)
    words[change.about.value] = row.name
    if isinstance(row, Asset):
        words["platform"] = worded.platform(row)
    return Found(row.reference, words)


def _responsible(change: Change, actor: Actor, at: datetime) -> str:
    """Whoever has this duty on the record, for this asset before any other; else who opens the change."""
    duties = Responsibility.objects.current().filter(kept_by=change.kept_by, occasion=change.occasion)
    fitting = duties.filter(Q(asset=change.asset) | Q(asset=None)) if change.asset else duties.filter(asset=None)
    for duty in sorted(fitting.select_related("person", "backup"), key=lambda each: (each.asset_id is None, each.pk)):
        for person in (duty.person, duty.backup):
            if person is not None and _is_there(person, at) and person != change.person:
                return person.reference
    own = Person.objects.filter(kept_by=change.kept_by, user=actor.user_id or 0).first()
    return own.reference if own is not None and _is_there(own, at) else ""


def _is_there(person: Person, at: datetime) -> bool:
    return person.left_on is None or person.left_on >= at.date()


def _accesses(found: Q, change: Change) -> list[Found]:
    """Past their end or not: they stay open in the record until somebody ends them. What an authorization gives ends
    with it, and is no line of its own here."""
    rows = Access.objects.filter(found, ended_at=None, way=Access.Way.ENTERED, surface__asset__held_by=change.kept_by)
    ordered = rows.select_related(*_OF_ACCESS).order_by("surface__asset__name", "surface__name", "pk")
    return [worded.access(row) for row in ordered]


def _access(change: Change, at: datetime) -> list[Found]:
    if change.person is not None:
        return _accesses(Q(person=change.person), change)
    if change.party is not None:
        return _accesses(Q(holder=change.party, person=None), change)
    return _accesses(Q(surface__asset=change.asset), change)


def _individual(change: Change, at: datetime) -> list[Found]:
    theirs = Q(holder=change.party) | Q(person__party=change.party)
    return _accesses(theirs & Q(person__isnull=False), change)


def _access_answered_for(change: Change, at: datetime) -> list[Found]:
    return _accesses(Q(owner=change.person), change)


def _authorizations(found: Q, change: Change) -> list[Found]:
    ours = Q(post__held_by=change.kept_by) | Q(advertiser=change.kept_by)
    rows = Authorization.objects.filter(found & ours).distinct().select_related(*_OF_AUTHORIZATION).order_by("pk")
    return [worded.authorization(row, _side_owner(row, change)) for row in rows]


def _side_owner(row: Authorization, change: Change) -> Person | None:
    """On the keeper's own side; who answers for the other side is theirs to say."""
    return row.creator_owner if row.post.held_by_id == change.kept_by_id else row.advertiser_owner


def _authorization_owned(change: Change, at: datetime) -> list[Found]:
    owned = Q(creator_owner=change.person) | Q(advertiser_owner=change.person)
    return _authorizations(owned & ~Q(state__in=_NOBODYS), change)


def _authorization_live(change: Change, at: datetime) -> list[Found]:
    live = Q(state__in=LIVE)
    if change.party is not None:
        return _authorizations(live & (Q(advertiser=change.party) | Q(post__held_by=change.party)), change)
    key = change.asset_id
    on_it = Q(post=key) | Q(post__within=key) | Q(applications__ad_account=key)
    return _authorizations(live & on_it, change)


def _code_seen(change: Change, at: datetime) -> list[Found]:
    """By whoever signed in, and by whoever came by a link to the same mail address."""
    person = change.person
    assert person is not None  # noqa: S101  # a plan about a person
    seen = Q(user_id=person.user_id) if person.user_id is not None else Q(pk=None)
    if person.mail:
        seen |= Q(hand_over__mail__iexact=person.mail)
    revealed = Reveal.objects.filter(seen).values("authorization")
    return _authorizations(Q(pk__in=revealed, state__in=LIVE), change)


def _exposure_known(change: Change, at: datetime) -> list[Found]:
    rows = Exposure.objects.open().filter(held_by=change.kept_by)
    if change.person is not None:
        # Who was named before they were on record is told by the name alone: rather one to look at too many.
        named = Q(knowers__person=None, knowers__name__iexact=change.person.name)
        rows = rows.filter(Q(knowers__person=change.person) | named)
    elif change.party is not None:
        rows = rows.filter(Q(knowers__party=change.party) | Q(knowers__person__party=change.party))
    elif change.asset is not None:
        rows = rows.filter(asset=change.asset)
    return [worded.exposure(row) for row in rows.distinct().order_by("account", "pk")]


def _ownership(change: Change, at: datetime) -> list[Found]:
    """Of a person what they have in hand; else each account, with who has what."""
    named = ("asset", "owned_by", *Ownership.CONTROLS)
    rows = Ownership.objects.select_related(*named).filter(asset__held_by=change.kept_by)
    if change.person is not None:
        held = Q()
        for control in Ownership.CONTROLS:
            held |= Q(**{control: change.person})
        return [worded.in_hand(row, change.person) for row in rows.filter(held).order_by("asset__name", "pk")]
    assets = Asset.objects.filter(held_by=change.kept_by, kind__in=_SIGNED_IN_TO).order_by("name", "pk")
    if change.asset is not None:
        assets = Asset.objects.filter(pk=change.asset.pk)
    known = {row.asset_id: row for row in rows.filter(asset__in=assets)}
    return [worded.ownership(asset, known.get(asset.pk)) for asset in assets]


def _asset_owned(change: Change, at: datetime) -> list[Found]:
    rows = Ownership.objects.filter(asset__held_by=change.kept_by, owned_by=change.party)
    return [
        worded.owned(row) for row in rows.select_related("asset", "owned_by", "owner").order_by("asset__name", "pk")
    ]


def _responsibility(change: Change, at: datetime) -> list[Found]:
    rows = Responsibility.objects.current().filter(kept_by=change.kept_by)
    if change.person is not None:
        rows = rows.filter(person=change.person)
    elif change.asset is not None:
        rows = rows.filter(asset=change.asset)
    return [worded.responsibility(row) for row in rows.select_related("person").order_by("pk")]


def _engagement(change: Change, at: datetime) -> list[Found]:
    rows = Engagement.objects.filter(kept_by=change.kept_by, ended_at=None)
    rows = rows.filter(owner=change.person) if change.person is not None else rows.filter(party=change.party)
    return [worded.engagement(row) for row in rows.select_related("party", "owner").order_by("pk")]


def _sign_in(change: Change, at: datetime) -> list[Found]:
    """What somebody does for the keeper on this desk; what they do for others is none of its business."""
    rows = Membership.objects.current().filter(party=change.kept_by, user__is_active=True)
    if change.person is not None:
        rows = rows.filter(user=change.person.user_id or 0)
    else:
        theirs = Person.objects.filter(kept_by=change.kept_by, party=change.party, user__isnull=False)
        rows = rows.filter(user__in=theirs.values("user"))
    return [worded.sign_in(row) for row in rows.select_related("user").order_by("pk")]


def _token(change: Change, at: datetime) -> list[Found]:
    """Of a user who acts for nobody else here: other parties' programs are theirs."""
    user = change.person.user if change.person is not None else None
    if user is None or user.desk_role:
        return []
    if Membership.objects.current().filter(user=user).exclude(party=change.kept_by).exists():
        return []
    return [worded.token(row) for row in ApiToken.objects.live(at).filter(user=user).select_related("user")]


_FIND: Final[dict[Each, Callable[[Change, datetime], list[Found]]]] = {
    Each.ACCESS: _access,
    Each.INDIVIDUAL: _individual,
    Each.ACCESS_ANSWERED_FOR: _access_answered_for,
    Each.AUTHORIZATION_OWNED: _authorization_owned,
    Each.AUTHORIZATION_LIVE: _authorization_live,
    Each.CODE_SEEN: _code_seen,
    Each.EXPOSURE_KNOWN: _exposure_known,
    Each.OWNERSHIP: _ownership,
    Each.ASSET_OWNED: _asset_owned,
    Each.RESPONSIBILITY: _responsibility,
    Each.ENGAGEMENT: _engagement,
    Each.SIGN_IN: _sign_in,
    Each.TOKEN: _token,
    # What a review decided is given to the change when it is opened, and found by nobody else.
    **dict.fromkeys(_OF_A_REVIEW, lambda change, at: []),
}


def people_by_reference(references: Iterable[str]) -> dict[str, Person]:
    return {person.reference: person for person in Person.objects.filter(reference__in=set(references) - {""})}
