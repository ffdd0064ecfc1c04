"""The pages on which a quiz is made, as an author goes through them."""

import re
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from lms.core.db import session
from lms.courses.models import Activity
from lms.quizzes import putting_together
from lms.quizzes.models.quiz import Quiz, QuizSection
from tests.cast import Cast
from tests.factories import make_unit
from tests.factories_quizzes import make_quiz
from tests.factories_quizzes_bank import make_category, make_question


def own_quiz(cast: Cast, *, published: bool = False) -> int:
    """A quiz of a course of the ward, which the author of the office above writes for."""
    quiz = make_quiz(published=published)
    session.get_one(Activity, quiz.activity_id).section.version.course.owner_unit_id = cast.units["ward_a"].id
    session.commit()
    return quiz.id


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.get_data(as_text=True)))


def as_shown(client: FlaskClient, url: str, form_id: str = "") -> MultiDict[str, str]:
    """What a browser would send of the (named, else the last) form of a page, without pressing a named button."""
    page = client.get(url).get_data(as_text=True)
    forms = re.findall(r"<form[^>]*method=\"post\".*?</form>", page, re.S)
    form = next((each for each in forms if form_id and f'id="{form_id}"' in each), forms[-2] if len(forms) > 1 else forms[-1])
    sent: MultiDict[str, str] = MultiDict()
    for control in re.findall(r"<(?:input[^>]*|select[^>]*>.*?</select|textarea[^>]*>.*?</textarea)>", form, re.S):
        name = re.search(r'name="([^"]+)"', control)
        if not name:
            continue
        if control.startswith("<select"):
            chosen = re.search(r'<option[^>]*selected[^>]*value="([^"]*)"|<option[^>]*value="([^"]*)"[^>]*selected', control)
            first = re.search(r'<option[^>]*value="([^"]*)"', control)
            sent.add(name.group(1), next(g for g in chosen.groups() if g is not None) if chosen else first.group(1) if first else "")
        elif control.startswith("<textarea"):
            sent.add(name.group(1), re.sub(r"^<[^>]*>\s*|</textarea>$", "", control))
        elif 'type="checkbox"' not in control or " checked" in control:
            value = re.search(r'value="([^"]*)"', control)
            sent.add(name.group(1), value.group(1) if value else "")
    return sent


def order(quiz_id: int) -> list[tuple[int, int]]:
    session.expire_all()
    return [(slot.question_id or 0, slot.page) for slot in putting_together.slots_of(quiz_id)]


def test_an_author_finds_the_quiz_and_what_can_be_done_with_it(cast: Cast, sign_in: Any) -> None:
    quiz_id = own_quiz(cast)
    author = sign_in("author")

    assert f"/quizzes/{quiz_id}" in author.get("/quizzes").get_data(as_text=True)
    page = author.get(f"/quizzes/{quiz_id}").get_data(as_text=True)
    assert [f"/quizzes/{quiz_id}/{each}" in page for each in ("questions", "settings", "preview", "exceptions")] == [
        True,
        True,
        True,
        False,
    ]
    assert "/quizzes" in author.get("/questions").get_data(as_text=True)


def test_saving_the_settings_as_they_are_changes_nothing(cast: Cast, sign_in: Any) -> None:
    quiz_id = own_quiz(cast)
    author, url = sign_in("author"), f"/quizzes/{quiz_id}/settings"
    before = {column.key: getattr(session.get_one(Quiz, quiz_id), column.key) for column in Quiz.__table__.columns}

    sent = author.post(url, data=as_shown(author, url), follow_redirects=True)

    session.expire_all()
    assert "Không có gì thay đổi" in text_of(sent)
    assert {column.key: getattr(session.get_one(Quiz, quiz_id), column.key) for column in Quiz.__table__.columns} == before


def test_every_setting_can_be_changed_on_the_page(cast: Cast, sign_in: Any) -> None:
    quiz_id = own_quiz(cast)
    author, url = sign_in("author"), f"/quizzes/{quiz_id}/settings"
    data = as_shown(author, url)
    for name, value in {
        "closes_at": "2026-12-05T17:30",
        "limit_minutes": "20",
        "when_expired": "grace",
        "grace_minutes": "5",
        "grading_method": "average",
        "behaviour": "interactive",
        "navigation": "sequential",
        "pass_percent": "62,5",
        "delay_minutes": "60",
        "later_delay_minutes": "0",
        "shuffle_questions": "y",
        "bands-0-start": "0",
        "bands-0-vi": "Cố lên",
        "bands-1-start": "80",
        "bands-1-vi": "Giỏi",
        "bands-1-en": "Good",
    }.items():
        data[name] = value
    data.setlist("review_just_after", ["answers"])

    assert author.post(url, data=data).status_code == 302

    quiz = session.get_one(Quiz, quiz_id)
    session.refresh(quiz)
    assert (quiz.pass_share, quiz.time_limit_seconds, quiz.grace_seconds, quiz.delay_seconds, quiz.later_delay_seconds) == (
        0.625,
        1200,
        300,
        3600,
        0,
    )
    assert (quiz.when_expired, quiz.grading_method, quiz.behaviour, quiz.navigation, quiz.shuffle_questions) == (
        "grace",
        "average",
        "interactive",
        "sequential",
        True,
    )
    assert quiz.review == {"just_after": ["answers"]}
    assert quiz.feedback == [{"from": 0.0, "texts": {"vi": "Cố lên"}}, {"from": 0.8, "texts": {"vi": "Giỏi", "en": "Good"}}]
    again = as_shown(author, url)
    assert (again["pass_percent"], again["bands-1-vi"], again["bands-1-start"]) == ("62,5", "Giỏi", "80")


def test_what_is_wrong_in_the_settings_is_said_beside_it(cast: Cast, sign_in: Any) -> None:
    quiz_id = own_quiz(cast)
    author, url = sign_in("author"), f"/quizzes/{quiz_id}/settings"
    data = as_shown(author, url)
    data["when_expired"], data["pass_percent"], data["bands-0-vi"] = "grace", "nhiều", "Cố lên"

    came = author.post(url, data=data)

    assert came.status_code == 422
    said = text_of(came)
    assert [
        each in said for each in ("Hãy nhập số phút được nộp thêm", "Hãy nhập một số, ví dụ 7,5", "áp dụng từ bao nhiêu phần trăm")
    ] == [True] * 3


def test_of_a_published_quiz_the_page_offers_only_when_and_how_often(cast: Cast, sign_in: Any) -> None:
    quiz_id = own_quiz(cast, published=True)
    author, url = sign_in("author"), f"/quizzes/{quiz_id}/settings"
    data = as_shown(author, url)
    data["attempts"], data["pass_percent"] = "3", "1"

    author.post(url, data=data)

    quiz = session.get_one(Quiz, quiz_id)
    session.refresh(quiz)
    assert (quiz.attempts_allowed, quiz.pass_share) == (3, 0.8)
    assert "giữ nguyên" in text_of(author.get(f"/quizzes/{quiz_id}/questions"))
    assert 'name="do"' not in author.get(f"/quizzes/{quiz_id}/questions").get_data(as_text=True)


def test_questions_are_looked_for_ticked_and_arranged(cast: Cast, sign_in: Any) -> None:
    quiz_id = own_quiz(cast)
    new = make_question(make_category("Của phường", unit=cast.units["ward_a"])).id
    foreign = make_question(make_category("Nơi khác", unit=cast.units["ward_b"])).id
    session.commit()
    author, url = sign_in("author"), f"/quizzes/{quiz_id}/questions"
    before = order(quiz_id)

    assert f'value="{new}"' in author.get(f"{url}/add?words=dung").get_data(as_text=True)
    author.post(f"{url}/add", data=MultiDict([("question", str(new))]))
    assert order(quiz_id) == [*before, (new, 5)]

    data = as_shown(author, url, "arrange")
    data["do"] = "up slot-" + str(putting_together.slots_of(quiz_id)[-1].id)
    author.post(url, data=data)
    assert [each[0] for each in order(quiz_id)][-1] == new  # above its page break
    data = as_shown(author, url, "arrange")
    data["do"] = "paged 0"
    author.post(url, data=data)
    data = as_shown(author, url, "arrange")
    data["do"] = "up slot-" + str(putting_together.slots_of(quiz_id)[-1].id)
    author.post(url, data=data)
    assert [(each[0] == new, each[1]) for each in order(quiz_id)] == [(False, 1), (False, 1), (False, 1), (True, 1), (False, 1)]

    data = as_shown(author, url, "arrange")
    data["do"] = "section"
    author.post(url, data=data)
    data = as_shown(author, url, "arrange")
    section_id = session.scalars(select(QuizSection.id)).one()
    data[f"heading-{section_id}-vi"] = "Phần hai"
    data["do"] = f"up section-{section_id}"
    author.post(url, data=data)
    session.expire_all()
    last = putting_together.slots_of(quiz_id)[-1]
    assert (last.section_id, last.page, session.scalars(select(QuizSection)).one().headings) == (section_id, 2, {"vi": "Phần hai"})

    assert sign_in("stranger_officer").post(f"{url}/add", data={"question": str(foreign)}).status_code == 403


def test_a_question_of_another_units_bank_cannot_be_added_by_its_number(cast: Cast, sign_in: Any) -> None:
    quiz_id = own_quiz(cast)
    so_author = sign_in("author")
    elsewhere = make_question(make_category("Ngoài", unit=make_unit("far", "so", "Sở khác"))).id
    session.commit()
    before = order(quiz_id)

    so_author.post(f"/quizzes/{quiz_id}/questions/add", data={"question": str(elsewhere)})

    assert order(quiz_id) == before


def test_a_wrong_mark_is_refused_and_said(cast: Cast, sign_in: Any) -> None:
    quiz_id = own_quiz(cast)
    author, url = sign_in("author"), f"/quizzes/{quiz_id}/questions"
    slot_id = putting_together.slots_of(quiz_id)[0].id
    data = as_shown(author, url, "arrange")
    data[f"mark-{slot_id}"] = "nhiều"
    refused = author.post(url, data=data, follow_redirects=True)
    data[f"mark-{slot_id}"] = "2,5"
    author.post(url, data=data)

    session.expire_all()
    assert "không phải là số điểm" in text_of(refused)
    assert putting_together.slots_of(quiz_id)[0].max_mark == 2.5


def test_a_draw_says_how_many_fit_and_refuses_too_many(cast: Cast, sign_in: Any) -> None:
    quiz_id = own_quiz(cast)
    category = make_category("Của phường", unit=cast.units["ward_a"])
    make_question(category, tags=("mật khẩu", "lớp 6"))
    make_question(category, tags=("mật khẩu",))
    session.commit()
    author, url = sign_in("author"), f"/quizzes/{quiz_id}/questions/draw"
    wanted = {"category": str(category.id), "inner": "y", "tags": "mật khẩu", "count": "3", "mark": "0,5"}

    looked = author.post(url, data=wanted | {"do": "look"})
    refused = author.post(url, data=wanted | {"do": "add"})
    added = author.post(url, data=wanted | {"count": "2", "do": "add"})

    assert (looked.status_code, refused.status_code, added.status_code) == (200, 422, 302)
    assert "Có 2 câu phù hợp" in text_of(looked)
    assert "Không đủ câu hỏi phù hợp" in text_of(refused)
    session.expire_all()
    assert [(slot.draw["tags"], slot.max_mark) for slot in putting_together.slots_of(quiz_id) if slot.draw] == [(["mật khẩu"], 0.5)] * 2
    assert "Rút ngẫu nhiên từ “Của phường”" in text_of(author.get(f"/quizzes/{quiz_id}/questions"))


def test_the_preview_shows_every_question_and_keeps_nothing(cast: Cast, sign_in: Any) -> None:
    quiz_id = own_quiz(cast)

    page = text_of(sign_in("author").get(f"/quizzes/{quiz_id}/preview"))

    assert [f"Câu {number}" in page for number in (1, 2, 3, 4)] == [True] * 4
    assert "Thủ đô của Việt Nam là gì?" in page


def test_a_quiz_that_cannot_be_taken_says_so_to_its_author(cast: Cast, sign_in: Any) -> None:
    quiz_id = own_quiz(cast)
    for slot in putting_together.slots_of(quiz_id)[:1]:
        slot.question_id, slot.version_number, slot.draw = None, None, {"category_id": make_category("Trống").id}
    session.commit()
    author = sign_in("author")

    assert "Chưa có câu hỏi cho vị trí 1" in text_of(author.get(f"/quizzes/{quiz_id}/questions"))
    assert "Hiện người học chưa thể bắt đầu bài này" in text_of(author.get(f"/quizzes/{quiz_id}/preview"))
