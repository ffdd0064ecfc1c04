"""Writing a file of messages to inspect, and saying what it cannot carry."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from lms.core.i18n import DEFAULT, lazy_
from lms.interop import question_files
from lms.interop.question_files import Category, WriteResult
from lms.quizzes import drafting
from lms.quizzes.content import Problem, QuestionDraft, Severity, TextFormat, Texts
from lms.quizzes.message_text import reading, writing


def write(drafts: Iterable[QuestionDraft], categories: Sequence[Category] = (), *, language: str = DEFAULT) -> WriteResult:
    """Write the messages among the drafts, in this language; other questions are reported as left out.

    Each is read again at once, so that the result tells what is lost: files,
    and the texts in other languages, which stand in files of their own.
    """
    written: list[str] = []
    problems: list[Problem] = []
    for category in categories:
        if category.info or category.id_number:
            message = lazy_("This format has no place for the description of the category “{name}”.", name=category.path[-1])
            problems.append(Problem(Severity.WARNING, message))
    for draft in drafts:
        if draft.type != reading.TYPE:
            problems += question_files.losses(draft, None, language=language)
            continue
        text = writing.write(draft, language)
        again, wrong = reading.read(text, language)
        whole = len(again) == 1 and not wrong
        problems += question_files.losses(_clean(draft), _clean(again[0]) if whole else None, language=language)
        if whole:
            written.append(text)
    return WriteResult(f"\n{writing.BETWEEN}\n".join(written).encode(), tuple(problems))


def _clean(draft: QuestionDraft) -> QuestionDraft:
    """Return the draft with its texts as they are shown: how they were written is no loss."""
    by_language = {
        language: {key: drafting.as_html(text, draft.formats.get(key, TextFormat.HTML)) for key, text in texts.items()}
        for language, texts in draft.texts.by_language.items()
    }
    return replace(draft, texts=Texts(by_language), formats={})
