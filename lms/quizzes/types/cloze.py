"""Embedded answers: a text with lists, choices, words and numbers to fill in; each gap is graded as a question of its own."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from random import Random
from typing import Any

from markupsafe import Markup, escape

from lms.core.i18n import DEFAULT, gettext, lazy_
from lms.quizzes import cloze_text, grading
from lms.quizzes.bodies.choosing import MultipleChoiceBody, SingleChoiceBody
from lms.quizzes.bodies.every import Body
from lms.quizzes.bodies.gaps import ClozeBody, Gap
from lms.quizzes.bodies.numbers import NumericalBody
from lms.quizzes.bodies.words import ShortAnswerBody
from lms.quizzes.content import InvalidResponse, LazyText, Problem, Response, Texts
from lms.quizzes.grading import Grade, GradeState, PartMark
from lms.quizzes.types import gap_pieces, number_text
from lms.quizzes.types.drawing import Drawing
from lms.quizzes.types.gap_pieces import GapShown, GapsSketch
from lms.quizzes.types.kind import QuestionType, check_texts, error
from lms.quizzes.types.multiple_choice import MultipleChoice
from lms.quizzes.types.numerical import Numerical
from lms.quizzes.types.short_answer import ShortAnswer
from lms.quizzes.types.single_choice import SingleChoice

_FIELDS = ("choice", "choices", "text")
_STEP = 8  # letters; a field tells no more than roughly how long the answer is
_WIDEST = 40


class Cloze(QuestionType[ClozeBody]):
    """Response: ``{"gaps": {"1": {"choice": "1a"}, "2": {"text": "Huế"}}}``; gaps left open are not there.

    What stands behind the key of a gap is a response of the type that the gap
    is.  A form sends one field a gap: ``1.choice``, ``2.text``, ``3.choices``.
    """

    key = "cloze"
    label = lazy_("Embedded answers (cloze)")

    def check(self, body: ClozeBody, texts: Texts) -> list[Problem]:
        problems = check_texts(texts)
        if not body.gaps:
            return [*problems, error(lazy_("There is no gap in the text."))]
        if not sum(gap.weight for gap in body.gaps):
            problems.append(error(lazy_("At least one gap must have a weight above zero.")))
        for gap in body.gaps:
            problems += self.check_gap(body, gap, texts)
        for language in texts.languages:
            problems += _misplaced(body, texts.of("stem", language))
        return problems

    def check_gap(self, body: ClozeBody, gap: Gap, texts: Texts) -> list[Problem]:
        """Return what is to be mended in one gap."""
        with_stem = Texts({code: {**own, "stem": "?"} for code, own in texts.by_language.items()})
        return [
            replace(problem, message=lazy_("Gap {number}: {problem}", number=gap.key, problem=problem.message))
            for problem in _type(gap).check(_body(body, gap), with_stem)
        ]

    def trouble(self, body: ClozeBody, response: Response) -> LazyText | None:
        given = response.get("gaps", {})
        if not given:
            return None
        for number, gap in enumerate(body.gaps, start=1):
            trouble = _type(gap).trouble(_body(body, gap), _own(given, gap))
            if trouble is not None:
                return lazy_("Gap {number}: {problem}", number=number, problem=trouble)
        if any(not _own(given, gap) for gap in body.gaps):
            return lazy_("Please fill in every gap.")
        return None

    def grade(self, body: ClozeBody, response: Response) -> Grade:
        if self.empty(response):
            return grading.GAVE_UP
        earned, parts = 0.0, dict[str, GradeState]()
        for gap in body.gaps:
            own = _own(response["gaps"], gap)
            if not own:
                continue
            grade = _type(gap).grade(_body(body, gap), own)
            earned += (grade.fraction or 0.0) * gap.weight
            parts |= {gap.key: grade.state, **grade.parts}
        possible = sum(gap.weight for gap in body.gaps)
        return grading.grade(earned / possible if possible else 0.0, parts)

    def parts_of(self, body: ClozeBody, response: Response) -> Mapping[str, PartMark]:
        given, possible = response.get("gaps", {}), sum(gap.weight for gap in body.gaps)
        if not possible:
            return {}
        graded = {gap.key: _type(gap).grade(_body(body, gap), _own(given, gap)).fraction or 0.0 for gap in body.gaps}
        return {gap.key: PartMark(graded[gap.key], gap.weight / possible) for gap in body.gaps}

    def without_wrong(self, body: ClozeBody, response: Response) -> Response:
        given = response.get("gaps", {})
        left = {gap.key: _type(gap).without_wrong(_body(body, gap), _own(given, gap)) for gap in body.gaps if _own(given, gap)}
        kept = {key: own for key, own in left.items() if own}
        return {"gaps": kept} if kept else {}

    def shown_keys(self, body: ClozeBody) -> frozenset[str]:
        return frozenset(key for gap in body.gaps for key in (gap.key, *(choice.key for choice in gap.choices)))

    def guess_fraction(self, body: ClozeBody) -> float | None:
        weights = [gap.weight for gap in body.gaps]
        guesses = [_type(gap).guess_fraction(_body(body, gap)) for gap in body.gaps]
        if not sum(weights) or any(each is None for each in guesses):
            return None
        return sum((each or 0.0) * weight for each, weight in zip(guesses, weights, strict=True)) / sum(weights)

    def right_answer(self, body: ClozeBody) -> Response:
        right = {gap.key: _type(gap).right_answer(_body(body, gap)) for gap in body.gaps}
        return {"gaps": {key: response for key, response in right.items() if response}} if any(right.values()) else {}

    def describe(self, body: ClozeBody, texts: Texts, response: Response, language: str = DEFAULT) -> str:
        given = response.get("gaps", {})
        lines = [
            f"{number}. {_type(gap).describe(_body(body, gap), texts, _own(given, gap), language)}"
            for number, gap in enumerate(_in_text(body, texts, language), start=1)
            if _own(given, gap)
        ]
        return "; ".join(lines)

    def shuffle_order(self, body: ClozeBody, random: Random) -> list[str]:
        """Return the keys of all choices, those of a gap together."""
        return [key for gap in body.gaps for key in _type(gap).shuffle_order(_body(body, gap), random)]

    def clean(self, body: ClozeBody, raw: Mapping[str, Any]) -> Response:
        given = raw.get("gaps") or {}
        if not isinstance(given, Mapping) or not set(given) <= {gap.key for gap in body.gaps}:
            raise InvalidResponse()
        gaps = {}
        for gap in body.gaps:
            own = given.get(gap.key) or {}
            if not isinstance(own, Mapping):
                raise InvalidResponse()
            flat = {name: raw[f"{gap.key}.{name}"] for name in _FIELDS if f"{gap.key}.{name}" in raw}
            if response := _type(gap).clean(_body(body, gap), {**own, **flat}):
                gaps[gap.key] = response
        return {"gaps": gaps} if gaps else {}

    def draw(self, body: ClozeBody, drawing: Drawing) -> GapsSketch:
        texts, keys = gap_pieces.split(drawing.html("stem"), cloze_text.PLACE)
        known = {gap.key: gap for gap in body.gaps}
        numbers = {gap.key: number for number, gap in enumerate(_in_text(body, drawing.texts, drawing.language), start=1)}
        gaps = [self._shown(body, known[key], numbers[key], drawing) if key in known else None for key in keys]
        todo = Markup(escape(gettext("Fill in the gaps.")))
        return GapsSketch(todo, tuple(gap_pieces.pieces(texts, gaps)), len(numbers))

    def _shown(self, body: ClozeBody, gap: Gap, number: int, drawing: Drawing) -> GapShown:
        own = _own(drawing.response.get("gaps", {}), gap)
        kind, of_gap = _type(gap), _body(body, gap)
        chosen = {own.get("choice"), *own.get("choices", ())}
        keys = [choice.key for choice in gap.choices]
        offers = tuple(
            gap_pieces.offer(drawing.inline(key), key=key, plain=drawing.plain(key), chosen=key in chosen) for key in drawing.in_order(keys)
        )
        answers = [choice.key for choice in gap.choices] + [word.key for word in gap.words] + [number.key for number in gap.numbers]
        return GapShown(
            gap.key,
            number,
            _control(gap),
            f"{gap.key}.{_field(gap)}",
            offers,
            across=gap.kind.is_across,
            text=own.get("text", ""),
            size=_size(gap),
            is_number=bool(gap.numbers),
            answer=kind.describe(of_gap, drawing.texts, own, drawing.language) if own else "",
            state=drawing.state(gap.key),
            right=kind.describe(of_gap, drawing.texts, kind.right_answer(of_gap), drawing.language) if drawing.reveals else "",
            feedbacks=tuple(feedback for key in answers if (feedback := drawing.feedback(key))),
        )


_ONE, _SEVERAL, _WORD, _NUMBER = SingleChoice(), MultipleChoice(), ShortAnswer(), Numerical()


def _type(gap: Gap) -> QuestionType[Any]:
    if gap.kind.is_one_of:
        return _ONE
    if gap.kind.is_several:
        return _SEVERAL
    return _WORD if gap.kind.is_word else _NUMBER


def _body(body: ClozeBody, gap: Gap) -> Body:
    """Return the gap as a question of its own."""
    shuffle = gap.kind.is_shuffled
    if gap.kind.is_one_of:
        return SingleChoiceBody(gap.choices, shuffle=shuffle)
    if gap.kind.is_several:
        return MultipleChoiceBody(gap.choices, shuffle=shuffle)
    if gap.kind.is_word:
        return ShortAnswerBody(gap.words, case=gap.kind.minds_case, marks=body.marks)
    return NumericalBody(gap.numbers, separators=body.separators)


def _own(given: Mapping[str, Any], gap: Gap) -> Response:
    response: Response = given.get(gap.key, {})
    return response


def _control(gap: Gap) -> str:
    if gap.kind.is_several:
        return "checkbox"
    if gap.kind.is_one_of:
        return "list" if gap.kind.is_list else "radio"
    return "text"


def _field(gap: Gap) -> str:
    if gap.kind.is_several:
        return "choices"
    return "choice" if gap.kind.is_one_of else "text"


def _size(gap: Gap) -> int:
    lengths = [len(word.pattern) for word in gap.words] + [
        len(number_text.write(each.value)) for each in gap.numbers if each.value is not None
    ]
    longest = max(lengths, default=1)
    return min(-(-longest // _STEP) * _STEP, _WIDEST)


def _in_text(body: ClozeBody, texts: Texts, language: str) -> list[Gap]:
    """Return the gaps as the reader counts them: a translation may have them in another order."""
    _, keys = gap_pieces.split(texts.of("stem", language), cloze_text.PLACE)
    at = {key: place for place, key in reversed(list(enumerate(keys)))}
    return sorted(body.gaps, key=lambda gap: at.get(gap.key, len(keys)))


def _misplaced(body: ClozeBody, stem: str) -> Iterator[Problem]:
    _, keys = gap_pieces.split(stem, cloze_text.PLACE)
    counted = Counter(keys)
    known = {gap.key for gap in body.gaps}
    complaints: list[tuple[set[str], Callable[[str], LazyText]]] = [
        (known - set(keys), lambda key: lazy_("Gap {number} is not in the text.", number=key)),
        (set(keys) - known, lambda key: lazy_("The text names a gap {number} that is not there.", number=key)),
        ({key for key in known if counted[key] > 1}, lambda key: lazy_("Gap {number} is in the text twice.", number=key)),
    ]
    for found, say in complaints:
        yield from (error(say(key)) for key in sorted(found))
