"""Sends the messages that wait, in a process that is killed -9 at one beat of it. Run by test_deliveries alone."""

from __future__ import annotations

import os
import sys
from datetime import datetime

import django

from tests.notices.killed import kill_after

BEATS = {
    "after the cursor moved": "_lay_out",
    "after the claim is committed": "_claim",
    "after it was sent": "post",
    "after the settling is committed": "_settle",
}


def main(beat: str, at: str, networks: str) -> None:
    os.environ["VALETKEY_WEBHOOK_NETWORKS"] = networks
    django.setup()
    from valetkey.notices.services import delivering

    if beat:
        kill_after(delivering, BEATS[beat])
    delivering.collect_deliveries(at=datetime.fromisoformat(at))
    delivering.deliver(at=datetime.fromisoformat(at))


if __name__ == "__main__":
    main(*sys.argv[1:])
