"""What the log says of a request that went wrong: of a link's address everything but the link itself."""

from __future__ import annotations

import logging
import re
from typing import Final

_LINK: Final = re.compile(r"(/(?:[rhgiu]|cal|password/reset/key)/)[^/\s]+")
"""The paths of `authorizations.links`, of invitations, of the way out of a mail, of calendars, and of new passwords.
Settings name this module before there is any model."""


class WithoutLinks(logging.Filter):
    """Django writes the path of whatever it answers with a fault, and a link must not outlive its end in a log file."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(_LINK.sub(r"\1…", each) if isinstance(each, str) else each for each in record.args)
        return True
