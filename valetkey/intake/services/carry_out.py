"""Carry a sheet out: in one transaction what its rows were said to do, by the services that do it anywhere else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from valetkey.accounts.models import Party, Person
from valetkey.accounts.services import change_person, enter_person, person_left, require_hand
from valetkey.audit.entry import Actor
from valetkey.audit.services import writing
from valetkey.errors import Conflict, Refused
from valetkey.intake.acts import Act, Do
from valetkey.intake.models import Batch, Row
from valetkey.intake.services.try_sheet import judge_anew, judged_now, tell, untouched
from valetkey.intake.verdict import DOES, Judged
from valetkey.register.models import Access, Asset, Surface
from valetkey.register.services import (
    change_access,
    enter_asset,
    enter_surface,
    open_access,
    surfaces,
)
from valetkey.timeline.models import Version
from valetkey.timeline.said import Kind, plain

_CHUNK: Final = 500
_KIND_OF: Final[Mapping[type[Any], Kind]] = {
    Person: Kind.PERSON, Asset: Kind.ASSET, Surface: Kind.SURFACE, Access: Kind.ACCESS,
}  # fmt: skip


def carry_out(*, batch: Batch, actor: Actor, at: datetime) -> Batch:
    """All rows that do something, or none. Where the record has changed so that a row would do something else than was
    shown, nothing is done, and the sheet is shown as it stands now.
    """
    require_hand(actor, batch.kept_by)
    with writing():
        row = untouched(batch)
        rows, plan = list(row.rows.order_by("number")), row.plan
        judged = judged_now(row, [each.given for each in rows])
        if row.plan == plan:
            if not any(each.verdict in DOES for each in judged):
                raise Conflict("intake_does_nothing", "No row of this sheet does anything.", "Look at the reasons.")
            doing = _Doing(row, actor, at)
            for line, each in zip(rows, judged, strict=True):
                line.made = doing.all_of(each)
            _keep(rows)
            row.state, row.done_at, row.done_by = Batch.State.DONE, at, actor.name[:200]
            row.save(update_fields=["state", "done_at", "done_by"])
            tell("intake.done", row, actor, at)
            return row
        judge_anew(row)
    raise Conflict(
        "intake_changed",
        "The record has changed since this sheet was tried. Nothing was done.",
        "Look at the verdicts again, as they are now, and then carry it out.",
    )


@dataclass
class _Doing:
    """`things`: rows of the record by their references, and by the names that new ones have in the sheet."""

    batch: Batch
    actor: Actor
    at: datetime
    things: dict[str, Any] = field(default_factory=dict)

    def all_of(self, row: Judged) -> list[dict[str, Any]]:
        made: list[dict[str, Any]] = []
        for act in row.acts:
            try:
                made += self._one(act)
            except Refused as refused:
                raise Conflict(
                    "intake_row_refused",
                    f"Row {row.number} cannot be carried out: {refused.sentence} Nothing of the sheet was done.",
                    "Correct that row, and try the sheet again.",
                ) from None
        return made

    def _one(self, act: Act) -> list[dict[str, Any]]:
        """What it made or changed, each with what it was before."""
        values: dict[str, Any] = dict(act.values)
        given: dict[str, Any] = {"actor": self.actor, "at": self.at}
        made: Any
        match act.do:
            case Do.ENTER_PERSON:
                values["party"] = self._party(values["party"])
                made = enter_person(kept_by=self.batch.kept_by, **values, **given)
            case Do.ENTER_ASSET:
                made = enter_asset(held_by=self.batch.kept_by, **values, **given)
                return [self._made(act.target, made), *self._usual(act.target, made)]
            case Do.ENTER_SURFACE:
                made = enter_surface(**{**values, "asset": self._thing(values["asset"], Asset)}, **given)
            case Do.OPEN_ACCESS:
                values["surface"] = self._thing(values["surface"], Surface)
                values["holder"] = self._party(values["holder"])
                values |= {name: self._person(values[name]) for name in ("person", "owner")}
                made = open_access(**values, **given)
            case _:
                return [self._changed(act, values, given)]
        return [self._made(act.target, made)]

    def _changed(self, act: Act, values: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
        if act.do is Do.CHANGE_ACCESS:
            access = self._thing(act.target, Access)
            was = _was(access, values)
            if "owner" in values:
                values["owner"] = self._person(values["owner"])
            self.things[act.target] = change_access(access=access, changes=values, **given)
            return _entry(access, Kind.ACCESS, was)
        person = self._thing(act.target, Person)
        if act.do is Do.PERSON_LEFT:
            was = {"left_on": None}
            self.things[act.target] = person_left(person=person, **values, **given)
        else:
            was = _was(person, values)
            self.things[act.target] = change_person(person=person, changes=values, **given)
        return _entry(person, Kind.PERSON, was)

    def _usual(self, target: str, asset: Asset) -> list[dict[str, Any]]:
        """The lists that came with it."""
        return [self._made(f"{target}/{each.kind}", each) for each in surfaces(asset=asset)]

    def _made(self, target: str, row: Any) -> dict[str, Any]:
        self.things[target] = self.things[row.reference] = row
        return _entry(row, _KIND_OF[type(row)], None)

    def _thing(self, name: str, model: type[Any]) -> Any:
        if name not in self.things:
            self.things[name] = model.objects.get(reference=name)
        return self.things[name]

    def _party(self, name: str) -> Party:
        found: Party = self._thing(name, Party)
        return found

    def _person(self, name: str) -> Person | None:
        found: Person | None = self._thing(name, Person) if name else None
        return found


def _was(row: Any, values: Mapping[str, object]) -> dict[str, object]:
    """As plain values; a person by the reference."""
    before = {name: getattr(row, name) for name in values}
    return {name: value.reference if isinstance(value, Person) else plain(value) for name, value in before.items()}


def _entry(row: Any, kind: Kind, was: dict[str, object] | None) -> dict[str, Any]:
    """`was` None: it was not there."""
    return {"kind": kind.value, "reference": row.reference, "was": was}


def _keep(rows: list[Row]) -> None:
    """What was made, with the version that tells of it: another one later means that somebody touched it."""
    made = [each for row in rows for each in row.made]
    versions: dict[tuple[str, str], int] = {}
    for place in range(0, len(made), _CHUNK):
        references = {each["reference"] for each in made[place : place + _CHUNK]}
        now = Version.objects.now().filter(reference__in=references)
        versions |= {(kind, reference): pk for kind, reference, pk in now.values_list("kind", "reference", "pk")}
    for each in made:
        each["version"] = versions[each["kind"], each["reference"]]
    Row.objects.bulk_update([row for row in rows if row.made], ["made"], batch_size=_CHUNK)
