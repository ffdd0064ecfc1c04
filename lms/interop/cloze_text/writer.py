"""Writing a question with embedded answers as its text, and saying what that cannot carry."""

from collections.abc import Iterable, Sequence

from lms.core.i18n import DEFAULT, lazy_
from lms.interop import question_files
from lms.interop.cloze_text import reader
from lms.interop.question_files import Category, WriteResult
from lms.quizzes import cloze_text
from lms.quizzes.bodies.gaps import ClozeBody
from lms.quizzes.content import Problem, QuestionDraft, Severity


def write(drafts: Iterable[QuestionDraft], categories: Sequence[Category] = (), *, language: str = DEFAULT) -> WriteResult:
    """Write the first cloze of the drafts; a file of this format holds one question and nothing about it.

    What is not written is told: other questions, categories, name, mark, tags, hints, feedback for everybody.
    """
    problems: list[Problem] = []
    data = b""
    for draft in drafts:
        if data or not isinstance(draft.body, ClozeBody):
            problems += question_files.losses(draft, None, language=language)
            continue
        texts = draft.texts.by_language.get(language, {})
        text = cloze_text.write(texts.get("stem", ""), draft.body.gaps, texts)
        again = reader.read(text, language)
        problems += question_files.losses(draft, again.drafts[0] if again.drafts else None, language=language)
        data = text.encode() if again.drafts else b""
    for category in categories:
        message = lazy_("This format has no categories: “{name}” was left out.", name="/".join(category.path))
        problems.append(Problem(Severity.WARNING, message))
    return WriteResult(data, tuple(problems))
