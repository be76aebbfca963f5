"""What the desk does differently from allauth.

Nobody signs up without an invitation. Second factors lie encrypted. Passwords are set by a service, the history hears
of every sign-in and of every change to what opens an account, and mails are the desk's own.
"""

from __future__ import annotations

from typing import Any, Final

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from valetkey.accounts import services
from valetkey.accounts.models import User
from valetkey.accounts.services import Factor
from valetkey.audit.entry import Actor, Door
from valetkey.mail.send import send
from valetkey.secret import Secret
from valetkey.vault import keyring
from valetkey.web.devices import name_of
from valetkey.web.person import now

_FACTORS: Final = {
    "totp_activated": Factor.APP_ADDED,
    "totp_deactivated": Factor.APP_REMOVED,
    "webauthn_added": Factor.PASSKEY_ADDED,
    "webauthn_removed": Factor.PASSKEY_REMOVED,
    "recovery_codes_generated": Factor.RECOVERY_CODES_MADE,
}
"""allauth's name of the mail that tells of it → what happened."""

_PROOFS: Final = {"password": "password", "totp": "app", "webauthn": "passkey", "recovery_codes": "recovery code"}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # it carries no types
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "This mail address and this password do not go together.",
        "too_many_login_attempts": "Too many tries. Wait five minutes, then try again.",
        "rate_limited": "Too many tries. Wait five minutes, then try again.",
        "enter_current_password": "This is not the password you have now.",
        "incorrect_password": "This is not your password.",
        "incorrect_code": "This code is not right. An app shows a new one every 30 seconds: take the newest.",
        "invalid_password_reset": "This link does not work any more.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Signing up is what an invitation's own page does (views/invitation.py)."""
        return False

    def login(self, request: HttpRequest, user: User) -> None:
        """All steps are done. Between the password and the second factor somebody may have been ended."""
        if not user.is_active:
            raise ImmediateHttpResponse(self.respond_user_inactive(request, user))
        services.note_sign_in(user=user, how=_how(request, user), actor=_oneself(user), at=now())
        super().login(request, user)

    def set_password(self, user: User, password: str) -> None:
        """Also for whoever came by the link of a mail: it is theirs to set, and their failed tries count no more."""
        services.set_password(user=user, password=Secret(password), actor=_oneself(user), at=now())
        if not self.request.user.is_authenticated:
            self._delete_login_attempts_cached_email(self.request, email=user.email)

    def send_notification_mail(
        self, template_prefix: str, user: User, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """Whatever its owner is told by mail, the history is told first."""
        what = _FACTORS.get(template_prefix.rpartition("/")[2])
        if what is not None:
            services.note_factor(user=user, what=what, actor=_oneself(user), at=now())
        super().send_notification_mail(template_prefix, user, context, email)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """A mail that cannot be sent is logged, and nobody learns from the answer whether there was one to send."""
        browser = name_of(context.get("user_agent", ""))
        told = {**context, "email": email, "browser": browser, "why": "you have an account there"}
        send(to=email, template=f"sign_in/{template_prefix.rpartition('/')[2]}", context=told)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """At the desk's own address, whatever host the request has named: it would lead the reader there."""
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return f"{settings.VALETKEY_URL}{path.replace('UID-KEY', key)}"

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("me")

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """The account alone. allauth adds the host, and a host with another port would start another count."""
        return str(credentials.get("email") or credentials.get("username") or "").lower()


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of authenticator apps and recovery codes lie in the database as the codes do."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": AccountAdapter.error_messages["incorrect_code"],
        "cannot_generate_recovery_codes": "Recovery codes stand in for a second step: add an app or a passkey first.",
    }

    def encrypt(self, text: str) -> str:
        return keyring().encrypt(Secret(text))

    def decrypt(self, encrypted_text: str) -> str:
        return keyring().decrypt(encrypted_text).reveal()

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        return name_of(self.request.META.get("HTTP_USER_AGENT", ""))

    def get_public_key_credential_user_entity(self, user: User) -> dict[str, Any]:
        return {**super().get_public_key_credential_user_entity(user), "display_name": str(user)}

    def _get_site_name(self) -> str:
        return "Valetkey"


def _oneself(user: User) -> Actor:
    return Actor(name=str(user), door=Door.WEB, user_id=user.pk)


def _how(request: HttpRequest, user: User) -> str:
    """“password, app”. Who has just taken an invitation up has proved nothing else yet."""
    records = get_authentication_records(request, user)
    proofs = [_PROOFS.get(str(each.get("type") or each.get("method")), "") for each in records]
    return ", ".join(dict.fromkeys(filter(None, proofs))) or "invitation"
