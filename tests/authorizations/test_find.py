"""Find: a post on whichever platform its link is of, and a whole page of a record in a bounded number of queries."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.authorizations.stage import refused
from tests.desk import Desk
from valetkey.authorizations import services
from valetkey.authorizations.models import Application
from valetkey.cli.views import authorization_values
from valetkey.connectors import registry
from valetkey.errors import NotFound
from valetkey.register.models import AdAccount, Post

pytestmark = pytest.mark.django_db


class Elsewhere:
    """As much of a second platform as finding a post asks of it."""

    def post_id_in(self, text: str) -> str | None:
        return text.removeprefix("https://elsewhere.example/p/") if "elsewhere.example" in text else None


elsewhere = Elsewhere()


def test_a_link_finds_the_post_of_its_own_platform(desk: Desk, settings: Any) -> None:
    """Every link was read as one of TikTok's."""
    settings.VALETKEY_PLATFORMS = {**settings.VALETKEY_PLATFORMS, "elsewhere": f"{__name__}:elsewhere"}
    number = desk.post.platform_id
    other = Post.objects.create(
        held_by=desk.creator, platform="elsewhere", kind="post", platform_id=number, name="x", created_at=desk.at
    )
    link = f"https://elsewhere.example/p/{number}"
    assert registry.names() == ["elsewhere", "tiktok"] and registry.post_ids_in(link) == {"elsewhere": number}
    assert services.find_post(text=link, actor=desk.mara) == other
    assert services.find_post(text=f"https://www.tiktok.com/@m/video/{number}", actor=desk.mara) == desk.post
    assert services.find_post(text=number, actor=desk.mara) == desk.post
    assert services.find_post(text=other.reference.lower(), actor=desk.mara) == other


@pytest.mark.parametrize("text", ["", "nobody", "https://www.tiktok.com/@m/video/7399999999999999999", "https://[::1"])
def test_what_names_no_post_finds_none(desk: Desk, text: str) -> None:
    with refused("no_such_post", NotFound):
        services.find_post(text=text, actor=desk.mara)


def test_a_page_of_a_record_costs_the_same_however_much_belongs_to_it(desk: Desk) -> None:
    row = desk.in_use()

    def queries() -> int:
        with CaptureQueriesContext(connection) as counted:
            found = services.find(reference=row.reference, actor=desk.bo)
            values = authorization_values(found, desk.bo, desk.at)
        assert len(values["applications"]) == row.applications.count()
        assert len(values["coverage"]) == row.campaigns.count()
        return len(counted)

    services.set_campaigns(authorization=row, campaigns=[desk.campaign()], actor=desk.bo, at=desk.at)
    few = queries()
    services.set_campaigns(authorization=row, campaigns=[desk.campaign() for _ in range(9)], actor=desk.bo, at=desk.at)
    for number in range(8):
        account = AdAccount.objects.create(
            held_by=desk.advertiser, platform="tiktok", kind="ad_account", platform_id=str(number), name=f"{number}",
            time_zone="UTC", created_at=desk.at,
        )  # fmt: skip
        Application.objects.create(authorization=row, ad_account=account, state="in_use")
    assert queries() == few <= 20
