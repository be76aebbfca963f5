"""`valetkey stops`: what would stop if an authorization, an asset, somebody or a party went."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.text import Text

from valetkey.accounts.services import find_person
from valetkey.authorizations import services
from valetkey.authorizations.services import Stopping, Stops
from valetkey.cli.answer import table
from valetkey.cli.session import SESSION
from valetkey.cli.views import moment
from valetkey.errors import NotFound
from valetkey.register.services import find_asset, find_on_record


def stops(
    somebody: Annotated[
        str,
        typer.Argument(
            metavar="WHAT", help="An authorization, post, account, ad account, Business Center, person or party."
        ),
    ],
    ask: Annotated[bool, typer.Option("--ask", help="Ask the platform for the ads on each post, too.")] = False,
) -> None:
    """What would stop if it went: campaigns, ad accounts, and with `--ask` running ads."""
    found = _found(somebody, ask=ask)
    SESSION.show(_values(found), Text(f"{found.reference}  {found.name}", style="bold"), *_parts(found))


def _found(text: str, *, ask: bool) -> Stops:
    """Whatever is called so: a reference names one thing alone, and few names are two things'."""
    actor = SESSION.actor()
    given: dict[str, Any] = {"actor": actor, "at": SESSION.at(), "ask": ask}
    finders: tuple[tuple[str, Any], ...] = (
        ("authorization", lambda: services.find(reference=text, actor=actor)),
        ("asset", lambda: find_asset(text=text, actor=actor)),
        ("person", lambda: find_person(text=text, actor=actor)),
        ("party", lambda: find_on_record(text=text, actor=actor)),
    )
    for kind, find in finders:
        try:
            found = find()
        except NotFound:
            continue
        return services.what_stops(**{kind: found}, **given)
    raise NotFound("no_such_thing", f"There is nothing “{text}” that you can see.", "Look at the name or reference.")


def _parts(found: Stops) -> list[Any]:
    if not found.count:
        return [Text("Nothing that this desk knows of would stop.")]
    running = "not known" if found.running is None else f"{found.running:,}"
    more_than = "more than " if found.is_more else ""
    head = Text(
        f"Authorizations: {more_than}{found.count:,}, campaigns: {found.campaigns:,}, "
        f"ad accounts: {found.ad_accounts:,}, running ads: {running}."
    )
    rows = [
        (
            row.authorization.reference, row.authorization.post, row.authorization.advertiser,
            moment(row.authorization.ends_at), "; ".join(each.campaign.name for each in row.campaigns),
            "; ".join(_account(each.ad_account.name, each.running) for each in row.ad_accounts),
        )
        for row in found.rows
    ]  # fmt: skip
    shown = table(("Reference", "Post", "For", "Ends", "Campaigns", "Ad accounts"), rows, empty="")
    why = dict.fromkeys(each.why for row in found.rows for each in row.ad_accounts if each.why)
    more = [Text(f"Shown are the {len(rows)} that end soonest.")] if found.count > len(rows) else []
    return [head, shown, *map(Text, why), *more]


def _account(name: str, running: int | None) -> str:
    return name if running is None else f"{name}: {running:,} running"


def _values(found: Stops) -> dict[str, Any]:
    return {
        "kind": found.kind,
        "reference": found.reference,
        "name": found.name,
        "authorizations": found.count,
        "is_more": found.is_more,
        "campaigns": found.campaigns,
        "ad_accounts": found.ad_accounts,
        "running_ads": found.running,
        "was_asked": found.was_asked,
        "stops": [_row_values(row) for row in found.rows],
    }


def _row_values(row: Stopping) -> dict[str, Any]:
    return {
        "authorization": row.authorization.reference,
        "post": row.authorization.post.name,
        "advertiser": row.authorization.advertiser.name,
        "ends_at": row.authorization.ends_at,
        "campaigns": [
            {"campaign": each.campaign.reference, "name": each.campaign.name, "days_left": each.days_left}
            for each in row.campaigns
        ],
        "ad_accounts": [
            {"ad_account": each.ad_account.reference, "name": each.ad_account.name, "ads": each.ads,
             "running": each.running, "why_not_known": each.why or None}
            for each in row.ad_accounts
        ],
    }  # fmt: skip
