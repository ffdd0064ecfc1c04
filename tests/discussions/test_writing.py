"""Writing and moderating: nothing is lost, and who may not see something does not."""

import pytest
from sqlalchemy import func, select

from lms.core import db
from lms.core.db import session
from lms.core.errors import NotFound
from lms.core.models import AuditEntry
from lms.courses import authoring
from lms.courses.authoring import NotReady
from lms.courses.models import Version
from lms.discussions import queries, writing
from lms.discussions.models import Contribution, Report
from lms.discussions.writing import Empty, NoReason, NotOne, TooLong
from lms.learning import proof
from lms.learning.models import Result
from tests.cast import Cast, make_cast
from tests.factories_courses import make_enrolment, make_version
from tests.factories_talks import discussion, make_contribution, make_talks, step
from tests.together import at_once


def seen(version: Version, person_id: int) -> list[tuple[str, list[str]]]:
    """What somebody sees: each beginning with its replies."""
    threads = queries.page(version.course_id, "discussion", person_id).threads
    return [(each.begin.row.text, [reply.row.text for reply in each.replies]) for each in threads]


def test_what_is_written_finishes_the_step_and_is_seen(cast: Cast) -> None:
    version = make_talks(discussion())
    begin = make_contribution(cast.persons["teacher"].id, version, "Một")
    make_contribution(cast.persons["neighbour"].id, version, "Hai", thread_id=begin.id)

    assert seen(version, cast.persons["head"].id) == [("Một", ["Hai"])]
    assert session.scalars(select(Result.state)).all() == ["completed", "completed"]
    assert proof.verify().differences == ()


@pytest.mark.parametrize(("text", "error"), [(" \r\n ", Empty), ("a" * 5_001, TooLong)])
def test_nothing_and_too_much_are_refused(cast: Cast, text: str, error: type[Exception]) -> None:
    version = make_talks(discussion())

    with pytest.raises(error):
        make_contribution(cast.persons["teacher"].id, version, text)
    assert session.scalars(select(Contribution)).all() == []


def test_only_beginnings_here_that_are_shown_are_answered(cast: Cast) -> None:
    version, other = make_talks(discussion()), make_talks(discussion(), slug="khac")
    teacher = cast.persons["teacher"].id
    begin = make_contribution(teacher, version)
    reply = make_contribution(teacher, version, thread_id=begin.id)
    elsewhere = make_contribution(teacher, other)
    gone = make_contribution(teacher, version)
    writing.withdraw(gone, by=cast.accounts["teacher"].id)

    for each in (reply.id, elsewhere.id, gone.id, 999_999):
        with pytest.raises(NotOne):
            make_contribution(teacher, version, thread_id=each)


def test_with_a_moderator_first_only_its_author_sees_it(cast: Cast) -> None:
    version = make_talks(discussion(approve=True))
    made = make_contribution(cast.persons["teacher"].id, version, "Chờ duyệt")

    assert seen(version, cast.persons["head"].id) == []
    assert seen(version, cast.persons["teacher"].id) == [("Chờ duyệt", [])]
    writing.show(made, by=cast.accounts["author"].id)
    assert seen(version, cast.persons["head"].id) == [("Chờ duyệt", [])]


def test_what_is_hidden_says_why_and_stays_written_down(cast: Cast) -> None:
    version = make_talks(discussion())
    made = make_contribution(cast.persons["teacher"].id, version, "Tên em học sinh")
    with pytest.raises(NoReason):
        writing.hide(made, "  ", by=cast.accounts["author"].id)
    writing.hide(made, "Nêu tên học sinh", by=cast.accounts["author"].id)

    assert seen(version, cast.persons["head"].id) == []
    assert seen(version, cast.persons["teacher"].id) == [("Tên em học sinh", [])]
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "discussions.hidden")).one()
    assert entry.subject == f"contribution:{made.id}"
    # What was done stays done: the step was completed by writing.
    assert session.scalars(select(Result.state)).all() == ["completed"]


def test_a_beginning_that_is_gone_keeps_the_answers_of_others(cast: Cast) -> None:
    version = make_talks(discussion())
    begin = make_contribution(cast.persons["teacher"].id, version, "Một")
    make_contribution(cast.persons["neighbour"].id, version, "Hai", thread_id=begin.id)
    writing.withdraw(begin, by=cast.accounts["teacher"].id)
    (thread,) = queries.page(version.course_id, "discussion", cast.persons["head"].id).threads

    assert thread.begin.row.state == "withdrawn"
    assert [each.row.text for each in thread.replies] == ["Hai"]


def test_what_its_author_took_back_is_not_shown_again(cast: Cast) -> None:
    made = make_contribution(cast.persons["teacher"].id, make_talks(discussion()))
    writing.withdraw(made, by=cast.accounts["teacher"].id)
    writing.show(made, by=cast.accounts["author"].id)

    assert made.state == "withdrawn"


def test_a_report_is_one_and_is_settled(cast: Cast) -> None:
    made = make_contribution(cast.persons["teacher"].id, make_talks(discussion()))
    for _ in range(2):
        writing.report(made, cast.persons["neighbour"].id)
    assert session.scalar(select(func.count()).select_from(Report)) == 1
    writing.show(made, by=cast.accounts["author"].id)

    assert session.scalars(select(Report.settled_at)).one() is not None
    writing.hide(made, "Không phù hợp", by=cast.accounts["author"].id)
    with pytest.raises(NotFound):
        writing.report(made, cast.persons["head"].id)


def test_threads_that_were_touched_last_come_first_in_pages(cast: Cast) -> None:
    version = make_talks(discussion())
    teacher = cast.persons["teacher"].id
    first = make_contribution(teacher, version, "đầu tiên")
    for number in range(queries.PER_PAGE):
        make_contribution(teacher, version, f"bài {number}")
    assert [each.begin.row.text for each in queries.page(version.course_id, "discussion", teacher, 2).threads] == ["đầu tiên"]
    make_contribution(teacher, version, "trả lời", thread_id=first.id)
    page = queries.page(version.course_id, "discussion", teacher)

    assert (page.threads[0].begin.row.text, page.more) == ("đầu tiên", True)


def test_pupils_have_no_discussions(cast: Cast) -> None:
    with pytest.raises(NotReady, match="cán bộ"):
        authoring.publish(make_version(discussion(), audience="pupils", published=False))


@pytest.mark.usefixtures("real_database")
def test_its_author_and_a_moderator_at_once_leave_one_decision() -> None:
    with db.transaction():
        cast = make_cast()
        made = make_contribution(cast.persons["teacher"].id, make_talks(discussion()))
        made_id, author, teacher = made.id, cast.accounts["author"].id, cast.accounts["teacher"].id

    def row() -> Contribution:
        return session.get_one(Contribution, made_id)

    came = at_once(
        lambda: writing.withdraw(row(), by=teacher),
        lambda: writing.hide(row(), "Lý do", by=author),
        lambda: writing.withdraw(row(), by=teacher),
    )

    assert came == [None, None, None]
    assert session.get_one(Contribution, made_id).state == "withdrawn"


def test_the_same_enrolment_writes_more_than_once(cast: Cast) -> None:
    version = make_talks(discussion())
    enrolment = make_enrolment(cast.persons["teacher"].id, version)
    for number in range(3):
        writing.write(enrolment.id, step(version, "discussion"), f"bài {number}")

    assert session.scalar(select(func.count()).select_from(Result)) == 1
