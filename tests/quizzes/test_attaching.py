"""Files of an answer: durable when acknowledged, once however often they are sent, and under the same clock as answers."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from lms.core import clock, files
from lms.core.db import session
from lms.core.models import File
from lms.learning.models import Enrolment
from lms.quizzes import attaching, attempts
from lms.quizzes.attaching import NoSuchFile
from lms.quizzes.bodies.writing import EssayEditor
from lms.quizzes.file_rules import FileRefused
from lms.quizzes.grading import GradeState
from lms.quizzes.models.attempt import Attachment, Attempt, Step
from lms.quizzes.saving import AttemptClosed, NotOnThisPage, StaleAnswer, TimeOver
from lms.quizzes.timing import LATENESS
from tests.cast import Cast
from tests.factories_files import NOTE, PDF, PROGRAM, add, make_file_attempt, make_file_quiz, slot_of_essay
from tests.factories_marking import essay_of
from tests.factories_quizzes import PICTURE, answer, enrol, hand_in, seat_of

START = datetime(2026, 11, 24, 3, 0, tzinfo=clock.LOCAL)


@pytest.fixture
def attempt(cast: Cast) -> Attempt:
    return make_file_attempt(cast.persons["teacher"])


def names(attempt: Attempt) -> list[str]:
    """The names of the files that count, as the answer lists them."""
    listed = (essay_of(attempt).answer or {}).get("files", [])
    found = {str(each.id): each for each in session.scalars(select(Attachment).where(Attachment.removed_at.is_(None)))}
    return [found[key].name for key in listed]


def test_a_file_is_part_of_the_answer_and_a_text_saved_later_does_not_lose_it(attempt: Attempt) -> None:
    kept = add(attempt)
    answer(attempt, slot_of_essay(attempt), {"text": "Kèm bài làm."})

    row = essay_of(attempt)
    assert row.answer == {"text": "Kèm bài làm.", "files": [str(kept.file.id)]}
    assert (row.answered, row.sequence, names(attempt)) == (True, 2, ["bài làm.pdf"])
    assert files.stored(kept.file.file_id).content == PDF


def test_the_same_content_again_is_the_file_that_is_there(attempt: Attempt) -> None:
    first, again = add(attempt), add(attempt, "tên khác.pdf")

    assert (first.file.id, again.saved.sequence) == (again.file.id, 1)
    assert names(attempt) == ["bài làm.pdf"]


def test_a_page_that_did_not_know_of_a_file_still_saves_its_text(attempt: Attempt) -> None:
    slot = slot_of_essay(attempt)
    answer(attempt, slot, {"text": "Một"})
    add(attempt)

    saved = answer(attempt, slot, {"text": "Một hai"}, known=1)

    assert (saved.sequence, essay_of(attempt).answer["text"], names(attempt)) == (3, "Một hai", ["bài làm.pdf"])  # type: ignore[index]


def test_a_text_from_another_window_is_not_written_over_because_a_file_came_too(attempt: Attempt) -> None:
    slot = slot_of_essay(attempt)
    answer(attempt, slot, {"text": "Một"})
    answer(attempt, slot, {"text": "Hai"})
    add(attempt)

    with pytest.raises(StaleAnswer):
        answer(attempt, slot, {"text": "Ba"}, known=1)
    assert essay_of(attempt).answer["text"] == "Hai"  # type: ignore[index]


def test_no_page_can_name_the_file_of_somebody_else(cast: Cast) -> None:
    quiz = make_file_quiz()
    other = add(make_file_attempt(cast.persons["head"], quiz))
    own = make_file_attempt(cast.persons["teacher"], quiz)

    answer(own, slot_of_essay(own), {"text": "x", "files": [str(other.file.id)]})

    assert essay_of(own).answer == {"text": "x"}
    with pytest.raises(NoSuchFile):
        attaching.remove(seat_of(own, slot_of_essay(own)), other.file.id)


def test_removing_is_a_step_like_any_other_and_a_second_click_changes_nothing(attempt: Attempt) -> None:
    kept, other = add(attempt), add(attempt, "ảnh.png", PICTURE)
    slot = slot_of_essay(attempt)

    removed = [attaching.remove(seat_of(attempt, slot), kept.file.id).sequence for _click in range(2)]

    assert (removed, names(attempt)) == ([3, 3], ["ảnh.png"])
    assert list(session.scalars(select(Step.data).where(Step.response_id == essay_of(attempt).id).order_by(Step.sequence))) == [
        {"files": [str(kept.file.id)]},
        {"files": [str(kept.file.id), str(other.file.id)]},
        {"files": [str(other.file.id)]},
    ]


def test_what_was_removed_can_be_added_again(attempt: Attempt) -> None:
    kept = add(attempt)
    attaching.remove(seat_of(attempt, slot_of_essay(attempt)), kept.file.id)
    assert essay_of(attempt).answered is False

    add(attempt)

    assert names(attempt) == ["bài làm.pdf"]


def test_more_than_may_be_added_programs_and_wrong_kinds_are_refused_and_nothing_is_lost(cast: Cast) -> None:
    attempt = make_file_attempt(cast.persons["teacher"], attachments=2, attachment_types="document")
    add(attempt)
    refused = []
    for name, data in (("ảnh.png", PICTURE), ("bài.pdf", PROGRAM)):
        with pytest.raises(FileRefused) as error:
            add(attempt, name, data)
        refused.append(str(error.value))
    add(attempt, "ghi.txt", NOTE)
    with pytest.raises(FileRefused) as error:
        add(attempt, "nữa.txt", NOTE + b"!")

    assert [each.startswith("Không nhận “") for each in (*refused, str(error.value))] == [True] * 3
    assert names(attempt) == ["bài làm.pdf", "ghi.txt"]
    assert session.scalar(select(File.id).where(File.sha256 == files.digest(PROGRAM))) is None


def test_nobody_fills_the_disk_by_adding_and_removing(cast: Cast) -> None:
    attempt = make_file_attempt(cast.persons["teacher"], attachments=1)
    slot = slot_of_essay(attempt)
    for number in range(13):
        kept = add(attempt, data=PDF + bytes([number]))
        attaching.remove(seat_of(attempt, slot), kept.file.id)

    with pytest.raises(FileRefused):
        add(attempt, data=PDF + b"!")
    assert session.scalar(select(File.id).where(File.sha256 == files.digest(PDF + b"!"))) is None


def test_two_pictures_of_a_telephone_have_two_names(attempt: Attempt) -> None:
    add(attempt, "image.png", PICTURE)
    add(attempt, "image.png", PICTURE + b"\x00")

    assert names(attempt) == ["image.png", "image (2).png"]


def test_questions_without_files_take_none(cast: Cast) -> None:
    attempt = make_file_attempt(cast.persons["teacher"], attachments=0)

    with pytest.raises(FileRefused):
        add(attempt)
    with pytest.raises(FileRefused):
        attaching.add(seat_of(attempt, 1), "a.pdf", PDF)


def test_the_clock_of_the_server_decides_as_for_answers(cast: Cast) -> None:
    with clock.at(START):
        quiz = make_file_quiz({"time_limit_minutes": 10, "when_expired": "grace", "grace_minutes": 5})
        attempt = make_file_attempt(cast.persons["teacher"], quiz)
        kept = add(attempt)
    with clock.at(START + timedelta(seconds=600) + LATENESS):
        add(attempt, "ảnh.png", PICTURE)
    with clock.at(START + timedelta(seconds=601) + LATENESS):
        with pytest.raises(TimeOver):
            add(attempt, "ghi.txt", NOTE)
        with pytest.raises(TimeOver):
            attaching.remove(seat_of(attempt, slot_of_essay(attempt)), kept.file.id)
        hand_in(attempt)
        with pytest.raises(AttemptClosed):
            add(attempt, "ghi.txt", NOTE)

    assert names(attempt) == ["bài làm.pdf", "ảnh.png"]


def test_a_page_that_was_left_takes_no_file(cast: Cast) -> None:
    attempt = make_file_attempt(cast.persons["teacher"], make_file_quiz({"navigation": "sequential"}))

    with pytest.raises(NotOnThisPage):
        add(attempt)


def test_an_essay_of_files_alone_waits_to_be_marked(cast: Cast) -> None:
    attempt = make_file_attempt(cast.persons["teacher"], editor=EssayEditor.NO_TEXT, attachments=1, attachments_required=1)
    add(attempt)
    hand_in(attempt)

    assert (essay_of(attempt).state, essay_of(attempt).fraction) == (GradeState.NEEDS_MARKING, None)
    assert session.get_one(Attempt, attempt.id).share is None


def test_building_on_the_last_attempt_takes_its_files_along_as_files_of_its_own(cast: Cast) -> None:
    quiz = make_file_quiz({"builds_on_last": True})
    first = make_file_attempt(cast.persons["teacher"], quiz)
    add(first)
    answer(first, slot_of_essay(first), {"text": "Một"})
    hand_in(first)
    second = attempts.start(session.get_one(Enrolment, first.enrolment_id), quiz)

    own = essay_of(second).answer or {}
    former = essay_of(first).answer or {}
    assert (own["text"], names(second)) == ("Một", ["bài làm.pdf"])
    assert own["files"] != former["files"]
    attaching.remove(seat_of(second, slot_of_essay(second)), int(own["files"][0]))
    assert (names(first), names(second)) == (["bài làm.pdf"], [])
    step = session.scalars(select(Step).where(Step.response_id == essay_of(second).id, Step.sequence == 1)).one()
    assert step.data == own


def test_what_was_removed_is_forgotten_a_month_later_and_what_counts_is_not(cast: Cast) -> None:
    with clock.at(START):
        attempt = make_file_attempt(cast.persons["teacher"])
        gone, stays = add(attempt), add(attempt, "ảnh.png", PICTURE)
        attaching.remove(seat_of(attempt, slot_of_essay(attempt)), gone.file.id)
    with clock.at(START + timedelta(days=31)):
        attaching.forget_removed()
        assert len(session.scalars(select(Attachment.id)).all()) == 2  # the attempt is still open

        hand_in(attempt)
        attaching.forget_removed()
        files.sweep()

    assert list(session.scalars(select(Attachment.id))) == [stays.file.id]
    assert list(session.scalars(select(File.sha256))) == [files.digest(PICTURE)]


def test_enrolments_share_bytes_and_not_files(cast: Cast) -> None:
    quiz = make_file_quiz()
    first, second = (add(make_file_attempt(cast.persons[who], quiz)) for who in ("teacher", "head"))

    assert first.file.id != second.file.id
    assert first.file.file_id == second.file.file_id
    assert enrol(cast.persons["teacher"], quiz).id != enrol(cast.persons["head"], quiz).id
