"""Texts in the reader's language: English in the code, Vietnamese in each package's texts.vi.po."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import LazyProxy, NullTranslations, Translations

LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}
DEFAULT = "vi"
PACKAGES = Path(__file__).parent.parent

_language: ContextVar[str] = ContextVar("language", default=DEFAULT)


def language() -> str:
    """Return the language that texts come out in now: "vi" or "en"."""
    return _language.get()


def use(code: str) -> None:
    """Let texts come out in this language from now on in this request or task."""
    _language.set(code if code in LANGUAGES else DEFAULT)


@contextmanager
def in_language(code: str) -> Iterator[None]:
    """Let texts come out in this language inside the block."""
    token = _language.set(code if code in LANGUAGES else DEFAULT)
    try:
        yield
    finally:
        _language.reset(token)


@cache
def translations(code: str) -> NullTranslations:
    """Return the texts of all packages in a language; English needs none."""
    merged = Translations()
    for path in sorted(PACKAGES.glob(f"*/texts.{code}.po")):
        compiled = BytesIO()
        with path.open("rb") as file:
            write_mo(compiled, read_po(file, locale=code))
        compiled.seek(0)
        one = Translations(compiled)
        # Merging takes the texts only; the rule which plural form to take must come along.
        merged.plural = one.plural  # type: ignore[attr-defined]
        merged.merge(one)
    return merged


def gettext(message: str, **values: Any) -> str:
    """Return the message in the reader's language, its {placeholders} filled."""
    text = translations(language()).gettext(message)
    return text.format(**values) if values else text


def ngettext(singular: str, plural: str, number: int, **values: Any) -> str:
    """Return the form that fits the number, with {number} filled; Vietnamese has one form."""
    text = translations(language()).ngettext(singular, plural, number)
    return text.format(number=number, **values)


def lazy_(message: str, **values: Any) -> Any:
    """Return a text that is looked up each time it is shown; it behaves as a str, so libraries may ask for one."""
    return LazyProxy(gettext, message, enable_cache=False, **values)


_ = gettext


def in_each(texts: Mapping[str, str], languages: Iterable[str]) -> dict[str, str]:
    """Return a text in each of the languages, where it is not translated as readers see it; nothing when there is none at all."""
    there = {code: text for code, text in texts.items() if text.strip()}
    return {code: there.get(code) or localised(there, code) for code in dict.fromkeys((*languages, *there))} if there else {}


def localised(texts: Mapping[str, str] | None, code: str | None = None) -> str:
    """Return the text in the reader's language, else in Vietnamese, else in any there is."""
    if not texts:
        return ""
    return texts.get(code or language()) or texts.get(DEFAULT) or next(iter(texts.values()), "")
