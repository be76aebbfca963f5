"""Commands that look at the record, today or on another day: who, find, map, came, losing."""

from __future__ import annotations

import csv
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from itertools import islice
from typing import Annotated, Any, Final

import typer
from django.conf import settings
from rich.console import RenderableType
from rich.text import Text

from valetkey.accounts.services import find_person
from valetkey.authorizations.services import Losing
from valetkey.authorizations.services import losing as losing_of
from valetkey.cli.answer import facts, table
from valetkey.cli.session import SESSION, parse_day
from valetkey.cli.views import moment as moment_words
from valetkey.errors import Conflict, Invalid, NotFound
from valetkey.history.sentences import phrase
from valetkey.register import looking, map, services
from valetkey.register.cells import COLUMNS, cells, ending
from valetkey.register.looking import AccessLine, Moment, Named
from valetkey.register.services import Found, Step

_SHOWN: Final = 1000
_ABOUT: Final = ("person", "party", "asset", "surface")

On = Annotated[str, typer.Option("--on", metavar="DAY", help="On another day, past or to come.")]
KnownNow = Annotated[
    bool, typer.Option("--known-now", help="With a past day: as is known by now, not as the record stood then.")
]


def who(
    person: Annotated[str, typer.Option("--person", help="Only what this person has.")] = "",
    party: Annotated[str, typer.Option("--party", help="Only what this party has.")] = "",
    asset: Annotated[str, typer.Option("--asset", help="Only on this asset.")] = "",
    surface: Annotated[str, typer.Option("--surface", help="Only on this list of access.")] = "",
    on: On = "",
    known_now: KnownNow = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Every line of it, for a spreadsheet.")] = False,
) -> None:
    """Who has what: every access that holds today, or on another day."""
    actor, then = SESSION.actor(), _moment(on, known_now)
    asked = dict(zip(_ABOUT, (person, party, asset, surface), strict=True))
    about = {
        kind: services.find_named(kind=kind, text=text, actor=actor).reference for kind, text in asked.items() if text
    }
    lines = services.who_has_what(moment=then, actor=actor, **about)
    if as_csv:
        sheet = csv.writer(sys.stdout)
        sheet.writerow(COLUMNS)
        sheet.writerows(cells(line) for line in lines)
        return
    found = list(lines if SESSION.is_json else islice(lines, _SHOWN + 1))
    notes = [] if len(found) <= _SHOWN else [f"These are the first {_SHOWN}; narrow them down, or take all by --csv."]
    rows = found if SESSION.is_json else found[:_SHOWN]
    SESSION.show(
        [asdict(line) for line in rows], *_banner(then), _accesses(rows, empty="Nobody, by this record."), *notes
    )


def find(
    text: Annotated[str, typer.Argument(help="A name, a mail address, an id, a role, a purpose: all words of it.")],
) -> None:
    """Look for it in the whole record: people, parties, assets, surfaces, access."""
    found = services.find_anything(text=text, actor=SESSION.actor(), at=SESSION.at())
    SESSION.show(asdict(found), *_found(found))


def show_map(
    asset: Annotated[str, typer.Argument(metavar="ASSET", help="Its reference or name.")],
    on: On = "",
    known_now: KnownNow = False,
) -> None:
    """The map of an asset as a table: who owns it and controls its login, and who is on each of its lists."""
    actor, then = SESSION.actor(), _moment(on, known_now)
    one = services.find_named(kind="asset", text=asset, actor=actor)
    drawn = services.map_of(asset=one.reference, moment=then, actor=actor)
    values = [
        {
            "what": map.WORDS[kind],
            "who": who.name if who else None,
            "where": where.name if where else None,
            "note": note,
        }
        for kind, who, where, note in drawn.rows
    ]
    SESSION.show(
        values,
        Text(f"{one.reference}  {one.name}"),
        *_banner(then),
        table(
            ("What", "Who", "Where", "How"),
            [(row["what"], row["who"], row["where"], row["note"]) for row in values],
            empty="Nobody is on record here yet.",
        ),
    )


def came(
    reference: Annotated[
        str, typer.Argument(metavar="REFERENCE", help="Of a person, party, asset, surface, access, …")
    ],
) -> None:
    """How it came to be as it is: what changed from what to what, when, and by whom."""
    actor = SESSION.actor()
    kinds = services.kinds_of(reference=reference, actor=actor)
    if not kinds:
        raise NotFound(
            "nothing_on_record",
            f"There is nothing on record as {reference} that you can see.",
            "`valetkey find TEXT` looks for it.",
        )
    steps = {kind.value: services.how_it_came(kind=kind, reference=reference, actor=actor) for kind in kinds}
    parts: list[RenderableType] = []
    for kind, found in steps.items():
        parts += [Text(f"{kind} {reference.upper()}"), _steps(found)]
    SESSION.show({kind: [asdict(step) for step in found] for kind, found in steps.items()}, *parts)


def losing(
    somebody: Annotated[str, typer.Argument(metavar="WHO", help="A person or a party: reference, mail or name.")],
) -> None:
    """What they would lose if they went, and what would stop."""
    found = _losing(somebody)
    SESSION.show(_values(found), Text(f"{found.look.one.reference}  {found.look.one.name}"), *_parts(found))


def _losing(somebody: str) -> Losing:
    """A person first: most of those who go are people."""
    actor, at = SESSION.actor(), SESSION.at()
    found: dict[str, Named] = {}
    for kind in ("person", "party"):
        try:
            found[kind] = services.find_named(kind=kind, text=somebody, actor=actor)
        except NotFound:
            continue
    if len(found) > 1:
        which = ", ".join(f"{one.reference} is a {kind}" for kind, one in found.items())
        raise Conflict(
            "several_called_so", f"A person and a party are called so: {which}.", "Name one by its reference."
        )
    if "person" in found:
        return losing_of(person=find_person(text=found["person"].reference, actor=actor), actor=actor, at=at)
    if "party" in found:
        party = services.find_on_record(text=found["party"].reference, actor=actor)
        return losing_of(party=party, actor=actor, at=at)
    raise NotFound(
        "nobody_on_record",
        f"There is no person and no party “{somebody}” that you can see.",
        "`valetkey find TEXT` looks for them.",
    )


def _moment(on: str, known_now: bool) -> Moment:
    if known_now and not on:
        raise Invalid("known_now", "--known-now is about a past day.", "Add the day, as --on 2027-03-01.")
    day = parse_day(on) if on else None
    return looking.moment(day, zone=settings.VALETKEY_TIME_ZONE, now=SESSION.at(), as_known_now=known_now)


def _banner(then: Moment) -> list[RenderableType]:
    if then.is_now:
        return []
    if then.known_at == then.at:
        return [Text(f"As the record stood on {then.day}.")]
    return [Text(f"On {then.day}, as far as is known now.")]


def _accesses(lines: Sequence[AccessLine], *, empty: str) -> RenderableType:
    return table(
        ("Access", "Asset", "Surface", "Who", "For", "Role", "Since", "Until", "Answers for it"),
        [
            (
                line.reference,
                line.asset.name,
                line.surface.name,
                line.person.name if line.person else "",
                line.party.name,
                line.role,
                moment_words(line.since),
                _ending(line),
                line.owner.name if line.owner else "",
            )
            for line in lines
        ],
        empty=empty,
    )


def _ending(line: AccessLine) -> str:
    end = ending(line)
    if isinstance(end, datetime):
        return moment_words(end)
    return "never ends" if end == "never" else "end not known"


def _found(found: Found) -> list[RenderableType]:
    if found.is_empty:
        return [Text("Nothing on record has all these words.")]
    kinds = {"Person": found.people, "Party": found.parties, "Asset": found.assets, "Surface": found.surfaces}
    hits = [(kind, hit) for kind, hits in kinds.items() for hit in hits]
    parts: list[RenderableType] = []
    if hits:
        rows = [(kind, hit.one.reference, hit.one.name, hit.note, hit.kept_by.name) for kind, hit in hits]
        parts.append(table(("What", "Reference", "Name", "", "On record of"), rows, empty=""))
    if found.accesses:
        parts.append(_accesses(found.accesses, empty=""))
    return parts


def _steps(steps: Sequence[Step]) -> RenderableType:
    return table(
        ("When", "Who", "What", "From → to"),
        [
            (
                moment_words(step.at),
                step.who,
                phrase(step.event) if step.event else "",
                "; ".join(f"{each.label}: {_told(each.before)} → {_told(each.after)}" for each in step.changes),
            )
            for step in steps
        ],
        empty="",
    )


def _told(value: object) -> str:
    return moment_words(value) if isinstance(value, datetime) else str(value) or "–"


def _values(found: Losing) -> dict[str, Any]:
    return {
        "look": asdict(found.look),
        "authorizations": [
            {
                "authorization": each.authorization.reference,
                "why": each.why,
                "ends_at": each.authorization.ends_at,
                "campaigns": [one.campaign.name for one in each.campaigns],
                "ad_accounts": [account.name for account in each.ad_accounts],
            }
            for each in found.authorizations
        ],
        "authorization_count": found.count,
    }


def _parts(found: Losing) -> list[RenderableType]:
    if found.is_empty:
        return [Text("Nothing, by this record.")]
    look = found.look
    counts = [
        ("access", _count(look.count, look.is_more)),
        ("answers for", _count(*_total(look, "answers_for"))),
        ("has in hand", "; ".join(f"{line.asset.name}: {_hands(line)}" for line in look.ownerships)),
        ("must do", "; ".join(line.what for line in look.responsibilities)),
        ("knows", "; ".join(f"the login of {line.account}" for line in look.exposures if line.is_open)),
        ("codes", _count(found.count, False)),
    ]
    parts: list[RenderableType] = [facts([(label, value) for label, value in counts if value])]
    if look.accesses:
        parts.append(_accesses(look.accesses, empty=""))
    if found.authorizations:
        parts.append(_at_stake(found))
    return parts


def _at_stake(found: Losing) -> RenderableType:
    rows = [
        (
            each.authorization.reference,
            each.why,
            moment_words(each.authorization.ends_at),
            ", ".join(one.campaign.name for one in each.campaigns),
            ", ".join(account.name for account in each.ad_accounts),
        )
        for each in found.authorizations
    ]
    return table(("Authorization", "They", "Ends", "Campaigns", "Ad accounts"), rows, empty="")


def _hands(line: looking.OwnershipLine) -> str:
    return ", ".join(name.replace("_", " ") for name in line.hands) or "owns it"


def _total(look: looking.Look, name: str) -> tuple[int, bool]:
    return look.totals.get(name, len(getattr(look, name))), False


def _count(number: int, is_more: bool) -> str:
    return "" if not number else f"{number}{' and more' if is_more else ''}"
