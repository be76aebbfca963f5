"""What Django tells of a mistake of ours, in a log or a mail to its host: where it was, and nothing typed."""

from __future__ import annotations

from types import FrameType
from typing import Any

from django.http import HttpRequest
from django.views.debug import SafeExceptionReporterFilter


class NothingTyped(SafeExceptionReporterFilter):
    """Names stay, every value goes: a message that was refused for its password must not arrive by another way."""

    def get_post_parameters(self, request: HttpRequest | None) -> dict[str, Any]:
        return {name: self.cleansed_substitute for name in request.POST} if request is not None else {}

    def get_traceback_frame_variables(self, request: Any, tb_frame: FrameType) -> Any:
        return [(name, self.cleansed_substitute) for name in tb_frame.f_locals]
