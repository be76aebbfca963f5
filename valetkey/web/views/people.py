"""Who acts for whom, who is invited, and for the desk admin everyone: invite, change a role, take off, end."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from valetkey.accounts import services
from valetkey.accounts.models import ApiToken, Invitation, Membership, Party, User, desk_role_of, sees_everything
from valetkey.accounts.policy import DeskRole, Role
from valetkey.audit.entry import Actor
from valetkey.errors import Forbidden, NotFound
from valetkey.web import roles, visits
from valetkey.web.forms.parties import managed_by
from valetkey.web.forms.people import DeskRoleForm, InviteForm, ReasonForm, RoleForm
from valetkey.web.person import now, person
from valetkey.web.refusal import beside, onto

_ON_A_PAGE: Final = 50
_ACTING, _INVITED, _EVERYONE = "acting", "invited", "everyone"


def people(request: HttpRequest) -> HttpResponse:
    """Three lists of one kind each. `q` looks in names, mail addresses and parties."""
    actor, at = person(request), now()
    reads_all = sees_everything(actor)
    if not reads_all:
        _require_some_party(actor)
    sought = request.GET.get("q", "").strip()[:100]
    rows: dict[str, QuerySet[Any]] = {
        _ACTING: _acting(actor, sought),
        _INVITED: _invited(actor, sought).live(at),
    }
    labels = {_ACTING: "Who acts for whom", _INVITED: "Invitations that wait"}
    if reads_all:
        rows[_EVERYONE], labels[_EVERYONE] = _everyone(sought), "Everyone on the desk"
    chosen = request.GET.get("which", "")
    chosen = chosen if chosen in rows else _ACTING
    page = Paginator(rows[chosen], _ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "at": at,
        "tabs": [(name, label, rows[name].count()) for name, label in labels.items()],
        "chosen": chosen,
        "page": page,
        "sought": sought,
        "query": f"{urlencode({'which': chosen, 'q': sought})}&",
        "managed": _managed_on(page, actor) if chosen != _EVERYONE else set(),
        "may_invite": desk_role_of(actor) is DeskRole.ADMIN or managed_by(actor).exists(),
        "reads_all": reads_all,
    }
    return render(request, "web/people.html", context)


def _acting(actor: Actor, sought: str) -> QuerySet[Membership]:
    rows = Membership.objects.current().visible_to(actor).select_related("user", "party")
    if sought:
        rows = rows.filter(_of_person(sought, "user__") | Q(party__name__icontains=sought))
    return rows.order_by("party__name", "user__first_name", "user__email")


def _invited(actor: Actor, sought: str) -> Any:
    rows = Invitation.objects.visible_to(actor).select_related("party")
    if sought:
        found = Q(mail__icontains=sought) | Q(name__icontains=sought) | Q(party__name__icontains=sought)
        rows = rows.filter(found)
    return rows.order_by("ends_at", "pk")


def _everyone(sought: str) -> QuerySet[User]:
    rows = User.objects.annotate(parties=Count("memberships", filter=Q(memberships__ended_at=None)))
    return (rows.filter(_of_person(sought)) if sought else rows).order_by("-is_active", "first_name", "email")


def _of_person(sought: str, where: str = "") -> Q:
    return Q(**{f"{where}email__icontains": sought}) | Q(**{f"{where}first_name__icontains": sought})


def _managed_on(page: Page[Any], actor: Actor) -> set[int]:
    """Of the parties on this page, those where the person may change something."""
    return set(managed_by(actor).filter(pk__in={row.party_id for row in page}).values_list("pk", flat=True))


def invite(request: HttpRequest) -> HttpResponse:
    actor, at = person(request), now()
    offers_desk = desk_role_of(actor) is DeskRole.ADMIN
    if not offers_desk:
        _require_some_party(actor)
    form = InviteForm(
        request.POST or None,
        parties=list(managed_by(actor).order_by("name")[: InviteForm.most()]),
        offers_desk=offers_desk,
        initial={"party": request.GET.get("party", ""), "days": settings.VALETKEY_LINK_DAYS},
    )
    if request.method == "POST" and form.is_valid():
        said, party = form.cleaned_data, None
        if said["party"]:
            with beside(form, "party"):
                party = services.find_party(name=said["party"], actor=actor)
        if form.is_valid():
            with onto(form):
                made = services.invite(
                    mail=said["mail"], name=said["name"], party=party, days=said["days"], actor=actor, at=at,
                    **form.role_given(),
                )  # fmt: skip
                row = made.invitation
                address = services.invitation_address(made.link)
                visits.keep_link_made(request, _subject(row), address, mail=row.mail, is_sent=made.is_sent)
                return redirect("invited", row.pk)
    return render(request, "web/people_invite.html", {"form": form})


def invited(request: HttpRequest, number: int) -> HttpResponse:
    """One invitation; right after it was made, with its link."""
    actor, at = person(request), now()
    row = _invitation(number, actor)
    state = row.state(at)
    context = {
        "at": at,
        "row": row,
        "state": state.label,
        "is_open": state is Invitation.State.OPEN,
        "words": _words(row),
        "made": visits.take_link_made(request, _subject(row)),
        "may_change": _may_change(row.party, actor),
    }
    return render(request, "web/people_invited.html", context)


@require_POST
def invited_withdraw(request: HttpRequest, number: int) -> HttpResponse:
    actor = person(request)
    row = _invitation(number, actor)
    services.withdraw_invitation(invitation=row, actor=actor, at=now())
    messages.success(request, f"The invitation of {row.mail} is withdrawn. Its link opens nothing any more.")
    return redirect("people")


def acting(request: HttpRequest, number: int) -> HttpResponse:
    """One person for one party: another role, or off the party."""
    actor, at = person(request), now()
    row = _membership(number, actor)
    form = RoleForm(request.POST or None, party=row.party, initial={"role": row.role})
    if request.method == "POST" and form.is_valid():
        with onto(form):
            services.join(user=row.user, party=row.party, role=form.chosen(), actor=actor, at=at)
            messages.success(request, f"{row.user} now acts for {row.party} as {form.chosen()}.")
            return redirect("people")
    others = Membership.objects.current().filter(party=row.party, role=Role.MANAGER.value, user__is_active=True)
    context = {
        "at": at,
        "row": row,
        "form": form,
        "words": roles.of_role(Role(row.role), row.party.kind),
        "may_change": _may_change(row.party, actor),
        "is_last_manager": row.role == Role.MANAGER and not others.exclude(pk=row.pk).exists(),
        "is_self": row.user_id == actor.user_id,
        "reads_all": sees_everything(actor),
    }
    return render(request, "web/people_acting.html", context)


@require_POST
def acting_end(request: HttpRequest, number: int) -> HttpResponse:
    actor = person(request)
    row = _membership(number, actor)
    services.leave(user=row.user, party=row.party, actor=actor, at=now())
    messages.success(request, f"{row.user} no longer acts for {row.party}.")
    return redirect("front" if row.user_id == actor.user_id else "people")


def someone(request: HttpRequest, number: int) -> HttpResponse:
    """For those who read the whole desk: one person, and for the admin what can be done about them."""
    actor, at = person(request), now()
    user = _user(number, actor)
    context = {
        "at": at,
        "someone": user,
        "is_admin": desk_role_of(actor) is DeskRole.ADMIN,
        "desk_words": roles.of_desk_role(user.desk_role),
        "memberships": Membership.objects.current().filter(user=user).select_related("party").order_by("party__name"),
        "desk_form": DeskRoleForm(current=user.desk_role),
        "factor_form": ReasonForm(auto_id="factor_%s"),
        "has_factor": Authenticator.objects.filter(user=user).exists(),
    }
    return render(request, "web/people_someone.html", context)


@require_POST
def someone_desk_role(request: HttpRequest, number: int) -> HttpResponse:
    actor = person(request)
    user = _user(number, actor)
    form = DeskRoleForm(request.POST, current=user.desk_role)
    if form.is_valid():
        services.set_desk_role(user=user, desk_role=form.chosen(), actor=actor, at=now())
        messages.success(request, f"{user} has this role from now on.")
    return redirect("someone", number)


@require_POST
def someone_factors(request: HttpRequest, number: int) -> HttpResponse:
    actor = person(request)
    user, form = _user(number, actor), ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Nothing was done: say how you made sure that it is them.")
    else:
        services.forget_factors(user=user, reason=form.cleaned_data["reason"], actor=actor, at=now())
        messages.success(request, f"{user} signs in with the password alone now, on every device anew.")
    return redirect("someone", number)


def someone_end(request: HttpRequest, number: int) -> HttpResponse:
    """What ends with them is said before it is done."""
    actor, at = person(request), now()
    user = _user(number, actor)
    services.require_admin(actor)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with onto(form):
            services.end_user(user=user, reason=form.cleaned_data["reason"], actor=actor, at=at)
            messages.success(request, f"{user} is signed out and opens nothing here any more.")
            return redirect("people")
    context = {
        "someone": user,
        "form": form,
        "memberships": list(Membership.objects.current().filter(user=user).select_related("party")[:_ON_A_PAGE]),
        "tokens": ApiToken.objects.live(at).filter(user=user).count(),
        "devices": UserSession.objects.filter(user=user).count(),
        "invitations": Invitation.objects.live(at).filter(inviter=user).count(),
        "is_self": user.pk == actor.user_id,
    }
    return render(request, "web/people_end.html", context)


def _require_some_party(actor: Actor) -> None:
    if not managed_by(actor).exists():
        raise Forbidden(
            "manages_nobody",
            "This belongs to those who manage a creator, brand or agency.",
            "Ask the person who invited you.",
        )


def _may_change(party: Party | None, actor: Actor) -> bool:
    if party is None:
        return desk_role_of(actor) is DeskRole.ADMIN
    return managed_by(actor).filter(pk=party.pk).exists()


def _membership(number: int, actor: Actor) -> Membership:
    rows = Membership.objects.current().visible_to(actor).select_related("user", "party")
    row = rows.filter(pk=number).first()
    if row is None:
        raise NotFound("not_a_member", "Nobody you can see acts like this any more.", "Look at the list of people.")
    return row


def _invitation(number: int, actor: Actor) -> Invitation:
    row = Invitation.objects.visible_to(actor).select_related("party").filter(pk=number).first()
    if row is None:
        raise services.no_such_invitation(number)
    return row


def _user(number: int, actor: Actor) -> User:
    user = User.objects.filter(pk=number).first() if sees_everything(actor) else None
    if user is None:
        raise NotFound(
            "no_such_user", "There is nobody of this number that you can see.", "Look at the list of people."
        )
    return user


def _words(row: Invitation) -> str:
    """What the invited person may do."""
    return roles.of_role(Role(row.role), row.party.kind) if row.party else roles.of_desk_role(row.desk_role)


def _subject(row: Invitation) -> str:
    return f"invitation {row.pk}"
