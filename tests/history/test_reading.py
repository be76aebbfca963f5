"""The whole history, narrowed and page by page, for those who read it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.authorizations.stage import refused
from tests.desk import HOST, Desk
from valetkey.audit.models import Entry
from valetkey.authorizations import services
from valetkey.errors import Forbidden
from valetkey.history.services import PAGE, Narrowed, read_history
from valetkey.history.subjects import SUBJECTS

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("who", ["mara", "bo", "viewer", "stranger"])
def test_it_is_refused_to_everybody_else(desk: Desk, who: str) -> None:
    with refused("not_a_reader", Forbidden):
        read_history(actor=getattr(desk, who))


@pytest.mark.parametrize("who", ["admin", "auditor", "host"])
def test_pages_go_by_number_and_leave_nothing_out(desk: Desk, who: str) -> None:
    row = desk.issued()
    for _ in range(PAGE):
        services.open(authorization=row, actor=desk.mara, at=desk.at)
    actor = HOST if who == "host" else getattr(desk, who)
    found, before = [], None
    while True:
        lines = read_history(narrowed=Narrowed(before=before), actor=actor)
        found += [entry.seq for entry in lines.entries]
        before = lines.before
        if before is None:
            break
    assert found == list(Entry.objects.order_by("-seq").values_list("seq", flat=True))


def test_every_kind_of_subject_that_is_written_can_be_asked_for(desk: Desk) -> None:
    desk.in_use()
    desk.campaign()
    kinds = {subject.partition(" ")[0] for subject in Entry.objects.values_list("subject", flat=True)}
    assert kinds <= set(SUBJECTS)
    for kind in kinds:
        assert read_history(about=kind, actor=HOST).entries


def test_days_are_days_of_the_zone_given(desk: Desk) -> None:
    desk.at = desk.at.replace(hour=23, minute=30)
    desk.campaign()

    def of_campaigns(**narrowed: Any) -> list[Entry]:
        return read_history(about="campaign", narrowed=Narrowed(**narrowed), actor=HOST).entries

    assert of_campaigns(first_day=date(2026, 11, 3), time_zone="Europe/Berlin")
    assert not of_campaigns(first_day=date(2026, 11, 3), time_zone="UTC")
    assert not of_campaigns(last_day=date(2026, 11, 2), time_zone="Europe/Berlin")
