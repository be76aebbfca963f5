"""A worker that is killed -9 in the middle of its first sweep. Run by test_running alone."""

from __future__ import annotations

import django


def main() -> None:
    django.setup()
    from tests.findings.killed import _stand_at
    from valetkey.worker.running import work

    _stand_at("judged", 1)
    work(drain=1, tell=print)


if __name__ == "__main__":
    main()
