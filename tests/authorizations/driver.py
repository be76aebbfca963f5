"""The other end of `killed`: orders children of a real process and hears how each ended."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping

from django.conf import settings
from django.db import connection

from tests.desk import Desk
from valetkey.authorizations.models import Authorization
from valetkey.register.models import AdAccount

Ended = dict[str, int]
"""`signal` that killed it, or 0 and the exit `code`: that of the refusal, 0 for done, 99 for a fault."""


def order(
    desk: Desk, row: Authorization, verb: str, beat: str = "", ad_account: AdAccount | None = None
) -> dict[str, str]:
    return {
        "verb": verb,
        "beat": beat,
        "reference": row.reference,
        "ad_account": (ad_account or desk.eu).reference,
        "at": desk.at.isoformat(),
        "state": str(settings.VALETKEY_SANDBOX_STATE),
    }


def environment() -> dict[str, str]:
    """For a process that is to speak to the same database as the test, with the same keys."""
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        address = f"sqlite:///{database['NAME']}"
    else:
        who = f"{database['USER']}:{database['PASSWORD']}" if database["PASSWORD"] else database["USER"]
        address = f"postgres://{who}@{database['HOST']}:{database['PORT']}/{database['NAME']}"
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("VALETKEY_")},
        "DJANGO_SETTINGS_MODULE": "valetkey.settings",
        "VALETKEY_HOME": str(settings.VALETKEY_HOME),
        "VALETKEY_KEYS": ",".join(settings.VALETKEY_KEYS),
        "VALETKEY_DATABASE_URL": address,
    }


class Driver:
    """The process whose children are killed; it speaks to the same database as the test."""

    def __init__(self, module: str = "tests.authorizations.killed") -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", module],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment(),
        )  # fmt: skip

    def child(self, desk: Desk, row: Authorization, verb: str, beat: str = "") -> Ended:
        """One verb in a process of its own, killed at the beat; how it ended."""
        return self.together(order(desk, row, verb, beat))[0]

    def together(self, *orders: Mapping[str, str]) -> list[Ended]:
        """A process for each order, all at the same moment."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps(orders) + "\n")
        self._process.stdin.flush()
        answer: list[Ended] = json.loads(self._process.stdout.readline())
        return answer

    def close(self) -> None:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(timeout=10)
        self._process.stdout.close()
