"""Pages around files, as a teacher, a head and an author use them."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from lms.core import files
from lms.core.db import session
from lms.courses.editing import making
from lms.courses.models import Activity, CourseFile, Version
from lms.learning.models import Result
from lms.materials.models import Acknowledgement, Watched
from tests.cast import Cast
from tests.factories_courses import make_version
from tests.factories_materials import CAPTIONS, FILES, FILM, NEWER_PDF, PDF, make_materials, material, mp4

SignIn = Callable[[str], FlaskClient]


def address(path: str, slug: str = "tai-lieu", base: str = "/courses") -> str:
    return f"{base}/{slug}/files/{files.digest(FILES[path])}/{path.removeprefix('files/')}"


@pytest.fixture
def version(cast: Cast) -> Version:
    return make_materials()


@pytest.fixture
def draft(cast: Cast) -> Version:
    """A course of the author's own unit, as a draft."""
    return making.copy_course(make_materials(), slug="cua-toi", code="CT", unit_id=cast.units["so"].id, by=cast.accounts["author"].id)


def states() -> dict[str, str]:
    return {row.activity_key: row.state for row in session.execute(select(Result.activity_key, Result.state))}


def test_a_document_is_got_and_marked_as_read(version: Version, sign_in: SignIn) -> None:
    teacher = sign_in("teacher")
    page = teacher.get("/courses/tai-lieu/document").get_data(as_text=True)
    assert address("files/quy-che.pdf") in page
    got = teacher.get(address("files/quy-che.pdf"))

    assert (got.status_code, got.data, got.mimetype) == (200, PDF, "application/pdf")
    assert got.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in got.headers["Content-Security-Policy"]
    teacher.post("/courses/tai-lieu/document/done")
    assert states() == {"document": "completed"}


def test_a_confirmation_needs_a_tick_and_names_the_edition(version: Version, sign_in: SignIn) -> None:
    teacher, seen = sign_in("teacher"), files.digest(PDF)

    assert teacher.post("/courses/tai-lieu/acknowledgement/confirm", data={"seen": seen}).status_code == 422
    assert teacher.post("/courses/tai-lieu/acknowledgement/confirm", data={"read": "yes", "seen": "x"}).status_code == 409
    assert states() == {}
    assert teacher.post("/courses/tai-lieu/acknowledgement/confirm", data={"read": "yes", "seen": seen}).status_code == 302
    assert states() == {"acknowledgement": "completed"}
    assert "Bạn đã xác nhận bản này" in teacher.get("/courses/tai-lieu/acknowledgement").get_data(as_text=True)
    assert session.scalars(select(Acknowledgement.edition)).all() == ["1"]


def test_heads_list_who_confirmed_and_teachers_do_not(version: Version, sign_in: SignIn) -> None:
    sign_in("teacher").post("/courses/tai-lieu/acknowledgement/confirm", data={"read": "yes", "seen": files.digest(PDF)})
    assert "confirmations" not in sign_in("teacher").get("/courses/tai-lieu/acknowledgement").get_data(as_text=True)
    assert sign_in("teacher").get("/courses/tai-lieu/acknowledgement/confirmations").status_code == 403
    head = sign_in("head")
    assert "/courses/tai-lieu/acknowledgement/confirmations" in head.get("/courses/tai-lieu/acknowledgement").get_data(as_text=True)
    page = head.get("/courses/tai-lieu/acknowledgement/confirmations?words=huong").get_data(as_text=True)

    assert "1 trên 4 người" in page
    assert "Nguyễn Thị Thu Hường" in page
    assert "Đặng Thị Ngọc Ánh" not in page


def test_a_video_comes_in_the_parts_that_a_player_asks_for(cast: Cast, sign_in: SignIn) -> None:
    film = mp4(60, padding=2_500_000)
    make_materials("video", files=FILES | {"files/phim.mp4": film})
    teacher, url = sign_in("teacher"), f"/courses/tai-lieu/files/{files.digest(film)}/phim.mp4"

    begin, later, end = (teacher.get(url, headers={"Range": f"bytes={asked}"}) for asked in ("0-", "2000000-2000009", "-5"))

    assert (begin.status_code, len(begin.data), begin.headers["Content-Range"]) == (206, 1_048_576, f"bytes 0-1048575/{len(film)}")
    assert begin.data == film[:1_048_576]
    assert (later.data, end.data) == (film[2_000_000:2_000_010], film[-5:])
    assert teacher.get(url, headers={"Range": f"bytes={len(film)}-"}).status_code == 416
    assert teacher.get(url).status_code == 206


def test_what_is_watched_is_joined_and_counts(version: Version, sign_in: SignIn) -> None:
    teacher = sign_in("teacher")
    page = teacher.get("/courses/tai-lieu/video").get_data(as_text=True)
    assert address("files/phim.mp4") in page
    assert "Dừng lại &amp; nghĩ." in page
    first = teacher.post("/courses/tai-lieu/video/watched", data={"ranges": "0-30", "at": "30"})
    second = teacher.post("/courses/tai-lieu/video/watched", data={"ranges": "30-60", "at": "60"})

    assert (first.json, second.json) == ({"share": 50, "done": False}, {"share": 100, "done": True})
    assert states() == {"video": "completed"}
    assert 'data-ranges="0.0-60.0"' in teacher.get("/courses/tai-lieu/video").get_data(as_text=True)


@pytest.mark.parametrize(
    "sent", [{"ranges": "x"}, {"ranges": "0-1", "at": "x"}, {"ranges": "0-1", "at": "nan"}, {"ranges": "0-1", "at": "-1"}]
)
def test_a_report_that_is_none_is_refused(version: Version, sign_in: SignIn, sent: dict[str, str]) -> None:
    assert sign_in("teacher").post("/courses/tai-lieu/video/watched", data=sent).status_code == 422
    assert session.scalars(select(Watched)).all() == []


@pytest.mark.parametrize("key", ["document", "acknowledgement", "nothing"])
def test_only_videos_are_watched(version: Version, sign_in: SignIn, key: str) -> None:
    assert sign_in("teacher").post(f"/courses/tai-lieu/{key}/watched", data={"ranges": "0-1"}).status_code == 404


def send(client: FlaskClient, key: str, **data: Any) -> Any:
    """Send a form with files, each given as its bytes and its name."""
    files_too = {name: FileStorage(BytesIO(each[0]), each[1]) if isinstance(each, tuple) else each for name, each in data.items()}
    # The client's own way leaves a temporary file open when what is sent is long.
    boundary, body = encode_multipart(files_too)
    return client.post(f"/authoring/cua-toi/activities/{key}/files", data=body, content_type=f"multipart/form-data; boundary={boundary}")


def row(draft: Version, key: str) -> Activity:
    return session.scalars(select(Activity).where(Activity.version_id == draft.id, Activity.key == key)).one()


def test_an_author_puts_another_document_in_place(draft: Version, sign_in: SignIn) -> None:
    author = sign_in("author")
    assert "quy-che.pdf" in author.get("/authoring/cua-toi/activities/acknowledgement/files").get_data(as_text=True)
    sent = send(author, "acknowledgement", edition="2", **{"files.vi": (NEWER_PDF, "Quy chế MỚI.PDF")})

    assert sent.status_code == 302, sent.get_data(as_text=True)
    assert row(draft, "acknowledgement").settings == {"files": {"vi": "files/quy-che-moi.pdf"}, "edition": "2"}
    got = author.get(f"/authoring/cua-toi/files/{files.digest(NEWER_PDF)}/quy-che-moi.pdf")
    assert got.data == NEWER_PDF
    # The other document still names the former file.
    assert "files/quy-che.pdf" in session.scalars(select(CourseFile.path).where(CourseFile.version_id == draft.id)).all()


def test_a_video_says_itself_how_long_it_runs(draft: Version, sign_in: SignIn) -> None:
    sent = send(
        sign_in("author"),
        "video",
        seconds="",
        need="80",
        **{"files.vi": (mp4(95), "phim 2.mp4"), "captions.vi": (CAPTIONS, "x.vtt"), "out.captions.en": "1"},
    )

    assert sent.status_code == 302
    assert row(draft, "video").settings == {
        "files": {"vi": "files/phim-2.mp4"},
        "captions": {"vi": "files/x.vtt"},
        "seconds": 95,
        "need": 0.8,
    }
    assert "files/phim.mp4" not in session.scalars(select(CourseFile.path).where(CourseFile.version_id == draft.id)).all()


@pytest.mark.parametrize(
    ("key", "name", "data", "said"),
    [
        ("document", "virus.exe", b"MZ\x90", "Không nhận tệp có đuôi .exe."),
        ("document", "anh.pdf", b"MZ\x90", "Nội dung tệp không đúng với đuôi tên."),
        ("document", "phim.mp4", FILM, ""),
        ("video", "phim.mp4", PDF, "Nội dung tệp không đúng với đuôi tên."),
    ],
)
def test_a_wrong_file_is_told_and_nothing_changes(draft: Version, sign_in: SignIn, key: str, name: str, data: bytes, said: str) -> None:
    before = dict(row(draft, key).settings)
    sent = send(sign_in("author"), key, need="90", **{"files.vi": (data, name)})

    assert sent.status_code == 422
    assert said in sent.get_data(as_text=True)
    assert row(draft, key).settings == before


def test_a_large_video_is_taken_from_whoever_is_signed_in(draft: Version, sign_in: SignIn) -> None:
    film = mp4(60, padding=30_000_000)

    assert send(sign_in("author"), "video", need="90", **{"files.vi": (film, "to.mp4")}).status_code == 302
    assert send(sign_in("author"), "document", **{"files.vi": (b"%PDF-" + bytes(22_000_000), "to.pdf")}).status_code == 422
    assert row(draft, "video").settings["files"] == {"vi": "files/to.mp4"}


def test_nobody_else_sends_that_much(draft: Version, client: FlaskClient) -> None:
    assert send(client, "video", **{"files.vi": (mp4(60, padding=30_000_000), "to.mp4")}).status_code == 413


def test_a_published_course_takes_no_files(version: Version, sign_in: SignIn) -> None:
    assert sign_in("administrator").get("/authoring/tai-lieu/activities/video/files").status_code in (403, 404)


def test_a_missing_file_is_said_to_the_learner(cast: Cast, sign_in: SignIn) -> None:
    version = make_version(material("document"), slug="thieu", files=FILES)
    # Past the guard of published content, as a fault of a disk would.
    session.execute(text("DELETE FROM courses_file WHERE version_id = :id"), {"id": version.id})
    session.commit()

    assert "Không thấy tài liệu." in sign_in("teacher").get("/courses/thieu/document").get_data(as_text=True)
