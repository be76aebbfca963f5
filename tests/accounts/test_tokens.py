"""API tokens: shown once, kept as a digest, open as their user while both are in force, and end for good."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.desk import AT, HOST, Desk
from valetkey.accounts import services
from valetkey.accounts.models import ApiToken, User
from valetkey.audit.entry import Actor, Door
from valetkey.audit.models import Entry
from valetkey.errors import Conflict, Forbidden, Invalid
from valetkey.secret import Secret

pytestmark = pytest.mark.django_db


def user_of(actor: Actor) -> User:
    assert actor.user_id is not None
    return User.objects.get(pk=actor.user_id)


def make(desk: Desk, actor: Actor | None = None) -> Secret:
    who = actor or desk.bo
    return services.make_token(user=user_of(who), label="script", actor=who, at=desk.at)


def opens(token: Secret, at: datetime = AT) -> int | None:
    try:
        return services.actor_by_token(token=token, door=Door.API, at=at).user_id
    except Forbidden as refused:
        assert refused.code == "bad_token"
        assert not token or token.reveal() not in f"{refused!r} {refused}"
        return None


def test_a_token_acts_as_its_user_through_the_door_it_came_by(desk: Desk) -> None:
    actor = services.actor_by_token(token=make(desk), door=Door.API, at=desk.at)
    assert actor == Actor(name="Bo", door=Door.API, user_id=desk.bo.user_id)


def test_only_a_digest_of_it_is_kept_and_the_history_knows_nothing_of_it(desk: Desk) -> None:
    token = make(desk)
    row = ApiToken.objects.get()
    assert len(token.reveal()) > 40 and token.reveal()[3:] not in repr(list(ApiToken.objects.values()))
    assert token.reveal() not in repr(list(Entry.objects.values())) and row.digest not in repr(
        list(Entry.objects.values())
    )
    assert make(desk) != token


def test_an_ended_token_opens_nothing_and_leaves_the_others_alone(desk: Desk) -> None:
    first = make(desk)
    row = ApiToken.objects.get()
    second = make(desk)
    services.end_token(token=row, actor=desk.bo, at=desk.at)
    assert opens(first) is None and opens(second) == desk.bo.user_id
    services.end_token(token=row, actor=desk.bo, at=desk.later(days=1))
    assert Entry.objects.filter(event="token.ended").count() == 1, "ending it again changes nothing"
    row.refresh_from_db()
    assert row.ended_at is not None and row.ended_at < desk.at


def test_the_token_of_an_inactive_user_opens_nothing(desk: Desk) -> None:
    token = make(desk)
    User.objects.filter(pk=user_of(desk.bo).pk).update(is_active=False)
    assert opens(token) is None


def test_an_inactive_user_makes_no_token_that_waits_for_them_to_come_back(desk: Desk) -> None:
    User.objects.filter(pk=user_of(desk.bo).pk).update(is_active=False)
    for actor in (desk.bo, HOST):
        with pytest.raises(Conflict) as refused:
            services.make_token(user=user_of(desk.bo), label="script", actor=actor, at=desk.at)
        assert refused.value.code == "user_inactive"
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize("text", ["", "vk_", "vk_" + "x" * 43, "ä", "\udc80", "vk_\0"], ids=ascii)
def test_what_is_no_token_opens_nothing(desk: Desk, text: str) -> None:
    make(desk)
    assert opens(Secret(text)) is None


def test_a_token_works_until_its_end_and_not_in_that_instant(desk: Desk) -> None:
    user = user_of(desk.bo)
    for days in (1, 365, 730):
        token = services.make_token(user=user, label="script", days=days, actor=desk.bo, at=desk.at)
        ends_at = desk.at + timedelta(days=days)
        assert opens(token, ends_at - timedelta(seconds=1)) == user.pk
        assert opens(token, ends_at) is None
    assert ApiToken.objects.live(desk.at + timedelta(days=365)).count() == 1


def test_a_token_made_without_an_end_works_until_somebody_ends_it(desk: Desk) -> None:
    """As those do that were made before tokens had an end."""
    token = services.make_token(user=user_of(desk.bo), label="script", days=None, actor=desk.bo, at=desk.at)
    assert opens(token, desk.at + timedelta(days=9000)) == desk.bo.user_id
    services.end_token(token=ApiToken.objects.get(), actor=desk.bo, at=desk.at)
    assert opens(token) is None


@pytest.mark.parametrize("days", [0, -1, 731, 10**30])
def test_a_token_lasts_a_day_at_least_and_two_years_at_most(desk: Desk, days: int) -> None:
    with pytest.raises(Invalid) as refused:
        services.make_token(user=user_of(desk.bo), label="script", days=days, actor=desk.bo, at=desk.at)
    assert refused.value.code == "token_days" and not ApiToken.objects.exists()


def test_nobody_makes_or_ends_a_token_of_somebody_else_but_the_admin(desk: Desk) -> None:
    token = make(desk)
    row = ApiToken.objects.get()
    for actor in (desk.kim, desk.mara, desk.stranger, desk.auditor, desk.viewer):
        with pytest.raises(Forbidden):
            services.make_token(user=user_of(desk.bo), label="script", actor=actor, at=desk.at)
        with pytest.raises(Forbidden):
            services.end_token(token=row, actor=actor, at=desk.at)
    assert ApiToken.objects.count() == 1 and opens(token) == desk.bo.user_id
    services.end_token(token=row, actor=desk.admin, at=desk.at)
    assert opens(token) is None
