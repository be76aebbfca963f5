"""PURE. Logins that others know and that were not changed since. Never the secret: only who knew it.

A role that is taken away takes no password back; nobody can forget on request.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from valetkey.findings.facts import ExposureFacts, Who
from valetkey.findings.finding import About, Evidence, Found, Group, Severity
from valetkey.findings.limits import Limits
from valetkey.findings.rule import Rule
from valetkey.findings.rules.on_record import answering, gone, has_gone, is_over, later, recorded


def left_and_knew(exposure: ExposureFacts, at: datetime, _: Limits) -> Iterator[Found]:
    knew = _who_left(exposure, at)
    if knew and not is_over(exposure.changed_at, at):
        names, verb = ", ".join(who.name for who in knew), "has" if len(knew) == 1 else "have"
        sentence = f"{names} {verb} left, and once knew {exposure.shared} of {exposure.account}, not changed since."
        yield _of_exposure("left_and_knew", exposure, at, Severity.URGENT, sentence, *(gone(who) for who in knew))


def login_unchanged(exposure: ExposureFacts, at: datetime, limits: Limits) -> Iterator[Found]:
    """While nobody who knew it has left: then `left_and_knew` says more."""
    due = at >= later(exposure.opened_at, limits.exposure_after)
    if due and not is_over(exposure.changed_at, at) and not _who_left(exposure, at):
        sentence = f"Others know {exposure.shared} of {exposure.account}, and nothing was changed since."
        yield _of_exposure("login_unchanged", exposure, at, Severity.IMPORTANT, sentence)


def _who_left(exposure: ExposureFacts, at: datetime) -> list[Who]:
    left = {who for who in exposure.knowers if has_gone(who, at)}
    return sorted(left, key=lambda who: (who.name, who.reference))


def _of_exposure(
    rule: str, exposure: ExposureFacts, at: datetime, severity: Severity, sentence: str, *evidence: Evidence
) -> Found:
    known = sorted({who.name for who in exposure.knowers})
    if exposure.others:
        known.append(f"{exposure.others} more")
    names = ", ".join(known) or "nobody is named yet"
    told = (*evidence, recorded(f"Written down as shared; known to: {names}", exposure.opened_at))
    owner = answering(exposure.owner, at)
    return Found(rule, exposure.reference, exposure.held_by.reference, severity, sentence, told, owner)


ON_LOGINS: Final = (
    Rule(
        "left_and_knew", About.EXPOSURE, Group.PEOPLE,
        "Has left, and once knew a login",
        "What somebody knows goes with them. Only a change makes it worthless.",
        "login-was-shared", "password_changed", left_and_knew, "exposure_close",
    ),
    Rule(
        "login_unchanged", About.EXPOSURE, Group.PEOPLE,
        "A shared login was not changed",
        "Everybody who knows it can do all that the account can, and lock others out.",
        "login-was-shared", "password_changed", login_unchanged, "exposure_close",
    ),
)  # fmt: skip
