"""Texts with missing words: ``[[2]]`` stands where the second word is right (pure)."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from lms.quizzes.bodies.gaps import Word, WordGap
from lms.quizzes.types import wording

PLACE = re.compile(r"\[\[([0-9]{1,4})\]\]")

W = TypeVar("W", bound=Word)


def key_of(number: int) -> str:
    """Return the key of the word that ``[[number]]`` names."""
    return f"w{number}"


def gap_keys(numbers: Iterable[str]) -> list[str]:
    """Return the key of the gap at each ``[[number]]`` of a text.

    A gap is told from others by its word, and by how many gaps with this word
    were before it: so a translation may have them in another order, and a gap
    that is put in does not move the others.
    """
    seen, keys = Counter[int](), []
    for number in map(int, numbers):
        seen[number] += 1
        keys.append(f"g{number}" if seen[number] == 1 else f"g{number}x{seen[number]}")
    return keys


def gaps_of(text: str, words: Sequence[Word]) -> tuple[WordGap, ...]:
    """Return the gaps of a text; a number that no word has is left out."""
    return gaps_at(PLACE.findall(text), words)


def gaps_at(numbers: Sequence[str], words: Sequence[Word]) -> tuple[WordGap, ...]:
    """Return the gaps that stand in a text in this order."""
    known = {word.key for word in words}
    found = ((key, key_of(int(number))) for key, number in zip(gap_keys(numbers), numbers, strict=True))
    return tuple(WordGap(key, word) for key, word in found if word in known)


def new_numbers(words: Sequence[Word]) -> dict[str, str]:
    """Return what the keys of words become when no number is left out: files name words by their place alone."""
    return {word.key: key_of(number) for number, word in enumerate(words, start=1)}


def renumbered(text: str, keys: Mapping[str, str]) -> str:
    """Return the text with the new numbers of its words; one that no word has gets a number that none will have."""
    beyond = len(keys) + 1

    def number(place: re.Match[str]) -> str:
        new = keys.get(key_of(int(place[1])))
        return f"[[{new.removeprefix('w') if new else beyond + int(place[1])}]]"

    return PLACE.sub(number, text)


def paired(words: Sequence[W], *texts: Mapping[str, str]) -> tuple[W, ...]:
    """Say of each word which earlier one of its group reads the same in every language."""
    first: dict[tuple[object, ...], str] = {}
    done = []
    for word in words:
        reading = tuple(wording.plain(own.get(word.key, "")) for own in texts)
        key = first.setdefault((word.group, *reading), word.key) if any(reading) else word.key
        done.append(replace(word, same_as="" if key == word.key else key))
    return tuple(done)
