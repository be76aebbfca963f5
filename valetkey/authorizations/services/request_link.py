"""Send a request to a creator who need not have an account: by a link that ends; remind them; give them more time.

Several links of one request may work at once: a reminder makes a new one, because only digests are kept. How far the
creator has come is kept on all of them alike.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from valetkey.audit.entry import Actor
from valetkey.audit.services import record, writing
from valetkey.authorizations import links
from valetkey.authorizations.lifecycle import State, Verb, words
from valetkey.authorizations.links import Answer, Life
from valetkey.authorizations.models import Authorization, RequestLink
from valetkey.authorizations.services.hand_over import moment
from valetkey.authorizations.services.transition import event, require
from valetkey.credential import Insisted
from valetkey.errors import Conflict, Invalid
from valetkey.mail.address import clean
from valetkey.mail.send import send
from valetkey.secret import Secret
from valetkey.text import tidy
from valetkey.vault import keyring


@dataclass(frozen=True)
class Sent:
    """The link's row, the link's own secret, shown this once, and whether a mail with it went out."""

    request_link: RequestLink
    link: Secret = field(repr=False)
    is_sent: bool


@dataclass(frozen=True)
class Addressee:
    """Who is asked, and how long the link is to last."""

    recipient: str
    mail: str
    days: int


def addressee(*, recipient: str, mail: str, days: int | None = None) -> Addressee:
    """Raises Invalid for a name or an address that cannot be, and for more days than a link lasts."""
    recipient = " ".join(tidy(recipient, what="The name of who is asked", longest=200).split())
    return Addressee(recipient, clean(mail) if mail.strip() else "", _link_days(days))


def send_request(
    *,
    authorization: Authorization,
    recipient: str,
    mail: str,
    days: int | None = None,
    send_mail: bool = True,
    actor: Actor,
    at: datetime,
) -> Sent:
    """A link for `recipient` by which the request is answered without an account.

    Sent to somebody else than before, the earlier links end. Raises Conflict when the request waits for no answer, and
    when this address has a link that works: that is what a reminder is for. `mail` may be "" where no mail is sent.
    """
    require(authorization, Verb.REQUEST, actor)
    asked = addressee(recipient=recipient, mail=mail, days=days)
    if send_mail and not asked.mail:
        raise Invalid("mail_address", "There is no mail address to send it to.", "Give one, or send the link yourself.")
    with writing(durable=True):
        _refuse_settled(authorization)
        _refuse_asked(authorization, asked, at)
        authorization.request_links.filter(ended_at=None).update(ended_at=at)
        row, link = _make(authorization, asked, actor, at, outcome="sent", ends_at=at + timedelta(days=asked.days))
    return _mailed(row, link, "request", send_mail, actor)


def remind(*, authorization: Authorization, send_mail: bool = True, actor: Actor, at: datetime) -> Sent:
    """A new link for the same person. Earlier ones go on working, and nobody begins anew. Once in 24 hours."""
    require(authorization, Verb.REQUEST, actor)
    with writing(durable=True):
        _refuse_settled(authorization)
        last = authorization.request_links.order_by("pk").last()
        if last is None:
            raise Conflict("not_sent", "This request was not sent to anybody yet.", "Send it first: by name and mail.")
        _refuse_too_soon(authorization, at)
        asked = addressee(recipient=Insisted(last.recipient), mail=last.mail)
        ends_at = max(at + timedelta(days=asked.days), last.ends_at)
        kept = {"opened_at": last.opened_at, "steps": last.steps, "reminded_at": at}
        row, link = _make(authorization, asked, actor, at, outcome="reminded", ends_at=ends_at, **kept)
    return _mailed(row, link, "reminder", send_mail, actor)


def extend_request(*, authorization: Authorization, days: int, actor: Actor, at: datetime) -> RequestLink:
    """Add days to the links that still work, up to 90 from now. Where all have ended, a reminder brings a new one."""
    require(authorization, Verb.REQUEST, actor)
    _link_days(days)
    with writing(durable=True):
        _refuse_settled(authorization)
        live = authorization.request_links.filter(ended_at=None, ends_at__gt=at).order_by("-ends_at")
        longest = live.first()
        if longest is None:
            raise Conflict(
                "link_ended", "No link of this request works any more.", "Remind them: that makes a new one."
            )
        ends_at = longest.ends_at + timedelta(days=days)
        if ends_at > at + timedelta(days=links.LONGEST_DAYS):
            raise Invalid(
                "link_days",
                f"The link would last until {ends_at:%d %b %Y}, more than {links.LONGEST_DAYS} days from now.",
                "Add fewer days.",
            )
        live.update(ends_at=ends_at)
        _note("extended", longest, ends_at, actor, at)
    return authorization.request_links.latest("pk")


def answer_of(*, authorization: Authorization, at: datetime) -> Answer | None:
    """How far the request has come; None where it was not sent by link. Reads `request_links` as they were fetched."""
    rows = sorted(authorization.request_links.all(), key=lambda row: row.pk)
    if not rows:
        return None
    return links.answer(
        State(authorization.state),
        is_live=any(life(row).is_open(at) for row in rows),
        is_opened=rows[-1].opened_at is not None,
        steps=rows[-1].steps,
    )


def life(row: RequestLink) -> Life:
    return Life(row.ends_at, row.ended_at)


def _link_days(days: int | None) -> int:
    days = settings.VALETKEY_LINK_DAYS if days is None else days
    if not 1 <= days <= links.LONGEST_DAYS:
        raise Invalid(
            "link_days",
            f"A link cannot last {days} days.",
            f"Choose 1 to {links.LONGEST_DAYS}; a new link is made in a moment.",
        )
    return days


def _refuse_settled(authorization: Authorization) -> None:
    authorization.refresh_from_db()
    if authorization.state != State.REQUESTED:
        raise Conflict(
            "not_waiting",
            f"This request waits for no answer: it is {words(State(authorization.state))}.",
            "Look at what came of it; a new request can be made at any time.",
        )


def _refuse_asked(authorization: Authorization, asked: Addressee, at: datetime) -> None:
    """Nobody is written to again and again: their link works, or they had one within the last day."""
    if not asked.mail:
        return
    for row in authorization.request_links.filter(mail__iexact=asked.mail).order_by("-pk"):
        if life(row).is_open(at) or row.created_at > at - links.BETWEEN_REMINDERS:
            raise Conflict(
                "asked_already",
                f"{row.recipient} was asked at this address on {moment(row.created_at)}.",
                "Remind them instead, or give them more time.",
            )


def _refuse_too_soon(authorization: Authorization, at: datetime) -> None:
    reminded = authorization.request_links.filter(reminded_at__gt=at - links.BETWEEN_REMINDERS).order_by("reminded_at")
    last = reminded.last()
    if last is not None and last.reminded_at is not None:
        raise Conflict(
            "reminded_lately",
            f"{last.recipient} was reminded on {moment(last.reminded_at)}; once in 24 hours is enough.",
            f"You can remind them again from {moment(last.reminded_at + links.BETWEEN_REMINDERS)}.",
        )


def _make(
    authorization: Authorization,
    asked: Addressee,
    actor: Actor,
    at: datetime,
    *,
    outcome: str,
    ends_at: datetime,
    **kept: Any,
) -> tuple[RequestLink, Secret]:
    link = Secret(secrets.token_urlsafe(32))
    row = RequestLink.objects.create(
        authorization=authorization,
        recipient=asked.recipient,
        mail=asked.mail,
        link_digest=keyring().fingerprint(link),
        created_at=at,
        ends_at=ends_at,
        **kept,
    )
    _note(outcome, row, ends_at, actor, at)
    return row, link


def _note(outcome: str, row: RequestLink, ends_at: datetime, actor: Actor, at: datetime) -> None:
    detail: dict[str, object] = {**whom(row), "link_ends_at": ends_at.isoformat()}
    record(event=event(Verb.REQUEST, outcome), subject=row.authorization.subject, actor=actor, at=at, detail=detail)


def whom(row: RequestLink) -> dict[str, object]:
    """Who was asked, as the history keeps it."""
    return {"recipient": row.recipient, "mail": links.masked(row.mail)}


def _mailed(row: RequestLink, link: Secret, template: str, send_mail: bool, actor: Actor) -> Sent:
    """After the transaction: the link exists, and a mail server may take its time."""
    is_sent = False
    if send_mail and row.mail:
        is_sent = send(to=row.mail, template=template, context=_context(row, link, actor))
    return Sent(row, link, is_sent)


def _context(row: RequestLink, link: Secret, actor: Actor) -> dict[str, object]:
    authorization = row.authorization
    advertiser, post = authorization.advertiser.name, authorization.post
    named = f"post {post.platform_id}"
    return {
        "recipient": row.recipient,
        "advertiser": advertiser,
        "person": actor.name,
        "caption": "" if post.name == named else post.name,
        "post": post.url or named,
        "days": authorization.requested_days,
        "agreed_until": authorization.agreed_until,
        "message": authorization.message,
        "link": links.address(settings.VALETKEY_URL, links.REQUEST_PATH, link),
        "until": moment(row.ends_at),
        "why": f"{advertiser} wants to ask you for permission to run one post as an ad",
    }
