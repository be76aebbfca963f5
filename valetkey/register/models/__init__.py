"""What the record holds, a file for each of its parts."""

from __future__ import annotations

from valetkey.register.models.access import Access, Surface
from valetkey.register.models.assets import AdAccount, Asset, Campaign, Post, Source
from valetkey.register.models.duties import Engagement, Ownership, Responsibility
from valetkey.register.models.exposures import Exposure, ExposureKnower

__all__ = [
    "Access",
    "AdAccount",
    "Asset",
    "Campaign",
    "Engagement",
    "Exposure",
    "ExposureKnower",
    "Ownership",
    "Post",
    "Responsibility",
    "Source",
    "Surface",
]
