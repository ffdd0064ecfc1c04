"""Keys with which this installation signs what it gives out: Ed25519 (RFC 8032), one in use for each purpose.

The private half lies in the database under a key made of LMS_SECRET_KEY (HKDF, AES-GCM), so that a copy
of the database alone signs nothing.  When that secret was changed, a new key takes its place; what the
old one signed can still be checked.
"""

import base64
import hashlib
import os
from binascii import Error as NotBase64
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from lms.core import clock
from lms.core.db import session
from lms.core.later import load
from lms.core.models import SigningKey
from lms.core.rows import insert_new

_NONCE = 12  # bytes, as AES-GCM wants it
# The library is loaded when something is signed: few requests are, and it takes as much memory as all our pages.
_SERIALIZATION = "cryptography.hazmat.primitives.serialization"


@dataclass(frozen=True)
class Signer:
    """A key that can sign; ``public_key`` is what others check it with, 32 bytes in base64."""

    public_key: str
    _private: Any

    def sign(self, data: bytes) -> str:
        """Return the signature in base64."""
        return base64.b64encode(self._private.sign(data)).decode()


def current(purpose: str, secret: str) -> Signer | None:
    """Return the key of a purpose; None when there is none yet that this secret opens."""
    row = _in_use(purpose)
    raw = _opened(row.sealed, secret) if row is not None else None
    return Signer(row.public_key, _private_key(raw)) if row is not None and raw is not None else None


def signer(purpose: str, secret: str) -> Signer:
    """Return the key of a purpose, made now when there is none that this secret opens."""
    known = current(purpose, secret)
    if known is not None:
        return known
    row = _in_use(purpose)
    if row is not None:
        row.retired_at = clock.now()
        session.flush()
    _make(purpose, secret)
    # Of two who make the first key at once, the later one takes that of the former.
    made = current(purpose, secret)
    if made is None:
        raise LookupError(f"the key for {purpose} was made with another LMS_SECRET_KEY at this moment")
    return made


def is_signed_by(public_key: str, signature: str, data: bytes) -> bool:
    """Say whether the data were signed with this key as they are; anything that is no key or no signature is none."""
    try:
        raw_key, raw_signature = base64.b64decode(public_key, validate=True), base64.b64decode(signature, validate=True)
        _ed25519("Ed25519PublicKey").from_public_bytes(raw_key).verify(raw_signature, data)
    except (ValueError, NotBase64, load("cryptography.exceptions:InvalidSignature")):
        return False
    return True


def fingerprint(public_key: str) -> str:
    """Return a key in a form that two people can compare on the phone: eight groups of four signs."""
    digest = hashlib.sha256(public_key.encode()).hexdigest()[:32].upper()
    return " ".join(digest[start : start + 4] for start in range(0, 32, 4))


def _in_use(purpose: str) -> SigningKey | None:
    query = select(SigningKey).where(SigningKey.purpose == purpose, SigningKey.retired_at.is_(None))
    return session.scalars(query).one_or_none()


def _make(purpose: str, secret: str) -> None:
    private = _ed25519("Ed25519PrivateKey").generate()
    encoding, form = load(f"{_SERIALIZATION}:Encoding"), load(f"{_SERIALIZATION}:PublicFormat")
    public_key = base64.b64encode(private.public_key().public_bytes(encoding.Raw, form.Raw)).decode()
    sealed = _sealed(private.private_bytes_raw(), secret)
    insert_new(SigningKey, [{"purpose": purpose, "public_key": public_key, "sealed": sealed, "made_at": clock.now()}])


def _private_key(raw: bytes) -> Any:
    return _ed25519("Ed25519PrivateKey").from_private_bytes(raw)


def _sealed(raw: bytes, secret: str) -> str:
    nonce = os.urandom(_NONCE)
    return base64.b64encode(nonce + _cipher(secret).encrypt(nonce, raw, None)).decode()


def _opened(sealed: str, secret: str) -> bytes | None:
    raw = base64.b64decode(sealed)
    try:
        return _cipher(secret).decrypt(raw[:_NONCE], raw[_NONCE:], None)  # type: ignore[no-any-return]
    except load("cryptography.exceptions:InvalidTag"):
        return None


def _cipher(secret: str) -> Any:
    hashes = load("cryptography.hazmat.primitives.hashes:SHA256")
    derive = load("cryptography.hazmat.primitives.kdf.hkdf:HKDF")(algorithm=hashes(), length=32, salt=None, info=b"lms signing keys")
    return load("cryptography.hazmat.primitives.ciphers.aead:AESGCM")(derive.derive(secret.encode()))


def _ed25519(name: str) -> Any:
    return load(f"cryptography.hazmat.primitives.asymmetric.ed25519:{name}")
