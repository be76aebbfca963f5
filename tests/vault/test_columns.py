"""An encrypted column: clear text never reaches the database, nothing but a secret is taken, nothing is serialized."""

from __future__ import annotations

import json
import pickle

import pytest
from django.core import serializers
from django.core.exceptions import FieldError
from django.db import connection

from tests.desk import Desk
from valetkey.authorizations.models import Authorization
from valetkey.connectors.models import Connection
from valetkey.secret import Secret
from valetkey.vault import keyring

pytestmark = pytest.mark.django_db

CODE = "#q7Zr+K/29xW=="


def stored(desk: Desk, code: Secret | None = Secret(CODE)) -> Authorization:  # noqa: B008  # a secret is immutable
    return Authorization.objects.create(post=desk.post, advertiser=desk.advertiser, created_at=desk.at, code=code)


def raw(row: Authorization) -> str | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT code FROM authorizations_authorization WHERE id = %s", [row.pk])
        value: str | None = cursor.fetchone()[0]
    return value


def test_the_database_holds_only_the_ciphertext(desk: Desk) -> None:
    row = stored(desk)
    ciphertext = raw(row)
    assert ciphertext is not None and CODE not in ciphertext
    assert keyring().decrypt(ciphertext) == Secret(CODE)
    assert Authorization.objects.get(pk=row.pk).code == Secret(CODE)


def test_an_update_encrypts_too(desk: Desk) -> None:
    row = stored(desk, None)
    assert raw(row) is None
    Authorization.objects.filter(pk=row.pk).update(code=Secret(CODE))
    ciphertext = raw(row)
    assert ciphertext is not None and CODE not in ciphertext
    row.refresh_from_db()
    assert row.code == Secret(CODE)
    Authorization.objects.bulk_update([row], ["code"])
    assert CODE not in str(raw(row)) and Authorization.objects.get(pk=row.pk).code == Secret(CODE)


def test_no_table_of_the_desk_holds_a_token_in_the_clear(desk: Desk) -> None:
    token = desk.seeded.creators[0].token.reveal()
    assert Connection.objects.filter(token__isnull=False).count() == 2
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608  # our own table names
            assert token not in repr(cursor.fetchall()), table


@pytest.mark.parametrize("value", [CODE, "", CODE.encode(), 7])
def test_what_is_no_secret_is_refused_without_being_quoted(desk: Desk, value: object) -> None:
    with pytest.raises(TypeError, match="code takes a Secret") as refused:
        stored(desk, value)  # type: ignore[arg-type]
    assert CODE not in str(refused.value)
    with pytest.raises(TypeError, match="code takes a Secret"):
        Authorization.objects.update(code=value)


@pytest.mark.parametrize("form", ["json", "python", "xml", "jsonl"])
def test_a_row_with_a_secret_is_not_serialized(desk: Desk, form: str) -> None:
    with pytest.raises(TypeError, match="not serialized"):
        serializers.serialize(form, [stored(desk)])


def test_nor_pickled_nor_written_as_json(desk: Desk) -> None:
    row = stored(desk)
    with pytest.raises(TypeError, match="not pickled"):
        pickle.dumps(row)
    with pytest.raises(TypeError):
        json.dumps(list(Authorization.objects.values("code")))
    assert CODE not in repr(Authorization.objects.values("code")) and CODE not in repr(vars(row))


def test_a_search_for_a_secret_is_refused_since_it_would_find_nothing(desk: Desk) -> None:
    stored(desk)
    for search in ({"code": Secret(CODE)}, {"code__in": [Secret(CODE)]}, {"code__contains": "q7"}):
        with pytest.raises(FieldError):
            Authorization.objects.filter(**search).exists()
    assert Authorization.objects.filter(code__isnull=False).count() == 1


def test_a_value_of_a_key_that_is_gone_says_so(desk: Desk) -> None:
    row = stored(desk)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE authorizations_authorization SET code = %s WHERE id = %s", ["gAAAAABother", row.pk])
    with pytest.raises(ValueError, match="the key it was written with is missing"):
        Authorization.objects.get(pk=row.pk)
