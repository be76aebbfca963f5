"""`valetkey feeds` and `valetkey webhooks`: what is shown once is shown once, and never again."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Terminal
from tests.desk import Desk
from valetkey.notices.models import Delivery
from valetkey.notices.services import collect_deliveries, read_feed
from valetkey.secret import Secret

pytestmark = pytest.mark.django_db


def test_a_calendar_is_made_listed_and_ended(desk: Desk, vk: Terminal) -> None:
    campaign = desk.campaign()
    made = vk("feeds", "add", "bo@example.org", "--campaign", campaign.reference, who="bo", is_json=True).json()
    link = Secret(made["address"].rpartition("/")[2].removesuffix(".ics"))
    assert campaign.reference.encode() in read_feed(link=link, at=desk.at)
    listed = vk("feeds", "list", who="bo")
    assert made["reference"] in listed.out and "Spring shoes" in listed.out and link.reveal() not in listed.out
    assert made["reference"] not in vk("feeds", "list", who="kim").out
    assert vk("feeds", "end", made["reference"], who="bo").code == 0
    assert made["reference"] not in vk("feeds", "list", who="bo").out


def test_a_webhook_is_added_changed_looked_at_and_ended(desk: Desk, vk: Terminal) -> None:
    made = vk("webhooks", "add", "https://8.8.8.8/desk", "--party", "Northwind", "--event", "campaign.", who="bo",
              is_json=True).json()  # fmt: skip
    assert made["secret"].startswith("whsec_") and made["events"] == ["campaign."]
    desk.campaign()
    collect_deliveries(at=desk.at)
    Delivery.objects.update(state="dead", fault="It answered 500.")
    changed = vk("webhooks", "rotate", made["reference"], who="bo", is_json=True).json()
    assert changed["secret"] != made["secret"]
    listed = (
        vk("webhooks", "list", who="bo").out + vk("webhooks", "deliveries", made["reference"], "--dead", who="bo").out
    )
    assert "campaign.entered" in listed and "It answered 500." in listed and "whsec_" not in listed
    (message,) = vk("webhooks", "deliveries", made["reference"], who="bo", is_json=True).json()
    again = vk("webhooks", "replay", made["reference"], "--message", message["reference"], who="bo", is_json=True)
    assert again.json() == {"messages": 1} and Delivery.objects.get().state == "waiting"
    assert vk("webhooks", "end", made["reference"], who="bo", is_json=True).json()["ended_at"]
