"""Who may invite whom to what, what the link is worth, and when it opens nothing any more."""

from __future__ import annotations

import smtplib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends import locmem
from django.db import IntegrityError, transaction

from tests.accounts.inviting import MAIL, accept, invited, invited_to_desk, role, state, user_of, why_not
from tests.desk import HOST, Desk
from valetkey.accounts import services
from valetkey.accounts.models import Invitation, User
from valetkey.accounts.policy import DeskRole, Role
from valetkey.audit.models import Entry
from valetkey.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from valetkey.secret import Secret

pytestmark = pytest.mark.django_db


def test_a_manager_invites_for_their_own_party_and_the_admin_for_any(desk: Desk) -> None:
    for actor in (desk.bo, desk.admin, HOST):
        made = invited(desk, actor=actor)
        row = made.invitation
        assert (row.party, row.role, row.desk_role) == (desk.advertiser, "member", "")
        assert (row.inviter_id, row.invited_by) == (actor.user_id, actor.name)
        assert services.find_invitation(link=made.link, at=desk.at) == row


def test_an_admin_or_an_auditor_is_invited_by_an_admin_or_the_host_alone(desk: Desk) -> None:
    for actor in (desk.bo, desk.mara, desk.kim, desk.auditor, desk.stranger):
        for desk_role in (DeskRole.ADMIN, DeskRole.AUDITOR):
            with pytest.raises(Forbidden):
                invited_to_desk(desk, desk_role, actor=actor)
    assert not Invitation.objects.exists() and not mail.outbox
    for actor in (desk.admin, HOST):
        assert invited_to_desk(desk, DeskRole.ADMIN, actor=actor).invitation.desk_role == "admin"


def test_nobody_else_invites_for_a_party(desk: Desk) -> None:
    count = Entry.objects.count()
    for actor, kind in (
        (desk.kim, Forbidden), (desk.viewer, Forbidden), (desk.auditor, Forbidden), (desk.mara, NotFound),
        (desk.stranger, NotFound),
    ):  # fmt: skip
        with pytest.raises(kind):
            invited(desk, actor=actor)
    assert not Invitation.objects.exists() and not mail.outbox and Entry.objects.count() == count


def test_the_link_is_long_random_and_kept_as_a_keyed_digest_only(desk: Desk) -> None:
    first, second = invited(desk), invited(desk, mail="other@example.org")
    assert len(first.link.reveal()) >= 43 and first.link != second.link
    kept = repr([*Invitation.objects.values(), *Entry.objects.values()])
    assert first.link.reveal() not in kept and len(first.invitation.link_digest) == 64
    assert first.link.reveal() not in repr(first)
    assert services.invitation_address(first.link) == f"http://localhost:8000/i/{first.link.reveal()}/"


def test_the_mail_says_who_invites_to_what_until_when_and_holds_the_link(desk: Desk) -> None:
    made = invited(desk, mail=" Nia@Example.org", name="Nia <b>&", days=3)
    assert made.is_sent and made.invitation.mail == MAIL
    (sent,) = mail.outbox
    assert sent.to == [MAIL] and sent.subject == "Bo invites you to act for Northwind"
    assert services.invitation_address(made.link) in sent.body
    assert (
        "Hello Nia <b>&," in sent.body
        and "act for Northwind as a member." in sent.body
        and "2026-11-05 09:00 UTC" in sent.body
    )
    assert "because Bo entered your mail address" in sent.body and "{" not in sent.body
    assert not list(Entry.objects.filter(detail__icontains=made.link.reveal()))


def test_the_mail_of_the_host_to_an_admin_reads_well_without_a_name(desk: Desk) -> None:
    invited_to_desk(desk, DeskRole.ADMIN, actor=HOST)
    (sent,) = mail.outbox
    assert sent.subject == "The desk's host invites you to a Valetkey desk"
    assert sent.body.startswith("Hello,\n\nThe desk's host invites you to the desk as an admin.")


def test_a_name_with_line_ends_makes_neither_another_subject_nor_another_header(desk: Desk) -> None:
    User.objects.filter(pk=user_of(desk.bo).pk).update(first_name="Bo\r\nBcc: x@example.org\r\n\r\nClick here")
    actor = services.actor_by_mail(email="bo@example.org", door=desk.bo.door)
    invited(desk, actor=actor)
    (sent,) = mail.outbox
    assert sent.subject == "Bo Bcc: x@example.org Click here invites you to act for Northwind"
    assert sent.recipients() == [MAIL]


class _Down(locmem.EmailBackend):
    def send_messages(self, messages: Any) -> int:
        raise smtplib.SMTPConnectError(421, "down")


def test_a_mail_that_cannot_be_sent_is_told_and_the_link_works(desk: Desk, settings: Any) -> None:
    settings.EMAIL_BACKEND = f"{__name__}._Down"
    made = invited(desk)
    assert not made.is_sent and why_not(made.link, desk.at) == ""


@pytest.mark.parametrize("days", [0, -1, 91, 10**30])
def test_a_link_lasts_1_to_90_days(desk: Desk, days: int) -> None:
    with pytest.raises(Invalid) as refused:
        invited(desk, days=days)
    assert refused.value.code == "link_days" and not Invitation.objects.exists()


def test_without_days_the_setting_says_how_long(desk: Desk, settings: Any) -> None:
    settings.VALETKEY_LINK_DAYS = 5
    made = invited(desk)
    assert made.invitation.ends_at == desk.at + timedelta(days=5)
    assert why_not(made.link, desk.at + timedelta(days=5, seconds=-1)) == ""
    assert why_not(made.link, desk.at + timedelta(days=5)) == "invitation_ended"


@pytest.mark.parametrize(
    "given",
    [
        {"role": None},
        {"desk_role": DeskRole.AUDITOR},
        {"desk_role": DeskRole.AUDITOR, "role": None},
    ],
    ids=["no role", "both", "a party and the desk"],
)
def test_an_invitation_is_to_a_party_in_a_role_or_to_the_desk(desk: Desk, given: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as refused:
        invited(desk, **given)
    assert refused.value.code == "invited_to"
    for nothing in ({"desk_role": DeskRole.NONE}, {"desk_role": DeskRole.AUDITOR, "role": Role.MEMBER}):
        with pytest.raises(Invalid):
            invited(desk, party=None, actor=HOST, **{"role": None, **nothing})


def test_the_database_takes_no_invitation_to_both(desk: Desk) -> None:
    row = invited(desk).invitation
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.filter(pk=row.pk).update(desk_role="admin")


@pytest.mark.parametrize("address", ["", "nia", "nia@", "a b@example.org", "nia@nowhere", f"{'x' * 140}@example.org"])
def test_what_is_no_mail_address_is_not_invited(desk: Desk, address: str) -> None:
    with pytest.raises(Invalid) as refused:
        invited(desk, mail=address)
    assert refused.value.code == "mail_address"


def test_a_newer_invitation_to_the_same_end_takes_the_older_ones_place(desk: Desk) -> None:
    older, other = invited(desk), invited(desk, mail="other@example.org")
    to_the_desk, elsewhere = invited_to_desk(desk), invited(desk, party=desk.rival, actor=HOST)
    newer = invited(desk, role=Role.MANAGER, at=desk.later(days=1))
    assert why_not(older.link, desk.at) == "invitation_replaced"
    for link in (newer.link, other.link, to_the_desk.link, elsewhere.link):
        assert why_not(link, desk.at) == ""
    assert state(older.invitation, desk.at) == "replaced"
    assert invited_to_desk(desk, DeskRole.ADMIN) and why_not(to_the_desk.link, desk.at) == "invitation_replaced"


def test_somebody_who_acts_in_that_role_already_is_not_invited_to_it(desk: Desk) -> None:
    with pytest.raises(Conflict) as refused:
        invited(desk, mail="KIM@example.org", role=Role.MEMBER)
    assert refused.value.code == "member_already"
    with pytest.raises(Conflict) as refused:
        invited_to_desk(desk, mail="otto@example.org")
    assert refused.value.code == "desk_role_already"
    assert invited(desk, mail="kim@example.org", role=Role.MANAGER), "another role is something else"
    assert invited_to_desk(desk, DeskRole.ADMIN, mail="otto@example.org")


def test_a_user_of_another_party_is_invited_as_anybody_is(desk: Desk) -> None:
    """Else the answer would tell a manager who else is on the desk."""
    made = invited(desk, mail="mara@example.org")
    assert made.is_sent and why_not(made.link, desk.at) == ""


@pytest.mark.parametrize("text", ["", "x", "x" * 43, "ä", "\udc80", "x\0"], ids=ascii)
def test_what_is_no_link_leads_nowhere(desk: Desk, text: str) -> None:
    invited(desk)
    with pytest.raises(NotFound) as refused:
        services.find_invitation(link=Secret(text), at=desk.at)
    assert refused.value.code == "no_such_link"


def test_whoever_may_invite_there_withdraws_and_sees_what_waits(desk: Desk) -> None:
    for actor in (desk.bo, desk.admin, HOST):
        made = invited(desk)
        assert made.invitation in Invitation.objects.visible_to(actor)
        services.withdraw_invitation(invitation=made.invitation, actor=actor, at=desk.at)
        assert why_not(made.link, desk.at) == "invitation_withdrawn"
    to_the_desk = invited_to_desk(desk)
    assert to_the_desk.invitation not in Invitation.objects.visible_to(desk.bo)
    services.withdraw_invitation(invitation=to_the_desk.invitation, actor=desk.admin, at=desk.at)


def test_nobody_else_withdraws_or_sees_it(desk: Desk) -> None:
    rows = [invited(desk).invitation, invited_to_desk(desk).invitation]
    count = Entry.objects.count()
    for row in rows:
        for actor, kind in (
            (desk.kim, NotFound), (desk.viewer, NotFound), (desk.mara, NotFound), (desk.stranger, NotFound),
            (desk.auditor, Forbidden),
        ):  # fmt: skip
            with pytest.raises(kind) as refused:
                services.withdraw_invitation(invitation=row, actor=actor, at=desk.at)
            assert refused.type is kind
            assert (row in Invitation.objects.visible_to(actor)) is (actor == desk.auditor)
    with pytest.raises(NotFound):
        services.withdraw_invitation(invitation=rows[1], actor=desk.bo, at=desk.at)
    assert Entry.objects.count() == count


def test_what_is_over_is_not_withdrawn(desk: Desk) -> None:
    used, ended = invited(desk), invited(desk, mail="other@example.org", days=1)
    accept(desk, used.link)
    for made, word in ((used, "used"), (ended, "ended")):
        with pytest.raises(Conflict) as refused:
            services.withdraw_invitation(invitation=made.invitation, actor=desk.bo, at=desk.later(days=1))
        assert refused.value.code == "invitation_over" and word in refused.value.sentence


Changes = Callable[[Desk], object]
LOSES_THE_RIGHT: dict[str, Changes] = {
    "left": lambda desk: services.leave(user=user_of(desk.bo), party=desk.advertiser, actor=HOST, at=desk.at),
    "another role": lambda desk: services.join(
        user=user_of(desk.bo), party=desk.advertiser, role=Role.MEMBER, actor=HOST, at=desk.at
    ),
    "ended": lambda desk: services.end_user(user=user_of(desk.bo), actor=HOST, at=desk.at),
    "inactive": lambda desk: User.objects.filter(pk=user_of(desk.bo).pk).update(is_active=False),
}


@pytest.mark.parametrize("how", LOSES_THE_RIGHT)
def test_an_invitation_lapses_when_its_inviter_may_no_longer_invite(desk: Desk, how: str) -> None:
    """A manager who left could have left a door open behind them: a link to themselves under another address."""
    made = invited(desk)
    LOSES_THE_RIGHT[how](desk)
    assert why_not(made.link, desk.at) == "invitation_lapsed"
    with pytest.raises(Conflict) as refused:
        accept(desk, made.link)
    assert refused.value.code == "invitation_lapsed"
    assert not User.objects.filter(email=MAIL).exists()


def test_what_lapsed_stays_lapsed_when_its_inviter_comes_back(desk: Desk) -> None:
    made, bo = invited(desk), user_of(desk.bo)
    services.leave(user=bo, party=desk.advertiser, actor=HOST, at=desk.at)
    services.join(user=bo, party=desk.advertiser, role=Role.MANAGER, actor=HOST, at=desk.at)
    assert why_not(made.link, desk.at) == "invitation_lapsed"
    assert Entry.objects.filter(event="invitation.lapsed").count() == 1


def test_an_admin_who_is_none_any_more_leaves_no_invitation_behind(desk: Desk) -> None:
    made, for_a_party = invited_to_desk(desk), invited(desk, mail="other@example.org", actor=desk.admin)
    services.join(user=user_of(desk.admin), party=desk.rival, role=Role.MANAGER, actor=HOST, at=desk.at)
    own = invited(desk, party=desk.rival, actor=desk.admin)
    services.set_desk_role(user=user_of(desk.admin), desk_role=DeskRole.NONE, actor=HOST, at=desk.at)
    assert why_not(made.link, desk.at) == why_not(for_a_party.link, desk.at) == "invitation_lapsed"
    assert why_not(own.link, desk.at) == "", "what they may still do stays"


def test_whoever_leaves_does_not_come_back_by_an_invitation_that_still_waited(desk: Desk) -> None:
    kim = user_of(desk.kim)
    waiting = invited(desk, mail=kim.email, role=Role.MANAGER)
    services.leave(user=kim, party=desk.advertiser, actor=desk.bo, at=desk.at)
    assert why_not(waiting.link, desk.at) == "invitation_withdrawn"
    with pytest.raises(Refused):
        services.join_by_invitation(link=waiting.link, actor=desk.kim, at=desk.at)
    assert role(kim, desk.advertiser) is None


def test_whoever_is_let_in_another_way_needs_the_invitation_no_more(desk: Desk) -> None:
    """It could be used later, after they were let go again."""
    for_sam, to_the_desk = invited(desk, mail="sam@example.org"), invited_to_desk(desk, mail="sam@example.org")
    sam = user_of(desk.stranger)
    services.join(user=sam, party=desk.advertiser, role=Role.VIEWER, actor=desk.bo, at=desk.at)
    services.set_desk_role(user=sam, desk_role=DeskRole.ADMIN, actor=desk.admin, at=desk.at)
    assert why_not(for_sam.link, desk.at) == why_not(to_the_desk.link, desk.at) == "invitation_replaced"
