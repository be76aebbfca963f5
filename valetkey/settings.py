"""Settings: one file, typed readers, every name documented in docs/settings.md. Secrets may come from `NAME_FILE`.

Nothing set at all is the embedded form: SQLite, a key file and the sandbox, all under VALETKEY_HOME.
"""

from __future__ import annotations

import hashlib
import os
import warnings
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import environ
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from valetkey.vault.keyring import Keyring, read_or_make_key_file

env = environ.FileAwareEnv()


def _whole_number(name: str, default: int, lowest: int, highest: int) -> int:
    try:
        number = int(env.str(name, default=str(default)))
    except ValueError:
        number = lowest - 1
    if not lowest <= number <= highest:
        raise ImproperlyConfigured(f"{name} must be a whole number from {lowest} to {highest}.")
    return number


def _time_zone(name: str, default: str) -> str:
    zone: str = env.str(name, default=default)
    try:
        ZoneInfo(zone)
    except (ValueError, OSError, KeyError):  # unknown, not a name at all, or a folder of names
        raise ImproperlyConfigured(f"{name} must be a time zone such as Europe/Berlin.") from None
    return zone


def _database(name: str) -> dict[str, Any]:
    try:
        with warnings.catch_warnings(action="error"):  # it only warns of an address of no kind it knows
            database: dict[str, Any] = env.db_url(name)
    except Exception:  # the text of the fault may quote the password
        raise ImproperlyConfigured(f"{name} must be an address such as postgres://user:password@host/name.") from None
    if database["ENGINE"] not in {"django.db.backends.sqlite3", "django.db.backends.postgresql"}:
        raise ImproperlyConfigured(f"{name} must be an address of PostgreSQL or SQLite.")
    return database


def _address(name: str, default: str) -> str:
    address: str = env.str(name, default=default).rstrip("/")
    try:
        parts = urlsplit(address)
        is_fit = parts.scheme in {"http", "https"} and bool(parts.hostname) and not (parts.path or parts.query)
        is_fit = is_fit and parts.username is None and (parts.port is None or parts.port > 0)
    except ValueError:
        is_fit = False
    if not is_fit:
        raise ImproperlyConfigured(f"{name} must be an address such as https://desk.example.org.")
    if parts.scheme == "http" and parts.hostname not in {"localhost", "127.0.0.1", "::1"}:
        raise ImproperlyConfigured(f"{name} must begin with https:// except on this machine itself.")
    return address


def _networks(name: str) -> list[IPv4Network | IPv6Network]:
    try:
        return [ip_network(each.strip()) for each in env.list(name, default=[]) if each.strip()]
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be networks such as 10.1.0.0/16,fd00::/8.") from None


def _mail(name: str) -> dict[str, Any]:
    """Django's names for it. Nothing set: to the terminal."""
    if not {name, f"{name}_FILE"} & set(os.environ):
        return {"EMAIL_BACKEND": "valetkey.mail.terminal.EmailBackend"}
    try:
        with warnings.catch_warnings(action="error"):
            mail: dict[str, Any] = env.email_url(name)
    except Exception:  # the text of the fault may quote the password
        raise ImproperlyConfigured(f"{name} must be an address such as smtp+tls://user:password@host:587.") from None
    return mail


VALETKEY_HOME = Path(env.str("VALETKEY_HOME", default="") or "~/.local/share/valetkey").expanduser().absolute()
# A desk of invented people: `valetkey demo` made it, and it never speaks to a real platform.
VALETKEY_IS_DEMO = (VALETKEY_HOME / "this-is-a-demo-desk").exists()
VALETKEY_IS_EMBEDDED = "VALETKEY_DATABASE_URL" not in os.environ and "VALETKEY_DATABASE_URL_FILE" not in os.environ

if "VALETKEY_KEYS" in os.environ or "VALETKEY_KEYS_FILE" in os.environ:
    VALETKEY_KEYS = env.str("VALETKEY_KEYS").replace(",", " ").split()
elif VALETKEY_IS_EMBEDDED:
    if (VALETKEY_HOME / "desk.sqlite3").exists() and not (VALETKEY_HOME / "keys").exists():
        # A new key would open nothing of this desk, and what it writes could not be told from tampering.
        raise ImproperlyConfigured(f"The key file of this desk is missing: put it back as {VALETKEY_HOME / 'keys'}.")
    VALETKEY_KEYS = read_or_make_key_file(VALETKEY_HOME / "keys")
else:
    raise ImproperlyConfigured("VALETKEY_KEYS (or VALETKEY_KEYS_FILE) must be set when VALETKEY_DATABASE_URL is.")

try:
    Keyring(VALETKEY_KEYS)
except ValueError as fault:
    raise ImproperlyConfigured(str(fault)) from None
# Sessions and signatures follow the oldest key, so that adding a newer one signs nobody out.
SECRET_KEY = hashlib.sha256(b"valetkey:django:" + VALETKEY_KEYS[-1].encode()).hexdigest()

VALETKEY_PLATFORMS = {"tiktok": "valetkey.connectors.tiktok.connector:platform"}
VALETKEY_SANDBOX_STATE = Path(env.str("VALETKEY_SANDBOX_STATE", default=str(VALETKEY_HOME / "sandbox.sqlite3")))
VALETKEY_TIME_ZONE = _time_zone("VALETKEY_TIME_ZONE", default="UTC")
# How long a platform verb may be under way before `check` may settle it by reading. A verb is at most four calls of a
# minute each, waiting included.
VALETKEY_CLAIM_SECONDS = _whole_number("VALETKEY_CLAIM_SECONDS", 300, lowest=300, highest=86_400)
# How long a worker that is asked to leave may go on with the task at hand.
VALETKEY_WORKER_DRAIN_SECONDS = _whole_number("VALETKEY_WORKER_DRAIN_SECONDS", 30, lowest=1, highest=3600)
VALETKEY_URL = _address("VALETKEY_URL", default="http://localhost:8000")
VALETKEY_BEHIND_PROXY = env.bool("VALETKEY_BEHIND_PROXY", default=False)
VALETKEY_WEBHOOK_NETWORKS = _networks("VALETKEY_WEBHOOK_NETWORKS")
VALETKEY_LINK_DAYS = _whole_number("VALETKEY_LINK_DAYS", 14, lowest=1, highest=90)

_embedded: dict[str, Any] = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(VALETKEY_HOME / "desk.sqlite3")}
DATABASES = {"default": _embedded if VALETKEY_IS_EMBEDDED else _database("VALETKEY_DATABASE_URL")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        # Take the write lock at BEGIN: a transaction that reads first and writes later cannot fail half-way as busy.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # recursive_triggers: without it INSERT OR REPLACE walks around the triggers that keep the history append-only.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA recursive_triggers=ON;",
    }

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "valetkey.web",  # before the admin and allauth: its templates go first
    "valetkey.web.apps.DeskAdminConfig",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_htmx",
    "django.forms",  # so that a form's fields are drawn by the desk's templates
    "valetkey.mail",
    "valetkey.audit",
    "valetkey.timeline",
    "valetkey.accounts",
    "valetkey.register",
    "valetkey.connectors",
    "valetkey.authorizations",
    "valetkey.changes",
    "valetkey.reviews",
    "valetkey.intake",
    "valetkey.findings",
    "valetkey.notices",
    "valetkey.worker",
    "django_tasks_db",
]
AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
ROOT_URLCONF = "valetkey.urls"
WSGI_APPLICATION = "valetkey.wsgi.application"
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "valetkey.web.devices.DevicesMiddleware",
    # A page is for people who signed in, unless it says otherwise.
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "valetkey.web.middleware.PersonMiddleware",
    "valetkey.web.middleware.TextMiddleware",
    "valetkey.web.middleware.RefusalMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "valetkey.web.context.desk",
            ]
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
# In the database: every process must count the same failed sign-ins.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "accounts_cache",
        # Many, so that nobody can push a count out by failing elsewhere.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
}

# Background work, kept in the database: another engine behind Django's task API is another line here.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# Sign-in. Whoever is invited may sign up; a mail address is the name, and a second factor can be added.
LOGIN_URL = LOGOUT_REDIRECT_URL = "account_login"
LOGIN_REDIRECT_URL = "front"
ACCOUNT_ADAPTER = "valetkey.web.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # an invitation comes by mail, and only the admin changes an address
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
# Django's own: allauth's would enter the address a second time, as one that was never verified.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105  # a name
PASSWORD_RESET_TIMEOUT = 86_400
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key", "reset_password": "20/m/ip,5/m/key"}
# Whose address is counted: what the one proxy in front has added last, and without a proxy, whoever is connected.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if VALETKEY_BEHIND_PROXY else 0
ACCOUNT_FORMS = {
    "login": "valetkey.web.forms.sign_in.SignInForm",
    "reset_password": "valetkey.web.forms.sign_in.ForgottenForm",
    "reset_password_from_key": "valetkey.web.forms.sign_in.NewPasswordForm",
    "change_password": "valetkey.web.forms.sign_in.ChangePasswordForm",
    "set_password": "valetkey.web.forms.sign_in.FirstPasswordForm",
    "reauthenticate": "valetkey.web.forms.sign_in.PasswordAgainForm",
}
MFA_FORMS = {
    "authenticate": "valetkey.web.forms.sign_in.SecondFactorForm",
    "reauthenticate": "valetkey.web.forms.sign_in.SecondFactorAgainForm",
    "activate_totp": "valetkey.web.forms.sign_in.AddAppForm",
    "add_webauthn": "valetkey.web.forms.sign_in.AddPasskeyForm",
    "edit_webauthn": "valetkey.web.forms.sign_in.RenamePasskeyForm",
}
MFA_ADAPTER = "valetkey.web.adapter.MfaAdapter"
# What that adapter encrypts lies inside JSON: model → column, and the secrets' names in it. Keys rotate there too.
VALETKEY_SEALED_JSON = {"mfa.Authenticator": ("data", ("secret", "seed", "migrated_codes"))}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Valetkey"
MFA_TOTP_TOLERANCE = 1  # a code typed in its last second still counts (RFC 6238, 5.2)
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# Mail: to the terminal until somebody says where to.
vars().update(_mail("VALETKEY_MAIL_URL"))
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("VALETKEY_MAIL_FROM", default=f"desk@{urlsplit(VALETKEY_URL).hostname}")

# No file that somebody sends is put down on a disk, and none is taken where no page asks for one.
FILE_UPLOAD_HANDLERS = ["valetkey.web.uploads.WhereAskedFor"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 8_500_000  # a picture as proof of a step, and what a form sends with it

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True  # no step to collect them
WHITENOISE_MAX_AGE = 600

# A report of a mistake tells where, and no word that somebody typed.
DEFAULT_EXCEPTION_REPORTER_FILTER = "valetkey.web.reports.NothingTyped"

# Waiting for a platform that asked us to wait is no event for a person at a terminal.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"without_links": {"()": "valetkey.web.log.WithoutLinks"}},
    "loggers": {
        "stamina": {"level": "ERROR"},
        # A task that failed is told by the worker in a sentence, and kept for the health page.
        "django_tasks": {"level": "CRITICAL"},
        "django_tasks_db": {"level": "CRITICAL"},
        "django.request": {"filters": ["without_links"]},
        "django.security.csrf": {"filters": ["without_links"]},
    },
}
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]  # of guides and of the diagnosis; the desk itself speaks English
DEBUG = False

# Everything that needs https is on with it; http is only for a desk on this machine itself.
_is_https = VALETKEY_URL.startswith("https://")
ALLOWED_HOSTS = env.list("VALETKEY_ALLOWED_HOSTS", default=["127.0.0.1", "localhost"])
ALLOWED_HOSTS = list(dict.fromkeys([*ALLOWED_HOSTS, urlsplit(VALETKEY_URL).hostname or "localhost"]))
CSRF_TRUSTED_ORIGINS = [VALETKEY_URL]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if VALETKEY_BEHIND_PROXY else None
SECURE_HSTS_SECONDS = 31_536_000 if _is_https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _is_https
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _is_https
SESSION_COOKIE_NAME = "__Host-session" if _is_https else "valetkey-session"
CSRF_COOKIE_NAME = "__Host-csrf" if _is_https else "valetkey-csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "valetkey.web.views.errors.csrf_failure"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not _is_https
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],  # the picture of a TOTP secret
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
