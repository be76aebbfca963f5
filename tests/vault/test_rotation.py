"""A new key: everything stored comes under it, nothing is lost on the way, what was filed under the old is found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import Thread
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, connections

from tests.desk import Desk
from valetkey.accounts.models import User
from valetkey.accounts.services import actor_by_token, make_token
from valetkey.audit.entry import Door
from valetkey.audit.services import verify
from valetkey.authorizations import services
from valetkey.authorizations.models import Authorization
from valetkey.connectors.models import Connection
from valetkey.errors import Conflict
from valetkey.secret import Secret
from valetkey.vault import Keyring, keyring, new_key, rotation
from valetkey.vault.columns import EncryptedField
from valetkey.vault.rotation import rotate

pytestmark = pytest.mark.django_db

Turn = Callable[[list[str]], None]


@pytest.fixture
def turn(settings: Any) -> Iterator[Turn]:
    """The desk started again with other keys."""

    def with_keys(keys: list[str]) -> None:
        settings.VALETKEY_KEYS = keys
        keyring.cache_clear()

    yield with_keys
    keyring.cache_clear()


@pytest.fixture
def old(settings: Any) -> list[str]:
    return list(settings.VALETKEY_KEYS)


def ciphertexts() -> Iterator[str]:
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields:
            if isinstance(field, EncryptedField):
                with connection.cursor() as cursor:
                    cursor.execute(f"SELECT {field.column} FROM {model._meta.db_table}")  # noqa: S608  # our own names
                    yield from (value for (value,) in cursor.fetchall() if value is not None)


@pytest.mark.parametrize("batch", [1, 2, 500])
def test_every_stored_secret_comes_under_the_newest_key(desk: Desk, turn: Turn, old: list[str], batch: int) -> None:
    row = desk.issued()
    code, tokens = row.code, {each.pk: each.token for each in Connection.objects.all()}
    count = len(list(ciphertexts()))
    newest = new_key()
    turn([newest, *old])

    assert rotate(batch=batch).rows == {"connectors.Connection": 2, "authorizations.Authorization": 1}

    alone = Keyring([newest])
    opened = [alone.decrypt(each) for each in ciphertexts()]
    assert len(opened) == count == 5, "a code, two tokens, a refresh token and an app secret"
    row.refresh_from_db()
    assert row.code == code and row.code_fingerprint == alone.fingerprint(code or Secret(""))
    assert {each.pk: each.token for each in Connection.objects.all()} == tokens


def test_the_old_key_alone_no_longer_opens_a_single_one(desk: Desk, turn: Turn, old: list[str]) -> None:
    desk.issued()
    turn([new_key(), *old])
    rotate()
    for each in ciphertexts():
        with pytest.raises(ValueError, match="missing"):
            Keyring(old).decrypt(each)


def test_the_desk_works_on_with_the_new_key_alone(desk: Desk, turn: Turn, old: list[str]) -> None:
    """But for links, API tokens and the seals of the history, which stay with the key they were made with."""
    row = desk.in_use()
    newest = new_key()
    turn([newest, *old])
    rotate()
    turn([newest])
    services.extend(authorization=row, days=30, actor=desk.mara, at=desk.later(days=1))
    assert not verify().holds, "the seals are the old key's"
    turn([newest, *old])
    assert verify().holds


def test_links_and_api_tokens_made_before_are_found_by_any_key_of_the_ring(
    desk: Desk, turn: Turn, old: list[str]
) -> None:
    row = desk.issued()
    link = services.hand_over(authorization=row, recipient="Bo", actor=desk.mara, at=desk.at).link
    token = make_token(user=User.objects.get(email="bo@example.org"), label="script", actor=desk.bo, at=desk.at)
    turn([new_key(), *old])
    rotate()
    assert actor_by_token(token=token, door=Door.API).user_id == desk.bo.user_id
    assert services.open(authorization=row, link=link, actor=desk.bo, at=desk.at) == row.code


def test_a_code_recorded_before_is_known_again_after(desk: Desk, turn: Turn, old: list[str]) -> None:
    given: dict[str, Any] = {"code": "#q7Zr+K/29xW==", "days": 30, "post": desk.post, "actor": desk.bo, "at": desk.at}
    services.record(advertiser=desk.advertiser, **given)
    turn([new_key(), *old])
    rotate()
    with pytest.raises(Conflict) as again:
        services.record(advertiser=desk.advertiser, **given)
    assert again.value.code == "same_code"


def test_a_rotation_that_lacks_a_key_says_so_and_is_simply_run_again(desk: Desk, turn: Turn, old: list[str]) -> None:
    desk.issued()
    newest = new_key()
    turn([newest])
    with pytest.raises(ValueError, match="the key it was written with is missing"):
        rotate()
    turn([newest, *old])
    rotate()
    assert rotate().rows == {"connectors.Connection": 2, "authorizations.Authorization": 1}
    assert all(Keyring([newest]).decrypt(each) for each in ciphertexts())


def test_rows_without_a_secret_are_left_alone(desk: Desk, turn: Turn, old: list[str]) -> None:
    desk.disconnect_all()
    Authorization.objects.create(post=desk.post, advertiser=desk.advertiser, created_at=desk.at)
    turn([new_key(), *old])
    assert rotate().rows == {"connectors.Connection": 0, "authorizations.Authorization": 0}


@pytest.mark.django_db(transaction=True)
def test_a_token_renewed_while_keys_rotate_is_not_overwritten(
    committed_desk: Desk, turn: Turn, old: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody renews a token just after the rotation read it: they wait for the row, and theirs stays."""
    turn([new_key(), *old])
    kept = Connection.objects.latest("pk")
    real, renewing = rotation._under_newest_key, list[Thread]()

    def renew() -> None:
        Connection.objects.filter(pk=kept.pk).update(token=Secret("renewed"))
        connections.close_all()

    def read_and_pause(row: Any, names: list[str]) -> dict[str, Any]:
        if row == kept:
            renewing.append(Thread(target=renew))
            renewing[0].start()
            renewing[0].join(timeout=0.4)
        return real(row, names)

    monkeypatch.setattr(rotation, "_under_newest_key", read_and_pause)
    rotate()
    renewing[0].join()
    kept.refresh_from_db()
    assert kept.token == Secret("renewed")
