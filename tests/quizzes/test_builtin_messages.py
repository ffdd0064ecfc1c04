"""The messages that come with the program: complete in both languages, invented, and worth the full mark when answered right."""

import re
from collections import Counter

import pytest
from sqlalchemy import func, select

from lms.core.db import session
from lms.courses import law
from lms.quizzes import builtin_messages
from lms.quizzes.bank.storing import Fate
from lms.quizzes.message_text import reading, writing
from lms.quizzes.models.bank import Question
from lms.quizzes.types.message_inspection import MessageInspection

DRAFTS, PROBLEMS = builtin_messages.load()
KIND = MessageInspection()
each_message = pytest.mark.parametrize("draft", DRAFTS, ids=[draft.id_number for draft in DRAFTS])
_HOST = re.compile(r"\b(?:[a-z0-9-]+\.)+[a-z]{2,}\b")
_FILES = {"docm", "docx", "xlsx", "exe", "pdf", "jpg", "apk"}


def test_there_are_thirteen_and_some_of_them_are_genuine():
    genuine = [draft.id_number for draft in DRAFTS if not any(part.sign for part in draft.body.parts)]

    assert PROBLEMS == []
    assert len(DRAFTS) == 13
    assert genuine == ["msg-delivery-genuine", "msg-school-notice"]
    assert Counter(draft.body.kind for draft in DRAFTS) == {"sms": 3, "chat": 5, "web": 2, "email": 3}


@each_message
def test_a_message_has_signs_and_harmless_parts_and_explains_each_in_both_languages(draft):
    signs = [part.key for part in draft.body.parts if part.sign]
    harmless = [part.key for part in draft.body.parts if not part.sign]
    explained = [*signs, *harmless, *(decision.key for decision in draft.body.decisions)]

    assert draft.texts.languages == ("vi", "en")
    assert not signs or 3 <= len(signs) <= 6
    assert 1 <= len(harmless) <= 5
    assert 3 <= len(draft.body.decisions) <= 4
    assert [key for key in explained if not all(draft.texts.in_all(f"{key}.feedback"))] == []


@each_message
def test_answered_right_it_earns_everything_and_marking_everything_earns_less(draft):
    right = KIND.right_answer(draft.body)
    everything = right | {"marks": sorted(part.key for part in draft.body.parts)}

    assert KIND.grade(draft.body, KIND.clean(draft.body, right)).fraction == 1.0
    assert KIND.grade(draft.body, everything).fraction < 1.0


@each_message
def test_every_address_in_it_is_one_that_nobody_can_own(draft):
    texts = [text for of_one in draft.texts.by_language.values() for text in of_one.values()]
    hosts = {host for text in texts for host in _HOST.findall(re.sub(r"<[^>]*>|\[\[\w+\]\]|[\w.-]+@", " ", text).lower())}

    assert [host for host in sorted(hosts) if not host.endswith(".example") and host.rpartition(".")[2] not in _FILES] == []


@each_message
def test_the_articles_that_it_names_are_in_the_register(draft):
    for tag in draft.tags:
        if tag.startswith("law "):
            law.register().reference(tag.removeprefix("law "))


@pytest.mark.parametrize("path", sorted(builtin_messages.FOLDER.glob("*.message")), ids=lambda path: path.name)
def test_each_file_is_the_same_after_writing_and_reading(path):
    language = path.suffixes[-2][1:]
    drafts, problems = reading.read(path.read_text(), language)

    assert problems == []
    assert reading.read(writing.write_all(drafts, language), language) == (drafts, [])


def test_they_come_into_the_shared_bank_once(database):
    first = builtin_messages.ensure()
    again = builtin_messages.ensure()

    assert {each.fate for each in first} == {Fate.NEW}
    assert {each.fate for each in again} == {Fate.UNCHANGED}
    assert session.scalar(select(func.count(Question.id)).where(Question.id.in_([each.question_id for each in first]))) == 13
