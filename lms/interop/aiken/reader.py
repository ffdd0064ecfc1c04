"""Reading Aiken, and reporting what cannot be read."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lms.core.i18n import DEFAULT, lazy_
from lms.interop import question_files
from lms.interop.question_files import ReadResult, Unreadable
from lms.quizzes import formats
from lms.quizzes.bodies.choosing import Choice, MultipleChoiceBody, SingleChoiceBody
from lms.quizzes.bodies.every import Body, key_at
from lms.quizzes.content import LazyText, Problem, QuestionDraft, Severity, TextFormat, Texts

TYPE = "multichoice"
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LONGEST_NAME = 200
_CHOICE = re.compile(r"([A-Za-z])[.)](?:[ \t]+(.*)|(?<=\))(.*))")
_ANSWER = re.compile(r"(?:ANSWER|ĐÁP ÁN)[ \t]*:[ \t]*(.*)", re.IGNORECASE)
_SEVERAL = re.compile(r"[A-Za-z](?:[ \t]*[,;&+][ \t]*[A-Za-z])*[.)]?")
_FEEDBACK = re.compile(r"(?:FEEDBACK|EXPLANATION)[ \t]*:[ \t]*(.*)", re.IGNORECASE)


def fits(data: bytes) -> bool:
    """Say whether a file looks like Aiken: lettered lines, and after them one that names the answer."""
    if not formats.is_text(data):
        return False
    lines = [line.strip() for line in formats.beginning(data, most=100_000).splitlines()]
    before = ""
    for line in filter(None, lines):
        if _ANSWER.fullmatch(line) and _CHOICE.fullmatch(before):
            return True
        before = line
    return False


def read(data: bytes | str, language: str = DEFAULT) -> ReadResult:
    """Read an Aiken file; its texts are in ``language``, and plain.

    Nothing is raised: a file or a question that cannot be understood is a problem
    with a line.  More than Moodle, this takes a question of several lines, answers
    such as "A, C", and a line "FEEDBACK:" after the answer.
    """
    try:
        text = question_files.decode(data)
    except Unreadable as error:
        return ReadResult(problems=(error.problem,))
    drafts, problems = [], []
    blocks = list(_cut(text))
    for block in blocks:
        try:
            drafts.append(block.draft(language))
        except Unreadable as error:
            problems.append(error.problem)
    found = {TYPE: len(blocks)} if blocks else {}
    return ReadResult(tuple(drafts), (), tuple(problems), {}, found)


@dataclass
class _Block:
    """The lines of one question."""

    position: int
    stem: list[str] = field(default_factory=list)
    choices: list[list[str]] = field(default_factory=list)
    answer: str | None = None
    feedback: list[str] = field(default_factory=list)
    wrong_letter: str = ""

    @property
    def next_letter(self) -> str:
        return _LETTERS[min(len(self.choices), len(_LETTERS) - 1)]

    def draft(self, language: str) -> QuestionDraft:
        """Return the draft.  Raises Unreadable."""
        stem = "\n".join(self.stem).strip()
        name = question_files.name_from(stem, TextFormat.PLAIN, position=self.position, longest=_LONGEST_NAME)
        if not stem:
            raise self._error(lazy_("There are answers without a question."), name)
        if self.wrong_letter:
            message = lazy_("The answers must be lettered A, B, C ...; “{text}” does not follow.", text=self.wrong_letter)
            raise self._error(message, name)
        if self.answer is None:
            raise self._error(lazy_("The line with the right answer is missing, such as “ANSWER: A”."), name)
        if len(self.choices) < 2:
            raise self._error(lazy_("A question needs at least two answers, lettered A, B, ..."), name)
        texts = {"stem": stem, "feedback": "\n".join(self.feedback).strip()}
        texts |= {key_at(index): "\n".join(lines).strip() for index, lines in enumerate(self.choices)}
        texts = {key: text for key, text in texts.items() if text}
        kind, body = self._body(name)
        return QuestionDraft(
            name=name,
            type=kind,
            body=body,
            texts=Texts({language: texts}),
            formats=dict.fromkeys(texts, TextFormat.PLAIN),
            position=self.position,
        )

    def _body(self, name: str) -> tuple[str, Body]:
        said = (self.answer or "").strip()
        letters = re.findall("[A-Za-z]", said) if _SEVERAL.fullmatch(said) else re.findall("^[A-Za-z](?![A-Za-z])", said)
        right = sorted({_LETTERS.index(letter.upper()) for letter in letters})
        if not right or right[-1] >= len(self.choices):
            raise self._error(lazy_("“{text}” names none of the answers.", text=said), name)
        worth = 1.0 / len(right)
        choices = tuple(Choice(key_at(index), worth if index in right else 0.0) for index in range(len(self.choices)))
        if len(right) == 1:
            return "single_choice", SingleChoiceBody(choices)
        return "multiple_choice", MultipleChoiceBody(tuple(choice if choice.fraction else Choice(choice.key, -worth) for choice in choices))

    def _error(self, message: LazyText, name: str) -> Unreadable:
        return Unreadable(Problem(Severity.ERROR, message, self.position, name))


def _cut(text: str) -> Iterator[_Block]:
    """Yield the questions; what is not finished ends at the next question."""
    block: _Block | None = None
    was_empty = True
    for number, raw in enumerate(text.split("\n"), start=1):
        line = raw.strip()
        if not line:
            was_empty = True
            continue
        choice, answer, feedback = _CHOICE.fullmatch(line), _ANSWER.fullmatch(line), _FEEDBACK.fullmatch(line)
        if block and block.answer is not None and feedback:
            block.feedback.append(feedback[1])
        elif block and block.answer is not None and block.feedback and not was_empty and not choice and not answer:
            block.feedback.append(line)
        elif block and answer and block.answer is None:
            block.answer = answer[1]
        elif choice and block and block.answer is None and choice[1].upper() == block.next_letter:
            block.choices.append([choice[2] or choice[3] or ""])
        elif choice and choice[1].upper() == "A" and block and block.answer is None and len(block.choices[-1]) > 1:
            # The former question has no answer, and what was taken for the end of its last choice is the next question.
            (*kept, stem) = block.choices[-1]
            block.choices[-1] = kept
            yield block
            block = _Block(number - 1, [stem], [[choice[2] or choice[3] or ""]])
        elif block is None or block.answer is not None or block.choices and was_empty and not choice:
            if block:
                yield block
            block = _Block(number)
            _begin(block, line, choice, answer)
        elif choice and block.choices:
            block.wrong_letter = block.wrong_letter or f"{choice[1]}."
        else:
            (block.choices[-1] if block.choices else block.stem).append(line)
        was_empty = False
    if block:
        yield block


def _begin(block: _Block, line: str, choice: re.Match[str] | None, answer: re.Match[str] | None) -> None:
    if answer:
        block.answer = answer[1]
    elif choice and choice[1] == "A":
        block.choices.append([choice[2] or choice[3] or ""])
    else:
        block.stem.append(line)
