"""Serial numbers with a check, and codes that nobody can guess (pure)."""

import re
import secrets

# Crockford's base 32: no I, L, O, U, so that a code read from paper is not misread.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_SERIAL = re.compile(r"^(\d{4,})-(\d{2})/(\d{4})/GCN-(.+)$")


def serial(number: int, year: int, issuer_code: str) -> str:
    """Return the printed serial, such as "0418-07/2026/GCN-SGDĐT"; two digits check the others (ISO 7064, mod 97)."""
    return f"{number:04d}-{_check(number, year):02d}/{year}/GCN-{issuer_code}"


def serial_is_whole(text: str) -> bool:
    """Return whether a serial read from paper is one that we could have given: its check digits fit."""
    match = _SERIAL.match(text.strip())
    return match is not None and int(match[2]) == _check(int(match[1]), int(match[3]))


def _check(number: int, year: int) -> int:
    return 98 - (year * 1_000_000 + number) * 100 % 97


def new_code() -> str:
    """Return a fresh code of 60 random bits, such as "7QK2-MX9D-04TC"."""
    return grouped("".join(secrets.choice(ALPHABET) for _ in range(12)))


def grouped(code: str) -> str:
    """Return the code in groups of four."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def read_code(text: str) -> str | None:
    """Return the code that somebody typed, however they wrote it; None when it cannot be one."""
    plain = re.sub(r"[\s.\-–]", "", text).upper().translate(str.maketrans("ILOU", "110V"))
    if len(plain) != 12 or any(letter not in ALPHABET for letter in plain):
        return None
    return grouped(plain)
