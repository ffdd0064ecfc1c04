"""Feedback of items: which texts are shown after which responses."""

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
    own = {key: [each for each in seen[key] if each.identifier == answers[key][0]] for key in seen}
    rest = {key: [each for each in seen[key] if each not in own[key]] for key in seen}
    texts = {f"{key}.feedback": _joined(own[key]) for key in own}
    of_right, of_wrong = {_joined(rest[key]) for key in right}, {_joined(rest[key]) for key in rest if key not in right}
    if len(of_right) == 1 and of_right == of_wrong:
        texts["feedback"] = of_right.pop()
    elif len(of_right) <= 1 and len(of_wrong) <= 1:
        texts |= {"feedback.right": "".join(of_right), "feedback.wrong": "".join(of_wrong)}
    else:
        texts = {f"{key}.feedback": _joined(seen[key]) for key in seen}
    _tell_the_rest(item, list(seen.values()))
    return {key: text for key, text in texts.items() if text}


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


def _joined(feedback: list[Feedback]) -> str:
    return "".join(dict.fromkeys(each.html for each in feedback))


def _tell_the_rest(item: Item, seen: list[list[Feedback]]) -> None:
    used = {id(each) for some in seen for each in some}
    lost = [each.identifier for each in item.feedback if id(each) not in used]
    if lost:
        item.warn(lazy_("It is not clear when this feedback is shown; it is not kept: {names}.", names=", ".join(dict.fromkeys(lost))))
