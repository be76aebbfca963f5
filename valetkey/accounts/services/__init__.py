"""Parties, the people who act for them, how they come and go, and the tokens with which programs act as them."""

from __future__ import annotations

from valetkey.accounts.services.accept import accept_invitation, join_by_invitation
from valetkey.accounts.services.invite import (
    Invited,
    find_invitation,
    invitation_address,
    invite,
    no_such_invitation,
    withdraw_invitation,
)
from valetkey.accounts.services.memberships import join, leave
from valetkey.accounts.services.parties import create_party, enter_creator, find_party, rename_party
from valetkey.accounts.services.people import (
    change_person,
    enter_person,
    find_person,
    no_such_person,
    people,
    person_back,
    person_left,
)
from valetkey.accounts.services.require import (
    no_such_party,
    require_admin,
    require_hand,
    require_manager,
    require_reader,
)
from valetkey.accounts.services.sign_in import (
    Factor,
    forget_factors,
    note_factor,
    note_sign_in,
    set_password,
    sign_out,
)
from valetkey.accounts.services.tokens import actor_by_mail, actor_by_token, end_token, make_token
from valetkey.accounts.services.users import create_user, end_user, set_desk_role, set_language, set_time_zone

__all__ = [
    "Factor",
    "Invited",
    "accept_invitation",
    "actor_by_mail",
    "actor_by_token",
    "change_person",
    "create_party",
    "create_user",
    "end_token",
    "end_user",
    "enter_creator",
    "enter_person",
    "find_invitation",
    "find_party",
    "find_person",
    "forget_factors",
    "invitation_address",
    "invite",
    "join",
    "join_by_invitation",
    "leave",
    "make_token",
    "no_such_invitation",
    "no_such_party",
    "no_such_person",
    "note_factor",
    "note_sign_in",
    "people",
    "person_back",
    "person_left",
    "rename_party",
    "require_admin",
    "require_hand",
    "require_manager",
    "require_reader",
    "set_desk_role",
    "set_language",
    "set_password",
    "set_time_zone",
    "sign_out",
    "withdraw_invitation",
]
