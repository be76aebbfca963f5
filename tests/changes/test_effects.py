"""A step with an effect is done only when the record shows it; the desk does its own part and claims nothing more."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.changes.leaving import DAY, expose, give, leaver
from tests.desk import HOST, Desk
from valetkey.accounts import services as accounts
from valetkey.accounts.models import ApiToken, Membership, Party, Person, User
from valetkey.accounts.policy import Role
from valetkey.authorizations import services as authorizations
from valetkey.changes import services
from valetkey.changes.models import Change, Step
from valetkey.errors import Conflict, Forbidden, Invalid
from valetkey.register import services as register
from valetkey.register.models import Access, Asset
from valetkey.register.occasions import Occasion

pytestmark = pytest.mark.django_db

SEEN = "Looked, and it is so."


def opened(desk: Desk, occasion: str, **about: Any) -> Change:
    given: dict[str, Any] = {"kept_by": desk.advertiser, "day": DAY, "actor": desk.bo, "at": desk.at}
    return services.open_change(occasion=occasion, **{**given, **about})


def one(change: Change, **of: Any) -> Step:
    return services.find_step(change=change, number=change.steps.get(**of).number)


def do(desk: Desk, step: Step, **more: Any) -> Step:
    return services.do_step(**{"step": step, "proof": SEEN, "actor": desk.bo, "at": desk.at, **more})


def account(desk: Desk, **more: Any) -> Asset:
    given = {
        "held_by": desk.advertiser,
        "platform": "tiktok",
        "kind": "account",
        "name": "@northwind",
        "platform_id": "n",
    }
    return register.enter_asset(**{**given, "with_surfaces": False, "actor": desk.bo, "at": desk.at, **more})


def test_without_a_proof_nothing_is_done(desk: Desk) -> None:
    who = leaver(desk)
    step = one(opened(desk, "leaver", person=who.person), subject=who.accesses[0].reference)
    with pytest.raises(Invalid, match="The proof is missing"):
        do(desk, step, proof=" ")
    who.accesses[0].refresh_from_db()
    assert who.accesses[0].ended_at is None


def test_what_only_the_record_can_show_stays_open_until_it_does(desk: Desk) -> None:
    row = desk.in_use()
    change = opened(desk, "code_ended", authorization=row)
    paused = one(change, name="paused")
    with pytest.raises(Conflict, match="does not show this yet"):
        do(desk, paused)
    do(desk, one(change, name="asked"))
    row.refresh_from_db()
    assert row.state == "end_asked" and row.reason == SEEN
    authorizations.pause_ads(authorization=row, actor=desk.bo, at=desk.at)
    do(desk, one(change, name="paused"))
    with pytest.raises(Conflict):
        do(desk, one(change, name="confirmed"))
    authorizations.switch_off(authorization=row, actor=desk.mara, at=desk.at)
    do(desk, one(change, name="switched_off"))
    authorizations.confirm_end(authorization=row, actor=desk.mara, at=desk.at)
    authorizations.tell_advertiser(authorization=row, how="By mail.", actor=desk.mara, at=desk.at)
    for name in ("confirmed", "told"):
        do(desk, one(change, name=name))
    services.close_change(change=change, actor=desk.bo, at=desk.at)


def test_asking_is_offered_and_never_done_unasked(desk: Desk) -> None:
    who = leaver(desk)
    change = opened(desk, "leaver", person=who.person)
    first, second = (one(change, name="code_seen", subject=row.reference) for row in who.seen[:2])
    do(desk, first)
    do(desk, second, with_offer=True)
    for row in who.seen[:2]:
        row.refresh_from_db()
    assert who.seen[0].end_asked_at is None
    assert who.seen[1].state == "end_asked"


def test_passing_on_takes_somebody_of_the_record_who_is_still_there(desk: Desk) -> None:
    who = leaver(desk)
    change = opened(desk, "leaver", person=who.person)
    step = one(change, name="answers_for_authorization", subject=who.owned[0].reference)
    with pytest.raises(Invalid, match="not said who has it"):
        do(desk, step)
    with pytest.raises(Invalid, match="the one it is taken from"):
        do(desk, step, to=who.person)
    with pytest.raises(Invalid, match="not on the record"):
        do(desk, step, to=Person.objects.get(kept_by=desk.creator))
    gone = Person.objects.get(user__email="vera@example.org")
    gone = accounts.person_left(person=gone, on=date(2026, 10, 1), actor=desk.bo, at=desk.at)
    with pytest.raises(Conflict):
        do(desk, step, to=gone)
    assert one(change, number=step.number).is_open
    done = do(desk, step, to=who.stays)
    who.owned[0].refresh_from_db()
    assert who.owned[0].advertiser_owner == who.stays == done.to


def test_all_that_a_person_has_in_hand_is_passed_on(desk: Desk) -> None:
    who = leaver(desk)
    asset = account(desk)
    brand = accounts.create_party(name="Partner", kind="agency", actor=HOST, at=desk.at)
    register.set_ownership(
        asset=asset, changes={"owner": who.stays, "recovery_mail": who.person, "backup_codes": who.person},
        actor=desk.bo, at=desk.at,
    )  # fmt: skip
    duty = register.give_responsibility(
        kept_by=desk.advertiser, person=who.person, occasion=Occasion.CODE_ENDED, what="Tell the creators.",
        within_days=2, actor=desk.bo, at=desk.at,
    )  # fmt: skip
    relation = register.start_engagement(
        kept_by=desk.advertiser, party=brand, purpose="Ads", starts_on=desk.at.date(), owner=who.person,
        actor=desk.bo, at=desk.at,
    )  # fmt: skip
    kims = give(desk, who.accesses[2].surface, who.stays, role="analyst")
    register.change_access(access=kims, changes={"owner": who.person}, actor=desk.bo, at=desk.at)
    change = opened(desk, "leaver", person=who.person)
    assert "recovery mail, backup codes" in one(change, name="in_hand").title
    for name in ("in_hand", "duty", "relation", "answers_for_access"):
        do(desk, one(change, name=name), to=who.stays)
    row = register.ownership_of(asset=asset)
    assert row is not None and (row.owner, row.recovery_mail, row.backup_codes) == (who.stays,) * 3
    for each in (duty, relation, kims):
        each.refresh_from_db()
    assert duty.person == relation.owner == kims.owner == who.stays


def test_the_manager_ends_what_they_do_for_the_party_and_the_admin_ends_the_user(desk: Desk) -> None:
    who = leaver(desk)
    change = opened(desk, "leaver", person=who.person)
    with pytest.raises(Forbidden):
        do(desk, one(change, name="desk"), actor=desk.kim)
    with pytest.raises(Forbidden):
        do(desk, one(change, name="token"))
    do(desk, one(change, name="desk"))
    user = User.objects.get(email="jo@example.org")
    assert user.is_active and not Membership.objects.current().filter(user=user).exists()
    do(desk, one(change, name="token"), actor=desk.admin)
    assert not ApiToken.objects.filter(ended_at=None).exists()

    accounts.join(user=user, party=desk.advertiser, role=Role.MEMBER, actor=HOST, at=desk.at)
    services.refresh_change(change=change, actor=desk.bo, at=desk.at)
    again = change.steps.filter(name="desk").order_by("-number").first()
    assert again is not None and again.is_open
    do(desk, one(change, number=again.number), actor=desk.admin)
    user.refresh_from_db()
    assert not user.is_active


def test_who_acts_for_another_party_too_stays_a_user(desk: Desk) -> None:
    who = leaver(desk)
    user = User.objects.get(email="jo@example.org")
    accounts.join(user=user, party=desk.rival, role=Role.MEMBER, actor=HOST, at=desk.at)
    change = opened(desk, "leaver", person=who.person)
    assert not change.steps.filter(name="token").exists(), "another party's programs are theirs"
    do(desk, one(change, name="desk"), actor=desk.admin)
    user.refresh_from_db()
    assert user.is_active
    assert [each.party for each in Membership.objects.current().filter(user=user)] == [desk.rival]


def test_a_partners_end_takes_back_and_sweeps(desk: Desk) -> None:
    agency = accounts.create_party(name="Bright", kind=Party.Kind.AGENCY, actor=HOST, at=desk.at)
    given: dict[str, Any] = {"actor": desk.bo, "at": desk.at}
    asset = account(desk)
    surface = register.enter_surface(asset=asset, name="partners", **given)
    register.set_ownership(asset=asset, changes={"owned_by": agency}, **given)
    ann = accounts.enter_person(kept_by=desk.advertiser, name="Ann", party=agency, **given)
    whole = register.open_access(surface=surface, holder=agency, role="partner", end=Access.End.NONE, **given)
    brought = register.open_access(surface=surface, person=ann, role="operator", end=Access.End.UNKNOWN, **given)
    known = expose(desk, "@northwind", ann)
    relation = register.start_engagement(
        kept_by=desk.advertiser, party=agency, purpose="Ads", starts_on=desk.at.date(), **given
    )
    change = opened(desk, "agency_end", party=agency)
    lines = {(step.name, step.subject) for step in change.steps.exclude(name__in=("say_it", "recovery", "verified"))}
    assert lines == {
        ("take_back", asset.reference), ("partner_off", whole.reference), ("individual_off", brought.reference),
        ("passwords", known.reference), ("engagement_off", relation.reference),
    }  # fmt: skip
    for step in change.steps.all():
        do(desk, one(change, number=step.number))
    row = register.ownership_of(asset=asset)
    assert row is not None and row.owned_by == desk.advertiser
    for each in (whole, brought, known, relation):
        each.refresh_from_db()
    assert whole.ended_at and brought.ended_at and known.changed_at and relation.ended_at
    services.close_change(change=change, actor=desk.bo, at=desk.at)


def test_ownership_is_confirmed_and_what_proves_it_stays(desk: Desk) -> None:
    asset = account(desk)
    change = opened(desk, "ownership_check", asset=asset)
    with pytest.raises(Conflict, match="not on record yet"):
        do(desk, one(change, name="look"))
    kim = Person.objects.get(user__email="kim@example.org")
    register.set_ownership(asset=asset, changes={"owner": kim, "evidence": "In the safe."}, actor=desk.bo, at=desk.at)
    do(desk, one(change, name="look"))
    row = register.ownership_of(asset=asset)
    assert row is not None and row.confirmed_by == "Bo" and row.evidence == "In the safe."


def test_whose_step_it_is(desk: Desk) -> None:
    """Whoever has this duty on the record; without one, whoever opens it; never who leaves."""
    who = leaver(desk)
    bo = Person.objects.get(user__email="bo@example.org")
    assert one(opened(desk, "continuity_check"), name="backup_codes").owner == bo
    register.give_responsibility(
        kept_by=desk.advertiser, person=who.person, backup=who.stays, occasion=Occasion.LEAVER, what="Say goodbye.",
        within_days=1, actor=desk.bo, at=desk.at,
    )  # fmt: skip
    change = opened(desk, "leaver", person=who.person)
    assert {step.owner for step in change.steps.all()} == {who.stays}


def test_a_step_is_settled_once_and_nothing_after_the_close(desk: Desk) -> None:
    change = opened(desk, "continuity_check")
    step = one(change, name="backup_codes")
    stale = one(change, name="backup_codes")
    do(desk, step)
    with pytest.raises(Conflict, match="Bo has done this step"):
        services.skip_step(step=stale, reason="No.", actor=desk.kim, at=desk.at)
    for each in change.steps.filter(state="open"):
        services.skip_step(step=one(change, number=each.number), reason="No.", actor=desk.bo, at=desk.at)
    services.close_change(change=change, actor=desk.bo, at=desk.at)
    with pytest.raises(Conflict, match="closed this change already"):
        services.refresh_change(change=change, actor=desk.bo, at=desk.at)
    with pytest.raises(Conflict, match="closed this change already"):
        services.assign_step(step=one(change, name="backup_codes"), person=None, actor=desk.bo, at=desk.at)
    opened(desk, "continuity_check")


def test_one_at_a_time_for_the_same(desk: Desk) -> None:
    opened(desk, "continuity_check")
    with pytest.raises(Conflict, match="There is a change for this already"):
        opened(desk, "continuity_check")
    opened(desk, "continuity_check", kept_by=desk.creator, actor=desk.mara)
