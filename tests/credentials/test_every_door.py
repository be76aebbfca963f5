"""Every page and command with a text of one's own: a credential in it is refused and is nowhere; one click keeps it.

And no door asks for a TikTok password or a one-time code at all.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any, Final

import pytest
from allauth.mfa.models import Authenticator
from django import forms
from django.core import mail
from django.test import Client, RequestFactory
from django.urls import reverse
from django.views.debug import get_exception_reporter_filter

import valetkey.web.forms
from tests.cli.conftest import Terminal, vk  # noqa: F401  # a fixture
from tests.credentials.everywhere import SECRET, TELLTALE, database
from tests.desk import HOST, Desk
from tests.web.on_record import on_record
from tests.web.reading import browser, read, same_clock  # noqa: F401  # a fixture
from valetkey.accounts import services as accounts
from valetkey.accounts.policy import Role
from valetkey.authorizations import services
from valetkey.cli import app as commands
from valetkey.cli.session import _is_free
from valetkey.register.exposed import Shared
from valetkey.register.models import Ownership
from valetkey.register.services import open_exposure
from valetkey.web.forms.sign_in import RenamePasskeyForm
from valetkey.web.forms.text import INSIST, WithoutCredentials

pytestmark = pytest.mark.django_db

POST: Final = "https://www.tiktok.com/@lena/video/7301234567890123456"


@dataclass(frozen=True)
class Door:
    """A page, whoever may use it, what else its form sends, and the field of the text."""

    client: Client
    address: str
    field: str
    more: dict[str, Any]


@pytest.fixture
def doors(desk: Desk, same_clock: None) -> dict[str, Door]:  # noqa: F811  # that fixture
    mara, bo, ada = browser(desk.mara), browser(desk.bo), browser(desk.admin)
    row = desk.in_use()
    asked = services.request(
        creator=desk.creator, advertiser=desk.advertiser, platform="tiktok",
        post_id=desk.seeded.creators[0].posts["public_two"], days=30, actor=desk.bo, at=desk.at,
    )  # fmt: skip
    sent = services.send_request(
        authorization=asked, recipient="Mara", mail="m@example.org", send_mail=False, actor=desk.bo, at=desk.at
    )
    guest = Client()
    guest.get(reverse("answer_visit", args=[sent.link.reveal()]))
    no = reverse("answer_decline", args=[sent.request_link.pk])
    invited = accounts.invite(mail="new@example.org", party=desk.advertiser, role=Role.MEMBER, actor=HOST, at=desk.at)
    newcomer = Client()
    newcomer.get(reverse("invitation_visit", args=[invited.link.reveal()]))
    shares = reverse("guide_share", args=[row.reference, "extend-a-code"])
    exposure = open_exposure(
        held_by=desk.creator, platform="tiktok", account="@mara", shared=Shared.PASSWORD, actor=HOST, at=desk.at
    )
    campaign = desk.campaign()
    days = {"starts_on": desk.at.date().isoformat(), "ends_on": (desk.at.date() + timedelta(days=9)).isoformat()}
    request = {
        "advertiser": desk.advertiser.reference, "creator": "Lena Films", "post": POST, "days": "30", "message": "Hi.",
    }  # fmt: skip
    party = {"party": desk.advertiser.reference}
    exposed = {"held_by": desk.creator.reference, "account": "@mara", "shared": Shared.PASSWORD.value}
    facts = {"visibility": "public", "medium": "video", "ad_authorization": "yes"}
    invite = {"mail": "lou@example.org", "role": "member", "days": 7, **party}
    return {
        "message": Door(bo, reverse("request_new"), "message", request),
        "creator": Door(bo, reverse("request_new"), "creator", request),
        "recipient": Door(bo, reverse("request_new"), "recipient", request),
        "request_send": Door(bo, reverse("request_send", args=[asked.reference]), "recipient", {}),
        "request_withdraw": Door(bo, reverse("request_withdraw", args=[asked.reference]), "reason", {}),
        "decline": Door(mara, reverse("do", args=[asked.reference, "decline"]), "reason", {}),
        "guest declines": Door(guest, no, "words", {"ready": "own"}),
        "guest adds": Door(guest, no, "words", {"ready": "terms"}),
        "hand over": Door(mara, reverse("sharing", args=[row.reference]), "recipient", {"days": 7}),
        "share guide": Door(bo, shares, "recipient", {"days": 7}),
        "end": Door(mara, reverse("do", args=[row.reference, "ask_to_end"]), "reason", {}),
        "view": Door(bo, reverse("save_view"), "name", {"text": "shoes"}),
        "view text": Door(bo, reverse("save_view"), "text", {"name": "Shoes"}),
        "token": Door(bo, reverse("tokens"), "label", {"days": 30}),
        "invite": Door(bo, reverse("invite"), "name", invite),
        "newcomer": Door(newcomer, reverse("invitation"), "name", {"password": "four quiet lamps at dusk"}),
        "end someone": Door(ada, reverse("someone_end", args=[desk.kim.user_id]), "reason", {}),
        "caption": Door(mara, reverse("post_add"), "caption", {"link": POST, **facts}),
        "ad account": Door(bo, reverse("ad_account", args=[desk.eu.reference]), "name", {"time_zone": "UTC"}),
        "campaign": Door(bo, reverse("campaign", args=[campaign.reference]), "name", days),
        "new campaign": Door(bo, reverse("campaign_new"), "name", {**days, "ad_account": desk.eu.reference}),
        "exposed account": Door(mara, reverse("exposure_new"), "account", exposed),
        "exposure": Door(mara, reverse("exposure_new"), "note", exposed),
        "knower": Door(mara, reverse("exposure", args=[exposure.reference]), "name", {}),
        "changed": Door(mara, reverse("exposure_close", args=[exposure.reference]), "how", {}),
        **_record(desk, bo),
        "admin adds": Door(ada, reverse("admin:accounts_party_add"), "name", {"kind": "brand"}),
        "admin renames": Door(ada, reverse("admin:accounts_party_change", args=[desk.rival.pk]), "name", {}),
    }  # fmt: skip


def _record(desk: Desk, bo: Client) -> dict[str, Door]:
    """The pages by which the record is written."""
    kept = on_record(desk)
    person, asset, surface = kept["person_"], kept["asset_"], kept["access_open"]
    access = kept["access_end"]
    opens = {"role": "Operator", "end": "unknown", "holder": "Contoso"}
    begins = {"party": "Contoso", "purpose": "media buying", "starts_on": "2026-11-02"}
    duty = {"occasion": "leaver", "what": "Tell them", "within_days": 1, "person": person}
    return {
        "person": Door(bo, reverse("person_new"), "note", {"name": "Uma"}),
        "change person": Door(bo, reverse("person_change", args=[person]), "note", {"name": "Jo Berg"}),
        "asset": Door(bo, reverse("asset_new"), "name", {"platform": "tiktok", "kind": "page", "platform_id": "x"}),
        "ownership": Door(bo, reverse("asset_ownership", args=[asset]), "evidence", {}),
        "list": Door(bo, reverse("surface_new", args=[asset]), "path", {"name": "The sheet"}),
        "change list": Door(bo, reverse("surface_change", args=[surface]), "note", {"name": "The sheet"}),
        "access": Door(bo, reverse("access_open", args=[surface]), "purpose", opens),
        "change access": Door(bo, reverse("access_change", args=[access]), "note", {**opens, "holder": ""}),
        "confirm access": Door(bo, reverse("access_confirm", args=[access]), "how", {}),
        "end access": Door(bo, reverse("access_end", args=[access]), "how", {"reason": "Done."}),
        "engagement": Door(bo, reverse("engagement_new"), "note", begins),
        "responsibility": Door(bo, reverse("responsibility_new"), "what", duty),
        "end responsibility": Door(bo, reverse("responsibility_end", args=[kept["responsibility_"]]), "reason", {}),
    }


NAMES: Final = (
    "message", "creator", "recipient", "request_send", "request_withdraw", "decline", "guest declines", "guest adds",
    "hand over", "share guide", "end", "view", "view text", "token", "invite", "newcomer", "end someone", "caption",
    "ad account", "campaign", "new campaign", "exposed account", "exposure", "knower", "changed", "admin adds",
    "admin renames", "person", "change person", "asset", "ownership", "list", "change list", "access", "change access",
    "confirm access", "end access", "engagement", "responsibility", "end responsibility",
)  # fmt: skip


def _sealed(answer: Any, field: str) -> str:
    page = answer.content.decode()
    (found,) = re.findall(rf'name="{field}-sealed" value="([^"]+)"', page)
    return unescape(found)


def test_every_door_is_tried(doors: dict[str, Door]) -> None:
    assert set(doors) == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_credential_is_nowhere_and_one_click_keeps_it(
    doors: dict[str, Door], name: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    door = doors[name]
    before = database()
    refused = door.client.post(door.address, {**door.more, door.field: SECRET})
    assert refused.status_code < 500
    said = unescape(read(refused))
    assert "looks as if it held a password" in said
    assert "It is not a password: keep it as it is" in said
    assert reverse("guide", args=["en", "login-was-shared"]) in refused.content.decode()
    assert TELLTALE not in refused.content.decode()
    assert TELLTALE not in database()
    assert TELLTALE not in caplog.text
    assert not any(TELLTALE in str(vars(each)) for each in mail.outbox)
    again = {**door.more, door.field: "", f"{door.field}-sealed": _sealed(refused, door.field), INSIST: door.field}
    kept = door.client.post(door.address, again)
    assert kept.status_code in {200, 302}, read(kept)
    assert SECRET not in before
    assert SECRET in database(), read(kept)


def _message(door: Door, **typed: str) -> Any:
    return door.client.post(door.address, {**door.more, door.field: "", **typed})


def _refused(door: Door) -> str:
    return _sealed(_message(door, **{door.field: SECRET}), door.field)


def test_the_name_of_a_passkey_is_judged_as_well() -> None:
    form = RenamePasskeyForm({"name": SECRET}, instance=Authenticator(type="webauthn", data={"name": "Phone"}))
    assert not form.is_valid()
    assert TELLTALE not in str(form)
    again = {"name": "", "name-sealed": unescape(re.findall('-sealed" value="([^"]+)"', str(form))[0]), INSIST: "name"}
    kept = RenamePasskeyForm(again, instance=Authenticator(type="webauthn", data={"name": "Phone"}))
    assert kept.is_valid()
    assert kept.cleaned_data["name"] == SECRET


def test_a_text_that_is_far_too_long_is_not_read_and_not_shown(doors: dict[str, Door]) -> None:
    answer = _message(doors["changed"], how=SECRET + " x" * 6000)
    assert "too long" in read(answer)
    assert TELLTALE not in answer.content.decode()


def test_what_is_sealed_opens_for_half_an_hour(doors: dict[str, Door], desk: Desk) -> None:
    door = doors["changed"]
    token = _refused(door)
    desk.later(minutes=31)
    answer = _message(door, **{f"{door.field}-sealed": token, INSIST: door.field})
    assert "more than half an hour" in read(answer)
    assert TELLTALE not in answer.content.decode() + database()


@pytest.mark.parametrize("how", ["tampered", "another field", "another person", "no token"])
def test_what_is_sealed_opens_there_alone(doors: dict[str, Door], desk: Desk, how: str) -> None:
    door = doors["changed"]
    token = _refused(door)
    match how:
        case "tampered":
            token = token[:-8] + "AAAAAAA="
        case "another field":
            token = _refused(doors["knower"])
        case "another person":
            token = _refused(doors["token"])
        case _:
            token = ""
    answer = _message(door, **{f"{door.field}-sealed": token, INSIST: door.field})
    assert answer.status_code < 500
    assert TELLTALE not in answer.content.decode() + database()
    assert "type it once more" in read(answer)


def test_another_text_is_judged_anew(doors: dict[str, Door]) -> None:
    door = doors["changed"]
    token = _refused(door)
    answer = _message(
        door, **{f"{door.field}-sealed": token, INSIST: door.field, door.field: "the PIN is 4711, Kolibri"}
    )
    assert TELLTALE not in answer.content.decode() + database()


def test_of_two_texts_each_is_judged_for_itself(doors: dict[str, Door]) -> None:
    """Insisting on one does not let the other through, and neither is lost."""
    door = doors["message"]
    other = "login: lena@films.example / Zaunkoenig!12"
    refused = door.client.post(door.address, {**door.more, "message": SECRET, "recipient": other})
    tokens = {f"{name}-sealed": _sealed(refused, name) for name in ("message", "recipient")}
    blank = {**door.more, "message": "", "recipient": ""}
    half = door.client.post(door.address, {**blank, **tokens, INSIST: "message"})
    assert "Zaunkoenig" not in half.content.decode() + database()
    tokens = {f"{name}-sealed": _sealed(half, name) for name in ("message", "recipient")}
    door.client.post(door.address, {**blank, **tokens, "message": SECRET, INSIST: ["message", "recipient"]})
    assert SECRET in database()
    assert other in database()


def test_a_form_shown_anew_does_not_show_it_either(doors: dict[str, Door]) -> None:
    door = doors["message"]
    answer = door.client.post(door.address, {**door.more, "message": SECRET, "look": "dates"})
    assert TELLTALE not in answer.content.decode() + database()
    again = {"message": "", "message-sealed": _sealed(answer, "message"), INSIST: "message"}
    door.client.post(door.address, {**door.more, **again})
    assert SECRET in database()


def test_the_enter_key_insists_on_nothing(doors: dict[str, Door]) -> None:
    page = _message(doors["changed"], how=SECRET).content.decode()
    form = page.partition("<form method")[2]
    first = re.search(r"<button[^>]*>", form)
    assert first is not None
    assert INSIST not in first[0]


def test_a_report_of_a_mistake_holds_nothing_that_was_typed() -> None:
    request = RequestFactory().post("/", {"message": SECRET})
    shown = get_exception_reporter_filter(request)
    told = str(shown.get_post_parameters(request))
    assert "message" in told
    assert TELLTALE not in told
    frame = inspect.currentframe()
    assert TELLTALE not in str(shown.get_traceback_frame_variables(request, frame))


# No door asks for one.

LOOKS_UP: Final = {
    ("CodeForm", "code"), ("CodeByHand", "code"), ("ReplaceForm", "code"), ("ApplyForm", "source_code"),
    ("FiltersForm", "text"), ("FiltersForm", "creator"), ("FiltersForm", "advertiser"), ("FiltersForm", "state"),
    ("HistoryForm", "about"), ("HistoryForm", "person"), ("AboutForm", "person"), ("VerifyForm", "head"),
    ("ForWhom", "for"), ("NoticesForm", "lead_days"),
    ("NumberForm", "number"), ("PasteForm", "code"), ("PasteForm", "error"),
}  # fmt: skip
"""Spark codes, which are kept encrypted; what is looked for or looked at, and kept nowhere; the desk's own number."""
OWN_SIGN_IN: Final = {"AcceptForm"}
"""The desk's own password."""
TOKENS: Final = {("ConnectForm", "token"), ("ConnectForm", "app_secret"), ("ConnectForm", "refresh_token"),
                 ("WebhookForm", "url")}  # fmt: skip
"""What a developer's app was given by TikTok, and where one's own program listens: no login."""


def _form_classes() -> Iterator[type[forms.BaseForm]]:
    for module in pkgutil.iter_modules(valetkey.web.forms.__path__, "valetkey.web.forms."):
        if not module.name.endswith(".sign_in"):
            found = vars(importlib.import_module(module.name)).values()
            yield from (
                one
                for one in found
                if isinstance(one, type) and issubclass(one, forms.BaseForm) and one.__module__ == module.name
            )


def _fields() -> Iterator[tuple[str, str, forms.Field]]:
    for form in _form_classes():
        yield from ((form.__name__, name, field) for name, field in form.base_fields.items())  # type: ignore[attr-defined]


def test_every_text_of_ones_own_is_judged() -> None:
    unjudged = {
        (form, name)
        for form, name, field in _fields()
        if isinstance(field, forms.CharField) and not isinstance(field, WithoutCredentials)
    }
    assert unjudged - LOOKS_UP - TOKENS - {("AcceptForm", "password")} == set()


def test_texts_that_are_added_later_are_judged_too() -> None:
    for module in pkgutil.iter_modules(valetkey.web.forms.__path__, "valetkey.web.forms."):
        source = inspect.getsource(importlib.import_module(module.name))
        for name in re.findall(r'self\.fields\["(\w+)"\] = forms\.(?:CharField|EmailField)', source):
            assert name in {name for _, name in LOOKS_UP}, f"{module.name}: {name}"


def test_no_page_asks_for_a_login() -> None:
    asks = re.compile(r"(?i)\b(password|passcode|pin|otp|one-time|2fa|recovery code|session|cookie)\b")
    for form, name, field in _fields():
        is_hidden = isinstance(field.widget, forms.PasswordInput)
        if form not in OWN_SIGN_IN and (form, name) not in TOKENS:
            assert not is_hidden, (form, name)
            assert not asks.search(f"{name} {field.label or ''}"), (form, name)
            # The number from the desk's own mail is the one exception, and says so.
            once = field.widget.attrs.get("autocomplete") == "one-time-code"
            assert not once or (form, name) == ("NumberForm", "number")


PICTURES: Final = {("DoForm", "picture")}
"""Drawn anew, sealed, and shown to those of the same record alone; what somebody photographs is theirs to choose."""


SHEETS: Final = {("TryForm", "file")}
"""Judged cell by cell, and not kept as a file: tests/web/test_intake.py."""


def test_no_page_takes_a_file() -> None:
    taken = {(form, name) for form, name, field in _fields() if isinstance(field, forms.FileField)}
    assert taken - PICTURES - SHEETS == set()


def _every_command() -> Iterator[tuple[str, Any]]:
    for several in commands._COMMANDS.values():
        yield from ((name, commands._loaded(where)) for name, where in several.items())
    for group, (_, _, inside) in commands._GROUPS.items():
        yield from ((f"{group} {name}", commands._loaded(where)) for name, where in inside.items())


def test_no_command_asks_for_a_login() -> None:
    asks = re.compile(r"(?i)(password|passcode|\bpin\b|otp|one_time|2fa|recovery|cookie)")
    for name, command in _every_command():
        # Who has such a thing in hand is a person on record, and those who are not are refused.
        people = set(Ownership.CONTROLS) if name == "ownership set" else set()
        for parameter in set(inspect.signature(command).parameters) - people:
            assert not asks.search(parameter), name


def test_every_command_with_a_text_has_the_option() -> None:
    every: Any = commands.program()
    for name, command in _every_command():
        takes_text = any(map(_is_free, inspect.signature(command, eval_str=True).parameters.values()))
        shown = every
        for word in name.split():
            shown = shown.commands[word]
        assert any("--not-a-credential" in each.opts for each in shown.params) == takes_text, name


@pytest.mark.parametrize(
    ("words", "who"),
    [
        (
            ("request", POST, "--creator", "Lena Films", "--for", "Northwind", "--mail", "l@example.org", "--message"),
            "bo",
        ),
        (("request", POST, "--for", "Northwind", "--mail", "l@example.org", "--creator"), "bo"),
        (("handover", "{row}", "--to"), "mara"),
        (("end", "ask", "{row}", "--reason"), "mara"),
        (("withdraw", "{asked}", "--reason"), "bo"),
        (("decline", "{asked}", "--reason"), "mara"),
        (("request-link", "send", "{asked}", "--no-mail", "--recipient"), "bo"),
        (("party", "add", "--kind", "brand"), ""),
        (("party", "rename", "Contoso", "--name"), ""),
        (("party", "enter-creator"), "bo"),
        (("user", "add", "lou@example.org", "--name"), ""),
        (("user", "end", "kim@example.org", "--reason"), ""),
        (("export", "{folder}/desk.jsonl", "--with-codes", "--reason"), ""),
        (("invite", "lou@example.org", "--party", "Northwind", "--name"), "bo"),
        (("token", "make", "bo@example.org", "--label"), "bo"),
        (("post", "add", POST, "--creator", "Mara Lindt", "--caption"), "mara"),
        (("ad-account", "add", "123", "--party", "Northwind", "--zone", "UTC", "--name"), "bo"),
        (("campaign", "add", "--ad-account", "{eu}", "--from", "2026-12-01", "--to", "2026-12-09"), "bo"),
        (("views", "save"), "bo"),
        (("views", "save", "Shoes"), "bo"),
        (("exposure", "open", "@mara", "--party", "Mara Lindt", "--shared", "password", "--note"), "mara"),
    ],
    ids=lambda value: " ".join(value)[:60] if isinstance(value, tuple) else value,
)
def test_a_command_refuses_it_and_repeats_nothing(
    desk: Desk,
    vk: Terminal,  # noqa: F811  # that fixture
    words: tuple[str, ...],
    who: str,
    caplog: pytest.LogCaptureFixture,
    tmp_path: Path,
) -> None:
    caplog.set_level("DEBUG")
    row = desk.opened()
    asked = services.request(
        creator=desk.creator, advertiser=desk.advertiser, platform="tiktok",
        post_id=desk.seeded.creators[0].posts["public_two"], days=30, actor=desk.bo, at=desk.at,
    )  # fmt: skip
    names = {"row": row.reference, "asked": asked.reference, "eu": desk.eu.reference, "folder": tmp_path}
    named = [word.format(**names) for word in words]
    ran = vk(*named, SECRET, who=who)
    assert ran.code == 2, ran.said
    assert "--not-a-credential" in ran.said
    assert "login-was-shared" in ran.said
    assert TELLTALE not in ran.said + caplog.text + database()
    assert not any(TELLTALE in str(vars(each)) for each in mail.outbox)
    ran = vk(*named, SECRET, "--not-a-credential", who=who)
    assert ran.code == 0, ran.said
    assert SECRET in database()
