"""The platform on a bad day: dead, silent, broken, full, or saying no. Each time a sentence, and `check` settles it."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.db import connection

from tests.cli.cast import CODE, Cast, advance, connect_to, point_elsewhere
from tests.cli.conftest import Terminal, everything
from tests.connectors.tiktok.sandbox.running import ask, in_a_thread
from tests.desk import Desk
from valetkey.audit.models import Entry
from valetkey.audit.services import verify
from valetkey.authorizations.models import Authorization
from valetkey.connectors import registry
from valetkey.connectors.models import Connection
from valetkey.connectors.tiktok.client import Patience
from valetkey.register.services import note_ad_account
from valetkey.secret import Secret

pytestmark = pytest.mark.django_db

VERBS: dict[str, tuple[str, str, str, str]] = {
    "authorize": ("", "authorize {public_two} --for Northwind", "mara", "/business/post/authorize/setting/"),
    "apply": ("opened", "apply {row} --ad-account {eu}", "bo", "/tt_video/authorize/"),
    "unbind": ("in_use", "unbind {row} --ad-account {eu}", "bo", "/tt_video/unbind/"),
    "extend": ("issued", "extend {row} --days 30", "mara", "/business/post/authorize/"),
    "switch off": ("ads_paused", "end switch-off {row}", "mara", "/business/post/authorize/setting/"),
}
"""Each platform verb: the state it starts from, its command, whose it is, and the path on which it writes."""

READS: dict[str, tuple[str, str, str, str]] = {
    "posts": ("", "posts {creator}", "mara", "/business/video/list/"),
    "check": ("issued", "check {row}", "mara", "/business/post/authorize/status/"),
    "confirm": ("switched_off", "end confirm {row}", "mara", "/business/post/authorize/status/"),
}


@pytest.fixture(autouse=True)
def _little_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    short = Patience(connect=1, read=1, whole_call=4, attempts=1)
    monkeypatch.setattr(registry.platform("tiktok"), "patience", short)


@pytest.fixture
def port(desk: Desk) -> Iterator[int]:
    """The desk's sandbox as a server, and both sides connected to it."""
    sandbox: Any = desk.sandbox
    with in_a_thread(sandbox) as number:
        connect_to(desk, f"http://127.0.0.1:{number}")
        yield number


@pytest.fixture
def dead() -> str:
    """An address at which nobody listens."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{held.getsockname()[1]}"


def _spoil(port: int, path: str, fault: str, **more: object) -> None:
    status, _ = ask(port, "POST", "/_sandbox/fail-next", json.dumps({"path": path, "fault": fault, **more}))
    assert status == 200


def _words(desk: Desk, verb: tuple[str, str, str, str]) -> list[str]:
    state, command, _, _ = verb
    row = advance(desk, desk.issued(), state) if state else None
    desk.note("public_two")
    names = {
        "row": row.reference if row else "",
        "creator": desk.creator.reference,
        "eu": desk.eu.platform_id,
        "public_two": desk.seeded.creators[0].posts["public_two"],
    }
    return [word.format(**names) for word in command.split()]


def _states() -> list[tuple[object, ...]]:
    return list(Authorization.objects.order_by("pk").values_list("state", "ends_at", "code", "is_uncertain"))


@pytest.mark.parametrize("name", [*VERBS, *READS])
def test_a_dead_platform_is_said_and_nothing_is_done(desk: Desk, vk: Terminal, dead: str, name: str) -> None:
    words, who = _words(desk, (VERBS | READS)[name]), (VERBS | READS)[name][2]
    before = [state for state in _states() if state[0] != "new"]
    point_elsewhere(dead)
    ran = vk(*words, who=who, is_json=True)
    assert ran.code == 7 and "cannot be reached" in ran.refused()["sentence"]
    assert [state for state in _states() if state[0] != "new"] == before
    assert not Authorization.objects.exclude(claim_id=None).exists() and verify().holds


@pytest.mark.parametrize("fault", ["http_500", "drop_before", "drop_after", "hang_after", "truncated", "disk_full"])
@pytest.mark.parametrize("name", VERBS)
def test_a_verb_without_a_clear_answer_is_uncertain_and_check_settles_it(
    desk: Desk, vk: Terminal, port: int, name: str, fault: str
) -> None:
    words, (_, _, who, path) = _words(desk, VERBS[name]), VERBS[name]
    _spoil(port, path, fault, seconds=1.6)
    ran = vk(*words, who=who, is_json=True)
    assert ran.code == 8 and "valetkey check" in ran.refused()["next_step"]
    row = Authorization.objects.latest("pk")
    again = vk(*words, who=who)
    assert again.code in {5, 8}, "It must not be repeated before it is settled."
    settled = vk("check", row.reference, who=who, is_json=True)
    assert settled.code == 0 and settled.json()["uncertain"] is None
    was_done = fault in {"drop_after", "hang_after", "truncated"}
    outcome = Entry.objects.filter(subject=row.subject, detail__found_by="check").latest("seq").event
    assert outcome.endswith(".done") is was_done and verify().holds


@pytest.mark.parametrize("fault", ["http_500", "server_error", "not_json", "hang_before", "drop_before", "throttle"])
@pytest.mark.parametrize("name", READS)
def test_a_read_that_fails_changes_nothing(desk: Desk, vk: Terminal, port: int, name: str, fault: str) -> None:
    words, (_, _, who, path) = _words(desk, READS[name]), READS[name]
    _spoil(port, path, fault, seconds=1.6)
    before = everything()
    ran = vk(*words, who=who, is_json=True)
    assert ran.code == 7 and ran.refused()["next_step"]
    assert everything() == before
    assert vk(*words, who=who).code == 0


@pytest.mark.parametrize("name", [*VERBS, *READS])
def test_a_revoked_token_is_refused_with_the_platform_s_own_words(
    desk: Desk, vk: Terminal, port: int, name: str
) -> None:
    words, who = _words(desk, (VERBS | READS)[name]), (VERBS | READS)[name][2]
    Connection.objects.live().update(token=Secret("a-token-nobody-knows-any-more"))
    ran = vk(*words, who=who, is_json=True)
    assert ran.code == 6 and "The platform said" in ran.refused()["next_step"]
    assert "a-token-nobody-knows-any-more" not in ran.said
    assert not Authorization.objects.exclude(claim_id=None).exists()


def test_an_expired_creator_token_is_refused(desk: Desk, vk: Terminal, port: int) -> None:
    desk.later(days=2)
    ran = vk("posts", "Mara Lindt", who="mara")
    assert ran.code == 6 and "→" in ran.err


def test_a_connection_that_cannot_be_renewed_asks_to_connect_again(desk: Desk, vk: Terminal) -> None:
    Connection.objects.live().update(refresh_token=None)
    desk.later(days=2)
    ran = vk("posts", "Mara Lindt", who="mara", is_json=True)
    assert ran.code == 6 and ran.refused()["code"] == "connection_lapsed"
    assert "valetkey connect" in ran.refused()["next_step"]


def test_an_ad_account_the_token_does_not_reach_is_refused(desk: Desk, vk: Terminal) -> None:
    row = advance(desk, desk.issued(), "opened")
    foreign = note_ad_account(
        held_by=desk.advertiser, platform="tiktok", platform_id=desk.rivals_account.platform_id, name="Wrong",
        time_zone="UTC", actor=desk.bo, at=desk.at,
    )  # fmt: skip
    ran = vk("apply", row.reference, "--ad-account", foreign.reference, who="bo", is_json=True)
    assert ran.code == 6 and "nothing about the code" in ran.refused()["sentence"]
    row.refresh_from_db()
    assert row.state == "opened"


@pytest.mark.parametrize("code", ["nonsense", CODE, "#" + "A" * 500, "%23abc%2B", "#<script>'\"; --"])
def test_a_code_the_platform_does_not_know_is_refused_when_it_is_applied(
    desk: Desk, vk: Terminal, cast: Cast, code: str
) -> None:
    row = cast.requested.reference
    assert vk("record", row, "--days", 60, who="bo", typed=code).code == 0
    ran = vk("apply", row, "--ad-account", desk.eu.platform_id, who="bo", is_json=True)
    assert ran.code == 6 and "refused this code" in ran.refused()["sentence"]
    assert code not in ran.said
    assert vk("show", row, is_json=True).json()["state"] == "issued"


def test_ads_that_run_stop_the_end_until_they_are_paused(desk: Desk, vk: Terminal) -> None:
    row = advance(desk, desk.issued(), "in_use")
    desk.ad(row)
    assert vk("end", "ask", row.reference, "--reason", "Over.", who="mara").code == 0
    assert vk("end", "switch-off", row.reference, who="mara").code == 6
    assert vk("end", "pause", row.reference, who="bo").code == 0
    assert vk("end", "switch-off", row.reference, who="mara").code == 0


@pytest.mark.parametrize("name", [*VERBS, *READS])
def test_a_sandbox_whose_state_cannot_be_used_says_so(
    desk: Desk, vk: Terminal, tmp_path: Path, settings: Any, name: str
) -> None:
    words, who = _words(desk, (VERBS | READS)[name]), (VERBS | READS)[name][2]
    settings.VALETKEY_SANDBOX_STATE = tmp_path  # a folder where a file is needed
    before = [state[:3] for state in _states() if state[0] != "new"]
    ran = vk(*words, who=who, is_json=True)
    assert ran.code in {7, 8} and ran.refused()["next_step"]
    assert [state[:3] for state in _states() if state[0] != "new"] == before


def test_a_proxy_that_is_not_spoken_is_a_sentence(desk: Desk, vk: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "socks5://127.0.0.1:1")
    point_elsewhere("https://platform.invalid")
    ran = vk("posts", "Mara Lindt", who="mara", is_json=True)
    assert ran.code == 2 and "proxy" in ran.refused()["sentence"]


def test_what_by_hand_needs_is_said_where_nobody_is_connected(desk: Desk, vk: Terminal) -> None:
    row = advance(desk, desk.issued(), "opened").reference
    desk.disconnect_all()
    for words, who, hint in (
        (("apply", row, "--ad-account", desk.eu.platform_id), "bo", "--by-hand"),
        (("authorize", desk.post.reference, "--for", "Northwind"), "mara", "valetkey record"),
        (("check", row), "bo", "state what it shows"),
    ):
        ran = vk(*words, who=who, is_json=True)
        assert ran.code == 5 and hint in ran.refused()["next_step"]


def test_a_key_that_is_missing_is_a_sentence(desk: Desk, vk: Terminal, cast: Cast) -> None:
    foreign = Fernet(Fernet.generate_key()).encrypt(b"x").decode()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE authorizations_authorization SET code = %s", [foreign])
    ran = vk("show", cast.issued.reference, is_json=True)
    assert ran.code == 9 and ran.refused()["code"] == "key_missing" and foreign not in ran.said
