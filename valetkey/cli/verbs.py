"""The verbs of an authorization as commands: read, one service call, show."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from django.conf import settings
from rich.text import Text

from valetkey.authorizations import links, services
from valetkey.authorizations.coverage import end_of_day
from valetkey.authorizations.models import Authorization
from valetkey.cli.answer import facts
from valetkey.cli.hints import next_step
from valetkey.cli.session import SESSION, parse_day, parse_zone, read_secret
from valetkey.cli.views import application_pairs, application_values, authorization_parts, authorization_values, moment
from valetkey.connectors.base import CodeStatus, SeenCode
from valetkey.errors import Invalid
from valetkey.register.services import find_ad_account

Reference = Annotated[str, typer.Argument(metavar="AUTHORIZATION", help="Its reference, as `list` shows it.")]
Days = Annotated[
    int, typer.Option("--days", help="How many days the code lasts, 1 to 365; 7, 30, 60 and 365 are offered.")
]
AdAccount = Annotated[str, typer.Option("--ad-account", help="Reference or platform id of an ad account.")]
AdAccounts = Annotated[
    list[str], typer.Option("--ad-account", help="Reference or platform id of an ad account; may be repeated.")
]
AgreedAdAccount = Annotated[str | None, typer.Option("--ad-account", help="The ad account the two sides agreed on.")]
ByHand = Annotated[bool, typer.Option("--by-hand", help="You did it on the platform yourself, and say so.")]
Campaigns = Annotated[list[str] | None, typer.Option("--campaign", help="Campaign that will use it; may be repeated.")]
AgreedUntil = Annotated[str | None, typer.Option("--agreed-until", metavar="DAY", help="Agreed last day of use.")]
Zone = Annotated[str, typer.Option("--zone", help="Time zone of that day.")]
ShortReason = Annotated[
    str, typer.Option("--short-reason", metavar="TEXT", help="Why the days may end before what they are for.")
]
PLATFORM = "tiktok"


def authorize(
    post: Annotated[str | None, typer.Argument(help="Reference, link or id of your post.")] = None,
    advertiser: Annotated[str | None, typer.Option("--for", help="The brand or agency that may run it.")] = None,
    request: Annotated[str | None, typer.Option("--request", help="Answer this request instead.")] = None,
    days: Days = 30,
    ad_account: AgreedAdAccount = None,
    campaign: Campaigns = None,
    agreed_until: AgreedUntil = None,
    terms_seen: Annotated[
        bool, typer.Option("--terms-seen", help="You have read what this does, as `terms` shows it; that is recorded.")
    ] = False,
    short_reason: ShortReason = "",
) -> None:
    """Authorize a post: check it, switch ad authorization on, read the code and its window back."""
    actor, at = SESSION.actor(), SESSION.at()
    until = parse_day(agreed_until) if agreed_until else None
    if request is not None:
        row = find_authorization(request)
        services.issue(
            authorization=row, days=days, agreed_until=until, terms_seen=terms_seen, short_reason=short_reason,
            actor=actor, at=at,
        )  # fmt: skip
        show_authorization(row)
        return
    if post is None or advertiser is None:
        raise Invalid("what_for", "Authorizing takes a post and --for an advertiser.", "Or --request with a reference.")
    party = services.find_advertiser(advertiser)
    row = services.authorize(
        post=services.find_post(text=post, actor=actor),
        advertiser=party,
        days=days,
        agreed_until=until,
        ad_account=services.find_their_ad_account(party, ad_account) if ad_account else None,
        campaigns=tuple(services.find_their_campaign(party, text) for text in campaign or ()),
        terms_seen=terms_seen,
        short_reason=short_reason,
        actor=actor,
        at=at,
    )
    show_authorization(row)


def record(
    request: Annotated[str | None, typer.Argument(metavar="[REQUEST]", help="The request it answers, if any.")] = None,
    post: Annotated[str | None, typer.Option("--post", help="Reference, link or id of the post.")] = None,
    advertiser: Annotated[str | None, typer.Option("--for", help="The brand or agency it is for.")] = None,
    days: Annotated[int | None, typer.Option("--days", help="Days chosen in the app, counted from now.")] = None,
    ends_on: Annotated[
        str | None, typer.Option("--ends-on", metavar="DAY", help="Its last day, as the app shows it.")
    ] = None,
    from_contract: Annotated[
        bool, typer.Option("--from-contract", help="That day is the agreed one; nobody looked in the app.")
    ] = False,
    time_zone: Zone = settings.VALETKEY_TIME_ZONE,
    agreed_until: AgreedUntil = None,
    campaign: Campaigns = None,
    short_reason: ShortReason = "",
) -> None:
    """Record a code that was made by hand in the app. The code is read from a prompt or from standard input."""
    actor = SESSION.actor()
    party = services.find_advertiser(advertiser) if advertiser else None
    if campaign and party is None:
        raise Invalid("what_for", "A campaign is named with --for.", "A request brings its campaigns with it.")
    given: dict[str, Any] = {
        "days": days,
        "ends_on": parse_day(ends_on) if ends_on else None,
        "is_from_contract": from_contract,
        "time_zone": parse_zone(time_zone),
        "authorization": find_authorization(request) if request else None,
        "post": services.find_post(text=post, actor=actor) if post else None,
        "advertiser": party,
        "agreed_until": parse_day(agreed_until) if agreed_until else None,
        "short_reason": short_reason,
        "campaigns": tuple(services.find_their_campaign(party, text) for text in campaign or ()) if party else (),
    }
    # Asked for last, when everything else is in order.
    row = services.record(code=read_secret("Code"), actor=actor, at=SESSION.at(), **given)
    show_authorization(row)


def handover(
    reference: Reference,
    recipient: Annotated[str, typer.Option("--to", help="Name of the person or team who gets it.")],
    mail: Annotated[
        str, typer.Option("--mail", metavar="ADDRESS", help="Their address: they prove it and need no account.")
    ] = "",
    send: Annotated[bool, typer.Option("--send", help="Mail the link to that address.")] = False,
    days: Annotated[int | None, typer.Option("--days", help="How long the link works.")] = None,
) -> None:
    """Hand the code over: a link for one named recipient, shown this once."""
    done = services.hand_over(
        authorization=find_authorization(reference),
        recipient=recipient,
        mail=mail,
        days=days,
        send_mail=send,
        actor=SESSION.actor(),
        at=SESSION.at(),
    )
    row, link = done.hand_over, links.address(settings.VALETKEY_URL, links.HAND_OVER_PATH, done.link)
    result = {
        "recipient": row.recipient,
        "mail": row.mail or None,
        "ends_at": row.ends_at,
        "link": link,
        "is_sent": done.is_sent,
    }
    how = f"They open it in a browser and sign in, or run `valetkey open {reference.upper()} --link` and paste it."
    if row.mail:
        how = f"They open it in a browser and prove {row.mail} by a number that is mailed there."
    lines = [
        Text(f"Link for {row.recipient}, until {moment(row.ends_at)}. It is shown this once:"),
        Text(link),
        Text(how),
    ]
    if send:
        lines.append(
            Text("The link was mailed." if done.is_sent else "! The mail could not be sent. Give them the link.")
        )
    SESSION.show(result, *lines)


def open_code(
    reference: Reference,
    link: Annotated[
        bool, typer.Option("--link", help="Open by a hand-over link, read from a prompt or stdin.")
    ] = False,
) -> None:
    """Show the code. Who saw it and when is written down first."""
    row = find_authorization(reference)
    secret = links.secret_in(read_secret("Link"), links.HAND_OVER_PATH) if link else None
    code = services.open(authorization=row, link=secret, actor=SESSION.actor(), at=SESSION.at())
    SESSION.show({"code": code.reveal()}, Text(code.reveal()))


def apply(
    reference: Reference,
    ad_account: AdAccounts,
    by_hand: ByHand = False,
    source_code: Annotated[
        bool, typer.Option("--source-code", help="Also give the source post's code (duet, stitch).")
    ] = False,
) -> None:
    """Apply the code to an ad account, or to several, and read back what holds there."""
    actor, row = SESSION.actor(), find_authorization(reference)
    accounts = [find_ad_account(text=text, actor=actor) for text in ad_account]
    given: dict[str, Any] = {
        "source_code": read_secret("Code of the source post") if source_code else None,
        "by_hand": by_hand,
        "actor": actor,
        "at": SESSION.at(),
    }
    if len(accounts) > 1:
        _show_each(services.apply_each(authorization=row, ad_accounts=accounts, **given))
        return
    values = application_values(services.apply(authorization=row, ad_account=accounts[0], **given))
    SESSION.show(values, facts(application_pairs(values)))


def _show_each(done: list[services.Applied]) -> None:
    """All of them are told, and where one was refused, the command leaves with the gravest exit code."""
    values, parts = [], []
    for one in done:
        told = {"ad_account": one.ad_account.name, "application": None, "refused": None}
        if one.application is not None:
            shown = application_values(one.application)
            parts.append(facts(application_pairs(shown)))
            values.append({**told, "application": shown})
        if one.refused is not None:
            step = next_step(one.refused)
            parts.append(facts([("! refused", f"{one.ad_account.name}: {one.refused.sentence} → {step}")]))
            refused = {"code": one.refused.code, "sentence": one.refused.sentence, "next_step": step}
            values.append({**told, "refused": refused})
    SESSION.show(values, *parts)
    raise typer.Exit(max((one.refused.exit_code for one in done if one.refused is not None), default=0))


def unbind(reference: Reference, ad_account: AdAccount, by_hand: ByHand = False) -> None:
    """Take the post off one ad account's list. The code and other ad accounts stay as they are."""
    actor = SESSION.actor()
    application = services.unbind(
        authorization=find_authorization(reference),
        ad_account=find_ad_account(text=ad_account, actor=actor),
        by_hand=by_hand,
        actor=actor,
        at=SESSION.at(),
    )
    values = application_values(application)
    SESSION.show(values, facts(application_pairs(values)))


def check(
    reference: Reference,
    saw: Annotated[CodeStatus | None, typer.Option("--saw", help="By hand: the status the app shows.")] = None,
    ends_on: Annotated[
        str | None, typer.Option("--ends-on", metavar="DAY", help="By hand: the last day it shows.")
    ] = None,
    time_zone: Zone = settings.VALETKEY_TIME_ZONE,
) -> None:
    """Ask the platform what holds now; settle what was left uncertain; name what differs."""
    row = find_authorization(reference)
    stated = None
    if saw is not None or ends_on is not None:
        ends_at = end_of_day(parse_day(ends_on), parse_zone(time_zone)) if ends_on else None
        stated = SeenCode(row.post.platform_id, saw or CodeStatus.UNKNOWN, None, None, ends_at, None)
    show_authorization(services.check(authorization=row, stated=stated, actor=SESSION.actor(), at=SESSION.at()))


def extend(reference: Reference, days: Days, by_hand: ByHand = False, short_reason: ShortReason = "") -> None:
    """Add days to the code: the same code, a later end."""
    row = services.extend(
        authorization=find_authorization(reference),
        days=days,
        by_hand=by_hand,
        short_reason=short_reason,
        actor=SESSION.actor(),
        at=SESSION.at(),
    )
    show_authorization(row)


def replace(
    reference: Reference,
    days: Days = 30,
    by_hand: Annotated[
        bool, typer.Option("--by-hand", help="You made the new code in the app; it is read next.")
    ] = False,
    short_reason: ShortReason = "",
) -> None:
    """A new code for the same post. The old one runs to its own end."""
    row = find_authorization(reference)
    code = read_secret("New code") if by_hand else None
    given: dict[str, Any] = {"days": days, "code": code, "short_reason": short_reason}
    show_authorization(services.replace(authorization=row, **given, actor=SESSION.actor(), at=SESSION.at()))


def find_authorization(reference: str) -> Authorization:
    return services.find(reference=reference, actor=SESSION.actor())


def show_authorization(row: Authorization) -> None:
    values = authorization_values(row, SESSION.actor(), SESSION.at())
    SESSION.show(values, *authorization_parts(values))
