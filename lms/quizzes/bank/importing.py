"""Bringing in files of questions by plan, apply and undo."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import delete, func, select

from lms.core import files, i18n, imports
from lms.core.db import session
from lms.core.errors import Conflict, Invalid
from lms.core.i18n import lazy_
from lms.core.models import Import
from lms.quizzes import drafting, question_types
from lms.quizzes.bank import storing
from lms.quizzes.bank.plans import draft_from_json, draft_to_json
from lms.quizzes.bank.storing import Drawers, Fate, Made
from lms.quizzes.content import Problem, Severity
from lms.quizzes.formats import FileRead
from lms.quizzes.models.attempt import Response
from lms.quizzes.models.bank import Category, Question, QuestionFile, QuestionTag, QuestionVersion
from lms.quizzes.models.quiz import Slot

KIND = "questions"  # of the rows in core_import
PLAN_SCHEMA = 1
MOST_QUESTIONS = 5_000


class NothingToImport(Invalid):
    code = "nothing_to_import"
    message = lazy_("There is no question in this file that can be used. Nothing was changed.")


class NotWhole(Invalid):
    code = "import_not_whole"
    message = lazy_("Not all of this file can be taken, and it was to come in whole or not at all. Nothing was changed.")


class TooManyQuestions(Invalid):
    code = "too_many_questions"
    message = lazy_("The file has {number} questions; at most {most} can be taken at once. Split it and try again.")


class InUse(Conflict):
    code = "questions_in_use"
    message = lazy_("{number} of these questions were answered, put into a quiz or changed since. They stay, and so does the import.")


class Plan(dict[str, Any]):
    """What the row of an import keeps, and beside it the files that its questions bring along, by SHA-256."""

    def __init__(self, plan: Mapping[str, Any], files_by_sha: Mapping[str, bytes]) -> None:
        super().__init__(plan)
        self.files = files_by_sha


def preview(
    read: FileRead, *, format_key: str, language: str, unit_id: int | None, into: tuple[str, ...] = (), whole: bool = False
) -> Plan:
    """Return what a file would do as a plan; nothing is kept.  ``whole``: it comes in whole or not at all.

    ``into`` is the path of the category that the file's own categories come
    under.  Raises TooManyQuestions.
    """
    if len(read.drafts) > MOST_QUESTIONS:
        raise TooManyQuestions(number=len(read.drafts), most=MOST_QUESTIONS)
    drawers = Drawers(unit_id)
    items, said = [], set()
    brought: dict[str, bytes] = {}
    for draft in read.drafts:
        prepared = drafting.prepare(draft, question_types.get(draft.type))
        fate = drawers.fate(into + draft.category, prepared.draft) if prepared.is_usable else Fate.REFUSED
        items.append(draft_to_json(prepared.draft) | {"fate": fate, "problems": [_said(each) for each in prepared.problems]})
        brought |= {files.digest(data): data for data in prepared.draft.files.values() if fate is not Fate.REFUSED}
        said |= {_key(problem) for problem in draft.warnings}
    plan = {
        "schema": PLAN_SCHEMA,
        "format": format_key,
        "language": language,
        "into": list(into),
        "items": items,
        "categories": [
            {"path": list(each.path), "info": drafting.as_html(each.info, each.info_format), "id_number": each.id_number}
            for each in read.categories
        ],
        "problems": [_said(each) for each in read.problems if _key(each) not in said],
        "unsupported": dict(read.unsupported),
        "whole": whole,
    }
    return Plan(plan, brought)


def counts(plan: Mapping[str, Any]) -> Mapping[str, int]:
    """Return how many questions of a plan have which fate."""
    return Counter(item["fate"] for item in plan["items"])


def has_usable(plan: Mapping[str, Any]) -> bool:
    """Say whether there is anything to apply."""
    return any(item["fate"] != Fate.REFUSED for item in plan["items"])


def is_whole(plan: Mapping[str, Any]) -> bool:
    """Say whether all of a file can be taken: no question is refused or left out, and nothing could not be read."""
    has_error = any(problem["severity"] == Severity.ERROR for problem in plan["problems"])
    return has_usable(plan) and not has_error and not plan["unsupported"] and all(item["fate"] != Fate.REFUSED for item in plan["items"])


def can_be_applied(plan: Mapping[str, Any]) -> bool:
    """Say whether what was asked for can be done: all of the file, or what of it can be used."""
    return is_whole(plan) if plan.get("whole") else has_usable(plan)


def keep(plan: Plan, *, unit_id: int | None, file_name: str, data: bytes, by: int | None) -> Import:
    """Keep a plan with its files, to be looked at again and applied; the bank is not changed."""
    for content in plan.files.values():
        files.keep(content)
    return imports.plan(KIND, unit_id=unit_id, file_name=file_name, content=data, plan=plan, by=by)


def apply(row: Import, *, by: int | None) -> None:
    """Bring the questions of a plan into the bank.

    Questions that are refused stay out.  What the plan said is looked at again:
    somebody may have brought in the same meanwhile.

    Raises imports.NotPlanned, NothingToImport, NotWhole, and files.FileGone when the plan waited for weeks.
    """
    if not has_usable(row.plan):
        raise NothingToImport()
    if not can_be_applied(row.plan):
        raise NotWhole()
    imports.begin_apply(row, by=by)
    made = Made()
    into = tuple(row.plan["into"])
    about = {tuple(each["path"]): each for each in row.plan["categories"]}
    drafts = [draft_from_json(item, files.content) for item in row.plan["items"] if item["fate"] != Fate.REFUSED]
    stored = storing.store(drafts, unit_id=row.unit_id, into=into, import_id=row.id, account_id=by, made=made, about=about)
    result = {str(fate): count for fate, count in Counter(each.fate for each in stored).items()}
    imports.finish(row, result | asdict(made), by=by)


def undo(row: Import, *, by: int | None) -> None:
    """Take out again what an import brought in, all of it or nothing.

    Raises imports.NotApplied, imports.TooLate, and InUse when questions were
    answered, put into a quiz or changed since.
    """
    imports.begin_undo(row, by=by)
    imports.one_at_a_time()
    result = row.result or {}
    take_back(Made(result["categories"], result["questions"], result["versions"], result["tags_before"]))


def take_back(made: Made) -> None:
    """Take out again what came into the bank.  Raises InUse when questions were answered, put into a quiz or changed since."""
    if in_use := _in_use(made.versions, made.questions):
        raise InUse(number=in_use)
    for question_id, tags in made.tags_before.items():
        storing.set_tags(int(question_id), tags)
    session.execute(delete(QuestionFile).where(QuestionFile.version_id.in_(made.versions)))
    session.execute(delete(QuestionVersion).where(QuestionVersion.id.in_(made.versions)))
    session.execute(delete(QuestionTag).where(QuestionTag.question_id.in_(made.questions)))
    session.execute(delete(Question).where(Question.id.in_(made.questions)))
    # The inner ones were made last.
    for category_id in reversed(made.categories):
        is_used = select(Question.id).where(Question.category_id == category_id).exists()
        is_parent = select(Category.id).where(Category.parent_id == category_id).exists()
        if not session.scalar(select(is_used | is_parent)):
            session.execute(delete(Category).where(Category.id == category_id))
    session.expire_all()


def _in_use(versions: Sequence[int], questions: Sequence[int]) -> int:
    answered = select(QuestionVersion.question_id).join(Response, Response.question_version_id == QuestionVersion.id)
    in_quiz = select(Slot.question_id).join(
        QuestionVersion, (QuestionVersion.question_id == Slot.question_id) & (QuestionVersion.number == Slot.version_number)
    )
    of_new_question = select(Slot.question_id).where(Slot.question_id.in_(questions))
    # A version that somebody made on top of ours would hang in the air.
    touched = select(QuestionVersion.question_id).where(QuestionVersion.id.in_(versions))
    newest = select(QuestionVersion.question_id, func.max(QuestionVersion.id).label("id")).group_by(QuestionVersion.question_id).subquery()
    changed = select(newest.c.question_id).where(newest.c.question_id.in_(touched), newest.c.id.not_in(versions))
    used: set[int | None] = set()
    for query in (
        answered.where(QuestionVersion.id.in_(versions)),
        in_quiz.where(QuestionVersion.id.in_(versions)),
        of_new_question,
        changed,
    ):
        used |= set(session.scalars(query))
    return len(used)


def _said(problem: Problem) -> dict[str, Any]:
    """Return a problem in all languages: who looks at the plan may read another one than who made it."""
    words = {}
    for code in i18n.LANGUAGES:
        with i18n.in_language(code):
            words[code] = str(problem.message)
    return {"severity": problem.severity, "position": problem.position, "question": problem.question, "message": words}


def _key(problem: Problem) -> tuple[Severity, str, int | None]:
    return problem.severity, str(problem.message), problem.position
