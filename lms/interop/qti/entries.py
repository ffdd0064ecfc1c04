"""Items that are answered by typing, as questions of ours."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from lms.core.i18n import lazy_
from lms.interop.qti import scoring, told, values
from lms.interop.qti.items import Interaction, Item
from lms.interop.qti.scoring import Derived, Sample, Scores, share
from lms.interop.qti.values import Value
from lms.quizzes.bodies.every import key_at
from lms.quizzes.bodies.numbers import NumericalAnswer, NumericalBody
from lms.quizzes.bodies.words import ShortAnswerBody, TextAnswer
from lms.quizzes.bodies.writing import EssayBody, EssayEditor
from lms.quizzes.types import number_text
from lms.quizzes.types.numerical import Numerical
from lms.quizzes.types.short_answer import ShortAnswer

_NOTHING_LIKE_IT = "⁂⁂⁂"  # what no author expects as an answer
_FAR = Decimal(10) ** 15  # stands for an end that a range does not have
_MOST_POINTS = 300
_MOST_WORDS = 500


def text_entry(item: Item, interaction: Interaction) -> Derived:
    """Return a question with a word or with a number as its answer."""
    return number(item, interaction.response) if is_number(item, interaction.response) else word(item, interaction.response)


def is_number(item: Item, response: str) -> bool:
    return item.declared[response].base in ("integer", "float", "duration")


# --- words


@dataclass(frozen=True)
class Words:
    """The words that an item knows for one response, what each is worth, and whether capitals matter."""

    answers: tuple[tuple[str, Decimal], ...]  # patterns of ours
    case: bool


def words_of(item: Item, response: str, worth_of: Callable[[Value], Decimal]) -> Words:
    """Return the words that are worth something, by asking about every word that the item names."""

    def worth(text: str) -> Decimal:
        return worth_of(Value("string", (text,)))

    found: dict[str, Decimal] = {}
    minds_case = False
    for text in _named_words(item, response):
        score = worth(text)
        pattern = text.replace("*", "\\*")
        if score and worth(f"{_NOTHING_LIKE_IT}{text}{_NOTHING_LIKE_IT}") == score:
            pattern = f"*{pattern}*"
        elif score and text.swapcase() != text and worth(text.swapcase()) != score:
            minds_case = True
        found.setdefault(pattern, score)
    if anything := worth(_NOTHING_LIKE_IT):
        found["*"] = anything
    return Words(tuple((pattern, score) for pattern, score in found.items() if score or pattern != "*"), minds_case)


def declared_words(item: Item, response: str) -> Words:
    """Return the words that the declaration calls right, or maps."""
    declaration = item.declared[response]
    found = {str(each): Decimal(1) for each in declaration.correct.items}
    minds_case = bool(found)
    if declaration.mapping is not None and max((worth for _, worth, _ in declaration.mapping.entries), default=Decimal(0)) > 0:
        found = {str(key): worth for key, worth, _ in declaration.mapping.entries}
        minds_case = any(case for _, _, case in declaration.mapping.entries)
    return Words(tuple((text.replace("*", "\\*"), worth) for text, worth in found.items()), minds_case)


def _named_words(item: Item, response: str) -> Iterator[str]:
    declaration = item.declared[response]
    named = [values.written(each) for each in declaration.correct.items]
    named += [values.written(key) for key, _, _ in declaration.mapping.entries] if declaration.mapping else []
    named += item.rules.words(response)
    yield from dict.fromkeys(filter(None, (each.strip() for each in named[:_MOST_WORDS])))


def word(item: Item, response: str) -> Derived:
    """Return a question with words as its answers."""
    scores = Scores(item)
    words = words_of(item, response, lambda value: scores.of({response: value}))
    best = max((worth for _, worth in words.answers), default=Decimal(0))
    mark = float(best)
    if best <= 0:
        words = declared_words(item, response)
        best = max((worth for _, worth in words.answers), default=Decimal(0))
        scoring.warn_of_fallback(item, scores, has_answer=best > 0)
        mark = scoring.declared_mark(item) if best > 0 else 0.0
        if best <= 0:
            words, best = Words((("*", Decimal(1)),), False), Decimal(1)
    answers = tuple(TextAnswer(key_at(index), pattern, share(worth, best)) for index, (pattern, worth) in enumerate(words.answers))
    answers = tuple(each for each in answers if each.fraction or each.pattern != "*")
    shown = {each.key: (each.pattern, {response: Value("string", (sample(each.pattern),))}) for each in answers if each.pattern != "*"}
    body = ShortAnswerBody(answers, case=words.case)
    if scores.are_given and float(scores.of({response: Value("string", (sample(answers[0].pattern) or "x",))})):
        tried = [text for each in _named_words(item, response) for text in (each, each.swapcase(), f"{_NOTHING_LIKE_IT}{each}")]
        samples = [Sample(share(scores.of({response: Value("string", (text,))}), best), {"text": text}) for text in tried]
        scoring.fitting(item, ShortAnswer(), [body], samples)
    texts, answers = _feedback(item, response, shown, answers)
    return Derived("short_answer", replace(body, answers=answers), texts, mark)


def _feedback(
    item: Item, response: str, shown: dict[str, tuple[str, dict[str, Value]]], answers: tuple[TextAnswer, ...]
) -> tuple[dict[str, str], tuple[TextAnswer, ...]]:
    """Return the texts, and the answers with one for anything else, which carries the feedback of what is wrong."""
    if not item.feedback:
        return {}, answers
    rest = key_at(len(answers))
    everything = shown | {rest: (_NOTHING_LIKE_IT, {response: Value("string", (_NOTHING_LIKE_IT,))})}
    right = frozenset(each.key for each in answers if each.fraction == 1.0 and each.key in shown)
    texts = told.by_answer(item, everything, right=right)
    if f"{rest}.feedback" in texts and not any(each.pattern == "*" for each in answers):
        answers = (*answers, TextAnswer(rest, "*", 0.0))
    return texts, answers


def sample(pattern: str) -> str:
    """Return a text that fits a pattern; "" when it is one that fits anything."""
    return pattern.replace("\\*", "\0").replace("*", "").replace("\0", "*")


# --- numbers


def number(item: Item, response: str) -> Derived:
    """Return a question with numbers as its answers."""
    scores = Scores(item)
    answers, best = numbers_of(item, response, lambda value: scores.of({response: value}))
    mark = float(best)
    if best <= 0:
        declaration = item.declared[response]
        right = [value for value in declaration.correct.items if isinstance(value, int | Decimal)]
        scoring.warn_of_fallback(item, scores, has_answer=bool(right))
        mark = scoring.declared_mark(item) if right else 0.0
        answers = tuple(NumericalAnswer(key_at(index), value=Decimal(value)) for index, value in enumerate(right)) or (
            NumericalAnswer("a"),
        )
    else:
        _try_numbers(item, response, scores, answers, best)
    texts = _number_feedback(item, response, answers)
    rest = key_at(len(answers))
    if f"{rest}.feedback" in texts:
        answers = (*answers, NumericalAnswer(rest, 0.0))
    return Derived("numerical", NumericalBody(answers), texts, mark)


def _try_numbers(item: Item, response: str, scores: Scores, answers: tuple[NumericalAnswer, ...], best: Decimal) -> None:
    """Say when marks do not only change at the numbers that the rules name, but with every number."""
    base = item.declared[response].base
    points = sorted(set(_turning_points(item, response)))[:20]
    steps = [Decimal(step) for step in ((-1, 0, 1) if base == "integer" else ("-0.3", "-0.17", "0.23", "0.4", "11.3"))]
    samples = []
    for number in dict.fromkeys(point + step for point in points for step in steps):
        value = Value(base, (int(number) if base == "integer" else number,))
        samples.append(Sample(share(scores.of({response: value}), best), {"text": number_text.write(value.number)}))
    scoring.fitting(item, Numerical(), [NumericalBody(answers)], samples)


def numbers_of(item: Item, response: str, worth_of: Callable[[Value], Decimal]) -> tuple[tuple[NumericalAnswer, ...], Decimal]:
    """Return the numbers and ranges that are worth something, and the best score.

    Rules compare a number with what they name, so what it is worth can only
    change there: between two such points one number tells of all.
    """
    base = item.declared[response].base

    def worth(value: Decimal) -> Decimal:
        exact = Value("integer", (int(value),)) if base == "integer" else Value(base, (value,))
        return worth_of(exact)

    points = sorted(set(_turning_points(item, response)))[:_MOST_POINTS]
    if not points:
        return (), Decimal(0)
    if base == "integer":
        points = sorted({Decimal(int(each)) + step for each in points for step in (-1, 0, 1)})
    at = {point: worth(point) for point in points}
    ends = [
        points[0] - 1 - abs(points[0]),
        *((low + high) / 2 for low, high in zip(points, points[1:], strict=False)),
        points[-1] + 1 + abs(points[-1]),
    ]
    between = [worth(each if base != "integer" else each.to_integral_value(rounding="ROUND_FLOOR")) for each in ends]
    if base == "integer":
        # Between neighbours there is no whole number.
        between[1:-1] = [
            (at[low] if at[low] == at[high] else Decimal(0)) if high - low == 1 else value
            for value, low, high in zip(between[1:-1], points, points[1:], strict=False)
        ]
    best = max(*at.values(), *between)
    return (_ranges(points, at, between, best, is_whole=base == "integer"), best) if best > 0 else ((), best)


def _turning_points(item: Item, response: str) -> Iterator[Decimal]:
    """Yield every number at which the rules may change their mind."""
    declaration = item.declared[response]
    named = [Decimal(each) for each in declaration.correct.items if isinstance(each, int | Decimal) and not isinstance(each, bool)]
    named += [Decimal(key) for key, _, _ in declaration.mapping.entries if isinstance(key, int | Decimal)] if declaration.mapping else []
    yield from named
    yield from item.rules.turning_points(named)


def _ranges(
    points: list[Decimal], at: dict[Decimal, Decimal], between: list[Decimal], best: Decimal, *, is_whole: bool
) -> tuple[NumericalAnswer, ...]:
    """Return answers of which the first that fits decides: single numbers before the ranges that they interrupt."""
    singles: list[tuple[Decimal, Decimal]] = []
    ranges: list[tuple[Decimal, Decimal, Decimal]] = []
    for place, point in enumerate(points):
        before, after = between[place], between[place + 1]
        if at[point] not in (before, after) or (before != after and (before and after)):
            singles.append((point, at[point]))
        elif before != after and not at[point]:
            singles.append((point, at[point]))  # the end does not belong to the range beside it
    edges = [-_FAR, *points, _FAR]
    for place, worth in enumerate(between):
        if not worth:
            continue
        low, high = edges[place], edges[place + 1]
        if ranges and ranges[-1][1] == low and ranges[-1][2] == worth and at.get(low) == worth:
            ranges[-1] = (ranges[-1][0], high, worth)
        else:
            ranges.append((low, high, worth))
    answers = [NumericalAnswer("", share(worth, best), value=point) for point, worth in singles if worth or _is_edge(point, ranges)]
    for low, high, worth in ranges:
        middle = (low + high) / 2
        if middle in at and not is_whole:
            answers.append(NumericalAnswer("", share(worth, best), value=middle.normalize() + 0, tolerance=(high - low) / 2))
        else:
            answers.append(NumericalAnswer("", share(worth, best), low=low, high=high))
    return tuple(
        NumericalAnswer(key_at(index), each.fraction, each.value, each.tolerance, each.relative, each.low, each.high)
        for index, each in enumerate(answers)
    )


def _is_edge(point: Decimal, ranges: list[tuple[Decimal, Decimal, Decimal]]) -> bool:
    return any(low <= point <= high for low, high, _ in ranges)


def _number_feedback(item: Item, response: str, answers: tuple[NumericalAnswer, ...]) -> dict[str, str]:
    if not item.feedback:
        return {}
    base = item.declared[response].base

    def given(answer: NumericalAnswer) -> dict[str, Value]:
        value = answer.value if answer.value is not None else ((answer.low or Decimal(0)) + (answer.high or Decimal(0))) / 2
        return {response: Value(base, (int(value) if base == "integer" else value,))}

    rest = key_at(len(answers))
    shown = {each.key: (each.key, given(each)) for each in answers}
    shown[rest] = ("", {response: Value(base, (-987654321 if base == "integer" else Decimal("-987654321.125"),))})
    right = frozenset(each.key for each in answers if each.fraction == 1.0)
    return told.by_answer(item, shown, right=right)


# --- what a person reads


def extended_text(item: Item, interaction: Interaction) -> Derived:
    """Return an essay."""
    element, texts = interaction.element, dict[str, str]()
    formats = {"preformatted": EssayEditor.MONOSPACED, "xhtml": EssayEditor.EDITOR}
    lines = str(element.get("expectedLines") or "")
    if item.body.notes:
        texts["grader_info"] = "".join(item.body.notes)
    if item.rules.are_there and item.declared[interaction.response].correct.items:
        item.warn(lazy_("The file compares this text with a right answer; here a person reads it."))
    required = str(element.get("minStrings") or "0") != "0"
    body = EssayBody(
        formats.get(str(element.get("format") or "").lower(), EssayEditor.PLAIN if element.get("format") else EssayEditor.EDITOR),
        required=required or not element.get("minStrings"),
        lines=min(max(int(lines), 2), 40) if lines.isdigit() else EssayBody.lines,
    )
    return Derived("essay", body, texts | _general(item), scoring.declared_mark(item))


def upload(item: Item, interaction: Interaction) -> Derived:
    """Return an essay of which only a file is handed in."""
    texts = {"grader_info": "".join(item.body.notes)} if item.body.notes else {}
    body = EssayBody(EssayEditor.NO_TEXT, required=False, attachments=1, attachments_required=1)
    return Derived("essay", body, texts | _general(item), scoring.declared_mark(item))


def _general(item: Item) -> dict[str, str]:
    """What a person marks has no right and wrong to tell at once: all feedback is shown afterwards."""
    html = "".join(dict.fromkeys(each.html for each in item.feedback))
    return {"feedback": html} if html else {}
