"""A request sent by link: to somebody without an account, with reminders, more time, and an end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from email.message import Message
from typing import Any

import pytest

from tests.authorizations.guests import CODE, GUEST_MARA, MAIL, answer, asked, look, send, sent
from tests.authorizations.stage import by_hand, events, fresh, holds, last, refused
from tests.desk import HOST, Desk
from valetkey.accounts.services import create_party
from valetkey.authorizations import services
from valetkey.authorizations.links import Answer, Standing
from valetkey.authorizations.models import Authorization, RequestLink
from valetkey.errors import Conflict, Forbidden, Invalid, NotFound

pytestmark = pytest.mark.django_db


def _remind(desk: Desk, row: Authorization, **given: Any) -> services.Sent:
    return services.remind(**{"authorization": row, "actor": desk.bo, "at": desk.at, **given})


def _extend(desk: Desk, row: Authorization, days: int) -> RequestLink:
    return services.extend_request(authorization=row, days=days, actor=desk.bo, at=desk.at)


def _withdraw(desk: Desk, row: Authorization, **given: Any) -> Authorization:
    return services.withdraw(**{"authorization": row, "actor": desk.bo, "at": desk.at, **given})


def _answer(desk: Desk, row: Authorization) -> Answer | None:
    return services.answer_of(authorization=fresh(row), at=desk.at)


# Sending


def test_a_request_is_sent_by_a_link_of_which_only_a_digest_is_kept(desk: Desk, mailoutbox: list[Any]) -> None:
    row = asked(desk)
    made = send(desk, row, recipient="  Mara  Lindt ", mail=f" {MAIL.upper()} ")
    link = made.request_link
    assert made.is_sent and link.recipient == "Mara Lindt" and link.mail == MAIL
    assert link.ends_at == desk.at + timedelta(days=14)
    secret = made.link.reveal()
    assert secret not in repr(made) + str(last(row)) + link.link_digest
    assert services.find_request(link=made.link) == link
    assert events(row) == ["request", "request.sent"]
    assert last(row) == {"recipient": "Mara Lindt", "mail": "m…@example.org", "link_ends_at": link.ends_at.isoformat()}
    assert [mail.to for mail in mailoutbox] == [[MAIL]] and secret in mailoutbox[0].body
    assert fresh(row).state == "requested"
    holds()


def test_the_mail_says_who_asks_what_for_how_long_and_that_nobody_wants_a_login(
    desk: Desk, mailoutbox: list[Any], settings: Any
) -> None:
    settings.VALETKEY_URL = "https://desk.example.org"
    url = "https://www.tiktok.com/@mara.makes/video/7399999999999999999"
    row = asked(
        desk, post_id="7399999999999999999", post_url=url, agreed_until=date(2026, 12, 24),
        message="For spring & “you”.\nLove it!",
    )  # fmt: skip
    made = send(desk, row)
    mail = mailoutbox[0]
    assert mail.subject == "Northwind asks for permission to run one of your posts as an ad"
    for said in (
        "Hello Mara,", "Bo asks for Northwind", url, "30 days", "24 December 2026",
        "\n> For spring & “you”.\n> Love it!\n",
        f"\n    https://desk.example.org/r/{made.link.reveal()}/\n", "16 Nov 2026 09:00 UTC",
        "If you do nothing, nothing happens", "Nobody needs your login or your password",
    ):  # fmt: skip
        assert said in mail.body, said
    assert "{" not in mail.body and "None" not in mail.body and "\n\n\n" not in mail.body.partition("\n\nThis mail")[0]


def test_a_mail_without_link_message_or_agreed_day_has_no_holes(desk: Desk, mailoutbox: list[Any]) -> None:
    row = asked(desk)
    send(desk, row)
    body = mailoutbox[0].body
    assert f"post {desk.post.platform_id}" in body and "They write" not in body and "to use it until" not in body


def test_a_name_cannot_write_other_lines_into_the_head_of_a_mail(desk: Desk, mailoutbox: list[Any]) -> None:
    brand = create_party(name="Acme\nBcc: sam@example.org", kind="brand", actor=HOST, at=desk.at)
    row = asked(desk, advertiser=brand, actor=HOST)
    send(desk, row, recipient="Mara\r\nBcc: sam@example.org", actor=HOST)
    message: Message = mailoutbox[0].message()
    assert message["Bcc"] is None and mailoutbox[0].recipients() == [MAIL]


def test_a_mail_that_cannot_be_sent_is_told_and_the_link_works(desk: Desk, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nobody listens there
    made = send(desk, asked(desk))
    assert not made.is_sent and look(desk, made.request_link).standing is Standing.OPEN


def test_without_a_mail_the_link_is_for_passing_on(desk: Desk, mailoutbox: list[Any]) -> None:
    row = asked(desk)
    made = send(desk, row, mail="", send_mail=False)
    assert not made.is_sent and mailoutbox == []
    assert services.find_request(link=made.link).mail == "" and last(row)["mail"] == ""
    with refused("mail_address", Invalid):
        send(desk, row, mail="")


def test_a_creator_who_has_no_user_is_asked_and_answers(desk: Desk) -> None:
    """The party was entered by name; nobody acts for it on this desk."""
    creator = create_party(name="Nora Quilts", kind="creator", actor=HOST, at=desk.at)
    link = sent(desk, creator=creator, post_id="7399999999999999998")
    assert answer(desk, link).state == "handed_over"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"recipient": "  "}, "text_missing"),
        ({"recipient": "x" * 201}, "text_too_long"),
        ({"recipient": "Ma\x00ra"}, "not_text"),
        ({"mail": "mara"}, "mail_address"),
        ({"mail": "mara@example.org, sam@example.org"}, "mail_address"),
        ({"days": 0}, "link_days"),
        ({"days": 91}, "link_days"),
    ],
    ids=lambda value: value if isinstance(value, str) else next(iter(value)),
)
def test_what_cannot_be_sent_is_refused_and_nothing_is_kept(
    desk: Desk, mailoutbox: list[Any], given: dict[str, Any], code: str
) -> None:
    row = asked(desk)
    with refused(code, Invalid):
        send(desk, row, **given)
    assert not RequestLink.objects.exists() and events(row) == ["request"] and mailoutbox == []


def test_nobody_is_sent_the_same_request_again_and_again(desk: Desk, mailoutbox: list[Any]) -> None:
    row = asked(desk)
    first = send(desk, row)
    desk.later(days=3)
    with refused("asked_already", Conflict):
        send(desk, row, mail=MAIL.title())
    other = send(desk, row, recipient="Mara's manager", mail="manager@example.org")
    with refused("asked_already", Conflict):
        send(desk, row, mail="manager@example.org")
    assert look(desk, first.request_link).standing is Standing.ENDED, "sent to somebody else, it is theirs to answer"
    assert look(desk, other.request_link).standing is Standing.OPEN
    desk.later(hours=1)
    assert send(desk, row).is_sent, "the first address had its mail days ago"
    with refused("asked_already", Conflict):
        send(desk, row, mail="manager@example.org")
    assert len(mailoutbox) == 3


def test_somebody_else_who_is_asked_begins_anew(desk: Desk) -> None:
    row = asked(desk)
    first = send(desk, row).request_link
    services.tick(request_link=first, steps=["read"], at=desk.at)
    second = send(desk, row, mail="manager@example.org").request_link
    assert second.steps == [] and second.opened_at is None and _answer(desk, row) is Answer.NOT_OPENED


# Who may


@pytest.mark.parametrize("verb", ["send_request", "remind", "extend_request", "withdraw"])
def test_only_the_asking_side_sends_reminds_extends_and_withdraws(desk: Desk, mailoutbox: list[Any], verb: str) -> None:
    row = sent(desk).authorization
    given: dict[str, dict[str, Any]] = {
        "send_request": {"recipient": "Sam", "mail": "sam@example.org"},
        "extend_request": {"days": 3},
    }
    mailoutbox.clear()
    for who, code, kind in (
        (desk.mara, "not_your_verb", Forbidden),
        (desk.viewer, "not_your_verb", Forbidden),
        (desk.auditor, "not_your_verb", Forbidden),
        (desk.stranger, "no_such_authorization", NotFound),
        (GUEST_MARA, "no_such_authorization", NotFound),
    ):
        with refused(code, kind):
            getattr(services, verb)(authorization=row, actor=who, at=desk.at, **given.get(verb, {}))
    assert RequestLink.objects.count() == 1 and fresh(row).state == "requested" and mailoutbox == []
    assert events(row) == ["request", "request.sent"]


# Reminding


def test_a_reminder_brings_a_new_link_the_old_one_works_and_nobody_begins_anew(
    desk: Desk, mailoutbox: list[Any]
) -> None:
    first = sent(desk)
    look(desk, first, counts=True)
    services.tick(request_link=first, steps=["read", "switched_on"], at=desk.at)
    opened_at = desk.at
    desk.later(days=2)
    reminded = _remind(desk, first.authorization)
    second = reminded.request_link
    assert reminded.is_sent and second != first and second.reminded_at == desk.at
    assert second.ends_at == desk.at + timedelta(days=14)
    assert (second.recipient, second.mail, second.opened_at) == (first.recipient, first.mail, opened_at)
    services.tick(request_link=first, steps=["read", "switched_on", "generated"], at=desk.at)
    for link in (first, second):
        seen = look(desk, link)
        assert seen.standing is Standing.OPEN and seen.request_link.steps == ["read", "switched_on", "generated"]
    assert mailoutbox[1].subject.startswith("Reminder: Northwind") and reminded.link.reveal() in mailoutbox[1].body
    assert len(mailoutbox[1].body) < len(mailoutbox[0].body)
    assert events(first.authorization)[-1] == "request.reminded"
    holds()


def test_a_reminder_goes_out_once_in_24_hours_and_says_when_again(desk: Desk, mailoutbox: list[Any]) -> None:
    row = sent(desk).authorization
    _remind(desk, row)
    desk.later(hours=23, minutes=59)
    with pytest.raises(Conflict) as told:
        _remind(desk, row)
    assert told.value.code == "reminded_lately" and "03 Nov 2026 09:00 UTC" in told.value.next_step
    with refused("reminded_lately", Conflict):
        _remind(desk, row, actor=desk.kim)
    desk.later(minutes=1)
    assert _remind(desk, row).is_sent
    assert RequestLink.objects.count() == 3 and len(mailoutbox) == 3


def test_a_reminder_after_all_links_have_ended_opens_the_request_again(desk: Desk) -> None:
    first = sent(desk)
    desk.later(days=14)
    assert _answer(desk, first.authorization) is Answer.ENDED
    second = _remind(desk, first.authorization).request_link
    assert look(desk, first).standing is Standing.ENDED, "what has ended does not come back"
    assert look(desk, second).standing is Standing.OPEN
    assert _answer(desk, first.authorization) is Answer.NOT_OPENED


def test_a_reminder_never_shortens_the_time_there_is(desk: Desk) -> None:
    link = send(desk, asked(desk), days=60).request_link
    assert _remind(desk, link.authorization).request_link.ends_at == link.ends_at


def test_a_reminder_without_mail_is_a_link_to_pass_on(desk: Desk, mailoutbox: list[Any]) -> None:
    row = sent(desk).authorization
    assert not _remind(desk, row, send_mail=False).is_sent and len(mailoutbox) == 1
    other = asked(desk)
    send(desk, other, mail="", send_mail=False)
    assert not _remind(desk, other).is_sent and len(mailoutbox) == 1


def test_what_was_never_sent_is_not_reminded_of(desk: Desk) -> None:
    row = asked(desk)
    with refused("not_sent", Conflict):
        _remind(desk, row)
    with refused("link_ended", Conflict):
        _extend(desk, row, 3)
    assert services.answer_of(authorization=row, at=desk.at) is None


@pytest.mark.parametrize("settled", ["answered", "declined", "withdrawn"])
def test_nobody_is_asked_for_what_is_settled(desk: Desk, mailoutbox: list[Any], settled: str) -> None:
    link = sent(desk)
    row = link.authorization
    if settled == "answered":
        answer(desk, link)
    elif settled == "declined":
        services.decline(authorization=row, reason="No.", actor=desk.mara, at=desk.at)
    else:
        _withdraw(desk, row)
    mailoutbox.clear()
    for do in (
        lambda: _remind(desk, row),
        lambda: _extend(desk, row, 3),
        lambda: send(desk, row, mail="manager@example.org"),
    ):
        with refused("not_waiting", Conflict):
            do()
    assert RequestLink.objects.count() == 1 and mailoutbox == []


# More time


def test_more_time_is_given_to_every_link_that_works(desk: Desk) -> None:
    first = sent(desk)
    desk.later(days=4)
    second = _remind(desk, first.authorization).request_link
    newest = _extend(desk, first.authorization, 10)
    assert newest == second and newest.ends_at == desk.at + timedelta(days=24)
    first.refresh_from_db()
    assert first.ends_at == newest.ends_at
    assert last(first.authorization)["link_ends_at"] == newest.ends_at.isoformat()
    assert events(first.authorization)[-1] == "request.extended"


@pytest.mark.parametrize(("days", "fits"), [(0, False), (76, True), (77, False), (91, False)])
def test_a_link_lasts_ninety_days_from_now_at_most(desk: Desk, days: int, fits: bool) -> None:
    link = sent(desk)
    if fits:
        assert _extend(desk, link.authorization, days).ends_at == desk.at + timedelta(days=90)
        return
    with refused("link_days", Invalid):
        _extend(desk, link.authorization, days)
    assert events(link.authorization)[-1] == "request.sent"


def test_a_link_that_has_ended_is_not_given_more_time(desk: Desk) -> None:
    link = sent(desk)
    desk.later(days=14)
    with refused("link_ended", Conflict):
        _extend(desk, link.authorization, 10)
    assert look(desk, link).standing is Standing.ENDED


# Withdrawing


def test_withdrawing_ends_the_request_and_every_link_of_it(desk: Desk) -> None:
    first = sent(desk)
    row = first.authorization
    second = _remind(desk, row).request_link
    _withdraw(desk, row, reason="  The campaign is off. ")
    assert row.state == "withdrawn" and row.reason == "The campaign is off."
    assert events(row)[-1] == "withdraw" and last(row) == {"reason": "The campaign is off."}
    assert not RequestLink.objects.filter(ended_at=None).exists()
    for link in (first, second):
        assert look(desk, link).standing is Standing.WITHDRAWN
        with refused("request_withdrawn", Conflict):
            answer(desk, link)
    assert _answer(desk, row) is Answer.WITHDRAWN
    holds()


def test_a_request_that_was_not_sent_is_withdrawn_without_a_word(desk: Desk) -> None:
    row = _withdraw(desk, asked(desk))
    assert row.state == "withdrawn" and row.reason == ""
    attempts: list[Callable[[], object]] = [
        lambda: _withdraw(desk, row),
        lambda: services.decline(authorization=row, reason="No.", actor=desk.mara, at=desk.at),
        lambda: services.issue(authorization=row, days=7, actor=desk.mara, at=desk.at),
        lambda: by_hand(desk, CODE, authorization=row),
    ]
    for again in attempts:
        with refused("not_in_this_state", Conflict):
            again()


def test_what_has_a_code_or_an_answer_is_not_withdrawn(desk: Desk) -> None:
    for row in (desk.issued(), answer(desk, sent(desk))):
        state = row.state
        with refused("not_in_this_state", Conflict):
            _withdraw(desk, row)
        assert fresh(row).state == state


def test_a_reason_that_does_not_fit_is_refused_and_nothing_ends(desk: Desk) -> None:
    link = sent(desk)
    with refused("text_too_long", Invalid):
        _withdraw(desk, link.authorization, reason="x" * 501)
    assert look(desk, link).standing is Standing.OPEN


# What the sender sees


def test_the_sender_sees_how_far_it_has_come(desk: Desk) -> None:
    link = sent(desk)
    row, seen = link.authorization, []
    for step in (
        lambda: look(desk, link),
        lambda: look(desk, link, counts=True),
        lambda: services.tick(request_link=link, steps=["read"], at=desk.at),
        lambda: answer(desk, link),
    ):
        step()
        seen.append(_answer(desk, row))
    assert seen == [Answer.NOT_OPENED, Answer.OPENED, Answer.PARTLY, Answer.DONE]


def test_an_answer_given_by_somebody_signed_in_counts_as_well(desk: Desk) -> None:
    link = sent(desk)
    services.issue(authorization=link.authorization, days=7, actor=desk.mara, at=desk.at)
    assert _answer(desk, link.authorization) is Answer.DONE
    assert look(desk, link).standing is Standing.ANSWERED


def test_the_answers_of_a_list_cost_no_query_each(desk: Desk, django_assert_num_queries: Any) -> None:
    for _ in range(3):
        sent(desk)
    with django_assert_num_queries(2):
        rows = Authorization.objects.prefetch_related("request_links")
        assert [services.answer_of(authorization=row, at=desk.at) for row in rows] == [Answer.NOT_OPENED] * 3
