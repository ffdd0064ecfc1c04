"""What a survey asks, as its settings say it, and what an answer may be (pure)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lms.core.i18n import LANGUAGES, gettext, lazy_

MOST_ITEMS, MOST_OPTIONS, LONGEST, LONGEST_WORDS = 30, 20, 300, 1_000
SCALE = ("1", "2", "3", "4", "5")
KINDS: dict[str, Any] = {
    "scale": lazy_("From 1 (not at all) to 5 (very much)"),
    "choice": lazy_("One of several"),
    "choices": lazy_("Any of several"),
    "words": lazy_("Own words"),
}


class WrongItemsError(ValueError):
    """What a survey asks cannot be used; says why."""


@dataclass(frozen=True)
class Option:
    """Something that can be chosen; ``text`` by language."""

    key: str
    text: Mapping[str, str]


@dataclass(frozen=True)
class Item:
    """A question of a survey; ``kind`` is one of KINDS."""

    key: str
    kind: str
    text: Mapping[str, str]
    options: tuple[Option, ...] = ()

    @property
    def possible(self) -> tuple[str, ...]:
        """Return the keys that can be chosen; none where own words are written."""
        return SCALE if self.kind == "scale" else tuple(each.key for each in self.options)


@dataclass(frozen=True)
class Tally:
    """How often each was chosen, in the order in which it is asked; ``words`` are what people wrote, in no order that says who."""

    item: Item
    answered: int
    counts: Mapping[str, int]
    words: tuple[str, ...] = ()


def read(settings: Mapping[str, Any]) -> list[Item]:
    """Read what a survey asks, ``{items: [{key, kind, text, options}]}``.  Raises WrongItemsError."""
    for name in settings:
        if name != "items":
            raise WrongItemsError(gettext("There is no setting “{name}” here. Names are {names}.", name=name, names="items"))
    said = settings.get("items", [])
    if not isinstance(said, list) or len(said) > MOST_ITEMS:
        raise WrongItemsError(gettext("items is a list of at most {most} questions.", most=MOST_ITEMS))
    items = [_item(each, number) for number, each in enumerate(said, start=1)]
    if len({each.key for each in items}) < len(items):
        raise WrongItemsError(gettext("Each question needs a key of its own."))
    return items


def written(items: Iterable[Item]) -> dict[str, Any]:
    """Return the settings that ``read`` reads."""
    return {
        "items": [
            {"key": each.key, "kind": each.kind, "text": dict(each.text)}
            | ({"options": [{"key": option.key, "text": dict(option.text)} for option in each.options]} if each.options else {})
            for each in items
        ]
    }


def accepted(items: Sequence[Item], sent: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Return what of an answer is kept: chosen keys that there are, words shortened; questions left out stay out."""
    kept: dict[str, Any] = {}
    for item in items:
        values = list(sent.get(item.key, ()))
        if item.kind == "words":
            words = " ".join(" ".join(values).split())[:LONGEST_WORDS]
            if words:
                kept[item.key] = words
            continue
        chosen = [each for each in item.possible if each in values]
        if chosen:
            kept[item.key] = chosen if item.kind == "choices" else chosen[0]
    return kept


def tallies(items: Sequence[Item], answers: Sequence[Mapping[str, Any]]) -> list[Tally]:
    """Count answers to what is asked now; what was asked once and is no more is left out."""
    made = []
    for item in items:
        given = [each[item.key] for each in answers if item.key in each]
        if item.kind == "words":
            words = tuple(sorted(each for each in given if isinstance(each, str)))
            made.append(Tally(item, len(words), {}, words))
            continue
        fits = [each if isinstance(each, list) else [each] for each in given]
        counts = Counter(key for each in fits for key in each if key in item.possible)
        made.append(Tally(item, len(fits), {key: counts[key] for key in item.possible}))
    return made


def _item(said: Any, number: int) -> Item:
    if not isinstance(said, Mapping) or set(said) - {"key", "kind", "text", "options"}:
        raise WrongItemsError(gettext("Question {number}: write key, kind, text and, where something is chosen, options.", number=number))
    kind = said.get("kind")
    if kind not in KINDS:
        raise WrongItemsError(gettext("Question {number}: kind is one of {names}.", number=number, names=", ".join(KINDS)))
    options = said.get("options", [])
    if kind in ("choice", "choices"):
        if not isinstance(options, list) or not 2 <= len(options) <= MOST_OPTIONS:
            raise WrongItemsError(gettext("Question {number}: there are 2 to {most} options.", number=number, most=MOST_OPTIONS))
    elif options:
        raise WrongItemsError(gettext("Question {number}: only where something is chosen there are options.", number=number))
    made = tuple(_option(each, number) for each in options)
    if len({each.key for each in made}) < len(made):
        raise WrongItemsError(gettext("Question {number}: each option needs a key of its own.", number=number))
    return Item(_key(said.get("key"), number), str(kind), _text(said.get("text"), number), made)


def _option(said: Any, number: int) -> Option:
    if not isinstance(said, Mapping) or set(said) - {"key", "text"}:
        raise WrongItemsError(gettext("Question {number}: an option has key and text.", number=number))
    return Option(_key(said.get("key"), number), _text(said.get("text"), number))


def _key(said: Any, number: int) -> str:
    if not isinstance(said, str) or not said.isascii() or not said.replace("-", "").isalnum() or len(said) > 40:
        raise WrongItemsError(gettext("Question {number}: a key has small letters, digits and hyphens.", number=number))
    return said


def _text(said: Any, number: int) -> dict[str, str]:
    if not isinstance(said, Mapping) or not said or any(code not in LANGUAGES or not isinstance(text, str) for code, text in said.items()):
        raise WrongItemsError(gettext("Question {number}: a text stands in each language: {{vi: ..., en: ...}}.", number=number))
    if any(not text.strip() or len(text) > LONGEST for text in said.values()):
        raise WrongItemsError(gettext("Question {number}: a text has 1 to {most} letters.", number=number, most=LONGEST))
    return {code: text.strip() for code, text in said.items()}
