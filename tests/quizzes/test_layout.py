"""Rearranging the list of a quiz."""

from hypothesis import given
from hypothesis import strategies as st

from lms.quizzes.editing import layout
from lms.quizzes.editing.layout import PAGE_BREAK, Element, Kind, Placed


def slot(number: int) -> Element:
    return Element(Kind.SLOT, number)


def section(number: int) -> Element:
    return Element(Kind.SECTION, number)


@st.composite
def lists(draw: st.DrawFn) -> list[Element]:
    elements = [slot(each) for each in range(1, draw(st.integers(0, 6)) + 1)]
    elements += [section(each) for each in range(1, draw(st.integers(0, 3)) + 1)]
    elements += [PAGE_BREAK] * draw(st.integers(0, 4))
    return draw(st.permutations(elements))


@given(lists())
def test_what_is_kept_of_a_list_gives_the_list_again(elements: list[Element]) -> None:
    placed = layout.placed(elements)
    sections = [each.id for each in elements if each.kind is Kind.SECTION]

    again = layout.of(placed, sections)

    assert layout.placed(again) == placed
    assert [each for each in again if each.kind is Kind.SLOT] == [each for each in elements if each.kind is Kind.SLOT]
    assert sorted(each.id for each in again if each.kind is Kind.SECTION) == sorted(sections)


@given(lists())
def test_numbers_and_pages_have_no_gaps_and_a_section_is_one_piece_on_pages_of_its_own(elements: list[Element]) -> None:
    placed = layout.placed(elements)

    assert [each.number for each in placed] == list(range(1, len(placed) + 1))
    pages = [each.page for each in placed]
    assert pages == sorted(pages)
    assert sorted(set(pages)) == list(range(1, len(set(pages)) + 1))
    order = [each.section_id for each in placed]
    assert order == sorted(order, key=order.index)
    assert all(len({each.section_id for each in placed if each.page == page}) == 1 for page in pages)


@given(lists(), st.integers(-1, 12), st.sampled_from([-1, 1]))
def test_moving_loses_nothing_and_moving_back_is_as_before(elements: list[Element], place: int, by: int) -> None:
    moved = layout.moved(elements, place, by)

    assert sorted(map(str, moved)) == sorted(map(str, elements))
    if 0 <= place < len(elements) and 0 <= place + by < len(elements):
        assert layout.moved(moved, place + by, -by) == elements
    else:
        assert moved == elements


@given(lists(), st.integers(0, 4))
def test_so_many_questions_stand_on_a_page_at_most(elements: list[Element], each: int) -> None:
    placed = layout.placed(layout.paged(elements, each))

    on_pages = [sum(one.page == page for one in placed) for page in {one.page for one in placed}]
    assert max(on_pages, default=0) <= (each or len(placed))


def test_the_words_of_a_page_are_read_and_nonsense_is_not() -> None:
    assert layout.read(["section-1", "slot-4", "break"]) == [section(1), slot(4), PAGE_BREAK]
    assert [layout.read([word]) for word in ("slot", "slot-", "slot-x", "break-1", "slot--1", "slot-99999999999", "")] == [None] * 7


def test_a_page_break_beside_a_heading_or_at_an_end_breaks_nothing() -> None:
    assert layout.tidy([PAGE_BREAK, slot(1), PAGE_BREAK, PAGE_BREAK, slot(2), PAGE_BREAK, section(1), PAGE_BREAK, slot(3), PAGE_BREAK]) == [
        slot(1),
        PAGE_BREAK,
        slot(2),
        section(1),
        slot(3),
    ]
    assert layout.placed([slot(1), section(5), slot(2)]) == [Placed(1, 1, 1, None), Placed(2, 2, 2, 5)]
