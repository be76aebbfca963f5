"""A new key: everything stored comes under it, nothing is lost on the way, what was filed under the old is found."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from threading import Thread
from typing import Any, Final

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
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
APP_SECRET: Final = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
SEALED: Final = ("secret", "seed", "migrated_codes")


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


NO_OTHERS = {"mfa.Authenticator": 0, "audit.SigningKey": 0, "changes.Picture": 0, "notices.Endpoint": 0}
"""What else holds secrets, and has no row in these tests."""


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

    assert rotate(batch=batch).rows == {"connectors.Connection": 2, "authorizations.Authorization": 1} | NO_OTHERS

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
    assert actor_by_token(token=token, door=Door.API, at=desk.at).user_id == desk.bo.user_id
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
    assert rotate().rows == {"connectors.Connection": 2, "authorizations.Authorization": 1} | NO_OTHERS
    assert all(Keyring([newest]).decrypt(each) for each in ciphertexts())


def test_rows_without_a_secret_are_left_alone(desk: Desk, turn: Turn, old: list[str]) -> None:
    desk.disconnect_all()
    Authorization.objects.create(post=desk.post, advertiser=desk.advertiser, created_at=desk.at)
    turn([new_key(), *old])
    assert rotate().rows == {"connectors.Connection": 0, "authorizations.Authorization": 0} | NO_OTHERS


def factors(desk: Desk) -> tuple[TOTP, RecoveryCodes]:
    """Mara's authenticator app and recovery codes, as sign-in itself makes them."""
    mara = User.objects.get(email="mara@example.org")
    return TOTP.activate(mara, APP_SECRET), RecoveryCodes.activate(mara)


def sealed() -> list[str]:
    """What lies encrypted in the data of second factors."""
    rows = Authenticator.objects.order_by("pk").values_list("data", flat=True)
    found = [value for data in rows for name, value in data.items() if name in SEALED]
    return [one for value in found for one in (value if isinstance(value, list) else [value])]


def digits() -> str:
    """What the authenticator app shows now."""
    return str(format_hotp_value(hotp_value(APP_SECRET, int(time.time()) // 30)))


@pytest.mark.parametrize("batch", [1, 500])
def test_second_factors_of_sign_in_come_under_the_newest_key_and_go_on_working(
    desk: Desk, turn: Turn, old: list[str], batch: int
) -> None:
    _, codes = factors(desk)
    first, *rest = codes.get_unused_codes()
    assert codes.validate_code(first)
    newest = new_key()
    turn([newest, *old])
    assert rotate(batch=batch).rows["mfa.Authenticator"] == 2

    turn([newest])
    app, codes = (Authenticator.objects.get(type=kind).wrap() for kind in ("totp", "recovery_codes"))
    assert app.validate_code(digits()) and not app.validate_code("000000")
    assert codes.get_unused_codes() == rest and codes.validate_code(rest[0]) and not codes.validate_code(first)
    for each in sealed():
        with pytest.raises(ValueError, match="missing"):
            Keyring(old).decrypt(each)


def test_recovery_codes_brought_from_elsewhere_are_a_list_and_come_along(
    desk: Desk, turn: Turn, old: list[str]
) -> None:
    codes = factors(desk)[1].instance
    brought = [Secret(f"brought-{number}-from-elsewhere") for number in range(3)]
    codes.data = {"migrated_codes": [keyring().encrypt(each) for each in brought], "used_mask": 0}
    codes.save()
    newest = new_key()
    turn([newest, *old])
    rotate()
    codes.refresh_from_db()
    assert codes.data["used_mask"] == 0
    assert [Keyring([newest]).decrypt(each) for each in codes.data["migrated_codes"]] == brought


def test_a_security_key_holds_no_secret_of_the_desk_and_is_left_alone(desk: Desk, turn: Turn, old: list[str]) -> None:
    key = Authenticator.objects.create(
        user_id=desk.bo.user_id, type="webauthn", data={"name": "Blue key", "credential": {"id": "x"}}
    )
    turn([new_key(), *old])
    assert rotate().rows["mfa.Authenticator"] == 0
    key.refresh_from_db()
    assert key.data == {"name": "Blue key", "credential": {"id": "x"}}


def test_a_second_factor_whose_key_is_missing_says_so(desk: Desk, turn: Turn, old: list[str]) -> None:
    desk.disconnect_all()
    factors(desk)
    before = sealed()
    turn([new_key()])
    with pytest.raises(ValueError, match="the key it was written with is missing"):
        rotate()
    assert sealed() == before


def test_every_secret_that_sign_in_encrypts_is_named_in_the_setting(desk: Desk, settings: Any) -> None:
    """A newer allauth may encrypt more: whatever of its data opens with our key must be among the names."""
    factors(desk)
    for data in Authenticator.objects.values_list("data", flat=True):
        for name, value in data.items():
            assert (name in SEALED) is (isinstance(value, str) and value.startswith("gAAAA")), name
    assert settings.VALETKEY_SEALED_JSON == {"mfa.Authenticator": ("data", SEALED)}


@pytest.mark.django_db(transaction=True)
def test_a_token_renewed_while_keys_rotate_is_not_overwritten(
    committed_desk: Desk, turn: Turn, old: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody renews a token just after the rotation read it: they wait for the row, and theirs stays."""
    turn([new_key(), *old])
    kept = Connection.objects.latest("pk")
    real, renewing = rotation.Columns.under_newest_key, list[Thread]()

    def renew() -> None:
        Connection.objects.filter(pk=kept.pk).update(token=Secret("renewed"))
        connections.close_all()

    def read_and_pause(place: rotation.Columns, row: Any) -> dict[str, Any]:
        if row == kept:
            renewing.append(Thread(target=renew))
            renewing[0].start()
            renewing[0].join(timeout=0.4)
        return real(place, row)

    monkeypatch.setattr(rotation.Columns, "under_newest_key", read_and_pause)
    rotate()
    renewing[0].join()
    kept.refresh_from_db()
    assert kept.token == Secret("renewed")
