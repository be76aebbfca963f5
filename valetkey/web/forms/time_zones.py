"""Time zones to choose from: those of places, by the names platforms use."""

from __future__ import annotations

import functools
from zoneinfo import available_timezones

from django.conf import settings


@functools.cache
def time_zones() -> list[tuple[str, str]]:
    """Kept: reading their names off the disk takes a moment."""
    places = {
        name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "posix/", "right/"))
    }
    return [(name, name.replace("_", " ")) for name in sorted(places | {"UTC", settings.VALETKEY_TIME_ZONE})]
