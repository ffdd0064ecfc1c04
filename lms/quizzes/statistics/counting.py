"""Counting the figures of quizzes, by a job: the database groups, so that memory does not grow with the number of learners."""

import json
import logging
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, cast, func, select, update

from lms.core import clock, db, jobs
from lms.core.db import session
from lms.core.rows import insert_new
from lms.quizzes import question_types
from lms.quizzes.grading import ALMOST_ZERO
from lms.quizzes.models.attempt import Attempt, Response
from lms.quizzes.models.bank import QuestionVersion
from lms.quizzes.models.marking import Regrade, Statistic
from lms.quizzes.models.quiz import Slot
from lms.quizzes.statistics import formulas, hiding
from lms.quizzes.statistics.figures import Bar, QuizFigures, Taken, VersionFigures
from lms.quizzes.statistics.formulas import Pair
from lms.quizzes.timing import State

log = logging.getLogger(__name__)

JOB = "quizzes.statistics"
EVERY = timedelta(hours=1)
SCOPES = ("first", "all")
_BARS = 10


@dataclass(frozen=True)
class _Size:
    """How many attempts there are, and of how many people."""

    attempts: int
    learners: int
    later: int  # learners with more than the first attempt


@dataclass(frozen=True)
class _Marks:
    """What was earned in a version, by mark and total, and what was answered."""

    version: QuestionVersion
    full_mark: float
    learners: int
    pairs: tuple[Pair, ...]
    answers: tuple[tuple[str | None, int, float], ...]  # answer as text, how many, sum of their shares


def run(payload: Mapping[str, Any]) -> None:
    """Count one quiz, or, without one named, see which quizzes have enough that is new; a job."""
    if "quiz_id" in payload:
        count(payload["quiz_id"])
        return
    for quiz_id in due():
        jobs.add(JOB, quiz_id=quiz_id)


def due() -> list[int]:
    """Return the quizzes whose figures are worth counting anew."""
    counted = {row.quiz_id: row.attempts for row in session.scalars(select(Statistic).where(Statistic.scope == "all"))}
    rows = session.execute(select(Attempt.quiz_id, func.count(Attempt.id)).where(_COUNTS).group_by(Attempt.quiz_id))
    return [quiz_id for quiz_id, number in rows if hiding.worth_counting(before=counted.get(quiz_id), now=number)]


def count(quiz_id: int) -> bool:
    """Count a quiz anew and keep its figures; False when what is new is too little to be told.

    Nothing else may have been written in this transaction: while it is counted,
    others can write.
    """
    with db.reading():
        size = _size(quiz_id, "all")
        known = session.scalar(select(Statistic.attempts).where(Statistic.quiz_id == quiz_id, Statistic.scope == "all"))
        if not hiding.worth_counting(before=known, now=size.attempts) and not _was_regraded(quiz_id):
            return False
        sizes = {scope: _size(quiz_id, scope) for scope in SCOPES}
        first = figures_of(quiz_id, "first") if sizes["first"].learners >= hiding.LEAST else None
        # Where nobody tried twice, all attempts are the first ones.
        same = sizes["all"].attempts == sizes["first"].attempts
        figures = {"first": first, "all": first if same else figures_of(quiz_id, "all")}
    if not hiding.may_show_both(first=sizes["first"].learners, later=size.later):
        figures["all"] = None
    for scope in SCOPES:
        _keep(quiz_id, scope, sizes[scope], figures[scope])
    return True


def figures_of(quiz_id: int, scope: str) -> QuizFigures | None:
    """Return the figures of the first attempts at a quiz, or of all; None without any.

    Only attempts that were handed in and have all their marks count.
    """
    totals, full_mark, passed = _totals(quiz_id, scope)
    spread = formulas.spread(totals)
    if spread is None or full_mark <= ALMOST_ZERO:
        return None
    marks = [_marks(quiz_id, scope, version_id, full, learners) for version_id, full, learners in _versions(quiz_id, scope)]
    has_draws = session.scalar(select(Slot.id).where(Slot.quiz_id == quiz_id, Slot.draw.is_not(None)).limit(1)) is not None
    by_question: dict[int, list[_Marks]] = defaultdict(list)
    for each in marks:
        by_question[each.version.question_id].append(each)
    items = {
        question_id: formulas.item([pair for each in versions for pair in each.pairs], versions[-1].full_mark)
        for question_id, versions in by_question.items()
    }
    # The totals of attempts with different questions do not come from the same parts.
    whole = not has_draws and all(each.count == spread.count for each in items.values())
    alpha = formulas.consistency([each.variance for each in items.values()], (spread.deviation or 0.0) ** 2) if whole else None
    weights = formulas.effective_weights({key: each.covariance for key, each in items.items()}) if whole else {}
    hidden = {
        each.version.id
        for versions in by_question.values()
        for each in versions
        if each.version.id in hiding.hidden({one.version.id: one.learners for one in versions})
    }
    return QuizFigures(
        mean=spread.mean / full_mark,
        median=spread.median / full_mark,
        deviation=spread.deviation / full_mark if spread.deviation is not None else None,
        skewness=spread.skewness,
        kurtosis=spread.kurtosis,
        alpha=alpha,
        error_ratio=formulas.error_ratio(alpha),
        standard_error=formulas.standard_error(alpha, spread.deviation),
        full_mark=full_mark,
        passed=None if hiding.hidden({True: passed, False: spread.count - passed}) else passed / spread.count,
        has_draws=has_draws,
        bars=_bars(totals, full_mark),
        versions=tuple(
            _version(each, full_mark, weights.get(each.version.question_id), is_hidden=each.version.id in hidden) for each in marks
        ),
    )


_COUNTS = and_(Attempt.state == State.FINISHED, Attempt.mark.is_not(None))


def _of(quiz_id: int, scope: str) -> ColumnElement[bool]:
    counts = and_(_COUNTS, Attempt.quiz_id == quiz_id)
    return and_(counts, Attempt.number == 1) if scope == "first" else counts


def _size(quiz_id: int, scope: str) -> _Size:
    row = session.execute(select(func.count(Attempt.id), func.count(func.distinct(Attempt.enrolment_id))).where(_of(quiz_id, scope))).one()
    later = session.scalar(select(func.count(func.distinct(Attempt.enrolment_id))).where(_of(quiz_id, "all"), Attempt.number > 1))
    return _Size(row[0], row[1], later or 0)


def _was_regraded(quiz_id: int) -> bool:
    last = session.scalar(select(func.max(Regrade.committed_at)).where(Regrade.quiz_id == quiz_id, Regrade.state == "committed"))
    counted = session.scalar(select(func.max(Statistic.counted_at)).where(Statistic.quiz_id == quiz_id))
    return last is not None and counted is not None and last > counted


def _totals(quiz_id: int, scope: str) -> tuple[dict[float, int], float, int]:
    """Return total -> how many, the full mark of most attempts, and how many passed."""
    rows = session.execute(
        select(Attempt.mark, Attempt.max_mark, Attempt.passed, func.count(Attempt.id))
        .where(_of(quiz_id, scope))
        .group_by(Attempt.mark, Attempt.max_mark, Attempt.passed)
    ).all()
    totals: dict[float, int] = defaultdict(int)
    full: dict[float, int] = defaultdict(int)
    for mark, max_mark, _passed, number in rows:
        totals[mark or 0.0] += number
        full[max_mark] += number
    return totals, max(full, key=lambda each: (full[each], each), default=0.0), sum(row[3] for row in rows if row[2])


def _versions(quiz_id: int, scope: str) -> list[tuple[int, float, int]]:
    """Return the versions that were asked with their full mark, and of how many people each."""
    rows = session.execute(
        select(Response.question_version_id, func.max(Response.max_mark), func.count(func.distinct(Attempt.enrolment_id)))
        .join(Attempt, Attempt.id == Response.attempt_id)
        .where(_of(quiz_id, scope), Response.max_mark > ALMOST_ZERO)
        .group_by(Response.question_version_id)
        .order_by(func.min(Response.slot), Response.question_version_id)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def _marks(quiz_id: int, scope: str, version_id: int, full_mark: float, learners: int) -> _Marks:
    version = session.get_one(QuestionVersion, version_id)
    told = question_types.is_known(version.type) and question_types.get(version.type).gradable
    # What is graded by itself is grouped by answer too; of an essay each answer is another.
    answer = cast(Response.answer, Text) if told else cast(None, Text)
    columns = (answer.label("answer"), Response.fraction, Response.max_mark, Attempt.mark)
    rows = session.execute(
        select(*columns, func.count(Response.id), func.sum(Attempt.share))
        .join(Attempt, Attempt.id == Response.attempt_id)
        .where(_of(quiz_id, scope), Response.question_version_id == version_id)
        .group_by("answer", *columns[1:])
    )
    pairs: dict[tuple[float, float], int] = defaultdict(int)
    answers: dict[str | None, tuple[int, float]] = defaultdict(lambda: (0, 0.0))
    for given, fraction, max_mark, total, number, shares in rows:
        pairs[(fraction or 0.0) * max_mark, total or 0.0] += number
        before = answers[given]
        answers[given] = (before[0] + number, before[1] + (shares or 0.0))
    return _Marks(
        version,
        full_mark,
        learners,
        tuple(Pair(mark, total, number) for (mark, total), number in pairs.items()),
        tuple((given, *counted) for given, counted in answers.items()) if told else (),
    )


def _version(marks: _Marks, full_of_quiz: float, weight: float | None, *, is_hidden: bool) -> VersionFigures:
    version = marks.version
    named = (version.id, version.question_id, version.number, version.name, version.type)
    if is_hidden:
        return VersionFigures(*named, is_hidden=True)
    item = formulas.item(marks.pairs, marks.full_mark)
    known = question_types.is_known(version.type)
    question_type = question_types.get(version.type) if known else None
    return VersionFigures(
        *named,
        count=item.count,
        facility=item.facility,
        deviation=item.deviation,
        guess=question_type.guess_fraction(question_type.read_body(version.body)) if question_type else None,
        intended_weight=marks.full_mark / full_of_quiz,
        effective_weight=weight,
        discrimination=item.discrimination,
        efficiency=item.efficiency,
        taken=_taken(marks, item.count),
    )


def _taken(marks: _Marks, in_all: int) -> tuple[Taken, ...]:
    """Return how many attempts touched each part of the question, and how these did in all."""
    if not marks.answers:
        return ()
    question_type = question_types.get(marks.version.type)
    body = question_type.read_body(marks.version.body)
    counts: dict[tuple[str, str], int] = defaultdict(int)
    shares: dict[tuple[str, str], float] = defaultdict(float)
    for given, number, sum_of_shares in marks.answers:
        response = json.loads(given) if given else None
        for key, state in question_type.grade(body, response or {}).parts.items():
            counts[key, state] += number
            shares[key, state] += sum_of_shares
    hidden = hiding.hidden({**counts, ("", ""): max(in_all - sum(counts.values()), 0)})
    for key in {key for key, _state in counts}:
        of_key: dict[tuple[str, str], int] = {each: number for each, number in counts.items() if each[0] == key}
        hidden |= hiding.hidden({**of_key, ("", ""): in_all - sum(of_key.values())})
    return tuple(
        Taken(key, state, None, None) if (key, state) in hidden else Taken(key, state, number, shares[key, state] / number)
        for (key, state), number in sorted(counts.items())
    )


def _bars(totals: Mapping[float, int], full_mark: float) -> tuple[Bar, ...]:
    counts = dict.fromkeys(range(_BARS), 0)
    for total, number in totals.items():
        counts[min(max(int(total / full_mark * _BARS + 1e-9), 0), _BARS - 1)] += number
    hidden = hiding.hidden(counts)
    return tuple(Bar(place / _BARS, None if place in hidden else number) for place, number in counts.items())


def _keep(quiz_id: int, scope: str, size: _Size, figures: QuizFigures | None) -> None:
    values = {
        "learners": size.learners,
        "attempts": size.attempts,
        "figures": figures.to_json() if figures else {},
        "counted_at": clock.now(),
    }
    if not insert_new(Statistic, [{"quiz_id": quiz_id, "scope": scope, **values}]):
        session.execute(update(Statistic).where(Statistic.quiz_id == quiz_id, Statistic.scope == scope).values(**values))
