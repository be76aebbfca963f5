"""Bring the findings about some subjects in step with what the rules say of them now.

    outside   gather, judge, compare with what is open: mostly nothing differs, and nothing is locked
    inside    only those that differ, gathered and judged again under the lock of all writers, and written

So two sweeps at once write everything once, and one that is killed leaves whole batches behind it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from valetkey.accounts.models import Party, Person
from valetkey.audit.entry import Actor, Draft
from valetkey.audit.services import record_many, writing
from valetkey.findings.finding import About, Found, Severity
from valetkey.findings.gather import GATHERS
from valetkey.findings.limits import Limits
from valetkey.findings.models import Finding, Spell
from valetkey.findings.rules import BY_ID, judge
from valetkey.findings.services.ahead import by_then

Key = tuple[str, str, str]
"""Rule, subject, party: what makes a finding the one it is."""

UNDECIDED: Final[dict[str, Any]] = {
    "acknowledged_at": None, "acknowledged_by": "", "acknowledged_as": None, "handed_to": None, "snoozed_until": None,
    "let_end_at": None, "let_end_by": "", "reason": "",
}  # fmt: skip
"""The columns of what people decided, before anybody has."""
_OF_SPELL: Final = ("severity", "sentence", "evidence", "by")


class What(StrEnum):
    OPENED = "opened"
    REOPENED = "reopened"
    CHANGED = "changed"
    CLOSED = "closed"


@dataclass(frozen=True)
class Changed:
    """One finding that is otherwise than before. `reference` is "" where nothing was written. `of`: its subject."""

    what: What
    reference: str
    rule: str
    about: About
    of: str
    party: str
    severity: Severity
    sentence: str


@dataclass(frozen=True)
class Reconciled:
    """`judged` subjects; `kept`: findings that were open and still are; `seen`: keys of the rows that are open now, or
    have just been closed.
    """

    judged: int
    kept: int
    changed: tuple[Changed, ...]
    seen: frozenset[int]


@dataclass(frozen=True)
class _Batch:
    """Some subjects of one kind, what the rules say of them, and the rows there are."""

    about: About
    subjects: frozenset[str]
    found: Mapping[Key, Found]
    rows: Mapping[Key, Finding]

    def differing(self, at: datetime) -> set[Key]:
        new = self.found.keys() - {key for key, row in self.rows.items() if row.closed_at is None}
        return new | {
            key
            for key, row in self.rows.items()
            if row.closed_at is None and (key not in self.found or _differs(row, self.found[key]))
            if row.changed_at <= at  # else somebody has looked later than this
        }


def reconcile(
    *, about: About, pks: Sequence[int] = (), subjects: Collection[str] = (), limits: Limits, actor: Actor,
    at: datetime, dry_run: bool = False,
) -> Reconciled:  # fmt: skip
    """`subjects`: references of which findings may have to be closed, whether there is still such a row or not.

    For the sweep, which has asked whether the actor may. `dry_run`: nothing is written, and what the clock alone will
    have ended by `at` counts as over.
    """
    batch = _gathered(about, pks, subjects, limits, at, is_ahead=dry_run)
    keys = batch.differing(at)
    kept = len(batch.rows.keys() & batch.found.keys())
    seen = {row.pk for row in batch.rows.values()}
    changed: list[Changed] = []
    if keys and dry_run:
        changed = list(_foretold(batch, sorted(keys)))
    elif keys:
        changed, written = _write(about, {subject for _, subject, _ in keys}, limits, actor, at)
        seen |= written
    return Reconciled(len(batch.subjects), kept, tuple(changed), frozenset(seen))


def judged(about: About, pks: Sequence[int], limits: Limits, at: datetime, *, is_ahead: bool) -> list[Found]:
    """What the rules say of the rows of those keys. For services that ask who may see it."""
    facts = list(GATHERS[about].facts(pks, at))
    return judge(about, [by_then(each, at) for each in facts] if is_ahead else facts, at, limits)


def _gathered(
    about: About, pks: Sequence[int], subjects: Collection[str], limits: Limits, at: datetime, *, is_ahead: bool,
    with_closed: bool = False,
) -> _Batch:  # fmt: skip
    known = {*pks, *(GATHERS[about].pks_of(sorted(subjects)) if subjects else ())}
    facts = list(GATHERS[about].facts(sorted(known), at)) if known else []
    all_of = frozenset({*subjects, *(each.reference for each in facts)})
    said = judge(about, [by_then(each, at) for each in facts] if is_ahead else facts, at, limits)
    rows = Finding.objects.filter(about=about.value, subject__in=all_of).select_related("party", "owner")
    rows = rows if with_closed else rows.open()
    # Of two that are one and the same, the more pressing is told: `judge` has it last here.
    found = {(each.rule, each.subject, each.party): each for each in reversed(said)}
    return _Batch(about, all_of, found, {_key(row): row for row in rows})


def _key(row: Finding) -> Key:
    return row.rule, row.subject, row.party.reference


def _differs(row: Finding, found: Found) -> bool:
    is_said = (row.severity, row.sentence, row.evidence, row.by, row.stops, row.owner.reference if row.owner else "")
    return is_said != (found.severity, found.sentence, _kept(found), found.by, found.stops, found.owner)


def _kept(found: Found) -> list[dict[str, str | None]]:
    return [each.kept() for each in found.evidence]


def _write(
    about: About, subjects: set[str], limits: Limits, actor: Actor, at: datetime
) -> tuple[list[Changed], set[int]]:
    """Under the lock, of what is there now: somebody else may have written all of it since."""
    with writing():
        batch = _gathered(about, (), subjects, limits, at, is_ahead=False, with_closed=True)
        keys = sorted(batch.differing(at))
        found = [batch.found[key] for key in keys if key in batch.found]
        parties = Party.objects.in_bulk({each.party for each in found}, field_name="reference")
        owners = Person.objects.in_bulk({each.owner for each in found if each.owner}, field_name="reference")
        settled = list(_settled(batch, keys, parties, owners, at))
        record_many(_draft(what, row, actor, at) for what, row in settled)
    return [_change(what, row) for what, row in settled], {row.pk for _, row in settled}


def _settled(
    batch: _Batch, keys: Sequence[Key], parties: Mapping[str, Party], owners: Mapping[str, Person], at: datetime
) -> Iterator[tuple[What, Finding]]:
    """Each row as it is kept now, and what became of it."""
    new: list[Finding] = []
    spells: list[Spell] = []
    closed = [batch.rows[key] for key in keys if key not in batch.found]
    for key in keys:
        if key not in batch.found:
            continue
        row, found = batch.rows.get(key), batch.found[key]
        said = _columns(found, owners)
        if row is None:
            row = Finding(
                rule=found.rule, about=batch.about.value, subject=found.subject, party=parties[found.party],
                first_opened_at=at, opened_at=at, changed_at=at, **said, **_left_to_it(key, batch.rows),
            )  # fmt: skip
            new.append(row)
            spells.append(_spell(row, at))
            yield What.OPENED, row
        elif row.closed_at is not None:
            if row.changed_at > at:
                continue  # somebody has looked later than this, and it was over then
            _take(row, {**said, **UNDECIDED, **_left_to_it(key, batch.rows), **_open_anew(row, at)})
            spells.append(_spell(row, at))
            yield What.REOPENED, row
        else:
            is_news = _is_news(row, found)
            # What was said of one end is not said of another; that it has come is what was decided.
            is_moved = found.by is not None and row.by != found.by
            decided = {"let_end_at": None, "let_end_by": ""} if is_moved else {}
            _take(row, {**said, **decided, "changed_at": at})
            row.spells.filter(closed_at=None).update(**{name: said[name] for name in _OF_SPELL})
            if is_news:
                yield What.CHANGED, row
    Finding.objects.bulk_create(new)
    Spell.objects.bulk_create(spells)
    Finding.objects.filter(pk__in=[row.pk for row in closed]).update(closed_at=at, changed_at=at)
    Spell.objects.filter(finding__in=closed, closed_at=None).update(closed_at=at)
    yield from ((What.CLOSED, row) for row in closed)


def left_before(key: Key, rows: Mapping[Key, Finding]) -> Finding | None:
    """The finding that told of this very end before it had come, where somebody decided then that it may come."""
    rule, subject, party = key
    row = rows.get((BY_ID[rule].after, subject, party)) if rule in BY_ID else None
    return row if row is not None and row.closed_at is None and row.let_end_at is not None else None


def _left_to_it(key: Key, rows: Mapping[Key, Finding]) -> dict[str, Any]:
    row = left_before(key, rows)
    return {name: getattr(row, name) for name in ("let_end_at", "let_end_by", "reason")} if row else {}


def _open_anew(row: Finding, at: datetime) -> dict[str, Any]:
    return {"times": row.times + 1, "opened_at": at, "changed_at": at, "closed_at": None}


def _columns(found: Found, owners: Mapping[str, Person]) -> dict[str, Any]:
    owner = owners.get(found.owner)
    return {
        "severity": int(found.severity), "sentence": found.sentence, "evidence": _kept(found), "by": found.by,
        "stops": found.stops, "owner": owner,
    }  # fmt: skip


def _take(row: Finding, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))


def _spell(row: Finding, at: datetime) -> Spell:
    return Spell(
        finding=row, opened_at=at, severity=row.severity, sentence=row.sentence, evidence=row.evidence, by=row.by
    )


def _change(what: What, row: Finding) -> Changed:
    severity = Severity(row.severity)
    return Changed(what, row.reference, row.rule, About(row.about), row.subject, row.party.name, severity, row.sentence)


def _foretold(batch: _Batch, keys: Sequence[Key]) -> Iterator[Changed]:
    """What would be written."""
    told = {batch.found[key].party for key in keys if key in batch.found}
    names = dict(Party.objects.filter(reference__in=told).values_list("reference", "name"))
    for key in keys:
        row, found = batch.rows.get(key), batch.found.get(key)
        if found is None:
            yield _change(What.CLOSED, batch.rows[key])
        elif row is None or _is_news(row, found):
            what = What.OPENED if row is None else What.CHANGED
            name, party = row.reference if row else "", names[found.party]
            yield Changed(what, name, found.rule, batch.about, found.subject, party, found.severity, found.sentence)


def _is_news(row: Finding, found: Found) -> bool:
    """Other words or evidence alone are none."""
    return row.severity != found.severity or row.by != found.by


def _draft(what: What, row: Finding, actor: Actor, at: datetime) -> Draft:
    event = {What.CHANGED: "finding.changed", What.CLOSED: "finding.closed"}.get(what, "finding.opened")
    detail: dict[str, object] = {
        "rule": row.rule,
        "about": row.about,
        "of": row.subject,
        "party": row.party.name,
        "severity": Severity(row.severity).name.lower(),
        "sentence": row.sentence,
        "by": row.by.isoformat() if row.by else None,
        "times": row.times,
    }
    return Draft(at=at, event=event, actor=actor, subject=row.entry_subject, detail=detail)
