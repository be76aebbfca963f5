"""PURE. What can change, so that somebody must do something: the occasions of plans and responsibilities.

Does not say what is to be done then (valetkey.changes).
"""

from __future__ import annotations

from enum import StrEnum


class Occasion(StrEnum):
    JOINER = "joiner"
    BEFORE_HIRE = "before_hire"
    MOVER = "mover"
    LEAVER = "leaver"
    AGENCY_START = "agency_start"
    AGENCY_MIDDLE = "agency_middle"
    AGENCY_END = "agency_end"
    CODE_GIVEN = "code_given"
    CODE_ENDED = "code_ended"
    OWNERSHIP_CHECK = "ownership_check"
    CONTINUITY_CHECK = "continuity_check"
    INCIDENT = "incident"
    REVIEW = "review"
