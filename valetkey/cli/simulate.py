"""`valetkey simulate`: a made-up agency day by day, and whether the desk told of everything in time."""

from __future__ import annotations

import sys
from dataclasses import asdict
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import RenderableType
from rich.text import Text

from valetkey.cli import answer
from valetkey.cli.answer import facts, table
from valetkey.cli.seed import Size, day_of, enter_empty, tell_progress
from valetkey.cli.session import SESSION
from valetkey.cli.views import moment
from valetkey.seed.agency import agency
from valetkey.seed.held import Loss
from valetkey.seed.simulate import Simulated
from valetkey.seed.simulate import simulate as play_and_ask


def simulate(
    desk: Annotated[
        Path | None, typer.Option("--desk", help="A new folder for it; without one, this desk, if it is empty.")
    ] = None,
    days: Annotated[int, typer.Option("--days", min=8, max=700, help="How many, the last of two years.")] = 400,
    until: Annotated[
        str | None, typer.Option("--until", metavar="DAY", help="The day after the last one; else today.")
    ] = None,
    size: Annotated[Size, typer.Option("--size", help="As of `seed agency`.")] = Size.SMALL,
    seed: Annotated[int, typer.Option("--seed", help="Another number makes another agency; the same, the same.")] = 1,
) -> None:
    """Play a made-up agency day by day with sweeps and notices, and ask whether everything was told in time."""
    last = day_of(until)
    host = enter_empty(desk)
    end = datetime.combine(last, time(), tzinfo=UTC)
    made = agency(until=last, size=size.value, seed=seed)
    first = end - timedelta(days=days)
    found = play_and_ask(made, first=first, until=end, seed=seed, host=host, told=tell_progress)
    SESSION.show(_values(found), *_parts(found, days))
    if not found.holds:
        sys.stdout.flush()
        raise typer.Exit(answer.BROKEN)


def _values(found: Simulated) -> dict[str, Any]:
    return {
        "holds": found.holds,
        "first": found.first,
        "until": found.until,
        "sweeps": found.sweeps,
        "losses": [
            {**asdict(each), "days_ahead": each.days_ahead, "how": _how(each)}
            for each in found.losses
        ],
        "rules": [asdict(each) for each in found.rules],
        "unwarned": found.unwarned,
        "notices": found.notices,
        "mails": found.mails,
        "most_mails_a_day": found.most_a_day,
        "repeated": found.repeated,
        "to_leavers": found.to_leavers,
        "seconds": found.took,
    }  # fmt: skip


def _how(loss: Loss) -> str:
    if loss.is_told_in_time:
        return "told in time"
    return "told at once" if loss.is_told_at_once else "not told in time"


def _parts(found: Simulated, days: int) -> list[RenderableType]:
    in_time = sum(each.is_told_in_time for each in found.losses)
    at_once = sum(each.is_told_at_once and not each.is_told_in_time for each in found.losses)
    return [
        Text(f"{days} days until {moment(found.until)}, {found.sweeps:,} sweeps, {found.took:,.1f} seconds."),
        table(
            ("Ended", "How", "Campaign", "Code", "Told by", "Days before", ""),
            [_row(each) for each in found.losses],
            empty="No campaign lost its authorization.",
        ),
        table(
            ("Rule", "Opened", "Came back", "Closed"),
            [(each.rule, each.opened, each.reopened, each.closed) for each in found.rules],
            empty="No finding was opened.",
        ),
        facts(
            [
                ("Campaigns", f"{len(found.losses)} lost their authorization while they ran"),
                ("  in time", f"{in_time} told 7 days before or earlier"),
                ("  at once", f"{at_once} known less than 7 days before, told by the next sweep"),
                ("  not told", f"{found.unwarned}"),
                (
                    "Notices",
                    f"{found.notices:,}, and {found.mails:,} mails; {found.most_a_day} a day to one person at most",
                ),
                ("Repeated", f"{found.repeated}"),
                ("To leavers", f"{found.to_leavers}"),
            ]
        ),
        Text("All of it holds." if found.holds else "Not all of it holds."),
    ]


def _row(loss: Loss) -> tuple[object, ...]:
    why = "asked to end" if loss.is_early_end else "ran out"
    note = "" if loss.is_told_in_time else f"{_how(loss)}; known since {moment(loss.known_at)}"
    ahead = "" if loss.days_ahead is None else f"{loss.days_ahead:.1f}"
    return moment(loss.at), why, loss.campaign, loss.authorization, loss.rule, ahead, note
