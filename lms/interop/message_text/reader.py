"""Reading a file of messages to inspect."""

from collections import Counter

from lms.core.i18n import DEFAULT
from lms.interop import question_files
from lms.interop.question_files import Category, ReadResult, Unreadable
from lms.quizzes.content import Severity
from lms.quizzes.message_text import reading

KEY = "message_text"


def fits(data: bytes) -> bool:
    """Say whether a file looks like messages: it names a kind and has sections."""
    try:
        return reading.fits(question_files.decode(data[:20_000]))
    except Unreadable:
        # The cut may have gone through a letter; whoever reads the file will say what is wrong with it.
        return reading.fits(data[:20_000].decode("utf-8", errors="ignore"))


def read(data: bytes | str, language: str = DEFAULT) -> ReadResult:
    """Read a file of messages; its texts are in ``language``.

    Nothing is raised: what cannot be understood is a problem with its line and its cure.
    """
    try:
        text = question_files.decode(data)
    except Unreadable as error:
        return ReadResult(problems=(error.problem,))
    drafts, problems = reading.read(text, language)
    refused = len({problem.question for problem in problems if problem.severity is Severity.ERROR})
    found = Counter({reading.TYPE: len(drafts), "unreadable": refused})
    categories = [
        Category(draft.category, source=" / ".join(draft.category), position=draft.position) for draft in drafts if draft.category
    ]
    return ReadResult(tuple(drafts), question_files.merge(categories), tuple(problems), {}, dict(+found))
