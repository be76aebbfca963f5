"""What a person holds in their hand: an authenticator app, and a passkey that signs as a phone does."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import struct
import time
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.cose import ES256

ORIGIN = "http://localhost:8000"
RP_ID = "localhost"
_PRESENT, _VERIFIED, _WITH_KEY = 0x01, 0x04, 0x40


def app_code(secret: str, steps: int = 0) -> str:
    """RFC 6238, with six digits of 30 seconds each; `steps` later than now."""
    counter = int(time.time()) // 30 + steps
    digest = hmac.new(base64.b32decode(secret), struct.pack(">Q", counter), hashlib.sha1).digest()
    (number,) = struct.unpack(">I", digest[digest[-1] & 15 :][:4])
    return f"{(number & 0x7FFFFFFF) % 10**6:06}"


@dataclass
class Passkey:
    """One credential. It answers what `navigator.credentials` would, as JSON."""

    user_handle: str = ""
    number: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def create(self, options: dict[str, Any]) -> str:
        self.user_handle = options["publicKey"]["user"]["id"]
        public = cbor.encode(ES256.from_cryptography_key(self.key.public_key()))  # type: ignore[no-untyped-call]
        known = bytes(16) + len(self.number).to_bytes(2, "big") + self.number + public
        attested = {"fmt": "none", "attStmt": {}, "authData": self._about(_WITH_KEY) + known}
        said = self._client("webauthn.create", options)
        response = {"clientDataJSON": _text(said), "attestationObject": _text(cbor.encode(attested))}
        return json.dumps(
            {**self._named(), "response": response, "clientExtensionResults": {"credProps": {"rk": True}}}
        )

    def get(self, options: dict[str, Any], origin: str = ORIGIN) -> str:
        about, said = self._about(), self._client("webauthn.get", options, origin)
        signature = self.key.sign(about + hashlib.sha256(said).digest(), ec.ECDSA(hashes.SHA256()))
        response = {
            "clientDataJSON": _text(said),
            "authenticatorData": _text(about),
            "signature": _text(signature),
            "userHandle": self.user_handle,
        }
        return json.dumps({**self._named(), "response": response, "clientExtensionResults": {}})

    def _named(self) -> dict[str, str]:
        return {"id": _text(self.number), "rawId": _text(self.number), "type": "public-key"}

    def _about(self, more: int = 0) -> bytes:
        return hashlib.sha256(RP_ID.encode()).digest() + bytes([_PRESENT | _VERIFIED | more]) + bytes(4)

    def _client(self, kind: str, options: dict[str, Any], origin: str = ORIGIN) -> bytes:
        return json.dumps({"type": kind, "challenge": options["publicKey"]["challenge"], "origin": origin}).encode()


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
