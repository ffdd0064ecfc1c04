"""Doing all steps of a question again, in order: gives the progress that each act gave at its time; pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from lms.quizzes.behaviours.kind import Act, Behaviour, Question
from lms.quizzes.behaviours.progress import Given, Progress

CERTAINTY = "certainty"  # beside the answer in the data of a step


def replay(behaviour: Behaviour, question: Question, steps: Iterable[tuple[str, Mapping[str, Any]]]) -> tuple[Progress, Given]:
    """Return the progress, and the last answer, after these steps (kind, data); kinds that are no acts of the learner count for nothing."""
    progress, given = Progress(behaviour.key), Given()
    for kind, data in steps:
        if kind == Act.AGAIN:
            progress, given = behaviour.again(question, progress, given)
        elif kind in ("save", Act.CHECK):
            given = given_in(data)
            if kind == Act.CHECK:
                progress = behaviour.check(question, progress, given)
    return progress, given


def given_in(data: Mapping[str, Any]) -> Given:
    """Return the answer that a step holds."""
    return Given({name: value for name, value in data.items() if name != CERTAINTY}, data.get(CERTAINTY))


def step_data(given: Given) -> dict[str, Any]:
    """Return what a step holds of an answer."""
    return dict(given.response) if given.certainty is None else {**given.response, CERTAINTY: given.certainty}
