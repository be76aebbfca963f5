"""A desk from before the record is brought up to date with everything it had, on either database."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from cryptography.fernet import Fernet
from django.db import connection

ROOT = Path(__file__).parent.parent.parent

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    """Of a program with an empty database of its own, of the kind these tests run on."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("VALETKEY_")}
    kept |= {"DJANGO_SETTINGS_MODULE": "valetkey.settings", "VALETKEY_HOME": str(tmp_path)}
    if connection.vendor == "sqlite":
        yield kept
        return
    name, to = f"old_desk_{uuid.uuid4().hex[:8]}", connection.settings_dict
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    address = f"postgres://{to['USER']}:{quote(str(to['PASSWORD']), safe='')}@{to['HOST']}:{to['PORT']}/{name}"
    try:
        yield kept | {"VALETKEY_DATABASE_URL": address, "VALETKEY_KEYS": Fernet.generate_key().decode()}
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_what_was_there_is_there_with_a_name_and_a_first_line_of_its_past(environment: dict[str, str]) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "tests.register.old_desk"],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr[-2000:]
    said = json.loads(ran.stdout)
    ways = [(each["basis"], each["way"], each["end"]) for each in said["accesses"]]
    assert ways == [
        ("authorization A2B3C4D on 7200", "authorization", "unknown"),
        ("authorization B2B3C4D on 7200", "authorization", "at"),
        ("agreed by mail", "entered", "none"),
    ]
    assert said["accesses"][1]["ended_reason"] == "over" and said["accesses"][0]["purpose"] == ""
    assert len(set(said["references"])) == 6 and all(len(each) == 7 for each in said["references"])
    assert said["people"] == [
        {"name": "Bo", "mail": "bo@example.org", "kept_by__name": "Northwind", "user__email": "bo@example.org"}
    ], "who had gone before is not put on record"
    assert said["versions"] == sorted(["access"] * 3 + ["asset", "exposure", "party", "party", "person", "surface"])
    brand = said["shared_with"][0]
    assert brand == "BRAND22" and said["shared_with"][1:] == [brand, ""]
    assert said["history_holds"]
