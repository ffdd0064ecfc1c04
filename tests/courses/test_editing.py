"""Making courses in the browser: drafts that are arranged and written until they are published."""

from typing import Any

import pytest
from sqlalchemy import func, select

from lms.core.db import session
from lms.core.models import AuditEntry
from lms.courses import authoring, outline, publishing
from lms.courses.editing import arranging, layout, making, writing
from lms.courses.editing.arranging import CourseFull, LastSection, NewActivity, SectionNotEmpty
from lms.courses.editing.drafts import ChangedMeanwhile
from lms.courses.editing.layout import Element, Kind
from lms.courses.editing.making import CourseHead, SlugTaken, WrongSlug
from lms.courses.editing.writing import PictureRefused, TooLong, Written
from lms.courses.immutability import Published
from lms.courses.models import Activity, Course, PageText, Version
from lms.quizzes.models.quiz import Quiz, Slot
from tests.cast import Cast
from tests.factories_courses import LESSON, LOCK, make_drawn_version, make_version
from tests.factories_quizzes import make_quiz

HEAD = CourseHead(title={"vi": "An toàn trên mạng"}, summary={"vi": "Tóm tắt"})
BOTH = CourseHead(title={"vi": "An toàn", "en": "Safety"}, summary={"vi": "", "en": ""}, languages=("vi", "en"))


@pytest.fixture
def by(cast: Cast) -> int:
    return cast.accounts["author"].id


@pytest.fixture
def version(cast: Cast, by: int) -> Version:
    return making.new_course(HEAD, slug="an-toan", code="AT1", audience="staff", unit_id=cast.units["ward_a"].id, by=by)


def add(version: Version, title: str, *, by: int, kind: str = "page", section: int = 0) -> Activity:
    new = NewActivity(kind, version.sections[section].id, {"vi": title}, 10)
    return arranging.add_activity(version.id, new, by=by)


def written(source: str = LESSON, **more: Any) -> Written:
    return Written(**({"title": {"vi": "Mở đầu"}, "minutes": 12, "required": True, "sources": {"vi": source}} | more))


def shape(version: Version) -> list[tuple[str, list[str]]]:
    session.expire_all()
    return [(section.key, [activity.key for activity in section.activities]) for section in version.sections]


def test_a_new_course_is_a_draft_with_one_section(version: Version) -> None:
    assert version.state == "draft"
    assert shape(version) == [("s1", [])]


def test_an_address_is_given_once(version: Version, cast: Cast, by: int) -> None:
    with pytest.raises(SlugTaken):
        making.new_course(HEAD, slug="an-toan", code="AT2", audience="staff", unit_id=cast.units["ward_b"].id, by=by)


@pytest.mark.parametrize("slug", ["An-Toan", "an toan", "an_toan", "-an", "", "ă", "a" * 61])
def test_an_address_has_small_letters_and_hyphens(cast: Cast, by: int, slug: str) -> None:
    with pytest.raises(WrongSlug):
        making.new_course(HEAD, slug=slug, code="AT2", audience="staff", unit_id=cast.units["ward_a"].id, by=by)


def test_a_title_suggests_its_address() -> None:
    assert making.suggested_slug("  Đừng bấm: an toàn trên mạng! ") == "dung-bam-an-toan-tren-mang"


def test_lessons_stand_in_the_order_in_which_they_were_added(version: Version, by: int) -> None:
    add(version, "Một", by=by)
    arranging.add_section(version.id, {"vi": "Phần hai"}, by=by)
    add(version, "Ba", by=by, section=1)
    add(version, "Hai", by=by)

    assert shape(version) == [("s1", ["l1", "l3"]), ("s2", ["l2"])]
    assert [step.title["vi"] for step in outline.outline(version.id).steps] == ["Một", "Hai", "Ba"]


def test_what_is_moved_goes_along_into_the_next_section(version: Version, by: int) -> None:
    first, second = add(version, "Một", by=by), add(version, "Hai", by=by)
    arranging.add_section(version.id, {"vi": "Phần hai"}, by=by)
    order = layout.moved(arranging.elements(version), Element(Kind.ACTIVITY, second.id), 1)

    arranging.arrange(version.id, order, {version.sections[0].id: {"vi": "Phần một"}}, by=by)

    assert shape(version) == [("s1", [first.key]), ("s2", [second.key])]
    assert version.sections[0].title == {"vi": "Phần một"}


def test_a_section_is_moved_with_what_stands_in_it(version: Version, by: int) -> None:
    add(version, "Một", by=by)
    arranging.add_section(version.id, {"vi": "Phần hai"}, by=by)
    add(version, "Hai", by=by, section=1)
    order = layout.moved(arranging.elements(version), Element(Kind.SECTION, version.sections[1].id), -1)

    arranging.arrange(version.id, order, {}, by=by)

    assert shape(version) == [("s2", ["l2"]), ("s1", ["l1"])]


def test_a_list_that_is_not_of_this_course_changes_nothing(version: Version, by: int) -> None:
    first = add(version, "Một", by=by)
    seen = arranging.elements(version)
    add(version, "Hai, của người khác", by=by)

    for order in (seen, [*seen, Element(Kind.ACTIVITY, 10_000)], [Element(Kind.ACTIVITY, first.id), *seen[:1]], []):
        with pytest.raises(ChangedMeanwhile):
            arranging.arrange(version.id, order, {}, by=by)


def test_only_an_empty_section_can_be_removed_and_never_the_last(version: Version, by: int) -> None:
    add(version, "Một", by=by)
    with pytest.raises(SectionNotEmpty):
        arranging.remove_section(version.id, version.sections[0].id, by=by)
    arranging.remove_activity(version.id, version.sections[0].activities[0].id, by=by)
    with pytest.raises(LastSection):
        arranging.remove_section(version.id, version.sections[0].id, by=by)
    arranging.add_section(version.id, {"vi": "Hai"}, by=by)

    arranging.remove_section(version.id, version.sections[0].id, by=by)

    assert shape(version) == [("s2", [])]


def test_a_key_is_never_given_twice_in_a_course(version: Version, by: int) -> None:
    add(version, "Một", by=by)
    writing.save(version.id, "l1", written(), known=None, by=by)
    authoring.publish(version)
    following = making.new_version(version, by=by)
    arranging.remove_activity(following.id, following.sections[0].activities[0].id, by=by)

    again = add(following, "Khác", by=by)

    assert again.key == "l2"


def test_a_course_has_an_end(version: Version, by: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arranging, "MOST_ACTIVITIES", 1)
    add(version, "Một", by=by)

    with pytest.raises(CourseFull):
        add(version, "Hai", by=by)


def test_a_lesson_that_is_saved_is_shown_as_it_was_written(version: Version, by: int) -> None:
    add(version, "Một", by=by)

    writing.save(version.id, "l1", written(), known=None, by=by)

    step = outline.outline(version.id).steps[0]
    lesson = outline.lesson(step, "vi")
    assert lesson is not None
    assert (step.title, step.minutes, lesson.lead) == ({"vi": "Mở đầu"}, 12, "Why this matters.")


def test_a_lesson_with_a_mistake_is_kept_and_hinders_publishing(version: Version, by: int) -> None:
    add(version, "Một", by=by)
    wrong = LESSON.replace("- [x] That", "- [ ] That").replace("Đ7.2.g", "Đ999")

    writing.save(version.id, "l1", written(wrong), known=None, by=by)

    assert session.scalar(select(PageText.source)) == wrong
    assert [lack.key for lack in publishing.lacks(version)] == ["l1"]
    with pytest.raises(authoring.NotReady):
        authoring.publish(version)


def test_each_language_of_the_course_needs_its_text(cast: Cast, by: int) -> None:
    version = making.new_course(BOTH, slug="hai-thu-tieng", code="HT", audience="staff", unit_id=cast.units["ward_a"].id, by=by)
    add(version, "Một", by=by)
    writing.save(version.id, "l1", written(sources={"vi": LESSON, "en": ""}), known=None, by=by)

    assert ["English" in lack.reason for lack in publishing.lacks(version)] == [True]

    writing.save(version.id, "l1", written(sources={"vi": LESSON, "en": LESSON}), known=None, by=by)
    assert publishing.lacks(version) == []


def test_who_saw_an_older_text_does_not_write_over_a_newer_one(version: Version, by: int) -> None:
    activity = add(version, "Một", by=by)
    seen = writing.seal(activity)
    writing.save(version.id, "l1", written(), known=seen, by=by)

    with pytest.raises(ChangedMeanwhile):
        writing.save(version.id, "l1", written("khác"), known=seen, by=by)

    assert session.scalar(select(PageText.source)) == LESSON


def test_a_text_without_an_end_is_refused(version: Version, by: int) -> None:
    add(version, "Một", by=by)

    with pytest.raises(TooLong):
        writing.save(version.id, "l1", written("a" * (writing.LONGEST + 1)), known=None, by=by)


def test_a_picture_gets_a_name_that_lessons_can_use(version: Version, by: int) -> None:
    paths = [writing.add_picture(version.id, "Ổ khóa của em.SVG", LOCK, by=by) for _ in range(2)]

    assert paths == ["pictures/o-khoa-cua-em.svg", "pictures/o-khoa-cua-em-1.svg"]
    source = LESSON + f"\n![Ổ khóa]({paths[0]})\n"
    assert writing.look(source, "vi", version, "l1").problems == ()
    assert "<img" in writing.look(source, "vi", version, "l1").drawn.html  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("name", "data"),
    [("a.svg", b"<svg onload='x'/>"), ("a.png", LOCK), ("a.exe", b"MZ"), ("a", LOCK), ("a.svg", b"")],
)
def test_what_is_no_picture_is_refused(version: Version, by: int, name: str, data: bytes) -> None:
    with pytest.raises(PictureRefused):
        writing.add_picture(version.id, name, data, by=by)


def test_a_picture_that_is_not_there_is_told(version: Version) -> None:
    source = LESSON + "\n![Ổ khóa](pictures/khong-co.svg)\n"

    assert ["pictures/khong-co.svg" in each.what for each in writing.look(source, "vi", version, "l1").problems] == [True]


def test_what_is_published_is_not_changed_here_either(version: Version, by: int) -> None:
    add(version, "Một", by=by)
    writing.save(version.id, "l1", written(), known=None, by=by)
    authoring.publish(version)
    order = arranging.elements(version)

    for change in (
        lambda: making.change_head(version.id, BOTH, code="X", by=by),
        lambda: arranging.arrange(version.id, order, {}, by=by),
        lambda: arranging.add_section(version.id, {}, by=by),
        lambda: add(version, "Hai", by=by),
        lambda: arranging.remove_activity(version.id, order[1].id, by=by),
        lambda: writing.save(version.id, "l1", written("khác"), known=None, by=by),
        lambda: writing.add_picture(version.id, "a.svg", LOCK, by=by),
        lambda: making.discard(version.id, by=by),
    ):
        with pytest.raises(Published):
            change()


def test_the_next_version_begins_as_a_copy_and_there_is_one_of_it(version: Version, by: int) -> None:
    add(version, "Một", by=by)
    writing.save(version.id, "l1", written(), known=None, by=by)
    authoring.publish(version)

    following = making.new_version(version, by=by)

    assert making.new_version(version, by=by).id == following.id
    assert (following.number, following.state, shape(following)) == (2, "draft", shape(version))
    assert writing.texts_of(following.sections[0].activities[0]) == {"vi": LESSON}


def test_a_copy_has_its_own_pictures_and_quizzes(cast: Cast, by: int) -> None:
    original = make_drawn_version("co-hinh")

    copy = making.copy_course(original, slug="cua-toi", code="CT", unit_id=cast.units["ward_a"].id, by=by)

    lesson = outline.lesson(outline.outline(copy.id).steps[0], "vi")
    assert lesson is not None
    assert "/courses/cua-toi/pictures/" in "".join(lesson.parts)
    assert "co-hinh" not in "".join(lesson.parts)


def test_a_quiz_is_copied_with_its_sections_and_slots(cast: Cast, by: int) -> None:
    quiz = make_quiz()
    source = session.get_one(Activity, quiz.activity_id).section.version

    copy = making.copy_course(source, slug="chep", code="CH", unit_id=cast.units["ward_a"].id, by=by)

    twin = session.scalars(select(Quiz).join(Activity).where(Activity.version_id == copy.id)).one()
    assert [(slot.number, slot.page, slot.question_id, slot.version_number, slot.draw, slot.max_mark) for slot in twin.slots] == [
        (slot.number, slot.page, slot.question_id, slot.version_number, slot.draw, slot.max_mark) for slot in quiz.slots
    ]
    assert (twin.pass_share, twin.behaviour, twin.review) == (quiz.pass_share, quiz.behaviour, quiz.review)


def test_a_quiz_without_a_question_cannot_be_published(version: Version, by: int) -> None:
    quiz = add(version, "Kiểm tra", by=by, kind="quiz")

    assert quiz.key == "q1"
    assert [lack.key for lack in publishing.lacks(version)] == ["q1"]


def test_a_draft_is_thrown_away_with_all_that_is_in_it(version: Version, by: int) -> None:
    add(version, "Một", by=by)
    add(version, "Kiểm tra", by=by, kind="quiz")
    writing.save(version.id, "l1", written(), known=None, by=by)
    writing.add_picture(version.id, "a.svg", LOCK, by=by)

    making.discard(version.id, by=by)

    assert session.scalar(select(func.count(Course.id)).where(Course.slug == "an-toan")) == 0
    for table in (PageText, Quiz, Slot):
        assert session.scalar(select(func.count()).select_from(table)) == 0


def test_throwing_a_later_draft_away_leaves_what_is_published(by: int) -> None:
    version = make_version("a", slug="con-lai")
    following = making.new_version(version, by=by)

    making.discard(following.id, by=by)

    assert [(each.number, each.state) for each in session.scalars(select(Version)).all()] == [(1, "published")]


def test_every_change_is_written_down(version: Version, by: int) -> None:
    add(version, "Một", by=by)
    writing.save(version.id, "l1", written(), known=None, by=by)

    actions = session.scalars(select(AuditEntry.action).where(AuditEntry.account_id == by).order_by(AuditEntry.id)).all()
    assert list(actions) == ["courses.course.made", "courses.version.activity_added", "courses.version.activity_written"]
