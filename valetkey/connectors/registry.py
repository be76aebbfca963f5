"""Finds a platform by its name. Settings name each by string, so that nothing imports a connector."""

from __future__ import annotations

from typing import cast

from django.conf import settings
from django.utils.module_loading import import_string

from valetkey.connectors.base import Platform
from valetkey.errors import Invalid


def platform(name: str) -> Platform:
    """Raises Invalid for a platform this desk has no connector for."""
    try:
        path: str = settings.VALETKEY_PLATFORMS[name]
    except KeyError:
        known = ", ".join(sorted(settings.VALETKEY_PLATFORMS))
        raise Invalid("no_such_platform", f"This desk has no connector for “{name}”.", f"It has: {known}.") from None
    return cast(Platform, import_string(path.replace(":", ".")))
