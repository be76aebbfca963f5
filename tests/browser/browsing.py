"""A demo desk served as a person starts it, its mail caught on this machine, and browsers that notice faults."""

from __future__ import annotations

import contextlib
import email
import email.policy
import json
import os
import queue
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from aiosmtpd.controller import Controller
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Playwright, ViewportSize, expect

READY_SECONDS: Final = 120
PHONE: Final = ViewportSize(width=390, height=844)
DESK: Final = ViewportSize(width=1440, height=900)
_FLAGS: Final = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


class MailCatcher:
    """A real SMTP server on loopback that keeps what it is given."""

    def __init__(self) -> None:
        self._mails: queue.Queue[EmailMessage] = queue.Queue()
        self._controller = Controller(self, hostname="127.0.0.1", port=_free_port())

    async def handle_DATA(self, server: object, session: object, envelope: Any) -> str:
        found = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(found, EmailMessage)
        self._mails.put(found)
        return "250 kept"

    @contextlib.contextmanager
    def listening(self) -> Iterator[str]:
        self._controller.start()
        try:
            yield f"smtp://127.0.0.1:{self._controller.port}"
        finally:
            self._controller.stop()

    def next_to(self, address: str) -> str:
        """The text of the next mail to this address; others before it are passed over, and so is the daily mail, which
        the worker sends by the clock. Fails after 10 seconds.
        """
        while True:
            mail = self._mails.get(timeout=10)
            if mail["To"] == address and "List-Unsubscribe" not in mail:
                return str(mail.get_content())


@dataclass
class Served:
    """A desk that answers at `url`. `passwords`: by the part before the @ of the mail address."""

    url: str
    passwords: dict[str, str]
    mails: MailCatcher
    home: Path

    def command(self, *words: str) -> str:
        """A command on this very desk, as its host."""
        environment = {**_environment(), "VALETKEY_HOME": str(self.home), "VALETKEY_URL": self.url}
        ran = subprocess.run(
            [sys.executable, "-m", "valetkey", *words], capture_output=True, text=True, env=environment, timeout=60
        )
        assert ran.returncode == 0, ran.stderr
        return ran.stdout


@contextlib.contextmanager
def served() -> Iterator[Served]:
    """What `make run` starts, in a folder that goes with it."""
    folder = Path(tempfile.mkdtemp(prefix="valetkey-browser-"))
    port = _free_port()
    mails = MailCatcher()
    try:
        with mails.listening() as mail_url:
            environment = {**_environment(), "VALETKEY_MAIL_URL": mail_url}
            command = [sys.executable, "-m", "valetkey", "demo", "--pages", "--desk", str(folder / "desk"), "--json"]
            with subprocess.Popen(
                [*command, "--port", str(port)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                env=environment,
            ) as process:  # fmt: skip
                try:
                    told = _first_document(process)
                    yield Served(
                        url=told["url"],
                        passwords={one["mail"].partition("@")[0]: one["password"] for one in told["sign_ins"]},
                        mails=mails,
                        home=folder / "desk",
                    )
                finally:
                    process.send_signal(signal.SIGINT)
                    with contextlib.suppress(subprocess.TimeoutExpired):
                        process.wait(15)
                    process.kill()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _environment() -> dict[str, str]:
    """Of somebody who has set nothing."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("VALETKEY_", "DJANGO_"))}


def _first_document(process: subprocess.Popen[str]) -> dict[str, Any]:
    """The JSON document the desk tells when it is ready."""
    assert process.stdout is not None and process.stderr is not None
    timer = threading.Timer(READY_SECONDS, process.kill)
    timer.start()
    text = ""
    try:
        for line in process.stdout:
            text += line
            with contextlib.suppress(ValueError):
                return dict(json.loads(text))
    finally:
        timer.cancel()
    raise AssertionError(f"The desk did not start: {process.stderr.read()[-2000:]}")


def _free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def launch(playwright: Playwright) -> Browser:
    return playwright.chromium.launch(executable_path=os.environ["CHROMIUM"], args=list(_FLAGS))


@dataclass
class Person:
    """Somebody at a browser of their own. What goes wrong in it is kept in `faults`."""

    desk: Served
    context: BrowserContext
    page: Page
    faults: list[str] = field(default_factory=list)

    def go(self, path: str) -> None:
        self.page.goto(path if "://" in path else self.desk.url + path)

    def sign_in(self, name: str) -> None:
        self.go("/account/login/")
        self.page.get_by_label("Mail address").fill(f"{name}@example.org")
        self.page.get_by_label("Password", exact=True).fill(self.desk.passwords[name])
        self.page.get_by_role("button", name="Sign in", exact=True).click()
        self.page.wait_for_url(lambda url: "/login" not in url)

    def link(self, name: str | re.Pattern[str]) -> None:
        self.page.get_by_role("link", name=name).first.click()

    def button(self, name: str | re.Pattern[str]) -> None:
        self.page.get_by_role("button", name=name).first.click()

    def follow(self, where: Locator) -> None:
        """Click it and wait for the page that comes: where the next thing is not to read what stands there."""
        with self.page.expect_navigation():
            where.click()

    def reads(self, *texts: str) -> None:
        """All of these stand on the page, at once or when what it still fetches is there."""
        for text in texts:
            words = re.compile(r"\s+".join(re.escape(word) for word in text.split()), re.IGNORECASE)
            expect(self.page.locator("main")).to_contain_text(words, use_inner_text=True)


def person(desk: Served, browser: Browser, size: ViewportSize, **options: Any) -> Person:
    context = browser.new_context(viewport=size, permissions=["clipboard-read", "clipboard-write"], **options)
    context.set_default_timeout(15_000)
    found = Person(desk, context, context.new_page())
    ours = urlsplit(desk.url).netloc

    def heard(message: Any) -> None:
        # A page that refuses answers with 4xx, and the browser calls that an error of its own.
        # Django's own admin script styles its forms by hand; the policy stops that, and nothing is missing from them.
        is_admins = "/admin/" in found.page.url and "Applying inline style violates" in message.text
        if message.type == "error" and "Failed to load resource" not in message.text and not is_admins:
            found.faults.append(f"console on {found.page.url}: {message.text}")

    def asked(request: Any) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.netloc != ours:
            found.faults.append(f"left the machine: {parts.netloc}")

    context.on("console", heard)
    context.on("weberror", lambda fault: found.faults.append(f"page: {fault.error}"))
    context.on("request", asked)
    return found
