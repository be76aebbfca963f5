"""PURE. The marketplace route: a brand with a TikTok One account asks a marketplace creator for a code.

Decides the words. The creator may pick another term than was asked for, so the window of the answer counts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from .business import AuthCodeStatus
from .instants import Instant
from .shape import also


class TcmAction(StrEnum):
    EXTEND = "EXTEND"


class TcmAuthStatus(StrEnum):
    """What the creator has done with the request. C2. A code can exist while it still reads WAITING."""

    WAITING = "WAITING"
    REJECTED = "REJECTED"
    ACCEPTED = "ACCEPTED"


@dataclass(frozen=True)
class TcmTtVideoApplyRequest:
    """Ask for a code, or with `action` for more time. C2; days are one of `TERM_DAYS`, 30 when left out."""

    video_id: str
    tcm_account_id: str
    authorization_days: int | None = None
    action: TcmAction | None = None


@dataclass(frozen=True)
class TcmTtVideoStatusRequest:
    video_id: str
    tcm_account_id: str


@dataclass(frozen=True)
class TcmTtVideoStatusAnswer:
    """State of the request and, once there is one, the code and its window in UTC. C2; at most 30 requests remain."""

    video_id: str | None = None
    auth_status: TcmAuthStatus | str | None = None
    auth_status_updated_time: Instant | None = field(default=None, metadata=also("auth_status_update_time"))
    num_remaining_request: int | None = None
    requested_authorization_days: int | None = None
    auth_code: str | None = field(default=None, repr=False)
    auth_code_start_time: Instant | None = None
    auth_code_end_time: Instant | None = None
    auth_code_status: AuthCodeStatus | str | None = None
