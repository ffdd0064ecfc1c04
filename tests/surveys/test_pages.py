"""Surveys as a teacher, a head and an author use them."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.core.db import session
from lms.courses import authoring
from lms.courses.editing import making
from lms.courses.models import Activity, Version
from lms.surveys import answering
from lms.surveys.answering import GROUP
from lms.surveys.models import Sheet
from tests.cast import Cast
from tests.factories import make_person
from tests.factories_courses import make_enrolment
from tests.factories_talks import SURVEY, make_talks, step, survey

SignIn = Callable[[str], FlaskClient]
PAGE = "/courses/trao-doi/survey"
EDIT = "/authoring/cua-toi/activities/survey/survey"


@pytest.fixture
def version(cast: Cast) -> Version:
    return make_talks(survey())


@pytest.fixture
def draft(cast: Cast, version: Version) -> Version:
    return making.copy_course(version, slug="cua-toi", code="CT", unit_id=cast.units["so"].id, by=cast.accounts["author"].id)


def test_a_teacher_answers_and_sees_that(version: Version, sign_in: SignIn) -> None:
    teacher = sign_in("teacher")
    page = teacher.get(PAGE).get_data(as_text=True)
    assert "Khóa học có ích không?" in page
    assert f"từ {GROUP}" in page
    sent = teacher.post(f"{PAGE}/answer", data={"item.useful": "4", "item.topics": ["law", "fraud"], "item.words": "Ngắn hơn."})

    assert sent.status_code == 302
    assert session.scalars(select(Sheet.answers)).all() == [{"useful": "4", "topics": ["law", "fraud"], "words": "Ngắn hơn."}]
    assert f'action="{PAGE}/answer"' not in teacher.get(PAGE).get_data(as_text=True)
    assert teacher.post(f"{PAGE}/answer", data={"item.useful": "1"}).status_code == 409


def test_nothing_is_sent_and_nothing_is_lost(version: Version, sign_in: SignIn) -> None:
    sent = sign_in("teacher").post(f"{PAGE}/answer", data={"item.useful": "9"})

    assert sent.status_code == 422
    assert "Chưa có câu trả lời nào" in sent.get_data(as_text=True)
    assert session.scalars(select(Sheet)).all() == []


def answer_as(version: Version, *names: str) -> None:
    for name in names:
        answering.answer(make_enrolment(make_person(name).id, version).id, step(version, "survey"), {"words": "Ý kiến riêng"})
    session.commit()


def test_results_name_nobody_and_wait_for_a_group(version: Version, sign_in: SignIn) -> None:
    head = sign_in("head")
    answer_as(version, *(f"Lò Thị {number}" for number in range(GROUP - 1)))
    assert "Ý kiến riêng" not in head.get(f"{PAGE}/results").get_data(as_text=True)
    answer_as(version, "Lò Thị Cuối")
    page = head.get(f"{PAGE}/results").get_data(as_text=True)

    assert page.count("Ý kiến riêng") == GROUP
    assert "Lò Thị" not in page
    assert f"{PAGE}/results" in head.get(PAGE).get_data(as_text=True)
    assert f"{PAGE}/results" not in sign_in("teacher").get(PAGE).get_data(as_text=True)


def fields(**more: str) -> dict[str, str | list[str]]:
    """What the page of SURVEY sends, with one more question."""
    sent: dict[str, str | list[str]] = {"line": ["1", "2", "3", "4", "5"]}
    for number, item in enumerate(SURVEY["items"], start=1):
        sent |= {f"{number}.key": item["key"], f"{number}.kind": item["kind"]}
        sent |= {f"{number}.text.{code}": text for code, text in item["text"].items()}
        sent |= {f"{number}.options.{code}": "\n".join(each["text"][code] for each in item.get("options", [])) for code in ("vi", "en")}
    return sent | more


def asked(draft: Version) -> list[dict[str, Any]]:
    row = session.scalars(select(Activity).where(Activity.version_id == draft.id, Activity.key == "survey")).one()
    items: list[dict[str, Any]] = row.settings["items"]
    return items


def test_an_author_adds_changes_and_takes_out(draft: Version, sign_in: SignIn) -> None:
    author = sign_in("author")
    assert "Thầy cô học ở đâu?" in author.get(EDIT).get_data(as_text=True)
    more = {
        "1.out": "1",
        "2.text.vi": "Học ở đâu là chính?",
        "5.kind": "choice",
        "5.text.vi": "Mất bao lâu?",
        "5.text.en": "How long did it take?",
        "5.options.vi": "Một giờ\nHai giờ",
        "5.options.en": "One hour\r\nTwo hours",
    }
    assert author.post(EDIT, data=fields(**more)).status_code == 302
    now = asked(draft)

    assert [each["key"] for each in now] == ["where", "topics", "words", now[3]["key"]]
    assert now[3]["key"] != "useful"
    assert now[0]["text"] == {"vi": "Học ở đâu là chính?", "en": "Where did you learn?"}
    assert [each["text"] for each in now[3]["options"]] == [{"vi": "Một giờ", "en": "One hour"}, {"vi": "Hai giờ", "en": "Two hours"}]


def test_options_that_do_not_match_are_told_and_kept_on_the_page(draft: Version, sign_in: SignIn) -> None:
    sent = sign_in("author").post(EDIT, data=fields(**{"2.options.vi": "Ở trường\nỞ nhà\nTrên xe"}))

    assert sent.status_code == 422
    assert "Trên xe" in sent.get_data(as_text=True)
    assert "Câu 2" in sent.get_data(as_text=True)
    assert asked(draft) == SURVEY["items"]


def test_reworded_options_keep_their_keys(draft: Version, sign_in: SignIn) -> None:
    sign_in("author").post(EDIT, data=fields(**{"3.options.vi": "Pháp luật\nLừa đảo"}))

    assert asked(draft)[2]["options"] == [
        {"key": "law", "text": {"vi": "Pháp luật", "en": "Law"}},
        {"key": "fraud", "text": {"vi": "Lừa đảo", "en": "Fraud"}},
    ]


def test_options_that_stay_keep_their_keys_when_others_go(draft: Version, sign_in: SignIn) -> None:
    sign_in("author").post(
        EDIT, data=fields(**{"3.options.vi": "Quyền riêng tư\nLừa đảo\nTin giả", "3.options.en": "Privacy\nFraud\nFalse news"})
    )
    new, fraud, newer = asked(draft)[2]["options"]

    assert fraud == {"key": "fraud", "text": {"vi": "Lừa đảo", "en": "Fraud"}}
    assert len({new["key"], newer["key"], "law", "fraud"}) == 4


def test_a_published_survey_is_not_changed(draft: Version, sign_in: SignIn) -> None:
    authoring.publish(draft)
    session.commit()

    assert sign_in("author").post(EDIT, data=fields()).status_code == 404
