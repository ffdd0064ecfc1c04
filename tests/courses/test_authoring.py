"""Versions: the same text makes none, and what is published stays as it is."""

import pytest
from sqlalchemy import func, select, update

from lms.core.db import session
from lms.courses import authoring, lesson_drawing
from lms.courses import outline as outlines
from lms.courses.immutability import BulkChangeError
from lms.courses.models import Activity, PageText, Section, Version
from tests.factories_courses import activity, draft, make_version


@pytest.fixture(autouse=True)
def kinds(database: None) -> None:
    make_version("a")


def test_the_same_content_makes_no_new_version() -> None:
    first = make_version("a", "b", slug="khoa")
    again = make_version("a", "b", slug="khoa")
    changed = make_version("a", "b", "c", slug="khoa")

    assert (again.id, first.number, changed.number) == (first.id, 1, 2)
    assert session.scalar(select(func.count()).where(Version.course_id == first.course_id)) == 2


def test_sections_activities_and_texts_are_made_in_order() -> None:
    version = make_version("a", "b", "c", "d", slug="khoa")
    outline = outlines.outline(version.id)

    assert [(step.label, step.key, step.number) for step in outline.steps] == [
        ("1.1", "a", 1),
        ("1.2", "b", 2),
        ("1.3", "c", 3),
        ("2", "d", 4),
    ]
    texts = session.scalars(select(PageText).join(Activity).where(Activity.version_id == version.id, Activity.key == "a")).all()
    assert sorted(text.language for text in texts) == ["en", "vi"]
    assert all(text.head["renderer"] == lesson_drawing.RENDERER for text in texts)


def test_the_slug_of_a_course_for_others_is_refused() -> None:
    make_version("a", slug="khoa")

    with pytest.raises(authoring.OtherCourse):
        authoring.import_draft(draft("a", slug="khoa", audience="pupils"))


def changes(version: Version) -> dict[str, object]:
    section = session.scalars(select(Section).where(Section.version_id == version.id)).first()
    step = session.scalars(select(Activity).where(Activity.version_id == version.id)).first()
    assert section is not None
    assert step is not None
    text = session.scalars(select(PageText).where(PageText.activity_id == step.id)).first()
    assert text is not None
    return {
        "title": lambda: setattr(version, "title", {"vi": "khác"}),
        "unpublish": lambda: setattr(version, "published_at", None),
        "section": lambda: setattr(section, "title", {"vi": "khác"}),
        "activity": lambda: setattr(step, "minutes", 99),
        "text": lambda: setattr(text, "html", "khác"),
        "delete text": lambda: session.delete(text),
        "new activity": lambda: session.add(
            Activity(version_id=version.id, section_id=section.id, key="z", position=9, kind="page", minutes=1, title={}, settings={})
        ),
    }


@pytest.mark.parametrize("what", ["title", "unpublish", "section", "activity", "text", "delete text", "new activity"])
def test_a_published_version_cannot_be_changed(what: str) -> None:
    version = make_version("a", slug="khoa")

    changes(version)[what]()  # type: ignore[operator]

    with pytest.raises(authoring.Published):
        session.flush()


def test_a_draft_can_be_changed_and_then_published() -> None:
    version = make_version("a", slug="khoa", published=False)
    changes(version)["text"]()  # type: ignore[operator]
    session.flush()

    authoring.publish(version)
    authoring.publish(version)

    assert version.state == "published"


def test_a_published_version_can_be_retired() -> None:
    assert authoring.retire(make_version("a", slug="khoa")).state == "retired"


def test_course_content_is_not_changed_in_bulk() -> None:
    with pytest.raises(BulkChangeError):
        session.execute(update(Activity).values(minutes=1))


def test_a_text_drawn_by_an_older_program_is_drawn_again() -> None:
    version = make_version(activity("a", text="---\nlead: Mở.\n---\n\nMột.\n"), slug="khoa", published=False)
    text = session.scalars(select(PageText).join(Activity).where(Activity.version_id == version.id)).first()
    assert text is not None
    text.html, text.head = "cũ", {**text.head, "renderer": "cũ"}
    authoring.publish(version)
    outlines.forget()

    lesson = outlines.lesson(outlines.outline(version.id).steps[0], text.language)

    assert lesson is not None
    assert lesson.parts == ("<p>Một.</p>\n",)
