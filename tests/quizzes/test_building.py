"""The quiz of a course, built from its files."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from lms.core.db import session
from lms.courses import authoring, catalogue, kinds
from lms.courses.drafts import ActivityDraft, DraftProblems, TextFile
from lms.courses.models import Activity
from lms.quizzes import building, builtin_messages
from lms.quizzes.models.bank import Question, QuestionTag, QuestionVersion
from lms.quizzes.models.quiz import Quiz, Slot
from tests.factories import make_person
from tests.factories_courses import draft
from tests.factories_quizzes import CB1, VI, make_attempt, make_cb1, make_quiz, quiz_activity, quiz_of
from tests.message_course import write_course

pytestmark = pytest.mark.usefixtures("database")


def slots(quiz: Quiz) -> list[Slot]:
    return list(session.scalars(select(Slot).where(Slot.quiz_id == quiz.id).order_by(Slot.number)))


def test_the_built_in_course_has_its_final_quiz_in_both_languages() -> None:
    quiz = make_cb1()

    versions = session.scalars(select(QuestionVersion).order_by(QuestionVersion.id)).all()
    assert (quiz.pass_share, quiz.attempts_allowed, quiz.time_limit_seconds) == (0.8, 0, 1800)
    assert (quiz.shuffle_questions, quiz.shuffle_answers) == (True, True)
    assert [(slot.question_id, slot.draw and slot.draw["tags"][0][0]) for slot in slots(quiz)] == [(None, "l")] * 16  # one of each lesson
    assert len(versions) >= 42
    assert {tuple(sorted(version.texts)) for version in versions} == {("en", "vi")}
    assert all(set(version.texts["vi"]) == set(version.texts["en"]) for version in versions)
    assert session.scalar(select(func.count()).where(QuestionTag.tag.startswith("law "))) >= 15


def test_building_again_changes_nothing() -> None:
    quiz = make_quiz()
    activity = session.get_one(Activity, quiz.activity_id)

    again = building.build(activity, [], building.QuizSettings(pass_share=0.1))

    assert (again.id, again.pass_share) == (quiz.id, 0.8)


def test_a_new_version_of_a_course_shares_unchanged_questions_and_leaves_the_old_quiz_alone() -> None:
    first = authoring.import_draft(draft(quiz_activity(), slug="chung"))
    second = authoring.import_draft(draft(quiz_activity(vi=VI.replace("Huế là cố đô.", "Huế từng là kinh đô.")), slug="chung"))

    assert session.scalar(select(func.count(Question.id))) == 4
    assert [slot.version_number for slot in slots(quiz_of(first))] == [1, 1, 1, 1]
    assert [slot.version_number for slot in slots(quiz_of(second))] == [2, 1, 1, 1]
    assert [slot.question_id for slot in slots(quiz_of(first))] == [slot.question_id for slot in slots(quiz_of(second))]


def test_a_quiz_may_hold_messages_to_inspect_beside_its_other_questions(tmp_path) -> None:
    message = builtin_messages.FOLDER / "bank-otp"
    texts = {language: f"{message}.{language}.message" for language in ("vi", "en")}
    files = {language: (TextFile(f"q.{language}.message", Path(path).read_text()),) for language, path in texts.items()}
    activity = replace(quiz_activity(), more=files)

    quiz = quiz_of(authoring.import_draft(draft(activity)))

    types = session.scalars(
        select(QuestionVersion.type).join(Slot, Slot.question_id == QuestionVersion.question_id).order_by(Slot.number)
    ).all()
    assert len(slots(quiz)) == 5
    assert types[-1] == "message_inspection"
    assert kinds.get("quiz").check(activity, ("vi", "en")) == []


def test_a_message_that_cannot_be_read_is_told_with_its_file_and_line() -> None:
    files = {language: (TextFile(f"q.{language}.message", "id: m\nkind: fax\n\n--- question\n?\n"),) for language in ("vi", "en")}

    problems = kinds.get("quiz").check(replace(quiz_activity(), more=files), ("vi", "en"))

    assert ("q.vi.message", 2, "m: The kind of message is “fax”. Write kind: email, sms, chat or web.") in [
        (problem.file, problem.line, problem.what) for problem in problems
    ]


def test_a_course_folder_may_hold_only_messages(tmp_path) -> None:
    folder = write_course(tmp_path / "tn", slug="tn")

    activity = next(catalogue.load(folder).activities)

    assert (dict(activity.texts), sorted(activity.more)) == ({}, ["en", "vi"])


WITH_MESSAGES = """slug: thu
title: {vi: Thử, en: Trial}
summary: {vi: Thử, en: Trial}
audience: staff
as_of: 2026-11-23
languages: [vi, en]
sections:
  - key: m1
    title: {vi: Một, en: One}
    activities:
      - {key: p1, kind: quiz, minutes: 5, title: {vi: Tin, en: Messages}, quiz: {messages: [NAMES], behaviour: interactive}}
"""


def _with_messages(folder: Path, names: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "course.yaml").write_text(WITH_MESSAGES.replace("NAMES", names))
    return folder


def test_a_quiz_takes_messages_that_come_with_the_program(tmp_path: Path) -> None:
    version = authoring.import_draft(catalogue.load(_with_messages(tmp_path, "bank-otp, voice-call")))

    questions = [session.get_one(Question, slot.question_id) for slot in slots(quiz_of(version))]

    assert [(each.id_number, each.versions[-1].type) for each in questions] == [
        ("msg-bank-otp", "message_inspection"),
        ("msg-voice-call", "message_inspection"),
    ]
    assert authoring.publish(version).state == "published"


def test_a_message_of_the_course_goes_before_one_of_the_program(tmp_path: Path) -> None:
    folder = _with_messages(tmp_path, "bank-otp")
    (folder / "messages").mkdir()
    for language in ("vi", "en"):
        text = (catalogue.BUILT_IN / f"messages/voice-call.{language}.message").read_text()
        (folder / f"messages/bank-otp.{language}.message").write_text(text)

    draft = catalogue.load(folder)

    assert draft.files["messages/bank-otp.vi.message"] == (catalogue.BUILT_IN / "messages/voice-call.vi.message").read_bytes()
    assert [each.text for each in next(draft.activities).more["vi"]] == [draft.files["messages/bank-otp.vi.message"].decode()]


@pytest.mark.parametrize("names", ["nobody-wrote-this", "../cb1/questions", "Bank", "bank-otp, bank-otp", "7"])
def test_a_message_that_nobody_has_is_told(tmp_path: Path, names: str) -> None:
    with pytest.raises(DraftProblems) as found:
        catalogue.load(_with_messages(tmp_path, names))
    assert "course.yaml" in {each.file for each in found.value.problems}


def test_questions_are_drawn_by_the_tag_of_their_lesson(tmp_path: Path) -> None:
    folder = _with_messages(tmp_path, "bank-otp")
    settings = "file: q, quiz: {slots: [{draw: {tags: [l1-1]}, count: 2}, {draw: {tags: [l1-2]}, count: 1}]}"
    (folder / "course.yaml").write_text(WITH_MESSAGES.replace("quiz: {messages: [NAMES], behaviour: interactive}", settings))
    questions = "".join(
        f"// [id:q{number}] [tag:{tag}] [tag:law 116/2025/QH15 Đ44.1]\n::q{number}::Which {number}? {{\n=a#Yes.\n~b#No.\n}}\n\n"
        for number, tag in enumerate(("l1-1", "l1-1", "l1-1", "l1-2", "l1-3"))
    )
    for language in ("vi", "en"):
        (folder / f"q.{language}.gift").write_text(questions)

    quiz = quiz_of(authoring.publish(authoring.import_draft(catalogue.load(folder))))
    attempt = make_attempt(make_person("Quách Văn Minh"), quiz)

    versions = [session.get_one(QuestionVersion, each.question_version_id) for each in attempt.responses]
    drawn = [session.get_one(Question, each.question_id).id_number for each in versions]
    assert (set(drawn[:2]) < {"q0", "q1", "q2"}, len(set(drawn)), drawn[2]) == (True, 3, "q3")


def test_every_built_in_course_is_read_without_a_complaint() -> None:
    for folder in catalogue.built_in():
        catalogue.load(folder)


@pytest.mark.parametrize(
    ("activity", "what"),
    [
        (quiz_activity(pass_share=1.2), "quiz: The content does not have the expected form at quiz.pass_share: 0.0 to 1.0 is needed."),
        (quiz_activity(atempts=3), "quiz: The content does not have the expected form at quiz: unknown field 'atempts'."),
        (quiz_activity(vi=VI.replace("[id:q3]", "[id:q9]")), "q3: The question “q9” is missing in the language “en”."),
        (quiz_activity(vi=VI.replace("=Hà Nội", "~Hà Nội").replace("~Huế", "=Huế")), "q1: The question “q1” is not the same in the language “en”: answers, their order or their marks differ."),
        (quiz_activity(vi=VI.replace("// [id:q4]\n", "")), "q4: The question has no id; write // [id:...] above it."),
        (quiz_activity(vi="", en=""), ": There is no question in this file."),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_quiz_is_told_with_its_place(activity: ActivityDraft, what: str) -> None:
    problems = kinds.get("quiz").check(activity, ("vi", "en"))
    assert what in [problem.what for problem in problems]


def test_a_question_that_cannot_be_used_is_not_left_out_in_silence() -> None:
    one_thing = VI + "\n// [id:q5]\n::q5::Xếp thứ tự {>3 ALL VERTICAL ABSOLUTE\nMột\n}\n"
    broken = quiz_activity()
    broken = ActivityDraft(broken.key, "quiz", 10, broken.title, {"vi": TextFile("questions.vi.gift", one_thing)}, {})
    assert kinds.get("quiz").check(broken, ("vi",)) != []


def test_the_catalogue_course_is_where_it_is_expected() -> None:
    assert CB1.joinpath("course.yaml").is_file()
