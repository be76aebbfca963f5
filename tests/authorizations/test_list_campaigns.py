"""How many codes do not reach a campaign: what the database counts is what the pure rule says."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

import pytest

from tests.desk import AT, Desk
from tests.many import many
from valetkey.authorizations import services
from valetkey.authorizations.lifecycle import LIVE
from valetkey.authorizations.models import Authorization

pytestmark = pytest.mark.django_db

_MOVED: Final[list[dict[str, Any]]] = [
    {"ends_at": None}, {"starts_at": None}, {"starts_at": None, "ends_at": None}, {"ends_at": AT + timedelta(days=99)},
    {}, {}, {},
]  # fmt: skip


def test_the_counts_are_what_coverage_says(desk: Desk) -> None:
    rows = many(desk, 300)
    for n, row in enumerate(rows):
        # Ends and starts that are not known, and an end after every campaign's.
        moved = _MOVED[n // 2 % 7]
        if moved:
            Authorization.objects.filter(pk=row.pk).update(**moved)
    for campaign in services.list_campaigns(actor=desk.bo):
        found = {"live": 0, "short": 0, "late": 0, "unknown": 0}
        for row in campaign.authorizations.filter(state__in=LIVE).in_full():
            coverage = next(one for each, one in row.coverages() if each == campaign)
            found["live"] += 1
            found["short"] += coverage.days_short > 0
            found["late"] += coverage.days_late > 0
            found["unknown"] += coverage.verdict.value == "unknown"
        assert found == {name: getattr(campaign, name) for name in found}
        assert all(found.values())


def test_the_last_to_end_comes_first_and_only_what_one_may_see(desk: Desk) -> None:
    first, last = desk.campaign(), desk.campaign(days=90)
    assert list(services.list_campaigns(actor=desk.bo)) == [last, first]
    assert list(services.list_campaigns(actor=desk.auditor)) == [last, first]
    assert not services.list_campaigns(actor=desk.mara) and not services.list_campaigns(actor=desk.stranger)
