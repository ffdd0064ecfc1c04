"""What a survey asks and what is kept of an answer (pure)."""

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.surveys import items
from lms.surveys.items import WrongItemsError
from tests.factories_talks import SURVEY


def test_what_is_read_is_written_again() -> None:
    assert items.written(items.read(SURVEY)) == SURVEY


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"more": 1}, "more"),
        ({"items": "x"}, "30"),
        ({"items": [{"key": "a", "kind": "essay", "text": {"vi": "x"}}]}, "kind"),
        ({"items": [{"key": "a", "kind": "scale", "text": {}}]}, "1"),
        ({"items": [{"key": "a", "kind": "scale", "text": {"vi": " "}}]}, "1"),
        ({"items": [{"key": "Á", "kind": "scale", "text": {"vi": "x"}}]}, "1"),
        ({"items": [{"key": "a", "kind": "choice", "text": {"vi": "x"}, "options": [{"key": "o", "text": {"vi": "x"}}]}]}, "2"),
        ({"items": [{"key": "a", "kind": "scale", "text": {"vi": "x"}, "options": [1]}]}, "1"),
        ({"items": [{"key": "a", "kind": "scale", "text": {"vi": "x"}}] * 2}, "riêng"),
        ({"items": [{"key": "a", "kind": "scale", "text": {"vi": "x"}, "owner": 1}]}, "1"),
    ],
)
def test_what_cannot_be_asked_is_told(change: dict[str, Any], said: str) -> None:
    with pytest.raises(WrongItemsError, match=said):
        items.read(SURVEY | change)


def test_only_what_was_offered_is_kept() -> None:
    asked = items.read(SURVEY)
    sent = {"useful": ["6", "4"], "where": ["o9"], "topics": ["fraud", "x", "law"], "words": ["  Ngắn\n hơn. "], "other": ["1"]}

    assert items.accepted(asked, sent) == {"useful": "4", "topics": ["law", "fraud"], "words": "Ngắn hơn."}
    assert items.accepted(asked, {"words": ["  "]}) == {}


@given(st.dictionaries(st.sampled_from(["useful", "where", "topics", "words", "x"]), st.lists(st.text(max_size=5), max_size=4)))
def test_an_answer_that_is_kept_is_counted(sent: dict[str, list[str]]) -> None:
    asked = items.read(SURVEY)
    kept = items.accepted(asked, sent)

    for tally in items.tallies(asked, [kept, {}]):
        assert tally.answered == (1 if tally.item.key in kept else 0)
        assert sum(tally.counts.values()) + len(tally.words) >= tally.answered


def test_what_is_no_longer_asked_is_not_counted() -> None:
    asked = items.read(SURVEY)
    answers = [{"useful": "5", "gone": "1"}, {"useful": "5", "where": "o7"}, {"topics": ["law", "gone"]}]
    useful, where, topics, words = items.tallies(asked, answers)

    assert (useful.answered, useful.counts["5"]) == (2, 2)
    assert (where.answered, dict(where.counts)) == (1, {"o1": 0, "o2": 0})
    assert (topics.answered, dict(topics.counts)) == (1, {"law": 1, "fraud": 0})
    assert (words.answered, words.words) == (0, ())
    assert deepcopy(SURVEY) == SURVEY
