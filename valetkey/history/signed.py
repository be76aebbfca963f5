"""A range of the history as a file that anybody can check without Valetkey: JSON lines, the last one a signature.

docs/history.md is the description of the format, docs/verify_history.py the program that checks it. Entries stand in
it byte for byte as they were digested. What was altered in the database stands in it as altered, so that it is found.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import BinaryIO, Final

from valetkey.accounts.services import require_reader
from valetkey.audit.entry import FIRST_DIGEST, Actor, canonical
from valetkey.audit.models import Entry, SigningKey
from valetkey.audit.services import Verdict, entries, record, verify, writing
from valetkey.audit.signing import SUBJECT, fingerprint, sign, signing_key
from valetkey.errors import Invalid
from valetkey.register.days import end_of_day, start_of_day

FORMAT: Final = "valetkey-history/1"
_UNREADABLE: Final = (ValueError, TypeError, AttributeError)


@dataclass(frozen=True)
class Exported:
    """`first` and `last`: the entries in it. `head`: of the whole history at that moment. `fault`: see `verify`."""

    first: int
    last: int
    head: str
    fault: str
    fingerprint: str


def export_history(
    *,
    to: BinaryIO,
    desk: str,
    first: int | date | None = None,
    last: int | date | None = None,
    time_zone: str = "UTC",
    actor: Actor,
    at: datetime,
) -> Exported:
    """Written to `to`, which must be a new file open for writing and reading. For the readers of the whole desk.

    `first` and `last`: numbers of entries, or days of `time_zone`, both included. `desk`: its address. That it was done
    is an entry of its own, made first, so that the export holds it too. Refuses a range with nothing in it.
    """
    require_reader(actor)
    from_, until = _first(first, time_zone), _last(last, time_zone)
    _refuse_nothing(from_, until)
    key = signing_key(actor=actor, at=at)
    with writing():
        detail: dict[str, object] = {"from": str(first or 1), "to": str(last or "the newest line")}
        record(event="desk.history.exported", subject=SUBJECT, actor=actor, at=at, detail=detail)
    verdict = verify()
    newest = Entry.objects.order_by("-seq").values_list("seq", "digest")[0]
    until = min(until or newest[0], newest[0])
    header = _header(desk, key, verdict, newest, (from_, until), at)
    to.write(_json(header))
    for line in _lines(from_, until):
        to.write(line)
    to.seek(0)
    signature = sign(key, to.read())
    to.write(_json({"signature": signature}))
    return Exported(from_, until, newest[1], verdict.fault, fingerprint(key))


def _header(
    desk: str, key: SigningKey, verdict: Verdict, newest: tuple[int, str], between: tuple[int, int], at: datetime
) -> dict[str, object]:
    before = Entry.objects.filter(seq__lt=between[0]).order_by("-seq").values_list("digest", flat=True).first()
    return {
        "format": FORMAT,
        "desk": desk,
        "exported_at": at.astimezone(UTC).isoformat(timespec="microseconds"),
        "first": between[0],
        "last": between[1],
        "previous": before or FIRST_DIGEST,
        "head": {"seq": newest[0], "digest": newest[1]},
        "verified": {"holds": verdict.holds, "entries": verdict.entries, "fault": verdict.fault},
        "key": {"algorithm": "Ed25519", "public": key.public, "fingerprint": fingerprint(key)},
    }


def _lines(first: int, last: int) -> Iterator[bytes]:
    for number, entry in enumerate(entries(first=first), first):
        if entry is None:
            yield _json({"unreadable": number})
            return
        if entry.seq > last:
            return
        try:
            own = canonical(entry.seq, str(entry.previous), entry.draft())
        except _UNREADABLE:
            yield _json({"unreadable": entry.seq})
            continue
        yield f'{{"digest":{json.dumps(entry.digest)},"entry":{own}}}\n'.encode(errors="surrogatepass")


def _json(value: dict[str, object]) -> bytes:
    return (json.dumps(value, separators=(",", ":"), ensure_ascii=False) + "\n").encode()


def _first(given: int | date | None, time_zone: str) -> int:
    if isinstance(given, date):
        starts_at = start_of_day(given, time_zone)
        found = Entry.objects.filter(at__gte=starts_at).order_by("seq").values_list("seq", flat=True).first()
        return found or _beyond()
    return given or 1


def _last(given: int | date | None, time_zone: str) -> int | None:
    if isinstance(given, date):
        ends_at = end_of_day(given, time_zone)
        return Entry.objects.filter(at__lt=ends_at).order_by("-seq").values_list("seq", flat=True).first() or 0
    return given


def _beyond() -> int:
    return (Entry.objects.order_by("-seq").values_list("seq", flat=True).first() or 0) + 1


def _refuse_nothing(first: int, last: int | None) -> None:
    held = Entry.objects.filter(seq__gte=first)
    if not (held if last is None else held.filter(seq__lte=last)).exists():
        raise Invalid("empty_range", "There is no line of the history in this range.", "Look at both ends of it.")
