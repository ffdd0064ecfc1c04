"""How far a learner is: counts and the next step (pure)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from lms.courses.outline import Outline
from lms.courses.steps import Step
from lms.learning import openness
from lms.learning.openness import DONE, Standing

_RANK = {"started": 0, "failed": 1, "completed": 2, "passed": 3}


@dataclass(frozen=True)
class Progress:
    """``now`` is where to go on: None when everything is done, or nothing that counts is open yet."""

    done_keys: frozenset[str]
    done: int  # steps done that count for this learner, at most as many as are needed
    required: int  # so many complete the course
    now: Step | None

    @property
    def complete(self) -> bool:
        return self.done >= self.required

    @property
    def share(self) -> float:
        return self.done / self.required if self.required else 1.0

    @property
    def left(self) -> int:
        return self.required - self.done


def better(state: str, than: str) -> bool:
    """Return whether an outcome's state is better than another: started, failed, completed, passed."""
    return _RANK[state] > _RANK[than]


def count_done(states: Mapping[str, str], required_keys: Collection[str]) -> int:
    """Return how many of the required activities are done, from the state of each activity's result."""
    return sum(1 for key in required_keys if states.get(key) in DONE)


def progress(outline: Outline, standing: Standing, last_key: str | None = None) -> Progress:
    """Return how far somebody is who stands like this and was last at ``last_key``.

    One goes on at the first open step after the last one that counts and is not done,
    else at the first from the beginning: who jumped ahead is not sent back, and
    nothing is forgotten.  What is not for this learner counts for nothing.
    """
    done_keys = frozenset(key for key, state in standing.states.items() if state in DONE)
    last = outline.step(last_key) if last_key else None
    start = last.number if last else 0
    in_order = outline.steps[start:] + outline.steps[:start]
    counted, needed = openness.required(outline, standing.audience), openness.needed(outline, standing.audience)
    done = min(count_done(standing.states, counted), needed)
    waiting = (step for step in in_order if step.key in counted and step.key not in done_keys and openness.is_open(step, standing, outline))
    return Progress(done_keys=done_keys, done=done, required=needed, now=next(waiting, None) if done < needed else None)
