"""`valetkey findings`: what is wrong or about to be, decided on with a reason; the rules and the desk's thresholds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

import typer
from django.conf import settings
from rich.text import Text

from valetkey.accounts.services import find_party, find_person
from valetkey.cli.answer import facts, table
from valetkey.cli.session import SESSION, parse_day
from valetkey.cli.views import moment
from valetkey.findings import services
from valetkey.findings.finding import About, Group, Severity
from valetkey.findings.limits import NAMES, Limits, bounds
from valetkey.findings.models import Finding
from valetkey.findings.rules import BY_ID, RULES
from valetkey.findings.services import Line, Narrowed, Which
from valetkey.register.days import start_of_day

References = Annotated[list[str], typer.Argument(metavar="FINDING...", help="References, as `findings list` shows.")]
Reason = Annotated[str, typer.Option("--reason", help="Why, in a few words.")]


class Pressing(StrEnum):
    """`Severity` by its names."""

    NOTE = "note"
    SOON = "soon"
    IMPORTANT = "important"
    URGENT = "urgent"


def list_findings(
    mine: Annotated[bool, typer.Option("--mine", help="Only what you answer for, or was handed to you.")] = False,
    which: Annotated[Which, typer.Option("--which", help="What waits, was put off, is closed, all.")] = Which.WAITING,
    at_least: Annotated[Pressing | None, typer.Option("--at-least", help="As pressing as that, or more.")] = None,
    group: Annotated[Group | None, typer.Option("--group", help="Only this kind of problem.")] = None,
    about: Annotated[About | None, typer.Option("--about", help="Only about such a thing.")] = None,
    rule: Annotated[str, typer.Option("--rule", help="Only of this rule, as `findings rules` names it.")] = "",
    party: Annotated[str, typer.Option("--party", help="Only what is told to this party.")] = "",
    on: Annotated[str, typer.Option("--on", metavar="DAY", help="As of another day, past or to come.")] = "",
    page: Annotated[int, typer.Option("--page", min=1, max=1000, help="Which page.")] = 1,
) -> None:
    """What waits for you: yours first, by how pressing it is and what it would stop."""
    actor, at = SESSION.actor(), SESSION.at()
    if on:
        _show_day(services.instant_of(day=parse_day(on), time_zone=settings.VALETKEY_TIME_ZONE, at=at))
        return
    narrowed = Narrowed(
        which=which,
        mine=mine,
        severity=Severity[at_least.name] if at_least else None,
        group=group,
        about=about,
        rule=rule,
        party=find_party(name=party, actor=actor).reference if party else "",
    )
    found = services.inbox(actor=actor, at=at, narrowed=narrowed, number=page)
    total = f"more than {found.count:,}" if found.is_more else f"{found.count:,}"
    more = [Text(f"Page {found.number} of {found.last}; {total} in all.")] if found.last > 1 else []
    SESSION.show(
        [_values(row) for row in found.rows],
        table(
            ("Finding", "How pressing", "Told to", "Sentence", "By", "Whose"),
            [
                (row.reference, _word(row.severity), row.party, row.sentence, _by(row.by), row.handed_to or row.owner)
                for row in found.rows
            ],
            empty="Nothing waits.",
        ),
        *more,
    )


def show(reference: Annotated[str, typer.Argument(metavar="FINDING", help="Its reference.")]) -> None:
    """One finding: its evidence, what to do, what was decided, and when it was open before."""
    row = services.find_finding(text=reference, actor=SESSION.actor())
    rule = BY_ID.get(row.rule)
    spells = list(row.spells.order_by("opened_at"))
    pairs = [
        ("what", row.sentence),
        ("how pressing", _word(row.severity)),
        ("about", f"{row.about} {row.subject}"),
        ("told to", str(row.party)),
        ("by", _by(row.by)),
        ("hangs on it", f"{row.stops} campaign{'' if row.stops == 1 else 's'}" if row.stops else ""),
        ("answers", str(row.handed_to or row.owner or "nobody yet")),
        *(("evidence", _evidence(each)) for each in row.evidence),
        ("if not", rule.why if rule else ""),
        ("how", f"guide {rule.guide}, step {rule.step}" if rule else ""),
        *_decided(row),
        *(("was open", f"{moment(each.opened_at)} – {moment(each.closed_at)}") for each in spells if each.closed_at),
    ]
    values = {
        **_values(row),
        "why": rule.why if rule else None,
        "guide": rule.guide if rule else None,
        "step": rule.step if rule else None,
        "spells": [{"opened_at": each.opened_at, "closed_at": each.closed_at} for each in spells],
    }
    state = "closed" if row.closed_at else "open"
    head = Text(f"{row.reference}  {rule.title if rule else row.rule} ({state})", style="bold")
    SESSION.show(values, head, facts([each for each in pairs if each[1]]))


def acknowledge(references: References, reason: Reason) -> None:
    """You have seen it and do something about it: nobody is told again, unless it gets worse."""
    _decide(services.acknowledge, references, reason)


def hand_on(
    references: References,
    person: Annotated[str, typer.Option("--to", metavar="PERSON", help="Somebody on the record of its party.")],
    reason: Reason,
) -> None:
    """It is theirs from now on."""
    _decide(services.hand_on, references, reason, to=find_person(text=person, actor=SESSION.actor()))


def snooze(
    references: References,
    until: Annotated[str, typer.Option("--until", metavar="DAY", help="Nobody is told before that day.")],
    reason: Reason,
) -> None:
    """Later: it is told again from that day on."""
    day = start_of_day(parse_day(until), settings.VALETKEY_TIME_ZONE)
    _decide(services.snooze, references, reason, until=day)


def let_end(references: References, reason: Reason) -> None:
    """It may end, and nobody is told of this end any more."""
    _decide(services.let_end, references, reason)


def wake(references: References, reason: Reason) -> None:
    """Take back what was decided: it waits again."""
    _decide(services.wake, references, reason)


def rules() -> None:
    """All rules: what each looks at, what happens if nobody does anything, and where it is told how to put it right."""
    SESSION.show(
        [
            {"rule": each.id, "about": each.about.value, "group": each.group.value, "title": each.title,
             "why": each.why, "guide": each.guide, "step": each.step, "may_end": each.may_end}
            for each in RULES
        ],
        table(
            ("Rule", "About", "Group", "What", "If nobody does anything", "Guide"),
            [(each.id, each.about, each.group, each.title, each.why, each.guide) for each in RULES],
            empty="There are no rules.",
        ),
    )  # fmt: skip


def list_limits() -> None:
    """The desk's thresholds: days and numbers from which something is told."""
    _show_limits(services.limits())


def set_limit(
    name: Annotated[str, typer.Argument(metavar="LIMIT", help="Its name, as `findings limits` shows it.")],
    number: Annotated[int | None, typer.Argument(help="From now on; without it the default again.")] = None,
) -> None:
    """Set one of them, for the whole desk."""
    _show_limits(services.set_limit(name=name, value=number, actor=SESSION.actor(), at=SESSION.at()))


def _decide(service: Callable[..., list[Finding]], references: list[str], reason: str, **more: object) -> None:
    actor = SESSION.actor()
    rows = services.find_findings(texts=references, actor=actor)
    decided = service(findings=rows, reason=reason, actor=actor, at=SESSION.at(), **more)
    SESSION.show([_values(row) for row in decided], *(Text(f"{row.reference}  {row.sentence}") for row in decided))


def _show_day(on: datetime) -> None:
    day = services.on_day(on=on, actor=SESSION.actor(), at=SESSION.at())
    cut = [Text("There is more than is shown.")] if day.is_cut else []
    SESSION.show(
        {
            "on": day.on,
            "part": day.part.value,
            "is_cut": day.is_cut,
            "findings": [_line_values(one) for one in day.lines],
        },
        table(
            ("Finding", "How pressing", "Told to", "Sentence", "By", "Whose"),
            [
                (one.reference, _word(one.severity), one.party_name, one.sentence, _by(one.by), one.owner_name)
                for one in day.lines
            ],
            empty="Nothing, as far as this desk knows.",
        ),
        *cut,
    )


def _show_limits(now: Limits) -> None:
    default = Limits()
    rows = [(name, getattr(now, name), getattr(default, name), *bounds(name)) for name in NAMES]
    SESSION.show(
        [
            {"limit": name, "value": value, "default": usual, "lowest": lowest, "highest": highest, "says": says}
            for name, value, usual, lowest, highest, says in rows
        ],
        table(
            ("Limit", "Value", "Default", "Lowest", "Highest", "What it is"),
            [(name, f"{value:,}", f"{usual:,}", *each) for name, value, usual, *each in rows],
            empty="",
        ),
    )


def _word(severity: int) -> str:
    return Severity(severity).name.lower()


def _by(by: datetime | None) -> str:
    return moment(by) if by else ""


def _evidence(each: dict[str, str | None]) -> str:
    when = f", {moment(datetime.fromisoformat(each['at']))}" if each["at"] else ""
    return f"{each['what']} ({each['source']}{when})"


def _decided(row: Finding) -> list[tuple[str, str]]:
    return [
        ("acknowledged", f"{moment(row.acknowledged_at)} by {row.acknowledged_by}" if row.acknowledged_at else ""),
        ("handed to", str(row.handed_to or "")),
        ("put off until", moment(row.snoozed_until) if row.snoozed_until else ""),
        ("may end", f"decided {moment(row.let_end_at)} by {row.let_end_by}" if row.let_end_at else ""),
        ("reason", row.reason),
    ]


def _values(row: Finding) -> dict[str, Any]:
    return {
        "finding": row.reference,
        "rule": row.rule,
        "about": row.about,
        "subject": row.subject,
        "party": row.party.name,
        "severity": _word(row.severity),
        "sentence": row.sentence,
        "evidence": row.evidence,
        "owner": row.owner.name if row.owner else None,
        "by": row.by,
        "stops": row.stops,
        "times": row.times,
        "first_opened_at": row.first_opened_at,
        "opened_at": row.opened_at,
        "closed_at": row.closed_at,
        "acknowledged_at": row.acknowledged_at,
        "acknowledged_by": row.acknowledged_by or None,
        "handed_to": row.handed_to.name if row.handed_to else None,
        "snoozed_until": row.snoozed_until,
        "let_end_at": row.let_end_at,
        "let_end_by": row.let_end_by or None,
        "reason": row.reason or None,
    }


def _line_values(one: Line) -> dict[str, Any]:
    return {
        "finding": one.reference or None,
        "rule": one.rule,
        "about": one.about.value,
        "subject": one.subject,
        "party": one.party_name,
        "severity": _word(one.severity),
        "sentence": one.sentence,
        "owner": one.owner_name or None,
        "by": one.by,
        "stops": one.stops,
        "mine": one.is_mine,
    }
