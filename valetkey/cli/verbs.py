"""The verbs of an authorization as commands: read, one service call, show."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from django.conf import settings
from rich.text import Text

from valetkey.accounts.services import find_party
from valetkey.authorizations import services
from valetkey.authorizations.coverage import end_of_day
from valetkey.authorizations.models import Authorization
from valetkey.cli.answer import facts
from valetkey.cli.session import SESSION, parse_day, parse_zone, read_secret
from valetkey.cli.views import application_pairs, application_values, authorization_parts, authorization_values, moment
from valetkey.connectors.base import CodeStatus, SeenCode
from valetkey.errors import Invalid
from valetkey.register.services import find_ad_account, find_campaign
from valetkey.secret import Secret

Reference = Annotated[str, typer.Argument(metavar="AUTHORIZATION", help="Its reference, as `list` shows it.")]
Days = Annotated[
    int, typer.Option("--days", help="How many days the code lasts, 1 to 365; 7, 30, 60 and 365 are offered.")
]
AdAccount = Annotated[str, typer.Option("--ad-account", help="Reference or platform id of an ad account.")]
AgreedAdAccount = Annotated[str | None, typer.Option("--ad-account", help="The ad account the two sides agreed on.")]
ByHand = Annotated[bool, typer.Option("--by-hand", help="You did it on the platform yourself, and say so.")]
Campaigns = Annotated[list[str] | None, typer.Option("--campaign", help="Campaign that will use it; may be repeated.")]
AgreedUntil = Annotated[str | None, typer.Option("--agreed-until", metavar="DAY", help="Agreed last day of use.")]
Zone = Annotated[str, typer.Option("--zone", help="Time zone of that day.")]
PLATFORM = "tiktok"


def request(
    post: Annotated[str, typer.Argument(help="Link or id of the post.")],
    creator: Annotated[str, typer.Option("--creator", help="Whose post it is.")],
    advertiser: Annotated[str, typer.Option("--for", help="The brand or agency that asks.")],
    days: Days = 30,
    message: Annotated[str, typer.Option("--message", help="A few words to the creator.")] = "",
    ad_account: AgreedAdAccount = None,
    campaign: Campaigns = None,
    agreed_until: AgreedUntil = None,
) -> None:
    """Ask a creator for one post. Nothing happens on the platform yet."""
    actor = SESSION.actor()
    row = services.request(
        creator=services.find_creator(creator),
        advertiser=find_party(name=advertiser, actor=actor),
        platform=PLATFORM,
        post_id=services.post_id_of(PLATFORM, post),
        days=days,
        message=message,
        agreed_until=parse_day(agreed_until) if agreed_until else None,
        ad_account=find_ad_account(text=ad_account, actor=actor) if ad_account else None,
        campaigns=tuple(find_campaign(text=text, actor=actor) for text in campaign or ()),
        actor=actor,
        at=SESSION.at(),
    )
    show_authorization(row)


def decline(
    reference: Reference, reason: Annotated[str, typer.Option("--reason", help="What the advertiser will read.")]
) -> None:
    """Say no to a request."""
    row = find_authorization(reference)
    show_authorization(services.decline(authorization=row, reason=reason, actor=SESSION.actor(), at=SESSION.at()))


def authorize(
    post: Annotated[str | None, typer.Argument(help="Reference, link or id of your post.")] = None,
    advertiser: Annotated[str | None, typer.Option("--for", help="The brand or agency that may run it.")] = None,
    request: Annotated[str | None, typer.Option("--request", help="Answer this request instead.")] = None,
    days: Days = 30,
    ad_account: AgreedAdAccount = None,
    campaign: Campaigns = None,
    agreed_until: AgreedUntil = None,
) -> None:
    """Authorize a post: check it, switch ad authorization on, read the code and its window back."""
    actor, at = SESSION.actor(), SESSION.at()
    if request is not None:
        show_authorization(services.issue(authorization=find_authorization(request), days=days, actor=actor, at=at))
        return
    if post is None or advertiser is None:
        raise Invalid("what_for", "Authorizing takes a post and --for an advertiser.", "Or --request with a reference.")
    party = services.find_advertiser(advertiser)
    row = services.authorize(
        post=services.find_post(text=post, actor=actor),
        advertiser=party,
        days=days,
        agreed_until=parse_day(agreed_until) if agreed_until else None,
        ad_account=services.find_their_ad_account(party, ad_account) if ad_account else None,
        campaigns=tuple(services.find_their_campaign(party, text) for text in campaign or ()),
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
    campaign: Campaigns = None,
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
        "campaigns": tuple(services.find_their_campaign(party, text) for text in campaign or ()) if party else (),
    }
    # Asked for last, when everything else is in order.
    row = services.record(code=read_secret("Code"), actor=actor, at=SESSION.at(), **given)
    show_authorization(row)


def handover(
    reference: Reference,
    recipient: Annotated[str, typer.Option("--to", help="Name or mail address of the person who gets it.")],
    days: Annotated[int | None, typer.Option("--days", help="How long the link works.")] = None,
) -> None:
    """Hand the code over: a link for one named recipient, shown this once."""
    done = services.hand_over(
        authorization=find_authorization(reference),
        recipient=recipient,
        days=days,
        actor=SESSION.actor(),
        at=SESSION.at(),
    )
    link = done.link.reveal()
    result = {"recipient": done.hand_over.recipient, "ends_at": done.hand_over.ends_at, "link": link}
    SESSION.show(
        result,
        Text(f"Link for {done.hand_over.recipient}, until {moment(done.hand_over.ends_at)}. It is shown this once:"),
        Text(link),
        f"They run `valetkey open {reference.upper()} --link` and paste it when asked.",
    )


def open_code(
    reference: Reference,
    link: Annotated[
        bool, typer.Option("--link", help="Open by a hand-over link, read from a prompt or stdin.")
    ] = False,
) -> None:
    """Show the code. Who saw it and when is written down first."""
    row = find_authorization(reference)
    secret = Secret(read_secret("Link").strip()) if link else None
    code = services.open(authorization=row, link=secret, actor=SESSION.actor(), at=SESSION.at())
    SESSION.show({"code": code.reveal()}, Text(code.reveal()))


def apply(
    reference: Reference,
    ad_account: AdAccount,
    by_hand: ByHand = False,
    source_code: Annotated[
        bool, typer.Option("--source-code", help="Also give the source post's code (duet, stitch).")
    ] = False,
) -> None:
    """Apply the code to an ad account and read back what holds there."""
    actor, row = SESSION.actor(), find_authorization(reference)
    application = services.apply(
        authorization=row,
        ad_account=find_ad_account(text=ad_account, actor=actor),
        source_code=read_secret("Code of the source post") if source_code else None,
        by_hand=by_hand,
        actor=actor,
        at=SESSION.at(),
    )
    values = application_values(application)
    SESSION.show(values, facts(application_pairs(values)))


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


def extend(reference: Reference, days: Days, by_hand: ByHand = False) -> None:
    """Add days to the code: the same code, a later end."""
    row = services.extend(
        authorization=find_authorization(reference), days=days, by_hand=by_hand, actor=SESSION.actor(), at=SESSION.at()
    )
    show_authorization(row)


def replace(
    reference: Reference,
    days: Days = 30,
    by_hand: Annotated[
        bool, typer.Option("--by-hand", help="You made the new code in the app; it is read next.")
    ] = False,
) -> None:
    """A new code for the same post. The old one runs to its own end."""
    row = find_authorization(reference)
    code = read_secret("New code") if by_hand else None
    show_authorization(
        services.replace(authorization=row, days=days, code=code, actor=SESSION.actor(), at=SESSION.at())
    )


def find_authorization(reference: str) -> Authorization:
    return services.find(reference=reference, actor=SESSION.actor())


def show_authorization(row: Authorization) -> None:
    values = authorization_values(row, SESSION.actor(), SESSION.at())
    SESSION.show(values, *authorization_parts(values))
