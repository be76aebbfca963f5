"""What a sweep over a long-lived desk costs, beside the same question asked in one plain SQL statement.

Run by `make bench` on both databases. Two in a hundred authorizations have something wrong; the statement asks for two
of the five kinds of it. Trust the ratios of one run, not the absolute figures.
"""

from __future__ import annotations

import os
import resource
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import django
from django.conf import settings
from django.db import connection

if TYPE_CHECKING:
    from django.db.models import Model

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
CREATORS, ADVERTISERS, ACCOUNTS = 2_000, 200, 1_000
TIMES = 5

CREATOR, ADVERTISER, ACCOUNT, POST, CAMPAIGN = 10_000, 20_000, 30_000, 1_000_000, 10_000
"""Keys of the rows made here count from these."""

WRONG = "(i % 50 = 0 AND (i / 50) % 5 = {})"
SHORT, SOON, DRIFTED, UNTOLD, UNOPENED = (WRONG.format(kind) for kind in range(5))
LIVE = f"(i % 50 BETWEEN 1 AND 20 OR {SHORT} OR {SOON} OR {DRIFTED})"
OF_ACCOUNT = "(i % 200 + 200 * ((i / 200) % 5))"


def main() -> None:
    settings.DATABASES["default"]["TEST"] = {"NAME": str(settings.VALETKEY_HOME / "sweep.sqlite3")}
    django.setup()
    from django.test.utils import setup_test_environment

    setup_test_environment()
    count = int(os.environ.get("ROWS", 1_000_000 if connection.vendor == "postgresql" else 100_000))
    name = connection.creation.create_test_db(verbosity=0)
    try:
        with told(f"{connection.vendor}: {count:,} authorizations, made in"):
            fill(count)
        measure()
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def measure() -> None:
    from valetkey.audit.entry import Actor, Door
    from valetkey.findings.finding import About
    from valetkey.findings.gather import GATHERS
    from valetkey.findings.limits import Limits
    from valetkey.findings.models import Finding
    from valetkey.findings.services import sweep

    plain, rows = statement()
    print(f"  one statement: {rows:,} rows in {plain:.2f} s")
    before, began = peak(), time.perf_counter()
    found = {about: sum(map(len, GATHERS[about].candidates(NOW, Limits(), None))) for about in About}
    line("which to look at", time.perf_counter() - began, plain)
    print("   ", ", ".join(f"{about.value} {number:,}" for about, number in found.items()))
    actor = Actor(name="bench", door=Door.WORKER)
    for what in ("first sweep", "nothing new"):
        began = time.perf_counter()
        swept = sweep(actor=actor, at=NOW, look=False)
        line(what, time.perf_counter() - began, plain)
        changed = ", ".join(f"{name.value} {number:,}" for name, number in swept.counts.items())
        print(
            f"    judged {swept.judged:,}, open {swept.open:,}; {changed}; peak memory {before:.0f} → {peak():.0f} MB"
        )
    subjects = Finding.objects.filter(closed_at=None, about=About.AUTHORIZATION.value).values("subject").distinct()
    print(f"  authorizations with findings: {subjects.count():,}")


def line(what: str, took: float, plain: float) -> None:
    print(f"  {what:<20} {took:8.2f} s   × {took / plain:.1f}")


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def statement() -> tuple[float, int]:
    """Live, and ends within 30 days or before a campaign that is not over."""
    sql = """
        SELECT DISTINCT a.id, a.reference, a.ends_at FROM authorizations_authorization a
        LEFT JOIN authorizations_authorization_campaigns u ON u.authorization_id = a.id
        LEFT JOIN register_campaign c ON c.id = u.campaign_id AND c.ends_at > %s
        WHERE a.state IN ('issued', 'handed_over', 'opened', 'applied', 'in_use')
        AND (a.ends_at <= %s OR a.ends_at < c.ends_at)
    """
    values = [adapted(NOW), adapted(NOW + timedelta(days=30))]
    taken, rows = [], 0
    for _ in range(TIMES):
        began = time.perf_counter()
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            rows = len(cursor.fetchall())
        taken.append(time.perf_counter() - began)
    return statistics.median(taken), rows


def fill(count: int) -> None:
    """Past the services: one row of each kind is made, and copied with what differs."""
    from valetkey.accounts.models import Party
    from valetkey.authorizations.models import Application, Authorization
    from valetkey.connectors.models import Connection
    from valetkey.register.models import Access, AdAccount, Asset, Campaign, Post, Surface
    from valetkey.secret import Secret

    began, none = NOW - timedelta(days=60), "NULL"
    party = Party.objects.create(name="Party", kind="creator", created_at=began)
    said: dict[str, Any] = {"platform": "tiktok", "held_by": party, "created_at": began}
    account = AdAccount.objects.create(kind="ad_account", platform_id="1", name="Account", time_zone="UTC", **said)
    post = Post.objects.create(kind="post", platform_id="2", name="Post", visibility="public", seen_at=began, **said)
    days = {"starts_on": date(2026, 9, 3), "ends_on": date(2027, 2, 10)}
    campaign = Campaign.objects.create(
        ad_account=account, name="Flight", starts_at=began, ends_at=NOW, created_at=began, **days
    )
    row = Authorization.objects.create(
        post=post, advertiser=party, state="in_use", created_at=began, starts_at=began, window_source="platform",
        term_days=365, ends_at=NOW + timedelta(days=200), handed_over_at=began, opened_at=began,
        checked_at=NOW - timedelta(hours=1),
    )  # fmt: skip
    use = Authorization.campaigns.through.objects.create(authorization=row, campaign=campaign)
    application = Application.objects.create(
        authorization=row, ad_account=account, state="in_use", source="observed", applied_at=began, seen_at=began
    )
    surface = Surface.objects.create(asset=post, name="Spark authorizations", kind="spark_authorizations")
    access = Access.objects.create(
        surface=surface, holder=party, role="run this post as an ad", since=began, end="unknown", basis="b",
        way="authorization", source="observed", recorded_at=began,
    )  # fmt: skip

    copy(party, CREATORS, id=f"{CREATOR} + i", reference="'C' || i", name="'Creator ' || i")
    copy(party, ADVERTISERS, id=f"{ADVERTISER} + i", reference="'B' || i", name="'Brand ' || i", kind="'brand'")
    key, holder = f"{ACCOUNT} + i % {ACCOUNTS}", f"{ADVERTISER} + 1 + i % {ADVERTISERS}"
    own = {"reference": "'D' || i", "platform_id": "'account ' || i", "name": "'Account ' || i"}
    copy(Asset.objects.get(pk=account.pk), ACCOUNTS, id=key, held_by_id=holder, **own)
    copy(account, ACCOUNTS, asset_ptr_id=key)
    own = {"reference": "'P' || i", "platform_id": "'post ' || i", "name": "'Post ' || i"}
    creator = f"{CREATOR} + 1 + i % {CREATORS}"
    copy(Asset.objects.get(pk=post.pk), count, id=f"{POST} + i", held_by_id=creator, **own)
    copy(post, count, asset_ptr_id=f"{POST} + i")
    for number, lasts in enumerate((5, 100, 300), start=1):
        copy(
            campaign, ACCOUNTS, id=f"{CAMPAIGN * number} + i % {ACCOUNTS}", reference=f"'{number}F' || i",
            name="'Flight ' || i", ad_account_id=key, ends_at=NOW + timedelta(days=lasts),
        )  # fmt: skip

    ended, ends = NOW - timedelta(days=10), NOW + timedelta(days=200)
    copy(
        row, count, id=f"{POST} + i", reference="'A' || i", post_id=f"{POST} + i", advertiser_id=holder,
        code_fingerprint="'made ' || i",
        state=f"CASE WHEN {UNOPENED} THEN 'handed_over' WHEN {LIVE} THEN 'in_use'"
        f" WHEN i % 50 BETWEEN 21 AND 30 THEN 'expired' ELSE 'ended' END",
        ends_at=(f"CASE WHEN {SHORT} THEN %s WHEN {SOON} THEN %s WHEN {LIVE} OR {UNOPENED} THEN %s ELSE %s END",
                 NOW + timedelta(days=20), NOW + timedelta(days=10), ends, ended),
        handed_over_at=ended,
        opened_at=(f"CASE WHEN {UNOPENED} THEN {none} ELSE %s END", began),
        ended_at=(f"CASE WHEN {LIVE} OR {UNOPENED} OR i % 50 BETWEEN 21 AND 30 THEN {none} ELSE %s END", ended),
        told_at=(f"CASE WHEN {LIVE} OR {UNOPENED} OR {UNTOLD} OR i % 50 BETWEEN 21 AND 30 THEN {none} ELSE %s END",
                 ended),
        end_source=f"CASE WHEN {LIVE} OR {UNOPENED} OR i % 50 BETWEEN 21 AND 30 THEN '' ELSE 'observed' END",
    )  # fmt: skip
    drifted = DRIFTED.replace("i ", f"(id - {POST}) ")
    asked(f"UPDATE {row._meta.db_table} SET drift = '[\"END_DIFFERS\"]' WHERE id > {POST} AND {drifted}")  # noqa: S608
    copy(
        use, count, where=LIVE, id=f"{POST} + i", authorization_id=f"{POST} + i",
        campaign_id=f"{OF_ACCOUNT} + CASE WHEN {SHORT} THEN {3 * CAMPAIGN} WHEN {SOON} THEN {CAMPAIGN}"
        f" ELSE {2 * CAMPAIGN} END",
    )  # fmt: skip
    copy(
        application, count, where=LIVE, id=f"{POST} + i", authorization_id=f"{POST} + i",
        ad_account_id=f"{ACCOUNT} + {OF_ACCOUNT}",
    )  # fmt: skip
    copy(surface, count, where=LIVE, id=f"{POST} + i", reference="'S' || i", asset_id=f"{POST} + i")
    copy(
        access, count, where=LIVE, id=f"{POST} + i", reference="'X' || i", surface_id=f"{POST} + i", holder_id=holder,
        basis=f"'authorization A' || i || ' on ad account D' || {OF_ACCOUNT}",
    )  # fmt: skip
    for one in Party.objects.filter(kind="brand"):
        Connection.objects.create(
            party=one,
            platform="tiktok",
            level="advertiser",
            base_url="sandbox:",
            token=Secret("made"),
            created_at=began,
        )
    if connection.vendor == "postgresql":
        asked("VACUUM ANALYZE")


def copy(template: Model, count: int, *, where: str = "TRUE", **differing: Any) -> None:
    """So many rows like the one there is. What differs: an expression of `i`, such with values, or a value."""
    columns, values = [], []
    for field in template._meta.local_concrete_fields:
        told = differing.get(field.column, f't."{field.column}"')
        if isinstance(told, datetime):
            told = ("%s", told)
        expression, *given = told if isinstance(told, tuple) else (told,)
        columns.append((f'"{field.column}"', expression))
        values += [adapted(value) for value in given]
    table, key = template._meta.db_table, template._meta.pk.column  # type: ignore[union-attr]  # every model has one
    names, expressions = ", ".join(name for name, _ in columns), ", ".join(told for _, told in columns)
    asked(
        f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})"  # noqa: S608  # our own
        f" INSERT INTO {table} ({names}) SELECT {expressions} FROM n, {table} t"
        f" WHERE t.{key} = {template.pk} AND {where}",
        *values,
    )


def adapted(value: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(value)


def asked(sql: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        # Signs of per cent are those of Python only where there are values.
        cursor.execute(sql if not values else sql.replace(" % ", " %% "), values or None)


@contextmanager
def told(what: str) -> Iterator[None]:
    began = time.perf_counter()
    yield
    print(f"{what} {time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    main()
