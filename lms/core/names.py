"""Vietnamese personal names: parts, order, and finding them without tone marks."""

import unicodedata
from dataclasses import dataclass

# CLDR order for Vietnamese: these letters are letters of their own, tones come only second.
_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_RANK = {letter: f"{index:02d}" for index, letter in enumerate(_LETTERS, start=10)}
_TONES = {"": "0", "\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}


@dataclass(frozen=True)
class Name:
    """A name in the two parts that Vietnamese lists have: họ đệm, and tên."""

    family: str
    given: str

    @property
    def full(self) -> str:
        return f"{self.family} {self.given}".strip()


def clean(text: str) -> str:
    """Return the text in NFC with single spaces, and without what nobody sees.

    Signs without a look come along when a name is copied; two names that look
    the same must be the same, and no font can draw them.
    """
    if not text.isprintable():
        text = "".join(letter for letter in text if letter.isprintable() or letter.isspace())
    return " ".join(unicodedata.normalize("NFC", text).split())


def split(full: str) -> Name:
    """Split a full name at its last space: the given name is one word."""
    family, _, given = clean(full).rpartition(" ")
    return Name(family, given)


def sort_key(family: str, given: str) -> str:
    """Return a key that any database sorts the Vietnamese way: tên first, then họ đệm."""
    return f"{_key(given)}  {_key(family)}"


def fold(text: str) -> str:
    """Return the text for searching: no tone marks, đ as d, lower case."""
    plain = unicodedata.normalize("NFD", clean(text).lower().replace("đ", "d"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def _key(text: str) -> str:
    letters, tones = [], []
    for word in clean(text).lower().split():
        for letter in word:
            base, tone = _take_tone(letter)
            letters.append(_RANK.get(base, f"~{base}"))
            tones.append(tone)
        letters.append("00")
        tones.append("0")
    return "".join(letters) + "." + "".join(tones)


def _take_tone(letter: str) -> tuple[str, str]:
    marks = unicodedata.normalize("NFD", letter)
    tone = next((_TONES[mark] for mark in marks if mark in _TONES), "0")
    base = unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in _TONES or mark == ""))
    return base, tone
