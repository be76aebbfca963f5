"""Guides that know the case: read one for an authorization, tick its steps, share how far one has come.

A tick is a person's own note and proves nothing; what the record proves is told beside it. Sharing shows no code.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from django.conf import settings
from django.db.models import F, QuerySet

from valetkey.accounts.models import User, standing_of
from valetkey.accounts.policy import Side
from valetkey.audit.entry import Actor, Door
from valetkey.audit.services import record, writing
from valetkey.authorizations import case, links
from valetkey.authorizations.case import Ends, Known
from valetkey.authorizations.eligibility import KnownPost
from valetkey.authorizations.lifecycle import LIVE, ApplicationState, Drift, State, Verb
from valetkey.authorizations.links import Life
from valetkey.authorizations.models import Authorization, GuideLink, GuideProgress
from valetkey.authorizations.services.find import levels
from valetkey.authorizations.services.transition import not_found
from valetkey.connectors.base import Level, PostKind, Visibility
from valetkey.errors import Conflict, Forbidden, Invalid, NotFound
from valetkey.guides.fill import fill
from valetkey.guides.grammar import PLACEHOLDERS, Guide, Proof
from valetkey.guides.library import LANGUAGES, library
from valetkey.secret import Secret
from valetkey.text import line
from valetkey.vault import keyring

Show = Callable[[date], str]
"""A day or an instant in the reader's words."""

_OPEN_TO_ALL: Final = ("post", "creator", "advertiser", "days", "ends")
"""What whoever holds a link is told; campaigns and ad accounts are the two sides' own."""


@dataclass(frozen=True)
class Reading:
    """A guide as it stands for one authorization. `ticked`: steps that the reader says are done."""

    guide: Guide
    proofs: Mapping[Proof, bool | None]
    ticked: tuple[str, ...]

    def done(self) -> tuple[str, ...]:
        """Steps that are ticked, and those that the record proves."""
        steps = self.guide.steps
        return tuple(step.name for step in steps if step.name in self.ticked or self._proves(step.proof))

    def _proves(self, proof: Proof | None) -> bool:
        return proof is not None and self.proofs[proof] is True


@dataclass(frozen=True)
class SharedGuide:
    """What the visitor of a guide's link reads."""

    guide_link: GuideLink
    authorization: Authorization
    reading: Reading


@dataclass(frozen=True)
class MadeGuideLink:
    """The link's own secret is shown this once."""

    guide_link: GuideLink
    link: Secret = field(repr=False)


def guide_values(*, authorization: Authorization, language: str, show: Show) -> Mapping[str, str]:
    """What stands for the placeholders of a guide, in the reader's words."""
    return _values(_known(authorization), language, show)


def _values(known: Known, language: str, show: Show) -> Mapping[str, str]:
    return case.values(known, show, library().words(language)["quoted"])


def _known(authorization: Authorization) -> Known:
    row, level = authorization, levels(authorization=authorization)
    applications = list(row.applications.all())
    claims = [one for one in (row, *applications) if one.is_uncertain and one.claim_verb]
    return Known(
        state=State(row.state),
        creator=row.post.held_by.name,
        advertiser=row.advertiser.name,
        caption="" if row.post.name == f"post {row.post.platform_id}" else row.post.name,
        post=KnownPost(PostKind(row.post.medium), Visibility(row.post.visibility), row.post.ad_authorization_available),
        has_code=row.code_fingerprint is not None,
        window=row.window(),
        requested_days=row.requested_days,
        agreed_until=row.agreed_until,
        agreed_ad_account=row.agreed_ad_account.name if row.agreed_ad_account else "",
        campaigns=tuple(
            Ends(one.name, one.ends_on, coverage)
            for one, coverage in sorted(row.coverages(), key=lambda each: each[0].ends_at)
        ),
        creator_connected=level["creator"] == Level.CREATOR.value,
        advertiser_connected=level["advertiser"] == Level.ADVERTISER.value,
        was_handed_over=row.handed_over_at is not None,
        was_opened=row.opened_at is not None,
        ad_accounts=tuple(account.name for account in row.applied_on()),
        in_use=sum(row.state in LIVE and one.state == ApplicationState.IN_USE for one in applications),
        was_extended=row.window_changes.filter(verb=Verb.EXTEND).exists(),
        was_replaced=row.replaced_by.exists(),
        end_asked=row.end_asked_at is not None,
        end_acknowledged=row.end_acknowledged_at is not None,
        ads_paused=row.ads_paused_at is not None,
        switched_off=row.switched_off_at is not None,
        was_told=row.told_at is not None,
        uncertain=frozenset(Verb(one.claim_verb) for one in claims),
        drifts=frozenset(Drift[name] for name in row.drift),
    )


def read_guide(
    *, authorization: Authorization, name: str, language: str, show: Show, actor: Actor, at: datetime
) -> Reading:
    """The guide with what the record knows in it. Raises NotFound for a guide there is none of, and for a stranger."""
    _require_sight(authorization, actor)
    return _reading(authorization, name, language, show, _ticks(authorization, name, actor.user_id), at)


def tick_guide(
    *, authorization: Authorization, name: str, step: str, is_done: bool, actor: Actor, at: datetime
) -> None:
    """One step done, or not done after all, as this person says. Whoever may read a guide may keep a note in it."""
    _require_sight(authorization, actor)
    user = _user(actor)
    steps = _steps(library().guide(name, LANGUAGES[0]))
    if step not in steps:
        raise Invalid("no_such_step", "This guide has no such step.", "Load the page anew and tick again.")
    with writing(durable=True):
        mine = GuideProgress.objects.filter(authorization=authorization, user=user, guide=name)
        row = mine.first() or GuideProgress(authorization=authorization, user=user, guide=name, steps=[])
        ticked = {*row.steps, step} if is_done else set(row.steps) - {step}
        row.steps, row.changed_at = case.ticked(ticked, steps), at
        row.save()


def share_guide(
    *, authorization: Authorization, name: str, recipient: str, days: int | None = None, actor: Actor, at: datetime
) -> MadeGuideLink:
    """A link by which `recipient` reads the guide and which steps are done, without signing in, until it ends.

    For those who act on one of the two sides, and the desk's admin.
    """
    _require_hand(authorization, actor)
    user = _user(actor)
    library().guide(name, LANGUAGES[0])
    recipient = line(recipient, what="The name of who gets the link", longest=200)
    days = settings.VALETKEY_LINK_DAYS if days is None else days
    if not 1 <= days <= links.LONGEST_DAYS:
        raise Invalid("link_days", f"A link cannot last {days} days.", f"Choose 1 to {links.LONGEST_DAYS}.")
    link = Secret(secrets.token_urlsafe(32))
    with writing(durable=True):
        row = GuideLink.objects.create(
            authorization=authorization,
            user=user,
            guide=name,
            recipient=recipient,
            link_digest=keyring().fingerprint(link),
            created_at=at,
            ends_at=at + timedelta(days=days),
        )
        _note("authorization.guide.shared", row, {"link_days": days}, actor, at)
    return MadeGuideLink(row, link)


def unshare_guide(*, guide_link: GuideLink, actor: Actor, at: datetime) -> None:
    """End one link at once, for whoever may make one. Raises Conflict when it has ended already."""
    _require_hand(guide_link.authorization, actor)
    with writing(durable=True):
        live = GuideLink.objects.filter(pk=guide_link.pk, ended_at=None, ends_at__gt=at)
        if not live.update(ended_at=at):
            raise Conflict("link_ended", "This link has ended already.", "Nothing needs to be done.")
        _note("authorization.guide.unshared", guide_link, {}, actor, at)
    guide_link.refresh_from_db()


def may_share_guide(*, authorization: Authorization, actor: Actor) -> bool:
    standing = standing_of(actor, creator=authorization.post.held_by, advertiser=authorization.advertiser)
    return bool(standing.sides() - {Side.AUDITOR}) and actor.user_id is not None


def find_guide_link(*, link: Secret) -> GuideLink:
    """The row of a link, whether or not it still works. Raises NotFound for a link that nobody made."""
    found = _links().filter(link_digest__in=keyring().fingerprints(link)).first()
    if found is None:
        raise NotFound("no_such_link", "This link opens nothing.", "Ask whoever sent it for a new one.")
    return found


def look_at_guide_link(*, guide_link: GuideLink, language: str, show: Show, counts: bool, at: datetime) -> SharedGuide:
    """The guide, and which of its steps are done. `counts`: a new visit.

    Raises Conflict for a link that has ended, or whose maker may not share it any more.
    """
    if counts:
        GuideLink.objects.filter(pk=guide_link.pk).update(views=F("views") + 1, viewed_at=at)
    row = _links().get(pk=guide_link.pk)
    life = Life(row.ends_at, row.ended_at)
    if not life.is_open(at):
        raise links.closed_guide(ended_at=life.end())
    maker = Actor(name=str(row.user), door=Door.WEB, user_id=row.user_id)
    if not may_share_guide(authorization=row.authorization, actor=maker):
        raise links.closed_guide(ended_at=None)
    ticks = _ticks(row.authorization, row.guide, row.user_id)
    reading = _reading(row.authorization, row.guide, language, show, ticks, at, only=_OPEN_TO_ALL)
    return SharedGuide(row, row.authorization, reading)


def _reading(
    authorization: Authorization,
    name: str,
    language: str,
    show: Show,
    ticks: list[str],
    at: datetime,
    only: tuple[str, ...] = PLACEHOLDERS,
) -> Reading:
    guide, known = library().guide(name, language), _known(authorization)
    shown = {name: value for name, value in _values(known, language, show).items() if name in only}
    return Reading(fill(guide, shown), case.proofs(known, at), tuple(case.ticked(ticks, _steps(guide))))


def _ticks(authorization: Authorization, name: str, user_id: int | None) -> list[str]:
    row = GuideProgress.objects.filter(authorization=authorization, guide=name, user=user_id).first()
    return row.steps if row else []


def _steps(guide: Guide) -> list[str]:
    return [step.name for step in guide.steps]


def _links() -> QuerySet[GuideLink]:
    """With all that a page tells of them, and without the code."""
    rows = GuideLink.objects.select_related(
        "user", "authorization__post__held_by", "authorization__advertiser", "authorization__agreed_ad_account"
    )
    return rows.defer("authorization__code")


def _require_sight(authorization: Authorization, actor: Actor) -> None:
    standing = standing_of(actor, creator=authorization.post.held_by, advertiser=authorization.advertiser)
    if not standing.may_see():
        raise not_found(authorization.reference)


def _require_hand(authorization: Authorization, actor: Actor) -> None:
    _require_sight(authorization, actor)
    if actor.user_id is not None and not may_share_guide(authorization=authorization, actor=actor):
        raise Forbidden(
            "not_your_verb",
            "Sharing a guide belongs to those who act on one of the two sides.",
            "Ask them to do it; viewers and auditors read only.",
        )


def _user(actor: Actor) -> User:
    user = User.objects.filter(pk=actor.user_id or 0, is_active=True).first()
    if user is None:
        raise Forbidden("not_a_user", "Guides are ticked by somebody who is signed in.", "Sign in, then tick it.")
    return user


def _note(event: str, row: GuideLink, more: Mapping[str, object], actor: Actor, at: datetime) -> None:
    detail = {"guide": row.guide, "recipient": row.recipient, **more}
    record(event=event, subject=row.authorization.subject, actor=actor, at=at, detail=detail)
