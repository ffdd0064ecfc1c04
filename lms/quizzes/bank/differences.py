"""What changed from one version of a question to another, in words of the form; pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lms.core import files
from lms.core.i18n import LANGUAGES, gettext, lazy_
from lms.quizzes.bodies import every
from lms.quizzes.content import QuestionDraft
from lms.quizzes.types import wording

_TEXTS = {
    "stem": lazy_("Question"),
    "feedback": lazy_("Why: for everybody, once it is over"),
    "feedback.right": lazy_("After a right answer"),
    "feedback.partial": lazy_("After a partly right answer"),
    "feedback.wrong": lazy_("After a wrong answer"),
    "template": lazy_("What the field begins with"),
    "grader_info": lazy_("For those who mark it"),
}


@dataclass(frozen=True)
class Change:
    """One thing that is different; an empty side was not there."""

    what: str
    before: str
    after: str


def between(before: QuestionDraft, after: QuestionDraft, language: str) -> list[Change]:
    """Return all differences, the texts first."""
    return [change for change in _changes(before, after, language) if change.before != change.after]


def _changes(before: QuestionDraft, after: QuestionDraft, language: str) -> Iterator[Change]:
    yield Change(gettext("Name in the bank"), before.name, after.name)
    names = _names(before, language) | _names(after, language)
    old, new = before.texts.by_language, after.texts.by_language
    for code in dict.fromkeys((*old, *new)):
        for key in dict.fromkeys((*old.get(code, {}), *new.get(code, {}))):
            yield Change(
                f"{_text_name(key, names)} ({LANGUAGES.get(code, code)})", old.get(code, {}).get(key, ""), new.get(code, {}).get(key, "")
            )
    yield Change(gettext("Points"), _number(before.default_mark), _number(after.default_mark))
    yield Change(gettext("Each wrong try costs, in % of the mark"), _number(before.penalty * 100), _number(after.penalty * 100))
    first, second = (dict(_flat(every.body_to_json(draft.body))) for draft in (before, after))
    for place in dict.fromkeys((*first, *second)):
        yield Change(_place_name(place, names), first.get(place, ""), second.get(place, ""))
    for name in dict.fromkeys((*before.files, *after.files)):
        sides = (files.digest(draft.files[name])[:12] if name in draft.files else "" for draft in (before, after))
        yield Change(gettext("File {name}").format(name=name), *sides)


def _names(draft: QuestionDraft, language: str) -> dict[str, str]:
    """Return how choices and the like are called: by how their text begins."""
    named = {}
    for key in every.keys_of(draft.body):
        said = wording.plain(draft.texts.of(key, language))
        named[key] = (said if len(said) <= 40 else f"{said[:39]}…") or key
    return named


def _text_name(key: str, names: Mapping[str, str]) -> str:
    if key in _TEXTS:
        return str(_TEXTS[key])
    head, _dot, rest = key.partition(".")
    if head == "hint":
        return gettext("Hint {number}").format(number=rest)
    name = names.get(head, head)
    return gettext("Feedback for “{text}”").format(text=name) if rest == "feedback" else f"“{name}”"


def _place_name(place: str, names: Mapping[str, str]) -> str:
    return " · ".join(f"“{names[part]}”" if part in names else part.replace("_", " ") for part in place.split("."))


def _flat(value: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """Yield each setting of a body with its place; things with a key are known by it and not by their number."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if name not in ("schema", "key"):
                yield from _flat(inner, f"{place}.{name}" if place else name)
    elif isinstance(value, list):
        if value and all(isinstance(each, str) for each in value):
            yield place, ", ".join(value)
            return
        keys = [each.get("key", "") if isinstance(each, Mapping) else "" for each in value]
        if all(keys) and keys:
            yield f"{place}.order", ", ".join(keys)
        for number, (key, inner) in enumerate(zip(keys, value, strict=True), start=1):
            yield from _flat(inner, f"{place}.{key or number}")
    else:
        yield place, "" if value is None else str(value)


def _number(value: float) -> str:
    return f"{value:.7g}"
