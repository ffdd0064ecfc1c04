"""A small course of nothing but messages to inspect, for tests."""

from pathlib import Path

from lms.quizzes import builtin_messages
from tests.browser.site import Site

_COURSE = """
slug: {slug}
code: TN
title: {{vi: "Xem tin nhắn", en: "Inspect messages"}}
summary: {{vi: "Thử.", en: "Trial."}}
audience: {audience}
as_of: 2026-11-23
languages: [vi, en]
sections:
  - key: s
    title: {{vi: "Phần", en: "Part"}}
    activities:
      - {{key: quiz, kind: quiz, minutes: 10, file: questions, title: {{vi: "Thử tài", en: "Try"}}, quiz: {{shuffle_answers: false}}}}
"""


def bring(site: Site, folder: Path, *, slug: str, audience: str = "staff", words: tuple[str, ...] = ()) -> str:
    """Import the course of all our messages; return its slug.  ``words`` go to the command: "--draft" for one that is not finished."""
    site.lms("courses", "import", *words, str(write_course(folder, slug=slug, audience=audience)))
    return slug


def write_course(folder: Path, *, slug: str, audience: str = "staff") -> Path:
    """Write the folder of the course."""
    folder.mkdir(parents=True)
    (folder / "course.yaml").write_text(_COURSE.format(slug=slug, audience=audience))
    for language in ("vi", "en"):
        texts = [path.read_text() for path in sorted(builtin_messages.FOLDER.glob(f"*.{language}.message"))]
        (folder / f"questions.{language}.message").write_text("\n====\n".join(texts))
    return folder
