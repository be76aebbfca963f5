"""What a browser's session keeps of links: the numbers of the rows they led to, and when a mail address was proven.

Never a link itself, but for one that was made just now and is still to be shown, once and encrypted. Who has no account
is known by this alone, so the session gets a new key whenever it comes to be worth more.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, Final, TypeVar
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_variables

from valetkey.authorizations.models import GuideLink, HandOver, RequestLink
from valetkey.errors import NotFound, Refused
from valetkey.secret import Secret
from valetkey.vault import keyring
from valetkey.web.refusal import status_of

PROOF_LASTS: Final = timedelta(hours=12)
_MOST: Final = 50
"""Links that one browser is known by; the oldest is forgotten first."""

_NAMES: Final[dict[type[Model], str]] = {
    RequestLink: "request_links",
    HandOver: "hand_overs",
    GuideLink: "guide_links",
}
_PROOFS, _ANSWERS, _MADE = "proofs", "answers", "link_made"

Row = TypeVar("Row", RequestLink, HandOver, GuideLink)


def arrival(find: Callable[..., Row], *, page: str, otherwise: str) -> Callable[[HttpRequest, str], HttpResponse]:
    """What the address with a link in it answers: onwards at once to one without, whatever the link is worth."""

    @login_not_required
    @csrf_exempt  # nothing changes but this browser's own session, and what is refused would be logged with its address
    @sensitive_variables("token")
    def visit(request: HttpRequest, token: str) -> HttpResponse:
        try:
            row = find(link=Secret(token))
        except NotFound:
            return onwards(otherwise)
        begin(request, row)
        return onwards(page, row.pk)

    return visit


def begin(request: HttpRequest, row: RequestLink | HandOver | GuideLink) -> None:
    """Whoever came by the link may look at its row, in this browser."""
    request.session.cycle_key()
    _keep(request, _NAMES[type(row)], row.pk, True)


def is_first_look(request: HttpRequest, row: RequestLink | HandOver | GuideLink) -> bool:
    """Whether this is the first page since the link was opened; from now on it is not."""
    name = _NAMES[type(row)]
    is_first = bool(_kept(request, name).get(str(row.pk)))
    if is_first:
        _keep(request, name, row.pk, False)
    return is_first


def by_link(model: type[Row]) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """A page for whoever opened the link of the row with this number; for everybody else there is no such page."""

    def around(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def by_its_link(request: HttpRequest, number: int, **more: Any) -> HttpResponse:
            came_by_link = str(number) in _kept(request, _NAMES[model])
            row = model._default_manager.filter(pk=number).first() if came_by_link else None
            try:
                response = unknown(request) if row is None else view(request, row, **more)
            except Refused as refused:
                response = closed(request, refused.sentence, refused.next_step, status=status_of(refused))
            add_never_cache_headers(response)
            return response

        return by_its_link

    return around


def onwards(name: str, *arguments: object) -> HttpResponse:
    """From the address with the link in it to one without. The next page is not told where it was come from."""
    response = redirect(name, *arguments)
    response["Referrer-Policy"] = "no-referrer"
    add_never_cache_headers(response)
    return response


def address(name: str, number: int, **query: object) -> str:
    return reverse(name, args=[number]) + (f"?{urlencode(query)}" if query else "")


def unknown(request: HttpRequest) -> HttpResponse:
    """The same for a link that nobody made, a number that was guessed, and a session that has ended."""
    return closed(
        request,
        "This page opens by its link.",
        "Open the link from the mail or message once more, and copy it whole: its last part is long. Nothing that you"
        " did here is lost. If it still leads here, ask whoever gave it to you for a new one.",
        status=404,
    )


def closed(request: HttpRequest, sentence: str, next_step: str, *, status: int = 410) -> HttpResponse:
    response = render(request, "web/link_closed.html", {"sentence": sentence, "next_step": next_step}, status=status)
    add_never_cache_headers(response)
    return response


def note_proof(request: HttpRequest, row: HandOver, at: datetime) -> None:
    request.session.cycle_key()
    _keep(request, _PROOFS, row.pk, at.isoformat())


def is_proven(request: HttpRequest, row: HandOver, at: datetime) -> bool:
    proven_at = _kept(request, _PROOFS).get(str(row.pk))
    return proven_at is not None and timedelta() <= at - datetime.fromisoformat(proven_at) < PROOF_LASTS


def note_answer(request: HttpRequest, row: RequestLink) -> None:
    _keep(request, _ANSWERS, row.pk, True)


def has_answered(request: HttpRequest, row: RequestLink) -> bool:
    return str(row.pk) in _kept(request, _ANSWERS)


def keep_link_made(request: HttpRequest, subject: str, address: str, *, mail: str, is_sent: bool) -> None:
    """For the next page, which shows it this once. Encrypted: sessions lie in the database."""
    sealed = keyring().encrypt(Secret(address))
    request.session[_MADE] = {"subject": subject, "address": sealed, "mail": mail, "is_sent": is_sent}


def take_link_made(request: HttpRequest, subject: str) -> dict[str, Any] | None:
    """The link that was made for `subject` by the step before, if any; it is forgotten with this call."""
    made: dict[str, Any] | None = request.session.pop(_MADE, None)
    if made is None or made["subject"] != subject:
        return None
    return {**made, "address": keyring().decrypt(made["address"]).reveal()}


def _kept(request: HttpRequest, name: str) -> dict[str, Any]:
    kept: dict[str, Any] = request.session.get(name, {})
    return kept


def _keep(request: HttpRequest, name: str, number: int, value: object) -> None:
    kept = _kept(request, name)
    kept.pop(str(number), None)
    request.session[name] = dict([*kept.items(), (str(number), value)][-_MOST:])
