"""Files are taken by the few pages that ask for one, of whoever is signed in. Others are let go as they come."""

from __future__ import annotations

from typing import Any, Final

from django.core.files.uploadhandler import MemoryFileUploadHandler

PAGES: Final = frozenset({"change_step", "intake_new"})
"""The names of their addresses."""


class WhereAskedFor(MemoryFileUploadHandler):
    """In memory, and never on a disk. What is too large for it is let go too."""

    def handle_raw_input(self, *given: Any, **named: Any) -> Any:
        super().handle_raw_input(*given, **named)
        request: Any = self.request
        page = request.resolver_match
        is_asked_for = page is not None and page.url_name in PAGES and request.user.is_authenticated
        self.activated = self.activated and is_asked_for
