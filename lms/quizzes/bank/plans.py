"""Drafts as the plan of an import keeps them (pure)."""

from collections.abc import Callable, Mapping
from typing import Any

from lms.core import files
from lms.quizzes.bodies import every
from lms.quizzes.content import QuestionDraft, Texts


def draft_to_json(draft: QuestionDraft) -> dict[str, Any]:
    """Return what a plan keeps of a prepared draft."""
    return {
        "name": draft.name,
        "type": draft.type,
        "body": every.body_to_json(draft.body),
        "texts": draft.texts.to_json(),
        "category": list(draft.category),
        "tags": list(draft.tags),
        "id_number": draft.id_number,
        "default_mark": draft.default_mark,
        "penalty": draft.penalty,
        "hidden": draft.hidden,
        "position": draft.position,
        "files": {name: files.digest(data) for name, data in draft.files.items()},
    }


def draft_from_json(data: Mapping[str, Any], content: Callable[[str], bytes]) -> QuestionDraft:
    """Read it again; ``content`` gives the bytes of a file by its SHA-256.  Raises WrongShape."""
    return QuestionDraft(
        name=data["name"],
        type=data["type"],
        body=every.body_from_json(data["type"], data["body"]),
        texts=Texts.from_json(data["texts"]),
        category=tuple(data["category"]),
        tags=tuple(data["tags"]),
        id_number=data["id_number"],
        default_mark=data["default_mark"],
        penalty=data["penalty"],
        hidden=data["hidden"],
        position=data["position"],
        files={name: content(sha256) for name, sha256 in data.get("files", {}).items()},
    )
