"""An invitation is taken up once, by the person with that mail address, and makes them what it says and no more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from threading import Barrier, Thread

import pytest
from django.contrib.auth import authenticate
from django.db import connections
from django.test import RequestFactory

from tests.accounts.inviting import (
    MAIL,
    PASSWORD,
    accept,
    actor_of,
    invited,
    invited_to_desk,
    role,
    state,
    user_of,
    why_not,
)
from tests.desk import HOST, Desk
from valetkey.accounts import services
from valetkey.accounts.models import Invitation, Membership, User
from valetkey.accounts.policy import DeskRole, Role
from valetkey.accounts.services import accept as accepting
from valetkey.audit.entry import GUEST, Actor, Door
from valetkey.audit.models import Entry
from valetkey.audit.services import verify
from valetkey.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from valetkey.secret import Secret

pytestmark = pytest.mark.django_db


def test_a_new_person_chooses_a_password_signs_in_with_it_and_acts_for_the_party(desk: Desk) -> None:
    made = invited(desk, mail="Nia@Example.org", role=Role.MANAGER)
    user = accept(desk, made.link, name=" Nia Berg ")
    assert (user.email, user.username, str(user)) == (MAIL, MAIL, "Nia Berg")
    assert role(user, desk.advertiser) is Role.MANAGER and user.desk_role == "" and not user.is_staff
    request = RequestFactory().post("/")
    assert authenticate(request, email=MAIL, password=PASSWORD) == user
    assert authenticate(request, email=MAIL, password=f" {PASSWORD}") is None
    assert state(made.invitation, desk.at) == "used"


def test_a_new_person_takes_a_role_on_the_desk(desk: Desk) -> None:
    user = accept(desk, invited_to_desk(desk, DeskRole.ADMIN, name="Nia").link, name="")
    assert user.desk_role == "admin" and str(user) == "Nia" and not Membership.objects.filter(user=user).exists()


def test_the_history_says_who_came_by_whose_invitation(desk: Desk) -> None:
    made = invited(desk)
    user = accept(desk, made.link)
    lines = list(Entry.objects.order_by("-seq")[:5])
    assert [line.event for line in reversed(lines)] == [
        "invitation.made", "user.created", "invitation.accepted", "membership.started", "person.entered",
    ]  # fmt: skip
    assert {(line.user_id, line.door) for line in lines[:4]} == {(user.pk, "web")}
    assert lines[3].detail == {"name": "Nia", "invited_by": "Bo"} and lines[2].detail["mail"] == MAIL
    assert PASSWORD not in repr([line.__dict__ for line in lines]) and verify().holds


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("", "too short"),
        ("short", "at least 10"),
        ("password1234567", None),
        ("1234567890", "too common"),
        ("1nia@example.org1", "too similar"),
        ("Nia-Lindberg", "too similar"),
        ("half\udc80a-long-password", "not UTF-8"),
        ("nul\0in-a-long-password", "control characters"),
        ("x" * 1001, "too long"),
    ],
    ids=["empty", "short", "fine", "common", "the mail address", "the name", "not text", "nul", "long"],
)
def test_a_weak_password_is_refused_with_the_reason_and_the_link_still_works(
    desk: Desk, password: str, said: str | None
) -> None:
    made, count = invited(desk), Entry.objects.count()
    if said is None:
        assert accept(desk, made.link, password=Secret(password)).check_password(password)
        return
    with pytest.raises(Invalid) as refused:
        accept(desk, made.link, name="Nia Lindberg", password=Secret(password))
    assert said in refused.value.sentence
    assert Entry.objects.count() == count and not User.objects.filter(email=MAIL).exists()
    assert why_not(made.link, desk.at) == ""


@pytest.mark.parametrize("name", ["x" * 151, "bell\x07"], ids=["long", "bell"])
def test_a_name_is_a_text_that_fits(desk: Desk, name: str) -> None:
    with pytest.raises(Invalid):
        accept(desk, invited(desk).link, name=name)


def test_it_is_taken_up_once(desk: Desk) -> None:
    made = invited(desk)
    accept(desk, made.link)
    with pytest.raises(Conflict) as refused:
        accept(desk, made.link, password=Secret("another-long-password"))
    assert refused.value.code == "invitation_used"
    assert User.objects.get(email=MAIL).check_password(PASSWORD)


@pytest.mark.parametrize(
    ("over", "code"),
    [
        (lambda desk, made: desk.later(days=30), "invitation_ended"),
        (lambda desk, made: invited(desk), "invitation_replaced"),
        (
            lambda desk, made: services.withdraw_invitation(invitation=made.invitation, actor=desk.bo, at=desk.at),
            "invitation_withdrawn",
        ),
    ],
    ids=["ended", "replaced", "withdrawn"],
)
def test_what_is_over_makes_nobody_a_user(desk: Desk, over: Callable[..., object], code: str) -> None:
    made = invited(desk)
    over(desk, made)
    for attempt in (
        lambda: accept(desk, made.link),
        lambda: services.join_by_invitation(link=made.link, actor=desk.stranger, at=desk.at),
    ):
        with pytest.raises(Conflict) as refused:
            attempt()
        assert refused.value.code == code
    assert not User.objects.filter(email=MAIL).exists()


def test_a_link_that_nobody_made_makes_nobody_a_user(desk: Desk) -> None:
    count = User.objects.count()
    with pytest.raises(NotFound):
        accept(desk, Secret("x" * 43))
    assert User.objects.count() == count


def test_who_is_a_user_already_signs_in_and_joins(desk: Desk) -> None:
    made = invited(desk, mail="sam@example.org", role=Role.VIEWER)
    with pytest.raises(Conflict) as refused:
        accept(desk, made.link)
    assert refused.value.code == "user_exists"
    assert not user_of(desk.stranger).has_usable_password(), "no link sets the password of somebody who is here"
    services.join_by_invitation(link=made.link, actor=desk.stranger, at=desk.at)
    assert role(user_of(desk.stranger), desk.advertiser) is Role.VIEWER
    assert role(user_of(desk.stranger), desk.rival) is Role.MANAGER
    assert why_not(made.link, desk.at) == "invitation_used"


def test_a_user_changes_their_role_or_gets_one_on_the_desk_by_invitation(desk: Desk) -> None:
    services.join_by_invitation(
        link=invited(desk, mail="kim@example.org", role=Role.MANAGER).link, actor=desk.kim, at=desk.at
    )
    assert role(user_of(desk.kim), desk.advertiser) is Role.MANAGER
    services.join_by_invitation(link=invited_to_desk(desk, mail="kim@example.org").link, actor=desk.kim, at=desk.at)
    assert user_of(desk.kim).desk_role == "auditor"


def test_nobody_joins_by_an_invitation_to_another_mail_address(desk: Desk) -> None:
    made, count = invited_to_desk(desk, DeskRole.ADMIN, mail="kim@example.org"), Entry.objects.count()
    guest = Actor(name="kim@example.org", door=Door.WEB, user_id=GUEST)
    for actor in (desk.stranger, desk.bo, desk.admin, HOST, guest):
        with pytest.raises(Forbidden) as refused:
            services.join_by_invitation(link=made.link, actor=actor, at=desk.at)
        assert refused.value.code == "not_your_invitation"
    User.objects.filter(pk=user_of(desk.kim).pk).update(is_active=False)
    with pytest.raises(Forbidden):
        services.join_by_invitation(link=made.link, actor=desk.kim, at=desk.at)
    assert Entry.objects.count() == count and why_not(made.link, desk.at) == ""


def test_the_last_admin_does_not_step_down_by_an_invitation(desk: Desk) -> None:
    made = invited_to_desk(desk, DeskRole.AUDITOR, mail="ada@example.org")
    with pytest.raises(Conflict) as refused:
        services.join_by_invitation(link=made.link, actor=desk.admin, at=desk.at)
    assert refused.value.code == "last_admin"
    assert user_of(desk.admin).desk_role == "admin" and why_not(made.link, desk.at) == ""


def ended(desk: Desk) -> User:
    kim = user_of(desk.kim)
    services.set_desk_role(user=kim, desk_role=DeskRole.AUDITOR, actor=HOST, at=desk.at)
    services.end_user(user=kim, reason="Moved on.", actor=HOST, at=desk.at)
    return kim


@pytest.mark.parametrize("who", ["admin", "the host"])
def test_whoever_was_ended_comes_back_when_the_desk_invites_them(desk: Desk, who: str) -> None:
    kim = ended(desk)
    User.objects.filter(pk=kim.pk).update(is_staff=True, desk_role="admin")  # however that came about
    made = invited(desk, mail=kim.email, role=Role.VIEWER, actor=HOST if who == "the host" else desk.admin)
    back = accept(desk, made.link, name="")
    assert back.pk == kim.pk and str(back) == "Kim" and back.is_active and back.check_password(PASSWORD)
    assert role(back, desk.advertiser) is Role.VIEWER and Membership.objects.current().filter(user=back).count() == 1
    assert back.desk_role == "" and not back.is_staff, "with what the invitation says, not with what they had"
    assert Entry.objects.filter(event="user.returned", subject=f"user {kim.pk}").count() == 1


def test_whoever_was_ended_is_not_brought_back_by_a_manager(desk: Desk) -> None:
    waiting = invited(desk, mail="kim@example.org", role=Role.MANAGER)
    kim = ended(desk)
    assert why_not(waiting.link, desk.at) == "invitation_withdrawn"
    with pytest.raises(Conflict) as refused:
        invited(desk, mail=kim.email)
    assert refused.value.code == "user_ended"

    User.objects.filter(pk=kim.pk).update(is_active=True)
    made = invited(desk, mail=kim.email)
    User.objects.filter(pk=kim.pk).update(is_active=False)
    with pytest.raises(Conflict) as refused:
        accept(desk, made.link)
    assert refused.value.code == "user_ended" and not user_of(desk.kim).is_active


def test_the_second_of_two_clicks_is_told_that_the_link_was_used(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Told that they are a user already, and to open the link once more, they would have gone in circles."""
    made, find = invited(desk), services.find_invitation

    def find_and_let_the_other_pass(link: Secret, at: datetime) -> Invitation:
        monkeypatch.undo()
        row = find(link=link, at=at)
        accept(desk, link)
        return row

    monkeypatch.setattr(accepting, "find_invitation", find_and_let_the_other_pass)
    with pytest.raises(Conflict) as refused:
        accept(desk, made.link)
    assert refused.value.code == "invitation_used"


def test_who_became_a_user_meanwhile_signs_in_and_the_link_still_works(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Entered by an admin while they were choosing a password."""
    made, claim = invited(desk), accepting._refuse_weak

    def and_be_entered(password: Secret, user: User) -> None:
        claim(password, user)
        services.create_user(email=MAIL, name="Nia", actor=HOST, at=desk.at)

    monkeypatch.setattr(accepting, "_refuse_weak", and_be_entered)
    with pytest.raises(Conflict) as refused:
        accept(desk, made.link)
    assert refused.value.code == "user_exists" and why_not(made.link, desk.at) == ""


def at_once(*attempts: Callable[[], object]) -> list[str]:
    """What came of each, tried in threads that start together: "done", or the refusal's code."""
    start, outcomes = Barrier(len(attempts)), list[str]()

    def run(attempt: Callable[[], object]) -> None:
        start.wait(timeout=20)
        try:
            attempt()
            outcomes.append("done")
        except Refused as refused:
            outcomes.append(refused.code)
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=(attempt,)) for attempt in attempts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


@pytest.mark.django_db(transaction=True)
def test_of_several_who_accept_at_the_same_moment_one_is_let_in(committed_desk: Desk) -> None:
    desk, made = committed_desk, invited(committed_desk)
    passwords = [f"seven-quiet-lanterns-{number}" for number in range(4)]
    outcomes = at_once(*(lambda text=text: accept(desk, made.link, password=Secret(text)) for text in passwords))
    assert outcomes == ["done"] + ["invitation_used"] * 3
    user = User.objects.get(email=MAIL)
    assert sum(user.check_password(text) for text in passwords) == 1
    assert Membership.objects.filter(user=user).count() == 1 and verify().holds


@pytest.mark.django_db(transaction=True)
def test_of_one_person_joining_twice_at_the_same_moment_once_counts(committed_desk: Desk) -> None:
    desk, made = committed_desk, invited(committed_desk, mail="sam@example.org")

    def join() -> None:
        services.join_by_invitation(link=made.link, actor=desk.stranger, at=desk.at)

    assert at_once(join, join) == ["done", "invitation_used"]
    assert Membership.objects.filter(user=user_of(desk.stranger), party=desk.advertiser).count() == 1


@pytest.mark.django_db(transaction=True)
def test_withdrawing_and_accepting_at_the_same_moment_one_of_them_holds(committed_desk: Desk) -> None:
    desk, made = committed_desk, invited(committed_desk)
    outcomes = at_once(
        lambda: accept(desk, made.link),
        lambda: services.withdraw_invitation(
            invitation=Invitation.objects.get(pk=made.invitation.pk), actor=desk.bo, at=desk.at
        ),
    )
    is_in = User.objects.filter(email=MAIL).exists()
    assert outcomes == ["done", "invitation_over" if is_in else "invitation_withdrawn"]
    assert state(made.invitation, desk.at) == ("used" if is_in else "withdrawn")


@pytest.mark.django_db(transaction=True)
def test_of_several_who_invite_the_same_person_at_once_one_link_works(committed_desk: Desk) -> None:
    desk, links = committed_desk, list[Secret]()
    assert at_once(*[lambda: links.append(invited(desk).link)] * 3) == ["done"] * 3
    assert sorted(why_not(link, desk.at) for link in links) == ["", "invitation_replaced", "invitation_replaced"]


def test_a_person_who_came_by_invitation_is_an_actor_like_any_other(desk: Desk) -> None:
    user = accept(desk, invited(desk, role=Role.MANAGER).link)
    again = invited(desk, mail="next@example.org", actor=actor_of(user))
    assert again.invitation.invited_by == "Nia"
