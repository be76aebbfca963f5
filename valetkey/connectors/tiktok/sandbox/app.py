"""The stand-in as a WSGI application: route, fault, token, parameters, rule, throttle, envelope.

Decides the order in which a request is checked (checklist 3, a *choice*) and that a request is one transaction. It is
never TikTok and says so in every answer's headers.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, Final

from valetkey.connectors.tiktok import wire

from . import (
    ads,
    answers,
    clock,
    creator,
    faults,
    identity,
    marketplace,
    oauth,
    profile,
    reading,
    spark,
    spoiling,
    switches,
    throttle,
    tokens,
)
from .answers import Answer, Dropped
from .calls import Call, Rule
from .control import Control
from .faults import Due, Fault
from .refusals import Refusal
from .state import State, StateUnusable

_log = logging.getLogger(__name__)

RULES: Final[Mapping[str, Rule]] = {
    **spark.RULES,
    **creator.RULES,
    **profile.RULES,
    **identity.RULES,
    **ads.RULES,
    **oauth.RULES,
    **marketplace.RULES,
}
_ENDPOINTS: Final[Mapping[str, wire.Endpoint[Any, Any]]] = {each.path: each for each in wire.ENDPOINTS}
NOT_IMITATED: Final = tuple(path for path in _ENDPOINTS if path not in RULES)
"""Known paths that answer 40008: no code is involved, or our notes say too little about them."""

_TIME_STYLES: Final = {
    "/tt_video/": "time_style_spark",
    "/business/": "time_style_creator",
    "/identity/": "time_style_identity",
    "/tcm/": "time_style_marketplace",
}


class App:
    """Callable by any WSGI server. Several may share one state, in one process or in many."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._control = Control(state, frozenset(_ENDPOINTS))

    def __call__(self, environ: dict[str, Any], start_response: answers.StartResponse) -> list[bytes]:
        answer = self._answer(environ)
        return answer.send(start_response, head_only=environ.get("REQUEST_METHOD") == "HEAD")

    def _answer(self, environ: dict[str, Any]) -> Answer:
        body = reading.body_of(environ)
        path = environ.get("PATH_INFO", "")
        try:
            if self._control.answers(path):
                return self._control.answer(environ, body)
            endpoint = _ENDPOINTS.get(path.removeprefix(wire.PREFIX)) if path.startswith(wire.PREFIX) else None
            if endpoint is None:
                return answers.not_found()
            if environ.get("REQUEST_METHOD") != endpoint.method:
                return answers.wrong_method()
            return self._with_faults(endpoint, environ, body)
        except Dropped:
            raise
        except Exception as fault:  # whatever it is, the caller gets TikTok's form of it
            return _told(fault)

    def _with_faults(self, endpoint: wire.Endpoint[Any, Any], environ: dict[str, Any], body: bytes | None) -> Answer:
        due = self._due(endpoint.path)
        if due is None:
            return self._call(endpoint, environ, body)
        return spoiling.answer(due, lambda: self._call_told(endpoint, environ, body, due))

    def _call_told(
        self, endpoint: wire.Endpoint[Any, Any], environ: dict[str, Any], body: bytes | None, due: Due
    ) -> Answer:
        """Refusals as answers too: a refusal can be lost on its way like any other."""
        try:
            return self._call(endpoint, environ, body, disk_is_full=due.fault is Fault.DISK_FULL)
        except Exception as fault:
            return _told(fault)

    def _due(self, path: str) -> Due | None:
        with self._state.transaction() as rows:
            return faults.strike(rows, path)

    def _call(
        self,
        endpoint: wire.Endpoint[Any, Any],
        environ: dict[str, Any],
        body: bytes | None,
        *,
        disk_is_full: bool = False,
    ) -> Answer:
        with self._state.transaction() as rows:
            now, settings = clock.seconds(rows), switches.read(rows)
            seal = self._state.seal()
            holder = tokens.holder_of(rows, seal, now, endpoint, environ.get("HTTP_ACCESS_TOKEN"))
            asked = reading.asked_of(endpoint, environ, body)
            rule = RULES.get(endpoint.path)
            if rule is None:
                raise Refusal(wire.ErrorCode.NOT_IMPLEMENTED, f"{endpoint.path} is not imitated by the sandbox.")
            told = rule(Call(rows, seal, settings, now, holder), asked)
            throttle.count(rows, settings, path=endpoint.path, ad_account_id=getattr(asked, "advertiser_id", None))
            if disk_is_full:
                raise StateUnusable("The sandbox's state cannot be written, nothing was kept: the disk is full.")
        return answers.done(told, _time_style(endpoint.path, settings))


def _told(fault: Exception) -> Answer:
    match fault:
        case Refusal():
            return answers.refused(fault.code, fault.message)
        case StateUnusable():
            return answers.refused(wire.ErrorCode.SERVER_ERROR, str(fault))
    _log_without_values(fault)
    return answers.refused(
        wire.ErrorCode.SERVER_ERROR, f"The sandbox itself is at fault ({type(fault).__name__}); nothing was kept."
    )


def _log_without_values(mistake: Exception) -> None:
    # Where, not what: the text of an exception may quote a code.
    places, trace = [], mistake.__traceback__
    while trace is not None:
        places.append(f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}")
        trace = trace.tb_next
    _log.error("%s at %s", type(mistake).__name__, " > ".join(places[-4:]))


def _time_style(path: str, settings: switches.Settings) -> wire.TimeStyle:
    switch = next((name for prefix, name in _TIME_STYLES.items() if path.startswith(prefix)), "time_style_ads")
    return wire.TimeStyle(settings[switch])
