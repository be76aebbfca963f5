"""Hand over: a link for one named recipient, that ends. The code itself is not in it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from tests.authorizations.stage import Tap, by_hand, events, fresh, holds, last, refused
from tests.desk import Desk
from valetkey.authorizations import services
from valetkey.authorizations.models import Authorization, HandOver
from valetkey.errors import Conflict, Forbidden, Invalid, NotFound

pytestmark = pytest.mark.django_db


def _handed(desk: Desk, row: Authorization, **given: object) -> services.HandedOver:
    asked = {"authorization": row, "recipient": "Bo", "actor": desk.mara, "at": desk.at, **given}
    return services.hand_over(**asked)  # type: ignore[arg-type]  # as a door gives them


def test_it_makes_a_link_that_ends_and_keeps_only_its_digest(desk: Desk) -> None:
    row = desk.issued()
    handed = _handed(desk, row, recipient="  Bo of Northwind ")
    assert row.state == "handed_over" and row.handed_over_at == desk.at
    assert handed.hand_over.recipient == "Bo of Northwind"
    assert handed.hand_over.ends_at == desk.at + timedelta(days=14)
    assert handed.link.reveal() not in handed.hand_over.link_digest
    assert last(row) == {"recipient": "Bo of Northwind", "link_days": 14}
    assert row.code is not None and row.code.reveal() not in str(handed) + str(last(row))
    assert handed.link.reveal() not in repr(handed) + str(last(row))
    holds()


def test_a_second_link_leaves_the_first_and_the_first_moment(desk: Desk) -> None:
    row = desk.issued()
    _handed(desk, row)
    desk.later(hours=1)
    _handed(desk, row, recipient="Kim", days=1)
    assert HandOver.objects.filter(authorization=row, ended_at=None).count() == 2
    assert row.handed_over_at == desk.at - timedelta(hours=1)
    assert events(row).count("hand_over") == 2


def test_handing_over_what_is_opened_or_in_use_does_not_set_it_back(desk: Desk) -> None:
    row = desk.in_use()
    _handed(desk, row, recipient="Kim")
    assert fresh(row).state == "in_use"


@pytest.mark.parametrize("days", [0, -3, 91])
def test_a_link_lasts_one_to_ninety_days(desk: Desk, days: int) -> None:
    row = desk.issued()
    with refused("link_days", Invalid):
        _handed(desk, row, days=days)
    assert fresh(row).state == "issued" and not HandOver.objects.exists()


@pytest.mark.parametrize("recipient", ["", "   ", "x" * 201])
def test_it_has_a_named_recipient(desk: Desk, recipient: str) -> None:
    row = desk.issued()
    with refused("recipient", Invalid):
        _handed(desk, row, recipient=recipient)


def test_there_is_nothing_to_hand_over_before_the_code_or_after_the_end(desk: Desk) -> None:
    row = services.request(
        creator=desk.creator, advertiser=desk.advertiser, platform="tiktok", post_id=desk.post.platform_id, days=30,
        actor=desk.bo, at=desk.at,
    )  # fmt: skip
    with refused("not_in_this_state", Conflict):
        _handed(desk, row)
    services.issue(authorization=row, days=7, actor=desk.mara, at=desk.at)
    services.ask_to_end(authorization=row, reason="Early.", actor=desk.mara, at=desk.at)
    with refused("not_in_this_state", Conflict):
        _handed(desk, row)
    assert not HandOver.objects.exists()


def test_only_the_creators_side_hands_over(desk: Desk) -> None:
    row = desk.issued()
    with refused("not_your_verb", Forbidden):
        _handed(desk, row, actor=desk.bo)
    with refused("no_such_authorization", NotFound):
        _handed(desk, row, actor=desk.stranger)
    assert events(row)[-1] == "issue.done"


def test_it_works_at_every_level_and_calls_nothing(desk: Desk, tap: Tap) -> None:
    desk.disconnect_all()
    row = by_hand(desk)
    _handed(desk, row)
    assert fresh(row).state == "handed_over" and tap.calls == []


def test_with_a_mail_address_the_history_keeps_it_masked_and_nothing_is_mailed_unasked(desk: Desk) -> None:
    row = desk.issued()
    handed = _handed(desk, row, mail=" Bo.Lind@Northwind.example ")
    assert handed.hand_over.mail == "bo.lind@northwind.example" and not handed.is_sent and mail.outbox == []
    assert last(row) == {"recipient": "Bo", "link_days": 14, "mail": "b…@northwind.example"}


def test_the_link_is_mailed_on_wish_and_the_code_is_not_in_the_mail(desk: Desk, settings: Any) -> None:
    settings.VALETKEY_URL = "https://desk.example.org"
    row = desk.issued()
    handed = _handed(desk, row, recipient="Bo & <Co>", mail="bo@northwind.example", send_mail=True)
    (sent,) = mail.outbox
    assert handed.is_sent and sent.to == ["bo@northwind.example"] and "Mara Lindt" in sent.subject
    assert f"    https://desk.example.org/h/{handed.link.reveal()}/\n" in sent.body
    assert "Bo & <Co>" in sent.body and "because Mara made this link for you" in sent.body
    assert "02 Dec 2026 09:00 UTC" in sent.body and "16 Nov 2026 09:00 UTC" in sent.body
    assert row.code is not None and row.code.reveal() not in str(sent.message())


def test_a_mail_that_cannot_be_sent_undoes_nothing(desk: Desk, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nobody listens there
    row = desk.issued()
    handed = _handed(desk, row, mail="bo@northwind.example", send_mail=True)
    assert not handed.is_sent and fresh(row).state == "handed_over"
    assert services.find_hand_over(link=handed.link) == handed.hand_over


@pytest.mark.parametrize(
    "address", ["bo", "bo@", "@x.org", "bo@x", "a@x.org, b@x.org", "bo@x.org\nBcc: c@x.org", "x" * 250 + "@x.org"]
)
def test_what_is_no_mail_address_is_refused_before_there_is_a_link(desk: Desk, address: str) -> None:
    row = desk.issued()
    with refused("mail_address", Invalid):
        _handed(desk, row, mail=address)
    assert fresh(row).state == "issued" and not HandOver.objects.exists()


def test_nothing_can_be_mailed_without_an_address(desk: Desk) -> None:
    with refused("mail_address", Invalid):
        _handed(desk, desk.issued(), send_mail=True)
    assert not HandOver.objects.exists()


def test_a_recipient_is_one_line(desk: Desk) -> None:
    assert _handed(desk, desk.issued(), recipient="Bo\n\tLind").hand_over.recipient == "Bo Lind"
    with refused("not_text", Invalid):
        _handed(desk, desk.issued(post=desk.note("public_two")), recipient="Bo\x00")
