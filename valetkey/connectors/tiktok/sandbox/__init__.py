"""A stand-in of TikTok's Spark Ads endpoints: a WSGI application with its own memory and a clock that can be set.

Never TikTok. It shares the words of the wire with the client and nothing else.
"""

from __future__ import annotations

from .sandbox import Sandbox

__all__ = ["Sandbox"]
