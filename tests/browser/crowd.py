"""Many people on one list of a desk that is served: `python -m tests.browser.crowd NAME NUMBER`, at its VALETKEY_HOME.

By the services, in one go: as many commands would take minutes.
"""

from __future__ import annotations

import sys
from datetime import timedelta
from typing import Any


def main(name: str, number: int) -> None:
    import django

    django.setup()
    from django.utils import timezone

    from valetkey.accounts.models import Party
    from valetkey.accounts.services import enter_person
    from valetkey.audit.entry import Actor, Door
    from valetkey.register.services import enter_asset, enter_surface, open_access

    by: dict[str, Any] = {"actor": Actor(name="the desk's host", door=Door.CLI), "at": timezone.now()}
    keeper = Party.objects.get(name="Northwind")
    asset = enter_asset(held_by=keeper, platform="tiktok", kind="business_center", name=name, with_surfaces=False, **by)
    lists = [enter_surface(asset=asset, name=each, **by) for each in ("Members", "Partners", "Finance", "Staff")]
    until = timezone.now() + timedelta(days=90)
    for each in range(number):
        somebody = enter_person(kept_by=keeper, name=f"Person {each:03} of {name}", **by)
        end: dict[str, Any] = {"end": "none"} if each % 5 == 0 else {"end": "at", "until": until}
        open_access(surface=lists[each % 4], person=somebody, role="Standard", **end, **by)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
