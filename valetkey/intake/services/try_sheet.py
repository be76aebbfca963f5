"""Try a sheet: every row gets a verdict and a reason, and nothing but the try itself is written."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Final

from django.conf import settings

from valetkey import credential
from valetkey.accounts.models import Party
from valetkey.accounts.services import require_hand
from valetkey.audit.entry import Actor
from valetkey.audit.services import record, writing
from valetkey.authorizations.code_text import QUOTES
from valetkey.errors import Conflict, Invalid
from valetkey.intake import columns
from valetkey.intake.models import Batch, Row
from valetkey.intake.services.on_record import read_known
from valetkey.intake.sheet import Sheet, read
from valetkey.intake.verdict import Given, Judged, Verdict, digest_of, judge
from valetkey.lookalikes import fold
from valetkey.text import line

_CHUNK: Final = 500
_NOT_KEPT: Final = "(not kept)"
_LONGEST_NAME: Final = 200
_AROUND: Final = "".join(QUOTES) + ".,;()"
_CODE: Final = re.compile(r"#[A-Za-z0-9+/_-]{16,}={0,2}")
_BARE_CODE: Final = re.compile(r"(?=.*[+=])[A-Za-z0-9+/_-]{16,}={0,2}")
_PLAIN: Final = re.compile(r"[A-Za-z]{1,20}|[^\s@:=]+@[^\s@:=]+\.[a-z]{2,}|\d{1,4}[./-]\d{1,2}[./-]\d{1,4}")
"""One word, a mail address, a day: nothing is to be looked for in them, and a sheet is full of them."""


def try_sheet(
    *,
    kept_by: Party,
    content: bytes,
    name: str,
    mapping: Mapping[str, str] | None = None,
    day_first: bool | None = None,
    actor: Actor,
    at: datetime,
) -> Batch:
    """A dry run. `mapping`: the name or number of a column → what it says, where the desk cannot tell; what somebody
    said of the same columns before is remembered. Refuses what is no sheet, or too large.
    """
    require_hand(actor, kept_by)
    name = line(name or "pasted", what="The sheet's name", longest=_LONGEST_NAME)
    sheets = read(content)
    sheet, head = _headed(sheets, tuple(mapping or ()))
    names, rows = _kept_names(head.names), _kept(sheet, head)
    if not rows:
        raise Invalid("sheet_empty", "Below the names of its columns, this sheet is empty.", "Is it the right one?")
    batch = Batch(
        kept_by=kept_by, name=name, digest=_digest(names, rows), header=names,
        header_mark=_mark(names), day_first=day_first, zone=settings.VALETKEY_TIME_ZONE, tried_at=at,
        tried_by=actor.name[:_LONGEST_NAME], told=_about(sheets, sheet, head, names),
    )  # fmt: skip
    batch.mapping, batch.is_corrected = _remembered(batch) or columns.mapped(names), False
    if mapping:
        batch.mapping, batch.is_corrected = columns.corrected(names, batch.mapping, mapping), True
    with writing():
        judged = judged_now(batch, rows)
        batch.told += _carried_out_before(batch)
        batch.save()
        for place in range(0, len(rows), _CHUNK):
            Row.objects.bulk_create(
                Row(batch=batch, number=row.number, cells=list(row.cells), verdict=each.verdict, reason=each.reason)
                for row, each in zip(rows[place : place + _CHUNK], judged[place : place + _CHUNK], strict=True)
            )
        tell("intake.tried", batch, actor, at)
    return batch


def map_columns(
    *, batch: Batch, mapping: Mapping[str, str], day_first: bool | None = None, actor: Actor, at: datetime
) -> Batch:
    """Say what columns are, and which of day and month comes first; the rows are judged anew. Remembered for the next
    sheet with these columns. Raises Conflict once it is carried out.
    """
    require_hand(actor, batch.kept_by)
    with writing():
        row = untouched(batch)
        fields = columns.corrected(row.header, row.mapping, mapping)
        row.is_corrected = row.is_corrected or fields != row.mapping
        row.mapping, row.day_first = fields, day_first
        judge_anew(row)
        tell("intake.mapped", row, actor, at)
    return row


def judged_now(batch: Batch, rows: Sequence[Given]) -> list[Judged]:
    """By the record as it is now; the batch notes how many of each and what it would do."""
    judged = list(judge(rows, batch.way, read_known(batch, rows)))
    counts = Counter(each.verdict for each in judged)
    batch.counts = {verdict.value: counts[verdict] for verdict in Verdict}
    batch.plan = digest_of(judged)
    return judged


def judge_anew(batch: Batch) -> None:
    """In the caller's transaction: every row, and the batch, as a try would have them now."""
    rows = list(batch.rows.order_by("number"))
    for row, each in zip(rows, judged_now(batch, [row.given for row in rows]), strict=True):
        row.verdict, row.reason = each.verdict, each.reason
    Row.objects.bulk_update(rows, ["verdict", "reason"], batch_size=_CHUNK)
    batch.save()


def untouched(batch: Batch) -> Batch:
    """Inside the writing transaction. Raises Conflict where it is done, or was undone."""
    row = Batch.objects.select_related("kept_by").get(pk=batch.pk)
    if row.state != Batch.State.TRIED:
        raise Conflict("intake_over", "This sheet was carried out already.", "Try it again as a new one.")
    return row


def tell(event: str, batch: Batch, actor: Actor, at: datetime, **more: object) -> None:
    detail = {"name": batch.name, "kept_by": batch.kept_by.name, "rows": sum(batch.counts.values()), **batch.counts}
    record(event=event, subject=batch.subject, actor=actor, at=at, detail={**detail, **more})


def _headed(sheets: Sequence[Sheet], named: Sequence[str]) -> tuple[Sheet, columns.Head]:
    """The first tab in which names of columns are found."""
    heads = [(sheet, columns.head_of(sheet.lines, named=named)) for sheet in sheets]
    return next((each for each in heads if each[1].is_found), heads[0])


def _about(sheets: Sequence[Sheet], sheet: Sheet, head: columns.Head, names: Sequence[str]) -> list[str]:
    told = []
    number = sheet.lines[head.line].number
    if not head.is_found:
        told.append(f"No names of columns were recognized, so row {number} was taken for them. Say what each is.")
    elif number > 1:
        told.append(f"The names of the columns were found in row {number}; what stands above was left out.")
    others = _kept_names(each.name for each in sheets if each is not sheet)
    if others:
        told.append(f"Read was the tab “{_kept_names([sheet.name])[0]}”. Not read: {', '.join(others)[:300]}.")
    for place, why in columns.not_kept(head.names).items():
        told.append(f"Nothing of column {place + 1} was kept: {why}.")
    return told


def _kept_names(names: Iterable[str]) -> list[str]:
    return [_NOT_KEPT if _is_secret(name) else " ".join(name.split())[:100] for name in names]


def _kept(sheet: Sheet, head: columns.Head) -> list[Given]:
    hidden = columns.not_kept(head.names)
    find = cache(_is_secret)  # the same role and asset stand in many rows
    return [
        Given(
            row.number,
            tuple(
                "" if place in hidden else None if text and find(text) else text
                for place, text in enumerate(row.cells)
            ),
        )
        for row in sheet.lines[head.line + 1 :]
    ]  # fmt: skip


def _is_secret(text: str) -> bool:
    if _PLAIN.fullmatch(text):
        return False
    if credential.find(text) is not None:
        return True
    plain = fold(text)
    words = plain.split()
    # Spaces may have slipped into it on its way.
    is_one = plain.startswith("#") and plain.endswith("=")
    return any(map(_is_code, words)) or (is_one and _is_code("".join(words)))


def _is_code(word: str) -> bool:
    """Long, of mixed letters and digits, and with a sign that names have not: what people copy as a code, also with
    what it is called before it, as “code:#…”. Behind the # of a link there is none.
    """
    word = word.strip(_AROUND)
    found = _BARE_CODE.fullmatch(word) or (_CODE.search(word) if "://" not in word else None)
    kinds = (str.isupper, str.islower, str.isdigit)
    return found is not None and all(any(map(kind, found[0])) for kind in kinds)


def _digest(names: Sequence[str], rows: Sequence[Given]) -> str:
    """Of what is kept. That of the file would tell whoever tries passwords which of them stood in it."""
    return hashlib.sha256(repr((tuple(names), tuple(rows))).encode()).hexdigest()


def _carried_out_before(batch: Batch) -> list[str]:
    same = Batch.objects.filter(kept_by=batch.kept_by, digest=batch.digest, state=Batch.State.DONE).order_by("-pk")
    return [f"A sheet with just these rows was carried out before: {row.reference}." for row in same[:1]]


def _mark(names: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(map(columns.plain, names)).encode()).hexdigest()


def _remembered(batch: Batch) -> list[str] | None:
    """What somebody said of the same columns the last time, for this party's record."""
    last = Batch.objects.filter(kept_by=batch.kept_by, header_mark=batch.header_mark, is_corrected=True)
    mapping = last.order_by("-pk").values_list("mapping", flat=True).first()
    return list(mapping) if mapping else None
