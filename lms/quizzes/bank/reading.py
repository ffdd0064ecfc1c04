"""Questions of the bank as drafts: to be edited, compared, and taken along in a file."""

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select

from lms.core.db import session
from lms.core.models import File
from lms.quizzes import question_types
from lms.quizzes.content import QuestionDraft, Texts
from lms.quizzes.models.bank import Category, Question, QuestionFile, QuestionTag, QuestionVersion


def latest(question_id: int) -> QuestionVersion:
    """Return the newest version of a question.  One statement."""
    return session.scalars(
        select(QuestionVersion).where(QuestionVersion.question_id == question_id).order_by(QuestionVersion.number.desc()).limit(1)
    ).one()


def draft_of(version: QuestionVersion, *, category: tuple[str, ...] = ()) -> QuestionDraft:
    """Return a version as a draft with its tags and files."""
    return drafts_of_versions([version], {version.question_id: category})[0]


def drafts_of(question_ids: Sequence[int]) -> list[QuestionDraft]:
    """Return the newest versions of these questions as drafts with their categories, tags and files, by category.

    Questions of a type that is no longer in use stay out.
    """
    newest = (
        select(QuestionVersion.question_id, func.max(QuestionVersion.number).label("number"))
        .where(QuestionVersion.question_id.in_(question_ids))
        .group_by(QuestionVersion.question_id)
        .subquery()
    )
    rows = session.execute(
        select(QuestionVersion, Question.category_id)
        .join(newest, (newest.c.question_id == QuestionVersion.question_id) & (newest.c.number == QuestionVersion.number))
        .join(Question, Question.id == QuestionVersion.question_id)
    ).all()
    paths = {category_id: path(category_id) for category_id in {row[1] for row in rows}}
    known = [(paths[category_id], version) for version, category_id in rows if question_types.is_known(version.type)]
    known.sort(key=lambda each: (each[0], each[1].question_id))
    return drafts_of_versions([version for _path, version in known], {version.question_id: where for where, version in known})


def path(category_id: int | None) -> tuple[str, ...]:
    """Return the names of a category and of those above it, the outermost first."""
    names: list[str] = []
    while category_id is not None:
        name, category_id = session.execute(select(Category.name, Category.parent_id).where(Category.id == category_id)).one()
        names.append(name)
    return tuple(reversed(names))


def files_of(version_ids: Sequence[int]) -> dict[int, dict[str, bytes]]:
    """Return the files of versions by their names.  One statement."""
    found: dict[int, dict[str, bytes]] = {}
    rows = session.execute(
        select(QuestionFile.version_id, QuestionFile.name, File.content)
        .join(File, File.id == QuestionFile.file_id)
        .where(QuestionFile.version_id.in_(version_ids))
        .order_by(QuestionFile.name)
    )
    for version_id, name, content in rows:
        found.setdefault(version_id, {})[name] = content
    return found


def drafts_of_versions(versions: Sequence[QuestionVersion], paths: Mapping[int, tuple[str, ...]]) -> list[QuestionDraft]:
    """Return these versions as drafts with their tags and files; ``paths`` are their categories by the id of the question."""
    ids = [version.question_id for version in versions]
    files = files_of([version.id for version in versions])
    numbers = {row[0]: row[1] for row in session.execute(select(Question.id, Question.id_number).where(Question.id.in_(ids)))}
    tags: dict[int, list[str]] = {}
    for question_id, tag in session.execute(
        select(QuestionTag.question_id, QuestionTag.tag).where(QuestionTag.question_id.in_(ids)).order_by(QuestionTag.tag)
    ):
        tags.setdefault(question_id, []).append(tag)
    return [
        QuestionDraft(
            name=version.name,
            type=version.type,
            body=question_types.get(version.type).read_body(version.body),
            texts=Texts.from_json(version.texts),
            category=paths[version.question_id],
            tags=tuple(tags.get(version.question_id, ())),
            id_number=numbers[version.question_id] or "",
            default_mark=version.default_mark,
            penalty=version.penalty,
            hidden=version.state == "hidden",
            files=files.get(version.id, {}),
        )
        for version in versions
    ]
