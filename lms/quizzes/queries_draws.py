"""Which questions fit the draws of a quiz, and how often a learner was given them already."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from lms.core.db import session
from lms.learning.models import Enrolment
from lms.quizzes import question_types
from lms.quizzes.models.attempt import Attempt, Response
from lms.quizzes.models.bank import Category, Question, QuestionTag, QuestionVersion


@dataclass(frozen=True)
class Draw:
    """The rule of a slot that is drawn: a category, whether those inside it count too, and tags that a question must all have."""

    category_id: int
    inner: bool = True
    tags: tuple[str, ...] = ()

    @classmethod
    def read(cls, rule: Mapping[str, Any]) -> "Draw":
        """Return the rule as a slot keeps it."""
        return cls(int(rule["category_id"]), bool(rule.get("inner", True)), tuple(sorted(set(rule.get("tags", ())))))

    def write(self) -> dict[str, Any]:
        """Return the rule as a slot keeps it."""
        return {"category_id": self.category_id, "inner": self.inner, "tags": list(self.tags)}


@dataclass(frozen=True)
class Candidate:
    """A question that can be drawn, in its latest ready version."""

    question_id: int
    version_id: int


def fitting(draws: Collection[Draw]) -> dict[Draw, list[Candidate]]:
    """Return the questions that fit each of the draws, in order.

    Of each question counts the latest ready version; one that nobody answers, or
    that a person has to mark, is never drawn.  As many statements as the tree of
    categories is deep, and two more, however many draws there are.
    """
    inside = _inside({draw.category_id for draw in draws})
    wanted = {category_id for draw in draws for category_id in (inside[draw.category_id] if draw.inner else (draw.category_id,))}
    newest = _newest_ready(wanted)
    tagged = _tagged([row.question_id for row in newest], {tag for draw in draws for tag in draw.tags})
    found: dict[Draw, list[Candidate]] = {}
    for draw in draws:
        categories = inside[draw.category_id] if draw.inner else {draw.category_id}
        found[draw] = [
            Candidate(row.question_id, row.version_id)
            for row in newest
            if row.category_id in categories and tagged.get(row.question_id, frozenset()).issuperset(draw.tags)
        ]
    return found


def seen_counts(person_id: int, question_ids: Collection[int]) -> dict[int, int]:
    """Return how often a person was given each of these questions.  One statement."""
    rows = session.execute(
        select(QuestionVersion.question_id, func.count(Response.id))
        .join(Response, Response.question_version_id == QuestionVersion.id)
        .join(Attempt, Attempt.id == Response.attempt_id)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .where(Enrolment.person_id == person_id)
        .group_by(QuestionVersion.question_id)
    )
    wanted = set(question_ids)
    return {row[0]: row[1] for row in rows if row[0] in wanted}


def _inside(category_ids: Collection[int]) -> dict[int, set[int]]:
    """Return each category with itself and all below it.  One statement for each floor of the tree."""
    found = {category_id: {category_id} for category_id in category_ids}
    tops: dict[int, set[int]] = {category_id: {category_id} for category_id in category_ids}
    edge = set(category_ids)
    while edge:
        rows = session.execute(select(Category.id, Category.parent_id).where(Category.parent_id.in_(edge))).all()
        edge = set()
        for row in rows:
            above = tops[row.parent_id]
            known = tops.setdefault(row.id, set())
            if above - known:
                known |= above
                edge.add(row.id)
            for top in above:
                found[top].add(row.id)
    return found


def _newest_ready(category_ids: Collection[int]) -> Sequence[Any]:
    newest = (
        select(QuestionVersion.question_id, func.max(QuestionVersion.number).label("number"))
        .join(Question, Question.id == QuestionVersion.question_id)
        .where(QuestionVersion.state == "ready", Question.category_id.in_(category_ids))
        .group_by(QuestionVersion.question_id)
        .subquery()
    )
    drawable = [each.key for each in question_types.known() if each.gradable]
    return session.execute(
        select(Question.category_id, Question.id.label("question_id"), QuestionVersion.id.label("version_id"))
        .join(newest, newest.c.question_id == Question.id)
        .join(QuestionVersion, (QuestionVersion.question_id == Question.id) & (QuestionVersion.number == newest.c.number))
        .where(QuestionVersion.type.in_(drawable))
        .order_by(Question.id)
    ).all()


def _tagged(question_ids: Collection[int], tags: Collection[str]) -> dict[int, set[str]]:
    if not tags:
        return {}
    found: dict[int, set[str]] = {}
    wanted = set(question_ids)
    for row in session.execute(select(QuestionTag.question_id, QuestionTag.tag).where(QuestionTag.tag.in_(tags))):
        if row.question_id in wanted:
            found.setdefault(row.question_id, set()).add(row.tag)
    return found
