"""Sweep the record for findings, look at them as of any day, decide on them, and set the desk's thresholds."""

from __future__ import annotations

from valetkey.findings.services.decide import acknowledge, hand_on, let_end, snooze, wake
from valetkey.findings.services.find import (
    Counts,
    Narrowed,
    Page,
    Which,
    count_waiting,
    find_finding,
    find_findings,
    inbox,
)
from valetkey.findings.services.limits import limits, set_limit
from valetkey.findings.services.on_day import Day, Line, Part, instant_of, on_day
from valetkey.findings.services.reconcile import Changed, What
from valetkey.findings.services.seeing import NotSeen
from valetkey.findings.services.sweep import Swept, prune_sweeps, sweep, sweeps

__all__ = [
    "Changed",
    "Counts",
    "Day",
    "Line",
    "Narrowed",
    "NotSeen",
    "Page",
    "Part",
    "Swept",
    "What",
    "Which",
    "acknowledge",
    "count_waiting",
    "find_finding",
    "find_findings",
    "hand_on",
    "inbox",
    "instant_of",
    "let_end",
    "limits",
    "on_day",
    "prune_sweeps",
    "set_limit",
    "snooze",
    "sweep",
    "sweeps",
    "wake",
]
