"""Whatever a learner, the clock and the job do to an attempt, in whatever order: it is what the table says, and nothing is lost.

The table of states, after Moodle's (``mod/quiz/classes/quiz_attempt.php``), with our choices:

    in progress   time over + lateness   submit: finished, as of the end of the time; grace: overdue; abandon: abandoned
    in progress   handed in              finished now; later than the lateness: what time alone has made of it
    overdue       handed in in the grace finished now; no answer is taken any more
    overdue       grace over + lateness  abandoned, as of the end of the time
    finished, abandoned                  nothing changes them

Where Moodle decides by who came first, the job or the click, here both give the same.
"""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import select

from lms.core import clock
from lms.core.db import session
from lms.learning.models import Enrolment, Result
from lms.quizzes import acting, attempts, question_types, saving, timing
from lms.quizzes.acting import NotPossible
from lms.quizzes.behaviours import every, replaying
from lms.quizzes.behaviours import work as working
from lms.quizzes.behaviours.work import Work
from lms.quizzes.models.attempt import Attempt, Response, Step
from lms.quizzes.models.bank import QuestionVersion
from lms.quizzes.models.quiz import Quiz
from lms.quizzes.saving import AttemptClosed, NotOnThisPage, QuestionFinished, StaleAnswer, TimeOver
from tests.cast import Cast
from tests.factories_quizzes import change, enrol, give_hints, make_quiz, publish, put_on_pages, seat_of, sitting_of

START = datetime(2026, 11, 24, 8, 0, tzinfo=clock.LOCAL)
LIMIT, GRACE = timedelta(minutes=30), timedelta(minutes=10)
ENDS = START + LIMIT
LATE = ENDS + timedelta(seconds=20)  # what was sent in time may arrive this much later
SLOTS = 4
# What a browser could send for the questions of the factory: right, partly right, wrong, not whole, nothing.
ANSWERS: dict[int, list[dict[str, Any]]] = {
    1: [{"choice": "a"}, {"choice": "b"}, {"choice": "c"}, {}],
    2: [{"choices": ["a", "b"]}, {"choices": ["a"]}, {"choices": ["a", "c"]}, {"choices": ["c", "d"]}, {}],
    3: [{"choice": "true"}, {"choice": "false"}, {}],
    4: [{"text": "4"}, {"text": "5"}, {"text": "7"}, {"text": "four"}, {}],
}
slots = some.integers(1, SLOTS)
picks = some.integers(0, 4)
sure = some.sampled_from([None, "1", "2", "3"])


class Attempting(RuleBasedStateMachine):
    """One learner, one attempt; ``model`` is what the table says, kept beside the database."""

    quiz_id: int
    enrolment_id: int

    def __init__(self) -> None:
        super().__init__()
        self.undo = session.begin_nested()
        self.now = START
        self.state, self.finished_at = "in_progress", None
        self.acknowledged: dict[int, dict[str, Any] | None] = {}
        self.settled: dict[int, float | None] = {}
        self.page = 0

    @initialize(
        when=some.sampled_from(["submit", "grace", "abandon"]),
        behaviour=some.sampled_from(sorted(every.OF_QUIZZES)),
        navigation=some.sampled_from(["free", "sequential"]),
    )
    def begin(self, when: str, behaviour: str, navigation: str) -> None:
        self.when = when
        publish(change(self._quiz(), when_expired=when, behaviour=behaviour, navigation=navigation))
        with clock.at(START):
            self.attempt_id = self._start()
        self.page = 1 if navigation == "sequential" else 0

    def teardown(self) -> None:
        session.expunge_all()
        self.undo.rollback()

    # --- what may happen

    @rule(passed=some.sampled_from([1, 19, 21, 300, 601, 1795, 1801, 7200]))
    def time_passes(self, passed: int) -> None:
        self.now += timedelta(seconds=passed)

    @rule()
    def the_job_runs(self) -> None:
        with clock.at(self.now):
            attempts.expire({})
        self._by_time()

    @rule()
    def starts_again(self) -> None:
        """A refresh, or a second click: never a second attempt while one is open."""
        if self.state in timing.OPEN:
            with clock.at(self.now):
                assert self._start() == self.attempt_id

    @rule(slot=slots, pick=picks, certainty=sure)
    def saves(self, slot: int, pick: int, certainty: str | None) -> None:
        self._sends(slot, self._answer(slot, pick, certainty), saving.save)

    @rule(slot=slots, pick=picks, certainty=sure)
    def checks(self, slot: int, pick: int, certainty: str | None) -> None:
        self._sends(slot, self._answer(slot, pick, certainty), acting.check)

    @rule(slot=slots)
    def tries_again(self, slot: int) -> None:
        self._sends(slot, {}, lambda seat, _given, known: acting.again(seat, known=known))

    @rule(slot=slots, pick=picks)
    def another_window_saves(self, slot: int, pick: int) -> None:
        """It knows nothing of the answer that was saved last: its own is kept from taking that one's place."""
        with clock.at(self.now):
            seat = seat_of(self._attempt(), slot)
            if not seat.sequence:
                return
            with suppress(StaleAnswer, AttemptClosed, QuestionFinished, NotOnThisPage):
                saving.save(seat, self._answer(slot, pick, None), known=seat.sequence - 1)
            assert seat_of(self._attempt(), slot).sequence == seat.sequence

    @precondition(lambda self: self.page)
    @rule()
    def goes_to_the_next_page(self) -> None:
        if self.state == "in_progress" and self.page < SLOTS:
            saving.move_on(seat_of(self._attempt(), self.page))
            self.page += 1

    @rule()
    def hands_in(self) -> None:
        was_open = self.state in timing.OPEN
        with clock.at(self.now):
            try:
                attempts.finish(sitting_of(self._attempt()))
                assert was_open
            except AttemptClosed:
                assert not was_open
        if not was_open:
            return
        overdue = self.state == "overdue" or self.when == "grace"
        if self.now <= LATE + (GRACE if overdue else timedelta(0)):
            self._becomes("finished", self.now)
        else:
            self._by_time()
            assert self.state not in timing.OPEN

    # --- what must hold

    @invariant()
    def it_is_what_the_table_says(self) -> None:
        attempt = self._attempt()
        assert (attempt.state, attempt.finished_at) == (self.state, self.finished_at)
        assert attempt.reached_page == self.page

    @invariant()
    def no_acknowledged_answer_is_lost(self) -> None:
        for row in self._rows():
            steps = session.scalars(select(Step).where(Step.response_id == row.id).order_by(Step.sequence)).all()
            assert [step.sequence for step in steps] == list(range(1, row.sequence + 1))
            if row.slot in self.acknowledged:
                assert row.answer == self.acknowledged[row.slot]
            given = replaying.given_in(steps[-1].data) if steps else None
            assert (row.answer or {}, row.certainty) == ((given.response, given.certainty) if given else ({}, None))

    @invariant()
    def marks_stay_within_bounds_and_add_up(self) -> None:
        attempt, rows = self._attempt(), self._rows()
        for row in rows:
            behaviour = _work(row).behaviour
            if row.fraction is not None:
                assert behaviour.lowest <= row.fraction <= behaviour.highest
        if self.state == "finished":
            assert attempt.mark == pytest.approx(sum(row.fraction * row.max_mark for row in rows))
            assert attempt.share is not None and 0.0 <= attempt.share <= 1.0
        else:
            assert (attempt.mark, attempt.share, attempt.passed) == (None, None, None)

    @invariant()
    def doing_all_steps_again_gives_the_same(self) -> None:
        for row in self._rows():
            steps = session.scalars(select(Step).where(Step.response_id == row.id).order_by(Step.sequence)).all()
            its_work = _work(row)
            progress, given = replaying.replay(its_work.behaviour, its_work.question, [(step.kind, step.data) for step in steps])
            assert (progress, given) == (its_work.progress, its_work.given)
            if self.state == "finished":
                grade = its_work.behaviour.finish(its_work.question, progress, given)
                assert (row.fraction, row.state) == (grade.fraction, grade.state)

    @invariant()
    def what_was_settled_while_it_was_open_stays(self) -> None:
        """Grading a question when it is finished, and the whole attempt when it is handed in, is the same."""
        for row in self._rows():
            if row.progress.get("stage") == "done":
                assert self.settled.setdefault(row.slot, row.fraction) == row.fraction

    @invariant()
    def the_course_knows_of_it_when_it_is_over(self) -> None:
        result = session.scalars(select(Result).where(Result.enrolment_id == self.enrolment_id)).one_or_none()
        known = result is not None and result.share is not None
        assert known == (self.state == "finished")

    # --- the model

    def _quiz(self) -> Quiz:
        return session.get_one(Quiz, self.quiz_id)

    def _start(self) -> int:
        return attempts.start(session.get_one(Enrolment, self.enrolment_id), self._quiz()).id

    def _by_time(self) -> None:
        if self.state == "in_progress" and self.now > LATE:
            if self.when == "submit":
                self._becomes("finished", ENDS)
            elif self.when == "grace" and self.now <= LATE + GRACE:
                self._becomes("overdue", None)
            else:
                self._becomes("abandoned", ENDS)
        elif self.state == "overdue" and self.now > LATE + GRACE:
            self._becomes("abandoned", ENDS)

    def _becomes(self, state: str, at: datetime | None) -> None:
        self.state, self.finished_at = state, at

    def _sends(self, slot: int, given: dict[str, Any], act: Any) -> None:
        with clock.at(self.now):
            seat = seat_of(self._attempt(), slot)
            its_work = saving.work_at(seat)
            try:
                act(seat, given, known=seat.sequence)
            except TimeOver:
                assert self.state in timing.OPEN and not self._takes_answers()
            except AttemptClosed:
                assert self.state not in timing.OPEN
            except NotOnThisPage:
                assert self._takes_answers() and not self._is_here(slot)
            except (QuestionFinished, NotPossible):
                assert self._takes_answers() and self._is_here(slot)
            else:
                assert self._takes_answers() and self._is_here(slot)
                answer = self._rows()[slot - 1].answer
                if act in (saving.save, acting.check):
                    assert (answer or {}) == its_work.question.type.clean(its_work.question.body, given)
                self.acknowledged[slot] = answer

    def _takes_answers(self) -> bool:
        return self.state == "in_progress" and self.now <= LATE

    def _is_here(self, slot: int) -> bool:
        return self.page in (0, slot)

    def _answer(self, slot: int, pick: int, certainty: str | None) -> dict[str, Any]:
        return ANSWERS[slot][pick % len(ANSWERS[slot])] | ({"certainty": certainty} if certainty else {})

    def _attempt(self) -> Attempt:
        return session.get_one(Attempt, self.attempt_id, populate_existing=True)

    def _rows(self) -> list[Response]:
        query = select(Response).where(Response.attempt_id == self.attempt_id).order_by(Response.slot)
        return list(session.scalars(query.execution_options(populate_existing=True)))


def _work(row: Response) -> Work:
    version = session.get_one(QuestionVersion, row.question_version_id)
    return working.work(
        question_types.get(version.type),
        version.body,
        penalty=version.penalty,
        progress=row.progress,
        answer=row.answer,
        certainty=row.certainty,
    )


def test_an_attempt_is_what_the_table_says_whatever_happens(cast: Cast) -> None:
    def edit(quiz: Quiz) -> None:
        give_hints(quiz, {}, {"clear_wrong": True})
        put_on_pages(quiz, 1, 2, 3, 4)

    quiz = change(make_quiz(published=False, edit=edit), time_limit_seconds=LIMIT.total_seconds(), grace_seconds=GRACE.total_seconds())
    enrolment = enrol(cast.persons["teacher"], quiz)
    session.commit()

    class OfThisQuiz(Attempting):
        pass

    OfThisQuiz.quiz_id, OfThisQuiz.enrolment_id = quiz.id, enrolment.id

    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        OfThisQuiz,
        settings=settings(max_examples=40, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)),
    )
