"""Feedback of items: which texts are shown after which responses."""

import re
from collections.abc import Mapping

from lms.core.i18n import lazy_
from lms.interop.qti.items import Feedback, Item
from lms.interop.qti.values import Value

Responses = Mapping[str, Value]


def shown(item: Item, responses: Responses) -> list[Feedback]:
    """Return the feedback that the rules show after these responses."""
    if not item.feedback:
        return []
    outcomes = item.run(responses)
    return [each for each in item.feedback if outcomes and each.shows(outcomes)]


def by_answer(item: Item, answers: Mapping[str, tuple[str, Responses]], *, right: frozenset[str]) -> dict[str, str]:
    """Return the feedback of a question of which one answer is given.

    ``answers`` tells for each key of ours the identifier in the file and the
    responses; ``right`` are the keys that are worth the whole mark.
    """
    seen = {key: shown(item, responses) for key, (_, responses) in answers.items()}
    wrong = frozenset(seen) - right
    texts: dict[str, list[Feedback]] = {}
    for each in item.feedback:
        after = frozenset(key for key in seen if any(each is one for one in seen[key]))
        if not after:
            continue
        own = frozenset(key for key in after if _names(each.identifier, answers[key][0]))
        if after == frozenset(seen) and len(seen) > 1:
            places = ["feedback"]
        elif own == after or after not in (right, wrong):
            places = [f"{key}.feedback" for key in sorted(after)]
        else:
            places = ["feedback.right" if after == right else "feedback.wrong"]
        for place in places:
            texts.setdefault(place, []).append(each)
    _tell_the_rest(item, list(seen.values()))
    return {key: _joined(feedback) for key, feedback in texts.items()}


def by_outcome(item: Item, *, right: Responses, partial: Responses | None, wrong: Responses | None) -> dict[str, str]:
    """Return the feedback of a question of which many answers are possible."""
    seen = {
        "feedback.right": shown(item, right),
        "feedback.partial": shown(item, partial) if partial is not None else [],
        "feedback.wrong": shown(item, wrong) if wrong is not None else [],
    }
    _tell_the_rest(item, list(seen.values()))
    texts = {key: _joined(each) for key, each in seen.items()}
    if wrong is not None and texts["feedback.right"] == texts["feedback.wrong"]:
        return {"feedback": texts["feedback.right"]} if texts["feedback.right"] else {}
    return {key: text for key, text in texts.items() if text}


def _names(identifier: str, answer: str) -> bool:
    """Say whether a feedback is called after an answer, as 4711_fb is after 4711."""
    return bool(answer) and re.search(rf"(?<![A-Za-z0-9]){re.escape(answer)}(?![A-Za-z0-9])", identifier) is not None


def _joined(feedback: list[Feedback]) -> str:
    return "".join(dict.fromkeys(each.html for each in feedback))


def _tell_the_rest(item: Item, seen: list[list[Feedback]]) -> None:
    used = {id(each) for some in seen for each in some}
    lost = [each.identifier for each in item.feedback if id(each) not in used]
    if lost:
        item.warn(lazy_("It is not clear when this feedback is shown; it is not kept: {names}.", names=", ".join(dict.fromkeys(lost))))
