"""Deriving again how far everybody is, from what was met, decided and attempted; and naming what differs from the books."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from lms.core.db import session
from lms.courses import completion, kinds
from lms.courses import outline as outlines
from lms.courses.kinds import Grade
from lms.courses.models import Activity, Version
from lms.courses.outline import Outline
from lms.courses.steps import Step
from lms.learning import evidence, openness, progress, queries
from lms.learning.models import Decision, Enrolment, Result
from lms.learning.openness import DONE, Audience

PORTION = 500  # enrolments read at once


@dataclass(frozen=True)
class Difference:
    """What the books say of an enrolment and what follows from the evidence; ``activity_key`` is "" for the course."""

    enrolment_id: int
    activity_key: str
    what: str  # state, moment, decision, grade, step, done, required, completion
    kept: str
    derived: str


@dataclass(frozen=True)
class Proof:
    """What was looked at, and what differs."""

    enrolments: int
    results: int
    differences: tuple[Difference, ...]


def verify() -> Proof:
    """Derive everything again; reads only.  Memory is that of the differences and of one portion of enrolments."""
    enrolments = results = 0
    differences: list[Difference] = []
    for portion in _portions():
        rows = session.scalars(select(Result).where(Result.enrolment_id.in_([each.id for each in portion]))).all()
        by_enrolment: dict[int, list[Result]] = defaultdict(list)
        for row in rows:
            by_enrolment[row.enrolment_id].append(row)
        decided, grades = _decided(portion), _grades(portion)
        for enrolment in portion:
            own = by_enrolment[enrolment.id]
            differences += _of_enrolment(enrolment, own, decided, grades)
        enrolments, results = enrolments + len(portion), results + len(rows)
        session.expunge_all()
    return Proof(enrolments, results, tuple(differences))


def _portions() -> Iterator[Sequence[Enrolment]]:
    after = 0
    while True:
        rows = session.scalars(select(Enrolment).where(Enrolment.id > after).order_by(Enrolment.id).limit(PORTION)).all()
        if not rows:
            return
        after = rows[-1].id
        yield rows


def _decided(portion: Sequence[Enrolment]) -> dict[tuple[int, str], str]:
    """Return the last decision about each activity of these enrolments."""
    rows = session.execute(
        select(Decision.enrolment_id, Decision.activity_key, Decision.kind)
        .where(Decision.enrolment_id.in_([each.id for each in portion]))
        .order_by(Decision.id)
    )
    return {(row.enrolment_id, row.activity_key): row.kind for row in rows}


def _grades(portion: Sequence[Enrolment]) -> dict[tuple[int, str], Grade]:
    """Return what the kinds themselves know of the activities of these enrolments."""
    by_version: dict[int, list[int]] = defaultdict(list)
    for each in portion:
        by_version[each.version_id].append(each.id)
    found: dict[tuple[int, str], Grade] = {}
    for version_id, ids in by_version.items():
        for step in outlines.outline(version_id).steps:
            known = kinds.get(step.kind).grades(step.id, ids)
            found |= {(enrolment_id, step.key): grade for enrolment_id, grade in known.items()}
    return found


def _of_enrolment(
    enrolment: Enrolment, results: Sequence[Result], decided: Mapping[tuple[int, str], str], grades: Mapping[tuple[int, str], Grade]
) -> Iterator[Difference]:
    outline = outlines.outline(enrolment.version_id)
    known = {each.activity_key: each for each in results}
    for result in results:
        step = outline.step(result.activity_key)
        if step is None:
            # What was done in a version from which the learner was moved on stays in the books.
            if _known_elsewhere(enrolment.course_id, result.activity_key):
                continue
            yield Difference(enrolment.id, result.activity_key, "step", "there", "not in this version")
        else:
            yield from _of_result(enrolment, step, result, decided.get((enrolment.id, step.key)))
    for step in outline.steps:
        grade = grades.get((enrolment.id, step.key))
        if grade is not None and grade.passed and (step.key not in known or known[step.key].state not in DONE) and _asks_to_pass(step):
            kept = known[step.key].state if step.key in known else "nothing"
            yield Difference(enrolment.id, step.key, "grade", kept, "passed")
    yield from _of_counts(enrolment, outline, results)


def _of_result(enrolment: Enrolment, step: Step, result: Result, decision: str | None) -> Iterator[Difference]:
    state, done_at = evidence.state(step, result.met)
    if (state in DONE) != (result.state in DONE) or (state in DONE and state != result.state):
        yield Difference(enrolment.id, step.key, "state", result.state, state)
    if (result.completed_at is None) != (result.state not in DONE):
        yield Difference(enrolment.id, step.key, "moment", str(result.completed_at), str(done_at))
    is_ticked = completion.MARKED in result.met
    if is_ticked != (decision == "marked") and decision != "granted":
        yield Difference(enrolment.id, step.key, "decision", "ticked" if is_ticked else "not ticked", decision or "no decision")
    if decision == "granted" and completion.GRANTED not in result.met:
        yield Difference(enrolment.id, step.key, "decision", "not granted", "granted")


def _of_counts(enrolment: Enrolment, outline: Outline, results: Sequence[Result]) -> Iterator[Difference]:
    if not results:
        return  # who somebody is, is asked when there is something to count
    audience = queries.audience_of(enrolment.person_id) if outline.has_audiences else Audience()
    needed = openness.needed(outline, audience)
    done = min(progress.count_done({each.activity_key: each.state for each in results}, openness.required(outline, audience)), needed)
    if enrolment.state == "active" and needed and done >= needed:
        yield Difference(enrolment.id, "", "completion", "active", "completed")
    # A completed course stays so, also when its learner becomes somebody for whom more would count.
    if enrolment.state == "active" and enrolment.done != done:
        yield Difference(enrolment.id, "", "done", str(enrolment.done), str(done))
    if enrolment.state == "active" and enrolment.required != needed:
        yield Difference(enrolment.id, "", "required", str(enrolment.required), str(needed))


def _asks_to_pass(step: Step) -> bool:
    return step.rule.asked == (completion.PASSED,)


def _known_elsewhere(course_id: int, key: str) -> bool:
    query = select(Activity.id).join(Version, Version.id == Activity.version_id).where(Version.course_id == course_id, Activity.key == key)
    return session.scalar(query.limit(1)) is not None
