"""Random questions such as a file of any format can carry."""

from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as some

from lms.interop import question_files
from lms.quizzes.bodies.arranging import MatchingBody, Pair
from lms.quizzes.bodies.choosing import Choice, MultipleChoiceBody, SingleChoiceBody, TrueFalseBody
from lms.quizzes.bodies.every import key_at
from lms.quizzes.bodies.numbers import NumericalAnswer, NumericalBody
from lms.quizzes.bodies.words import ShortAnswerBody, TextAnswer
from lms.quizzes.bodies.writing import DescriptionBody, EssayBody
from lms.quizzes.content import QuestionDraft, TextFormat, Texts
from lms.quizzes.types import wording

QUIET = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])

ALPHABET = some.sampled_from("abắÂđ019 \n\t~=#{}:\\%[]<>&;\"'*/-$.,@😀") | some.characters(exclude_categories=["Cs", "Cc", "Cn", "Co"])
TEXT = some.text(ALPHABET, max_size=25).map(lambda text: question_files.normalise(text).strip())
FULL = TEXT.filter(bool)
LINE = FULL.map(wording.tidy).filter(bool)
FRACTION = some.sampled_from([1.0, 0.5, 0.3333333, 0.1666667, 0.0, -0.25, -1.0])
NUMBER = some.decimals(-1000, 1000, places=3, allow_nan=False)
FORMAT = some.sampled_from(TextFormat)


@some.composite
def drafts(draw: Any) -> QuestionDraft:
    """Return a question whose every setting both formats know."""
    texts, formats = {}, {}

    def put(key: str, strategy: some.SearchStrategy[str], text_format: TextFormat | None = None) -> None:
        if text := draw(strategy):
            texts[key], formats[key] = text, text_format or draw(FORMAT)

    put("stem", FULL)
    put("feedback", TEXT)
    kind = draw(some.sampled_from(sorted(_MAKERS)))
    body = _MAKERS[kind](draw, put)
    return QuestionDraft(
        name=draw(LINE),
        type=kind,
        body=body,
        texts=Texts({"vi": texts}),
        formats=formats,
        category=draw(some.sampled_from([(), ("An toàn",), ("An toàn", "Ảnh / video")])),
        tags=tuple(draw(some.lists(some.sampled_from(["lớp 6", "a]b", "c\\d", "mật khẩu"]), unique=True, max_size=3))),
        id_number=draw(some.sampled_from(["", "q-1", "x]y\\z"])),
        default_mark=0.0 if kind == "description" else 1.0,
    )


def _choices(draw: Any, put: Any, fractions: list[float]) -> tuple[Choice, ...]:
    for index in range(len(fractions)):
        put(key_at(index), FULL)
        put(f"{key_at(index)}.feedback", TEXT)
    return tuple(Choice(key_at(index), fraction) for index, fraction in enumerate(fractions))


def _single(draw: Any, put: Any) -> SingleChoiceBody:
    return SingleChoiceBody(_choices(draw, put, draw(some.lists(FRACTION, min_size=2, max_size=5))))


def _multiple(draw: Any, put: Any) -> MultipleChoiceBody:
    return MultipleChoiceBody(_choices(draw, put, draw(some.lists(FRACTION, min_size=2, max_size=4))))


def _true_false(draw: Any, put: Any) -> TrueFalseBody:
    put("true.feedback", TEXT)
    put("false.feedback", TEXT)
    return TrueFalseBody(draw(some.booleans()))


def _short_answer(draw: Any, put: Any) -> ShortAnswerBody:
    answers = []
    for index, fraction in enumerate(draw(some.lists(FRACTION, min_size=1, max_size=3))):
        put(f"{key_at(index)}.feedback", TEXT)
        pattern = draw(FULL.filter(lambda text: "->" not in text))
        answers.append(TextAnswer(key_at(index), pattern, fraction))
    return ShortAnswerBody(tuple(answers))


def _numerical(draw: Any, put: Any) -> NumericalBody:
    answers = []
    for index, fraction in enumerate(draw(some.lists(FRACTION, min_size=1, max_size=3))):
        put(f"{key_at(index)}.feedback", TEXT)
        tolerance = abs(draw(NUMBER))
        answers.append(NumericalAnswer(key_at(index), fraction, value=draw(NUMBER), tolerance=tolerance))
    if draw(some.booleans()):
        answers.append(NumericalAnswer(key_at(len(answers)), 0.0))
    return NumericalBody(tuple(answers))


def _matching(draw: Any, put: Any) -> MatchingBody:
    names = draw(some.lists(LINE, min_size=2, max_size=4, unique=True))
    order: list[str] = []
    pairs = []
    for index in range(draw(some.integers(2, 4))):
        name = draw(some.sampled_from(names))
        order += [name] if name not in order else []
        put(key_at(index), FULL.filter(lambda text: "->" not in text and not text.endswith("-")))
        pairs.append(Pair(key_at(index), f"x{order.index(name) + 1}"))
    order += [name for name in names if name not in order]
    for index, name in enumerate(order, start=1):
        put(f"x{index}", some.just(name), TextFormat.PLAIN)
    return MatchingBody(tuple(pairs), tuple(f"x{index}" for index in range(1, len(order) + 1)))


_MAKERS = {
    "single_choice": _single,
    "multiple_choice": _multiple,
    "true_false": _true_false,
    "short_answer": _short_answer,
    "numerical": _numerical,
    "matching": _matching,
    "essay": lambda draw, put: EssayBody(),
    "description": lambda draw, put: DescriptionBody(),
}
