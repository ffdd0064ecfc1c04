"""Gives a demo site what happens in a year of quizzes: python -m tests.busy_site, on the site of the environment; prints where it is.

A bank with a question of every type, twins, versions and files brought in; a quiz in
work; a quiz of staff with attempts, texts to mark, figures and a regrade; a quiz of
pupils on paper and on the screen of a class.
"""

import json
import sys
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import select

from lms.accounts.models import Account, Person
from lms.app import create_app
from lms.core import clock, config, db
from lms.core.db import session
from lms.courses import authoring
from lms.interop.gift import reader as gift
from lms.interop.moodle_xml import reader as moodle
from lms.notifications import outbox
from lms.programmes import revoking
from lms.programmes.models import Qualification
from lms.quizzes import attempts, drafting, queries, question_types, saving
from lms.quizzes.bank import changing, editing, importing, reading, storing
from lms.quizzes.bank.changing import Change
from lms.quizzes.bodies.arranging import Item, OrderingBody
from lms.quizzes.bodies.every import Body
from lms.quizzes.bodies.spots import Pointing
from lms.quizzes.bodies.writing import Criterion, DescriptionBody, EssayBody, Level
from lms.quizzes.classroom import running
from lms.quizzes.content import QuestionDraft, Texts
from lms.quizzes.marking import by_hand, regrading
from lms.quizzes.marking.by_hand import HandMark
from lms.quizzes.models.attempt import Attempt, Response
from lms.quizzes.models.bank import Question, QuestionVersion
from lms.quizzes.models.quiz import Quiz, QuizSection, Slot
from lms.quizzes.models.rules import Override
from lms.quizzes.paper import papers
from lms.quizzes.queries_draws import Draw
from lms.quizzes.statistics import counting
from lms.schools.models import Place, Post, SchoolClass, Unit
from tests import spot_quiz
from tests.factories_courses import activity, draft
from tests.factories_quizzes import RIGHT, WRONG, enrol, publish, quiz_activity, quiz_of

GAPS = Path(__file__).parent / "samples" / "gaps.moodle.xml"
TEACHERS, WAITING = 14, 3
TEXTS: dict[str, tuple[Body, dict[str, str], dict[str, str]]] = {
    "ordering": (
        OrderingBody(tuple(Item(key) for key in "abcd")),
        {
            "stem": "<p>Nhận được tin nhắn lạ đòi tiền, em làm gì trước, làm gì sau?</p>",
            "a": "Dừng lại, không trả lời",
            "b": "Chụp màn hình làm bằng chứng",
            "c": "Báo cho thầy cô, cha mẹ",
            "d": "Chặn người gửi",
        },
        {
            "stem": "<p>A strange message asks you for money. What do you do first, and what next?</p>",
            "a": "Stop, do not answer",
            "b": "Keep a picture of the screen",
            "c": "Tell a teacher or a parent",
            "d": "Block the sender",
        },
    ),
    "essay": (
        EssayBody(
            lines=8,
            least_words=20,
            rubric=(
                Criterion("c1", (Level("a1", 0.0), Level("a2", 1.0), Level("a3", 2.0))),
                Criterion("c2", (Level("b1", 0.0), Level("b2", 2.0))),
            ),
        ),
        {
            "stem": "<p>Kể một lần thầy cô nhận ra một tin giả và cách đã xử lý.</p>",
            "grader_info": "<p>Cần nêu ít nhất hai dấu hiệu và nơi đã báo.</p>",
            "c1": "Nêu dấu hiệu",
            "a1": "Không có",
            "a2": "Một dấu hiệu",
            "a3": "Từ hai dấu hiệu",
            "c2": "Cách xử lý",
            "b1": "Chưa nêu",
            "b2": "Nêu rõ, báo đúng nơi",
        },
        {
            "stem": "<p>Tell of a piece of false news that you noticed, and of what you did.</p>",
            "grader_info": "<p>At least two signs, and whom it was reported to.</p>",
            "c1": "Names the signs",
            "a1": "None",
            "a2": "One sign",
            "a3": "Two signs or more",
            "c2": "What was done",
            "b1": "Not said",
            "b2": "Said clearly, reported to the right place",
        },
    ),
    "description": (
        DescriptionBody(),
        {"stem": "<p>Đọc kỹ đoạn sau rồi trả lời ba câu tiếp theo.</p>"},
        {"stem": "<p>Read this, then answer the next three questions.</p>"},
    ),
}
TWINS = """
// [id:sinh-doi-1] [tag:law 116/2025/QH15 Đ7] [tag:mật khẩu]
::Mật khẩu mạnh 1::Mật khẩu nào sau đây mạnh nhất\\: dài và khó đoán? {=Ba từ không liên quan và một số ~Tên và năm sinh ~123456}

// [id:sinh-doi-2] [tag:mật khẩu]
::Mật khẩu mạnh 2::Mật khẩu nào sau đây mạnh nhất\\: dài và khó đoán? {=Ba từ không liên quan và một số ~Số điện thoại ~Qwerty}
"""
BROUGHT = """
// [id:mang-ve-1]
::Chia sẻ tin::Trước khi chia sẻ một tin, nên làm gì? {=Kiểm tra nguồn ~Gửi ngay cho mọi người}

// [id:mang-ve-2]
::Câu hỏng::Câu này không có đáp án đúng {~Một ~Hai}
"""


def main() -> None:
    """Make everything, and print the ids that stand in addresses, as JSON."""
    with create_app().app_context():
        with db.transaction():
            made = _fill()
        with db.transaction():
            counting.count(made["results"])
    sys.stdout.write(json.dumps(made) + "\n")


def _fill() -> dict[str, Any]:
    author = _account("author")
    office = session.scalars(select(Unit).where(Unit.code == "SGD-HV")).one()
    by_type = _bank(office.id, author.id)
    made: dict[str, Any] = {f"type_{key}": value for key, value in by_type.items()}
    made |= _changes(by_type, office.id, author.id)
    made["edited"] = _quiz_in_work(by_type, office.id)
    made |= _staff(by_type, author.id)
    made |= _pupils()
    return made


def _account(role: str) -> Account:
    return session.scalars(select(Account).where(Account.username == _players()[role]["username"])).one()


def _players() -> dict[str, dict[str, str]]:
    """Return who can sign in to the demo, by role."""
    return dict(json.loads((config.load().instance / "demo.json").read_text()))


def _bank(unit_id: int, by: int) -> dict[str, int]:
    """Bring in questions; return type -> a question of it that the author may change."""
    drafts = [spot_quiz.draft(pointing) for pointing in Pointing]
    drafts += [
        QuestionDraft(key.title(), key, body, Texts({"vi": vi, "en": en}), id_number=f"mau-{key}") for key, (body, vi, en) in TEXTS.items()
    ]
    drafts += [replace(each, id_number=f"gaps-{number}") for number, each in enumerate(moodle.read(GAPS.read_bytes(), "vi").drafts)]
    drafts += gift.read(TWINS.encode(), "vi").drafts
    # Those that the demo has for everybody, as copies of the author's own.
    seen = {each.type for each in drafts}
    for version in session.scalars(select(QuestionVersion).order_by(QuestionVersion.id)).all():
        if version.type not in seen:
            seen.add(version.type)
            drafts.append(replace(reading.draft_of(version), id_number=f"cua-so-{version.type}"))
    prepared = [drafting.prepare(each, question_types.get(each.type)) for each in drafts]
    wrong = [str(problem.message) for each in prepared if not each.is_usable for problem in each.problems]
    assert wrong == []
    stored = storing.store(
        [each.draft for each in prepared], unit_id=unit_id, into=("Ngân hàng của Sở", "An toàn thông tin"), account_id=by
    )
    by_type: dict[str, int] = {}
    for each, draft_ in zip(stored, drafts, strict=True):
        by_type.setdefault(draft_.type, each.question_id)
    return by_type


def _changes(by_type: dict[str, int], unit_id: int, by: int) -> dict[str, Any]:
    """A second version, a file looked at and one brought in, and a change of many questions."""
    question = session.get_one(Question, by_type["single_choice"])
    old = reading.latest(question.id)
    texts = old.texts | {"vi": old.texts["vi"] | {"stem": old.texts["vi"]["stem"] + "<p>Chọn một ý.</p>"}}
    changed = replace(reading.draft_of(old), texts=Texts(texts))
    editing.revise(question.id, changed, category_id=question.category_id, state="draft", known=editing.seal(question, old), by=by)
    brought = []
    for name in ("tin-gia.gift", "tin-gia-2.gift"):
        data = BROUGHT.replace("mang-ve", name.partition(".")[0]).encode()
        plan = importing.preview(gift.read(data, "vi"), format_key="gift", language="vi", unit_id=unit_id, into=("Mang về",))
        brought.append(importing.keep(plan, unit_id=unit_id, file_name=name, data=data, by=by))
    importing.apply(brought[1], by=by)
    change = changing.plan(sorted(by_type.values()), Change("tag", "học kỳ 1"), unit_id=unit_id, by=by)
    return {
        "versions": question.id,
        "category": question.category_id,
        "planned": brought[0].id,
        "applied": brought[1].id,
        "change": change.id,
    }


def _quiz_in_work(by_type: dict[str, int], unit_id: int) -> int:
    """A quiz that the author may still change: two sections, three pages, a draw."""
    version = authoring.import_draft(draft(activity("bai-1"), quiz_activity(), slug="dang-soan"))
    version.course.owner_unit_id = unit_id
    quiz = quiz_of(version)
    sections = [QuizSection(quiz_id=quiz.id, number=1, headings={"vi": "Khởi động", "en": "Warming up"})]
    sections.append(QuizSection(quiz_id=quiz.id, number=2, headings={"vi": "Tình huống", "en": "Cases"}, shuffle=True))
    session.add_all(sections)
    session.flush()
    for slot in quiz.slots:
        slot.section_id, slot.page = sections[0].id, 1 if slot.number < 3 else 2
    category = session.get_one(Question, by_type["ordering"]).category_id
    more: list[dict[str, Any]] = [{"question_id": by_type[key]} for key in ("message_inspection", "hot_spot", "essay")]
    more.append({"draw": Draw(category, tags=("mật khẩu",)).write()})
    for number, each in enumerate(more, start=5):
        session.add(Slot(quiz_id=quiz.id, number=number, page=3, section_id=sections[1].id, max_mark=2.0, **each))
    return quiz.id


def _staff(by_type: dict[str, int], by: int) -> dict[str, Any]:
    """A quiz that the teachers of a school handed in: some texts are marked, some wait; an answer of it was wrong."""
    quiz = quiz_of(authoring.import_draft(draft(quiz_activity(), slug="tap-huan")))
    session.add(Slot(quiz_id=quiz.id, number=5, page=5, question_id=by_type["essay"], max_mark=4.0))
    session.flush()
    publish(quiz)
    done = [_hand_in(person, quiz, number) for number, person in enumerate(_teachers())]
    texts = [
        session.scalars(select(Response).where(Response.attempt_id == each.id).order_by(Response.slot.desc())).first() for each in done
    ]
    essay, *others = [each for each in texts if each]
    for number, each in enumerate(others[: len(others) - WAITING]):
        levels = {"c1": "a3" if number % 3 else "a2", "c2": "b2" if number % 2 else "b1"}
        points = (2.0 if number % 3 else 1.0) + (2.0 if number % 2 else 0.0)
        by_hand.give(each.id, HandMark(points, "Nên nói rõ đã báo cho ai.", levels), known=each.sequence, by=by)
    old = reading.latest(session.scalars(select(Slot.question_id).where(Slot.quiz_id == quiz.id).order_by(Slot.number)).first() or 0)
    body = deepcopy(old.body)
    for choice in body["choices"][:2]:
        choice["fraction"] = 1.0 - choice["fraction"]
    session.add(
        QuestionVersion(
            question_id=old.question_id,
            number=old.number + 1,
            type=old.type,
            name=old.name,
            body=body,
            texts=old.texts,
            state="ready",
            content_hash="mended",
            search_key=old.search_key,
            created_at=clock.now(),
        )
    )
    session.flush()
    regrade = regrading.plan(quiz, attempt_ids=[each.id for each in done], by=by)
    regrading.run({"regrade_id": regrade.id})
    session.add(
        Override(
            quiz_id=quiz.id, person_id=done[1].enrolment.person_id, changes={"attempts_allowed": 3}, reason="Ốm", recorded_at=clock.now()
        )
    )
    told = {"results": quiz.id, "attempt": done[0].id, "essay": essay.id, "essay_question": by_type["essay"], "regrade": regrade.id}
    return told | _way_back(quiz, done[:4], by) | _revoked(by)


def _way_back(quiz: Quiz, some: list[Attempt], by: int) -> dict[str, int]:
    """A regrade in effect, and the way back from it, worked out."""
    regrade = regrading.plan(quiz, attempt_ids=[each.id for each in some], by=by)
    regrading.run({"regrade_id": regrade.id})
    regrading.apply(regrade, reason="Đáp án ghi sai", by=by)
    regrading.run({"regrade_id": regrade.id})
    back = regrading.plan_back(regrade, by=by)
    regrading.run({"regrade_id": back.id})
    return {"in_effect": regrade.id, "back": back.id}


def _revoked(by: int) -> dict[str, int]:
    """A pass of a teacher that was taken back, and news of such for somebody who can sign in."""
    persons = [each.id for each in _teachers()]
    one = session.scalars(select(Qualification).where(Qualification.person_id.in_(persons)).order_by(Qualification.id)).first()
    assert one
    revoking.revoke(one, reason="Có người khác làm bài kiểm tra thay, đã xác minh với tổ chuyên môn ngày 12/11.", by=by)
    said = {
        "programme_title": {"vi": "Bồi dưỡng an ninh mạng", "en": "Cyber-security training"},
        "reason": "Đã xác minh lại.",
        "audience": "staff",
    }
    for kind in ("pass_revoked", "pass_restored"):
        outbox.add(_account("administrator").id, kind, channel="page", dedupe_key=f"busy:{kind}", **said)
    return {"revoked": one.id, "revoked_person": one.person_id}


def _teachers() -> list[Person]:
    """Teachers of the school of the demo's players, none of whom finds anything changed."""
    school = _players()["head_teacher"]["url"].rpartition("/")[2]
    players = select(Account.person_id).where(Account.username.in_([each["username"] for each in _players().values()]))
    here = select(Post.person_id).join(Unit, Unit.id == Post.unit_id).where(Unit.code == school, Post.position_code == "teacher")
    here = here.where(Post.person_id.not_in(players))
    return list(session.scalars(select(Person).where(Person.id.in_(here)).order_by(Person.id).limit(TEACHERS)))


def _hand_in(person: Person, quiz: Quiz, number: int) -> Attempt:
    """The more able answer more questions rightly."""
    attempt = attempts.start(enrol(person, quiz), quiz)
    for response in session.scalars(select(Response).where(Response.attempt_id == attempt.id).order_by(Response.slot)).all():
        seat = queries.seat(attempt.id, response.slot)
        name = session.get_one(QuestionVersion, response.question_version_id).name
        assert seat
        given: Any = {
            "text": "Một tin nhắn báo trúng thưởng có đường dẫn lạ. Tôi không mở, chụp lại và báo ban giám hiệu cùng công an phường."
        }
        if name.startswith("q"):
            which = int(name[1:]) - 1
            given = (RIGHT if (number * 5 + which * 3) % 14 > which * 2 + 2 else WRONG)[which]
        saving.save(seat, given, known=seat.sequence)
    sitting = queries.sitting(attempt.id)
    assert sitting
    attempts.finish(sitting)
    return attempt


def _pupils() -> dict[str, int]:
    """Quizzes of a class: one on paper and on the screen just now, one that is over."""
    own = session.get_one(SchoolClass, session.scalars(select(Place.class_id).where(Place.person_id == _account("pupil").person_id)).one())
    room = session.scalars(select(SchoolClass).where(SchoolClass.unit_id == own.unit_id, SchoolClass.grade != own.grade)).first()
    assert room
    pupil_id, by = session.scalars(select(Place.person_id).where(Place.class_id == room.id)).first(), _account("administrator").id
    quiz, other = (_for_pupils(slug, room.grade) for slug in ("tren-lop", "da-xong"))
    paper = papers.prepare(quiz, variants=2, language="vi", by=by)
    run, over = (running.begin(each, room, by=by) for each in (quiz, other))
    running.count(run, 1, {"a": 21, "b": 6, "c": 3})
    running.finish(over, [pupil_id or 0], [], by=by)
    return {"class": room.id, "pupils": quiz.id, "paper": paper.id, "run": run.id, "over": over.id}


def _for_pupils(slug: str, grade: int) -> Quiz:
    course = draft("bai-1", quiz_activity(), slug=slug, audience="pupils", grades=(grade,))
    return quiz_of(authoring.publish(authoring.import_draft(course)))


if __name__ == "__main__":
    main()
