"""Somebody leaves: the checklist names all that is there, misses none, adds none; after it nothing is open."""

from __future__ import annotations

import pytest
from django.db import connection

from tests.changes.leaving import DAY, Leaver, expose, give, leaver
from tests.desk import Desk
from valetkey.accounts.models import Membership, Person
from valetkey.audit.services import verify
from valetkey.changes import services
from valetkey.changes.models import Change, Step
from valetkey.errors import Conflict
from valetkey.register import services as register

pytestmark = pytest.mark.django_db


def asked(sql: str, *values: int | None) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return {str(row[0]) for row in cursor.fetchall()}


def everything_of(gone: Person) -> set[tuple[str, str]]:
    """Without a word of the code under test: plain SQL over the tables."""
    name = gone.pk
    found = {
        ("off_the_list", each)
        for each in asked("SELECT reference FROM register_access WHERE person_id = %s AND ended_at IS NULL", name)
    }
    found |= {
        ("answers_for_access", each)
        for each in asked(
            "SELECT reference FROM register_access WHERE owner_id = %s AND ended_at IS NULL AND way = 'entered'", name
        )
    }
    owned = (
        "SELECT reference FROM authorizations_authorization WHERE (creator_owner_id = %s OR advertiser_owner_id = %s)"
        " AND state NOT IN ('declined', 'withdrawn', 'ended', 'expired')"
    )
    found |= {("answers_for_authorization", each) for each in asked(owned, name, name)}
    seen = (
        "SELECT a.reference FROM authorizations_reveal r JOIN authorizations_authorization a"
        " ON a.id = r.authorization_id WHERE r.user_id = %s AND a.state IN ('issued', 'handed_over', 'opened',"
        " 'applied', 'in_use', 'end_asked', 'end_acknowledged', 'ads_paused', 'switched_off')"
    )
    found |= {("code_seen", each) for each in asked(seen, gone.user_id)}
    known = (
        "SELECT e.reference FROM register_exposureknower k JOIN register_exposure e ON e.id = k.exposure_id"
        " WHERE k.person_id = %s AND e.changed_at IS NULL"
    )
    found |= {("password_known", each) for each in asked(known, name)}
    held = (
        "SELECT a.reference FROM register_ownership o JOIN register_asset a ON a.id = o.asset_id"
        " WHERE %s IN (o.owner_id, o.backup_owner_id, o.recovery_mail_id, o.recovery_phone_id, o.second_factor_id,"
        " o.backup_codes_id)"
    )
    found |= {("in_hand", each) for each in asked(held, name)}
    duties = "SELECT reference FROM register_responsibility WHERE person_id = %s AND ended_at IS NULL"
    found |= {("duty", each) for each in asked(duties, name)}
    relations = "SELECT reference FROM register_engagement WHERE owner_id = %s AND ended_at IS NULL"
    found |= {("relation", each) for each in asked(relations, name)}
    tokens = "SELECT id FROM accounts_apitoken WHERE user_id = %s AND ended_at IS NULL"
    found |= {("token", each) for each in asked(tokens, gone.user_id)}
    acting = "SELECT user_id FROM accounts_membership WHERE user_id = %s AND party_id = %s AND ended_at IS NULL"
    return found | {("desk", each) for each in asked(acting, gone.user_id, gone.kept_by_id)}


def told(change: Change) -> list[tuple[str, str]]:
    once = {"second_factor", "left", "verified"}
    return [(step.name, step.subject) for step in change.steps.all() if step.name not in once]


def opened(desk: Desk, who: Leaver) -> Change:
    return services.open_change(
        occasion="leaver", kept_by=desk.advertiser, person=who.person, day=DAY, actor=desk.bo, at=desk.at
    )


def finish(desk: Desk, change: Change, who: Leaver) -> None:
    for step in change.steps.order_by("number"):
        row = services.find_step(change=change, number=step.number)
        to = who.stays if row.effect == "pass_on" else None
        actor = desk.admin if row.effect == "end_token" else desk.bo
        services.do_step(step=row, proof="Looked, and it is so.", to=to, actor=actor, at=desk.at)


def test_the_checklist_names_all_misses_none_and_adds_none(desk: Desk) -> None:
    who = leaver(desk)
    change = opened(desk, who)
    lines = told(change)
    assert len(lines) == len(set(lines))
    assert set(lines) == everything_of(who.person)
    count = {name: sum(one == name for one, _ in lines) for name, _ in lines}
    assert count == {
        "off_the_list": 6, "answers_for_authorization": 2, "code_seen": 4, "password_known": 1, "token": 1, "desk": 1,
    }  # fmt: skip


def test_after_the_last_proof_nothing_of_them_is_open(desk: Desk) -> None:
    who = leaver(desk)
    change = opened(desk, who)
    with pytest.raises(Conflict, match="steps are open"):
        services.close_change(change=change, actor=desk.bo, at=desk.at)
    finish(desk, change, who)
    left = everything_of(who.person)
    # What was seen stays seen: those codes were decided on, one by one, with a proof.
    assert {name for name, _ in left} == {"code_seen"}
    decided = change.steps.filter(name="code_seen")
    assert {step.subject for step in decided} == {each for name, each in left if name == "code_seen"}
    assert all(step.state == Step.State.DONE and step.proof for step in decided)
    assert services.refresh_change(change=change, actor=desk.bo, at=desk.at) == 0
    services.close_change(change=change, actor=desk.bo, at=desk.at)
    who.person.refresh_from_db()
    assert who.person.left_on == DAY
    assert not Membership.objects.current().filter(user=who.person.user).exists()
    printed = services.report(change=change)
    assert (printed.open, printed.skipped) == (0, 0)
    assert all(step.proof and step.settled_by for step in printed.steps)
    assert verify().holds


def test_what_they_get_meanwhile_is_added_and_nothing_is_taken_off(desk: Desk) -> None:
    who = leaver(desk)
    change = opened(desk, who)
    before = told(change)
    give(desk, who.accesses[1].surface, who.stays)
    assert services.refresh_change(change=change, actor=desk.bo, at=desk.at) == 0
    expose(desk, "@late", who.person)
    assert services.refresh_change(change=change, actor=desk.bo, at=desk.at) == 1
    lines = told(change)
    assert lines[: len(before)] != lines and set(before) < set(lines)
    assert set(lines) == everything_of(who.person)


def test_ended_elsewhere_is_ended_here(desk: Desk) -> None:
    """Somebody ended an access on its own page: the step asks for its proof, and ends nothing anew."""
    who = leaver(desk)
    change = opened(desk, who)
    register.end_access(access=who.accesses[3], reason="Taken off.", actor=desk.kim, at=desk.at)
    step = change.steps.get(subject=who.accesses[3].reference)
    assert services.is_shown(step) is True
    services.do_step(step=step, proof="Seen on the list.", actor=desk.bo, at=desk.at)
    who.accesses[3].refresh_from_db()
    assert who.accesses[3].ended_reason == "Taken off."
