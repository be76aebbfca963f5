"""`valetkey review`: everybody who has access, frozen as a list, decided line by line, and closed into work."""

from __future__ import annotations

import re
from typing import Annotated, Any

import typer
from rich.console import RenderableType
from rich.text import Text

from valetkey.accounts.services import find_party
from valetkey.cli.answer import facts, table
from valetkey.cli.session import SESSION, parse_day
from valetkey.cli.views import moment
from valetkey.errors import Invalid
from valetkey.register.cells import ending
from valetkey.register.services import find_asset, find_on_record
from valetkey.reviews import services
from valetkey.reviews.decisions import words
from valetkey.reviews.models import Line, Review

Reference = Annotated[str, typer.Argument(metavar="REVIEW", help="Its reference, as `review list` shows it.")]
_LINES = re.compile(r"(\d{1,6})(?:-(\d{1,6}))?")


def open_review(
    party: Annotated[str, typer.Option("--party", help="Whose record it is.")],
    asset: Annotated[str, typer.Option("--asset", help="Everybody on the lists of this account or asset.")] = "",
    holder: Annotated[str, typer.Option("--holder", help="Everything that this party holds.")] = "",
) -> None:
    """Take every access of the scope onto a list, as it is now. Without `--asset` and `--holder`, the whole record."""
    actor = SESSION.actor()
    row = services.open_review(
        kept_by=find_party(name=party, actor=actor),
        asset=find_asset(text=asset, actor=actor) if asset else None,
        party=find_on_record(text=holder, actor=actor) if holder else None,
        actor=actor,
        at=SESSION.at(),
    )
    _show(row, undecided=False)


def list_reviews() -> None:
    """The reviews you can see, open ones first."""
    rows: list[Any] = list(services.reviews(actor=SESSION.actor()))
    SESSION.show(
        [{**_values(row), "lines": row.lines_all, "undecided": row.lines_left} for row in rows],
        table(
            ("Reference", "Of", "Record of", "Opened", "Undecided", "Next", "State"),
            [
                (row.reference, row.scope, row.kept_by, moment(row.opened_at), f"{row.lines_left} of {row.lines_all}",
                 row.next_on or "", "open" if row.is_open else "closed")
                for row in rows
            ],
            empty="Nothing has been reviewed yet. `valetkey review open --party NAME` opens one.",
        ),
    )  # fmt: skip


def show(
    reference: Reference,
    undecided: Annotated[bool, typer.Option("--undecided", help="Only the lines that are not decided yet.")] = False,
) -> None:
    """Its lines as they were frozen, what was decided, and what is different from the review before."""
    _show(_find(reference), undecided=undecided)


def decide(
    reference: Reference,
    lines: Annotated[str, typer.Argument(metavar="LINES", help="A line's number, or several as 3-9.")],
    decision: Annotated[str, typer.Argument(help="keep, end, change, not_mine or let_it_end; or its first letter.")],
    note: Annotated[str, typer.Option("--note", help="What is to be different, or why.")] = "",
) -> None:
    """Decide on lines. It is kept at once, and may be decided otherwise until the review is closed."""
    row, actor, at = _find(reference), SESSION.actor(), SESSION.at()
    decided = [
        services.decide(line=one, decision=decision, note=note, actor=actor, at=at) for one in _lines(row, lines)
    ]
    found = services.progress(review=row)
    SESSION.show(
        {"decided": found.decided, "lines": [_line_values(one) for one in decided], "undecided": found.left},
        _table(decided),
        Text(f"{found.decided} of {found.count} decided."),
    )


def close(
    reference: Reference,
    next_on: Annotated[str, typer.Option("--next", metavar="DAY", help="When the same is reviewed again.")],
) -> None:
    """Make work of what was decided, once every line is. What is kept is looked at again on that day."""
    day = parse_day(next_on)
    row = services.close_review(review=_find(reference), next_on=day, actor=SESSION.actor(), at=SESSION.at())
    _show(row, undecided=False)


def _find(reference: str) -> Review:
    return services.find_review(text=reference, actor=SESSION.actor())


def _lines(row: Review, text: str) -> list[Line]:
    """All of them are found before the first is decided."""
    told = _LINES.fullmatch(text.strip())
    if told is None:
        raise Invalid("lines", f"“{text}” names no line.", "Name one as 3, or several as 3-9.")
    first, last = int(told[1]), int(told[2] or told[1])
    if last - first >= row.lines.count():
        raise Invalid("lines", f"{row} has fewer lines than that.", "Name one as 3, or several as 3-9.")
    return [services.find_line(review=row, number=number) for number in range(first, last + 1)]


def _show(row: Review, *, undecided: bool) -> None:
    found = services.progress(review=row)
    lines = list(row.lines.filter(decision="") if undecided else row.lines.all())
    lines.sort(key=lambda one: one.number)
    gone = [one.line for one in services.gone(review=row)]
    told = [
        f"{(each.person or each.party).name}: {each.role}, {each.surface.name} of {each.asset.name}" for each in gone
    ]
    more = [Text("\n".join([f"Gone since the last review: {len(gone)}.", *told]))] if gone else []
    SESSION.show(
        {
            **_values(row),
            "lines": [_line_values(one) for one in lines],
            "undecided": found.left,
            "gone": [each.reference for each in gone],
        },
        Text(f"{row.reference}  Review: {row.scope}", style="bold"),
        facts(_facts(row, found)),
        _table(lines),
        *more,
    )


def _table(lines: list[Line]) -> RenderableType:
    return table(
        ("Line", "Who", "Role", "Where", "Ends", "News", "Last time", "Decided"),
        [
            (one.number, said.person.name if said.person else said.party.name, said.role,
             f"{said.surface.name} of {said.asset.name}", _end(one), one.news, words(one.last_decision),
             words(one.decision) + (f": {one.note}" if one.note else ""))
            for one in lines for said in (one.line,)
        ],
        empty="Every line is decided.",
    )  # fmt: skip


def _end(one: Line) -> str:
    end = ending(one.line)
    return end if isinstance(end, str) else moment(end)


def _facts(row: Review, found: services.Progress) -> list[tuple[str, str]]:
    pairs = [
        ("record of", str(row.kept_by)),
        ("opened", f"{moment(row.opened_at)} by {row.opened_by}"),
        ("closed", f"{moment(row.closed_at)} by {row.closed_by}" if row.closed_at else ""),
        ("next", str(row.next_on or "")),
        ("decided", f"{found.decided} of {found.count}"),
        *((words(each), str(count)) for each, count in found.by_decision.items()),
        ("work", _work(row)),
        ("last review", str(row.previous or "")),
    ]
    return [each for each in pairs if each[1]]


def _work(row: Review) -> str:
    return row.lines.exclude(work="").values_list("work", flat=True).first() or ""


def _values(row: Review) -> dict[str, Any]:
    return {
        "reference": row.reference,
        "scope": row.scope,
        "party": row.kept_by.name,
        "asset": row.asset.reference if row.asset else None,
        "holder": row.party.reference if row.party else None,
        "opened_at": row.opened_at,
        "opened_by": row.opened_by,
        "previous": row.previous.reference if row.previous else None,
        "closed_at": row.closed_at,
        "closed_by": row.closed_by or None,
        "next_on": row.next_on,
        "work": _work(row) or None,
    }


def _line_values(one: Line) -> dict[str, Any]:
    said = one.line
    return {
        "line": one.number,
        "access": said.reference,
        "person": said.person.name if said.person else None,
        "party": said.party.name,
        "role": said.role,
        "surface": said.surface.name,
        "asset": said.asset.name,
        "ends": ending(said),
        "news": one.news or None,
        "changed": [{"what": each.label, "from": each.before, "to": each.after} for each in one.differences],
        "last_decision": one.last_decision or None,
        "decision": one.decision or None,
        "note": one.note or None,
        "decided_by": one.decided_by or None,
        "decided_at": one.decided_at,
        "work": one.work or None,
    }
