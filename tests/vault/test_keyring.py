"""Keys: what one ring encrypts, fingerprints and seals, what a newer one still opens, and what a ring never tells."""

from __future__ import annotations

import base64
import pickle
import traceback

import pytest
from hypothesis import given
from hypothesis import strategies as st

from valetkey.secret import Secret
from valetkey.vault import Keyring, new_key

OLD, NEW, OTHER = new_key(), new_key(), new_key()
SECRET = Secret("#q7Zr+K/29xW==")
anything = st.text(st.characters(), max_size=200)


@given(anything)
def test_what_is_encrypted_is_decrypted_to_the_letter(text: str) -> None:
    ring = Keyring([OLD])
    assert ring.decrypt(ring.encrypt(Secret(text))).reveal() == text


def test_the_same_secret_has_another_ciphertext_each_time() -> None:
    ring = Keyring([OLD])
    tokens = {ring.encrypt(SECRET) for _ in range(20)}
    assert len(tokens) == 20
    assert not any(SECRET.reveal() in token for token in tokens)


def test_the_newest_key_encrypts_and_every_key_still_opens() -> None:
    written_before = Keyring([OLD]).encrypt(SECRET)
    ring = Keyring([NEW, OLD])
    assert ring.decrypt(written_before) == SECRET
    assert Keyring([NEW]).decrypt(ring.encrypt(SECRET)) == SECRET
    with pytest.raises(ValueError, match="missing"):
        Keyring([OLD]).decrypt(ring.encrypt(SECRET))


def test_reencrypting_brings_a_secret_under_the_newest_key() -> None:
    token = Keyring([NEW, OLD]).reencrypt(Keyring([OLD]).encrypt(SECRET))
    assert Keyring([NEW]).decrypt(token) == SECRET


@pytest.mark.parametrize("token", ["", "gAAAA", "no token at all", "ä", Keyring([OTHER]).encrypt(SECRET)], ids=range(5))
def test_what_no_key_opens_says_that_the_key_is_missing_and_nothing_more(token: str) -> None:
    ring = Keyring([NEW, OLD])
    for attempt in (ring.decrypt, ring.reencrypt):
        with pytest.raises(ValueError, match="No key of the ring opens this value") as refused:
            attempt(token)
        said = "".join(traceback.format_exception(refused.value))
        assert OLD not in said and NEW not in said
        assert len(token) < 6 or token not in said


def test_an_altered_ciphertext_does_not_open() -> None:
    raw = bytearray(base64.urlsafe_b64decode(Keyring([OLD]).encrypt(SECRET)))
    raw[-40] ^= 1
    with pytest.raises(ValueError, match="No key"):
        Keyring([OLD]).decrypt(base64.urlsafe_b64encode(bytes(raw)).decode())


@given(anything, anything)
def test_a_fingerprint_is_the_same_for_the_same_secret_and_for_no_other(one: str, other: str) -> None:
    ring = Keyring([OLD])
    same = ring.fingerprint(Secret(one)) == ring.fingerprint(Secret(other))
    assert same == (one == other)
    assert len(ring.fingerprint(Secret(one))) == 64


def test_fingerprints_find_what_was_filed_under_any_key() -> None:
    ring = Keyring([NEW, OLD])
    assert ring.fingerprints(SECRET) == [Keyring([NEW]).fingerprint(SECRET), Keyring([OLD]).fingerprint(SECRET)]
    assert ring.fingerprint(SECRET) == ring.fingerprints(SECRET)[0]
    assert Keyring([OTHER]).fingerprint(SECRET) not in ring.fingerprints(SECRET)


def test_a_seal_holds_under_any_key_of_the_ring_and_under_no_other() -> None:
    sealed_before = Keyring([OLD]).seal("digest")
    ring = Keyring([NEW, OLD])
    assert ring.seal_holds("digest", sealed_before) and ring.seal_holds("digest", ring.seal("digest"))
    assert not ring.seal_holds("other", sealed_before)
    assert not Keyring([OTHER]).seal_holds("digest", sealed_before)
    assert not ring.seal_holds("digest", "") and not ring.seal_holds("digest", "ä")


def test_a_fingerprint_tells_nothing_of_a_seal() -> None:
    ring = Keyring([OLD])
    assert ring.fingerprint(Secret("digest")) != ring.seal("digest")


def test_a_key_spelled_another_way_is_the_same_key() -> None:
    one, other = Keyring([OLD]), Keyring([OLD.removesuffix("=") + "\n="])
    assert other.decrypt(one.encrypt(SECRET)) == SECRET
    assert other.fingerprint(SECRET) == one.fingerprint(SECRET) and other.seal("x") == one.seal("x")


def test_a_ring_tells_none_of_its_keys() -> None:
    ring = Keyring([NEW, OLD])
    for shown in (repr(ring), str(ring), f"{ring}"):
        assert NEW not in shown and OLD not in shown
    with pytest.raises(TypeError, match="not pickled"):
        pickle.dumps(ring)


@pytest.mark.parametrize("keys", [[], [""], ["short"], [OLD, "ä" * 43], [OLD[:-4]]], ids=range(5))
def test_keys_that_are_none_are_refused_without_being_quoted(keys: list[str]) -> None:
    with pytest.raises(ValueError, match="VALETKEY_KEYS") as refused:
        Keyring(keys)
    said = "".join(traceback.format_exception(refused.value))
    assert not any(key in said for key in keys if key)
