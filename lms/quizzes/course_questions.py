"""The questions of a quiz as a file of its course: whatever their type, in all languages, nothing lost (pure)."""

import base64
import binascii
import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any

from lms.core import unwritable
from lms.core.errors import LmsError
from lms.core.i18n import lazy_
from lms.quizzes import question_types
from lms.quizzes.bodies import every
from lms.quizzes.content import LazyText, Problem, QuestionDraft, Severity, Texts

PATH = re.compile(r"questions/[a-z0-9]+(?:-[a-z0-9]+)*\.json")
MOST_LETTERS = 60_000_000
MOST_QUESTIONS = 5_000  # as in a file for the bank: while they come in, nobody else writes
LARGEST_MARK = 100_000
LONGEST_CATEGORY = 200  # letters


def path_for(activity_key: str) -> str:
    """Return where the questions of an activity lie in the folder of a course."""
    return f"questions/{activity_key}.json"


def write(drafts: Sequence[QuestionDraft]) -> str:
    """Return questions as JSON that a person can read and a diff can show; the files of their texts are in base64."""
    return json.dumps({"questions": [_written(each) for each in drafts]}, ensure_ascii=False, indent=1) + "\n"


def read(text: str) -> tuple[list[QuestionDraft], list[Problem]]:
    """Return the questions of a file, and what is wrong with the others."""
    try:
        data = json.loads(text) if len(text) <= MOST_LETTERS else None
    except (ValueError, RecursionError):
        data = None
    rows = data.get("questions") if isinstance(data, Mapping) else None
    if not isinstance(rows, list) or unwritable.is_in(rows):
        return [], [_error(lazy_("This is no file of questions: a list under “questions” is needed."), 1)]
    if len(rows) > MOST_QUESTIONS:
        too_many = lazy_("The file has {number} questions; at most {most} can be taken at once.", number=len(rows), most=MOST_QUESTIONS)
        return [], [_error(too_many, 1)]
    drafts, problems = [], []
    for number, row in enumerate(rows, start=1):
        try:
            drafts.append(_draft(row, number))
        except (LmsError, KeyError, TypeError, ValueError, AttributeError, binascii.Error) as error:
            problems.append(_error(lazy_("Question {number} cannot be read: {reason}", number=number, reason=str(error)), number))
    times = Counter(each.id_number for each in drafts)
    problems += [_error(lazy_("The id “{id}” is used twice.", id=each), 1) for each, count in times.items() if count > 1]
    return drafts, problems


def _written(draft: QuestionDraft) -> dict[str, Any]:
    said = {
        "id": draft.id_number,
        "type": draft.type,
        "name": draft.name,
        "category": list(draft.category),
        "tags": list(draft.tags),
        "mark": draft.default_mark,
        "penalty": draft.penalty,
        "hidden": draft.hidden,
        "body": every.body_to_json(draft.body),
        "texts": draft.texts.to_json(),
        "files": {name: base64.b64encode(data).decode() for name, data in draft.files.items()},
    }
    return {name: value for name, value in said.items() if value not in ([], {}, False) or name in ("body", "texts")}


def _draft(row: Mapping[str, Any], number: int) -> QuestionDraft:
    category, tags = row.get("category", []), row.get("tags", [])
    if not isinstance(category, list) or not isinstance(tags, list) or any(not 0 < len(name) <= LONGEST_CATEGORY for name in category):
        raise TypeError(f"category and tags are lists; a category has at most {LONGEST_CATEGORY} letters")
    words = [row["id"], row["type"], row["name"], *category, *tags]
    if not all(isinstance(word, str) for word in words) or not row["id"]:
        raise TypeError("id, type, name, category and tags are words")
    if not question_types.is_known(row["type"]):
        raise ValueError(f"there is no type {row['type']!r}")
    mark, penalty = float(row.get("mark", 1.0)), float(row.get("penalty", 0.0))
    if not all(isfinite(each) and 0 <= each <= LARGEST_MARK for each in (mark, penalty)):
        raise ValueError("mark and penalty are numbers from 0 on")
    return QuestionDraft(
        name=row["name"],
        type=row["type"],
        body=every.body_from_json(row["type"], row["body"]),
        texts=Texts.from_json(row["texts"]),
        category=tuple(category),
        tags=tuple(tags),
        id_number=row["id"],
        default_mark=mark,
        penalty=penalty,
        hidden=row.get("hidden") is True,
        files={str(name): base64.b64decode(data, validate=True) for name, data in row.get("files", {}).items()},
        position=number,
    )


def _error(message: LazyText, position: int) -> Problem:
    return Problem(Severity.ERROR, message, position)
