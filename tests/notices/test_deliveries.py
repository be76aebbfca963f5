"""Messages to a real receiver that fails, is slow, redirects, drops the line or is gone: none lost, none doubled."""

from __future__ import annotations

import json
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.db import connection
from django.db import connections as databases
from django.test.utils import CaptureQueriesContext
from standardwebhooks import WebhookVerificationError

from tests.authorizations.driver import environment
from tests.desk import HOST, Desk
from tests.notices.found import found
from tests.notices.killed_deliverer import BEATS
from tests.notices.receiver import DRIP, DROP, FAIL, GONE, LATE, LOST, REDIRECT, SLOW, TAKE, Receiver, listening
from tests.test_permissions import center
from valetkey.audit.models import Entry
from valetkey.audit.services import record, writing
from valetkey.authorizations import services
from valetkey.errors import Conflict, NotFound
from valetkey.notices.models import Delivery, Endpoint
from valetkey.notices.services import (
    Delivered,
    MadeEndpoint,
    add_endpoint,
    collect_deliveries,
    deliver,
    end_endpoint,
    prune_deliveries,
    replay,
    rotate_endpoint,
)
from valetkey.notices.services.delivering import CLAIM

pytestmark = pytest.mark.django_db

LOOPBACK = "127.0.0.0/8"


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    settings.VALETKEY_WEBHOOK_NETWORKS = [ip_network(LOOPBACK)]
    with listening() as receiver:
        yield receiver


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("valetkey.notices.services.post.PATIENCE", 0.5)


def added(desk: Desk, receiver: Receiver, **given: Any) -> MadeEndpoint:
    usual = {"party": desk.advertiser, "url": receiver.url, "actor": HOST, "at": desk.at}
    return add_endpoint(**{**usual, **given})


def run(desk: Desk) -> Delivered:
    collect_deliveries(at=desk.at)
    return deliver(at=desk.at)


def states() -> dict[str, int]:
    found: dict[str, int] = {}
    for state in Delivery.objects.values_list("state", flat=True):
        found[state] = found.get(state, 0) + 1
    return found


def test_a_message_says_what_happened_and_its_signature_holds(desk: Desk, receiver: Receiver) -> None:
    desk.at = datetime.now(UTC)
    made = added(desk, receiver)
    campaign = desk.campaign()
    assert run(desk) == Delivered(delivered=1)
    (got,) = receiver.taken
    assert got.verified(made.secret) == {
        "type": "campaign.entered",
        "timestamp": desk.at.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "data": {
            "subject": {"kind": "campaign", "reference": campaign.reference},
            "party": desk.advertiser.reference,
            "facts": {"ends_on": str(campaign.ends_on), "starts_on": str(campaign.starts_on)},
        },
    }
    assert got.path == "/desk?for=bo" and got.headers["host"] == f"127.0.0.1:{receiver.port}"
    assert got.headers["content-type"] == "application/json" and got.id == Delivery.objects.get().message_id
    assert run(desk) == Delivered() and len(receiver.got) == 1


def test_while_a_secret_is_changed_a_receiver_may_know_either(desk: Desk, receiver: Receiver) -> None:
    desk.at = datetime.now(UTC) - timedelta(days=1)
    first = added(desk, receiver)
    second = rotate_endpoint(endpoint=first.endpoint, actor=HOST, at=desk.at)
    desk.campaign()
    collect_deliveries(at=desk.at)
    deliver(at=desk.at + timedelta(hours=23, minutes=58))
    (got,) = receiver.taken
    assert got.verified(first.secret) == got.verified(second.secret)
    desk.campaign()
    collect_deliveries(at=desk.at)
    deliver(at=desk.at + timedelta(days=1))
    assert receiver.taken[1].verified(second.secret)
    with pytest.raises(WebhookVerificationError):
        receiver.taken[1].verified(first.secret)


@pytest.mark.parametrize(
    ("manner", "status", "fault"),
    [
        (FAIL, 500, "It answered 500."),
        (REDIRECT, 302, "It answered 302; redirects are not followed."),
        (DROP, None, "The connection broke before it answered."),
        (LOST, None, "The connection broke before it answered."),
        (SLOW, None, "There was no answer within 0.5 seconds."),
        (DRIP, None, "There was no answer within 0.5 seconds."),
    ],
)
def test_a_fault_is_tried_again_under_the_same_id(
    desk: Desk, receiver: Receiver, impatient: None, manner: str, status: int | None, fault: str
) -> None:
    added(desk, receiver)
    desk.campaign()
    receiver.manners = [manner]
    assert run(desk) == Delivered(faults=1)
    row = Delivery.objects.get()
    assert (row.state, row.tries, row.status, row.fault) == ("waiting", 1, status, fault)
    assert run(desk) == Delivered() and len(receiver.got) == 1, "not before its time, and no redirect was followed"
    desk.later(seconds=12)
    assert run(desk) == Delivered(delivered=1)
    assert len(receiver.got) == 2 and len({each.id for each in receiver.got}) == 1 == len(receiver.ids())
    row.refresh_from_db()
    assert (row.state, row.tries, row.status, row.fault) == ("delivered", 2, 204, "")


def test_nobody_there_is_a_fault_too_and_names_no_address(desk: Desk, settings: Any) -> None:
    settings.VALETKEY_WEBHOOK_NETWORKS = [ip_network(LOOPBACK)]
    with listening() as receiver:
        added(desk, receiver)
    desk.campaign()
    assert run(desk) == Delivered(faults=1)
    assert Delivery.objects.get().fault == "It could not be reached."


def test_after_a_day_it_is_given_up_and_can_be_replayed(desk: Desk, receiver: Receiver) -> None:
    made = added(desk, receiver)
    desk.campaign()
    receiver.manners = [FAIL] * 100
    begun = desk.at
    assert run(desk).faults == 1
    while states() == {"waiting": 1}:
        desk.at = Delivery.objects.get().next_try_at
        deliver(at=desk.at)
    row = Delivery.objects.get()
    assert (row.state, row.tries) == ("dead", 11)
    assert row.settled_at is not None and timedelta(hours=23, minutes=59) < row.settled_at - begun < timedelta(hours=25)
    receiver.manners.clear()
    assert run(desk) == Delivered()
    with pytest.raises(NotFound):
        replay(endpoint=made.endpoint, reference="ZZZZZZZ", actor=desk.bo, at=desk.at)
    assert replay(endpoint=made.endpoint, reference=row.reference, actor=desk.bo, at=desk.later(days=2)) == 1
    assert deliver(at=desk.at) == Delivered(delivered=1) and receiver.ids() == [row.message_id]
    with pytest.raises(Conflict, match="not given up"):
        replay(endpoint=made.endpoint, reference=row.reference, actor=desk.bo, at=desk.at)
    assert replay(endpoint=made.endpoint, actor=desk.bo, at=desk.at) == 0
    assert Entry.objects.filter(event="webhook.replayed").count() == 1


def test_a_day_is_a_day_of_tries_even_where_nobody_was_at_work(desk: Desk, receiver: Receiver) -> None:
    added(desk, receiver)
    desk.campaign()
    collect_deliveries(at=desk.at)
    receiver.manners = [FAIL]
    assert deliver(at=desk.later(days=9)) == Delivered(faults=1)
    assert deliver(at=desk.later(minutes=1)) == Delivered(delivered=1)


def test_gone_ends_it(desk: Desk, receiver: Receiver) -> None:
    row = added(desk, receiver).endpoint
    desk.campaign()
    desk.campaign()
    receiver.manners = [GONE]
    assert run(desk) == Delivered(ended=1)
    row.refresh_from_db()
    assert row.ended_at is not None and row.secret is None and states() == {"dead": 2} and len(receiver.got) == 1
    entry = Entry.objects.get(event="webhook.ended")
    assert entry.actor_name == "the desk" and "410" in str(entry.detail["reason"])
    desk.campaign()
    assert run(desk) == Delivered() and Delivery.objects.count() == 2


def test_one_that_does_not_answer_holds_up_nobody_else(desk: Desk, receiver: Receiver, impatient: None) -> None:
    with listening() as silent:
        added(desk, silent)
        added(desk, receiver)
        for _ in range(3):
            desk.campaign()
        silent.manners = [SLOW] * 9
        assert run(desk) == Delivered(delivered=3, faults=1)
        assert len(silent.got) == 1 and len(receiver.ids()) == 3


def test_one_that_answers_late_holds_up_nobody_else(
    desk: Desk, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("valetkey.notices.services.delivering.SLOW", 2.0)
    with listening() as late:
        added(desk, late)
        added(desk, receiver)
        for _ in range(3):
            desk.campaign()
        late.manners = [LATE] * 3
        assert run(desk) == Delivered(delivered=4)
        assert len(late.taken) == 1 and len(receiver.taken) == 3
        assert run(desk) == Delivered(delivered=1), "it has its turn again, one at a time"


def test_names_that_nobody_answers_for_hold_up_nobody_else(
    desk: Desk, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("valetkey.notices.services.post.PATIENCE", 2.0)
    is_over, mute = threading.Event(), {"silent.example.org"}

    def answer(host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        if host in mute:
            is_over.wait(20)
        return [(2, 1, 6, "", ("127.0.0.1", port))]

    with monkeypatch.context() as known:
        known.setattr("valetkey.notices.services.reach.socket.getaddrinfo", answer)
        mute.clear()
        for number in range(9):
            added(desk, receiver, url=f"http://silent.example.org:{receiver.port}/{number}")
        added(desk, receiver)
        desk.campaign()
        mute.add("silent.example.org")
        begun = time.monotonic()
        try:
            assert run(desk) == Delivered(delivered=1, faults=9)
            assert time.monotonic() - begun < 10
        finally:
            is_over.set()
    assert len(receiver.got) == 1 and states() == {"delivered": 1, "waiting": 9}


def test_of_many_moods_none_is_lost_and_none_is_doubled(desk: Desk, receiver: Receiver, impatient: None) -> None:
    added(desk, receiver)
    receiver.manners = [FAIL, LOST, TAKE, DROP, SLOW, REDIRECT, TAKE, DRIP, FAIL] * 3
    for _ in range(12):
        desk.campaign()
    for _ in range(60):
        run(desk)
        desk.later(minutes=10)
    assert states() == {"delivered": 12}
    assert sorted(receiver.ids()) == sorted(Delivery.objects.values_list("message_id", flat=True))
    assert len(receiver.taken) >= 15, "some were taken twice, under the same id"
    assert len({json.loads(each.body)["data"]["subject"]["reference"] for each in receiver.taken}) == 12


# What is told, and to whom


def test_each_party_is_told_of_its_own(desk: Desk, receiver: Receiver) -> None:
    for party in (desk.creator, desk.advertiser, desk.rival):
        added(desk, receiver, party=party)
    row = desk.in_use()
    finding = found(desk, party=desk.advertiser)
    told_of(desk, "finding.opened", finding.entry_subject, {"rule": finding.rule, "sentence": finding.sentence})
    told_of(desk, "user.created", f"user {desk.bo.user_id}", {})
    collect_deliveries(at=desk.at)
    assert not Delivery.objects.filter(endpoint__party=desk.rival).exists()
    sides = {}
    for party in (desk.creator, desk.advertiser):
        rows = Delivery.objects.filter(endpoint__party=party)
        sides[party.name] = {
            each.event for each in rows if each.payload["data"]["subject"]["reference"] == row.reference
        }
    lines = set(Entry.objects.filter(subject=row.subject).values_list("event", flat=True))
    assert sides == {"Mara Lindt": lines, "Northwind": lines} and len(lines) > 5
    (told,) = Delivery.objects.filter(event="finding.opened")
    assert told.endpoint.party == desk.advertiser and told.payload["data"]["facts"] == {"rule": finding.rule}
    assert not Delivery.objects.filter(event__startswith="user.").exists()


def told_of(desk: Desk, event: str, subject: str, detail: dict[str, object]) -> None:
    with writing():
        record(event=event, subject=subject, actor=HOST, at=desk.at, detail=detail)


def test_what_went_before_is_not_told_and_an_end_that_is_wanted_is(desk: Desk, receiver: Receiver) -> None:
    desk.campaign()
    added(desk, receiver, events=["authorization.hand_over"])
    row = desk.issued()
    services.hand_over(authorization=row, recipient="Bo", mail="bo@example.org", actor=desk.mara, at=desk.at)
    assert run(desk) == Delivered(delivered=1)
    text = receiver.taken[0].body.decode()
    assert row.code is not None and row.code.reveal() not in text
    assert "Bo" not in text and "@" not in text and '"type":"authorization.hand_over"' in text


def test_nothing_that_somebody_wrote_or_that_opens_something_goes_out(desk: Desk, receiver: Receiver) -> None:
    for party in (desk.creator, desk.advertiser):
        added(desk, receiver, party=party)
    center(desk)
    row = desk.in_use()
    services.hand_over(authorization=row, recipient="Kai Lo", mail="kai@example.org", actor=desk.mara, at=desk.at)
    services.ask_to_end(authorization=row, reason="They asked nicely.", actor=desk.mara, at=desk.at)
    run(desk)
    assert row.code is not None and len(receiver.ids()) > 15
    every = "\n".join(each.body.decode() for each in receiver.taken)
    for secret in (
        row.code.reveal(),
        "Kai",
        "@",
        "nicely",
        "Mara",
        "Bo",
        "Jo Berg",
        "Northwind",
        desk.post.name or "public",
    ):
        assert secret not in every, secret


def test_laying_out_asks_a_bounded_number_of_questions(desk: Desk, receiver: Receiver) -> None:
    added(desk, receiver)
    desk.in_use()
    with CaptureQueriesContext(connection) as few:
        collect_deliveries(at=desk.at)
    for number in range(400):
        told_of(desk, "finding.opened", f"finding X{number}", {})
    desk.campaign()
    with CaptureQueriesContext(connection) as many:
        assert collect_deliveries(at=desk.at) == 1
    assert len(many) <= max(len(few), 20)
    assert collect_deliveries(at=desk.at) == 0
    assert Endpoint.objects.get().cursor == Entry.objects.order_by("-seq").values_list("seq", flat=True)[0]


def test_what_is_settled_long_ago_is_forgotten(desk: Desk, receiver: Receiver) -> None:
    added(desk, receiver)
    desk.campaign()
    run(desk)
    assert prune_deliveries(at=desk.later(days=30)) == 0
    desk.campaign()
    collect_deliveries(at=desk.at)
    assert prune_deliveries(at=desk.later(days=1)) == 1 and states() == {"waiting": 1}


# Where it goes


def test_it_speaks_to_the_address_that_was_checked_under_its_own_name(
    desk: Desk, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By https: the certificate must be for the name, and the name is asked once for each message."""
    desk.at = datetime.now(UTC)
    settings.VALETKEY_WEBHOOK_NETWORKS = [ip_network(LOOPBACK)]
    files = a_certificate(tmp_path, "hooks.example.org")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*files)
    asked: list[str] = []

    def answer(host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        asked.append(host)
        # Whoever asked again between checking and connecting would be led elsewhere.
        address = "127.0.0.1" if len(asked) <= 3 else "169.254.169.254"
        return [(2, 1, 6, "", (address, port))]

    monkeypatch.setattr("valetkey.notices.services.reach.socket.getaddrinfo", answer)
    for name in ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    with listening(context) as receiver:
        made = added(desk, receiver, url=f"https://hooks.example.org:{receiver.port}/desk")
        desk.campaign()
        assert run(desk) == Delivered(faults=1) and not receiver.got
        assert Delivery.objects.get().fault == "Its certificate is not trusted."
        monkeypatch.setenv("SSL_CERT_FILE", str(files[0]))
        desk.at += timedelta(seconds=10)
        assert run(desk) == Delivered(delivered=1)
        (got,) = receiver.taken
        assert got.headers["host"] == f"hooks.example.org:{receiver.port}" and got.verified(made.secret)
        desk.campaign()
        assert asked == ["hooks.example.org"] * 3 and run(desk) == Delivered(faults=1)
        assert len(receiver.got) == 1
        assert Delivery.objects.get(state="waiting").fault == "This address is not public."


def a_certificate(folder: Path, name: str) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    certificate, private = folder / "certificate.pem", folder / "key.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return certificate, private


def test_where_a_name_has_several_addresses_the_next_is_tried_when_nobody_is_there(
    desk: Desk, receiver: Receiver, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.VALETKEY_WEBHOOK_NETWORKS += [ip_network("::1/128")]

    def answer(host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        return [(2, 1, 6, "", (each, port)) for each in ("::1", "127.0.0.1")]

    monkeypatch.setattr("valetkey.notices.services.reach.socket.getaddrinfo", answer)
    added(desk, receiver, url=f"http://hooks.example.org:{receiver.port}/")
    desk.campaign()
    assert run(desk) == Delivered(delivered=1)


# At the same moment, and killed


def test_an_end_while_it_is_on_its_way_stays_an_end(desk: Desk, receiver: Receiver) -> None:
    row = added(desk, receiver).endpoint
    desk.campaign()
    collect_deliveries(at=desk.at)
    end_endpoint(endpoint=row, actor=HOST, at=desk.at)
    assert deliver(at=desk.at) == Delivered() and not receiver.got


@pytest.mark.django_db(transaction=True)
def test_two_at_once_say_everything_once(committed_desk: Desk, receiver: Receiver) -> None:
    desk = committed_desk
    added(desk, receiver)
    for _ in range(20):
        desk.campaign()
    together, outcomes = threading.Barrier(3), []

    def work() -> None:
        together.wait()
        try:
            outcomes.append(run(desk))
        finally:
            databases.close_all()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sum(each.delivered for each in outcomes) == 20 and states() == {"delivered": 20}
    assert len(receiver.got) == 20 == len(receiver.ids())


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("beat", BEATS)
def test_killed_at_any_beat_it_is_taken_up_and_counts_once(committed_desk: Desk, receiver: Receiver, beat: str) -> None:
    desk = committed_desk
    added(desk, receiver)
    desk.campaign()
    order = [sys.executable, "-m", "tests.notices.killed_deliverer", beat, desk.at.isoformat(), LOOPBACK]
    ran = subprocess.run(order, env=environment(), capture_output=True, text=True, timeout=120)
    assert ran.returncode == -9, ran.stderr
    desk.later(seconds=30)
    run(desk)
    desk.later(seconds=CLAIM.total_seconds())
    run(desk)
    assert states() == {"delivered": 1} and receiver.ids() == [Delivery.objects.get().message_id]
    assert len(receiver.taken) == (2 if beat == "after it was sent" else 1)
