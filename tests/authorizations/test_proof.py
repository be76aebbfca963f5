"""The number that is mailed: it proves an address, lasts ten minutes, is tried five times and used once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from tests.authorizations.sharing import MAIL, WRONG, again, mailed_number, opened, shared
from tests.authorizations.stage import refused
from tests.desk import Desk
from valetkey.audit.models import Entry
from valetkey.authorizations import services
from valetkey.authorizations.models import HandOver
from valetkey.errors import Conflict, Invalid
from valetkey.secret import Secret

pytestmark = pytest.mark.django_db


def send(desk: Desk, hand_over: HandOver) -> Secret:
    services.send_proof(hand_over=hand_over, at=desk.at)
    return mailed_number()


def prove(desk: Desk, hand_over: HandOver, number: Secret) -> None:
    services.prove(hand_over=hand_over, number=number, at=desk.at)


def test_a_number_is_mailed_to_the_one_address_and_only_its_digest_is_kept(desk: Desk) -> None:
    row = desk.issued()
    hand_over = shared(desk, row)
    lines = Entry.objects.count()
    number = send(desk, hand_over)
    (sent,) = mail.outbox
    assert sent.to == [MAIL] and "Mara Lindt" in sent.subject and number.reveal() not in sent.subject
    kept = HandOver.objects.filter(pk=hand_over.pk).values().get()
    assert not [name for name, value in kept.items() if number.reveal() in str(value)]
    assert row.code is not None and row.code.reveal() not in str(sent.message())
    assert Entry.objects.count() == lines, "who only holds a link writes no history"


def test_names_come_into_the_mail_as_they_are(desk: Desk) -> None:
    type(desk.creator).objects.filter(pk=desk.creator.pk).update(name="Lindt & <Daughters>")
    send(desk, shared(desk, recipient="Bo 'the buyer'"))
    assert "Lindt & <Daughters>" in mail.outbox[0].body and "Bo 'the buyer'" in mail.outbox[0].body


def test_the_right_number_proves_once(desk: Desk) -> None:
    hand_over = shared(desk)
    number = send(desk, hand_over)
    desk.later(minutes=9)
    prove(desk, hand_over, number)
    assert again(hand_over).proven_at == desk.at and again(hand_over).proof_digest == ""
    with refused("no_number", Conflict):
        prove(desk, hand_over, number)


@pytest.mark.parametrize("typed", ["{0} {1}", " {0}{1}\n", "{0}\u00a0{1}"], ids=["in two parts", "with ends", "nbsp"])
def test_a_number_copied_with_spaces_is_the_same_number(desk: Desk, typed: str) -> None:
    hand_over = shared(desk)
    number = send(desk, hand_over).reveal()
    prove(desk, hand_over, Secret(typed.format(number[:4], number[4:])))
    assert again(hand_over).proven_at == desk.at


def test_it_lasts_ten_minutes(desk: Desk) -> None:
    hand_over = shared(desk)
    number = send(desk, hand_over)
    desk.later(minutes=10)
    with refused("number_ended", Conflict):
        prove(desk, hand_over, number)
    services.prove(hand_over=hand_over, number=number, at=desk.at - timedelta(seconds=1))


def test_five_wrong_numbers_and_the_right_one_is_too_late(desk: Desk) -> None:
    hand_over = shared(desk)
    number = send(desk, hand_over)
    told = []
    for _ in range(5):
        with pytest.raises(Invalid) as refusal:
            prove(desk, hand_over, WRONG)
        told.append(refusal.value.next_step)
    assert told == [*(f"Tries left: {left}." for left in (4, 3, 2, 1)), "Have a new one mailed to you."]
    with refused("no_tries_left", Conflict):
        prove(desk, hand_over, number)
    assert again(hand_over).proven_at is None and again(hand_over).proof_tries == 5
    desk.later(minutes=1)
    prove(desk, hand_over, send(desk, hand_over))
    assert again(hand_over).proven_at == desk.at, "a new number has tries of its own"


@pytest.mark.parametrize("typed", ["", "1234567", "123456789", "wrong", "-1", "١٢٣٤٥٦٧٨", "half\udcff"], ids=ascii)
def test_whatever_is_typed_is_a_try_and_no_fault(desk: Desk, typed: str) -> None:
    hand_over = shared(desk)
    send(desk, hand_over)
    with refused("wrong_number", Invalid):
        prove(desk, hand_over, Secret(typed))
    assert again(hand_over).proof_tries == 1


def test_without_a_number_there_is_nothing_to_try(desk: Desk) -> None:
    hand_over = shared(desk)
    with refused("no_number", Conflict):
        prove(desk, hand_over, Secret(""))
    assert again(hand_over).proof_tries == 0


def test_a_new_number_ends_the_one_before(desk: Desk) -> None:
    hand_over = shared(desk)
    first = send(desk, hand_over)
    desk.later(minutes=1)
    second = send(desk, hand_over)
    assert first != second
    with refused("wrong_number", Invalid):
        prove(desk, hand_over, first)
    prove(desk, hand_over, second)


def test_at_most_one_number_a_minute(desk: Desk) -> None:
    hand_over = shared(desk)
    number = send(desk, hand_over)
    desk.later(seconds=59)
    with refused("number_just_sent", Conflict):
        services.send_proof(hand_over=hand_over, at=desk.at)
    assert len(mail.outbox) == 1
    prove(desk, hand_over, number)


def test_at_most_ten_numbers_a_day(desk: Desk) -> None:
    hand_over = shared(desk)
    first = desk.at
    for _ in range(10):
        send(desk, hand_over)
        desk.later(minutes=1)
    with pytest.raises(Conflict) as refusal:
        services.send_proof(hand_over=hand_over, at=desk.at)
    assert refusal.value.code == "too_many_numbers" and "03 Nov 2026 09:00 UTC" in refusal.value.next_step
    services.send_proof(hand_over=hand_over, at=first + timedelta(days=1))
    assert len(mail.outbox) == 11 and again(hand_over).proofs_sent == 1


def test_the_number_of_one_link_is_worth_nothing_at_another(desk: Desk) -> None:
    row = desk.issued()
    mine, theirs = shared(desk, row), shared(desk, row, recipient="Kim", mail="kim@northwind.example")
    number = send(desk, mine)
    send(desk, theirs)
    with refused("wrong_number", Invalid):
        prove(desk, theirs, number)
    HandOver.objects.filter(pk=theirs.pk).update(proof_digest=again(mine).proof_digest)
    with refused("wrong_number", Invalid):
        prove(desk, theirs, number)
    with refused("not_proven", Conflict):
        opened(desk, theirs)


def test_a_mail_that_cannot_be_sent_is_said_and_can_be_tried_again(desk: Desk, settings: Any) -> None:
    hand_over = shared(desk)
    working = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nobody listens there
    with refused("mail_not_sent", Conflict):
        services.send_proof(hand_over=hand_over, at=desk.at)
    settings.EMAIL_BACKEND = working
    desk.later(minutes=1)
    prove(desk, hand_over, send(desk, hand_over))


def test_a_number_sent_before_the_key_was_changed_still_proves(desk: Desk, settings: Any) -> None:
    from cryptography.fernet import Fernet

    from valetkey.vault import keyring

    hand_over = shared(desk)
    number = send(desk, hand_over)
    old = settings.VALETKEY_KEYS
    try:
        settings.VALETKEY_KEYS = [Fernet.generate_key().decode(), *old]
        keyring.cache_clear()
        prove(desk, hand_over, number)
    finally:
        settings.VALETKEY_KEYS = old
        keyring.cache_clear()
    assert again(hand_over).proven_at == desk.at
