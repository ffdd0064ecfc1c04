"""Writing questions in the browser: new ones, changes, pictures, categories, trying out."""

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.core import files
from lms.core.db import session
from lms.quizzes.bank import categories, reading
from lms.quizzes.bank.editors import frame
from lms.quizzes.bank.editors.every import EDITORS
from lms.quizzes.models.bank import Category, Question, QuestionVersion
from tests.cast import Cast
from tests.factories import make_role
from tests.factories_quizzes import PICTURE
from tests.quizzes.test_bank import brought_in
from tests.quizzes.test_views import get, text_of

SignIn = Callable[[str], FlaskClient]

# What an author writes for each type, beside what a new form begins with.
WRITTEN = {
    "single_choice": {"choices.0.text.vi": "Hà Nội", "choices.1.text.vi": "Huế", "choices.1.feedback.vi": "Cố đô."},
    "multiple_choice": {"choices.0.text.vi": "Hai", "choices.1.text.vi": "Bốn", "choices.2.text.vi": "Ba"},
    "true_false": {"right": "false"},
    "short_answer": {"answers.0.pattern": "mật khẩu"},
    "numerical": {"answers.0.of": "value", "answers.0.value": "3,5", "answers.0.tolerance": "0,1"},
    "matching": {f"answers.{n}.text.vi": f"Đáp án {n}" for n in range(3)} | {f"pairs.{n}.text.vi": f"Hỏi {n}" for n in range(3)},
    "ordering": {f"items.{n}.text.vi": f"Bước {n}" for n in range(4)},
    "essay": {"template.vi": "Theo em, "},
    "description": {},
}


@pytest.fixture
def category_id(cast: Cast) -> int:
    made = categories.make(unit_id=cast.units["so"].id, parent=None, name="Kho", by=None).id
    session.commit()
    return made


def form(type_key: str, category_id: int, **more: str) -> dict[str, str]:
    started = frame.start(EDITORS[type_key])
    return (
        started
        | {"stem.vi": "Thủ đô của **Việt Nam** là gì?", "category": str(category_id), "state": "ready", "act": "save"}
        | WRITTEN[type_key]
        | more
    )


def newest() -> QuestionVersion:
    session.expire_all()
    return session.scalars(select(QuestionVersion).order_by(QuestionVersion.id.desc()).limit(1)).one()


def fields_of(page: str) -> dict[str, str]:
    """Return what the form of a page would send, as far as it is hidden or typed in one line."""
    fields = dict(re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', page))
    return {name: value for name, value in fields.items() if name != "csrf_token"}


@pytest.mark.parametrize("type_key", WRITTEN)
def test_every_type_is_written_in_the_browser(cast: Cast, sign_in: SignIn, category_id: int, type_key: str) -> None:
    client = sign_in("author")
    assert client.get(f"/questions/new/{type_key}").status_code == 200

    sent = client.post(f"/questions/new/{type_key}", data=form(type_key, category_id, laws="116/2025/QH15 Đ7", tags="mật khẩu, lớp 6"))

    assert sent.status_code == 302, text_of(sent.get_data(as_text=True))
    version = newest()
    assert (version.type, version.number, version.texts["vi"]["stem"]) == (type_key, 1, "Thủ đô của <strong>Việt Nam</strong> là gì?")
    assert [tag.tag for tag in version.question.tags] == ["law 116/2025/QH15 Đ7", "lớp 6", "mật khẩu"]
    assert "Thủ đô của" in get(client, sent.location)
    assert client.get(f"{sent.location}/edit").status_code == 200
    if type_key != "description":
        assert client.get(f"{sent.location}/try").status_code == 200


def test_a_new_form_says_nothing_of_mistakes_and_a_wrong_one_keeps_what_was_typed(cast: Cast, sign_in: SignIn, category_id: int) -> None:
    client = sign_in("author")
    assert 'class="why"' not in get(client, "/questions/new/single_choice")

    sent = client.post(
        "/questions/new/single_choice", data=form("single_choice", category_id, **{"stem.vi": "", "choices.0.fraction": "mười"})
    )

    page = sent.get_data(as_text=True)
    assert sent.status_code == 422
    assert 'id="stem.vi-why">Hãy viết câu hỏi.' in page
    assert 'value="mười"' in page and "Hà Nội" in page
    assert session.scalars(select(Question)).all() == []


def test_one_more_row_without_script_loses_nothing(cast: Cast, sign_in: SignIn, category_id: int) -> None:
    client = sign_in("author")

    page = client.post("/questions/new/single_choice", data=form("single_choice", category_id, act="add:choices")).get_data(as_text=True)

    assert 'name="choices.4.text.vi"' in page and ">Hà Nội</textarea>" in page
    assert session.scalars(select(Question)).all() == []


def test_checking_shows_the_question_and_keeps_nothing(cast: Cast, sign_in: SignIn, category_id: int) -> None:
    page = (
        sign_in("author").post("/questions/new/single_choice", data=form("single_choice", category_id, act="check")).get_data(as_text=True)
    )

    assert "<strong>Việt Nam</strong>" in page and "Đáp án đúng:" in page
    assert session.scalars(select(Question)).all() == []


def test_what_is_not_translated_is_marked(cast: Cast, sign_in: SignIn, category_id: int) -> None:
    page = (
        sign_in("author").post("/questions/new/single_choice", data=form("single_choice", category_id, act="check")).get_data(as_text=True)
    )

    assert page.count("chưa dịch") == 4  # the question, two choices, one feedback


def test_two_authors_at_once(cast: Cast, sign_in: SignIn, category_id: int) -> None:
    first, second = sign_in("author"), sign_in("administrator")
    url = first.post("/questions/new/true_false", data=form("true_false", category_id)).location
    known = {each: fields_of(get(each, f"{url}/edit"))["known"] for each in (first, second)}

    assert first.post(f"{url}/edit", data=form("true_false", category_id, known=known[first], **{"stem.vi": "Của một"})).status_code == 302
    refused = second.post(f"{url}/edit", data=form("true_false", category_id, known=known[second], **{"stem.vi": "Của hai"}))

    page = refused.get_data(as_text=True)
    assert refused.status_code == 409
    assert "Của một" in page and ">Của hai</textarea>" in page
    assert newest().texts["vi"]["stem"] == "Của một"

    again = form("true_false", category_id, known=fields_of(page)["known"], **{"stem.vi": "Của hai"})
    assert second.post(f"{url}/edit", data=again).status_code == 302
    assert (newest().number, newest().texts["vi"]["stem"]) == (3, "Của hai")


def test_versions_are_listed_with_what_changed_and_one_goes_back(cast: Cast, sign_in: SignIn, category_id: int) -> None:
    client = sign_in("author")
    url = client.post("/questions/new/true_false", data=form("true_false", category_id)).location
    known = fields_of(get(client, f"{url}/edit"))["known"]
    client.post(f"{url}/edit", data=form("true_false", category_id, known=known, **{"stem.vi": "Khác hẳn"}))

    page = get(client, f"{url}/history")
    assert "<del>Thủ đô của Việt Nam là gì?</del> → <ins>Khác hẳn</ins>" in page
    client.post(f"{url}/restore", data={"number": "1", "known": fields_of(page)["known"]})

    assert (newest().number, newest().texts["vi"]["stem"]) == (3, "Thủ đô của <strong>Việt Nam</strong> là gì?")
    assert client.post(f"{url}/restore", data={"number": "2", "known": "alt"}).status_code == 409


def test_a_question_is_put_out_of_use_brought_back_and_deleted(cast: Cast, sign_in: SignIn, category_id: int) -> None:
    client = sign_in("author")
    url = client.post("/questions/new/true_false", data=form("true_false", category_id)).location

    for state in ("hidden", "ready", "draft"):
        client.post(f"{url}/state", data={"state": state, "known": fields_of(get(client, url))["known"]})
        assert newest().state == state
    assert client.post(f"{url}/state", data={"state": "gone", "known": ""}).status_code == 404
    client.post(f"{url}/delete")
    assert session.scalars(select(Question)).all() == []


def test_a_picture_needs_words_and_then_stands_in_the_question(cast: Cast, sign_in: SignIn, category_id: int) -> None:
    client = sign_in("author")
    data = form("true_false", category_id, act="picture")

    refused = client.post(
        "/questions/new/true_false", data=data | {"file": (BytesIO(PICTURE), "cờ.png")}, content_type="multipart/form-data"
    )
    assert (refused.status_code, "Hãy tả bằng lời" in refused.get_data(as_text=True)) == (422, True)
    taken = client.post(
        "/questions/new/true_false",
        data=data | {"file": (BytesIO(PICTURE), "cờ.png"), "file_said.vi": "lá cờ"},
        content_type="multipart/form-data",
    ).get_data(as_text=True)
    assert '<img src="data:image/png;base64,' in taken
    stem = re.search(r'<textarea[^>]*id="stem.vi"[^>]*>([^<]*)</textarea>', taken)
    assert stem and stem[1].endswith("![lá cờ](@@PLUGINFILE@@/c%E1%BB%9D.png)")

    sent = client.post("/questions/new/true_false", data=data | fields_of(taken) | {"stem.vi": stem[1], "act": "save"})

    assert f'<img src="/questions/files/{files.digest(PICTURE)}/c%E1%BB%9D.png" alt="lá cờ">' in get(client, sent.location)
    # The next version keeps it.
    assert list(reading.draft_of(newest()).files) == ["cờ.png"]


def test_a_program_is_no_picture(cast: Cast, sign_in: SignIn, category_id: int) -> None:
    data = form("true_false", category_id, act="picture", **{"file_said.vi": "x"})

    sent = sign_in("author").post(
        "/questions/new/true_false", data=data | {"file": (BytesIO(b"MZ\x90\x00"), "a.png")}, content_type="multipart/form-data"
    )

    assert (sent.status_code, "Không lưu được loại tệp này." in sent.get_data(as_text=True)) == (422, True)


def test_trying_out_tells_the_grade_and_stores_nothing(cast: Cast, sign_in: SignIn) -> None:
    brought_in(unit_id=cast.units["so"].id)
    session.commit()
    question = session.scalars(select(Question).where(Question.id_number == "q1")).one()
    client = sign_in("author")

    right = client.post(f"/questions/{question.id}/try", data={"q1-choice": "a", "in": "vi"}).get_data(as_text=True)
    wrong = client.post(f"/questions/{question.id}/try", data={"q1-choice": "b", "in": "vi"}).get_data(as_text=True)

    assert "Được 100 % số điểm" in text_of(right).replace("\u00a0", " ") and "Đúng rồi." in right
    assert "Được 0 % số điểm" in text_of(wrong).replace("\u00a0", " ") and "Huế là cố đô." in wrong


def test_categories_in_the_browser(cast: Cast, sign_in: SignIn) -> None:
    client, unit_id = sign_in("author"), str(cast.units["so"].id)

    assert (
        client.post(
            "/questions/categories/new", data={"name": "Mật khẩu", "unit": unit_id, "parent": "", "info": "Về **mật khẩu**"}
        ).status_code
        == 302
    )
    outer = session.scalars(select(Category)).one()
    assert client.post("/questions/categories/new", data={"name": "Lớp 6", "unit": unit_id, "parent": str(outer.id)}).status_code == 302
    assert client.post("/questions/categories/new", data={"name": "Lớp 6", "unit": unit_id, "parent": str(outer.id)}).status_code == 422
    assert client.post(f"/questions/categories/{outer.id}/delete").status_code == 409
    assert (
        client.post(f"/questions/categories/{outer.id}", data={"name": "Mật khẩu mạnh", "unit": unit_id, "parent": ""}).status_code == 302
    )

    page = text_of(get(client, "/questions/categories"))
    assert all(word in page for word in ("Mật khẩu mạnh", "Lớp 6"))


# --- whose bank


def test_the_bank_of_an_office_is_read_below_it_and_written_there_only(cast: Cast, sign_in: SignIn) -> None:
    of_office = categories.make(unit_id=cast.units["so"].id, parent=None, name="Của sở", by=None)
    of_school = categories.make(unit_id=cast.units["school_a"].id, parent=None, name="Của trường", by=None)
    built_in = Category(unit_id=None, parent_id=None, name="Có sẵn trong máy")
    session.add(built_in)
    make_role(cast.accounts["head"], "author", cast.units["school_a"])
    session.commit()
    client = sign_in("head")

    page = text_of(get(client, "/questions/categories"))
    assert all(name in page for name in ("Của sở", "Của trường", "Có sẵn trong máy"))
    answers = {
        category.name: (
            client.get(f"/questions/categories/{category.id}").status_code,
            client.post("/questions/new/true_false", data=form("true_false", category.id)).status_code,
        )
        for category in (of_office, of_school, built_in)
    }
    assert answers == {"Của sở": (403, 422), "Của trường": (200, 302), "Có sẵn trong máy": (403, 422)}


def test_every_type_can_be_chosen(cast: Cast, sign_in: SignIn, category_id: int) -> None:
    page = get(sign_in("author"), "/questions/new")

    assert [key for key in EDITORS if f"/questions/new/{key}" not in page] == []


def test_an_essay_with_a_rubric_and_rules_for_files_is_written_without_script(cast: Cast, sign_in: SignIn, category_id: int) -> None:
    client = sign_in("author")
    page = client.post("/questions/new/essay", data=form("essay", category_id, act="add:rubric")).get_data(as_text=True)
    assert ('name="rubric.0.levels.count" value="2"' in page, 'name="rubric.0.levels.1.points"' in page) == (True, True)

    rubric = {
        "rubric.count": "1",
        "rubric.0.text.vi": "Dấu hiệu",
        "rubric.0.levels.count": "2",
        "rubric.0.levels.0.text.vi": "Chưa nêu",
        "rubric.0.levels.1.text.vi": "Nêu đủ",
        "rubric.0.levels.1.points": "2",
    }
    files_wanted = {
        "editor": "noinline",
        "required": "",
        "attachments": "2",
        "attachments_required": "1",
        "takes_image": "1",
        "largest": "1",
    }
    more = client.post("/questions/new/essay", data=form("essay", category_id, act="add:rubric.0.levels", **rubric)).get_data(as_text=True)
    assert 'name="rubric.0.levels.2.points"' in more
    sent = client.post("/questions/new/essay", data=form("essay", category_id, **rubric, **files_wanted))

    assert sent.status_code == 302, text_of(sent.get_data(as_text=True))
    body = newest().body
    assert [len(each["levels"]) for each in body["rubric"]] == [2]
    assert (body["editor"], body["attachments"], body["attachments_required"]) == ("noinline", 2, 1)
    assert (body["attachment_types"], body["attachment_bytes"], body["show_rubric"]) == ("image", 1_048_576, True)
    again = get(client, f"/questions/{newest().question_id}/edit")
    assert ('name="takes_image" value="1" checked' in again, 'name="rubric.0.levels.1.points" value="2"' in again) == (True, True)
