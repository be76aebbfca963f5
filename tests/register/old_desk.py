"""A program of its own: a desk as it was before the record, brought up to date. Says what came of its rows."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import django

AT = datetime(2026, 10, 1, 9, 0, tzinfo=UTC)
BEFORE = [
    ("accounts", "0004_language"),
    ("register", "0003_exposures"),
    ("authorizations", "0003_guides"),
    ("audit", "0002_append_only"),
    ("connectors", "0001_first"),
]


def main() -> None:
    django.setup()
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    executor.migrate(BEFORE)
    _fill(executor.loader.project_state(BEFORE).apps)

    from valetkey.cli.prepare import make_tables

    make_tables()
    print(json.dumps(_said(), default=str))


def _fill(old: Any) -> None:
    party, user = old.get_model("accounts", "Party"), old.get_model("accounts", "User")
    mara = party.objects.create(name="Mara Lindt", kind="creator", reference="MARA222", created_at=AT)
    brand = party.objects.create(name="Northwind", kind="brand", reference="BRAND22", created_at=AT)
    bo = user.objects.create(username="bo@example.org", email="bo@example.org", first_name="Bo")
    gone = user.objects.create(username="old@example.org", email="old@example.org", first_name="Old")
    memberships = old.get_model("accounts", "Membership").objects
    memberships.create(user=bo, party=brand, role="manager", since=AT)
    memberships.create(user=gone, party=brand, role="member", since=AT, ended_at=AT)
    connections = old.get_model("connectors", "Connection").objects
    connections.create(party=mara, platform="tiktok", level="creator_token", created_at=AT, ended_at=AT)
    connections.create(party=mara, platform="tiktok", level="creator_token", created_at=AT)
    post = old.get_model("register", "Post").objects.create(
        reference="POST222", platform="tiktok", kind="post", platform_id="731", name="Shoes", held_by=mara,
        created_at=AT, visibility="public", medium="video",
    )  # fmt: skip
    surface = old.get_model("register", "Surface").objects.create(asset=post, name="Spark authorizations")
    accesses = old.get_model("register", "Access").objects
    shared: dict[str, Any] = {"surface": surface, "holder": brand, "role": "run this post as an ad", "since": AT}
    shared |= {"source": "observed", "recorded_at": AT}
    accesses.create(**shared, end="unknown", basis="authorization A2B3C4D on 7200")
    accesses.create(
        **shared, end="at", until=AT, basis="authorization B2B3C4D on 7200", ended_at=AT, ended_reason="over"
    )
    accesses.create(**shared, end="none", basis="agreed by mail")
    exposures = old.get_model("register", "Exposure").objects
    exposures.create(
        reference="EXPO222", held_by=mara, platform="tiktok", account="@mara", shared="password", opened_at=AT,
        opened_by="Mara",
    )  # fmt: skip


def _said() -> dict[str, Any]:
    from valetkey.accounts.models import Person
    from valetkey.audit.services import verify
    from valetkey.connectors.models import Connection
    from valetkey.register.models import Access, Surface
    from valetkey.timeline.models import Version

    return {
        "accesses": list(
            Access.objects.order_by("pk").values("basis", "way", "end", "until", "ended_reason", "purpose")
        ),
        "references": [
            *Access.objects.values_list("reference", flat=True),
            *Connection.objects.values_list("reference", flat=True),
            Surface.objects.get().reference,
        ],
        "people": list(Person.objects.values("name", "mail", "kept_by__name", "user__email")),
        "versions": sorted(Version.objects.now().values_list("kind", flat=True)),
        "shared_with": list(Version.objects.filter(kind="access").order_by("pk").values_list("shared_with", flat=True)),
        "history_holds": verify().holds,
    }


if __name__ == "__main__":
    main()
