"""Put things in order: each gets the number of its place."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from random import Random
from typing import Any

from markupsafe import Markup

from lms.core.i18n import DEFAULT, lazy_
from lms.quizzes import grading
from lms.quizzes.bodies.arranging import OrderingBody
from lms.quizzes.content import InvalidResponse, LazyText, Problem, Response, Texts
from lms.quizzes.grading import Grade
from lms.quizzes.types import order_rules, wording
from lms.quizzes.types.drawing import Drawing, Sketch
from lms.quizzes.types.kind import DELETED, QuestionType, check_texts, error, one_text, shuffled
from lms.quizzes.types.on_paper import OnPaper

_MOST_TO_TRY = 6  # items: 720 orders


@dataclass(frozen=True)
class Row:
    """One item; ``place`` counts from 1, 0: none yet."""

    key: str
    html: Markup
    place: int
    state: str
    feedback: Markup


@dataclass(frozen=True)
class OrderingSketch(Sketch):
    """The things to put in order as the page shows them."""

    rows: tuple[Row, ...]
    places: tuple[int, ...]
    horizontal: bool


class Ordering(QuestionType[OrderingBody]):
    """Response: ``{"places": {"a": 2, "b": 1}}``; where only some items are shown, those without a place have 0.

    A form sends one field an item: ``places.a``.  Two items with one number have
    no place, so that giving all the same number earns nothing.
    """

    key = "ordering"
    label = lazy_("Ordering")

    def check(self, body: OrderingBody, texts: Texts) -> list[Problem]:
        problems = check_texts(texts, *(item.key for item in body.items))
        if len(body.items) < 2:
            problems.append(error(lazy_("There must be at least two things to put in order.")))
        elif body.subset and not 2 <= body.subset < len(body.items):
            problems.append(error(lazy_("At least two and not all of the things can be chosen to be shown.")))
        for language in texts.languages:
            names = Counter(wording.plain(texts.by_language[language].get(item.key, "")) for item in body.items)
            for name in sorted(name for name, count in names.items() if name and count > 1):
                problems.append(error(lazy_("“{text}” is there twice: nobody can tell which comes first.", text=name)))
        return problems

    def trouble(self, body: OrderingBody, response: Response) -> LazyText | None:
        if self.empty(response):
            return None
        given = response["places"]
        numbers = [given.get(key, 0) for key in _shown(body, response)]
        if 0 in numbers:
            return lazy_("Please give each a number.")
        if len(set(numbers)) < len(numbers):
            return lazy_("Please give each a number of its own.")
        return None

    def grade(self, body: OrderingBody, response: Response) -> Grade:
        if self.empty(response):
            return grading.GAVE_UP
        right, places = _shown(body, response), _places(body, response)
        scores = order_rules.item_scores(body.rule, right, places)
        parts = {key: grading.state_of(score.earned / score.possible if score.possible else 0.0) for key, score in scores.items()}
        return grading.grade(order_rules.fraction(body.rule, right, places), parts)

    def count_right(self, body: OrderingBody, response: Response) -> tuple[int, int] | None:
        if self.empty(response):
            return None
        right = _shown(body, response)
        return sum(one == other for one, other in zip(right, _places(body, response), strict=True)), len(right)

    def without_wrong(self, body: OrderingBody, response: Response) -> Response:
        """Take away the numbers of what stands at a wrong place."""
        if self.empty(response):
            return {}
        right, at = _shown(body, response), _places(body, response)
        stands = {key: place for place, (key, given) in enumerate(zip(right, at, strict=True), start=1) if key == given}
        if not stands:
            return {}
        return {"places": {key: stands.get(key, 0) for key in right} if body.subset else stands}

    def guess_fraction(self, body: OrderingBody) -> float | None:
        """Return the mean of all orders; not where only some items are shown, or very many."""
        keys = [item.key for item in body.items]
        if body.subset or len(keys) > _MOST_TO_TRY:
            return None
        ways = [order_rules.fraction(body.rule, keys, places) for places in permutations(keys)]
        return sum(ways) / len(ways)

    def right_answer(self, body: OrderingBody) -> Response:
        return {"places": {item.key: place for place, item in enumerate(body.items, start=1)}} if body.items else {}

    def describe(self, body: OrderingBody, texts: Texts, response: Response, language: str = DEFAULT) -> str:
        known = {item.key for item in body.items}
        given = sorted((place, key) for key, place in response.get("places", {}).items() if place)
        return "; ".join(f"{place}. {wording.plain(texts.of(key, language)) if key in known else DELETED}" for place, key in given)

    def shuffle_order(self, body: OrderingBody, random: Random) -> list[str]:
        keys = [item.key for item in body.items]
        if body.subset and body.contiguous:
            start = random.randrange(len(keys) - body.subset + 1)
            keys = keys[start : start + body.subset]
        mixed = shuffled(keys, random)
        return mixed[: body.subset] if body.subset else mixed

    def on_paper(self, body: OrderingBody, drawing: Drawing) -> OnPaper:
        rows = self.draw(body, drawing).rows
        right = [item.key for item in body.items if item.key in {row.key for row in rows}]
        return OnPaper(rows=tuple(row.html for row in rows), boxes=tuple(str(right.index(row.key) + 1) for row in rows))

    def clean(self, body: OrderingBody, raw: Mapping[str, Any]) -> Response:
        given = raw.get("places") or {}
        if not isinstance(given, Mapping):
            raise InvalidResponse()
        keys = [item.key for item in body.items]
        if not set(given) <= set(keys):
            raise InvalidResponse()
        flat = {key: raw[f"places.{key}"] for key in keys if f"places.{key}" in raw}
        sent = {**given, **flat}
        places = {key: _number(one_text(sent, key), most=len(keys)) for key in keys if key in sent}
        if not any(places.values()):
            return {}
        if not body.subset:
            return {"places": {key: place for key, place in places.items() if place}}
        if len(places) not in (body.subset, len(keys)) or max(places.values()) > len(places):
            raise InvalidResponse()
        return {"places": places}

    def draw(self, body: OrderingBody, drawing: Drawing) -> OrderingSketch:
        given = drawing.response.get("places", {})
        keys = [item.key for item in body.items]
        shown = [key for key in drawing.order if key in keys] if body.subset and drawing.order else drawing.in_order(keys)
        told = drawing if body.show_rule else Drawing(drawing.texts, drawing.language, feedback_of=drawing.feedback_of)
        rows = (Row(key, drawing.inline(key), given.get(key, 0), told.state(key), drawing.feedback(key)) for key in shown)
        return OrderingSketch(drawing.html("stem"), tuple(rows), tuple(range(1, len(shown) + 1)), body.horizontal)


def _number(text: str, *, most: int) -> int:
    if not text:
        return 0
    if not (text.isascii() and text.isdigit() and len(text) <= 4 and int(text) <= most):
        raise InvalidResponse()
    return int(text)


def _shown(body: OrderingBody, response: Response) -> list[str]:
    """Return the items in front of the learner, in the right order."""
    keys = [item.key for item in body.items]
    return [key for key in keys if key in response["places"]] if body.subset else keys


def _places(body: OrderingBody, response: Response) -> Sequence[str | None]:
    shown = _shown(body, response)
    given = {key: response["places"].get(key, 0) for key in shown}
    times = Counter(given.values())
    at = {place: key for key, place in given.items() if times[place] == 1}
    return [at.get(place) for place in range(1, len(shown) + 1)]
