"""Discussions as teachers, pupils, moderators and an author use them."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.core.db import session
from lms.courses.editing import making
from lms.courses.models import Activity, Version
from lms.discussions.models import Contribution, Report
from tests.cast import Cast
from tests.factories_talks import discussion, make_talks

SignIn = Callable[[str], FlaskClient]
PAGE = "/courses/trao-doi/discussion"
EDIT = "/authoring/cua-toi/activities/discussion/discussion"


@pytest.fixture
def version(cast: Cast) -> Version:
    return make_talks(discussion())


def written() -> Contribution:
    return session.scalars(select(Contribution).order_by(Contribution.id.desc()).limit(1)).one()


def test_colleagues_of_other_schools_talk(version: Version, sign_in: SignIn) -> None:
    sign_in("teacher").post(f"{PAGE}/write", data={"text": "Kiểm tra <b>hai</b> nguồn.\n\nRồi mới chia sẻ."})
    first = written().id
    neighbour = sign_in("neighbour")
    page = neighbour.get(PAGE).get_data(as_text=True)
    assert "Kiểm tra &lt;b&gt;hai&lt;/b&gt; nguồn." in page
    assert "Nguyễn Thị Thu Hường" in page
    sent = neighbour.post(f"{PAGE}/write", data={"text": "Lớp tôi cũng vậy.", "thread": first})

    assert sent.location.endswith(f"#said-{first}")
    assert "Lớp tôi cũng vậy." in sign_in("teacher").get(PAGE).get_data(as_text=True)


def test_nothing_written_is_told(version: Version, sign_in: SignIn) -> None:
    sent = sign_in("teacher").post(f"{PAGE}/write", data={"text": " "})

    assert sent.status_code == 422
    assert session.scalars(select(Contribution)).all() == []


def test_pupils_neither_read_nor_write(version: Version, sign_in: SignIn) -> None:
    pupil = sign_in("pupil")

    assert pupil.get(PAGE).status_code in (403, 404)
    assert pupil.post(f"{PAGE}/write", data={"text": "x"}).status_code in (403, 404)


def test_what_is_reported_reaches_the_moderator_who_hides_it(version: Version, sign_in: SignIn) -> None:
    sign_in("teacher").post(f"{PAGE}/write", data={"text": "Em An lớp 7A bị..."})
    made = written().id
    assert sign_in("neighbour").post(f"/contributions/{made}/report").status_code == 302
    moderator = sign_in("author")
    page = moderator.get("/discussions").get_data(as_text=True)
    assert "Em An lớp 7A bị..." in page
    assert "1 lượt báo" in page
    # Who reported it is not told to anybody.
    assert "Hàng Xóm" not in page
    assert moderator.post(f"/contributions/{made}/decide", data={"act": "hide", "reason": ""}).status_code == 302
    assert written().state == "shown"
    moderator.post(f"/contributions/{made}/decide", data={"act": "hide", "reason": "Nêu tên học sinh"})

    assert "Em An" not in sign_in("neighbour").get(PAGE).get_data(as_text=True)
    assert "Nêu tên học sinh" in sign_in("teacher").get(PAGE).get_data(as_text=True)
    assert "Em An" not in sign_in("author").get("/discussions").get_data(as_text=True)
    assert session.scalars(select(Report.settled_at)).one() is not None


def test_only_its_author_takes_it_back(version: Version, sign_in: SignIn) -> None:
    sign_in("teacher").post(f"{PAGE}/write", data={"text": "Một câu."})
    made = written().id

    assert sign_in("author").post(f"/contributions/{made}/withdraw").status_code == 403
    assert sign_in("teacher").post(f"/contributions/{made}/withdraw").status_code == 302
    assert "Một câu." not in sign_in("neighbour").get(PAGE).get_data(as_text=True)


def test_an_author_says_what_it_is_about(cast: Cast, version: Version, sign_in: SignIn) -> None:
    draft = making.copy_course(version, slug="cua-toi", code="CT", unit_id=cast.units["so"].id, by=cast.accounts["author"].id)
    author = sign_in("author")
    assert "xử lý tin giả" in author.get(EDIT).get_data(as_text=True)
    assert author.post(EDIT, data={"prompt_vi": "Câu hỏi mới?", "prompt_en": "", "approve": "y"}).status_code == 302
    row = session.scalars(select(Activity).where(Activity.version_id == draft.id, Activity.key == "discussion")).one()
    assert row.settings == {"prompt": {"vi": "Câu hỏi mới?"}, "approve": True}
    assert author.post(EDIT, data={"prompt_vi": "x" * 1_001}).status_code == 422


def test_an_odd_page_number_is_the_first_page(version: Version, sign_in: SignIn) -> None:
    teacher = sign_in("teacher")

    for asked in ("page=x", "page=-3", "page=99999999999999999999", "answer=x", "page=²"):
        assert teacher.get(f"{PAGE}?{asked}").status_code == 200
