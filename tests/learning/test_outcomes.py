"""What is recorded, what follows, and that it happens once."""

from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select

from lms.certificates import issuing
from lms.certificates.models import Certificate
from lms.core import db
from lms.core.db import session
from lms.core.models import JournalEntry
from lms.learning import outcomes
from lms.learning.models import Enrolment, Result
from lms.notifications.models import Message
from lms.programmes.models import Qualification
from tests.cast import Cast, make_cast
from tests.factories_courses import activity, make_enrolment, make_programme, make_version, noon

DAY = date(2026, 10, 5)


def rows(enrolment: Enrolment) -> list[tuple[str, str, float | None]]:
    results = session.scalars(select(Result).where(Result.enrolment_id == enrolment.id).order_by(Result.activity_key))
    return [(each.activity_key, each.state, each.share) for each in results]


def test_a_page_read_is_completed_and_counted(cast: Cast) -> None:
    enrolment = make_enrolment(cast.persons["teacher"].id, make_version("a", "b", "quiz"))

    outcomes.record(enrolment.id, "a", source="view", at=noon(DAY))

    assert rows(enrolment) == [("a", "completed", None)]
    assert (enrolment.done, enrolment.required, enrolment.state, enrolment.last_activity_key) == (1, 3, "active", "a")
    assert (enrolment.started_at, enrolment.active_at) == (noon(DAY), noon(DAY))


def test_a_worse_outcome_changes_nothing(cast: Cast) -> None:
    enrolment = make_enrolment(cast.persons["teacher"].id, make_version("a", "quiz"))

    outcomes.record(enrolment.id, "quiz", share=0.9, passed=True, source="quiz", evidence="attempt:1")
    outcomes.record(enrolment.id, "quiz", share=0.2, passed=False, source="quiz", evidence="attempt:2")

    result = session.scalars(select(Result)).one()
    assert (result.state, result.share, result.evidence) == ("passed", 0.9, "attempt:1")


def test_a_better_outcome_raises_the_share_and_keeps_the_day_it_was_done(cast: Cast) -> None:
    enrolment = make_enrolment(cast.persons["teacher"].id, make_version("a", "quiz"))

    outcomes.record(enrolment.id, "quiz", share=0.8, passed=True, source="quiz", at=noon(DAY))
    outcomes.record(enrolment.id, "quiz", share=1.0, passed=True, source="quiz", at=noon(DAY + timedelta(days=7)))

    result = session.scalars(select(Result)).one()
    assert (result.share, result.completed_at) == (1.0, noon(DAY))


def test_a_failed_quiz_is_not_done(cast: Cast) -> None:
    enrolment = make_enrolment(cast.persons["teacher"].id, make_version("quiz"))

    outcomes.record(enrolment.id, "quiz", share=0.5, passed=False, source="quiz")

    assert rows(enrolment) == [("quiz", "failed", 0.5)]
    assert (enrolment.done, enrolment.state) == (0, "active")


def test_the_last_required_activity_completes_the_course_on_the_day_of_the_latest_outcome(cast: Cast) -> None:
    enrolment = make_enrolment(cast.persons["teacher"].id, make_version("a", "quiz"))

    outcomes.record(enrolment.id, "quiz", share=1.0, passed=True, source="quiz", at=noon(DAY))
    # Written down later, happened before: the paper list of a training day.
    outcomes.record(enrolment.id, "a", source="attendance", at=noon(DAY - timedelta(days=3)))

    assert (enrolment.state, enrolment.completed_at, enrolment.done) == ("completed", noon(DAY), 2)


def test_completion_gives_qualification_certificate_journal_and_message(cast: Cast) -> None:
    teacher = cast.persons["teacher"]
    issuing.make_issuer(cast.units["so"].id, code="SO", name="Sở GD&ĐT Hải Vân")
    version = make_version("a", "quiz")
    programme = make_programme(version.course)
    enrolment = make_enrolment(teacher.id, version)

    outcomes.record(enrolment.id, "a", source="view", at=noon(DAY))
    outcomes.record(enrolment.id, "quiz", share=0.9, passed=True, source="quiz", at=noon(DAY))

    qualification = session.scalars(select(Qualification)).one()
    assert (qualification.person_id, qualification.programme_id, qualification.cycle) == (teacher.id, programme.id, 1)
    assert (qualification.from_day, qualification.until_day) == (DAY, date(2028, 10, 5))
    assert qualification.evidence == f"enrolment:{enrolment.id}"
    certificate = session.scalars(select(Certificate)).one()
    assert (certificate.source, certificate.cycle, certificate.issued_on) == (f"programme:{programme.id}", 1, DAY)
    assert certificate.facts["achievement"]["share"] == 0.9
    assert teacher.id in session.scalars(select(JournalEntry.ref_id).where(JournalEntry.topic == "person")).all()
    assert session.scalars(select(Message.kind)).all() == ["programme_fulfilled"]


def test_recording_the_same_again_gives_one_qualification(cast: Cast) -> None:
    version = make_version("a")
    make_programme(version.course, certificate=False)
    enrolment = make_enrolment(cast.persons["teacher"].id, version)

    for _ in range(3):
        outcomes.record(enrolment.id, "a", source="view")
    outcomes.repair(enrolment.id)

    assert session.scalar(select(func.count()).select_from(Qualification)) == 1


def test_without_an_issuer_the_qualification_stands(cast: Cast) -> None:
    version = make_version("a")
    make_programme(version.course)
    enrolment = make_enrolment(cast.persons["teacher"].id, version)

    outcomes.record(enrolment.id, "a", source="view")

    assert session.scalar(select(func.count()).select_from(Qualification)) == 1
    assert session.scalar(select(func.count()).select_from(Certificate)) == 0


def test_an_activity_that_the_version_lacks_is_refused(cast: Cast) -> None:
    enrolment = make_enrolment(cast.persons["teacher"].id, make_version("a"))

    with pytest.raises(outcomes.UnknownActivity):
        outcomes.record(enrolment.id, "z", source="view")


def test_optional_activities_are_kept_but_not_counted(cast: Cast) -> None:
    enrolment = make_enrolment(cast.persons["teacher"].id, make_version("a", activity("more", required=False)))

    outcomes.record(enrolment.id, "more", source="view")
    assert (enrolment.done, enrolment.required, enrolment.state) == (0, 1, "active")

    outcomes.record(enrolment.id, "a", source="view")
    assert (enrolment.done, enrolment.state) == (1, "completed")


@pytest.mark.real_database
def test_two_activities_finished_at_the_same_instant_complete_the_course_once(real_database: str) -> None:
    cast = make_cast()
    issuing.make_issuer(cast.units["so"].id, code="SO", name="Sở")
    version = make_version("a", "b", "quiz")
    make_programme(version.course)
    teacher_id = cast.persons["teacher"].id
    enrolment_id = make_enrolment(teacher_id, version).id
    session.commit()
    session.remove()
    together = Barrier(3)
    failures: list[BaseException] = []

    def finish(key: str) -> None:
        is_quiz = key == "quiz"
        try:
            together.wait(timeout=10)
            with db.transaction():
                outcomes.record(enrolment_id, key, share=1.0 if is_quiz else None, passed=True if is_quiz else None, source="view")
        except BaseException as error:  # the thread's failure is the test's
            failures.append(error)

    threads = [Thread(target=finish, args=(key,)) for key in ("a", "b", "quiz")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    enrolment = session.get_one(Enrolment, enrolment_id)
    assert (enrolment.state, enrolment.done) == ("completed", 3)
    assert session.scalar(select(func.count()).select_from(Qualification)) == 1
    assert session.scalar(select(func.count()).select_from(Certificate)) == 1
    assert session.scalar(select(func.count()).select_from(Message)) == 1
