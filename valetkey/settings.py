"""Settings: one file, typed readers, every name documented in docs/settings.md. Secrets may come from `NAME_FILE`.

Nothing set at all is the embedded form: SQLite, a key file and the sandbox, all under VALETKEY_HOME.
"""

from __future__ import annotations

import hashlib
import os
import warnings
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import environ  # type: ignore[import-untyped]  # it carries no types
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


VALETKEY_HOME = Path(env.str("VALETKEY_HOME", default="") or "~/.local/share/valetkey").expanduser().absolute()
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
    "valetkey.audit",
    "valetkey.accounts",
    "valetkey.register",
    "valetkey.connectors",
    "valetkey.authorizations",
]
AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
# Waiting for a platform that asked us to wait is no event for a person at a terminal.
LOGGING = {"version": 1, "disable_existing_loggers": False, "loggers": {"stamina": {"level": "ERROR"}}}
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
DEBUG = False
ALLOWED_HOSTS = env.list("VALETKEY_ALLOWED_HOSTS", default=["127.0.0.1", "localhost"])
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SECURE_SSL_REDIRECT = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
