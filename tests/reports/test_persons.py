"""The people behind a figure: as many as the figure says, sorted, each with what is known of them."""

from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from lms.accounts.models import Account
from lms.core import clock
from lms.core.db import session
from lms.courses.models import Activity
from lms.learning import outcomes
from lms.reports import coverage, persons, queries
from lms.reports.aims import Aim
from tests import factories
from tests.cast import Cast
from tests.factories_courses import make_enrolment
from tests.factories_courses import make_programme as programme_of
from tests.factories_quizzes import make_quiz
from tests.factories_reports import make_exemption, make_programme, make_qualification
from tests.reports.test_random_histories import Life, undone

TODAY = clock.today()


def aim_on(day: date = TODAY) -> Aim:
    return queries.aims(day)[0]


def said(cast: Cast, code: str, state: str = "", day: date = TODAY, **more: object) -> list[tuple[str, str]]:
    lines, _more = persons.lines(cast.units[code].id, aim_on(day), day, state=state, **more)  # type: ignore[arg-type]
    return [(line.name, line.reason) for line in lines]


def test_each_person_has_the_reason_that_fits(cast: Cast) -> None:
    quiz = session.get_one(Activity, make_quiz("a", "b").activity_id)
    version = quiz.section.version
    programme = programme_of(version.course)
    session.execute(update(Account).values(last_signin_at=clock.now()))
    enrolments = {name: make_enrolment(cast.persons[name].id, version) for name in ("teacher", "other_teacher", "keeper")}
    outcomes.record(enrolments["teacher"].id, "a", source="view")
    for key in ("a", "b"):
        outcomes.record(enrolments["other_teacher"].id, key, source="view")
    outcomes.record(enrolments["other_teacher"].id, quiz.key, share=0.5, passed=False, source="quiz")
    make_exemption(cast.persons["head"], programme, TODAY, reason="retiring")

    assert said(cast, "school_a") == [
        ("Đặng Thị Ngọc Ánh", "quiz_failed"),
        ("Trương Mỹ Duyên", "not_started"),
        ("Nguyễn Thị Thu Hường", "in_progress"),
        ("Nguyễn Hoàng Phúc", "exempt"),
    ]
    assert said(cast, "ward_a", "missing")[-1] == ("Võ Minh Mẫn", "not_enrolled")
    lines, _more = persons.lines(cast.units["school_a"].id, aim_on(), TODAY)
    assert [line.said for line in lines][2:] == ["Đang học: bài 1 trên 3", "Được miễn: Sắp nghỉ hưu"] or lines[
        2
    ].said == "Đang học: bài 1 trên 3"


def test_reasons_are_those_of_the_day(cast: Cast) -> None:
    programme = make_programme()
    make_qualification(cast.persons["teacher"], programme, TODAY - timedelta(days=90), TODAY - timedelta(days=30))

    name = "Nguyễn Thị Thu Hường"
    found = {days: dict(said(cast, "school_a", day=TODAY - timedelta(days=days)))[name] for days in (100, 60, 10)}
    assert found == {100: "not_enrolled", 60: "trained", 10: "expired"}


def test_a_person_with_two_posts_stands_in_the_list_once(cast: Cast) -> None:
    make_programme()
    factories.make_post(cast.persons["teacher"], cast.units["school_a2"], "teacher")

    names = [name for name, _ in said(cast, "ward_a")]
    assert names.count("Nguyễn Thị Thu Hường") == 1


def test_long_lists_come_in_pages(cast: Cast) -> None:
    make_programme()

    first, more = persons.lines(cast.units["so"].id, aim_on(), TODAY, most=4)
    rest, last = persons.lines(cast.units["so"].id, aim_on(), TODAY, first=4, most=4)
    assert (len(first), more, len(rest), last) == (4, True, 2, False)
    assert [line.name for line in (*first, *rest)] == [name for name, _ in said(cast, "so")]


def test_one_position_is_asked_for(cast: Cast) -> None:
    make_programme()

    assert said(cast, "so", position="manager") == [("Nguyễn Hoàng Phúc", "not_enrolled")]


def test_a_programme_of_one_ward_obliges_nobody_elsewhere(cast: Cast) -> None:
    make_programme(owner_unit_id=cast.units["ward_b"].id, positions=("teacher",))

    assert [name for name, _ in said(cast, "so")] == ["Lý Quốc Khởi"]


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 10**6))
def test_there_are_as_many_persons_as_the_figure_says(database: None, seed: int) -> None:
    with undone():
        life = Life(seed)
        for _ in range(12):
            life.sleep()
            with clock.at(life.day):
                life.step()
        with clock.at(life.day):
            coverage.fold()
            coverage.fold()
            for day in (life.day - timedelta(days=8), life.day, life.day + timedelta(days=5)):
                aim = aim_on(day)
                for unit_id, figure in life.figures(day).items():
                    lists = {state: persons.lines(unit_id, aim, day, state=state)[0] for state in persons.STATES}
                    counted = (len(lists["missing"]) + len(lists["trained"]), len(lists["trained"]), len(lists["exempt"]))
                    assert counted == (figure.obliged, figure.trained, figure.exempt), (unit_id, day)
                    assert all(line.state == state for state, lines in lists.items() for line in lines)
