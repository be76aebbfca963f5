"""PURE. Surfaces and role names as platforms have them: data with a source and a date.

Does not know anybody's assets.
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

FOLDER: Final = Path(__file__).parent / "roles"

CONFIDENCES: Final = ("confirmed", "second_hand", "unconfirmed")
"""confirmed: the platform's own page says so. second_hand: somebody who uses it says so. unconfirmed: a claim, a
conflict between sources, or our own inference; whoever shows it says so."""


@dataclass(frozen=True)
class Source:
    """Where something was read, when, and how sure it is. `address` is "" where there is no page to open."""

    source: str
    read_on: date
    confidence: str
    address: str = ""


@dataclass(frozen=True)
class RoleName:
    """A role as a platform calls it. `is_wide`: it reaches further than one piece of work, or can let others in.
    `has_money`: it can spend or move money. `disagree`: what another source says of it.
    """

    name: str
    what: str
    source: Source
    is_wide: bool = False
    has_money: bool = False
    disagree: str = ""


@dataclass(frozen=True)
class SurfaceKind:
    """One list of access that such an asset usually has. `path`: where it is on the screen. `removal`: how somebody is
    taken off. `cascade`: what that leaves as it is.
    """

    key: str
    name: str
    path: str
    removal: str
    cascade: str
    source: Source
    roles: tuple[RoleName, ...]
    disagree: str = ""

    def role(self, name: str) -> RoleName | None:
        """However it is capitalized."""
        return next((each for each in self.roles if each.name.casefold() == name.strip().casefold()), None)


Catalogue = Mapping[str, Mapping[str, tuple[SurfaceKind, ...]]]
"""Platform → kind of asset → its lists."""


def usual(platform: str, asset_kind: str) -> tuple[SurfaceKind, ...]:
    """The lists that such an asset usually has; none where the catalogue knows nothing."""
    return catalogue().get(platform, {}).get(asset_kind, ())


def surface_kind(platform: str, asset_kind: str, key: str) -> SurfaceKind | None:
    return next((each for each in usual(platform, asset_kind) if each.key == key), None)


def role(platform: str, asset_kind: str, key: str, name: str) -> RoleName | None:
    """None for a role, or a list, that the catalogue does not know: people may write down what they see."""
    found = surface_kind(platform, asset_kind, key)
    return found.role(name) if found else None


@functools.cache
def catalogue() -> Catalogue:
    return {path.stem: read(tomllib.loads(path.read_text("utf-8"))) for path in sorted(FOLDER.glob("*.toml"))}


def read(told: Mapping[str, Any]) -> dict[str, tuple[SurfaceKind, ...]]:
    """One platform's file. Raises KeyError, TypeError or ValueError, naming what does not fit."""
    sources = {name: Source(**values) for name, values in told["source"].items()}
    for name, source in sources.items():
        if source.confidence not in CONFIDENCES:
            raise ValueError(f"{name}: “{source.confidence}” is no confidence.")
    made: dict[str, list[SurfaceKind]] = {}
    for values in told["surface"]:
        own = dict(values)
        kinds = own.pop("on")
        roles = tuple(RoleName(**{**each, "source": sources[each["source"]]}) for each in own.pop("role", []))
        one = SurfaceKind(**{**own, "source": sources[own["source"]], "roles": roles})
        for kind in kinds:
            made.setdefault(kind, []).append(one)
    return {kind: tuple(found) for kind, found in made.items()}
