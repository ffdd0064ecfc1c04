"""The courses of the demo: the built-in ones, and the training on paper of the years before."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from lms.core.db import session
from lms.courses import authoring, catalogue
from lms.courses.drafts import ActivityDraft, CourseDraft, SectionDraft, TextFile
from lms.courses.models import Version
from lms.programmes import amending, builtin
from lms.programmes.models import Programme
from lms.quizzes import builtin_messages

LAW_IN_FORCE = date(2026, 7, 1)
PAPER_MONTHS = 24
_PAPER_TEXT = {
    "vi": "---\nlead: Buổi tập huấn trực tiếp trước khi có khóa trực tuyến.\n---\n\n## Nội dung\n\nBiên bản và danh sách ký tên lưu tại trường.\n",
    "en": "---\nlead: A meeting in person, before there was an online course.\n---\n\n## What it was\n\nMinutes and the signed list are kept at the school.\n",
}


@dataclass(frozen=True)
class Courses:
    """The published versions that the demo's people learn from."""

    paper: Version
    staff: Version
    pupils: Version
    programme: Programme


def publish() -> Courses:
    """Publish the courses and set up the programmes; until the law was in force, paper training counted."""
    versions = {draft.slug: authoring.publish(authoring.import_draft(draft)) for draft in map(catalogue.load, catalogue.built_in())}
    paper = authoring.publish(authoring.import_draft(_paper()))
    builtin.ensure()
    builtin_messages.ensure()
    programme = session.scalars(select(Programme).where(Programme.slug == builtin.STAFF)).one()
    rule = programme.rules[0]
    rule.course_id = paper.course_id
    amending.succeed(rule, course_id=versions["cb1"].course_id, from_day=LAW_IN_FORCE, valid_months=rule.valid_months)
    return Courses(paper, versions["cb1"], versions["hs3"], programme)


def _paper() -> CourseDraft:
    texts = {language: TextFile(f"tap-huan.{language}.md", text) for language, text in _PAPER_TEXT.items()}
    meeting = ActivityDraft(
        key="meeting", kind="page", minutes=180, title={"vi": "Buổi tập huấn trực tiếp", "en": "Training in person"}, texts=texts
    )
    return CourseDraft(
        slug="tap-huan-truc-tiep",
        code="TH25",
        title={"vi": "Tập huấn trực tiếp về an toàn mạng", "en": "Training in person on online safety"},
        summary={"vi": "Các buổi tập huấn có danh sách ký tên, ghi nhận lại.", "en": "Meetings with a signed list, recognised later."},
        audience="staff",
        as_of=date(2025, 9, 1),
        sections=(SectionDraft("s1", {"vi": "Buổi học", "en": "Meeting"}, (meeting,)),),
        periods=4,
        valid_months=PAPER_MONTHS,
        languages=("vi", "en"),
    )
