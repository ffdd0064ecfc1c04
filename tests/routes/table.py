"""Who may come in where: a line for every route and method, of everybody in the cast.

What a line is about belongs to school_a (in ward_a), to its teacher and its
pupil; so the table reads as "who reaches the teacher's attempt".
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from lms.core import files
from tests.factories_courses import LOCK
from tests.factories_materials import PDF
from tests.routes.stage import (
    DRAFT_OF_MATERIALS,
    DRAFT_OF_TALKS,
    DRAWN_FOR_PUPILS,
    DRAWN_FOR_STAFF,
    MATERIALS_FOR_STAFF,
    TALKS_FOR_STAFF,
    Stage,
)

STRANGER = frozenset({"stranger"})
PUPILS = frozenset({"pupil", "other_pupil", "stranger_pupil"})
# The same roles, at units that have nothing to do with school_a.
ELSEWHERE = frozenset({"stranger_head", "stranger_keeper", "stranger_author", "stranger_officer"})
TEACHERS = frozenset({"teacher", "other_teacher", "neighbour", "stranger_teacher"})
OFFICES = frozenset({"officer", "administrator", "author", "auditor"})
STAFF = TEACHERS | OFFICES | ELSEWHERE | {"head", "keeper"}
SIGNED_IN = STAFF | PUPILS
EVERYBODY = SIGNED_IN | STRANGER

# Those whose role lets them see the people of school_a: its own offices, and those above it.
SEE_PEOPLE_OF_A = frozenset({"head", "keeper", "officer", "administrator", "auditor"})
SEE_PUPILS_OF_A = SEE_PEOPLE_OF_A | {"teacher", "other_teacher"}
BRING_PEOPLE_INTO_A = frozenset({"head", "keeper", "officer", "administrator"})
OPEN_ACCOUNTS_OF_PUPILS_OF_A = frozenset({"head", "keeper", "administrator", "teacher", "other_teacher"})
SEE_COVERAGE_OF_A = frozenset({"head", "officer", "administrator", "auditor"})
REMIND_A = frozenset({"head", "officer", "administrator"})
TEACH_A = frozenset({"teacher", "other_teacher", "head"})
WRITE_QUESTIONS_FOR_A = frozenset({"author", "administrator"})
WRITE_QUESTIONS = WRITE_QUESTIONS_FOR_A | {"stranger_author"}
MARK_STAFF_OF_A = frozenset({"head", "officer", "administrator"})
SEE_STATISTICS = frozenset({"head", "officer", "administrator", "author", "stranger_head", "stranger_officer", "stranger_author"})
MARK_PUPILS_OF_A = frozenset({"head", "teacher", "other_teacher"})
TEACHER_ONLY = frozenset({"teacher"})
GIVE_EXCEPTIONS_TO_STAFF_OF_A = frozenset({"head", "officer", "administrator"})
GIVE_EXCEPTIONS_TO_STAFF = GIVE_EXCEPTIONS_TO_STAFF_OF_A | {"stranger_head", "stranger_officer"}
GIVE_EXCEPTIONS_TO_PUPILS_OF_A = frozenset({"head", "teacher", "other_teacher"})
LOOK_AFTER_QUIZZES = GIVE_EXCEPTIONS_TO_STAFF | WRITE_QUESTIONS | TEACHERS
REVOKE_PASSES_OF_STAFF_OF_A = frozenset({"head", "officer", "administrator"})
REVOKE_PASSES_OF_PUPILS_OF_A = frozenset({"head"})
SEE_PROGRAMMES = SEE_COVERAGE_OF_A | {"stranger_head", "stranger_officer"}
CHANGE_PROGRAMMES = frozenset({"administrator"})
KEEP_THE_LIST_OF_A = frozenset({"head", "keeper", "administrator"})

# Nobody of these has anything to do with school_a; its people must not appear to them anywhere.
OUTSIDERS = STRANGER | ELSEWHERE | {"stranger_teacher", "stranger_pupil"}


def _nothing(_stage: Stage) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Line:
    """One route by one method: who is let in, with which values in the address, and what is sent.

    ``names_people`` says why a page that outsiders may open may show a name.
    """

    method: str
    endpoint: str
    let_in: frozenset[str]
    values: Callable[[Stage], Mapping[str, Any]] = _nothing
    form: Callable[[Stage], Mapping[str, Any]] | None = None
    json: Callable[[Stage], Mapping[str, Any]] | None = None
    names_people: str = ""
    note: str = ""

    def __str__(self) -> str:
        return f"{self.method} {self.endpoint}{f' ({self.note})' if self.note else ''}"


def both(endpoint: str, let_in: frozenset[str], values: Callable[[Stage], Mapping[str, Any]] = _nothing, **more: Any) -> list[Line]:
    """A page and the form on it, open to the same people."""
    return [Line("GET", endpoint, let_in, values, **more), Line("POST", endpoint, let_in, values, form=_nothing, **more)]


def _secret(purpose: str) -> Callable[[Stage], Mapping[str, Any]]:
    return lambda stage: {"secret": stage.secrets[purpose]}


def _question(stage: Stage) -> Mapping[str, Any]:
    return {"question_id": stage.question_id}


def _change(stage: Stage) -> Mapping[str, Any]:
    return {"change_id": stage.planned_change_id}


def _category(stage: Stage) -> Mapping[str, Any]:
    return {"category_id": stage.category_id}


def _empty_category(stage: Stage) -> Mapping[str, Any]:
    return {"category_id": stage.empty_category_id}


def _staff_course(stage: Stage) -> Mapping[str, Any]:
    return {"slug": stage.course_slug}


def _staff_page(stage: Stage) -> Mapping[str, Any]:
    return {"slug": stage.course_slug, "key": stage.page_key}


def _picture(slug: str) -> Mapping[str, Any]:
    return {"slug": slug, "sha256": files.digest(LOCK), "name": "lock.svg"}


def _file(slug: str, name: str = "quy-che.pdf") -> Mapping[str, Any]:
    return {"slug": slug, "sha256": files.digest(PDF), "name": name}


def _material(key: str) -> Callable[[Stage], Mapping[str, Any]]:
    return lambda _stage: {"slug": MATERIALS_FOR_STAFF, "key": key}


def _draft_material(_stage: Stage) -> Mapping[str, Any]:
    return {"slug": DRAFT_OF_MATERIALS, "key": "video"}


def _exemption(stage: Stage) -> Mapping[str, Any]:
    return {"exemption_id": stage.exemption_id}


def _recognition(stage: Stage) -> Mapping[str, Any]:
    return {"recognition_id": stage.recognition_id}


def _talk(key: str, slug: str = TALKS_FOR_STAFF) -> Callable[[Stage], Mapping[str, Any]]:
    return lambda _stage: {"slug": slug, "key": key}


def _contribution(stage: Stage) -> Mapping[str, Any]:
    return {"contribution_id": stage.contribution_id}


def _programme(_stage: Stage) -> Mapping[str, Any]:
    return {"slug": "nhan-su"}


def _meeting(stage: Stage) -> Mapping[str, Any]:
    return {"meeting_id": stage.meeting_id}


def _course_of_teacher(stage: Stage) -> Mapping[str, Any]:
    return {"person_id": stage.teacher_id, "slug": stage.course_slug}


def _course_of_pupil(stage: Stage) -> Mapping[str, Any]:
    return {"person_id": stage.pupil_id, "slug": stage.pupil_course_slug}


def _granted(key: str) -> Callable[[Stage], Mapping[str, Any]]:
    return lambda stage: {"act": "grant", "key": key, "reason": "Đã học ở lớp khác."}


def _pupil_course(stage: Stage) -> Mapping[str, Any]:
    return {"slug": stage.pupil_course_slug}


def _pupil_page(stage: Stage) -> Mapping[str, Any]:
    return {"slug": stage.pupil_course_slug, "key": "bai-1"}


def _attempt(stage: Stage) -> Mapping[str, Any]:
    return {"attempt_id": stage.attempt_id}


def _slot(stage: Stage) -> Mapping[str, Any]:
    return {"attempt_id": stage.attempt_id, "slot": 1}


def _finished(stage: Stage) -> Mapping[str, Any]:
    return {"attempt_id": stage.finished_attempt_id}


def _essay_slot(stage: Stage) -> Mapping[str, Any]:
    return {"attempt_id": stage.file_attempt[0], "slot": stage.file_attempt[1]}


def _file_to_remove(stage: Stage) -> Mapping[str, Any]:
    return {**_essay_slot(stage), "attachment_id": stage.file_attempt[2]}


def _file_of_teacher(stage: Stage) -> Mapping[str, Any]:
    return {"attempt_id": stage.file_attempt[0], "attachment_id": stage.file_attempt[2]}


def _file_of_pupil(stage: Stage) -> Mapping[str, Any]:
    return {"attempt_id": stage.pupil_file_attempt[0], "attachment_id": stage.pupil_file_attempt[2]}


def _of_pupil(stage: Stage) -> Mapping[str, Any]:
    return {"attempt_id": stage.pupil_attempt_id}


def _question_of_quiz(stage: Stage) -> Mapping[str, Any]:
    return {"quiz_id": stage.quiz_id, "question_id": stage.question_id}


def _answer_of_teacher(stage: Stage) -> Mapping[str, Any]:
    return {"response_id": stage.first_response(stage.finished_attempt_id)}


def _answer_of_pupil(stage: Stage) -> Mapping[str, Any]:
    return {"response_id": stage.first_response(stage.pupil_attempt_id)}


def _regrade(stage: Stage) -> Mapping[str, Any]:
    return {"regrade_id": stage.regrade_id}


def _quiz(stage: Stage) -> Mapping[str, Any]:
    return {"quiz_id": stage.quiz_id}


def _first_version(stage: Stage) -> Mapping[str, Any]:
    return {"slug": stage.course_slug, "number": 1}


def _draft_course(stage: Stage) -> Mapping[str, Any]:
    return {"slug": stage.draft_slug}


def _draft_lesson(stage: Stage) -> Mapping[str, Any]:
    return {"slug": stage.draft_slug, "key": stage.draft_key}


def _draft_quiz(stage: Stage) -> Mapping[str, Any]:
    return {"quiz_id": stage.draft_quiz_id}


def _exception_for_teacher(stage: Stage) -> Mapping[str, Any]:
    return {"quiz_id": stage.quiz_id, "kind": "person", "target_id": stage.teacher_id}


def _exception_for_school(stage: Stage) -> Mapping[str, Any]:
    return {"quiz_id": stage.quiz_id, "kind": "unit", "target_id": stage.cast.units["school_a"].id}


def _school(_stage: Stage) -> Mapping[str, Any]:
    return {"code": "school_a"}


def _class(stage: Stage) -> Mapping[str, Any]:
    return {"code": "school_a", "class_id": stage.class_id}


def _teacher(stage: Stage) -> Mapping[str, Any]:
    return {"person_id": stage.teacher_id}


def _pupil(stage: Stage) -> Mapping[str, Any]:
    return {"person_id": stage.pupil_id}


def _pass(name: str) -> Callable[[Stage], Mapping[str, Any]]:
    return lambda stage: {"qualification_id": stage.passes[name]}


def _post(stage: Stage) -> Mapping[str, Any]:
    return {"person_id": stage.teacher_id, "post_id": stage.post_id}


def _planned(stage: Stage) -> Mapping[str, Any]:
    return {"import_id": stage.planned_import_id}


def _second_row(stage: Stage) -> Mapping[str, Any]:
    return {"import_id": stage.planned_import_id, "number": 2}


def _applied(stage: Stage) -> Mapping[str, Any]:
    return {"import_id": stage.applied_import_id}


def _planned_questions(stage: Stage) -> Mapping[str, Any]:
    return {"import_id": stage.planned_questions_id}


def _applied_questions(stage: Stage) -> Mapping[str, Any]:
    return {"import_id": stage.applied_questions_id}


def _class_only(stage: Stage) -> Mapping[str, Any]:
    return {"class_id": stage.class_id}


def _run(stage: Stage) -> Mapping[str, Any]:
    return {"run_id": stage.class_run_id}


def _paper(stage: Stage) -> Mapping[str, Any]:
    return {"paper_id": stage.paper_id}


OF_THE_LINK = "whoever holds the secret link sees whose it is"

ACCOUNTS = [
    *both("accounts.sign_in", EVERYBODY),
    Line("POST", "accounts.sign_out", EVERYBODY),
    Line("POST", "accounts.sign_out_everywhere", SIGNED_IN),
    *both("accounts.set_language", EVERYBODY, lambda stage: {"language": "en"}),
    *both("accounts.change_password", SIGNED_IN),
    *both("accounts.forgot", EVERYBODY),
    *both("accounts.activate", EVERYBODY, _secret("activate"), names_people=OF_THE_LINK),
    *both("accounts.reset", EVERYBODY, _secret("reset"), names_people=OF_THE_LINK),
    *both("accounts.card", EVERYBODY, _secret("card"), names_people=OF_THE_LINK),
    Line("GET", "accounts.class_card", EVERYBODY),
    Line("GET", "accounts.first_time", EVERYBODY),
    Line("GET", "accounts.profile", SIGNED_IN),
]
CERTIFICATES = [
    Line("GET", "certificates.mine", SIGNED_IN),
    Line("GET", "certificates.pdf", SEE_PEOPLE_OF_A | {"teacher"}, lambda stage: {"code": stage.certificate_code}),
    *both("certificates.verify", EVERYBODY),
    Line(
        "GET",
        "certificates.verified",
        EVERYBODY,
        lambda stage: {"code": stage.certificate_code},
        names_people="a certificate that is shown to somebody names its holder",
    ),
]
PROGRAMMES = [
    Line("GET", "programmes.training", SEE_COVERAGE_OF_A | {"teacher"}, _teacher, note="of a teacher"),
    Line("GET", "programmes.training", MARK_PUPILS_OF_A | {"pupil"}, _pupil, note="of a pupil"),
    *both("programmes.revoke", REVOKE_PASSES_OF_STAFF_OF_A, _pass("teacher"), note="of a teacher"),
    *both("programmes.revoke", REVOKE_PASSES_OF_PUPILS_OF_A, _pass("pupil"), note="of a pupil"),
    *both("programmes.restore", REVOKE_PASSES_OF_STAFF_OF_A, _pass("teacher, revoked"), note="of a teacher"),
    *both("programmes.restore", REVOKE_PASSES_OF_PUPILS_OF_A, _pass("pupil, revoked"), note="of a pupil"),
    Line(
        "POST",
        "programmes.revoke",
        REVOKE_PASSES_OF_STAFF_OF_A,
        _pass("teacher"),
        form=lambda stage: {"reason": "Người khác làm bài thay.", "known": "0"},
        note="with a reason",
    ),
    Line("GET", "programme_pages.index", SEE_PROGRAMMES),
    Line("GET", "programme_pages.programme", SEE_PROGRAMMES, _programme),
    Line("POST", "programme_pages.change", CHANGE_PROGRAMMES, _programme, form=lambda stage: {"act": "drop-target 2027-12-31"}),
    *both("programme_pages.new", CHANGE_PROGRAMMES, lambda _stage: {"audience": "staff"}),
    *both("programme_pages.rule", CHANGE_PROGRAMMES, _programme),
    Line("POST", "notifications.read", SIGNED_IN, form=lambda stage: {"newest": "1"}),
]
# Staff take what their pupils learn, too; pupils never what staff learn.
LEARNING = [
    Line("GET", "learning.home", SIGNED_IN),
    Line("GET", "learning.courses", SIGNED_IN),
    Line("GET", "learning.course", STAFF, _staff_course, note="for staff"),
    Line("GET", "learning.course", SIGNED_IN, _pupil_course, note="for pupils"),
    Line("GET", "learning.activity", STAFF, _staff_page, note="for staff"),
    Line("GET", "learning.activity", SIGNED_IN, _pupil_page, note="for pupils"),
    Line("POST", "learning.start", STAFF, _staff_course, note="for staff"),
    Line("POST", "learning.start", SIGNED_IN, _pupil_course, note="for pupils"),
    Line("POST", "learning.done", STAFF, _staff_page, note="for staff"),
    Line("POST", "learning.done", SIGNED_IN, _pupil_page, note="for pupils"),
    Line("POST", "learning.renew", STAFF, _staff_course, note="for staff"),
    Line("POST", "learning.renew", SIGNED_IN, _pupil_course, note="for pupils"),
    Line("POST", "learning.note", STAFF, _staff_page, form=lambda stage: {"what": "viewed"}, note="for staff"),
    Line("POST", "learning.note", SIGNED_IN, _pupil_page, form=lambda stage: {"what": "checks"}, note="for pupils"),
    Line("GET", "standing.courses", SEE_COVERAGE_OF_A | {"teacher"}, _teacher, note="of a teacher"),
    Line("GET", "standing.courses", MARK_PUPILS_OF_A | {"pupil"}, _pupil, note="of a pupil"),
    Line("GET", "standing.course", SEE_COVERAGE_OF_A | {"teacher"}, _course_of_teacher, note="of a teacher"),
    Line("GET", "standing.course", MARK_PUPILS_OF_A | {"pupil"}, _course_of_pupil, note="of a pupil"),
    Line("POST", "standing.decide", GIVE_EXCEPTIONS_TO_STAFF_OF_A, _course_of_teacher, form=_granted("quiz"), note="of a teacher"),
    Line("POST", "standing.decide", GIVE_EXCEPTIONS_TO_PUPILS_OF_A, _course_of_pupil, form=_granted("bai-1"), note="of a pupil"),
    Line("GET", "lessons.picture", STAFF, lambda stage: _picture(DRAWN_FOR_STAFF), note="for staff"),
    Line("GET", "lessons.picture", SIGNED_IN, lambda stage: _picture(DRAWN_FOR_PUPILS), note="for pupils"),
    Line("GET", "lessons.aid", STAFF, lambda stage: {"slug": DRAWN_FOR_STAFF, "key": "a", "number": 1}, note="for staff"),
    Line(
        "GET",
        "lessons.aid",
        SIGNED_IN,
        lambda stage: {"slug": DRAWN_FOR_PUPILS, "key": "a", "number": 1},
        note="for pupils",
    ),
]
HOLD_MEETINGS_OF_A = frozenset({"head", "officer", "administrator"})
HOLD_MEETINGS = HOLD_MEETINGS_OF_A | {"stranger_head", "stranger_officer"}
STAFF_OF_A = frozenset({"head", "keeper", "teacher", "other_teacher"})
MEETINGS = [
    Line("GET", "attendance.index", HOLD_MEETINGS),
    *both("attendance.new", HOLD_MEETINGS),
    Line("GET", "attendance.meeting", HOLD_MEETINGS_OF_A, _meeting),
    Line("POST", "attendance.change", HOLD_MEETINGS_OF_A, _meeting, form=lambda stage: {"act": "list"}),
    Line("GET", "attendance.screen", HOLD_MEETINGS_OF_A, _meeting),
    Line("POST", "attendance.present", STAFF_OF_A, _meeting, form=lambda stage: {"code": "AAAAAA"}),
]
SEE_CONFIRMATIONS = frozenset({"head", "officer", "administrator", "stranger_officer", "auditor", "stranger_head"})
MATERIALS = [
    Line("GET", "materials.file", STAFF, lambda stage: _file(MATERIALS_FOR_STAFF)),
    Line("POST", "materials.confirm", STAFF, _material("acknowledgement"), form=lambda stage: {"read": "yes", "seen": files.digest(PDF)}),
    Line("POST", "materials.watched", STAFF, _material("video"), form=lambda stage: {"ranges": "0-5", "at": "5"}),
    Line("GET", "materials.confirmations", SEE_CONFIRMATIONS, _material("acknowledgement")),
    *both("materials_making.files", WRITE_QUESTIONS_FOR_A, _draft_material),
    Line("GET", "materials_making.file", WRITE_QUESTIONS_FOR_A, lambda stage: _file(DRAFT_OF_MATERIALS)),
]
EXCEPT_A = frozenset({"head", "officer", "administrator"})
EXCEPTIONS = [
    Line("GET", "exceptions.index", EXCEPT_A | {"stranger_head", "stranger_officer"}),
    *both("exceptions.exempt", EXCEPT_A, _teacher),
    *both("exceptions.end", EXCEPT_A, _exemption),
    Line("GET", "exceptions.exemption_copy", EXCEPT_A, _exemption),
    *both("exceptions.propose", EXCEPT_A | {"teacher"}, _teacher),
    Line("POST", "exceptions.decide", EXCEPT_A, _recognition, form=lambda stage: {"act": "refuse", "reason": "Thiếu dấu"}),
    Line("GET", "exceptions.recognition_copy", EXCEPT_A | {"teacher"}, _recognition),
]
# Of a course that came with the program, every author moderates.
MODERATE = WRITE_QUESTIONS
TALKS = [
    Line("POST", "surveys.answer", STAFF, _talk("survey"), form=lambda stage: {"item.useful": "4"}),
    Line("GET", "surveys.results", SEE_STATISTICS, _talk("survey")),
    *both("surveys_making.edit", WRITE_QUESTIONS_FOR_A, _talk("survey", DRAFT_OF_TALKS)),
    Line("POST", "discussions.write", STAFF, _talk("discussion"), form=lambda stage: {"text": "Một câu."}),
    Line("POST", "discussions.withdraw", TEACHER_ONLY, _contribution),
    Line("POST", "discussions.report", STAFF, _contribution),
    Line("GET", "discussions.cases", MODERATE),
    Line("POST", "discussions.decide", MODERATE, _contribution, form=lambda stage: {"act": "hide", "reason": "Nêu tên học sinh"}),
    *both("discussions_making.edit", WRITE_QUESTIONS_FOR_A, _talk("discussion", DRAFT_OF_TALKS)),
]
QUIZZES = [
    Line("POST", "quizzes_starting.start", STAFF, lambda stage: {"activity_id": stage.quiz_activity_id}),
    Line("GET", "quizzes.take", TEACHER_ONLY, _attempt),
    Line("GET", "quizzes.take", TEACHER_ONLY, _slot, note="one question"),
    Line("POST", "quizzes.answer", TEACHER_ONLY, _slot, form=lambda stage: {"q1-choice": "a", "q1-sequence": "0"}),
    Line("POST", "quizzes.check", TEACHER_ONLY, _slot, form=lambda stage: {"q1-choice": "a", "q1-sequence": "0"}),
    Line("POST", "quizzes.again", TEACHER_ONLY, _slot),
    Line(
        "POST",
        "quizzes.save",
        TEACHER_ONLY,
        _attempt,
        json=lambda stage: {"slot": 1, "response": {"choice": "a"}, "sequence": 1, "key": "k1"},
    ),
    Line("POST", "quizzes_files.add", TEACHER_ONLY, _essay_slot, form=lambda stage: {"file": (BytesIO(b"%PDF-1.7 moi"), "bai.pdf")}),
    Line("POST", "quizzes_files.remove", TEACHER_ONLY, _file_to_remove),
    Line("GET", "quizzes_files.file", TEACHER_ONLY | MARK_STAFF_OF_A, _file_of_teacher, note="of a teacher"),
    Line("GET", "quizzes_files.file", {"pupil"} | MARK_PUPILS_OF_A, _file_of_pupil, note="of a pupil"),
    Line("GET", "quizzes.summary", TEACHER_ONLY, _attempt),
    Line("POST", "quizzes.finish", TEACHER_ONLY, _attempt),
    Line("GET", "quizzes.result", TEACHER_ONLY, _finished),
    Line("GET", "quizzes.review", TEACHER_ONLY, _finished),
]
SCHOOLS = [
    Line("GET", "schools.staff", SEE_PEOPLE_OF_A, _school),
    Line("GET", "schools.classes_of_unit", SEE_PUPILS_OF_A, _school),
    Line("GET", "schools.school_class", SEE_PUPILS_OF_A, _class),
    Line("GET", "schools.person", SEE_PEOPLE_OF_A | {"teacher"}, _teacher, note="a teacher"),
    Line("GET", "schools.person", SEE_PUPILS_OF_A | {"pupil"}, _pupil, note="a pupil"),
    Line("POST", "schools.new_password", BRING_PEOPLE_INTO_A, _teacher, note="of a teacher"),
    Line("POST", "schools.new_password", OPEN_ACCOUNTS_OF_PUPILS_OF_A, _pupil, note="of a pupil"),
    Line("POST", "schools.end_post", BRING_PEOPLE_INTO_A, _post),
    Line("GET", "schools_manage.history", BRING_PEOPLE_INTO_A, _school),
    *both("schools_manage.new", BRING_PEOPLE_INTO_A, _school),
    Line("GET", "schools_manage.show", BRING_PEOPLE_INTO_A, _planned, note="planned"),
    Line("GET", "schools_manage.show", BRING_PEOPLE_INTO_A, _applied, note="applied"),
    Line("POST", "schools_manage.apply", BRING_PEOPLE_INTO_A, _planned),
    Line(
        "POST",
        "schools_manage.correct",
        BRING_PEOPLE_INTO_A,
        _second_row,
        form=lambda stage: {"field": "birth_date", "value": "01/02/1998"},
    ),
    Line("POST", "schools_manage.cancel", BRING_PEOPLE_INTO_A, _planned),
    Line("POST", "schools_manage.undo", BRING_PEOPLE_INTO_A, _applied),
    Line("POST", "schools_slips.of_staff", BRING_PEOPLE_INTO_A, _school),
    Line("POST", "schools_slips.of_class", OPEN_ACCOUNTS_OF_PUPILS_OF_A | {"officer"}, _class),
    Line("POST", "schools_slips.of_import", BRING_PEOPLE_INTO_A, _applied),
    Line("POST", "schools_slips.of_person", BRING_PEOPLE_INTO_A, _teacher, note="of a teacher"),
    Line("POST", "schools_slips.of_person", OPEN_ACCOUNTS_OF_PUPILS_OF_A, _pupil, note="of a pupil"),
]
REPORTS = [
    Line("GET", "reports.index", SEE_COVERAGE_OF_A | {"stranger_officer", "stranger_head"}),
    Line("GET", "reports.unit", SEE_COVERAGE_OF_A, _school),
    Line("GET", "reports.unit", SEE_COVERAGE_OF_A - {"head"}, lambda stage: {"code": "ward_a"}, note="the ward"),
    Line("GET", "reports.unit_xlsx", SEE_COVERAGE_OF_A, _school),
    Line("GET", "reports.people", SEE_COVERAGE_OF_A, _school),
    Line("GET", "reports.people_csv", SEE_COVERAGE_OF_A, _school),
    Line("GET", "reports.people_xlsx", SEE_COVERAGE_OF_A, _school),
    Line("GET", "reports.remind", REMIND_A, _school),
    Line("POST", "reports.send_reminders", REMIND_A, _school),
]
QUESTIONS = [
    Line("GET", "bank.questions", WRITE_QUESTIONS),
    Line("GET", "bank.question", WRITE_QUESTIONS_FOR_A, _question),
    Line("GET", "bank.history", WRITE_QUESTIONS_FOR_A, _question),
    *both("bank.try", WRITE_QUESTIONS_FOR_A, _question),
    Line("POST", "bank.restore", WRITE_QUESTIONS_FOR_A, _question, form=lambda stage: {"number": 1, "known": stage.question_seal}),
    Line("POST", "bank.set_state", WRITE_QUESTIONS_FOR_A, _question, form=lambda stage: {"state": "draft", "known": stage.question_seal}),
    Line("POST", "bank.delete", WRITE_QUESTIONS_FOR_A, _question),
    Line("GET", "bank_editing.choose_type", WRITE_QUESTIONS),
    *both("bank_editing.new", WRITE_QUESTIONS, lambda stage: {"type_key": "single_choice"}),
    *both("bank_editing.edit", WRITE_QUESTIONS_FOR_A, _question),
    Line("GET", "bank_categories.tree", WRITE_QUESTIONS),
    *both("bank_categories.new", WRITE_QUESTIONS),
    *both("bank_categories.change", WRITE_QUESTIONS_FOR_A, _category),
    Line("POST", "bank_categories.delete", WRITE_QUESTIONS_FOR_A, _empty_category),
    Line("POST", "bank_changes.plan", WRITE_QUESTIONS, form=lambda stage: {"id": stage.question_id, "act": "tag", "to_tag": "x"}),
    Line("GET", "bank_changes.show", WRITE_QUESTIONS_FOR_A, _change),
    Line("POST", "bank_changes.apply", WRITE_QUESTIONS_FOR_A, _change),
    Line("POST", "bank_changes.cancel", WRITE_QUESTIONS_FOR_A, _change),
    Line("POST", "bank_changes.undo", WRITE_QUESTIONS_FOR_A, lambda stage: {"change_id": stage.applied_change_id}),
    Line("GET", "bank_changes.twins", WRITE_QUESTIONS),
    Line("GET", "bank_exports.choose", WRITE_QUESTIONS),
    Line("GET", "bank_exports.file", WRITE_QUESTIONS, lambda stage: {"format": "gift"}),
    Line("GET", "bank_files.file", SIGNED_IN, lambda stage: {"sha256": stage.picture_sha256, "name": "co.png"}),
    *both("bank_imports.new_import", WRITE_QUESTIONS),
    Line("GET", "bank_imports.show_import", WRITE_QUESTIONS_FOR_A, _planned_questions, note="planned"),
    Line("GET", "bank_imports.show_import", WRITE_QUESTIONS_FOR_A, _applied_questions, note="applied"),
    Line("POST", "bank_imports.apply_import", WRITE_QUESTIONS_FOR_A, _planned_questions),
    Line("POST", "bank_imports.cancel_import", WRITE_QUESTIONS_FOR_A, _planned_questions),
    Line("POST", "bank_imports.undo_import", WRITE_QUESTIONS_FOR_A, _applied_questions),
]
MARKING = [
    Line("GET", "quizzes_marking.quizzes", SIGNED_IN - PUPILS - {"keeper", "auditor", "stranger_keeper"}),
    # Figures tell about nobody, so that every author, head and office may see those of a built-in quiz.
    Line("GET", "quizzes_statistics.quiz", SEE_STATISTICS, _quiz),
    Line("POST", "quizzes_statistics.count", SEE_STATISTICS, _quiz),
    *both("quizzes_regrade.new", WRITE_QUESTIONS, _quiz),
    Line("GET", "quizzes_regrade.show", WRITE_QUESTIONS_FOR_A, _regrade),
    Line("POST", "quizzes_regrade.commit", WRITE_QUESTIONS_FOR_A, _regrade),
    Line("POST", "quizzes_regrade.cancel", WRITE_QUESTIONS_FOR_A, _regrade),
    Line("POST", "quizzes_regrade.back", WRITE_QUESTIONS_FOR_A, _regrade),
    # Whoever marks anybody may open the list of a built-in quiz; in it are only the own people.
    Line("GET", "quizzes_marking.attempts", MARK_STAFF_OF_A | {"stranger_head", "stranger_officer"}, _quiz),
    Line("GET", "quizzes_marking.attempts_xlsx", MARK_STAFF_OF_A | {"stranger_head", "stranger_officer"}, _quiz),
    Line("GET", "quizzes_by_hand.waiting", MARK_STAFF_OF_A | {"stranger_head", "stranger_officer"}, _quiz),
    Line("GET", "quizzes_by_hand.next_answer", MARK_STAFF_OF_A | {"stranger_head", "stranger_officer"}, _question_of_quiz),
    *both("quizzes_by_hand.answer", MARK_STAFF_OF_A, _answer_of_teacher, note="of a teacher"),
    *both("quizzes_by_hand.answer", MARK_PUPILS_OF_A, _answer_of_pupil, note="of a pupil"),
    Line("GET", "quizzes_marking.attempt", MARK_STAFF_OF_A, _finished, note="of a teacher"),
    Line("POST", "quizzes_marking.open_attempt", MARK_STAFF_OF_A, _finished, note="of a teacher"),
    Line("GET", "quizzes_marking.attempt", MARK_PUPILS_OF_A, _of_pupil, note="of a pupil"),
    Line("POST", "quizzes_marking.open_attempt", MARK_PUPILS_OF_A, _of_pupil, note="of a pupil"),
]
# Papers of a built-in quiz for pupils: whoever teaches pupils may print them, and types in those of the own school.
TEACH_PUPILS = TEACH_A | {"neighbour", "stranger_teacher", "stranger_head"}
PAPERS = [
    *both("quizzes_paper.index", TEACH_PUPILS, lambda stage: {"quiz_id": stage.class_quiz_row_id}),
    Line("GET", "quizzes_paper.sheet", TEACH_PUPILS, lambda stage: {"paper_id": stage.paper_id, "code": "A"}),
    Line("GET", "quizzes_paper.key", TEACH_PUPILS, _paper),
    *both("quizzes_paper.sheets", TEACH_A, lambda stage: {"paper_id": stage.paper_id, "group": stage.class_id}),
]
CLASSROOM = [
    Line("GET", "classroom.index", TEACH_A | {"neighbour", "stranger_teacher", "stranger_head"}),
    Line("GET", "classroom.school_class", TEACH_A, _class_only),
    Line("POST", "classroom.begin", TEACH_A, _class_only, form=lambda stage: {"activity_id": stage.class_quiz_id}),
    Line("GET", "classroom.screen", TEACH_A, _run),
    Line("POST", "classroom.press", TEACH_A, _run, form=lambda stage: {"position": 1, "act": "show", "hands.a": 3}),
    Line("GET", "classroom.lesson", TEACH_A, lambda stage: {"run_id": stage.class_run_id, "key": "doc-a"}),
    Line("GET", "classroom.end", TEACH_A, _run),
    Line("POST", "classroom.finish", TEACH_A, _run, form=lambda stage: {"present": stage.pupil_id}),
    Line("POST", "classroom.stop", TEACH_A, _run),
    Line("GET", "classroom.result", TEACH_A, _run),
]
MAKE_QUIZZES = [
    Line("GET", "course_editing.courses", WRITE_QUESTIONS),
    *both("course_editing.new", WRITE_QUESTIONS),
    *both("course_editing.head", WRITE_QUESTIONS_FOR_A, _draft_course),
    *both("course_editing.head", frozenset(), _staff_course, note="built in"),
    *both("course_editing.copy", WRITE_QUESTIONS_FOR_A, _draft_course),
    *both("course_editing.copy", WRITE_QUESTIONS, _staff_course, note="built in"),
    Line("POST", "course_editing.version", WRITE_QUESTIONS_FOR_A, _draft_course, form=_nothing),
    Line("POST", "course_editing.version", frozenset(), _staff_course, form=_nothing, note="built in"),
    *both("course_editing.publish", WRITE_QUESTIONS_FOR_A, _draft_course),
    *both("course_editing.publish", frozenset(), _staff_course, note="built in"),
    Line("GET", "law_changes.index", WRITE_QUESTIONS),
    Line("POST", "law_changes.index", CHANGE_PROGRAMMES, form=lambda stage: {"reference": "x"}),
    Line("POST", "law_changes.withdraw", CHANGE_PROGRAMMES, lambda stage: {"amendment_id": stage.amendment_id}),
    *both("moving.learners", WRITE_QUESTIONS_FOR_A, _draft_course),
    *both("moving.learners", CHANGE_PROGRAMMES, _staff_course, note="built in"),
    *both("course_review.review", WRITE_QUESTIONS_FOR_A, _draft_course),
    Line("GET", "course_sharing.share", WRITE_QUESTIONS_FOR_A, _draft_course),
    Line("GET", "course_sharing.share", WRITE_QUESTIONS, _staff_course, note="built in"),
    Line("POST", "course_sharing.pack", WRITE_QUESTIONS, _first_version, form=_nothing),
    Line("GET", "course_sharing.package", WRITE_QUESTIONS, _first_version),
    *both("course_sharing.new_import", WRITE_QUESTIONS),
    *both("course_sharing.show_import", WRITE_QUESTIONS_FOR_A, lambda stage: {"import_id": stage.planned_package_id}),
    Line("GET", "course_sharing.show_import", WRITE_QUESTIONS_FOR_A, lambda stage: {"import_id": stage.applied_package_id}, note="applied"),
    Line("POST", "course_sharing.cancel_import", WRITE_QUESTIONS_FOR_A, lambda stage: {"import_id": stage.planned_package_id}),
    Line("POST", "course_sharing.undo_import", WRITE_QUESTIONS_FOR_A, lambda stage: {"import_id": stage.applied_package_id}),
    *both("course_editing.discard", WRITE_QUESTIONS_FOR_A, _draft_course),
    *both("course_editing.discard", frozenset(), _staff_course, note="built in"),
    Line("GET", "course_outline.outline", WRITE_QUESTIONS_FOR_A, _draft_course),
    Line("GET", "course_outline.outline", WRITE_QUESTIONS, _staff_course, note="built in"),
    Line("POST", "course_outline.arrange", WRITE_QUESTIONS_FOR_A, _draft_course, form=lambda stage: {"do": "section"}),
    Line("POST", "course_outline.arrange", frozenset(), _staff_course, form=_nothing, note="built in"),
    *both("course_outline.add", WRITE_QUESTIONS_FOR_A, _draft_course),
    *both("course_outline.add", frozenset(), _staff_course, note="built in"),
    *both("course_writing.activity", WRITE_QUESTIONS_FOR_A, _draft_lesson),
    *both("course_writing.activity", frozenset(), _staff_page, note="built in"),
    *both("course_rules.edit", WRITE_QUESTIONS_FOR_A, _draft_lesson),
    *both("course_rules.edit", frozenset(), _staff_page, note="built in"),
    Line("GET", "course_writing.look", WRITE_QUESTIONS_FOR_A, _draft_lesson),
    Line("GET", "course_writing.look", WRITE_QUESTIONS, _staff_page, note="built in"),
    Line("GET", "quiz_editing.quizzes", LOOK_AFTER_QUIZZES),
    Line("GET", "quiz_editing.quizzes", GIVE_EXCEPTIONS_TO_STAFF_OF_A, lambda stage: {"person": stage.teacher_id}, note="for a teacher"),
    Line("GET", "quiz_editing.quizzes", GIVE_EXCEPTIONS_TO_PUPILS_OF_A, lambda stage: {"class": stage.class_id}, note="for a class"),
    Line("GET", "quiz_editing.quiz", GIVE_EXCEPTIONS_TO_STAFF | WRITE_QUESTIONS, _quiz),
    Line("GET", "quiz_editing.quiz", WRITE_QUESTIONS_FOR_A, _draft_quiz, note="a draft"),
    *both("quiz_settings.edit", WRITE_QUESTIONS_FOR_A, _draft_quiz),
    # What is built in comes with the program: its authors may look, and nobody changes it here.
    *both("quiz_settings.edit", frozenset(), _quiz, note="built in"),
    Line("GET", "quiz_slots.listed", WRITE_QUESTIONS_FOR_A, _draft_quiz),
    Line("GET", "quiz_slots.listed", WRITE_QUESTIONS, _quiz, note="built in"),
    Line("POST", "quiz_slots.arrange", WRITE_QUESTIONS_FOR_A, _draft_quiz, form=lambda stage: {"do": "section"}),
    *both("quiz_slots.add", WRITE_QUESTIONS_FOR_A, _draft_quiz),
    *both("quiz_slots.draw", WRITE_QUESTIONS_FOR_A, _draft_quiz),
    Line("GET", "quiz_slots.preview", WRITE_QUESTIONS_FOR_A, _draft_quiz),
    Line("GET", "quiz_slots.preview", WRITE_QUESTIONS, _quiz, note="built in"),
    Line("GET", "quiz_overrides.listed", GIVE_EXCEPTIONS_TO_STAFF, _quiz),
    *both("quiz_overrides.edit", GIVE_EXCEPTIONS_TO_STAFF_OF_A, _exception_for_teacher, note="for a teacher"),
    *both("quiz_overrides.edit", GIVE_EXCEPTIONS_TO_STAFF_OF_A, _exception_for_school, note="for a school"),
    Line("POST", "quiz_overrides.end", GIVE_EXCEPTIONS_TO_STAFF_OF_A, _exception_for_teacher),
    Line("POST", "quiz_overrides.reopen", GIVE_EXCEPTIONS_TO_STAFF_OF_A, _finished, form=lambda stage: {"reason": "Mất điện"}),
    *both("quiz_extra_time.person", KEEP_THE_LIST_OF_A, _teacher, note="of a teacher"),
    *both("quiz_extra_time.person", KEEP_THE_LIST_OF_A, _pupil, note="of a pupil"),
    Line("POST", "quiz_extra_time.end", KEEP_THE_LIST_OF_A, _teacher),
]
LINES = [
    *ACCOUNTS,
    *CERTIFICATES,
    *CLASSROOM,
    *LEARNING,
    *MAKE_QUIZZES,
    *MARKING,
    *MATERIALS,
    *TALKS,
    *EXCEPTIONS,
    *MEETINGS,
    *PAPERS,
    *PROGRAMMES,
    *QUESTIONS,
    *QUIZZES,
    *REPORTS,
    *SCHOOLS,
]

# Files that everybody may fetch; tests/web looks after them.
FILES = {"static", "built"}
