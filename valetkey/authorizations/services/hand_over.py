"""Hand the code over: a link for one named recipient, that ends. Or is ended: the sharing is stopped."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.conf import settings

from valetkey.audit.entry import Actor
from valetkey.audit.services import record, writing
from valetkey.authorizations import links
from valetkey.authorizations.lifecycle import Verb
from valetkey.authorizations.models import Authorization, HandOver
from valetkey.authorizations.services.name_owner import answer_for
from valetkey.authorizations.services.transition import move, require
from valetkey.errors import Conflict, Invalid
from valetkey.mail.address import clean
from valetkey.mail.send import send
from valetkey.secret import Secret
from valetkey.text import line
from valetkey.vault import keyring


@dataclass(frozen=True)
class HandedOver:
    """The hand-over, the link's own secret, shown this once, and whether the link was mailed."""

    hand_over: HandOver
    link: Secret = field(repr=False)
    is_sent: bool = False


def hand_over(
    *,
    authorization: Authorization,
    recipient: str,
    mail: str = "",
    days: int | None = None,
    send_mail: bool = False,
    actor: Actor,
    at: datetime,
) -> HandedOver:
    """A link for `recipient` that ends after `days`, by default VALETKEY_LINK_DAYS.

    With a mail address, whoever opens the link proves that address and needs no account; without one, it is for people
    of the advertiser's side who are signed in. `send_mail` mails the link there. A mail that could not be sent is no
    refusal: the link exists, and whoever made it hands it on.
    """
    require(authorization, Verb.HAND_OVER, actor)
    if not recipient.strip() or len(recipient) > 200:
        raise Invalid("recipient", "A hand-over needs a named recipient.", "Give the name of the person or team.")
    recipient = line(recipient, what="The recipient", longest=200)
    mail = _mail(mail, send_mail)
    days = settings.VALETKEY_LINK_DAYS if days is None else days
    if not 1 <= days <= links.LONGEST_DAYS:
        raise Invalid(
            "link_days", f"A link cannot last {days} days.", "Choose 1 to 90; a new link is made in a moment."
        )
    link = Secret(secrets.token_urlsafe(32))
    with writing(durable=True):
        changes = {"handed_over_at": authorization.handed_over_at or at}
        # The history cannot be made to forget; the whole address stays in the row.
        detail: dict[str, object] = {"recipient": recipient, "link_days": days}
        detail |= answer_for(authorization, actor=actor, at=at)
        move(
            authorization,
            Verb.HAND_OVER,
            actor=actor,
            at=at,
            detail={**detail, "mail": links.masked(mail)} if mail else detail,
            changes=changes,
        )
        row = HandOver.objects.create(
            authorization=authorization,
            recipient=recipient,
            mail=mail,
            link_digest=keyring().fingerprint(link),
            created_at=at,
            ends_at=at + timedelta(days=days),
        )
    return HandedOver(row, link, is_sent=send_mail and _send(row, link, actor))


def stop_sharing(*, hand_over: HandOver, actor: Actor, at: datetime) -> None:
    """End one link at once. Who saw the code already keeps what they saw; ending the code itself is another verb."""
    authorization = hand_over.authorization
    require(authorization, Verb.HAND_OVER, actor)
    with writing(durable=True):
        live = HandOver.objects.filter(pk=hand_over.pk, ended_at=None, ends_at__gt=at)
        if not live.update(ended_at=at):
            raise Conflict("link_ended", "This link has ended already.", "Nothing needs to be done.")
        detail: dict[str, object] = {"recipient": hand_over.recipient}
        record(event="authorization.sharing.stopped", subject=authorization.subject, actor=actor, at=at, detail=detail)
    hand_over.refresh_from_db()


def _mail(mail: str, send_mail: bool) -> str:
    if mail.strip():
        return clean(mail)
    if send_mail:
        raise Invalid("mail_address", "There is no mail address to send the link to.", "Give one, or do not send it.")
    return ""


def _send(row: HandOver, link: Secret, actor: Actor) -> bool:
    authorization, post = row.authorization, row.authorization.post
    named = f"post {post.platform_id}"
    context = {
        "recipient": row.recipient,
        "creator": post.held_by.name,
        "advertiser": authorization.advertiser.name,
        "caption": "" if post.name == named else post.name,
        "post": post.url or named,
        "ends_at": authorization.ends_at and moment(authorization.ends_at),
        "link": links.address(settings.VALETKEY_URL, links.HAND_OVER_PATH, link),
        "link_ends_at": moment(row.ends_at),
        "why": f"{actor.name} made this link for you",
    }
    return send(to=row.mail, template="hand_over", context=context)


def moment(at: datetime) -> str:
    """An instant in a mail: its reader's time zone is not known, so UTC, and said so."""
    return f"{at.astimezone(UTC):%d %b %Y %H:%M} UTC"
