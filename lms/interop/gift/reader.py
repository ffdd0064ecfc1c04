"""Reading GIFT as Moodle does, and reporting what cannot be read."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from lms.core.i18n import DEFAULT, lazy_
from lms.interop import question_files
from lms.interop.gift import blocks, marks
from lms.interop.gift.blocks import Block
from lms.interop.moodle_xml import names
from lms.interop.question_files import Category, Fractions, ReadResult, Unreadable
from lms.quizzes.bodies.arranging import Item, MatchingBody, OrderingBody, OrderRule, Pair
from lms.quizzes.bodies.choosing import Choice, MultipleChoiceBody, SingleChoiceBody, TrueFalseBody
from lms.quizzes.bodies.every import Body, key_at
from lms.quizzes.bodies.numbers import NumericalAnswer, NumericalBody
from lms.quizzes.bodies.parts import Numbering
from lms.quizzes.bodies.words import ShortAnswerBody, TextAnswer
from lms.quizzes.bodies.writing import DescriptionBody, EssayBody
from lms.quizzes.content import LazyText, Problem, QuestionDraft, Severity, TextFormat, Texts
from lms.quizzes.types import wording

BLANK = "_____"
TYPES: Mapping[str, str] = {
    "single_choice": "multichoice",
    "multiple_choice": "multichoice",
    "true_false": "truefalse",
    "short_answer": "shortanswer",
    "numerical": "numerical",
    "matching": "matching",
    "ordering": "ordering",
    "essay": "essay",
    "description": "description",
}

_FORMAT = re.compile(r"\s*\[(html|moodle|plain|markdown)\]", re.IGNORECASE)
_WEIGHT = re.compile(r"\s*%(-?[0-9]{1,3}(?:[.,][0-9]*)?)%")
_ORDERING = re.compile(
    r">[ \t]*(?P<count>[0-9]{1,4})?[ \t]*(?P<chosen>ALL|EXACT|RANDOM|REL|CONTIGUOUS|CONTIG)?"
    r"[ \t]*(?P<layout>HORIZONTAL|HORI|H|VERTICAL|VERT|V)?"
    rf"[ \t]*(?P<rule>{'|'.join(sorted(names.ORDER_RULES, key=len, reverse=True))})?"
    r"[ \t]*(?P<show>SHOW|TRUE|YES|HIDE|FALSE|NO)?[ \t]*(?P<numbering>none|123|abc|ABCD|iii|IIII)?[ \t]*(?:\n|$)"
)
_STRAY = re.compile(r"[\s\"'“”;}]*")
_TRUE_FALSE = {"T": True, "TRUE": True, "F": False, "FALSE": False}


def read(data: bytes | str, language: str = DEFAULT, *, fractions: Fractions = Fractions.STRICT) -> ReadResult:
    """Read a GIFT file; its texts are in ``language``.

    Nothing is raised: a file or a question that cannot be understood is a problem
    with a line.  As in Moodle, the first feedback of a true/false question is for
    the wrong choice, and choices marked = make a single choice, even several.
    """
    try:
        text = question_files.decode(data)
    except Unreadable as error:
        return ReadResult(problems=(error.problem,))
    drafts, categories, problems, found = [], [], [], Counter[str]()
    path: tuple[str, ...] = ()
    for block in blocks.cut(text):
        if block.is_category:
            path = question_files.split_path(block.text)
            categories.append(Category(path, source=block.text, position=block.position))
            continue
        question = _Question(block, language, fractions)
        try:
            draft = question.draft(path)
        except Unreadable as error:
            found["unreadable"] += 1
            problems.append(error.problem)
        else:
            found[TYPES[draft.type]] += 1
            drafts.append(draft)
            problems += draft.warnings
    return ReadResult(tuple(drafts), question_files.merge(categories), tuple(problems), {}, dict(found))


@dataclass
class _Question:
    """One question on its way from lines to a draft."""

    block: Block
    language: str
    fractions: Fractions
    name: str = ""
    stem_format: TextFormat = TextFormat.MOODLE
    texts: dict[str, str] = field(default_factory=dict)
    formats: dict[str, TextFormat] = field(default_factory=dict)
    warnings: list[Problem] = field(default_factory=list)

    def draft(self, category: tuple[str, ...]) -> QuestionDraft:
        """Return the draft.  Raises Unreadable."""
        text = self._take_name(self.block.text)
        answers = self._take_stem(text)
        type_key, body = self._body(answers)
        return QuestionDraft(
            name=self.name,
            type=type_key,
            body=body,
            texts=Texts({self.language: self.texts}),
            formats=self.formats,
            category=category,
            tags=tuple(dict.fromkeys(self.block.tags)),
            id_number=self.block.id_number,
            default_mark=0.0 if type_key == "description" else 1.0,
            position=self.block.position,
            warnings=tuple(self.warnings),
        )

    # --- the text around the answers

    def _take_name(self, text: str) -> str:
        if not text.startswith("::"):
            return text
        end = marks.find(text, "::", 2)
        if end < 0:
            return text
        self.name = " ".join(marks.unescape(text[2:end]).split())
        return text[end + 2 :].strip()

    def _take_stem(self, text: str) -> str | None:
        """Keep the question text; return what is between the braces, None when there are none."""
        start = marks.find(text, "{")
        if start < 0:
            if marks.find(text, "}") >= 0:
                raise self._error(lazy_("There is a closing brace without an opening one."))
            self._put_stem(text)
            return None
        end = marks.find(text, "}", start)
        if end < 0:
            raise self._error(lazy_("The closing brace of the answers is missing."))
        after = text[end + 1 :]
        if marks.find(after, "{") >= 0:
            raise self._error(lazy_("There are answers twice. Is an empty line missing between two questions?"))
        if _STRAY.fullmatch(after):
            self._put_stem(text[:start])
            if after.strip():
                self._warn(lazy_("What stands after the answers was ignored: {text}", text=after.strip()))
        else:
            self._put_stem(f"{text[:start]}{BLANK}{after}")
        return text[start + 1 : end].strip()

    def _put_stem(self, raw: str) -> None:
        self._put("stem", raw)
        self.stem_format = self.formats.get("stem", TextFormat.MOODLE)
        if not self.name:
            self.name = question_files.name_from(self.texts.get("stem", ""), self.stem_format, position=self.block.position)

    def _put(self, key: str, raw: str) -> None:
        """Keep a text under a key, with its format; an empty one is not kept."""
        text_format, text = self._formatted(raw)
        if text:
            self.texts[key] = text
            self.formats[key] = text_format

    def _formatted(self, raw: str) -> tuple[TextFormat, str]:
        found = _FORMAT.match(raw)
        text_format = TextFormat(found[1].lower()) if found else self.stem_format
        return text_format, marks.unescape(raw[found.end() :] if found else raw).strip()

    # --- the answers

    def _body(self, answers: str | None) -> tuple[str, Body]:
        if answers is None:
            return "description", DescriptionBody()
        general = marks.find_last(answers, "####")
        if general >= 0:
            self._put("feedback", answers[general + 4 :])
            answers = answers[:general].strip()
        if not answers:
            return "essay", EssayBody()
        if answers.startswith("#"):
            return "numerical", self._numerical(answers[1:])
        if ordering := _ORDERING.match(answers):
            return "ordering", self._ordering(ordering, answers[ordering.end() :])
        if marks.find(answers, "~") >= 0:
            return self._choices(answers)
        if marks.find(answers, "=") >= 0 and marks.find(answers, "->") >= 0:
            return "matching", self._matching(answers)
        word, *feedback = self._cut(answers, "#", 2)
        if word.strip().upper() in _TRUE_FALSE:
            return "true_false", self._true_false(_TRUE_FALSE[word.strip().upper()], feedback)
        return "short_answer", self._short_answer(answers)

    def _true_false(self, right: bool, feedback: list[str]) -> TrueFalseBody:
        wrong_key, right_key = ("false", "true") if right else ("true", "false")
        for key, raw in zip((wrong_key, right_key), feedback, strict=False):
            self._put(f"{key}.feedback", raw)
        return TrueFalseBody(right)

    def _choices(self, answers: str) -> tuple[str, Body]:
        parts = self._parts(answers, "=~")
        if len(parts) < 2:
            raise self._error(lazy_("There must be at least two choices."))
        choices = []
        for index, (sign, raw) in enumerate(parts):
            fraction, raw = self._weight(raw, default=1.0 if sign == "=" else 0.0)
            key = key_at(index)
            text, *feedback = self._cut(raw, "#", 1)
            self._put(key, text)
            self._put(f"{key}.feedback", "".join(feedback))
            choices.append(Choice(key, fraction))
        if any(sign == "=" for sign, _ in parts):
            return "single_choice", SingleChoiceBody(tuple(choices))
        return "multiple_choice", MultipleChoiceBody(tuple(choices))

    def _short_answer(self, answers: str) -> ShortAnswerBody:
        if marks.find(answers, "=") < 0:
            self._warn(lazy_("The answer has no = before it; it was taken as the right answer."))
            answers = f"={answers}"
        found = []
        for index, (_sign, raw) in enumerate(self._parts(answers, "=")):
            fraction, raw = self._weight(raw, default=1.0)
            key = key_at(index)
            pattern, *feedback = self._cut(raw, "#", 1)
            self._put(f"{key}.feedback", "".join(feedback))
            found.append(TextAnswer(key, self._formatted(pattern)[1], fraction))
        return ShortAnswerBody(tuple(found))

    def _numerical(self, answers: str) -> NumericalBody:
        if not answers.lstrip().startswith(("=", "~")):
            answers = f"={answers}"
        found = []
        for index, (sign, raw) in enumerate(self._parts(answers, "=~")):
            fraction, raw = self._weight(raw, default=1.0 if sign == "=" else 0.0)
            key = key_at(index)
            written, *feedback = self._cut(raw, "#", 1)
            self._put(f"{key}.feedback", "".join(feedback))
            found.append(self._number(key, fraction, written.strip(), may_be_empty=sign == "~"))
        return NumericalBody(tuple(found))

    def _number(self, key: str, fraction: float, written: str, *, may_be_empty: bool) -> NumericalAnswer:
        if written == "*" or not written and may_be_empty:
            return NumericalAnswer(key, fraction)
        if ".." in written[1:]:
            low, _, high = written.partition("..")
            return NumericalAnswer(key, fraction, low=self._decimal(low), high=self._decimal(high))
        value, colon, tolerance = written.partition(":")
        if not colon:
            return NumericalAnswer(key, fraction, value=self._decimal(value))
        return NumericalAnswer(key, fraction, value=self._decimal(value), tolerance=self._decimal(tolerance))

    def _decimal(self, written: str) -> Decimal:
        number = question_files.decimal_of(written)
        if number is None:
            raise self._error(lazy_("“{text}” is not a number.", text=written.strip()))
        return number

    def _matching(self, answers: str) -> MatchingBody:
        rows = []
        for _sign, raw in self._parts(answers, "="):
            arrow = marks.find(raw, "->")
            if arrow < 0:
                raise self._error(lazy_("“{text}” has no -> between question and answer.", text=raw.strip()))
            answer, *feedback = self._cut(raw[arrow + 2 :], "#", 1)
            rows.append((raw[:arrow], marks.unescape(answer).strip(), "".join(feedback)))
        # Answers of pairs come first, so that writing and reading again changes nothing.
        pairs = [row for row in rows if self._formatted(row[0])[1]]
        names = dict.fromkeys(wording.tidy(row[1]) for row in (*pairs, *rows) if row[1])
        keys = {name: f"x{index}" for index, name in enumerate(names, start=1)}
        found = []
        for index, (question, answer, feedback_text) in enumerate(pairs):
            if not answer:
                raise self._error(lazy_("“{text}” has no answer.", text=marks.unescape(question).strip()))
            key = key_at(index)
            self._put(key, question)
            self._put(f"{key}.feedback", feedback_text)
            found.append(Pair(key, keys[wording.tidy(answer)]))
        for name, key in keys.items():
            self.texts[key], self.formats[key] = name, TextFormat.PLAIN
        return MatchingBody(tuple(found), tuple(keys.values()))

    def _ordering(self, said: re.Match[str], lines: str) -> OrderingBody:
        items: list[Item] = []
        for raw in filter(str.strip, lines.split("\n")):
            key = key_at(len(items))
            self._put(key, raw)
            items.append(Item(key))
        if len(items) < 2:
            raise self._error(lazy_("There must be at least two things to put in order."))
        count, chosen = int(said["count"] or 0), said["chosen"] or "ALL"
        is_subset = chosen not in ("ALL", "EXACT") and 2 <= count < len(items)
        return OrderingBody(
            tuple(items),
            names.ORDER_RULES[said["rule"]] if said["rule"] else OrderRule.ABSOLUTE_POSITION,
            subset=count if is_subset else 0,
            contiguous=is_subset and chosen in ("CONTIGUOUS", "CONTIG"),
            horizontal=said["layout"] in names.ORDER_HORIZONTAL,
            numbering=Numbering(said["numbering"] or Numbering.NONE),
            show_rule=said["show"] not in names.ORDER_HIDE_RULE,
        )

    # --- small parts

    def _parts(self, answers: str, separators: str) -> list[tuple[str, str]]:
        first, *rest = marks.split(answers, separators)
        if first[1].strip():
            self._warn(lazy_("What stands before the first answer was ignored: {text}", text=first[1].strip()))
        return rest

    def _cut(self, text: str, sign: str, times: int) -> list[str]:
        """Cut at the first unescaped signs; return at most ``times`` + 1 pieces."""
        pieces = []
        while times and (place := marks.find(text, sign)) >= 0:
            pieces.append(text[:place])
            text, times = text[place + 1 :], times - 1
        return [*pieces, text]

    def _weight(self, raw: str, *, default: float) -> tuple[float, str]:
        found = _WEIGHT.match(raw)
        if found is None:
            return default, raw
        written, used = question_files.fraction_of(found[1], self.fractions)
        position = self.block.position
        if used is None:
            raise question_files.grade_refused(written, name=self.name, position=position)
        if abs(written - used) > question_files.EXACT:
            self.warnings.append(question_files.grade_changed(written, used, name=self.name, position=position))
        return used, raw[found.end() :]

    def _warn(self, message: LazyText) -> None:
        self.warnings.append(Problem(Severity.WARNING, message, self.block.position, self.name))

    def _error(self, message: LazyText) -> Unreadable:
        return Unreadable(Problem(Severity.ERROR, message, self.block.position, self.name))
