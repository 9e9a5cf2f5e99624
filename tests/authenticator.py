"""A software authenticator: makes passkeys and assertions as a browser would hand them on, and can be made to lie."""

import hashlib
import json
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from countersign.governance.passkey import Assertion, Registration, Site

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


@dataclass
class Authenticator:
    """One passkey on one device.

    Attributes:
        flags: What it says of the person: present, verified.
        typed: The type that its client data name, where it lies about it.
    """

    site: Site
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    credential: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    count: int = 0
    flags: int = PRESENT | VERIFIED
    typed: str = ""
    crossed: bool = False

    def _client_data(self, kind: str, challenge: bytes) -> bytes:
        plain = {
            "type": self.typed or kind,
            "challenge": urlsafe_b64encode(challenge).rstrip(b"=").decode(),
            "origin": self.site.origin,
            "crossOrigin": self.crossed,
        }
        return json.dumps(plain).encode()

    def _data(self, extra: int = 0) -> bytes:
        domain = hashlib.sha256(self.site.rp_id.encode()).digest()
        return domain + bytes([self.flags | extra]) + self.count.to_bytes(4, "big")

    def register(self, challenge: bytes) -> Registration:
        numbers = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        attested = bytes(16) + len(self.credential).to_bytes(2, "big") + self.credential + cbor2.dumps(cose)
        statement = {"fmt": "none", "attStmt": {}, "authData": self._data(ATTESTED) + attested}
        return Registration(
            credential=self.credential.hex(),
            client_data=self._client_data("webauthn.create", challenge).hex(),
            attestation=cbor2.dumps(statement).hex(),
        )

    def sign_over(self, challenge: bytes) -> Assertion:
        self.count += 1
        client_data, data = self._client_data("webauthn.get", challenge), self._data()
        signature = self.key.sign(data + hashlib.sha256(client_data).digest(), ec.ECDSA(SHA256()))
        return Assertion(
            credential=self.credential.hex(),
            client_data=client_data.hex(),
            authenticator_data=data.hex(),
            signature=signature.hex(),
        )
