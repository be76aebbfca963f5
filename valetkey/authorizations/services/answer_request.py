"""Answer a request by its link, without an account: look, tick what is done, hand in the code, or say no.

The link is the authority here, not the policy, and it is good for this one request. It never reaches the creator's
connection to the platform: who has only the link types in what they made in the app.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import F, QuerySet

from valetkey.audit.entry import Actor
from valetkey.audit.services import writing
from valetkey.authorizations import links
from valetkey.authorizations.lifecycle import State, Verb
from valetkey.authorizations.links import Answer, Standing
from valetkey.authorizations.models import Authorization, HandOver, RequestLink
from valetkey.authorizations.services.authorize import refuse_ineligible, write_terms_seen
from valetkey.authorizations.services.record import read_typed, settle_typed
from valetkey.authorizations.services.request import reason_to_decline
from valetkey.authorizations.services.request_link import answer_of, life, whom
from valetkey.authorizations.services.transition import move
from valetkey.errors import Conflict, Invalid, NotFound
from valetkey.secret import Secret
from valetkey.vault import keyring


@dataclass(frozen=True)
class Asked:
    """A request as the visitor of its link finds it. `request_link` carries how far they have come."""

    request_link: RequestLink
    standing: Standing
    authorization: Authorization
    answer: Answer

    def closed(self) -> Conflict | None:
        """Why it takes no answer and what to do now; None while it takes one."""
        return None if self.standing is Standing.OPEN else _closed(self.request_link, self.standing)


def find_request(*, link: Secret) -> RequestLink:
    """The row of a link, whether or not it still works. Raises NotFound for a link nobody made."""
    found = _rows().filter(link_digest__in=keyring().fingerprints(link)).first()
    if found is None:
        raise NotFound(
            "no_such_link", "This link opens nothing.", "Copy the whole link from the mail, or ask for a new one."
        )
    return found


def look_at_request(*, request_link: RequestLink, counts: bool, at: datetime) -> Asked:
    """What is asked, and whether it still is. `counts`: a person looks, and that is kept."""
    row = _fresh(request_link)
    standing = _standing(row, at)
    if counts:
        RequestLink.objects.filter(pk=row.pk).update(views=F("views") + 1, viewed_at=at)
        if standing is Standing.OPEN:
            _all_links(row).filter(opened_at=None).update(opened_at=at)
        row = _fresh(row)
    answer = answer_of(authorization=row.authorization, at=at)
    return Asked(row, standing, row.authorization, answer or Answer.NOT_OPENED)


def tick(*, request_link: RequestLink, steps: Collection[str], at: datetime) -> RequestLink:
    """Keep which steps are ticked now, all of them. Raises Invalid for a step there is none of."""
    done = links.ticked(steps)
    with writing(durable=True):
        row = _require_open(request_link, at)
        _all_links(row).update(steps=done)
        _all_links(row).filter(opened_at=None).update(opened_at=at)
    return _fresh(row)


def answer_request(
    *,
    request_link: RequestLink,
    code: str,
    days: int | None = None,
    ends_on: date | None = None,
    agreed_until: date | None = None,
    time_zone: str = "UTC",
    terms_seen: bool,
    short_reason: str = "",
    actor: Actor,
    at: datetime,
) -> Authorization:
    """The code made in the app is handed in, and handed over to the advertiser who asked for it.

    `days` counts from now; `ends_on` is the last day the app shows. How long the code lasts is the creator's choice;
    `agreed_until` may be earlier than asked for and never later. Raises Conflict when the request takes no answer any
    more, or when this code was handed in before; TooShort when it ends before what it is asked for, unless
    `short_reason` says why.
    """
    post = _require_open(request_link, at).authorization.post
    if not terms_seen:
        raise Invalid("terms_not_seen", "Read what it means first.", "Then say that you have read it, and send again.")
    refuse_ineligible(post)
    typed = read_typed(post.platform, code, days, ends_on, time_zone, at, at)
    with writing(durable=True):
        row = _require_open(request_link, at)
        authorization = row.authorization
        settle_typed(authorization, typed, agreed_until, short_reason, actor=actor, at=at, came_by=_came_by(row))
        write_terms_seen(authorization, actor=actor, at=at)
        _hand_to_advertiser(authorization, actor, at)
        _all_links(row).update(answered_at=at)
    return authorization


def decline_request(*, request_link: RequestLink, reason: str, actor: Actor, at: datetime) -> Authorization:
    """Who was asked says no, with a reason the advertiser reads."""
    _require_open(request_link, at)
    reason = reason_to_decline(reason)
    with writing(durable=True):
        row = _require_open(request_link, at)
        authorization = row.authorization
        detail = {"reason": reason, **_came_by(row)}
        move(authorization, Verb.DECLINE, actor=actor, at=at, detail=detail, changes={"reason": reason})
        _all_links(row).update(answered_at=at)
    return authorization


def _hand_to_advertiser(authorization: Authorization, actor: Actor, at: datetime) -> None:
    """Who asked for the code gets it: for whoever of the advertiser's side signs in. Nobody is given its link."""
    days = settings.VALETKEY_LINK_DAYS
    recipient = authorization.advertiser.name
    detail: dict[str, object] = {"recipient": recipient, "link_days": days, "answers_request": True}
    changes = {"handed_over_at": at}
    move(authorization, Verb.HAND_OVER, actor=actor, at=at, detail=detail, changes=changes)
    HandOver.objects.create(
        authorization=authorization,
        recipient=recipient,
        link_digest=keyring().fingerprint(Secret(secrets.token_urlsafe(32))),
        created_at=at,
        ends_at=at + timedelta(days=days),
    )


def _require_open(request_link: RequestLink, at: datetime) -> RequestLink:
    """The row as it is now. Raises Conflict when it takes no answer. Asked again inside the transaction that writes."""
    row = _fresh(request_link)
    standing = _standing(row, at)
    if standing is not Standing.OPEN:
        raise _closed(row, standing)
    return row


def _standing(row: RequestLink, at: datetime) -> Standing:
    return links.request_standing(State(row.authorization.state), life(row), at)


def _closed(row: RequestLink, standing: Standing) -> Conflict:
    return links.closed_request(standing, advertiser=row.authorization.advertiser.name, ended_at=life(row).end())


def _came_by(row: RequestLink) -> dict[str, object]:
    return {"by_link": True, **whom(row)}


def _rows() -> QuerySet[RequestLink]:
    return RequestLink.objects.select_related("authorization__post__held_by", "authorization__advertiser")


def _fresh(row: RequestLink) -> RequestLink:
    return _rows().get(pk=row.pk)


def _all_links(row: RequestLink) -> QuerySet[RequestLink]:
    """Every link of the request that was not ended: how far the visitor has come is the same on all."""
    return RequestLink.objects.filter(authorization=row.authorization_id, ended_at=None)
