"""Do a step with its proof, skip it with a reason, say whose it is.

A step with an effect is done only when the record shows it so. The effect comes first, in transactions of its own;
killed in between, the next try finds it done already and only ticks the step.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from valetkey.accounts.models import Person
from valetkey.accounts.services import require_hand
from valetkey.audit.entry import Actor
from valetkey.audit.services import record, writing
from valetkey.changes.grammar import EFFECTS, Effect
from valetkey.changes.models import Change, Picture, Step
from valetkey.changes.services import effects, pictures
from valetkey.errors import Conflict, Invalid
from valetkey.register.services import refuse_left
from valetkey.text import tidy

LONGEST_PROOF: Final = 500
_BY_PICTURE: Final = "See the picture kept with change {}."


def do_step(
    *,
    step: Step,
    proof: str = "",
    picture: bytes | None = None,
    to: Person | None = None,
    with_offer: bool = False,
    actor: Actor,
    at: datetime,
) -> Step:
    """`proof`: what was seen, as a text, a picture or both. `to`: who has it from now on, where it is passed on.
    `with_offer`: the desk does what the step offers, too.

    Raises Invalid without a proof, Conflict while the record does not show it.
    """
    require_hand(actor, step.change.kept_by)
    _refuse_settled(step)
    proof = tidy(proof, what="The proof", longest=LONGEST_PROOF, needed=picture is None)
    made = pictures.make_anew(picture) if picture is not None else None
    effect = Effect(step.effect) if step.effect else Effect(step.offer) if with_offer and step.offer else None
    if effect is not None:
        _carry_out(effect, step, proof or _BY_PICTURE.format(step.change), to, actor, at)
    with writing():
        _settle(step, Step.State.DONE, proof, actor, at, to=to if effect is Effect.PASS_ON else None)
        if made is not None:
            pictures.keep(made, step, actor, at)
        _record("change.step.done", step, actor, at, how=proof, effect=effect.value if effect else "", **_picture(made))
    return step


def skip_step(*, step: Step, reason: str, actor: Actor, at: datetime) -> Step:
    """It is not done, and the reason stands in the report."""
    require_hand(actor, step.change.kept_by)
    reason = tidy(reason, what="The reason", longest=LONGEST_PROOF)
    with writing():
        _settle(step, Step.State.SKIPPED, reason, actor, at)
        _record("change.step.skipped", step, actor, at, reason=reason)
    return step


def assign_step(*, step: Step, person: Person | None, actor: Actor, at: datetime) -> Step:
    """`person` None: nobody's yet. Raises Invalid for somebody of another record, Conflict for who has left."""
    require_hand(actor, step.change.kept_by)
    _refuse_other_record(person, step.change)
    refuse_left(person, at)
    with writing():
        _refuse_settled(step)
        before = step.owner
        if before != person:
            step.owner = person
            step.save(update_fields=["owner"])
            named = {"owner": {"from": before.name if before else None, "to": person.name if person else None}}
            _record("change.step.assigned", step, actor, at, person=person.name if person else None, changes=named)
    return step


def is_shown(step: Step) -> bool | None:
    """Whether the record shows what the step is for; None where it is for the eye alone."""
    return effects.is_shown(Effect(step.effect), step) if step.effect else None


def refuse_closed(change: Change) -> None:
    if not change.is_open:
        raise Conflict(
            "change_closed", f"{change.closed_by} closed this change already.", "Open another one for what is new."
        )


def _carry_out(effect: Effect, step: Step, how: str, to: Person | None, actor: Actor, at: datetime) -> None:
    if effects.is_gone(step) or (effect.value == step.effect and effects.is_shown(effect, step)):
        return
    means = EFFECTS[effect]
    if means.needs_to:
        if to is None:
            raise Invalid("to_missing", "It is not said who has it from now on.", "Name somebody of this record.")
        _refuse_other_record(to, step.change)
        refuse_left(to, at)
        if to == step.change.person:
            raise Invalid("to_themselves", f"{to} is the one it is taken from.", "Name somebody else.")
    if means.button:
        effects.carry_out(effect, step, how, to, actor, at)
    if effect.value == step.effect and not effects.is_shown(effect, step):
        raise Conflict(
            "not_on_record_yet",
            "The record does not show this yet, so the step stays open.",
            "Do it where it belongs first; or skip the step and say why.",
        )


def _refuse_settled(step: Step) -> None:
    step.refresh_from_db(fields=["state", "settled_by", "owner"])
    step.change.refresh_from_db(fields=["closed_at", "closed_by"])
    refuse_closed(step.change)
    if not step.is_open:
        raise Conflict("step_settled", f"{step.settled_by} has {step.state} this step.", "Go on with the next one.")


def _refuse_other_record(person: Person | None, change: Change) -> None:
    if person is not None and person.kept_by_id != change.kept_by_id:
        raise Invalid(
            "not_on_record",
            f"{person} is not on the record of {change.kept_by}.",
            "Enter them there first, then name them.",
        )


def _settle(step: Step, state: str, proof: str, actor: Actor, at: datetime, *, to: Person | None = None) -> None:
    """Inside the writing transaction: what somebody else settled meanwhile stays."""
    _refuse_settled(step)
    step.state, step.proof, step.to, step.settled_at, step.settled_by = state, proof, to, at, actor.name[:200]
    step.save(update_fields=["state", "proof", "to", "settled_at", "settled_by"])


def _picture(made: Picture | None) -> dict[str, object]:
    return {"picture": made.digest} if made is not None else {}


def _record(event: str, step: Step, actor: Actor, at: datetime, **more: object) -> None:
    change = step.change
    detail: dict[str, object] = {
        "change": change.title,
        "step": step.title,
        "number": step.number,
        "thing": f"{step.thing} {step.subject}".strip(),
    }
    record(event=event, subject=change.subject, actor=actor, at=at, detail={**detail, **more})
