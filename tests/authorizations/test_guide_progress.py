"""Guides that know the case: read, ticked by one person, shared by a link that ends and shows no code."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.desk import HOST, Desk
from valetkey.accounts import services as accounts
from valetkey.accounts.models import User
from valetkey.audit.models import Entry
from valetkey.authorizations import services
from valetkey.authorizations.models import Authorization, GuideLink, GuideProgress
from valetkey.authorizations.services import Reading
from valetkey.errors import Conflict, Forbidden, Invalid, NotFound
from valetkey.guides.grammar import Proof
from valetkey.guides.library import library
from valetkey.secret import Secret

pytestmark = pytest.mark.django_db

NAME = "authorize-a-post"


def read(desk: Desk, row: Authorization, name: str = NAME, language: str = "en") -> Reading:
    return services.read_guide(authorization=row, name=name, language=language, show=str, actor=desk.mara, at=desk.at)


def share(desk: Desk, row: Authorization, name: str = "apply-a-code") -> tuple[GuideLink, Secret]:
    made = services.share_guide(authorization=row, name=name, recipient="Lou", actor=desk.mara, at=desk.at)
    return made.guide_link, made.link


def requested(desk: Desk) -> Authorization:
    return services.request(
        creator=desk.creator, advertiser=desk.advertiser, platform="tiktok", post_id=desk.post.platform_id, days=30,
        actor=desk.bo, at=desk.at,
    )  # fmt: skip


def test_a_guide_is_filled_with_the_case(desk: Desk) -> None:
    row = desk.in_use()
    guide = read(desk, row, "end-an-authorization").guide
    told = " ".join(step.do for step in guide.steps)
    assert desk.advertiser.name in told and "{" not in told
    german = read(desk, row, "end-an-authorization", "de").guide
    assert german.language == "de" and desk.advertiser.name in " ".join(step.do for step in german.steps)


def test_the_record_ticks_what_it_proves(desk: Desk) -> None:
    row = requested(desk)
    assert read(desk, row).done() == ()
    row = desk.in_use()
    found = read(desk, row)
    assert found.proofs[Proof.CODE_THERE] is True and found.proofs[Proof.IN_USE] is True
    assert found.done() == tuple(step.name for step in found.guide.steps if step.proof is Proof.CODE_THERE)


def test_every_state_of_a_life_can_be_read(desk: Desk) -> None:
    """With campaigns, connections, uncertain claims and an end: none of it stops a guide from being read."""
    row = desk.in_use()
    services.set_campaigns(authorization=row, campaigns=[desk.campaign()], actor=desk.bo, at=desk.at)
    assert read(desk, row).proofs[Proof.COVERED] is False, "the campaign lasts longer than the code"
    services.extend(authorization=row, days=30, actor=desk.mara, at=desk.at)
    assert read(desk, row).proofs[Proof.EXTENDED] is True and read(desk, row).proofs[Proof.COVERED] is True
    Authorization.objects.filter(pk=row.pk).update(is_uncertain=True, claim_verb="switch_off")
    row.refresh_from_db()
    assert read(desk, row).proofs[Proof.SWITCHED_OFF] is None
    Authorization.objects.filter(pk=row.pk).update(is_uncertain=False, claim_verb="")
    services.ask_to_end(authorization=row, reason="Early end.", actor=desk.bo, at=desk.at)
    services.pause_ads(authorization=row, actor=desk.bo, at=desk.at)
    services.switch_off(authorization=row, actor=desk.mara, at=desk.at)
    services.confirm_end(authorization=row, actor=desk.mara, at=desk.at)
    done = read(desk, row, "end-an-authorization").done()
    assert {"ads_paused", "switched_off", "confirmed"} <= set(done)


def test_ticks_are_kept_per_person_and_case(desk: Desk) -> None:
    row, other = requested(desk), desk.issued(post=desk.note("public_two"))
    steps = [step.name for step in library().guide(NAME, "en").steps]
    for step in (steps[1], steps[0]):
        services.tick_guide(authorization=row, name=NAME, step=step, is_done=True, actor=desk.mara, at=desk.at)
    assert read(desk, row).ticked == tuple(steps[:2])
    assert read(desk, other).ticked == ()
    bos = services.read_guide(authorization=row, name=NAME, language="en", show=str, actor=desk.bo, at=desk.at)
    assert bos.ticked == ()
    services.tick_guide(authorization=row, name=NAME, step=steps[0], is_done=False, actor=desk.mara, at=desk.at)
    assert read(desk, row).ticked == (steps[1],)
    assert GuideProgress.objects.count() == 1


def test_a_tick_is_a_note_and_no_line_of_the_history(desk: Desk) -> None:
    row = requested(desk)
    before = Entry.objects.count()
    for actor in (desk.mara, desk.viewer, desk.auditor):
        services.tick_guide(authorization=row, name=NAME, step="copied", is_done=True, actor=actor, at=desk.at)
    assert Entry.objects.count() == before
    row.refresh_from_db()
    assert row.state == "requested"


def test_only_a_users_own_steps_of_a_guide_that_is_there_can_be_ticked(desk: Desk) -> None:
    row = requested(desk)
    given: dict[str, Any] = {"authorization": row, "is_done": True, "at": desk.at}
    with pytest.raises(Invalid):
        services.tick_guide(name=NAME, step="nothing", actor=desk.mara, **given)
    with pytest.raises(NotFound):
        services.tick_guide(name="nothing", step="copied", actor=desk.mara, **given)
    with pytest.raises(NotFound):
        services.tick_guide(name=NAME, step="copied", actor=desk.stranger, **given)
    with pytest.raises(Forbidden):
        services.tick_guide(name=NAME, step="copied", actor=HOST, **given)
    with pytest.raises(NotFound):
        services.read_guide(authorization=row, name=NAME, language="en", show=str, actor=desk.stranger, at=desk.at)
    assert not GuideProgress.objects.exists()


def test_a_shared_guide_shows_progress_and_none_of_the_secrets(desk: Desk) -> None:
    row = desk.in_use()
    services.set_campaigns(authorization=row, campaigns=[desk.campaign()], actor=desk.bo, at=desk.at)
    guide_link, link = share(desk, row)
    services.tick_guide(authorization=row, name="apply-a-code", step="used", is_done=True, actor=desk.mara, at=desk.at)
    assert services.find_guide_link(link=link) == guide_link
    found = services.look_at_guide_link(guide_link=guide_link, language="en", show=str, counts=True, at=desk.at)
    assert "used" in found.reading.done() and "applied" in found.reading.done()
    text = repr(found.reading.guide)
    assert desk.creator.name in text
    for own in (desk.eu.name, desk.eu.platform_id, "Spring shoes", row.code.reveal() if row.code else ""):
        assert own not in text, "campaigns and ad accounts are the two sides' own"
    assert link.reveal() not in repr(found) + repr(GuideLink.objects.values_list().get())
    guide_link.refresh_from_db()
    assert guide_link.views == 1 and guide_link.viewed_at == desk.at


def test_sharing_stands_in_the_history_and_can_be_stopped(desk: Desk) -> None:
    row = desk.issued()
    guide_link, link = share(desk, row)
    services.unshare_guide(guide_link=guide_link, actor=desk.bo, at=desk.later(hours=1))
    lines = Entry.objects.filter(event__startswith="authorization.guide.").order_by("seq")
    assert [line.event for line in lines] == ["authorization.guide.shared", "authorization.guide.unshared"]
    assert all(line.detail["recipient"] == "Lou" and link.reveal() not in str(line.detail) for line in lines)
    with pytest.raises(Conflict):
        services.unshare_guide(guide_link=guide_link, actor=desk.mara, at=desk.at)
    with pytest.raises(Conflict, match="ended on"):
        services.look_at_guide_link(guide_link=guide_link, language="en", show=str, counts=False, at=desk.at)


def test_a_link_ends_by_itself(desk: Desk) -> None:
    row = desk.issued()
    guide_link, _ = share(desk, row)
    given: dict[str, Any] = {"guide_link": guide_link, "language": "en", "show": str, "counts": False}
    services.look_at_guide_link(**given, at=guide_link.ends_at - timedelta(seconds=1))
    with pytest.raises(Conflict):
        services.look_at_guide_link(**given, at=guide_link.ends_at)


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"recipient": " "}, Invalid),
        ({"recipient": "x" * 201}, Invalid),
        ({"days": 0}, Invalid),
        ({"days": 91}, Invalid),
        ({"name": "nothing"}, NotFound),
    ],
)
def test_what_cannot_be_shared(desk: Desk, change: dict[str, object], kind: type[Exception]) -> None:
    given: dict[str, Any] = {"name": NAME, "recipient": "Lou", **change}
    with pytest.raises(kind):
        services.share_guide(authorization=desk.issued(), actor=desk.mara, at=desk.at, **given)
    assert not GuideLink.objects.exists()


def test_who_may_share(desk: Desk) -> None:
    row = desk.issued()
    for actor, kind in (
        (desk.viewer, Forbidden), (desk.auditor, Forbidden), (HOST, Forbidden), (desk.stranger, NotFound),
        (replace(desk.mara, user_id=10**9), NotFound),
    ):  # fmt: skip
        with pytest.raises(kind) as refused:
            services.share_guide(authorization=row, name=NAME, recipient="Lou", actor=actor, at=desk.at)
        assert type(refused.value) is kind
        assert not services.may_share_guide(authorization=row, actor=actor)
    for actor in (desk.mara, desk.bo, desk.kim, desk.admin):
        assert services.may_share_guide(authorization=row, actor=actor)
        services.share_guide(authorization=row, name=NAME, recipient="Lou", actor=actor, at=desk.at)


def test_a_link_is_worth_what_its_maker_may_do(desk: Desk) -> None:
    row = desk.in_use()
    guide_link, _ = share(desk, row)
    mara = User.objects.get(email="mara@example.org")
    accounts.end_user(user=mara, reason="Left.", actor=HOST, at=desk.at)
    with pytest.raises(Conflict, match="This link has ended."):
        services.look_at_guide_link(guide_link=guide_link, language="en", show=str, counts=True, at=desk.at)


def test_a_link_that_nobody_made_opens_nothing(desk: Desk) -> None:
    with pytest.raises(NotFound):
        services.find_guide_link(link=Secret("x" * 43))
