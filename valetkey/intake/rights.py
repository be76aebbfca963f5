"""PURE. The access that a row tells of, beside those that are open on the same list: new, changed, or there already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import Any, Final

from valetkey.intake.acts import Cells, Do, Draft
from valetkey.intake.columns import Field
from valetkey.intake.known import Access, Asset, Party, Person, Surface, same
from valetkey.intake.values import NEVER, UNKNOWN, Moment, end_words, start_words

_TEXTS = (
    ("purpose", Field.PURPOSE, "What it is for", 300),
    ("basis", Field.BASIS, "What it rests on", 200),
)
_LONG_TEXTS = (("removal", Field.REMOVAL, "How to remove it", 1000), ("note", Field.NOTE, "The note", 2000))
_MOST: Final = 50
"""Of one role on one list: whoever has more open at once is no row to add to unseen."""
_NAMED: Final = 3


def right_of(
    cells: Cells,
    person: Person | None,
    company: Party | None,
    asset: Asset | None,
    surface: Surface | None,
    owner: Person | None,
    draft: Draft,
) -> None:
    role = cells.line(Field.ROLE, "The role", 100)
    since, until = _starts(cells), _ends(cells)
    told = _told(cells, owner)
    if draft.doubts or draft.faults:
        return
    _ask_for_missing(cells, role, person or company, surface, draft)
    if draft.doubts or asset is None or surface is None or (person is None and company is None):
        return
    holder = person.party if person else (company or draft.known.keeper).reference
    beside = draft.known.accesses(surface.reference, holder, person.reference if person else "")
    same_role = beside.get(same(role), [])
    who = person.name if person else draft.known.name(holder)
    where = f"{surface.name} of {asset.name}"
    if len(same_role) >= _MOST:
        draft.look(f"{who} has {len(same_role)} open accesses as {role} on {where} already. End those that are over.")
        return
    found = _this(same_role, since, until)
    if len(found) > 1:
        draft.look(f"{who} has {len(found)} open accesses as {role} on {where}. Say since when, as the record does.")
    elif found:
        _update(found[0], since, until, told, f"{who} as {role} on {where}", draft)
    else:
        _open(
            surface,
            holder,
            person,
            role,
            since,
            until,
            told,
            f"{who} on “{surface.name}” of {asset.name} as {role}",
            beside,
            draft,
        )


_Start = tuple[Moment | None]
"""What the row says of the start: a moment, or that nobody knows."""
_End = tuple[str, Moment | None]
"""And of the end: at with a moment, none, unknown."""


def _starts(cells: Cells) -> _Start | None:
    if not cells[Field.SINCE]:
        return None
    if same(cells[Field.SINCE]) in UNKNOWN:
        return (None,)
    return (cells.moment(Field.SINCE),)


def _ends(cells: Cells) -> _End | None:
    text = same(cells[Field.UNTIL])
    if not text:
        return None
    if text in NEVER:
        return "none", None
    if text in UNKNOWN:
        return "unknown", None
    return "at", cells.moment(Field.UNTIL)


def _told(cells: Cells, owner: Person | None) -> dict[str, Any]:
    told: dict[str, Any] = {name: cells.line(field, what, longest) for name, field, what, longest in _TEXTS}
    told |= {name: cells.text(field, what, longest) for name, field, what, longest in _LONG_TEXTS}
    told |= {"owner": owner.reference if owner else "", "review_on": cells.day(Field.REVIEW_ON)}
    return {name: value for name, value in told.items() if value}


def _ask_for_missing(
    cells: Cells, role: str, who: Person | Party | None, surface: Surface | None, draft: Draft
) -> None:
    if not role:
        draft.look("It names no role.")
    if who is None:
        draft.look("It names nobody who would have this access.")
    if surface is None and cells[Field.ASSET] + cells[Field.ASSET_ID]:
        draft.look("It names no list of access on that asset, such as people or partners.")
    elif surface is None:
        draft.look("It names a role, but not on which asset and list.")


def _this(open_ones: list[Access], since: _Start | None, until: _End | None) -> list[Access]:
    """Those that the row may mean. One that begins when the other is over is a new one: a renewal."""
    exact = [each for each in open_ones if _same_start(since, each.since) and _same_end(until, each)]
    if len(exact) == 1:
        return exact
    from_then = [each for each in open_ones if since is not None and _same_start(since, each.since)]
    if len(from_then) == 1:
        return from_then
    begins = since[0].starts_at if since and since[0] else None
    return [each for each in open_ones if not (begins and each.until and begins >= each.until)]


def _same_start(since: _Start | None, at: datetime | None) -> bool:
    if since is None:
        return True
    return since[0].is_start(at) if since[0] else at is None


def _same_end(until: _End | None, access: Access) -> bool:
    if until is None:
        return True
    return until[0] == access.end and (until[1] is None or until[1].is_end(access.until))


def _update(
    access: Access, since: _Start | None, until: _End | None, told: dict[str, Any], what: str, draft: Draft
) -> None:
    changes = {name: value for name, value in told.items() if getattr(access, name) != value}
    if since is not None and not _same_start(since, access.since):
        changes["since"] = since[0].starts_at if since[0] else None
    if until is not None and not _same_end(until, access):
        changes |= {"end": until[0], "until": until[1].ends_at if until[1] else None}
    if not changes:
        return
    if access.is_kept_in_step and set(changes) - {"purpose", "review_on", "removal", "note"}:
        draft.look(f"{what}: an authorization gives this access, and says since and until when.")
        return
    after = replace(access, **changes)
    if _is_backwards(after, draft):
        return

    def then() -> None:
        for name, value in changes.items():
            setattr(access, name, value)

    said = "; ".join(_change(name, access, after, draft) for name in changes if name != "end" or "until" not in changes)
    draft.do(Do.CHANGE_ACCESS, access.reference, f"{what}: {said}.", then, **changes)


def _open(
    surface: Surface, holder: str, person: Person | None, role: str, since: _Start | None, until: _End | None,
    told: dict[str, Any], what: str, beside: Mapping[str, list[Access]], draft: Draft,
) -> None:  # fmt: skip
    """Without a word about its end, nobody knows when it ends; that is not “never”."""
    end, ends = until or ("unknown", None)
    row = Access(
        draft.new("access"), surface.reference, holder, person.reference if person else "", role,
        since[0].starts_at if since and since[0] else None, end, ends.ends_at if ends else None, **told,
    )  # fmt: skip
    if _is_backwards(row, draft):
        return
    also = _also(beside, role)
    names = ("role", "since", "end", "until", "purpose", "basis", "owner", "review_on", "removal", "note")
    draft.do(
        Do.OPEN_ACCESS, row.reference, f"Puts {what}, {_ending(row, draft.zone)}.{also}",
        lambda: draft.known.add_access(row),
        surface=row.surface, holder=holder, person=row.person, **{name: getattr(row, name) for name in names},
    )  # fmt: skip


def _also(beside: Mapping[str, list[Access]], role: str) -> str:
    """The first few: each row of a long sheet would tell of all before it."""
    count = len(beside) - (same(role) in beside)
    others = islice((rows[0].role for name, rows in beside.items() if name != same(role)), _NAMED)
    more = f" and {count - _NAMED} more" if count > _NAMED else ""
    return f" Is there as {', '.join(others)}{more}, too." if count else ""


def _is_backwards(row: Access, draft: Draft) -> bool:
    is_so = row.since is not None and row.until is not None and row.until <= row.since
    if is_so:
        draft.refuse("It would end before it starts. Look at the two days.")
    return is_so


def _ending(row: Access, zone: str) -> str:
    if row.until is not None:
        return f"until {end_words(row.until, zone)}"
    return "without an end" if row.end == "none" else "end not known"


def _change(name: str, before: Access, after: Access, draft: Draft) -> str:
    if name in {"until", "end"}:
        return f"{_ending(before, draft.zone)} → {_ending(after, draft.zone)}"
    return f"{name.replace('_', ' ')}: {_shown(name, before, draft)} → {_shown(name, after, draft)}"


def _shown(name: str, row: Access, draft: Draft) -> str:
    value = getattr(row, name)
    if name == "owner":
        return draft.known.name(value) or "nobody"
    if isinstance(value, datetime):
        return start_words(value, draft.zone)
    return str(value) if value else "not known" if name == "since" else "nothing"
