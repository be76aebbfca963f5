"""Signing in and what belongs to it: passwords, second steps, limits, and what the history and the mails say of it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest
from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.core import context
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import caches
from django.db import connection
from django.test import Client, RequestFactory
from django.urls import reverse

from tests.desk import AT, HOST, Desk
from tests.web.authenticator import ORIGIN, Passkey, app_code
from tests.web.signing import PASSWORD, at_home, is_in, show_again, sign_in, told, user_of, with_password
from valetkey.accounts import services as accounts
from valetkey.accounts.models import User
from valetkey.audit.models import Entry
from valetkey.errors import Forbidden
from valetkey.vault import keyring
from valetkey.web import account_urls
from valetkey.web.devices import name_of

pytestmark = pytest.mark.django_db

JSON: Final = {"Accept": "application/json"}
NEXT_PASSWORD: Final = "nine loud birds at dawn"
NAMES: Final = [str(each.name) for each in account_urls.urlpatterns]


@pytest.fixture
def client() -> Client:
    return at_home()


@pytest.fixture
def bo(desk: Desk) -> User:
    return with_password(desk.bo)


def add_app(client: Client) -> str:
    show_again(client)
    page = client.get(reverse("mfa_activate_totp"))
    secret: str = page.context["form"].secret
    assert client.post(reverse("mfa_activate_totp"), {"code": app_code(secret)}).status_code == 302
    return secret


def test_somebody_signs_in_and_out_and_the_history_knows(client: Client, bo: User) -> None:
    assert client.get(reverse("me"))["Location"] == f"{reverse('account_login')}?next={reverse('me')}"
    answer = sign_in(client, bo)
    assert (answer.status_code, answer["Location"]) == (302, reverse("front"))
    assert is_in(client)
    assert told("user.signed_in") == [{"user": "Bo", "how": "password"}]
    assert client.post(reverse("account_logout"))["Location"] == reverse("account_login")
    assert not is_in(client)


def test_after_signing_in_they_are_where_they_wanted_to_go_and_never_elsewhere(client: Client, bo: User) -> None:
    for asked, led in ((reverse("me"), reverse("me")), ("https://elsewhere.example.org/", reverse("front"))):
        answer = client.post(reverse("account_login"), {"login": bo.email, "password": PASSWORD, "next": asked})
        assert answer["Location"] == led
        client.logout()


def test_a_wrong_password_and_an_unknown_address_are_told_the_same(client: Client, bo: User) -> None:
    wrong = sign_in(client, bo, "not this one").content.decode()
    unknown = sign_in(client, User(email="nobody@example.org"), "not this one").content.decode()
    said = "This mail address and this password do not go together."
    assert said in wrong and said in unknown
    for page in (wrong, unknown):
        assert "not this one" not in page
    assert _same_but_for_the_address(wrong, bo.email) == _same_but_for_the_address(unknown, "nobody@example.org")


def _same_but_for_the_address(page: str, address: str) -> str:
    return re.sub(r'(csrfmiddlewaretoken" value=|X-CSRFToken": |nonce=)"[^"]*"', "", page).replace(address, "")


def test_the_sixth_try_in_five_minutes_is_refused_even_with_the_right_password(client: Client, bo: User) -> None:
    for _ in range(5):
        assert "do not go together" in sign_in(client, bo, "wrong").content.decode()
    answer = sign_in(client, bo)
    assert "Too many tries" in answer.content.decode() and not is_in(client)
    assert "Too many tries" in sign_in(Client(REMOTE_ADDR="192.0.2.7"), bo).content.decode(), "from elsewhere too"
    assert sign_in(Client(SERVER_NAME="localhost", SERVER_PORT="9999"), bo).status_code == 200, (
        "another port in the Host header is no other account"
    )


def test_the_count_lies_in_the_database_where_every_process_sees_it(client: Client, bo: User) -> None:
    for _ in range(5):
        sign_in(client, bo, "wrong")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM accounts_cache WHERE cache_key LIKE '%%login_failed%%'")
        assert cursor.fetchone()[0] == 2, "one count of the address, one of the account"
        cursor.execute("SELECT count(*) FROM accounts_cache WHERE cache_key LIKE %s", [f"%{bo.email}%"])
        assert cursor.fetchone()[0] == 0, "who was tried is not written there"
    del caches["default"]  # what this process has in its hands
    assert "Too many tries" in sign_in(client, bo).content.decode()


@pytest.mark.django_db(transaction=True)
def test_another_process_counts_the_same_tries(client: Client, committed_desk: Desk) -> None:
    user = with_password(committed_desk.bo)
    program = (
        "import sys, json, django; django.setup();"
        "from django.conf import settings; from django.db import connection;"
        "connection.settings_dict.update(json.loads(sys.argv[1]));"
        "from django.test import Client; c = Client(SERVER_NAME='localhost');"
        "[c.post('/account/login/', {'login': 'bo@example.org', 'password': 'wrong'}) for _ in range(5)]"
    )
    database = {name: connection.settings_dict[name] for name in ("NAME", "HOST", "PORT", "USER", "PASSWORD")}
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "valetkey.settings"}
    subprocess.run(
        [sys.executable, "-c", program, json.dumps(database)], env=environment, check=True, timeout=60, cwd=_root()
    )
    assert "Too many tries" in sign_in(client, user).content.decode()


def _root() -> Path:
    return Path(__file__).parents[2]


def test_from_one_address_no_more_than_ten_tries_a_minute_whoever_is_tried(client: Client, bo: User) -> None:
    for number in range(10):
        answer = sign_in(client, User(email=f"guess{number}@example.org"), "wrong")
        assert "do not go together" in answer.content.decode()
    assert "Too many tries" in sign_in(client, bo).content.decode()
    assert sign_in(Client(REMOTE_ADDR="192.0.2.7"), bo).status_code == 302


@pytest.mark.parametrize(
    ("proxies", "forwarded", "seen"),
    [
        (0, "198.51.100.9", "127.0.0.1"),
        (1, "198.51.100.9", "198.51.100.9"),
        (1, "10.0.0.1, 198.51.100.9", "198.51.100.9"),
        (1, "", "127.0.0.1"),
    ],
    ids=["no proxy, a header somebody made up", "a proxy", "a proxy, and a header made up before it", "from inside"],
)
def test_the_address_is_the_one_that_the_proxy_saw(settings: Any, proxies: int, forwarded: str, seen: str) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    request = RequestFactory().get("/", headers={"X-Forwarded-For": forwarded} if forwarded else {})
    with context.request_context(request):
        assert get_adapter().get_client_ip(request) == seen


@pytest.mark.parametrize(("is_behind", "proxies"), [("true", 1), ("false", 0), (None, 0)], ids=str)
def test_only_the_setting_makes_the_desk_believe_a_proxy(tmp_path: Path, is_behind: str | None, proxies: int) -> None:
    environment = {**os.environ, "VALETKEY_HOME": str(tmp_path)}
    if is_behind is not None:
        environment["VALETKEY_BEHIND_PROXY"] = is_behind
    program = "from valetkey import settings; print(settings.ALLAUTH_TRUSTED_PROXY_COUNT)"
    ran = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True, cwd=_root()
    )
    assert ran.stdout.strip() == str(proxies)


def test_who_was_ended_cannot_sign_in_and_is_out_at_once(client: Client, desk: Desk, bo: User) -> None:
    sign_in(client, bo)
    accounts.end_user(user=bo, reason="Left.", actor=desk.admin, at=desk.at)
    assert not is_in(client)
    User.objects.filter(pk=bo.pk).update(password=_hashed(PASSWORD))
    answer = sign_in(client, bo, follow=True)
    assert "This account was ended." in answer.content.decode() and not is_in(client)


def _hashed(password: str) -> str:
    user = User()
    user.set_password(password)
    return user.password


def test_who_is_made_inactive_by_any_way_is_out_at_once(client: Client, bo: User) -> None:
    sign_in(client, bo)
    User.objects.filter(pk=bo.pk).update(is_active=False)
    assert not is_in(client)


def test_who_was_ended_between_the_password_and_the_second_step_does_not_get_in(client: Client, bo: User) -> None:
    sign_in(client, bo)
    secret = add_app(client)
    client.logout()
    assert sign_in(client, bo)["Location"] == reverse("mfa_authenticate")
    User.objects.filter(pk=bo.pk).update(is_active=False)
    answer = client.post(reverse("mfa_authenticate"), {"code": app_code(secret)}, follow=True)
    assert "This account was ended." in answer.content.decode() and not is_in(client)
    assert len(told("user.signed_in")) == 1


def test_a_new_password_by_mail(client: Client, bo: User) -> None:
    elsewhere = at_home()
    sign_in(elsewhere, bo)
    answer = client.post(reverse("account_reset_password"), {"email": bo.email}, follow=True)
    assert "If somebody has an account with that address" in answer.content.decode()
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == ([bo.email], "Choose a new password for Valetkey")
    assert "No Valetkey desk ever asks for your TikTok login" in sent.body
    (link,) = re.findall(r"^http\S+$", str(sent.body), flags=re.MULTILINE)
    page = client.get(link.removeprefix(settings.VALETKEY_URL), follow=True)
    clean, _ = page.redirect_chain[-1]
    key = link.rstrip("/").rpartition("/")[2].partition("-")[2]
    assert clean.endswith("-set-password/") and key not in page.content.decode(), "no page has the key in its address"
    weak = client.post(clean, {"password1": "valetkey", "password2": "valetkey"})
    assert "too short" in weak.content.decode()
    saved = client.post(clean, {"password1": NEXT_PASSWORD, "password2": NEXT_PASSWORD}, follow=True)
    assert "Your new password is saved." in saved.content.decode()
    assert not is_in(elsewhere), "every device is signed out"
    assert told("user.password.set") == [{"user": "Bo"}]
    assert mail.outbox[-1].subject == "Your password was changed"
    again = client.get(link.removeprefix(settings.VALETKEY_URL), follow=True)
    assert "This link does not work any more." in again.content.decode()
    assert sign_in(client, bo, NEXT_PASSWORD)["Location"] == reverse("front")


def test_somebody_whom_the_host_entered_gets_a_first_password_by_mail(client: Client, desk: Desk) -> None:
    user = accounts.create_user(email="cy@example.org", name="Cy", actor=HOST, at=AT)
    sign_in(client, user, "!")
    assert not is_in(client)
    client.post(reverse("account_reset_password"), {"email": "Cy@Example.org"})
    (link,) = re.findall(r"^http\S+$", str(mail.outbox[0].body), flags=re.MULTILINE)
    clean = client.get(link.removeprefix(settings.VALETKEY_URL))["Location"]
    client.post(clean, {"password1": NEXT_PASSWORD, "password2": NEXT_PASSWORD})
    assert sign_in(client, user, NEXT_PASSWORD)["Location"] == reverse("front")


def test_who_asks_too_often_is_told_so_on_a_page_of_the_desk(client: Client, bo: User) -> None:
    for _ in range(5):
        client.post(reverse("account_reset_password"), {"email": bo.email})
    answer = client.post(reverse("account_reset_password"), {"email": bo.email})
    assert answer.status_code == 429 and "This was tried too often" in answer.content.decode()
    assert len(mail.outbox) == 5


def test_who_was_locked_out_by_tries_gets_in_again_by_a_new_password(client: Client, bo: User) -> None:
    for _ in range(6):
        sign_in(client, bo, "wrong")
    client.post(reverse("account_reset_password"), {"email": bo.email})
    (link,) = re.findall(r"^http\S+$", str(mail.outbox[0].body), flags=re.MULTILINE)
    clean = client.get(link.removeprefix(settings.VALETKEY_URL))["Location"]
    client.post(clean, {"password1": NEXT_PASSWORD, "password2": NEXT_PASSWORD})
    assert sign_in(client, bo, NEXT_PASSWORD)["Location"] == reverse("front")


def test_a_new_password_does_not_open_what_a_second_step_closes(client: Client, bo: User) -> None:
    sign_in(client, bo)
    add_app(client)
    client.logout()
    client.post(reverse("account_reset_password"), {"email": bo.email})
    (link,) = re.findall(r"^http\S+$", str(mail.outbox[-1].body), flags=re.MULTILINE)
    clean = client.get(link.removeprefix(settings.VALETKEY_URL))["Location"]
    client.post(clean, {"password1": NEXT_PASSWORD, "password2": NEXT_PASSWORD})
    assert not is_in(client)
    assert sign_in(client, bo, NEXT_PASSWORD)["Location"] == reverse("mfa_authenticate")


def test_an_unknown_address_an_ended_one_and_a_dead_mail_server_are_told_the_same(
    client: Client, bo: User, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    accounts.end_user(user=user_of(desk.kim), actor=desk.admin, at=desk.at)
    pages = []
    for address in ("nobody@example.org", "kim@example.org"):
        pages.append(client.post(reverse("account_reset_password"), {"email": address}, follow=True))
    assert mail.outbox == []
    monkeypatch.setattr(settings, "EMAIL_BACKEND", "django.core.mail.backends.smtp.EmailBackend")
    monkeypatch.setattr(settings, "EMAIL_HOST", "127.0.0.1")
    monkeypatch.setattr(settings, "EMAIL_PORT", 9)  # nobody listens there
    pages.append(client.post(reverse("account_reset_password"), {"email": bo.email}, follow=True))
    assert len({_same_but_for_the_address(page.content.decode(), "") for page in pages}) == 1
    assert {page.redirect_chain[-1] for page in pages} == {(reverse("account_reset_password_done"), 302)}


def test_the_link_leads_to_the_desk_whatever_host_the_request_named(bo: User) -> None:
    """Somebody asked for another's new password with a host of their own; the link would have led its reader there."""
    Client(SERVER_NAME="127.0.0.1", SERVER_PORT="6666").post(reverse("account_reset_password"), {"email": bo.email})
    (link,) = re.findall(r"^http\S+$", str(mail.outbox[0].body), flags=re.MULTILINE)
    assert link.startswith(f"{settings.VALETKEY_URL}/account/password/reset/key/")


def test_a_changed_password_signs_out_every_other_device(client: Client, bo: User) -> None:
    elsewhere = at_home()
    sign_in(elsewhere, bo)
    sign_in(client, bo)
    form = {"oldpassword": "wrong", "password1": NEXT_PASSWORD, "password2": NEXT_PASSWORD}
    assert (
        "This is not the password you have now."
        in client.post(reverse("account_change_password"), form).content.decode()
    )
    answer = client.post(reverse("account_change_password"), {**form, "oldpassword": PASSWORD})
    assert answer["Location"] == reverse("me")
    assert is_in(client) and not is_in(elsewhere)
    assert told("user.password.set") == [{"user": "Bo"}]
    assert [each.subject for each in mail.outbox] == ["Your password was changed"]


def test_nobody_sets_another_persons_password(desk: Desk) -> None:
    from valetkey.secret import Secret

    with pytest.raises(Forbidden):
        accounts.set_password(user=user_of(desk.bo), password=Secret(PASSWORD), actor=desk.stranger, at=AT)
    with pytest.raises(Forbidden):
        accounts.sign_out(user=user_of(desk.bo), devices=[1], actor=desk.stranger, at=AT)
    with pytest.raises(Forbidden):
        accounts.forget_factors(user=user_of(desk.bo), reason="Asked.", actor=desk.stranger, at=AT)


def test_an_app_as_second_step(client: Client, bo: User) -> None:
    sign_in(client, bo)
    asked = client.get(reverse("mfa_activate_totp"))
    assert asked["Location"].startswith(f"{reverse('account_reauthenticate')}?next=")
    secret = add_app(client)
    client.logout()
    assert sign_in(client, bo)["Location"] == reverse("mfa_authenticate")
    assert not is_in(client)
    for page in (reverse("front"), reverse("account_login")):
        assert client.get(page, follow=True).redirect_chain[-1][0] == reverse("mfa_authenticate"), "and no loop"
    wrong = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert "This code is not right." in wrong.content.decode()
    assert client.post(reverse("mfa_authenticate"), {"code": app_code(secret)})["Location"] == reverse("front")
    assert is_in(client)
    assert [each["how"] for each in told("user.signed_in")] == ["password", "password, app"]


def test_a_code_of_the_app_works_once(client: Client, bo: User) -> None:
    sign_in(client, bo)
    secret = add_app(client)
    code = app_code(secret)
    outcomes = []
    for _ in range(2):
        client.logout()
        sign_in(client, bo)
        outcomes.append(client.post(reverse("mfa_authenticate"), {"code": code}).status_code)
    assert outcomes == [302, 200]


def test_the_sixth_code_in_five_minutes_is_refused_even_if_it_is_right(client: Client, bo: User) -> None:
    sign_in(client, bo)
    secret = add_app(client)
    client.logout()
    for _ in range(5):
        client.logout()
        sign_in(client, bo)
        assert "not right" in client.post(reverse("mfa_authenticate"), {"code": "000000"}).content.decode()
    answer = client.post(reverse("mfa_authenticate"), {"code": app_code(secret)})
    assert "Too many tries" in answer.content.decode() and not is_in(client)


def test_whoever_stops_at_the_second_step_can_begin_again(client: Client, bo: User) -> None:
    sign_in(client, bo)
    add_app(client)
    client.logout()
    sign_in(client, bo)
    assert client.post(reverse("account_logout"), {"next": reverse("account_login")})["Location"] == reverse(
        "account_login"
    )
    assert client.get(reverse("account_login")).status_code == 200


def test_recovery_codes_stand_in_for_the_app_once_each(client: Client, bo: User) -> None:
    sign_in(client, bo)
    add_app(client)
    page = client.get(reverse("mfa_view_recovery_codes"))
    codes = re.findall(r"<li>(\d{8})</li>", page.content.decode())
    assert len(codes) == 10
    assert "no-store" in page["Cache-Control"]
    file = client.get(reverse("mfa_download_recovery_codes"))
    assert file.content.decode().split() == codes and "no-store" in file["Cache-Control"]
    client.logout()
    sign_in(client, bo)
    assert client.post(reverse("mfa_authenticate"), {"code": codes[0]}).status_code == 302
    assert told("user.signed_in")[-1]["how"] == "password, recovery code"
    client.logout()
    sign_in(client, bo)
    assert client.post(reverse("mfa_authenticate"), {"code": codes[0]}).status_code == 200


def test_the_database_holds_no_second_factor_in_the_clear(client: Client, bo: User) -> None:
    sign_in(client, bo)
    secret = add_app(client)
    codes = re.findall(r"<li>(\d{8})</li>", client.get(reverse("mfa_view_recovery_codes")).content.decode())
    rows = {row.type: row for row in Authenticator.objects.filter(user=bo)}
    seed = keyring().decrypt(rows["recovery_codes"].data["seed"]).reveal()
    kept = _everything_in_the_database()
    sessions = "".join(str(each.get_decoded()) for each in Session.objects.all())
    for plain in (secret, seed, *codes):
        assert plain not in kept and plain not in sessions
    assert keyring().decrypt(rows["totp"].data["secret"]).reveal() == secret


def _everything_in_the_database() -> str:
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608  # its own names
            found.append(str(cursor.fetchall()))
    return "".join(found)


def test_what_opens_an_account_is_told_by_mail_and_kept_in_the_history(
    client: Client, bo: User, django_capture_on_commit_callbacks: Any
) -> None:
    sign_in(client, bo)
    with django_capture_on_commit_callbacks(execute=True):
        secret = add_app(client)
    codes = re.findall(r"<li>(\d{8})</li>", client.get(reverse("mfa_view_recovery_codes")).content.decode())
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("mfa_generate_recovery_codes"))
    fresh = re.findall(r"<li>(\d{8})</li>", client.get(reverse("mfa_view_recovery_codes")).content.decode())
    client.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.filter(user=bo).exists(), "codes that stand in for nothing go with it"
    told_of = ("user.app.added", "user.recovery_codes.made", "user.app.removed")
    assert [Entry.objects.filter(event=event).count() for event in told_of] == [1, 1, 1]
    assert [each.subject for each in mail.outbox] == [
        "An authenticator app was added", "You have new recovery codes", "Your authenticator app was removed",
    ]  # fmt: skip
    for each in mail.outbox:
        assert each.to == [bo.email] and "If this was not you" in each.body
        assert f"{settings.VALETKEY_URL}/account/password/reset/" in each.body
        for hidden in (secret, *codes, *fresh, PASSWORD):
            assert hidden not in f"{each.body} {each.subject}"


@pytest.mark.parametrize(
    "name",
    [
        "account/email/password_reset_key", "account/email/password_changed", "account/email/password_set",
        "account/email/password_reset", "mfa/email/totp_activated", "mfa/email/totp_deactivated",
        "mfa/email/webauthn_added", "mfa/email/webauthn_removed", "mfa/email/recovery_codes_generated",
    ],
)  # fmt: skip
def test_every_mail_of_sign_in_is_written_in_the_desks_words(desk: Desk, name: str) -> None:
    request = RequestFactory().get("/", headers={"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"})
    with context.request_context(request):
        get_adapter().send_notification_mail(name, user_of(desk.bo), {"password_reset_url": "https://link"})
    (sent,) = mail.outbox
    assert sent.subject and "bo@example.org" in sent.body and "{" not in sent.body
    assert "Valetkey desk at" in sent.body


def test_a_second_factor_may_be_added_after_a_new_password(client: Client, bo: User) -> None:
    """Asking for a new password entered the address once more, as not verified, and second factors were refused."""
    client.post(reverse("account_reset_password"), {"email": bo.email})
    assert not EmailAddress.objects.exists()
    sign_in(client, bo)
    add_app(client)
    assert Authenticator.objects.filter(user=bo, type="totp").exists()


def add_passkey(client: Client, **form: str) -> Passkey:
    show_again(client)
    page = client.get(reverse("mfa_add_webauthn"))
    passkey = Passkey()
    credential = passkey.create(page.context["js_data"]["creation_options"])
    answer = client.post(reverse("mfa_add_webauthn"), {"name": "My phone", "credential": credential, **form})
    assert answer.status_code == 302, answer.content.decode()
    return passkey


def test_a_passkey_signs_in_alone(client: Client, bo: User) -> None:
    sign_in(client, bo)
    passkey = add_passkey(client, passwordless="on")
    assert Entry.objects.filter(event="user.passkey.added").count() == 1
    assert "My phone" in client.get(reverse("mfa_list_webauthn")).content.decode()
    client.logout()
    options = client.get(reverse("mfa_login_webauthn"), headers=JSON).json()
    answer = client.post(reverse("mfa_login_webauthn"), {"credential": passkey.get(options["request_options"])})
    assert (answer.status_code, answer["Location"]) == (302, reverse("front"))
    assert is_in(client)
    assert told("user.signed_in")[-1]["how"] == "passkey"


def test_a_passkey_is_worth_nothing_on_another_page_or_a_second_time(client: Client, bo: User, settings: Any) -> None:
    sign_in(client, bo)
    passkey = add_passkey(client, passwordless="on")
    client.logout()
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = False  # as on every desk that others can reach
    options = client.get(reverse("mfa_login_webauthn"), headers=JSON).json()["request_options"]
    elsewhere = passkey.get(options, origin="https://valetkey.example.net")
    assert client.post(reverse("mfa_login_webauthn"), {"credential": elsewhere})["Location"] == reverse("account_login")
    assert not is_in(client)
    options = client.get(reverse("mfa_login_webauthn"), headers=JSON).json()["request_options"]
    answer = passkey.get(options, origin="https://localhost")
    client.post(reverse("mfa_login_webauthn"), {"credential": answer})
    assert is_in(client)
    client.logout()
    client.post(reverse("mfa_login_webauthn"), {"credential": answer})
    assert not is_in(client)


def test_a_passkey_as_second_step_and_to_show_that_it_is_them(client: Client, bo: User) -> None:
    sign_in(client, bo)
    passkey = add_passkey(client)
    client.logout()
    assert sign_in(client, bo)["Location"] == reverse("mfa_authenticate")
    page = client.get(reverse("mfa_authenticate"))
    proof = passkey.get(page.context["js_data"]["request_options"])
    assert client.post(reverse("mfa_authenticate"), {"credential": proof})["Location"] == reverse("front")
    assert told("user.signed_in")[-1]["how"] == "password, passkey"
    page = client.get(reverse("mfa_reauthenticate_webauthn"))
    proof = passkey.get(page.context["js_data"]["request_options"])
    wanted = {"credential": proof, "next": reverse("mfa_activate_totp")}
    assert client.post(reverse("mfa_reauthenticate_webauthn"), wanted)["Location"] == reverse("mfa_activate_totp")
    assert client.get(reverse("mfa_activate_totp")).status_code == 200


def test_a_passkey_is_renamed_and_removed_by_its_owner_alone(client: Client, bo: User, desk: Desk) -> None:
    sign_in(client, bo)
    add_passkey(client, passwordless="on")
    row = Authenticator.objects.get(user=bo, type="webauthn")
    sam = with_password(desk.stranger)
    stranger = at_home()
    sign_in(stranger, sam)
    show_again(stranger)
    for name in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
        assert stranger.get(reverse(name, args=[row.pk])).status_code == 404
        assert stranger.post(reverse(name, args=[row.pk]), {"name": "Mine"}).status_code == 404
    assert client.post(reverse("mfa_edit_webauthn", args=[row.pk]), {"name": "Old phone"}).status_code == 302
    assert "Old phone" in client.get(reverse("mfa_remove_webauthn", args=[row.pk])).content.decode()
    client.post(reverse("mfa_remove_webauthn", args=[row.pk]))
    assert not Authenticator.objects.filter(user=bo).exists()
    assert Entry.objects.filter(event="user.passkey.removed").count() == 1
    assert mail.outbox[-1].subject == "A passkey was removed"


def test_the_desk_admin_takes_a_lost_second_step_off_with_a_reason(client: Client, bo: User, desk: Desk) -> None:
    sign_in(client, bo)
    add_app(client)
    accounts.forget_factors(user=bo, reason="Lost the phone; called and recognized.", actor=desk.admin, at=desk.at)
    assert not is_in(client), "whoever holds a device signs in anew"
    assert sign_in(client, bo)["Location"] == reverse("front")
    assert told("user.factors.forgotten")[0]["reason"] == "Lost the phone; called and recognized."


def test_every_page_of_sign_in_is_the_desks_own_and_leads_nowhere_in_circles(client: Client, bo: User) -> None:
    sign_in(client, bo)
    add_app(client)
    add_passkey(client)
    number = Authenticator.objects.get(user=bo, type="webauthn").pk
    strangers = at_home()
    for name in NAMES:
        if name in {"account_reset_password_from_key", "mfa_download_recovery_codes", "account_logout"}:
            continue
        address = reverse(name, args=[number] if name in {"mfa_edit_webauthn", "mfa_remove_webauthn"} else [])
        for who in (client, strangers):
            answer = who.get(address, follow=True)
            assert answer.status_code == 200 and len(answer.redirect_chain) <= 3, name
            _reads_as_ours(answer.content.decode(), name)


def _reads_as_ours(page: str, name: str) -> None:
    assert "desk.css" in page and page.count("<h1") == 1, name
    for stiff in ("sign up", "Sign Up", "Two-Factor", "security key(s)", "reauthenticate to", "e-mail", "Email"):
        assert stiff not in re.sub(r'(name|for|id|href|action)="[^"]*"', "", page), (name, stiff)
    assert not re.search(r'\sstyle="|\son[a-z]+="', page), name
    for script in re.findall(r"<script([^>]*)>", page):
        assert "src=" in script or "application/json" in script, (name, script)
    assert re.search(r"<title>\s*\S.*·\sValetkey", page, flags=re.DOTALL), name


@pytest.mark.parametrize(
    "path", ["signup/", "email/", "confirm-email/", "2fa/webauthn/signup/", "password/reset/confirm/", "login/code/"]
)
def test_what_the_desk_does_not_offer_has_no_address(client: Client, bo: User, path: str) -> None:
    sign_in(client, bo)
    for who in (client, Client()):
        for answer in (who.get(f"/account/{path}"), who.post(f"/account/{path}", {"email": "x@example.org"})):
            assert answer.status_code == 404


def test_pages_of_sign_in_are_kept_by_no_browser(client: Client, bo: User) -> None:
    sign_in(client, bo)
    show_again(client)
    for name in ("account_change_password", "mfa_index", "mfa_activate_totp", "mfa_add_webauthn"):
        assert "no-store" in client.get(reverse(name))["Cache-Control"], name


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36", "Chrome on Android"),
        ("<script>alert(1)</script>", "A program"),
        ("", "A program"),
    ],
    ids=["iphone", "edge", "android", "nonsense", "nothing"],
)
def test_a_device_is_named_so_that_its_owner_knows_it(said: str, name: str) -> None:
    assert name_of(said) == name


def test_a_page_that_only_reads_writes_down_the_device_now_and_then_only(
    client: Client, bo: User, django_assert_max_num_queries: Any
) -> None:
    sign_in(client, bo)
    client.get(reverse("me"))
    with connection.execute_wrapper(_no_write):
        assert client.get(reverse("account_change_password")).status_code == 200


def _no_write(execute: Any, sql: str, params: Any, many: bool, more: Any) -> Any:
    # The count of tries is a write of its own, of the pages that are limited.
    assert sql.split()[0] not in {"INSERT", "UPDATE", "DELETE"} or "accounts_cache" in sql, sql
    return execute(sql, params, many, more)


def test_the_address_of_the_tests_is_the_desks_own() -> None:
    assert settings.VALETKEY_URL == ORIGIN and HOST.is_operator
