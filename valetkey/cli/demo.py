"""`valetkey demo`: a desk of its own, which is never the desk somebody works with: the story told, or pages to try."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from django.conf import settings
from django.utils import timezone
from rich.markup import escape

from valetkey.authorizations.models import Authorization
from valetkey.cli import scenes
from valetkey.cli.port import refuse_taken
from valetkey.cli.serve import Port, listen
from valetkey.cli.session import SESSION
from valetkey.cli.story import Story, Told
from valetkey.cli.verbs import PLATFORM
from valetkey.cli.views import moment
from valetkey.connectors import registry
from valetkey.errors import Conflict

MARK = "this-is-a-demo-desk"
_FINISHED = "finished"
_INSIDE = "VALETKEY_DEMO_DESK"
_HELD_BACK = {signal.SIGINT}


def demo(
    desk: Annotated[
        Path | None, typer.Option("--desk", help="Folder to keep the demo desk in; without one it is forgotten.")
    ] = None,
    pages: Annotated[
        bool, typer.Option("--pages", help="Serve a desk to click through, instead of telling the story here.")
    ] = False,
    port: Port = 8000,
) -> None:
    """Play the whole story against the sandbox: authorize, hand over, apply, extend, end, prove. Or try it in pages."""
    if not is_inside():
        if pages:
            refuse_taken("127.0.0.1", port)
        _enter(desk, pages=pages)
    if not (settings.VALETKEY_HOME / MARK).exists():
        raise _no_demo_desk(settings.VALETKEY_HOME)
    try:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _HELD_BACK)
        if pages:
            _serve(port)
        else:
            _play(keeps=desk is not None)
    finally:
        if desk is None:
            shutil.rmtree(settings.VALETKEY_HOME, ignore_errors=True)


def is_inside() -> bool:
    """Whether this process was started anew, in a demo desk."""
    return os.environ.get(_INSIDE) == str(settings.VALETKEY_HOME)


def _enter(desk: Path | None, *, pages: bool) -> None:
    if desk is not None:
        _refuse_real_desk(desk.absolute(), pages=pages)
    enter(desk)


def enter(desk: Path | None) -> None:
    """Start this same process anew with a home of its own: settings are read once, and the real desk is not touched."""
    # Ctrl-C waits until somebody is there who clears the folder away, or until it is clear that nobody will be.
    signal.pthread_sigmask(signal.SIG_BLOCK, _HELD_BACK)
    try:
        home = Path(tempfile.mkdtemp(prefix="valetkey-demo-")) if desk is None else desk.absolute()
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        (home / MARK).touch()
        # Only where mail goes is taken over: a demo without it prints its mails.
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("VALETKEY_", "DJANGO_")) or name.startswith("VALETKEY_MAIL_")
        }
        environment = {**kept, "VALETKEY_HOME": str(home), _INSIDE: str(home)}
        # As it was started, word for word: `-m` would put the current folder on the path.
        os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], environment)  # noqa: S606  # ourselves
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _HELD_BACK)


def _refuse_real_desk(home: Path, *, pages: bool) -> None:
    """A finished story is cleared away and told anew; a desk that is no demo is left alone.

    What somebody did in the pages of a demo stays until they delete the folder.
    """
    if not home.exists() or not any(home.iterdir()):
        return
    if not (home / MARK).exists():
        raise _no_demo_desk(home)
    if (home / scenes.SIGN_INS).exists():
        if not pages:
            raise Conflict("demo_of_pages", f"{home} holds a demo desk with pages.", "Choose another folder.")
    elif pages or (home / _FINISHED).exists():
        _clear(home)


def _no_demo_desk(home: Path) -> Conflict:
    return Conflict("not_a_demo_desk", f"{home} holds something that is no demo desk.", "Choose an empty folder.")


def _clear(home: Path) -> None:
    """The files of a demo desk, by name: whatever else lies in the folder is somebody's."""
    for name in ("desk.sqlite3", "sandbox.sqlite3"):
        for ending in ("", "-wal", "-shm", "-journal"):
            (home / f"{name}{ending}").unlink(missing_ok=True)
    for path in (*home.glob("sandbox*.key"), home / "keys", home / scenes.SIGN_INS, home / _FINISHED, home / MARK):
        path.unlink(missing_ok=True)


def _serve(port: int) -> None:
    """Fill the desk at its first start, and open it. Whoever comes back finds it as they left it."""
    sign_ins = scenes.sign_ins()
    if not sign_ins:
        if not SESSION.is_json:
            SESSION.show(None, "Filling the demo desk …")
        sign_ins = scenes.fill(registry.platform(PLATFORM).sandbox(settings.VALETKEY_SANDBOX_STATE), timezone.now())
    url = f"http://localhost:{port}"

    def ready() -> None:
        SESSION.show(
            {"url": url, "sign_ins": [asdict(one) for one in sign_ins]},
            f"\nThe demo desk is at [bold]{url}[/]. Its people are invented, and a sandbox stands in for TikTok.",
            "Sign in as:",
            *(f"  {one.who:<8} {one.mail:<20} {one.password}   {escape(one.what)}" for one in sign_ins),
            "\nMails of this desk are printed here. Ctrl-C stops it; the next start finds it as you left it.",
        )
        sys.stdout.flush()

    listen("127.0.0.1", port, workers=1, ready=ready, with_worker=True)


def _play(*, keeps: bool) -> None:
    sandbox = registry.platform(PLATFORM).sandbox(settings.VALETKEY_SANDBOX_STATE)
    story = Story(sandbox, timezone.now())
    told = []
    for beat in story.beats():
        told.append(story.play_beat(*beat))
        if not SESSION.is_json:
            SESSION.show(None, *_lines(told[-1], story))
    (settings.VALETKEY_HOME / _FINISHED).touch()
    if SESSION.is_json:
        SESSION.show([asdict(one) for one in told])
    elif keeps:
        SESSION.show(None, *_next_commands())


def _lines(told: Told, story: Story) -> list[str]:
    day = (told.at - story.begun_at).days
    lines = [f"[bold]day {day:>2}[/]  {moment(told.at)}  [bold]{escape(told.who)}[/] {escape(told.did)}"]
    lines.append(f"        {'[yellow]refused[/] ' if told.refused else '→ '}{escape(told.came_of_it)}")
    if told.creator_sees:
        lines.append(f"        [dim]creator sees    {escape(told.creator_sees)}[/]")
        lines.append(f"        [dim]advertiser sees {escape(told.advertiser_sees)}[/]")
    return [*lines, *told.lines, ""]


def _next_commands() -> list[str]:
    reference = Authorization.objects.values_list("reference", flat=True).first()
    program = os.path.relpath(Path(sys.executable).parent / "valetkey")
    home = os.path.relpath(settings.VALETKEY_HOME)
    return [
        "The demo desk stays until the story is told anew in it. Look around:",
        f"  export VALETKEY_HOME={home}",
        f"  {program} list",
        f"  {program} show {reference} --as bo@example.org",
        f"  {program} history {reference}",
        f"  {program} posts 'Mara Lindt'",
        f"  {program} audit verify",
        "The sandbox alone, for your own tests (with TikTok's SDK, for one):",
        f"  {program} sandbox --port 8099",
        "All commands:",
        f"  {program} --help",
    ]
