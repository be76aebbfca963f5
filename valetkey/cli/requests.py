"""Requests as commands: ask, send the link, remind, give more time, withdraw, decline."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from django.conf import settings
from rich.console import RenderableType
from rich.text import Text

from valetkey.accounts.services import find_party
from valetkey.authorizations import links, services
from valetkey.authorizations.models import Authorization
from valetkey.cli.answer import facts
from valetkey.cli.session import SESSION, parse_day
from valetkey.cli.verbs import (
    PLATFORM,
    AgreedAdAccount,
    AgreedUntil,
    Campaigns,
    Days,
    Reference,
    ShortReason,
    find_authorization,
    show_authorization,
)
from valetkey.cli.views import asked_pairs, asked_values, authorization_parts, authorization_values, moment
from valetkey.credential import Insisted
from valetkey.errors import NotFound
from valetkey.register.services import find_ad_account, find_campaign

Mail = Annotated[str, typer.Option("--mail", help="Send a link to this address, to answer by without an account.")]
Recipient = Annotated[str, typer.Option("--recipient", help="Who is asked, by name; without it, the creator.")]
LinkDays = Annotated[int | None, typer.Option("--link-days", help="How many days the link works, 1 to 90.")]
NoMail = Annotated[bool, typer.Option("--no-mail", help="Send no mail: you pass the link on yourself.")]


def request(
    post: Annotated[str, typer.Argument(help="Link or id of the post.")],
    creator: Annotated[str, typer.Option("--creator", help="Whose post it is; with --mail, also somebody new.")],
    advertiser: Annotated[str, typer.Option("--for", help="The brand or agency that asks.")],
    days: Days = 30,
    message: Annotated[str, typer.Option("--message", help="A few words to the creator.")] = "",
    ad_account: AgreedAdAccount = None,
    campaign: Campaigns = None,
    agreed_until: AgreedUntil = None,
    mail: Mail = "",
    recipient: Recipient = "",
    short_reason: ShortReason = "",
) -> None:
    """Ask a creator for one post. Nothing happens on the platform yet."""
    actor, at = SESSION.actor(), SESSION.at()
    given: dict[str, Any] = {
        "advertiser": find_party(name=advertiser, actor=actor),
        "platform": PLATFORM,
        "days": days,
        "message": message,
        "agreed_until": parse_day(agreed_until) if agreed_until else None,
        "ad_account": find_ad_account(text=ad_account, actor=actor) if ad_account else None,
        "campaigns": tuple(find_campaign(text=text, actor=actor) for text in campaign or ()),
        "short_reason": short_reason,
        "actor": actor,
        "at": at,
    }
    if not mail.strip():
        asked, post_id = services.find_creator(creator), services.post_id_of(PLATFORM, post)
        show_authorization(services.request(creator=asked, post_id=post_id, post_url=post, **given))
        return
    sent = services.ask(creator=_name_of(creator), post=post, recipient=recipient, mail=mail, **given)
    values = authorization_values(sent.request_link.authorization, actor, at)
    SESSION.show({**values, **_sent(sent)}, *authorization_parts(values), *_sent_lines(sent, is_mail=True))


def send(
    reference: Reference, mail: Mail = "", recipient: Recipient = "", days: LinkDays = None, no_mail: NoMail = False
) -> None:
    """Send a request by a link, to be answered without an account. Sent to somebody else, earlier links end."""
    row = find_authorization(reference)
    sent = services.send_request(
        authorization=row,
        recipient=recipient or Insisted(row.post.held_by.name),
        mail=mail,
        days=days,
        send_mail=not no_mail,
        actor=SESSION.actor(),
        at=SESSION.at(),
    )
    SESSION.show(_sent(sent), *_sent_lines(sent, is_mail=not no_mail))


def remind(reference: Reference, no_mail: NoMail = False) -> None:
    """Remind whoever was asked by link. A new link; earlier ones go on working. Once in 24 hours."""
    row = find_authorization(reference)
    sent = services.remind(authorization=row, send_mail=not no_mail, actor=SESSION.actor(), at=SESSION.at())
    SESSION.show(_sent(sent), *_sent_lines(sent, is_mail=not no_mail))


def extend(
    reference: Reference, days: Annotated[int, typer.Option("--days", help="How many days more the link works.")]
) -> None:
    """Give whoever was asked more time: the links that still work last longer."""
    row = find_authorization(reference)
    services.extend_request(authorization=row, days=days, actor=SESSION.actor(), at=SESSION.at())
    _show_link(row)


def show(reference: Reference) -> None:
    """How far a request that was sent by link has come."""
    _show_link(find_authorization(reference))


def withdraw(
    reference: Reference,
    reason: Annotated[str, typer.Option("--reason", help="What the creator's side will read.")] = "",
) -> None:
    """Take a request back. Its links end with it."""
    row = find_authorization(reference)
    show_authorization(services.withdraw(authorization=row, reason=reason, actor=SESSION.actor(), at=SESSION.at()))


def decline(
    reference: Reference, reason: Annotated[str, typer.Option("--reason", help="What the advertiser will read.")]
) -> None:
    """Say no to a request."""
    row = find_authorization(reference)
    show_authorization(services.decline(authorization=row, reason=reason, actor=SESSION.actor(), at=SESSION.at()))


def _name_of(creator: str) -> str:
    """Of a creator on the desk, who may be named by reference; whoever is asked by mail need not be on it."""
    try:
        return services.find_creator(creator).name
    except NotFound:
        return creator


def _address(sent: services.Sent) -> str:
    return links.address(settings.VALETKEY_URL, links.REQUEST_PATH, sent.link)


def _sent(sent: services.Sent) -> dict[str, Any]:
    """The link in the clear: it is shown this once, to whoever passes it on."""
    row = sent.request_link
    return {
        "recipient": row.recipient,
        "mail": row.mail or None,
        "mail_sent": sent.is_sent,
        "link": _address(sent),
        "link_ends_at": row.ends_at,
    }


def _sent_lines(sent: services.Sent, *, is_mail: bool) -> list[RenderableType]:
    row = sent.request_link
    lines = [
        Text(f"Link for {row.recipient}, until {moment(row.ends_at)}. It is shown this once:"),
        Text(_address(sent)),
    ]
    if sent.is_sent:
        lines.append(Text(f"It was mailed to {row.mail}."))
    elif is_mail:
        lines.append(Text("! The mail could not be sent. Pass the link on yourself."))
    else:
        lines.append(Text("No mail was sent. Pass the link on to them alone."))
    return [*lines]


def _show_link(row: Authorization) -> None:
    asked = asked_values(row, SESSION.at())
    pairs = asked_pairs(asked) or [("answer", "not sent by link")]
    SESSION.show({"reference": row.reference, "asked": asked}, f"[bold]{row.reference}[/]  request", facts(pairs))
