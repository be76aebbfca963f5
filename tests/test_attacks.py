"""What somebody on the same desk tried against somebody else, each told in a docstring, and what it comes to now."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import connections as databases

from tests.authorizations.stage import refused
from tests.desk import HOST, Desk
from valetkey import credential
from valetkey.accounts import services as accounts
from valetkey.accounts.models import User
from valetkey.accounts.policy import Role
from valetkey.authorizations import services
from valetkey.authorizations.code_text import clean
from valetkey.authorizations.models import Authorization, GuideProgress, Reveal
from valetkey.cli.demo import demo
from valetkey.cli.session import Session
from valetkey.connectors import services as connections
from valetkey.connectors.base import CodeStatus, Level, SeenCode
from valetkey.diagnosis import paste
from valetkey.diagnosis.services import LONGEST, diagnose, diagnose_pasted
from valetkey.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from valetkey.guides.library import library
from valetkey.register.exposed import Shared
from valetkey.register.models import Exposure, Source
from valetkey.register.services import (
    PostFacts,
    add_knower,
    close_exposure,
    enter_post,
    find_ad_account,
    note_ad_account,
    note_campaign,
    open_exposure,
)
from valetkey.secret import Secret

pytestmark = pytest.mark.django_db


def _saw(desk: Desk, status: CodeStatus) -> SeenCode:
    return SeenCode(desk.post.platform_id, status, None, None, desk.at + timedelta(days=3000), None)


@pytest.mark.parametrize("status", [CodeStatus.DELETED, CodeStatus.IN_USE, CodeStatus.UNKNOWN], ids=str)
def test_a_buyers_word_does_not_move_the_window(desk: Desk, status: CodeStatus) -> None:
    """A buyer "saw" in the app that the code runs until 2099, or that it is gone; the record believed it."""
    row = desk.in_use()
    before = row.ends_at
    with refused("not_your_statement", Forbidden):
        services.check(authorization=row, stated=_saw(desk, status), actor=desk.bo, at=desk.at)
    row.refresh_from_db()
    assert (row.state, row.ends_at) == ("in_use", before)


def test_nobodys_word_counts_where_the_platform_can_be_asked(desk: Desk) -> None:
    row = desk.issued()
    with refused("connected", Conflict):
        services.check(authorization=row, stated=_saw(desk, CodeStatus.DELETED), actor=desk.mara, at=desk.at)


def test_only_the_host_says_which_server_is_the_platform(desk: Desk) -> None:
    """A manager connected their party to a server of their own. It was given codes, and its answers were "observed"."""
    for actor, party in ((desk.bo, desk.advertiser), (desk.mara, desk.creator), (desk.stranger, desk.rival)):
        for address in ("https://mine.example.org", "http://127.0.0.1:9", "sandbox:"):
            with refused("not_admin", Forbidden):
                connections.connect(
                    party=party, platform="tiktok", level=Level.ADVERTISER, token=Secret("a-token-of-mine"),
                    base_url=address, actor=actor, at=desk.at,
                )  # fmt: skip


@pytest.mark.parametrize("address", ["https://☃.example", "https://a..b", "https://" + "a" * 250 + ".example"])
def test_an_address_that_is_none_is_refused_before_a_verb_hangs_on_it(desk: Desk, address: str) -> None:
    with refused("base_url", Invalid):
        connections.connect(
            party=desk.rival, platform="tiktok", level=Level.ADVERTISER, token=Secret("a-token-of-mine"),
            base_url=address, actor=desk.admin, at=desk.at,
        )  # fmt: skip


def _squat(desk: Desk) -> Authorization:
    """The stranger enters Mara's post as their own creator's, and "records" a code for it."""
    sly = accounts.create_party(name="Sly", kind="creator", actor=HOST, at=desk.at)
    accounts.join(user=User.objects.get(email="sam@example.org"), party=sly, role=Role.MANAGER, actor=HOST, at=desk.at)
    facts = PostFacts(platform="tiktok", platform_id=desk.post.platform_id, visibility="public")
    post = enter_post(held_by=sly, facts=facts, source=Source.STATED, actor=desk.stranger, at=desk.at)
    return services.record(
        code="#made+up/by=the=stranger", days=365, post=post, advertiser=desk.rival, actor=desk.stranger, at=desk.at
    )


def test_a_squatter_does_not_stop_the_creator_from_ending(desk: Desk) -> None:
    """A stranger recorded a made-up code for Mara's post, and her switching off was refused because of it."""
    row = desk.issued()
    _squat(desk)
    services.ask_to_end(authorization=row, reason="Early.", actor=desk.mara, at=desk.at)
    services.switch_off(authorization=row, actor=desk.mara, at=desk.at)
    assert row.state == "switched_off"


def test_a_squatters_claim_does_not_keep_the_post_busy(desk: Desk) -> None:
    """A stranger left an unsettled claim on their own record of Mara's post, and she could authorize it no more."""
    theirs = _squat(desk)
    Authorization.objects.filter(pk=theirs.pk).update(claim_verb="issue")
    assert desk.issued().state == "issued"


def test_a_post_that_two_keep_is_not_guessed(desk: Desk) -> None:
    """The host named Mara's post by its id and got the squatter's; Mara's code landed with the stranger."""
    _squat(desk)
    with refused("post_kept_twice", Conflict):
        services.find_post(text=desk.post.platform_id, actor=HOST)
    assert services.find_post(text=desk.post.platform_id, actor=desk.mara) == desk.post
    assert services.find_post(text=desk.post.reference, actor=HOST) == desk.post


def test_an_ad_account_that_two_keep_is_not_guessed(desk: Desk) -> None:
    note_ad_account(
        held_by=desk.rival, platform="tiktok", platform_id=desk.eu.platform_id, name="Mine", time_zone="UTC",
        actor=desk.stranger, at=desk.at,
    )  # fmt: skip
    with refused("ad_account_kept_twice", Conflict):
        find_ad_account(text=desk.eu.platform_id, actor=HOST)
    assert find_ad_account(text=desk.eu.platform_id, actor=desk.bo) == desk.eu


def test_the_buyer_opens_what_was_handed_over_and_only_while_it_is(desk: Desk) -> None:
    """The brand's side opened a code before the creator had handed it over, and after the link had ended."""
    row = desk.issued()
    with refused("not_handed_over", Conflict):
        services.open(authorization=row, actor=desk.bo, at=desk.at)
    services.hand_over(authorization=row, recipient="Bo", days=7, actor=desk.mara, at=desk.at)
    assert services.open(authorization=row, actor=desk.bo, at=desk.at) == row.code
    with refused("not_handed_over", Conflict):
        services.open(authorization=row, actor=desk.bo, at=desk.later(days=7))
    assert Reveal.objects.count() == 1


def test_the_creators_own_look_is_no_opening(desk: Desk) -> None:
    row = desk.issued()
    services.hand_over(authorization=row, recipient="Bo", actor=desk.mara, at=desk.at)
    services.open(authorization=row, actor=desk.mara, at=desk.at)
    row.refresh_from_db()
    assert (row.state, row.opened_at) == ("handed_over", None)
    assert Reveal.objects.get().by == "Mara"


def test_a_rivals_campaign_is_not_read_through_a_request(desk: Desk) -> None:
    """Somebody of two brands named one brand's secret campaign in the other's request, and the creator read it."""
    secret_launch = note_campaign(
        ad_account=desk.rivals_account, name="Secret launch", starts_on=date(2026, 12, 1), ends_on=date(2026, 12, 9),
        actor=desk.stranger, at=desk.at,
    )  # fmt: skip
    with refused("not_the_advertisers", Invalid):
        services.request(
            creator=desk.creator, advertiser=desk.advertiser, platform="tiktok", post_id=desk.post.platform_id, days=30,
            campaigns=(secret_launch,), actor=desk.bo, at=desk.at,
        )  # fmt: skip
    with refused("not_the_advertisers", Invalid):
        desk.issued(ad_account=desk.rivals_account)
    assert not Authorization.objects.exists()


def test_days_added_by_hand_do_not_bring_a_past_code_back(desk: Desk) -> None:
    desk.disconnect_all()
    row = services.record(
        code="#typed+in/by==hand123", days=7, post=desk.post, advertiser=desk.advertiser, actor=desk.mara, at=desk.at
    )
    services.check(authorization=row, stated=_saw_end(row), actor=desk.mara, at=desk.later(days=100))
    with refused("still_past", Invalid):
        services.extend(authorization=row, days=7, by_hand=True, actor=desk.mara, at=desk.at)
    assert row.state == "expired"


def _saw_end(row: Authorization) -> SeenCode:
    return SeenCode(row.post.platform_id, CodeStatus.EXPIRED, None, None, row.ends_at, None)


def test_a_code_does_not_steer_the_terminal_that_shows_it() -> None:
    with refused("code_not_text", Invalid):
        clean("#ab\x1b]0;PWNED\x07\x1b[2Jcdefghijkl")


@pytest.mark.parametrize("token", ["", "  ", "vk_made-up"])
def test_a_token_that_is_set_and_wrong_never_falls_back_to_the_host(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, token: str
) -> None:
    """`VALETKEY_TOKEN=$(cat missing-file)` was empty, and the program acted as the host."""
    monkeypatch.setenv("VALETKEY_TOKEN", token)
    with refused("bad_token", Forbidden):
        Session().actor()


def test_a_token_does_not_choose_its_own_time(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VALETKEY_TOKEN", "vk_whatever")
    with refused("at_is_the_hosts", Forbidden):
        Session(at_text="2030-01-01").at()


def test_a_lost_key_file_is_not_replaced_in_silence(tmp_path: Path, started_desk: Path) -> None:
    """The key file was gone, a new one was made, and what it wrote looked like tampering once the old one was back."""
    home = tmp_path / "desk"
    shutil.copytree(started_desk, home)
    assert _run(home, "party", "list").returncode == 0
    (home / "keys").rename(home / "keys-elsewhere")
    ran = _run(home, "party", "list")
    assert ran.returncode == 9 and "put it back" in ran.stderr and not (home / "keys").exists()


def test_the_desks_files_are_its_owners_alone(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    assert _run(tmp_path, "party", "list").returncode == 0
    assert all(path.stat().st_mode & 0o077 == 0 for path in tmp_path.iterdir())


def test_the_demo_clears_nothing_but_its_own_files(tmp_path: Path, started_desk: Path) -> None:
    """Notes beside a finished demo desk, and a real desk named by VALETKEY_DEMO_DESK, were deleted with it."""
    (tmp_path / "this-is-a-demo-desk").touch()
    (tmp_path / "finished").touch()
    (tmp_path / "my-notes.txt").write_text("mine")
    assert _run(tmp_path, "demo", "--desk", str(tmp_path)).returncode == 0
    assert (tmp_path / "my-notes.txt").read_text() == "mine"

    real = tmp_path / "real"
    shutil.copytree(started_desk, real)
    assert _run(real, "party", "list").returncode == 0
    ran = _run(real, "demo", VALETKEY_DEMO_DESK=str(real))
    assert ran.returncode == 5 and (real / "desk.sqlite3").exists()


def test_the_demo_runs_nothing_from_the_current_folder(tmp_path: Path) -> None:
    """The demo starts itself anew; a `typer.py` in the folder it was called from was run instead of the library."""
    (tmp_path / "typer.py").write_text("raise SystemExit('CODE FROM HERE RUNS')")
    program = Path(sys.executable).parent / "valetkey"
    ran = subprocess.run(
        [str(program), "demo"], cwd=tmp_path, env=_environment(tmp_path / "home"), capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr


def test_a_demo_that_cannot_start_gives_ctrl_c_back(tmp_path: Path) -> None:
    """A demo refused half-way left Ctrl-C blocked for the rest of the process, and for all that it started."""
    (tmp_path / "a-file").touch()
    with pytest.raises(OSError):
        demo(desk=tmp_path / "a-file" / "below")
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, [])


def test_a_stranger_is_told_the_same_of_what_is_there_and_of_what_is_not(desk: Desk) -> None:
    row = desk.issued()
    with refused("no_such_authorization", NotFound):
        services.find(reference=row.reference, actor=desk.stranger)
    with refused("no_such_authorization", NotFound):
        services.find(reference="ZZZZZZZ", actor=desk.stranger)


_SLOW = (
    "\ufdfa",
    "а",
    "code=a",
    "?code=a",
    "pw ",
    "login ",
    "password: ",
    "a_",
    "p a s s ",
    "1 ",
    "#",
    "eyJ",
    "\u0301",
)


@pytest.mark.parametrize("piece", _SLOW, ids=ascii)
def test_no_paste_keeps_the_desk_busy(desk: Desk, piece: str) -> None:
    """2,000 look-alikes, pasted as a code, took half a minute: each letter was looked up in all of them anew."""
    text = piece[:-1] + piece[-1] * LONGEST if "=" in piece else piece * LONGEST

    def seconds(length: int) -> float:
        began = time.process_time()
        credential.find(text[:length])
        paste.read(text[: length // 5], known=Secret("#AbC+dEf/GhI12345678="))
        diagnose_pasted(code=text[:length], error=text[:length], language="en", at=desk.at)
        return time.process_time() - began

    assert seconds(LONGEST) < 3 * seconds(LONGEST // 2) + 0.5


@pytest.mark.django_db(transaction=True)
def test_a_change_is_confirmed_by_one_and_ticks_meet(committed_desk: Desk) -> None:
    """Two confirmed the same change at once, and one person ticked two steps on two devices."""
    desk = committed_desk
    row = open_exposure(
        held_by=desk.creator, platform="tiktok", account="@mara", shared=Shared.PASSWORD, actor=HOST, at=desk.at
    )

    def close() -> None:
        close_exposure(exposure=Exposure.objects.get(pk=row.pk), how="Changed.", actor=desk.mara, at=desk.at)

    def name() -> None:
        add_knower(exposure=Exposure.objects.get(pk=row.pk), name="Jo", actor=desk.mara, at=desk.at)

    assert sorted(_together(name, name)) == ["", "known_already"]
    assert sorted(_together(close, close)) == ["", "exposure_over"]

    case = desk.issued()

    def tick(step: str) -> Callable[[], None]:
        return lambda: services.tick_guide(
            authorization=case, name="extend-a-code", step=step, is_done=True, actor=desk.mara, at=desk.at
        )

    steps = [step.name for step in library().guide("extend-a-code", "en").steps][:2]
    assert _together(*map(tick, steps)) == ["", ""]
    assert GuideProgress.objects.get().steps == steps


def _together(*jobs: Callable[[], None]) -> list[str]:
    """What each was refused for; "" where it was not."""
    start, told = threading.Barrier(len(jobs)), list[str]()

    def run(job: Callable[[], None]) -> None:
        start.wait(10)
        try:
            job()
            told.append("")
        except Refused as refusal:
            told.append(refusal.code)
        finally:
            databases.close_all()

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return told


def test_a_name_with_braces_stays_a_name(desk: Desk) -> None:
    """A party called “{advertiser}{0}%s” was to be filled once more, or to stop every guide of its cases."""
    accounts.rename_party(party=desk.creator, name="{advertiser}{0.__class__}%s[{}]", actor=HOST, at=desk.at)
    row = desk.issued()
    for name in ("authorize-a-post", "extend-a-code"):
        for language in ("en", "de"):
            read = services.read_guide(
                authorization=row, name=name, language=language, show=str, actor=desk.bo, at=desk.at
            )
            assert "Northwind{0" not in str(read.guide) and "<class" not in str(read.guide)
    found = diagnose(authorization=row, error="4025", language="en", actor=desk.bo, at=desk.at)
    assert "Northwind{0" not in str(found) and "<class" not in str(found)


def _run(home: Path, *words: str, **extra: str) -> subprocess.CompletedProcess[str]:
    environment = {**_environment(home), **extra}
    return subprocess.run(
        [sys.executable, "-m", "valetkey", *words], env=environment, capture_output=True, text=True, check=False
    )


def _environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("VALETKEY_", "DJANGO_"))}
    return {**kept, "VALETKEY_HOME": str(home)}
