"""Texts with gaps on their way through the bank, an attempt, several tries and the command line."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.cli.questions import questions
from lms.core.db import session
from lms.interop.moodle_xml import reader
from lms.quizzes import acting
from lms.quizzes.bank import importing
from lms.quizzes.models.attempt import Attempt
from lms.quizzes.models.bank import QuestionVersion
from lms.quizzes.models.quiz import Quiz, Slot
from tests.cast import Cast
from tests.factories_quizzes import answer, hand_in, make_attempt, make_quiz, responses, seat_of
from tests.quizzes.test_views import get, save, text_of

SignIn = Callable[[str], FlaskClient]
SAMPLE = (Path(__file__).parent.parent / "samples" / "gaps.moodle.xml").read_bytes()
CLOZE = {
    **{"1": {"choice": "1a"}, "2": {"text": "111"}, "3": {"text": "@"}, "4": {"choice": "4b"}, "5": {"choice": "5a"}},
    **{"6": {"choices": ["6a", "6b", "6d"]}, "7": {"choices": ["7a", "7b"]}},
}
SELECT = {"g1": "w1", "g3": "w3", "g1x2": "w1", "g4": "w4"}
DRAG = {"g1": "w1", "g2": "w2", "g3": "w3", "g1x2": "w1"}


def attempt_at(cast: Cast, behaviour: str = "deferred") -> Attempt:
    """An attempt at a quiz of the three questions of the sample, in the order of their types."""
    plan = importing.preview(reader.read(SAMPLE), format_key="moodle_xml", language="vi", unit_id=None)
    importing.apply(importing.keep(plan, unit_id=None, file_name="gaps.xml", data=SAMPLE, by=None), by=None)
    return make_attempt(cast.persons["teacher"], make_quiz(edit=_ask_the_sample, behaviour=behaviour))


def _ask_the_sample(quiz: Quiz) -> None:
    slots = list(session.scalars(select(Slot).where(Slot.quiz_id == quiz.id).order_by(Slot.number)))
    for slot, kind in zip(slots, ("cloze", "gap_select", "drag_words"), strict=False):
        slot.question_id = session.scalars(select(QuestionVersion.question_id).where(QuestionVersion.type == kind)).one()
    session.flush()


def test_every_gap_right_earns_everything(cast: Cast) -> None:
    attempt = attempt_at(cast)

    for slot, gaps in enumerate((CLOZE, SELECT, DRAG), start=1):
        answer(attempt, slot, {"gaps": gaps})
    hand_in(attempt)

    assert [(row.state, row.fraction) for row in responses(attempt)] == [("right", 1.0)] * 3 + [("gaveup", 0.0)]


def test_what_is_left_open_is_graded_as_far_as_it_goes(cast: Cast) -> None:
    attempt = attempt_at(cast)

    answer(attempt, 1, {"gaps": {"2": {"text": "113"}}})
    answer(attempt, 2, {"gaps": {"g1": "w1", "g3": "w4"}})
    hand_in(attempt)

    assert [(row.state, row.fraction) for row in responses(attempt)[:3]] == [("partial", 0.125), ("partial", 0.25), ("gaveup", 0.0)]


def test_what_a_browser_sends_field_by_field_is_saved_as_one_answer(cast: Cast, sign_in: SignIn) -> None:
    attempt = attempt_at(cast)

    status, _ = save(sign_in("teacher"), attempt.id, 1, {"1.choice": ["1b"], "2.text": ["111 "], "6.choices": ["6b", "6a"]}, sequence=1)

    assert status == 200
    assert responses(attempt)[0].answer == {"gaps": {"1": {"choice": "1b"}, "2": {"text": "111"}, "6": {"choices": ["6a", "6b"]}}}


def test_several_tries_count_gap_by_gap_and_a_hint_clears_the_wrong_ones(cast: Cast) -> None:
    attempt = attempt_at(cast, "interactive")
    wrong = {**SELECT, "g4": "w3"}

    checked = acting.check(seat_of(attempt, 2), {"gaps": wrong}, known=0)
    acting.again(seat_of(attempt, 2), known=checked.saved.sequence)

    assert responses(attempt)[1].answer == {"gaps": {key: word for key, word in SELECT.items() if key != "g4"}}
    acting.check(seat_of(attempt, 2), {"gaps": SELECT}, known=seat_of(attempt, 2).sequence)
    row = responses(attempt)[1]
    # Three gaps were right at once, the fourth at the second try.
    assert (row.state, row.fraction) == ("right", pytest.approx((3 + (1 - 0.3333333)) / 4))


def test_pages_and_review_show_texts_with_their_gaps(cast: Cast, sign_in: SignIn) -> None:
    attempt = attempt_at(cast)
    client = sign_in("teacher")
    save(client, attempt.id, 3, {"gaps.g1": ["w4"]}, sequence=1)

    pages = [get(client, f"/attempts/{attempt.id}/{slot}") for slot in (1, 2, 3)]
    hand_in(attempt)
    review = text_of(get(client, f"/attempts/{attempt.id}/review"))

    assert [page.count('aria-label="Chỗ trống') for page in pages] == [7, 4, 4]
    assert "Chỗ trống 1: bấm vào đường dẫn Đáp án đúng: dừng lại Chưa đúng" in review


def test_the_command_line_reads_a_cloze_text_and_refuses_a_broken_one(app: object, tmp_path: Path) -> None:
    good, broken = tmp_path / "tot.txt", tmp_path / "hong.txt"
    good.write_text("Thủ đô là {1:SHORTANSWER:=Hà Nội}.")
    broken.write_text("Thủ đô\nlà {1:MULTICHOICE:=Hà Nội}.")

    read, refused = (CliRunner().invoke(questions, ["import", str(path), "--format", "cloze_text", "--json"]) for path in (good, broken))

    data, errors = json.loads(read.output), json.loads(refused.output)
    assert (read.exit_code, data["questions"], data["by_type"], data["titles"]) == (0, 1, {"cloze": 1}, ["Thủ đô là _____."])
    assert (refused.exit_code, errors["questions"], errors["by_type"], len(errors["errors"])) == (2, 0, {}, 1)
    assert errors["errors"][0].startswith("line 2 Thủ đô là _____.: ")
