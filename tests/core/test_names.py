"""Vietnamese names: parts, order, finding without tone marks."""

import unicodedata

import pytest

from lms.core import names


@pytest.mark.parametrize(
    ("full", "family", "given"),
    [("Nguyễn Thị Thu Hường", "Nguyễn Thị Thu", "Hường"), ("  Lê   An ", "Lê", "An"), ("Hường", "", "Hường"), ("", "", "")],
)
def test_a_name_is_split_at_its_last_space(full: str, family: str, given: str):
    assert names.split(full) == names.Name(family, given)


def test_split_and_composed_letters_are_one_name():
    assert names.split(unicodedata.normalize("NFD", "Đỗ Khánh Chi")) == names.split("Đỗ Khánh Chi")


def test_lists_are_sorted_by_given_name_then_family_name():
    people = ["Trần Ánh", "Lê An", "Bùi An", "Phạm Ân", "Đỗ Đức", "Vũ Dũng", "Lý Ăn"]

    in_order = sorted(people, key=lambda full: names.sort_key(*names.split(full).full.rsplit(" ", 1)))

    assert in_order == ["Bùi An", "Lê An", "Trần Ánh", "Lý Ăn", "Phạm Ân", "Vũ Dũng", "Đỗ Đức"]


def test_tones_follow_their_order_and_count_only_second():
    words = ["lạ", "lá", "lã", "lả", "là", "la", "lan"]

    assert sorted(words, key=lambda word: names.sort_key("", word)) == ["la", "là", "lả", "lã", "lá", "lạ", "lan"]


def test_a_shorter_word_comes_before_a_longer_one():
    assert names.sort_key("", "An") < names.sort_key("", "An An") < names.sort_key("", "Ánh")


@pytest.mark.parametrize(("text", "folded"), [("Nguyễn Thị Đào", "nguyen thi dao"), ("ĐẶNG  Ngọc", "dang ngoc"), ("Mã GV", "ma gv")])
def test_folding_drops_tone_marks_and_case(text: str, folded: str):
    assert names.fold(text) == folded


@pytest.mark.parametrize(
    "typed", ["Nguyễn\u200b An", "\ufeffNguyễn An", "Nguyễn \u202eAn", "Nguyễn\u00a0An", "Nguyễn\tAn\x00", "Nguyễn \u200e An\ud800"]
)
def test_what_nobody_sees_is_no_part_of_a_name(typed):
    assert names.clean(typed) == "Nguyễn An"
