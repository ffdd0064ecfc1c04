"""Drafts as the plan of an import keeps them (pure)."""

from collections.abc import Mapping
from typing import Any

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
    }


def draft_from_json(data: Mapping[str, Any]) -> QuestionDraft:
    """Read it again.  Raises WrongShape."""
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
    )
