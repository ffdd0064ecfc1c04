"""Answering quizzes as people do, with the right answers looked up in the site's database."""

import json
import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from typing import Any

from playwright.sync_api import Page, expect

from lms.quizzes.types.cloze import Cloze
from lms.quizzes.types.drag_words import DragWords
from lms.quizzes.types.gap_select import GapSelect
from lms.quizzes.types.kind import QuestionType
from lms.quizzes.types.matching import Matching
from lms.quizzes.types.message_inspection import MessageInspection
from lms.quizzes.types.multiple_choice import MultipleChoice
from lms.quizzes.types.numerical import Numerical
from lms.quizzes.types.short_answer import ShortAnswer
from lms.quizzes.types.single_choice import SingleChoice
from lms.quizzes.types.true_false import TrueFalse
from tests.browser.site import Site

TYPES: dict[str, QuestionType[Any]] = {
    each.key: each
    for each in (
        *(SingleChoice(), MultipleChoice(), TrueFalse(), ShortAnswer(), Numerical(), Matching()),
        *(Cloze(), GapSelect(), DragWords(), MessageInspection()),
    )
}
Answer = Mapping[str, Any]
SAVED = re.compile(r"^(Đã lưu|Saved) \d\d:\d\d$")


def rows(site: Site, statement: str, *values: object) -> list[tuple[Any, ...]]:
    """Ask the database of the site, reading only."""
    database = sqlite3.connect(f"file:{site.instance / 'antoanso.sqlite'}?mode=ro", uri=True)
    try:
        return database.execute(statement, values).fetchall()
    finally:
        database.close()


@contextmanager
def behind_its_back(site: Site) -> Iterator[sqlite3.Connection]:
    """Change the site's database as no program of ours can: what guards what is published steps aside, for this transaction."""
    with closing(sqlite3.connect(site.instance / "antoanso.sqlite", timeout=30, isolation_level=None)) as database:
        database.execute("BEGIN IMMEDIATE")
        guards = database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _sql in guards:
            database.execute(f"DROP TRIGGER {name}")
        yield database
        for _name, sql in guards:
            database.execute(sql)
        database.execute("COMMIT")


def right_answers(site: Site, attempt_id: int) -> dict[int, Answer]:
    """Return slot -> right answer of an attempt."""
    asked = rows(
        site,
        "SELECT response.slot, version.type, version.body FROM quizzes_response AS response"
        " JOIN quizzes_question_version AS version ON version.id = response.question_version_id WHERE response.attempt_id = ?",
        attempt_id,
    )
    return {slot: TYPES[kind].right_answer(TYPES[kind].read_body(json.loads(body))) for slot, kind, body in asked}


def one_of_each_type(site: Site, attempt_id: int) -> dict[str, int]:
    """Return type -> the first slot of an attempt that has a question of it."""
    asked = rows(
        site,
        "SELECT version.type, min(response.slot) FROM quizzes_response AS response"
        " JOIN quizzes_question_version AS version ON version.id = response.question_version_id WHERE response.attempt_id = ? GROUP BY version.type",
        attempt_id,
    )
    return dict(asked)


def saved_answers(site: Site, attempt_id: int) -> dict[int, Answer]:
    """Return slot -> the answer that is in the database."""
    found = rows(site, "SELECT slot, answer FROM quizzes_response WHERE attempt_id = ? AND answer IS NOT NULL", attempt_id)
    return {slot: answer for slot, text in found if (answer := json.loads(text))}


def give(page: Page, answer: Answer) -> None:
    """Fill in the question that is open, by keyboard."""
    for name, value in answer.items():
        if name == "pairs":
            for pair, chosen in value.items():
                page.select_option(f'[name$="-pairs.{pair}"]', chosen)
        elif name == "text":
            page.fill('[name$="-text"]', value)
            # Typing is saved a moment after the last key, leaving the field at once.
            page.press('[name$="-text"]', "Tab")
        else:
            for chosen in [value] if isinstance(value, str) else value:
                page.press(f'[name$="-{name}"][value="{chosen}"]', "Space")


def expect_saved(page: Page) -> None:
    """The page must say "Đã lưu 10:32"."""
    expect(page.locator("[data-saved]")).to_have_attribute("data-state", "saved")
    expect(page.locator("[data-saved-text]")).to_have_text(SAVED)


def attempt_of(page: Page) -> int:
    """Return the attempt whose question is open."""
    return int(page.get_attribute("form[data-attempt]", "data-attempt") or 0)


def take(site: Site, page: Page) -> None:
    """Answer every question rightly, from the first to the page before handing in."""
    answers = right_answers(site, attempt_of(page))
    for slot in sorted(answers):
        give(page, answers[slot])
        expect_saved(page)
        page.click("form[data-autosave] button.btn-main")
        page.wait_for_url(f"**/{slot + 1}" if slot < len(answers) else "**/summary")
