"""Who got the code: hand-over links and reveals; the certificate; what switching on does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Any

import typer
from django.db.models import Count
from rich.console import RenderableType
from rich.text import Text

from valetkey.authorizations import services, terms
from valetkey.authorizations.certificate import Certificate, Value
from valetkey.authorizations.links import masked
from valetkey.authorizations.models import Authorization, HandOver, Reveal
from valetkey.cli.answer import facts, table
from valetkey.cli.session import SESSION
from valetkey.cli.verbs import Reference, find_authorization
from valetkey.cli.views import moment
from valetkey.errors import NotFound


def list_sharing(reference: Reference) -> None:
    """The links by which the code was handed over, how often each was opened, and who saw the code."""
    row, at = find_authorization(reference), SESSION.at()
    given = _hand_overs(row)
    number_of = {hand_over.pk: number for number, hand_over in given.items()}
    links = [_link_values(number, hand_over, at) for number, hand_over in given.items()]
    reveals = [_reveal_values(one, number_of) for one in row.reveals.order_by("pk")]
    SESSION.show(
        {"links": links, "reveals": reveals},
        table(
            ("No.", "For", "Mail", "Made (UTC)", "Ends (UTC)", "Standing", "Opened", "Code seen"),
            [
                (
                    one["number"],
                    one["recipient"],
                    one["mail"],
                    _minute(one["made_at"]),
                    _minute(one["ended_at"] or one["ends_at"]),
                    one["standing"],
                    one["views"],
                    one["reveals"],
                )
                for one in links
            ],
            empty="It was not handed over yet. `valetkey handover` makes a link.",
        ),
        "",
        _reveal_table((one["by"], one["at"], one["how"], one["link"]) for one in reveals),
    )


def stop_sharing(
    reference: Reference,
    number: Annotated[int, typer.Argument(metavar="NUMBER", help="Of the link, as `sharing list` shows it.")],
) -> None:
    """End one link at once. Who saw the code already keeps what they saw."""
    row = find_authorization(reference)
    hand_over = _hand_overs(row).get(number)
    if hand_over is None:
        raise NotFound("no_such_link", f"There is no link {number}.", f"`valetkey sharing list {row.reference}` lists.")
    services.stop_sharing(hand_over=hand_over, actor=SESSION.actor(), at=SESSION.at())
    values = {"number": number, "recipient": hand_over.recipient, "ended_at": hand_over.ended_at}
    SESSION.show(values, Text(f"The link for {hand_over.recipient} opens nothing any more."))


def certificate(reference: Reference) -> None:
    """The certificate: the same page for both sides, with a checksum that changes when anything does."""
    made = services.certificate(authorization=find_authorization(reference))
    SESSION.show({"checksum": made.checksum, "text": made.text(), "facts": asdict(made)}, *_certificate_parts(made))


def show_terms() -> None:
    """What switching ad authorization on does, and what of it cannot be undone: read it before you do."""
    values = [asdict(one) for one in terms.EFFECTS]
    SESSION.show(
        {"digest": terms.DIGEST, "effects": values},
        table(
            ("What it does", "How sure", "Where it is from"),
            [(one.sentence, one.confidence.value, f"{one.source}; read {one.read_in}") for one in terms.EFFECTS],
            empty="",
        ),
        "",
        f"digest {terms.DIGEST}",
    )


def _hand_overs(row: Authorization) -> dict[int, HandOver]:
    """Numbered in the order they were made. None is ever deleted, so a number stays the same."""
    rows = row.hand_overs.select_related("authorization__post__held_by", "authorization__advertiser").defer(
        "authorization__code"
    )
    return dict(enumerate(rows.annotate(seen=Count("reveals")).order_by("pk"), start=1))


def _link_values(number: int, row: HandOver, at: datetime) -> dict[str, Any]:
    return {
        "number": number,
        "recipient": row.recipient,
        "mail": masked(row.mail) or None,
        "made_at": row.created_at,
        "ends_at": row.ends_at,
        "ended_at": row.ended_at,
        "standing": services.standing_of_link(row, at).value,
        "views": row.views,
        "viewed_at": row.viewed_at,
        "proven_at": row.proven_at,
        "reveals": getattr(row, "seen", 0),
    }


def _reveal_values(row: Reveal, number_of: dict[int, int]) -> dict[str, Any]:
    link = number_of.get(row.hand_over_id) if row.hand_over_id else None
    return {"by": row.by, "at": row.at, "how": row.how, "link": link}


def _reveal_table(rows: Iterable[tuple[str, datetime, str, object]]) -> RenderableType:
    return table(
        ("Who saw the code", "When (UTC)", "How", "By link"),
        [(by, _minute(at), how, link or "") for by, at, how, link in rows],
        empty="Nobody has seen the code here yet.",
    )


def _certificate_parts(made: Certificate) -> list[RenderableType]:
    return [
        facts([(label, _words(value)) for label, value in made.lines]),
        "",
        table(
            ("Applied on", "Id", "State", "Since (UTC)", "Proof seen (UTC)"),
            [
                (
                    one.ad_account,
                    one.ad_account_id,
                    one.state.replace("_", " "),
                    _minute(one.since),
                    _minute(one.seen_at),
                )
                for one in made.applications
            ],
            empty="It was not applied to an ad account.",
        ),
        "",
        table(
            ("What it means was read by", "When (UTC)", "Digest of that text"),
            [(one.by, _minute(one.at), one.digest) for one in made.terms_seen],
            empty="Nobody has confirmed here to have read what switching on does.",
        ),
        "",
        table(
            ("Handed over to", "Mail", "Made (UTC)", "Ended or ends (UTC)", "Address proven (UTC)", "Opened"),
            [
                (
                    one.recipient,
                    one.mail,
                    _minute(one.made_at),
                    _minute(one.ended_at or one.ends_at),
                    _minute(one.proven_at),
                    one.views,
                )
                for one in made.hand_overs
            ],
            empty="It was not handed over.",
        ),
        "",
        _reveal_table((one.by, one.at, one.how, one.recipient) for one in made.reveals),
        "",
        table(
            ("Window by", "Days", "From (UTC)", "Until (UTC)", "Source", "When (UTC)"),
            [
                (
                    one.verb.replace("_", " "),
                    one.days,
                    _minute(one.starts_at),
                    _minute(one.ends_at),
                    one.source,
                    _minute(one.at),
                )
                for one in made.window_changes
            ],
            empty="There was no window yet.",
        ),
        "",
        f"checksum {made.checksum}",
    ]


def _words(value: Value) -> str:
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return value.isoformat()
    return value or "–"


def _minute(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M}" if at else ""
