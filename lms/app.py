"""create_app: the one place that knows every package."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from lms.accounts import accounts as accounts_service
from lms.accounts import identifiers
from lms.accounts import views as accounts
from lms.attendance import rules as attendance_rules
from lms.attendance import views as attendance
from lms.attendance.kind import AttendanceKind
from lms.certificates import views as certificates
from lms.core import config, db, files
from lms.core.i18n import lazy_
from lms.core.jobs import JobKind
from lms.core.later import later
from lms.courses import kinds
from lms.courses.editing import views_courses as course_editing
from lms.courses.editing import views_law as law_changes
from lms.courses.editing import views_outline as course_outline
from lms.courses.editing import views_review as course_review
from lms.courses.editing import views_rules as course_rules
from lms.courses.editing import views_writing as course_writing
from lms.courses.kinds import ActivityKind
from lms.courses.page_kind import PageKind
from lms.courses.sharing import views as course_sharing
from lms.discussions import views as discussions
from lms.discussions import views_making as discussions_making
from lms.discussions.kind import DiscussionKind
from lms.learning import joining, moving, repairing
from lms.learning import views as learning
from lms.learning import views_lessons as lessons
from lms.learning import views_moving as moving_pages
from lms.learning import views_standing as standing
from lms.materials import views as materials
from lms.materials import views_making as materials_making
from lms.materials.kinds import AcknowledgementKind, DocumentKind, VideoKind
from lms.notifications import delivery, on_request
from lms.notifications import views as notifications
from lms.programmes import rules as programme_rules
from lms.programmes import views as programmes
from lms.programmes import views_exceptions as exceptions
from lms.programmes import views_programmes as programme_pages
from lms.quizzes import attaching, attempts, formats, question_types, retiming
from lms.quizzes import views as quizzes
from lms.quizzes import views_files as quizzes_files
from lms.quizzes import views_starting as quizzes_starting
from lms.quizzes.bank import views as bank
from lms.quizzes.bank import views_categories as bank_categories
from lms.quizzes.bank import views_changes as bank_changes
from lms.quizzes.bank import views_editing as bank_editing
from lms.quizzes.bank import views_exports as bank_exports
from lms.quizzes.bank import views_files as bank_files
from lms.quizzes.bank import views_imports as bank_imports
from lms.quizzes.classroom import views as classroom
from lms.quizzes.editing import views_extra_time as quiz_extra_time
from lms.quizzes.editing import views_overrides as quiz_overrides
from lms.quizzes.editing import views_quizzes as quiz_editing
from lms.quizzes.editing import views_settings as quiz_settings_pages
from lms.quizzes.editing import views_slots as quiz_slots
from lms.quizzes.formats import QuestionFormat
from lms.quizzes.kind import QuizKind
from lms.quizzes.marking import regrading
from lms.quizzes.marking import rules as marking_rules
from lms.quizzes.marking import views as quizzes_marking
from lms.quizzes.marking import views_by_hand as quizzes_by_hand
from lms.quizzes.marking import views_regrade as quizzes_regrade
from lms.quizzes.paper import views as paper
from lms.quizzes.statistics import counting as quizzes_counting
from lms.quizzes.statistics import views as quizzes_statistics
from lms.quizzes.types.cloze import Cloze
from lms.quizzes.types.description import Description
from lms.quizzes.types.drag_words import DragWords
from lms.quizzes.types.essay import Essay
from lms.quizzes.types.gap_select import GapSelect
from lms.quizzes.types.hot_spot import HotSpot
from lms.quizzes.types.kind import QuestionType
from lms.quizzes.types.matching import Matching
from lms.quizzes.types.message_inspection import MessageInspection
from lms.quizzes.types.multiple_choice import MultipleChoice
from lms.quizzes.types.numerical import Numerical
from lms.quizzes.types.ordering import Ordering
from lms.quizzes.types.short_answer import ShortAnswer
from lms.quizzes.types.single_choice import SingleChoice
from lms.quizzes.types.true_false import TrueFalse
from lms.reports import coverage
from lms.reports import views as reports
from lms.schools import access, actors, tree
from lms.schools import manage as schools_manage
from lms.schools import views as schools
from lms.schools import views_slips as schools_slips
from lms.surveys import views as surveys
from lms.surveys import views_making as surveys_making
from lms.surveys.kind import SurveyKind
from lms.web import (
    asked,
    assets,
    compress,
    cookies,
    csrf,
    drawn_once,
    errors,
    filters,
    headers,
    language,
    nav,
    pages,
    reading_json,
    signin,
    throttle,
    transactions,
    uploads,
)

BLUEPRINTS: list[Blueprint] = [
    accounts.bp,
    schools.bp,
    schools_manage.bp,
    schools_slips.bp,
    certificates.bp,
    notifications.bp,
    programmes.bp,
    programme_pages.bp,
    exceptions.bp,
    course_editing.bp,
    course_outline.bp,
    course_review.bp,
    law_changes.bp,
    course_rules.bp,
    course_sharing.bp,
    course_writing.bp,
    learning.bp,
    moving_pages.bp,
    standing.bp,
    attendance.bp,
    materials.bp,
    materials_making.bp,
    surveys.bp,
    surveys_making.bp,
    discussions.bp,
    discussions_making.bp,
    lessons.bp,
    quizzes.bp,
    quizzes_files.bp,
    quizzes_starting.bp,
    quizzes_by_hand.bp,
    quizzes_regrade.bp,
    quizzes_statistics.bp,
    classroom.bp,
    paper.bp,
    bank.bp,
    bank_categories.bp,
    bank_changes.bp,
    bank_editing.bp,
    bank_exports.bp,
    bank_files.bp,
    bank_imports.bp,
    quizzes_marking.bp,
    quiz_editing.bp,
    quiz_settings_pages.bp,
    quiz_slots.bp,
    quiz_overrides.bp,
    quiz_extra_time.bp,
    reports.bp,
]
ACTIVITY_KINDS: list[ActivityKind] = [
    PageKind(),
    QuizKind(),
    AttendanceKind(),
    VideoKind(),
    DocumentKind(),
    AcknowledgementKind(),
    SurveyKind(),
    DiscussionKind(),
]
QUESTION_TYPES: list[QuestionType[Any]] = [
    SingleChoice(),
    MultipleChoice(),
    TrueFalse(),
    ShortAnswer(),
    Numerical(),
    Matching(),
    Ordering(),
    HotSpot(),
    MessageInspection(),
    Cloze(),
    GapSelect(),
    DragWords(),
    Essay(),
    Description(),
]
# Files of other systems are brought in once in a while: what reads them is loaded when one comes.
QUESTION_FORMATS: list[QuestionFormat] = [
    QuestionFormat(
        "message_text",
        lazy_("Messages to inspect, as text"),
        (".message",),
        later("lms.interop.message_text.reader:read"),
        later("lms.interop.message_text.reader:fits"),
        later("lms.interop.message_text.writer:write"),
        "text/plain",
    ),
    QuestionFormat(
        "qti3",
        "QTI 3",
        (".zip", ".xml"),
        later("lms.interop.qti.reader:read"),
        later("lms.interop.qti.reader:fits_3"),
        later("lms.interop.qti.writer:write_3"),
        "application/zip",
    ),
    QuestionFormat(
        "qti2",
        "QTI 2.1, 2.2",
        (".zip", ".xml"),
        later("lms.interop.qti.reader:read"),
        later("lms.interop.qti.reader:fits_2"),
        later("lms.interop.qti.writer:write_2"),
        "application/zip",
    ),
    QuestionFormat("qti12", "QTI 1.2", (".zip", ".xml"), later("lms.interop.qti12.reader:read"), later("lms.interop.qti12.reader:fits")),
    QuestionFormat(
        "moodle_xml",
        "Moodle XML",
        (".xml",),
        later("lms.interop.moodle_xml.reader:read"),
        formats.is_xml,
        later("lms.interop.moodle_xml.writer:write"),
        "application/xml",
    ),
    QuestionFormat("aiken", "Aiken", (".txt",), later("lms.interop.aiken.reader:read"), later("lms.interop.aiken.reader:fits")),
    QuestionFormat(
        "missingword",
        lazy_("Missing word (Moodle)"),
        (".txt",),
        later("lms.interop.missing_word.reader:read"),
        later("lms.interop.missing_word.reader:fits"),
    ),
    QuestionFormat(
        "cloze_text",
        lazy_("Embedded answers (cloze), as text"),
        (".txt",),
        later("lms.interop.cloze_text.reader:read"),
        later("lms.interop.cloze_text.reader:fits"),
        later("lms.interop.cloze_text.writer:write"),
    ),
    QuestionFormat(
        "gift",
        "GIFT",
        (".txt", ".gift"),
        later("lms.interop.gift.reader:read"),
        formats.is_text,
        later("lms.interop.gift.writer:write"),
    ),
]
NAVIGATION: list[nav.Item] = [
    nav.Item(lazy_("What now"), "learning.home", "tasks", when=lambda actor: True),
    nav.Item(lazy_("Courses"), "learning.courses", "book", when=lambda actor: True),
    nav.Item(lazy_("Certificates"), "certificates.mine", "certificate", when=lambda actor: not actor.is_pupil),
    nav.Item(lazy_("Overview"), "reports.index", "chart", when=lambda actor: actor.has_role("head_teacher")),
    nav.Item(
        lazy_("Units"),
        "reports.index",
        "chart",
        when=lambda actor: access.may_anywhere(actor, "see_coverage") and not actor.has_role("head_teacher"),
    ),
    nav.Item(
        lazy_("Personnel"),
        "schools.staff",
        "people",
        when=lambda actor: actor.has_role("head_teacher", "roster_keeper"),
        values=lambda actor: {"code": actor.unit_code},
    ),
    nav.Item(
        lazy_("Pupils"),
        "schools.classes_of_unit",
        "school",
        when=lambda actor: actor.has_role("head_teacher", "roster_keeper", "teacher"),
        values=lambda actor: {"code": actor.unit_code},
    ),
    nav.Item(
        lazy_("Programmes"),
        "programme_pages.index",
        "flag",
        when=lambda actor: programme_rules.may_see_programmes(actor) and not actor.has_role("head_teacher"),
    ),
    nav.Item(lazy_("Meetings"), "attendance.index", "people", when=attendance_rules.holds_some),
    nav.Item(lazy_("Results"), "quizzes_marking.quizzes", "tick", when=marking_rules.may_see_some_results),
    nav.Item(
        lazy_("Teach a class"),
        "classroom.index",
        "people",
        when=lambda actor: access.may_anywhere(actor, "teach_class"),
    ),
    nav.Item(
        lazy_("Make courses"),
        "course_editing.courses",
        "pencil",
        when=lambda actor: access.may_anywhere(actor, "author"),
    ),
    nav.Item(
        lazy_("Questions"),
        "bank.questions",
        "question",
        when=lambda actor: access.may_anywhere(actor, "import_questions"),
    ),
]
# Places that every page names, if their package is there.
LINKS = {
    "account": "accounts.profile",
    "sign_out": "accounts.sign_out",
    "verify": "certificates.verify",
}
JOB_KINDS: list[JobKind] = [
    delivery.KIND,
    on_request.RESET,
    on_request.INVITE,
    repairing.KIND,
    moving.KIND,
    joining.JOB,
    joining.DAILY,
    JobKind(attempts.JOB, attempts.expire, every=timedelta(seconds=30)),
    retiming.JOB,
    JobKind(regrading.JOB, regrading.run),
    JobKind(quizzes_counting.JOB, quizzes_counting.run, every=quizzes_counting.EVERY),
    JobKind(coverage.JOB, coverage.run_fold, every=timedelta(seconds=10)),
    JobKind("core.measure_tables", db.measure_tables, every=timedelta(hours=6)),
    JobKind(files.JOB, files.sweep, every=timedelta(days=1)),
    JobKind(attaching.FORGET_JOB, attaching.forget_removed, every=timedelta(days=1)),
    JobKind("accounts.forget_sessions", accounts_service.forget_ended_sessions, every=timedelta(days=1)),
    JobKind("schools.reach", tree.rebuild_reach_daily, every=timedelta(hours=1)),
]
JOBS = {kind.key: kind for kind in JOB_KINDS}


def create_app(settings: config.Settings | None = None) -> Flask:
    """Build the app from the settings; without any, from those of the environment.

    Raises SettingError when a setting cannot work.
    """
    settings = settings or config.load()
    app = Flask("lms", static_folder="web/static", template_folder="web/templates")
    app.extensions["settings"] = settings
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=settings.max_upload_mb * 1_000_000,
        MAX_FORM_MEMORY_SIZE=2_000_000,
        PERMANENT_SESSION_LIFETIME=accounts_service.LONGEST_SESSION,
        SESSION_COOKIE_NAME="antoanso",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        RATELIMIT_STORAGE_URI=settings.throttle_storage,
        RATELIMIT_ENABLED=settings.throttle_enabled,
    )
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    db.connect(settings.database_url)
    identifiers.configure(settings.secret_key)
    kinds.configure(ACTIVITY_KINDS)
    question_types.configure(QUESTION_TYPES)
    formats.configure(QUESTION_FORMATS)
    delivery.configure(settings)
    # After-request functions run last to first: the transaction ends first, then come cookies and headers.
    compress.install(app)
    headers.install(app, https=settings.secure_cookies)
    pages.install(app, settings.instance)
    drawn_once.install(app)
    assets.install(app)
    cookies.install(app)
    filters.install(app)
    uploads.install(app)
    transactions.install(app)
    signin.install(app, actors.load)
    language.install(app, settings.language)
    asked.install(app)
    reading_json.install(app)
    csrf.install(app)
    throttle.limiter.init_app(app)
    errors.install(app)
    nav.install(app, NAVIGATION, LINKS)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    return app
