"""Writing what a survey asks: lines of a page become questions."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select

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


def items_of(said: Sequence[Line], languages: Sequence[str], former: Iterable[Item] = ()) -> list[Item]:
    """Return the questions; new ones get a key that stays.  Raises WrongItemsError.

    ``former`` are the questions as they were: what is only reworded keeps its key, and with it its answers.
    """
    known = {each.key: each.options for each in former}
    made = []
    for number, line in enumerate(said, start=1):
        texts = _options(line, languages, number) if line.kind in ("choice", "choices") else []
        options = tuple(map(Option, _option_keys(texts, known.get(line.key, ())), texts))
        made.append(Item(line.key or _new_key(), line.kind, {code: text for code, text in line.text.items() if text}, options))
    return items.read(items.written(made))


def save(version_id: int, key: str, asked: Sequence[Item], *, by: int) -> None:
    """Keep what a survey of a draft asks.  Raises Published."""
    version = drafts.locked(version_id)
    activity = session.scalars(select(Activity).where(Activity.version_id == version_id, Activity.key == key)).one()
    activity.settings = items.written(asked)
    drafts.note_change(version, "survey_changed", by=by, key=key)


def _options(line: Line, languages: Sequence[str], number: int) -> list[dict[str, str]]:
    by_language: dict[str, list[str]] = {code: [each.strip() for each in line.options.get(code, "").split("\n")] for code in languages}
    by_language = {code: texts for code, texts in by_language.items() if any(texts)}
    lengths = {len(texts) for texts in by_language.values()}
    if len(lengths) > 1:
        raise WrongItemsError(gettext("Question {number}: write as many options in each language, in the same order.", number=number))
    return [{code: each[place] for code, each in by_language.items() if each[place]} for place in range(max(lengths, default=0))]


def _option_keys(texts: Sequence[Mapping[str, str]], former: Sequence[Option]) -> list[str]:
    """Return the keys of options: of one that says the same in any language, else of the one in its place when none came or went."""
    keys = [next((each.key for each in former if text.items() & each.text.items()), "") for text in texts]
    if len(texts) == len(former):
        gone = {each.key for each in former} - set(keys)
        keys = [key or (former[place].key if former[place].key in gone else "") for place, key in enumerate(keys)]
    return [key or _new_key() for key in keys]


def _new_key() -> str:
    # Never used again, also when the question is taken out: answers are kept under it.
    return secrets.token_hex(4)
