"""Commands that read the history, check it, and make signed files of it that others can check."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from django.conf import settings
from rich.text import Text

from valetkey.accounts.services import require_reader
from valetkey.audit.services import verify
from valetkey.audit.signing import fingerprint, pem, signing_key
from valetkey.cli.answer import BROKEN
from valetkey.cli.session import SESSION, parse_day
from valetkey.cli.views import entry_table, entry_values
from valetkey.errors import Invalid
from valetkey.export.services import whole
from valetkey.history.services import Narrowed, read_about, read_history
from valetkey.history.signed import export_history
from valetkey.history.subjects import SUBJECTS

_LIMIT = 100


def history(
    reference: Annotated[
        str, typer.Argument(metavar="[REFERENCE]", help="What it is about: an authorization, a person, an asset, …")
    ] = "",
    kind: Annotated[str, typer.Option("--kind", help=f"Everything of a kind: {', '.join(SUBJECTS)}.")] = "",
    person: Annotated[str, typer.Option("--person", metavar="NAME", help="Who did it: a part of the name.")] = "",
    first_day: Annotated[str, typer.Option("--from", metavar="DAY", help="Not before this day.")] = "",
    last_day: Annotated[str, typer.Option("--to", metavar="DAY", help="Not after this day.")] = "",
    limit: Annotated[int, typer.Option("--limit", min=1, max=10_000, help="The newest of them.")] = _LIMIT,
) -> None:
    """What happened, oldest first: of one thing and all that is about it, or of the whole desk for its readers."""
    actor = SESSION.actor()
    narrowed = Narrowed(
        person=person,
        first_day=parse_day(first_day) if first_day else None,
        last_day=parse_day(last_day) if last_day else None,
        time_zone=settings.VALETKEY_TIME_ZONE,
        size=limit,
    )
    if reference and kind:
        raise Invalid("two_filters", "A reference is of one kind already.", "Leave --kind out.")
    if kind and kind not in SUBJECTS:
        raise Invalid("kind", f"“{kind}” is no kind of thing.", f"Use one of {', '.join(SUBJECTS)}.")
    if reference:
        lines = read_about(reference=reference, narrowed=narrowed, actor=actor).lines
    else:
        lines = read_history(about=kind, narrowed=narrowed, actor=actor)
    entries = lines.entries[::-1]
    notes = [f"These are the newest {limit}; --limit shows more."] if lines.before else []
    SESSION.show([entry_values(entry) for entry in entries], entry_table(entries), *notes)


def audit_verify(
    head: Annotated[str, typer.Option("--head", help="A head you noted earlier; it must still be in the chain.")] = "",
) -> None:
    """Read the whole history and check that nothing was altered, removed or put in between."""
    head = head.strip().lower()
    if head and not re.fullmatch("[0-9a-f]{64}", head):
        raise Invalid("head", "This is no head of a history.", "Give all 64 characters, as `audit verify` showed them.")
    require_reader(SESSION.actor())
    verdict = verify(known_head=head)
    values = {"holds": verdict.holds, "entries": verdict.entries, "head": verdict.head, "fault": verdict.fault or None}
    if verdict.holds:
        SESSION.show(values, f"{verdict.entries} entries, every one as it was written.", f"head {verdict.head}")
        return
    SESSION.show(values, Text(f"The history does not hold. {verdict.fault}"), "Keep this desk as it is, and ask why.")
    raise typer.Exit(BROKEN)


def audit_export(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A new file to write.")],
    first: Annotated[str, typer.Option("--from", metavar="NUMBER|DAY", help="From this line or day on.")] = "",
    last: Annotated[str, typer.Option("--to", metavar="NUMBER|DAY", help="Up to this line or day.")] = "",
) -> None:
    """Write the history, or a part of it, to a signed file that anybody can check without Valetkey."""
    actor, at = SESSION.actor(), SESSION.at()
    require_reader(actor)
    with whole(file) as draft, draft.open("w+b") as stream:
        made = export_history(
            to=stream,
            desk=settings.VALETKEY_URL,
            first=_end(first),
            last=_end(last),
            time_zone=settings.VALETKEY_TIME_ZONE,
            actor=actor,
            at=at,
        )
    values = {
        "file": str(file), "first": made.first, "last": made.last, "head": made.head, "fault": made.fault or None,
        "fingerprint": made.fingerprint,
    }  # fmt: skip
    told = [
        f"Lines {made.first} to {made.last} are in {file}, signed.",
        f"head {made.head}",
        f"key {made.fingerprint}",
        "docs/verify_history.py checks it without this desk; give whoever checks it the key in another way.",
    ]
    if made.fault:
        told.insert(0, f"The history does not hold, and the file says so: {made.fault}")
    SESSION.show(values, *(Text(line) for line in told))
    if made.fault:
        raise typer.Exit(BROKEN)


def audit_key() -> None:
    """Show the public key that exports of the history are signed with; it is made when it is first needed."""
    actor = SESSION.actor()
    require_reader(actor)
    key = signing_key(actor=actor, at=SESSION.at())
    values = {"public_key": pem(key), "fingerprint": fingerprint(key), "made_at": key.made_at}
    SESSION.show(values, Text(pem(key).rstrip()), f"fingerprint {fingerprint(key)}")


def _end(text: str) -> int | date | None:
    """A line's number, or a day."""
    text = text.strip()
    if text.isascii() and text.isdigit() and len(text) < 16:
        return int(text)
    return parse_day(text) if text else None
