"""Reading Moodle's format of missing words, and reporting what cannot be read."""

import re
from collections import Counter
from dataclasses import dataclass, field

from lms.core.i18n import DEFAULT, lazy_
from lms.interop import question_files
from lms.interop.gift import marks
from lms.interop.gift.reader import BLANK
from lms.interop.question_files import Fractions, ReadResult, Unreadable
from lms.quizzes import formats
from lms.quizzes.bodies.choosing import Choice, SingleChoiceBody
from lms.quizzes.bodies.every import Body, key_at
from lms.quizzes.bodies.words import ShortAnswerBody, TextAnswer
from lms.quizzes.content import LazyText, Problem, QuestionDraft, Severity, TextFormat, Texts

TYPES = {"single_choice": "multichoice", "short_answer": "shortanswer"}
_WEIGHT = re.compile(r"%?(-?[0-9]{1,3}(?:[.,][0-9]*)?)%")
_OWN_WEIGHT = re.compile(r"~\s*-?[0-9]{1,3}(?:[.,][0-9]*)?%")
_OF_GIFT = re.compile(r"^\s*(::|//|\$CATEGORY)|->|\{\s*\}|\{\s*(#|T\s*\}|F\s*\}|TRUE|FALSE)|[~=]\s*%", re.MULTILINE)


def fits(data: bytes) -> bool:
    """Say whether a file looks like missing words and could not be GIFT as well: only the weights are written otherwise."""
    if not formats.is_text(data):
        return False
    text = formats.beginning(data, most=100_000)
    return _OWN_WEIGHT.search(text) is not None and _OF_GIFT.search(text) is None


def read(data: bytes | str, language: str = DEFAULT, *, fractions: Fractions = Fractions.STRICT) -> ReadResult:
    """Read a file of missing words; its texts are in ``language``.

    Nothing is raised: a file or a question that cannot be understood is a problem
    with a line.  Several words make a choice, a single one an answer to type.
    """
    try:
        text = question_files.decode(data)
    except Unreadable as error:
        return ReadResult(problems=(error.problem,))
    drafts, problems, found = [], [], Counter[str]()
    for position, block in _cut(text):
        try:
            draft = _Question(position, language, fractions).draft(block)
        except Unreadable as error:
            found["unreadable"] += 1
            problems.append(error.problem)
        else:
            found[TYPES[draft.type]] += 1
            drafts.append(draft)
            problems += draft.warnings
    return ReadResult(tuple(drafts), (), tuple(problems), {}, dict(found))


def _cut(text: str) -> list[tuple[int, str]]:
    """Return the questions, which empty lines part, each with its first line."""
    blocks: list[tuple[int, list[str]]] = []
    was_empty = True
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip().startswith("//"):
            continue
        if line.strip() and was_empty:
            blocks.append((number, []))
        if line.strip():
            blocks[-1][1].append(line)
        was_empty = not line.strip()
    return [(number, "\n".join(lines)) for number, lines in blocks]


@dataclass
class _Question:
    """One question on its way from lines to a draft."""

    position: int
    language: str
    fractions: Fractions
    name: str = ""
    texts: dict[str, str] = field(default_factory=dict)
    warnings: list[Problem] = field(default_factory=list)

    def draft(self, block: str) -> QuestionDraft:
        """Return the draft.  Raises Unreadable."""
        start = marks.find(block, "{")
        end = marks.find(block, "}", start) if start >= 0 else -1
        if end < 0:
            self.name = question_files.name_from(block, TextFormat.MOODLE, position=self.position)
            raise self._error(lazy_("There is no answer in braces { }."))
        before, after = block[:start], block[end + 1 :]
        gap = BLANK if after.strip() or not before.rstrip().endswith(("?", ":")) else ""
        self._put("stem", f"{before}{gap}{after}")
        self.name = question_files.name_from(self.texts.get("stem", ""), TextFormat.MOODLE, position=self.position)
        if marks.find(after, "{") >= 0:
            raise self._error(lazy_("There are answers twice. Is an empty line missing between two questions?"))
        kind, body = self._body(block[start + 1 : end])
        return QuestionDraft(
            name=self.name,
            type=kind,
            body=body,
            texts=Texts({self.language: self.texts}),
            formats=dict.fromkeys(self.texts, TextFormat.MOODLE),
            position=self.position,
            warnings=tuple(self.warnings),
        )

    def _body(self, answers: str) -> tuple[str, Body]:
        parts = [raw.strip() for _sign, raw in marks.split(answers, "~") if raw.strip()]
        if len(parts) == 1:
            said, fraction, feedback = self._answer(parts[0], alone=True)
            self._put("a.feedback", feedback)
            return "short_answer", ShortAnswerBody((TextAnswer("a", said, fraction),))
        choices = []
        for index, part in enumerate(parts):
            said, fraction, feedback = self._answer(part, alone=False)
            key = key_at(index)
            self._put(key, said, is_plain=True)
            self._put(f"{key}.feedback", feedback)
            choices.append(Choice(key, fraction))
        if not choices:
            raise self._error(lazy_("There is no answer in braces { }."))
        return "single_choice", SingleChoiceBody(tuple(choices))

    def _answer(self, part: str, *, alone: bool) -> tuple[str, float, str]:
        """Return an answer as it reads, its fraction and its feedback."""
        cut = marks.find(part, "#")
        text, feedback = (part, "") if cut < 0 else (part[:cut], part[cut + 1 :])
        fraction = 1.0 if alone else 0.0
        if text.startswith("="):
            text, fraction = text[1:], 1.0
        elif weight := _WEIGHT.match(text):
            text, fraction = text[weight.end() :], self._fraction(weight[1])
        said = " ".join(marks.unescape(text).split())
        if not said:
            raise self._error(lazy_("An answer is empty."))
        return said, fraction, feedback

    def _fraction(self, percent: str) -> float:
        written, used = question_files.fraction_of(percent, self.fractions)
        if used is None:
            raise question_files.grade_refused(written, name=self.name, position=self.position)
        if abs(written - used) > question_files.EXACT:
            self.warnings.append(question_files.grade_changed(written, used, name=self.name, position=self.position))
        return used

    def _put(self, key: str, raw: str, *, is_plain: bool = False) -> None:
        text = raw if is_plain else " ".join(marks.unescape(raw).split())
        if text:
            self.texts[key] = text

    def _error(self, message: LazyText) -> Unreadable:
        return Unreadable(Problem(Severity.ERROR, message, self.position, self.name))
