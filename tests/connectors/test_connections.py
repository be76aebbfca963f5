"""Connections: which address a token may travel to, how a creator's token is renewed, and that an end wipes it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.authorizations.stage import RENEW, STATUS, Tap, order, refused, switch
from tests.desk import Desk
from valetkey.audit.models import Entry
from valetkey.authorizations import services as authorizations
from valetkey.connectors import registry, services
from valetkey.connectors.base import CreatorSide, Level
from valetkey.connectors.models import SANDBOX, Connection
from valetkey.errors import Conflict, Forbidden, Invalid, NotFound, PlatformDown, PlatformRefused
from valetkey.secret import Secret

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("impatient")]


def _connected(desk: Desk, **given: Any) -> Connection:
    asked = {
        "party": desk.advertiser, "platform": "tiktok", "level": Level.ADVERTISER, "token": Secret("a-token"),
        "actor": desk.bo, "at": desk.at, **given,
    }  # fmt: skip
    return services.connect(**asked)


def _creator_side(desk: Desk) -> CreatorSide:
    side = services.creator_side(party=desk.creator, platform="tiktok", at=desk.at)
    assert side is not None
    return side


def _of_creator(desk: Desk) -> Connection:
    row = Connection.objects.creator_of(desk.creator, "tiktok")
    assert row is not None
    return row


@pytest.fixture
def tap(desk: Desk) -> Tap:
    return Tap(desk)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("", "https://business-api.tiktok.com"),
        ("sandbox:", SANDBOX),
        ("https://example.org/", "https://example.org"),
        ("https://example.org:8443/api", "https://example.org:8443/api"),
        ("http://127.0.0.1:8099", "http://127.0.0.1:8099"),
        ("http://localhost:8099/", "http://localhost:8099"),
        ("http://[::1]:8099", "http://[::1]:8099"),
    ],
)
def test_a_token_travels_to_the_platform_over_https_or_stays_on_this_machine(desk: Desk, given: str, kept: str) -> None:
    assert _connected(desk, base_url=given, actor=desk.admin).base_url.rstrip("/") == kept
    assert services.advertiser_side(party=desk.advertiser, platform="tiktok") is not None


@pytest.mark.parametrize(
    "given",
    [
        "http://example.org", "http://127.0.0.1.example.org", "ftp://127.0.0.1", "https://", "example.org",
        "https://user:word@example.org", "https://@example.org", "https://example.org/?a=b", "https://example.org/#a",
        "https://example.org:99999", "https://[::1", "http://0.0.0.0:80",
    ],
)  # fmt: skip
def test_any_other_address_is_refused_and_the_connection_there_is_stays(desk: Desk, given: str) -> None:
    before = Connection.objects.live().count()
    with refused("base_url", Invalid):
        _connected(desk, base_url=given, actor=desk.admin)
    assert Connection.objects.live().count() == before


@pytest.mark.parametrize("token", ["", "two words", "line\nbreak", "tökén", "\x00nul"])
def test_what_no_header_can_carry_is_no_token(desk: Desk, token: str) -> None:
    with refused("token", Invalid):
        _connected(desk, token=Secret(token))


def test_another_address_than_the_platforms_is_the_desk_admins_to_choose(desk: Desk) -> None:
    """Whoever chooses the address decides what "the platform shows", for the other side too."""
    with refused("not_admin", Forbidden):
        _connected(desk, base_url="https://example.org")
    assert _connected(desk).base_url == "https://business-api.tiktok.com"


def test_what_else_a_connection_needs(desk: Desk) -> None:
    with refused("level", Invalid):
        _connected(desk, level=Level.BY_HAND)
    with refused("account_id", Invalid):
        _connected(desk, party=desk.creator, level=Level.CREATOR, actor=desk.mara)
    with refused("no_such_platform", Invalid):
        _connected(desk, platform="myspace")
    with refused("not_manager", Forbidden):
        _connected(desk, actor=desk.kim)
    with refused("no_such_party", NotFound):
        _connected(desk, actor=desk.stranger)


def test_a_newer_token_takes_the_olders_place_and_wipes_it(desk: Desk) -> None:
    old = Connection.objects.advertiser_of(desk.advertiser, "tiktok")
    new = _connected(desk)
    assert old is not None and Connection.objects.advertiser_of(desk.advertiser, "tiktok") == new
    old.refresh_from_db()
    assert old.ended_at == desk.at and old.token is None


def test_disconnecting_wipes_every_secret_at_once_and_the_history_stays(desk: Desk, tap: Tap) -> None:
    row = desk.issued()
    connection = _of_creator(desk)
    assert connection.token is not None and connection.refresh_token is not None
    services.disconnect(connection=connection, actor=desk.mara, at=desk.at)
    connection.refresh_from_db()
    left: list[Secret | None] = [connection.token, connection.refresh_token, connection.app_secret]
    assert left == [None, None, None]
    assert connection.ended_at == desk.at
    newest = Entry.objects.order_by("seq").last()
    assert newest is not None and newest.event == "connection.ended"
    with pytest.raises(ValueError, match="no token"):
        connection.address()
    tap.clear()
    with refused("by_hand", Conflict):
        authorizations.extend(authorization=row, days=7, actor=desk.mara, at=desk.at)
    assert tap.calls == []
    services.disconnect(connection=connection, actor=desk.mara, at=desk.at)
    assert Entry.objects.filter(event="connection.ended").count() == 1


def test_only_a_manager_disconnects(desk: Desk) -> None:
    with refused("no_such_party", NotFound):
        services.disconnect(connection=_of_creator(desk), actor=desk.stranger, at=desk.at)
    assert _of_creator(desk).token is not None


def test_a_creators_token_is_renewed_once_before_it_lapses_and_then_used(desk: Desk, tap: Tap) -> None:
    before = _of_creator(desk).token
    desk.later(hours=23, minutes=49)
    _creator_side(desk)
    assert tap.calls == []
    desk.later(minutes=2)
    _creator_side(desk).code_of(post_id=desk.post.platform_id)
    _creator_side(desk).code_of(post_id=desk.post.platform_id)
    assert tap.calls == [("POST", RENEW), ("GET", STATUS), ("GET", STATUS)]
    after = _of_creator(desk)
    assert after.token != before and after.token_ends_at == desk.at + timedelta(days=1)


def test_a_token_that_has_lapsed_is_renewed_for_the_verb_that_needs_it(desk: Desk, tap: Tap) -> None:
    row = desk.issued()
    desk.later(days=9)
    tap.clear()
    authorizations.extend(authorization=row, days=7, actor=desk.mara, at=desk.at)
    assert tap.writes()[0] == RENEW and tap.writes().count(RENEW) == 1


def test_a_refresh_token_that_changes_with_the_token_is_kept(desk: Desk) -> None:
    switch(desk, refresh_rotates="yes")
    before = _of_creator(desk).refresh_token
    for _ in range(3):
        desk.later(days=2)
        _creator_side(desk).code_of(post_id=desk.post.platform_id)
    assert _of_creator(desk).refresh_token != before


@pytest.mark.parametrize("rotates", ["no", "yes"])
def test_two_that_renew_at_once_both_go_on(desk: Desk, tap: Tap, rotates: str) -> None:
    """Both see the old token. Where refreshing changes the refresh token, the slower one is refused, and finds ours."""
    switch(desk, refresh_rotates=rotates)
    desk.later(days=2)
    mine: list[CreatorSide] = []
    tap.before[RENEW] = lambda: mine.append(_creator_side(desk))
    theirs = _creator_side(desk)
    for side in (*mine, theirs):
        side.code_of(post_id=desk.post.platform_id)
    assert len(mine) == 1 and tap.writes() == [RENEW, RENEW]
    _creator_side(desk).code_of(post_id=desk.post.platform_id)
    assert tap.writes() == [RENEW, RENEW]


def test_a_refused_renewal_says_that_the_connection_lapsed_and_what_to_do(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "_WHILE_OTHERS_WRITE", (0.0,))
    row = desk.issued()
    desk.later(days=400)
    with refused("connection_lapsed", PlatformRefused):
        authorizations.extend(authorization=row, days=7, actor=desk.mara, at=desk.at)
    row.refresh_from_db()
    assert row.claim_id is None


def test_without_what_renews_it_a_lapsed_token_is_said_to_have_lapsed(desk: Desk, tap: Tap) -> None:
    Connection.objects.filter(pk=_of_creator(desk).pk).update(refresh_token=None)
    desk.later(days=2)
    with refused("connection_lapsed", PlatformRefused):
        _creator_side(desk)
    assert tap.calls == []


def test_a_platform_that_is_down_while_renewing_changes_nothing(desk: Desk) -> None:
    before = _of_creator(desk).token
    desk.later(days=2)
    order(desk, RENEW, "throttle", times=9)
    with refused("throttled", PlatformDown):
        _creator_side(desk)
    assert _of_creator(desk).token == before


def test_no_secret_of_a_connection_is_in_the_history(desk: Desk) -> None:
    desk.later(days=2)
    _creator_side(desk)
    row = _of_creator(desk)
    told = str(list(Entry.objects.values_list("detail", flat=True)))
    for secret in (row.token, row.refresh_token, row.app_secret, desk.seeded.creators[0].token):
        assert secret is not None and secret.reveal() not in told


def test_a_platform_nobody_built_a_connector_for_is_named_with_those_there_are() -> None:
    with refused("no_such_platform", Invalid):
        registry.platform("myspace")
    assert registry.platform("tiktok").name == "tiktok"
