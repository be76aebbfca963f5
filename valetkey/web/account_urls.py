"""The addresses of sign-in: those of allauth that the desk uses. Nobody signs up or changes a mail address alone."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import path, re_path

_PAGES = {
    "account_login": ("login/", account.login),
    "account_logout": ("logout/", account.logout),
    "account_inactive": ("inactive/", account.account_inactive),
    "account_reauthenticate": ("reauthenticate/", account.reauthenticate),
    "account_change_password": ("password/change/", account.password_change),
    "account_set_password": ("password/set/", account.password_set),
    "account_reset_password": ("password/reset/", account.password_reset),
    "account_reset_password_done": ("password/reset/done/", account.password_reset_done),
    "account_reset_password_from_key_done": ("password/reset/key/done/", account.password_reset_from_key_done),
    "mfa_index": ("2fa/", mfa.index),
    "mfa_authenticate": ("2fa/authenticate/", mfa.authenticate),
    "mfa_reauthenticate": ("2fa/reauthenticate/", mfa.reauthenticate),
    "mfa_activate_totp": ("2fa/totp/activate/", totp.activate_totp),
    "mfa_deactivate_totp": ("2fa/totp/deactivate/", totp.deactivate_totp),
    "mfa_view_recovery_codes": ("2fa/recovery-codes/", recovery_codes.view_recovery_codes),
    "mfa_generate_recovery_codes": ("2fa/recovery-codes/generate/", recovery_codes.generate_recovery_codes),
    "mfa_download_recovery_codes": ("2fa/recovery-codes/download/", recovery_codes.download_recovery_codes),
    "mfa_list_webauthn": ("2fa/webauthn/", webauthn.list_webauthn),
    "mfa_add_webauthn": ("2fa/webauthn/add/", webauthn.add_webauthn),
    "mfa_reauthenticate_webauthn": ("2fa/webauthn/reauthenticate/", webauthn.reauthenticate_webauthn),
    "mfa_remove_webauthn": ("2fa/webauthn/keys/<int:pk>/remove/", webauthn.remove_webauthn),
    "mfa_edit_webauthn": ("2fa/webauthn/keys/<int:pk>/edit/", webauthn.edit_webauthn),
    "mfa_login_webauthn": ("2fa/webauthn/login/", webauthn.login_webauthn),
}

urlpatterns = [path(address, view, name=name) for name, (address, view) in _PAGES.items()]
urlpatterns += [
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",  # the key has a hyphen of its own
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    )
]
