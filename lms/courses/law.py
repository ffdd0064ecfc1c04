"""The law register of the catalogue, and how an article is referred to in both languages (pure)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from lms.core.i18n import localised

REGISTER = Path(__file__).parent.parent / "catalogue" / "law_register.yaml"

_REFERENCE = re.compile(r"(?P<key>\S+)(?:\s+Đ(?P<article>\d+[a-z]?)(?:\.(?P<clause>\d+[a-z]?))?(?:\.(?P<point>[a-zđ]))?)?")
# Short titles that everybody uses; those of decrees run over two lines.
_NAMED = {"Luật", "Bộ luật"}
_NO_BREAK = "\u00a0"


class UnknownReferenceError(ValueError):
    """A legal reference that the register does not know, or that is not written as one."""


@dataclass(frozen=True)
class Instrument:
    """A law, decree or circular; days that nobody could verify are None."""

    key: str  # "116/2025/QH15"
    kind: Mapping[str, str]
    title: Mapping[str, str]
    issuer: Mapping[str, str]
    issued: date | None
    in_force: date | None
    ended: date | None
    status: str  # in_force, ended, history
    confidence: str
    articles: Mapping[str, Mapping[str, str]]

    def short(self, language: str) -> str:
        """Return "Luật 116/2025/QH15"."""
        return f"{localised(self.kind, language)}{_NO_BREAK}{self.key}"

    def long(self, language: str) -> str:
        """Return "Luật An ninh mạng số 116/2025/QH15"; where a title is a whole sentence, the short form."""
        title = localised(self.title, language).partition(" (")[0]
        if self.kind.get("vi") not in _NAMED or not title:
            return self.short(language)
        return f"{title} số{_NO_BREAK}{self.key}" if language == "vi" else f"{title} {self.key}"


@dataclass(frozen=True)
class Reference:
    """A place in an instrument: article, clause and point, each as far as given."""

    instrument: Instrument
    article: str = ""
    clause: str = ""
    point: str = ""

    @property
    def code(self) -> str:
        """Return "116/2025/QH15 Đ7.2.g", as authors write it."""
        place = ".".join(filter(None, (self.article, self.clause, self.point)))
        return f"{self.instrument.key} Đ{place}" if place else self.instrument.key

    @property
    def is_registered(self) -> bool:
        """Say whether the register has the article too: somebody read it there."""
        return not self.article or self.article in self.instrument.articles

    def article_name(self, language: str) -> str:
        """Return "Điều 7", or "" for the whole instrument."""
        if not self.article:
            return ""
        return f"{'Điều' if language == 'vi' else 'Article'}{_NO_BREAK}{self.article}"

    def clause_name(self, language: str) -> str:
        """Return "khoản 2 điểm g"."""
        words = ("khoản", "điểm") if language == "vi" else ("clause", "point")
        return " ".join(f"{word}{_NO_BREAK}{number}" for word, number in zip(words, (self.clause, self.point), strict=True) if number)

    def place(self, language: str) -> str:
        """Return "Điều 7 khoản 2 điểm g", or "" for the whole instrument."""
        return " ".join(filter(None, (self.article_name(language), self.clause_name(language))))

    def written(self, language: str) -> str:
        """Return "Điều 7 khoản 2 điểm g, Luật 116/2025/QH15"."""
        return ", ".join(filter(None, (self.place(language), self.instrument.short(language))))

    @property
    def order(self) -> tuple[int, str, int, str, str]:
        """Return what places of one instrument are sorted by; đ comes after d."""
        return (*_numbered(self.article), *_numbered(self.clause), self.point.replace("đ", "d~"))

    def article_title(self, language: str) -> str:
        """Return what the article is about; "" when the register does not say."""
        return localised(self.instrument.articles.get(self.article), language)

    @property
    def anchor(self) -> str:
        """Return the id that the instrument has among the sources of a page."""
        return "src-" + re.sub(r"[^a-z0-9]+", "-", self.instrument.key.lower().replace("đ", "d")).strip("-")


@dataclass(frozen=True)
class Register:
    """All instruments that may be cited, and the day on which they were looked at."""

    as_of: date
    instruments: Mapping[str, Instrument]

    def reference(self, text: str) -> Reference:
        """Return the place that "116/2025/QH15 Đ7.2.g" names; raises UnknownReferenceError."""
        match = _REFERENCE.fullmatch(text.strip())
        if match is None:
            raise UnknownReferenceError(f"{text!r} is not written like 116/2025/QH15 Đ7.2.g")
        instrument = self.instruments.get(match["key"])
        if instrument is None:
            raise UnknownReferenceError(f"the law register has no {match['key']!r}")
        return Reference(instrument, match["article"] or "", match["clause"] or "", match["point"] or "")


def _numbered(text: str) -> tuple[int, str]:
    digits = text.rstrip("abcdefghijklmnopqrstuvwxyz")
    return (int(digits or 0), text.removeprefix(digits))


def read(path: Path) -> Register:
    """Read a register from its file."""
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    return Register(data["as_of"], {each["key"]: _instrument(each) for each in data["instruments"]})


@cache
def register() -> Register:
    """Return the register that comes with the program."""
    return read(REGISTER)


def _instrument(data: Mapping[str, Any]) -> Instrument:
    return Instrument(
        key=data["key"],
        kind=data["kind"],
        title=data["title"],
        issuer=data["issuer"],
        issued=data["issued"],
        in_force=data["in_force"],
        ended=data["ended"],
        status=data["status"],
        confidence=data["confidence"],
        articles={str(number): titles for number, titles in (data.get("articles") or {}).items()},
    )
