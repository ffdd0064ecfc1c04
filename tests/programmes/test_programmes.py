"""Programmes: who is obliged, what fulfils them, targets, deadlines, exemptions."""

from datetime import date
from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select

from lms.certificates.facts import Statement
from lms.certificates.issuing import make_issuer
from lms.certificates.models import Certificate
from lms.core import db
from lms.core.db import session
from lms.core.models import AuditEntry, JournalEntry
from lms.courses import catalogue
from lms.courses.models import Version
from lms.programmes import audience, builtin, exemptions, qualifications, queries, revoking, targets
from lms.programmes.audience import Facts, Post
from lms.programmes.models import Exemption, Programme, Qualification, Rule
from lms.programmes.qualifications import Completion
from lms.schools.kinds import POSITIONS
from tests.cast import Cast, make_cast
from tests.factories_courses import make_programme, make_version, noon


def rule(**more: object) -> Rule:
    return Rule(**({"positions": [], "grades": [], "unit_kinds": [], "stages": []} | more))


def staff(*positions: str, kind: str = "truong", stage: str = "th") -> Facts:
    return Facts(frozenset(Post(each, kind, stage) for each in positions))


@pytest.mark.parametrize(
    ("who", "wanted", "facts", "expected"),
    [
        ("staff", rule(), staff("teacher"), True),
        ("staff", rule(), Facts(), False),
        ("staff", rule(positions=["manager"]), staff("teacher"), False),
        ("staff", rule(positions=["manager"]), staff("teacher", "manager"), True),
        ("staff", rule(), Facts(grade=6), False),
        ("pupils", rule(), Facts(grade=6), True),
        ("pupils", rule(grades=[7, 8]), Facts(grade=6), False),
        ("pupils", rule(grades=[0]), Facts(grade=0), True),
        ("pupils", rule(), staff("teacher"), False),
        ("staff", rule(stages=["th", "thcs"]), staff("teacher"), True),
        ("staff", rule(stages=["thcs"]), staff("teacher"), False),
        ("staff", rule(unit_kinds=["phuong_xa"]), staff("officer", kind="phuong_xa", stage=""), True),
        ("staff", rule(unit_kinds=["phuong_xa"]), staff("teacher"), False),
        ("staff", rule(stages=["th"], positions=["manager"]), staff("teacher"), False),
        (
            "staff",
            rule(stages=["thcs"], positions=["manager"]),
            Facts(frozenset({Post("manager", "truong", "th"), Post("teacher", "truong", "thcs")})),
            False,
        ),
    ],
)
def test_who_is_obliged(who: str, wanted: Rule, facts: Facts, expected: bool) -> None:
    assert audience.obliged(who, wanted, facts) is expected


def test_a_programme_of_a_unit_is_for_those_below_it() -> None:
    facts = Facts(frozenset({Post("teacher")}), units=frozenset({3, 2, 1}))

    assert [audience.obliged("staff", rule(), facts, owner_unit_id=unit) for unit in (1, 3, 4)] == [True, True, False]


def test_facts_of_persons_come_from_posts_classes_and_the_tree(cast: Cast) -> None:
    units = cast.units
    ids = {name: cast.persons[name].id for name in ("head", "pupil", "administrator")}

    facts = queries.facts_of(list(ids.values()), date(2026, 10, 1))

    around = frozenset({units["school_a"].id, units["ward_a"].id, units["so"].id})
    assert facts[ids["head"]] == Facts(frozenset({Post("manager", "truong", "thcs")}), None, around)
    assert facts[ids["pupil"]] == Facts(frozenset(), 6, around)
    assert facts[ids["administrator"]] == Facts()


def completion(course_id: int, version_id: int, day: date, evidence: str = "enrolment:1") -> Completion:
    return Completion(course_id, version_id, noon(day), noon(day), evidence)


def held(person_id: int) -> list[tuple[int, date, date | None]]:
    rows = session.scalars(select(Qualification).where(Qualification.person_id == person_id).order_by(Qualification.cycle))
    return [(each.cycle, each.from_day, each.until_day) for each in rows]


def test_validity_counts_from_the_day_of_the_evidence(cast: Cast) -> None:
    version = make_version("a")
    make_programme(version.course, valid_months=24, certificate=False)
    person_id = cast.persons["teacher"].id

    qualifications.review(person_id, completion(version.course_id, version.id, date(2024, 2, 29)))

    assert held(person_id) == [(1, date(2024, 2, 29), date(2026, 2, 28))]


def test_the_same_evidence_gives_the_same_row_and_new_evidence_a_new_cycle(cast: Cast) -> None:
    version = make_version("a")
    make_programme(version.course, valid_months=12, certificate=False)
    person_id = cast.persons["teacher"].id

    qualifications.review(person_id, completion(version.course_id, version.id, date(2025, 9, 1), "enrolment:1"))
    qualifications.review(person_id, completion(version.course_id, version.id, date(2025, 9, 1), "enrolment:1"))
    qualifications.review(person_id, completion(version.course_id, version.id, date(2026, 8, 1), "enrolment:2"))

    assert held(person_id) == [(1, date(2025, 9, 1), date(2026, 9, 1)), (2, date(2026, 8, 1), date(2027, 8, 1))]


def test_every_programme_that_names_the_course_is_fulfilled(cast: Cast) -> None:
    version, other = make_version("a"), make_version("b")
    for course in (version.course, version.course, other.course):
        make_programme(course, certificate=False)

    made = qualifications.review(cast.persons["teacher"].id, completion(version.course_id, version.id, date(2026, 9, 1)))

    assert len(made) == 2
    assert session.scalar(select(func.count()).select_from(Qualification)) == 2


@pytest.mark.parametrize(
    ("day", "expected"), [(date(2025, 12, 31), 0), (date(2026, 1, 1), 1), (date(2026, 12, 31), 1), (date(2027, 1, 1), 0)]
)
def test_the_rule_of_the_day_of_completion_counts(cast: Cast, day: date, expected: int) -> None:
    version = make_version("a")
    make_programme(version.course, since=date(2026, 1, 1), until=date(2027, 1, 1), certificate=False)

    assert len(qualifications.review(cast.persons["teacher"].id, completion(version.course_id, version.id, day))) == expected


def test_a_revoked_qualification_keeps_its_history(cast: Cast) -> None:
    version = make_version("a")
    programme = make_programme(version.course, certificate=False)
    person_id = cast.persons["teacher"].id
    made = qualifications.review(person_id, completion(version.course_id, version.id, date(2026, 9, 1)))[0]

    revoking.revoke(made, reason="nhầm người", by=None)
    assert queries.qualification_on(person_id, programme.id, date(2026, 10, 1)) is None
    revoking.restore(made, reason="đúng người", by=None)
    assert queries.qualification_on(person_id, programme.id, date(2026, 10, 1)) is made


@pytest.mark.real_database
def test_the_same_evidence_at_the_same_moment_gives_one_row(real_database: str) -> None:
    cast = make_cast()
    version = make_version("a")
    make_programme(version.course, certificate=False)
    done = [
        completion(version.course_id, version.id, date(2026, 9, 1), evidence) for evidence in ("enrolment:1", "enrolment:1", "import:2")
    ]
    person_id = cast.persons["teacher"].id
    session.commit()
    session.remove()
    together = Barrier(3)
    failures: list[BaseException] = []

    def finish(one: Completion) -> None:
        try:
            together.wait(timeout=10)
            with db.transaction():
                qualifications.review(person_id, one)
        except BaseException as error:  # the thread's failure is the test's
            failures.append(error)

    threads = [Thread(target=finish, args=(one,)) for one in done]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert [cycle for cycle, _, _ in held(person_id)] == [1, 2]
    assert sorted(session.scalars(select(Qualification.evidence))) == ["enrolment:1", "import:2"]


def built_in() -> list[Programme]:
    make_version("a", slug="cb1")
    make_version("a", slug="hs3", audience="pupils")
    return builtin.ensure()


def test_built_in_programmes_are_made_once(cast: Cast) -> None:
    first, again = built_in(), builtin.ensure()

    assert [each.id for each in first] == [each.id for each in again]
    assert [(each.audience, each.certificate, each.rules[0].valid_months, each.rules[0].grades) for each in first] == [
        ("staff", True, 24, []),
        ("pupils", True, None, [6, 7, 8, 9]),
    ]


def test_a_built_in_programme_comes_as_soon_as_its_course_is_there(cast: Cast) -> None:
    first = built_in()
    make_version("a", slug="cb3")

    after = builtin.ensure()

    new = next(each for each in after if each not in first)
    assert (len(after), new.slug) == (len(first) + 1, builtin.KEEPERS)
    assert new.rules[0].positions == ["manager", "it_teacher", "page_admin", "clerk"]
    assert [
        each.day.year for each in (targets.target_on(new.id, date(2026, 8, 1)), targets.next_deadline(new.id, date(2026, 8, 1))) if each
    ] == [2027, 2027]


def test_built_in_programmes_fit_the_courses_and_positions_that_there_are(cast: Cast) -> None:
    courses = {draft.slug: draft for draft in map(catalogue.load, catalogue.built_in())}

    assert {each.course for each in builtin.BUILT_IN} >= set(courses)
    for each in builtin.BUILT_IN:
        assert set(each.positions) <= {code for code, _vi, _en in POSITIONS}
        if each.course in courses:
            course = courses[each.course]
            assert (each.audience, list(each.grades)) == (course.audience, list(course.grades))


def test_pupils_are_thanked_for_taking_part_without_a_mark(cast: Cast) -> None:
    make_issuer(cast.units["so"].id, code="SO", name="Sở GD&ĐT Hải Vân")
    cast.persons["pupil"].birth_date = None
    cast.persons["other_pupil"].birth_date = date(2014, 5, 1)
    pupils = built_in()[1]
    course = pupils.rules[0].course_id
    version = session.scalars(select(Version).where(Version.course_id == course)).one()
    done = Completion(course, version.id, noon(date(2026, 10, 1)), noon(date(2026, 10, 1)), "enrolment:1", share=0.9)

    for who in ("pupil", "other_pupil", "teacher"):
        qualifications.review(cast.persons[who].id, done)

    stated = [Statement.from_json(each.facts) for each in session.scalars(select(Certificate).order_by(Certificate.id))]
    assert [(each.holder.is_minor, each.achievement.share) for each in stated] == [(True, None), (True, None), (False, None)]


def test_without_their_courses_built_in_programmes_say_what_to_do(cast: Cast) -> None:
    with pytest.raises(builtin.NoCourse):
        builtin.ensure()


@pytest.mark.parametrize(
    ("day", "target_day", "share"),
    [
        (date(2021, 12, 31), date(2021, 12, 31), 0.85),
        (date(2022, 1, 1), date(2025, 12, 31), 1.0),
        (date(2026, 11, 23), date(2026, 12, 31), 0.85),
        (date(2031, 1, 1), date(2030, 12, 31), 1.0),
    ],
)
def test_the_target_of_a_day(cast: Cast, day: date, target_day: date, share: float) -> None:
    staff = built_in()[0]

    found = targets.target_on(staff.id, day)

    assert found is not None
    assert (found.day, found.share) == (target_day, share)


def test_deadlines_come_every_year(cast: Cast) -> None:
    staff, pupils = built_in()

    found = [targets.next_deadline(staff.id, day) for day in (date(2026, 10, 10), date(2026, 10, 11), date(2031, 1, 1))]

    assert [each.day if each else None for each in found] == [date(2026, 10, 10), date(2027, 10, 10), None]
    assert targets.next_deadline(pupils.id, date(2026, 1, 1)) is None


def exempt(cast: Cast, programme: Programme, from_day: date, until_day: date | None = None, reason: str = "medical") -> Exemption:
    return exemptions.approve(
        person_id=cast.persons["teacher"].id, programme_id=programme.id, reason=reason, from_day=from_day, until_day=until_day, by=None
    )


def test_ending_an_exemption_adds_a_row_and_keeps_the_old_one(cast: Cast) -> None:
    programme = make_programme(make_version("a").course)
    first = exempt(cast, programme, date(2026, 1, 1))

    second = exemptions.end(first, date(2026, 6, 1), by=None)
    session.refresh(first)

    assert (first.until_day, first.replaced_at is not None) == (None, True)
    assert (second.from_day, second.until_day, second.replaces_id) == (date(2026, 1, 1), date(2026, 6, 1), first.id)
    person_id = cast.persons["teacher"].id
    assert [bool(queries.exempt_programmes(person_id, day)) for day in (date(2026, 5, 31), date(2026, 6, 1))] == [True, False]
    assert session.scalar(select(func.count()).select_from(JournalEntry).where(JournalEntry.ref_id == person_id)) == 2
    assert session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()[-2:] == ["exemption.approved", "exemption.ended"]
    with pytest.raises(exemptions.Replaced):
        exemptions.end(first, date(2026, 7, 1), by=None)


@pytest.mark.parametrize(
    ("from_day", "until_day", "reason", "error"),
    [
        (date(2026, 6, 1), None, "medical", exemptions.AlreadyExempt),
        (date(2025, 1, 1), date(2026, 1, 2), "medical", exemptions.AlreadyExempt),
        (date(2027, 1, 1), date(2027, 1, 1), "medical", exemptions.NotARange),
        (date(2027, 1, 1), None, "tired", exemptions.UnknownReason),
    ],
)
def test_exemptions_that_cannot_be(cast: Cast, from_day: date, until_day: date | None, reason: str, error: type[Exception]) -> None:
    programme = make_programme(make_version("a").course)
    exempt(cast, programme, date(2026, 1, 1), date(2027, 1, 1))

    with pytest.raises(error):
        exempt(cast, programme, from_day, until_day, reason)


def test_exemptions_may_follow_each_other(cast: Cast) -> None:
    programme = make_programme(make_version("a").course)

    for from_day, until_day in (
        (date(2026, 1, 1), date(2026, 6, 1)),
        (date(2026, 6, 1), date(2027, 1, 1)),
        (date(2025, 1, 1), date(2026, 1, 1)),
    ):
        exempt(cast, programme, from_day, until_day)

    assert session.scalar(select(func.count()).select_from(Exemption)) == 3
