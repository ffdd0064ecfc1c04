"""A longer text, or files, that a person marks."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from lms.core import files, formats
from lms.core.i18n import DEFAULT, lazy_, ngettext
from lms.quizzes import file_rules, grading
from lms.quizzes.bodies.writing import Criterion, EssayBody, EssayEditor
from lms.quizzes.content import InvalidResponse, LazyText, Problem, Response, Texts
from lms.quizzes.grading import Grade
from lms.quizzes.types import wording
from lms.quizzes.types.drawing import Drawing, HandedIn, Sketch
from lms.quizzes.types.kind import QuestionType, check_texts, error, one_text, warning
from lms.quizzes.types.on_paper import OnPaper

_LONGEST = 100_000
_WORD = re.compile(r"\S*\w\S*")


@dataclass(frozen=True)
class LevelShown:
    """A level of a criterion in one language."""

    key: str
    html: Markup
    points: float


@dataclass(frozen=True)
class CriterionShown:
    """A criterion in one language, with its levels."""

    key: str
    html: Markup
    levels: tuple[LevelShown, ...]


@dataclass(frozen=True)
class EssaySketch(Sketch):
    """A text to write, with what is asked of it, and the files that were added."""

    text: str
    has_text: bool
    rows: int
    monospaced: bool
    words: int
    least_words: int | None
    most_words: int | None
    files: tuple[HandedIn, ...]
    takes_files: int  # how many, 0: none
    needs_files: int
    largest: str  # a file, as it is said
    most_bytes: int
    kinds: str  # of files, as they are said; "": all that are kept
    accept: str
    attempt_id: int  # 0 where nothing can be added
    slot: int
    rubric: tuple[CriterionShown, ...]


class Essay(QuestionType[EssayBody]):
    """Response: ``{"text": "...", "files": ["12"]}``; files are ids of attachments of this very response, never sent by a page."""

    key = "essay"
    label = lazy_("Essay")
    gradable = False

    def check(self, body: EssayBody, texts: Texts) -> list[Problem]:
        keys = [key for each in body.rubric for key in (each.key, *(level.key for level in each.levels))]
        problems = check_texts(texts, *keys)
        if body.least_words and body.most_words and body.least_words > body.most_words:
            problems.append(error(lazy_("The least number of words is above the most.")))
        if file_rules.most_files(body) < body.attachments_required:
            problems.append(error(lazy_("More files are required than may be added.")))
        if body.editor is EssayEditor.NO_TEXT and not body.attachments:
            problems.append(error(lazy_("Nothing can be answered: there is neither a text nor a file to give.")))
        problems += check_files(body)
        for each in body.rubric:
            if len(each.levels) < 2:
                problems.append(error(lazy_("Each criterion needs at least two levels.")))
            elif any(level.points < 0 for level in each.levels) or not any(level.points > 0 for level in each.levels):
                problems.append(error(lazy_("Points of a level are 0 or more, and the best level of a criterion has some.")))
        return problems

    def empty(self, response: Response) -> bool:
        return not response.get("text") and not response.get("files")

    def takes_files(self, body: EssayBody) -> bool:
        return file_rules.most_files(body) > 0

    def beside(self, response: Response) -> Response:
        return {"files": response["files"]} if response.get("files") else {}

    def needs(self, body: EssayBody) -> LazyText | None:
        number = body.attachments_required
        if not number:
            return None
        return lazy_("A file is needed.") if number == 1 else lazy_("{number} files are needed.", number=number)

    def trouble(self, body: EssayBody, response: Response) -> LazyText | None:
        text, handed_in = response.get("text", ""), len(response.get("files", ()))
        if body.required and body.editor is not EssayEditor.NO_TEXT and not text:
            return lazy_("Write your answer as well.")
        if text and body.least_words and count_words(text) < body.least_words:
            return lazy_("Write at least {least} words; so far there are {count}.", least=body.least_words, count=count_words(text))
        if text and body.most_words and count_words(text) > body.most_words:
            return lazy_("Write at most {most} words; there are {count}.", most=body.most_words, count=count_words(text))
        if handed_in < body.attachments_required:
            return lazy_("Add {number} files at least; so far there are {count}.", number=body.attachments_required, count=handed_in)
        return None

    def grade(self, body: EssayBody, response: Response) -> Grade:
        return grading.GAVE_UP if self.empty(response) else grading.NEEDS_MARKING

    def shown_keys(self, body: EssayBody) -> frozenset[str]:
        return frozenset()

    def right_answer(self, body: EssayBody) -> Response:
        return {}

    def describe(self, body: EssayBody, texts: Texts, response: Response, language: str = DEFAULT) -> str:
        count = len(response.get("files", ()))
        handed_in = ngettext("{number} file", "{number} files", count) if count else ""
        return " · ".join(filter(None, (wording.plain(response.get("text", "")), handed_in)))

    def rubric(self, body: EssayBody) -> tuple[Criterion, ...]:
        return body.rubric

    def draw(self, body: EssayBody, drawing: Drawing) -> EssaySketch:
        text = str(drawing.response.get("text", ""))
        return EssaySketch(
            drawing.html("stem"),
            text=text or ("" if drawing.response else wording.lines(drawing.texts.of("template", drawing.language))),
            has_text=body.editor is not EssayEditor.NO_TEXT,
            rows=min(max(body.lines, 3), 40),
            monospaced=body.editor is EssayEditor.MONOSPACED,
            words=count_words(text),
            least_words=body.least_words,
            most_words=body.most_words,
            files=tuple(drawing.desk.files[key] for key in drawing.response.get("files", ()) if key in drawing.desk.files),
            takes_files=file_rules.most_files(body),
            needs_files=body.attachments_required,
            largest=formats.file_size(file_rules.largest(body)),
            most_bytes=file_rules.largest(body),
            kinds=file_rules.kinds_said(body),
            accept=file_rules.accept(body),
            attempt_id=drawing.desk.attempt_id,
            slot=drawing.desk.slot,
            rubric=criteria(body.rubric, drawing) if body.show_rubric else (),
        )

    def on_paper(self, body: EssayBody, drawing: Drawing) -> OnPaper:
        note = lazy_("Files cannot be handed in on paper.") if self.takes_files(body) else ""
        return OnPaper(lines=0 if body.editor is EssayEditor.NO_TEXT else min(max(body.lines, 4), 25), note=note)

    def clean(self, body: EssayBody, raw: Mapping[str, Any]) -> Response:
        text = unicodedata.normalize("NFC", one_text(raw, "text")).replace("\r\n", "\n").replace("\x00", "").strip()
        if len(text) > _LONGEST:
            raise InvalidResponse(lazy_("This text is too long."))
        # Files never come from a page, which could name those of others: see ``beside``.
        return {"text": text} if text and body.editor is not EssayEditor.NO_TEXT else {}


def criteria(rubric: tuple[Criterion, ...], drawing: Drawing) -> tuple[CriterionShown, ...]:
    """Return a rubric in one language."""
    return tuple(
        CriterionShown(
            each.key,
            drawing.inline(each.key),
            tuple(LevelShown(level.key, drawing.inline(level.key), level.points) for level in each.levels),
        )
        for each in rubric
    )


def check_files(body: EssayBody) -> list[Problem]:
    """Return what an author should mend in what is said about files."""
    problems = []
    wanted = file_rules.types_of(body.attachment_types)
    unknown = [each for each in wanted if not file_rules.is_known(each)]
    if unknown and len(unknown) == len(wanted) and body.attachments_required:
        problems.append(
            error(lazy_("No file could ever be handed in: none of these kinds can be kept: {kinds}.", kinds=", ".join(unknown)))
        )
    elif unknown:
        problems.append(warning(lazy_("Not every file of these kinds can be kept: {kinds}.", kinds=", ".join(unknown))))
    if body.attachment_bytes < 0 or body.attachment_bytes > files.LARGEST:
        problems.append(warning(lazy_("A file can have at most {limit} here.", limit=formats.file_size(files.LARGEST))))
    return problems


def count_words(text: str) -> int:
    """Return how many words a text has, as word processors count: what stands between spaces and is no mere sign."""
    return len(_WORD.findall(text))
