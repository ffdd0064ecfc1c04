"""How passwords are stored and checked: argon2id, and what makes one too easy."""

import re
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from lms.core import names
from lms.core.errors import Invalid
from lms.core.i18n import lazy_

SHORTEST = 8  # characters
LONGEST = 200  # characters; nobody types more, and hashing a book costs time

# argon2id with 7 MiB, 12 rounds, 1 lane.  5 rounds are the least that the OWASP Password Storage Cheat Sheet (2024) takes with
# so little memory, which every worker keeps for good: to give it back after each hash would make the hash half as slow again.
# Passwords of pupils are short, so more than the least: "as high as practical" (NIST SP 800-63B, 3.1.1.2), which is what a
# class of forty that signs in at the same moment hardly notices (35 ms each).  Hashes of another cost are made anew when
# their owner signs in.
hasher = PasswordHasher(time_cost=12, memory_cost=7 * 1024, parallelism=1)

# The hash of a password that was thrown away: checking against it takes as long as checking a real one.
NOBODY = "$argon2id$v=19$m=7168,t=12,p=1$mPbDjkGyTwbX5Fk+1tKRgQ$E1SHjERJkr2we5SSmBk/jwsaM4FR72oGXELKY9K05pw"

# What is tried first wherever Vietnamese is spoken; compared without tone marks, spaces and digits at the end.
_COMMON_TEXT = """
    password passw0rd matkhau matkhaumoi qwerty qwertyui qwertyuiop asdfghjk asdfghjkl zxcvbnm iloveyou anhyeuem emyeuanh
    yeuemnhieu yeuanhnhieu tinhyeu giadinh vietnam hanoi saigon hochiminh danang admin administrator giaovien hocsinh
    truonghoc welcome letmein abcdefgh abcdef abcd abc1234 aaaaaa sunshine football bongda dragon monkey princess facebook
    zalo google khongbiet khongco khongnho matkhaucuatoi toiyeuvietnam nhatban hanquoc antoan antoanso
"""
_COMMON = frozenset(_COMMON_TEXT.split())


class WeakPassword(Invalid):
    code = "weak_password"
    message = lazy_("This password is too easy to guess. Take three or four words that belong together only for you.")


def hash_password(text: str) -> str:
    """Return what is stored instead of the password."""
    return hasher.hash(_same(text))


def matches(stored: str, text: str) -> bool:
    """Return whether the text is the password behind the stored hash."""
    try:
        return hasher.verify(stored, _same(text))
    except (VerificationError, InvalidHashError):
        return False


def needs_rehash(stored: str) -> bool:
    """Return whether the hash was made at another cost than today's."""
    return hasher.check_needs_rehash(stored)


def check_strength(text: str, username: str) -> None:
    """Let a password pass that others will not guess in a few tries.

    Length counts, not the kinds of characters (NIST SP 800-63B, 3.1.1.2).
    Raises WeakPassword with a sentence that says what to do.
    """
    text = _same(text)
    if len(text) < SHORTEST:
        raise WeakPassword(lazy_("Too short: at least {count} characters. Three or four words are easy to remember."), count=SHORTEST)
    if len(text) > LONGEST:
        raise WeakPassword(lazy_("Too long: at most {count} characters."), count=LONGEST)
    plain = re.sub(r"[\W_]+", "", names.fold(text))
    if len(set(plain)) < 4 or _runs(plain) or re.sub(r"\d+$", "", plain) in _COMMON or plain in _COMMON or plain.isdigit():
        raise WeakPassword()
    own = re.sub(r"[\W_]+", "", username)
    if len(own) >= 4 and own in plain:
        raise WeakPassword(lazy_("The password must not contain the name that you sign in with."))


def _same(text: str) -> str:
    # Keyboards write ế as one character or as three; both must open the same door.
    return unicodedata.normalize("NFKC", text)


def _runs(plain: str) -> bool:
    """Return whether the text only counts up or down, such as abcdefgh or 87654321."""
    steps = {ord(after) - ord(before) for before, after in zip(plain, plain[1:], strict=False)}
    return steps in ({1}, {-1})
