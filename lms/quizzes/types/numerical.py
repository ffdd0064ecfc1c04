"""A number, with or without a unit."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from lms.core.i18n import DEFAULT, lazy_
from lms.quizzes import grading
from lms.quizzes.bodies.numbers import NumericalAnswer, NumericalBody, Unit, UnitGrading, UnitInput
from lms.quizzes.content import InvalidResponse, LazyText, Problem, Response, Texts
from lms.quizzes.grading import Grade
from lms.quizzes.types import number_text, wording
from lms.quizzes.types.drawing import Drawing, TextSketch, feedback_below
from lms.quizzes.types.kind import LONGEST_TEXT, QuestionType, check_fractions, check_texts, error, one_text
from lms.quizzes.types.on_paper import OnPaper


@dataclass(frozen=True)
class NumericalSketch(TextSketch):
    """A number to type, and the units to choose from; ``unit`` is the key of the chosen one."""

    unit: str
    unit_input: UnitInput
    units: tuple[Unit, ...]
    said: str  # number and unit as one text


class Numerical(QuestionType[NumericalBody]):
    """Response: ``{"text": "1.234,5", "unit": "u1"}``; the number as typed, the unit only where one is chosen.

    The number stays as typed, so that the learner sees it again and a report
    shows what was meant.  Where it can be read in two ways, the learner is asked;
    if it is handed in like that, the better reading counts.
    """

    key = "numerical"
    label = lazy_("Numerical")

    def check(self, body: NumericalBody, texts: Texts) -> list[Problem]:
        problems = check_texts(texts) + check_fractions([answer.fraction for answer in body.answers])
        if not any(answer.fraction == 1.0 for answer in body.answers):
            problems.append(error(lazy_("One answer must be worth 100 % of the mark.")))
        for answer in body.answers:
            if answer.tolerance < 0 or (answer.low is None) != (answer.high is None) or _upside_down(answer):
                problems.append(error(lazy_("A tolerance is not negative, and a range goes from low to high.")))
        if any(unit.multiplier <= 0 or not unit.symbol.strip() for unit in body.units):
            problems.append(error(lazy_("A unit has a symbol and a factor above zero.")))
        if len({unit.symbol for unit in body.units}) < len(body.units):
            problems.append(error(lazy_("A unit is there twice.")))
        if not body.units and body.unit_input is not UnitInput.NONE:
            problems.append(error(lazy_("The question asks for a unit but has none.")))
        return problems

    def trouble(self, body: NumericalBody, response: Response) -> LazyText | None:
        if self.empty(response):
            return None
        reading = number_text.read(response.get("text", ""), body.separators)
        if reading is None:
            return lazy_("This is not a number. Write digits, for example 12 or 3,5.")
        if len(reading.values) == 2:
            whole, decimal = reading.values
            return lazy_(
                "“{typed}” can be read in two ways. Write {whole} or {decimal}.",
                typed=response["text"],
                whole=number_text.write(whole),
                decimal=number_text.write(decimal),
            )
        if reading.unit and _named(body, reading.unit) is None:
            return lazy_("The unit “{unit}” is not known here.", unit=reading.unit)
        if body.unit_input is not UnitInput.NONE and _unit(body, response, reading.unit) is None:
            return lazy_("The unit is missing.")
        return None

    def grade(self, body: NumericalBody, response: Response) -> Grade:
        if self.empty(response):
            return grading.GAVE_UP
        reading = number_text.read(response.get("text", ""), body.separators)
        if reading is None:
            return grading.grade(0.0)
        unit = _unit(body, response, reading.unit)
        if unit is None and reading.unit and body.unit_grading is UnitGrading.IGNORED:
            return grading.grade(0.0)  # "5 kg" is not 5 km
        matched = [_match(body, value / (unit.multiplier if unit else 1)) for value in reading.values]
        best = max((answer for answer in matched if answer), key=lambda answer: answer.fraction, default=None)
        if best is None:
            return grading.grade(0.0)
        fraction = best.fraction if unit else _without_unit(body, best.fraction)
        return grading.grade(fraction, {best.key: grading.state_of(fraction)})

    def shown_keys(self, body: NumericalBody) -> frozenset[str]:
        return frozenset(unit.key for unit in body.units)

    def name_part(self, body: NumericalBody, texts: Texts, key: str, language: str = DEFAULT) -> str:
        answer = next((answer for answer in body.answers if answer.key == key), None)
        return key if answer is None else str(_sample(answer))

    def guess_fraction(self, body: NumericalBody) -> float:
        return 0.0

    def right_answer(self, body: NumericalBody) -> Response:
        best = max(body.answers, key=lambda answer: (answer.fraction, answer.value is not None or answer.low is not None))
        response = {"text": number_text.write(_sample(best))}
        base = next((unit for unit in body.units if unit.multiplier == 1), None)
        if base is None or body.unit_input is UnitInput.NONE:
            return response
        if body.unit_input is UnitInput.TEXT:
            number = response["text"]
            return {"text": f"{base.symbol} {number}" if body.units_left else f"{number} {base.symbol}"}
        return {**response, "unit": base.key}

    def describe(self, body: NumericalBody, texts: Texts, response: Response, language: str = DEFAULT) -> str:
        chosen = next((unit.symbol for unit in body.units if unit.key == response.get("unit")), "")
        return f"{response.get('text', '')} {chosen}".strip()

    def draw(self, body: NumericalBody, drawing: Drawing) -> NumericalSketch:
        given = drawing.response
        return NumericalSketch(
            drawing.html("stem"),
            given.get("text", ""),
            given.get("unit", ""),
            body.unit_input,
            body.units,
            self.describe(body, drawing.texts, given, drawing.language),
            below=feedback_below(drawing),
        )

    def on_paper(self, body: NumericalBody, drawing: Drawing) -> OnPaper:
        return OnPaper(lines=1)

    def clean(self, body: NumericalBody, raw: Mapping[str, Any]) -> Response:
        text, unit = wording.tidy(one_text(raw, "text")), one_text(raw, "unit")
        if len(text) > LONGEST_TEXT or unit not in {"", *(each.key for each in body.units)}:
            raise InvalidResponse()
        if not text:
            return {}  # a unit alone is no answer
        return {"text": text, "unit": unit} if unit else {"text": text}


def _upside_down(answer: NumericalAnswer) -> bool:
    return answer.low is not None and answer.high is not None and answer.low > answer.high


def _sample(answer: NumericalAnswer) -> Decimal:
    if answer.value is not None:
        return answer.value
    return (answer.low + answer.high) / 2 if answer.low is not None and answer.high is not None else Decimal(0)


def _match(body: NumericalBody, number: Decimal) -> NumericalAnswer | None:
    return next((answer for answer in body.answers if _fits(answer, number)), None)


def _fits(answer: NumericalAnswer, number: Decimal) -> bool:
    if answer.low is not None and answer.high is not None:
        return answer.low <= number <= answer.high
    if answer.value is None:
        return True
    allowed = answer.tolerance * abs(answer.value) if answer.relative else answer.tolerance
    return abs(number - answer.value) <= allowed


def _named(body: NumericalBody, typed: str) -> Unit | None:
    """Return the unit with this symbol: as written, else without regard to capitals if that is clear."""
    exact = [unit for unit in body.units if wording.tidy(unit.symbol) == typed]
    loose = [unit for unit in body.units if wording.tidy(unit.symbol).casefold() == typed.casefold()]
    return next(iter(exact or (loose if len(loose) == 1 else [])), None)


def _unit(body: NumericalBody, response: Response, typed: str) -> Unit | None:
    if typed:
        return _named(body, typed)
    return next((unit for unit in body.units if unit.key == response.get("unit")), None)


def _without_unit(body: NumericalBody, fraction: float) -> float:
    """Return what is left of a right number without a known unit."""
    if body.unit_grading is UnitGrading.OF_RESPONSE:
        return max(fraction * (1 - body.unit_penalty), 0.0)
    if body.unit_grading is UnitGrading.OF_QUESTION:
        return max(fraction - body.unit_penalty, 0.0)
    return fraction
