"""A question as our own data beside what other programs read, so that nothing is lost on the way back to us."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from math import isfinite
from typing import Any

from lms.core.errors import LmsError
from lms.quizzes.bodies import every
from lms.quizzes.content import QuestionDraft, TextFormat, Texts

FOLDER = "antoanso"  # of a package: beside the folders of its items
SCHEMA = 1
_LONGEST = 2_000_000  # letters
_LARGEST_MARK = 100_000


def with_formats(draft: QuestionDraft) -> QuestionDraft:
    """Return the draft with the format of every text said, HTML where it was not."""
    keys = [key for texts in draft.texts.by_language.values() for key in texts]
    return replace(draft, formats={key: draft.formats.get(key, TextFormat.HTML) for key in dict.fromkeys(keys)})


def write(draft: QuestionDraft, read_as: QuestionDraft | None) -> str:
    """Return the draft as data; ``read_as`` is what other programs make of the rest of the file.

    When that is changed afterwards, it counts and the data are no longer believed.
    """
    data = {
        "schema": SCHEMA,
        "beside": fingerprint(read_as),
        "name": draft.name,
        "type": draft.type,
        "body": every.body_to_json(draft.body),
        "texts": draft.texts.to_json(),
        "formats": {key: str(each) for key, each in draft.formats.items() if each is not TextFormat.HTML},
        "category": list(draft.category),
        "tags": list(draft.tags),
        "id_number": draft.id_number,
        "default_mark": draft.default_mark,
        "penalty": draft.penalty,
        "hidden": draft.hidden,
    }
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def read(text: str, read_as: QuestionDraft | None, files: Mapping[str, bytes], *, position: int = 0) -> QuestionDraft | None:
    """Return the question as we wrote it; None when it was changed since or is none of ours."""
    try:
        data = json.loads(text) if len(text) <= _LONGEST else None
    except (ValueError, RecursionError):
        return None
    if not isinstance(data, Mapping) or data.get("schema") != SCHEMA or data.get("beside") != fingerprint(read_as):
        return None
    try:
        return with_formats(_draft(data, files, position))
    except (LmsError, KeyError, TypeError, ValueError, AttributeError):
        return None


def _draft(data: Mapping[str, Any], files: Mapping[str, bytes], position: int) -> QuestionDraft:
    lists = [data["category"], data["tags"]]
    words = [data["name"], data["type"], data["id_number"], *(word for each in lists for word in each)]
    if not all(isinstance(word, str) for word in words) or not all(isinstance(each, list) for each in lists):
        raise TypeError
    marks = float(data["default_mark"]), float(data["penalty"])
    if not all(isfinite(mark) and 0 <= mark <= _LARGEST_MARK for mark in marks):
        raise ValueError
    return QuestionDraft(
        name=data["name"],
        type=data["type"],
        body=every.body_from_json(data["type"], data["body"]),
        texts=Texts.from_json(data["texts"]),
        formats={str(key): TextFormat(each) for key, each in data["formats"].items()},
        category=tuple(data["category"]),
        tags=tuple(data["tags"]),
        id_number=data["id_number"],
        default_mark=marks[0],
        penalty=marks[1],
        hidden=data["hidden"] is True,
        files=dict(files),
        position=position,
    )


def fingerprint(draft: QuestionDraft | None) -> str:
    """Return the same for the same question, in whatever language it is read and wherever it stands."""
    if draft is None:
        return ""
    parts = [
        draft.name,
        draft.type,
        every.body_to_json(draft.body),
        list(draft.texts.to_json().values()),
        {key: str(each) for key, each in with_formats(draft).formats.items()},
        draft.default_mark,
        sorted((name, hashlib.sha256(data).hexdigest()) for name, data in draft.files.items()),
    ]
    return hashlib.sha256(json.dumps(parts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
