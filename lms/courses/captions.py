"""Captions of a video: reading WebVTT (W3C WebVTT 1, section 4.1), as far as a transcript needs it (pure)."""

import re
from dataclasses import dataclass

from lms.core.i18n import gettext

_TIMING = re.compile(r"(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})[ \t]+-->[ \t]+(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})(?:[ \t].*)?")
_TAG = re.compile(r"<[^>]*>")
_ENTITIES = {"&lt;": "<", "&gt;": ">", "&nbsp;": " ", "&lrm;": "", "&rlm;": "", "&amp;": "&"}
_NO_CUE = ("NOTE", "STYLE", "REGION")


class WrongCaptionsError(ValueError):
    """A file of captions cannot be used; ``line`` is where."""

    def __init__(self, said: str, line: int) -> None:
        super().__init__(said)
        self.line = line


@dataclass(frozen=True)
class Cue:
    """What is said from a moment on; ``starts`` and ``ends`` in seconds."""

    starts: float
    ends: float
    text: str

    @property
    def clock(self) -> str:
        """Return when it begins: 1:05."""
        return f"{int(self.starts) // 60}:{int(self.starts) % 60:02d}"


def read(data: bytes) -> list[Cue]:
    """Return what is said in a video, in order.  Raises WrongCaptionsError."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise WrongCaptionsError(gettext("The file is not UTF-8."), data[: error.start].count(b"\n") + 1) from error
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if not re.fullmatch(r"WEBVTT(?:[ \t].*)?", lines[0]):
        raise WrongCaptionsError(gettext("The first line is not WEBVTT."), 1)
    cues: list[Cue] = []
    at = 1
    while at < len(lines):
        block_begins = at
        while at < len(lines) and lines[at].strip():
            at += 1
        block = lines[block_begins:at]
        at += 1
        if not block or block[0].split(" ")[0].split("\t")[0] in _NO_CUE or block_begins == 1:
            continue
        place = 0 if "-->" in block[0] else 1
        if place >= len(block):
            continue
        timing = _TIMING.fullmatch(block[place].strip())
        if timing is None:
            raise WrongCaptionsError(gettext("This is no time such as 00:05.000 --> 00:08.500."), block_begins + place + 1)
        starts, ends = _seconds(timing.groups()[:4]), _seconds(timing.groups()[4:])
        if ends <= starts:
            raise WrongCaptionsError(gettext("This ends before it begins."), block_begins + place + 1)
        said = _TAG.sub("", " ".join(line.strip() for line in block[place + 1 :]))
        for entity, meant in _ENTITIES.items():
            said = said.replace(entity, meant)
        cues.append(Cue(starts, ends, said.strip()))
    if not cues:
        raise WrongCaptionsError(gettext("There is nothing said in this file."), 1)
    return cues


def _seconds(parts: tuple[str | None, ...]) -> float:
    hours, minutes, seconds, thousandths = (int(each or 0) for each in parts)
    return hours * 3600 + minutes * 60 + seconds + thousandths / 1000
