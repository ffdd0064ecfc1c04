"""Puts two questions with a picture into the quiz of a draft of a course, and publishes it: python -m tests.spot_quiz SLUG, on the site of the environment."""

import sys
from io import BytesIO

from PIL import Image, ImageDraw
from sqlalchemy import func, select

from lms.app import create_app
from lms.core import db
from lms.core.db import session
from lms.courses.models import Activity, Course, Version
from lms.quizzes import drafting
from lms.quizzes.bank import storing
from lms.quizzes.bodies.spots import HotSpotBody, Outline, Pointing, Spot
from lms.quizzes.content import QuestionDraft, Texts
from lms.quizzes.models.quiz import Quiz, Slot
from lms.quizzes.types.hot_spot import HotSpot
from tests.factories_quizzes import publish

WIDTH, HEIGHT = 600, 360
SPOTS = (
    Spot("host", Outline.RECTANGLE, (90.0, 18.0, 330.0, 52.0)),
    Spot("code", Outline.RECTANGLE, (60.0, 190.0, 300.0, 232.0)),
    Spot("pay", Outline.POLYGON, (60.0, 260.0, 260.0, 260.0, 280.0, 283.0, 260.0, 306.0, 60.0, 306.0)),
    Spot("seal", Outline.CIRCLE, (500.0, 250.0, 46.0), right=False),
)
WORDS = {
    "vi": {
        "stem": "Trên trang này, những chỗ nào đáng nghi?",
        "alt": "Một trang web trong trình duyệt: thanh địa chỉ, một ô nhập mã, một nút bấm và một con dấu tròn.",
        "host": "Địa chỉ trang",
        "code": "Ô nhập mã OTP",
        "pay": "Nút trả tiền",
        "seal": "Con dấu tròn",
    },
    "en": {
        "stem": "Which places of this page are suspicious?",
        "alt": "A web page in a browser: the address bar, a field for a code, a button, and a round seal.",
        "host": "Address of the page",
        "code": "Field for the OTP code",
        "pay": "Button to pay",
        "seal": "Round seal",
    },
}


def picture() -> bytes:
    """Return a drawn page; nothing of it is real."""
    image = Image.new("RGB", (WIDTH, HEIGHT), "#ffffff")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, WIDTH, 70), fill="#e8ecec")
    draw.rounded_rectangle((80, 14, 580, 56), 20, fill="#ffffff", outline="#78827f", width=2)
    draw.text((96, 26), "http://ma-qua-tang.example", fill="#17252a", font_size=18)
    draw.text((60, 96), "Nhan qua tang", fill="#17252a", font_size=34)
    draw.rectangle((60, 190, 300, 232), outline="#78827f", width=2)
    draw.text((70, 200), "Ma OTP", fill="#78827f", font_size=18)
    draw.polygon([(60, 260), (260, 260), (280, 283), (260, 306), (60, 306)], fill="#0b5a5e")
    draw.text((80, 272), "Tra 10.000 d", fill="#ffffff", font_size=18)
    draw.ellipse((454, 204, 546, 296), outline="#a11d22", width=5)
    data = BytesIO()
    image.save(data, "PNG")
    return data.getvalue()


def draft(pointing: Pointing = Pointing.FREE) -> QuestionDraft:
    """Return the question, as a file of questions would bring it."""
    by_language = {}
    for language, words in WORDS.items():
        texts = {key: text for key, text in words.items() if key != "alt"}
        by_language[language] = texts | {
            "picture": f'<img src="@@PLUGINFILE@@/page.png" alt="{words["alt"]}" width="{WIDTH}" height="{HEIGHT}">'
        }
        by_language[language] |= {f"{spot.key}.feedback": f"({words[spot.key]})" for spot in SPOTS}
    body = HotSpotBody(WIDTH, HEIGHT, SPOTS, pointing=pointing, most_marks=5, shuffle=False)
    return QuestionDraft(
        "Trang quà tặng", "hot_spot", body, Texts(by_language), files={"page.png": picture()}, id_number=f"spot-{pointing}"
    )


def main() -> None:
    """Put both into the quiz, behind what is there, and publish its course."""
    with create_app().app_context(), db.transaction():
        quiz = session.scalars(
            select(Quiz)
            .join(Activity, Activity.id == Quiz.activity_id)
            .join(Version, Version.id == Activity.version_id)
            .join(Course, Course.id == Version.course_id)
            .where(Course.slug == sys.argv[1])
        ).one()
        prepared = [drafting.prepare(draft(pointing), HotSpot()) for pointing in Pointing]
        assert all(each.is_usable for each in prepared), [str(problem.message) for each in prepared for problem in each.problems]
        last = session.scalar(select(func.max(Slot.number)).where(Slot.quiz_id == quiz.id)) or 0
        for number, stored in enumerate(storing.store([each.draft for each in prepared], unit_id=None, into=("spots",)), start=last + 1):
            session.add(
                Slot(
                    quiz_id=quiz.id, number=number, page=number, question_id=stored.question_id, version_number=stored.number, max_mark=1.0
                )
            )
        session.flush()
        publish(quiz)


if __name__ == "__main__":
    main()
