"""Logins that were shared: `valetkey exposure`. Who knows one, since when, and the change that ends it."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.console import RenderableType
from rich.text import Text

from valetkey.accounts.services import find_party, find_person
from valetkey.cli.answer import facts, table
from valetkey.cli.session import SESSION, parse_day
from valetkey.cli.verbs import PLATFORM
from valetkey.cli.views import moment
from valetkey.errors import Invalid
from valetkey.register import services
from valetkey.register.exposed import Shared, remedy, words
from valetkey.register.models import Exposure

Reference = Annotated[str, typer.Argument(metavar="EXPOSURE", help="Its reference, as `exposure list` shows it.")]


def open_exposure(
    shared: Annotated[Shared, typer.Option("--shared", help="What others know or hold. Never type the secret itself.")],
    account: Annotated[str, typer.Argument(help="The account whose login it is, as @mara.makes.")] = "",
    party: Annotated[str, typer.Option("--party", help="Whose account it is.")] = "",
    asset: Annotated[str, typer.Option("--asset", help="The account as it is on record, instead of both.")] = "",
    since: Annotated[str | None, typer.Option("--since", metavar="DAY", help="Since when, if anybody knows.")] = None,
    note: Annotated[str, typer.Option("--note", help="How it came about.")] = "",
) -> None:
    """Write down that a login was shared: it stays open until the change is confirmed."""
    actor = SESSION.actor()
    if bool(party) == bool(asset):
        raise Invalid("whose", "Name the party whose account it is, or the account as an asset.", "One of the two.")
    on_record = services.find_asset(text=asset, actor=actor) if asset else None
    row = services.open_exposure(
        held_by=on_record.held_by if on_record else find_party(name=party, actor=actor),
        platform=PLATFORM,
        account=account,
        asset=on_record,
        shared=shared,
        since=parse_day(since) if since else None,
        note=note,
        actor=actor,
        at=SESSION.at(),
    )
    _show(row)


def list_exposures() -> None:
    """The shared logins you can see, open ones first."""
    rows = list(services.exposures(actor=SESSION.actor()))
    SESSION.show(
        [{**_values(row), "known_to": row.known_to} for row in rows],  # type: ignore[attr-defined]  # annotated
        table(
            ("Reference", "Account", "Party", "What was shared", "Known to", "Since", "State"),
            [
                (
                    row.reference,
                    row.account,
                    row.held_by,
                    words(row.shared),
                    row.known_to,  # type: ignore[attr-defined]  # annotated
                    row.since or "not known",
                    "open" if row.is_open else "changed",
                )
                for row in rows
            ],
            empty="No shared login is on record. `valetkey exposure open` writes one down.",
        ),
    )


def show(reference: Reference) -> None:
    """Who knows it, since when, and what ends it."""
    _show(_find(reference))


def known(
    reference: Reference,
    name: Annotated[str, typer.Option("--name", help="Who knows it.")] = "",
    person: Annotated[str, typer.Option("--person", help="Who knows it, as somebody on record.")] = "",
    party: Annotated[str, typer.Option("--party", help="For whom they act, if for somebody of this desk.")] = "",
    since: Annotated[str | None, typer.Option("--since", metavar="DAY", help="Since when, if anybody knows.")] = None,
) -> None:
    """Name somebody who knows it."""
    actor = SESSION.actor()
    row = _find(reference)
    services.add_knower(
        exposure=row,
        name=name,
        party=services.find_knowers_party(party) if party else None,
        person=find_person(text=person, actor=actor) if person else None,
        since=parse_day(since) if since else None,
        actor=actor,
        at=SESSION.at(),
    )
    _show(row)


def close(
    reference: Reference,
    how: Annotated[str, typer.Option("--how", help="What was done: a new password, other devices signed out.")],
) -> None:
    """Confirm that it was changed. What they knew counts as worthless then; the record of it stays."""
    _show(services.close_exposure(exposure=_find(reference), how=how, actor=SESSION.actor(), at=SESSION.at()))


def _find(reference: str) -> Exposure:
    return services.find_exposure(text=reference, actor=SESSION.actor())


def _show(row: Exposure) -> None:
    knowers = [
        {
            "name": each.name,
            "person": each.person.reference if each.person else None,
            "party": each.party.name if each.party else None,
            "since": each.since,
        }
        for each in row.knowers.select_related("party", "person").order_by("pk")
    ]
    SESSION.show(
        {**_values(row), "knowers": knowers}, Text(f"{row.reference}  shared login"), _facts(row), _knowers(knowers)
    )


def _values(row: Exposure) -> dict[str, Any]:
    return {
        "reference": row.reference,
        "party": row.held_by.name,
        "platform": row.platform,
        "account": row.account,
        "asset": row.asset.reference if row.asset else None,
        "shared": row.shared,
        "since": row.since,
        "note": row.note,
        "opened_at": row.opened_at,
        "opened_by": row.opened_by,
        "changed_at": row.changed_at,
        "changed_by": row.changed_by or None,
        "how_confirmed": row.how_confirmed or None,
    }


def _facts(row: Exposure) -> RenderableType:
    known = [
        ("account", f"{row.account} of {row.held_by}"),
        ("shared", words(row.shared)),
        ("since", str(row.since or "not known")),
        ("note", row.note),
        ("written down", f"{moment(row.opened_at)} by {row.opened_by}"),
    ]
    if row.is_open:
        known.append(("what ends it", remedy(row.shared)))
    else:
        known.append(("changed", f"{moment(row.changed_at)}, confirmed by {row.changed_by}: {row.how_confirmed}"))
    return facts([each for each in known if each[1]])


def _knowers(rows: list[dict[str, Any]]) -> RenderableType:
    return table(
        ("Known to", "Acts for", "Since"),
        [(row["name"], row["party"], row["since"] or "not known") for row in rows],
        empty="Nobody is named yet. `valetkey exposure known` names somebody.",
    )
