"""make_...: quizzes, questions and attempts for tests."""

from base64 import b64decode
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import select, update

from lms.accounts.models import Person
from lms.core import clock
from lms.core.db import session
from lms.courses import authoring, catalogue
from lms.courses.drafts import ActivityDraft, TextFile
from lms.courses.models import Activity, Version
from lms.learning.models import Enrolment
from lms.quizzes import attempts, queries, saving
from lms.quizzes.models.attempt import Attempt, Response
from lms.quizzes.models.bank import QuestionVersion
from lms.quizzes.models.quiz import Quiz, Slot
from lms.quizzes.queries import Seat, Sitting
from tests.factories_courses import draft, make_enrolment

CB1 = Path(__file__).parent.parent / "lms" / "catalogue" / "cb1"

VI = """
// [id:q1] [tag:law 116/2025/QH15 Đ7]
::q1::Thủ đô của Việt Nam là gì? {
=Hà Nội#Đúng rồi.
~Huế#Huế là cố đô.
~Đà Nẵng
####Hà Nội là thủ đô.
}

// [id:q2]
::q2::Những số nào chẵn? {
~%50%Hai#Chẵn.
~%50%Bốn
~%-50%Ba#Lẻ.
~%-50%Năm
}

// [id:q3]
::q3::Mặt trời mọc ở hướng đông. {TRUE#Sai rồi.#Đúng.}

// [id:q4]
::q4::Hai cộng hai? {#
=4:0#Đúng.
=%50%5:0#Gần đúng.
}
"""
EN = """
// [id:q1] [tag:law 116/2025/QH15 Đ7]
::q1::What is the capital of Viet Nam? {
=Ha Noi#Right.
~Hue#Hue is the old capital.
~Da Nang
####Ha Noi is the capital.
}

// [id:q2]
::q2::Which numbers are even? {
~%50%Two#Even.
~%50%Four
~%-50%Three#Odd.
~%-50%Five
}

// [id:q3]
::q3::The sun rises in the east. {TRUE#No.#Right.}

// [id:q4]
::q4::Two and two? {#
=4:0#Right.
=%50%5:0#Nearly.
}
"""
# The smallest picture there is: one point.
PICTURE = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGD4DwABBAEAX+XDSwAAAABJRU5ErkJggg==")
RIGHT = ({"choice": "a"}, {"choices": ["a", "b"]}, {"choice": "true"}, {"text": "4"})
WRONG = ({"choice": "b"}, {"choices": ["c"]}, {"choice": "false"}, {"text": "7"})


def quiz_activity(key: str = "quiz", *, vi: str = VI, en: str = EN, **settings: object) -> ActivityDraft:
    """A quiz of four questions: single choice, multiple choice, true/false, numerical."""
    texts = {"vi": TextFile("questions.vi.gift", vi), "en": TextFile("questions.en.gift", en)}
    return ActivityDraft(key, "quiz", 10, {"vi": "Bài kiểm tra", "en": "Quiz"}, texts, {"pass_share": 0.8} | settings)


Edit = Callable[[Quiz], object]


def make_quiz(*before: str, published: bool = True, edit: Edit | None = None, **settings: object) -> Quiz:
    """A course with these pages and a quiz at its end; ``settings`` as in course.yaml.

    ``edit`` does to the draft what its author does before it is published: after that nothing of it changes.
    """
    return finished(authoring.import_draft(draft(*before, quiz_activity(**settings))), edit, published=published)


def finished(version: Version, edit: Edit | None = None, *, published: bool = True) -> Quiz:
    """The quiz of a draft, edited and published."""
    quiz = quiz_of(version)
    if edit is not None:
        edit(quiz)
        session.flush()
        session.expire(quiz)
    return publish(quiz) if published else quiz


def publish(quiz: Quiz) -> Quiz:
    """Let people take a quiz; from now on it stays as it is."""
    activity = session.get_one(Activity, quiz.activity_id)
    authoring.publish(session.get_one(Version, activity.version_id))
    return quiz


def change(quiz: Quiz, **values: object) -> Quiz:
    """Change settings of a draft; of a published quiz only when and how often it may be taken can still be changed."""
    session.execute(update(Quiz).where(Quiz.id == quiz.id).values(**values))
    session.refresh(quiz)
    return quiz


def give_hints(quiz: Quiz, *hints: dict[str, bool], penalty: float = 0.25) -> None:
    """Give every question of a quiz these hints, "Gợi ý 1." and so on."""
    said = {f"hint.{number}": f"<p>Gợi ý {number}.</p>" for number in range(1, len(hints) + 1)}
    for slot in session.scalars(select(Slot).where(Slot.quiz_id == quiz.id)):
        version = asked_by(slot)
        texts = {code: {**each, **said} for code, each in version.texts.items()}
        rewrite(slot, penalty=penalty, body={**version.body, "hints": list(hints)}, texts=texts)


def asked_by(slot: Slot) -> QuestionVersion:
    """The version that a slot names."""
    named = select(QuestionVersion).where(QuestionVersion.question_id == slot.question_id, QuestionVersion.number == slot.version_number)
    return session.scalars(named).one()


def rewrite(slot: Slot, **values: Any) -> QuestionVersion:
    """Write on the question of a slot of a draft as an author does: a new version, which the slot asks from now on."""
    old = asked_by(slot)
    kept = {name: getattr(old, name) for name in ("type", "name", "default_mark", "penalty", "body", "texts")} | values
    number = old.number + 1
    content_hash = f"{old.content_hash}-{number}"
    version = QuestionVersion(question_id=old.question_id, number=number, content_hash=content_hash, created_at=clock.now(), **kept)
    session.add(version)
    slot.version_number = number
    session.flush()
    return version


def put_on_pages(quiz: Quiz, *pages: int) -> None:
    """Put the slots of a quiz on these pages; all on the first when nothing is said."""
    for slot in session.scalars(select(Slot).where(Slot.quiz_id == quiz.id)):
        slot.page = pages[slot.number - 1] if pages else 1
    session.flush()


def make_cb1() -> Quiz:
    """The built-in course CB1 and its final quiz."""
    version = authoring.publish(authoring.import_draft(catalogue.load(CB1)))
    return quiz_of(version)


def quiz_of(version: Version) -> Quiz:
    """The quiz that a version asks for; what is of free choice beside it is not meant."""
    of_version = select(Quiz).join(Activity, Activity.id == Quiz.activity_id).where(Activity.version_id == version.id)
    return session.scalars(of_version.where(Activity.required)).one()


def enrol(person: Person, quiz: Quiz) -> Enrolment:
    activity = session.get_one(Activity, quiz.activity_id)
    return make_enrolment(person.id, session.get_one(Version, activity.version_id))


def make_attempt(person: Person, quiz: Quiz | None = None, *, random: Random | None = None) -> Attempt:
    quiz = quiz or make_quiz()
    return attempts.start(enrol(person, quiz), quiz, random=random)


def answer(attempt: Attempt, slot: int, given: object, *, known: int | None = None, key: str | None = None) -> saving.Saved:
    """Save an answer to the slot as the page would."""
    seat = seat_of(attempt, slot)
    return saving.save(seat, given, known=seat.sequence if known is None else known, client_key=key)  # type: ignore[arg-type]


def answer_all(attempt: Attempt, given: Sequence[object] = RIGHT) -> None:
    """Answer the questions of ``quiz_activity`` by their names, in whatever order they are asked."""
    for response in responses(attempt):
        number = int(session.get_one(QuestionVersion, response.question_version_id).name.removeprefix("q"))
        answer(attempt, response.slot, given[number - 1])


def seat_of(attempt: Attempt, slot: int) -> Seat:
    seat = queries.seat(attempt.id, slot)
    assert seat is not None
    return seat


def sitting_of(attempt: Attempt) -> Sitting:
    sitting = queries.sitting(attempt.id)
    assert sitting is not None
    return sitting


def hand_in(attempt: Attempt) -> None:
    attempts.finish(sitting_of(attempt))


def responses(attempt: Attempt) -> list[Response]:
    return list(
        session.scalars(
            select(Response).where(Response.attempt_id == attempt.id).order_by(Response.slot).execution_options(populate_existing=True)
        )
    )
