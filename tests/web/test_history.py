"""The history on pages: one authorization's for both sides, the whole desk's for its readers, and the proof."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection
from django.urls import reverse

from tests.desk import Desk
from tests.history.test_signed import checked
from tests.web.reading import browser, read, same_clock  # noqa: F401
from valetkey.accounts import services as accounts
from valetkey.audit import triggers
from valetkey.audit.models import Entry
from valetkey.audit.services import verify
from valetkey.authorizations import services
from valetkey.web.views import history as history_pages

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
        (f"about={row.reference.lower()}", "asked to end it", "entered the campaign"),
        (f"about={campaign.reference}", "entered the campaign", "asked to end it"),
        ("kind=campaign", "entered the campaign", "asked to end it"),
        ("person=Bo", "entered the campaign", "asked to end it"),
        ("first_day=2026-11-05", "asked to end it", "entered the campaign"),
        ("last_day=2026-11-04", "entered the campaign", "asked to end it"),
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


def test_one_thing_has_a_page_with_all_that_is_about_it(desk: Desk) -> None:
    jo = accounts.enter_person(kept_by=desk.creator, name="Jo", actor=desk.mara, at=desk.at)
    address = reverse("history_about", args=[jo.reference])
    for actor in (desk.mara, desk.auditor, desk.admin):
        text = read(browser(actor).get(address))
        assert "History of Jo" in text and f"Mara put Jo on the record of {desk.creator}" in text
    for actor in (desk.bo, desk.viewer, desk.stranger):
        assert browser(actor).get(address).status_code == 404
    assert "No line fits" in read(browser(desk.mara).get(f"{address}?first_day=2030-01-01"))


def test_a_signed_file_is_made_for_readers_when_they_send_for_it(desk: Desk, tmp_path: Path) -> None:
    desk.issued()
    client, export = browser(desk.auditor), reverse("history_export")
    before = Entry.objects.count()
    assert "Make the file" in read(client.get(export)) and Entry.objects.count() == before
    answer = client.post(export)
    file = tmp_path / "history.jsonl"
    file.write_bytes(answer.content)
    assert answer["Content-Disposition"].startswith('attachment; filename="history-1-')
    assert checked(file)[0] == 0
    assert "There is no line of the history in this range" in read(client.post(export, {"first_day": "2030-01-01"}))


def test_every_line_leads_to_the_page_of_what_it_is_about(desk: Desk) -> None:
    """No page is named that there is none of."""
    for name in history_pages._PAGES.values():
        assert reverse(name, args=["ABC2345"])
