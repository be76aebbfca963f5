"""`valetkey seed agency`: a made-up agency with two years behind it, to look around in and to measure."""

from __future__ import annotations

import signal
import sys
from dataclasses import asdict
from datetime import UTC, date, datetime, time
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import typer
from django.conf import settings
from rich.markup import escape

from valetkey.audit.entry import Actor
from valetkey.cli import demo, scenes
from valetkey.cli.prepare import prepare_embedded
from valetkey.cli.session import SESSION, parse_day
from valetkey.errors import Conflict, Invalid
from valetkey.export.services import refuse_filled
from valetkey.seed.agency import agency as made_up
from valetkey.seed.play import play

_STEP: Final = 100
"""Acts between two words of how far it is."""


class Size(StrEnum):
    FULL = "full"
    SMALL = "small"
    TINY = "tiny"


def agency(
    desk: Annotated[
        Path | None, typer.Option("--desk", help="A new folder for it; without one, this desk, if it is empty.")
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", metavar="DAY", help="Everything lies before this day; else before today.")
    ] = None,
    size: Annotated[Size, typer.Option("--size", help="Full: 60 people, 9000 accesses, 3000 authorizations.")] = (
        Size.FULL
    ),
    seed: Annotated[int, typer.Option("--seed", help="Another number makes another agency; the same, the same.")] = 1,
) -> None:
    """Fill an empty desk with a made-up agency: people, brands, creators, access and codes of two years."""
    day = day_of(until)
    host = enter_empty(desk)
    told = made_up(until=day, size=size.value, seed=seed)
    play(told, seed=seed, host=host, told=tell_progress)
    now = datetime.combine(day, time(), tzinfo=UTC)
    found = scenes.keep_sign_ins(
        scenes.let_in("manager", told.head, "who runs the agency", now),
        scenes.let_in("member", told.member, "one of its people", now),
        scenes.let_in("creator", told.creator, "one of the creators", now),
        scenes.let_in("admin", told.admin, "who hosts the desk", now),
    )
    home = settings.VALETKEY_HOME
    SESSION.show(
        {
            "desk": str(home),
            "until": day.isoformat(),
            "acts": len(told.acts),
            "sign_ins": [asdict(one) for one in found],
        },
        f"A made-up agency is in {escape(str(home))}: {len(told.acts)} things that were done before {day}.",
        "Nobody in it exists. Sign in as:",
        *(f"  {one.who:<8} {escape(one.mail)}  {one.password}   {escape(one.what)}" for one in found),
    )


def day_of(text: str | None) -> date:
    """Today, where none is named. Raises Invalid for one that is to come."""
    today = SESSION.at().date()
    day = parse_day(text) if text is not None else today
    if day > today:
        raise Invalid(
            "until_to_come", f"{day} is to come, and nothing has been done by then.", "Choose an earlier day."
        )
    return day


def enter_empty(desk: Path | None) -> Actor:
    """Go into a new folder, or stay at this desk, which must hold nothing yet, and mark it as made up; who keeps it.

    Raises Conflict where something is there.
    """
    if desk is not None and not demo.is_inside():
        _refuse_used(desk.absolute())
        demo.enter(desk)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    prepare_embedded()
    host = SESSION.actor()
    refuse_filled()
    (settings.VALETKEY_HOME / demo.MARK).touch()
    return host


def _refuse_used(home: Path) -> None:
    if home.exists() and any(home.iterdir()):
        raise Conflict("folder_not_empty", f"There is something in {home} already.", "Name a new folder.")


def tell_progress(done: int, of: int, at: datetime) -> None:
    """One line that is written over; none for a program."""
    if sys.stderr.isatty() and (done % _STEP == 0 or done == of):
        sys.stderr.write(f"\r{at:%Y-%m-%d}  {done * 100 // of:>3} %" + ("\n" if done == of else ""))
        sys.stderr.flush()
