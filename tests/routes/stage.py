"""A filled database for tests of every route: the cast, each with something of their own."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, event, func, select

from lms.accounts import links
from lms.accounts.models import Person
from lms.core import clock, db, files, signing
from lms.core.db import session
from lms.core.models import Import
from lms.courses import law_changes
from lms.courses.editing import making as course_making
from lms.courses.models import Activity
from lms.courses.outline import forget
from lms.courses.sharing import bringing, giving
from lms.interop.gift import reader as gift
from lms.programmes import exemptions, recognising, revoking
from lms.programmes.models import Programme, Qualification
from lms.programmes.recognising import Document
from lms.quizzes.bank import categories, changing, editing, importing
from lms.quizzes.bank.changing import Change
from lms.quizzes.marking import regrading
from lms.quizzes.models.attempt import Attempt, Response
from lms.quizzes.models.bank import Question, QuestionFile
from lms.quizzes.paper import papers
from lms.schools import rosters
from lms.schools.models import Post
from tests.attendance.conftest import make_meeting
from tests.cast import Cast, make_cast
from tests.factories import make_account, make_person, make_role
from tests.factories_certificates import make_certificate, make_issuer
from tests.factories_classroom import make_pupils_quiz, make_run
from tests.factories_courses import activity, make_drawn_version, make_enrolment, make_programme, make_version
from tests.factories_files import add, make_file_attempt, slot_of_essay
from tests.factories_marking import make_essay, make_quiz_for_pupils
from tests.factories_materials import PDF, make_materials
from tests.factories_packages import make_package
from tests.factories_quizzes import PICTURE, answer_all, hand_in, make_attempt, make_quiz
from tests.factories_reports import make_qualification
from tests.factories_talks import make_contribution, make_talks
from tests.schools import lists

MATERIALS_FOR_STAFF, DRAFT_OF_MATERIALS = "tai-lieu", "tai-lieu-dang-soan"
TALKS_FOR_STAFF = "trao-doi"
DRAFT_OF_TALKS = "trao-doi-cua-phuong"
DRAWN_FOR_STAFF, DRAWN_FOR_PUPILS = "co-hinh", "co-hinh-hoc-sinh"
WRITING = ("INSERT", "UPDATE", "DELETE", "REPLACE", "CREATE", "DROP", "ALTER", "TRUNCATE", "MERGE")


@dataclass(frozen=True)
class Stage:
    """Whom and what the routes are about; everything here belongs to school_a, and there to teacher and pupil."""

    app: Flask
    connection: Connection
    cast: Cast
    certificate_code: str
    course_slug: str  # for staff, of everybody
    page_key: str
    quiz_id: int
    quiz_activity_id: int
    regrade_id: int  # of that quiz, worked out by the author
    attempt_id: int  # of the teacher, open
    finished_attempt_id: int  # of the teacher
    pupil_course_slug: str
    meeting_id: int  # of school_a, planned
    recognition_id: int  # of the teacher, not decided
    amendment_id: int
    exemption_id: int  # of the teacher, in time to come
    contribution_id: int  # of the teacher, to a course that came with the program
    class_quiz_id: int  # the activity of a quiz for pupils of grade 6
    class_quiz_row_id: int
    class_run_id: int  # of it with the class, open
    paper_id: int  # of it, printed
    pupil_attempt_id: int  # of the pupil, handed in
    file_attempt: tuple[int, int, int]  # of the teacher, open: the attempt, the slot of its essay, a file in it
    pupil_file_attempt: tuple[int, int, int]  # of the pupil, handed in
    secrets: dict[str, str]  # of the teacher's links, by purpose
    post_id: int  # of the teacher
    passes: dict[str, int]  # qualifications of teacher and pupil, in force and taken back
    planned_import_id: int  # of staff of school_a; its second row has a day that does not exist
    applied_import_id: int
    planned_questions_id: int  # an import into the bank of ward_a
    applied_questions_id: int
    question_id: int  # from there
    draft_quiz_id: int  # of a course of ward_a that nobody takes yet
    draft_slug: str  # of that course
    draft_key: str  # of an activity of it
    question_seal: str  # as its page knows it
    category_id: int  # in the bank of ward_a
    empty_category_id: int
    planned_package_id: int  # a course for ward_a
    applied_package_id: int
    planned_change_id: int
    applied_change_id: int
    picture_sha256: str  # of the picture in it

    @property
    def teacher_id(self) -> int:
        return self.cast.persons["teacher"].id

    @property
    def pupil_id(self) -> int:
        return self.cast.persons["pupil"].id

    @property
    def class_id(self) -> int:
        return self.cast.school_class.id

    def first_response(self, attempt_id: int) -> int:
        """Return the id of the answer to the first question of an attempt."""
        return self.connection.execute(select(Response.id).where(Response.attempt_id == attempt_id, Response.slot == 1)).scalar_one()

    def browser(self, role: str) -> FlaskClient:
        """Return a browser in which somebody of the cast is signed in; "stranger" is nobody."""
        client = self.app.test_client()
        if role != "stranger":
            account = self.cast.accounts[role]
            with client.session_transaction() as cookie:
                cookie["_user_id"] = f"{account.id}.{account.session_epoch}"
        return client

    @contextmanager
    def undone(self) -> Iterator[list[str]]:
        """Undo what happens in the block; gives the list of the statements that wrote."""
        written: list[str] = []
        session.remove()

        def watch(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
            if statement.lstrip(" (\n").upper().startswith(WRITING):
                written.append(statement)

        event.listen(self.connection, "before_cursor_execute", watch)
        savepoint = self.connection.begin_nested()
        try:
            yield written
        finally:
            event.remove(self.connection, "before_cursor_execute", watch)
            session.remove()
            savepoint.rollback()


@contextmanager
def staged(app: Flask) -> Iterator[Stage]:
    """Fill the shared database; all of it is rolled back afterwards."""
    engine = db.engine()
    forget()
    with engine.connect() as connection:
        outer = connection.begin()
        session.remove()
        session.configure(bind=connection, join_transaction_mode="create_savepoint")
        try:
            yield _fill(app, connection)
        finally:
            session.remove()
            session.configure(bind=engine, join_transaction_mode="conditional_savepoint")
            outer.rollback()


def _fill(app: Flask, connection: Connection) -> Stage:
    cast = make_cast()
    for role, held, unit in (
        ("stranger_head", "head_teacher", "school_b"),
        ("stranger_keeper", "roster_keeper", "school_b"),
        ("stranger_author", "author", "ward_b"),
    ):
        cast.persons[role] = make_person(f"Quách Thị {held}")
        cast.accounts[role] = make_account(cast.persons[role], role)
        make_role(cast.accounts[role], held, cast.units[unit])
    teacher, pupil, school = cast.persons["teacher"], cast.persons["pupil"], cast.units["school_a"]
    make_issuer(cast.units["so"])
    quiz = make_quiz("doc-1", "doc-2")
    course = session.get_one(Activity, quiz.activity_id).section.version.course
    programme = make_programme(course, slug="nhan-su")
    finished = make_attempt(teacher, quiz)
    answer_all(finished)
    hand_in(finished)
    regrade = regrading.plan(quiz, attempt_ids=[finished.id], by=cast.accounts["author"].id)
    regrading.run({"regrade_id": regrade.id})
    attempt = make_attempt(teacher, quiz)
    for_pupils = make_version("bai-1", "bai-2", audience="pupils", grades=(6, 7, 8, 9))
    make_enrolment(pupil.id, for_pupils)
    meeting = make_meeting(cast, make_version(activity("hop", "attendance")))
    make_drawn_version(DRAWN_FOR_STAFF)
    copy_id = files.keep(PDF)
    recognition = recognising.propose(
        teacher.id,
        programme.id,
        Document("GCN", "Sở", date(2026, 3, 1), file_id=copy_id, file_name="gcn.pdf"),
        by=cast.accounts["teacher"].id,
    )
    exemption = exemptions.approve(
        person_id=teacher.id,
        programme_id=programme.id,
        reason="new",
        from_day=date(2099, 1, 1),
        until_day=None,
        by=None,
        file_id=copy_id,
        file_name="qd.pdf",
    )
    amendment = law_changes.note("116/2025/QH15 Đ7", date(2099, 1, 1), {"vi": "Mới"}, None, by=cast.accounts["administrator"].id)
    contribution = make_contribution(teacher.id, talks := make_talks(slug=TALKS_FOR_STAFF))
    course_making.copy_course(talks, slug=DRAFT_OF_TALKS, code="TD", unit_id=cast.units["ward_a"].id, by=cast.accounts["administrator"].id)
    course_making.copy_course(
        make_materials(slug=MATERIALS_FOR_STAFF),
        slug=DRAFT_OF_MATERIALS,
        code="TL",
        unit_id=cast.units["ward_a"].id,
        by=cast.accounts["administrator"].id,
    )
    make_drawn_version(DRAWN_FOR_PUPILS, audience="pupils", grades=(6, 7, 8, 9))
    class_quiz = make_pupils_quiz("doc-a")
    class_run = make_run(cast.school_class, class_quiz)
    paper = papers.prepare(class_quiz, variants=2, language="vi", by=None)
    pupil_attempt = make_attempt(pupil, make_quiz_for_pupils())
    hand_in(pupil_attempt)
    file_attempt = _with_file(make_file_attempt(teacher))
    pupils_essay = make_quiz_for_pupils(lambda quiz: make_essay(quiz, "bai-luan-cua-em", attachments=1))
    pupil_file_attempt = _with_file(pupil_essay := make_attempt(pupil, pupils_essay))
    hand_in(pupil_essay)
    certificate = make_certificate(teacher)
    passes = {**_passes(teacher, programme), **_passes(pupil, make_programme(for_pupils.course, audience="pupils", certificate=False))}
    account = cast.accounts["teacher"]
    secrets = {
        purpose: links.make(account, purpose, valid=valid)
        for purpose, valid in (("activate", links.ACTIVATE), ("reset", links.RESET), ("card", links.CARD))
    }
    wrong = ["Lò Thị Sai", "31/02/1998", "Nữ", "Giáo viên", "Toán", "GV9003", None]
    planned, applied = (
        rosters.plan(lists.staff([name, "19/06/1998", "Nữ", "Giáo viên", "Toán", code, None], *more), "can-bo.xlsx", school, clock.today())
        for name, code, *more in (("Cao Thị Diễm", "GV9001", wrong), ("Tạ Thị Yến", "GV9002"))
    )
    rosters.apply(applied)
    planned_questions, applied_questions = (_questions(name, cast.units["ward_a"].id) for name in ("r1", "r2"))
    importing.apply(applied_questions, by=None)
    question = session.scalars(select(Question).where(Question.import_id == applied_questions.id)).one()
    session.add(QuestionFile(version_id=question.versions[-1].id, name="co.png", file_id=files.keep(PICTURE)))
    empty = categories.make(unit_id=cast.units["ward_a"].id, parent=None, name="Trống", by=None)
    in_work = make_quiz(published=False)
    draft_activity = session.get_one(Activity, in_work.activity_id)
    draft_activity.section.version.course.owner_unit_id = cast.units["ward_a"].id
    planned_package, applied_package = (
        bringing.plan(make_package(slug), unit_id=cast.units["ward_a"].id, file_name=f"{slug}.zip", by=cast.accounts["administrator"].id)
        for slug in ("goi-mot", "goi-hai")
    )
    bringing.apply(applied_package, slug="goi-hai", compared=False, by=cast.accounts["administrator"].id)
    signing.signer(giving.PURPOSE, app.extensions["settings"].secret_key)
    planned_change, applied_change = (
        changing.plan([question.id], Change("tag", tag), unit_id=cast.units["ward_a"].id, by=None) for tag in ("một", "hai")
    )
    changing.apply(applied_change, by=None)
    session.commit()
    return Stage(
        app=app,
        connection=connection,
        cast=cast,
        certificate_code=certificate.code,
        course_slug=course.slug,
        page_key="doc-1",
        quiz_id=quiz.id,
        draft_quiz_id=in_work.id,
        draft_slug=draft_activity.section.version.course.slug,
        draft_key=draft_activity.key,
        regrade_id=regrade.id,
        quiz_activity_id=quiz.activity_id,
        attempt_id=attempt.id,
        finished_attempt_id=finished.id,
        pupil_course_slug=for_pupils.course.slug,
        meeting_id=meeting.id,
        contribution_id=contribution.id,
        recognition_id=recognition.id,
        exemption_id=exemption.id,
        amendment_id=amendment.id,
        class_quiz_id=class_quiz.activity_id,
        class_quiz_row_id=class_quiz.id,
        class_run_id=class_run.id,
        paper_id=paper.id,
        pupil_attempt_id=pupil_attempt.id,
        file_attempt=file_attempt,
        pupil_file_attempt=pupil_file_attempt,
        secrets=secrets,
        passes=passes,
        post_id=session.scalars(select(Post.id).where(Post.person_id == teacher.id)).one(),
        planned_import_id=planned.id,
        applied_import_id=applied.id,
        planned_questions_id=planned_questions.id,
        applied_questions_id=applied_questions.id,
        question_id=question.id,
        question_seal=editing.seal(question, question.versions[-1]),
        category_id=question.category_id,
        empty_category_id=empty.id,
        planned_package_id=planned_package.id,
        applied_package_id=applied_package.id,
        planned_change_id=planned_change.id,
        applied_change_id=applied_change.id,
        picture_sha256=files.digest(PICTURE),
    )


def _with_file(attempt: Attempt) -> tuple[int, int, int]:
    return attempt.id, slot_of_essay(attempt), add(attempt).file.id


def _passes(person: Person, programme: Programme) -> dict[str, int]:
    name = "teacher" if programme.audience == "staff" else "pupil"
    cycle = session.scalar(select(func.max(Qualification.cycle)).where(Qualification.person_id == person.id)) or 0
    in_force, taken_back = (make_qualification(person, programme, clock.today(), cycle=cycle + number) for number in (1, 2))
    revoking.revoke(taken_back, reason="Người khác làm bài thay.", by=None)
    return {name: in_force.id, f"{name}, revoked": taken_back.id}


def _questions(name: str, unit_id: int) -> Import:
    data = f"// [id:{name}]\n::{name}::Một cộng một? {{=Hai ~Ba}}\n".encode()
    plan = importing.preview(gift.read(data, "vi"), format_key="gift", language="vi", unit_id=unit_id, into=())
    return importing.keep(plan, unit_id=unit_id, file_name=f"{name}.gift", data=data, by=None)
