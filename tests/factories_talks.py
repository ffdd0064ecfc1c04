"""make_...: a course with a survey and a discussion."""

from dataclasses import replace
from typing import Any

from lms.courses import outline
from lms.courses.drafts import ActivityDraft
from lms.courses.models import Version
from lms.courses.steps import Step
from lms.discussions import writing
from lms.discussions.models import Contribution
from tests.factories_courses import activity, make_enrolment, make_version

SURVEY: dict[str, Any] = {
    "items": [
        {"key": "useful", "kind": "scale", "text": {"vi": "Khóa học có ích không?", "en": "Was the course useful?"}},
        {
            "key": "where",
            "kind": "choice",
            "text": {"vi": "Thầy cô học ở đâu?", "en": "Where did you learn?"},
            "options": [
                {"key": "o1", "text": {"vi": "Ở trường", "en": "At school"}},
                {"key": "o2", "text": {"vi": "Ở nhà", "en": "At home"}},
            ],
        },
        {
            "key": "topics",
            "kind": "choices",
            "text": {"vi": "Cần thêm về điều gì?", "en": "What do you need more of?"},
            "options": [{"key": "law", "text": {"vi": "Luật", "en": "Law"}}, {"key": "fraud", "text": {"vi": "Lừa đảo", "en": "Fraud"}}],
        },
        {"key": "words", "kind": "words", "text": {"vi": "Điều gì nên đổi?", "en": "What should change?"}},
    ]
}
DISCUSSION: dict[str, Any] = {"prompt": {"vi": "Lớp thầy cô xử lý tin giả thế nào?", "en": "How does your class deal with false news?"}}


def survey(key: str = "survey", items: list[dict[str, Any]] | None = None) -> ActivityDraft:
    """An activity that asks SURVEY, or other items."""
    return replace(activity(key, "survey"), settings={"items": items} if items is not None else SURVEY)


def discussion(key: str = "discussion", **more: Any) -> ActivityDraft:
    return replace(activity(key, "discussion"), settings=DISCUSSION | more)


def make_talks(*activities: ActivityDraft, slug: str = "trao-doi", **more: Any) -> Version:
    """A published course with a survey and a discussion unless other activities are named."""
    return make_version(*(activities or (survey(), discussion())), slug=slug, **more)


def step(version: Version, key: str) -> Step:
    return outline.outline(version.id).by_key[key]


def make_contribution(person_id: int, version: Version, text: str = "Lớp tôi kiểm tra hai nguồn.", **more: Any) -> Contribution:
    """Something that a person wrote in the discussion of a course."""
    return writing.write(make_enrolment(person_id, version).id, step(version, "discussion"), text, **more)
