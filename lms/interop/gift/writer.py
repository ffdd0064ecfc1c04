"""Writing GIFT, and saying what it cannot carry."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from lms.core.i18n import DEFAULT, lazy_
from lms.interop import question_files
from lms.interop.gift import blocks, marks, reader
from lms.interop.moodle_xml import names
from lms.interop.question_files import Category, Fractions, WriteResult, percent_of
from lms.quizzes.bodies.arranging import MatchingBody, OrderingBody
from lms.quizzes.bodies.choosing import Choice, MultipleChoiceBody, SingleChoiceBody, TrueFalseBody
from lms.quizzes.bodies.numbers import NumericalAnswer, NumericalBody
from lms.quizzes.bodies.words import ShortAnswerBody
from lms.quizzes.bodies.writing import DescriptionBody, EssayBody
from lms.quizzes.content import Problem, QuestionDraft, Severity, TextFormat


def write(drafts: Iterable[QuestionDraft], categories: Sequence[Category] = (), *, language: str = DEFAULT) -> WriteResult:
    """Write the drafts, in this language, as a GIFT file.

    GIFT knows neither marks, penalties, files, units, hints nor several languages.
    Each question is read again at once, so that the result tells what is lost.
    """
    lines: list[str] = []
    problems: list[Problem] = []
    current: tuple[str, ...] = ()
    for category in categories:
        lines.append(_category(category.path))
        current = category.path
        if category.info or category.id_number:
            message = lazy_("GIFT has no place for the description of the category “{name}”.", name=category.path[-1])
            problems.append(Problem(Severity.WARNING, message))
    for draft in drafts:
        if draft.type not in reader.TYPES:
            problems += question_files.losses(draft, None, language=language)
            continue
        text = _Question(draft, language).text()
        again = reader.read(text, language, fractions=Fractions.NEAREST)
        whole = [each.type for each in again.drafts] == [draft.type] and not again.has_errors
        read_again = replace(again.drafts[0], category=draft.category) if whole else None
        problems += question_files.losses(draft, read_again, language=language)
        if read_again is None:
            continue
        if draft.category != current:
            lines.append(_category(draft.category))
            current = draft.category
        lines.append(text)
    return WriteResult("\n".join(lines).encode(), tuple(problems))


def _category(path: tuple[str, ...]) -> str:
    return f"$CATEGORY: {question_files.join_path(path)}\n"


@dataclass(frozen=True)
class _Question:
    draft: QuestionDraft
    language: str

    def text(self) -> str:
        """Return the lines of the question, the last one ended."""
        notes = [f"[id:{blocks.quoted(self.draft.id_number)}]"] if self.draft.id_number else []
        notes += [f"[tag:{blocks.quoted(tag)}]" for tag in self.draft.tags]
        comment = f"// {' '.join(notes)}\n" if notes else ""
        stem = f"[{self._format('stem')}]{marks.escape(self._own('stem'))}"
        return f"{comment}::{marks.escape(self.draft.name)}::{stem}{self._answers()}\n"

    def _answers(self) -> str:
        body = self.draft.body
        if isinstance(body, DescriptionBody):
            return ""
        general = self._formatted("feedback")
        return f"{{{self._inner()}{f'####{general}' if general else ''}}}"

    def _inner(self) -> str:
        body = self.draft.body
        if isinstance(body, TrueFalseBody):
            return self._true_false(body)
        if isinstance(body, SingleChoiceBody):
            return self._rows(self._single(body))
        if isinstance(body, MultipleChoiceBody):
            return self._rows(self._choice(choice, "~") for choice in body.choices)
        if isinstance(body, ShortAnswerBody):
            return self._rows(
                f"={_weight(answer.fraction, 1.0)}{_guarded(answer.pattern)}{self._feedback(answer.key)}" for answer in body.answers
            )
        if isinstance(body, NumericalBody):
            return "#" + self._rows(self._number(answer) for answer in body.answers)
        if isinstance(body, MatchingBody):
            return self._rows(self._pairs(body))
        if isinstance(body, OrderingBody):
            return self._ordering(body)
        assert isinstance(body, EssayBody | DescriptionBody)
        return ""

    def _rows(self, rows: Iterable[str]) -> str:
        return "\n" + "".join(f"\t{row}\n" for row in rows)

    def _true_false(self, body: TrueFalseBody) -> str:
        wrong, right = ("false", "true") if body.right else ("true", "false")
        feedback = [self._formatted(f"{key}.feedback") for key in (wrong, right)]
        word = "TRUE" if body.right else "FALSE"
        if feedback[1]:
            return f"{word}#{feedback[0] or ' '}#{feedback[1]}"
        return f"{word}#{feedback[0]}" if feedback[0] else word

    def _single(self, body: SingleChoiceBody) -> list[str]:
        """At least one = makes it a single choice, and at least one ~ keeps it from being a short answer."""
        best = max((choice.fraction for choice in body.choices), default=1.0)
        signs = ["=" if choice.fraction == best else "~" for choice in body.choices]
        if "~" not in signs:
            signs[-1:] = ["~"]
        return [self._choice(choice, sign) for choice, sign in zip(body.choices, signs, strict=True)]

    def _choice(self, choice: Choice, sign: str) -> str:
        weight = _weight(choice.fraction, 1.0 if sign == "=" else 0.0)
        return f"{sign}{weight}{self._formatted(choice.key)}{self._feedback(choice.key)}"

    def _number(self, answer: NumericalAnswer) -> str:
        feedback = self._feedback(answer.key)
        if answer.low is not None and answer.high is not None:
            return f"={_weight(answer.fraction, 1.0)}{answer.low:f}..{answer.high:f}{feedback}"
        if answer.value is not None:
            tolerance = answer.tolerance * (abs(answer.value) if answer.relative else Decimal(1))
            return f"={_weight(answer.fraction, 1.0)}{answer.value:f}:{tolerance:f}{feedback}"
        return f"={_weight(answer.fraction, 1.0)}*{feedback}" if answer.fraction else f"~{feedback}"

    def _pairs(self, body: MatchingBody) -> list[str]:
        rows = []
        for pair in body.pairs:
            # An arrow in the question would be taken for the one before the answer.
            question = self._formatted(pair.key).replace("->", "→")
            rows.append(f"={question} -> {self._answer(pair.answer)}{self._feedback(pair.key)}")
        used = {pair.answer for pair in body.pairs}
        return rows + [f"= -> {self._answer(key)}" for key in body.answers if key not in used]

    def _ordering(self, body: OrderingBody) -> str:
        chosen = ("CONTIGUOUS" if body.contiguous else "RANDOM") if body.subset else "ALL"
        layout, show = "HORIZONTAL" if body.horizontal else "VERTICAL", "SHOW" if body.show_rule else "HIDE"
        settings = f">{body.subset or len(body.items)} {chosen} {layout} {names.ORDER_RULE_NAMES[body.rule]} {show} {body.numbering}"
        return "\n".join([settings, *(self._formatted(item.key) for item in body.items), ""])

    def _answer(self, key: str) -> str:
        return marks.escape(self._own(key))

    def _feedback(self, key: str) -> str:
        text = self._formatted(f"{key}.feedback")
        return f"#{text}" if text else ""

    def _own(self, key: str) -> str:
        return self.draft.texts.by_language.get(self.language, {}).get(key, "")

    def _format(self, key: str) -> TextFormat:
        return self.draft.formats.get(key, TextFormat.HTML)

    def _formatted(self, key: str) -> str:
        """Return a text, after the name of its format where that is needed."""
        text = marks.escape(self._own(key))
        if not text:
            return ""
        if self._format(key) is self._format("stem"):
            return _guarded(text, self._format(key), escaped=True)
        return f"[{self._format(key)}]{text}"


def _weight(fraction: float, default: float) -> str:
    return "" if fraction == default else f"%{percent_of(fraction)}%"


def _guarded(text: str, text_format: TextFormat = TextFormat.PLAIN, *, escaped: bool = False) -> str:
    """Return a text that cannot be taken for one with a weight or a format in front."""
    shown = text if escaped else marks.escape(text)
    return f"[{text_format}]{shown}" if text.startswith(("%", "[")) else shown
