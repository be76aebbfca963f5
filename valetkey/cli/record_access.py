"""Who is on which list in which role: `valetkey access`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

import typer
from django.conf import settings
from rich.console import RenderableType
from rich.text import Text

from valetkey.accounts.services import find_person
from valetkey.cli.answer import facts, table
from valetkey.cli.session import SESSION, parse_day
from valetkey.cli.views import moment
from valetkey.errors import Invalid
from valetkey.register import catalogue, services
from valetkey.register.days import end_of_day, start_of_day
from valetkey.register.models import Access

AccessText = Annotated[str, typer.Argument(metavar="ACCESS", help="Its reference, as `access list` shows it.")]

Until = Annotated[str | None, typer.Option("--until", metavar="DAY", help="Its last day.")]
NeverEnds = Annotated[bool, typer.Option("--never-ends", help="It was given without an end.")]
EndUnknown = Annotated[bool, typer.Option("--end-unknown", help="Nobody knows whether it ends.")]


def open_access(
    surface: Annotated[
        str, typer.Argument(metavar="SURFACE", help="The list's reference, as `surface list` shows it, or its name.")
    ],
    role: Annotated[str, typer.Option("--role", help="As the platform calls it; `valetkey catalogue` knows names.")],
    person: Annotated[str, typer.Option("--person", help="Who; left out where a party has it as a whole.")] = "",
    party: Annotated[str, typer.Option("--party", help="For whom; without it, for whom the person works.")] = "",
    since: Annotated[str, typer.Option("--since", metavar="DAY", help="First day, if anybody knows.")] = "",
    until: Until = None,
    is_endless: NeverEnds = False,
    is_unknown: EndUnknown = False,
    purpose: Annotated[str, typer.Option("--purpose", help="What it is for.")] = "",
    basis: Annotated[str, typer.Option("--basis", help="The contract or agreement it rests on.")] = "",
    owner: Annotated[str, typer.Option("--owner", metavar="PERSON", help="Who answers for it.")] = "",
    review_on: Annotated[str, typer.Option("--review", metavar="DAY", help="When to look again.")] = "",
    removal: Annotated[str, typer.Option("--removal", help="How to remove it, where the catalogue is wrong.")] = "",
    note: Annotated[str, typer.Option("--note", help="What else is to be known.")] = "",
) -> None:
    """Write down that somebody is on a list of access. Say how it ends: --until, --never-ends or --end-unknown."""
    actor = SESSION.actor()
    row = services.open_access(
        surface=services.find_surface(text=surface, actor=actor),
        holder=services.find_knowers_party(party) if party else None,
        person=find_person(text=person, actor=actor) if person else None,
        role=role,
        since=_first_moment(since) if since else None,
        **_end(until, is_endless, is_unknown),
        purpose=purpose,
        basis=basis,
        owner=find_person(text=owner, actor=actor) if owner else None,
        review_on=parse_day(review_on) if review_on else None,
        removal=removal,
        note=note,
        actor=actor,
        at=SESSION.at(),
    )
    _show(row)


def list_accesses(
    with_ended: Annotated[bool, typer.Option("--all", help="Those that were ended, too.")] = False,
) -> None:
    """The access you can see, the one that ends soonest first."""
    found = services.accesses(actor=SESSION.actor())
    rows = list(found if with_ended else found.filter(ended_at=None))
    SESSION.show(
        [access_values(row) for row in rows],
        access_table(rows, empty="No access is on record. `valetkey access open SURFACE` writes one down."),
    )


def show(access: AccessText) -> None:
    """One access: who, in which role, until when, why, and how it is removed."""
    _show(_find(access))


def change(
    access: AccessText,
    role: Annotated[str | None, typer.Option("--role", help="Another role.")] = None,
    since: Annotated[
        str | None, typer.Option("--since", metavar="DAY", help="Another first day; empty: unknown.")
    ] = None,
    until: Until = None,
    is_endless: NeverEnds = False,
    is_unknown: EndUnknown = False,
    purpose: Annotated[str | None, typer.Option("--purpose", help="What it is for.")] = None,
    basis: Annotated[str | None, typer.Option("--basis", help="What it rests on.")] = None,
    owner: Annotated[str | None, typer.Option("--owner", metavar="PERSON", help="Another; empty for none.")] = None,
    review_on: Annotated[str | None, typer.Option("--review", metavar="DAY", help="Another; empty for none.")] = None,
    removal: Annotated[str | None, typer.Option("--removal", help="How to remove it.")] = None,
    note: Annotated[str | None, typer.Option("--note", help="Another note.")] = None,
) -> None:
    """Correct an access. What you leave out stays as it is."""
    actor = SESSION.actor()
    row = _find(access)
    texts = {"role": role, "purpose": purpose, "basis": basis, "removal": removal, "note": note}
    changes: dict[str, object] = {column: value for column, value in texts.items() if value is not None}
    if since is not None:
        changes["since"] = _first_moment(since) if since else None
    if until is not None or is_endless or is_unknown:
        changes |= _end(until, is_endless, is_unknown)
    if owner is not None:
        changes["owner"] = find_person(text=owner, actor=actor) if owner else None
    if review_on is not None:
        changes["review_on"] = parse_day(review_on) if review_on else None
    _show(services.change_access(access=row, changes=changes, actor=actor, at=SESSION.at()))


def confirm(
    access: AccessText,
    how: Annotated[str, typer.Option("--how", help="What you saw on the platform.")],
) -> None:
    """Say that you looked at the list on the platform, and that it is so."""
    _show(services.confirm_access(access=_find(access), how=how, actor=SESSION.actor(), at=SESSION.at()))


def end(
    access: AccessText,
    reason: Annotated[str, typer.Option("--reason", help="Why it ends.")],
    how: Annotated[str, typer.Option("--how", help="What you saw on the platform once it was removed.")] = "",
) -> None:
    """End an access in the record. Nothing is removed on the platform by this: --how says what you saw there."""
    row = _find(access)
    _show(services.end_access(access=row, reason=reason, how=how, actor=SESSION.actor(), at=SESSION.at()))


def let_end(access: AccessText) -> None:
    """Decide that it may end by itself on its day, and that nobody needs to be told."""
    _show(services.let_access_end(access=_find(access), actor=SESSION.actor(), at=SESSION.at()))


def access_table(rows: Sequence[Access], *, empty: str) -> RenderableType:
    """What people see of a list of access, wherever it stands."""
    return table(
        ("Reference", "Who", "For", "Role", "On", "Until", "Answers"),
        [
            (
                row.reference,
                row.person.name if row.person else "the party as a whole",
                row.holder,
                row.role,
                row.surface,
                end_words(row),
                row.owner or "-",
            )
            for row in rows
        ],
        empty=empty,
    )


def access_values(row: Access) -> dict[str, Any]:
    return {
        "reference": row.reference,
        "person": row.person.name if row.person else None,
        "holder": row.holder.name,
        "role": row.role,
        "surface": row.surface.reference,
        "surface_name": row.surface.name,
        "asset": row.surface.asset.reference,
        "asset_name": row.surface.asset.name,
        "since": row.since,
        "end": row.end,
        "until": row.until,
        "purpose": row.purpose,
        "basis": row.basis,
        "by_authorization": row.way == Access.Way.AUTHORIZATION,
        "owner": row.owner.name if row.owner else None,
        "review_on": row.review_on,
        "removal": _removal(row) or None,
        "note": row.note,
        "confirmed_at": row.confirmed_at,
        "confirmed_by": row.confirmed_by or None,
        "confirmed_how": row.confirmed_how or None,
        "let_end_at": row.let_end_at,
        "ended_at": row.ended_at,
        "ended_reason": row.ended_reason or None,
        "ended_how": row.ended_how or None,
    }


def end_words(row: Access) -> str:
    """Three different things, and always told apart."""
    if row.ended_at is not None:
        return f"ended {moment(row.ended_at)}"
    if row.until is not None:
        return moment(row.until)
    return "never ends" if row.end == Access.End.NONE else "not known"


def _find(text: str) -> Access:
    return services.find_access(text=text, actor=SESSION.actor())


def _show(row: Access) -> None:
    who = row.person.name if row.person else row.holder.name
    SESSION.show(access_values(row), Text(f"{row.reference}  {who}: {row.role}"), _facts(row))


def _facts(row: Access) -> RenderableType:
    known = _known_role(row)
    warnings = [word for word, is_so in (("wide", known.is_wide), ("money", known.has_money)) if is_so] if known else []
    confirmed = f"{moment(row.confirmed_at)} by {row.confirmed_by}: {row.confirmed_how}"
    ended = f"{row.ended_reason}. {row.ended_how or 'Nobody has looked on the platform.'}"
    pairs = [
        ("on", f"{row.surface} ({row.surface.reference})"),
        ("for", str(row.holder)),
        ("role", f"{row.role}  ({', '.join(warnings)}: {known.what})" if known and warnings else row.role),
        ("since", moment(row.since)),
        ("until", end_words(row)),
        ("purpose", row.purpose),
        ("rests on", row.basis),
        ("answers", str(row.owner or "nobody is named")),
        ("review", str(row.review_on or "no day is set")),
        ("remove", _removal(row)),
        ("note", row.note),
        ("confirmed", confirmed if row.confirmed_at else ""),
        ("let end", f"{moment(row.let_end_at)} by {row.let_end_by}" if row.let_end_at else ""),
        ("ended", ended if row.ended_at else ""),
    ]
    return facts([pair for pair in pairs if pair[1]])


def _known_role(row: Access) -> catalogue.RoleName | None:
    asset = row.surface.asset
    return catalogue.role(asset.platform, asset.kind, row.surface.kind, row.role)


def _removal(row: Access) -> str:
    found = catalogue.surface_kind(row.surface.asset.platform, row.surface.asset.kind, row.surface.kind)
    return row.removal or (found.removal if found else "")


def _end(until: str | None, is_endless: bool, is_unknown: bool) -> dict[str, Any]:
    """Raises Invalid unless exactly one was said: nothing said is not “never ends”."""
    if [bool(until), is_endless, is_unknown].count(True) != 1:
        raise Invalid(
            "end_not_clear",
            "It is not clear when this access ends.",
            "Say one of --until DAY, --never-ends and --end-unknown.",
        )
    if until:
        return {"end": Access.End.AT.value, "until": end_of_day(parse_day(until), settings.VALETKEY_TIME_ZONE)}
    return {"end": (Access.End.NONE if is_endless else Access.End.UNKNOWN).value, "until": None}


def _first_moment(text: str) -> datetime:
    return start_of_day(parse_day(text), settings.VALETKEY_TIME_ZONE)
