"""Taking questions out of the bank, as drafts that any format can write."""

from collections.abc import Sequence

from sqlalchemy import func, select

from lms.core.db import session
from lms.core.errors import NotFound
from lms.core.i18n import lazy_
from lms.core.models import File
from lms.quizzes.bodies import every
from lms.quizzes.content import QuestionDraft, Texts
from lms.quizzes.models.bank import Category, Question, QuestionFile, QuestionTag, QuestionVersion
from lms.quizzes.queries import category_with_inner


class NoSuchCategory(NotFound):
    code = "no_such_category"
    message = lazy_("There is no category “{name}” in this bank.")


def drafts(*, unit_id: int | None, category_id: int | None = None) -> list[QuestionDraft]:
    """Return the newest version of each question of a bank, or of a category and those below it, in the order they were made."""
    return drafts_of(_question_ids(unit_id, category_id))


def drafts_of(question_ids: Sequence[int]) -> list[QuestionDraft]:
    """Return the newest version of these questions, with their files, in this order."""
    newest = select(func.max(QuestionVersion.id)).where(QuestionVersion.question_id.in_(question_ids)).group_by(QuestionVersion.question_id)
    rows = session.execute(
        select(QuestionVersion, Question, Category)
        .join(Question, Question.id == QuestionVersion.question_id)
        .join(Category, Category.id == Question.category_id)
        .where(QuestionVersion.id.in_(newest))
    ).all()
    tags: dict[int, list[str]] = {}
    tag_rows = select(QuestionTag.question_id, QuestionTag.tag).where(QuestionTag.question_id.in_(question_ids))
    for question_id, tag in session.execute(tag_rows.order_by(QuestionTag.tag)):
        tags.setdefault(question_id, []).append(tag)
    attached: dict[int, dict[str, bytes]] = {}
    file_rows = select(QuestionFile.version_id, QuestionFile.name, File.content).join(File, File.id == QuestionFile.file_id)
    for version_id, name, content in session.execute(file_rows.where(QuestionFile.version_id.in_(newest)).order_by(QuestionFile.name)):
        attached.setdefault(version_id, {})[name] = content
    paths = _paths()
    found = {
        question.id: QuestionDraft(
            name=version.name,
            type=version.type,
            body=every.body_from_json(version.type, version.body),
            texts=Texts.from_json(version.texts),
            category=paths.get(category.id, (category.name,)),
            tags=tuple(tags.get(question.id, ())),
            id_number=question.id_number or "",
            default_mark=version.default_mark,
            penalty=version.penalty,
            hidden=version.state == "hidden",
            files=attached.get(version.id, {}),
        )
        for version, question, category in rows
    }
    return [found[each] for each in question_ids if each in found]


def category_called(name: str, *, unit_id: int | None) -> int:
    """Return the category of this name or path ("A / B").  Raises NoSuchCategory."""
    wanted = tuple(part.strip() for part in name.split(" / "))
    of_unit = Category.unit_id.is_(None) if unit_id is None else Category.unit_id == unit_id
    own = set(session.scalars(select(Category.id).where(of_unit)))
    found = [category_id for category_id, path in _paths().items() if category_id in own and path[-len(wanted) :] == wanted]
    if not found:
        raise NoSuchCategory(name=name)
    return min(found)


def _question_ids(unit_id: int | None, category_id: int | None) -> list[int]:
    query = select(Question.id).join(Category, Category.id == Question.category_id).order_by(Question.category_id, Question.id)
    if category_id is not None:
        return list(session.scalars(query.where(Question.category_id.in_(category_with_inner(category_id)))))
    return list(session.scalars(query.where(Category.unit_id.is_(None) if unit_id is None else Category.unit_id == unit_id)))


def _paths() -> dict[int, tuple[str, ...]]:
    """Return the names of each category and of those above it."""
    rows = {row.id: (row.name, row.parent_id) for row in session.execute(select(Category.id, Category.name, Category.parent_id))}

    def path(category_id: int | None) -> tuple[str, ...]:
        names: list[str] = []
        while category_id is not None and category_id in rows and len(names) < 20:
            name, category_id = rows[category_id]
            names.insert(0, name)
        return tuple(names)

    return {category_id: path(category_id) for category_id in rows}
