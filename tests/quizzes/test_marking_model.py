"""Whatever markers and authors do to an attempt after it was handed in, in whatever order with all that went before.

It is the model of ``test_attempt_model`` with further acts: questions are mended,
attempts are marked again (worked out, put into effect, dropped, undone by another
version), and people give marks.  Both ways of grading have to agree all the time:
what a row holds, and what its version makes of its steps.
"""

from contextlib import suppress
from copy import deepcopy
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as some
from hypothesis.stateful import initialize, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import select

from lms.core import clock
from lms.core.db import session
from lms.learning.models import Result
from lms.quizzes import timing
from lms.quizzes.behaviours import replaying
from lms.quizzes.marking import by_hand, regrading
from lms.quizzes.marking.by_hand import AlreadyMarked, HandMark, NotHandedIn, ReasonNeeded
from lms.quizzes.marking.regrading import NotComputed
from lms.quizzes.models.attempt import Response, Step
from lms.quizzes.models.bank import QuestionVersion
from lms.quizzes.models.marking import Regrade, RegradeLine
from lms.quizzes.models.quiz import Quiz
from tests.cast import Cast
from tests.factories import save
from tests.factories_quizzes import change, enrol, give_hints, make_quiz, put_on_pages
from tests.quizzes.test_attempt_model import GRACE, LIMIT, Attempting, _work, slots

MARKS = ("grade", "regrade")  # the steps that are no acts of the learner


class Marking(Attempting):
    """One learner, one attempt, one author and one marker; ``by_hand`` are the slots that a person marked."""

    marker_id: int

    def __init__(self) -> None:
        super().__init__()
        self.by_hand: dict[int, float] = {}
        self.plan_id: int | None = None
        self.was_passed = False

    @initialize()
    def remember_the_versions(self) -> None:
        # ``begin`` may run after this one; what was asked first is read when it is needed.
        self.asked: dict[int, int] = {}

    # --- what may happen

    @rule(slot=slots, right=some.integers(0, 3), drops=some.booleans())
    def a_question_is_mended(self, slot: int, right: int, drops: bool) -> None:
        """Another answer is right, or a choice is gone, which no answer can be marked by."""
        with clock.at(self.now):
            newest = self._newest(slot)
            body = deepcopy(newest.body)
            _mend(body, right, drops=drops)
            number = newest.number + 1
            values = {name: getattr(newest, name) for name in ("question_id", "type", "name", "texts", "penalty")}
            save(
                QuestionVersion(
                    **values, number=number, body=body, state="ready", content_hash=f"{newest.name}-{number}", created_at=clock.now()
                )
            )

    @precondition(lambda self: self.plan_id is None)
    @rule(newest=some.booleans())
    def it_is_worked_out(self, newest: bool) -> None:
        before = self._all()
        with clock.at(self.now):
            row = regrading.plan(self._quiz(), attempt_ids=[self.attempt_id], newest=newest, by=self.marker_id)
            regrading.run({"regrade_id": row.id})
        assert (row.state, self._all()) == ("computed", before)
        if self.state != "finished":
            assert self._lines(row.id) == []
        self.plan_id = row.id

    @precondition(lambda self: self.plan_id is not None)
    @rule()
    def it_is_put_into_effect(self) -> None:
        before = {row.slot: row.sequence for row in self._rows()}
        row = session.get_one(Regrade, self.plan_id)
        with clock.at(self.now):
            regrading.apply(row, reason="Đáp án sai", by=self.marker_id)
            regrading.run({"regrade_id": row.id})
            with suppress(NotComputed):
                regrading.apply(row, reason="nữa", by=self.marker_id)
                raise AssertionError("put into effect twice")
        assert row.state == "committed"
        slot_of = {each.id: each for each in self._rows()}
        for line in self._lines(row.id):
            now = slot_of[line.response_id]
            if line.trouble:
                assert now.sequence == before[now.slot]
            else:
                assert (now.fraction, now.question_version_id) == (line.new_fraction, line.new_version_id)
        self.plan_id = None

    @precondition(lambda self: self.plan_id is not None)
    @rule()
    def it_is_dropped(self) -> None:
        before = self._all()
        regrading.cancel(session.get_one(Regrade, self.plan_id))
        assert self._all() == before
        self.plan_id = None

    @precondition(lambda self: self.state != "abandoned")
    @rule(slot=slots, share=some.sampled_from([0.0, 0.25, 0.5, 1.0]), reason=some.sampled_from(["", "Xem lại"]), behind=some.booleans())
    def a_person_marks(self, slot: int, share: float, reason: str, behind: bool) -> None:
        before, row = self._all(), self._rows()[slot - 1]
        known = row.sequence - 1 if behind else row.sequence
        with clock.at(self.now):
            try:
                by_hand.give(row.id, HandMark(share * row.max_mark, reason=reason), known=known, by=self.marker_id)
            except NotHandedIn:
                assert self.state in timing.OPEN
            except AlreadyMarked:
                assert behind
            except ReasonNeeded:
                assert not reason and row.max_mark > 0
            else:
                assert self.state == "finished" and not behind and reason
                self.by_hand[slot] = share
                return
        assert self._all() == before

    # --- what must hold, beside what the model of attempts asks for

    @invariant()
    def no_acknowledged_answer_is_lost(self) -> None:
        for row in self._rows():
            steps = self._steps(row)
            assert [step.sequence for step in steps] == list(range(1, row.sequence + 1))
            if row.slot in self.acknowledged:
                assert row.answer == self.acknowledged[row.slot]
            said = [step for step in steps if step.kind not in MARKS]
            given = replaying.given_in(said[-1].data) if said else None
            assert (row.answer or {}, row.certainty) == ((given.response, given.certainty) if given else ({}, None))

    @invariant()
    def doing_all_steps_again_gives_the_same(self) -> None:
        """Progress comes from the version that was asked; the mark from the version that it was marked by, or from a person."""
        for row in self._rows():
            asked = session.get_one(QuestionVersion, self.asked.setdefault(row.slot, row.question_version_id))
            its_work = _work(row)
            question_type = its_work.question.type
            first = type(its_work.question)(question_type, question_type.read_body(asked.body), asked.penalty)
            steps = [(step.kind, step.data) for step in self._steps(row)]
            progress, given = replaying.replay(its_work.behaviour, first, steps)
            assert (progress, given) == (its_work.progress, its_work.given)
            if self.state != "finished":
                continue
            if row.slot in self.by_hand:
                assert row.fraction == self.by_hand[row.slot]
            else:
                grade = its_work.behaviour.finish(its_work.question, progress, given)
                assert (row.fraction, row.state) == (grade.fraction, grade.state)

    @invariant()
    def what_was_settled_while_it_was_open_stays(self) -> None:
        """Until somebody marks again; then the last step says what there is."""
        for row in self._rows():
            marks = [step for step in self._steps(row) if step.kind in MARKS]
            if marks:
                assert row.fraction == marks[-1].data["fraction"]
                befores = [step.data["before"]["fraction"] for step in marks[1:]]
                assert befores == [step.data["fraction"] for step in marks[:-1]]
            elif row.progress.get("stage") == "done":
                assert self.settled.setdefault(row.slot, row.fraction) == row.fraction

    @invariant()
    def a_pass_is_never_taken_away(self) -> None:
        query = select(Result.state).where(Result.enrolment_id == self.enrolment_id)
        passed = session.scalars(query.execution_options(populate_existing=True)).one_or_none() == "passed"
        assert passed or not self.was_passed
        assert passed or not self._attempt().passed
        self.was_passed = passed

    # --- looking

    def _newest(self, slot: int) -> QuestionVersion:
        asked = session.get_one(QuestionVersion, self._rows()[slot - 1].question_version_id)
        query = select(QuestionVersion).where(QuestionVersion.question_id == asked.question_id)
        return session.scalars(query.order_by(QuestionVersion.number.desc()).limit(1)).one()

    def _steps(self, row: Response) -> list[Step]:
        return list(session.scalars(select(Step).where(Step.response_id == row.id).order_by(Step.sequence)))

    def _lines(self, regrade_id: int) -> list[RegradeLine]:
        query = select(RegradeLine).where(RegradeLine.regrade_id == regrade_id)
        return list(session.scalars(query.execution_options(populate_existing=True)))

    def _all(self) -> object:
        attempt = self._attempt()
        rows = [(row.slot, row.sequence, row.fraction, row.state, row.question_version_id) for row in self._rows()]
        return attempt.mark, attempt.share, attempt.passed, rows


def _mend(body: dict[str, Any], right: int, *, drops: bool) -> None:
    if "choices" in body:
        choices = body["choices"]
        if drops and len(choices) > 2:
            choices.pop()
        for at, choice in enumerate(choices):
            choice["fraction"] = 1.0 if at == right % len(choices) else 0.0
    elif "answers" in body:
        body["answers"][0]["value"] = str(right + 4)
    else:
        body["right"] = bool(right % 2)


def test_marks_stay_right_whatever_is_marked_again(cast: Cast) -> None:
    def edit(quiz: Quiz) -> None:
        give_hints(quiz, {}, {"clear_wrong": True})
        put_on_pages(quiz, 1, 2, 3, 4)

    quiz = change(make_quiz(published=False, edit=edit), time_limit_seconds=LIMIT.total_seconds(), grace_seconds=GRACE.total_seconds())
    enrolment = enrol(cast.persons["teacher"], quiz)
    session.commit()

    class OfThisQuiz(Marking):
        pass

    OfThisQuiz.quiz_id, OfThisQuiz.enrolment_id, OfThisQuiz.marker_id = quiz.id, enrolment.id, cast.accounts["head"].id

    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        OfThisQuiz,
        settings=settings(max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)),
    )
