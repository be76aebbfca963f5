"""The certificate: one page, letter for letter the same for the creator, the buyer and a guest, and for nobody else."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from django.test import Client

from tests.desk import Desk
from tests.web.reading import browser, read, same_clock  # noqa: F401
from tests.web.test_shared import code_of, handed, proven
from valetkey.accounts.models import User
from valetkey.audit.models import Entry
from valetkey.authorizations import services
from valetkey.authorizations.models import Authorization

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("same_clock")]


def block(answer: Any) -> bytes:
    """The certificate itself, without the page around it."""
    assert answer.status_code == 200
    found: bytes = answer.content.partition(b'<article class="card" id="certificate">')[2].partition(b"</article>")[0]
    assert found
    return found


def at(row: Authorization) -> str:
    return f"/authorizations/{row.reference}/certificate/"


def test_creator_buyer_and_guest_print_the_very_same(desk: Desk) -> None:
    """Whatever zone they live in, whichever side they are on, and some minutes apart."""
    row = desk.in_use()
    guest, shared = proven(handed(desk, row))
    guest.post(f"{shared}code/")
    User.objects.filter(email="mara@example.org").update(time_zone="Asia/Tokyo")
    User.objects.filter(email="bo@example.org").update(time_zone="America/Los_Angeles")
    pages = [guest.get(f"{shared}certificate/")]
    desk.later(minutes=7)
    pages += [browser(who).get(at(row)) for who in (desk.mara, desk.bo, desk.auditor, desk.admin)]
    assert len({block(page) for page in pages}) == 1


def test_it_names_the_post_the_window_the_terms_and_who_saw_the_code(desk: Desk) -> None:
    row = desk.issued(terms_seen=True)
    guest, shared = proven(handed(desk, row))
    guest.post(f"{shared}code/")
    guest.post(f"{shared}copied/")
    page = browser(desk.mara).get(at(row))
    words = read(page)
    for text in (
        row.reference, row.post.platform_id, "02 Nov 2026, 09:00:00 UTC", "02 Dec 2026, 09:00:00 UTC",
        "Mara confirmed on 02 Nov 2026, 09:00:00 UTC to have read", "To Bo Berg (b…@northwind.example)",
        "shown to b…@northwind.example, by link", "copied by b…@northwind.example, by link", "Applied to none.",
        services.certificate(authorization=row).checksum,
    ):  # fmt: skip
        assert text in words, text
    assert code_of(row) not in page.content.decode()


def test_the_checksum_is_that_of_the_text_one_can_keep(desk: Desk) -> None:
    row = desk.issued()
    kept = browser(desk.bo).get(f"{at(row)}?text")
    assert kept.headers["Content-Type"] == "application/json"
    assert kept.headers["Content-Disposition"] == f'attachment; filename="certificate-{row.reference}.json"'
    assert hashlib.sha256(kept.content).hexdigest() in read(browser(desk.mara).get(at(row)))
    assert code_of(row).encode() not in kept.content


def test_looking_at_it_changes_nothing(desk: Desk) -> None:
    row = desk.issued()
    lines = Entry.objects.count()
    assert block(browser(desk.mara).get(at(row))) == block(browser(desk.mara).get(at(row)))
    assert Entry.objects.count() == lines


def test_a_change_is_another_checksum(desk: Desk) -> None:
    row = desk.issued()
    before = services.certificate(authorization=row).checksum
    services.open(authorization=row, actor=desk.mara, at=desk.at)
    words = read(browser(desk.bo).get(at(row)))
    assert before not in words and "shown to Mara" in words


@pytest.mark.parametrize("start", ["requested", "declined"], ids=str)
def test_there_is_one_before_there_is_a_code(desk: Desk, start: str) -> None:
    row = services.request(
        creator=desk.creator, advertiser=desk.advertiser, platform="tiktok", post_id=desk.post.platform_id, days=30,
        actor=desk.bo, at=desk.at,
    )  # fmt: skip
    if start == "declined":
        services.decline(authorization=row, reason="Not now.", actor=desk.mara, at=desk.at)
    words = read(browser(desk.bo).get(at(row)))
    assert start in words and "There is no code." in words and "Nobody yet" in words


def test_the_stranger_finds_none_and_who_is_signed_out_signs_in(desk: Desk) -> None:
    row = desk.issued()
    assert browser(desk.stranger).get(at(row)).status_code == 404
    assert browser(desk.stranger).get(f"{at(row)}?text").status_code == 404
    assert "/account/login/" in Client().get(at(row)).headers["Location"]


def test_it_costs_a_bounded_number_of_queries(desk: Desk, django_assert_max_num_queries: Any) -> None:
    row = desk.issued()
    for _ in range(30):
        services.hand_over(authorization=row, recipient="Bo", actor=desk.mara, at=desk.at)
        services.open(authorization=row, actor=desk.bo, at=desk.at)
    client = browser(desk.bo)
    client.get("/me/")
    with django_assert_max_num_queries(30):
        assert len(client.get(at(row)).content) < 100_000
