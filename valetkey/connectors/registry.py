"""Finds a platform by its name. Settings name each by string, so that nothing imports a connector."""

from __future__ import annotations

from typing import cast

from django.conf import settings
from django.utils.module_loading import import_string

from valetkey.connectors.base import Platform
from valetkey.errors import Invalid


def names() -> list[str]:
    """Of every platform this desk has a connector for."""
    return sorted(settings.VALETKEY_PLATFORMS)


def post_ids_in(text: str) -> dict[str, str]:
    """The post that a link or a bare id names, on each platform that knows such links. Mostly one, or none."""
    found = {name: platform(name).post_id_in(text) for name in names()}
    return {name: post_id for name, post_id in found.items() if post_id is not None}


def platform(name: str) -> Platform:
    """Raises Invalid for a platform this desk has no connector for."""
    try:
        path: str = settings.VALETKEY_PLATFORMS[name]
    except KeyError:
        known = ", ".join(names())
        raise Invalid("no_such_platform", f"This desk has no connector for “{name}”.", f"It has: {known}.") from None
    return cast(Platform, import_string(path.replace(":", ".")))
