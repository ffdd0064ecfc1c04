"""Finding questions that ask the same: equal after folding, or nearly equal by their words; pure.

Each question is the set of its runs of three words, folded.  Two are nearly
equal when the sets share at least SHARE of what is in either (the Jaccard
index).  Only pairs with a rare run in common are compared: a run that more
than MOST_OF_RUN questions have tells nothing.  So the work grows with the
number of questions and not with its square.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lms.core import names
from lms.quizzes.types import wording

SHARE = 0.6
MOST_OF_RUN = 40
_RUN = 3


@dataclass(frozen=True)
class Asked:
    """A question as it is compared: its stem in every language."""

    question_id: int
    stems: tuple[str, ...]


@dataclass(frozen=True)
class Group:
    """Questions that ask the same; ``share`` 1.0 is word for word."""

    question_ids: tuple[int, ...]
    share: float


def groups(questions: Sequence[Asked]) -> list[Group]:
    """Return the groups of questions that ask the same, equal ones first; each question is in one group at most."""
    folded = {each.question_id: _words(each.stems) for each in questions}
    equal: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for question_id, words in folded.items():
        if words:
            equal[words].append(question_id)
    found = [Group(tuple(ids), 1.0) for ids in equal.values() if len(ids) > 1]
    # Of equal ones, one stands for all.
    runs = {ids[0]: _runs(words) for words, ids in equal.items()}
    near = _near(runs)
    return found + sorted(_joined(near), key=lambda group: (-group.share, group.question_ids))


def _words(stems: Iterable[str]) -> tuple[str, ...]:
    return tuple("".join(letter if letter.isalnum() else " " for letter in names.fold(" ".join(map(wording.plain, stems)))).split())


def _runs(words: tuple[str, ...]) -> frozenset[tuple[str, ...]]:
    return frozenset(words[at : at + _RUN] for at in range(max(len(words) - _RUN + 1, 1)))


def _near(runs: Mapping[int, frozenset[tuple[str, ...]]]) -> dict[tuple[int, int], float]:
    having: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for question_id, own in runs.items():
        for run in own:
            having[run].append(question_id)
    together: dict[tuple[int, int], int] = defaultdict(int)
    for ids in having.values():
        if 1 < len(ids) <= MOST_OF_RUN:
            for at, first in enumerate(ids):
                for second in ids[at + 1 :]:
                    together[first, second] += 1
    found = {}
    for (first, second), count in together.items():
        # What they share besides rare runs is counted only for those that share one.
        if count:
            shared = len(runs[first] & runs[second])
            share = shared / (len(runs[first]) + len(runs[second]) - shared)
            if share >= SHARE:
                found[first, second] = share
    return found


def _joined(near: Mapping[tuple[int, int], float]) -> list[Group]:
    """Join pairs that have a question in common."""
    leader: dict[int, int] = {}

    def lead(question_id: int) -> int:
        while leader.setdefault(question_id, question_id) != question_id:
            question_id = leader[question_id]
        return question_id

    for first, second in near:
        leader[lead(second)] = lead(first)
    members: dict[int, set[int]] = defaultdict(set)
    least: dict[int, float] = {}
    for (first, second), share in near.items():
        head = lead(first)
        members[head] |= {first, second}
        least[head] = min(least.get(head, 1.0), share)
    return [Group(tuple(sorted(ids)), least[head]) for head, ids in members.items()]
