"""What a role may do, in people's words. What it really may is decided by accounts.policy and the services."""

from __future__ import annotations

from typing import Final

from valetkey.accounts.models import Party
from valetkey.accounts.policy import DeskRole, Role

_CREATOR: Final = {
    Role.MANAGER: "Gives rights to posts and ends them, connects the TikTok account, and decides who else acts here.",
    Role.MEMBER: "Gives rights to posts and ends them.",
    Role.VIEWER: "Reads everything. Changes nothing, and sees no code.",
}
_BUYER: Final = {
    Role.MANAGER: "Asks for posts, uses codes, keeps ad accounts and campaigns, and decides who else acts here.",
    Role.MEMBER: "Asks for posts and uses codes.",
    Role.VIEWER: "Reads everything. Changes nothing, and sees no code.",
}
_ANY: Final = {
    Role.MANAGER: "Does everything that can be done here, and decides who else acts here.",
    Role.MEMBER: "Works with rights, requests and codes.",
    Role.VIEWER: "Reads everything. Changes nothing, and sees no code.",
}
DESK: Final = {
    DeskRole.ADMIN: "Keeps the whole desk: parties, people, the record. Sees every authorization, but no code.",
    DeskRole.AUDITOR: "Reads the whole desk and its history. Changes nothing, and sees no code.",
}


def of_role(role: Role, kind: str = "") -> str:
    """For a party of this kind; without one, for any."""
    words = {Party.Kind.CREATOR.value: _CREATOR, Party.Kind.BRAND.value: _BUYER, Party.Kind.AGENCY.value: _BUYER}
    return words.get(kind, _ANY)[role]


def of_desk_role(desk_role: str) -> str:
    return DESK.get(DeskRole(desk_role), "")
