"""Threads, processes and sudden ends: the state is whole, and nothing is done twice."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from pathlib import Path

from tests.connectors.tiktok.sandbox.caller import Caller
from tests.connectors.tiktok.sandbox.running import ask, in_a_process, wait_until
from valetkey.connectors.tiktok.sandbox import Sandbox


def _applications(state: Path) -> int:
    connection = sqlite3.connect(state)
    try:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return int(connection.execute("SELECT count(*) FROM applications").fetchone()[0])
    finally:
        connection.close()


def test_eight_threads_with_one_code_leave_one_application(caller: Caller, state: Path) -> None:
    code = caller.code_of()
    with ThreadPoolExecutor(8) as threads:
        replies = list(threads.map(lambda _: caller.authorize(code).code, range(64)))
    assert replies == [0] * 64
    assert _applications(state) == 1


def test_of_eight_threads_one_is_first_when_reapplying_is_refused(caller: Caller) -> None:
    caller.switch(reapply="refuse")
    code = caller.code_of()
    together = threading.Barrier(8)

    def apply(_: int) -> int:
        together.wait()
        return caller.authorize(code).code

    with ThreadPoolExecutor(8) as threads:
        assert Counter(threads.map(apply, range(8))) == {0: 1, 40002: 7}


def test_a_login_code_is_spent_by_one_of_eight(caller: Caller) -> None:
    code = caller.control("oauth-code", advertiser="Northwind")["auth_code"]
    app = {"app_id": caller.cast.app_id, "secret": caller.cast.app_secret.reveal()}
    with ThreadPoolExecutor(8) as threads:
        codes = threads.map(lambda _: caller.post("/oauth2/access_token/", **app, auth_code=code).code, range(8))
    assert Counter(codes) == {0: 1, 40110: 7}


def test_two_processes_and_this_one_share_a_state(caller: Caller, state: Path) -> None:
    code = caller.code_of()
    body = json.dumps({"advertiser_id": caller.eu.ad_account_id, "auth_code": code})
    headers = {"Access-Token": caller.northwind.token.reveal()}
    with in_a_process(state) as (_, one), in_a_process(state) as (_, two), ThreadPoolExecutor(6) as threads:

        def apply(turn: int) -> int:
            if turn % 3 == 2:
                return caller.authorize(code).code
            port = (one, two)[turn % 3]
            return int(json.loads(ask(port, "POST", "/open_api/v1.3/tt_video/authorize/", body, headers)[1])["code"])

        assert list(threads.map(apply, range(30))) == [0] * 30
    assert _applications(state) == 1


def test_two_that_begin_at_once_agree_on_one_key_and_one_cast(state: Path) -> None:
    together = threading.Barrier(6)

    def begin(_: int) -> str:
        together.wait()
        sandbox = Sandbox(state)
        try:
            return sandbox.seed().creators[0].token.reveal()
        finally:
            sandbox.close()

    with ThreadPoolExecutor(6) as threads:
        assert len(set(threads.map(begin, range(6)))) == 1


def test_a_process_killed_in_the_middle_leaves_a_whole_state(caller: Caller, state: Path) -> None:
    """Killed while calls are under way: each was done whole or not at all, and the next process goes on."""
    code, item_id = caller.code_of(), caller.mara.posts["public"]
    headers = {"Access-Token": caller.northwind.token.reveal()}
    account = caller.eu.ad_account_id
    done = threading.Event()

    def call_on_and_on(port: int) -> int:
        answered = 0
        try:
            while not done.is_set():
                body = json.dumps({"advertiser_id": account, "auth_code": code})
                ask(port, "POST", "/open_api/v1.3/tt_video/authorize/", body, headers)
                body = json.dumps({"advertiser_id": account, "item_id": item_id})
                ask(port, "POST", "/open_api/v1.3/tt_video/unbind/", body, headers)
                answered += 1
        except (OSError, HTTPException):
            pass  # cut off before the answer, or in the middle of it
        return answered

    with in_a_process(state) as (process, port), ThreadPoolExecutor(4) as threads:
        calls = [threads.submit(call_on_and_on, port) for _ in range(4)]
        wait_until(lambda: (state.with_name(state.name + "-wal")).exists())
        threading.Event().wait(0.4)
        process.send_signal(signal.SIGKILL)
        done.set()
        assert sum(each.result() for each in calls) > 0
    assert _applications(state) in (0, 1)
    assert caller.authorize(code).code == 0
    assert caller.sandbox.seed().advertisers == caller.cast.advertisers


def test_a_state_opened_before_a_fork_is_opened_anew_after_it(caller: Caller, state: Path) -> None:
    """A server that forks its workers would otherwise share one SQLite connection between processes."""
    caller.applied()
    child = os.fork()
    if child == 0:
        try:
            told = caller.listed()["page_info"]["total_number"]
        except BaseException:
            told = 99
        os._exit(told)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 1
    assert caller.listed()["page_info"]["total_number"] == 1


def test_a_state_deleted_under_a_running_process_is_begun_anew(caller: Caller, state: Path) -> None:
    caller.applied()
    for file in state.parent.glob(f"{state.name}*"):
        if not file.name.endswith(".key"):
            file.unlink()
    assert caller.status().code == 40105
    caller.cast = caller.sandbox.seed()
    assert caller.listed()["list"] == []
