"""The question bank in the browser and on the command line."""

import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskClient
from sqlalchemy import func, select

from lms.cli.questions import questions
from lms.core.db import session
from lms.core.models import Import
from lms.quizzes.bank import queries, views
from lms.quizzes.models.bank import Question
from tests.cast import Cast
from tests.factories_quizzes import VI, make_cb1
from tests.factories_quizzes_bank import make_category, make_question
from tests.quizzes.test_bank import brought_in
from tests.quizzes.test_views import get, text_of

SignIn = Callable[[str], FlaskClient]
BROKEN = "::a:: Hai chẵn? {TRUE}\n\n::b:: Chọn một {~%50%Hai ~Ba}\n"
CALCULATED = """<?xml version="1.0" encoding="UTF-8"?>
<quiz><question type="calculated"><name><text>Điền</text></name><questiontext format="html"><text>Một cộng một bằng {x}</text></questiontext></question></quiz>
"""


def upload(client: FlaskClient, unit_id: int, data: bytes = VI.encode(), **more: str) -> tuple[int, str]:
    form = {"file": (BytesIO(data), "cau-hoi.txt"), "format": "auto", "language": "vi", "unit": str(unit_id), "category": "Kho"}
    sent = client.post("/questions/import", data=form | more, content_type="multipart/form-data")
    return sent.status_code, sent.location or sent.get_data(as_text=True)


def count() -> int:
    return session.scalar(select(func.count(Question.id))) or 0


def test_an_author_looks_applies_and_undoes(cast: Cast, sign_in: SignIn) -> None:
    unit_id = cast.units["so"].id
    client = sign_in("author")

    status, show = upload(client, unit_id)
    assert (status, count()) == (302, 0)
    preview = text_of(get(client, show))
    assert "Xem trước: chưa có gì thay đổi" in preview
    assert "Dùng được 4 câu hỏi." in preview

    client.post(f"{show}/apply")
    client.post(f"{show}/apply")  # a second click
    assert count() == 4
    assert "Câu hỏi đã vào ngân hàng" in text_of(get(client, show))
    assert "Thủ đô của Việt Nam là gì?" in text_of(get(client, "/questions"))

    client.post(f"{show}/undo")
    assert count() == 0
    assert "đã được hoàn tác" in text_of(get(client, show))


def test_what_is_left_out_is_named(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in("author")

    _status, show = upload(client, cast.units["so"].id, BROKEN.encode())

    preview = text_of(get(client, show))
    assert "1 câu có lỗi sẽ bị bỏ ra." in preview
    assert "Chọn một" not in text_of(get(client, f"{show}?show=new"))


def test_a_type_that_cannot_be_used_is_named(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in("author")

    _status, show = upload(client, cast.units["so"].id, CALCULATED.encode())

    assert "1 câu hỏi loại “calculated” chưa đọc được nên bị bỏ ra." in text_of(get(client, show))


@pytest.mark.parametrize("data", [b"MZ\x90\x00", b"", b"PK\x03\x04" + b"\x00" * 100])
def test_a_file_of_something_else_is_refused_in_words(cast: Cast, sign_in: SignIn, data: bytes) -> None:
    status, page = upload(sign_in("author"), cast.units["so"].id, data)

    assert status == 422
    assert "Đây không phải tệp câu hỏi đọc được." in page or "Hãy chọn một tệp." in page
    assert session.scalars(select(Import)).all() == []


def test_a_plan_can_be_cancelled(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in("author")
    _status, show = upload(client, cast.units["so"].id)

    client.post(f"{show}/cancel")

    assert client.post(f"{show}/apply").status_code == 302
    assert (count(), session.scalars(select(Import.state)).one()) == (0, "cancelled")


def test_only_authors_come_in(cast: Cast, sign_in: SignIn) -> None:
    row_id = brought_in(unit_id=cast.units["so"].id).id
    question_id = session.scalars(select(Question.id)).first()
    session.commit()
    unit_id = cast.units["so"].id
    for person in ("auditor", "officer", "head", "keeper", "teacher", "pupil"):
        client = sign_in(person)
        for path in ("/questions", f"/questions/{question_id}", "/questions/import", f"/questions/imports/{row_id}"):
            assert client.get(path).status_code == 403, (person, path)
        for act in ("apply", "cancel", "undo"):
            assert client.post(f"/questions/imports/{row_id}/{act}").status_code == 403
        assert upload(client, unit_id)[0] == 403
    assert count() == 4


def test_questions_go_only_to_ones_own_units(cast: Cast, sign_in: SignIn) -> None:
    assert upload(sign_in("author"), cast.units["ward_b"].id)[0] == 422
    assert count() == 0


def test_a_question_is_shown_as_its_learners_see_it(cast: Cast, sign_in: SignIn) -> None:
    make_cb1()
    session.commit()
    client = sign_in("author")

    for question_id, id_number in session.execute(select(Question.id, Question.id_number)).all():
        page = get(client, f"/questions/{question_id}")
        assert all(word in page for word in ('lang="vi"', 'lang="en"', id_number))
        # The final quiz draws its questions by lot; only a quiz that names one is told.
        assert id_number.startswith("cb1-q") or "CB1 · Thực hành" in page


@pytest.mark.parametrize(("words", "found"), [("thu do", 1), ("THỦ ĐÔ", 1), ("q3", 1), ("", 4), ("không có gì", 0)])
def test_questions_are_found_without_tone_marks(cast: Cast, sign_in: SignIn, words: str, found: int) -> None:
    brought_in()
    session.commit()

    page = get(sign_in("author"), f"/questions?words={words}")

    assert page.count('scope="row"') == found


# --- the command line


def command(*words: str) -> Result:
    return CliRunner().invoke(questions, list(words))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "cau-hoi.gift"
    path.write_text(VI)
    return path


@pytest.mark.usefixtures("database")
def test_without_apply_the_command_changes_nothing(file: Path) -> None:
    ran = command("import", str(file), "--json")

    said = json.loads(ran.output)
    assert (ran.exit_code, said["questions"], said["titles"], said["applied"]) == (0, 4, ["q1", "q2", "q3", "q4"], False)
    assert said["by_type"] == {"multichoice": 2, "truefalse": 1, "numerical": 1}
    assert (count(), session.scalars(select(Import)).all()) == (0, [])


@pytest.mark.usefixtures("database")
def test_with_apply_it_brings_them_in_once(file: Path) -> None:
    first, second = (json.loads(command("import", str(file), "--apply", "--json").output) for _ in range(2))

    assert (first["fates"], second["fates"], count()) == ({"new": 4}, {"unchanged": 4}, 4)
    assert command("undo", str(second["import"])).exit_code == 0
    assert command("undo", str(first["import"])).exit_code == 0
    assert count() == 0


@pytest.mark.usefixtures("database")
def test_the_bank_of_a_unit_by_its_code(cast: Cast, file: Path) -> None:
    assert command("import", str(file), "--unit", "school_a", "--category", "Kho", "--apply").exit_code == 0
    assert command("import", str(file), "--unit", "nowhere", "--apply").exit_code == 1
    assert session.scalars(select(Import.unit_id)).all() == [cast.units["school_a"].id]


@pytest.mark.usefixtures("database")
def test_a_refused_file_gives_2(tmp_path: Path) -> None:
    path = tmp_path / "x.exe"
    path.write_bytes(b"MZ\x90\x00")

    plain, data = command("import", str(path)), command("import", str(path), "--json")

    assert (plain.exit_code, data.exit_code) == (2, 2)
    assert json.loads(data.output)["errors"] != []


def test_in_a_large_bank_counting_ends_and_the_pages_go_on(cast: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    client = sign_in("author")
    _status, show = upload(client, cast.units["so"].id)
    client.post(f"{show}/apply")
    monkeypatch.setattr(queries, "MOST_COUNTED", 3)
    monkeypatch.setattr(views, "PER_PAGE", 2)

    first, second, behind = (text_of(get(client, f"/questions?page={page}")) for page in (1, 2, 3))

    assert "hơn 3 câu hỏi" in first and "1–2 / 3+" in first
    assert "3–4 / 3+" in second
    assert "Câu 5" not in behind


def test_of_a_question_with_many_versions_the_newest_is_listed_once(cast: Cast, sign_in: SignIn) -> None:
    question = make_question(make_category(unit=cast.units["so"]), versions=("ready",) * 12)

    page = get(sign_in("author"), "/questions")

    assert text_of(page).count("phiên bản 12") == 1
    assert f'href="/questions/{question.id}"' in page
