"""A person's own pages: who they are here, time zone, language, devices, the tokens of their programs."""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from valetkey.accounts import services
from valetkey.accounts.models import ApiToken, Membership, User
from valetkey.accounts.policy import Role
from valetkey.errors import NotFound
from valetkey.web import roles
from valetkey.web.devices import name_of
from valetkey.web.forms.me import LanguageForm, TimeZoneForm, TokenForm
from valetkey.web.person import now, person
from valetkey.web.refusal import onto

_TOKENS_SHOWN = 50


def me(request: HttpRequest) -> HttpResponse:
    user, at = _user(request), now()
    if "language" in request.POST:
        return _set_language(request, user)
    form = TimeZoneForm(request.POST or None, current=user.time_zone)
    if request.method == "POST" and form.is_valid():
        with onto(form):
            services.set_time_zone(user=user, time_zone=form.zone(), actor=person(request), at=at)
            messages.success(request, "Every date is now shown in this time zone.")
            return redirect("me")
    memberships = Membership.objects.current().filter(user=user).select_related("party").order_by("party__name")
    factors = list(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    context = {
        "at": at,
        "form": form,
        "language_form": LanguageForm(current=user.language),
        "memberships": [(each, roles.of_role(Role(each.role), each.party.kind)) for each in memberships],
        "desk_role": roles.of_desk_role(user.desk_role),
        "has_app": Authenticator.Type.TOTP in factors,
        "has_recovery_codes": Authenticator.Type.RECOVERY_CODES in factors,
        "passkeys": factors.count(Authenticator.Type.WEBAUTHN),
        "tokens": ApiToken.objects.live(at).filter(user=user).count(),
    }
    return render(request, "web/me.html", context)


def _set_language(request: HttpRequest, user: User) -> HttpResponse:
    """What is not offered cannot be chosen on the page; whoever sends it all the same reads the refusal."""
    language = request.POST["language"]
    services.set_language(user=user, language=language, actor=person(request), at=now())
    messages.success(request, "Guides are now shown in this language.")
    return redirect("me")


def devices(request: HttpRequest) -> HttpResponse:
    """Where they are signed in; a POST signs out there: one device by its number, or all but this one."""
    user, here = _user(request), request.session.session_key
    if request.method == "POST":
        chosen = request.POST.get("device", "")
        others = [each.pk for each in UserSession.objects.filter(user=user).exclude(session_key=here)]
        ended = [pk for pk in others if chosen in {"others", str(pk)}]
        services.sign_out(user=user, devices=ended, actor=person(request), at=now())
        messages.success(request, "You are signed out there." if ended else "You were signed out there already.")
        return redirect("devices")
    rows = sorted(UserSession.objects.purge_and_list(user), key=lambda row: row.last_seen_at, reverse=True)
    listed = [(row, name_of(row.user_agent), row.session_key == here) for row in rows]
    return render(request, "web/me_devices.html", {"at": now(), "devices": listed})


@reauthentication_required(app="allauth.mfa", allow_get=True)  # type: ignore[untyped-decorator]  # it carries no types
def tokens(request: HttpRequest) -> HttpResponse:
    """A token outlives the device it was made on: making one asks who is there."""
    user, at = _user(request), now()
    form = TokenForm(request.POST or None)
    made = None
    if request.method == "POST" and form.is_valid():
        with onto(form):
            said = form.cleaned_data
            made = services.make_token(
                user=user, label=said["label"], days=said["days"], actor=person(request), at=at
            ).reveal()
            form = TokenForm()
    listed = ApiToken.objects.filter(user=user).order_by("-pk")[:_TOKENS_SHOWN]
    return render(request, "web/me_tokens.html", {"at": at, "form": form, "tokens": listed, "made": made})


@require_POST
def token_end(request: HttpRequest, number: int) -> HttpResponse:
    token = ApiToken.objects.filter(user=_user(request), pk=number).first()
    if token is None:
        raise NotFound("no_such_token", "There is no such token of yours.", "Your tokens are listed on your own page.")
    services.end_token(token=token, actor=person(request), at=now())
    messages.success(request, f"“{token.label}” opens nothing any more.")
    return redirect("tokens")


def _user(request: HttpRequest) -> User:
    """The person themselves, read anew: nothing that another page has changed meanwhile is written back."""
    return User.objects.get(pk=request.session[SESSION_KEY])
