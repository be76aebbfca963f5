"""A real mail server on loopback, which takes mails as it is told to: at once, slowly, not at all, in silence."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

ACCEPT, REFUSE, LATER, DROP, SLOW, MUTE = "accept", "refuse", "later", "drop", "slow", "mute"


class Postman:
    """`manners`: how it meets the next mails, one after the other; then it accepts. `taken`: what it has in hand."""

    def __init__(self) -> None:
        self.manners: list[str] = []
        self.taken: list[EmailMessage] = []
        self.port = 0
        self.met = 0

    async def handle_RCPT(
        self, server: SMTP, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:  # fmt: skip
        self.met += 1
        session.manner = self.manners.pop(0) if self.manners else ACCEPT
        if session.manner == REFUSE:
            return "550 No such mailbox"
        if session.manner == LATER:
            return "451 Come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:
        if session.manner == MUTE:
            await asyncio.sleep(2)
            return "451 Too slow"
        if session.manner == SLOW:
            await asyncio.sleep(0.3)
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.taken.append(mail)
        if session.manner == DROP:
            assert server.transport is not None
            server.transport.close()
        return "250 Taken"

    def delivered(self) -> dict[str, list[EmailMessage]]:
        """As a mailbox has it: by Message-ID."""
        found: dict[str, list[EmailMessage]] = {}
        for mail in self.taken:
            found.setdefault(str(mail["Message-ID"]), []).append(mail)
        return found


@contextmanager
def at_work(settings: Any) -> Iterator[Postman]:
    postman = Postman()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        postman.port = free.getsockname()[1]
    controller = Controller(postman, hostname="127.0.0.1", port=postman.port)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", postman.port, 1
    controller.start()
    try:
        yield postman
    finally:
        controller.stop()
