"""The certificate: the same page for both sides, without the code, and with a checksum that hears every change."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.authorizations.sharing import MAIL, VISITOR, again, look, mailed_number, opened, proven, share
from tests.authorizations.stage import APPLY, by_hand, order, refused
from tests.desk import Desk
from valetkey.audit.models import Entry
from valetkey.authorizations import services, terms
from valetkey.authorizations.certificate import (
    MEANINGS,
    Applied,
    Certificate,
    Changed,
    HandedOn,
    Revealed,
    TermsSeen,
)
from valetkey.authorizations.lifecycle import State
from valetkey.authorizations.models import Application, Authorization, HandOver, Reveal, WindowChange
from valetkey.register.models import AdAccount, Post

# Pure.

_texts = st.text(max_size=20)
_instants = st.datetimes(
    datetime(2000, 1, 1),
    datetime(2199, 1, 1),
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=30))]),
)
_perhaps = st.none() | _instants
_days = st.none() | st.integers(1, 365)
_certificates = st.builds(
    Certificate,
    state=st.sampled_from([state.value for state in State]),
    uncertain=st.lists(st.sampled_from(["apply", "extend"]), max_size=2).map(tuple),
    starts_at=_perhaps,
    ends_at=_perhaps,
    term_days=_days,
    requested_days=_days,
    agreed_until=st.none() | st.dates(),
    ended_at=_perhaps,
    applications=st.lists(st.builds(Applied, since=_perhaps, seen_at=_perhaps), max_size=2).map(tuple),
    terms_seen=st.lists(st.builds(TermsSeen, at=_instants), max_size=2).map(tuple),
    hand_overs=st.lists(
        st.builds(HandedOn, made_at=_instants, ends_at=_instants, ended_at=_perhaps, proven_at=_perhaps), max_size=2
    ).map(tuple),
    reveals=st.lists(st.builds(Revealed, at=_instants), max_size=2).map(tuple),
    replaced_by=st.lists(_texts, max_size=2).map(tuple),
    window_changes=st.lists(
        st.builds(Changed, days=_days, starts_at=_perhaps, ends_at=_perhaps, at=_instants), max_size=2
    ).map(tuple),
)


@settings(max_examples=40, deadline=None)
@given(_certificates, _certificates)
def test_two_certificates_have_the_same_checksum_only_when_all_is_the_same(one: Certificate, two: Certificate) -> None:
    assert (one == two) is (one.checksum == two.checksum)
    for field in fields(Certificate):
        changed = replace(one, **{field.name: getattr(two, field.name)})
        assert (changed == one) is (changed.checksum == one.checksum), field.name
    assert one.lines == replace(one).lines and all(label for label, _ in one.lines)


@settings(max_examples=40, deadline=None)
@given(_certificates)
def test_the_checksum_is_of_a_text_that_anybody_can_make_again(one: Certificate) -> None:
    assert hashlib.sha256(one.text().encode()).hexdigest() == one.checksum
    read = json.loads(one.text())
    assert json.dumps(read, sort_keys=True, separators=(",", ":"), ensure_ascii=False) == one.text()


def test_an_instant_is_the_same_in_every_zone() -> None:
    at = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
    there = at.astimezone(timezone(timedelta(hours=-8)))
    one = TermsSeen("d", "Mara", at)
    assert _plain_certificate(one).checksum == _plain_certificate(replace(one, at=there)).checksum


def _plain_certificate(seen: TermsSeen) -> Certificate:
    empty: dict[str, Any] = {field.name: "" for field in fields(Certificate)}
    nothing = ("uncertain", "applications", "hand_overs", "reveals", "replaced_by", "window_changes")
    return Certificate(**{**empty, **dict.fromkeys(nothing, ()), "terms_seen": (seen,), "state": "issued"})


def test_every_state_means_something() -> None:
    assert set(MEANINGS) == set(State) and len(set(MEANINGS.values())) == len(State)


# From the record.


def _certificate(row: Authorization) -> Certificate:
    return services.certificate(authorization=row)


@pytest.mark.django_db
def test_it_tells_everything_and_not_the_code(desk: Desk) -> None:
    row = desk.issued(terms_seen=True, agreed_until=date(2026, 11, 30), ad_account=desk.eu)
    hand_over = proven(desk, row)
    look(desk, hand_over, counts=True)
    opened(desk, hand_over)
    services.open(authorization=row, how=Reveal.How.COPIED, actor=desk.bo, at=desk.at)
    desk.applied(row)
    made = _certificate(row)
    assert (made.reference, made.state, made.meaning) == (row.reference, "in_use", MEANINGS[State.IN_USE])
    assert (made.creator, made.advertiser, made.post_id) == ("Mara Lindt", "Northwind", desk.post.platform_id)
    row.refresh_from_db()
    assert (made.starts_at, made.ends_at, made.window_source) == (row.starts_at, row.ends_at, "platform")
    assert made.agreed_until == date(2026, 11, 30) and made.agreed_ad_account_id == desk.eu.platform_id
    (applied,) = made.applications
    assert (applied.ad_account, applied.ad_account_id) == (desk.eu.name, desk.eu.platform_id)
    assert applied.since == applied.seen_at == desk.at
    assert made.terms_seen == (TermsSeen(terms.DIGEST, "Mara", desk.at),)
    (handed,) = made.hand_overs
    assert (handed.recipient, handed.mail, handed.views) == ("Bo Lind", "b…@northwind.example", 1)
    assert handed.proven_at == desk.at and handed.ended_at is None
    assert [(one.by, one.how, one.recipient) for one in made.reveals] == [
        ("b…@northwind.example, by link", "shown", "Bo Lind"),
        ("Bo", "copied", ""),
    ]
    newest = Entry.objects.filter(subject=row.subject).latest("seq")
    assert (made.newest_entry, made.newest_digest) == (newest.seq, newest.digest)
    assert row.code is not None and row.code_fingerprint is not None
    assert made.code_mark == row.code_fingerprint[:16]
    everything = made.text() + str(made.lines)
    assert row.code.reveal() not in everything and row.code.masked() not in everything and MAIL not in everything


@pytest.mark.django_db
def test_an_address_typed_as_the_name_of_a_recipient_is_masked_too(desk: Desk) -> None:
    row = desk.issued()
    share(desk, row, recipient=MAIL, mail="")
    share(desk, row, recipient="Bo @ Northwind", mail="")
    assert [one.recipient for one in _certificate(row).hand_overs] == ["b…@northwind.example", "Bo @ Northwind"]


@pytest.mark.django_db
def test_a_request_and_what_became_of_it_are_told(desk: Desk) -> None:
    row = services.request(
        creator=desk.creator, advertiser=desk.advertiser, platform="tiktok", post_id=desk.post.platform_id, days=30,
        actor=desk.bo, at=desk.at,
    )  # fmt: skip
    asked = _certificate(row)
    assert asked.code_mark == "" and asked.requested_days == 30 and asked.meaning == MEANINGS[State.REQUESTED]
    services.decline(authorization=row, reason="Not this one.", actor=desk.mara, at=desk.at)
    assert _certificate(row).meaning == MEANINGS[State.DECLINED]


@pytest.mark.django_db
def test_an_end_that_somebody_stated_is_not_told_as_the_platforms(desk: Desk) -> None:
    row = desk.issued()
    services.ask_to_end(authorization=row, reason="Early.", actor=desk.mara, at=desk.at)
    services.switch_off(authorization=row, actor=desk.mara, at=desk.at)
    services.confirm_end(authorization=row, seen="It is off.", actor=desk.mara, at=desk.at)
    made = _certificate(row)
    assert made.meaning != MEANINGS[State.ENDED] and "stated" in made.meaning and made.ended_at == desk.at


@pytest.mark.django_db
def test_what_is_not_certain_is_said(desk: Desk) -> None:
    row = desk.opened()
    order(desk, APPLY, "drop_before")
    with refused("outcome_uncertain"):
        desk.applied(row)
    made = _certificate(row)
    assert (
        made.uncertain == ("apply",) and ("Not certain", "Whether “apply” was carried out is not known.") in made.lines
    )


@pytest.mark.django_db
def test_the_chain_leads_both_ways(desk: Desk) -> None:
    desk.disconnect_all()
    row = by_hand(desk)
    newer = services.replace(authorization=row, days=30, code="#newer+in/by==hand456", actor=desk.mara, at=desk.at)
    assert _certificate(row).replaced_by == (newer.reference,) and _certificate(newer).replaces == row.reference


@pytest.mark.django_db
def test_both_sides_and_the_auditor_get_the_very_same_and_reading_it_writes_nothing(desk: Desk) -> None:
    row = desk.in_use()
    before = Entry.objects.count()
    people = (desk.mara, desk.bo, desk.viewer, desk.admin, desk.auditor)
    texts = {_certificate(services.find(reference=row.reference, actor=who)).text() for who in people}
    desk.later(days=3)
    texts.add(_certificate(row).text())
    assert len(texts) == 1 and Entry.objects.count() == before


@pytest.mark.django_db
def test_every_step_of_a_life_changes_the_checksum(desk: Desk) -> None:
    row = desk.issued(terms_seen=True)
    hand_over = share(desk, row).hand_over
    given: dict[str, Any] = {"authorization": row}
    by_link: dict[str, Any] = {"hand_over": hand_over}
    steps: list[Callable[[], object]] = [
        lambda: look(desk, hand_over, counts=True),
        lambda: services.prove(number=mailed_number(), at=desk.at, **by_link),
        lambda: services.open_shared(actor=VISITOR, at=desk.at, **by_link),
        lambda: services.open_shared(actor=VISITOR, how=Reveal.How.COPIED, at=desk.at, **by_link),
        lambda: desk.applied(row),
        lambda: desk.applied(row, desk.us),
        lambda: services.unbind(ad_account=desk.us, actor=desk.bo, at=desk.at, **given),
        lambda: services.extend(days=30, actor=desk.mara, at=desk.at, **given),
        lambda: services.stop_sharing(hand_over=again(hand_over), actor=desk.mara, at=desk.at),
        lambda: services.ask_to_end(reason="Early.", actor=desk.mara, at=desk.at, **given),
        lambda: services.acknowledge_end(actor=desk.bo, at=desk.at, **given),
        lambda: services.pause_ads(actor=desk.bo, at=desk.at, **given),
        lambda: services.switch_off(actor=desk.mara, at=desk.at, **given),
        lambda: services.confirm_end(actor=desk.mara, at=desk.at, **given),
        lambda: services.tell_advertiser(how="By mail.", actor=desk.mara, at=desk.at, **given),
    ]
    services.send_proof(at=desk.at, **by_link)
    seen = [_certificate(row).checksum]
    for step in steps:
        desk.later(minutes=1)
        assert _certificate(row).checksum == seen[-1], "time alone changes nothing"
        step()
        seen.append(_certificate(row).checksum)
    assert len(set(seen)) == len(steps) + 1


TAMPERED: dict[str, Callable[[Authorization], object]] = {
    "the end": lambda row: _authorization(row).update(ends_at=row.created_at),
    "the start": lambda row: _authorization(row).update(starts_at=None),
    "the source": lambda row: _authorization(row).update(window_source="contract"),
    "the state": lambda row: _authorization(row).update(state="expired"),
    "the agreed day": lambda row: _authorization(row).update(agreed_until=date(2027, 1, 1)),
    "the code": lambda row: _authorization(row).update(code_fingerprint="f" * 64),
    "the days": lambda row: _authorization(row).update(term_days=31),
    "uncertain": lambda row: _authorization(row).update(is_uncertain=True, claim_verb="extend"),
    "caption": lambda row: Post.objects.filter(pk=row.post_id).update(name="Another"),
    "ad account": lambda row: AdAccount.objects.update(name="Another"),
    "proof": lambda row: Application.objects.update(seen_at=None),
    "applied": lambda row: Application.objects.update(applied_at=row.created_at - timedelta(days=1)),
    "recipient": lambda row: HandOver.objects.update(recipient="Kim"),
    "views": lambda row: HandOver.objects.update(views=7),
    "who saw it": lambda row: Reveal.objects.update(by="Kim"),
    "when": lambda row: Reveal.objects.update(at=row.created_at - timedelta(days=1)),
    "how": lambda row: Reveal.objects.update(how="copied"),
    "a reveal less": lambda row: Reveal.objects.all().delete(),
    "the chain": lambda row: WindowChange.objects.update(days=1),
    "the party": lambda row: type(row.advertiser).objects.filter(pk=row.advertiser_id).update(name="Another"),
}


def _authorization(row: Authorization) -> Any:
    return Authorization.objects.filter(pk=row.pk)


@pytest.mark.django_db
@pytest.mark.parametrize("what", TAMPERED)
def test_whatever_is_changed_behind_the_history_changes_the_checksum_too(desk: Desk, what: str) -> None:
    row = desk.in_use()
    before = _certificate(row).checksum
    TAMPERED[what](row)
    assert _certificate(row).checksum != before
