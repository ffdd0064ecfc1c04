"""Reads of the bank, each with its number of statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import aliased

from lms.accounts.models import Account, Person
from lms.core import names
from lms.core.db import session
from lms.core.models import File
from lms.courses.models import Activity, Course, Version
from lms.quizzes.bank import reading
from lms.quizzes.bank.tags import LAW
from lms.quizzes.bank.twins import Asked
from lms.quizzes.models.attempt import Response
from lms.quizzes.models.bank import Category, Question, QuestionFile, QuestionTag, QuestionVersion
from lms.quizzes.models.quiz import Quiz, Slot
from lms.quizzes.queries import category_with_inner
from lms.schools import access
from lms.schools.models import UnitReach


@dataclass(frozen=True)
class BankRow:
    """A question in the list of the bank, by its latest version."""

    question: Question
    version: QuestionVersion
    category: Category
    tags: tuple[str, ...]
    used_in: int  # quizzes


@dataclass(frozen=True)
class Units:
    """The units for which an author writes: their banks and those below are their own, those above are shared with them."""

    granting: tuple[int, ...]

    def sees(self) -> ColumnElement[bool]:
        """Return the condition for a category that these authors may read: built in, their own, or shared by an office above."""
        return or_(Category.unit_id.is_(None), self._own(), Category.unit_id.in_(_above(self.granting)))

    def writes(self) -> ColumnElement[bool]:
        """Return the condition for a category that these authors may write in."""
        return self._own()

    def _own(self) -> ColumnElement[bool]:
        return Category.unit_id.in_(access.reach(self.granting))


def _above(unit_ids: Sequence[int]) -> Select[int]:
    return select(UnitReach.ancestor_id).where(UnitReach.unit_id.in_(unit_ids))


MOST_COMPARED = 5_000  # questions, when those that ask the same are looked for
MOST_COUNTED = 1_000  # questions of a list; of more it is said that there are more
_latest, _later = aliased(QuestionVersion), aliased(QuestionVersion)


def categories(units: Units, *, to_write: bool = False) -> list[tuple[Category, str, int]]:
    """Return the categories that these authors see, or may write in, with their path and number of questions, in order."""
    per_category = session.execute(select(Question.category_id, func.count(Question.id)).group_by(Question.category_id))
    counts: dict[int, int] = {row[0]: row[1] for row in per_category}
    rows = session.scalars(select(Category).where(units.writes() if to_write else units.sees())).all()
    by_id = {category.id: category for category in rows}

    def path(category: Category) -> str:
        above = by_id.get(category.parent_id) if category.parent_id else None
        return f"{path(above)} / {category.name}" if above else category.name

    listed = [(category, path(category), counts.get(category.id, 0)) for category in rows]
    return sorted(listed, key=lambda each: names.fold(each[1]))


@dataclass(frozen=True)
class Wanted:
    """What a list of questions is narrowed to; everything empty is the whole bank."""

    category_id: int | None = None
    words: str = ""
    type_key: str = ""
    state: str = ""
    tag: str = ""
    law: str = ""  # "116/2025/QH15" or "116/2025/QH15 Đ7": an article counts with its clauses
    unused: bool = False  # in no quiz


@dataclass(frozen=True)
class Branch:
    """A category with those in it and the number of questions in itself."""

    category: Category
    count: int
    inner: tuple["Branch", ...]

    @property
    def is_empty(self) -> bool:
        return not self.count and not self.inner


@dataclass(frozen=True)
class Bank:
    """The tree of categories of one unit; of none: what is built in."""

    unit_id: int | None
    branches: tuple[Branch, ...]
    is_own: bool


def tree(units: Units) -> list[Bank]:
    """Return the banks that an author sees with their categories, the own ones first.  Three statements."""
    rows = categories(units)
    own = {category.id for category, _path, _count in categories(units, to_write=True)}
    seen = {category.id for category, _path, _count in rows}
    inner: dict[int | None, list[tuple[Category, int]]] = {}
    for category, _path, count in rows:
        inner.setdefault(category.parent_id if category.parent_id in seen else None, []).append((category, count))

    def branch(category: Category, count: int) -> Branch:
        return Branch(category, count, tuple(branch(*each) for each in inner.get(category.id, ())))

    roots = inner.get(None, [])
    unit_ids = dict.fromkeys(category.unit_id for category, _count in roots)
    banks = [
        Bank(
            unit_id,
            tuple(branch(*each) for each in roots if each[0].unit_id == unit_id),
            any(each[0].id in own for each in roots if each[0].unit_id == unit_id),
        )
        for unit_id in unit_ids
    ]
    return sorted(banks, key=lambda bank: (not bank.is_own, bank.unit_id or 0))


def author_names(account_ids: set[int]) -> dict[int, str]:
    """Return who the accounts are.  One statement."""
    rows = session.execute(
        select(Account.id, Person.family_name, Person.given_name)
        .join(Person, Person.id == Account.person_id)
        .where(Account.id.in_(account_ids))
    )
    return {row[0]: f"{row[1]} {row[2]}".strip() for row in rows}


def bank_rows(units: Units, wanted: Wanted, *, page: int, most: int) -> tuple[list[BankRow], int]:
    """Return a page of the questions that an author sees, by their newest version, and how many there are in all.

    Counting ends behind MOST_COUNTED: in a large bank it would cost more than everything else.
    """
    query = _found(units, wanted)
    counted = query.with_only_columns(Question.id).limit(MOST_COUNTED + 1).subquery()
    total = session.scalar(select(func.count()).select_from(counted)) or 0
    page_query = query.order_by(Question.category_id, Question.id).offset((page - 1) * most).limit(most)
    shown = [(row[0], row[1], row[2]) for row in session.execute(page_query)]
    return _listed(shown), total


def chosen_rows(units: Units, question_ids: Sequence[int]) -> list[BankRow]:
    """Return those of the questions that an author sees, in the order of the bank."""
    query = _found(units, Wanted()).where(Question.id.in_(question_ids)).order_by(Question.category_id, Question.id)
    return _listed([(row[0], row[1], row[2]) for row in session.execute(query)])


def found_ids(units: Units, wanted: Wanted) -> list[int]:
    """Return the ids of all questions that fit.  One statement."""
    return list(session.scalars(_found(units, wanted).with_only_columns(Question.id).order_by(Question.category_id, Question.id)))


def _found(units: Units, wanted: Wanted) -> Select[Question, QuestionVersion, Category]:
    # Asked of each version that is looked at, by its index: a list that ends after a page does not ask all of them.
    is_newest = ~exists().where(_later.question_id == _latest.question_id, _later.number > _latest.number)
    query = (
        select(Question, _latest, Category)
        .join(Category, Category.id == Question.category_id)
        .join(_latest, _latest.question_id == Question.id)
        .where(is_newest, units.sees())
    )
    if wanted.category_id is not None:
        query = query.where(Question.category_id.in_(category_with_inner(wanted.category_id)))
    if wanted.type_key:
        query = query.where(_latest.type == wanted.type_key)
    if wanted.state:
        query = query.where(_latest.state == wanted.state)
    for word in names.fold(wanted.words).split():
        query = query.where(_latest.search_key.contains(word, autoescape=True))
    if wanted.tag:
        query = query.where(_tagged(QuestionTag.tag == wanted.tag))
    if wanted.law:
        tag = f"{LAW}{wanted.law}"
        below = (QuestionTag.tag.startswith(f"{tag}{mark}", autoescape=True) for mark in (" ", "."))
        query = query.where(_tagged(or_(QuestionTag.tag == tag, *below)))
    if wanted.unused:
        query = query.where(~select(Slot.id).where(Slot.question_id == Question.id).exists())
    return query


def _tagged(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return Question.id.in_(select(QuestionTag.question_id).where(condition))


def _listed(shown: Sequence[tuple[Question, QuestionVersion, Category]]) -> list[BankRow]:
    ids = [row[0].id for row in shown]
    tags: dict[int, list[str]] = {}
    for tag in session.scalars(select(QuestionTag).where(QuestionTag.question_id.in_(ids)).order_by(QuestionTag.tag)):
        tags.setdefault(tag.question_id, []).append(tag.tag)
    in_quizzes = session.execute(
        select(Slot.question_id, func.count(func.distinct(Slot.quiz_id))).where(Slot.question_id.in_(ids)).group_by(Slot.question_id)
    )
    used = {row[0]: row[1] for row in in_quizzes}
    return [
        BankRow(question, version, category, tuple(tags.get(question.id, ())), used.get(question.id, 0))
        for question, version, category in shown
    ]


def tags(units: Units) -> list[tuple[str, int]]:
    """Return the tags of all questions that an author sees, with their number, articles of law too.  One statement."""
    rows = session.execute(
        select(QuestionTag.tag, func.count())
        .join(Question, Question.id == QuestionTag.question_id)
        .join(Category, Category.id == Question.category_id)
        .where(units.sees())
        .group_by(QuestionTag.tag)
        .order_by(QuestionTag.tag)
    )
    return [(row[0], row[1]) for row in rows]


def asked_counts(question_id: int) -> dict[int, int]:
    """Return how often each version of a question was given to a learner, by its id.  One statement."""
    rows = session.execute(
        select(Response.question_version_id, func.count())
        .join(QuestionVersion, QuestionVersion.id == Response.question_version_id)
        .where(QuestionVersion.question_id == question_id)
        .group_by(Response.question_version_id)
    )
    return {row[0]: row[1] for row in rows}


def used_in(question_id: int) -> list[tuple[str, dict[str, str], int]]:
    """Return the quizzes that have a question: code of the course, title of the quiz, number of the course's version.  One statement."""
    rows = session.execute(
        select(Course.code, Activity.title, Version.number)
        .join(Version, Version.course_id == Course.id)
        .join(Activity, Activity.version_id == Version.id)
        .join(Quiz, Quiz.activity_id == Activity.id)
        .join(Slot, Slot.quiz_id == Quiz.id)
        .where(Slot.question_id == question_id)
        .order_by(Course.code, Version.number)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def file_of_a_question(sha256: str) -> int | None:
    """Return the id of a file that some version of a question has; None for any other.  One statement."""
    return session.scalar(select(File.id).join(QuestionFile, QuestionFile.file_id == File.id).where(File.sha256 == sha256).limit(1))


def wanted_from(values: Mapping[str, str]) -> Wanted:
    """Return what a list is narrowed to, as the address or a form of its page says it."""
    category = values.get("category", "")
    return Wanted(
        category_id=int(category) if category.isdigit() and len(category) < 10 else None,
        words=values.get("words", "").strip()[:200],
        type_key=values.get("type", "")[:40],
        state=values.get("state", "")[:10],
        tag=values.get("tag", "")[:100],
        law=values.get("law", "").strip()[:100],
        unused=values.get("unused") == "1",
    )


def writable_ids(units: Units, question_ids: Sequence[int]) -> list[int]:
    """Return those of the questions that these authors may write.  One statement."""
    return list(
        session.scalars(
            select(Question.id)
            .join(Category, Category.id == Question.category_id)
            .where(Question.id.in_(question_ids), units.writes())
            .order_by(Question.category_id, Question.id)
        )
    )


def existing_ids(question_ids: Sequence[int]) -> list[int]:
    """Return those of the questions that are still there.  One statement."""
    return list(session.scalars(select(Question.id).where(Question.id.in_(question_ids))))


def path_of(category_id: int) -> str:
    """Return where a category stands; "" when it is gone."""
    return " / ".join(reading.path(category_id)) if session.get(Category, category_id) else ""


def stems(units: Units, category_id: int | None) -> tuple[list[Asked], bool]:
    """Return the texts of the newest questions to compare, at most MOST_COMPARED, and whether there are more.  One statement."""
    query = _found(units, Wanted(category_id=category_id)).with_only_columns(Question.id, _latest.texts)
    rows = session.execute(query.order_by(Question.id.desc()).limit(MOST_COMPARED + 1)).all()
    found = [Asked(row[0], tuple(texts.get("stem", "") for _code, texts in sorted(row[1].items()))) for row in rows[:MOST_COMPARED]]
    return list(reversed(found)), len(rows) > MOST_COMPARED
