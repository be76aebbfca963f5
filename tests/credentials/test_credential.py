"""Texts that carry a credential, and texts that only look near: the ones the rules were made with."""

from __future__ import annotations

import time
from base64 import b64encode
from random import Random

import pytest

from valetkey.credential import Insisted, Kind, find, refuse
from valetkey.errors import Invalid
from valetkey.lookalikes import fold, strangers

CARRIES = (
    (Kind.PASSWORD, "password: Sommer2024!"),
    (Kind.PASSWORD, "my password is hunter2"),
    (Kind.PASSWORD, "Passwort ist Sommer2024!"),
    (Kind.PASSWORD, "das Kennwort lautet blauer-Hund7"),
    (Kind.PASSWORD, "la contraseña es Verano24$"),
    (Kind.PASSWORD, "le mot de passe est soleil2023"),
    (Kind.PASSWORD, "mdp: soleil2023"),
    (Kind.PASSWORD, "a senha é Praia#99"),
    (Kind.PASSWORD, "palavra-passe: praia2024"),
    (Kind.PASSWORD, "pw Sommer2024!"),
    (Kind.PASSWORD, "pwd=hunter2"),
    (Kind.PASSWORD, "pass: Sommer2024!"),
    (Kind.PASSWORD, "clave: Verano24$"),
    (Kind.PASSWORD, "PIN 4821"),
    (Kind.ONE_TIME_CODE, "otp 482913"),
    (Kind.ONE_TIME_CODE, "the code you got by SMS is 483920"),
    (Kind.PASSWORD, "mara@x.de:Sommer2024!"),
    (Kind.PASSWORD, "login: mara@x.de / Sommer2024!"),
    (Kind.PASSWORD, "you can log in with mara and Sommer2024!"),
    (Kind.PASSWORD, "you can log in with mara@x.de and Sommer2024!"),
    (Kind.PASSWORD, "user: mara.k pw: kitten99"),
    (Kind.PASSWORD, "p a s s w o r d : h u n t e r 2"),
    (Kind.PASSWORD, "p.a.s.s.w.o.r.d: hunter2"),
    (Kind.PASSWORD, "p@ssw0rd: hunter2"),
    (Kind.PASSWORD, "раsswоrd: hunter2"),
    (Kind.ONE_TIME_CODE, "Your TikTok verification code is 483 920"),
    (Kind.ONE_TIME_CODE, "G-483920 is your Google verification code"),
    (Kind.ONE_TIME_CODE, "Bestätigungscode: 483920"),
    (Kind.ONE_TIME_CODE, "código de verificación: 483920"),
    (Kind.ONE_TIME_CODE, "code de vérification 483920"),
    (Kind.RECOVERY_CODE, "código de recuperación: a1b2-c3d4"),
    (Kind.RECOVERY_CODE, "backup codes: 48392014 10293847"),
    (Kind.RECOVERY_CODE, "Notfallcodes: 4839 2014"),
    (Kind.SESSION, "sessionid=8f3e9a7c1b2d4e5f6a7b8c9d"),
    (Kind.SESSION, "Cookie: sid_tt=8f3e9a7c1b2d4e5f"),
    (Kind.PASSWORD, "Zugangsdaten: mara / Sommer2024!"),
    (Kind.PASSWORD, "Login\nmara@x.de\nSommer2024!"),
    (Kind.PASSWORD, "I changed the password to Winter2025!"),
    (Kind.PASSWORD, "password: sunflower"),
    (Kind.PASSWORD, "the password is sunflower."),
    (Kind.PASSWORD, "passphrase: correct horse battery staple"),
    (Kind.ONE_TIME_CODE, "483920 is your TikTok code"),
    (Kind.ONE_TIME_CODE, "use 483920 to log in"),
    (Kind.PASSWORD, "Sommer2024! ist das Passwort"),
    (Kind.PASSWORD, "Kontopasswort: Sommer2024!"),
    (Kind.PASSWORD, "das tiktok passwort fürs konto ist immer noch sommer2024"),
    (Kind.ONE_TIME_CODE, "TikTok sent me this code: 483920"),
    (Kind.ONE_TIME_CODE, "gib 483920 ein, um dich anzumelden"),
    (Kind.SESSION, "session cookie 8f3e9a7c1b2d4e5f6a7b8c9d"),
    (Kind.PASSWORD, "identifiants: mara.k / soleil99"),
    (Kind.SESSION, "Authorization: Bearer abcDEF1234567890xyz12"),
    (Kind.PASSWORD, "p\u200bassword: hunter2"),
    (Kind.PASSWORD, "senha praia2024"),
    (Kind.PASSWORD, "acceso: mara / Verano24$"),
    (Kind.PASSWORD, "the pin is 0412"),
    (Kind.ONE_TIME_CODE, "my 2fa is 483920 hurry"),
    (Kind.PASSWORD, "Hi Tom, tiktok login below. user = lena_films, password = Kaffee&Kuchen7"),
    (Kind.PASSWORD, "PW für unser TikTok: Nordsee-1988"),
    (Kind.PASSWORD, "Passwort (neu seit gestern): apfelbaum!33"),
    (Kind.PASSWORD, "Meine Zugangsdaten lauten lena@films.example und Hafen_2210!"),
    (Kind.PASSWORD, "You'll need the password, it's Lighthouse88"),
    (Kind.PASSWORD, "use Lighthouse88 as the password when it asks"),
    (Kind.PASSWORD, "the pass for the account is Lighthouse!88"),
    (Kind.PASSWORD, "Kennwort=Lighthouse88"),
    (Kind.PASSWORD, "pässwört: lighthouse88"),
    (Kind.PASSWORD, "p4ssw0rt: leuchtturm_8"),
    (Kind.PASSWORD, "Pаsswоrt: leuchtturm_8"),
    (Kind.PASSWORD, "Das PW hat sich geändert, jetzt ist es Leuchtturm88"),
    (Kind.PASSWORD, "our username is lena.films and the password is lighthouse"),
    (Kind.PASSWORD, "Contraseña nueva: Faro#1988"),
    (Kind.PASSWORD, "mi clave de tiktok es faro1988"),
    (Kind.PASSWORD, "Entra con usuario lena.films y contraseña faro1988"),
    (Kind.PASSWORD, "te paso mis datos de acceso: lena.films / Faro_1988"),
    (Kind.PASSWORD, "Voici le mot de passe du compte : Phare1988!"),
    (Kind.PASSWORD, "Mot de passe = phare_1988"),
    (Kind.PASSWORD, "mes identifiants : lena@films.example / Phare1988"),
    (Kind.PASSWORD, "A senha da conta é Farol1988"),
    (Kind.PASSWORD, "Usuário: lena.films Senha: Farol#88"),
    (Kind.PASSWORD, "minha palavra-passe é Farol1988, não contes a ninguém"),
    (Kind.ONE_TIME_CODE, "the login code TikTok texted me is 771 204"),
    (Kind.ONE_TIME_CODE, "SMS code 771204"),
    (Kind.ONE_TIME_CODE, "Der Code aus der SMS: 771204"),
    (Kind.ONE_TIME_CODE, "Ich habe gerade den Code 771204 aufs Handy bekommen, damit kannst du dich anmelden"),
    (Kind.ONE_TIME_CODE, "Your one-time password is 771204 and expires in 5 minutes"),
    (Kind.ONE_TIME_CODE, "El código que me llegó por SMS es 771204"),
    (Kind.ONE_TIME_CODE, "Le code reçu par SMS est 771204"),
    (Kind.ONE_TIME_CODE, "O código que chegou por SMS é 771204"),
    (Kind.ONE_TIME_CODE, "Dein Bestätigungscode: 7712"),
    (Kind.RECOVERY_CODE, "Backup codes: 8842-1193, 7710-2245, 9981-0034"),
    (Kind.RECOVERY_CODE, "Recovery codes\nk3f9-22ab\np0d8-77cc"),
    (Kind.RECOVERY_CODE, "Meine Wiederherstellungscodes sind 88421193 und 77102245"),
    (Kind.RECOVERY_CODE, "Codes de récupération : 8842 1193 / 7710 2245"),
    (Kind.RECOVERY_CODE, "Códigos de recuperação: 8842-1193 7710-2245"),
    (Kind.SESSION, "paste this cookie into your browser: sessionid=4e1a9b77c2d0f3e8"),
    (Kind.SESSION, "sid_tt=4e1a9b77c2d0f3e81122; uid_tt=9988aabbccdd"),
    (Kind.SESSION, "Here is my session token 4e1a9b77c2d0f3e8a1b2c3d4e5f60718"),
    (Kind.SESSION, "Set-Cookie: sessionid_ss=4e1a9b77c2d0f3e8"),
    (Kind.PASSWORD, "PIN for the phone is 7712"),
    (Kind.PASSWORD, "Die PIN lautet 771204"),
    (Kind.PASSWORD, "p-a-s-s-w-o-r-d lighthouse88"),
    (Kind.PASSWORD, "pass word: lighthouse88"),
    (Kind.PASSWORD, "lena@films.example\nLighthouse!88"),
    (Kind.PASSWORD, "lena@films.example Lighthouse!88"),
    (Kind.PASSWORD, "log in as lena.films / Lighthouse!88"),
    (Kind.PASSWORD, "PASSWORD LIGHTHOUSE88"),
    (Kind.PASSWORD, "passwd lighthouse88"),
    (Kind.PASSWORD, "the pw: lighthouse"),
    (Kind.PASSWORD, "try Honeybee1992, else ask Leo"),
    (Kind.PASSWORD, "sapo-janela-banana, that gets you in"),
    (Kind.PASSWORD, "LA CLAVE ES TORMENTA77"),
    (Kind.PASSWORD, "sign in as mara with the password lighthouse"),
    (Kind.PASSWORD, "type three small dogs, with spaces"),
    (Kind.ONE_TIME_CODE, "just got 338190 to get in"),
    (Kind.ONE_TIME_CODE, "it sent six two zero nine one four"),
    (Kind.ONE_TIME_CODE, "7706 dice el sms"),
    (Kind.RECOVERY_CODE, "otpauth://totp/mara?secret=MZ2WK7QYT4RBXLPA"),
    (Kind.RECOVERY_CODE, "schlüssel für die App war HT5R LQ2Z PWK7 MMXD"),
    (Kind.RECOVERY_CODE, "if it locks you out use k7dq-m2xp"),
    (Kind.SESSION, "paste c61fcec6748c7d74eaf5993266aa6657 where it says so"),
)

LOOKS_NEAR = (
    "never share your password",
    "I changed my password yesterday",
    "we do not need your password",
    "Ich gebe dir kein Passwort",
    "The price is 1,250.00 EUR until 12.03.2026",
    "item 7301234567890123456",
    "the code is #AbC+def/ghi1234567890=",
    "Call +49 170 483920",
    "https://www.tiktok.com/@mara/video/7301234567890123456",
    "a passion for pinned posts",
    "pass it on to Northwind",
    "the key to a good post",
    "Password: required",
    "password manager: 1Password",
    "Passwort bitte nie per Mail senden",
    "la senha nunca",
    "discount code SPARK20",
    "the zip code is 90210",
    "Rabattcode 482913",
    "The password must have 8 characters",
    "Mail me at mara@x.de, Monday 9:30",
    "login with Northwind on Tuesday",
    "Please make the code before 12 May 2026",
    "Code AUTH-7K2Q is for the winter post",
    "30 days, 2 ads, 1500 views",
    "your password is wrong",
    "Passwort geändert am 12.03.2024",
    "Our campaign Winter2026! starts Monday",
    "pin the comment 3 times",
    "The SMS came at 14:30",
    "password reset link: https://x.example/reset",
    "La contraseña es privada",
    "le mot de passe est secret.",
    "Order code 482913, call me on the phone",
    "Log in to Ads Manager and open Winter2026",
    "mara@x.de / @mara.looks2",
    "The Spark code lasts 30 days; 482913 views so far",
    "Send invoices to mara@x.de: INV-2024-003",
    "TikTok will never ask for your verification code.",
    "Error code 40002: sign in again",
    "I forgot the password, sorry",
    "Pass 2 of the edit is done",
    "We need the 2FA setting on before 2026",
    "Your account: Northwind, campaign Winter24",
    "Ad account 7012345678901234567 (Europe/Berlin)",
    "two-factor codes never leave your phone",
    "Please do not send us any password, we never ask for it",
    "Did you forget your password? TikTok can reset it for you",
    "My password manager made a new one last week, all fine",
    "Passwort vergessen? Klick auf den Link in der App",
    "Bitte ändere dein Passwort regelmäßig, am besten alle 90 Tage",
    "Das Passwort ist sicher und nur mir bekannt",
    "The password has 16 characters now",
    "Two-step verification is on, so a code alone is not enough",
    "TikTok sends a code by SMS; do not share it with anybody",
    "We ship 48 39 20 units to Hamburg",
    "The campaign runs from 01.03.2026 to 31.05.2026, budget 12000 EUR",
    "Post 7301234567890123456 has 482913 views",
    "Promo code LENA20 gives 20% off until June 2026",
    "Use code SUMMER25 at checkout",
    "Mit dem Code SOMMER25 sparst du 15 %",
    "Código de descuento VERANO25 para tus seguidores",
    "Le code promo ETE2026 est valable jusqu'au 31/08/2026",
    "Cupom PRAIA10 vale até 31/12/2026",
    "The Spark code #Ad8f+kL2/mN0pQrStUv= works for 30 days",
    "Spark code for item 7301234567890123456, 60 days",
    "Ruf mich an: 0171 4839201",
    "Call me at (030) 482-9130 about the login page",
    "My handle is @lena.films2024",
    "mara@x.de and lena@films.example both get the report",
    "Invoice 2026-0412, customer 771204",
    "Ticket no. 771204 for the show at 19:30",
    "She passed the test in 2024",
    "Boarding pass for gate B12, seat 14C",
    "Pin this video on top please",
    "The key is to post before 9:00",
    "La clave es publicar antes de las 9:00",
    "Sin contraseña, solo el código de la publicación",
    "Nunca compartas tu contraseña ni tus códigos",
    "On ne demande jamais votre mot de passe",
    "J'ai oublié mon mot de passe hier",
    "Le mot de passe est toujours le même",
    "A senha nunca deve ser enviada por mensagem",
    "Esqueci a senha do aplicativo",
    "Your account, the ad account 7012345678901 and the campaign Winter2026",
    "login page: https://www.tiktok.com/login",
    "User Northwind_2024 approved the draft",
    "Song: Password by Kitty Wells, 1964",
    "Our cookie recipe: 250g flour, 2 eggs",
    "Cookies are off in this browser",
    "session 3 of 12 starts at 14:00",
    "The token sale ended in 2021",
    "One-time fee of 4500 USD",
    "Error 40105: access token is invalid",
    "Sicherheitscode der Karte brauchen wir nicht",
    "Reference AUTH-7K2Q9X, 30 days",
    "The code is on its way",
    "The app says: error code 4025",
    "code: 900012 illegal_item_status",
    "password: will tell you on the phone",
    "Passwort: siehe Passwortmanager",
    "a senha é a mesma de sempre",
    "write the hashtag without spaces",
    "five six seven eight, and then the dance begins",
    "mi cuenta nueva es glow_mara22",
    "commande 905-274-11 jamais reçue",
    "IBAN DE89 3704 0044 0532 0130 00",
    "a behind-the-scenes clip, try it",
    "Der Code gilt bis 12.05.2026",
)


@pytest.mark.parametrize(("kind", "text"), CARRIES)
def test_a_credential_is_found(kind: Kind, text: str) -> None:
    assert find(text) is kind


@pytest.mark.parametrize("text", LOOKS_NEAR)
def test_what_only_looks_near_is_left_alone(text: str) -> None:
    assert find(text) is None


@pytest.mark.parametrize("text", [text for _, text in CARRIES])
def test_it_is_found_inside_a_longer_message_too(text: str) -> None:
    assert find(f"Hello Bo, thank you for the post.\n{text}\nSee you on Monday, Mara") is not None


@pytest.mark.parametrize(
    ("word", "seen"),
    [
        ("раsswоrd", "password"),
        ("Ｐａｓｓｗｏｒｄ", "Password"),
        ("pass\u200bword", "password"),
        ("𝓹𝓪𝓼𝓼", "pass"),
        ("ᴘᴀꜱꜱ", "pass"),
        ("contraseña", "contraseña"),
    ],
)
def test_a_word_is_read_as_an_eye_reads_it(word: str, seen: str) -> None:
    assert fold(word) == seen


def test_strangers_are_named_once() -> None:
    assert strangers("#аbса＃é") == ("а", "с", "＃")


def test_a_refusal_does_not_repeat_the_text() -> None:
    with pytest.raises(Invalid) as refused:
        refuse("password: Sommer2024!", what="The message")
    assert refused.value.code == "credential_in_text"
    assert "Sommer" not in repr(refused.value) + str(refused.value)
    assert str(refused.value).startswith("The message looks as if it carried a password.")


def test_who_insists_is_believed_spaces_or_not() -> None:
    refuse(Insisted("password: Sommer2024!"), what="The message")
    refuse(Insisted(" password: Sommer2024! ").strip(), what="The message")


@pytest.mark.parametrize(
    "piece",
    ["pw ", "a", "a ", "p.", "login mara / ", "a@b.de: x ", "123456 ", "code 12 ", "password is the ", "password\n",
     "password:", "pw((((", "session token ", "cookie=", "a@", " ", "_", "\u200b", "а", "eyJ", "12 34 56 ",
     "one ", "#a", "#aB3 xY4z ", "ABCD ", "AB12-", "ab12-", "1234-", "Aa1-", "a1", "abcdef9 ", "with spaces "],
)  # fmt: skip
def test_a_long_text_takes_no_longer_than_its_length(piece: str) -> None:
    """Twice the text, twice the time; a rule that looks back over the whole would take four times as long."""
    times = 50_000 // len(piece)
    assert _seconds(piece * times * 2) < 3 * _seconds(piece * times) + 0.5


def test_a_spark_code_is_none_whole_or_with_spaces_in_it() -> None:
    """The letters of a code are random: any short word may turn up among them."""
    drawn = Random(7)
    for _ in range(5_000):
        code = "#" + b64encode(drawn.randbytes(drawn.choice((23, 38, 47)))).decode()
        at = drawn.randrange(1, len(code))
        for text in (code, code[1:], f"{code[:at]} {code[at:]}", code.replace("+", " ", 1)):
            assert find(text) is None, text


def _seconds(text: str) -> float:
    begun = time.process_time()
    find(text)
    return time.process_time() - begun
