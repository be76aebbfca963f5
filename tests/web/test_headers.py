"""What every answer carries so that a browser keeps the desk's pages to themselves."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client

from tests.desk import Desk
from valetkey.accounts.models import User

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).parent.parent.parent / "valetkey"


@pytest.mark.parametrize("path", ["/account/login/", "/", "/nowhere/", "/admin/"])
@pytest.mark.parametrize("who", ["", "ada@example.org", "sam@example.org"], ids=["signed out", "admin", "stranger"])
def test_every_answer_is_kept_to_itself(desk: Desk, who: str, path: str) -> None:
    client = Client()
    if who:
        client.force_login(User.objects.get(email=who))
    answer = client.get(path)
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe-inline" not in policy and "unsafe-eval" not in policy and "*" not in policy
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert "no-store" in answer.headers["Cache-Control"], "a page may show what only this person may see"


def test_no_template_styles_or_scripts_inline() -> None:
    """The policy would stop it in a browser; here it is found before."""
    for template in (*ROOT.rglob("*.html"),):
        text = template.read_text()
        # A mail has no stylesheet to point to, and is shown by no browser of ours.
        assert " style=" not in text or "mail/templates" in template.as_posix(), template
        # An attribute's own name: data-allauth-onload is none of the browser's events.
        for event in (" onclick=", " onload=", " onsubmit=", " onchange=", "javascript:"):
            assert event not in text, template
        for script in text.split("<script")[1:]:
            opening = script.partition(">")[0]
            assert "src=" in opening or "application/json" in opening or "nonce=" in opening, template


def _settings(**environment: str) -> dict[str, object]:
    """As a process reads them that is started with this environment."""
    names = (
        "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS",
        "SESSION_COOKIE_HTTPONLY", "CSRF_COOKIE_HTTPONLY", "SESSION_COOKIE_SAMESITE", "SESSION_COOKIE_NAME",
        "ALLOWED_HOSTS", "SECURE_PROXY_SSL_HEADER", "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN",
    )  # fmt: skip
    program = (
        "import json; from django.conf import settings as s;"
        f"print(json.dumps({{n: getattr(s, n) for n in {names!r}}}, default=str))"
    )
    kept = {name: value for name, value in os.environ.items() if not name.startswith("VALETKEY_")}
    ran = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        cwd=ROOT.parent,
        env={**kept, "DJANGO_SETTINGS_MODULE": "valetkey.settings", **environment},
    )
    assert ran.returncode == 0, ran.stderr
    return dict(json.loads(ran.stdout))


def test_with_https_the_cookies_stay_with_it(tmp_path: Path) -> None:
    found = _settings(VALETKEY_HOME=str(tmp_path), VALETKEY_URL="https://desk.example.org")
    assert found["SESSION_COOKIE_SECURE"] and found["CSRF_COOKIE_SECURE"] and found["SECURE_SSL_REDIRECT"]
    assert found["SESSION_COOKIE_HTTPONLY"] and found["CSRF_COOKIE_HTTPONLY"]
    assert found["SESSION_COOKIE_SAMESITE"] == "Lax" and found["SESSION_COOKIE_NAME"] == "__Host-session"
    assert found["SECURE_HSTS_SECONDS"] == 31_536_000
    assert not found["MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN"]
    assert "desk.example.org" in list(map(str, found["ALLOWED_HOSTS"]))  # type: ignore[call-overload]
    assert found["SECURE_PROXY_SSL_HEADER"] is None, "who is not behind a proxy believes no such header"


@pytest.mark.parametrize(
    "address", ["http://desk.example.org", "ftp://localhost", "desk.example.org", "https://", "https://user@host",
                "https://desk.example.org/path", "https://host:port"],
)  # fmt: skip
def test_an_address_that_is_not_fit_is_refused_at_the_start(tmp_path: Path, address: str) -> None:
    with pytest.raises(AssertionError, match="VALETKEY_URL must"):
        _settings(VALETKEY_HOME=str(tmp_path), VALETKEY_URL=address)


def test_a_mail_address_that_is_not_fit_is_refused_without_its_password(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="VALETKEY_MAIL_URL must") as refused:
        _settings(VALETKEY_HOME=str(tmp_path), VALETKEY_MAIL_URL="carrier-pigeon://me:hunter2hunter2@host")
    assert "hunter2" not in str(refused.value).partition("Error")[2]
