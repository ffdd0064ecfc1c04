"""What is written and read again is the same, in both formats."""

from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as some

from lms.interop.gift import reader as gift_reader
from lms.interop.gift import writer as gift_writer
from lms.interop.moodle_xml import reader as xml_reader
from lms.interop.moodle_xml import writer as xml_writer
from lms.interop.question_files import Category, Fractions
from lms.quizzes.content import QuestionDraft, TextFormat
from tests.interop.drafts import ALPHABET, QUIET, TEXT, drafts

GIFT, XML = (gift_reader, gift_writer), (xml_reader, xml_writer)
both = pytest.mark.parametrize(("reader", "writer"), [GIFT, XML], ids=["gift", "xml"])


def carried_by_gift(draft: QuestionDraft) -> bool:
    """A description has no braces in GIFT, and with them no place for a feedback."""
    return draft.type != "description" or "feedback" not in draft.texts.by_language["vi"]


@both
def test_any_question_is_the_same_after_writing_and_reading(reader: ModuleType, writer: ModuleType):
    carried = drafts().filter(carried_by_gift) if writer is gift_writer else drafts()

    @QUIET
    @given(some.lists(carried, max_size=3))
    def same(questions: list[QuestionDraft]) -> None:
        written = writer.write(questions)
        again = reader.read(written.data)
        assert list(again.drafts) == questions
        assert [str(problem.message) for problem in (*again.problems, *written.problems)] == []

    same()


@both
def test_categories_keep_their_order_and_in_xml_their_description(reader: ModuleType, writer: ModuleType):
    @QUIET
    @given(some.lists(some.sampled_from(["a", "Ảnh / video", "b c"]), min_size=1, max_size=3), TEXT)
    def same(names: list[str], info: str) -> None:
        categories = [
            Category(tuple(names), info, TextFormat.MARKDOWN if info else TextFormat.HTML, "id-1"),
            Category((*names, "dưới")),
        ]
        written = writer.write([], categories)
        again = reader.read(written.data).categories
        if writer is xml_writer:
            assert list(again) == categories
        assert [each.path for each in again] == [each.path for each in categories]

    same()


@both
def test_no_text_breaks_a_reader(reader: ModuleType, writer: ModuleType):
    pieces = some.sampled_from(["{", "}", "=", "~", "#", "::", "####", "->", "%50%", "[html]", "\n", "\n\n", "// [id:1]", "$CATEGORY: a"])
    markup = some.sampled_from(["<quiz>", "</quiz>", "<question type='multichoice'>", "</question>", "<answer fraction='x'>", "</answer>"])

    @QUIET
    @given(some.lists(pieces | markup | ALPHABET, max_size=40).map("".join))
    def survives(text: str) -> None:
        result = reader.read(text, fractions=Fractions.NEAREST)
        written = writer.write(result.drafts, result.categories)
        again = reader.read(written.data, fractions=Fractions.NEAREST)
        assert len(again.drafts) == len(result.drafts) - sum(problem.severity == "error" for problem in written.problems)

    survives()


@both
def test_no_bytes_break_a_reader(reader: ModuleType, writer: ModuleType):
    @QUIET
    @given(some.binary(max_size=60))
    def survives(data: bytes) -> None:
        reader.read(data)

    survives()
