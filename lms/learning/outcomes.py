"""Outcomes: the one way in which an activity gets done, and what follows."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from lms.core import clock
from lms.core.db import session
from lms.core.errors import NotFound
from lms.core.i18n import lazy_
from lms.courses import kinds
from lms.courses import outline as outlines
from lms.courses.outline import Outline
from lms.courses.steps import Step
from lms.learning import evidence, openness, progress, queries
from lms.learning.models import Enrolment, Result
from lms.learning.openness import Audience
from lms.programmes import qualifications
from lms.programmes.qualifications import Completion


class UnknownActivity(NotFound):
    code = "unknown_activity"
    message = lazy_("This course has no such step. Open the course again and choose from its list.")


@dataclass(frozen=True)
class Outcome:
    """What came of one activity; the fields are those of ``record``."""

    activity_key: str
    source: str
    share: float | None = None
    passed: bool | None = None
    evidence: str | None = None
    at: datetime | None = None


def record(
    enrolment_id: int,
    activity_key: str,
    *,
    share: float | None = None,
    passed: bool | None = None,
    source: str,
    evidence: str | None = None,
    at: datetime | None = None,
) -> None:
    """Record what came of an activity, and everything that follows from it.

    ``share`` of the full mark is 0.0 to 1.0; ``passed`` is None where there is
    nothing to pass (a page was read: completed); ``source`` is opened, checks, view,
    quiz, classroom, scorm, lti, attendance, marked, recognised or override; ``at`` is
    when it happened, now when not given.

    The enrolment is locked first, so that of two activities finished at the same
    moment exactly one completes the course.  Recording the same again changes
    nothing.

    The states, where peers differ (Moodle: completionlib, completion_completion):

    - An activity is started, failed, completed or passed, and only gets better.
      It is done when each of its ticked conditions was met once (courses.completion),
      at the moment of the last.  The best share stays, with its evidence.  The moment
      it was done first stays: a better mark next week does not move a date that a
      certificate carries.
    - A failed activity is never done, also when all tries are used up; peers count
      "tries exhausted" as complete, and so certify people who did not pass.
    - A course is completed when every activity that counts for this learner is done,
      or as many as the course asks for, on the moment of the last of them, whatever
      day that was written down.  It is never taken back:
      a new required activity means a new version, and learners keep theirs.

    Raises NotFound when there is no such enrolment, UnknownActivity when its
    version has no such activity.
    """
    record_many(enrolment_id, [Outcome(activity_key, source, share, passed, evidence, at)])


def record_many(enrolment_id: int, outcomes: Iterable[Outcome]) -> None:
    """Record what came of several activities of one enrolment in one go, in order; as ``record`` else.

    Raises NotFound and UnknownActivity; then none of them is recorded.
    """
    enrolment = session.scalar(
        select(Enrolment).where(Enrolment.id == enrolment_id).with_for_update().execution_options(populate_existing=True)
    )
    if enrolment is None:
        raise NotFound()
    outline = outlines.outline(enrolment.version_id)
    known = session.scalars(select(Result).where(Result.enrolment_id == enrolment_id).execution_options(populate_existing=True))
    results = {each.activity_key: each for each in known}
    for outcome in outcomes:
        step = outline.step(outcome.activity_key)
        if step is None:
            raise UnknownActivity()
        _take(enrolment, results, step, outcome)
    _settle(enrolment, outline, list(results.values()))


def withdraw(enrolment_id: int, activity_key: str, conditions: Collection[str]) -> None:
    """Let conditions of an activity no longer be met, because whoever decided so took it back; the course must not be completed."""
    enrolment = session.scalar(
        select(Enrolment).where(Enrolment.id == enrolment_id).with_for_update().execution_options(populate_existing=True)
    )
    if enrolment is None:
        raise NotFound()
    outline = outlines.outline(enrolment.version_id)
    results = list(session.scalars(select(Result).where(Result.enrolment_id == enrolment_id).execution_options(populate_existing=True)))
    for result in results:
        if result.activity_key == activity_key and (step := outline.step(activity_key)) is not None:
            result.met = {name: moment for name, moment in result.met.items() if name not in conditions}
            state, result.completed_at = evidence.state(step, result.met)
            result.state = "failed" if state == "started" and result.share is not None else state
    _settle(enrolment, outline, results)


def open_activity(enrolment: Enrolment, activity_key: str) -> None:
    """Note that the learner is at an activity now, so that home leads back there."""
    _touch(enrolment, activity_key, clock.now())
    session.flush()


def count_again(enrolment_id: int) -> None:
    """Let the state of each activity follow anew from what was met, after the version of an enrolment was changed; completes the course if that is enough."""
    enrolment = session.scalars(
        select(Enrolment).where(Enrolment.id == enrolment_id).with_for_update().execution_options(populate_existing=True)
    ).one()
    outline = outlines.outline(enrolment.version_id)
    results = list(session.scalars(select(Result).where(Result.enrolment_id == enrolment_id).execution_options(populate_existing=True)))
    for result in results:
        if (step := outline.step(result.activity_key)) is not None:
            state, result.completed_at = evidence.state(step, result.met)
            result.state = "failed" if state == "started" and result.share is not None else state
    _settle(enrolment, outline, results)


def repair(enrolment_id: int) -> bool:
    """Count an enrolment again from its results and let follow what was missed; return whether anything was.

    For the nightly job; doing it twice changes nothing.
    """
    enrolment = session.scalar(
        select(Enrolment).where(Enrolment.id == enrolment_id).with_for_update().execution_options(populate_existing=True)
    )
    if enrolment is None:
        return False
    before = (enrolment.state, enrolment.done, enrolment.required)
    outline = outlines.outline(enrolment.version_id)
    results = {each.activity_key: each for each in session.scalars(select(Result).where(Result.enrolment_id == enrolment_id))}
    for step in outline.steps:
        if step.key in results:
            _derive(results[step.key], step)
        grade = kinds.get(step.kind).grades(step.id, [enrolment_id]).get(enrolment_id)
        if grade is not None and grade.passed and (step.key not in results or results[step.key].state not in openness.DONE):
            _take(enrolment, results, step, Outcome(step.key, step.kind, grade.share, grade.passed))
    known = list(results.values())
    _settle(enrolment, outline, known)
    if before[0] == "completed":
        _follow(enrolment, outline, known)
    return before != (enrolment.state, enrolment.done, enrolment.required)


def _take(enrolment: Enrolment, results: dict[str, Result], step: Step, outcome: Outcome) -> None:
    moment = outcome.at or clock.now()
    result = results.get(outcome.activity_key)
    if result is None:
        result = Result(
            enrolment_id=enrolment.id, activity_key=outcome.activity_key, state="started", started_at=moment, source=outcome.source
        )
        session.add(result)
        results[outcome.activity_key] = result
    _keep_best(result, step, outcome, moment)
    _touch(enrolment, outcome.activity_key, moment)


def _keep_best(result: Result, step: Step, outcome: Outcome, moment: datetime) -> None:
    is_better_share = outcome.share is not None and (result.share is None or outcome.share > result.share)
    if is_better_share:
        result.share = outcome.share
    result.met = evidence.with_more(result.met or {}, evidence.met_by(step, outcome.source, outcome.share, outcome.passed), moment)
    state, done_at = evidence.state(step, result.met)
    if state == "started" and outcome.passed is False:
        state = "failed"
    is_better_state = progress.better(state, than=result.state)
    if is_better_state:
        result.state = state
    if is_better_share or is_better_state:
        result.source, result.evidence = outcome.source, outcome.evidence
    if result.state in openness.DONE and result.completed_at is None:
        result.completed_at = done_at or moment


def _derive(result: Result, step: Step) -> None:
    """Let the state follow from what was met, where it is better than the books say; never take anything back."""
    state, done_at = evidence.state(step, result.met)
    if progress.better(state, than=result.state):
        result.state = state
    if result.state in openness.DONE and result.completed_at is None:
        result.completed_at = done_at or clock.now()


def _touch(enrolment: Enrolment, activity_key: str, moment: datetime) -> None:
    enrolment.last_activity_key = activity_key
    enrolment.started_at = min(enrolment.started_at or moment, moment)
    enrolment.active_at = max(enrolment.active_at or moment, moment)


def _settle(enrolment: Enrolment, outline: Outline, results: list[Result]) -> None:
    """Count what is done and complete the course when it all is."""
    audience = queries.audience_of(enrolment.person_id) if outline.has_audiences else Audience()
    counted = openness.required(outline, audience)
    enrolment.required = openness.needed(outline, audience)
    enrolment.done = min(progress.count_done({each.activity_key: each.state for each in results}, counted), enrolment.required)
    session.flush()
    if enrolment.state != "active" or not enrolment.required or enrolment.done < enrolment.required:
        return
    moments = [each.completed_at for each in results if each.activity_key in counted and each.state in openness.DONE and each.completed_at]
    enrolment.state = "completed"
    enrolment.completed_at = sorted(moments)[enrolment.required - 1]
    session.flush()
    _follow(enrolment, outline, results)


def _follow(enrolment: Enrolment, outline: Outline, results: list[Result]) -> None:
    """Let the programmes know that the course is completed."""
    if enrolment.completed_at is None:
        return
    shares = [each.share for each in results if each.share is not None and each.activity_key in outline.required_keys]
    qualifications.review(
        enrolment.person_id,
        Completion(
            course_id=enrolment.course_id,
            version_id=enrolment.version_id,
            started_at=enrolment.started_at or enrolment.enrolled_at,
            completed_at=enrolment.completed_at,
            evidence=f"enrolment:{enrolment.id}",
            share=sum(shares) / len(shares) if shares else None,
            others=_others(enrolment),
        ),
    )


def _others(enrolment: Enrolment) -> dict[int, datetime]:
    """Return the other courses that a learner completed, each with the last moment; some programmes ask for several."""
    rows = session.execute(
        select(Enrolment.course_id, func.max(Enrolment.completed_at))
        .where(Enrolment.person_id == enrolment.person_id, Enrolment.completed_at.is_not(None), Enrolment.course_id != enrolment.course_id)
        .group_by(Enrolment.course_id)
    )
    return {course_id: moment for course_id, moment in rows if moment is not None}
