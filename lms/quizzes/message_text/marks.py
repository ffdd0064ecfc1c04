"""The marks inside a message: [[sign key: what one sees -> where it leads]]; pure."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from lms.quizzes.bodies.messages import LEADING, Look, MessagePart

KEY = re.compile(r"[a-z0-9]{1,12}")
# A backslash guards the letter behind it, so that a phrase may hold brackets and arrows.
MARK = re.compile(r"\[\[\s*(?P<head>[^\[\]:\\]*?)\s*(?::(?P<text>(?:\\.|[^\]\\]|\](?!\]))*))?\]\]", re.S)
_ARROW = re.compile(r"(?<!\\)((?:\\\\)*)->")
_ESCAPED = re.compile(r"\\(.)", re.S)
_WEIGHT = re.compile(r"\*(\d{1,3}(?:\.\d+)?)")
_SIGNS = {"sign": True, "fine": False}


class WrongMark(ValueError):
    """A mark that cannot be read; ``reason`` is one of the names below."""

    def __init__(self, reason: str, name: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.name = name


@dataclass(frozen=True)
class Mark:
    """One mark: the part with its key ("" when the author gave none), what one sees, and where it leads."""

    part: MessagePart
    text: str
    target: str = ""


def read(head: str, text: str | None) -> Mark:
    """Return what a mark says, from its words before and after the colon.  Raises WrongMark."""
    words = head.split()
    if text is None or not words or words[0] not in _SIGNS:
        raise WrongMark("no_kind", head or "…")
    key, look, weight = "", None, 1.0
    for word in words[1:]:
        if word in set(Look):
            look = Look(word)
        elif found := _WEIGHT.fullmatch(word):
            weight = float(found[1])
        elif KEY.fullmatch(word) and not key:
            key = word
        else:
            raise WrongMark("key", word)
    shown, target = _split(text)
    if not shown:
        raise WrongMark("empty", head)
    if look is None:
        look = Look.LINK if target else Look.PHRASE
    if look in LEADING and not target:
        raise WrongMark("no_target", shown)
    if target and look in (Look.PHRASE, Look.FIELD):
        raise WrongMark("target", shown)
    return Mark(MessagePart(key, sign=_SIGNS[words[0]], look=look, weight=weight), shown, target)


def replace(text: str, put: Callable[[re.Match[str]], str]) -> str:
    """Return the text with each mark replaced by what ``put`` makes of it."""
    return MARK.sub(put, text)


def write(part: MessagePart, text: str, target: str) -> str:
    """Return the words of a mark or of a line of attachments, without brackets."""
    words = ["sign" if part.sign else "fine"]
    if part.look not in (Look.PHRASE, Look.ATTACHMENT) and not (part.look is Look.LINK and target):
        words.append(part.look)
    if part.weight != 1.0:
        words.append(f"*{part.weight:g}")
    arrow = f" -> {_guarded(target)}" if target else ""
    return f"{' '.join([*words, part.key])}: {_guarded(text)}{arrow}"


def _split(text: str) -> tuple[str, str]:
    found = _ARROW.search(text)
    shown, target = (text[: found.end(1)], text[found.end() :]) if found else (text, "")
    return _plain(shown), _plain(target)


def _plain(text: str) -> str:
    return " ".join(_ESCAPED.sub(r"\1", text).split())


def _guarded(text: str) -> str:
    return text.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]").replace("->", "\\->")
