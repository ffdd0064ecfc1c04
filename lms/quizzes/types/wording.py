"""Comparing what was typed with what was meant: spaces, capitals, Vietnamese marks, wildcards."""

import re
import unicodedata
from html import unescape

from lms.quizzes.bodies.words import Marks

# Grave, acute, tilde, hook above, dot below: the five tone marks of Vietnamese.
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_TYPOGRAPHY = str.maketrans("‘’‚“”„–—\u00a0\u202f", "'''\"\"\"--  ")
_TAG = re.compile(r"<[/!a-zA-Z][^<>]*>")
_BREAK = re.compile(r"<br\s*/?>|</p>|</li>|</h[1-6]>", re.I)
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
_INVISIBLE = re.compile("[\u00ad\u200b\ufeff]")
_STAR = re.compile(r"(?<!\\)\*")


def plain(html: str) -> str:
    """Return a text of ours without its tags, in one line."""
    return tidy(unescape(_TAG.sub(" ", html)))


def lines(html: str) -> str:
    """Return a text of ours without its tags, its paragraphs and breaks as lines."""
    broken = _BREAK.sub("\n", html)
    return "\n".join(" ".join(line.split()) for line in unescape(_TAG.sub("", broken)).split("\n")).strip()


def tidy(text: str) -> str:
    """Return the text in NFC, with single spaces and without control characters."""
    visible = _INVISIBLE.sub("", _CONTROL.sub(" ", text))
    return " ".join(unicodedata.normalize("NFC", visible).split())


def matches(pattern: str, text: str, *, case: bool, marks: Marks) -> bool:
    """Say whether a typed text fits a pattern, in which * stands for anything and \\* for an asterisk.

    Both ways to place a tone (hoà, hòa) are the same word in Vietnamese, so
    they are always the same answer.
    """
    parts = [_fold(part, case=case, marks=marks) for part in _parts(pattern)]
    typed = _fold(tidy(text), case=case, marks=marks)
    return _fits(parts, typed) or _fits([_tones_last(part) for part in parts], _tones_last(typed))


def sample(pattern: str) -> str:
    """Return the shortest text that fits the pattern."""
    return tidy("".join(_parts(pattern)))


def has_wildcard(pattern: str) -> bool:
    return len(_parts(pattern)) > 1


def _parts(pattern: str) -> list[str]:
    """Split at the asterisks that stand for anything; the parts in between are literal."""
    return [part.replace("\\*", "*") for part in _STAR.split(tidy(pattern))]


def _fold(text: str, *, case: bool, marks: Marks) -> str:
    text = text.translate(_TYPOGRAPHY)
    if not case:
        text = text.casefold()
    if marks is Marks.IGNORE_ALL:
        text = text.replace("đ", "d").replace("Đ", "D")
        return "".join(each for each in unicodedata.normalize("NFD", text) if not unicodedata.combining(each))
    if marks is Marks.IGNORE_TONES:
        text = "".join(each for each in unicodedata.normalize("NFD", text) if each not in _TONES)
    return unicodedata.normalize("NFC", text)


def _tones_last(text: str) -> str:
    """Move the tone marks of each word to its end."""
    result, tones = [], []
    for each in unicodedata.normalize("NFD", text):
        if each in _TONES:
            tones.append(each)
            continue
        if not each.isalpha() and not unicodedata.combining(each):
            result += tones
            tones = []
        result.append(each)
    return "".join(result + tones)


def _fits(parts: list[str], text: str) -> bool:
    """Match without backtracking, so that no pattern of many asterisks can hold up the server."""
    if len(parts) == 1:
        return parts[0] == text
    first, *middle, last = parts
    if len(text) < len(first) + len(last) or not text.startswith(first) or not text.endswith(last):
        return False
    position, end = len(first), len(text) - len(last)
    for part in middle:
        found = text.find(part, position, end)
        if found < 0:
            return False
        position = found + len(part)
    return True
