"""Find the answer to each: pairs, with answers that only distract."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from markupsafe import Markup

from lms.core.i18n import DEFAULT, lazy_
from lms.quizzes import grading
from lms.quizzes.bodies.arranging import MatchingBody, MatchScoring
from lms.quizzes.content import InvalidResponse, LazyText, Problem, Response, Texts
from lms.quizzes.grading import Grade, GradeState, PartMark
from lms.quizzes.types import wording
from lms.quizzes.types.drawing import Drawing, Sketch
from lms.quizzes.types.kind import DELETED, QuestionType, check_texts, error, one_text, shuffled
from lms.quizzes.types.on_paper import LETTERS, OnPaper


@dataclass(frozen=True)
class Row:
    """One pair: what is asked, and the key and text of the answer that was chosen for it."""

    key: str
    html: Markup
    chosen: str
    chosen_text: str
    state: str
    feedback: Markup


@dataclass(frozen=True)
class MatchingSketch(Sketch):
    """The pairs, and the answers to choose from as (key, text)."""

    rows: tuple[Row, ...]
    answers: tuple[tuple[str, str], ...]


class Matching(QuestionType[MatchingBody]):
    """Response: ``{"pairs": {"p1": "a2", "p2": "a1"}}``; pairs left open are not there.

    A form sends one field a pair: ``pairs.p1``.
    """

    key = "matching"
    label = lazy_("Matching")

    def check(self, body: MatchingBody, texts: Texts) -> list[Problem]:
        problems = check_texts(texts, *(pair.key for pair in body.pairs), *body.answers)
        if len(body.pairs) < 2 or len(body.answers) < 2:
            problems.append(error(lazy_("There must be at least two pairs and two answers.")))
        for language in texts.languages:
            names = [wording.plain(texts.by_language[language].get(key, "")) for key in body.answers]
            for name in sorted({name for name in names if name and names.count(name) > 1}):
                problems.append(error(lazy_("The answer “{text}” is there twice.", text=name)))
        return problems

    def tidy(self, body: MatchingBody, texts: Texts) -> tuple[MatchingBody, Texts]:
        """Make one answer of those that read the same in every language."""
        first: dict[tuple[str, ...], str] = {}
        stands_for = {}
        for key in body.answers:
            reading = tuple(wording.plain(text) for text in texts.in_all(key))
            stands_for[key] = first.setdefault(reading, key) if any(reading) else key
        dropped = {key for key, kept in stands_for.items() if key != kept}
        pairs = tuple(replace(pair, answer=stands_for[pair.answer]) for pair in body.pairs)
        answers = tuple(key for key in body.answers if key not in dropped)
        return replace(body, pairs=pairs, answers=answers), texts.without(dropped)

    def trouble(self, body: MatchingBody, response: Response) -> LazyText | None:
        given = response.get("pairs", {})
        if given and any(given.get(pair.key) not in body.answers for pair in body.pairs):
            return lazy_("Please choose an answer for each.")
        return None

    def grade(self, body: MatchingBody, response: Response) -> Grade:
        if self.empty(response):
            return grading.GAVE_UP
        given = response["pairs"]
        parts = {
            pair.key: GradeState.RIGHT if given[pair.key] == pair.answer else GradeState.WRONG for pair in body.pairs if pair.key in given
        }
        right = sum(part is GradeState.RIGHT for part in parts.values())
        if body.scoring is MatchScoring.ALL_OR_NOTHING:
            return grading.grade(float(bool(body.pairs) and right == len(body.pairs)), parts)
        return grading.grade(right / len(body.pairs) if body.pairs else 0.0, parts)

    def parts_of(self, body: MatchingBody, response: Response) -> Mapping[str, PartMark]:
        given = response.get("pairs", {})
        return {pair.key: PartMark(float(given.get(pair.key) == pair.answer), 1 / len(body.pairs)) for pair in body.pairs}

    def without_wrong(self, body: MatchingBody, response: Response) -> Response:
        right = {pair.key: pair.answer for pair in body.pairs if response.get("pairs", {}).get(pair.key) == pair.answer}
        return {"pairs": right} if right else {}

    def guess_fraction(self, body: MatchingBody) -> float:
        return 1.0 / len(body.answers)

    def right_answer(self, body: MatchingBody) -> Response:
        return {"pairs": {pair.key: pair.answer for pair in body.pairs}}

    def describe(self, body: MatchingBody, texts: Texts, response: Response, language: str = DEFAULT) -> str:
        def name(key: str) -> str:
            return wording.plain(texts.of(key, language))

        given = response.get("pairs", {})
        lines = [
            f"{name(pair.key)} → {name(given[pair.key]) if given[pair.key] in body.answers else DELETED}"
            for pair in body.pairs
            if pair.key in given
        ]
        return "; ".join(lines)

    def shuffle_order(self, body: MatchingBody, random: Random) -> list[str]:
        """Return the keys of the pairs, then those of the answers, which are always shuffled."""
        pairs = [pair.key for pair in body.pairs]
        return (shuffled(pairs, random) if body.shuffle else pairs) + shuffled(body.answers, random)

    def draw(self, body: MatchingBody, drawing: Drawing) -> MatchingSketch:
        given = drawing.response.get("pairs", {})
        answers = {key: drawing.plain(key) for key in drawing.in_order(body.answers)}
        rows = (
            Row(
                key, drawing.inline(key), given.get(key, ""), answers.get(given.get(key, ""), ""), drawing.state(key), drawing.feedback(key)
            )
            for key in drawing.in_order([pair.key for pair in body.pairs])
        )
        return MatchingSketch(drawing.html("stem"), tuple(rows), tuple(answers.items()))

    def on_paper(self, body: MatchingBody, drawing: Drawing) -> OnPaper:
        answers, belongs = drawing.in_order(body.answers), {pair.key: pair.answer for pair in body.pairs}
        rows = self.draw(body, drawing).rows
        return OnPaper(
            rows=tuple(row.html for row in rows),
            answers=tuple(drawing.inline(key) for key in answers),
            boxes=tuple(LETTERS[answers.index(belongs[row.key]) % len(LETTERS)] for row in rows),
        )

    def clean(self, body: MatchingBody, raw: Mapping[str, Any]) -> Response:
        given = raw.get("pairs") or {}
        if not isinstance(given, Mapping):
            raise InvalidResponse()
        keys = {pair.key for pair in body.pairs}
        if not set(given) <= keys:
            raise InvalidResponse()
        flat = {pair.key: raw[f"pairs.{pair.key}"] for pair in body.pairs if f"pairs.{pair.key}" in raw}
        chosen = {pair.key: one_text({**given, **flat}, pair.key) for pair in body.pairs}
        pairs = {key: answer for key, answer in chosen.items() if answer}
        if not set(pairs.values()) <= set(body.answers):
            raise InvalidResponse()
        return {"pairs": pairs} if pairs else {}
