"""PURE. The post in a link: `/@name/video/ID`, `/@name/photo/ID`, or a bare id. A short link tells nothing."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

# Ids seen are 19 digits; a few older posts have fewer. A spreadsheet's 7.4E+18 is no id.
_BARE: Final = re.compile(r"[0-9]{15,20}")
_PATH: Final = re.compile(r"/@[^/]+/(?:video|photo)/([0-9]{15,20})/?")
_HOSTS: Final = ("tiktok.com", "www.tiktok.com", "m.tiktok.com")


def post_id_in(text: str) -> str | None:
    text = text.strip()
    if _BARE.fullmatch(text):
        return text
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"}:
        return None
    found = _PATH.fullmatch(parts.path) if host in _HOSTS else None
    return found.group(1) if found else None
