"""The history on pages: one authorization's for both sides, the whole desk's for its readers, and the proof."""

from __future__ import annotations

import pytest
from django.db import connection
from django.urls import reverse

from tests.desk import Desk
from tests.web.reading import browser, read, same_clock  # noqa: F401
from valetkey.audit import triggers
from valetkey.audit.models import Entry
from valetkey.audit.services import verify
from valetkey.authorizations import services

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("same_clock")]

WHOLE, VERIFY = reverse("history"), reverse("history_verify")


def test_both_sides_read_every_line_as_a_sentence(desk: Desk) -> None:
    row = desk.in_use()
    services.ask_to_end(authorization=row, reason="It ends early.", actor=desk.mara, at=desk.at)
    for actor in (desk.mara, desk.bo, desk.viewer, desk.auditor):
        text = read(browser(actor).get(reverse("history_of", args=[row.reference])))
        assert "Mara asked to end it reason: It ends early." in text
        assert "Bo looked at the code" in text and "Mara began to switch ad authorization on" in text
        assert text.index("asked to end it") < text.index("began to switch"), "newest first"


def test_no_line_holds_a_code(desk: Desk) -> None:
    row = desk.in_use()
    assert row.code is not None
    assert row.code.reveal() not in browser(desk.mara).get(reverse("history_of", args=[row.reference])).content.decode()


def test_a_long_history_goes_by_pages_that_stay_what_they_are(desk: Desk) -> None:
    row = desk.in_use()
    for _ in range(130):
        services.open(authorization=row, actor=desk.mara, at=desk.at)
    address, client = reverse("history_of", args=[row.reference]), browser(desk.mara)
    first = client.get(address).content.decode()
    older = first.partition("?before=")[2].partition('"')[0]
    second = read(client.get(f"{address}?before={older}"))
    services.open(authorization=row, actor=desk.mara, at=desk.at)
    assert read(client.get(f"{address}?before={older}")) == second, "what is written meanwhile moves nothing"
    assert first.count("looked at the code") == 100 and second.count("looked at the code") == 31
    assert "Newest" in second and "Older" not in second


@pytest.mark.parametrize(("who", "status"), [("mara", 403), ("bo", 403), ("viewer", 403), ("stranger", 403)])
def test_the_whole_history_is_for_its_readers(desk: Desk, who: str, status: int) -> None:
    client = browser(getattr(desk, who))
    assert client.get(WHOLE).status_code == client.get(VERIFY).status_code == client.post(VERIFY).status_code == status


def test_it_is_narrowed_to_a_thing_a_kind_a_person_and_days(desk: Desk) -> None:
    row = desk.issued()
    campaign = desk.campaign()
    desk.later(days=3)
    services.ask_to_end(authorization=row, reason="Early end.", actor=desk.mara, at=desk.at)
    client = browser(desk.auditor)
    for query, has, has_not in (
        (f"about={row.reference.lower()}", "asked to end it", "entered a campaign"),
        (f"about={campaign.reference}", "entered a campaign", "asked to end it"),
        ("kind=campaign", "entered a campaign", "asked to end it"),
        ("person=Bo", "entered a campaign", "asked to end it"),
        ("first_day=2026-11-05", "asked to end it", "entered a campaign"),
        ("last_day=2026-11-04", "entered a campaign", "asked to end it"),
    ):
        text = read(client.get(f"{WHOLE}?{query}"))
        assert has in text and has_not not in text, query
    assert "No line fits" in read(client.get(f"{WHOLE}?about=NOTHING"))
    assert "Enter a valid date." in read(client.get(f"{WHOLE}?first_day=yesterday"))


def test_its_pages_keep_the_filters(desk: Desk) -> None:
    row = desk.issued()
    for _ in range(60):
        services.open(authorization=row, actor=desk.mara, at=desk.at)
    page = browser(desk.admin).get(f"{WHOLE}?about={row.reference}&person=").content.decode()
    newest = Entry.objects.order_by("-seq").values_list("seq", flat=True)[49]
    assert f'href="?about={row.reference}&amp;before={newest}"' in page


def test_lines_lead_to_their_authorization(desk: Desk) -> None:
    row = desk.issued()
    assert reverse("authorization", args=[row.reference]) in browser(desk.auditor).get(WHOLE).content.decode()


def test_it_is_verified_only_when_somebody_asks_and_the_head_can_be_checked_later(desk: Desk) -> None:
    client = browser(desk.auditor)
    assert "It holds." not in read(client.get(VERIFY))
    head = verify().head
    text = read(client.post(VERIFY))
    assert "It holds." in text and head in text
    desk.issued()
    assert "It holds." in read(client.post(VERIFY, {"head": head}))
    text = read(client.post(VERIFY, {"head": "ab" * 32}))
    assert "It does not hold." in text and "entries were removed or replaced" in text
    assert "A head has 64 characters" in read(client.post(VERIFY, {"head": "short"}))


def test_a_line_that_was_altered_is_named(desk: Desk) -> None:
    desk.issued()
    with connection.cursor() as cursor:
        for name in triggers._SQLITE if connection.vendor == "sqlite" else triggers._POSTGRESQL:
            cursor.execute(f"DROP TRIGGER {name}" + ("" if connection.vendor == "sqlite" else " ON audit_entry"))
    Entry.objects.filter(seq=3).update(actor_name="Nobody")
    text = read(browser(desk.admin).post(VERIFY))
    assert "It does not hold." in text and "Entry 3 was altered after it was written." in text
