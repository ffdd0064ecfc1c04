"""Codes that change while a meeting is open (pure): whoever is in the room sees the one that is valid now.

As in a time-based one-time password (RFC 6238), with letters that are hard to mix up.
A code is taken for a few minutes, so that somebody can sign in to the site in
between; a picture of it that is sent on is soon worth nothing.
"""

import hashlib
import hmac
import secrets
from datetime import datetime

STEP = 30  # seconds for which a code is shown
TAKEN_FOR = 6  # steps: three minutes
LENGTH = 6
_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"


def new_secret() -> str:
    """Return what the codes of a new meeting come from."""
    return secrets.token_hex(20)


def code(secret: str, moment: datetime) -> str:
    """Return the code that is shown at this moment."""
    return _of_step(secret, _step(moment))


def fits(secret: str, typed: str, moment: datetime) -> bool:
    """Return whether a code was shown within the last minutes; spaces and small letters do not matter."""
    given = "".join(typed.split()).upper()
    now = _step(moment)
    return any(hmac.compare_digest(given.encode(), _of_step(secret, step).encode()) for step in range(now, now - TAKEN_FOR, -1))


def _step(moment: datetime) -> int:
    return int(moment.timestamp()) // STEP


def _of_step(secret: str, step: int) -> str:
    number = int.from_bytes(hmac.digest(secret.encode(), str(step).encode(), hashlib.sha256))
    letters = []
    for _ in range(LENGTH):
        number, letter = divmod(number, len(_LETTERS))
        letters.append(_LETTERS[letter])
    return "".join(letters)
