"""Where programs are told what happens: `valetkey webhooks`."""

from __future__ import annotations

from typing import Annotated, Any, Final

import typer
from rich.text import Text

from valetkey.accounts.services import find_party
from valetkey.cli.answer import table
from valetkey.cli.session import SESSION
from valetkey.cli.views import moment
from valetkey.notices import services
from valetkey.notices.models import Delivery, Endpoint

Reference = Annotated[str, typer.Argument(metavar="WEBHOOK", help="As `webhooks list` shows it.")]
_SHOWN: Final = 50


def list_webhooks() -> None:
    """The webhooks of the parties you manage, the newest first."""
    rows = [_values(row) for row in services.endpoints(actor=SESSION.actor())]
    SESSION.show(
        rows,
        table(
            ("Webhook", "For", "Where", "Of what", "Ended"),
            [
                (row["reference"], row["party"], row["url"], " ".join(row["events"]) or "everything",
                 moment(row["ended_at"]) if row["ended_at"] else "")
                for row in rows
            ],
            empty="No webhooks. `valetkey webhooks add URL --party NAME` adds one.",
        ),
    )  # fmt: skip


def add(
    url: Annotated[str, typer.Argument(metavar="URL", help="Where the program listens, with https.")],
    party: Annotated[str, typer.Option("--party", help="For whom.")],
    events: Annotated[
        list[str] | None, typer.Option("--event", help="Only events that begin so, as “finding.”; may be repeated.")
    ] = None,
) -> None:
    """Add a webhook. Its secret is shown this once."""
    actor = SESSION.actor()
    found = find_party(name=party, actor=actor)
    made = services.add_endpoint(party=found, url=url, events=events or (), actor=actor, at=SESSION.at())
    _show_secret(made, "What happens from now on is told there.")


def rotate(reference: Reference) -> None:
    """Make a new secret; for a day the old one signs too."""
    actor = SESSION.actor()
    row = services.find_endpoint(reference=reference, actor=actor)
    made = services.rotate_endpoint(endpoint=row, actor=actor, at=SESSION.at())
    _show_secret(made, f"Until {moment(made.endpoint.old_secret_until)} the old one signs too.")


def end(reference: Reference) -> None:
    """End a webhook: nothing is sent there any more, and its secret is gone."""
    actor = SESSION.actor()
    row = services.find_endpoint(reference=reference, actor=actor)
    services.end_endpoint(endpoint=row, actor=actor, at=SESSION.at())
    row = services.find_endpoint(reference=reference, actor=actor)
    SESSION.show(_values(row), Text(f"Nothing is sent to {row.reference} any more."))


def list_deliveries(
    reference: Reference,
    dead: Annotated[bool, typer.Option("--dead", help="Only what was given up.")] = False,
) -> None:
    """What was sent to a webhook, the newest first, and how it went."""
    found = services.deliveries(endpoint=services.find_endpoint(reference=reference, actor=SESSION.actor()))
    if dead:
        found = found.filter(state=Delivery.State.DEAD)
    rows = [_delivery(row) for row in found[:_SHOWN]]
    SESSION.show(
        rows,
        table(
            ("Message", "Event", "Since", "State", "Tries", "Why"),
            [
                (row["reference"], row["event"], moment(row["created_at"]), row["state"], row["tries"], row["fault"])
                for row in rows
            ],
            empty="No messages.",
        ),
    )


def replay(
    reference: Reference,
    message: Annotated[str, typer.Option("--message", help="Only this one, as `webhooks deliveries` shows it.")] = "",
) -> None:
    """Send again what was given up, for another day."""
    actor = SESSION.actor()
    row = services.find_endpoint(reference=reference, actor=actor)
    number = services.replay(endpoint=row, reference=message, actor=actor, at=SESSION.at())
    SESSION.show({"messages": number}, Text(f"Messages that will be sent again: {number}."))


def _show_secret(made: services.MadeEndpoint, more: str) -> None:
    SESSION.show(
        {**_values(made.endpoint), "secret": made.secret.reveal()},
        Text(f"Webhook {made.endpoint.reference}. Its secret is shown this once:"),
        Text(made.secret.reveal()),
        Text(more),
    )


def _values(row: Endpoint) -> dict[str, Any]:
    return {
        "reference": row.reference,
        "party": row.party.name,
        "url": row.url,
        "events": row.events,
        "created_at": row.created_at,
        "old_secret_until": row.old_secret_until,
        "ended_at": row.ended_at,
    }


def _delivery(row: Delivery) -> dict[str, Any]:
    return {
        "reference": row.reference,
        "id": row.message_id,
        "event": row.event,
        "state": row.state,
        "created_at": row.created_at,
        "next_try_at": row.next_try_at if row.state == Delivery.State.WAITING else None,
        "settled_at": row.settled_at,
        "tries": row.tries,
        "status": row.status,
        "fault": row.fault,
    }
