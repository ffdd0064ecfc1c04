"""A version that was made in the browser becomes the folder of a course, and what is read from it is the same course."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import select

from lms.core.db import session
from lms.courses import authoring, catalogue, packages, sources
from lms.courses.catalogue import COURSE_FILE
from lms.courses.drafts import DraftProblems
from lms.courses.editing import drafts, making
from lms.courses.models import Activity, PageText, Version
from lms.quizzes import file_links, putting_together, queries, quiz_settings
from lms.quizzes.bank import reading, storing
from lms.quizzes.content import Texts
from lms.quizzes.models.bank import Question, QuestionVersion
from lms.quizzes.models.quiz import QuizSection, Slot
from lms.quizzes.queries_draws import Draw
from tests.factories import make_unit, save
from tests.factories_courses import activity, draft, make_version
from tests.factories_materials import materials_draft
from tests.factories_quizzes import PICTURE, quiz_activity
from tests.factories_quizzes_bank import make_category, make_question
from tests.factories_talks import discussion, survey

pytestmark = pytest.mark.usefixtures("database")


def elsewhere(version: Version) -> Version:
    """The version as another installation gets it: of another name, because the databases are one."""
    found = {path: bytes(data) for path, data in sources.written(version).files.items()}
    said = yaml.safe_load(found[COURSE_FILE])
    said["slug"] = f"{version.course.slug}-khac"
    found[COURSE_FILE] = yaml.safe_dump(said, allow_unicode=True).encode()
    return authoring.import_draft(sources.load(found))


def said_by(version: Version) -> list[Any]:
    """All that a version says, without the ids of its rows and the name of its course."""
    head = [version.title, version.languages, version.grades, version.periods, version.valid_months, version.as_of]
    head += [version.read_aloud, version.needed, version.course.audience, version.course.code]
    head += [{code: text for code, text in texts.items() if text} for texts in (version.summary, version.outcomes)]
    return [*head, [[section.key, section.title, [_activity(each) for each in section.activities]] for section in version.sections]]


def _activity(row: Activity) -> list[Any]:
    said = [row.key, row.kind, row.required, row.minutes, row.title, row.completion, row.available, row.hidden]
    if row.kind != "quiz":
        said.append(row.settings)
    texts = session.scalars(select(PageText).where(PageText.activity_id == row.id).order_by(PageText.language))
    return [*said, [(text.language, text.source) for text in texts], list(_quiz(row))]


def _quiz(row: Activity) -> Iterator[Any]:
    quiz = queries.quiz_of(row.id)
    if quiz is None:
        return
    yield {column.key: getattr(quiz, column.key) for column in type(quiz).__table__.columns if column.key not in ("id", "activity_id")}
    sections = session.scalars(select(QuizSection).where(QuizSection.quiz_id == quiz.id).order_by(QuizSection.number)).all()
    numbers = {each.id: number for number, each in enumerate(sections)}
    yield [(each.headings, each.shuffle) for each in sections]
    slots = putting_together.slots_of(quiz.id)
    fixed, fits = putting_together.fixed_versions(slots), putting_together.fits_of(slots)
    # What counts of pages is where one ends.
    pages = {page: number for number, page in enumerate(sorted({slot.page for slot in slots}))}
    for slot in slots:
        about = [numbers.get(slot.section_id or 0), pages[slot.page], slot.max_mark, slot.after_previous]
        if slot.draw is None:
            yield [*about, slot.version_number is None, _question(fixed[slot.id].id)]
        else:
            yield [*about, Draw.read(slot.draw).tags, sorted(_question(version_id) for version_id in fits[slot.id])]


def _question(version_id: int) -> tuple[str, tuple[str, ...]]:
    found = reading.draft_of(session.get_one(QuestionVersion, version_id))
    return storing.content_hash(found), found.tags


@pytest.mark.parametrize("path", catalogue.built_in(), ids=lambda path: path.name)
def test_a_new_version_of_each_built_in_course_goes_out_and_comes_in_as_the_same(path: Path) -> None:
    version = making.new_version(authoring.publish(authoring.import_draft(catalogue.load(path))), by=1)

    assert said_by(elsewhere(version)) == said_by(version)


def everything() -> Version:
    """A course with each kind of activity, and a quiz of questions that no text format can say, by name and by lot."""
    version = authoring.import_draft(
        draft(
            activity("a", completion=["read", "checks"]),
            activity("b", available={"all": [{"done": "a"}, {"from": "2026-12-01"}]}, hidden=True, required=False),
            survey(),
            discussion(),
            quiz_activity(
                password="mở",
                review={"later": ["marks"]},
                opens_at="2026-12-01T07:00",
                feedback=[
                    {"share": 0.0, "text": {"vi": "Làm lại.", "en": "Again."}},
                    {"share": 0.8, "text": {"vi": "Tốt.", "en": "Good."}},
                ],
                later_delay_minutes=0,
                delay_minutes=5,
            ),
            slug="moi-thu",
            needed=2,
            read_aloud=True,
        )
    )
    quiz = queries.quiz_of(version.sections[-1].activities[-1].id)
    assert quiz is not None
    course_drawer = session.get_one(Question, quiz.slots[0].question_id).category_id
    top = make_category("Ngân hàng chung")
    inner, other = make_category("Trong", top), make_category("Khác")
    for tags in (("mật khẩu",), ("mật khẩu", "lạ"), ()):
        make_question(inner, tags=tags)
    essay = make_question(other, type_key="essay")
    twice = make_question(other, versions=("ready", "ready", "hidden"))
    latest = make_question(other, versions=("ready", "ready"))
    plain = reading.draft_of(reading.latest(latest.id))
    pictured = replace(
        plain, texts=Texts({"vi": {"stem": f'<p><img src="{file_links.link("khóa.png")}" alt="Khóa"></p>'}}), files={"khóa.png": PICTURE}
    )
    (with_file,) = storing.store([pictured], unit_id=None, into=("Khác",))
    section = save(QuizSection(quiz_id=quiz.id, number=1, headings={"vi": "Phần hai", "en": "Part two"}, shuffle=True))
    more: list[dict[str, Any]] = [
        {"page": 5, "question_id": essay.id, "version_number": 1, "max_mark": 2.5},
        {"page": 5, "question_id": twice.id, "version_number": 1, "after_previous": True},
        {"page": 6, "question_id": latest.id, "version_number": None},
        {"page": 6, "question_id": with_file.question_id, "version_number": 1},
        {"page": 7, "draw": Draw(top.id, True, ("mật khẩu",)).write(), "section_id": section.id},
        {"page": 7, "draw": Draw(inner.id, False).write(), "section_id": section.id, "max_mark": 0.5},
        {"page": 8, "draw": Draw(course_drawer).write(), "section_id": section.id},
    ]
    for number, values in enumerate(more, start=5):
        session.add(Slot(quiz_id=quiz.id, number=number, **values))
    for slot in list(quiz.slots)[:1]:
        session.delete(slot)
    session.flush()
    for number, slot in enumerate(session.scalars(select(Slot).where(Slot.quiz_id == quiz.id).order_by(Slot.number)).all(), start=1):
        slot.number = number
        session.flush()
    session.expire_all()
    drafts.note_change(version, "tried", by=1)
    return version


def test_what_no_text_format_can_say_goes_out_and_comes_in_as_the_same() -> None:
    version = everything()

    other = elsewhere(version)

    assert said_by(other) == said_by(version)


def test_documents_and_videos_go_along() -> None:
    version = making.new_version(authoring.publish(authoring.import_draft(materials_draft("document", "acknowledgement", "video"))), by=1)

    other = elsewhere(version)

    assert said_by(other) == said_by(version)
    assert [path for path in sources.files_of(other) if path.startswith("files/")]


def test_what_was_made_in_the_browser_is_known_when_it_comes_in_again() -> None:
    version = everything()
    authoring.publish(version)
    found = packages.files_of("moi-thu")

    assert authoring.import_draft(sources.load(found)) is version
    found["lessons/a.vi.md"] += "\nThêm một câu.\n".encode()
    changed = authoring.import_draft(sources.load(found))
    assert (changed.number, changed.state) == (2, "draft")
    assert packages.files_of("moi-thu", 2) == found


def test_a_draft_that_lacks_something_says_what() -> None:
    unit = make_unit("T1")
    head = making.CourseHead({"vi": "Khóa", "en": "Khóa"}, {"vi": "", "en": ""}, languages=("vi", "en"))
    making.new_course(head, slug="dang-viet", code="DV", audience="staff", unit_id=unit.id, by=1)

    with pytest.raises(DraftProblems):
        packages.files_of("dang-viet", 1)


def test_a_course_that_was_made_otherwise_goes_out_too() -> None:
    make_version("a", slug="khoa")

    assert set(packages.files_of("khoa")) == {COURSE_FILE, "lessons/a.vi.md", "lessons/a.en.md"}


def test_a_version_that_was_changed_since_is_not_passed_off_as_its_files() -> None:
    version = authoring.import_draft(draft("a", slug="thu"))
    kept = packages.files_of("thu", 1)
    version.title = {"vi": "Tên mới", "en": "New name"}
    drafts.note_change(version, "head_changed", by=1)

    now = packages.files_of("thu", 1)

    assert yaml.safe_load(now[COURSE_FILE])["title"]["en"] == "New name"
    assert now.keys() == kept.keys()


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", '{"questions": 1}', '{"questions": [1]}', '{"questions": [{"id": "a"}]}', '{"questions": [{"id": "", "type": "essay", "name": "", "body": {}, "texts": {}}]}']
    + ['{"questions": [{"id": "a", "type": "essay", "name": "\\u0000", "body": {}, "texts": {}}]}', '{"questions": [{"id": "a", "type": "essay", "name": "\\ud800", "body": {}, "texts": {}}]}']
    + ['{"questions": [{"id": "a", "type": "essay", "name": "x", "category": "ab", "body": {}, "texts": {}}]}', '{"questions": [{"id": "a", "type": "essay", "name": "x", "category": ["' + "x" * 201 + '"], "body": {}, "texts": {}}]}']
    + ['{"questions": [' + ",".join(["1"] * 5_001) + "]}"]
    + ['{"questions": [{"id": "a", "type": "gibts", "name": "", "body": {}, "texts": {}}]}', "[" * 100_000],
)  # fmt: skip
def test_a_spoilt_file_of_questions_is_refused_with_its_name(text: str) -> None:
    version = everything()
    found = packages.files_of("moi-thu", version.number) | {"questions/quiz.json": text.encode()}

    with pytest.raises(DraftProblems) as refused:
        sources.load(found)

    assert {each.file for each in refused.value.problems} <= {"questions/quiz.json", COURSE_FILE}
    assert any(each.file == "questions/quiz.json" for each in refused.value.problems)


def test_settings_of_a_quiz_that_are_written_are_read() -> None:
    assert quiz_settings.read({"questions": "questions/quiz.json"}).questions == "questions/quiz.json"
    with pytest.raises(quiz_settings.WrongShape):
        quiz_settings.read({"questions": "../quiz.json"})
