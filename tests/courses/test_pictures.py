"""Pictures of a course: found in its folder, looked through, kept with its version, and given to whoever may read it."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select, update

from lms.core.db import session
from lms.core.files import digest
from lms.courses import authoring, catalogue, pictures
from lms.courses.drafts import DraftProblems
from lms.courses.immutability import Published
from lms.courses.models import CourseFile, PageText
from tests.cast import Cast
from tests.courses.test_catalogue import COURSE, LESSON
from tests.factories_courses import LOCK, make_drawn_version, make_version

SignIn = Callable[[str], FlaskClient]


def picture(kind: str, size: tuple[int, int] = (30, 20)) -> bytes:
    file = BytesIO()
    Image.new("RGB", size).save(file, kind)
    return file.getvalue()


@pytest.fixture
def folder(tmp_path: Path, database: None) -> Path:
    (tmp_path / "lessons").mkdir()
    (tmp_path / "pictures").mkdir()
    (tmp_path / "course.yaml").write_text(COURSE)
    for language in ("vi", "en"):
        (tmp_path / f"lessons/1.{language}.md").write_text(f"{LESSON}\n![Ổ khóa](pictures/lock.svg)\n")
    (tmp_path / "pictures/lock.svg").write_bytes(LOCK)
    return tmp_path


def problems(folder: Path) -> list[str]:
    with pytest.raises(DraftProblems) as found:
        catalogue.load(folder)
    return [f"{each.file}:{each.line}" for each in found.value.problems]


def test_a_picture_that_is_missing_is_named_where_it_is_shown(folder: Path) -> None:
    (folder / "pictures/lock.svg").unlink()

    assert problems(folder) == ["lessons/1.en.md:7", "lessons/1.vi.md:7"]


def test_a_drawing_with_code_is_named_with_its_line(folder: Path) -> None:
    (folder / "pictures/lock.svg").write_bytes(LOCK.replace(b"<rect", b"\n<script/>\n<rect"))

    assert problems(folder) == ["pictures/lock.svg:2"]


@pytest.mark.parametrize(("name", "kind"), [("a.png", "PNG"), ("a.jpg", "JPEG"), ("a.webp", "WEBP")])
def test_photographs_have_their_size(name: str, kind: str) -> None:
    assert pictures.problems(f"pictures/{name}", picture(kind)) == []
    assert pictures._size(picture(kind), name.rpartition(".")[2]) == (30, 20)


def test_webp_without_loss_has_its_size() -> None:
    file = BytesIO()
    Image.new("RGBA", (31, 21)).save(file, "WEBP", lossless=True)

    assert pictures._size(file.getvalue(), "webp") == (31, 21)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.png", picture("JPEG")),
        ("a.jpg", b"<html>"),
        ("a.png", picture("PNG", (pictures.MOST_DOTS + 1, 1))),
        ("a.webp", picture("WEBP")[:18]),
        ("a.jpg", picture("JPEG") + b"x" * pictures.LARGEST),
    ],
)
def test_photographs_are_what_they_say_and_not_too_large(name: str, data: bytes) -> None:
    assert [(each.file, each.line) for each in pictures.problems(f"pictures/{name}", data)] == [(f"pictures/{name}", 1)]


def test_another_picture_is_another_version(folder: Path) -> None:
    first = authoring.import_draft(catalogue.load(folder))
    assert authoring.import_draft(catalogue.load(folder)) is first
    (folder / "pictures/lock.svg").write_bytes(LOCK.replace(b"9", b"8"))

    assert authoring.import_draft(catalogue.load(folder)).number == 2


def test_a_version_keeps_its_files_and_nobody_changes_them(folder: Path) -> None:
    version = authoring.publish(authoring.import_draft(catalogue.load(folder)))

    kept = session.query(CourseFile).filter_by(version_id=version.id).order_by(CourseFile.path).all()
    assert [each.path for each in kept] == ["course.yaml", "lessons/1.en.md", "lessons/1.vi.md", "pictures/lock.svg"]

    kept[3].path = "pictures/other.svg"
    with pytest.raises(Published):
        session.flush()
    session.rollback()


def test_whoever_reads_the_course_gets_its_pictures_and_nothing_runs(cast: Cast, sign_in: SignIn) -> None:
    make_drawn_version("khoa")
    client = sign_in("teacher")
    address = client.get("/courses/khoa/a").text.partition('<img src="')[2].partition('"')[0]

    response = client.get(address)

    assert (response.status_code, response.mimetype, response.data) == (200, "image/svg+xml", LOCK)
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert set(response.headers["Cache-Control"].split(", ")) == {"private", "immutable", "max-age=31536000"}


def test_a_picture_belongs_to_its_course_alone(cast: Cast, sign_in: SignIn) -> None:
    make_drawn_version("khoa")
    make_version("a", slug="khac")
    client = sign_in("teacher")

    assert client.get(f"/courses/khac/pictures/{digest(LOCK)}/lock.svg").status_code == 404
    assert client.get(f"/courses/khoa/pictures/{digest(b'other')}/lock.svg").status_code == 404


def test_a_text_of_the_course_is_no_picture(cast: Cast, sign_in: SignIn) -> None:
    make_version("a", slug="khoa", files={"course.yaml": b"slug: khoa"})

    assert sign_in("teacher").get(f"/courses/khoa/pictures/{digest(b'slug: khoa')}/course.yaml").status_code == 404


def test_an_aid_is_a_page_of_its_own(cast: Cast, sign_in: SignIn) -> None:
    make_drawn_version("khoa")
    client = sign_in("teacher")

    page = client.get("/courses/khoa/a/aid/1").text

    assert "<h1>To pin beside the desk</h1>" in page
    assert 'href="/courses/khoa/a#src-116-2025-qh15"' in page
    assert [client.get(f"/courses/khoa/a/aid/{number}").status_code for number in (0, 2)] == [404, 404]


def test_a_lesson_that_another_program_drew_keeps_its_pictures(cast: Cast, sign_in: SignIn) -> None:
    version = make_drawn_version("khoa", published=False)
    for text in session.query(PageText):
        text.html, text.head = "", {**text.head, "renderer": "old"}
    authoring.publish(version)

    assert f'<img src="/courses/khoa/pictures/{digest(LOCK)}/lock.svg" alt="A lock"' in sign_in("teacher").get("/courses/khoa/a").text


def test_a_lesson_that_would_be_refused_today_stays_as_it_was_drawn(cast: Cast, sign_in: SignIn) -> None:
    make_version("a", slug="khoa")
    # As an older program left it; nothing of ours writes over what is published.
    head = {**session.scalars(select(PageText.head)).first(), "renderer": "old"}  # type: ignore[dict-item]
    session.execute(update(PageText.__table__).values(source="no lesson", head=head))  # type: ignore[arg-type]
    session.expire_all()

    assert "First heading" in sign_in("teacher").get("/courses/khoa/a").text
