"""How far a learner is: counts and the next step (pure)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from lms.courses.outline import Outline, Step

# States of a result that count as done.  A failed quiz is not done, however often it was tried.
DONE = frozenset({"completed", "passed"})
_RANK = {"started": 0, "failed": 1, "completed": 2, "passed": 3}


@dataclass(frozen=True)
class Progress:
    """``now`` is where to go on: None when everything is done."""

    done_keys: frozenset[str]
    done: int  # required steps done
    required: int
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


def progress(outline: Outline, states: Mapping[str, str], last_key: str | None = None) -> Progress:
    """Return how far somebody is who has results in these states and was last at ``last_key``.

    One goes on at the first required step after the last one that is not done,
    else at the first from the beginning: who jumped ahead is not sent back, and
    nothing is forgotten.
    """
    done_keys = frozenset(key for key, state in states.items() if state in DONE)
    last = outline.step(last_key) if last_key else None
    start = last.number if last else 0
    in_order = outline.steps[start:] + outline.steps[:start]
    return Progress(
        done_keys=done_keys,
        done=count_done(states, outline.required_keys),
        required=len(outline.required_keys),
        now=next((step for step in in_order if step.required and step.key not in done_keys), None),
    )
