"""A code as people paste it: its outside is taken off, its inside is never touched, and no look of it is refused."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from tests.desk import Desk
from valetkey.authorizations import services
from valetkey.authorizations.code_text import clean, warnings
from valetkey.authorizations.models import Authorization
from valetkey.errors import Conflict, Invalid
from valetkey.secret import MASK, Secret
from valetkey.vault import Keyring, new_key

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=#_-"
SAMPLE = "#AbC+dEf/12_x-9=="
AROUND = [
    " ", "\t", "\n", "\r\n", "\v", "\f", "\u00a0", "\u2003", "\u202f", "\u3000", "\u2028",
    "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u200e", "\u200f", "\u2068", "\u2069", "\u00ad",
    '"', "'", "`", "“", "”", "„", "‘", "’", "‚", "«", "»", "‹", "›",
]  # fmt: skip
KEY = new_key()
codes = st.text(ALPHABET, min_size=1, max_size=512)
outsides = st.lists(st.sampled_from(AROUND), max_size=5).map("".join)


@given(codes)
@example("=" * 40)
@example("-_-")
@example("#" + "/" * 20)
@example("+")
def test_a_code_of_any_allowed_characters_is_left_as_it_is(code: str) -> None:
    assert clean(code).reveal() == code


@given(outsides, codes, outsides, st.sampled_from(["", ".", ","]), outsides)
@example("“", SAMPLE, "”", ".", "\n")
@example('"', SAMPLE, "", ".", '"')
@example("\ufeff\u200b", SAMPLE, "\u200b", "", "")
def test_what_surrounds_a_code_is_taken_off(before: str, code: str, after: str, stop: str, end: str) -> None:
    assert clean(f"{before}{code}{after}{stop}{end}").reveal() == code


@pytest.mark.parametrize("around", AROUND, ids=ascii)
def test_each_of_them_alone_is(around: str) -> None:
    assert clean(f"{around}{SAMPLE}{around}") == Secret(SAMPLE)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40))
def test_whatever_is_inside_stays_letter_for_letter(inside: str) -> None:
    text = f"#a{inside}b"
    assume(len(text.splitlines()) == 1 and "://" not in text)
    assert clean(text).reveal() == text


def test_only_one_full_stop_or_comma_is_taken_off() -> None:
    assert clean(f"{SAMPLE}..").reveal() == f"{SAMPLE}."
    assert clean(f"{SAMPLE}.,").reveal() == f"{SAMPLE}."
    assert clean(f".{SAMPLE}").reveal() == f".{SAMPLE}"


@given(codes, outsides)
def test_cleaning_twice_is_cleaning_once(code: str, around: str) -> None:
    once = clean(f"{around}{code}{around}")
    assert clean(once.reveal()) == once


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "code_missing"),
        (" \n\t ", "code_missing"),
        ('"" .', "code_missing"),
        ("\u200b\ufeff", "code_missing"),
        (",", "code_missing"),
        ("#abc\n#def", "code_several_lines"),
        ("#abc\r#def", "code_several_lines"),
        ("#abc\u2028#def", "code_several_lines"),
        ("#abc\u0085#def", "code_several_lines"),
        ("https://www.tiktok.com/@mara/video/7301", "code_is_link"),
        ("www.tiktok.com/@mara/video/7301", "code_is_link"),
        ("tiktok.com/@mara/video/7301", "code_is_link"),
        ("VM.TikTok.com/ZM8abc/", "code_is_link"),
        ("vt.tiktok.com/ZM8abc/", "code_is_link"),
        ("#" + "a" * 512, "code_too_long"),
        ("#abc\udc80def", "code_not_text"),
        ("password: Sommer2024!", "code_is_credential"),
        ("483920 is your verification code", "code_is_credential"),
        ("mara@x.de:Sommer2024!", "code_is_credential"),
    ],
    ids=ascii,
)
def test_what_cannot_be_a_code_is_refused_in_a_sentence(text: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        clean(text)
    assert refused.value.code == code
    assert refused.value.sentence and refused.value.next_step
    inside = text.strip()
    assert len(inside) < 4 or inside not in f"{refused.value} {refused.value!r}", "a refusal does not repeat the text"


def test_the_usual_look_has_no_warning() -> None:
    assert warnings(Secret(SAMPLE)) == ()


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("AbC+dEf/12_x-9==", "does not start with #"),
        ("#AbC dEf/12_x-9==", "a space inside"),
        ("#AbC", "shorter"),
        ("#AbC.dEf/12_x-9==", "usually do not have"),
        ("#AbC\u200bdEf/12_x-9==", "usually do not have"),
        ("#ÄbC+dEf/12_x-9==", "usually do not have"),
    ],
    ids=ascii,
)
def test_an_unusual_look_only_warns(code: str, words: str) -> None:
    assert clean(code).reveal() == code
    found = warnings(Secret(code))
    assert len(found) == 1 and words in found[0]
    assert code not in found[0]


@given(codes)
def test_a_code_survives_being_encrypted_and_is_found_by_its_fingerprint(code: str) -> None:
    ring = Keyring([KEY])
    secret = clean(code)
    assert ring.decrypt(ring.encrypt(secret)).reveal() == code
    assert len(code) < 8 or code not in ring.encrypt(secret)
    assert ring.fingerprint(secret) == ring.fingerprint(Secret(code))


@given(codes)
def test_what_is_displayed_tells_two_codes_apart_and_gives_neither_away(code: str) -> None:
    shown = str(clean(code))
    if len(code) < 12:
        assert shown == MASK
    else:
        assert shown == f"{code[:2]}{MASK}{code[-2:]}"


@pytest.mark.django_db
# One desk for all examples: a row with one code never touches a row with another.
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_code_of_any_allowed_characters_comes_back_from_the_record(desk: Desk, data: st.DataObject) -> None:
    code = data.draw(codes)
    row = Authorization(post=desk.post, advertiser=desk.advertiser, created_at=desk.at, code=clean(code))
    row.save()
    kept = Authorization.objects.get(pk=row.pk).code
    assert kept is not None and kept.reveal() == code
    assert Authorization.objects.values_list("code", flat=True).get(pk=row.pk) == Secret(code)


@pytest.mark.django_db
@pytest.mark.parametrize("code", [SAMPLE, "#" + "+/=#_-" * 4, "=" * 30, "-" * 12, ALPHABET * 7, "#short"])
def test_a_recorded_code_is_opened_as_it_was_typed(desk: Desk, code: str) -> None:
    given_as = f"\ufeff “{code}”.\n"
    row = services.record(code=given_as, days=30, post=desk.post, advertiser=desk.advertiser, actor=desk.bo, at=desk.at)
    services.hand_over(authorization=row, recipient="Bo", actor=desk.mara, at=desk.at)
    assert services.open(authorization=row, actor=desk.bo, at=desk.at).reveal() == code
    with pytest.raises(Conflict) as again:
        services.record(code=code, days=30, post=desk.post, advertiser=desk.advertiser, actor=desk.bo, at=desk.at)
    assert again.value.code == "same_code"
