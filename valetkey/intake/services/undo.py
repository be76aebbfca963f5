"""Undo a sheet: what it made goes, what it changed is set back, as long as nobody has touched any of it since."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, Final

from django.db.models import ProtectedError

from valetkey.accounts.models import Person
from valetkey.accounts.services import change_person, person_back, require_hand
from valetkey.audit.entry import Actor
from valetkey.audit.services import record, writing
from valetkey.credential import Insisted
from valetkey.errors import Conflict
from valetkey.intake.models import Batch
from valetkey.intake.services.try_sheet import tell
from valetkey.register.models import Access, Asset, Surface
from valetkey.register.services import change_access
from valetkey.timeline.models import Version
from valetkey.timeline.said import Kind
from valetkey.timeline.services import unsay

_CHUNK: Final = 500
_NAMED: Final = 10
_MODELS: Final[dict[str, type[Any]]] = {
    Kind.ACCESS.value: Access, Kind.SURFACE.value: Surface, Kind.ASSET.value: Asset, Kind.PERSON.value: Person,
}  # fmt: skip
"""In the order in which they go: first what refers to others."""

_TAKEN_BACK: Final = {
    Kind.ACCESS.value: "access.taken_back", Kind.SURFACE.value: "surface.taken_back",
    Kind.ASSET.value: "asset.taken_back", Kind.PERSON.value: "person.taken_back",
}  # fmt: skip
Made = dict[str, Any]


def undo(*, batch: Batch, actor: Actor, at: datetime) -> Batch:
    """All of it, or nothing: refuses with the names of what was touched or is referred to by now. What the record said
    meanwhile stays readable on those days.
    """
    require_hand(actor, batch.kept_by)
    with writing():
        row = Batch.objects.select_related("kept_by").get(pk=batch.pk)
        if row.state != Batch.State.DONE:
            raise Conflict("intake_not_done", "There is nothing to undo: this sheet is not carried out.", "Look at it.")
        made = [each for line in row.rows.exclude(made=[]).order_by("number") for each in line.made]
        _refuse_touched(made)
        new = {(each["kind"], each["reference"]) for each in made if each["was"] is None}
        for each in reversed(made):
            if (each["kind"], each["reference"]) not in new:
                _set_back(each, actor, at)
        taken = _take_back(row, made, actor, at)
        row.state, row.undone_at, row.undone_by = Batch.State.UNDONE, at, actor.name[:200]
        row.save(update_fields=["state", "undone_at", "undone_by"])
        tell("intake.undone", row, actor, at, taken_back=taken)
    return row


def _refuse_touched(made: list[Made]) -> None:
    now: dict[tuple[str, str], int] = {}
    for place in range(0, len(made), _CHUNK):
        references = {each["reference"] for each in made[place : place + _CHUNK]}
        found = Version.objects.now().filter(reference__in=references)
        now |= {(kind, reference): pk for kind, reference, pk in found.values_list("kind", "reference", "pk")}
    touched = [each for each in made if now.get((each["kind"], each["reference"])) != each["version"]]
    names = list(dict.fromkeys(_name(each["kind"], each["reference"]) for each in touched))
    if names:
        raise _touched(names)


def _set_back(each: Made, actor: Actor, at: datetime) -> None:
    # It stood on the record: what somebody insisted on then is not asked again.
    was: dict[str, Any] = {
        name: Insisted(value) if isinstance(value, str) else value for name, value in each["was"].items()
    }
    row = _MODELS[each["kind"]].objects.get(reference=each["reference"])
    if "left_on" in was:
        person_back(person=row, actor=actor, at=at)
    elif each["kind"] == Kind.PERSON:
        change_person(person=row, changes=was, actor=actor, at=at)
    else:
        change_access(access=row, changes=_columns(was), actor=actor, at=at)


def _columns(was: dict[str, Any]) -> dict[str, Any]:
    read = {"since": datetime.fromisoformat, "until": datetime.fromisoformat, "review_on": date.fromisoformat}
    values = {name: read[name](value) if name in read and value else value for name, value in was.items()}
    if was.get("owner"):
        values["owner"] = Person.objects.get(reference=was["owner"])
    return values


def _take_back(batch: Batch, made: list[Made], actor: Actor, at: datetime) -> int:
    taken, held = 0, []
    for kind, model in _MODELS.items():
        for each in made:
            if each["kind"] != kind or each["was"] is not None:
                continue
            row = model.objects.get(reference=each["reference"])
            name = _name(kind, each["reference"])
            try:
                row.delete()
            except ProtectedError as protected:
                held += [f"{name}, because of {', '.join(_those(protected))}"]
                continue
            unsay(kind=Kind(kind), reference=each["reference"], at=at)
            detail = {"name": name, "kept_by": batch.kept_by.name, "sheet": batch.name}
            record(event=_TAKEN_BACK[kind], subject=f"{kind} {each['reference']}", actor=actor, at=at, detail=detail)
            taken += 1
    if held:
        raise _touched(held)
    return taken


def _those(protected: ProtectedError) -> Iterator[str]:
    for row in sorted(protected.protected_objects, key=str)[:3]:
        yield f"{row._meta.verbose_name} “{row}”"


def _name(kind: str, reference: str) -> str:
    row = _MODELS[kind].objects.filter(reference=reference).first()
    return f"{kind} {row or reference}"


def _touched(names: list[str]) -> Conflict:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return Conflict(
        "intake_touched",
        f"Since then others have changed or used what this sheet brought: {'; '.join(names[:_NAMED])}{more}."
        " Nothing was taken back.",
        "Set right by hand what is wrong; the sheet says what it brought.",
    )
