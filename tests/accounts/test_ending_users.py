"""Somebody is ended: at once, through every door, with nothing left that opens; and the desk keeps an admin."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from tests.accounts.inviting import PASSWORD, accept, invited, role, user_of, why_not
from tests.desk import HOST, Desk
from valetkey.accounts import services
from valetkey.accounts.models import ApiToken, Invitation, Membership, User
from valetkey.accounts.policy import DeskRole, Role
from valetkey.audit.entry import GUEST, Actor, Door
from valetkey.audit.models import Entry
from valetkey.audit.services import verify
from valetkey.errors import Conflict, Forbidden, Invalid

pytestmark = pytest.mark.django_db


def test_whoever_is_ended_acts_for_nobody_and_opens_nothing(desk: Desk) -> None:
    bo = user_of(desk.bo)
    token = services.make_token(user=bo, label="script", actor=desk.bo, at=desk.at)
    services.join(user=bo, party=desk.rival, role=Role.VIEWER, actor=HOST, at=desk.at)
    by_bo, to_bo = invited(desk), invited(desk, mail=bo.email, party=desk.creator, actor=HOST)
    services.end_user(user=bo, reason=" Moved on. ", actor=desk.admin, at=desk.later(days=1))

    assert not bo.is_active and not bo.has_usable_password()
    assert not Membership.objects.current().filter(user=bo).exists()
    assert set(Membership.objects.filter(user=bo).values_list("ended_at", flat=True)) == {desk.at}, "ended, not deleted"
    assert not ApiToken.objects.live(desk.at).exists()
    with pytest.raises(Forbidden):
        services.actor_by_token(token=token, door=Door.API, at=desk.at)
    assert why_not(by_bo.link, desk.at) == "invitation_lapsed"
    assert why_not(to_bo.link, desk.at) == "invitation_withdrawn"
    assert not Invitation.objects.live(desk.at).exists()


def test_the_history_says_who_why_and_what_went_with_it(desk: Desk) -> None:
    bo = user_of(desk.bo)
    services.make_token(user=bo, label="script", actor=desk.bo, at=desk.at)
    invited(desk)
    count = Entry.objects.count()
    services.end_user(user=bo, reason=" Moved on. ", actor=desk.admin, at=desk.at)
    lines = Entry.objects.order_by("seq")[count:]
    assert [line.event for line in lines] == [
        "membership.ended", "invitation.lapsed", "token.ended", "user.ended",
    ]  # fmt: skip
    last = lines[3]
    assert (last.subject, last.actor_name) == (f"user {bo.pk}", "Ada")
    assert last.detail == {"user": "Bo", "reason": "Moved on.", "desk_role": ""} and verify().holds


def signed_in(desk: Desk) -> tuple[User, Client, Client]:
    """Somebody who came by an invitation and is signed in twice."""
    user = accept(desk, invited(desk).link)
    browsers = Client(), Client()
    for browser in browsers:
        answer = browser.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
        assert answer.status_code == 302
        assert is_in(browser)
    return user, *browsers


def is_in(browser: Client) -> bool:
    return "_auth_user_id" in browser.session and browser.get(reverse("front")).status_code == 200


def test_every_sign_in_ends_at_once_and_nobody_elses(desk: Desk) -> None:
    user, *browsers = signed_in(desk)
    other = Client()
    other.force_login(user_of(desk.kim))
    assert UserSession.objects.filter(user=user).count() == 2
    services.end_user(user=user, actor=HOST, at=desk.at)
    assert not UserSession.objects.filter(user=user).exists() and Session.objects.count() == 1
    for browser in browsers:
        answer = browser.get(reverse("front"))
        assert answer.status_code == 302 and answer.headers["Location"].startswith(reverse("account_login"))
    browser = Client()
    browser.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    assert "_auth_user_id" not in browser.session
    assert is_in(other)


def test_their_second_factors_are_not_kept_and_do_not_lock_them_out_when_they_come_back(desk: Desk) -> None:
    user = user_of(desk.kim)
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(user)
    RecoveryCodes.activate(user_of(desk.bo))
    services.end_user(user=user, actor=HOST, at=desk.at)
    assert list(Authenticator.objects.values_list("user", flat=True)) == [desk.bo.user_id]


def test_only_the_desk_admin_ends_somebody(desk: Desk) -> None:
    guest = Actor(name="bo@example.org", door=Door.WEB, user_id=GUEST)
    for actor in (desk.bo, desk.mara, desk.kim, desk.auditor, desk.stranger, guest):
        with pytest.raises(Forbidden):
            services.end_user(user=user_of(desk.kim), actor=actor, at=desk.at)
    assert user_of(desk.kim).is_active
    services.end_user(user=user_of(desk.kim), actor=desk.admin, at=desk.at)


def test_nobody_is_ended_twice_and_a_reason_fits_in_a_line(desk: Desk) -> None:
    kim = user_of(desk.kim)
    with pytest.raises(Invalid):
        services.end_user(user=kim, reason="x" * 501, actor=HOST, at=desk.at)
    services.end_user(user=kim, actor=HOST, at=desk.at)
    count = Entry.objects.count()
    with pytest.raises(Conflict) as refused:
        services.end_user(user=kim, actor=HOST, at=desk.at)
    assert refused.value.code == "user_ended" and Entry.objects.count() == count


TAKES_THE_LAST: dict[str, Callable[[Desk, Actor], object]] = {
    "ending": lambda desk, actor: services.end_user(user=user_of(desk.admin), actor=actor, at=desk.at),
    "no role": lambda desk, actor: services.set_desk_role(
        user=user_of(desk.admin), desk_role=DeskRole.NONE, actor=actor, at=desk.at
    ),
    "another role": lambda desk, actor: services.set_desk_role(
        user=user_of(desk.admin), desk_role=DeskRole.AUDITOR, actor=actor, at=desk.at
    ),
}


@pytest.mark.parametrize("how", TAKES_THE_LAST)
def test_the_last_admin_stays_unless_the_host_says_otherwise(desk: Desk, how: str) -> None:
    inactive = user_of(desk.bo)
    User.objects.filter(pk=inactive.pk).update(desk_role="admin", is_active=False)
    with pytest.raises(Conflict) as refused:
        TAKES_THE_LAST[how](desk, desk.admin)
    assert refused.value.code == "last_admin" and user_of(desk.admin).desk_role == "admin"
    TAKES_THE_LAST[how](desk, HOST)
    assert user_of(desk.admin).desk_role != "admin"


@pytest.mark.parametrize("how", TAKES_THE_LAST)
def test_an_admin_who_is_not_the_last_may_go(desk: Desk, how: str) -> None:
    services.set_desk_role(user=user_of(desk.bo), desk_role=DeskRole.ADMIN, actor=desk.admin, at=desk.at)
    TAKES_THE_LAST[how](desk, desk.admin)
    assert user_of(desk.admin).desk_role != "admin"
    with pytest.raises(Forbidden):
        services.end_user(user=user_of(desk.kim), actor=desk.admin, at=desk.at)


def test_a_role_on_the_desk_is_given_and_taken_by_an_admin_alone(desk: Desk) -> None:
    kim = user_of(desk.kim)
    for actor in (desk.bo, desk.kim, desk.auditor, desk.stranger):
        with pytest.raises(Forbidden):
            services.set_desk_role(user=kim, desk_role=DeskRole.ADMIN, actor=actor, at=desk.at)
    services.set_desk_role(user=kim, desk_role=DeskRole.AUDITOR, actor=desk.admin, at=desk.at)
    assert kim.desk_role == "auditor"
    line = Entry.objects.latest("seq")
    assert (line.event, line.subject) == ("user.desk_role.set", f"user {kim.pk}")
    assert line.detail == {"user": "Kim", "from": "", "to": "auditor"}
    services.set_desk_role(user=kim, desk_role=DeskRole.NONE, actor=HOST, at=desk.at)
    assert user_of(desk.kim).desk_role == "" and role(kim, desk.advertiser) is Role.MEMBER


def test_a_role_they_have_and_a_role_for_somebody_who_was_ended_are_refused(desk: Desk) -> None:
    for desk_role, who in ((DeskRole.AUDITOR, desk.auditor), (DeskRole.NONE, desk.kim)):
        with pytest.raises(Conflict) as refused:
            services.set_desk_role(user=user_of(who), desk_role=desk_role, actor=HOST, at=desk.at)
        assert refused.value.code == "desk_role_already" and "  " not in refused.value.sentence
    services.end_user(user=user_of(desk.kim), actor=HOST, at=desk.at)
    with pytest.raises(Conflict) as refused:
        services.set_desk_role(user=user_of(desk.kim), desk_role=DeskRole.ADMIN, actor=HOST, at=desk.at)
    assert refused.value.code == "user_inactive"


@pytest.mark.parametrize("zone", ["Europe/Berlin", " America/New_York ", "UTC"])
def test_a_person_says_in_which_time_zone_their_pages_are(desk: Desk, zone: str) -> None:
    bo = user_of(desk.bo)
    services.set_time_zone(user=bo, time_zone=zone, actor=desk.bo, at=desk.at)
    assert user_of(desk.bo).time_zone == bo.time_zone == zone.strip()
    count = Entry.objects.filter(event="user.time_zone.set").count()
    services.set_time_zone(user=bo, time_zone=zone, actor=desk.admin, at=desk.at)
    assert Entry.objects.filter(event="user.time_zone.set").count() == count == 1
    services.set_time_zone(user=bo, time_zone="", actor=desk.bo, at=desk.at)
    assert user_of(desk.bo).time_zone == ""


@pytest.mark.parametrize(
    "zone",
    ["Mars/Olympus", "../../etc/passwd", "Europe", "x" * 5000, "nul\0", "half\udcff"],
    ids=lambda one: ascii(one)[:20],
)
def test_what_is_no_time_zone_is_refused(desk: Desk, zone: str) -> None:
    with pytest.raises(Invalid) as refused:
        services.set_time_zone(user=user_of(desk.bo), time_zone=zone, actor=desk.bo, at=desk.at)
    assert refused.value.code == "time_zone" and user_of(desk.bo).time_zone == ""


def test_nobody_sets_somebody_elses_time_zone_but_the_admin(desk: Desk) -> None:
    for actor in (desk.kim, desk.auditor, desk.stranger):
        with pytest.raises(Forbidden):
            services.set_time_zone(user=user_of(desk.bo), time_zone="UTC", actor=actor, at=desk.at)
