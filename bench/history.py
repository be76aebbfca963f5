"""What the chain of the history costs: entries written chained and in turn, beside bare inserts of the same rows.

Run by `make bench` once on each database. Every write is a transaction of its own and durable. Trust the ratios of one
run, not the absolute figures.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

import django
from django.conf import settings
from django.db import connection, connections, transaction

WRITES = 400
AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def main() -> None:
    settings.DATABASES["default"]["TEST"] = {"NAME": str(settings.VALETKEY_HOME / "bench.sqlite3")}
    django.setup()
    from django.test.utils import setup_test_environment

    setup_test_environment()
    name = connection.creation.create_test_db(verbosity=0)
    try:
        print(f"{connection.vendor}, {WRITES} writes")
        for writers in (1, 4):
            bare, chained = per_second(bare_insert, writers), per_second(chained_entry, writers)
            ratio = f"{chained / bare:.2f} of it"
            print(f"  {writers} at once: bare insert {bare:.0f}/s, chained entry {chained:.0f}/s, {ratio}")
        print(f"  verify: {verify_per_second():.0f} entries/s")
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def per_second(write: Callable[[int], None], writers: int) -> float:
    """Writes a second, by so many threads that start together."""
    barrier = threading.Barrier(writers + 1)

    def work(first: int) -> None:
        barrier.wait()
        for number in range(first, WRITES, writers):
            write(number)
        connections.close_all()

    threads = [threading.Thread(target=work, args=(first,)) for first in range(writers)]
    for thread in threads:
        thread.start()
    barrier.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    return WRITES / (time.perf_counter() - began)


def bare_insert(number: int) -> None:
    """The same columns in a table without a chain: what the database itself can do."""
    from django.contrib.contenttypes.models import ContentType

    with transaction.atomic():
        ContentType.objects.create(app_label=f"bench{number}", model=str(time.perf_counter_ns()))


def chained_entry(number: int) -> None:
    from valetkey.audit.entry import Actor, Door
    from valetkey.audit.services import record, writing

    with writing(durable=True):
        actor = Actor(name="bench", door=Door.WORKER)
        record(event="bench.written", subject=f"bench {number}", actor=actor, at=AT, detail={"number": number})


def verify_per_second() -> float:
    from valetkey.audit.services import verify

    began = time.perf_counter()
    verdict = verify()
    if not verdict.holds:
        raise SystemExit(verdict.fault)
    return verdict.entries / (time.perf_counter() - began)


if __name__ == "__main__":
    main()
