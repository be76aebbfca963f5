"""`valetkey sweep`: what the worker does every hour, now; or what it would say at any time, with nothing written."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.console import RenderableType
from rich.text import Text

from valetkey.cli.answer import table
from valetkey.cli.session import SESSION
from valetkey.cli.views import moment
from valetkey.findings import services
from valetkey.findings.services import Changed, Swept


def sweep(
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Write nothing and ask nobody: only tell. With --at, what will be said then."),
    ] = False,
    no_look: Annotated[bool, typer.Option("--no-look", help="Ask no platform, only the record.")] = False,
) -> None:
    """Look at the platform where that was long ago, note what is over, open and close findings."""
    swept = services.sweep(actor=SESSION.actor(), at=SESSION.at(), dry_run=dry_run, look=not no_look)
    SESSION.show(_values(swept), *_parts(swept))


def _values(swept: Swept) -> dict[str, Any]:
    seen = swept.seen
    return {
        "at": swept.at,
        "dry_run": swept.is_dry_run,
        "looked": seen.looked,
        "not_seen": [
            {"authorization": each.reference, "code": each.code, "sentence": each.sentence} for each in seen.not_seen
        ],
        "left_alone": list(seen.left_alone),
        "expired": swept.expired,
        "judged": swept.judged,
        "open": swept.open,
        **{what.value: count for what, count in swept.counts.items()},
        "changes": [_change_values(each) for each in swept.changes],
    }


def _change_values(each: Changed) -> dict[str, Any]:
    return {
        "what": each.what.value,
        "finding": each.reference or None,
        "rule": each.rule,
        "about": each.about.value,
        "subject": each.of,
        "party": each.party,
        "severity": each.severity.name.lower(),
        "sentence": each.sentence,
    }


def _parts(swept: Swept) -> list[RenderableType]:
    parts: list[RenderableType] = [Text(_headline(swept))]
    for each in swept.seen.not_seen:
        parts.append(Text(f"Not looked at: {each.reference}. {each.sentence}"))
    if swept.seen.left_alone:
        parts.append(Text(f"Left alone until the next sweep: {', '.join(swept.seen.left_alone)}."))
    if swept.changes:
        rows = [
            (each.what.value, each.severity.name.lower(), each.reference, each.party, each.sentence)
            for each in swept.changes
        ]
        parts.append(table(("What", "How pressing", "Finding", "Told to", "Sentence"), rows, empty=""))
    left = sum(swept.counts.values()) - len(swept.changes)
    return [*parts, Text(f"And {left:,} more.")] if left > 0 else parts


def _headline(swept: Swept) -> str:
    done = ", ".join(f"{count:,} {what.value}" for what, count in swept.counts.items() if count) or "nothing changed"
    if swept.is_dry_run:
        return f"At {moment(swept.at)}, by the record of now: {swept.open:,} open; {done}. Nothing was written."
    is_asked = swept.seen.looked or swept.seen.not_seen
    looked = f"{swept.seen.looked:,} looked at" if is_asked else "the platform was not asked"
    over = f", {swept.expired:,} over by the clock" if swept.expired else ""
    return f"{swept.judged:,} judged, {looked}{over}: {done}. {swept.open:,} open."
