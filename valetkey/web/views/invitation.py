"""An invitation behind its link: somebody new chooses a name and a password, who has an account joins with it."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from allauth.account.utils import perform_login
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from valetkey.accounts import services
from valetkey.accounts.models import Invitation, User
from valetkey.accounts.policy import Role
from valetkey.audit.entry import Door
from valetkey.errors import NotFound, Refused
from valetkey.secret import Secret
from valetkey.vault import keyring
from valetkey.web import roles, visits
from valetkey.web.forms.people import AcceptForm
from valetkey.web.person import now, person
from valetkey.web.refusal import onto

_KEPT: Final = "invitation"


@login_not_required
@csrf_exempt  # it changes nothing but this browser's own session, and what is refused would be logged with its address
@sensitive_variables("token", "link")
def visit(request: HttpRequest, token: str) -> HttpResponse:
    """Take the link out of the address at once. A session lies in the database, so it is kept there encrypted."""
    link = Secret(token)
    request.session.pop(_KEPT, None)
    try:
        services.find_invitation(link=link, at=now())
    except NotFound:
        return visits.onwards("invitation")
    except Refused:
        pass  # the page says why it opens nothing any more
    request.session.cycle_key()
    request.session[_KEPT] = keyring().encrypt(link)
    return visits.onwards("invitation")


@login_not_required
@sensitive_post_parameters("password")
@sensitive_variables("link")
def invitation(request: HttpRequest) -> HttpResponse:
    at, kept = now(), request.session.get(_KEPT)
    if kept is None:
        return visits.unknown(request)
    link = keyring().decrypt(kept)
    try:
        row = services.find_invitation(link=link, at=at)
    except Refused as refused:
        status = 404 if isinstance(refused, NotFound) else 410
        return visits.closed(request, refused.sentence, refused.next_step, status=status)
    user = request.user if isinstance(request.user, User) else None
    form = AcceptForm(request.POST or None, invitation=row, initial={"name": row.name})
    if request.method == "POST" and user is not None:
        return _join(request, row, link, at)
    if request.method == "POST" and form.is_valid():
        with onto(form):
            said = form.cleaned_data
            new = services.accept_invitation(
                link=link, name=said["name"], password=Secret(said["password"]), door=Door.WEB, at=at
            )
            del request.session[_KEPT]
            response: HttpResponse = perform_login(
                request, new, email_verification="none", redirect_url=reverse("front")
            )
            return response
    context = {
        "at": at,
        "row": row,
        "form": form,
        "words": roles.of_role(Role(row.role), row.party.kind) if row.party else roles.of_desk_role(row.desk_role),
        "is_theirs": user is not None and user.email == row.mail,
        "has_account": User.objects.filter(email=row.mail, is_active=True).exists(),
    }
    page = render(request, "web/invitation.html", context)
    add_never_cache_headers(page)
    return page


def _join(request: HttpRequest, row: Invitation, link: Secret, at: datetime) -> HttpResponse:
    services.join_by_invitation(link=link, actor=person(request), at=at)
    del request.session[_KEPT]
    what = f"You now act for {row.party}." if row.party else f"You are now {row.desk_role} of this desk."
    messages.success(request, what)
    return redirect("front")
