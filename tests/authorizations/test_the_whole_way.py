"""One authorization from its first step to its proven end, through the services, against the sandbox."""

from __future__ import annotations

import pytest

from tests.desk import Desk
from valetkey.audit.services import verify
from valetkey.authorizations import services
from valetkey.errors import PlatformRefused
from valetkey.register.models import Access

pytestmark = pytest.mark.django_db


def test_a_post_is_authorized_used_extended_and_ended(desk: Desk) -> None:
    row = desk.in_use()
    assert row.state == "in_use"
    assert Access.objects.live(desk.at).filter(holder=desk.advertiser).count() == 1

    desk.later(days=3)
    before = row.ends_at
    services.extend(authorization=row, days=30, actor=desk.mara, at=desk.at)
    assert row.ends_at is not None and before is not None and (row.ends_at - before).days == 30
    desk.ad(row)

    services.ask_to_end(authorization=row, reason="Early end.", actor=desk.mara, at=desk.at)
    with pytest.raises(PlatformRefused):
        services.switch_off(authorization=row, actor=desk.mara, at=desk.at)
    assert row.state == "end_asked"
    services.acknowledge_end(authorization=row, actor=desk.bo, at=desk.at)
    services.pause_ads(authorization=row, actor=desk.bo, at=desk.at)
    services.switch_off(authorization=row, actor=desk.mara, at=desk.at)
    assert row.state == "switched_off"
    services.confirm_end(authorization=row, actor=desk.mara, at=desk.at)
    assert row.state == "ended" and row.end_source == "observed"
    assert not Access.objects.live(desk.at).filter(holder=desk.advertiser).exists()
    assert verify().holds
