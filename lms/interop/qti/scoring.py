"""Finding the question of ours that is worth what an item is worth, by asking its rules about many responses."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeVar

from lms.core.i18n import lazy_
from lms.interop.qti.items import Item
from lms.interop.qti.processing import SCORE
from lms.interop.qti.values import NotUnderstood, Value
from lms.quizzes.bodies import every
from lms.quizzes.bodies.every import Body
from lms.quizzes.content import Response
from lms.quizzes.shape import WrongShape
from lms.quizzes.types.kind import QuestionType

B = TypeVar("B", bound=Body)

SEED = 20_260  # so that the same file always reads the same
_SAME = 0.005  # of the mark
_ROUNDED = 7


@dataclass(frozen=True)
class Derived:
    """A question that was made of an item.

    ``keys`` tells for the identifiers of the file the key of ours; ``mark`` is
    what the best response is worth in the file.
    """

    type: str
    body: Body
    texts: dict[str, str]
    mark: float = 1.0
    keys: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Sample:
    """A response as the file has it and as we have it, and the share of the mark that the file gives."""

    share: float
    response: Response


@dataclass
class Scores:
    """What responses to an item are worth; kept, because many are asked about."""

    item: Item
    _known: dict[tuple[tuple[str, Value], ...], Decimal] = field(default_factory=dict)

    @property
    def are_given(self) -> bool:
        """Say whether the item has rules that we understand."""
        return not self.item.misunderstood and self.item.rules.give_marks

    def of(self, responses: Mapping[str, Value]) -> Decimal:
        """Return the score of responses; 0 once something of the rules is not understood."""
        if not self.are_given:
            return Decimal(0)
        key = tuple(sorted(responses.items(), key=lambda each: each[0]))
        if key not in self._known:
            try:
                self._known[key] = self.item.rules.score(responses)
            except NotUnderstood as error:
                self.item.misunderstood = error.what
                return Decimal(0)
        return self._known[key]

    def best(self, candidates: Iterable[Mapping[str, Value]]) -> Decimal:
        return max((self.of(each) for each in candidates), default=Decimal(0))


def check_keys(item: Item, derived: Derived) -> None:
    """Raise Unreadable when the bank could not keep the body, as when an item uses an identifier twice."""
    try:
        every.body_from_json(derived.type, every.body_to_json(derived.body))
    except WrongShape as error:
        raise item.error(error) from error


def share(score: Decimal, best: Decimal) -> float:
    """Return a score as a share of the best, -1.0 to 1.0."""
    return round(float(max(min(score / best, Decimal(1)), Decimal(-1))), _ROUNDED) + 0.0


def declared_mark(item: Item) -> float:
    """Return what the item says that it is worth, where its rules do not tell."""
    maximum = item.outcomes.get("MAXSCORE")
    if maximum is not None and len(maximum.default.items) == 1:
        try:
            return max(float(maximum.default.number), 0.0) or 1.0
        except NotUnderstood:
            return 1.0
    score = item.outcomes.get(SCORE)
    return float(score.maximum) if score is not None and score.maximum and score.maximum > 0 else 1.0


def warn_of_fallback(item: Item, scores: Scores, *, has_answer: bool) -> None:
    """Say why the rules of the item do not decide."""
    if item.misunderstood:
        item.warn(
            lazy_(
                "The rules for scoring are not understood ({name}); the declared right answer decides.", name=item.named(item.misunderstood)
            )
        )
    elif has_answer and not scores.are_given:
        item.warn(lazy_("The file does not score this item automatically; here the declared right answer decides."))
    elif has_answer:
        item.warn(lazy_("The rules of the item give no marks; the declared right answer decides."))
    if not has_answer:
        item.warn(lazy_("The item has no right answer: any answer counts as right, and the question is worth no mark."))


def fitting(item: Item, kind: QuestionType[Any], candidates: Sequence[B], samples: Sequence[Sample]) -> B:
    """Return the first candidate that is worth the same for all samples, else the nearest, with a warning that says how it differs."""
    differences = {}
    for candidate in candidates:
        worth = [kind.grade(candidate, sample.response).fraction or 0.0 for sample in samples]
        differences[candidate] = [(abs(mine - sample.share), mine, sample.share) for mine, sample in zip(worth, samples, strict=True)]
        if all(difference < _SAME for difference, _, _ in differences[candidate]):
            return candidate
    nearest = min(candidates, key=lambda each: sum(difference for difference, _, _ in differences[each]))
    _, mine, theirs = max(differences[nearest])
    warn_of_difference(item, mine=mine, theirs=theirs)
    return nearest


def warn_of_difference(item: Item, *, mine: float, theirs: float) -> None:
    """Say where the file and our question differ most."""
    item.warn(
        lazy_(
            "The file scores some answers in another way: it gives {there} % where here it is {here} %.",
            there=f"{theirs * 100:.4g}",
            here=f"{mine * 100:.4g}",
        )
    )
