"""Who acts for which party: joined by its managers, ended and never deleted, one current at a time whoever races."""

from __future__ import annotations

from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connections, transaction

from tests.desk import AT, HOST, Desk
from valetkey.accounts import services
from valetkey.accounts.models import Membership, User, role_of
from valetkey.accounts.policy import Role
from valetkey.audit.models import Entry
from valetkey.audit.services import verify
from valetkey.errors import Conflict, Forbidden, NotFound, Refused

pytestmark = pytest.mark.django_db


def user(desk: Desk) -> User:
    return services.create_user(email="new@example.org", name="New", actor=HOST, at=desk.at)


def test_a_manager_lets_somebody_in_changes_their_role_and_lets_them_go(desk: Desk) -> None:
    new = user(desk)
    for role in (Role.VIEWER, Role.MEMBER, Role.MANAGER):
        services.join(user=new, party=desk.advertiser, role=role, actor=desk.bo, at=desk.later(days=1))
    services.leave(user=new, party=desk.advertiser, actor=desk.bo, at=desk.later(days=1))
    kept = Membership.objects.filter(user=new).order_by("pk")
    assert [each.role for each in kept] == ["viewer", "member", "manager"], "none of it is deleted"
    assert [each.ended_at for each in kept] == [kept[1].since, kept[2].since, desk.at]
    events = Entry.objects.filter(detail__user="New", event__startswith="membership").values_list("event", flat=True)
    assert list(events) == ["membership.started"] * 3 + ["membership.ended"]


def test_nobody_else_lets_anybody_in_or_out(desk: Desk) -> None:
    new, count = user(desk), Entry.objects.count()
    for actor, kind in (
        (desk.kim, Forbidden), (desk.viewer, Forbidden), (desk.auditor, Forbidden), (desk.mara, NotFound),
        (desk.stranger, NotFound),
    ):  # fmt: skip
        with pytest.raises(kind):
            services.join(user=new, party=desk.advertiser, role=Role.VIEWER, actor=actor, at=desk.at)
        with pytest.raises(kind):
            services.leave(user=new, party=desk.advertiser, actor=actor, at=desk.at)
    assert Entry.objects.count() == count
    services.join(user=new, party=desk.advertiser, role=Role.VIEWER, actor=desk.admin, at=desk.at)


def test_the_same_role_twice_and_leaving_without_having_joined_are_refused(desk: Desk) -> None:
    new = user(desk)
    with pytest.raises(NotFound):
        services.leave(user=new, party=desk.advertiser, actor=desk.bo, at=desk.at)
    services.join(user=new, party=desk.advertiser, role=Role.VIEWER, actor=desk.bo, at=desk.at)
    with pytest.raises(Conflict):
        services.join(user=new, party=desk.advertiser, role=Role.VIEWER, actor=desk.bo, at=desk.at)
    assert Membership.objects.filter(user=new).count() == 1


def test_leaving_one_party_leaves_the_others_as_they_are(desk: Desk) -> None:
    new = user(desk)
    for party in (desk.advertiser, desk.rival):
        services.join(user=new, party=party, role=Role.MEMBER, actor=HOST, at=desk.at)
    services.leave(user=new, party=desk.advertiser, actor=HOST, at=desk.at)
    actor = services.actor_by_mail(email="new@example.org", door=HOST.door)
    assert role_of(actor, desk.advertiser) is None and role_of(actor, desk.rival) is Role.MEMBER


def test_the_database_keeps_one_current_membership(desk: Desk) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(user_id=desk.bo.user_id or 0, party=desk.advertiser, role="viewer", since=AT)


@pytest.mark.django_db(transaction=True)
def test_of_many_who_join_the_same_person_at_once_one_does_and_the_others_are_told(committed_desk: Desk) -> None:
    desk, new, start = committed_desk, user(committed_desk), Barrier(6)
    outcomes = list[str]()

    def join() -> None:
        start.wait(timeout=20)
        try:
            services.join(user=new, party=desk.advertiser, role=Role.MEMBER, actor=desk.bo, at=desk.at)
            outcomes.append("joined")
        except Refused as refused:
            outcomes.append(refused.code)
        finally:
            connections.close_all()

    threads = [Thread(target=join) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["joined"] + ["member_already"] * 5
    assert Membership.objects.filter(user=new).count() == 1 and verify().holds
