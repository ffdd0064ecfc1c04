"""The messages to inspect that come with the program, for the bank that everybody shares."""

from functools import cache
from pathlib import Path

from lms.core.errors import LmsError
from lms.quizzes import drafting
from lms.quizzes.bank import storing
from lms.quizzes.bank.storing import Stored
from lms.quizzes.content import Problem, QuestionDraft, Severity
from lms.quizzes.message_text import reading
from lms.quizzes.types.message_inspection import MessageInspection

FOLDER = Path(__file__).parent.parent / "catalogue" / "messages"
CATEGORY = ("Xem tin nhắn",)


class BrokenMessages(LmsError):
    """A message of ours cannot be used; a mistake in our files."""

    code = "broken_messages"
    message = "{problems}"


def load(folder: Path = FOLDER) -> tuple[list[QuestionDraft], list[tuple[str, Problem]]]:
    """Read name.vi.message, name.en.message and so on; return the prepared drafts, and what is to be mended in which file."""
    by_language: dict[str, list[QuestionDraft]] = {}
    problems: list[tuple[str, Problem]] = []
    for path in sorted(folder.glob("*.message"), key=lambda path: (path.suffixes[-2:] != [".vi", ".message"], path.name)):
        language = path.suffixes[-2].removeprefix(".")
        drafts, wrong = reading.read(path.read_text(encoding="utf-8"), language)
        by_language.setdefault(language, []).extend(drafts)
        problems += [(path.name, problem) for problem in wrong]
    if not by_language:
        return [], problems
    merged, differences = drafting.merge(by_language)
    problems += [(problem.question, problem) for problem in differences]
    prepared = [drafting.prepare(draft, MessageInspection()) for draft in merged]
    problems += [(each.draft.id_number, problem) for each in prepared for problem in each.problems]
    return [each.draft for each in prepared if each.is_usable], problems


@cache
def _ours() -> tuple[QuestionDraft, ...]:
    drafts, problems = load()
    if errors := [f"{name}: {problem.message}" for name, problem in problems if problem.severity is Severity.ERROR]:
        raise BrokenMessages(problems="\n".join(errors))
    return tuple(drafts)


def ensure() -> list[Stored]:
    """Bring the messages into the shared bank; those that did not change stay as they are."""
    return storing.store(_ours(), unit_id=None, into=CATEGORY)
