"""Writing what a survey asks: lines of a page become questions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from lms.core.db import session
from lms.core.i18n import gettext
from lms.courses.editing import drafts
from lms.courses.models import Activity
from lms.surveys import items
from lms.surveys.items import Item, Option, WrongItemsError


@dataclass(frozen=True)
class Line:
    """A question as the page shows it: texts and options by language, an option on a line."""

    key: str = ""
    kind: str = "scale"
    text: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        return not any(each.strip() for each in self.text.values())


def lines(asked: Iterable[Item]) -> list[Line]:
    """Return what is asked as lines of the page."""
    return [
        Line(
            each.key,
            each.kind,
            each.text,
            {code: "\n".join(option.text.get(code, "") for option in each.options) for code in each.text},
        )
        for each in asked
    ]


def sent(form: MultiDict[str, str], languages: Sequence[str]) -> list[Line]:
    """Return the lines that a page sent, without the empty ones and those that are to go."""
    numbers = [each for each in form.getlist("line") if each.isascii() and each.isdigit()][: items.MOST_ITEMS + 1]
    made = [
        Line(
            form.get(f"{number}.key", "")[:40],
            form.get(f"{number}.kind", "scale"),
            {code: " ".join(form.get(f"{number}.text.{code}", "").split()) for code in languages},
            {code: form.get(f"{number}.options.{code}", "").replace("\r\n", "\n").strip() for code in languages},
        )
        for number in numbers
        if not form.get(f"{number}.out")
    ]
    return [each for each in made if not each.is_empty]


def items_of(said: Sequence[Line], languages: Sequence[str]) -> list[Item]:
    """Return the questions; new ones get a key that stays.  Raises WrongItemsError."""
    taken = {each.key for each in said if each.key}
    made = []
    for number, line in enumerate(said, start=1):
        key = line.key or _new_key(taken)
        taken.add(key)
        options = _options(line, languages, number) if line.kind in ("choice", "choices") else ()
        made.append(Item(key, line.kind, {code: text for code, text in line.text.items() if text}, options))
    return items.read(items.written(made))


def save(version_id: int, key: str, asked: Sequence[Item], *, by: int) -> None:
    """Keep what a survey of a draft asks.  Raises Published."""
    version = drafts.locked(version_id)
    activity = session.scalars(select(Activity).where(Activity.version_id == version_id, Activity.key == key)).one()
    activity.settings = items.written(asked)
    drafts.note_change(version, "survey_changed", by=by, key=key)


def _options(line: Line, languages: Sequence[str], number: int) -> tuple[Option, ...]:
    by_language: dict[str, list[str]] = {code: [each.strip() for each in line.options.get(code, "").split("\n")] for code in languages}
    by_language = {code: texts for code, texts in by_language.items() if any(texts)}
    lengths = {len(texts) for texts in by_language.values()}
    if len(lengths) > 1:
        raise WrongItemsError(gettext("Question {number}: write as many options in each language, in the same order.", number=number))
    texts: list[dict[str, Any]] = [
        {code: each[place] for code, each in by_language.items() if each[place]} for place in range(max(lengths, default=0))
    ]
    # A key says the place: an option that is reworded keeps its answers.
    return tuple(Option(f"o{place}", text) for place, text in enumerate(texts, start=1))


def _new_key(taken: set[str]) -> str:
    number = 1
    while f"q{number}" in taken:
        number += 1
    return f"q{number}"
