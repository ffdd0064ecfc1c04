"""The ledger in the database: what a fold posts, what a page adds in memory, what a proof finds."""

from datetime import date, timedelta
from threading import Barrier, Event, Thread

import pytest
from sqlalchemy import delete, func, select, update

from lms.accounts.models import Person
from lms.core import clock, db, journal
from lms.core.db import session
from lms.core.jobs import JobKind, run_due
from lms.core.models import Job
from lms.programmes import revoking
from lms.programmes.models import Programme, Rule
from lms.reports import coverage, following
from lms.reports.ledger import Figure
from lms.reports.models import CoverageChange, CoverageContribution, CoverageMonth
from lms.schools import people, tree
from tests import factories
from tests.cast import Cast, make_cast
from tests.factories_reports import make_exemption, make_programme, make_qualification

MONDAY = date(2026, 10, 5)
# Of the cast: head, keeper, teacher, other_teacher in school_a; neighbour in school_a2; stranger_teacher in school_b.


def numbers(cast: Cast, programme_id: int, day: date = MONDAY, known_on: date | None = None) -> dict[str, tuple[int, int, int]]:
    by_id = {unit.id: code for code, unit in cast.units.items()}
    found = coverage.figure(list(by_id), programme_id, day, known_on)
    return {by_id[unit_id]: (figure.obliged, figure.trained, figure.exempt) for unit_id, figure in found.items()}


def fold_all() -> None:
    """Fold in transactions of their own until nothing is left."""
    while coverage.fold().left:
        session.commit()
    session.commit()


def rows() -> int:
    return session.scalars(select(func.count()).select_from(CoverageChange)).one()


def test_everybody_counts_once_at_each_unit_above(cast: Cast) -> None:
    programme = make_programme()
    make_qualification(cast.persons["teacher"], programme, MONDAY - timedelta(days=3), MONDAY + timedelta(days=700))
    make_exemption(cast.persons["keeper"], programme, MONDAY, MONDAY + timedelta(days=90))
    coverage.fold()

    assert numbers(cast, programme.id) == {
        "so": (5, 1, 1),
        "ward_a": (4, 1, 1),
        "ward_b": (1, 0, 0),
        "school_a": (3, 1, 1),
        "school_a2": (1, 0, 0),
        "school_b": (1, 0, 0),
    }
    assert numbers(cast, programme.id, MONDAY - timedelta(days=1))["school_a"] == (4, 1, 0)
    assert numbers(cast, programme.id, MONDAY + timedelta(days=700))["school_a"] == (4, 0, 0)


def test_a_page_adds_what_is_not_folded_yet(cast: Cast) -> None:
    programme = make_programme()
    coverage.fold()
    before = rows()

    make_qualification(cast.persons["teacher"], programme, MONDAY)

    assert numbers(cast, programme.id)["ward_a"] == (5, 1, 0)
    assert rows() == before
    coverage.fold()
    assert numbers(cast, programme.id)["ward_a"] == (5, 1, 0)


def test_reading_does_not_write(cast: Cast) -> None:
    programme = make_programme()
    coverage.fold()
    make_qualification(cast.persons["teacher"], programme, MONDAY)
    session.commit()

    db.may_write(False)
    try:
        assert numbers(cast, programme.id)["so"] == (6, 1, 0)
    finally:
        db.may_write(True)


def test_the_same_fold_again_posts_nothing(cast: Cast) -> None:
    programme = make_programme()
    make_qualification(cast.persons["teacher"], programme, MONDAY)
    assert coverage.fold().posted > 0
    before = rows()

    journal.note("person", [person.id for person in cast.persons.values()])

    assert (coverage.fold().posted, rows()) == (0, before)


def test_what_was_known_on_a_past_day_stays_when_a_correction_comes(cast: Cast) -> None:
    programme = make_programme()
    with clock.at(MONDAY):
        qualification = make_qualification(cast.persons["teacher"], programme, MONDAY)
        coverage.fold()
    with clock.at(MONDAY + timedelta(days=4)):
        revoking.revoke(qualification, reason="wrong person", by=None)
        coverage.fold()

        assert numbers(cast, programme.id)["school_a"] == (4, 0, 0)
        assert numbers(cast, programme.id, known_on=MONDAY)["school_a"] == (4, 1, 0)
        assert numbers(cast, programme.id, known_on=MONDAY - timedelta(days=1))["school_a"] == (0, 0, 0)


def test_a_fold_after_midnight_still_says_when_it_was_learnt(cast: Cast) -> None:
    programme = make_programme()
    with clock.at(MONDAY):
        coverage.fold()
        make_qualification(cast.persons["teacher"], programme, MONDAY)
        seen = numbers(cast, programme.id, known_on=MONDAY)
    with clock.at(MONDAY + timedelta(days=1)):
        assert numbers(cast, programme.id, known_on=MONDAY) == seen
        coverage.fold()
        assert numbers(cast, programme.id, known_on=MONDAY) == seen


def test_a_unit_that_moves_takes_its_people_along(cast: Cast) -> None:
    programme = make_programme()
    coverage.fold()
    tree.move(cast.units["school_a2"], cast.units["ward_b"], MONDAY)
    assert coverage.pending(coverage.duty_of(programme.id)).too_many

    coverage.fold()
    coverage.fold()

    after = numbers(cast, programme.id)
    before = numbers(cast, programme.id, MONDAY - timedelta(days=1))
    assert (before["ward_a"], before["ward_b"], before["so"]) == ((5, 0, 0), (1, 0, 0), (6, 0, 0))
    assert (after["ward_a"], after["ward_b"], after["so"]) == ((4, 0, 0), (2, 0, 0), (6, 0, 0))
    tree.move(cast.units["school_a2"], cast.units["ward_a"], MONDAY)
    coverage.fold()
    coverage.fold()
    assert numbers(cast, programme.id) == before


def test_a_person_of_two_schools_is_one_person_above_both(cast: Cast) -> None:
    programme = make_programme()
    people.add_post(cast.persons["teacher"], cast.units["school_a2"], "teacher", from_day=MONDAY)
    people.add_post(cast.persons["teacher"], cast.units["school_b"], "teacher", from_day=MONDAY)
    coverage.fold()

    after = numbers(cast, programme.id)
    assert {code: figure[0] for code, figure in after.items()} == {
        "so": 6,
        "ward_a": 5,
        "ward_b": 2,
        "school_a": 4,
        "school_a2": 2,
        "school_b": 2,
    }


def test_new_rules_count_for_all_staff_without_a_note(cast: Cast) -> None:
    programme = make_programme()
    coverage.fold()
    factories.save(
        Rule(
            programme_id=programme.id,
            number=2,
            course_id=programme.rules[0].course_id,
            positions=["manager"],
            grades=[],
            valid_months=24,
            from_day=MONDAY,
        )
    )
    coverage.fold()

    assert numbers(cast, programme.id)["so"] == (1, 0, 0)
    assert numbers(cast, programme.id, MONDAY - timedelta(days=1))["so"] == (6, 0, 0)


def test_figures_of_one_position_stand_beside_those_of_all(cast: Cast) -> None:
    programme = make_programme()
    coverage.fold()

    so = cast.units["so"].id
    assert coverage.figure([so], programme.id, MONDAY, position="manager")[so] == Figure(1, 0, 0)
    assert coverage.figure([so], programme.id, MONDAY, position="teacher")[so] == Figure(5, 0, 0)


@pytest.mark.real_database
def test_more_persons_than_a_page_can_add_are_named_instead(stage: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    programme = make_programme()
    fold_all()
    monkeypatch.setattr(coverage, "MOST_PENDING", 1)
    make_qualification(stage.persons["teacher"], programme, MONDAY)
    assert not coverage.pending(coverage.duty_of(programme.id)).too_many
    make_qualification(stage.persons["head"], programme, MONDAY)

    assert coverage.pending(coverage.duty_of(programme.id)).too_many


def test_the_course_through_the_months_ends_where_the_figure_is(cast: Cast) -> None:
    programme = make_programme()
    make_qualification(cast.persons["teacher"], programme, date(2026, 7, 31))
    make_qualification(cast.persons["head"], programme, date(2026, 8, 1))
    coverage.fold()
    make_qualification(cast.persons["keeper"], programme, date(2026, 9, 30))

    school = cast.units["school_a"].id
    reading = coverage.figures([school], coverage.duty_of(programme.id), [MONDAY], course_of=school)

    assert reading.figures[school, MONDAY] == Figure(4, 3, 0)
    assert {month.isoformat(): figure.trained for month, figure in reading.months.items()} == {
        "2020-01-01": 0,
        "2026-07-01": 1,
        "2026-08-01": 2,
        "2026-09-01": 3,
    }


@pytest.mark.real_database
def test_the_proof_finds_nothing_in_a_sound_ledger(stage: Cast) -> None:
    programme = make_programme()
    make_qualification(stage.persons["teacher"], programme, MONDAY, MONDAY + timedelta(days=9))
    fold_all()
    make_qualification(stage.persons["head"], programme, MONDAY)

    found = coverage.verify()

    assert (found.differences, found.persons, found.unread) == ((), 6, 1)


@pytest.mark.real_database
def test_the_proof_finds_each_broken_row(stage: Cast) -> None:
    programme = make_programme()
    make_qualification(stage.persons["teacher"], programme, MONDAY)
    fold_all()
    school, teacher = stage.units["school_a"].id, stage.persons["teacher"].id

    session.execute(
        update(CoverageChange)
        .where(CoverageChange.unit_id == school, CoverageChange.position_code == "", CoverageChange.day == MONDAY)
        .values(trained=2)
    )
    session.execute(delete(CoverageContribution).where(CoverageContribution.person_id == stage.persons["neighbour"].id))
    found = coverage.verify()

    changes = [each for each in found.differences if each.table == "change"]
    months = [each for each in found.differences if each.table == "month"]
    persons = {each.person_id for each in found.differences if each.table == "contribution"}
    assert [(each.unit_id, each.day, each.expected, each.found) for each in changes] == [(school, MONDAY, (0, 1, 0), (0, 2, 0))]
    assert [(each.unit_id, each.day, each.expected, each.found) for each in months] == [(school, date(2026, 10, 1), (0, 2, 0), (0, 1, 0))]
    assert persons == {stage.persons["neighbour"].id} and teacher not in persons


@pytest.mark.real_database
def test_a_rebuilt_ledger_is_the_same_on_both_clocks(stage: Cast) -> None:
    with clock.at(MONDAY):
        programme = make_programme()
        qualification = make_qualification(stage.persons["teacher"], programme, MONDAY)
        fold_all()
    with clock.at(MONDAY + timedelta(days=2)):
        revoking.revoke(qualification, reason="wrong person", by=None)
        post = people.posts_of(stage.persons["head"].id)[0]
        people.end_post(post, MONDAY, by=None)
        fold_all()
        days = [MONDAY + timedelta(days=number) for number in range(-1, 4)]
        folded = {(day, known): numbers(stage, programme.id, day, known) for day in days for known in days if known >= MONDAY}

        assert coverage.rebuild() == 6

        assert {(day, known): numbers(stage, programme.id, day, known) for day, known in folded} == folded
        assert coverage.verify().differences == ()


@pytest.mark.real_database
def test_rebuilding_gives_back_what_was_broken(stage: Cast) -> None:
    programme = make_programme()
    fold_all()
    sound = numbers(stage, programme.id)
    session.execute(delete(CoverageMonth))

    coverage.rebuild()
    session.commit()

    assert (numbers(stage, programme.id), following.left()) == (sound, 0)
    assert coverage.verify().differences == ()


def test_the_job_goes_on_while_notes_are_left(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    programme = make_programme()
    monkeypatch.setattr(coverage.fold, "__defaults__", (2,))
    kind = JobKind(coverage.JOB, coverage.run_fold)
    session.add(Job(kind=coverage.JOB, payload={}, due_at=clock.now(), created_at=clock.now()))
    session.commit()

    ran = run_due({kind.key: kind})

    assert ran >= 3
    assert numbers(cast, programme.id)["so"] == (6, 0, 0)


@pytest.mark.real_database
def test_two_folds_at_once_post_once(real_database: str) -> None:
    cast = make_cast()
    programme = make_programme()
    for name in ("teacher", "head", "neighbour"):
        make_qualification(cast.persons[name], programme, MONDAY)
    session.commit()
    barrier, faults = Barrier(4), []

    def fold() -> None:
        try:
            barrier.wait()
            with db.transaction():
                coverage.fold()
        except Exception as fault:
            faults.append(fault)

    threads = [Thread(target=fold) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert faults == []
    assert numbers(cast, programme.id)["so"] == (6, 3, 0)
    assert coverage.verify().differences == ()


@pytest.mark.real_database
def test_a_note_that_becomes_visible_late_is_not_lost(stage: Cast) -> None:
    if db.engine().dialect.name == "sqlite":
        return  # one writer at a time: notes become visible in the order of their ids
    programme_id = make_programme().id
    fold_all()
    slow, quick = stage.persons["teacher"].id, stage.persons["head"].id
    noted, go_on = Event(), Event()

    def qualify(person_id: int, *, wait: bool) -> None:
        with db.transaction():
            make_qualification(session.get_one(Person, person_id), session.get_one(Programme, programme_id), MONDAY)
            noted.set()
            if wait:
                assert go_on.wait(20)

    thread = Thread(target=qualify, args=(slow,), kwargs={"wait": True})
    thread.start()
    assert noted.wait(20)
    qualify(quick, wait=False)
    coverage.fold()
    session.commit()
    assert numbers(stage, programme_id)["so"] == (6, 1, 0)
    go_on.set()
    thread.join()
    session.rollback()

    assert numbers(stage, programme_id)["so"] == (6, 2, 0)
    coverage.fold()
    session.commit()
    assert numbers(stage, programme_id)["so"] == (6, 2, 0)
    assert coverage.verify().differences == ()
